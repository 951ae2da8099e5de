//! When a date is posted that was made ahead of its time: it follows the start that it has by now,
//! so that nobody hears of it when it is over.

use jiff::Timestamp;
use muster_domain::event::Event;
use rusqlite::Connection;

use super::row;
use crate::port::Stored;
use crate::sqlite::columns::whole_ms;
use crate::sqlite::deliveries::posts;

/// Has the post of an event whose start was changed wait for the time at which its series posts
/// what starts then; at once if that has passed. One that waits for nothing any more stays as it
/// is.
pub(in crate::sqlite) fn follow_start(
    db: &Connection,
    event: &Event,
    now: Timestamp,
) -> Stored<()> {
    let Some(series) = event.series else { return Ok(()) };
    let Some(waits) = posts::first_that_waits(db, event.id, now)? else { return Ok(()) };
    let Some(series) = row::read(db, series)? else { return Ok(()) };
    let usual = row::posting_time(db, series.guild)?;
    let details = &event.details;
    let due = series.plan.posting.due(details.span.start(), &details.zone, usual);
    posts::wait_until(db, waits, whole_ms(due.max(now)))
}
