//! Leases deliveries, so that each is in one pair of hands and each channel gets them in order.

use jiff::Timestamp;
use muster_domain::id::DeliveryId;
use rusqlite::{Connection, params};

use super::{delivery_row, heads};
use crate::model::Delivery;
use crate::port::Stored;
use crate::sqlite::columns::Column;
use crate::sqlite::set_aside::{DueRow, apart};
use crate::sqlite::writer::Tx;

/// From when to when a delivery belongs to its claimer.
#[derive(Clone, Copy)]
pub(super) struct Lease {
    pub(super) now: Timestamp,
    pub(super) until: Timestamp,
}

/// Leases what is due, the oldest of each lane. Guilds that the bot was removed from wait for its
/// return.
pub(super) fn claim_due(tx: &mut Tx<'_>, lease: Lease, limit: usize) -> Stored<Vec<Delivery>> {
    let mut claimed = Vec::new();
    for id in heads::due(tx.db, lease.now, limit)? {
        let row = DueRow::Delivery(id);
        claimed.extend(apart(tx, row, lease.now, |tx| claim(tx.db, id, lease))?.flatten());
    }
    Ok(claimed)
}

/// Leases one delivery, unless it has ended or is leased already.
pub(super) fn claim(db: &Connection, id: DeliveryId, lease: Lease) -> Stored<Option<Delivery>> {
    const SQL: &str = "
        UPDATE delivery SET lease_until = ?3, ready_at = ?3, claims = claims + 1
        WHERE id = ?1 AND ended_at IS NULL AND (lease_until IS NULL OR lease_until <= ?2)
          AND EXISTS (SELECT 1 FROM guild g WHERE g.id = guild AND g.removed_at IS NULL)";
    let params = params![Column(id), Column(lease.now), Column(lease.until)];
    let leased = db.prepare_cached(SQL)?.execute(params)?;
    if leased == 0 {
        return Ok(None);
    }
    delivery_row::read(db, id).map(Some)
}
