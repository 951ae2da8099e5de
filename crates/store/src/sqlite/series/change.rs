//! Creates and changes series: each change is a version of its own.

use jiff::Timestamp;
use jiff::civil::Weekday;
use muster_domain::id::{GuildId, InteractionId, SeriesId};
use muster_domain::limits::{DAY_EVENTS_MAX, SERIES_MAX};
use muster_domain::series::Series;
use rusqlite::{Connection, OptionalExtension, params};

use super::ahead;
use super::row::{self, Author, NewVersion};
use crate::error::StoreError;
use crate::model::{NewSeries, SeriesChanged, SeriesCreated, SeriesRequest};
use crate::port::Stored;
use crate::sqlite::columns::{Column, Columns, only};
use crate::sqlite::guilds;
use crate::sqlite::writer::Tx;

/// Creates a series, or finds the one that the same interaction created before.
pub(super) fn create(db: &Connection, new: &NewSeries, at: Timestamp) -> Stored<SeriesCreated> {
    const KNOWN: &str = "SELECT id FROM series WHERE interaction = ?1";
    let mut statement = db.prepare_cached(KNOWN)?;
    let known: Option<SeriesId> =
        statement.query_row([Column(new.interaction)], only).optional()?;
    if let Some(known) = known {
        return made(db, known);
    }
    guilds::ensure(db, new.guild)?;
    let (count, max) = (count(db, new.guild, new.day)?, most(new.day));
    if count >= max {
        return Ok(SeriesCreated::TooMany);
    }
    let id = row::insert(db, new, at)?;
    let created = read(db, id)?;
    row::plan(db, &created)?;
    Ok(SeriesCreated::Made(Box::new(created)))
}

fn made(db: &Connection, id: SeriesId) -> Stored<SeriesCreated> {
    Ok(SeriesCreated::Made(Box::new(read(db, id)?)))
}

const fn most(day: Option<Weekday>) -> usize {
    match day {
        Some(_) => DAY_EVENTS_MAX,
        None => SERIES_MAX,
    }
}

/// How many series that have not ended a guild has on that day of its schedule, or beside it.
fn count(db: &Connection, guild: GuildId, day: Option<Weekday>) -> Stored<usize> {
    const SQL: &str = "
        SELECT count(*) FROM series s
        JOIN series_version v ON v.series = s.id AND v.version = s.version
        WHERE s.guild = ?1 AND s.day IS ?2 AND v.ended_at IS NULL";
    let params = params![Column(guild), day.map(Column)];
    Ok(db.prepare_cached(SQL)?.query_row(params, only)?)
}

fn read(db: &Connection, id: SeriesId) -> Stored<Series> {
    row::read(db, id)?.ok_or_else(|| StoreError::Corrupt(format!("series {id} vanished")))
}

/// Changes a series, or says why not.
pub(super) fn change(tx: &mut Tx<'_>, request: SeriesRequest) -> Stored<SeriesChanged> {
    let db = tx.db;
    let SeriesRequest { guild, series, by, step, seen, interaction, at } = request;
    let Some(before) = row::of_guild(db, guild, series)? else {
        return Ok(SeriesChanged::NoSuchSeries);
    };
    if let Some(version) = made_by(db, series, interaction)? {
        let earlier = row::as_of(db, series, version.saturating_sub(1))?;
        let earlier = earlier.unwrap_or_else(|| before.clone());
        return Ok(SeriesChanged::Made { before: Box::new(earlier), now: Box::new(before) });
    }
    if seen.is_some_and(|seen| seen != before.version) {
        return Ok(SeriesChanged::Outdated(Box::new(before)));
    }
    let after = match before.stepped(step, at) {
        Ok(after) => after,
        Err(refusal) => return Ok(SeriesChanged::Refused(refusal)),
    };
    let now = set(tx, &before, &after, Author { by, interaction, at })?;
    Ok(SeriesChanged::Made { before: Box::new(before), now: Box::new(now) })
}

/// Has a series be another from now on, in a new version. What it made ahead follows, or comes
/// back.
pub(super) fn set(
    tx: &mut Tx<'_>,
    before: &Series,
    after: &Series,
    author: Author,
) -> Stored<Series> {
    ahead::follow(tx, before, after, author.cause())?;
    let db = tx.db;
    let version = after.version.saturating_add(1);
    let Series { id: series, ref plan, ended_at, .. } = *after;
    row::insert_version(db, &NewVersion { series, version, plan, ended_at, author })?;
    row::set_version(db, after.id, version)?;
    if let Some(made_to) = after.made_to {
        row::set_made_to(db, after.id, made_to)?;
    }
    let now = read(db, after.id)?;
    ahead::bring_back(tx, &now, author.cause())?;
    row::plan(db, &now)?;
    Ok(now)
}

/// The version of a series that came of this interaction, if one did.
pub(super) fn made_by(
    db: &Connection,
    series: SeriesId,
    interaction: InteractionId,
) -> Stored<Option<u64>> {
    const SQL: &str = "
        SELECT version FROM series_version WHERE interaction = ?2 AND series = ?1";
    let params = params![Column(series), Column(interaction)];
    let mut statement = db.prepare_cached(SQL)?;
    Ok(statement.query_row(params, |row| Columns::of(row).take()).optional()?)
}
