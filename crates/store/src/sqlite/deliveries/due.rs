//! When something is due next.

use jiff::Timestamp;
use rusqlite::{Connection, OptionalExtension};

use super::heads;
use crate::port::Stored;
use crate::sqlite::columns::only;

/// The earliest instant at which a delivery can be claimed or an event turns.
pub(super) fn next_due(db: &Connection) -> Stored<Option<Timestamp>> {
    let instants = [heads::next_ready(db)?, next_turn(db)?];
    Ok(instants.into_iter().flatten().min())
}

fn next_turn(db: &Connection) -> Stored<Option<Timestamp>> {
    const SQL: &str = "
        SELECT next_turn_at FROM event WHERE next_turn_at IS NOT NULL
        ORDER BY next_turn_at LIMIT 1";
    Ok(db.prepare_cached(SQL)?.query_row([], only).optional()?)
}
