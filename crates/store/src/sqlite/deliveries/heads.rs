//! The first unfinished delivery of each lane: the only one of it that can be due.
//!
//! Of what is due, most are first in their lanes, or else there are few lanes. So the rows that
//! became due first are looked at, and only if they were all behind others the lanes one by one.
//! Ten thousand that wait behind one that is under way then cost hardly more than ten.
//!
//! What is of guilds that removed the bot waits for its return and holds up nobody: messages to one
//! member from several guilds share a lane.

use jiff::Timestamp;
use muster_domain::id::DeliveryId;
use rusqlite::{Connection, ToSql, params};

use crate::port::Stored;
use crate::sqlite::columns::{Column, Columns, only};

/// Rows looked at before the lanes are: some eight for each delivery that is under way at once.
const LOOKED_AT: usize = 512;

/// Those that can be claimed now, the longest ready first, at most `limit`.
pub(super) fn due(db: &Connection, now: Timestamp, limit: usize) -> Stored<Vec<DeliveryId>> {
    Ok(heads(db, now, limit)?.into_iter().map(|(id, _)| id).collect())
}

/// When the next of them can be claimed.
pub(super) fn next_ready(db: &Connection) -> Stored<Option<Timestamp>> {
    Ok(heads(db, Timestamp::MAX, 1)?.first().map(|(_, ready)| *ready))
}

/// Those that are ready `by` then, with since when they are, the longest ready first, at most
/// `limit`.
fn heads(db: &Connection, by: Timestamp, limit: usize) -> Stored<Vec<(DeliveryId, Timestamp)>> {
    const FIRST: &str = "
        SELECT d.id, d.ready_at FROM (
          SELECT id, guild, lane, due_at, ready_at FROM delivery
          WHERE ended_at IS NULL AND ready_at <= ?1
            AND EXISTS (SELECT 1 FROM guild g WHERE g.id = delivery.guild AND g.removed_at IS NULL)
          ORDER BY ready_at, id LIMIT ?3) d
        WHERE NOT EXISTS (
            SELECT 1 FROM delivery e
            WHERE e.ended_at IS NULL AND e.lane = d.lane AND (e.due_at, e.id) < (d.due_at, d.id)
              AND EXISTS (SELECT 1 FROM guild h WHERE h.id = e.guild AND h.removed_at IS NULL))
        ORDER BY d.ready_at, d.id LIMIT ?2";
    const BY_LANE: &str = "
        WITH RECURSIVE lanes (lane) AS (
          SELECT min(lane) FROM delivery WHERE ended_at IS NULL
          UNION ALL
          SELECT (SELECT min(lane) FROM delivery WHERE ended_at IS NULL AND lane > lanes.lane)
          FROM lanes WHERE lane IS NOT NULL)
        SELECT d.id, d.ready_at FROM lanes JOIN delivery d ON d.id = (
          SELECT e.id FROM delivery e WHERE e.ended_at IS NULL AND e.lane = lanes.lane
            AND EXISTS (SELECT 1 FROM guild h WHERE h.id = e.guild AND h.removed_at IS NULL)
          ORDER BY e.due_at, e.id LIMIT 1)
        WHERE d.ready_at <= ?1
        ORDER BY d.ready_at, d.id LIMIT ?2";
    let first = read(db, FIRST, params![Column(by), Column(limit), Column(LOOKED_AT)])?;
    if first.len() >= limit || !are_more(db, by)? {
        return Ok(first);
    }
    read(db, BY_LANE, params![Column(by), Column(limit)])
}

/// Whether more wait that are ready by then than are looked at.
fn are_more(db: &Connection, by: Timestamp) -> Stored<bool> {
    const SQL: &str = "
        SELECT EXISTS (
          SELECT 1 FROM delivery WHERE ended_at IS NULL AND ready_at <= ?1
            AND EXISTS (
              SELECT 1 FROM guild g WHERE g.id = delivery.guild AND g.removed_at IS NULL)
          ORDER BY ready_at LIMIT 1 OFFSET ?2)";
    let params = params![Column(by), Column(LOOKED_AT)];
    Ok(db.prepare_cached(SQL)?.query_row(params, only)?)
}

fn read(db: &Connection, sql: &str, params: &[&dyn ToSql]) -> Stored<Vec<(DeliveryId, Timestamp)>> {
    let mut statement = db.prepare_cached(sql)?;
    let rows = statement.query_map(params, |row| {
        let mut columns = Columns::of(row);
        Ok((columns.take()?, columns.take()?))
    })?;
    Ok(rows.collect::<Result<_, _>>()?)
}
