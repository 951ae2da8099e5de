//! Lets go of what is kept no longer, a bounded piece at a time, so that a tap never waits long
//! behind it.

use jiff::{SignedDuration, Timestamp};
use muster_domain::id::{EventId, GuildId};
use rusqlite::{Connection, OptionalExtension, Params, params};

use super::SqliteStore;
use super::columns::{Column, Columns, only};
use super::writer::Tx;
use crate::error::StoreError;
use crate::model::Kept;
use crate::port::{Stored, Upkeep};

/// Rows deleted in one commit: some ten milliseconds.
const ROWS_PER_PIECE: usize = 2_000;

/// The beginning of 2026, in milliseconds. An earlier instant was noted by a clock that had lost
/// the time, so that nobody knows since when an event has been called off: it is kept.
const FIRST_MS: i64 = 1_767_225_600_000;

/// How long after its beginning by a clock of UTC a day is past by every clock, and so a date of a
/// series at that time of day: the westernmost is twelve hours behind.
const WALL_PAST_MS: i64 = 36 * 3_600_000;

/// Series deleted in one commit; each takes its versions along, some hundred at most.
const SERIES_PER_PIECE: usize = 20;

/// Deliveries deleted in one commit; each takes the members that it mentions along, up to 80.
const DELIVERIES_PER_PIECE: usize = 50;

impl Upkeep for SqliteStore {
    async fn next_purge(&self, kept: Kept) -> Stored<Option<Timestamp>> {
        self.read(move |db| next_purge(db, kept)).await
    }

    async fn purge(&self, kept: Kept, now: Timestamp) -> Stored<bool> {
        self.write(move |tx| purge(tx, kept, now)).await
    }

    async fn broken(&self) -> StoreError {
        StoreError::SyncFailed(self.failed_sync.wait().await.clone())
    }
}

fn next_purge(db: &Connection, kept: Kept) -> Stored<Option<Timestamp>> {
    const GUILD: &str = "
        SELECT removed_at FROM guild WHERE removed_at IS NOT NULL ORDER BY removed_at LIMIT 1";
    const TEMPLATE: &str = "
        SELECT deleted_at FROM template WHERE deleted_at IS NOT NULL ORDER BY deleted_at LIMIT 1";
    let first = |sql, kept: SignedDuration| -> Stored<Option<Timestamp>> {
        let found: Option<Timestamp> = db.prepare_cached(sql)?.query_row([], only).optional()?;
        Ok(found.map(|at| at.saturating_add(kept).unwrap_or(Timestamp::MAX)))
    };
    let instants = [
        next_outlived(db, kept.retention_grace)?,
        first(GUILD, kept.removed_guild)?,
        next_called_off(db, kept.called_off_event)?,
        next_ended(db, kept.called_off_event)?,
        first(TEMPLATE, kept.deleted_template)?,
    ];
    Ok(instants.into_iter().flatten().min())
}

/// When the next event has been called off for so long. One that was called off before it was
/// created met a clock that was behind: it counts as called off when it was created. A date of a
/// series is kept until it is past, too: the series would make it again.
fn next_called_off(db: &Connection, kept: SignedDuration) -> Stored<Option<Timestamp>> {
    const ALONE: &str = "
        SELECT max(coalesce(deleted_at, cancelled_at), created_at) + ?2 FROM event
        WHERE (deleted_at IS NOT NULL OR cancelled_at IS NOT NULL)
          AND max(coalesce(deleted_at, cancelled_at), created_at) >= ?1
          AND coalesce(deleted_at, cancelled_at) >= ?1 AND created_at >= ?1
          AND series IS NULL
        ORDER BY max(coalesce(deleted_at, cancelled_at), created_at) LIMIT 1";
    const OF_SERIES: &str = "
        SELECT min(max(max(coalesce(deleted_at, cancelled_at), created_at) + ?2, ends_at,
          coalesce(1000 * unixepoch(occurrence), 0) + ?3))
        FROM event
        WHERE (deleted_at IS NOT NULL OR cancelled_at IS NOT NULL)
          AND max(coalesce(deleted_at, cancelled_at), created_at) >= ?1
          AND coalesce(deleted_at, cancelled_at) >= ?1 AND created_at >= ?1
          AND series IS NOT NULL";
    let kept_ms = i64::try_from(kept.as_millis()).unwrap_or(i64::MAX);
    let alone = [FIRST_MS, kept_ms];
    let alone = db.prepare_cached(ALONE)?.query_row(alone, only::<Timestamp>).optional()?;
    let mut of_series = db.prepare_cached(OF_SERIES)?;
    let of_series = of_series.query_row([FIRST_MS, kept_ms, WALL_PAST_MS], |row| {
        Columns::of(row).take_nullable::<Timestamp>()
    })?;
    Ok(alone.into_iter().chain(of_series).min())
}

/// When the next series without events has ended for so long. By a clock that was behind it ended
/// too early: no earlier than Discord says by the number of the interaction that ended it.
fn next_ended(db: &Connection, kept: SignedDuration) -> Stored<Option<Timestamp>> {
    const SQL: &str = "
        SELECT max(v.ended_at, (v.interaction >> 22) + 1420070400000) AS at FROM series_version v
        JOIN series s ON s.id = v.series AND s.version = v.version
        WHERE v.ended_at IS NOT NULL AND v.ended_at >= ?1
          AND NOT EXISTS (SELECT 1 FROM event e WHERE e.series = s.id)
        ORDER BY at LIMIT 1";
    let found = db.prepare_cached(SQL)?.query_row([FIRST_MS], only::<Timestamp>).optional()?;
    Ok(found.map(|at| at.saturating_add(kept).unwrap_or(Timestamp::MAX)))
}

/// When the next event has been over for as long as its guild keeps such events.
fn next_outlived(db: &Connection, grace: SignedDuration) -> Stored<Option<Timestamp>> {
    const SQL: &str = "
        SELECT max(g.retention_since + ?1, g.retention_days * 86400000 + (
          SELECT e.ends_at FROM event e WHERE e.guild = g.id ORDER BY e.ends_at LIMIT 1)) AS due
        FROM guild g WHERE g.retention_days IS NOT NULL AND due IS NOT NULL ORDER BY due LIMIT 1";
    let grace_ms = i64::try_from(grace.as_millis()).unwrap_or(i64::MAX);
    Ok(db.prepare_cached(SQL)?.query_row([grace_ms], only).optional()?)
}

fn purge(tx: &mut Tx<'_>, kept: Kept, now: Timestamp) -> Stored<bool> {
    let before = |kept| now.saturating_sub(kept).unwrap_or(Timestamp::MIN);
    let (guilds, events) = (before(kept.removed_guild), before(kept.called_off_event));
    let called_off = event_to_go(tx.db, guilds, events, now)?;
    let to_go = match called_off {
        Some(event) => Some(event),
        None => outlived(tx.db, before(kept.retention_grace), now)?,
    };
    if let Some(event) = to_go {
        purge_event(tx, event, now)?;
        return Ok(true);
    }
    if delete_templates(tx.db, before(kept.deleted_template))? > 0 {
        return Ok(true);
    }
    if delete_series(tx.db, events)? > 0 {
        return Ok(true);
    }
    if let Some(guild) = guild_to_go(tx.db, guilds)? {
        delete(tx.db, "DELETE FROM guild WHERE id = ?1", [Column(guild)])?;
        return Ok(true);
    }
    Ok(false)
}

fn delete_templates(db: &Connection, before: Timestamp) -> Stored<usize> {
    const SQL: &str = "
        DELETE FROM template WHERE id IN (
          SELECT id FROM template WHERE deleted_at IS NOT NULL AND deleted_at <= ?1
          ORDER BY deleted_at LIMIT ?2)";
    delete(db, SQL, params![Column(before), Column(ROWS_PER_PIECE)])
}

/// Series that ended before, with all their versions. Those that have events stay: the events say
/// of which series they are.
fn delete_series(db: &Connection, before: Timestamp) -> Stored<usize> {
    const SQL: &str = "
        DELETE FROM series WHERE id IN (
          SELECT s.id FROM series_version v
          JOIN series s ON s.id = v.series AND s.version = v.version
          WHERE v.ended_at IS NOT NULL AND v.ended_at BETWEEN ?2 AND ?1
            AND (v.interaction >> 22) + 1420070400000 <= ?1
            AND NOT EXISTS (SELECT 1 FROM event e WHERE e.series = s.id)
          ORDER BY v.ended_at LIMIT ?3)";
    delete(db, SQL, params![Column(before), FIRST_MS, Column(SERIES_PER_PIECE)])
}

fn event_to_go(
    db: &Connection,
    removed_before: Timestamp,
    called_off_before: Timestamp,
    now: Timestamp,
) -> Stored<Option<EventId>> {
    const CALLED_OFF: &str = "
        SELECT id FROM event
        WHERE (deleted_at IS NOT NULL OR cancelled_at IS NOT NULL)
          AND max(coalesce(deleted_at, cancelled_at), created_at) BETWEEN ?2 AND ?1
          AND coalesce(deleted_at, cancelled_at) >= ?2 AND created_at >= ?2
          AND (series IS NULL OR (
            ends_at <= ?3 AND coalesce(1000 * unixepoch(occurrence), 0) + ?4 <= ?3))
        ORDER BY max(coalesce(deleted_at, cancelled_at), created_at) LIMIT 1";
    const OF_A_GUILD: &str = "
        SELECT e.id FROM guild g JOIN event e ON e.guild = g.id
        WHERE g.removed_at IS NOT NULL AND g.removed_at <= ?1 LIMIT 1";
    let mut called_off = db.prepare_cached(CALLED_OFF)?;
    let params = params![Column(called_off_before), FIRST_MS, Column(now), WALL_PAST_MS];
    match called_off.query_row(params, only).optional()? {
        Some(event) => Ok(Some(event)),
        None => Ok(db
            .prepare_cached(OF_A_GUILD)?
            .query_row([Column(removed_before)], only)
            .optional()?),
    }
}

/// An event that has been over for as long as its guild keeps such events, if the guild chose that
/// before `chosen`.
fn outlived(db: &Connection, chosen: Timestamp, now: Timestamp) -> Stored<Option<EventId>> {
    const SQL: &str = "
        SELECT e.id FROM guild g CROSS JOIN event e
          ON e.guild = g.id AND e.ends_at <= ?2 - g.retention_days * 86400000
        WHERE g.retention_days IS NOT NULL AND g.retention_since <= ?1
        ORDER BY e.ends_at LIMIT 1";
    let params = params![Column(chosen), Column(now)];
    Ok(db.prepare_cached(SQL)?.query_row(params, only).optional()?)
}

fn guild_to_go(db: &Connection, before: Timestamp) -> Stored<Option<GuildId>> {
    const SQL: &str = "
        SELECT id FROM guild WHERE removed_at IS NOT NULL AND removed_at <= ?1
        ORDER BY removed_at LIMIT 1";
    Ok(db.prepare_cached(SQL)?.query_row([Column(before)], only).optional()?)
}

/// Deletes an event with all that hangs off it, or as much of that as one commit may. It counts as
/// deleted from the first piece on, so that nobody sees half of it.
fn purge_event(tx: &mut Tx<'_>, event: EventId, now: Timestamp) -> Stored<()> {
    const HIDE: &str = "
        UPDATE event SET deleted_at = coalesce(cancelled_at, ?2), next_turn_at = NULL
        WHERE id = ?1 AND deleted_at IS NULL";
    const LOG: &str = "
        DELETE FROM signup_log WHERE event = ?1 AND (version, member) IN (
          SELECT version, member FROM signup_log WHERE event = ?1 LIMIT ?2)";
    const SIGNUPS: &str = "
        DELETE FROM signup WHERE event = ?1 AND member IN (
          SELECT member FROM signup WHERE event = ?1 LIMIT ?2)";
    const PRESENCE_LOG: &str = "
        DELETE FROM presence_log WHERE event = ?1 AND line IN (
          SELECT line FROM presence_log WHERE event = ?1 LIMIT ?2)";
    const DEED_LOG: &str = "
        DELETE FROM deed_log WHERE event = ?1 AND line IN (
          SELECT line FROM deed_log WHERE event = ?1 LIMIT ?2)";
    const PRESENCE: &str = "
        DELETE FROM presence WHERE event = ?1 AND member IN (
          SELECT member FROM presence WHERE event = ?1 LIMIT ?2)";
    const DELIVERIES: &str = "
        DELETE FROM delivery WHERE id IN (SELECT id FROM delivery WHERE event = ?1 LIMIT ?2)";
    tx.rosters.forget(event);
    let pieces = [
        (LOG, ROWS_PER_PIECE),
        (PRESENCE_LOG, ROWS_PER_PIECE),
        (DEED_LOG, ROWS_PER_PIECE),
        (PRESENCE, ROWS_PER_PIECE),
        (SIGNUPS, ROWS_PER_PIECE),
        (DELIVERIES, DELIVERIES_PER_PIECE),
    ];
    for (sql, limit) in pieces {
        // A piece can be larger than its limit: a member has several lines of one version.
        if delete(tx.db, sql, params![Column(event), Column(limit)])? >= limit {
            delete(tx.db, HIDE, params![Column(event), Column(now)])?;
            return Ok(());
        }
    }
    delete(tx.db, "DELETE FROM event WHERE id = ?1", [Column(event)])?;
    Ok(())
}

fn delete(db: &Connection, sql: &str, params: impl Params) -> Stored<usize> {
    Ok(db.prepare_cached(sql)?.execute(params)?)
}
