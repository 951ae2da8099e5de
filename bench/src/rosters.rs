//! What a tap costs as rosters grow: nobody pays for those who answered before.

use std::path::Path;

use clap::Args;
use rusqlite::{Connection, OpenFlags};

use crate::error::{BenchError, other};
use crate::figures::{Series, float, grouped, table};
use crate::machine;
use crate::results::{self, Common};
use crate::stage::{Size, Stage, program};
use crate::tally::Load;
use crate::world::Habit;

/// Members who have answered, on each of 16 events.
const SIZES: [u64; 4] = [10, 100, 1_000, 5_000];

/// Places of an event with a line. Half of those who answered come; of a small event fewer places
/// are taken, so that small and large ones have a line and do the same work.
const PLACES: u64 = 100;

/// How many times of a tap on the smallest roster one on the largest may cost.
const AIM: f64 = 3.0;

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

/// Whether there is a limit.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Room {
    ForAll,
    WithLine,
}

impl Room {
    const ALL: [Self; 2] = [Self::ForAll, Self::WithLine];

    fn habit(self, members: u64) -> Habit {
        match self {
            Self::ForAll => Habit::AnyOption,
            Self::WithLine => Habit::ComeAndGo(places(members)),
        }
    }
}

/// A quarter of those who answered, and so half of those who come, at most [`PLACES`].
fn places(members: u64) -> u32 {
    u32::try_from((members / 4).clamp(1, PLACES)).unwrap_or(u32::MAX)
}

/// What taps on rosters of one size cost, in milliseconds.
#[derive(Default)]
struct Line {
    cpu: Series,
    p50: Series,
    p99: Series,
    /// Members who moved up from the line, of 100 taps.
    promoted: Series,
}

/// Of all sizes, and how many times of the smallest the largest costs.
#[derive(Default)]
struct Rosters {
    lines: [Line; 4],
    growth: Series,
}

pub(crate) fn measure(options: &Options) -> Result<(), BenchError> {
    let mut rosters = Room::ALL.map(|_| Rosters::default());
    for _ in 0..options.runs {
        for (room, rosters) in Room::ALL.into_iter().zip(&mut rosters) {
            let mut costs = Vec::new();
            for (line, members) in rosters.lines.iter_mut().zip(SIZES) {
                costs.push(one_run(options, (room, members), line)?);
            }
            if let (Some(small), Some(large)) = (costs.first(), costs.last()) {
                rosters.growth.push(large / small);
            }
        }
    }
    results::write(&options.common.results, "rosters", &text(options, &rosters))
}

/// Returns the processor time of a tap in milliseconds.
fn one_run(
    options: &Options,
    (room, members): (Room, u64),
    line: &mut Line,
) -> Result<f64, BenchError> {
    let size = Size { habit: room.habit(members), ..Size::of(1, members) };
    let stage = Stage::set(&options.common.folder, size)?;
    let (mut discord, address) = stage.discord()?;
    let muster = stage.muster(&program(options.common.program.as_deref())?, &address)?;
    discord.line()?;
    discord.run(Load::InFlight(64, 1))?;
    let promoted_before = promoted(&stage.database())?;
    let before = machine::cpu_seconds(muster.process())?;
    let report = discord.run(Load::InFlight(64, options.seconds))?;
    let cpu_seconds = machine::cpu_seconds(muster.process())? - before;
    let promoted = promoted(&stage.database())? - promoted_before;
    muster.end()?;
    results::show_log(&stage.logged()?);
    if report.wrong > 0 || report.answered == 0 {
        return Err(other(&format!("{} taps on {members} members went wrong", report.wrong)));
    }
    if (promoted > 0) != (room == Room::WithLine) {
        return Err(other(&format!("{promoted} of {members} members moved up from the line")));
    }
    let cpu_ms = cpu_seconds * 1_000.0 / float(report.answered);
    let [p50_ms, p99_ms, _] = report.ms;
    line.cpu.push(cpu_ms);
    line.p50.push(p50_ms);
    line.p99.push(p99_ms);
    line.promoted.push(float(promoted) * 100.0 / float(report.answered));
    Ok(cpu_ms)
}

/// How often somebody moved up from the line so far.
fn promoted(database: &Path) -> Result<u64, BenchError> {
    const SQL: &str = "SELECT count(*) FROM signup_log WHERE way = 'promoted'";
    let db = Connection::open_with_flags(database, OpenFlags::SQLITE_OPEN_READ_ONLY)?;
    Ok(db.query_row(SQL, [], |row| row.get::<_, i64>(0))?.unsigned_abs())
}

fn text(options: &Options, [for_all, with_line]: &[Rosters; 2]) -> String {
    let cells = |line: &Line, members: u64| {
        vec![grouped(float(members), 0), line.cpu.spread(4), line.p50.spread(2), line.p99.spread(2)]
    };
    let free: Vec<_> =
        for_all.lines.iter().zip(SIZES).map(|(line, members)| cells(line, members)).collect();
    let full = with_line.lines.iter().zip(SIZES).map(|(line, members)| {
        let mut cells = cells(line, members);
        cells.insert(1, places(members).to_string());
        cells.push(line.promoted.spread(1));
        cells
    });
    format!(
        "## Taps as rosters grow\n\nEvery tap changes an answer, is committed and synced, and is \
         answered with the new post; 64 in flight for {} s on 16 events of which each has so many \
         answers already. Median of {} runs (lowest–highest).\n\n{}\n{}\n\n\
         ### With {PLACES} places and a line\n\nThe same on events with a limit. Half of those who \
         answered come, the others do not, and each tap changes that: whoever leaves has a place, \
         which the first in line gets, who is stored, logged and told as well; whoever comes goes \
         to the end of the line. A small event would have no line with {PLACES} places, so it has \
         a quarter of the answers. Moved up is what the log of answers says.\n\n{}\n{}\n",
        options.seconds,
        options.runs,
        table(&["answers", "CPU ms per tap", "p50 ms", "p99 ms"], &free),
        judged(&for_all.growth),
        table(
            &["answers", "places", "CPU ms per tap", "p50 ms", "p99 ms", "moved up, of 100 taps"],
            &full.collect::<Vec<_>>(),
        ),
        judged(&with_line.growth),
    )
}

fn judged(growth: &Series) -> String {
    let word = if growth.median() <= AIM { "kept" } else { "NOT kept" };
    format!(
        "From 10 answers to 5,000 the processor time of a tap grows to {} times of it, compared \
         within each run; the aim is at most {AIM}: {word}.",
        growth.spread(2),
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_size_has_a_line_and_the_large_ones_have_all_places() {
        assert_eq!(SIZES.map(places), [2, 25, 100, 100]);
        for members in SIZES {
            assert!(u64::from(places(members)) < members / 2, "{members}");
        }
        assert_eq!(places(1), 1);
    }

    #[test]
    fn growth_beyond_the_aim_is_said_to_be() {
        let mut growth = Series::default();
        growth.push(3.0);
        assert!(judged(&growth).ends_with(
            "grows to 3.00 times of it, compared within each run; \
            the aim is at most 3: kept."
        ));
        growth.push(3.1);
        assert!(judged(&growth).ends_with("the aim is at most 3: NOT kept."));
    }
}
