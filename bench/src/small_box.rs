//! The whole bot on exactly the guide's box: one core, 1.25 GiB of memory and as much disk, with
//! members who tap, reminders that are due, backups and an open dashboard, all at the same time.

mod due;
mod premises;
mod report;

use std::time::Duration;

use clap::Args;

use self::premises::Premises;
use self::report::Measured;
use crate::clock;
use crate::error::{BenchError, other};
use crate::machine::{self, Core};
use crate::metrics::{self, Page};
use crate::results::{self, Common};
use crate::stage::{Size, Stage, program};
use crate::tally::Load;
use crate::watch::{Subject, Watch};

/// The box, in bytes: 1.25 GiB of memory, and as much disk.
const BOX_BYTES: u64 = 1_342_177_280;

/// How often Prometheus would ask.
const SCRAPE: Duration = Duration::from_secs(15);

/// How long the last reminders may take.
const PATIENCE: Duration = Duration::from_secs(5);

/// How to measure in the box.
#[derive(Args, Clone, Debug)]
pub(crate) struct Options {
    #[command(flatten)]
    common: Common,
    /// Seconds of load. The first backup comes a minute after the start.
    #[arg(long, default_value_t = 600)]
    seconds: u64,
    /// Taps a second.
    #[arg(long, default_value_t = 1_000)]
    rate: u64,
    /// Guilds that the bot is in.
    #[arg(long, default_value_t = 2_499)]
    guilds: u64,
    /// Members who tap, on each of 16 events.
    #[arg(long, default_value_t = 1_000)]
    members: u64,
    /// Reminders that are due in each second.
    #[arg(long, default_value_t = 5)]
    reminders: u64,
    /// A minute and a half, with one backup, to see that it works.
    #[arg(long)]
    short: bool,
}

pub(crate) fn measure(options: &Options) -> Result<(), BenchError> {
    let mut options = options.clone();
    if options.short {
        options.seconds = options.seconds.min(75);
    }
    // First, so that it goes last: what is in it has to be gone then.
    let premises = Premises::make(&options.common.folder, BOX_BYTES)?;
    let measured = run(&options, &premises)?;
    let text = measured.text(&options, &premises);
    drop(premises);
    results::write(&options.common.results, "box", &text)
}

fn run(options: &Options, premises: &Premises) -> Result<Measured, BenchError> {
    let stage = Stage::set(premises.disk(), Size::of(options.guilds, options.members))?;
    let reminders = options.reminders * options.seconds;
    let guilds = options.guilds;
    let first_due = due::database(&stage.database(), guilds, (reminders, options.reminders))?;
    let (mut discord, discord_address) = stage.discord()?;
    let program = program(options.common.program.as_deref())?;
    let address = metrics::free_address()?;
    let variables = [("HTTP_ADDR", address.to_string()), ("BACKUP_INTERVAL", "10m".to_owned())];
    let command = premises.within(&machine::on(Core::Measured, &program));
    let muster = stage.muster_with(command, &discord_address, &variables)?;
    premises.holds(muster.process());
    discord.line()?;
    let process = muster.process();
    let backups = stage.path().join("backups");
    let watch = Watch::begin(Subject { process, address, scrape: SCRAPE, backups })?;
    let page = Page::open(address)?;
    let left = Duration::try_from(first_due.duration_since(clock::today()));
    clock::pause(left.map_err(|_| other("setting the stage took too long"))?);
    // By now the stand-in has told of all guilds; its first tap says so.
    discord.run(Load::Count(1))?;
    let (began, cpu) = (clock::now(), machine::cpu_seconds(process)?);
    let report = discord.run(Load::Rate(options.rate, options.seconds))?;
    let cpu_seconds = machine::cpu_seconds(process)? - cpu;
    clock::pause(PATIENCE);
    let measured = Measured {
        began,
        cpu_seconds,
        reminders,
        news: page.news(),
        peak_mib: machine::peak_mib(process)?,
        files_allowed: machine::open_files_max(process),
        group_max: premises.group_max(),
        seen: watch.end()?,
        report,
    };
    drop(page);
    muster.end()?;
    premises.holds_none();
    results::show_log(&stage.logged()?);
    Ok(measured)
}
