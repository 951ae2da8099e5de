//! What people read of an event must be what there is of it: its log, its files, and what a member
//! answered to all of them.
//!
//! The database is looked at before somebody asks and after they were answered. Only where nothing
//! changed in between is it clear what they had to be told.

mod attendance;
mod data;
mod files;
mod history;
mod log;
mod table;

pub(crate) use self::attendance::{attendance, judge as judge_attendance};
pub(crate) use self::data::{answers_of, judge as judge_data};
pub(crate) use self::files::judge as judge_files;
pub(crate) use self::log::{judge_all as judge_log, judge_page};

use std::collections::BTreeMap;

use rusqlite::Row;

use self::history::Entry;
use super::database::{Kept, KeptEvent, open, rows};
use super::posts;
use crate::stage::Stage;

/// All that there is of an event at one moment.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Snapshot {
    event: KeptEvent,
    /// Its history, newest first.
    entries: Vec<Entry>,
    /// What members noted.
    notes: BTreeMap<u64, String>,
    /// How often an organiser took back what was to be told, and with it a line of the history.
    taken_back: u64,
}

/// What there was before and after somebody was told something.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Looked<'a> {
    /// Before they asked.
    pub(crate) before: Option<&'a Snapshot>,
    /// After they were answered.
    pub(crate) after: Option<&'a Snapshot>,
}

impl<'a> Looked<'a> {
    /// What they were to be told, if that is clear.
    fn same(self) -> Option<&'a Snapshot> {
        self.after.filter(|after| self.before == Some(*after))
    }
}

impl Snapshot {
    /// What an answer is called, with its heading where another one has the same label.
    fn called(&self, option: u8) -> String {
        posts::full_name(&self.event, option)
    }
}

const NOTES: &str = "SELECT member, note FROM signup WHERE event = ?1 AND note IS NOT NULL";

const TAKEN_BACK: &str = "
    SELECT count(*) FROM delivery
    WHERE event = ?1 AND told_by IS NOT NULL AND outcome = 'skipped' AND attempts = 0";

/// Looks at an event; `None` if there is none.
pub(crate) fn look(stage: &Stage, event: u64) -> Option<Snapshot> {
    match read(stage, event) {
        Ok(found) => found,
        Err(error) => {
            stage.ledger.violation("oracle", error.to_string());
            None
        }
    }
}

fn read(stage: &Stage, event: u64) -> rusqlite::Result<Option<Snapshot>> {
    let path = stage.disk.database();
    let Some(found) = Kept::read(&path)?.events.remove(&event) else { return Ok(None) };
    let db = open(&path)?;
    let note = |row: &Row<'_>| Ok((row.get::<_, i64>(0)?.cast_unsigned(), row.get(1)?));
    let notes = rows(&db, &NOTES.replace("?1", &event.to_string()), note)?;
    let entries = history::read(&db, event)?;
    let taken_back = db.query_row(TAKEN_BACK, [event.cast_signed()], |row| row.get::<_, i64>(0))?;
    let taken_back = taken_back.unsigned_abs();
    Ok(Some(Snapshot { event: found, entries, notes: notes.into_iter().collect(), taken_back }))
}
