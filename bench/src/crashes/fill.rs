//! Writes what is due during a crash run into the database before it begins.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;
use std::time::Duration;

use futures_util::{StreamExt as _, TryStreamExt as _, stream};
use jiff::{SignedDuration, Timestamp};
use muster_domain::id::RoleId;
use muster_domain::reminder::{Audience, Reminder, ReminderTime};
use muster_domain::text::Announcement;
use muster_store::sqlite::SqliteStore;

use super::judge::{self, Key};
use super::plan::{Event, Kind};
use crate::clock;
use crate::error::{BenchError, other};
use crate::planned::{self, Planned};
use crate::simulated::Simulated;

/// Events written at the same time.
const AT_ONCE: usize = 128;

/// How long writing may take: what is due is due from then on.
const WRITING: SignedDuration = SignedDuration::from_secs(3);
const WRITING_EACH: SignedDuration = SignedDuration::from_millis(6);

/// How long before events the reminders are that come before them: far enough that no time away
/// makes them too late.
const AHEAD_MINS: i64 = 60;

/// What is due.
pub(crate) struct Due {
    pub(crate) keys: BTreeSet<Key>,
    /// Which reminder of an event is due at which instant, in milliseconds.
    pub(crate) reminders: BTreeMap<(u64, i64), Key>,
    /// When the last of them is due.
    pub(crate) last: Timestamp,
}

/// Writes the events; returns what has to come of them.
pub(crate) async fn database(
    path: &Path,
    discord: &Simulated,
    events: &[Event],
) -> Result<Due, BenchError> {
    let store = SqliteStore::open(path)?;
    planned::guilds(&store, discord).await?;
    let count = i32::try_from(events.len()).map_err(|_| other("too many events"))?;
    let begin = clock::today() + WRITING + WRITING_EACH * count;
    // On a whole second: reminders are due on the second.
    let begin = Timestamp::from_second(begin.as_second()).map_err(|_| other("no such instant"))?;
    let mut due = Due { keys: BTreeSet::new(), reminders: BTreeMap::new(), last: begin };
    let writes = (0..).zip(events).map(async |(number, event)| {
        let planned = planned(number, event, begin, discord)?;
        let id = planned::write(&store, planned, number).await?;
        Ok::<_, BenchError>((id.get(), event))
    });
    let mut written = stream::iter(writes).buffer_unordered(AT_ONCE);
    while let Some((id, event)) = written.try_next().await? {
        due.keys.insert(Key::Post(id));
        for word in 0..event.words {
            let at = begin + event.first + Duration::from_mins(word);
            due.keys.insert(Key::Reminder(id, word));
            due.reminders.insert((id, at.as_millisecond()), Key::Reminder(id, word));
            due.last = due.last.max(at);
        }
    }
    drop(written);
    store.close().await?;
    Ok(due)
}

fn planned(
    number: u64,
    event: &Event,
    begin: Timestamp,
    discord: &Simulated,
) -> Result<Planned, BenchError> {
    let place = discord.place(number)?;
    let first = begin + event.first;
    let start = match event.kind {
        Kind::Ahead => first + SignedDuration::from_mins(AHEAD_MINS),
        Kind::Beginning => first,
        Kind::Running => first - SignedDuration::from_mins(1),
    };
    let reminders = (0..event.words).map(|word| {
        let due = first + Duration::from_mins(word);
        let before = start.duration_since(due);
        let time = if before.is_negative() {
            ReminderTime::After(-before)
        } else {
            ReminderTime::Before(before)
        };
        // Who answered can be mentioned; nobody can answer what has begun.
        let audience = if event.kind == Kind::Running || word % 2 == 1 {
            Audience::Role(RoleId::new(place.role.get()))
        } else {
            Audience::Expected
        };
        let text = Announcement::parse(&judge::words(word)).map_err(|_| other("the words"))?;
        Ok(Reminder { audience, text: Some(text), ..Reminder::at(time) })
    });
    let answers = match event.kind {
        Kind::Ahead | Kind::Beginning => {
            discord.members.iter().take(2).map(|id| id.get()).collect()
        }
        Kind::Running => Vec::new(),
    };
    Ok(Planned {
        title: format!("Walk {number}"),
        place,
        start,
        created: begin + event.created,
        reminders: reminders.collect::<Result<_, BenchError>>()?,
        answers,
        post: None,
    })
}
