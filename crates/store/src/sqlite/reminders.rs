//! Reminders in SQLite: lists of guilds and events, and what changes with them.

mod before;
mod parts;

use jiff::Timestamp;
use muster_domain::event::Event;
use muster_domain::id::{EventId, GuildId, RoleId, UserId};
use muster_domain::limits::REMINDER_AFTER_MAX;
use muster_domain::reminder::{Reminder, ReminderChoice, Reminders as List};
use rusqlite::{Connection, OptionalExtension, Row, params};

pub(super) use self::parts::{ReminderParts, audience};
use super::columns::{Column, Columns, only, whole_ms};
use super::set_aside::{DueRow, apart};
use super::writer::Tx;
use super::{SqliteStore, events, guilds, wishes};
use crate::error::StoreError;
use crate::model::{
    Cause, Deed, MemberReminders, ReminderChange, ReminderList, ReminderRequest, RemindersChanged,
    Whose,
};
use crate::port::{Reminders, Stored};

impl Reminders for SqliteStore {
    async fn reminders(
        &self,
        guild: GuildId,
        event: Option<EventId>,
    ) -> Stored<Option<ReminderList>> {
        self.read(move |db| match event {
            Some(id) => Ok(event_of(db, guild, id)?.map(|event| of(db, &event)).transpose()?),
            None => of_guild(db, guild).map(Some),
        })
        .await
    }

    async fn change_reminders(&self, request: ReminderRequest) -> Stored<RemindersChanged> {
        self.write(move |tx| change(tx, request)).await
    }

    async fn member_reminders(&self, guild: GuildId, member: UserId) -> Stored<MemberReminders> {
        self.read(move |db| wishes::read(db, guild, member)).await
    }

    async fn choose_reminders(
        &self,
        guild: GuildId,
        member: UserId,
        choice: ReminderChoice,
        at: Timestamp,
    ) -> Stored<MemberReminders> {
        self.write(move |tx| wishes::choose(tx.db, guild, member, choice, whole_ms(at))).await
    }

    async fn who_came_before(&self, guild: GuildId, event: EventId) -> Stored<Vec<UserId>> {
        self.read(move |db| match event_of(db, guild, event)? {
            Some(event) => events::who_came_before(db, &event),
            None => Ok(Vec::new()),
        })
        .await
    }
}

fn event_of(db: &Connection, guild: GuildId, id: EventId) -> Stored<Option<Event>> {
    let found = events::event_row::read(db, id)?;
    Ok(found.filter(|event| event.guild == guild && event.deleted_at.is_none()))
}

/// The reminders of an event: its own, or its guild's, or the usual ones.
pub(super) fn of(db: &Connection, event: &Event) -> Stored<ReminderList> {
    match own(db, event.id)? {
        Some(reminders) => Ok(ReminderList { reminders, whose: Whose::Event }),
        None => of_guild(db, event.guild),
    }
}

/// The reminders that an event has of its own; `None` if it has those of its guild.
pub(super) fn own(db: &Connection, event: EventId) -> Stored<Option<List>> {
    const OWN: &str = "SELECT own_reminders FROM event WHERE id = ?1";
    const LIST: &str = "
        SELECT from_start, of_day, audience, role, place, words
        FROM reminder WHERE event = ?1 ORDER BY id";
    if !db.prepare_cached(OWN)?.query_row([Column(event)], only)? {
        return Ok(None);
    }
    let mut statement = db.prepare_cached(LIST)?;
    let rows = statement.query_map([Column(event)], |row| Ok(reminder_of(row)))?;
    list_of(rows).map(Some)
}

fn of_guild(db: &Connection, guild: GuildId) -> Stored<ReminderList> {
    const OWN: &str = "SELECT own_reminders FROM guild WHERE id = ?1";
    const LIST: &str = "
        SELECT from_start, of_day, audience, role, place, words
        FROM reminder WHERE guild = ?1 AND event IS NULL ORDER BY id";
    let own: Option<bool> = db.prepare_cached(OWN)?.query_row([Column(guild)], only).optional()?;
    if own != Some(true) {
        return Ok(ReminderList { reminders: List::default(), whose: Whose::Usual });
    }
    let mut statement = db.prepare_cached(LIST)?;
    let rows = statement.query_map([Column(guild)], |row| Ok(reminder_of(row)))?;
    Ok(ReminderList { reminders: list_of(rows)?, whose: Whose::Guild })
}

fn list_of(rows: impl Iterator<Item = rusqlite::Result<Stored<Reminder>>>) -> Stored<List> {
    let reminders: Vec<Reminder> =
        rows.map(|row| row.map_err(StoreError::from)?).collect::<Stored<_>>()?;
    Ok(List::from_stored(reminders))
}

fn reminder_of(row: &Row<'_>) -> Stored<Reminder> {
    let mut columns = Columns::of(row);
    let parts = ReminderParts {
        from_start: columns.take_nullable()?,
        of_day: columns.take_nullable()?,
        audience: columns.take()?,
        role: columns.take_nullable::<RoleId>()?.map(RoleId::get),
        place: columns.take()?,
        words: columns.take_nullable()?,
    };
    parts.read()
}

fn change(tx: &mut Tx<'_>, mut request: ReminderRequest) -> Stored<RemindersChanged> {
    request.at = whole_ms(request.at);
    let ReminderRequest { guild, event, change, by, at } = request;
    let before = match event {
        Some(id) => match event_of(tx.db, guild, id)? {
            Some(event) => of(tx.db, &event)?,
            None => return Ok(RemindersChanged::NoSuchEvent),
        },
        None => of_guild(tx.db, guild)?,
    };
    let ReminderList { reminders: list, whose } = before.clone();
    let (after, removed) = match change {
        ReminderChange::Undo(change) => match before::take_back(tx.db, (guild, event), change, at)?
        {
            Ok(after) => (after, None),
            Err(refused) => return Ok(refused),
        },
        ReminderChange::Add(reminder) => match list.with(reminder) {
            Ok(after) => (Some(after), None),
            Err(refused) => return Ok(RemindersChanged::Refused(refused)),
        },
        ReminderChange::Remove(key) => match list.without(key) {
            Some((after, removed)) => (Some(after), Some(removed)),
            None => return Ok(RemindersChanged::NotThere),
        },
        ReminderChange::Reset => (None, None),
    };
    guilds::ensure(tx.db, guild)?;
    // What is due by now goes out as it was planned; the new list holds from now on.
    let concerned = concerned(tx.db, guild, event, at)?;
    for id in &concerned {
        apart_of_many(tx, (*id, event), at, |tx| events::turn_if_due(tx, *id, at))?;
    }
    let change = before::keep(tx.db, (guild, event), whose, at)?;
    put(tx.db, (guild, event), after.as_ref())?;
    let now = match event {
        Some(id) => match event_of(tx.db, guild, id)? {
            Some(event) => {
                let now = of(tx.db, &event)?;
                if now != before {
                    events::deed_log::record(tx.db, &event, Deed::Reminders, Cause { by, at })?;
                }
                now
            }
            None => return Ok(RemindersChanged::NoSuchEvent),
        },
        None => of_guild(tx.db, guild)?,
    };
    // All of them follow this list, which can be long: it is read once.
    let list = &now.reminders;
    for id in concerned {
        apart_of_many(tx, (id, event), at, |tx| events::plan_reminders(tx.db, id, list, at))?;
    }
    Ok(RemindersChanged::Made(now, removed, change))
}

/// Does what a change means for one event. If that cannot be read, the list of a guild is changed
/// all the same; the list of that event is not.
fn apart_of_many(
    tx: &mut Tx<'_>,
    (event, asked): (EventId, Option<EventId>),
    at: Timestamp,
    work: impl FnOnce(&mut Tx<'_>) -> Stored<()>,
) -> Stored<()> {
    match asked {
        Some(_) => work(tx),
        None => apart(tx, DueRow::Event(event), at, work).map(drop),
    }
}

/// The events whose reminders follow a list, and of which some can still be due. Those that are set
/// aside follow it once they are read again.
fn concerned(
    db: &Connection,
    guild: GuildId,
    event: Option<EventId>,
    at: Timestamp,
) -> Stored<Vec<EventId>> {
    const SQL: &str = "
        SELECT id FROM event
        WHERE guild = ?1 AND ends_at > ?2 AND own_reminders = 0 AND deleted_at IS NULL
          AND NOT EXISTS (SELECT 1 FROM unreadable u WHERE u.kind = 'event' AND u.id = event.id)";
    if let Some(event) = event {
        return Ok(vec![event]);
    }
    let over = at.saturating_sub(REMINDER_AFTER_MAX).unwrap_or(Timestamp::MIN);
    events::ids(db, SQL, params![Column(guild), Column(over)])
}

/// Gives a guild or an event this list, or none of its own.
pub(super) fn put(
    db: &Connection,
    (guild, event): (GuildId, Option<EventId>),
    list: Option<&List>,
) -> Stored<()> {
    const CLEAR: &str = "DELETE FROM reminder WHERE guild = ?1 AND event IS ?2";
    const OF_GUILD: &str = "UPDATE guild SET own_reminders = ?2 WHERE id = ?1";
    const OF_EVENT: &str = "UPDATE event SET own_reminders = ?2 WHERE id = ?1";
    const PUT: &str = "
        INSERT INTO reminder (guild, event, from_start, of_day, audience, role, place, words)
        VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)";
    let (guild, is_own) = (Column(guild), list.is_some());
    db.prepare_cached(CLEAR)?.execute(params![guild, event.map(Column)])?;
    match event {
        Some(event) => db.prepare_cached(OF_EVENT)?.execute(params![Column(event), is_own])?,
        None => db.prepare_cached(OF_GUILD)?.execute(params![guild, is_own])?,
    };
    let mut statement = db.prepare_cached(PUT)?;
    for reminder in list.into_iter().flat_map(List::iter) {
        let ReminderParts { from_start, of_day, audience, role, place, words } =
            ReminderParts::of(reminder);
        statement.execute(params![
            guild,
            event.map(Column),
            from_start,
            of_day,
            audience,
            role.map(RoleId::new).map(Column),
            place,
            words
        ])?;
    }
    Ok(())
}
