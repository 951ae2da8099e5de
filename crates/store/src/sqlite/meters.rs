//! What the store tells of itself: counters that its threads add to and anybody may read.

mod cache_hour;

use std::sync::atomic::{AtomicU64, Ordering::Relaxed};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use muster_vitals::meters::Histogram;
use muster_vitals::snapshot::{CacheHour, CacheKind, Latency};

use self::cache_hour::Parts;
use super::slow::Slow;

/// From here on a statement is slow: what 99 of 100 are to stay below.
const SLOW_FROM: Duration = Duration::from_millis(5);

/// How it all goes. Nothing that the store does depends on it.
#[derive(Debug)]
pub(super) struct Meters {
    begun: Instant,
    /// Connections that are open.
    pub(super) connections: AtomicU64,
    /// Transactions committed.
    pub(super) commits: AtomicU64,
    /// Writes in them.
    pub(super) writes: AtomicU64,
    /// Times that a row was set aside because it could not be read.
    pub(super) unreadable: AtomicU64,
    /// Whether the last group of writes failed, whatever the reason.
    pub(super) failing: AtomicU64,
    /// Rosters at hand.
    pub(super) rosters: KindMeter,
    /// Settings of guilds at hand.
    pub(super) settings: KindMeter,
    /// Zones of members at hand.
    pub(super) zones: KindMeter,
    statements: Histogram,
    commit: Histogram,
    /// The part of an hour in which a statement ended last.
    part: AtomicU64,
    slow: Mutex<Slow>,
}

/// What became of the entries of one kind in a cache.
#[derive(Debug, Default)]
pub(super) struct KindMeter {
    pub(super) entries: AtomicU64,
    pub(super) bytes: AtomicU64,
    pub(super) hits: AtomicU64,
    pub(super) misses: AtomicU64,
    pub(super) evicted: AtomicU64,
    pub(super) reclaimed: AtomicU64,
    pub(super) expired: AtomicU64,
    parts: Mutex<Parts>,
}

impl KindMeter {
    /// The kind as it is shown `at` so long after the start.
    fn shown(&self, name: &'static str, lives: Option<Duration>, at: Duration) -> CacheKind {
        CacheKind {
            name,
            entries: self.entries.load(Relaxed),
            bytes: self.bytes.load(Relaxed),
            hits: self.hits.load(Relaxed),
            misses: self.misses.load(Relaxed),
            evicted: self.evicted.load(Relaxed),
            reclaimed: self.reclaimed.load(Relaxed),
            expired: self.expired.load(Relaxed),
            last_hour: locked(&self.parts).last_hour(at, self.totals()),
            lives,
        }
    }

    fn totals(&self) -> CacheHour {
        CacheHour {
            hits: self.hits.load(Relaxed),
            misses: self.misses.load(Relaxed),
            evicted: self.evicted.load(Relaxed),
            reclaimed: self.reclaimed.load(Relaxed),
        }
    }
}

/// Adds to a counter of which nobody asks how it stands to another.
pub(super) fn add(counter: &AtomicU64, more: u64) {
    counter.fetch_add(more, Relaxed);
}

/// A number of things as a counter counts.
pub(super) fn many(number: usize) -> u64 {
    u64::try_from(number).unwrap_or(u64::MAX)
}

impl Default for Meters {
    fn default() -> Self {
        Self {
            begun: now(),
            connections: AtomicU64::default(),
            commits: AtomicU64::default(),
            writes: AtomicU64::default(),
            unreadable: AtomicU64::default(),
            failing: AtomicU64::default(),
            rosters: KindMeter::default(),
            settings: KindMeter::default(),
            zones: KindMeter::default(),
            statements: Histogram::default(),
            commit: Histogram::default(),
            part: AtomicU64::default(),
            slow: Mutex::default(),
        }
    }
}

impl Meters {
    /// How many of `all` places rosters may have now: those that results do not take, and never the
    /// tenth that is kept for these.
    pub(super) fn places_of_rosters(&self, all: usize) -> usize {
        let results = self.settings.entries.load(Relaxed) + self.zones.entries.load(Relaxed);
        all.saturating_sub(usize::try_from(results).unwrap_or(usize::MAX).max(all / 10))
    }

    /// How many of `all` places results may have now: those that rosters do not take, at least a
    /// tenth of all, at most half.
    pub(super) fn places_of_results(&self, all: usize) -> usize {
        let rosters = usize::try_from(self.rosters.entries.load(Relaxed)).unwrap_or(usize::MAX);
        all.saturating_sub(rosters).clamp(all / 10, all / 2)
    }

    /// A statement took from `begun` until now.
    pub(super) fn statement_ended(&self, begun: Instant, sql: impl FnOnce() -> String) {
        let (at, took) = self.since(begun);
        if took >= SLOW_FROM {
            let sql = sql();
            if is_upkeep(&sql) {
                return;
            }
            locked(&self.slow).add(sql, took, at);
        }
        self.statements.record(at, took);
        let part = cache_hour::part_at(at);
        if self.part.swap(part, Relaxed) != part {
            // Looks cost nothing for it, and whoever looks asks the database sooner or later.
            for kind in [&self.rosters, &self.settings, &self.zones] {
                locked(&kind.parts).turn(at, kind.totals());
            }
        }
    }

    /// What is kept at hand, by kind; results live so long.
    pub(super) fn caches(&self, lives: Duration) -> Vec<CacheKind> {
        let at = self.begun.elapsed();
        vec![
            self.rosters.shown("rosters", None, at),
            self.settings.shown("guild settings", Some(lives), at),
            self.zones.shown("member time zones", Some(lives), at),
        ]
    }

    /// A commit took from `begun` until now.
    pub(super) fn commit_ended(&self, begun: Instant) {
        let (at, took) = self.since(begun);
        self.commit.record(at, took);
    }

    /// How long statements took.
    pub(super) fn statements(&self) -> Latency {
        self.statements.latency(self.begun.elapsed())
    }

    /// How long commits took.
    pub(super) fn commit(&self) -> Latency {
        self.commit.latency(self.begun.elapsed())
    }

    /// The slow statements, to look at or to explain.
    pub(super) fn slow(&self) -> MutexGuard<'_, Slow> {
        let mut slow = locked(&self.slow);
        slow.forget_old(self.begun.elapsed());
        slow
    }

    fn since(&self, begun: Instant) -> (Duration, Duration) {
        let now = now();
        (now.saturating_duration_since(self.begun), now.saturating_duration_since(begun))
    }
}

/// Looks at the whole file and new schemas take as long as the file is large, and say nothing of
/// what people ask for.
fn is_upkeep(sql: &str) -> bool {
    let sql = sql.trim_start();
    ["PRAGMA", "VACUUM", "EXPLAIN", "CREATE", "ALTER", "DROP"]
        .iter()
        .any(|word| sql.starts_with(word))
}

/// Nothing panics under these locks, and a counter is worth no second panic.
fn locked<T>(meter: &Mutex<T>) -> MutexGuard<'_, T> {
    meter.lock().unwrap_or_else(PoisonError::into_inner)
}

/// The instant, to measure how long something takes.
#[expect(clippy::disallowed_methods, reason = "it is only shown: no outcome depends on it")]
pub(super) fn now() -> Instant {
    Instant::now()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_looked_for_before_the_last_hour_does_not_count_towards_it() {
        let meters = Meters::default();
        add(&meters.rosters.hits, 900);
        add(&meters.zones.misses, 7);
        let ago = |minutes| now().checked_sub(Duration::from_mins(minutes)).unwrap();
        // The first statement of the second part.
        let meters = Meters { begun: ago(15), ..meters };
        meters.statement_ended(now(), || panic!("it is fast"));
        let meters = Meters { begun: ago(75), ..meters };
        add(&meters.rosters.hits, 30);
        add(&meters.rosters.misses, 70);
        let [rosters, _, zones] = &meters.caches(Duration::ZERO)[..] else { panic!("three kinds") };
        assert_eq!((rosters.hits, rosters.misses), (930, 70));
        assert_eq!((rosters.last_hour.hits, rosters.last_hour.misses), (30, 70));
        assert_eq!((zones.misses, zones.last_hour), (7, CacheHour::default()));
    }

    #[test]
    fn a_slow_statement_is_kept_and_a_look_at_the_whole_file_is_not() {
        let meters = Meters::default();
        let long_ago = now().checked_sub(Duration::from_millis(20)).unwrap();
        meters.statement_ended(long_ago, || "SELECT 1".into());
        meters.statement_ended(long_ago, || " PRAGMA quick_check(1)".into());
        meters.statement_ended(now(), || panic!("the text of a fast one is not asked for"));
        let slow = meters.slow().shown();
        assert_eq!(slow.len(), 1);
        assert!(slow[0].sql == "SELECT 1" && slow[0].took >= Duration::from_millis(20));
        assert_eq!(meters.statements().count, 2);
    }
}
