//! When something is due next.

use jiff::Timestamp;
use rusqlite::{Connection, OptionalExtension};

use crate::port::Stored;
use crate::sqlite::columns::only;
use crate::sqlite::series;

/// The earliest instant at which a delivery can be claimed, an event turns, or an occurrence of a
/// series is made.
pub(super) fn next_due(db: &Connection) -> Stored<Option<Timestamp>> {
    let instants = [next_delivery(db)?, next_turn(db)?, series::next_due(db)?];
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
