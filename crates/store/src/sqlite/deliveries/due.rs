//! When something is due next, and what is due by no clock but one that was ahead.

use jiff::Timestamp;
use muster_domain::limits::EDITOR_HOLDS;
use rusqlite::{Connection, OptionalExtension, params};

use super::heads;
use crate::port::Stored;
use crate::sqlite::columns::{Column, only};
use crate::sqlite::series;

/// The earliest instant at which a delivery can be claimed, an event turns, an occurrence of a
/// series is made, or it is looked at whether a week has anything.
pub(super) fn next_due(db: &Connection) -> Stored<Option<Timestamp>> {
    let planned = [series::next_due(db)?, series::nudge::next_due(db)?];
    let instants = [heads::next_ready(db)?, next_turn(db)?].into_iter().chain(planned);
    Ok(instants.flatten().min())
}

/// Has nothing wait longer than until `latest`, and what was due at once count as due now. A
/// reminder goes out when it is due and not before; messages to members are spread over a while,
/// and a new event may wait for its answers to be put together. Who holds a delivery holds it until
/// `latest`: it may be under way. Returns how many waited.
pub(in crate::sqlite) fn wait_no_longer(
    db: &Connection,
    now: Timestamp,
    latest: Timestamp,
) -> Stored<usize> {
    const SQL: &str = "
        UPDATE delivery SET
          ready_at = CASE WHEN has_its_time THEN max(due_at, ?2) ELSE ?2 END,
          lease_until = CASE WHEN lease_until > ?2 THEN ?2 ELSE lease_until END,
          due_at = CASE WHEN has_its_time THEN due_at ELSE min(due_at, ?1) END
        FROM (
          SELECT d.id AS waits,
            d.news IS 'reminder' OR (d.kind = 'post' AND EXISTS (
              SELECT 1 FROM event e WHERE e.id = d.event AND e.series IS NOT NULL)) AS has_its_time,
            CASE
              WHEN d.kind = 'direct' THEN ?3
              WHEN d.kind = 'post' AND EXISTS (
                SELECT 1 FROM event e WHERE e.id = d.event AND e.created_at < d.due_at) THEN ?4
              ELSE 0
            END AS may_wait
          FROM delivery d WHERE d.ended_at IS NULL AND d.ready_at > ?2)
        WHERE id = waits AND ready_at > ?2 + may_wait
          AND NOT (has_its_time AND ready_at = due_at)";
    let held = i64::try_from(EDITOR_HOLDS.as_millis()).unwrap_or(i64::MAX);
    let params = params![Column(now), Column(latest), SPREAD_MAX_MS, held];
    Ok(db.prepare_cached(SQL)?.execute(params)?)
}

/// Over how long messages to members are spread at most, in milliseconds.
const SPREAD_MAX_MS: i64 = 3_600_000;

/// Guilds that removed the bot wait for its return.
fn next_turn(db: &Connection) -> Stored<Option<Timestamp>> {
    const SQL: &str = "
        SELECT e.next_turn_at FROM event e WHERE e.next_turn_at IS NOT NULL
          AND EXISTS (SELECT 1 FROM guild g WHERE g.id = e.guild AND g.removed_at IS NULL)
        ORDER BY e.next_turn_at LIMIT 1";
    Ok(db.prepare_cached(SQL)?.query_row([], only).optional()?)
}
