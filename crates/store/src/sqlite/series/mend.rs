//! Puts right what a clock that was ahead made of series.

use jiff::tz::TimeZone;
use jiff::{SignedDuration, Timestamp};
use muster_domain::id::SeriesId;
use muster_domain::limits::EDITOR_HOLDS;
use muster_domain::recurrence::Occurrence;
use muster_domain::series::Series;
use rusqlite::{Connection, params};

use super::make::made_before;
use super::row;
use crate::port::Stored;
use crate::sqlite::columns::{Column, only};
use crate::sqlite::set_aside::{DueRow, apart};
use crate::sqlite::writer::Tx;

/// No zone's clocks are further behind UTC. (The time zone database has -12:00 at sea)
const ZONES_BEHIND: SignedDuration = SignedDuration::from_hours(12);

/// Goes through the occurrences again that were made or passed over and are not over. What exists
/// is found and not made twice; what a clock that was ahead took for missed is forgotten, and made
/// when its time comes, or at once. Returns how many series had such.
pub(in crate::sqlite) fn mend(tx: &mut Tx<'_>, now: Timestamp) -> Stored<usize> {
    const AHEAD: &str = "
        SELECT id FROM series WHERE made_to > ?1
        UNION
        SELECT series FROM event
        WHERE ends_at > ?2 AND deleted_at IS NOT NULL AND series IS NOT NULL ORDER BY 1";
    let nearest = now.saturating_sub(ZONES_BEHIND).unwrap_or(Timestamp::MIN);
    let nearest = Column(TimeZone::UTC.to_datetime(nearest));
    let mut statement = tx.db.prepare_cached(AHEAD)?;
    let found = statement.query_map(params![nearest, Column(now)], only)?;
    let found: Vec<SeriesId> = found.collect::<Result<_, _>>()?;
    release(tx.db, now)?;
    let mut mended: usize = 0;
    for id in found {
        if apart(tx, DueRow::Series(id), now, |tx| mend_one(tx.db, id, now))? == Some(true) {
            mended = mended.saturating_add(1);
        }
    }
    Ok(mended)
}

/// Holds no series for longer than one is held: a clock was ahead when it was created.
fn release(db: &Connection, now: Timestamp) -> Stored<()> {
    const SQL: &str = "UPDATE series SET held_until = ?1 WHERE held_until > ?1 RETURNING id";
    let latest = now.saturating_add(EDITOR_HOLDS).unwrap_or(now);
    let mut statement = db.prepare_cached(SQL)?;
    let held = statement.query_map([Column(latest)], only)?;
    for id in held.collect::<Result<Vec<SeriesId>, _>>()? {
        row::plan_again(db, id)?;
    }
    Ok(())
}

/// Whether there was something to mend.
fn mend_one(db: &Connection, id: SeriesId, now: Timestamp) -> Stored<bool> {
    let Some(series) = row::read(db, id)? else { return Ok(false) };
    let has_such = forget_missed(db, id, now)? > 0 || is_ahead(db, &series, now)?;
    if has_such {
        look_again(db, series, now)?;
    }
    Ok(has_such)
}

/// Whether it has come further than to what is to be posted by now, or passed over what has not
/// begun: then a clock was ahead.
fn is_ahead(db: &Connection, series: &Series, now: Timestamp) -> Stored<bool> {
    let rules = series.plan.zone.rules();
    let Some(wall) = series.made_to.filter(|made| *made > rules.to_datetime(now)) else {
        return Ok(false);
    };
    let Ok(at) = rules.to_timestamp(wall) else { return Ok(true) };
    let usual = row::posting_time(db, series.guild)?;
    let last = Occurrence { wall, at };
    if series.post_at(last, usual) > now {
        return Ok(true);
    }
    // Who plans it anew has it go on after the day of its last event, which is no occurrence.
    Ok(series.plan.has(wall) && made_before(db, series, last)?.is_none())
}

/// Nobody deleted these: they were noted as missed, and their end is still to come.
fn forget_missed(db: &Connection, series: SeriesId, now: Timestamp) -> Stored<usize> {
    const SQL: &str = "
        DELETE FROM event
        WHERE series = ?1 AND ends_at > ?2 AND deleted_at IS NOT NULL
          AND EXISTS (
            SELECT 1 FROM post p JOIN delivery d ON d.id = p.delivery
            WHERE p.event = event.id AND p.version = 1 AND d.outcome = 'skipped'
              AND d.ended_at = event.deleted_at)";
    Ok(db.prepare_cached(SQL)?.execute(params![Column(series), Column(now)])?)
}

fn look_again(db: &Connection, mut series: Series, now: Timestamp) -> Stored<()> {
    series.made_to = series.over_by(now);
    if let Some(over) = series.made_to {
        row::set_made_to(db, series.id, over)?;
    }
    row::plan(db, &series)
}
