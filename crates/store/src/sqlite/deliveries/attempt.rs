//! What is stored before an attempt's first byte leaves, and when an attempt is to be made again.

use jiff::Timestamp;
use muster_domain::id::DeliveryId;
use rusqlite::{Connection, params};

use crate::error::StoreError;
use crate::port::Stored;
use crate::sqlite::columns::Column;

/// Marks that an attempt begins. Fails for a delivery that has ended, which must not go out again.
pub(super) fn mark(
    db: &Connection,
    id: DeliveryId,
    (process, nonce): (u64, &str),
    at: Timestamp,
) -> Stored<()> {
    const SQL: &str = "
        UPDATE delivery SET attempts = attempts + 1, attempted_by = ?2, nonce = ?3,
          first_attempt_at = coalesce(first_attempt_at, ?4)
        WHERE id = ?1 AND ended_at IS NULL";
    // A process is any 64 bits, and not every one of them is a positive number.
    let params = params![Column(id), process.cast_signed(), nonce, Column(at)];
    match db.prepare_cached(SQL)?.execute(params)? {
        0 => Err(StoreError::Database(format!("delivery {id} has ended already"))),
        _ => Ok(()),
    }
}

/// Gives the lease back until the delivery is tried again. It keeps its turn in its lane.
pub(super) fn postpone(db: &Connection, id: DeliveryId, until: Timestamp) -> Stored<()> {
    const SQL: &str = "
        UPDATE delivery SET lease_until = NULL, ready_at = ?2 WHERE id = ?1 AND ended_at IS NULL";
    db.prepare_cached(SQL)?.execute(params![Column(id), Column(until)])?;
    Ok(())
}
