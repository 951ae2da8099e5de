//! The weekly schedule beside its series: days on which it rests, and how far it is set up.

use jiff::Timestamp;
use jiff::civil::{Date, Time, Weekday};
use muster_domain::id::{GuildId, UserId};
use muster_domain::limits::SKIPS_MAX;
use rusqlite::{Connection, OptionalExtension, params};

use super::{ahead, list, make, row};
use crate::error::StoreError;
use crate::model::{Cause, ScheduleSkip, SetupState, SkipKept};
use crate::port::Stored;
use crate::sqlite::columns::{Column, Columns, only};
use crate::sqlite::guilds;
use crate::sqlite::writer::Tx;

/// The number of the day after Sunday: the week is through.
const THROUGH: u32 = 8;

/// When the schedule rests from this day on, soonest first.
pub(super) fn skips(db: &Connection, guild: GuildId, from: Date) -> Stored<Vec<ScheduleSkip>> {
    const SQL: &str = "
        SELECT first_day, last_day, by, at FROM schedule_skip
        WHERE guild = ?1 AND last_day >= ?2 ORDER BY first_day, last_day LIMIT ?3";
    let mut statement = db.prepare_cached(SQL)?;
    let params = params![Column(guild), Column(from), Column(SKIPS_MAX)];
    let rows = statement.query_map(params, |row| {
        let mut columns = Columns::of(row);
        Ok(ScheduleSkip {
            first: columns.take()?,
            last: columns.take()?,
            by: columns.take()?,
            at: columns.take()?,
        })
    })?;
    Ok(rows.collect::<Result<_, _>>()?)
}

/// Has the schedule rest on these days. What lies two days behind when that is decided is
/// forgotten: by then the day has ended everywhere.
pub(super) fn skip(tx: &mut Tx<'_>, guild: GuildId, skip: ScheduleSkip) -> Stored<SkipKept> {
    const FORGET: &str = "DELETE FROM schedule_skip WHERE guild = ?1 AND last_day < ?2";
    const KNOWN: &str = "
        SELECT EXISTS (
          SELECT 1 FROM schedule_skip WHERE guild = ?1 AND first_day = ?2 AND last_day = ?3)";
    const COUNT: &str = "
        SELECT count(*) FROM schedule_skip WHERE guild = ?1 AND last_day >= ?2";
    const PUT: &str = "
        INSERT INTO schedule_skip (guild, first_day, last_day, by, at)
        VALUES (?1, ?2, ?3, ?4, ?5)";
    let db = tx.db;
    guilds::ensure(db, guild)?;
    let today = jiff::tz::TimeZone::UTC.to_datetime(skip.at).date();
    let behind = today.checked_sub(jiff::Span::new().days(2)).unwrap_or(Date::MIN);
    let (first, last) = (Column(skip.first), Column(skip.last));
    if db.prepare_cached(KNOWN)?.query_row(params![Column(guild), first, last], only)? {
        return Ok(SkipKept::Kept);
    }
    let count: usize =
        db.prepare_cached(COUNT)?.query_row(params![Column(guild), Column(behind)], only)?;
    if count >= SKIPS_MAX {
        return Ok(SkipKept::TooMany);
    }
    let params = params![Column(guild), first, last, Column(skip.by), Column(skip.at)];
    db.prepare_cached(PUT)?.execute(params)?;
    make::leave_rests(db, guild, skip.at)?;
    ahead::rest(tx, guild, skip.first, skip.last, Cause { by: skip.by, at: skip.at })?;
    db.prepare_cached(FORGET)?.execute(params![Column(guild), Column(behind)])?;
    row::replan_guild(db, guild)?;
    Ok(SkipKept::Kept)
}

/// Has the schedule go on where it was to rest. What is over by now is not made up for; what is not
/// is made, even if something later was made while this rested; what had been changed alone comes
/// back as it was.
pub(super) fn unskip(
    tx: &mut Tx<'_>,
    guild: GuildId,
    first: Date,
    last: Date,
    cause: Cause,
) -> Stored<bool> {
    const SQL: &str = "
        DELETE FROM schedule_skip WHERE guild = ?1 AND first_day = ?2 AND last_day = ?3";
    let (db, now) = (tx.db, cause.at);
    make::leave_rests(db, guild, now)?;
    let params = params![Column(guild), Column(first), Column(last)];
    let removed = db.prepare_cached(SQL)?.execute(params)?;
    if removed > 0 {
        for series in list::of_week(db, guild)? {
            ahead::bring_back(tx, &series, cause)?;
        }
        look_again(db, guild, first, now)?;
        make::make_up(db, guild, now)?;
    }
    row::replan_guild(db, guild)?;
    Ok(removed > 0)
}

/// Goes through the schedule again from this day on, as far as it is not over. What exists is not
/// made twice.
fn look_again(db: &Connection, guild: GuildId, from: Date, now: Timestamp) -> Stored<()> {
    let eve = from.yesterday().unwrap_or(Date::MIN).to_datetime(Time::MAX);
    for series in list::of_week(db, guild)? {
        let to = series.over_by(now).map_or(eve, |over| over.max(eve));
        if series.made_to.is_some_and(|made| made > to) {
            row::set_made_to(db, series.id, to)?;
        }
    }
    Ok(())
}

/// How far a guild is in setting up its week.
pub(super) fn setup_state(db: &Connection, guild: GuildId) -> Stored<Option<SetupState>> {
    const SQL: &str = "SELECT day, by, at FROM schedule_setup WHERE guild = ?1";
    let mut statement = db.prepare_cached(SQL)?;
    let found = statement.query_row([Column(guild)], |row| {
        let mut columns = Columns::of(row);
        let (day, by, at): (u32, UserId, Timestamp) =
            (columns.take()?, columns.take()?, columns.take()?);
        Ok((day, by, at))
    });
    let Some((day, by, at)) = found.optional()? else { return Ok(None) };
    Ok(Some(SetupState { day: weekday(day)?, by, at }))
}

fn weekday(number: u32) -> Stored<Option<Weekday>> {
    if number == THROUGH {
        return Ok(None);
    }
    let unsound = || StoreError::Corrupt("a week is set up at no day".into());
    let number = i8::try_from(number).map_err(|_| unsound())?;
    Weekday::from_monday_one_offset(number).map(Some).map_err(|_| unsound())
}

/// Notes how far a guild is in setting up its week.
pub(super) fn set_setup_state(db: &Connection, guild: GuildId, state: SetupState) -> Stored<()> {
    const SQL: &str = "
        INSERT INTO schedule_setup (guild, day, by, at) VALUES (?1, ?2, ?3, ?4)
        ON CONFLICT (guild) DO UPDATE SET day = excluded.day, by = excluded.by, at = excluded.at";
    guilds::ensure(db, guild)?;
    let day = state.day.map_or(i64::from(THROUGH), |day| day.to_monday_one_offset().into());
    let params = params![Column(guild), day, Column(state.by), Column(state.at)];
    db.prepare_cached(SQL)?.execute(params)?;
    Ok(())
}
