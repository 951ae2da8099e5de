//! Whom of those that a reminder mentions it is for still: it can have waited for its channel.

use jiff::Timestamp;
use muster_domain::id::{DeliveryId, UserId};
use rusqlite::{Connection, OptionalExtension as _};

use crate::port::Stored;
use crate::sqlite::columns::{Column, only};
use crate::sqlite::events::event_row;
use crate::sqlite::wishes;

/// Of the members whom a reminder mentions those who belong to whom it is for now, as
/// [`muster_domain::reminder::reminded`] says of all, and who want to be mentioned at this instant.
/// Where nobody knows any more whom it was for, all who want that.
pub(super) fn still_meant(
    db: &Connection,
    delivery: DeliveryId,
    at: Timestamp,
) -> Stored<Vec<UserId>> {
    const EVENT: &str = "SELECT event FROM delivery WHERE id = ?1 AND event IS NOT NULL";
    let event = db.prepare_cached(EVENT)?.query_row([Column(delivery)], only).optional()?;
    let Some(event) = event.map(|event| event_row::read(db, event)).transpose()?.flatten() else {
        return Ok(Vec::new());
    };
    wishes::mentioned(db, &event, &of_the_audience(db, delivery)?, at)
}

/// Those of the members whom it mentions who belong to whom it is for now.
fn of_the_audience(db: &Connection, delivery: DeliveryId) -> Stored<Vec<UserId>> {
    const SQL: &str = "
        SELECT m.member FROM delivery d
        JOIN event e ON e.id = d.event
        JOIN delivery_mention m ON m.delivery = d.id
        LEFT JOIN signup s ON s.event = d.event AND s.member = m.member AND s.option IS NOT NULL
        LEFT JOIN event_option o
          ON o.event = e.id AND o.version = e.options_version AND o.id = s.option
        WHERE d.id = ?1 AND CASE d.audience
          WHEN 'unanswered' THEN s.member IS NULL
          WHEN 'expected' THEN o.told = 1
          WHEN 'going' THEN s.place = 2 OR (s.place = 0 AND o.coming = 1)
          WHEN 'maybe' THEN s.place = 0 AND o.told = 1 AND o.coming = 0
          WHEN 'waitlisted' THEN s.place IN (1, 3)
          ELSE 1
        END
        ORDER BY m.position";
    let mut statement = db.prepare_cached(SQL)?;
    let rows = statement.query_map([Column(delivery)], only)?;
    Ok(rows.collect::<Result<_, _>>()?)
}
