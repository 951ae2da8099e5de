//! From the start of the program to READY with much in the database, and how large the program is.

use clap::Args;

use crate::error::{BenchError, io};
use crate::figures::{Series, float, grouped, table};
use crate::results::{self, Common};
use crate::stage::{Size, Stage, program};
use crate::tally::Load;
use crate::{clock, world};

/// How to measure the start.
#[derive(Args, Clone, Debug)]
pub(crate) struct Options {
    #[command(flatten)]
    common: Common,
    /// Runs; the median is reported, and the spread.
    #[arg(long, default_value_t = 5)]
    runs: u32,
    /// Signups stored.
    #[arg(long, default_value_t = 100_000)]
    signups: u64,
}

pub(crate) fn measure(options: &Options) -> Result<(), BenchError> {
    let program = program(options.common.program.as_deref())?;
    let bytes = std::fs::metadata(&program).map_err(io("the program"))?.len();
    let mut rows = Vec::new();
    for tls in [false, true] {
        let (mut ready, mut first) = (Series::default(), Series::default());
        for _ in 0..options.runs {
            let size = Size { tls, ..Size::of(1, options.signups / world::EVENTS) };
            let stage = Stage::set(&options.common.folder, size)?;
            let (mut discord, address) = stage.discord()?;
            let began = clock::now();
            let muster = stage.muster(&program, &address)?;
            discord.line()?;
            ready.push(began.elapsed().as_secs_f64() * 1_000.0);
            let [took, ..] = discord.run(Load::Count(1))?.ms;
            first.push(took);
            muster.end()?;
            results::show_log(&stage.logged()?);
        }
        rows.push(vec![
            if tls { "yes" } else { "no" }.to_owned(),
            ready.spread(1),
            first.spread(1),
        ]);
    }
    let text = format!(
        "## Start\n\nWith {} signups stored, median of {} runs (lowest–highest). READY is when \
         Discord sends it; the first tap is on an event of {} members that nobody has touched \
         since the start. The program is {:.1} MiB.\n\n{}",
        grouped(float(options.signups), 0),
        options.runs,
        grouped(float(options.signups / world::EVENTS), 0),
        float(bytes) / f64::from(1 << 20),
        table(&["TLS", "start to READY, ms", "first tap to answer, ms"], &rows),
    );
    results::write(&options.common.results, "start", &text)
}
