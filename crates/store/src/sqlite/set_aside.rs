//! Rows that cannot be read when their time comes: each is set aside and looked at again later, so
//! that one of them holds up nothing else, in its guild or in any other.

use jiff::{SignedDuration, Timestamp};
use muster_domain::id::{DeliveryId, EventId, GuildId, SeriesId};
use rusqlite::{Connection, params};
use tracing::error;

use super::columns::{Column, Columns};
use super::meters::add;
use super::writer::Tx;
use crate::error::StoreError;
use crate::model::{UnreadableKind, UnreadableRow};
use crate::port::Stored;

/// When a row is looked at again that could not be read. Mostly another version of the program has
/// to come first, or the time zone database has to be brought up to date.
const LOOKED_AT_AGAIN: SignedDuration = SignedDuration::from_hours(1);

/// A row of which the time has come.
#[derive(Clone, Copy)]
pub(super) enum DueRow {
    Series(SeriesId),
    Event(EventId),
    Delivery(DeliveryId),
    /// A guild whose week is looked at.
    Guild(GuildId),
}

impl DueRow {
    const fn kind(self) -> UnreadableKind {
        match self {
            Self::Series(_) => UnreadableKind::Series,
            Self::Event(_) => UnreadableKind::Event,
            Self::Delivery(_) => UnreadableKind::Delivery,
            Self::Guild(_) => UnreadableKind::Guild,
        }
    }

    const fn number(self) -> u64 {
        match self {
            Self::Series(id) => id.get(),
            Self::Event(id) => id.get(),
            Self::Delivery(id) => id.get(),
            Self::Guild(id) => id.get(),
        }
    }

    /// Has it wait until `?2`. A message goes behind those of its channel that can be read.
    const fn wait(self) -> &'static str {
        match self {
            Self::Series(_) => "UPDATE series SET post_at = ?2 WHERE id = ?1",
            Self::Event(_) => "UPDATE event SET next_turn_at = ?2 WHERE id = ?1",
            Self::Delivery(_) => "UPDATE delivery SET due_at = ?2, ready_at = ?2 WHERE id = ?1",
            Self::Guild(_) => "UPDATE guild SET nudge_at = ?2 WHERE id = ?1",
        }
    }

    const fn guild(self) -> &'static str {
        match self {
            Self::Series(_) => "SELECT ?1, id, guild, ?3 FROM series WHERE id = ?2",
            Self::Event(_) => "SELECT ?1, id, guild, ?3 FROM event WHERE id = ?2",
            Self::Delivery(_) => "SELECT ?1, id, guild, ?3 FROM delivery WHERE id = ?2",
            Self::Guild(_) => "SELECT ?1, id, id, ?3 FROM guild WHERE id = ?2",
        }
    }
}

/// Does what is due of a row. If that cannot be read, nothing of it is done and the row waits.
pub(super) fn apart<T>(
    tx: &mut Tx<'_>,
    row: DueRow,
    now: Timestamp,
    work: impl FnOnce(&mut Tx<'_>) -> Stored<T>,
) -> Stored<Option<T>> {
    match undone_if_unreadable(tx, work)? {
        Ok(done) => {
            note_readable(tx.db, row)?;
            Ok(Some(done))
        }
        Err(why) => {
            set_aside(tx, row, now, &why)?;
            Ok(None)
        }
    }
}

/// Does something; if it cannot be read, nothing of it is done, and this is why.
fn undone_if_unreadable<T>(
    tx: &mut Tx<'_>,
    work: impl FnOnce(&mut Tx<'_>) -> Stored<T>,
) -> Stored<Result<T, String>> {
    let execute = |db: &Connection, sql: &str| -> Stored<()> {
        db.prepare_cached(sql)?.execute([])?;
        Ok(())
    };
    execute(tx.db, "SAVEPOINT apart")?;
    let done = work(tx);
    match done {
        Ok(done) => {
            execute(tx.db, "RELEASE apart")?;
            Ok(Ok(done))
        }
        // Without a transaction, all of it is lost.
        Err(StoreError::Corrupt(why)) if !tx.db.is_autocommit() => {
            // What is at hand may be what was undone.
            tx.rosters.forget_touched();
            execute(tx.db, "ROLLBACK TO apart")?;
            execute(tx.db, "RELEASE apart")?;
            Ok(Err(why))
        }
        Err(other) => Err(other),
    }
}

/// Has a row wait that cannot be read, and notes since when that is so.
pub(super) fn set_aside(tx: &Tx<'_>, row: DueRow, now: Timestamp, why: &str) -> Stored<()> {
    let again = now.saturating_add(LOOKED_AT_AGAIN).unwrap_or(Timestamp::MAX);
    tx.db.prepare_cached(row.wait())?.execute(params![Column(row.number()), Column(again)])?;
    add(&tx.rosters.meters().unreadable, 1);
    let sql = format!(
        "INSERT INTO unreadable (kind, id, guild, since) {} ON CONFLICT DO NOTHING",
        row.guild()
    );
    let (kind, id) = (row.kind(), row.number());
    let params = params![Column(kind), Column(id), Column(now)];
    if tx.db.prepare_cached(&sql)?.execute(params)? > 0 {
        error!(?kind, id, %why, "a row cannot be read; it is set aside, and all else goes on");
    }
    Ok(())
}

fn note_readable(db: &Connection, row: DueRow) -> Stored<()> {
    const SQL: &str = "DELETE FROM unreadable WHERE kind = ?1 AND id = ?2";
    db.prepare_cached(SQL)?.execute(params![Column(row.kind()), Column(row.number())])?;
    Ok(())
}

/// What of a guild is set aside and still there, the longest first, with its title if that can be
/// read.
pub(super) fn of_guild(
    db: &Connection,
    guild: GuildId,
    limit: usize,
) -> Stored<Vec<UnreadableRow>> {
    const SQL: &str = "
        SELECT u.kind, u.since, coalesce(e.title, v.title) FROM unreadable u
        LEFT JOIN series s ON u.kind = 'series' AND s.id = u.id
        LEFT JOIN series_version v ON v.series = s.id AND v.version = s.version
        LEFT JOIN delivery d ON u.kind = 'delivery' AND d.id = u.id AND d.ended_at IS NULL
        LEFT JOIN event e ON e.id = CASE u.kind WHEN 'event' THEN u.id ELSE d.event END
        WHERE u.guild = ?1 AND CASE u.kind
            WHEN 'series' THEN v.series IS NOT NULL AND v.ended_at IS NULL
            WHEN 'event' THEN e.id IS NOT NULL AND e.deleted_at IS NULL
            WHEN 'delivery' THEN d.id IS NOT NULL
            ELSE 1 END
        ORDER BY u.since, u.kind, u.id LIMIT ?2";
    let mut statement = db.prepare_cached(SQL)?;
    let rows = statement.query_map(params![Column(guild), Column(limit)], |row| {
        let mut columns = Columns::of(row);
        Ok(UnreadableRow {
            kind: columns.take()?,
            since: columns.take()?,
            title: columns.take_nullable().unwrap_or_default(),
        })
    })?;
    Ok(rows.collect::<Result<_, _>>()?)
}

/// What can be read of these.
pub(super) fn readable<T>(found: impl Iterator<Item = Stored<T>>) -> Stored<Vec<T>> {
    found.filter(|found| !matches!(found, Err(StoreError::Corrupt(_)))).collect()
}
