//! What it costs that the bot watches itself: with samples, memory optimizer, dashboard and a
//! scraper, beside the same bot without them.

use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use clap::Args;

use crate::dashboard::Dashboard;
use crate::error::{BenchError, io, other};
use crate::figures::{Series, float, grouped, table};
use crate::load::Remote;
use crate::results::{self, Common};
use crate::stage::{Size, Stage, program};
use crate::tally::Load;
use crate::{clock, machine};

/// How often the figures are asked for.
const SCRAPED_EVERY: Duration = Duration::from_secs(5);

/// How often it is looked whether that is over.
const LOOK: Duration = Duration::from_millis(100);

/// What it may cost, in the order of the columns: percent of a core, percent of a tap, MiB.
const AIMS: [(&str, f64); 3] = [("idle", 1.0), ("a tap", 2.0), ("memory", 2.0)];

/// How to measure it.
#[derive(Args, Clone, Debug)]
pub(crate) struct Options {
    #[command(flatten)]
    common: Common,
    /// Pairs of runs, one with and one without; the median of what they differ by is reported.
    #[arg(long, default_value_t = 5)]
    runs: u32,
    /// Seconds after the start before anything is measured.
    #[arg(long, default_value_t = 20)]
    settle: u64,
    /// Seconds with nothing to do.
    #[arg(long, default_value_t = 60)]
    idle: u64,
    /// Seconds of load after them.
    #[arg(long, default_value_t = 30)]
    load: u64,
    /// Taps a second in that time.
    #[arg(long, default_value_t = 500)]
    rate: u64,
}

/// Whether the bot watches itself.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Watching {
    Off,
    On,
}

/// Of one run.
#[derive(Clone, Copy, Debug, Default)]
struct Cost {
    /// Processor time with nothing to do, in percent of a core.
    idle_percent: f64,
    /// Processor time of a tap, in microseconds.
    tap_us: f64,
    /// Resident set after the load, in MiB.
    resident: f64,
    wrong: u64,
}

/// Of all pairs.
#[derive(Default)]
struct Rows {
    off: [Series; 3],
    on: [Series; 3],
    differ: [Series; 3],
}

pub(crate) fn measure(options: &Options) -> Result<(), BenchError> {
    let mut rows = Rows::default();
    for pair in 0..options.runs {
        // In turn, so that what the machine does meanwhile meets both.
        let order = if pair % 2 == 0 {
            [Watching::Off, Watching::On]
        } else {
            [Watching::On, Watching::Off]
        };
        let (mut off, mut on) = (Cost::default(), Cost::default());
        for watching in order {
            let cost = one_run(options, watching)?;
            match watching {
                Watching::Off => off = cost,
                Watching::On => on = cost,
            }
        }
        rows.add(off, on)?;
    }
    results::write(&options.common.results, "overhead", &text(options, &rows))
}

impl Rows {
    fn add(&mut self, off: Cost, on: Cost) -> Result<(), BenchError> {
        if off.wrong + on.wrong > 0 {
            return Err(other("taps were answered wrong"));
        }
        let values = |cost: Cost| [cost.idle_percent, cost.tap_us, cost.resident];
        let tap_percent = (on.tap_us / off.tap_us.max(0.001) - 1.0) * 100.0;
        let differ = [on.idle_percent - off.idle_percent, tap_percent, on.resident - off.resident];
        let all = [(&mut self.off, values(off)), (&mut self.on, values(on))];
        for (series, values) in all.into_iter().chain([(&mut self.differ, differ)]) {
            for (series, value) in series.iter_mut().zip(values) {
                series.push(value);
            }
        }
        Ok(())
    }
}

fn one_run(options: &Options, watching: Watching) -> Result<Cost, BenchError> {
    let stage = Stage::set(&options.common.folder, Size::of(1, 200))?;
    let (mut discord, address) = stage.discord()?;
    let program = program(options.common.program.as_deref())?;
    let command = machine::on(machine::Core::Measured, &program);
    let mut command = stage.muster_command(command, &address);
    let dashboard = Dashboard::free()?;
    match watching {
        Watching::Off => command
            .env("HTTP_ADDR", "off")
            .env("ENABLE_RESOURCE_MONITORING", "false")
            .env("ENABLE_MEMORY_OPTIMIZATION", "false"),
        Watching::On => command.env("HTTP_ADDR", dashboard.address()),
    };
    let muster = stage.start(command)?;
    discord.line()?;
    let process = muster.process();
    let is_over = AtomicBool::new(false);
    let cost = std::thread::scope(|threads| {
        if watching == Watching::On {
            dashboard.wait()?;
            let scraper = std::thread::Builder::new().name("scraper".to_owned());
            scraper
                .spawn_scoped(threads, || scrape(dashboard, &is_over))
                .map_err(io("a thread"))?;
        }
        let cost = spent(options, process, &mut discord);
        is_over.store(true, Ordering::Relaxed);
        cost
    })?;
    muster.end()?;
    results::show_log(&stage.logged()?);
    Ok(cost)
}

fn spent(options: &Options, process: u32, discord: &mut Remote) -> Result<Cost, BenchError> {
    clock::pause(Duration::from_secs(options.settle));
    let before = machine::account(process)?;
    clock::pause(Duration::from_secs(options.idle));
    let idle = machine::account(process)?.since(before);
    discord.run(Load::Rate(options.rate, 2))?;
    let before = machine::account(process)?;
    let report = discord.run(Load::Rate(options.rate, options.load))?;
    let loaded = machine::account(process)?.since(before);
    let seconds = float(options.idle.max(1));
    Ok(Cost {
        idle_percent: float(idle.cpu_ns) / 1e9 / seconds * 100.0,
        tap_us: float(loaded.cpu_ns) / 1e3 / float(report.answered.max(1)),
        resident: float(machine::memory_kib(process)?.0) / 1_024.0,
        wrong: report.wrong,
    })
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

/// Whether the pairs differ by less than was aimed at. They have to agree: where some lie on one
/// side and some on the other, their median says on which side chance put it. One alone has nothing
/// to agree with.
fn judged(differ: &Series, aim: f64) -> String {
    let pairs = differ.len();
    let side = if differ.median() < aim { "below" } else { "not below" };
    match differ.ends() {
        Some((_, high)) if pairs > 1 && high < aim => "kept".to_owned(),
        Some((low, _)) if pairs > 1 && low >= aim => "NOT kept".to_owned(),
        Some(_) => {
            let word = if pairs == 1 { "pair" } else { "pairs" };
            format!("not resolved by {pairs} {word} (the median is {side} the aim)")
        }
        None => "not measured".to_owned(),
    }
}

fn text(options: &Options, rows: &Rows) -> String {
    let Options { runs, settle, idle, load, rate, .. } = options;
    let row = |name: &str, [idle, tap, resident]: &[Series; 3]| {
        vec![name.to_owned(), idle.spread(3), tap.spread(1), resident.spread(2)]
    };
    let judged: Vec<_> = AIMS
        .into_iter()
        .zip(&rows.differ)
        .map(|((name, aim), series)| format!("{name} {}", judged(series, aim)))
        .collect();
    let judged = judged.join(", ");
    format!(
        "## What watching costs\n\nProcessor time of all threads together, by the kernel's account: \
         in percent of one core over {idle} s with nothing to do, {settle} s after READY; and of a \
         tap, over {load} s at {} taps a second, in microseconds. Resident set after that, in MiB. \
         Without: `ENABLE_RESOURCE_MONITORING`, `ENABLE_MEMORY_OPTIMIZATION` and `HTTP_ADDR` are \
         off. What no setting switches off is in both, and its cost is not among what they differ \
         by: the timing of statements, the histograms, the limiter (which lets all pass in both, \
         by `RATE_LIMIT_TAPS=off`) and the security log. With: all as usual, and the figures asked \
         for every {} s. What they differ by is taken within each pair of runs; of a tap, in percent. \
         The aims are less than 1 % of a core idle, 2 % of a tap and 2 MiB. An aim is kept or not \
         if all pairs say the same, else they do not resolve it: {judged}. Median of {runs} pairs \
         (lowest–highest).\n\n{}",
        grouped(float(*rate), 0),
        SCRAPED_EVERY.as_secs(),
        table(
            &["", "idle, % of a core", "a tap, µs or %", "resident set, MiB"],
            &[row("without", &rows.off), row("with", &rows.on), row("more", &rows.differ)],
        ),
    )
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
    fn what_the_pairs_do_not_agree_on_is_not_resolved() {
        assert_eq!(judged(&series(&[0.1, 0.2, 1.9]), 2.0), "kept");
        assert_eq!(judged(&series(&[2.0, 2.5, 9.0]), 2.0), "NOT kept");
        let below = "not resolved by 3 pairs (the median is below the aim)";
        assert_eq!(judged(&series(&[-6.5, -6.0, 3.2]), 2.0), below);
        let above = "not resolved by 3 pairs (the median is not below the aim)";
        assert_eq!(judged(&series(&[1.0, 2.1, 3.2]), 2.0), above);
        let alone = "not resolved by 1 pair (the median is below the aim)";
        assert_eq!(judged(&series(&[0.1]), 2.0), alone);
        assert_eq!(judged(&series(&[]), 2.0), "not measured");
    }

    #[test]
    fn the_text_has_a_verdict_for_each_aim_and_says_what_stays_on() {
        let options = Options {
            common: Common { program: None, folder: ".".into(), results: ".".into() },
            runs: 2,
            settle: 20,
            idle: 60,
            load: 30,
            rate: 500,
        };
        let differ = [series(&[0.1, 0.2]), series(&[-6.0, 3.0]), series(&[2.5, 3.0])];
        let told = text(&options, &Rows { differ, ..Rows::default() });
        assert!(told.contains(": idle kept, a tap not resolved by 2 pairs (the median"), "{told}");
        assert!(told.contains(", memory NOT kept. Median of 2 pairs"), "{told}");
        assert!(told.contains("the timing of statements, the histograms, the limiter"), "{told}");
    }
}
