//! What the database says after a crash run, read when nobody writes it any more.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use rusqlite::{Connection, OpenFlags};

use super::judge::Key;
use crate::error::BenchError;

/// What the database says.
#[derive(Debug)]
pub(crate) struct Kept {
    /// Deliveries of events by how they ended; "none" have not.
    pub(crate) ends: BTreeMap<String, u64>,
    /// Why some were skipped or are dead.
    pub(crate) reasons: BTreeMap<String, u64>,
    /// Posts and reminders that were skipped, as far as they are among those asked for.
    pub(crate) skipped: BTreeSet<Key>,
    /// Messages by which deliveries are said to have been sent.
    pub(crate) messages: BTreeSet<u64>,
    /// Events that organisers created by command, by their numbers, with their titles.
    pub(crate) created: BTreeMap<u64, String>,
    /// Whether SQLite finds the file in order.
    pub(crate) is_whole: bool,
}

/// Reads it. `due` says which reminder of an event is due at which instant, in milliseconds.
pub(crate) fn read(
    path: &Path,
    titles: &str,
    due: &BTreeMap<(u64, i64), Key>,
) -> Result<Kept, BenchError> {
    let db = Connection::open_with_flags(path, OpenFlags::SQLITE_OPEN_READ_WRITE)?;
    let ends = "
        SELECT coalesce(outcome, 'none'), count(*) FROM delivery WHERE event IS NOT NULL GROUP BY 1";
    let reasons = "
        SELECT outcome || ': ' || reason, count(*) FROM delivery
        WHERE event IS NOT NULL AND reason IS NOT NULL GROUP BY 1";
    let check: String = db.query_row("PRAGMA integrity_check", [], |row| row.get(0))?;
    let strays: usize = db.prepare("PRAGMA foreign_key_check")?.query_map([], |_| Ok(()))?.count();
    Ok(Kept {
        ends: counts(&db, ends)?,
        reasons: counts(&db, reasons)?,
        skipped: skipped(&db, due)?,
        messages: messages(&db)?,
        created: created(&db, titles)?,
        is_whole: check == "ok" && strays == 0,
    })
}

/// How many deliveries of events have not ended.
pub(crate) fn unfinished(path: &Path) -> Result<u64, BenchError> {
    const SQL: &str = "
        SELECT count(*) FROM delivery WHERE event IS NOT NULL AND ended_at IS NULL";
    let db = Connection::open_with_flags(path, OpenFlags::SQLITE_OPEN_READ_ONLY)?;
    Ok(db.query_row(SQL, [], |row| row.get::<_, i64>(0))?.unsigned_abs())
}

/// How many deliveries of events were begun more than once.
pub(crate) fn retried(path: &Path) -> Result<u64, BenchError> {
    const SQL: &str = "SELECT count(*) FROM delivery WHERE event IS NOT NULL AND claims > 1";
    let db = Connection::open_with_flags(path, OpenFlags::SQLITE_OPEN_READ_ONLY)?;
    Ok(db.query_row(SQL, [], |row| row.get::<_, i64>(0))?.unsigned_abs())
}

fn counts(db: &Connection, sql: &str) -> Result<BTreeMap<String, u64>, BenchError> {
    let mut statement = db.prepare(sql)?;
    let rows = statement.query_map([], |row| Ok((row.get(0)?, row.get::<_, i64>(1)?)))?;
    let counted = rows.map(|row| row.map(|(name, count)| (name, count.unsigned_abs())));
    Ok(counted.collect::<Result<_, _>>()?)
}

fn skipped(db: &Connection, due: &BTreeMap<(u64, i64), Key>) -> Result<BTreeSet<Key>, BenchError> {
    const SQL: &str = "
        SELECT kind, event, due_at FROM delivery
        WHERE event IS NOT NULL AND outcome = 'skipped'";
    let mut statement = db.prepare(SQL)?;
    let mut rows = statement.query([])?;
    let mut skipped = BTreeSet::new();
    while let Some(row) = rows.next()? {
        let (kind, event, at): (String, i64, i64) = (row.get(0)?, row.get(1)?, row.get(2)?);
        let event = event.unsigned_abs();
        if kind == "post" {
            skipped.insert(Key::Post(event));
        } else if let Some(key) = due.get(&(event, at)) {
            skipped.insert(*key);
        }
    }
    Ok(skipped)
}

fn messages(db: &Connection) -> Result<BTreeSet<u64>, BenchError> {
    const SQL: &str = "
        SELECT message FROM delivery WHERE event IS NOT NULL AND outcome = 'sent'";
    let mut statement = db.prepare(SQL)?;
    let rows = statement.query_map([], |row| row.get::<_, i64>(0))?;
    Ok(rows.map(|row| row.map(i64::cast_unsigned)).collect::<Result<_, _>>()?)
}

fn created(db: &Connection, titles: &str) -> Result<BTreeMap<u64, String>, BenchError> {
    const SQL: &str = "SELECT id, title FROM event WHERE substr(title, 1, length(?1)) = ?1";
    let mut statement = db.prepare(SQL)?;
    let rows = statement.query_map([titles], |row| Ok((row.get::<_, i64>(0)?, row.get(1)?)))?;
    let events = rows.map(|row| row.map(|(id, title)| (id.unsigned_abs(), title)));
    Ok(events.collect::<Result<_, _>>()?)
}
