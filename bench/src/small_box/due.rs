//! Reminders that are due all the time, each of its own event, in many guilds and channels.

use std::path::Path;

use futures_util::{StreamExt as _, TryStreamExt as _, stream};
use jiff::{SignedDuration, Timestamp};
use muster_domain::reminder::{Audience, Reminder, ReminderTime};
use muster_sim::ids::{ChannelId, GuildId, RoleId};
use muster_store::sqlite::SqliteStore;

use crate::clock;
use crate::error::{BenchError, other};
use crate::planned::{self, Planned};
use crate::simulated::Place;
use crate::world;

/// Events written at the same time.
const AT_ONCE: usize = 256;

/// How long before the events the reminders come.
const AHEAD: SignedDuration = SignedDuration::from_mins(60);

/// How long it takes at most until everything is set: a while, and more for each reminder.
const SETTING: SignedDuration = SignedDuration::from_secs(15);
const SETTING_EACH: SignedDuration = SignedDuration::from_millis(5);

/// Guilds and channels in which they are: enough that Discord's limit of a channel holds none up.
const GUILDS: u64 = 100;
const CHANNELS: u64 = 5;

/// The number of the first event, so that its interactions are not those of taps.
const FIRST: u64 = 1 << 40;

/// Writes so many reminders, so many for each second; returns from when on they are due.
pub(super) fn database(
    path: &Path,
    guilds: u64,
    (count, each_second): (u64, u64),
) -> Result<Timestamp, BenchError> {
    clock::runtime()?.block_on(write(path, guilds.min(GUILDS), count, each_second))
}

async fn write(
    path: &Path,
    guilds: u64,
    count: u64,
    each_second: u64,
) -> Result<Timestamp, BenchError> {
    let store = SqliteStore::open(path)?;
    let now = clock::today();
    planned::without_usual(&store, (0..guilds).map(world::guild)).await?;
    let setting = i32::try_from(count).map_err(|_| other("too many reminders"))?;
    let begin = now + SETTING + SETTING_EACH * setting;
    let begin = Timestamp::from_second(begin.as_second()).map_err(|_| other("no such instant"))?;
    let writes = (0..count).map(async |number| {
        let second = i64::try_from(number / each_second.max(1)).unwrap_or(i64::MAX);
        let due = begin + SignedDuration::from_secs(second);
        let planned = planned(number, guilds, (due, now));
        planned::write(&store, planned, FIRST + number).await.map(drop)
    });
    stream::iter(writes).buffer_unordered(AT_ONCE).try_collect::<()>().await?;
    store.close().await?;
    Ok(begin)
}

fn planned(number: u64, guilds: u64, (due, now): (Timestamp, Timestamp)) -> Planned {
    let guild = world::guild(number % guilds.max(1));
    let channel = guild + 100 + number / guilds.max(1) % CHANNELS;
    let place = Place {
        guild: GuildId::new(guild),
        channel: ChannelId::new(channel),
        role: RoleId::new(guild + 201),
    };
    let reminder =
        Reminder { audience: Audience::Expected, ..Reminder::at(ReminderTime::Before(AHEAD)) };
    Planned {
        title: format!("Walk {number}"),
        place,
        start: due + AHEAD,
        created: now,
        reminders: vec![reminder],
        answers: vec![world::member(0), world::member(1)],
        post: Some(world::message_id(FIRST + number)),
    }
}
