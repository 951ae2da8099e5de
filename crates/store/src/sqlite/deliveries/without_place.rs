//! Who of those that a message is for has no place.

use muster_domain::id::{DeliveryId, UserId};
use rusqlite::Connection;

use crate::port::Stored;
use crate::sqlite::columns::{Column, only};

/// Of the members whom a delivery mentions, or is for, those without a place: they
/// wait, have not accepted one yet, or did not in time.
pub(super) fn without_place(db: &Connection, delivery: DeliveryId) -> Stored<Vec<UserId>> {
    const SQL: &str = "
        SELECT s.member FROM delivery d
        JOIN delivery_mention m ON m.delivery = d.id
        JOIN signup s ON s.event = d.event AND s.member = m.member
        WHERE d.id = ?1 AND s.option IS NOT NULL AND s.place <> 0
        UNION ALL
        SELECT s.member FROM delivery d JOIN signup s ON s.event = d.event AND s.member = d.member
        WHERE d.id = ?1 AND d.kind = 'direct' AND s.option IS NOT NULL AND s.place <> 0";
    let mut statement = db.prepare_cached(SQL)?;
    let rows = statement.query_map([Column(delivery)], only)?;
    Ok(rows.collect::<Result<_, _>>()?)
}
