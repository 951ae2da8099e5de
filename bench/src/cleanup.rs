//! What a clean-up gives back of what the caches had taken, as the kernel sees it.

use std::time::Duration;

use clap::Args;

use crate::child::Child;
use crate::dashboard::{Dashboard, Figures};
use crate::error::BenchError;
use crate::figures::{Series, float, grouped, table};
use crate::results::{self, Common};
use crate::stage::{Size, Stage, program};
use crate::tally::Load;
use crate::{clock, machine};

/// What is aimed at, in percent.
const AIM: f64 = 60.0;

const MIB: f64 = 1_048_576.0;

/// A little more than the 30 s in which a second clean-up is refused.
const COOL_DOWN: Duration = Duration::from_secs(31);

/// Clean-ups before the load at most.
const CLEAN_UPS_MAX: u32 = 5;

/// By how many MiB the resident set may differ after two clean-ups to count as stable.
const STABLE_MIB: f64 = 0.5;

/// What SQLite counts of its own, which the clean-up lets go of beside the cache.
const PAGES: &str = "muster_reclaimer_holds_bytes{reclaimer=\"database pages and statements\"}";

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
    /// What cache and database pages count as taken since the baseline.
    taken: Series,
    /// Given back, of what they count and of what the resident set grew by.
    of_taken: Series,
    of_growth: Series,
    /// Clean-ups before the load, and runs in which they were too few.
    clean_ups: Series,
    unstable: u32,
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
    let baseline = baseline(dashboard, &muster)?;
    let before = baseline.resident;
    let held_before = held(&dashboard.figures()?);
    discord.run(Load::InFlight(64, options.seconds))?;
    let figures = dashboard.figures()?;
    let full = resident(&muster)?;
    dashboard.clean_up()?;
    let after = resident(&muster)?;
    rows.before.push(before);
    rows.full.push(full);
    rows.after.push(after);
    rows.entries.push(figures.sum("muster_cache_entries"));
    let taken = held(&figures) - held_before;
    rows.taken.push(taken);
    rows.of_taken.push(share(full - after, taken));
    rows.of_growth.push(share(full - after, full - before));
    rows.clean_ups.push(f64::from(baseline.clean_ups));
    rows.unstable += u32::from(!baseline.is_stable);
    muster.end()?;
    results::show_log(&stage.logged()?);
    Ok(())
}

/// What there is before the load.
struct Baseline {
    resident: f64,
    clean_ups: u32,
    is_stable: bool,
}

/// Cleans up until that changes nothing any more: what the start left behind is no cache's, and
/// goes at the first time, or the second.
fn baseline(dashboard: Dashboard, muster: &Child) -> Result<Baseline, BenchError> {
    let mut seen = Vec::new();
    loop {
        dashboard.clean_up()?;
        clock::pause(COOL_DOWN);
        let resident = resident(muster)?;
        seen.push(resident);
        let clean_ups = u32::try_from(seen.len()).unwrap_or(u32::MAX);
        let is_stable = is_stable(&seen);
        if is_stable || clean_ups >= CLEAN_UPS_MAX {
            return Ok(Baseline { resident, clean_ups, is_stable });
        }
    }
}

/// Whether the last two are alike.
fn is_stable(seen: &[f64]) -> bool {
    let mut latest = seen.iter().rev();
    let (last, one_before) = (latest.next(), latest.next());
    last.zip(one_before).is_some_and(|(last, before)| (last - before).abs() <= STABLE_MIB)
}

/// What the caches count as theirs, in MiB: the bot's own, and SQLite's.
fn held(figures: &Figures) -> f64 {
    (figures.sum("muster_cache_size_bytes") + figures.of(PAGES)) / MIB
}

/// In percent; of next to nothing it would say nothing.
fn share(part: f64, whole: f64) -> f64 {
    part / whole.max(0.1) * 100.0
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
        rows.taken.spread(1),
        rows.of_taken.spread(0),
        rows.of_growth.spread(0),
    ];
    let judged = if rows.of_taken.median() >= AIM { "is reached" } else { "is NOT reached" };
    let stable = match rows.unstable {
        0 => "it was stable each time".to_owned(),
        times => format!("in {times} of them it was NOT stable even then"),
    };
    format!(
        "## Clean-up\n\n`VmRSS` in MiB: after the start and clean-ups 31 s apart until two of them \
         leave it within {STABLE_MIB} MiB, at most {CLEAN_UPS_MAX} ({clean_ups} were made, and \
         {stable}); after {seconds} s of taps on {events} events of {members} members; and right \
         after the clean-up that the operator asks for. What was taken is what the caches count as \
         theirs beyond what they held before the load: the bot's own cache, and pages and \
         statements of the database. What was given back is what the resident set fell by. It is \
         shown of what was taken, and beside it of what the taps added to the resident set; either \
         is more than 100 % where more goes back than that, such as buffers of the load and of the \
         start. The aim, {} % of what the caches count as taken, {judged}. Median of {runs} runs \
         (lowest–highest).\n\n{}",
        grouped(AIM, 0),
        table(
            &[
                "before",
                "caches full",
                "cleaned up",
                "entries",
                "taken by the caches' count",
                "given back, % of that",
                "given back, % of what was added",
            ],
            &[cells],
        ),
        clean_ups = rows.clean_ups.spread(0),
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_baseline_is_stable_once_a_clean_up_changes_nothing() {
        assert!(!is_stable(&[]) && !is_stable(&[32.3]));
        assert!(!is_stable(&[32.3, 24.0]) && !is_stable(&[24.0, 24.0, 32.3]));
        assert!(is_stable(&[32.3, 24.0, 23.6]));
    }

    #[test]
    fn a_share_of_next_to_nothing_is_not_infinite() {
        assert!((share(6.0, 12.0) - 50.0).abs() < 1e-9);
        assert!(share(6.0, 0.0).is_finite());
    }
}
