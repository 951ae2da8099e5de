//! The history of what organisers did beside an event: to its reminders and its post, and what
//! they told those who are coming.

use muster_domain::event::Event;
use muster_domain::id::{DeliveryId, EventId, UserId};
use rusqlite::{Connection, OptionalExtension, params};

use crate::model::{Cause, Deed};
use crate::port::Stored;
use crate::sqlite::columns::{Column, only};

/// Adds a line to the history. `event` is as it stands.
pub(in crate::sqlite) fn record(
    db: &Connection,
    event: &Event,
    deed: Deed,
    Cause { by, at }: Cause,
) -> Stored<()> {
    const SQL: &str = "
        INSERT INTO deed_log (event, line, version, deed, channel, by, at)
        VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)";
    let (what, channel) = match deed {
        Deed::Reminders => ("reminders", None),
        Deed::Reposted(channel) => ("reposted", Some(channel)),
        Deed::Told => ("told", None),
    };
    db.prepare_cached(SQL)?.execute(params![
        Column(event.id),
        Column(next_line(db, event.id)?),
        Column(event.version),
        what,
        channel.map(Column),
        Column(by),
        Column(at),
    ])?;
    Ok(())
}

/// Forgets that something was told by this delivery, of which nothing has left.
pub(in crate::sqlite) fn forget_told(
    db: &Connection,
    event: EventId,
    first: DeliveryId,
) -> Stored<()> {
    const SQL: &str = "
        DELETE FROM deed_log WHERE event = ?1 AND line = (
          SELECT max(l.line) FROM deed_log l JOIN delivery d ON d.id = ?2 AND d.told_by = l.by
          WHERE l.event = ?1 AND l.deed = 'told')";
    db.prepare_cached(SQL)?.execute(params![Column(event), Column(first)])?;
    Ok(())
}

/// Who last had an event posted again.
pub(in crate::sqlite) fn who_reposted(db: &Connection, event: EventId) -> Stored<Option<UserId>> {
    const SQL: &str = "
        SELECT by FROM deed_log
        WHERE event = ?1 AND deed = 'reposted' ORDER BY line DESC LIMIT 1";
    Ok(db.prepare_cached(SQL)?.query_row([Column(event)], only).optional()?)
}

/// The number of the next line of what makes no version of its event: such lines are counted
/// together, so that the history has them in order whatever the clock does.
pub(in crate::sqlite) fn next_line(db: &Connection, event: EventId) -> Stored<u64> {
    const SQL: &str = "
        SELECT 1 + max(
          coalesce((SELECT max(line) FROM presence_log WHERE event = ?1), -1),
          coalesce((SELECT max(line) FROM deed_log WHERE event = ?1), -1))";
    Ok(db.prepare_cached(SQL)?.query_row([Column(event)], only)?)
}
