//! What the store tells of itself, and what it lets go of when memory is short.

use std::path::Path;
use std::sync::atomic::AtomicU64;
use std::sync::atomic::Ordering::Relaxed;

use muster_vitals::snapshot::{CacheKind, Database};
use rusqlite::Connection;

use super::database::beside;
use super::meters::{KindMeter, many};
use super::{Hands, SqliteStore, migrate, on_the_spot};
use crate::port::Stored;

impl SqliteStore {
    /// How the database is and how fast. Cheap, but for a statement that was slow for the first
    /// time: then the database is asked how it goes about it.
    pub async fn figures(&self) -> Database {
        let meters = &*self.meters;
        let connections = meters.connections.load(Relaxed);
        self.explain_slow().await;
        let size = |path: &Path| std::fs::metadata(path).map_or(0, |file| file.len());
        let path = self.path.as_deref();
        let sum = |which: fn(&KindMeter) -> &AtomicU64| {
            [&meters.settings, &meters.zones].map(|kind| which(kind).load(Relaxed)).iter().sum()
        };
        Database {
            writable: self.failed_sync.get().is_none() && meters.full.load(Relaxed) == 0,
            connections,
            connections_max: many(self.settings.database.connections_max),
            statements: meters.statements(),
            commits: meters.commits.load(Relaxed),
            writes: meters.writes.load(Relaxed),
            commit: meters.commit(),
            slow: meters.slow().shown(),
            result_hits: sum(|kind| &kind.hits),
            result_misses: sum(|kind| &kind.misses),
            size: path.map_or(0, size),
            log_size: path.map_or(0, |path| size(&beside(path, "-wal"))),
            schema: migrate::newest(),
        }
    }

    /// What is kept at hand, by kind.
    #[must_use]
    pub fn caches(&self) -> Vec<CacheKind> {
        let lives = Some(self.settings.database.results_kept);
        vec![
            self.meters.rosters.shown("rosters", None),
            self.meters.settings.shown("guild settings", lives),
            self.meters.zones.shown("member time zones", lives),
        ]
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
            Hands::Threads { readers, writer } => {
                if let Some(readers) = readers {
                    readers.each_idle(shrink).await;
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
