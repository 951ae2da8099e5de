//! What a clean-up gives back of what the caches had taken, as the kernel sees it.

use std::time::Duration;

use clap::Args;

use crate::child::Child;
use crate::dashboard::Dashboard;
use crate::error::BenchError;
use crate::figures::{Series, float, grouped, table};
use crate::results::{self, Common};
use crate::stage::{Size, Stage, program};
use crate::tally::Load;
use crate::{clock, machine};

/// What is aimed at, in percent.
const AIM: f64 = 60.0;

const MIB: f64 = 1_048_576.0;

/// How to measure it.
#[derive(Args, Clone, Debug)]
pub(crate) struct Options {
    #[command(flatten)]
    common: Common,
    /// Runs; the median is reported, and the spread.
    #[arg(long, default_value_t = 3)]
    runs: u32,
    /// Events that are tapped in turn: more than `CACHE_MAX_SIZE`.
    #[arg(long, default_value_t = 600)]
    events: u64,
    /// Members who have answered each of them.
    #[arg(long, default_value_t = 200)]
    members: u64,
    /// Seconds of load that fill the caches.
    #[arg(long, default_value_t = 20)]
    seconds: u64,
}

/// Of all runs, in MiB and percent.
#[derive(Default)]
struct Rows {
    before: Series,
    full: Series,
    after: Series,
    entries: Series,
    cached: Series,
    share: Series,
}

pub(crate) fn measure(options: &Options) -> Result<(), BenchError> {
    let mut rows = Rows::default();
    for _ in 0..options.runs {
        one_run(options, &mut rows)?;
    }
    results::write(&options.common.results, "cleanup", &text(options, &rows))
}

fn one_run(options: &Options, rows: &mut Rows) -> Result<(), BenchError> {
    let size = Size { events: options.events, ..Size::of(1, options.members) };
    let stage = Stage::set(&options.common.folder, size)?;
    let (mut discord, address) = stage.discord()?;
    let dashboard = Dashboard::free()?;
    let program = program(options.common.program.as_deref())?;
    let command = machine::on(machine::Core::Measured, &program);
    let mut command = stage.muster_command(command, &address);
    command.env("HTTP_ADDR", dashboard.address()).env("ENABLE_MEMORY_OPTIMIZATION", "false");
    let muster = stage.start(command)?;
    discord.line()?;
    dashboard.wait()?;
    // What the first taps and the first page need is no cache's.
    discord.run(Load::Count(8))?;
    dashboard.figures()?;
    dashboard.clean_up()?;
    clock::pause(Duration::from_secs(31));
    let before = resident(&muster)?;
    discord.run(Load::InFlight(64, options.seconds))?;
    let figures = dashboard.figures()?;
    let full = resident(&muster)?;
    dashboard.clean_up()?;
    let after = resident(&muster)?;
    rows.before.push(before);
    rows.full.push(full);
    rows.after.push(after);
    rows.entries.push(figures.sum("muster_cache_entries"));
    rows.cached.push(figures.sum("muster_cache_size_bytes") / MIB);
    rows.share.push((full - after) / (full - before).max(0.1) * 100.0);
    muster.end()?;
    results::show_log(&stage.logged()?);
    Ok(())
}

fn resident(muster: &Child) -> Result<f64, BenchError> {
    Ok(float(machine::memory_kib(muster.process())?.0) / 1_024.0)
}

fn text(options: &Options, rows: &Rows) -> String {
    let Options { runs, events, members, seconds, .. } = options;
    let cells = vec![
        rows.before.spread(1),
        rows.full.spread(1),
        rows.after.spread(1),
        rows.entries.spread(0),
        rows.cached.spread(1),
        rows.share.spread(0),
    ];
    let judged = if rows.share.median() >= AIM { "is reached" } else { "is NOT reached" };
    format!(
        "## Clean-up\n\n`VmRSS` in MiB: after the start and a clean-up, after {seconds} s of taps \
         on {events} events of {members} members, and right after the clean-up that the operator \
         asks for. What was taken is what the taps added to the resident set, pages of the database \
         and all buffers among it; beside it what the cache counts of its own. The aim, {} % of what \
         was taken, {judged}. Median of {runs} runs (lowest–highest).\n\n{}",
        grouped(AIM, 0),
        table(
            &["before", "caches full", "cleaned up", "entries", "in the cache", "given back, %"],
            &[cells],
        ),
    )
}
