//! Each rule speaks when it should, with its numbers, and is silent else.

use super::*;
use crate::snapshot::{ActiveAlert, CacheHour, Latency, Memory, Reclaimer, TaskKind};

const MIB: u64 = 1 << 20;

fn at(minute: i64) -> Timestamp {
    Timestamp::from_second(1_800_000_000 + minute * 60).unwrap()
}

fn healthy() -> Snapshot {
    Snapshot { at: at(0), ..Snapshot::default() }
}

/// The only recommendation, as one text.
#[track_caller]
fn only(snapshot: &Snapshot) -> String {
    let all = recommendations(snapshot);
    assert_eq!(all.len(), 1, "{all:?}");
    format!("{} {}", all[0].because, all[0].advice)
}

#[track_caller]
fn assert_says(snapshot: &Snapshot, words: &[&str]) {
    let text = only(snapshot);
    for word in words {
        assert!(text.contains(word), "{word:?} is not in: {text}");
    }
}

#[track_caller]
fn assert_silent(snapshot: &Snapshot) {
    assert_eq!(recommendations(snapshot), []);
}

#[test]
fn a_healthy_bot_is_left_alone() {
    assert_silent(&healthy());
}

fn cache(hits: u64, misses: u64, evicted: u64) -> Snapshot {
    // Before that hour, all was well.
    let kind = |name, hits, misses, evicted| {
        let last_hour = CacheHour { hits, misses, evicted, reclaimed: 0 };
        CacheKind {
            name,
            hits: 1_000_000 + hits,
            misses,
            evicted,
            reclaimed: 0,
            last_hour,
            ..CacheKind::default()
        }
    };
    let (good, kind) = (kind("posts", 9_999, 1, 0), kind("rosters", hits, misses, evicted));
    let settings = vec![("CACHE_MAX_SIZE", "500".to_owned())];
    Snapshot { cache: vec![good, kind], settings, ..healthy() }
}

#[test]
fn a_cache_that_misses_too_often_should_be_larger() {
    assert_says(
        &cache(790, 210, 99),
        &["rosters", "79 %", "99 entries", "CACHE_MAX_SIZE (now 500)"],
    );
    assert_silent(&cache(800, 200, 99));
    assert_silent(&cache(0, 199, 99));
    // Emptied as memory was short: a larger one would be emptied, too.
    let mut short = cache(500, 500, 99);
    for kind in &mut short.cache {
        kind.last_hour.reclaimed = 450;
    }
    assert_says(&short, &["rosters", "50 %", "Give it more memory: 450 entries"]);
}

#[test]
fn a_cache_that_never_had_to_make_room_does_not_get_larger_by_a_setting() {
    assert_says(&cache(100, 900, 0), &["Wait", "once some have to make room"]);
}

fn memory(used: u64) -> Snapshot {
    let spare = Reclaimer { name: "cache", runs: 0, freed: 0, holds: 30 * MIB };
    let memory = Memory {
        used: used * MIB,
        limit: 1_000 * MIB,
        reclaimers: vec![spare],
        ..Memory::default()
    };
    Snapshot { memory, ..healthy() }
}

#[test]
fn above_70_percent_of_memory_a_clean_up_is_worth_it() {
    assert_says(&memory(705), &["70 %", "705 MiB of 1000 MiB", "30 MiB", "/force_cleanup"]);
    assert_silent(&memory(700));
}

fn lasting(percents: &[u64]) -> Snapshot {
    let mut snapshot = memory(600);
    let first = i64::try_from(percents.len()).unwrap() - 1;
    let sample = |(turn, percent): (i64, &u64)| Sample {
        at: at(turn - first),
        memory_used: *percent,
        memory_limit: 100,
        ..Sample::default()
    };
    snapshot.history = (0..).zip(percents).map(sample).collect();
    snapshot
}

#[test]
fn memory_that_is_short_for_long_should_be_more() {
    let since = at(-3).strftime("%H:%M UTC").to_string();
    assert_says(
        &lasting(&[81, 81, 90, 81]),
        &["80 %", &since, "60 % now", "more memory: 1000 MiB"],
    );
    assert_silent(&lasting(&[90, 90, 90]));
    assert_silent(&lasting(&[90, 90, 80, 90]));
    let mut long_ago = lasting(&[10; 30]);
    for sample in long_ago.history.iter_mut().skip(14) {
        sample.memory_used = 95;
    }
    assert_eq!(recommendations(&long_ago).len(), 1, "what was before is over");
}

fn leaking(level: AlertLevel) -> Snapshot {
    let resource = Resource::MemoryTrend;
    let alert = ActiveAlert { resource, level, since: at(-300), threshold: 9.0, value: 23.4 };
    let other = ActiveAlert { resource: Resource::Cpu, ..alert };
    Snapshot { alerts: vec![other, alert], ..healthy() }
}

#[test]
fn a_leak_is_named_with_its_speed_and_since_when() {
    let since = at(-300).strftime("%Y-%m-%d %H:%M UTC").to_string();
    assert_says(&leaking(AlertLevel::Warning), &["23 MiB an hour", &since, "within a day"]);
    assert_says(&leaking(AlertLevel::Critical), &["within hours", "Restart"]);
    let mut others = leaking(AlertLevel::Warning);
    others.alerts.pop();
    assert_silent(&others);
}

fn slow(millis: u64, plan: &str) -> Snapshot {
    let mut snapshot = healthy();
    let statement = |sql: &str, millis| SlowStatement {
        sql: sql.to_owned(),
        took: Duration::from_millis(millis),
        times: 7,
        plan: plan.to_owned(),
    };
    let long = format!("SELECT id\n   FROM event WHERE {}", "x".repeat(500));
    snapshot.database.slow = vec![statement("SELECT 1", 3), statement(&long, millis)];
    snapshot
}

#[test]
fn the_slowest_statement_is_named_with_its_plan() {
    assert_says(&slow(100, "SCAN event"), &["100 ms", "7 times", "SELECT id FROM event", "SCAN"]);
    assert_says(&slow(100, ""), &["…", "disk is slow"]);
    assert!(only(&slow(100, "")).len() < 400, "it is cut");
    assert_silent(&slow(99, "SCAN event"));
    let mut once = slow(100, "");
    once.database.slow[1].times = 1;
    assert_says(&once, &["was slow once"]);
    let mut busy = slow(100, "SCAN event");
    busy.cpu.percent = 97.0;
    assert_says(&busy, &["processor is used up"]);
}

fn disk(free: u64, backups: u64) -> Snapshot {
    let mut snapshot = healthy();
    snapshot.disk.size = 1_000 * MIB;
    snapshot.disk.free = free * MIB;
    snapshot.disk.backups = backups * MIB;
    snapshot.disk.database = 10 * MIB;
    snapshot.disk.budget = 900 * MIB;
    snapshot
}

#[test]
fn a_disk_that_fills_needs_room_where_it_is_taken() {
    assert_says(&disk(200, 300), &["80 % full", "200 MiB of 1000 MiB", "310 MiB", "fewer backups"]);
    assert_says(&disk(200, 20), &["not Muster's"]);
    assert_silent(&disk(201, 300));
}

#[test]
fn what_muster_may_take_of_the_disk_is_nearly_used() {
    assert_says(&disk(250, 710), &["720 MiB of the 900 MiB", "80 %", "DISK_BUDGET_MB"]);
    assert_silent(&disk(250, 709));
}

#[test]
fn failing_backups_are_named_since_when() {
    let mut snapshot = healthy();
    snapshot.backups.last = Some(at(-600));
    assert_silent(&snapshot);
    snapshot.backups.failing_since = Some(at(-90));
    let since = at(-90).strftime("%H:%M UTC").to_string();
    let last = at(-600).strftime("%H:%M UTC").to_string();
    assert_says(&snapshot, &["Backups have failed", &since, &last]);
    snapshot.backups.last = None;
    assert_says(&snapshot, &["there is no good one"]);
}

fn tasks(succeeded: u64, failed: u64, timed_out: u64) -> Snapshot {
    let mut snapshot = healthy();
    // Before that hour, and of other work, all went well.
    let kind = |name, succeeded, failed_last_hour, timed_out_last_hour| TaskKind {
        name,
        succeeded: 1_000_000,
        failed: failed_last_hour,
        timed_out: timed_out_last_hour,
        took: Latency {
            count: succeeded + failed_last_hour + timed_out_last_hour,
            ..Latency::default()
        },
        failed_last_hour,
        timed_out_last_hour,
        ..TaskKind::default()
    };
    let (bad, good) = (kind("backup", succeeded, failed, timed_out), kind("reports", 9_999, 0, 0));
    snapshot.tasks.kinds = vec![bad, good];
    snapshot
}

#[test]
fn tasks_that_fail_are_named_by_their_kind() {
    assert_says(&tasks(94, 5, 1), &["94.0 % of 100", "\"backup\"", "5 failed", "1 took too long"]);
    assert_says(&tasks(94, 1, 5), &["TASK_TIMEOUT"]);
    assert_silent(&tasks(95, 5, 0));
    assert_says(&tasks(0, 3, 0), &["0.0 % of 3"]);
    assert_silent(&tasks(17, 2, 0));
}

fn queues(depth: u64) -> Snapshot {
    let calm = Queue { name: "gateway", depth: 1, depth_max: 5 };
    let full = Queue { name: "taps", depth, depth_max: 1_000 };
    Snapshot { queues: vec![calm, full], ..healthy() }
}

#[test]
fn a_queue_that_is_nearly_full_is_named() {
    assert_says(&queues(800), &["\"taps\"", "80 %", "800 of 1000"]);
    assert_silent(&queues(799));
}

#[test]
fn the_most_urgent_comes_first() {
    let mut snapshot = cache(10, 990, 1);
    snapshot.memory = memory(720).memory;
    snapshot.backups.failing_since = Some(at(-90));
    let all = recommendations(&snapshot);
    let first_words = all.iter().map(|one| one.because.split(' ').next().unwrap());
    assert_eq!(first_words.collect::<Vec<_>>(), ["Backups", "Memory", "The"]);
}
