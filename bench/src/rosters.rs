//! What a tap costs as rosters grow: nobody pays for those who answered before.

use clap::Args;

use crate::error::{BenchError, other};
use crate::figures::{Series, float, grouped, table};
use crate::machine;
use crate::results::{self, Common};
use crate::stage::{Size, Stage, program};
use crate::tally::Load;

/// Members who have answered, on each of 16 events.
const SIZES: [u64; 4] = [10, 100, 1_000, 5_000];

/// How to measure rosters.
#[derive(Args, Clone, Debug)]
pub(crate) struct Options {
    #[command(flatten)]
    common: Common,
    /// Runs of each; the median is reported, and the spread.
    #[arg(long, default_value_t = 3)]
    runs: u32,
    /// Seconds of each load.
    #[arg(long, default_value_t = 5)]
    seconds: u64,
}

/// What taps on rosters of one size cost, in milliseconds.
#[derive(Default)]
struct Line {
    cpu: Series,
    p50: Series,
    p99: Series,
}

pub(crate) fn measure(options: &Options) -> Result<(), BenchError> {
    let mut lines: [Line; 4] = Default::default();
    let mut growth = Series::default();
    for _ in 0..options.runs {
        let mut costs = Vec::new();
        for (line, members) in lines.iter_mut().zip(SIZES) {
            costs.push(one_run(options, members, line)?);
        }
        if let (Some(small), Some(large)) = (costs.first(), costs.last()) {
            growth.push(large / small);
        }
    }
    results::write(&options.common.results, "rosters", &text(options, &lines, &growth))
}

/// Returns the processor time of a tap in milliseconds.
fn one_run(options: &Options, members: u64, line: &mut Line) -> Result<f64, BenchError> {
    let size = Size::of(1, members);
    let stage = Stage::set(&options.common.folder, size)?;
    let (mut discord, address) = stage.discord()?;
    let muster = stage.muster(&program(options.common.program.as_deref())?, &address)?;
    discord.line()?;
    discord.run(Load::InFlight(64, 1))?;
    let before = machine::cpu_seconds(muster.process())?;
    let report = discord.run(Load::InFlight(64, options.seconds))?;
    let cpu_seconds = machine::cpu_seconds(muster.process())? - before;
    muster.end()?;
    results::show_log(&stage.logged()?);
    if report.wrong > 0 || report.answered == 0 {
        return Err(other(&format!("{} taps on {members} members went wrong", report.wrong)));
    }
    let cpu_ms = cpu_seconds * 1_000.0 / float(report.answered);
    let [p50_ms, p99_ms, _] = report.ms;
    line.cpu.push(cpu_ms);
    line.p50.push(p50_ms);
    line.p99.push(p99_ms);
    Ok(cpu_ms)
}

fn text(options: &Options, lines: &[Line; 4], growth: &Series) -> String {
    let row = |(line, members): (&Line, u64)| {
        vec![grouped(float(members), 0), line.cpu.spread(4), line.p50.spread(2), line.p99.spread(2)]
    };
    let rows: Vec<_> = lines.iter().zip(SIZES).map(row).collect();
    format!(
        "## Taps as rosters grow\n\nEvery tap changes an answer, is committed and synced, and is \
         answered with the new post; 64 in flight for {} s on 16 events of which each has so many \
         answers already. Median of {} runs (lowest–highest).\n\n{}\n\
         From 10 answers to 5,000 the processor time of a tap grows to {} times of it, compared \
         within each run; the aim is at most 3.\n",
        options.seconds,
        options.runs,
        table(&["answers", "CPU ms per tap", "p50 ms", "p99 ms"], &rows),
        growth.spread(2),
    )
}
