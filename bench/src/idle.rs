//! What a program costs that has nothing to do, with few and with very many guilds.

use std::time::Duration;

use clap::Args;
use futures_util::{StreamExt as _, TryStreamExt as _, stream};
use jiff::{SignedDuration, Timestamp};
use muster_domain::id::{ChannelId, GuildId, InteractionId, MessageId};
use muster_domain::settings::SettingsChange;
use muster_domain::zone::Zone;
use muster_store::model::{DeliveryEnd, EventOrigin, NewEvent};
use muster_store::port::{Deliveries as _, Events as _, Guilds as _};
use muster_store::sqlite::SqliteStore;

use crate::clock;
use crate::error::{BenchError, other};
use crate::figures::{Series, float, grouped, table};
use crate::machine::{self, Core};
use crate::results::{self, Common};
use crate::stage::{Size, Stage, program};
use crate::world;

/// Guilds that are compared.
const GUILDS: [u64; 2] = [10, 100_000];

/// Guilds that become available: Discord's own arrivals are not what is measured.
const AVAILABLE: u64 = 10;

/// Guilds written at the same time.
const AT_ONCE: usize = 512;

/// Events of each guild to come.
const EVENTS: u64 = 2;

/// The first of them begins so long from now, and each guild's a minute later, round and round
/// through a month: none has a reminder or begins while it is measured.
const FIRST: SignedDuration = SignedDuration::from_hours(24 * 3);
const ROUND_MINS: u64 = 30 * 24 * 60;

/// How to measure it.
#[derive(Args, Clone, Debug)]
pub(crate) struct Options {
    #[command(flatten)]
    common: Common,
    /// Runs; the median is reported, and the spread.
    #[arg(long, default_value_t = 3)]
    runs: u32,
    /// Seconds after READY from which on it is looked: what a first start goes through once takes a
    /// minute with the most guilds.
    #[arg(long, default_value_t = 90)]
    settle: u64,
    /// Seconds that are looked at.
    #[arg(long, default_value_t = 60)]
    seconds: u64,
}

/// What the runs showed.
#[derive(Default)]
struct Costs {
    cpu_ms: Series,
    wakes: Series,
    rss: Series,
}

pub(crate) fn measure(options: &Options) -> Result<(), BenchError> {
    let program = program(options.common.program.as_deref())?;
    let mut rows = Vec::new();
    for guilds in GUILDS {
        let size = Size { events: 1, answered: 0, ..Size::of(guilds, 1) };
        let stage = Stage::set(&options.common.folder, Size { guilds: 1, ..size })?.with(size);
        clock::runtime()?.block_on(fill(&stage, guilds))?;
        let mut costs = Costs::default();
        for _ in 0..options.runs {
            let (mut discord, address) = stage.discord_of(AVAILABLE)?;
            // A copy is due a minute after the start, which is not idleness.
            let off = [("BACKUP_INTERVAL", "off".to_owned())];
            let command = machine::on(Core::Measured, &program);
            let muster = stage.muster_with(command, &address, &off)?;
            discord.line()?;
            clock::pause(Duration::from_secs(options.settle));
            let before = machine::account(muster.process())?;
            clock::pause(Duration::from_secs(options.seconds));
            let spent = machine::account(muster.process())?.since(before);
            costs.cpu_ms.push(float(spent.cpu_ns) / 1e6 / float(options.seconds) * 60.0);
            costs.wakes.push(float(spent.sleeps) / float(options.seconds));
            costs.rss.push(float(machine::memory_kib(muster.process())?.0) / 1_024.0);
            muster.end()?;
            results::show_log(&stage.logged()?);
        }
        rows.push(vec![
            grouped(float(guilds), 0),
            costs.cpu_ms.spread(1),
            costs.wakes.spread(2),
            costs.rss.spread(1),
        ]);
    }
    results::write(&options.common.results, "idle", &text(options, &rows))
}

/// Writes guilds that were greeted, with a zone of their own and events to come.
async fn fill(stage: &Stage, guilds: u64) -> Result<(), BenchError> {
    let store = SqliteStore::open(&stage.database())?;
    let now = clock::today();
    let zone = Zone::parse("Europe/Berlin").map_err(|_| other("the zone"))?;
    let arrivals = (0..guilds).map(|number| store.guild_arrived(guild(number), now));
    stream::iter(arrivals).buffer_unordered(AT_ONCE).map_ok(drop).try_collect::<()>().await?;
    world::finish_greetings(&store).await?;
    let writes = (0..guilds).map(async |number| {
        let change = SettingsChange::Zone(Some(zone.clone()));
        store.change_settings(guild(number), change, now).await?;
        for event in 0..EVENTS {
            write(&store, number * EVENTS + event, now).await?;
        }
        Ok::<_, BenchError>(())
    });
    stream::iter(writes).buffer_unordered(AT_ONCE).try_collect::<()>().await?;
    Ok(store.close().await?)
}

const fn guild(number: u64) -> GuildId {
    GuildId::new(world::guild(number))
}

/// Writes an event that is posted.
async fn write(store: &SqliteStore, number: u64, now: Timestamp) -> Result<(), BenchError> {
    let guild = guild(number / EVENTS);
    let minutes = i64::try_from(number % ROUND_MINS).unwrap_or_default();
    let ahead = FIRST + SignedDuration::from_mins(minutes);
    let channel = ChannelId::new(guild.get() + 103);
    // Others have taken the first numbers.
    let interaction = InteractionId::new(number + 1_000);
    let new = NewEvent {
        guild,
        channel,
        origin: EventOrigin::Interaction(interaction),
        ..world::new_event(number, now + ahead)?
    };
    let created = store.create_event(new, now).await?;
    let lease = now + SignedDuration::from_secs(60);
    let claimed = store.claim(created.delivery, now, lease).await?;
    let claimed = claimed.ok_or_else(|| other("a new post could not be claimed"))?;
    let event = created.sheet.event;
    let message = MessageId::new(world::message_id(event.id.get()));
    let end = DeliveryEnd::Sent { channel, message, version: event.version };
    world::is_ours(store.finish(&claimed, end, now).await?)
}

fn text(options: &Options, rows: &[Vec<String>]) -> String {
    let Options { runs, settle, seconds, .. } = options;
    format!(
        "## Idle\n\nEach guild is in the database, with a zone of its own and {EVENTS} posted \
         events to come, and in READY, where all but {AVAILABLE} stay unavailable. For {seconds} s, \
         {settle} s after READY, nothing happens but heartbeats and, as after every start, a look at \
         the channels of one guild every 20 s, for up to two days; copies of the database are off. \
         Processor time and wake-ups are those of all threads together, by the kernel's account; the aim is at most 2 wake-ups a \
         second and the same cost with any number of guilds. Median of {runs} runs \
         (lowest–highest).\n\n{}",
        table(&["guilds", "CPU ms in a minute", "wake-ups a second", "resident set, MiB"], rows),
    )
}
