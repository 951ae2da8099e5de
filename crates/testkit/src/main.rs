//! Runs seeds of the deterministic world by the thousand, or one of them to look at.

use std::collections::BTreeMap;
use std::io::{self, Write};
use std::process::ExitCode;
use std::sync::Mutex;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

use clap::Parser;
use muster_testkit::faults::Coverage;
use muster_testkit::{Kind, Report, Run};

/// Runs the whole bot in a world that goes wrong, from seeds, and judges what came of it.
#[derive(Debug, Parser)]
struct Options {
    /// How many seeds to run.
    #[arg(long, default_value_t = 1_000)]
    seeds: u64,
    /// The first seed.
    #[arg(long, default_value_t = 0)]
    from: u64,
    /// Stop after so many simulated hours, even if there are seeds left.
    #[arg(long)]
    hours: Option<u64>,
    /// Threads; each runs seeds of its own.
    #[arg(long, default_value_t = 1)]
    threads: usize,
    /// Run this seed alone.
    #[arg(long)]
    seed: Option<u64>,
    /// With --seed: print everything that happened.
    #[arg(long, requires = "seed")]
    trace: bool,
    /// Let requests that were held up arrive even when the process that sent them is gone.
    #[arg(long)]
    late: bool,
    /// What to tell of: whole, deliveries, clocks, zones, places, reminders or dates.
    #[arg(long, default_value = "whole", value_parser = kind)]
    story: Kind,
    /// Print how often each fault came at each point.
    #[arg(long)]
    points: bool,
}

/// What all seeds together came to.
#[derive(Default)]
struct Totals {
    seeds: u64,
    lasted: Duration,
    acts: usize,
    limited: u64,
    violations: u64,
    rules: BTreeMap<&'static str, u64>,
    coverage: Coverage,
}

impl Totals {
    fn add(&mut self, report: &Report) {
        self.seeds += 1;
        self.lasted += report.lasted;
        self.acts += report.acts;
        self.limited += report.limited;
        self.violations += u64::from(!report.violations.is_empty());
        for violation in &report.violations {
            *self.rules.entry(violation.rule).or_default() += 1;
        }
        self.coverage.add(&report.coverage);
    }
}

fn kind(name: &str) -> Result<Kind, String> {
    let found = Kind::ALL.into_iter().find(|(known, _)| *known == name);
    found.map(|(_, kind)| kind).ok_or_else(|| "no such story".to_owned())
}

fn main() -> io::Result<ExitCode> {
    let options = Options::parse();
    if let Some(seed) = options.seed {
        return one(seed, &options);
    }
    let begun = now();
    let totals = all(&options)?;
    summary(&totals, begun.elapsed(), options.points)?;
    Ok(if totals.violations == 0 { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

#[expect(clippy::disallowed_methods, reason = "how long it really takes is what is measured")]
fn now() -> Instant {
    Instant::now()
}

/// Runs one seed and tells all about it.
fn one(seed: u64, options: &Options) -> io::Result<ExitCode> {
    let lines_kept = if options.trace { usize::MAX } else { 50 };
    let report =
        Run { late: options.late, lines_kept, ..Run::of(seed).about(options.story) }.go()?;
    let mut out = io::stdout().lock();
    for line in &report.tail {
        writeln!(out, "{line}")?;
    }
    for violation in &report.violations {
        writeln!(out, "VIOLATION {violation}")?;
    }
    let (hash, lines, hours) = (report.hash, report.lines, report.lasted.as_secs() / 3_600);
    writeln!(out, "seed {seed}: {hours} simulated hours, {lines} lines, hash {hash:016x}")?;
    Ok(if report.violations.is_empty() { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

/// Runs all seeds; each thread takes the next one.
fn all(options: &Options) -> io::Result<Totals> {
    let (next, totals) = (AtomicU64::new(options.from), Mutex::new(Totals::default()));
    let end = options.from.saturating_add(options.seeds);
    let enough = options.hours.map_or(Duration::MAX, Duration::from_hours);
    let work = || -> io::Result<()> {
        loop {
            let seed = next.fetch_add(1, Ordering::Relaxed);
            if seed >= end {
                return Ok(());
            }
            let report = Run { late: options.late, ..Run::of(seed).about(options.story) }.go()?;
            tell(&report, options.story)?;
            let Ok(mut totals) = totals.lock() else { return Ok(()) };
            totals.add(&report);
            if totals.lasted >= enough {
                next.store(end, Ordering::Relaxed);
            }
        }
    };
    let threads = std::thread::scope(|scope| {
        let handles: Vec<_> = (0..options.threads.max(1)).map(|_| scope.spawn(work)).collect();
        handles.into_iter().map(std::thread::ScopedJoinHandle::join).collect::<Vec<_>>()
    });
    for ended in threads {
        ended.map_err(|_| io::Error::other("a thread panicked"))??;
    }
    totals.into_inner().map_err(|_| io::Error::other("a thread panicked"))
}

/// Tells of a seed in which something was wrong, and how to see it again.
fn tell(report: &Report, story: Kind) -> io::Result<()> {
    if report.violations.is_empty() {
        return Ok(());
    }
    let mut out = io::stdout().lock();
    for line in &report.tail {
        writeln!(out, "    {line}")?;
    }
    for violation in &report.violations {
        writeln!(out, "seed {}: {violation}", report.seed)?;
    }
    let (seed, again) = (report.seed, "again: cargo run --release -p muster-testkit --");
    let names = Kind::ALL.into_iter();
    let name = names.filter(|(_, kind)| *kind == story).map(|(name, _)| name).collect::<String>();
    writeln!(out, "{again} --story {name} --seed {seed} --trace\n")
}

fn summary(totals: &Totals, took: Duration, points: bool) -> io::Result<()> {
    let mut out = io::stdout().lock();
    let coverage = &totals.coverage;
    if points {
        for (point, fault) in &coverage.possible {
            let count = coverage.injected.get(&(*point, *fault)).copied().unwrap_or_default();
            let passed = coverage.passed.get(point).copied().unwrap_or_default();
            let (layer, name) = point;
            writeln!(out, "{layer:?} {name:<22} {fault:?}: {count} of {passed}")?;
        }
    }
    let hours = totals.lasted.as_secs_f64() / 3_600.0;
    let injected: u64 = coverage.injected.values().sum();
    writeln!(
        out,
        "{} seeds, {hours:.0} simulated hours in {:.1} s ({:.0} hours per second), {} acts, \
         {injected} faults at {} points, {} limited requests",
        totals.seeds,
        took.as_secs_f64(),
        hours / took.as_secs_f64(),
        totals.acts,
        coverage.passed.len(),
        totals.limited,
    )?;
    for (rule, count) in &totals.rules {
        writeln!(out, "violated: {rule} {count} times")?;
    }
    writeln!(out, "seeds with violations: {}", totals.violations)
}
