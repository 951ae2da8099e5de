//! A series and its versions as rows, and when its next occurrence is to be made.

use jiff::civil::{DateTime, Time};
use jiff::{SignedDuration, Timestamp};
use muster_domain::id::{GuildId, InteractionId, SeriesId, UserId};
use muster_domain::recurrence::{Occurrence, Recurrence};
use muster_domain::series::{ExtraFields, Posting, Series, SeriesPlan};
use muster_domain::settings::POSTING_TIME_DEFAULT;
use rusqlite::{Connection, OptionalExtension, Row, params};

use super::schedule;
use crate::error::StoreError;
use crate::model::{Cause, NewSeries};
use crate::port::Stored;
use crate::sqlite::columns::{Column, Columns, nullable, only};
use crate::sqlite::set_aside::readable;
use crate::sqlite::template_body;

/// The version of a new series.
pub(super) const FIRST_VERSION: u64 = 1;

/// Who made a version, with which interaction, and when.
#[derive(Clone, Copy)]
pub(super) struct Author {
    pub(super) by: UserId,
    pub(super) interaction: InteractionId,
    pub(super) at: Timestamp,
}

impl Author {
    pub(super) const fn cause(&self) -> Cause {
        Cause { by: self.by, at: self.at }
    }
}

/// Inserts a series with its first version; returns its number.
pub(super) fn insert(db: &Connection, new: &NewSeries, at: Timestamp) -> Stored<SeriesId> {
    const SQL: &str = "
        INSERT INTO series (guild, host, day, version, interaction, created_at, held_until)
        VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7) RETURNING id";
    let id = db.prepare_cached(SQL)?.query_row(
        params![
            Column(new.guild),
            Column(new.host),
            new.day.map(Column),
            Column(FIRST_VERSION),
            Column(new.interaction),
            Column(at),
            nullable(new.held_until.as_ref()),
        ],
        only,
    )?;
    let author = Author { by: new.host, interaction: new.interaction, at };
    let version = FIRST_VERSION;
    let first = NewVersion { series: id, version, plan: &new.plan, ended_at: None, author };
    insert_version(db, &first)?;
    Ok(id)
}

/// What a series is from a version on.
pub(super) struct NewVersion<'a> {
    pub(super) series: SeriesId,
    pub(super) version: u64,
    pub(super) plan: &'a SeriesPlan,
    pub(super) ended_at: Option<Timestamp>,
    pub(super) author: Author,
}

/// Inserts what a series is from this version on.
pub(super) fn insert_version(db: &Connection, new: &NewVersion<'_>) -> Stored<()> {
    const SQL: &str = "
        INSERT INTO series_version (series, version, by, at, interaction, title, body, fields,
          channel, zone, starts, rule, post_days, post_minute, post_ahead, ended_at)
        VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16)";
    let NewVersion { series, version, plan, ended_at, author } = *new;
    let (days, minute, ahead) = match plan.posting {
        Posting::Day { before, time } => (Some(before), time, None),
        Posting::Ahead(ahead) => (None, None, Some(ahead.as_mins())),
    };
    db.prepare_cached(SQL)?.execute(params![
        Column(series),
        Column(version),
        Column(author.by),
        Column(author.at),
        Column(author.interaction),
        plan.title.as_str(),
        template_body::write(&plan.made_of)?,
        plan.fields.to_string(),
        Column(plan.channel),
        plan.zone.name(),
        Column(plan.start),
        plan.recurrence.to_text(),
        days,
        minute.map(Column),
        ahead,
        nullable(ended_at.as_ref()),
    ])?;
    Ok(())
}

/// Has a series be what it is in this version.
pub(super) fn set_version(db: &Connection, series: SeriesId, version: u64) -> Stored<()> {
    const SQL: &str = "UPDATE series SET version = ?2 WHERE id = ?1";
    db.prepare_cached(SQL)?.execute(params![Column(series), Column(version)])?;
    Ok(())
}

/// A series of this guild.
pub(super) fn of_guild(
    db: &Connection,
    guild: GuildId,
    series: SeriesId,
) -> Stored<Option<Series>> {
    Ok(read(db, series)?.filter(|series| series.guild == guild))
}

/// A series as it is.
pub(super) fn read(db: &Connection, series: SeriesId) -> Stored<Option<Series>> {
    const SQL: &str = "SELECT version FROM series WHERE id = ?1";
    let mut statement = db.prepare_cached(SQL)?;
    let mut rows = statement.query([Column(series)])?;
    match rows.next()? {
        Some(row) => as_of(db, series, only(row)?),
        None => Ok(None),
    }
}

/// When it was decided what a series is now.
pub(super) fn planned_at(db: &Connection, series: SeriesId) -> Stored<Option<Timestamp>> {
    const SQL: &str = "
        SELECT v.at FROM series s
        JOIN series_version v ON v.series = s.id AND v.version = s.version WHERE s.id = ?1";
    Ok(db.prepare_cached(SQL)?.query_row([Column(series)], only).optional()?)
}

/// A series as it was in this version.
pub(super) fn as_of(db: &Connection, series: SeriesId, version: u64) -> Stored<Option<Series>> {
    const SQL: &str = "
        SELECT s.id, s.guild, s.host, s.day, v.version, s.made_to, v.ended_at, s.held_until,
          v.title, v.body, v.fields, v.channel, v.zone, v.starts, v.rule, v.post_days,
          v.post_minute, v.post_ahead
        FROM series s JOIN series_version v ON v.series = s.id
        WHERE s.id = ?1 AND v.version = ?2";
    let mut statement = db.prepare_cached(SQL)?;
    let mut rows = statement.query(params![Column(series), Column(version)])?;
    rows.next()?.map(series_of).transpose()
}

fn series_of(row: &Row<'_>) -> Stored<Series> {
    let mut columns = Columns::of(row);
    Ok(Series {
        id: columns.take()?,
        guild: columns.take()?,
        host: columns.take()?,
        day: columns.take_nullable()?,
        version: columns.take()?,
        made_to: columns.take_nullable()?,
        ended_at: columns.take_nullable()?,
        held_until: columns.take_nullable()?,
        plan: plan_of(&mut columns)?,
    })
}

fn plan_of(columns: &mut Columns<'_, '_>) -> Stored<SeriesPlan> {
    let title = columns.take()?;
    let (body, fields): (Box<str>, Box<str>) = (columns.take()?, columns.take()?);
    let (channel, zone, start) = (columns.take()?, columns.take()?, columns.take()?);
    let rule: Box<str> = columns.take()?;
    let made_of = template_body::read(&body)?.ok_or_else(|| unsound("it is of a newer version"))?;
    Ok(SeriesPlan {
        title,
        made_of,
        fields: ExtraFields::parse(&fields).map_err(unsound)?,
        channel,
        zone,
        start,
        recurrence: Recurrence::from_text(&rule).map_err(unsound)?,
        posting: posting_of(columns)?,
    })
}

fn posting_of(columns: &mut Columns<'_, '_>) -> Stored<Posting> {
    let days: Option<u32> = columns.take_nullable()?;
    let (time, ahead): (Option<Time>, Option<i64>) =
        (columns.take_nullable()?, columns.take_nullable()?);
    match (days.map(u8::try_from), ahead) {
        (Some(Ok(before)), None) => Ok(Posting::Day { before, time }),
        (None, Some(minutes)) => Ok(Posting::Ahead(SignedDuration::from_mins(minutes))),
        _ => Err(unsound("nobody knows when it is posted")),
    }
}

#[expect(clippy::needless_pass_by_value, reason = "errors are mapped by it")]
fn unsound(why: impl ToString) -> StoreError {
    StoreError::Corrupt(format!("a series: {}", why.to_string()))
}

/// The next occurrence that is neither made nor passed over, and on none of the days on which the
/// weekly schedule rests.
pub(super) fn next(db: &Connection, series: &Series) -> Stored<Option<Occurrence>> {
    let mut next = series.next();
    let Some(first) = next.filter(|_| series.day.is_some()) else { return Ok(next) };
    let skips = schedule::skips(db, series.guild, first.wall.date())?;
    while let Some(found) = next {
        // A rest is left behind at once, however long it is.
        let Some(skip) = skips.iter().find(|skip| skip.has(found.wall.date())) else { break };
        let end = skip.last.to_datetime(Time::MAX);
        next = series.plan.after(Some(end));
    }
    Ok(next)
}

/// The time at which this guild has posts made.
pub(super) fn posting_time(db: &Connection, guild: GuildId) -> Stored<Time> {
    const SQL: &str = "SELECT posting_time FROM guild WHERE id = ?1 AND posting_time IS NOT NULL";
    let chosen = db.prepare_cached(SQL)?.query_row([Column(guild)], only).optional()?;
    Ok(chosen.unwrap_or(POSTING_TIME_DEFAULT))
}

/// Sets when the next occurrence of a series is to be made.
pub(super) fn plan(db: &Connection, series: &Series) -> Stored<()> {
    const SQL: &str = "UPDATE series SET post_at = ?2 WHERE id = ?1";
    let usual = posting_time(db, series.guild)?;
    let post_at = next(db, series)?.map(|next| series.post_at(next, usual));
    db.prepare_cached(SQL)?.execute(params![Column(series.id), post_at.map(Column)])?;
    Ok(())
}

/// The same for a series that may have been planned by other rules of its zone.
pub(in crate::sqlite) fn plan_again(db: &Connection, series: SeriesId) -> Stored<()> {
    match read(db, series)? {
        Some(series) => plan(db, &series),
        None => Ok(()),
    }
}

/// The same for all series of a guild, whose posting time or days of rest have changed.
pub(in crate::sqlite) fn replan_guild(db: &Connection, guild: GuildId) -> Stored<()> {
    const SQL: &str = "
        SELECT s.id FROM series s
        JOIN series_version v ON v.series = s.id AND v.version = s.version
        WHERE s.guild = ?1 AND v.ended_at IS NULL ORDER BY s.id";
    let mut statement = db.prepare_cached(SQL)?;
    let rows = statement.query_map([Column(guild)], only)?;
    let found = rows.collect::<Result<Vec<SeriesId>, _>>()?;
    // What cannot be read waits for its time, and is set aside then.
    for series in readable(found.into_iter().filter_map(|id| read(db, id).transpose()))? {
        plan(db, &series)?;
    }
    Ok(())
}

/// Notes that all occurrences up to this one are made or passed over.
pub(super) fn set_made_to(db: &Connection, series: SeriesId, made_to: DateTime) -> Stored<()> {
    const SQL: &str = "UPDATE series SET made_to = ?2 WHERE id = ?1";
    db.prepare_cached(SQL)?.execute(params![Column(series), Column(made_to)])?;
    Ok(())
}
