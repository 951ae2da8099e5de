//! Events that were made ahead of their time, for one date that was to be different, and that
//! nobody has seen yet. They follow what is decided about their series.

use jiff::Timestamp;
use jiff::civil::{Date, DateTime};
use muster_domain::id::{EventId, GuildId, SeriesId, UserId};
use muster_domain::recurrence::DayOrTime;
use muster_domain::series::Series;
use rusqlite::{Connection, params};

use super::list;
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
pub(super) fn follow(
    tx: &mut Tx<'_>,
    (before, after): (&Series, &Series),
    author: (UserId, Timestamp),
) -> Stored<()> {
    let ends = after.ended_at.is_some();
    let is_different = before.plan != after.plan;
    for Ahead { event, wall, is_as_made } in of(tx.db, before)? {
        let goes_along = is_different
            && is_as_made
            && reminders::own(tx.db, event)? == before.plan.made_of.reminders;
        if ends || is_left_out(before, after, wall) || goes_along {
            take_back(tx, event, author)?;
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
    (first, last): (Date, Date),
    author: (UserId, Timestamp),
) -> Stored<()> {
    for series in list::of_week(tx.db, guild)? {
        for Ahead { event, wall, .. } in of(tx.db, &series)? {
            if (first..=last).contains(&wall.date()) {
                take_back(tx, event, author)?;
            }
        }
    }
    Ok(())
}

/// Its date is free: should it take place after all, the series makes an event of it.
fn take_back(tx: &mut Tx<'_>, event: EventId, author: (UserId, Timestamp)) -> Stored<()> {
    const FREE: &str = "UPDATE event SET occurrence = NULL WHERE id = ?1";
    events::take_back(tx, event, author)?;
    tx.db.prepare_cached(FREE)?.execute([Column(event)])?;
    Ok(())
}

/// Occurrences of a series that have an event which is neither over nor deleted, in order, at most
/// `limit`.
pub(super) fn made(
    db: &Connection,
    (guild, series): (GuildId, SeriesId),
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
