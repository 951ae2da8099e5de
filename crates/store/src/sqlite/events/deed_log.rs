//! The history of what organisers did to what goes with an event: its reminders and its post.

use jiff::Timestamp;
use muster_domain::event::Event;
use muster_domain::id::UserId;
use rusqlite::{Connection, params};

use crate::model::Deed;
use crate::port::Stored;
use crate::sqlite::columns::Column;

/// Adds a line to the history. `event` is as it stands.
pub(in crate::sqlite) fn record(
    db: &Connection,
    event: &Event,
    deed: Deed,
    (by, at): (UserId, Timestamp),
) -> Stored<()> {
    const SQL: &str = "
        INSERT INTO deed_log (event, line, version, deed, channel, by, at)
        SELECT ?1, coalesce(max(line) + 1, 0), ?2, ?3, ?4, ?5, ?6 FROM deed_log WHERE event = ?1";
    let (what, channel) = match deed {
        Deed::Reminders => ("reminders", None),
        Deed::Reposted(channel) => ("reposted", Some(channel)),
    };
    db.prepare_cached(SQL)?.execute(params![
        Column(event.id),
        Column(event.version),
        what,
        channel.map(Column),
        Column(by),
        Column(at),
    ])?;
    Ok(())
}
