//! Resident set of the real program, idle and after load, with few and many guilds.

use std::time::Duration;

use clap::Args;

use crate::error::BenchError;
use crate::figures::{Series, float, grouped, table};
use crate::results::{self, Common};
use crate::stage::{Size, Stage, program};
use crate::tally::Load;
use crate::{clock, machine};

/// Members who have answered each event.
const MEMBERS: u64 = 1_000;

/// What is aimed at, in MiB, by the number of guilds.
const AIMS: [(u64, u64); 3] = [(1, 8), (1_000, 10), (2_499, 12)];

/// How to measure the resident set.
#[derive(Args, Clone, Debug)]
pub(crate) struct Options {
    #[command(flatten)]
    common: Common,
    /// Runs of each; the median is reported, and the spread.
    #[arg(long, default_value_t = 3)]
    runs: u32,
    /// Seconds after READY at which it is read while idle.
    #[arg(long, default_value_t = 30)]
    idle: u64,
    /// Seconds of load after that; it is read again right after them.
    #[arg(long, default_value_t = 60)]
    load: u64,
    /// Taps a second in that time.
    #[arg(long, default_value_t = 200)]
    rate: u64,
}

/// Resident and proportional set in MiB, idle and after the load.
#[derive(Default)]
struct Row {
    idle: [Series; 2],
    loaded: [Series; 2],
    wrong: u64,
}

pub(crate) fn measure(options: &Options) -> Result<(), BenchError> {
    let mut rows = Vec::new();
    for (guilds, aim) in AIMS {
        for tls in [false, true] {
            let mut row = Row::default();
            for _ in 0..options.runs {
                one_run(options, Size { tls, ..Size::of(guilds, MEMBERS) }, &mut row)?;
            }
            rows.push(cells(guilds, tls, aim, &row));
        }
    }
    let Options { idle, load, rate, runs, .. } = options;
    let head = [
        "guilds",
        "TLS",
        "idle",
        "idle, proportional",
        "after load",
        "after load, proportional",
        "aim",
    ];
    let text = format!(
        "## Resident set of `muster run`\n\n\
         In MiB, `VmRSS`, and `Pss` beside it; {idle} s after READY, then after {load} s of {rate} \
         taps a second on 16 events of {MEMBERS} members. Each guild's payload has 30 channels, 15 \
         roles and 60 members. Median of {runs} runs (lowest–highest).\n\n{}",
        table(&head, &rows)
    );
    results::write(&options.common.results, "footprint", &text)
}

fn one_run(options: &Options, size: Size, row: &mut Row) -> Result<(), BenchError> {
    let stage = Stage::set(&options.common.folder, size)?;
    let (mut discord, address) = stage.discord()?;
    let muster = stage.muster(&program(options.common.program.as_deref())?, &address)?;
    discord.line()?;
    clock::pause(Duration::from_secs(options.idle));
    read(muster.process(), &mut row.idle)?;
    if options.load > 0 {
        let report = discord.run(Load::Rate(options.rate, options.load))?;
        row.wrong += report.wrong;
        read(muster.process(), &mut row.loaded)?;
    }
    muster.end()?;
    results::show_log(&stage.logged()?);
    Ok(())
}

fn read(process: u32, [resident, proportional]: &mut [Series; 2]) -> Result<(), BenchError> {
    let (rss, pss) = machine::memory_kib(process)?;
    resident.push(float(rss) / 1_024.0);
    proportional.push(float(pss) / 1_024.0);
    Ok(())
}

fn cells(guilds: u64, tls: bool, aim: u64, row: &Row) -> Vec<String> {
    let mut cells = vec![grouped(float(guilds), 0), if tls { "yes" } else { "no" }.to_owned()];
    cells.extend([&row.idle, &row.loaded].into_iter().flatten().map(|series| series.spread(1)));
    if row.wrong > 0 {
        cells.push(format!("{aim}; {} wrong answers", row.wrong));
    } else {
        cells.push(aim.to_string());
    }
    cells
}
