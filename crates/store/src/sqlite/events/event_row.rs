//! An event and its options as rows.

use jiff::Timestamp;
use muster_domain::answer_option::{AnswerOption, Options};
use muster_domain::event::{Event, EventDetails, Span};
use muster_domain::id::{EventId, GuildId, InteractionId};
use muster_domain::text::{Description, Location};
use rusqlite::{Connection, OptionalExtension, Row, params};

use crate::error::StoreError;
use crate::model::NewEvent;
use crate::port::Stored;
use crate::sqlite::columns::{Column, Columns, nullable, only, whole_ms};

/// Inserts an event with its options; returns its number.
pub(super) fn insert(db: &Connection, new: &NewEvent, at: Timestamp) -> Stored<EventId> {
    const SQL: &str = "
        INSERT INTO event (guild, channel, host, title, title_folded, starts_at, ends_at, zone,
          description, location, capacity, mention_role, answers_close_at_end, created_at,
          interaction, next_turn_at)
        VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, 0, ?13, ?14, NULL)
        RETURNING id";
    let details = &new.details;
    let id = db.prepare_cached(SQL)?.query_row(
        params![
            Column(new.guild),
            Column(new.channel),
            Column(new.host),
            details.title.as_str(),
            details.title.as_str().to_lowercase(),
            Column(details.span.start()),
            Column(details.span.end()),
            details.zone.name(),
            details.description.as_ref().map(Description::as_str),
            details.location.as_ref().map(Location::as_str),
            details.capacity.map(Column),
            new.mention.map(Column),
            Column(at),
            Column(new.interaction),
        ],
        only,
    )?;
    insert_options(db, id, &new.options)?;
    Ok(id)
}

fn insert_options(db: &Connection, event: EventId, options: &Options) -> Stored<()> {
    const SQL: &str = "
        INSERT INTO event_option (event, id, position, label, emoji, colour, coming, told)
        VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)";
    let mut statement = db.prepare_cached(SQL)?;
    for (position, option) in options.iter().enumerate() {
        statement.execute(params![
            Column(event),
            Column(option.id),
            Column(position),
            option.label,
            option.emoji,
            Column(option.colour),
            option.coming,
            option.told,
        ])?;
    }
    Ok(())
}

/// The event that this interaction created, if it did.
pub(super) fn created_by(
    db: &Connection,
    interaction: InteractionId,
) -> Stored<Option<(EventId, GuildId)>> {
    const SQL: &str = "SELECT id, guild FROM event WHERE interaction = ?1";
    let mut statement = db.prepare_cached(SQL)?;
    let found = statement.query_row([Column(interaction)], |row| {
        let mut columns = Columns::of(row);
        Ok((columns.take()?, columns.take()?))
    });
    Ok(found.optional()?)
}

/// Reads an event with its options and its version.
pub(in crate::sqlite) fn read(db: &Connection, id: EventId) -> Stored<Option<Event>> {
    const SQL: &str = "
        SELECT e.id, e.guild, e.channel, e.host, e.title, e.starts_at, e.ends_at, e.zone,
          e.description, e.location, e.capacity, e.mention_role, e.answers_close_at_end,
          e.closed_at, e.cancelled_at, e.deleted_at, p.version
        FROM event e JOIN post p ON p.event = e.id
        WHERE e.id = ?1";
    let options = read_options(db, id)?;
    let mut statement = db.prepare_cached(SQL)?;
    let mut rows = statement.query([Column(id)])?;
    rows.next()?.map(|row| event_of(row, options)).transpose()
}

fn event_of(row: &Row<'_>, options: Vec<AnswerOption>) -> Stored<Event> {
    let mut columns = Columns::of(row);
    Ok(Event {
        id: columns.take()?,
        guild: columns.take()?,
        channel: columns.take()?,
        host: columns.take()?,
        details: details_of(&mut columns)?,
        options: Options::from_stored(options)
            .ok_or_else(|| StoreError::Corrupt("an event has no sound options".into()))?,
        mention: columns.take_nullable()?,
        answers_close: columns.take()?,
        closed_at: columns.take_nullable()?,
        cancelled_at: columns.take_nullable()?,
        deleted_at: columns.take_nullable()?,
        version: columns.take()?,
    })
}

/// Reads what an organiser decided, in the order of the columns of an event.
pub(super) fn details_of(columns: &mut Columns<'_, '_>) -> Stored<EventDetails> {
    Ok(EventDetails {
        title: columns.take()?,
        span: span_of(columns)?,
        zone: columns.take()?,
        description: columns.take_nullable()?,
        location: columns.take_nullable()?,
        capacity: columns.take_nullable()?,
    })
}

/// Reads a start and an end.
pub(super) fn span_of(columns: &mut Columns<'_, '_>) -> Stored<Span> {
    let (start, end) = (columns.take()?, columns.take()?);
    Span::new(start, end).map_err(|error| StoreError::Corrupt(error.to_string()))
}

fn read_options(db: &Connection, event: EventId) -> Stored<Vec<AnswerOption>> {
    const SQL: &str = "
        SELECT id, label, emoji, colour, coming, told FROM event_option
        WHERE event = ?1 ORDER BY position";
    let mut statement = db.prepare_cached(SQL)?;
    let rows = statement.query_map([Column(event)], |row| {
        let mut columns = Columns::of(row);
        Ok(AnswerOption {
            id: columns.take()?,
            label: columns.take()?,
            emoji: columns.take()?,
            colour: columns.take()?,
            coming: columns.take()?,
            told: columns.take()?,
        })
    })?;
    Ok(rows.collect::<Result<_, _>>()?)
}

/// Writes everything that an organiser can change, and when the event turns next.
pub(super) fn update(db: &Connection, event: &Event, now: Timestamp) -> Stored<()> {
    const SQL: &str = "
        UPDATE event SET title = ?2, title_folded = ?3, starts_at = ?4, ends_at = ?5, zone = ?6,
          description = ?7, location = ?8, capacity = ?9, answers_close_at_end = ?10,
          closed_at = ?11, cancelled_at = ?12, deleted_at = ?13, next_turn_at = ?14
        WHERE id = ?1";
    let details = &event.details;
    db.prepare_cached(SQL)?.execute(params![
        Column(event.id),
        details.title.as_str(),
        details.title.as_str().to_lowercase(),
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
        event.next_turn(now).map(Column),
    ])?;
    Ok(())
}

/// Sets when the event turns next.
pub(in crate::sqlite) fn set_next_turn(
    db: &Connection,
    event: EventId,
    next: Option<Timestamp>,
) -> Stored<()> {
    const SQL: &str = "UPDATE event SET next_turn_at = ?2 WHERE id = ?1";
    db.prepare_cached(SQL)?.execute(params![Column(event), next.map(Column)])?;
    Ok(())
}

/// Details as precise as they are stored.
pub(super) fn as_stored(mut details: EventDetails) -> Stored<EventDetails> {
    let span = details.span;
    details.span = Span::new(whole_ms(span.start()), whole_ms(span.end()))
        .map_err(|error| StoreError::Database(error.to_string()))?;
    Ok(details)
}
