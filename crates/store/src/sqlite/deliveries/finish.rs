//! Ends a delivery: sent, skipped, refused for good, or unclear.

use jiff::{SignedDuration, Timestamp};
use muster_domain::id::{ChannelId, DeliveryId, EventId, MessageId};
use rusqlite::{Connection, params};

use super::delivery_row;
use crate::model::{Delivery, DeliveryContent, DeliveryEnd};
use crate::port::Stored;
use crate::sqlite::columns::Column;

/// How long a delivery that has ended is kept, to tell what became of it.
const FINISHED_KEPT: SignedDuration = SignedDuration::from_hours(30 * 24);

/// Old deliveries removed with each one that ends: more than one, so that their number falls.
const PURGED_PER_END: u32 = 4;

/// Ends a delivery. One that was sent counts as sent even if it had ended otherwise before: the
/// message exists.
pub(super) fn finish(
    db: &Connection,
    id: DeliveryId,
    end: &DeliveryEnd,
    at: Timestamp,
) -> Stored<()> {
    match end {
        DeliveryEnd::Sent { channel, message, version } => {
            let delivery = delivery_row::read(db, id)?;
            sent(db, id, (*channel, *message), at)?;
            show(db, &delivery, Shown { message: *message, version: *version, at })?;
        }
        DeliveryEnd::Skipped(reason) => unsent(db, id, ("skipped", reason), at)?,
        DeliveryEnd::Dead(reason) => unsent(db, id, ("dead", reason), at)?,
        DeliveryEnd::Unclear => unsent(db, id, ("unclear", ""), at)?,
    }
    purge(db, at)
}

fn sent(
    db: &Connection,
    id: DeliveryId,
    (channel, message): (ChannelId, MessageId),
    at: Timestamp,
) -> Stored<()> {
    const SQL: &str = "
        UPDATE delivery SET outcome = 'sent', reason = NULL, ended_at = ?2, lease_until = NULL,
          channel = ?3, message = ?4
        WHERE id = ?1";
    let params = params![Column(id), Column(at), Column(channel), Column(message)];
    db.prepare_cached(SQL)?.execute(params)?;
    Ok(())
}

fn unsent(
    db: &Connection,
    id: DeliveryId,
    (outcome, reason): (&str, &str),
    at: Timestamp,
) -> Stored<()> {
    const SQL: &str = "
        UPDATE delivery SET outcome = ?2, reason = ?3, ended_at = ?4, lease_until = NULL
        WHERE id = ?1 AND ended_at IS NULL";
    let params = params![Column(id), outcome, reason, Column(at)];
    db.prepare_cached(SQL)?.execute(params)?;
    Ok(())
}

#[derive(Clone, Copy)]
struct Shown {
    message: MessageId,
    version: u64,
    at: Timestamp,
}

/// What a sent message means for what it is about.
fn show(db: &Connection, delivery: &Delivery, shown: Shown) -> Stored<()> {
    const GREETED: &str = "UPDATE guild SET greeted_at = ?2 WHERE id = ?1";
    match delivery.content {
        DeliveryContent::Post(event) => show_post(db, event, shown),
        DeliveryContent::Greeting => {
            let params = params![Column(delivery.guild), Column(shown.at)];
            db.prepare_cached(GREETED)?.execute(params)?;
            Ok(())
        }
        DeliveryContent::Notice { .. } => Ok(()),
    }
}

fn show_post(db: &Connection, event: EventId, shown: Shown) -> Stored<()> {
    // A first message may have been brought up to date by a tap before it is stored here. One that
    // replaces a deleted message says nothing about what that one showed.
    const SQL: &str = "
        UPDATE post SET message = ?2, gone_at = NULL,
          shown = CASE WHEN gone_at IS NULL THEN max(shown, ?3) ELSE ?3 END
        WHERE event = ?1";
    let params = params![Column(event), Column(shown.message), Column(shown.version)];
    db.prepare_cached(SQL)?.execute(params)?;
    Ok(())
}

fn purge(db: &Connection, now: Timestamp) -> Stored<()> {
    const SQL: &str = "
        DELETE FROM delivery WHERE id IN (
          SELECT id FROM delivery WHERE ended_at IS NOT NULL AND ended_at < ?1
          ORDER BY ended_at LIMIT ?2)";
    let before = now.saturating_sub(FINISHED_KEPT).unwrap_or(Timestamp::MIN);
    db.prepare_cached(SQL)?.execute(params![Column(before), PURGED_PER_END])?;
    Ok(())
}
