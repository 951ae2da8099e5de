//! An event and its options as rows.

use jiff::Timestamp;
use jiff::civil::DateTime;
use muster_domain::event::{Event, EventDetails, Span};
use muster_domain::id::{EventId, GuildId, InteractionId, SeriesId};
use muster_domain::text::{Description, ImageUrl, Location};
use rusqlite::{Connection, OptionalExtension, Row, params};

use super::{option_row, rules_row};
use crate::error::StoreError;
use crate::model::{EventOrigin, NewEvent};
use crate::port::Stored;
use crate::sqlite::columns::{Column, Columns, nullable, only, whole_ms};
use crate::sqlite::wall_clocks;

/// The version of a new event.
pub(super) const FIRST_VERSION: u64 = 1;

/// Whether the event is one of another guild's.
pub(super) fn is_elsewhere(db: &Connection, guild: GuildId, event: EventId) -> Stored<bool> {
    const SQL: &str = "SELECT EXISTS (SELECT 1 FROM event WHERE id = ?1 AND guild <> ?2)";
    Ok(db
        .prepare_cached(SQL)?
        .query_row(params![Column(event), Column(guild)], |row| row.get(0))?)
}

/// Inserts an event with its options; returns its number.
pub(super) fn insert(db: &Connection, new: &NewEvent, at: Timestamp) -> Stored<EventId> {
    const SQL: &str = "
        INSERT INTO event (guild, channel, host, title, title_folded, starts_at, ends_at, zone,
          description, location, capacity, mention_role, answers_close_at_end, created_at,
          interaction, next_turn_at, image, series, occurrence, ahead_s, opens_thread)
        VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, 0, ?13,
          coalesce(?14, (SELECT min(coalesce(min(interaction), 0), 0) - 1 FROM event)),
          NULL, ?15, ?16, ?17, ?18, (SELECT threads FROM guild WHERE id = ?1))
        RETURNING id";
    let details = &new.details;
    // What no interaction asked for has a number below 0, as Discord gives none.
    let (interaction, series, occurrence) = match new.origin {
        EventOrigin::Interaction(id) => (Some(Column(id)), None, None),
        EventOrigin::Series(series, wall) => (None, Some(Column(series)), Some(Column(wall))),
    };
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
            interaction,
            new.image.as_ref().map(ImageUrl::as_str),
            series,
            occurrence,
            wall_clocks::ahead(&details.zone, details.span.start()),
        ],
        only,
    )?;
    option_row::insert(db, id, FIRST_VERSION, &new.options)?;
    rules_row::insert(db, id, FIRST_VERSION, &new.rules)?;
    Ok(id)
}

/// The event that came of the same before, if one did.
pub(super) fn made_of(db: &Connection, origin: EventOrigin) -> Stored<Option<(EventId, GuildId)>> {
    match origin {
        EventOrigin::Interaction(interaction) => created_by(db, interaction),
        EventOrigin::Series(series, wall) => of_occurrence(db, series, wall),
    }
}

fn of_occurrence(
    db: &Connection,
    series: SeriesId,
    wall: DateTime,
) -> Stored<Option<(EventId, GuildId)>> {
    const SQL: &str = "SELECT id, guild FROM event WHERE series = ?1 AND occurrence = ?2";
    let mut statement = db.prepare_cached(SQL)?;
    let found = statement.query_row(params![Column(series), Column(wall)], |row| {
        let mut columns = Columns::of(row);
        Ok((columns.take()?, columns.take()?))
    });
    Ok(found.optional()?)
}

/// The event that this interaction created, if it did.
fn created_by(db: &Connection, interaction: InteractionId) -> Stored<Option<(EventId, GuildId)>> {
    const SQL: &str = "SELECT id, guild FROM event WHERE interaction = ?1";
    let mut statement = db.prepare_cached(SQL)?;
    let found = statement.query_row([Column(interaction)], |row| {
        let mut columns = Columns::of(row);
        Ok((columns.take()?, columns.take()?))
    });
    Ok(found.optional()?)
}

/// Reads an event with its options, its rules, its version and what is spoken in its guild.
pub(in crate::sqlite) fn read(db: &Connection, id: EventId) -> Stored<Option<Event>> {
    const SQL: &str = "
        SELECT e.options_version, e.rules_version, e.id, e.guild, e.channel, e.host, e.title,
          e.starts_at, e.ends_at, e.zone, e.description, e.location, e.capacity, e.mention_role,
          e.image, e.answers_close_at_end, e.closed_at, e.cancelled_at, e.deleted_at,
          e.minimum_asked_at, e.series, p.version, g.language
        FROM event e JOIN post p ON p.event = e.id JOIN guild g ON g.id = e.guild
        WHERE e.id = ?1";
    let mut statement = db.prepare_cached(SQL)?;
    let mut rows = statement.query([Column(id)])?;
    rows.next()?.map(|row| event_of(db, id, row)).transpose()
}

fn event_of(db: &Connection, id: EventId, row: &Row<'_>) -> Stored<Event> {
    let mut columns = Columns::of(row);
    Ok(Event {
        options: option_row::read(db, id, columns.take()?)?,
        rules: rules_row::read(db, id, columns.take()?)?,
        id: columns.take()?,
        guild: columns.take()?,
        channel: columns.take()?,
        host: columns.take()?,
        details: details_of(&mut columns)?,
        mention: columns.take_nullable()?,
        image: columns.take_nullable()?,
        answers_close: columns.take()?,
        closed_at: columns.take_nullable()?,
        cancelled_at: columns.take_nullable()?,
        deleted_at: columns.take_nullable()?,
        minimum_asked_at: columns.take_nullable()?,
        series: columns.take_nullable()?,
        version: columns.take()?,
        language: columns.take()?,
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
fn span_of(columns: &mut Columns<'_, '_>) -> Stored<Span> {
    let (start, end) = (columns.take()?, columns.take()?);
    Span::new(start, end).map_err(|error| StoreError::Corrupt(error.to_string()))
}

/// Writes everything that an organiser can change from `before` to `after`, and when the event
/// turns next. By which rules of its zone a start was worked out stays known as long as that does.
pub(super) fn update(
    db: &Connection,
    before: &Event,
    after: &Event,
    next_turn: Option<Timestamp>,
) -> Stored<()> {
    const SQL: &str = "
        UPDATE event SET title = ?2, title_folded = ?3, starts_at = ?4, ends_at = ?5, zone = ?6,
          description = ?7, location = ?8, capacity = ?9, answers_close_at_end = ?10,
          closed_at = ?11, cancelled_at = ?12, deleted_at = ?13, next_turn_at = ?14, image = ?15,
          minimum_asked_at = ?16, mention_role = ?18,
          ahead_s = CASE WHEN starts_at = ?4 AND zone = ?6 THEN ahead_s ELSE ?17 END
        WHERE id = ?1";
    let details = &after.details;
    db.prepare_cached(SQL)?.execute(params![
        Column(after.id),
        details.title.as_str(),
        details.title.as_str().to_lowercase(),
        Column(details.span.start()),
        Column(details.span.end()),
        details.zone.name(),
        details.description.as_ref().map(Description::as_str),
        details.location.as_ref().map(Location::as_str),
        details.capacity.map(Column),
        Column(after.answers_close),
        nullable(after.closed_at.as_ref()),
        nullable(after.cancelled_at.as_ref()),
        nullable(after.deleted_at.as_ref()),
        next_turn.map(Column),
        after.image.as_ref().map(ImageUrl::as_str),
        nullable(after.minimum_asked_at.as_ref()),
        wall_clocks::ahead(&details.zone, details.span.start()),
        after.mention.map(Column),
    ])?;
    update_sets(db, before, after)
}

/// A set of options or rules that was in force stays as it is; what changed is a new one.
fn update_sets(db: &Connection, before: &Event, after: &Event) -> Stored<()> {
    const OPTIONS: &str = "UPDATE event SET options_version = ?2 WHERE id = ?1";
    const RULES: &str = "UPDATE event SET rules_version = ?2 WHERE id = ?1";
    let (id, version) = (after.id, after.version);
    if before.options != after.options {
        option_row::insert(db, id, version, &after.options)?;
        db.prepare_cached(OPTIONS)?.execute(params![Column(id), Column(version)])?;
    }
    if before.rules != after.rules {
        rules_row::insert(db, id, version, &after.rules)?;
        db.prepare_cached(RULES)?.execute(params![Column(id), Column(version)])?;
    }
    Ok(())
}

/// Notes that it was looked at, or passed over, whether enough are coming.
pub(super) fn set_minimum_asked(db: &Connection, event: EventId, at: Timestamp) -> Stored<()> {
    const SQL: &str = "UPDATE event SET minimum_asked_at = ?2 WHERE id = ?1";
    db.prepare_cached(SQL)?.execute(params![Column(event), Column(at)])?;
    Ok(())
}

/// It was not looked at yet whether enough are coming.
pub(super) fn forget_minimum_asked(db: &Connection, event: EventId) -> Stored<()> {
    const SQL: &str = "UPDATE event SET minimum_asked_at = NULL WHERE id = ?1";
    db.prepare_cached(SQL)?.execute([Column(event)])?;
    Ok(())
}

/// Whether a thread is opened on its post.
pub(in crate::sqlite) fn opens_thread(db: &Connection, event: EventId) -> Stored<bool> {
    const SQL: &str = "SELECT opens_thread FROM event WHERE id = ?1";
    Ok(db.prepare_cached(SQL)?.query_row([Column(event)], only)?)
}

/// Whether an event of a series was taken back with its date, which that makes anew if it takes
/// place after all.
pub(super) fn lost_its_date(db: &Connection, event: EventId) -> Stored<bool> {
    const SQL: &str = "SELECT series IS NOT NULL AND occurrence IS NULL FROM event WHERE id = ?1";
    Ok(db.prepare_cached(SQL)?.query_row([Column(event)], only)?)
}

/// Up to when everything is done that the passing of time brings.
pub(in crate::sqlite) fn looked_at(db: &Connection, event: EventId) -> Stored<Timestamp> {
    const SQL: &str = "SELECT looked_at FROM event WHERE id = ?1";
    Ok(db.prepare_cached(SQL)?.query_row([Column(event)], only)?)
}

/// Notes that all is done up to then. It goes back by [`look_again`] alone: what a clock that
/// wavers has shown before is not done again.
pub(super) fn set_looked_at(db: &Connection, event: EventId, at: Timestamp) -> Stored<()> {
    const SQL: &str = "UPDATE event SET looked_at = max(looked_at, ?2) WHERE id = ?1";
    db.prepare_cached(SQL)?.execute(params![Column(event), Column(at)])?;
    Ok(())
}

/// Has everything looked at anew from then on, as it was looked at by a clock that was ahead.
pub(super) fn look_again(db: &Connection, event: EventId, from: Timestamp) -> Stored<()> {
    const SQL: &str = "UPDATE event SET looked_at = ?2 WHERE id = ?1";
    db.prepare_cached(SQL)?.execute(params![Column(event), Column(from)])?;
    Ok(())
}

/// Has the event turn by then, or earlier if it does anyway.
pub(super) fn set_turn_by(db: &Connection, event: EventId, by: Timestamp) -> Stored<()> {
    const SQL: &str = "
        UPDATE event SET next_turn_at = min(coalesce(next_turn_at, ?2), ?2) WHERE id = ?1";
    db.prepare_cached(SQL)?.execute(params![Column(event), Column(by)])?;
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
