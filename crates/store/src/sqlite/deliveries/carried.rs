//! Reminders of an event that moves because the rules of its zone have changed are those of its new
//! instants, also the ones that went out: nobody is reminded twice, and nobody missed.

use jiff::{SignedDuration, Timestamp};
use muster_domain::id::EventId;
use rusqlite::{Connection, params};

use crate::port::Stored;
use crate::sqlite::columns::Column;

/// Has all reminders of an event be as much later, or earlier, as it is. Those that have not begun
/// to go out wait as much longer; none goes out sooner than it would have.
pub(in crate::sqlite) fn carry_reminders(
    db: &Connection,
    event: EventId,
    later: SignedDuration,
    now: Timestamp,
) -> Stored<()> {
    const SQL: &str = "
        UPDATE delivery SET reminds_at = reminds_at + ?2,
          due_at = due_at + iif(
            ended_at IS NULL AND attempts = 0 AND (lease_until IS NULL OR lease_until <= ?4), ?3, 0),
          ready_at = ready_at + iif(
            ended_at IS NULL AND attempts = 0 AND (lease_until IS NULL OR lease_until <= ?4), ?3, 0)
        WHERE event = ?1 AND news = 'reminder'";
    let by = i64::try_from(later.as_millis()).unwrap_or_default();
    let longer = by.max(0);
    db.prepare_cached(SQL)?.execute(params![Column(event), by, longer, Column(now)])?;
    Ok(())
}
