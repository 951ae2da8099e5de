//! Measures Muster, so that every figure in its documents comes from a command that anybody can
//! run: `cargo run --release -p muster-bench -- all`.

mod answerer;
mod burst;
mod child;
mod cleanup;
mod clock;
mod commits;
mod control_group;
mod crashes;
mod dashboard;
mod draw;
mod error;
mod figures;
mod folder;
mod footprint;
mod guide;
mod idle;
mod instructions;
mod interrupt;
mod load;
mod machine;
mod metrics;
mod overhead;
mod planned;
mod pressure;
mod reminders;
mod results;
mod revision;
mod rosters;
mod rows;
mod simulated;
mod small_box;
mod stage;
mod start;
mod tally;
mod taps;
mod watch;
mod world;

use std::io::Write as _;
use std::process::ExitCode;

use clap::{Parser, Subcommand};

use crate::error::BenchError;

/// Measures Muster. Build the program first: `cargo build --release -p muster`.
#[derive(Debug, Parser)]
struct Cli {
    #[command(subcommand)]
    measure: Measure,
}

#[derive(Debug, Subcommand)]
enum Measure {
    /// Resident set of `muster run`, idle and after load, with few and many guilds.
    Footprint(footprint::Options),
    /// Tap to answer: time, processor time, and how many; beside what limits them.
    Taps(taps::Options),
    /// What a tap costs on rosters of 10 to 5,000 members, with and without a line.
    Rosters(rosters::Options),
    /// Ten thousand answers to one event at the same moment, with room for all and for ten.
    Burst(burst::Options),
    /// From the start of the program to READY, with 100,000 signups stored.
    Start(start::Options),
    /// Instructions for one tap, counted by valgrind.
    Instructions(instructions::Options),
    /// Many reminders due in the same second: how late the last one is.
    Reminders(reminders::Options),
    /// Processor time and wake-ups with nothing to do, with few and very many guilds.
    Idle(idle::Options),
    /// Killed at any moment while posts and reminders are due: what is lost, what is there twice.
    Crashes(crashes::Options),
    /// The performance guide, line by line beside what was measured.
    Guide(guide::Options),
    /// The whole bot on one core, with 1.25 GiB of memory and as much disk.
    Box(small_box::Options),
    /// A box of 64 MiB that fills and empties: what the bot does about it. Needs root.
    Pressure(pressure::Options),
    /// What a clean-up gives back of what the caches had taken.
    Cleanup(cleanup::Options),
    /// What it costs that the bot watches itself.
    Overhead(overhead::Options),
    /// All of these, then RESULTS.md.
    All(results::Options),
    /// Takes memory and holds it.
    #[command(hide = true)]
    Neighbour(pressure::Neighbour),
    /// The stand-in for Discord, as a process of its own.
    #[command(hide = true)]
    Discord(load::Options),
    /// A bot that answers every tap with the same post and stores nothing.
    #[command(hide = true)]
    Answerer(answerer::Options),
    /// The same rows, written by nothing but SQLite.
    #[command(hide = true)]
    Rows(commits::Options),
    /// The store alone, without Discord.
    #[command(hide = true)]
    Commits(commits::Options),
}

impl Measure {
    /// Whether it writes no table, but is a part of what does. Some of them are measured
    /// themselves, or have a group with little memory.
    const fn is_helper(&self) -> bool {
        matches!(
            self,
            Self::Neighbour(_)
                | Self::Discord(_)
                | Self::Answerer(_)
                | Self::Rows(_)
                | Self::Commits(_)
        )
    }
}

fn main() -> ExitCode {
    let measure = Cli::parse().measure;
    let watched = if measure.is_helper() { Ok(()) } else { interrupt::watch() };
    if !measure.is_helper() {
        revision::look();
    }
    let done = watched.and_then(|()| carry_out(measure));
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            // Nobody is left to tell if this fails.
            drop(writeln!(std::io::stderr(), "muster-bench: {error}"));
            ExitCode::FAILURE
        }
    }
}

fn carry_out(measure: Measure) -> Result<(), BenchError> {
    match measure {
        Measure::Footprint(options) => footprint::measure(&options),
        Measure::Taps(options) => taps::measure(&options),
        Measure::Rosters(options) => rosters::measure(&options),
        Measure::Burst(options) => burst::measure(&options),
        Measure::Start(options) => start::measure(&options),
        Measure::Instructions(options) => instructions::measure(&options),
        Measure::Reminders(options) => reminders::measure(&options),
        Measure::Idle(options) => idle::measure(&options),
        Measure::Crashes(options) => crashes::measure(&options),
        Measure::Guide(options) => guide::measure(&options),
        Measure::Box(options) => small_box::measure(&options),
        Measure::Pressure(options) => pressure::measure(&options),
        Measure::Cleanup(options) => cleanup::measure(&options),
        Measure::Overhead(options) => overhead::measure(&options),
        Measure::Neighbour(options) => pressure::neighbour(&options),
        Measure::All(options) => results::measure_all(&options),
        Measure::Discord(options) => load::serve(&options),
        Measure::Answerer(options) => answerer::run(&options),
        Measure::Rows(options) => rows::serve(&options),
        Measure::Commits(options) => commits::serve(&options),
    }
}
