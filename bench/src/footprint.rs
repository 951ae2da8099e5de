//! Resident set of the real program, connected to a simulated Discord in a process of its own.

use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use clap::Args;
use jiff::Timestamp;
use muster_sim::{Sim, SimConfig, seed};

use crate::BenchError;
use crate::machine;

/// How to measure the resident set.
#[derive(Args, Debug)]
pub(crate) struct Options {
    /// The program.
    #[arg(long, default_value = "target/release/muster")]
    program: PathBuf,
    /// Seconds after READY at which it is read.
    #[arg(long, default_value_t = 30)]
    seconds: u64,
    /// Runs; the median is reported, and the spread.
    #[arg(long, default_value_t = 3)]
    runs: usize,
}

pub(crate) fn measure(options: &Options) -> Result<String, BenchError> {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .map_err(|error| BenchError::Io("the event loop", error))?;
    let mut kib = Vec::new();
    for _ in 0..options.runs {
        kib.push(runtime.block_on(one_run(options))?);
    }
    kib.sort_unstable();
    let mib = |kib: Option<&u64>| {
        kib.copied()
            .and_then(|kib| u32::try_from(kib).ok())
            .map_or(0.0, |kib| f64::from(kib) / 1_024.0)
    };
    let binary = std::fs::metadata(&options.program)
        .map_err(|error| BenchError::Io("the program", error))?
        .len();
    Ok(format!(
        "Resident set of `muster run` {} s after READY at two small guilds\n\
         on {}, median of {} runs (lowest to highest): {:.1} MiB ({:.1} to {:.1})\n\
         Binary: {binary} bytes",
        options.seconds,
        machine::describe(),
        options.runs,
        mib(kib.get(kib.len() / 2)),
        mib(kib.first()),
        mib(kib.last()),
    ))
}

async fn one_run(options: &Options) -> Result<u64, BenchError> {
    let demo = seed::demo(1, now());
    let app = demo.app;
    let sim = muster_sim::start(demo.world, SimConfig::default()).await?;
    let folder = std::env::temp_dir().join(format!("muster-footprint-{}", std::process::id()));
    std::fs::create_dir_all(&folder).map_err(|error| BenchError::Io("the folder", error))?;
    let mut program = start(&options.program, &sim, &folder)?;
    let mut waited = 0;
    while !sim.is_online(app) && waited < 200 {
        pause(Duration::from_millis(100)).await;
        waited += 1;
    }
    let resident = if sim.is_online(app) {
        pause(Duration::from_secs(options.seconds)).await;
        resident_kib(program.id())
    } else {
        Err(BenchError::Other("the bot did not connect"))
    };
    program.kill().map_err(|error| BenchError::Io("ending the program", error))?;
    program.wait().map_err(|error| BenchError::Io("ending the program", error))?;
    sim.stop().await;
    std::fs::remove_dir_all(&folder).map_err(|error| BenchError::Io("the folder", error))?;
    resident
}

fn start(program: &Path, sim: &Sim, folder: &Path) -> Result<Child, BenchError> {
    Command::new(program)
        .arg("run")
        .env("DISCORD_TOKEN", seed::TOKEN)
        .env("DISCORD_API_URL", sim.url())
        .env("DATABASE_URL", format!("sqlite:{}", folder.join("muster.db").display()))
        .env("LOG", "warn")
        .stdin(Stdio::null())
        .spawn()
        .map_err(|error| BenchError::Io("the program", error))
}

/// `VmRSS` of a process, in KiB.
fn resident_kib(process: u32) -> Result<u64, BenchError> {
    let status = std::fs::read_to_string(format!("/proc/{process}/status"))
        .map_err(|error| BenchError::Io("the kernel's account of the program", error))?;
    status
        .lines()
        .find_map(|line| line.strip_prefix("VmRSS:"))
        .and_then(|value| value.trim().trim_end_matches(" kB").parse().ok())
        .ok_or(BenchError::Other("the kernel gives no resident set"))
}

#[expect(clippy::disallowed_methods, reason = "a measurement needs the real clock")]
fn now() -> Timestamp {
    Timestamp::now()
}

#[expect(clippy::disallowed_methods, reason = "a measurement needs the real clock")]
async fn pause(duration: Duration) {
    tokio::time::sleep(duration).await;
}
