//! Has a message that failed tried again, once for each time that somebody asks.

use jiff::Timestamp;
use muster_domain::event::Event;
use muster_domain::id::{ChannelId, DeliveryId, EventId, GuildId};
use muster_domain::notice::{News, is_worth_retrying};
use rusqlite::{Connection, OptionalExtension, params};

use crate::model::Retried;
use crate::port::Stored;
use crate::sqlite::columns::{Column, Columns, only, whole_ms};
use crate::sqlite::events::{delivery_of, event_row, read_post};

struct Failed {
    event: EventId,
    news: Option<News>,
    channel: Option<ChannelId>,
    /// Whether it ended without being sent.
    is_over: bool,
}

/// Makes a failed delivery due again, if it is still worth it.
pub(in crate::sqlite) fn retry(
    db: &Connection,
    guild: GuildId,
    delivery: DeliveryId,
    at: Timestamp,
) -> Stored<Retried> {
    const AGAIN: &str = "
        UPDATE delivery SET outcome = NULL, reason = NULL, ended_at = NULL, report = NULL,
          ready_at = ?2, retried_at = ?2
        WHERE id = ?1";
    let Some(failed) = find(db, guild, delivery)? else { return Ok(Retried::NoSuch) };
    let Some(event) = event_row::read(db, failed.event)? else { return Ok(Retried::NoSuch) };
    if !failed.is_over {
        return Ok(Retried::UnderWay);
    }
    if !is_worth_it(db, &event, delivery, failed.news, at)? {
        return Ok(Retried::NotWorthIt);
    }
    db.prepare_cached(AGAIN)?.execute(params![Column(delivery), Column(whole_ms(at))])?;
    Ok(Retried::Again(failed.channel))
}

fn find(db: &Connection, guild: GuildId, delivery: DeliveryId) -> Stored<Option<Failed>> {
    const SQL: &str = "
        SELECT event, news, channel, coalesce(outcome IN ('dead', 'unclear'), 0) FROM delivery
        WHERE id = ?1 AND guild = ?2 AND kind IN ('post', 'notice')
          AND coalesce(outcome, 'sent') <> 'skipped'";
    let mut statement = db.prepare_cached(SQL)?;
    let found = statement.query_row(params![Column(delivery), Column(guild)], |row| {
        let mut columns = Columns::of(row);
        Ok(Failed {
            event: columns.take()?,
            news: columns.take_nullable()?,
            channel: columns.take_nullable()?,
            is_over: columns.take()?,
        })
    });
    Ok(found.optional()?)
}

/// Whether a failed delivery is still worth sending. Of an event's posts only the latest is, and
/// none while the event has one.
pub(in crate::sqlite) fn is_worth_it(
    db: &Connection,
    event: &Event,
    delivery: DeliveryId,
    news: Option<News>,
    now: Timestamp,
) -> Stored<bool> {
    const DUE: &str = "SELECT coalesce(reminds_at, due_at) FROM delivery WHERE id = ?1";
    let due = db.prepare_cached(DUE)?.query_row([Column(delivery)], only)?;
    if !is_worth_retrying(event, news, due, now) {
        return Ok(false);
    }
    if news.is_some() {
        return Ok(true);
    }
    let post = read_post(db, event.id)?;
    let has_none = post.is_none_or(|post| post.message.is_none() || post.gone_at.is_some());
    Ok(has_none && delivery_of(db, event.id)? == delivery)
}
