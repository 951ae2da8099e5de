//! The messages of events: which are stale, shown, gone, or should exist.

use std::collections::BTreeSet;

use jiff::Timestamp;
use muster_domain::event::Event;
use muster_domain::id::{DeliveryId, EventId, GuildId, MessageId, UserId};
use rusqlite::{Connection, OptionalExtension as _, params};

use super::{insert, report};
use crate::model::{Cause, Deed, Posted, Shown};
use crate::port::Stored;
use crate::sqlite::columns::{Column, only};
use crate::sqlite::events::{all_posted, deed_log, delivery_of, event_row, ids, posted, read_post};
use crate::sqlite::set_aside::readable;

/// Posts that do not show the newest version of their event, oldest change first, without those of
/// `but`, as far as they can be read.
pub(super) fn stale(db: &Connection, but: &BTreeSet<EventId>, limit: usize) -> Stored<Vec<Posted>> {
    const SQL: &str = "
        SELECT p.event FROM post p
        WHERE p.shown < p.version AND p.message IS NOT NULL AND p.gone_at IS NULL
          AND EXISTS (
            SELECT 1 FROM event e JOIN guild g ON g.id = e.guild
            WHERE e.id = p.event AND g.removed_at IS NULL)
        ORDER BY p.stale_since, p.event LIMIT ?1";
    let mut found = ids(db, SQL, [Column(limit.saturating_add(but.len()))])?;
    found.retain(|event| !but.contains(event));
    found.truncate(limit);
    readable(found.into_iter().filter_map(|id| posted(db, id).transpose()))
}

/// Notes which versions posts show. What is shown never becomes older, and a copy of a post says
/// nothing. A message that is not known yet can only be the post.
pub(super) fn shown(db: &Connection, shown: &[Shown]) -> Stored<()> {
    const SQL: &str = "
        UPDATE post SET shown = ?2
        WHERE event = ?1 AND shown < ?2 AND (message IS NULL OR message = ?3)";
    let mut statement = db.prepare_cached(SQL)?;
    for Shown { event, message, version } in shown {
        statement.execute(params![Column(*event), Column(*version), Column(*message)])?;
    }
    Ok(())
}

/// Notes that the message of an event is gone, if it is its present one.
pub(super) fn gone(
    db: &Connection,
    event: EventId,
    message: MessageId,
    at: Timestamp,
) -> Stored<()> {
    const SQL: &str = "
        UPDATE post SET gone_at = ?2
        WHERE event = ?1 AND message = ?3 AND gone_at IS NULL";
    let params = params![Column(event), Column(at), Column(message)];
    let found = db.prepare_cached(SQL)?.execute(params)?;
    if found > 0 { report::post_gone(db, event, at) } else { Ok(()) }
}

/// Posts an event again whose message is gone or was never sent. While that is under way already,
/// it is the same delivery, which waits no longer.
pub(super) fn again(
    db: &Connection,
    guild: GuildId,
    id: EventId,
    by: Option<UserId>,
    at: Timestamp,
) -> Stored<Option<DeliveryId>> {
    let found = event_row::read(db, id)?;
    let Some(event) = found.filter(|e| e.guild == guild && e.deleted_at.is_none()) else {
        return Ok(None);
    };
    let record = |by| deed_log::record(db, &event, Deed::Reposted(event.channel), Cause { by, at });
    let latest = delivery_of(db, id)?;
    if is_under_way(db, latest)? {
        if hasten(db, id, at)? {
            by.map_or(Ok(()), record)?;
        }
        return Ok(Some(latest));
    }
    let post = read_post(db, id)?;
    if post.is_some_and(|post| post.message.is_some() && post.gone_at.is_none()) {
        return Ok(None);
    }
    by.map_or(Ok(()), record)?;
    insert::post(db, &event, at).map(Some)
}

/// Has the post of an event that waits for its time go out at once. Returns whether one waited.
pub(in crate::sqlite) fn hasten(db: &Connection, event: EventId, at: Timestamp) -> Stored<bool> {
    const SQL: &str = "
        UPDATE delivery SET due_at = ?2, ready_at = ?2
        WHERE event = ?1 AND kind = 'post' AND ended_at IS NULL AND attempts = 0
          AND lease_until IS NULL AND due_at > ?2";
    Ok(db.prepare_cached(SQL)?.execute(params![Column(event), Column(at)])? > 0)
}

/// The delivery of an event's first post, if it waits for its time.
pub(in crate::sqlite) fn first_that_waits(
    db: &Connection,
    event: EventId,
    now: Timestamp,
) -> Stored<Option<DeliveryId>> {
    const SQL: &str = "
        SELECT d.id FROM post p JOIN delivery d ON d.id = p.delivery
        WHERE p.event = ?1 AND p.message IS NULL AND d.ended_at IS NULL AND d.attempts = 0
          AND d.lease_until IS NULL AND d.due_at > ?2";
    let params = params![Column(event), Column(now)];
    Ok(db.prepare_cached(SQL)?.query_row(params, only).optional()?)
}

/// Has a post that waits for its time wait until then.
pub(in crate::sqlite) fn wait_until(
    db: &Connection,
    post: DeliveryId,
    due: Timestamp,
) -> Stored<()> {
    const SQL: &str = "UPDATE delivery SET due_at = ?2, ready_at = ?2 WHERE id = ?1";
    db.prepare_cached(SQL)?.execute(params![Column(post), Column(due)])?;
    Ok(())
}

/// When the post of an event is or was due that it has not got yet; `None` if it has one.
pub(in crate::sqlite) fn first_due(db: &Connection, event: EventId) -> Stored<Option<Timestamp>> {
    const SQL: &str = "
        SELECT d.due_at FROM post p JOIN delivery d ON d.id = p.delivery
        WHERE p.event = ?1 AND p.message IS NULL";
    Ok(db.prepare_cached(SQL)?.query_row([Column(event)], only).optional()?)
}

/// When the latest post of an event is due, or was; `None` once that is forgotten.
pub(in crate::sqlite) fn post_due(db: &Connection, event: EventId) -> Stored<Option<Timestamp>> {
    const SQL: &str = "
        SELECT d.due_at FROM post p JOIN delivery d ON d.id = p.delivery WHERE p.event = ?1";
    Ok(db.prepare_cached(SQL)?.query_row([Column(event)], only).optional()?)
}

/// Has the post of an event, which nobody has begun to send, wait until then.
pub(in crate::sqlite) fn post_not_before(
    db: &Connection,
    event: EventId,
    due: Timestamp,
) -> Stored<()> {
    const SQL: &str = "
        UPDATE delivery SET due_at = ?2, ready_at = ?2
        WHERE id = (SELECT delivery FROM post WHERE event = ?1) AND ended_at IS NULL
          AND attempts = 0 AND lease_until IS NULL AND due_at < ?2";
    db.prepare_cached(SQL)?.execute(params![Column(event), Column(due)])?;
    Ok(())
}

/// Posts an event whose latest post was left out, as happens while it is cancelled.
pub(in crate::sqlite) fn post_what_was_skipped(
    db: &Connection,
    event: &Event,
    at: Timestamp,
) -> Stored<()> {
    const SQL: &str = "
        SELECT EXISTS (
          SELECT 1 FROM post p JOIN delivery d ON d.id = p.delivery
          WHERE p.event = ?1 AND d.outcome = 'skipped')";
    if db.prepare_cached(SQL)?.query_row([Column(event.id)], only)? {
        insert::post(db, event, at)?;
    }
    Ok(())
}

/// Posts an event whose message is gone, as it is removed while the event is deleted.
pub(in crate::sqlite) fn post_what_was_removed(
    db: &Connection,
    event: &Event,
    at: Timestamp,
) -> Stored<()> {
    let is_under_way = is_under_way(db, delivery_of(db, event.id)?)?;
    let is_gone = read_post(db, event.id)?.is_some_and(|post| post.gone_at.is_some());
    if is_gone && !is_under_way {
        insert::post(db, event, at)?;
    }
    Ok(())
}

fn is_under_way(db: &Connection, delivery: DeliveryId) -> Stored<bool> {
    const SQL: &str = "SELECT EXISTS (SELECT 1 FROM delivery WHERE id = ?1 AND ended_at IS NULL)";
    Ok(db.prepare_cached(SQL)?.query_row([Column(delivery)], only)?)
}

/// Posts of events that are not over, soonest event first.
pub(super) fn live(db: &Connection, now: Timestamp, limit: usize) -> Stored<Vec<Posted>> {
    const SQL: &str = "
        SELECT e.id FROM event e
        JOIN post p ON p.event = e.id AND p.message IS NOT NULL AND p.gone_at IS NULL
        JOIN guild g ON g.id = e.guild AND g.removed_at IS NULL
        WHERE e.ends_at > ?1 AND e.deleted_at IS NULL
        ORDER BY e.starts_at, e.id LIMIT ?2";
    all_posted(db, ids(db, SQL, params![Column(now), Column(limit)])?)
}
