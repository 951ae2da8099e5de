//! Puts right what a clock that was ahead made of series.

use jiff::tz::TimeZone;
use jiff::{SignedDuration, Timestamp};
use muster_domain::id::SeriesId;
use muster_domain::series::Series;
use rusqlite::{Connection, params};

use super::row;
use crate::port::Stored;
use crate::sqlite::columns::{Column, only};

/// No zone's clocks are further ahead of UTC. (RFC 9557 knows none; +14:00 is Kiribati's)
const ZONES_AHEAD: SignedDuration = SignedDuration::from_hours(14);

/// Goes through the occurrences again that were made or passed over and are still to come. What
/// exists is found and not made twice; what a clock that was ahead took for missed is forgotten,
/// and made when its time comes. Returns how many series had such.
pub(in crate::sqlite) fn mend(db: &Connection, now: Timestamp) -> Stored<usize> {
    const AHEAD: &str = "SELECT id FROM series WHERE made_to > ?1 ORDER BY id";
    let furthest = now.saturating_add(ZONES_AHEAD).unwrap_or(Timestamp::MAX);
    let furthest = Column(TimeZone::UTC.to_datetime(furthest));
    let mut statement = db.prepare_cached(AHEAD)?;
    let found = statement.query_map([furthest], only)?;
    let found: Vec<SeriesId> = found.collect::<Result<_, _>>()?;
    let mut mended: usize = 0;
    for id in found {
        let Some(series) = row::read(db, id)? else { continue };
        if forget_missed(db, &series, now)? > 0 || is_past_reason(&series, now) {
            mended = mended.saturating_add(1);
            look_again(db, series, now)?;
        }
    }
    Ok(mended)
}

/// Whether occurrences were passed over whose posts are not due for long: then a clock was ahead.
fn is_past_reason(series: &Series, now: Timestamp) -> bool {
    let rules = series.plan.zone.rules();
    let ahead = SignedDuration::from_hours(24 * 32);
    let furthest = now.saturating_add(ahead).unwrap_or(Timestamp::MAX);
    series.made_to.is_some_and(|made| made > rules.to_datetime(furthest))
}

fn forget_missed(db: &Connection, series: &Series, now: Timestamp) -> Stored<usize> {
    const SQL: &str = "
        DELETE FROM event
        WHERE series = ?1 AND ends_at > ?2 AND deleted_at IS NOT NULL
          AND EXISTS (
            SELECT 1 FROM post p JOIN delivery d ON d.id = p.delivery
            WHERE p.event = event.id AND p.version = 1 AND d.outcome = 'skipped')";
    Ok(db.prepare_cached(SQL)?.execute(params![Column(series.id), Column(now)])?)
}

fn look_again(db: &Connection, mut series: Series, now: Timestamp) -> Stored<()> {
    let wall = series.plan.zone.rules().to_datetime(now);
    row::set_made_to(db, series.id, wall)?;
    series.made_to = Some(wall);
    row::plan(db, &series)
}
