//! What holds the bot up, by one rule: of all that misses its target, the first in the order of
//! cause and effect. A short processor makes everything slow, a slow disk the database, a slow
//! database the answers; so what stands further down is rather a consequence.

use std::time::Duration;

use crate::snapshot::{Latency, Snapshot};
use crate::targets::{
    CACHE_HITS, CACHE_LOOKS_MIN, COMMITS_P99, Judged, QUEUES_FULL, REST_P95, TASKS_DONE, Target,
    WAITS_P95, statements, worst_tasks,
};

/// What holds the bot up.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Bottleneck {
    /// The processor, used so far, in percent.
    Processor(f64),
    /// Memory, used so far, in percent of its limit.
    Memory(f64),
    /// The disk: commits take so long, 99 of 100.
    Commits(Duration),
    /// Statements take so long, 99 of 100.
    Statements(Duration),
    /// The cache of this kind finds so little, in percent.
    Cache(&'static str, f64),
    /// Discord lets us wait so long for its limits, 95 of 100.
    RateLimits(Duration),
    /// Discord itself takes so long, 95 of 100.
    Discord(Duration),
    /// This queue is so full, in percent.
    Queue(&'static str, f64),
    /// So few tasks of this kind do what they should, in percent.
    Tasks(&'static str, f64),
}

/// What holds the bot up; `None` if all keeps its target.
#[must_use]
pub fn bottleneck(snapshot: &Snapshot) -> Option<Bottleneck> {
    machine(snapshot)
        .or_else(|| data(snapshot))
        .or_else(|| discord(snapshot))
        .or_else(|| waiting(snapshot))
}

fn machine(snapshot: &Snapshot) -> Option<Bottleneck> {
    let (cpu, memory) = (snapshot.cpu.percent, snapshot.memory.percent());
    let thresholds = &snapshot.thresholds;
    let [_, high, _] = thresholds.memory;
    let short = |from: u8, value| value > f64::from(from);
    let cpu = short(thresholds.cpu.warning, cpu).then_some(Bottleneck::Processor(cpu));
    cpu.or_else(|| short(high, memory).then_some(Bottleneck::Memory(memory)))
}

fn data(snapshot: &Snapshot) -> Option<Bottleneck> {
    let database = &snapshot.database;
    let commits = database.commit.p99;
    if is_late(database.commit, commits, COMMITS_P99) {
        return Some(Bottleneck::Commits(commits));
    }
    if database.statements.count > 0 && statements(database) != Judged::Good {
        return Some(Bottleneck::Statements(database.statements.p99));
    }
    let worst = snapshot.cache.iter().filter_map(|kind| {
        let hour = kind.last_hour;
        let rate = hour.hit_rate().filter(|_| hour.looks() >= CACHE_LOOKS_MIN)?;
        (CACHE_HITS.at_least(rate) == Judged::Missed).then_some((kind.name, rate))
    });
    let worst = worst.min_by(|one, other| one.1.total_cmp(&other.1));
    worst.map(|(name, rate)| Bottleneck::Cache(name, rate))
}

fn discord(snapshot: &Snapshot) -> Option<Bottleneck> {
    let link = &snapshot.discord;
    if is_late(link.waited, link.waited.p95, WAITS_P95) {
        return Some(Bottleneck::RateLimits(link.waited.p95));
    }
    is_late(link.rest, link.rest.p95, REST_P95).then_some(Bottleneck::Discord(link.rest.p95))
}

fn waiting(snapshot: &Snapshot) -> Option<Bottleneck> {
    let fullest = snapshot.queues.iter().map(|queue| (queue.name, queue.percent()));
    let fullest = fullest.max_by(|one, other| one.1.total_cmp(&other.1));
    let full = fullest.filter(|(_, full)| QUEUES_FULL.at_most(*full) != Judged::Good);
    if let Some((name, full)) = full {
        return Some(Bottleneck::Queue(name, full));
    }
    let (kind, done) = worst_tasks(&snapshot.tasks)?;
    (TASKS_DONE.at_least(done) == Judged::Missed).then_some(Bottleneck::Tasks(kind.name, done))
}

fn is_late(latency: Latency, value: Duration, target: Target<Duration>) -> bool {
    latency.count > 0 && target.at_most(value) != Judged::Good
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::snapshot::{CacheHour, CacheKind, Queue, TaskKind};

    /// What is mended of everything.
    type Mend = fn(&mut Snapshot);

    fn slow(millis: u64) -> Latency {
        let long = Duration::from_millis(millis);
        Latency { count: 10, mean: long, p50: long, p95: long, p99: long, max: long }
    }

    /// Looks of the last hour, after ever so many hits before.
    fn cache(name: &'static str, hits: u64, misses: u64) -> CacheKind {
        let last_hour = CacheHour { hits, misses, evicted: 0, reclaimed: 0 };
        CacheKind { name, hits: 1_000_000, misses, last_hour, ..CacheKind::default() }
    }

    /// Everything misses its target.
    fn overloaded() -> Snapshot {
        let mut snapshot = Snapshot::default();
        snapshot.cpu.percent = 97.0;
        (snapshot.memory.used, snapshot.memory.limit) = (90, 100);
        snapshot.database.commit = slow(400);
        snapshot.database.statements = slow(60);
        snapshot.cache = vec![cache("rosters", 70, 30), cache("zones", 10, 90)];
        snapshot.discord.waited = slow(3_000);
        snapshot.discord.rest = slow(900);
        snapshot.queues = vec![
            Queue { name: "taps", depth: 60, depth_max: 100 },
            Queue { name: "edits", depth: 70, depth_max: 100 },
        ];
        let (took, failed_last_hour) = (slow(1), 5);
        let kind = TaskKind { name: "role", succeeded: 99_999, took, ..TaskKind::default() };
        snapshot.tasks.kinds = vec![TaskKind { failed_last_hour, ..kind }];
        snapshot
    }

    #[test]
    fn the_cause_is_named_before_what_follows_from_it() {
        let mut snapshot = overloaded();
        let long = Duration::from_millis;
        let mended: [(Bottleneck, Mend); 9] = [
            (Bottleneck::Processor(97.0), |s| s.cpu.percent = 80.0),
            (Bottleneck::Memory(90.0), |s| s.memory.used = 70),
            (Bottleneck::Commits(long(400)), |s| s.database.commit = slow(50)),
            (Bottleneck::Statements(long(60)), |s| s.database.statements = slow(5)),
            (Bottleneck::Cache("zones", 10.0), |s| s.cache = Vec::new()),
            (Bottleneck::RateLimits(long(3_000)), |s| s.discord.waited = slow(1_200)),
            (Bottleneck::Discord(long(900)), |s| s.discord.rest = slow(500)),
            (Bottleneck::Queue("edits", 70.0), |s| s.queues = Vec::new()),
            (Bottleneck::Tasks("role", 50.0), |s| s.tasks.kinds = Vec::new()),
        ];
        for (expected, mend) in mended {
            assert_eq!(bottleneck(&snapshot), Some(expected));
            mend(&mut snapshot);
        }
        assert_eq!(bottleneck(&snapshot), None);
    }

    #[test]
    fn where_the_machine_is_short_is_what_the_operator_says() {
        let mut snapshot = Snapshot::default();
        snapshot.cpu.percent = 60.0;
        (snapshot.memory.used, snapshot.memory.limit) = (60, 100);
        assert_eq!(bottleneck(&snapshot), None);
        snapshot.thresholds.memory = [30, 50, 80];
        assert_eq!(bottleneck(&snapshot), Some(Bottleneck::Memory(60.0)));
        snapshot.thresholds.cpu.warning = 50;
        assert_eq!(bottleneck(&snapshot), Some(Bottleneck::Processor(60.0)));
    }

    #[test]
    fn nothing_measured_is_no_bottleneck() {
        assert_eq!(bottleneck(&Snapshot::default()), None);
    }

    #[test]
    fn a_cache_that_was_hardly_asked_is_not_blamed() {
        let snapshot = Snapshot { cache: vec![cache("zones", 0, 99)], ..Snapshot::default() };
        assert_eq!(bottleneck(&snapshot), None);
    }
}
