//! The history of what organisers did to an event: what it was like after each change.

use jiff::Timestamp;
use muster_domain::change::EventChange;
use muster_domain::event::{Event, Span};
use muster_domain::id::{EventId, InteractionId, UserId};
use muster_domain::text::{Description, ImageUrl, Location};
use rusqlite::{Connection, OptionalExtension, Row, params};

use super::event_row::details_of;
use super::{option_row, rules_row};
use crate::model::EventStep;
use crate::port::Stored;
use crate::sqlite::columns::{Column, Columns, nullable, only};

/// Who did what to an event, and when.
pub(super) struct Entry {
    pub(super) step: EventStep,
    /// Whether this takes the change before back.
    pub(super) takes_back: bool,
    pub(super) by: UserId,
    /// The interaction that asked for a change.
    pub(super) interaction: Option<InteractionId>,
    pub(super) at: Timestamp,
}

/// A change as the history has it.
pub(super) const fn step(change: &EventChange) -> EventStep {
    match change {
        EventChange::Edit(_) => EventStep::Edited,
        // Organisers find the role among the rules.
        EventChange::Rules(_) | EventChange::Mention(_) => EventStep::Rules,
        EventChange::Options(_) => EventStep::Options,
        EventChange::Image(_) => EventStep::Image,
        EventChange::Cancel => EventStep::Cancelled,
        EventChange::Restore | EventChange::BringBack => EventStep::Restored,
        EventChange::Close => EventStep::Closed,
        EventChange::Reopen => EventStep::Reopened,
        EventChange::Delete => EventStep::Deleted,
    }
}

/// Adds to the history what the event is like after a change.
pub(super) fn record(db: &Connection, event: &Event, entry: &Entry) -> Stored<()> {
    const SQL: &str = "
        INSERT INTO event_log (event, version, by, at, change, title, starts_at, ends_at, zone,
          description, location, capacity, answers_close_at_end, closed_at, cancelled_at,
          deleted_at, interaction, image, takes_back, mention_role, options_version, rules_version)
        SELECT ?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16, ?17, ?18,
          ?19, ?20, options_version, rules_version
        FROM event WHERE id = ?1";
    let details = &event.details;
    db.prepare_cached(SQL)?.execute(params![
        Column(event.id),
        Column(event.version),
        Column(entry.by),
        Column(entry.at),
        Column(entry.step),
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
        event.image.as_ref().map(ImageUrl::as_str),
        Column(entry.takes_back),
        event.mention.map(Column),
    ])?;
    Ok(())
}

/// Whether this interaction's change was made before.
pub(super) fn is_made(db: &Connection, interaction: InteractionId) -> Stored<bool> {
    const SQL: &str = "SELECT EXISTS (SELECT 1 FROM event_log WHERE interaction = ?1)";
    Ok(db.prepare_cached(SQL)?.query_row([Column(interaction)], only)?)
}

/// The latest change of an event.
pub(super) struct Latest {
    pub(super) version: u64,
    pub(super) step: EventStep,
    pub(super) by: UserId,
    pub(super) at: Timestamp,
}

/// What was last done to an event.
pub(super) fn latest(db: &Connection, event: EventId) -> Stored<Latest> {
    const SQL: &str = "
        SELECT version, change, by, at FROM event_log
        WHERE event = ?1 ORDER BY version DESC LIMIT 1";
    let read = |row: &Row<'_>| {
        let mut columns = Columns::of(row);
        Ok(Latest {
            version: columns.take()?,
            step: columns.take()?,
            by: columns.take()?,
            at: columns.take()?,
        })
    };
    Ok(db.prepare_cached(SQL)?.query_row([Column(event)], read)?)
}

/// Has an event begin and end at other instants wherever its history has these, because the rules
/// of its zone have changed: they stand for the same local times.
pub(super) fn move_times(db: &Connection, event: EventId, from: Span, to: Span) -> Stored<()> {
    const SQL: &str = "
        UPDATE event_log SET starts_at = ?4, ends_at = ?5
        WHERE event = ?1 AND starts_at = ?2 AND ends_at = ?3";
    let (from, to) = ((from.start(), from.end()), (to.start(), to.end()));
    db.prepare_cached(SQL)?.execute(params![
        Column(event),
        Column(from.0),
        Column(from.1),
        Column(to.0),
        Column(to.1),
    ])?;
    Ok(())
}

/// Who last took this step with an event.
pub(super) fn last_who(db: &Connection, event: EventId, step: EventStep) -> Stored<Option<UserId>> {
    const SQL: &str = "
        SELECT by FROM event_log
        WHERE event = ?1 AND change = ?2 ORDER BY version DESC LIMIT 1";
    let params = params![Column(event), Column(step)];
    Ok(db.prepare_cached(SQL)?.query_row(params, only).optional()?)
}

/// Whether the event was ever called otherwise.
pub(in crate::sqlite) fn had_another_title(db: &Connection, event: &Event) -> Stored<bool> {
    const SQL: &str = "SELECT EXISTS (SELECT 1 FROM event_log WHERE event = ?1 AND title <> ?2)";
    let params = params![Column(event.id), event.details.title.as_str()];
    Ok(db.prepare_cached(SQL)?.query_row(params, only)?)
}

/// The event as it stood at an earlier version, in all that an organiser can change; `None` if it
/// never had that version.
pub(in crate::sqlite) fn as_of(
    db: &Connection,
    event: &Event,
    version: u64,
) -> Stored<Option<Event>> {
    const SQL: &str = "
        SELECT options_version, rules_version, title, starts_at, ends_at, zone, description,
          location, capacity, mention_role, image, answers_close_at_end, closed_at, cancelled_at,
          deleted_at
        FROM event_log
        WHERE event = ?1 AND version <= ?2 ORDER BY version DESC LIMIT 1";
    let mut statement = db.prepare_cached(SQL)?;
    let mut rows = statement.query(params![Column(event.id), Column(version)])?;
    let Some(row) = rows.next()? else {
        return Ok(None);
    };
    let mut columns = Columns::of(row);
    Ok(Some(Event {
        options: option_row::read(db, event.id, columns.take()?)?,
        rules: rules_row::read(db, event.id, columns.take()?)?,
        details: details_of(&mut columns)?,
        mention: columns.take_nullable()?,
        image: columns.take_nullable()?,
        answers_close: columns.take()?,
        closed_at: columns.take_nullable()?,
        cancelled_at: columns.take_nullable()?,
        deleted_at: columns.take_nullable()?,
        version,
        ..event.clone()
    }))
}
