//! The performance guide for a server with 1.25 GiB, line by line beside what was measured: its
//! settings from before, its settings from after, which are our defaults, and nothing optimised.

mod faults;
mod lines;
mod rows;
mod success;

use clap::Args;

use self::faults::Bad;
use self::rows::{Row, Setting};
use crate::error::BenchError;
use crate::figures::{float, grouped, table};
use crate::results::{self, Common};
use crate::stage::{Size, Stage};

/// How to measure by the guide.
#[derive(Args, Clone, Debug)]
pub(crate) struct Options {
    #[command(flatten)]
    common: Common,
    /// Runs of each setting, in turn; the median is reported, and the spread.
    #[arg(long, default_value_t = 3)]
    runs: u32,
    /// Seconds after READY at which memory is read while idle.
    #[arg(long, default_value_t = 10)]
    idle: u64,
    /// Taps a second of the day.
    #[arg(long, default_value_t = 500)]
    rate: u64,
    /// Seconds of the day.
    #[arg(long, default_value_t = 40)]
    seconds: u64,
    /// Seconds of full load, first with 64 and then with 512 taps in flight.
    #[arg(long, default_value_t = 10)]
    full: u64,
    /// Guilds that the bot is in.
    #[arg(long, default_value_t = 2_499)]
    guilds: u64,
    /// Events that are tapped, by Zipf's law: twice as many as the cache has entries.
    #[arg(long, default_value_t = 1_000)]
    events: u64,
    /// Members who tap.
    #[arg(long, default_value_t = 1_500)]
    members: u64,
    /// Seconds in which Discord has a bad day.
    #[arg(long, default_value_t = 600)]
    fault_seconds: u64,
    /// In how many hundredths of that time it fails.
    #[arg(long, default_value_t = 20)]
    fault_percent: u64,
    /// A few seconds of each, to see that it works; the figures say little.
    #[arg(long)]
    short: bool,
}

impl Options {
    fn chosen(&self) -> Self {
        let mut options = self.clone();
        if self.short {
            (options.runs, options.idle, options.seconds, options.full) = (1, 2, 5, 2);
            options.fault_seconds = self.fault_seconds.min(20);
        }
        options
    }

    /// Members who have answered each event before.
    const fn answered(&self) -> u64 {
        if self.members < 20 { self.members } else { 20 }
    }
}

pub(crate) fn measure(options: &Options) -> Result<(), BenchError> {
    let options = options.chosen();
    let size = Size {
        events: options.events,
        answered: options.answered(),
        day: Some(options.rate * options.seconds),
        ..Size::of(options.guilds, options.members)
    };
    let stage = Stage::set(&options.common.folder, size)?;
    let mut rows = Setting::ALL.map(|_| Row::default());
    for run in 1..=options.runs {
        for (setting, row) in Setting::ALL.into_iter().zip(&mut rows) {
            rows::one_run(&options, &stage, setting, row)?;
            results::say(&format!("run {run}, {}: {}\n", setting.name(), row.in_short()));
        }
    }
    drop(stage);
    let bad = faults::run(&options)?;
    results::write(&options.common.results, "guide", &text(&options, &rows, &bad))
}

fn text(options: &Options, rows: &[Row; 3], bad: &Bad) -> String {
    let [before, after, off] = rows;
    let named = |(name, value): &(&str, &str)| format!("`{name}={value}`");
    let settings = Setting::ALL.map(|setting| {
        let variables = setting.variables().iter().map(named).collect::<Vec<_>>().join(" ");
        vec![setting.name().to_owned(), variables]
    });
    let in_all = vec!["all three, beside these".to_owned(), named(&rows::IN_ALL)];
    let settings: Vec<_> = settings.into_iter().chain([in_all]).collect();
    let number = |value| grouped(float(value), 0);
    format!(
        "## The performance guide, line by line\n\n\
         The guide is for another bot in the same box, so the settings that it had before are given \
         to this program, and what it expects of the change is held against what they change here. \
         {events} events in one of {guilds} guilds, each answered by {answered}; a day of {day} taps \
         by {members} members, {rate} a second, drawn from a seed by Zipf's law, so that the first \
         event gets {top:.0} % of them and the rest ever less. Events are posted all day long, and the \
         interest in each halves every two hours of the day; then {full} s each with 64 and 512 in \
         flight. Where the cache keeps nothing, the taps of one \
         transaction still find what the first of them read. Statements' times and the cache are \
         the bot's own account at `/metrics`, hits what was counted from the first tap of the day \
         to the last, and response times the stand-in's. The limiter counts every tap and refuses \
         none. Median of {runs} runs (lowest–highest), the settings in turn.\n\n\
         {settings}\n{figures}\n### What the guide expects\n\n{expected}\n\
         ### What the guide changed\n\n{changed}\n### A bad day\n\n{bad}",
        events = number(options.events),
        guilds = number(options.guilds),
        answered = options.answered(),
        day = number(options.rate * options.seconds),
        members = number(options.members),
        rate = options.rate,
        top = 100.0 / (1..=options.events).map(|rank| 1.0 / float(rank)).sum::<f64>(),
        full = options.full,
        runs = options.runs,
        settings = table(&["settings", "variables"], &settings),
        figures = rows::figures(rows),
        expected = lines::expected(before, after, off, bad),
        changed = lines::changed(before, after, off, bad),
        bad = bad.text(options),
    )
}
