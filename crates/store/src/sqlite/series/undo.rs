//! An organiser takes back the latest change of a series.

use jiff::Timestamp;
use muster_domain::id::SeriesId;
use muster_domain::limits::UNDO_WITHIN;
use muster_domain::series::Series;
use rusqlite::{Connection, params};

use super::row::{self, Author, FIRST_VERSION};
use super::{change, list};
use crate::model::{Cause, SeriesUndo, SeriesUndone};
use crate::port::Stored;
use crate::sqlite::columns::{Column, Columns};
use crate::sqlite::events;
use crate::sqlite::writer::Tx;

/// Events that a series can have made within the time in which its creation is taken back: one that
/// is due, and those that were made ahead by hand.
const EVENTS_MAX: usize = 100;

/// Takes the change back, or says why not.
pub(super) fn undo(tx: &mut Tx<'_>, undo: SeriesUndo) -> Stored<SeriesUndone> {
    let db = tx.db;
    let SeriesUndo { guild, series, version, by, interaction, at } = undo;
    let Some(now) = row::of_guild(db, guild, series)? else {
        return Ok(SeriesUndone::NoSuchSeries);
    };
    if change::made_by(db, series, interaction)?.is_some() {
        return Ok(SeriesUndone::Made(Box::new(now)));
    }
    let last = cause_of(db, series, now.version)?;
    if now.version != version || last.by != by {
        return Ok(SeriesUndone::ChangedSince(last.by));
    }
    if at.duration_since(last.at) > UNDO_WITHIN {
        return Ok(SeriesUndone::TooLate);
    }
    let earlier = before(db, &now, at)?;
    let goes_on = now.ended_at.is_some() && earlier.ended_at.is_none();
    let earlier = if goes_on { earlier.resumed(at) } else { earlier };
    let after = Series { version: now.version, ..earlier };
    let made = change::set(tx, &now, &after, Author { by, interaction, at })?;
    if now.version == FIRST_VERSION {
        for posted in list::events(db, guild, series, at, EVENTS_MAX)? {
            events::take_back(tx, posted.sheet.event.id, Cause { by, at })?;
        }
    }
    Ok(SeriesUndone::Made(Box::new(made)))
}

/// What a series was before its latest version; ended, if that was the first.
fn before(db: &Connection, now: &Series, at: Timestamp) -> Stored<Series> {
    let earlier = match now.version {
        FIRST_VERSION => None,
        version => row::as_of(db, now.id, version.saturating_sub(1))?,
    };
    Ok(earlier.unwrap_or_else(|| Series { ended_at: Some(at), ..now.clone() }))
}

fn cause_of(db: &Connection, series: SeriesId, version: u64) -> Stored<Cause> {
    const SQL: &str = "SELECT by, at FROM series_version WHERE series = ?1 AND version = ?2";
    let params = params![Column(series), Column(version)];
    Ok(db.prepare_cached(SQL)?.query_row(params, |row| {
        let mut columns = Columns::of(row);
        Ok(Cause { by: columns.take()?, at: columns.take()? })
    })?)
}
