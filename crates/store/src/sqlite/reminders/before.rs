//! A list of reminders as it was before its latest change, so that the change can be taken back.

use jiff::Timestamp;
use muster_domain::id::{EventId, GuildId, ReminderChangeId};
use muster_domain::limits::UNDO_WITHIN;
use muster_domain::reminder::Reminders as List;
use rusqlite::{Connection, OptionalExtension, params};

use super::{list_of, reminder_of};
use crate::model::{RemindersChanged, Whose};
use crate::port::Stored;
use crate::sqlite::columns::{Column, Columns, only};

/// Keeps the list as it is, in the place of what was kept of the change before.
pub(super) fn keep(
    db: &Connection,
    (guild, event): (GuildId, Option<EventId>),
    whose: Whose,
    at: Timestamp,
) -> Stored<ReminderChangeId> {
    const FORGET: &str = "DELETE FROM reminder_change WHERE guild = ?1 AND event IS ?2";
    const KEEP: &str = "
        INSERT INTO reminder_change (guild, event, at, was_own) VALUES (?1, ?2, ?3, ?4)
        RETURNING id";
    const COPY: &str = "
        INSERT INTO reminder_before
          (change, position, from_start, of_day, audience, role, place, words)
        SELECT ?3, row_number() OVER (ORDER BY id), from_start, of_day, audience, role, place, words
        FROM reminder WHERE guild = ?1 AND event IS ?2";
    let was_own = match whose {
        Whose::Event => true,
        Whose::Guild => event.is_none(),
        Whose::Usual => false,
    };
    let (guild, event) = (Column(guild), event.map(Column));
    db.prepare_cached(FORGET)?.execute(params![guild, event])?;
    let kept = params![guild, event, Column(at), was_own];
    let change: ReminderChangeId = db.prepare_cached(KEEP)?.query_row(kept, only)?;
    db.prepare_cached(COPY)?.execute(params![guild, event, Column(change)])?;
    Ok(change)
}

/// The list before this change, `None` if it was none of its own; or why it is not taken back.
pub(super) fn take_back(
    db: &Connection,
    (guild, event): (GuildId, Option<EventId>),
    change: ReminderChangeId,
    now: Timestamp,
) -> Stored<Result<Option<List>, RemindersChanged>> {
    const LATEST: &str = "
        SELECT at, was_own FROM reminder_change WHERE id = ?1 AND guild = ?2 AND event IS ?3";
    const LIST: &str = "
        SELECT from_start, of_day, audience, role, place, words
        FROM reminder_before WHERE change = ?1 ORDER BY position";
    let which = params![Column(change), Column(guild), event.map(Column)];
    let mut statement = db.prepare_cached(LATEST)?;
    let latest = statement.query_row(which, |row| {
        let mut columns = Columns::of(row);
        Ok((columns.take::<Timestamp>()?, columns.take::<bool>()?))
    });
    let Some((at, was_own)) = latest.optional()? else {
        return Ok(Err(RemindersChanged::ChangedSince));
    };
    if now.duration_since(at) > UNDO_WITHIN {
        return Ok(Err(RemindersChanged::TooLate));
    }
    let mut statement = db.prepare_cached(LIST)?;
    let rows = statement.query_map([Column(change)], |row| Ok(reminder_of(row)))?;
    let list = list_of(rows)?;
    Ok(Ok(was_own.then_some(list)))
}
