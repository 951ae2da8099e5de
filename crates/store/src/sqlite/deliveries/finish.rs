//! Ends a delivery: sent, skipped, refused for good, or unclear.

use jiff::{SignedDuration, Timestamp};
use muster_domain::id::{ChannelId, DeliveryId, MessageId};
use rusqlite::{Connection, params};

use super::arrival::{self, Arrived};
use super::attempt::{Before, Claim, hold, take_back};
use super::report::{self, NO_POST, why, why_missed};
use super::{channels, delivery_row};
use crate::model::{Delivery, DeliveryContent, DeliveryEnd, Hold};
use crate::port::Stored;
use crate::sqlite::columns::Column;
use crate::sqlite::writer::Tx;

/// How long a delivery that has ended is kept, to tell what became of it.
const FINISHED_KEPT: SignedDuration = SignedDuration::from_hours(30 * 24);

/// Old deliveries removed with each one that is sent: more than one, so that their number falls,
/// also if most are never sent.
const PURGED_PER_SENT: u32 = 8;

/// Ends a delivery. One that was sent counts as sent even if it had ended otherwise before, or is
/// in other hands: the message exists.
pub(super) fn finish(
    tx: &mut Tx<'_>,
    claim: Claim,
    before: &Before,
    end: &DeliveryEnd,
    at: Timestamp,
) -> Stored<Hold> {
    let hold = match end {
        DeliveryEnd::Sent { channel, message, version } => {
            // By Discord's clock: ours may be years ahead, and what is gone is gone.
            purge(tx.db, message.created_at().min(at))?;
            let delivery = delivery_row::read(tx.db, claim.delivery)?;
            channels::writes(tx.db, delivery.guild, *channel)?;
            sent(tx.db, claim.delivery, *channel, *message, at)?;
            let (channel, message, version) = (*channel, *message, *version);
            show(tx, &delivery, Arrived { channel, message, version, at })?;
            Hold::Ours
        }
        DeliveryEnd::Skipped(reason) => unsent(tx.db, claim, "skipped", reason, at)?,
        DeliveryEnd::Missed(cause) => unsent(tx.db, claim, "skipped", why_missed(*cause), at)?,
        DeliveryEnd::Dead(reason) => dead(tx.db, claim, before, reason, at)?,
        DeliveryEnd::Broken(breakage) => dead(tx.db, claim, before, why(*breakage), at)?,
        DeliveryEnd::NoPost => dead(tx.db, claim, before, NO_POST, at)?,
        DeliveryEnd::Unclear => unsent(tx.db, claim, "unclear", "", at)?,
    };
    if hold == Hold::Ours {
        told(tx.db, claim.delivery, end, at)?;
    }
    Ok(hold)
}

/// Has the organisers told, if this end concerns them.
fn told(db: &Connection, id: DeliveryId, end: &DeliveryEnd, at: Timestamp) -> Stored<()> {
    match end {
        DeliveryEnd::Sent { .. } => Ok(()),
        DeliveryEnd::Skipped(_) => channels::not_told(db, id),
        DeliveryEnd::Missed(_) => report::missed(db, id, at),
        DeliveryEnd::Unclear => report::unclear(db, id, at),
        DeliveryEnd::Dead(_) | DeliveryEnd::NoPost => report::failed(db, id, None, at),
        DeliveryEnd::Broken(breakage) => report::failed(db, id, Some(*breakage), at),
    }
}

fn sent(
    db: &Connection,
    id: DeliveryId,
    channel: ChannelId,
    message: MessageId,
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

/// Discord refused it: the attempts under this claim were none, and whoever has it tried again need
/// not look for a message.
fn dead(
    db: &Connection,
    claim: Claim,
    before: &Before,
    reason: &str,
    at: Timestamp,
) -> Stored<Hold> {
    match take_back(db, claim, before)? {
        Hold::Ours => unsent(db, claim, "dead", reason, at),
        Hold::Lost => Ok(Hold::Lost),
    }
}

/// Ends a delivery that is not sent, if the claim counts.
pub(super) fn unsent(
    db: &Connection,
    claim: Claim,
    outcome: &str,
    reason: &str,
    at: Timestamp,
) -> Stored<Hold> {
    const SQL: &str = "
        UPDATE delivery SET outcome = ?3, reason = ?4, ended_at = ?5, lease_until = NULL
        WHERE id = ?1 AND claims = ?2 AND lease_until IS NOT NULL AND ended_at IS NULL";
    let (id, number) = (Column(claim.delivery), Column(claim.number));
    let params = params![id, number, outcome, reason, Column(at)];
    Ok(hold(db.prepare_cached(SQL)?.execute(params)?))
}

/// What a sent message means for what it is about.
fn show(tx: &mut Tx<'_>, delivery: &Delivery, arrived: Arrived) -> Stored<()> {
    const GREETED: &str = "UPDATE guild SET greeted_at = ?2 WHERE id = ?1";
    match delivery.content {
        DeliveryContent::Post(event) => {
            // What is at hand knows another message, or none.
            tx.rosters.forget(event);
            arrival::post_arrived(tx.db, event, delivery.id, arrived)
        }
        DeliveryContent::Greeting => {
            let params = params![Column(delivery.guild), Column(arrived.at)];
            tx.db.prepare_cached(GREETED)?.execute(params)?;
            Ok(())
        }
        DeliveryContent::Notice { .. }
        | DeliveryContent::Direct { .. }
        | DeliveryContent::Unanswered { .. }
        | DeliveryContent::Report { .. } => Ok(()),
    }
}

/// Forgets a few of the oldest. How old a message is, its number says: it may have been sent while
/// the clock was far behind.
fn purge(db: &Connection, now: Timestamp) -> Stored<()> {
    const SQL: &str = "
        DELETE FROM delivery WHERE id IN (
          SELECT id FROM delivery WHERE ended_at IS NOT NULL AND ended_at < ?1
            AND (message IS NULL OR message < ?2)
          ORDER BY ended_at LIMIT ?3)";
    let before = now.saturating_sub(FINISHED_KEPT).unwrap_or(Timestamp::MIN);
    let message = Column(MessageId::earliest_at(before));
    db.prepare_cached(SQL)?.execute(params![Column(before), message, PURGED_PER_SENT])?;
    Ok(())
}
