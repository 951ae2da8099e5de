//! A post that Discord has: it becomes the event's, and what it replaces goes.

use jiff::Timestamp;
use muster_domain::event::Event;
use muster_domain::id::{ChannelId, DeliveryId, EventId, MessageId};
use rusqlite::{Connection, params};

use crate::model::Post;
use crate::port::Stored;
use crate::sqlite::chores::{self, Task, is_forum};
use crate::sqlite::columns::{Column, only};
use crate::sqlite::events::{delivery_of, event_row, log, read_post};

/// A message that Discord has, and the version of the event that it shows.
#[derive(Clone, Copy)]
pub(super) struct Arrived {
    pub(super) channel: ChannelId,
    pub(super) message: MessageId,
    pub(super) version: u64,
    pub(super) at: Timestamp,
}

/// Makes a message the event's post, unless a later delivery has brought a newer one. Of two
/// messages one is deleted, and the thread of a deleted one archived: what members wrote stays.
pub(super) fn post_arrived(
    db: &Connection,
    event: EventId,
    delivery: DeliveryId,
    arrived: Arrived,
) -> Stored<()> {
    let Some(event) = event_row::read(db, event)? else { return Ok(()) };
    let Some(before) = read_post(db, event.id)? else { return Ok(()) };
    let target = target_of(db, delivery)?;
    if before.message == Some(arrived.message) {
        return show(db, &event, target, arrived);
    }
    if was_overtaken(db, event.id, delivery)? {
        let surplus = Post {
            channel: arrived.channel,
            message: Some(arrived.message),
            thread: None,
            ..before
        };
        return remove(db, &event, target, surplus, arrived.at);
    }
    show(db, &event, target, arrived)?;
    if before.gone_at.is_none() {
        remove(db, &event, event.channel, before, arrived.at)?;
    }
    let event = Event { channel: target, ..event };
    // Its end had nothing to clean away, as the post was not known by then.
    if event.details.span.end() <= arrived.at && event.deleted_at.is_none() {
        chores::plan_clean_up(db, &event)?;
    }
    if is_forum(db, target)? {
        return name_as_by_now(db, &event, arrived);
    }
    if event_row::opens_thread(db, event.id)? {
        let task = Task::open_thread(arrived.channel, arrived.message);
        chores::plan(db, &event, task, arrived.at)?;
    }
    Ok(())
}

/// Plans that a post in a forum has the title that its event got while it was on its way.
fn name_as_by_now(db: &Connection, event: &Event, arrived: Arrived) -> Stored<()> {
    let may_differ = match arrived.version {
        // It is not known which version it shows: it may be called as the event ever was.
        0 => log::had_another_title(db, event)?,
        version => log::as_of(db, event, version)?
            .is_some_and(|shown| shown.details.title != event.details.title),
    };
    if may_differ {
        chores::rename_thread_of(db, event, arrived.at)?;
    }
    Ok(())
}

/// The channel for which a delivery was made: of a post in a forum, the forum.
fn target_of(db: &Connection, delivery: DeliveryId) -> Stored<ChannelId> {
    const SQL: &str = "SELECT lane FROM delivery WHERE id = ?1";
    Ok(db.prepare_cached(SQL)?.query_row([Column(delivery)], only)?)
}

/// Whether another delivery of the event's post was made later than this, and has arrived.
fn was_overtaken(db: &Connection, event: EventId, delivery: DeliveryId) -> Stored<bool> {
    const SQL: &str = "SELECT EXISTS (SELECT 1 FROM delivery WHERE id = ?1 AND outcome = 'sent')";
    let latest = delivery_of(db, event)?;
    let has_arrived = db.prepare_cached(SQL)?.query_row([Column(latest)], only)?;
    Ok(latest > delivery && has_arrived)
}

/// A first message may have been brought up to date by a tap before it is stored here. One that
/// replaces another says nothing about what that one showed.
fn show(db: &Connection, event: &Event, target: ChannelId, arrived: Arrived) -> Stored<()> {
    const POST: &str = "
        UPDATE post SET channel = ?2, message = ?3, gone_at = NULL, cleaned_at = NULL,
          thread = iif(message = ?3, thread, NULL),
          named_at = iif(message = ?3, named_at, NULL),
          shown = CASE
            WHEN gone_at IS NULL AND (message IS NULL OR message = ?3) THEN max(shown, ?4)
            ELSE ?4 END
        WHERE event = ?1";
    const EVENT: &str = "UPDATE event SET channel = ?2 WHERE id = ?1";
    let Arrived { channel, message, version, .. } = arrived;
    let id = Column(event.id);
    let params = params![id, Column(channel), Column(message), Column(version)];
    db.prepare_cached(POST)?.execute(params)?;
    db.prepare_cached(EVENT)?.execute(params![id, Column(target)])?;
    Ok(())
}

fn remove(
    db: &Connection,
    event: &Event,
    target: ChannelId,
    post: Post,
    at: Timestamp,
) -> Stored<()> {
    let Some(message) = post.message else { return Ok(()) };
    chores::plan(db, event, Task::delete_message(post.channel, message), at)?;
    let in_forum = is_forum(db, target)?.then_some(post.channel);
    if let Some(thread) = post.thread.or(in_forum) {
        chores::plan(db, event, Task::archive(thread), at)?;
    }
    Ok(())
}
