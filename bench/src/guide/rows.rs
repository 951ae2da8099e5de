//! One run with one set of settings: start, idleness, a day of taps, full load.

use std::time::Duration;

use super::Options;
use crate::clock;
use crate::error::BenchError;
use crate::figures::{Series, float, table};
use crate::load::Remote;
use crate::machine::{self, Core};
use crate::metrics::{self, Metrics};
use crate::results;
use crate::stage::{Stage, program};
use crate::tally::{Load, Report};
use crate::watch::{Subject, Watch};

/// How often the bot is asked for its figures.
const SCRAPE: Duration = Duration::from_secs(5);

/// What is set in all runs: the limiter counts every tap and refuses none.
pub(super) const IN_ALL: (&str, &str) = ("RATE_LIMIT_TAPS", "1000/1s");

/// Which settings.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Setting {
    Before,
    After,
    Off,
}

impl Setting {
    pub(super) const ALL: [Self; 3] = [Self::Before, Self::After, Self::Off];

    pub(super) const fn name(self) -> &'static str {
        match self {
            Self::Before => "before",
            Self::After => "after",
            Self::Off => "off",
        }
    }

    /// What differs from the defaults. The guide's bot had no optimiser of memory before, closed no
    /// connection and forgot nobody within a day.
    pub(super) const fn variables(self) -> &'static [(&'static str, &'static str)] {
        match self {
            Self::Before => &[
                ("CACHE_MAX_SIZE", "1000"),
                ("CACHE_CLEANUP_INTERVAL", "30m"),
                ("DB_MAX_CONNECTIONS", "10"),
                ("DB_IDLE_TIMEOUT", "1d"),
                ("DB_STATEMENT_CACHE", "1000"),
                ("DB_RESULT_TTL", "1h"),
                ("ENABLE_MEMORY_OPTIMIZATION", "false"),
                ("TASK_MAX_CONCURRENT", "10"),
                ("TASK_TIMEOUT", "300s"),
                ("RATE_LIMIT_CLEANUP_INTERVAL", "5m"),
                ("RATE_LIMIT_IDLE", "24h"),
                ("RATE_LIMIT_MAX_ENTRIES", "1000000"),
            ],
            Self::After => &[],
            Self::Off => &[("ENABLE_MEMORY_OPTIMIZATION", "false"), ("CACHE_MAX_SIZE", "0")],
        }
    }
}

/// What the runs with one set of settings showed.
#[derive(Default)]
pub(super) struct Row {
    /// From the start to READY, in milliseconds.
    pub(super) start_ms: Series,
    /// Resident set in MiB: idle, after the day, and the largest there was.
    pub(super) idle_mib: Series,
    pub(super) loaded_mib: Series,
    pub(super) peak_mib: Series,
    /// Database statements in milliseconds.
    pub(super) query_mean_ms: Series,
    pub(super) query_p99_ms: Series,
    /// Tap to answer during the day, in milliseconds.
    pub(super) p50_ms: Series,
    pub(super) p99_ms: Series,
    /// Processor time of one tap during the day, in milliseconds.
    pub(super) cpu_ms: Series,
    /// Taps a second with 64 and 512 in flight.
    pub(super) throughput: Series,
    pub(super) throughput_512: Series,
    /// Looks into the cache during the day that found something, in percent: all, and rosters
    /// alone.
    pub(super) hits: Series,
    pub(super) roster_hits: Series,
    /// Entries of the cache and their KiB after the day.
    pub(super) entries: Series,
    pub(super) cache_kib: Series,
    /// Connections to the database: at first, and at most.
    pub(super) connections_first: Series,
    pub(super) connections_max: Series,
    /// Entries of the limiter at most.
    pub(super) limiter_max: Series,
    pub(super) wrong: u64,
}

impl Row {
    pub(super) fn in_short(&self) -> String {
        format!(
            "start {} ms, {} MiB idle, {} at most, p50 {} ms, {} taps/s, {} % hits",
            self.start_ms.spread(0),
            self.idle_mib.spread(1),
            self.peak_mib.spread(1),
            self.p50_ms.spread(2),
            self.throughput.spread(0),
            self.hits.spread(1),
        )
    }
}

pub(super) fn one_run(
    options: &Options,
    stage: &Stage,
    setting: Setting,
    row: &mut Row,
) -> Result<(), BenchError> {
    let stage = stage.copied(&options.common.folder)?;
    let (mut discord, discord_address) = stage.discord()?;
    let program = program(options.common.program.as_deref())?;
    let address = metrics::free_address()?;
    let set = setting.variables().iter().chain([&IN_ALL]);
    let mut variables: Vec<_> = set.map(|(name, value)| (*name, (*value).to_owned())).collect();
    variables.push(("HTTP_ADDR", address.to_string()));
    let began = clock::now();
    let muster =
        stage.muster_with(machine::on(Core::Measured, &program), &discord_address, &variables)?;
    discord.line()?;
    row.start_ms.push(began.elapsed().as_secs_f64() * 1_000.0);
    clock::pause(Duration::from_secs(options.idle));
    let process = muster.process();
    row.idle_mib.push(resident_mib(process)?);
    let first = Metrics::read(address)?;
    row.connections_first.push(first.get("muster_database_connections").unwrap_or_default());
    let backups = stage.path().join("backups");
    let watch = Watch::begin(Subject { process, address, scrape: SCRAPE, backups })?;
    // The stand-in has all guilds to tell of and all posts to prepare before its first tap.
    discord.run(Load::Count(1))?;
    let before_day = Metrics::read(address)?;
    day(options, &mut discord, process, row)?;
    let after_day = Metrics::read(address)?;
    row.loaded_mib.push(resident_mib(process)?);
    row.add_figures(&after_day);
    row.add_hits(&before_day, &after_day);
    full(options, &mut discord, row)?;
    let seen = watch.end()?;
    row.peak_mib.push(machine::peak_mib(process)?);
    let most = |name| seen.max(name).unwrap_or_default();
    row.connections_max.push(most("muster_database_connections"));
    row.limiter_max.push(most("muster_limiter_entries"));
    muster.end()?;
    results::show_log(&stage.logged()?);
    Ok(())
}

fn day(
    options: &Options,
    discord: &mut Remote,
    process: u32,
    row: &mut Row,
) -> Result<(), BenchError> {
    let before = machine::cpu_seconds(process)?;
    let Report { answered, wrong, ms: [p50, p99, _], .. } =
        discord.run(Load::Rate(options.rate, options.seconds))?;
    let spent = machine::cpu_seconds(process)? - before;
    row.cpu_ms.push(spent * 1_000.0 / float(answered.max(1)));
    row.p50_ms.push(p50);
    row.p99_ms.push(p99);
    row.wrong += wrong;
    Ok(())
}

fn full(options: &Options, discord: &mut Remote, row: &mut Row) -> Result<(), BenchError> {
    for (in_flight, series) in [(64, &mut row.throughput), (512, &mut row.throughput_512)] {
        let report = discord.run(Load::InFlight(in_flight, options.full))?;
        series.push(float(report.answered) / report.seconds);
        row.wrong += report.wrong;
    }
    Ok(())
}

fn resident_mib(process: u32) -> Result<f64, BenchError> {
    machine::memory_kib(process).map(|(resident, _)| float(resident) / 1_024.0)
}

impl Row {
    fn add_figures(&mut self, metrics: &Metrics) {
        let statements = |stat| {
            let name = format!("muster_database_statement_duration_seconds{{stat=\"{stat}\"}}");
            metrics.get(&name).unwrap_or_default() * 1_000.0
        };
        self.query_mean_ms.push(statements("mean"));
        self.query_p99_ms.push(statements("p99"));
        self.entries.push(metrics.sum("muster_cache_entries", ""));
        self.cache_kib.push(metrics.sum("muster_cache_size_bytes", "") / 1_024.0);
    }

    /// The counters run from the start on: the day's own are what they grew by.
    fn add_hits(&mut self, before: &Metrics, after: &Metrics) {
        let rate = |label| {
            let grown = |name| after.sum(name, label) - before.sum(name, label);
            let hits = grown("muster_cache_hits_total");
            let looks = hits + grown("muster_cache_misses_total");
            if looks > 0.0 { hits / looks * 100.0 } else { 0.0 }
        };
        self.hits.push(rate(""));
        self.roster_hits.push(rate("rosters"));
    }
}

/// All figures of all settings.
pub(super) fn figures(rows: &[Row; 3]) -> String {
    type Figure = (&'static str, fn(&Row) -> &Series, usize);
    let figures: [Figure; 18] = [
        ("start to READY, ms", |row| &row.start_ms, 0),
        ("resident set idle, MiB", |row| &row.idle_mib, 1),
        ("resident set after the day, MiB", |row| &row.loaded_mib, 1),
        ("resident set at most, under full load, MiB", |row| &row.peak_mib, 1),
        ("database statements, mean, ms", |row| &row.query_mean_ms, 4),
        ("database statements, p99, ms", |row| &row.query_p99_ms, 3),
        ("tap to answer, p50, ms", |row| &row.p50_ms, 2),
        ("tap to answer, p99, ms", |row| &row.p99_ms, 2),
        ("processor time of a tap, ms", |row| &row.cpu_ms, 3),
        ("taps/s, 64 in flight", |row| &row.throughput, 0),
        ("taps/s, 512 in flight", |row| &row.throughput_512, 0),
        ("cache, looks of the day with a hit, %", |row| &row.hits, 1),
        ("the same of rosters alone, %", |row| &row.roster_hits, 1),
        ("cache after the day, entries", |row| &row.entries, 0),
        ("cache after the day, KiB", |row| &row.cache_kib, 0),
        ("connections to the database at first", |row| &row.connections_first, 0),
        ("connections to the database at most", |row| &row.connections_max, 0),
        ("entries of the limiter at most", |row| &row.limiter_max, 0),
    ];
    let cells = |(name, series, digits): Figure| {
        let mut cells = vec![name.to_owned()];
        cells.extend(rows.iter().map(|row| series(row).spread(digits)));
        cells
    };
    let mut lines: Vec<_> = figures.into_iter().map(cells).collect();
    let mut wrong = vec!["wrong or missing answers".to_owned()];
    wrong.extend(rows.iter().map(|row| row.wrong.to_string()));
    lines.push(wrong);
    table(&["", "before", "after", "off"], &lines)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_hits_of_a_day_are_what_was_counted_in_it() {
        let told = |hits: u32, misses: u32| {
            Metrics::parse(&format!(
                "muster_cache_hits_total{{kind=\"rosters\"}} {hits}\n\
                 muster_cache_misses_total{{kind=\"rosters\"}} {misses}\n\
                 muster_cache_hits_total{{kind=\"zones\"}} 100\n\
                 muster_cache_misses_total{{kind=\"zones\"}} 0\n"
            ))
        };
        let mut row = Row::default();
        // Before the day everything was missed, and zones are not asked for in it.
        row.add_hits(&told(0, 1_000), &told(90, 1_010));
        assert_eq!((row.hits.spread(1), row.roster_hits.spread(1)), ("90.0".into(), "90.0".into()));
        row.add_hits(&told(5, 5), &told(5, 5));
        assert_eq!(row.hits.spread(0), "45 (0–90)");
    }
}
