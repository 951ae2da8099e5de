//! News of lost places: who has not heard of a loss yet, and whom it still concerns.
//!
//! They wait for second thoughts. Until they leave, a member may have a place again or may have
//! answered anew; so the history says whom they concern, and not what was true when they were
//! planned. Who lost a place to somebody with whom an organiser had them swap has a line of an
//! organiser's there.

use jiff::Timestamp;
use muster_domain::id::{DeliveryId, EventId, UserId};
use rusqlite::{Connection, params};

use crate::port::Stored;
use crate::sqlite::columns::{Column, only};

/// Members who lost their place at an event and have not been told, neither among others nor by
/// themselves.
pub(in crate::sqlite) fn unheard(
    db: &Connection,
    event: EventId,
    now: Timestamp,
) -> Stored<Vec<UserId>> {
    const SQL: &str = "
        SELECT DISTINCT l.member FROM delivery d
        JOIN signup_log l ON l.event = d.event AND l.version = d.version AND (
          l.way = 'unseated' OR (l.way = 'organiser' AND l.from_place = 0 AND l.to_place = 1))
        WHERE d.event = ?1 AND d.kind = 'notice' AND d.news = 'unseated'
          AND d.ended_at IS NULL AND d.attempts = 0 AND coalesce(d.lease_until, 0) <= ?2
          AND (
            NOT EXISTS (SELECT 1 FROM delivery_mention m WHERE m.delivery = d.id)
            OR EXISTS (
              SELECT 1 FROM delivery_mention m WHERE m.delivery = d.id AND m.member = l.member))
          AND NOT EXISTS (
            SELECT 1 FROM delivery t
            WHERE t.event = d.event AND t.version = d.version AND t.kind = 'direct'
              AND t.news = 'unseated' AND t.member = l.member
              AND (t.ended_at IS NOT NULL OR t.attempts > 0 OR t.lease_until > ?2))";
    let mut statement = db.prepare_cached(SQL)?;
    let rows = statement.query_map(params![Column(event), Column(now)], only)?;
    Ok(rows.collect::<Result<_, _>>()?)
}

/// Of the members whose loss a delivery tells those who are still in line because of it: nothing
/// happened to their answer since.
pub(super) fn still_true(db: &Connection, delivery: DeliveryId) -> Stored<Vec<UserId>> {
    const SQL: &str = "
        SELECT l.member FROM delivery d
        JOIN signup_log l ON l.event = d.event AND l.version = d.version AND (
          l.way = 'unseated' OR (l.way = 'organiser' AND l.from_place = 0 AND l.to_place = 1))
        JOIN signup s ON s.event = l.event AND s.member = l.member AND s.option IS NOT NULL
        WHERE d.id = ?1 AND s.place = 1 AND NOT EXISTS (
          SELECT 1 FROM signup_log n
          WHERE n.event = l.event AND n.member = l.member AND n.version > l.version
            AND n.way <> 'details')";
    let mut statement = db.prepare_cached(SQL)?;
    let rows = statement.query_map([Column(delivery)], only)?;
    Ok(rows.collect::<Result<_, _>>()?)
}
