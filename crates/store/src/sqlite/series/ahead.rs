//! Events that were made ahead of their time, for one date that was to be different, and that
//! nobody has seen yet. They follow what is decided about their series.

use jiff::Timestamp;
use jiff::civil::{Date, DateTime, Time};
use muster_domain::id::{EventId, GuildId, SeriesId};
use muster_domain::recurrence::{DayOrTime, Occurrence};
use muster_domain::series::Series;
use rusqlite::{Connection, params};

use super::{list, make, schedule};
use crate::model::Cause;
use crate::port::Stored;
use crate::sqlite::columns::{Column, Columns, nullable};
use crate::sqlite::writer::Tx;
use crate::sqlite::{events, reminders};

/// Such an event.
struct Ahead {
    event: EventId,
    wall: DateTime,
    /// Nobody changed anything of it but, perhaps, its reminders.
    is_as_made: bool,
}

impl Ahead {
    /// Whether it is what its series made of it.
    fn is_as(&self, db: &Connection, series: &Series) -> Stored<bool> {
        let same_reminders = reminders::own(db, self.event)? == series.plan.made_of.reminders;
        Ok(self.is_as_made && same_reminders)
    }
}

/// Those of a series: neither posted nor on their way, and not made in their turn.
fn of(db: &Connection, series: &Series) -> Stored<Vec<Ahead>> {
    const SQL: &str = "
        SELECT e.id, e.occurrence, p.version = 1
        FROM event e JOIN post p ON p.event = e.id JOIN delivery d ON d.id = p.delivery
        WHERE e.series = ?1 AND e.occurrence IS NOT NULL AND e.deleted_at IS NULL
          AND (?2 IS NULL OR e.occurrence > ?2)
          AND p.message IS NULL AND d.ended_at IS NULL AND d.attempts = 0
          AND d.lease_until IS NULL
        ORDER BY e.id";
    let mut statement = db.prepare_cached(SQL)?;
    let params = params![Column(series.id), nullable(series.made_to.as_ref())];
    let rows = statement.query_map(params, |row| {
        let mut columns = Columns::of(row);
        Ok(Ahead { event: columns.take()?, wall: columns.take()?, is_as_made: columns.take()? })
    })?;
    Ok(rows.collect::<Result<_, _>>()?)
}

/// The series is changed: takes back what does not take place any more, or takes place as the rest
/// does. What was changed alone stays, unless its date is left out or the series ends.
pub(super) fn follow(tx: &mut Tx<'_>, before: &Series, after: &Series, cause: Cause) -> Stored<()> {
    let ends = after.ended_at.is_some();
    let is_different = before.plan != after.plan;
    for ahead in of(tx.db, before)? {
        let is_out = ends || is_left_out(before, after, ahead.wall);
        if is_out || (is_different && ahead.is_as(tx.db, before)?) {
            take_back(tx, before, &ahead, cause)?;
        }
    }
    Ok(())
}

/// Whether the date of an event is left out from now on. The event may have been made when the
/// series had another time of day.
fn is_left_out(before: &Series, after: &Series, wall: DateTime) -> bool {
    let of_another_time = !before.plan.has(wall);
    let known: Vec<_> = before.plan.recurrence.excluded().collect();
    let mut new = after.plan.recurrence.excluded().filter(|entry| !known.contains(entry));
    new.any(|entry| match entry {
        DayOrTime::Day(day) => day == wall.date(),
        DayOrTime::Time(time) => time == wall || (of_another_time && time.date() == wall.date()),
    })
}

/// The weekly schedule rests on these days: takes back what it had there.
pub(super) fn rest(
    tx: &mut Tx<'_>,
    guild: GuildId,
    first: Date,
    last: Date,
    cause: Cause,
) -> Stored<()> {
    for series in list::of_week(tx.db, guild)? {
        for ahead in of(tx.db, &series)? {
            if (first..=last).contains(&ahead.wall.date()) {
                take_back(tx, &series, &ahead, cause)?;
            }
        }
    }
    Ok(())
}

/// Its date is free: should it take place after all, the series makes an event of it. What was
/// changed alone is remembered, for it to be that event.
fn take_back(tx: &mut Tx<'_>, series: &Series, ahead: &Ahead, cause: Cause) -> Stored<()> {
    const FREE: &str = "UPDATE event SET occurrence = NULL WHERE id = ?1";
    const REMEMBER: &str = "UPDATE event SET taken_back = ?2 WHERE id = ?1";
    let is_changed = !ahead.is_as(tx.db, series)?;
    events::take_back(tx, ahead.event, cause)?;
    tx.db.prepare_cached(FREE)?.execute([Column(ahead.event)])?;
    if is_changed {
        let params = params![Column(ahead.event), Column(ahead.wall)];
        tx.db.prepare_cached(REMEMBER)?.execute(params)?;
    }
    Ok(())
}

/// Brings back what was changed alone before its date was left out, where that date takes place
/// now and no other event was made of it.
pub(super) fn bring_back(tx: &mut Tx<'_>, series: &Series, cause: Cause) -> Stored<()> {
    const SET: &str = "
        UPDATE event SET occurrence = taken_back, taken_back = NULL WHERE id = ?1";
    for (event, wall) in taken_back(tx.db, series)? {
        if is_free(tx.db, series, wall)? && events::bring_back(tx, event, cause)? {
            tx.db.prepare_cached(SET)?.execute([Column(event)])?;
        }
    }
    Ok(())
}

/// What of a series was taken back and changed alone before, with its dates, the latest first.
/// What an organiser brought back and deleted since is not that.
fn taken_back(db: &Connection, series: &Series) -> Stored<Vec<(EventId, DateTime)>> {
    const SQL: &str = "
        SELECT e.id, e.taken_back FROM event e
        WHERE e.series = ?1 AND e.taken_back IS NOT NULL AND e.deleted_at IS NOT NULL
          AND (
            SELECT l.change = 'deleted' AND l.interaction IS NULL FROM event_log l
            WHERE l.event = e.id ORDER BY l.version DESC LIMIT 1)
        ORDER BY e.id DESC";
    let mut statement = db.prepare_cached(SQL)?;
    let rows = statement.query_map([Column(series.id)], |row| {
        let mut columns = Columns::of(row);
        Ok((columns.take()?, columns.take()?))
    })?;
    Ok(rows.collect::<Result<_, _>>()?)
}

/// Whether a date takes place, and no event was made of it.
fn is_free(db: &Connection, series: &Series, wall: DateTime) -> Stored<bool> {
    let Some(found) = occurrence_of(series, wall).filter(|_| series.ended_at.is_none()) else {
        return Ok(false);
    };
    let day = found.wall.date();
    let rests = series.day.is_some()
        && schedule::skips(db, series.guild, day)?.iter().any(|skip| skip.has(day));
    Ok(!rests && make::made_before(db, series, found)?.is_none())
}

/// The occurrence of which an event of this date is: also at another time of its day, if the series
/// has been moved from there since.
fn occurrence_of(series: &Series, wall: DateTime) -> Option<Occurrence> {
    let plan = &series.plan;
    let mut excluded = plan.recurrence.excluded();
    if excluded.any(|entry| entry == DayOrTime::Time(wall)) {
        return None;
    }
    let eve = wall.date().yesterday().ok()?.to_datetime(Time::MAX);
    let of_its_day = || plan.after(Some(eve)).filter(|found| found.wall.date() == wall.date());
    plan.at(wall).or_else(of_its_day)
}

/// Occurrences of a series that have an event which is neither over nor deleted, in order, at most
/// `limit`.
pub(super) fn made(
    db: &Connection,
    guild: GuildId,
    series: SeriesId,
    now: Timestamp,
    limit: usize,
) -> Stored<Vec<(DateTime, EventId)>> {
    const SQL: &str = "
        SELECT occurrence, id FROM event
        WHERE series = ?1 AND guild = ?2 AND ends_at > ?3 AND deleted_at IS NULL
          AND occurrence IS NOT NULL
        ORDER BY occurrence LIMIT ?4";
    let mut statement = db.prepare_cached(SQL)?;
    let params = params![Column(series), Column(guild), Column(now), Column(limit)];
    let rows = statement.query_map(params, |row| {
        let mut columns = Columns::of(row);
        Ok((columns.take()?, columns.take()?))
    })?;
    Ok(rows.collect::<Result<_, _>>()?)
}
