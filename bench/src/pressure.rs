//! The bot in a control group of 64 MiB that fills and empties: what it does about it, and whether
//! whoever taps notices.

mod alarms;
mod report;

use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use clap::Args;
use jiff::Timestamp;
use muster_domain::id::GuildId;
use muster_store::port::Guilds as _;
use muster_store::sqlite::SqliteStore;

use self::alarms::Alarms;
use self::report::{Phase, Run};
use crate::control_group::SmallBox;
use crate::dashboard::{Dashboard, Figures};
use crate::error::{BenchError, io, other};
use crate::figures::float;
use crate::load::Remote;
use crate::results::{self, Common};
use crate::stage::{Size, Stage, program};
use crate::tally::Load;
use crate::{clock, machine, world};

const MIB: u64 = 1 << 20;

/// What the group may use.
const LIMIT: u64 = 64 * MIB;

/// How full the group is made, phase by phase, in percent; 0 is the bot alone.
const PHASES: [(&str, u64); 6] = [
    ("calm", 0),
    ("fills", 60),
    ("fuller", 78),
    ("nearly full", 91),
    ("emptier", 60),
    ("calm again", 0),
];

/// What a neighbour takes beside what it is told to.
const NEIGHBOUR_ITSELF: u64 = 2 * MIB;

/// Guilds that removed the bot long ago. Deleting them is work that can wait, a piece every
/// twentieth of a second; so many last longer than the run.
const REMOVED: u64 = 4_000;

/// How often the figures are asked for.
const SCRAPED_EVERY: Duration = Duration::from_millis(500);

/// How to measure it.
#[derive(Args, Clone, Debug)]
pub(crate) struct Options {
    #[command(flatten)]
    common: Common,
    /// Seconds of each phase; at least 8, as a level falls after three samples.
    #[arg(long, default_value_t = 20)]
    seconds: u64,
    /// Taps a second.
    #[arg(long, default_value_t = 200)]
    rate: u64,
}

/// How to be a neighbour.
#[derive(Args, Clone, Debug)]
pub(crate) struct Neighbour {
    /// Bytes to hold.
    #[arg(long)]
    bytes: usize,
}

/// Takes memory and holds it until whoever started this process lets go of it.
pub(crate) fn neighbour(options: &Neighbour) -> Result<(), BenchError> {
    // Not zeros: pages of these are only promised.
    let held = vec![1_u8; options.bytes];
    crate::tally::say(&std::hint::black_box(&held).len().to_string())?;
    drop(std::io::stdin().lines().next());
    Ok(())
}

pub(crate) fn measure(options: &Options) -> Result<(), BenchError> {
    let small = match SmallBox::of(LIMIT) {
        Ok(small) => small,
        Err(error) => {
            results::say(&format!("No control group can be made ({error}): this needs root.\n"));
            return Ok(());
        }
    };
    let stage = Stage::set(&options.common.folder, Size::of(1, 200))?;
    clock::runtime()?.block_on(fill(&stage))?;
    let (mut discord, address) = stage.discord()?;
    let dashboard = Dashboard::free()?;
    let alarms = Alarms::listen()?;
    let program = program(options.common.program.as_deref())?;
    let command = machine::on(machine::Core::Measured, &program);
    let mut command = stage.muster_command(command, &address);
    command
        .env("HTTP_ADDR", dashboard.address())
        .env("ALERT_WEBHOOK_URL", alarms.address())
        .env("RESOURCE_SAMPLE_INTERVAL", "1s")
        // What is looked at is memory.
        .env("ALERT_CPU", "98,99,100")
        .env("ALERT_DISK", "98,99,100")
        .env("TASK_CPU_LIMIT", "100");
    let muster = stage.start(small.command(&command))?;
    discord.line()?;
    dashboard.wait()?;
    let phases = all_phases(options, &small, dashboard, &mut discord)?;
    muster.end()?;
    results::show_log(&stage.logged()?);
    let run = Run { phases, told: alarms.told(), killed: small.killed() };
    results::write(&options.common.results, "pressure", &run.text(options))?;
    let missing = run.missing();
    if missing.is_empty() { Ok(()) } else { Err(other(&missing.join("; "))) }
}

async fn fill(stage: &Stage) -> Result<(), BenchError> {
    let store = SqliteStore::open(&stage.database())?;
    let long_ago: Timestamp = "2026-01-01T00:00:00Z".parse().map_err(|_| other("a date"))?;
    for number in 1..=REMOVED {
        let guild = GuildId::new(world::guild(number));
        store.guild_arrived(guild, long_ago).await?;
        store.guild_left(guild, long_ago).await?;
    }
    world::finish_greetings(&store).await?;
    Ok(store.close().await?)
}

fn all_phases(
    options: &Options,
    small: &SmallBox,
    dashboard: Dashboard,
    discord: &mut Remote,
) -> Result<Vec<Phase>, BenchError> {
    let mut phases = Vec::new();
    let mut beside = Vec::new();
    for (name, percent) in PHASES {
        let wanted = LIMIT * percent / 100;
        settle(small, dashboard, &mut beside, wanted)?;
        let neighbours = beside.iter().map(|(_, bytes)| bytes).sum::<u64>();
        let mut phase = Phase::of(name, neighbours / MIB);
        let load = Load::Rate(options.rate, options.seconds.max(8));
        watch(dashboard, &mut phase, || discord.run(load))?;
        results::say(&phase.line());
        phases.push(phase);
    }
    Ok(phases)
}

/// Has neighbours come or go until about so much of the group is used.
fn settle(
    small: &SmallBox,
    dashboard: Dashboard,
    beside: &mut Vec<(Remote, u64)>,
    wanted: u64,
) -> Result<(), BenchError> {
    // Whoever leaves is taken off by what it took; whoever comes is one of the right size.
    while used(dashboard)? > float(wanted) + float(2 * MIB) && beside.pop().is_some() {
        // The next sample shows it.
        clock::pause(Duration::from_millis(2_500));
    }
    let missing = float(wanted) - used(dashboard)? - float(NEIGHBOUR_ITSELF);
    if missing < float(MIB) {
        return Ok(());
    }
    // Whole mebibytes.
    let bytes = (1..=LIMIT / MIB).map(|mib| mib * MIB).take_while(|bytes| float(*bytes) <= missing);
    let bytes = bytes.last().unwrap_or(MIB);
    let this = std::env::current_exe().map_err(io("this program"))?;
    let mut command = machine::on(machine::Core::Load, &this);
    command.args(["neighbour", "--bytes", &bytes.to_string()]);
    let mut neighbour = Remote::start(small.command(&command))?;
    neighbour.line()?;
    beside.push((neighbour, bytes));
    Ok(())
}

fn used(dashboard: Dashboard) -> Result<f64, BenchError> {
    Ok(dashboard.figures()?.of("muster_memory_used_bytes"))
}

/// Does a load and looks at the figures all the while.
fn watch(
    dashboard: Dashboard,
    phase: &mut Phase,
    load: impl FnOnce() -> Result<crate::tally::Report, BenchError>,
) -> Result<(), BenchError> {
    let is_over = AtomicBool::new(false);
    std::thread::scope(|threads| {
        let scraper = std::thread::Builder::new().name("scraper".to_owned());
        let scraping = scraper
            .spawn_scoped(threads, || scrape(dashboard, &is_over))
            .map_err(io("a thread"))?;
        let report = load();
        is_over.store(true, Ordering::Relaxed);
        let seen = scraping.join().map_err(|_| other("the scraper panicked"))?;
        phase.taps = report?;
        for figures in &seen {
            phase.saw(figures);
        }
        Ok(())
    })
}

fn scrape(dashboard: Dashboard, is_over: &AtomicBool) -> Vec<Figures> {
    let mut seen = Vec::new();
    while !is_over.load(Ordering::Relaxed) {
        seen.extend(dashboard.figures());
        clock::pause(SCRAPED_EVERY);
    }
    seen
}
