//! Writes the tables into files, and RESULTS.md of all that there are.

use std::fs;
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::Command;

use clap::Args;

use crate::error::{BenchError, io, other};
use crate::interrupt::Undoes;
use crate::{machine, revision};

/// The tables in the order of reading.
const PARTS: [&str; 14] = [
    "footprint",
    "taps",
    "rosters",
    "burst",
    "reminders",
    "start",
    "idle",
    "instructions",
    "guide",
    "box",
    "pressure",
    "cleanup",
    "overhead",
    "crashes",
];

/// Parts that are one long run, whose length is their worth.
const ONE_RUN: [&str; 3] = ["box", "pressure", "crashes"];

/// What stands above the tables.
const PREFACE: &str = "# What Muster takes\n\n\
Written by `cargo run --release -p muster-bench -- all`, after \
`cargo build --release -p muster`; each part also by its own name instead of `all`. A stand-in for \
Discord runs in a process of its own and speaks HTTP/1.1 and compressed WebSocket over loopback, \
with Discord's sizes; where limits and what was taken matter, it is the simulated Discord of \
`crates/sim` instead. The database is a real file and every commit is synced.\n\n\
`guide` takes half an hour: for each of three runs of three settings a minute and a half, and ten \
minutes of a bad day; `guide --runs 1 --seconds 20 --fault-seconds 180` takes eight minutes, and \
`guide --short` two. `box` takes twelve minutes, `box --short` three; for the box itself it has to be \
root on Linux, with `mkfs.ext4`, loop devices and control groups, and it says what it had to go \
without. `crashes` takes half an hour; `crashes --rounds 10 --deliveries 300` is a short one. The \
others take one to ten minutes each.\n";

/// How to measure everything.
#[derive(Args, Clone, Debug)]
pub(crate) struct Options {
    #[command(flatten)]
    common: Common,
    /// Runs of each measurement; otherwise each has its own number.
    #[arg(long)]
    runs: Option<u32>,
}

/// What all measurements take.
#[derive(Args, Clone, Debug)]
pub(crate) struct Common {
    /// The program; otherwise the one beside this.
    #[arg(long)]
    pub(crate) program: Option<PathBuf>,
    /// The folder for the databases: its disk is part of what is measured.
    #[arg(long, default_value = ".")]
    pub(crate) folder: PathBuf,
    /// Where the tables go.
    #[arg(long, default_value = "bench")]
    pub(crate) results: PathBuf,
}

/// Takes one measurement after the other, each in a process of its own.
pub(crate) fn measure_all(options: &Options) -> Result<(), BenchError> {
    let this = std::env::current_exe().map_err(io("this program"))?;
    for part in PARTS {
        if part == "instructions" && Command::new("valgrind").arg("--version").output().is_err() {
            continue;
        }
        let mut command = Command::new(&this);
        let Common { program, folder, results } = &options.common;
        command.arg(part).arg("--folder").arg(folder).arg("--results").arg(results);
        if let Some(program) = program {
            command.arg("--program").arg(program);
        }
        if let Some(runs) = options.runs.filter(|_| !ONE_RUN.contains(&part)) {
            command.args(["--runs", &runs.to_string()]);
        }
        let mut running = command.spawn().map_err(io("a measurement"))?;
        let _undoes = Undoes::by_asking(running.id());
        if !running.wait().map_err(io("a measurement"))?.success() {
            return Err(other(&format!("{part} could not be measured")));
        }
    }
    Ok(())
}

/// Writes one table into `results/<part>.md`, shows it, and puts RESULTS.md together anew.
pub(crate) fn write(folder: &Path, part: &str, text: &str) -> Result<(), BenchError> {
    let parts = folder.join("results");
    fs::create_dir_all(&parts).map_err(io("the results"))?;
    let text = format!(
        "{text}\nOn {}. {} {} {}\n",
        machine::describe(),
        machine::apart_in_words(),
        machine::load_in_words(),
        revision::describe()
    );
    fs::write(parts.join(format!("{part}.md")), &text).map_err(io("the results"))?;
    say(&text);
    let mut all = PREFACE.to_owned();
    for part in PARTS {
        if let Ok(text) = fs::read_to_string(parts.join(format!("{part}.md"))) {
            all.extend(["\n", text.as_str()]);
        }
    }
    fs::write(folder.join("RESULTS.md"), all).map_err(io("the results"))
}

/// Shows what the program logged, if anything: in a good run it has nothing to say.
pub(crate) fn show_log(log: &str) {
    for line in log.lines().filter(|line| !line.starts_with("==")).take(10) {
        say(&format!("logged: {line}\n"));
    }
}

/// Shows a line of what is going on, or a table.
pub(crate) fn say(text: &str) {
    // Whoever shut standard output still has the files.
    drop(std::io::stdout().write_all(text.as_bytes()));
}
