//! What the store tells of itself, and what it lets go of when memory is short.

use std::path::Path;
use std::sync::atomic::AtomicU64;
use std::sync::atomic::Ordering::Relaxed;

use jiff::Timestamp;
use muster_vitals::snapshot::{CacheKind, Database, PressureLevel};
use rusqlite::Connection;

use super::columns::{Column, only};
use super::condition::free_bytes;
use super::database::beside;
use super::meters::{KindMeter, many};
use super::{Hands, SqliteStore, migrate, on_the_spot};
use crate::error::StoreError;
use crate::port::Stored;

/// So much is free on a disk that is worth a try.
const FREE_TO_TRY: u64 = 1 << 20;

/// What waits in the database.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Waiting {
    /// Deliveries that are due and have not ended; of very many, a part.
    pub due: u64,
    /// Channels that take no messages, or lack something.
    pub broken_channels: u64,
}

/// How large the files of the database are, in bytes.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct FileSizes {
    /// The database itself.
    pub database: u64,
    /// Its write-ahead log.
    pub log: u64,
}

impl SqliteStore {
    /// Whether the last group of writes failed and the next one may succeed: the disk is full, or
    /// another program has locked the database. After a failed sync none may, and it is `false`.
    #[must_use]
    pub fn is_failing(&self) -> bool {
        self.meters.failing.load(Relaxed) != 0 && self.failed_sync.get().is_none()
    }

    /// Writes a page that says what it said before, so that it is known whether the database takes
    /// writes again. Not while next to nothing is free: one page may fit where no tap does.
    pub async fn try_to_write(&self) -> Stored<()> {
        let folder = self.path.as_deref().and_then(Path::parent).map(Path::to_owned);
        let free = self.read(move |_| Ok(folder.and_then(|folder| free_bytes(&folder)))).await?;
        if free.is_some_and(|free| free < FREE_TO_TRY) {
            return Err(StoreError::DiskFull);
        }
        self.write(|tx| {
            let version: i64 = tx.db.pragma_query_value(None, "user_version", only)?;
            Ok(tx.db.pragma_update(None, "user_version", version)?)
        })
        .await
    }

    /// How the database is and how fast. Cheap, but for a statement that was slow for the first
    /// time: then the database is asked how it goes about it. Without the sizes of its files, which
    /// [`Self::file_sizes`] tells.
    pub async fn figures(&self) -> Database {
        let meters = &*self.meters;
        let connections = meters.connections.load(Relaxed);
        self.explain_slow().await;
        let sum = |which: fn(&KindMeter) -> &AtomicU64| {
            [&meters.settings, &meters.zones].map(|kind| which(kind).load(Relaxed)).iter().sum()
        };
        Database {
            writable: self.failed_sync.get().is_none() && !self.is_failing(),
            connections,
            // A copy has one beside them while it is made.
            connections_max: many(self.settings.database.connections_max).max(connections),
            statements: meters.statements(),
            commits: meters.commits.load(Relaxed),
            writes: meters.writes.load(Relaxed),
            unreadable: meters.unreadable.load(Relaxed),
            commit: meters.commit(),
            slow: meters.slow().shown(),
            result_hits: sum(|kind| &kind.hits),
            result_misses: sum(|kind| &kind.misses),
            schema: migrate::newest(),
            ..Database::default()
        }
    }

    /// Asks the disk how large the database's files are; those that are not there have no size. It
    /// may block for as long as the disk does not answer.
    pub fn file_sizes(&self) -> impl FnOnce() -> FileSizes + Send + 'static {
        let path = self.path.clone();
        move || {
            let size = |path: &Path| std::fs::metadata(path).map_or(0, |file| file.len());
            let database = path.as_deref();
            FileSizes {
                database: database.map_or(0, size),
                log: database.map_or(0, |path| size(&beside(path, "-wal"))),
            }
        }
    }

    /// What is kept at hand, by kind.
    #[must_use]
    pub fn caches(&self) -> Vec<CacheKind> {
        self.meters.caches(self.results.lives())
    }

    /// What waits in the database at `now`.
    pub async fn waiting(&self, now: Timestamp) -> Stored<Waiting> {
        self.read(move |db| waiting(db, now)).await
    }

    /// Tells how short memory is: results live shorter then.
    pub fn set_level(&self, level: PressureLevel) {
        self.results.set_level(level);
    }

    /// Lets go of the results that are too old; returns their bytes. Without it, one goes when it
    /// is asked for again, or when another needs its place.
    pub fn clean_up(&self) -> u64 {
        self.results.clean_up()
    }

    /// Lets go of so many percent of what is kept at hand; returns the bytes of that. Nothing is
    /// lost: it is read again when it is needed.
    pub async fn release_cache(&self, percent: u8) -> Stored<u64> {
        let results = self.results.let_go(percent);
        let rosters = match &self.hands {
            Hands::Threads { writer, .. } => {
                writer.between(move |writer| Ok(writer.let_go(percent))).await
            }
            Hands::Inline(writer) => on_the_spot(writer, |writer| Ok(writer.let_go(percent))),
        };
        Ok(results.saturating_add(rosters?))
    }

    /// Lets go of the prepared statements and of the pages of the file that connections keep. How
    /// much that is only the allocator can tell.
    pub async fn release_pages(&self) -> Stored<()> {
        match &self.hands {
            Hands::Threads { readers, writer, .. } => {
                if let Some(readers) = readers {
                    readers.each(shrink).await;
                }
                writer.between(|writer| shrink(writer.db())).await
            }
            Hands::Inline(writer) => on_the_spot(writer, |writer| shrink(writer.db())),
        }
    }

    /// Asks how slow statements are done, of which nobody has asked yet.
    async fn explain_slow(&self) {
        let unexplained = self.meters.slow().unexplained();
        if unexplained.is_empty() {
            return;
        }
        let explained = self.read(|db| {
            let plans = unexplained.into_iter().map(|sql| (plan(db, &sql), sql));
            Ok(plans.collect::<Vec<_>>())
        });
        // Without an answer it is asked again next time.
        let Ok(explained) = explained.await else { return };
        let mut slow = self.meters.slow();
        for (plan, sql) in explained {
            slow.explain(&sql, plan);
        }
    }
}

/// Counted at most: more are as many for whoever looks, and a count takes a moment at most.
const COUNTED_MAX: i64 = 100_000;

fn waiting(db: &Connection, now: Timestamp) -> Stored<Waiting> {
    Ok(Waiting { due: due(db, now)?, broken_channels: broken_channels(db)? })
}

/// What waits for the return of a guild that removed the bot is not due.
fn due(db: &Connection, now: Timestamp) -> Stored<u64> {
    const SQL: &str = "
        SELECT count(*) FROM (
          SELECT 1 FROM delivery d JOIN guild g ON g.id = d.guild
          WHERE d.ended_at IS NULL AND d.due_at <= ?1 AND g.removed_at IS NULL LIMIT ?2)";
    let params = (Column(now), COUNTED_MAX);
    Ok(number(db.prepare_cached(SQL)?.query_row(params, |row| row.get(0))?))
}

fn broken_channels(db: &Connection) -> Stored<u64> {
    const SQL: &str = "SELECT count(*) FROM (SELECT 1 FROM broken_channel LIMIT ?1)";
    Ok(number(db.prepare_cached(SQL)?.query_row([COUNTED_MAX], |row| row.get(0))?))
}

fn number(counted: i64) -> u64 {
    u64::try_from(counted).unwrap_or_default()
}

/// What a connection can do without is given back.
fn shrink(db: &Connection) -> Stored<()> {
    db.flush_prepared_statement_cache();
    Ok(db.release_memory()?)
}

/// How the database goes about a statement; empty if it does not say.
fn plan(db: &Connection, sql: &str) -> String {
    let steps = || -> rusqlite::Result<Vec<String>> {
        let mut statement = db.prepare(&format!("EXPLAIN QUERY PLAN {sql}"))?;
        statement.query_map([], |row| row.get("detail"))?.collect()
    };
    steps().unwrap_or_default().join("; ")
}
