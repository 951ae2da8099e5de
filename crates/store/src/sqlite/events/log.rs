//! The history of what organisers did to an event: what it was like after each change.

use jiff::Timestamp;
use muster_domain::change::EventChange;
use muster_domain::event::{Event, EventDetails};
use muster_domain::id::{EventId, InteractionId, UserId};
use muster_domain::text::{Description, Location};
use rusqlite::{Connection, OptionalExtension, params};

use super::event_row::{details_of, span_of};
use crate::port::Stored;
use crate::sqlite::columns::{Column, Columns, nullable, only};

/// Who did what to an event, and when.
pub(super) struct Entry {
    pub(super) change: &'static str,
    pub(super) by: UserId,
    /// The interaction that asked for a change.
    pub(super) interaction: Option<InteractionId>,
    pub(super) at: Timestamp,
}

/// The word for a change in the history.
pub(super) const fn word(change: &EventChange) -> &'static str {
    match change {
        EventChange::Edit(_) => "edited",
        EventChange::Cancel => "cancelled",
        EventChange::Restore => "restored",
        EventChange::Close => "closed",
        EventChange::Reopen => "reopened",
        EventChange::Delete => "deleted",
    }
}

/// Adds to the history what the event is like after a change.
pub(super) fn record(db: &Connection, event: &Event, entry: &Entry) -> Stored<()> {
    const SQL: &str = "
        INSERT INTO event_log (event, version, by, at, change, title, starts_at, ends_at, zone,
          description, location, capacity, answers_close_at_end, closed_at, cancelled_at,
          deleted_at, interaction)
        VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16, ?17)";
    let details = &event.details;
    db.prepare_cached(SQL)?.execute(params![
        Column(event.id),
        Column(event.version),
        Column(entry.by),
        Column(entry.at),
        entry.change,
        details.title.as_str(),
        Column(details.span.start()),
        Column(details.span.end()),
        details.zone.name(),
        details.description.as_ref().map(Description::as_str),
        details.location.as_ref().map(Location::as_str),
        details.capacity.map(Column),
        Column(event.answers_close),
        nullable(event.closed_at.as_ref()),
        nullable(event.cancelled_at.as_ref()),
        nullable(event.deleted_at.as_ref()),
        entry.interaction.map(Column),
    ])?;
    Ok(())
}

/// Whether this interaction's change was made before.
pub(super) fn is_made(db: &Connection, interaction: InteractionId) -> Stored<bool> {
    const SQL: &str = "SELECT EXISTS (SELECT 1 FROM event_log WHERE interaction = ?1)";
    Ok(db.prepare_cached(SQL)?.query_row([Column(interaction)], only)?)
}

/// What an organiser had decided about an event when it had this version; `None` if it never had.
pub(super) fn details_as_of(
    db: &Connection,
    event: EventId,
    version: u64,
) -> Stored<Option<EventDetails>> {
    const SQL: &str = "
        SELECT title, starts_at, ends_at, zone, description, location, capacity FROM event_log
        WHERE event = ?1 AND version <= ?2 ORDER BY version DESC LIMIT 1";
    let mut statement = db.prepare_cached(SQL)?;
    let mut rows = statement.query(params![Column(event), Column(version)])?;
    rows.next()?.map(|row| details_of(&mut Columns::of(row))).transpose()
}

/// Who edited an event last.
pub(super) fn last_editor(db: &Connection, event: EventId) -> Stored<Option<UserId>> {
    const SQL: &str = "
        SELECT by FROM event_log
        WHERE event = ?1 AND change = 'edited' ORDER BY version DESC LIMIT 1";
    Ok(db.prepare_cached(SQL)?.query_row([Column(event)], only).optional()?)
}

/// The event as it stood at an earlier version, as far as news depends on it: its times, and
/// whether it was called off.
pub(super) fn as_of(db: &Connection, event: &Event, version: u64) -> Stored<Event> {
    const SQL: &str = "
        SELECT starts_at, ends_at, cancelled_at FROM event_log
        WHERE event = ?1 AND version <= ?2 ORDER BY version DESC LIMIT 1";
    let mut statement = db.prepare_cached(SQL)?;
    let mut rows = statement.query(params![Column(event.id), Column(version)])?;
    let Some(row) = rows.next()? else {
        return Ok(event.clone());
    };
    let mut columns = Columns::of(row);
    Ok(Event {
        details: EventDetails { span: span_of(&mut columns)?, ..event.details.clone() },
        cancelled_at: columns.take_nullable()?,
        ..event.clone()
    })
}
