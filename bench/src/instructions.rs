//! Instructions for one tap, counted by valgrind: the same on a busy machine as on a quiet one.

use std::path::PathBuf;

use clap::Args;

use crate::error::{BenchError, other};
use crate::figures::{Series, float, table};
use crate::machine::{self, Core};
use crate::results::{self, Common};
use crate::stage::{Size, Stage, program};
use crate::tally::Load;

/// How to count.
#[derive(Args, Clone, Debug)]
pub(crate) struct Options {
    #[command(flatten)]
    common: Common,
    /// Taps that are counted.
    #[arg(long, default_value_t = 2_000)]
    taps: u64,
    /// Runs; the median is reported, and the spread.
    #[arg(long, default_value_t = 3)]
    runs: u32,
    /// Keeps callgrind's account of the last run in this file.
    #[arg(long)]
    keep: Option<PathBuf>,
}

pub(crate) fn measure(options: &Options) -> Result<(), BenchError> {
    let mut per_tap = Series::default();
    for _ in 0..options.runs {
        let few = counted(options, options.taps / 4)?;
        let many = counted(options, options.taps / 4 + options.taps)?;
        per_tap.push(float(many.saturating_sub(few)) / float(options.taps.max(1)) / 1_000.0);
    }
    let text = format!(
        "## Instructions\n\nOf the whole program for one tap, one after the other, without the \
         kernel's: the difference of two runs that are {} taps apart, counted by valgrind. Median \
         of {} (lowest–highest).\n\n{}",
        options.taps,
        options.runs,
        table(&["", "thousands"], &[vec!["instructions per tap".to_owned(), per_tap.spread(1)]]),
    );
    results::write(&options.common.results, "instructions", &text)
}

/// The program's instructions from start to end, with so many taps between.
fn counted(options: &Options, taps: u64) -> Result<u64, BenchError> {
    let stage = Stage::set(&options.common.folder, Size::of(1, 200))?;
    let (mut discord, address) = stage.discord()?;
    let out = options.keep.as_deref().map(std::path::absolute).transpose();
    let out = out.map_err(crate::error::io("the file for callgrind's account"))?;
    let out = out.unwrap_or_else(|| stage.database().with_extension("callgrind"));
    let mut command = machine::on(Core::Measured, "valgrind".as_ref());
    command.arg("--tool=callgrind").arg(format!("--callgrind-out-file={}", out.display()));
    command.arg(program(options.common.program.as_deref())?);
    let muster = stage.start(stage.muster_command(command, &address))?;
    discord.line()?;
    let report = discord.run(Load::Count(taps))?;
    if report.wrong > 0 {
        return Err(other(&format!("{} of {taps} taps were not answered", report.wrong)));
    }
    muster.end()?;
    collected(&stage.logged()?).ok_or_else(|| other("valgrind has counted nothing"))
}

/// "==12== Collected : 123"
fn collected(log: &str) -> Option<u64> {
    let line = log.lines().find_map(|line| line.split_once("Collected :"))?;
    line.1.trim().parse().ok()
}
