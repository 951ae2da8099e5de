//! Measures Muster, so that every figure in its documents comes from a command that anybody can
//! run: `cargo run --release -p muster-bench -- taps`, `… -- footprint`.

mod footprint;
mod machine;
mod taps;
mod world;

use std::process::ExitCode;

use clap::{Parser, Subcommand};

/// Measures Muster.
#[derive(Debug, Parser)]
struct Cli {
    #[command(subcommand)]
    measure: Measure,
}

#[derive(Debug, Subcommand)]
enum Measure {
    /// Tap to answer inside the process, durable, rendering included: with 1 and 64 in flight.
    Taps(taps::Options),
    /// Resident set of `muster run` at one guild, some seconds after it is ready.
    Footprint(footprint::Options),
}

fn main() -> ExitCode {
    let done = match Cli::parse().measure {
        Measure::Taps(options) => taps::measure(&options),
        Measure::Footprint(options) => footprint::measure(&options),
    };
    match done {
        Ok(report) => {
            print(&report);
            ExitCode::SUCCESS
        }
        Err(error) => {
            print(&format!("muster-bench: {error}"));
            ExitCode::FAILURE
        }
    }
}

#[expect(clippy::print_stdout, reason = "the report is what the person came for")]
fn print(text: &str) {
    println!("{text}");
}

/// Why nothing could be measured.
#[derive(Debug, thiserror::Error)]
enum BenchError {
    #[error("{0}: {1}")]
    Io(&'static str, std::io::Error),
    #[error("the store: {0}")]
    Store(#[from] muster_store::StoreError),
    #[error("the simulated Discord: {0}")]
    Sim(#[from] muster_sim::SimError),
    #[error("{0}")]
    Other(&'static str),
}
