//! Tap to answer over real sockets and a real disk: time, processor time, and how many; in the same
//! run what limits them from both sides.

mod report;

use clap::Args;

use self::report::Measured;
use crate::child::Child;
use crate::error::BenchError;
use crate::load::Remote;
use crate::machine;
use crate::results::{self, Common};
use crate::stage::{Size, Stage, program};
use crate::tally::Load;

/// How to measure taps.
#[derive(Args, Clone, Debug)]
pub(crate) struct Options {
    #[command(flatten)]
    common: Common,
    /// Runs of each; the median is reported, and the spread.
    #[arg(long, default_value_t = 5)]
    runs: u32,
    /// Seconds of each load.
    #[arg(long, default_value_t = 10)]
    seconds: u64,
    /// Members who tap, on each of 16 events.
    #[arg(long, default_value_t = 1_000)]
    members: u64,
}

/// What is measured.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Target {
    Muster,
    MusterOverTls,
    Answerer,
    Commits,
    Rows,
}

impl Target {
    const ALL: [Self; 5] =
        [Self::Muster, Self::MusterOverTls, Self::Answerer, Self::Commits, Self::Rows];

    const fn name(self) -> &'static str {
        match self {
            Self::Muster => "Muster",
            Self::MusterOverTls => "Muster over TLS",
            Self::Answerer => "answers without storing",
            Self::Commits => "stores without Discord",
            Self::Rows => "the same rows, bare",
        }
    }
}

fn loads(seconds: u64) -> [Load; 4] {
    [
        Load::Rate(100, seconds),
        Load::Rate(1_000, seconds),
        Load::InFlight(64, seconds),
        Load::InFlight(512, seconds),
    ]
}

pub(crate) fn measure(options: &Options) -> Result<(), BenchError> {
    let mut measured = Measured::default();
    for _ in 0..options.runs {
        for target in Target::ALL {
            one_run(options, target, &mut measured)?;
        }
        measured.close_run();
    }
    results::write(&options.common.results, "taps", &measured.text(options))
}

fn one_run(options: &Options, target: Target, measured: &mut Measured) -> Result<(), BenchError> {
    let tls = target == Target::MusterOverTls;
    let stage = Stage::set(&options.common.folder, Size { tls, ..Size::of(1, options.members) })?;
    let (mut remote, child) = start(options, target, &stage)?;
    let process = child.as_ref().map_or_else(|| remote.process(), Child::process);
    remote.run(Load::InFlight(64, 1))?;
    for (index, load) in loads(options.seconds).into_iter().enumerate() {
        let before = machine::cpu_seconds(process)?;
        let report = remote.run(load)?;
        measured.add(target, index, &report, machine::cpu_seconds(process)? - before);
    }
    if let Some(child) = child {
        child.end()?;
        results::show_log(&stage.logged()?);
    }
    Ok(())
}

/// What takes the loads, and the process to be measured if that is another.
fn start(
    options: &Options,
    target: Target,
    stage: &Stage,
) -> Result<(Remote, Option<Child>), BenchError> {
    match target {
        Target::Commits => return Ok((stage.commits()?, None)),
        Target::Rows => return Ok((stage.rows()?, None)),
        Target::Muster | Target::MusterOverTls | Target::Answerer => {}
    }
    let (mut discord, address) = stage.discord()?;
    let child = match target {
        Target::Muster | Target::MusterOverTls => {
            stage.muster(&program(options.common.program.as_deref())?, &address)?
        }
        Target::Answerer | Target::Commits | Target::Rows => stage.answerer(&address)?,
    };
    discord.line()?;
    Ok((discord, Some(child)))
}
