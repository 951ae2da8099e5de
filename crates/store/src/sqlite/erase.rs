//! Erases a member from one event, and from what is kept beside events.

use jiff::Timestamp;
use muster_domain::id::{DeliveryId, EventId, UserId};
use rusqlite::{Connection, params};

use super::columns::{Column, only};
use super::writer::Tx;
use super::{events, grants};
use crate::error::StoreError;
use crate::model::Erasure;
use crate::port::Stored;

/// Puts somebody without a name in the member's place in the history of an event, and in its roster
/// once it has begun; before that, the place is free again.
pub(super) fn in_event(tx: &mut Tx<'_>, event: EventId, erasure: Erasure) -> Stored<()> {
    let db = tx.db;
    let nobody = next_nobody(db, event)?;
    let names = params![Column(event), Column(erasure.member), Column(nobody)];
    let signups = db.prepare_cached(SIGNUP)?.execute(names)?;
    let renamed = [
        SIGNUP_LOG,
        SIGNUP_LOG_BY,
        EVENT_LOG_BY,
        TOLD_BY,
        PRESENCE,
        PRESENCE_LOG,
        PRESENCE_LOG_BY,
        DEED_LOG_BY,
    ];
    for sql in renamed {
        db.prepare_cached(sql)?.execute(names)?;
    }
    let hosted = db.prepare_cached(HOST)?.execute(names)?;
    events::forget_before(db, event, erasure.member)?;
    mentions(db, event, erasure)?;
    direct_messages(db, event, erasure, nobody)?;
    grants::erase(db, event, erasure.member, erasure.at)?;
    tx.rosters.forget(event);
    if signups > 0 {
        events::log_erased(tx, event, nobody, erasure.at)?;
    } else if hosted > 0 {
        events::touch(tx, event, erasure.at)?;
    }
    // Whoever opens it next reads what was written here.
    tx.rosters.forget(event);
    Ok(())
}

const SIGNUP: &str = "
    UPDATE signup SET member = ?3, interaction = 0, note = NULL, arrives = NULL, leaves = NULL,
      direct = 0, described = NULL, priority_roles = NULL
    WHERE event = ?1 AND member = ?2";
const SIGNUP_LOG: &str = "UPDATE signup_log SET member = ?3 WHERE event = ?1 AND member = ?2";
const SIGNUP_LOG_BY: &str = "UPDATE signup_log SET by = ?3 WHERE event = ?1 AND by = ?2";
const EVENT_LOG_BY: &str = "UPDATE event_log SET by = ?3 WHERE event = ?1 AND by = ?2";
const PRESENCE: &str = "UPDATE presence SET member = ?3 WHERE event = ?1 AND member = ?2";
const PRESENCE_LOG: &str = "UPDATE presence_log SET member = ?3 WHERE event = ?1 AND member = ?2";
const PRESENCE_LOG_BY: &str = "
    UPDATE presence_log SET by = ?3, interaction = 0 WHERE event = ?1 AND by = ?2";
const DEED_LOG_BY: &str = "UPDATE deed_log SET by = ?3 WHERE event = ?1 AND by = ?2";
const TOLD_BY: &str = "
    UPDATE delivery SET told_by = ?3, interaction = NULL WHERE event = ?1 AND told_by = ?2";
const HOST: &str = "UPDATE event SET host = ?3 WHERE id = ?1 AND host = ?2";

/// The next one without a name within an event.
fn next_nobody(db: &Connection, event: EventId) -> Stored<UserId> {
    const SQL: &str = "
        SELECT max(?2 - 1,
          coalesce((SELECT max(member) FROM signup WHERE event = ?1 AND member >= ?2), 0),
          coalesce((SELECT max(by) FROM signup_log WHERE event = ?1 AND by >= ?2), 0),
          coalesce((SELECT max(by) FROM event_log WHERE event = ?1 AND by >= ?2), 0),
          coalesce((SELECT max(by) FROM presence_log WHERE event = ?1 AND by >= ?2), 0),
          coalesce((SELECT max(by) FROM deed_log WHERE event = ?1 AND by >= ?2), 0),
          coalesce((SELECT max(told_by) FROM delivery WHERE event = ?1 AND told_by >= ?2), 0),
          (SELECT host FROM event WHERE id = ?1))";
    let from = UserId::ERASED_FROM;
    let latest: UserId =
        db.prepare_cached(SQL)?.query_row(params![Column(event), Column(from)], only)?;
    let number = u32::try_from(latest.get().saturating_add(1).saturating_sub(from.get()));
    number
        .map(UserId::erased)
        .map_err(|_| StoreError::Corrupt(format!("event {event} has too many erased members")))
}

/// Takes the member out of messages. One that waits and would mention nobody else is not sent: it
/// was for them alone.
fn mentions(db: &Connection, event: EventId, erasure: Erasure) -> Stored<()> {
    const FIND: &str = "
        SELECT m.delivery FROM delivery d JOIN delivery_mention m ON m.delivery = d.id
        WHERE d.event = ?1 AND m.member = ?2";
    const REMOVE: &str = "DELETE FROM delivery_mention WHERE delivery = ?1 AND member = ?2";
    const SKIP: &str = "
        UPDATE delivery SET outcome = 'skipped', reason = 'it was for an erased member',
          ended_at = ?2
        WHERE id = ?1 AND ended_at IS NULL AND attempts = 0 AND lease_until IS NULL
          AND NOT EXISTS (SELECT 1 FROM delivery_mention WHERE delivery = ?1)";
    let (member, at) = (Column(erasure.member), Column(erasure.at));
    let mut statement = db.prepare_cached(FIND)?;
    let rows = statement.query_map(params![Column(event), member], only::<DeliveryId>)?;
    for delivery in rows.collect::<Result<Vec<_>, _>>()? {
        db.prepare_cached(REMOVE)?.execute(params![Column(delivery), member])?;
        db.prepare_cached(SKIP)?.execute(params![Column(delivery), at])?;
    }
    Ok(())
}

/// Forgets messages to the member. One that is on its way at this moment loses the name.
fn direct_messages(
    db: &Connection,
    event: EventId,
    erasure: Erasure,
    nobody: UserId,
) -> Stored<()> {
    const FORGET: &str = "
        DELETE FROM delivery WHERE event = ?1 AND kind = 'direct' AND member = ?2
          AND (ended_at IS NOT NULL OR lease_until IS NULL)";
    const RENAME: &str = "
        UPDATE delivery SET member = ?3, lane = ?3
        WHERE event = ?1 AND kind = 'direct' AND member = ?2";
    let (event, member) = (Column(event), Column(erasure.member));
    db.prepare_cached(FORGET)?.execute(params![event, member])?;
    db.prepare_cached(RENAME)?.execute(params![event, member, Column(nobody)])?;
    Ok(())
}

/// What stays without the name of who made it: nobody has to tell one such member from another.
/// Events that a series makes from then on are nobody's, too.
const RENAMED: [&str; 5] = [
    "UPDATE template SET saved_by = ?2 WHERE saved_by = ?1",
    "UPDATE series SET host = ?2 WHERE host = ?1",
    "UPDATE series_version SET by = ?2 WHERE by = ?1",
    "UPDATE schedule_skip SET by = ?2 WHERE by = ?1",
    "UPDATE schedule_setup SET by = ?2 WHERE by = ?1",
];

/// Erases what is kept beside events, and notes that all is erased.
pub(super) fn beside_events(db: &Connection, erasure: Erasure) -> Stored<()> {
    const NOTE: &str = "
        INSERT INTO erased_member (member, at) VALUES (?1, ?2)
        ON CONFLICT (member) DO UPDATE SET at = max(at, excluded.at)";
    let member = Column(erasure.member);
    for sql in [
        "DELETE FROM member WHERE id = ?1",
        "DELETE FROM draft WHERE member = ?1",
        "DELETE FROM member_reminders WHERE member = ?1",
        "DELETE FROM quiet_hours WHERE member = ?1",
        "DELETE FROM delivery WHERE kind = 'report' AND member = ?1",
    ] {
        db.prepare_cached(sql)?.execute([member])?;
    }
    for sql in RENAMED {
        db.prepare_cached(sql)?.execute(params![member, Column(UserId::erased(0))])?;
    }
    let at: Timestamp = erasure.at;
    db.prepare_cached(NOTE)?.execute(params![member, Column(at)])?;
    Ok(())
}
