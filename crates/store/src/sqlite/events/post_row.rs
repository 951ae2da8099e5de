//! The message of an event as a row, and the version of the event that stands in it.

use jiff::Timestamp;
use muster_domain::event::Event;
use muster_domain::id::{DeliveryId, EventId, GuildId, MessageId};
use muster_domain::sheet::Sheet;
use rusqlite::{Connection, OptionalExtension, params};

use super::event_row;
use super::stored_roster::StoredRoster;
use crate::error::StoreError;
use crate::model::{Post, Posted};
use crate::port::Stored;
use crate::sqlite::columns::{Column, Columns, only};

/// Gives a new event its post, not sent yet, and its first version.
pub(super) fn insert(db: &Connection, event: &Event, at: Timestamp) -> Stored<()> {
    const SQL: &str =
        "INSERT INTO post (event, version, channel, stale_since) VALUES (?1, ?2, ?3, ?4)";
    db.prepare_cached(SQL)?.execute(params![
        Column(event.id),
        Column(event.version),
        Column(event.channel),
        Column(at),
    ])?;
    Ok(())
}

/// Stores a new version of an event: its post is stale from now on, if it was not already.
pub(super) fn set_version(
    db: &Connection,
    event: EventId,
    version: u64,
    at: Timestamp,
) -> Stored<()> {
    const SQL: &str = "
        UPDATE post SET version = ?2,
          stale_since = CASE WHEN shown < version THEN stale_since ELSE ?3 END
        WHERE event = ?1";
    db.prepare_cached(SQL)?.execute(params![Column(event), Column(version), Column(at)])?;
    Ok(())
}

/// Notes which delivery makes the post.
pub(in crate::sqlite) fn set_delivery(
    db: &Connection,
    event: EventId,
    delivery: DeliveryId,
) -> Stored<()> {
    const SQL: &str = "UPDATE post SET delivery = ?2 WHERE event = ?1";
    db.prepare_cached(SQL)?.execute(params![Column(event), Column(delivery)])?;
    Ok(())
}

/// The event of a guild whose post is this message. Looks at the events of this guild alone, so
/// that no index has to be kept for what people ask now and then.
pub(super) fn event_of(
    db: &Connection,
    guild: GuildId,
    message: MessageId,
) -> Stored<Option<EventId>> {
    const SQL: &str = "
        SELECT e.id FROM event e CROSS JOIN post p
        WHERE e.guild = ?1 AND p.event = e.id AND p.message = ?2 LIMIT 1";
    let params = params![Column(guild), Column(message)];
    Ok(db.prepare_cached(SQL)?.query_row(params, only).optional()?)
}

/// The latest delivery of the event's post.
pub(in crate::sqlite) fn delivery_of(db: &Connection, event: EventId) -> Stored<DeliveryId> {
    const SQL: &str = "SELECT delivery FROM post WHERE event = ?1";
    Ok(db.prepare_cached(SQL)?.query_row([Column(event)], only)?)
}

/// Where an event's post is.
pub(in crate::sqlite) fn read_post(db: &Connection, event: EventId) -> Stored<Option<Post>> {
    const SQL: &str = "
        SELECT channel, message, shown, gone_at, cleaned_at, thread FROM post WHERE event = ?1";
    let mut statement = db.prepare_cached(SQL)?;
    let found = statement.query_row([Column(event)], |row| {
        let mut columns = Columns::of(row);
        Ok(Post {
            channel: columns.take()?,
            message: columns.take_nullable()?,
            shown: columns.take()?,
            gone_at: columns.take_nullable()?,
            cleaned_at: columns.take_nullable()?,
            thread: columns.take_nullable()?,
        })
    });
    Ok(found.optional()?)
}

/// The post of an event that exists.
pub(super) fn post_of(db: &Connection, event: EventId) -> Stored<Post> {
    read_post(db, event)?.ok_or_else(|| StoreError::Corrupt(format!("event {event} has no post")))
}

/// An event as its post shows it, read from the database.
pub(super) fn sheet(db: &Connection, id: EventId) -> Stored<Option<Sheet>> {
    let Some(event) = event_row::read(db, id)? else {
        return Ok(None);
    };
    let stored = StoredRoster::read(db, &event)?;
    Ok(Some(stored.sheet(&event)))
}

/// An event with its post, read from the database.
pub(in crate::sqlite) fn posted(db: &Connection, id: EventId) -> Stored<Option<Posted>> {
    let Some(sheet) = sheet(db, id)? else {
        return Ok(None);
    };
    Ok(Some(Posted { sheet, post: post_of(db, id)? }))
}
