//! What it costs that the bot watches itself, all of it together: beside a bot that measures
//! nothing, in the same run and in turn.

use std::io::Read as _;
use std::process::Command;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use clap::Args;

use crate::child::Child;
use crate::dashboard::Dashboard;
use crate::error::{BenchError, io, other};
use crate::figures::{Series, float, grouped, table};
use crate::instructions;
use crate::load::Remote;
use crate::results::{self, Common};
use crate::stage::{Size, Stage, program};
use crate::tally::Load;
use crate::{clock, machine};

/// How often the figures are asked for.
const SCRAPED_EVERY: Duration = Duration::from_secs(5);

/// How often it is looked whether that is over.
const LOOK: Duration = Duration::from_millis(100);

/// Seconds of load for the one before it is the other's turn.
const TURN: u64 = 2;

/// What it may cost, in the order of the columns: percent of a core, percent of a tap, MiB.
const AIMS: [(&str, f64); 3] = [("idle", 1.0), ("a tap", 2.0), ("memory", 2.0)];

/// How to measure it.
#[derive(Args, Clone, Debug)]
pub(crate) struct Options {
    #[command(flatten)]
    common: Common,
    /// Runs of the two beside each other; the median of what they differ by is reported.
    #[arg(long, default_value_t = 5)]
    runs: u32,
    /// Seconds after the start before anything is measured.
    #[arg(long, default_value_t = 20)]
    settle: u64,
    /// Seconds with nothing to do.
    #[arg(long, default_value_t = 60)]
    idle: u64,
    /// Turns of load after them, of two seconds for each of the two.
    #[arg(long, default_value_t = 30)]
    turns: u64,
    /// Taps a second in that time.
    #[arg(long, default_value_t = 500)]
    rate: u64,
    /// Taps whose instructions are counted as well, if there is valgrind; 0 for none.
    #[arg(long, default_value_t = 1_000)]
    counted: u64,
}

/// Whether the bot watches itself.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Watching {
    Off,
    On,
}

/// One of the two bots, with a world of its own.
struct Side {
    stage: Stage,
    discord: Remote,
    muster: Child,
}

/// Of one of the two in one run.
#[derive(Clone, Copy, Debug, Default)]
struct Cost {
    /// Processor time with nothing to do, in nanoseconds.
    idle_ns: u64,
    /// Processor time under load, in nanoseconds.
    loaded_ns: u64,
    answered: u64,
    /// Resident set after the load, in MiB.
    resident: f64,
    wrong: u64,
}

/// Of all runs.
#[derive(Default)]
struct Rows {
    off: [Series; 3],
    on: [Series; 3],
    differ: [Series; 3],
    /// Thousands of instructions of a tap without and with, and what they differ by in percent.
    counted: [Series; 3],
}

pub(crate) fn measure(options: &Options) -> Result<(), BenchError> {
    let mut rows = Rows::default();
    let counts = options.counted > 0 && Command::new("valgrind").arg("--version").output().is_ok();
    for _ in 0..options.runs {
        let [off, on] = one_run(options)?;
        rows.add(options, off, on)?;
        if counts {
            rows.count(options)?;
        }
    }
    results::write(&options.common.results, "overhead", &text(options, &rows))
}

impl Rows {
    fn add(&mut self, options: &Options, off: Cost, on: Cost) -> Result<(), BenchError> {
        if off.wrong + on.wrong > 0 {
            return Err(other("taps were answered wrong"));
        }
        let idle = float(options.idle.max(1));
        let values = |cost: Cost| {
            let idle_percent = float(cost.idle_ns) / 1e7 / idle;
            let tap_us = float(cost.loaded_ns) / 1e3 / float(cost.answered.max(1));
            [idle_percent, tap_us, cost.resident]
        };
        let (off, on) = (values(off), values(on));
        let ([off_idle, off_tap, off_resident], [on_idle, on_tap, on_resident]) = (off, on);
        let more = [on_idle - off_idle, percent_more(off_tap, on_tap), on_resident - off_resident];
        push_all(&mut self.off, off);
        push_all(&mut self.on, on);
        push_all(&mut self.differ, more);
        Ok(())
    }

    fn count(&mut self, options: &Options) -> Result<(), BenchError> {
        let of = |watching| {
            let set = move |command: &mut Command| set(command, watching, "off");
            instructions::per_tap(&options.common, options.counted, &set)
        };
        let (off, on) = (of(Watching::Off)?, of(Watching::On)?);
        push_all(&mut self.counted, [off, on, percent_more(off, on)]);
        Ok(())
    }
}

fn push_all<const N: usize>(series: &mut [Series; N], values: [f64; N]) {
    for (series, value) in series.iter_mut().zip(values) {
        series.push(value);
    }
}

fn percent_more(off: f64, on: f64) -> f64 {
    (on / off.max(0.001) - 1.0) * 100.0
}

/// Adds to a command of `muster run` what makes the difference. Samples and memory optimizer are as
/// usual where it watches itself; the dashboard is at this address then.
fn set(command: &mut Command, watching: Watching, dashboard: &str) {
    match watching {
        Watching::Off => command
            .arg("--unmeasured")
            .env("HTTP_ADDR", "off")
            .env("ENABLE_RESOURCE_MONITORING", "false")
            .env("ENABLE_MEMORY_OPTIMIZATION", "false"),
        Watching::On => command.env("HTTP_ADDR", dashboard),
    };
}

impl Side {
    fn start(options: &Options, watching: Watching, at: Dashboard) -> Result<Self, BenchError> {
        let stage = Stage::set(&options.common.folder, Size::of(1, 200))?;
        let (mut discord, address) = stage.discord()?;
        let program = program(options.common.program.as_deref())?;
        let command = machine::on(machine::Core::Measured, &program);
        let mut command = stage.muster_command(command, &address);
        set(&mut command, watching, &at.address());
        let muster = stage.start(command)?;
        discord.line()?;
        Ok(Self { stage, discord, muster })
    }

    /// Has taps answered, and adds what that took.
    fn turn(&mut self, rate: u64, cost: &mut Cost) -> Result<(), BenchError> {
        let before = machine::threads(self.muster.process())?;
        let report = self.discord.run(Load::Rate(rate, TURN))?;
        cost.loaded_ns += machine::threads(self.muster.process())?.since(&before);
        cost.answered += report.answered;
        cost.wrong += report.wrong;
        Ok(())
    }

    fn end(self) -> Result<(), BenchError> {
        self.muster.end()?;
        results::show_log(&self.stage.logged()?);
        Ok(())
    }
}

/// Both at the same time, on the same core: with nothing to do, and then under load in turn, so
/// that whatever else the machine does meets both alike.
fn one_run(options: &Options) -> Result<[Cost; 2], BenchError> {
    let dashboard = Dashboard::free()?;
    let mut sides = [
        Side::start(options, Watching::Off, dashboard)?,
        Side::start(options, Watching::On, dashboard)?,
    ];
    dashboard.wait()?;
    let is_over = AtomicBool::new(false);
    let costs = std::thread::scope(|threads| {
        let named = |name: &str| std::thread::Builder::new().name(name.to_owned());
        let scraper = named("scraper").spawn_scoped(threads, || scrape(dashboard, &is_over));
        scraper.map_err(io("a thread"))?;
        let page = named("page").spawn_scoped(threads, || keep_open(dashboard, &is_over));
        page.map_err(io("a thread"))?;
        let costs = spent(options, &mut sides);
        is_over.store(true, Ordering::Relaxed);
        costs
    })?;
    for side in sides {
        side.end()?;
    }
    Ok(costs)
}

fn spent(options: &Options, sides: &mut [Side; 2]) -> Result<[Cost; 2], BenchError> {
    let mut costs = [Cost::default(); 2];
    clock::pause(Duration::from_secs(options.settle));
    let mut before = Vec::new();
    for side in &*sides {
        before.push(machine::threads(side.muster.process())?);
    }
    clock::pause(Duration::from_secs(options.idle));
    for ((side, before), cost) in sides.iter().zip(&before).zip(&mut costs) {
        cost.idle_ns = machine::threads(side.muster.process())?.since(before);
    }
    for turn in 0..=options.turns {
        let mut both: Vec<_> = sides.iter_mut().zip(&mut costs).collect();
        if turn % 2 == 1 {
            both.reverse();
        }
        for (side, cost) in both {
            // The first turn warms up.
            let mut warming = Cost::default();
            side.turn(options.rate, if turn == 0 { &mut warming } else { cost })?;
            cost.wrong += warming.wrong;
        }
    }
    for (side, cost) in sides.iter().zip(&mut costs) {
        cost.resident = float(machine::memory_kib(side.muster.process())?.0) / 1_024.0;
    }
    Ok(costs)
}

fn scrape(dashboard: Dashboard, is_over: &AtomicBool) {
    while !is_over.load(Ordering::Relaxed) {
        // What it costs is measured, not what it says.
        drop(dashboard.figures());
        let began = clock::now();
        while began.elapsed() < SCRAPED_EVERY && !is_over.load(Ordering::Relaxed) {
            clock::pause(LOOK);
        }
    }
}

/// Reads what an open page of the dashboard is sent.
fn keep_open(dashboard: Dashboard, is_over: &AtomicBool) -> Result<(), BenchError> {
    let mut news = dashboard.live()?;
    news.set_read_timeout(Some(LOOK)).map_err(io("the dashboard"))?;
    let mut read = [0; 16_384];
    while !is_over.load(Ordering::Relaxed) {
        // Nothing came yet, or what came is only to be taken away.
        drop(news.read(&mut read));
    }
    Ok(())
}

/// Whether the runs differ by less than was aimed at. They have to agree: where some lie on one
/// side and some on the other, their median says on which side chance put it. One alone has nothing
/// to agree with.
fn judged(differ: &Series, aim: f64) -> String {
    let runs = differ.len();
    let side = if differ.median() < aim { "below" } else { "not below" };
    match differ.ends() {
        Some((_, high)) if runs > 1 && high < aim => "kept".to_owned(),
        Some((low, _)) if runs > 1 && low >= aim => "NOT kept".to_owned(),
        Some(_) => {
            let word = if runs == 1 { "run" } else { "runs" };
            format!("not resolved by {runs} {word} (the median is {side} the aim)")
        }
        None => "not measured".to_owned(),
    }
}

fn text(options: &Options, rows: &Rows) -> String {
    let Options { runs, settle, idle, turns, rate, .. } = options;
    let row = |name: &str, [idle, tap, resident]: &[Series; 3], counted: &Series| {
        let cells = [idle.spread(3), tap.spread(1), counted.spread(1), resident.spread(2)];
        [name.to_owned()].into_iter().chain(cells).collect::<Vec<_>>()
    };
    let judged: Vec<_> = AIMS
        .into_iter()
        .zip(&rows.differ)
        .map(|((name, aim), series)| format!("{name} {}", judged(series, aim)))
        .collect();
    let [off, on, more] = &rows.counted;
    let instructions = judged_instructions(more);
    format!(
        "## What watching costs\n\nAll of it together: two bots run beside each other on one core. \
         With: all as usual – samples, leak trend, history, memory optimizer, the timing of every \
         statement, latencies, counts and records of tasks – and a page of the dashboard open and \
         the figures asked for every {} s. Without: none of it, by the hidden `--unmeasured` and by \
         `ENABLE_RESOURCE_MONITORING`, `ENABLE_MEMORY_OPTIMIZATION` and `HTTP_ADDR` being off. What \
         protects the bot is in both: the limiter (which lets all pass in both, by \
         `RATE_LIMIT_TAPS=off`), the security log, and the weighing of what the cache holds; and so \
         are the cache's own counts, of which each is one addition.\n\n\
         Processor time of all threads, by the kernel's account: in percent of one core over {idle} s \
         with nothing to do, {settle} s after READY; and of a tap at {} taps a second, in \
         microseconds, over {turns} turns of {TURN} s for each of the two. Instructions of a tap \
         without the kernel's, counted by valgrind, in thousands. Resident set after the load, in \
         MiB. What they differ by is taken within each run; of a tap, in percent. The aims are less \
         than 1 % of a core idle, 2 % of a tap and 2 MiB. An aim is kept or not if all runs say the \
         same, else they do not resolve it: {}{instructions}. Median of {runs} runs \
         (lowest–highest).\n\n{}",
        SCRAPED_EVERY.as_secs(),
        grouped(float(*rate), 0),
        judged.join(", "),
        table(
            &[
                "",
                "idle, % of a core",
                "a tap, µs or %",
                "a tap, thousands of instructions or %",
                "resident set, MiB",
            ],
            &[
                row("without", &rows.off, off),
                row("with", &rows.on, on),
                row("more", &rows.differ, more),
            ],
        ),
    )
}

/// The same of a tap's instructions, if they were counted.
fn judged_instructions(more: &Series) -> String {
    let [_, (_, aim), _] = AIMS;
    if more.len() == 0 {
        return String::new();
    }
    format!("; of a tap's instructions {}", judged(more, aim))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn series(values: &[f64]) -> Series {
        let mut series = Series::default();
        for value in values {
            series.push(*value);
        }
        series
    }

    #[test]
    fn what_the_runs_do_not_agree_on_is_not_resolved() {
        assert_eq!(judged(&series(&[0.1, 0.2, 1.9]), 2.0), "kept");
        assert_eq!(judged(&series(&[2.0, 2.5, 9.0]), 2.0), "NOT kept");
        let below = "not resolved by 3 runs (the median is below the aim)";
        assert_eq!(judged(&series(&[-6.5, -6.0, 3.2]), 2.0), below);
        let above = "not resolved by 3 runs (the median is not below the aim)";
        assert_eq!(judged(&series(&[1.0, 2.1, 3.2]), 2.0), above);
        let alone = "not resolved by 1 run (the median is below the aim)";
        assert_eq!(judged(&series(&[0.1]), 2.0), alone);
        assert_eq!(judged(&series(&[]), 2.0), "not measured");
    }

    #[test]
    fn the_text_has_a_verdict_for_each_aim_and_says_what_is_in_both() {
        let options = Options {
            common: Common { program: None, folder: ".".into(), results: ".".into() },
            runs: 2,
            settle: 20,
            idle: 60,
            turns: 30,
            rate: 500,
            counted: 1_000,
        };
        let differ = [series(&[0.1, 0.2]), series(&[-6.0, 3.0]), series(&[2.5, 3.0])];
        let told = text(&options, &Rows { differ, ..Rows::default() });
        assert!(told.contains(": idle kept, a tap not resolved by 2 runs (the median"), "{told}");
        assert!(told.contains(", memory NOT kept. Median of 2 runs"), "{told}");
        assert!(told.contains("is in both: the limiter"), "{told}");
    }
}
