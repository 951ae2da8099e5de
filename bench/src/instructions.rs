//! Instructions for one tap, counted by valgrind: the same on a busy machine as on a quiet one.

use std::path::{Path, PathBuf};
use std::process::Command;

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
    let keep = options.keep.as_deref();
    for _ in 0..options.runs {
        per_tap.push(of_a_tap(&options.common, options.taps, &|_| {}, keep)?);
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

/// What a tap takes in a bot whose command is completed by `set`, in thousands of instructions.
pub(crate) fn per_tap(
    common: &Common,
    taps: u64,
    set: &dyn Fn(&mut Command),
) -> Result<f64, BenchError> {
    of_a_tap(common, taps, set, None)
}

fn of_a_tap(
    common: &Common,
    taps: u64,
    set: &dyn Fn(&mut Command),
    keep: Option<&Path>,
) -> Result<f64, BenchError> {
    let few = counted(common, taps / 4, set, keep)?;
    let many = counted(common, taps / 4 + taps, set, keep)?;
    Ok(float(many.saturating_sub(few)) / float(taps.max(1)) / 1_000.0)
}

/// The program's instructions from start to end, with so many taps between.
fn counted(
    common: &Common,
    taps: u64,
    set: &dyn Fn(&mut Command),
    keep: Option<&Path>,
) -> Result<u64, BenchError> {
    let stage = Stage::set(&common.folder, Size::of(1, 200))?;
    let (mut discord, address) = stage.discord()?;
    let out = keep.map(std::path::absolute).transpose();
    let out = out.map_err(crate::error::io("the file for callgrind's account"))?;
    let out = out.unwrap_or_else(|| stage.database().with_extension("callgrind"));
    let mut command = machine::on(Core::Measured, "valgrind".as_ref());
    command.arg("--tool=callgrind").arg(format!("--callgrind-out-file={}", out.display()));
    command.arg(program(common.program.as_deref())?);
    let mut command = stage.muster_command(command, &address);
    set(&mut command);
    let muster = stage.start(command)?;
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
