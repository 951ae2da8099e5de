//! Once a week it is looked at whether a guild has planned anything for it. If not, a report tells
//! it that is made in the commit which moves the guild on to the next week.

use jiff::civil::Date;
use jiff::{SignedDuration, Timestamp};
use muster_domain::id::{DeliveryId, GuildId};
use muster_domain::limits::NUDGE_LATE;
use muster_domain::series::Series;
use muster_domain::settings::GuildSettings;
use muster_domain::zone::Zone;
use rusqlite::{Connection, OptionalExtension, params};

use super::{list, row, schedule};
use crate::port::Stored;
use crate::sqlite::columns::{Column, nullable, only};
use crate::sqlite::deliveries::report;
use crate::sqlite::guilds;
use crate::sqlite::set_aside::{DueRow, apart};
use crate::sqlite::writer::Tx;

const WEEK: SignedDuration = SignedDuration::from_hours(7 * 24);

/// How far ahead a week can have been decided by a clock that was, and still count as decided.
const AHEAD: SignedDuration = SignedDuration::from_hours(8 * 24);

/// The next look is never further away than this, if no clock was ahead for longer than [`AHEAD`].
const FURTHEST: SignedDuration = SignedDuration::from_hours(16 * 24);

/// When it is looked at next in any guild that has not removed the bot.
pub(in crate::sqlite) fn next_due(db: &Connection) -> Stored<Option<Timestamp>> {
    const SQL: &str = "
        SELECT nudge_at FROM guild WHERE nudge_at IS NOT NULL AND removed_at IS NULL
        ORDER BY nudge_at LIMIT 1";
    Ok(db.prepare_cached(SQL)?.query_row([], only).optional()?)
}

/// Looks at guilds of which it is time; returns at how many.
pub(super) fn due(
    tx: &mut Tx<'_>,
    now: Timestamp,
    limit: usize,
    default_zone: Option<&Zone>,
) -> Stored<usize> {
    const SQL: &str = "
        SELECT id FROM guild WHERE nudge_at <= ?1 AND removed_at IS NULL
        ORDER BY nudge_at, id LIMIT ?2";
    let mut statement = tx.db.prepare_cached(SQL)?;
    let found = statement.query_map(params![Column(now), Column(limit)], only)?;
    let found = found.collect::<Result<Vec<GuildId>, _>>()?;
    for guild in &found {
        apart(tx, DueRow::Guild(*guild), now, |tx| turn(tx.db, *guild, now, default_zone))?;
    }
    Ok(found.len())
}

/// The settings of a guild as they are where those that have chosen no zone have this one.
pub(in crate::sqlite) fn in_zone(
    settings: GuildSettings,
    default_zone: Option<&Zone>,
) -> GuildSettings {
    let zone = settings.zone.clone().or_else(|| default_zone.cloned());
    GuildSettings { zone, ..settings }
}

fn turn(
    db: &Connection,
    guild: GuildId,
    now: Timestamp,
    default_zone: Option<&Zone>,
) -> Stored<()> {
    const AT: &str = "SELECT nudge_at FROM guild WHERE id = ?1";
    const DECIDED: &str = "UPDATE guild SET nudged_week = ?2 WHERE id = ?1";
    const TOLD: &str = "UPDATE guild SET nudge_report = ?2 WHERE id = ?1";
    let settings = in_zone(guilds::settings(db, guild)?, default_zone);
    let at: Timestamp = db.prepare_cached(AT)?.query_row([Column(guild)], only)?;
    let week = settings.week_of_nudge(at).filter(|_| now.duration_since(at) <= NUDGE_LATE);
    if let Some(week) = week {
        db.prepare_cached(DECIDED)?.execute(params![Column(guild), Column(week)])?;
        let end = at.saturating_add(WEEK).unwrap_or(Timestamp::MAX);
        if is_empty(db, guild, now..end)? {
            let told = report::to_tell(db, guild, None, now)?;
            db.prepare_cached(TOLD)?.execute(params![Column(guild), nullable(told.as_ref())])?;
        }
    }
    plan(db, guild, &settings, now)
}

/// Whether a guild has neither an event that goes on in this time, nor an occurrence to come, nor a
/// rest of its weekly schedule.
fn is_empty(db: &Connection, guild: GuildId, time: std::ops::Range<Timestamp>) -> Stored<bool> {
    const EVENTS: &str = "
        SELECT EXISTS (
          SELECT 1 FROM event
          WHERE guild = ?1 AND starts_at < ?3 AND ends_at > ?2
            AND cancelled_at IS NULL AND deleted_at IS NULL)";
    let params = params![Column(guild), Column(time.start), Column(time.end)];
    if db.prepare_cached(EVENTS)?.query_row(params, only)? {
        return Ok(false);
    }
    for series in list::all(db, guild)? {
        let next = row::next(db, &series)?;
        if next.is_some_and(|next| next.at < time.end) || rests(db, &series, &time)? {
            return Ok(false);
        }
    }
    Ok(true)
}

/// Whether the weekly schedule would have an occurrence in this time if it did not rest: that it
/// rests was planned.
fn rests(db: &Connection, series: &Series, time: &std::ops::Range<Timestamp>) -> Stored<bool> {
    if series.day.is_none() {
        return Ok(false);
    }
    let from = series.plan.zone.rules().to_datetime(time.start);
    let from = series.made_to.map_or(from, |made_to| made_to.max(from));
    let found = series.plan.after(Some(from)).filter(|found| found.at < time.end);
    let Some(day) = found.map(|found| found.wall.date()) else { return Ok(false) };
    Ok(schedule::skips(db, series.guild, day)?.iter().any(|skip| skip.has(day)))
}

/// Whether a report tells, and still has to, that nothing is planned for the week.
pub(in crate::sqlite) fn is_told_in(
    db: &Connection,
    report: DeliveryId,
    now: Timestamp,
) -> Stored<bool> {
    const SQL: &str = "
        SELECT g.id, d.due_at FROM delivery d JOIN guild g ON g.id = d.guild
        WHERE d.id = ?1 AND g.nudge_report = d.id AND g.nudges = 1 AND d.due_at >= ?2";
    let since = now.saturating_sub(NUDGE_LATE).unwrap_or(Timestamp::MIN);
    let mut statement = db.prepare_cached(SQL)?;
    let mut rows = statement.query(params![Column(report), Column(since)])?;
    let Some(found) = rows.next()? else { return Ok(false) };
    let mut columns = crate::sqlite::columns::Columns::of(found);
    let (guild, due): (GuildId, Timestamp) = (columns.take()?, columns.take()?);
    is_empty(db, guild, now..due.saturating_add(WEEK).unwrap_or(Timestamp::MAX))
}

/// Sets when it is looked at next, by settings [`in_zone`]. No week is decided twice.
pub(in crate::sqlite) fn plan(
    db: &Connection,
    guild: GuildId,
    settings: &GuildSettings,
    now: Timestamp,
) -> Stored<()> {
    const LAST: &str = "SELECT nudged_week FROM guild WHERE id = ?1 AND nudged_week IS NOT NULL";
    const SET: &str = "UPDATE guild SET nudge_at = ?2 WHERE id = ?1";
    let last: Option<Date> =
        db.prepare_cached(LAST)?.query_row([Column(guild)], only).optional()?;
    let ahead = now.saturating_add(AHEAD).unwrap_or(Timestamp::MAX);
    let furthest = settings.week_of_nudge(ahead);
    // What was decided by a clock that was years ahead counts for nothing.
    let last = last.filter(|last| furthest.is_none_or(|furthest| *last <= furthest));
    let next = settings.next_nudge(now, last);
    db.prepare_cached(SET)?.execute(params![Column(guild), nullable(next.as_ref())])?;
    Ok(())
}

/// Plans anew what a clock that was ahead had planned; returns for how many guilds.
pub(in crate::sqlite) fn mend_nudges(
    tx: &mut Tx<'_>,
    now: Timestamp,
    default_zone: Option<&Zone>,
) -> Stored<usize> {
    const SQL: &str = "SELECT id FROM guild WHERE nudge_at > ?1 ORDER BY id";
    let furthest = now.saturating_add(FURTHEST).unwrap_or(Timestamp::MAX);
    let mut statement = tx.db.prepare_cached(SQL)?;
    let found = statement.query_map([Column(furthest)], only)?;
    let found = found.collect::<Result<Vec<GuildId>, _>>()?;
    for guild in &found {
        apart(tx, DueRow::Guild(*guild), now, |tx| {
            let settings = in_zone(guilds::settings(tx.db, *guild)?, default_zone);
            plan(tx.db, *guild, &settings, now)
        })?;
    }
    Ok(found.len())
}
