//! Series of a guild, their events, and when the next occurrence is to be made.

use jiff::Timestamp;
use muster_domain::id::{EventId, GuildId, SeriesId};
use muster_domain::series::Series;
use rusqlite::{Connection, OptionalExtension, params};

use super::row;
use crate::model::Posted;
use crate::port::Stored;
use crate::sqlite::columns::{Column, only};
use crate::sqlite::events::{all_posted, ids};
use crate::sqlite::set_aside::readable;

/// All series of a guild that have not ended and can be read: the weekly schedule first, by day and
/// time. What cannot be read hides no other.
pub(super) fn all(db: &Connection, guild: GuildId) -> Stored<Vec<Series>> {
    const SQL: &str = "
        SELECT s.id FROM series s
        JOIN series_version v ON v.series = s.id AND v.version = s.version
        WHERE s.guild = ?1 AND v.ended_at IS NULL
        ORDER BY s.day IS NULL, s.day, substr(v.starts, 12), s.id";
    let mut statement = db.prepare_cached(SQL)?;
    let found = statement.query_map([Column(guild)], only)?;
    let found: Vec<SeriesId> = found.collect::<Result<_, _>>()?;
    readable(found.into_iter().filter_map(|id| row::read(db, id).transpose()))
}

/// What a guild's weekly schedule is made of.
pub(super) fn of_week(db: &Connection, guild: GuildId) -> Stored<Vec<Series>> {
    Ok(all(db, guild)?.into_iter().filter(|series| series.day.is_some()).collect())
}

/// Events of a series that are neither over nor deleted, soonest first.
pub(super) fn events(
    db: &Connection,
    guild: GuildId,
    series: SeriesId,
    now: Timestamp,
    limit: usize,
) -> Stored<Vec<Posted>> {
    const SQL: &str = "
        SELECT id FROM event
        WHERE series = ?1 AND guild = ?2 AND ends_at > ?3 AND deleted_at IS NULL
        ORDER BY starts_at, id LIMIT ?4";
    let params = params![Column(series), Column(guild), Column(now), Column(limit)];
    all_posted(db, ids(db, SQL, params)?)
}

/// The series of an event of this guild.
pub(super) fn of_event(db: &Connection, guild: GuildId, event: EventId) -> Stored<Option<Series>> {
    const SQL: &str = "
        SELECT series FROM event WHERE id = ?1 AND guild = ?2 AND series IS NOT NULL";
    let params = params![Column(event), Column(guild)];
    let found: Option<SeriesId> = db.prepare_cached(SQL)?.query_row(params, only).optional()?;
    match found {
        Some(series) => row::read(db, series),
        None => Ok(None),
    }
}

/// When the next occurrence of any series is to be made. Guilds that removed the bot wait for its
/// return.
pub(in crate::sqlite) fn next_due(db: &Connection) -> Stored<Option<Timestamp>> {
    const SQL: &str = "
        SELECT s.post_at FROM series s
        WHERE s.post_at IS NOT NULL
          AND EXISTS (SELECT 1 FROM guild g WHERE g.id = s.guild AND g.removed_at IS NULL)
        ORDER BY s.post_at LIMIT 1";
    Ok(db.prepare_cached(SQL)?.query_row([], only).optional()?)
}

/// Series whose next occurrence is to be made by now, the longest due first.
pub(super) fn due(db: &Connection, now: Timestamp, limit: usize) -> Stored<Vec<SeriesId>> {
    const SQL: &str = "
        SELECT s.id FROM series s
        WHERE s.post_at IS NOT NULL AND s.post_at <= ?1
          AND EXISTS (SELECT 1 FROM guild g WHERE g.id = s.guild AND g.removed_at IS NULL)
        ORDER BY s.post_at, s.id LIMIT ?2";
    let mut statement = db.prepare_cached(SQL)?;
    let found = statement.query_map(params![Column(now), Column(limit)], only)?;
    Ok(found.collect::<Result<_, _>>()?)
}
