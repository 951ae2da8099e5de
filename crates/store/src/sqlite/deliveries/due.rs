//! When something is due next, and events whose time has come.

use jiff::Timestamp;
use rusqlite::{Connection, OptionalExtension, params};

use crate::port::Stored;
use crate::sqlite::columns::{Column, only};
use crate::sqlite::events::{event_row, ids, set_version};
use crate::sqlite::writer::Tx;

/// The earliest instant at which a delivery can be claimed or an event turns.
pub(super) fn next_due(db: &Connection) -> Stored<Option<Timestamp>> {
    let instants = [next_delivery(db)?, next_turn(db)?];
    Ok(instants.into_iter().flatten().min())
}

/// Counts only the first of each lane: the others wait for it, however long they are due.
fn next_delivery(db: &Connection) -> Stored<Option<Timestamp>> {
    const SQL: &str = "
        SELECT d.ready_at FROM delivery d
        WHERE d.ended_at IS NULL
          AND NOT EXISTS (
            SELECT 1 FROM delivery e
            WHERE e.ended_at IS NULL AND e.lane = d.lane AND (e.due_at, e.id) < (d.due_at, d.id))
          AND EXISTS (SELECT 1 FROM guild g WHERE g.id = d.guild AND g.removed_at IS NULL)
        ORDER BY d.ready_at LIMIT 1";
    Ok(db.prepare_cached(SQL)?.query_row([], only).optional()?)
}

fn next_turn(db: &Connection) -> Stored<Option<Timestamp>> {
    const SQL: &str = "
        SELECT next_turn_at FROM event WHERE next_turn_at IS NOT NULL
        ORDER BY next_turn_at LIMIT 1";
    Ok(db.prepare_cached(SQL)?.query_row([], only).optional()?)
}

/// Gives events whose time has come a new version, which makes their posts stale.
pub(super) fn turn_events(tx: &mut Tx<'_>, now: Timestamp, limit: usize) -> Stored<usize> {
    const SQL: &str = "
        SELECT id FROM event WHERE next_turn_at IS NOT NULL AND next_turn_at <= ?1
        ORDER BY next_turn_at, id LIMIT ?2";
    let due = ids(tx.db, SQL, params![Column(now), Column(limit)])?;
    let turned = due.len();
    for id in due {
        let Some(event) = event_row::read(tx.db, id)? else {
            continue;
        };
        set_version(tx.db, id, event.version.saturating_add(1), now)?;
        event_row::set_next_turn(tx.db, id, event.next_turn(now))?;
        tx.rosters.forget(id);
    }
    Ok(turned)
}
