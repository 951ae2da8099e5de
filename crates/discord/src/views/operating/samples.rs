//! Snapshots for the tests of the operator's panels: a typical one, and one with everything at its
//! limits and as long as it can be.

use std::time::Duration;

use jiff::{SignedDuration, Timestamp};
use muster_vitals::snapshot::{
    ActiveAlert, AlertLevel, Allocator, Answers, Backups, Blocked, CacheHour, CacheKind,
    CommandLatency, Component, Cpu, Database, Deliveries, DiscordLink, Disk, Latency, LevelChange,
    LimitSource, Limiter, Memory, PressureLevel, Queue, Reclaimer, Recommendation, Resource,
    Sample, Security, SecurityEvent, SecurityKind, SecurityRule, Shard, ShardState, SlowStatement,
    Snapshot, Subject, TaskKind, Tasks,
};

use super::{Check, Lifted};
use crate::views::samples::{NOW, huge};

const MIB: u64 = 1 << 20;

fn minutes_ago(minutes: i64) -> Timestamp {
    NOW - SignedDuration::from_mins(minutes)
}

fn latency(count: u64, [p50, p95, p99]: [u64; 3]) -> Latency {
    let [p50, p95, p99] = [p50, p95, p99].map(Duration::from_micros);
    Latency { count, mean: p50, p50, p95, p99, max: p99 }
}

/// What is found about the set-up.
pub(crate) fn checks() -> Vec<Check> {
    vec![
        Check { found: "The file .env can be read by its owner alone.".to_owned(), sound: true },
        Check { found: "The lists of members are read.".to_owned(), sound: false },
    ]
}

/// Somebody was just let in again, whose number is as long as it can be.
pub(crate) fn lifted() -> Lifted {
    Lifted::Lifted(Subject::Member(huge(0)))
}

/// A good afternoon on a small box.
pub(crate) fn typical() -> Snapshot {
    Snapshot {
        at: NOW,
        version: "0.1.0",
        uptime: Duration::from_hours(76),
        memory: memory(),
        cpu: Cpu { percent: 2.4, cores: 2.0 },
        disk: Disk {
            size: 1_280 * MIB,
            free: 740 * MIB,
            database: 4 * MIB,
            logs: 0,
            backups: 12 * MIB,
            budget: 1_024 * MIB,
        },
        history: history(),
        cache: cache(),
        database: database(),
        tasks: tasks(),
        queues: vec![Queue { name: "taps", depth: 3, depth_max: 16_384 }],
        deliveries: Deliveries {
            due: 1,
            next_due: Some(NOW + SignedDuration::from_mins(12)),
            sent: 1_204,
            failed: 2,
            skipped: 3,
            reminder_lag: latency(40, [90_000, 200_000, 410_000]),
            broken_targets: 1,
        },
        answers: answers(),
        discord: DiscordLink {
            guilds: 2,
            shards: vec![shard(0, ShardState::Live)],
            rest: latency(310, [110_000, 240_000, 380_000]),
            waited: latency(310, [0, 40_000, 700_000]),
            rate_limited: 1,
            invalid_lately: 0,
        },
        limiter: Limiter {
            entries: 214,
            entries_max: 1_000,
            admitted: 18_204,
            refused: 12,
            evicted: 0,
            expired: 90,
            bytes: 24 << 10,
        },
        security: security(),
        backups: Backups {
            last: Some(minutes_ago(300)),
            failing_since: None,
            kept: 7,
            bytes: 12 * MIB,
            bytes_with_others: 14 * MIB,
            every: Some(Duration::from_hours(6)),
            next: Some(NOW + SignedDuration::from_hours(19)),
        },
        settings: vec![
            ("ENABLE_MEMORY_OPTIMIZATION", "true".to_owned()),
            ("MEMORY_THRESHOLD_MB", "800".to_owned()),
            ("RATE_LIMIT_TAPS", "5/5s".to_owned()),
            ("CACHE_MAX_SIZE", "500".to_owned()),
            ("TASK_MAX_CONCURRENT", "3".to_owned()),
        ],
        ..Snapshot::default()
    }
}

fn memory() -> Memory {
    Memory {
        used: 31 * MIB,
        limit: 1_280 * MIB,
        threshold: 800 * MIB,
        resident: 24 * MIB,
        source: LimitSource::GroupV2,
        stalled_percent: Some(0.0),
        level: PressureLevel::Low,
        level_since: minutes_ago(4_560),
        optimizes: true,
        allocator: Some(Allocator {
            allocated: 9 * MIB,
            active: 11 * MIB,
            resident: 15 * MIB,
            retained: 3 * MIB,
        }),
        components: vec![
            Component { name: "database", bytes: 6 * MIB },
            Component { name: "cache", bytes: 2 * MIB },
        ],
        changes: vec![LevelChange {
            at: minutes_ago(4_560),
            from: PressureLevel::Medium,
            to: PressureLevel::Low,
        }],
        reclaimers: vec![
            Reclaimer { name: "cache", runs: 2, freed: 3 * MIB, holds: 2 * MIB },
            Reclaimer { name: "allocator", runs: 2, freed: 5 * MIB, holds: 3 * MIB },
        ],
        runs: 2,
        given_back: 8 * MIB,
    }
}

/// A sample each 15 s for 25 minutes, memory slowly rising.
fn history() -> Vec<Sample> {
    let sample = |step: u32| Sample {
        at: NOW - SignedDuration::from_secs(15 * i64::from(100 - step)),
        memory_used: (28 * MIB) + u64::from(step) * 32 * 1_024,
        memory_limit: 1_280 * MIB,
        cpu_percent: f64::from(step % 4),
        disk_free: 740 * MIB,
        disk_size: 1_280 * MIB,
        ..Sample::default()
    };
    (0..=100).map(sample).collect()
}

fn cache() -> Vec<CacheKind> {
    let kind = |name, hits, misses| CacheKind {
        name,
        entries: 40,
        bytes: 500 << 10,
        hits: hits + 90_000,
        misses: misses + 90_000,
        last_hour: CacheHour { hits, misses, evicted: 0, reclaimed: 0 },
        ..CacheKind::default()
    };
    vec![kind("settings", 9_800, 60), kind("rosters", 4_000, 300), kind("zones", 12, 9)]
}

fn database() -> Database {
    Database {
        writable: true,
        connections: 2,
        connections_max: 3,
        statements: latency(52_000, [60, 400, 1_200]),
        commit: latency(2_100, [900, 4_000, 9_000]),
        commits: 2_100,
        writes: 9_400,
        unreadable: 0,
        slow: vec![SlowStatement {
            sql: "SELECT id, due_at\n  FROM delivery WHERE due_at <= ?1".to_owned(),
            took: Duration::from_millis(31),
            times: 2,
            plan: "SCAN delivery".to_owned(),
        }],
        size: 4 * MIB,
        log_size: 300 << 10,
        ..Database::default()
    }
}

fn tasks() -> Tasks {
    let kind = |name, priority, succeeded, failed| TaskKind {
        name,
        priority,
        succeeded,
        failed,
        took: latency(succeeded / 20, [1_000; 3]),
        ..TaskKind::default()
    };
    Tasks {
        running: 1,
        concurrent_max: 3,
        waiting: 0,
        deferred: 0,
        kinds: vec![kind("posts", "critical", 1_840, 0), kind("backup", "low", 3, 0)],
    }
}

fn answers() -> Answers {
    Answers {
        taps: latency(412, [12_000, 40_000, 80_000]),
        commands: vec![CommandLatency {
            name: "event create".to_owned(),
            latency: latency(31, [60_000, 200_000, 400_000]),
            failed: 0,
        }],
        each_minute: 14,
        members_each_minute: 9,
        errors_each_minute: 0,
        errors_last_hour: 2,
        errors: 3,
        too_late: 1,
    }
}

fn security() -> Security {
    Security {
        counts: vec![(SecurityKind::RateLimitBurst, 12, 4), (SecurityKind::NotPermitted, 2, 0)],
        newest: vec![SecurityEvent {
            at: minutes_ago(3),
            kind: SecurityKind::RateLimitBurst,
            member: Some(5),
            guild: Some(2),
        }],
        blocked: vec![Blocked {
            subject: Subject::Member(5),
            kind: SecurityKind::RateLimitBurst,
            until: NOW + SignedDuration::from_secs(250),
        }],
        rules: vec![SecurityRule {
            kind: SecurityKind::RateLimitBurst,
            events: 5,
            within: Duration::from_mins(10),
            blocked_for: Duration::from_mins(5),
            of_guilds: false,
            each_max: 5,
        }],
    }
}

fn shard(number: u32, state: ShardState) -> Shard {
    Shard {
        number,
        state,
        latency: Some(Duration::from_millis(42)),
        last_event: Some(NOW - SignedDuration::from_secs(2)),
    }
}

const LONG: &str = "a name that is far longer than anybody would ever give";

/// Everything at its limits, every list long and every text as long as can be.
pub(crate) fn longest() -> Snapshot {
    let mut snapshot = typical();
    snapshot.memory = longest_memory(&snapshot.memory);
    snapshot.cpu.percent = 99.9;
    snapshot.alerts = alerts();
    let last_hour = CacheHour { hits: 9_999, misses: u64::MAX >> 1, evicted: 0, reclaimed: 0 };
    snapshot.cache = vec![CacheKind { name: LONG, last_hour, ..snapshot.cache[0] }; 40];
    snapshot.database.writable = false;
    snapshot.database.statements = latency(u64::MAX, [99_999_999; 3]);
    snapshot.database.commit = latency(u64::MAX, [99_999_999; 3]);
    snapshot.database.slow = vec![
        SlowStatement {
            sql: "SELECT `x` ".repeat(400),
            took: Duration::from_secs(99),
            times: u64::MAX,
            plan: LONG.repeat(99),
        };
        50
    ];
    let kind = TaskKind {
        name: LONG,
        priority: "background",
        succeeded: u64::MAX >> 10,
        failed: u64::MAX >> 10,
        timed_out: u64::MAX >> 10,
        cancelled: u64::MAX >> 10,
        retried: u64::MAX >> 10,
        took: latency(3_000, [99_999_999; 3]),
        failed_last_hour: 2_000,
        ..TaskKind::default()
    };
    snapshot.tasks.kinds = vec![kind; 30];
    snapshot.queues = vec![Queue { name: LONG, depth: u64::MAX, depth_max: u64::MAX }; 30];
    let name = "𝕏".repeat(300);
    let command = CommandLatency { name, failed: u64::MAX, ..snapshot.answers.commands[0].clone() };
    snapshot.answers.commands = vec![command; 60];
    let state = |number| match number % 3 {
        0 => ShardState::Down,
        1 => ShardState::Entering,
        _ => ShardState::Live,
    };
    snapshot.discord.shards = (0..300).map(|number| shard(number, state(number))).collect();
    snapshot.discord.guilds = 2_500;
    snapshot.backups.failing_since = Some(minutes_ago(90));
    snapshot.security = longest_security(&snapshot.security);
    let advice = Recommendation { because: LONG.repeat(9), advice: LONG.repeat(9) };
    snapshot.recommendations = vec![advice; 12];
    snapshot.settings = vec![("MEMORY_THRESHOLD_MB", LONG.repeat(9)); 60];
    snapshot
}

fn alerts() -> Vec<ActiveAlert> {
    let all = [
        (Resource::Memory, AlertLevel::Emergency, 95.0, 97.2),
        (Resource::MemoryTrend, AlertLevel::Warning, 5.0, 12.25),
        (Resource::Cpu, AlertLevel::Critical, 90.0, 99.9),
        (Resource::Disk, AlertLevel::Info, 80.0, 81.0),
    ];
    let alert = |(resource, level, threshold, value)| ActiveAlert {
        resource,
        level,
        since: minutes_ago(12),
        threshold,
        value,
    };
    all.map(alert).into()
}

fn longest_memory(memory: &Memory) -> Memory {
    let change = LevelChange { at: NOW, from: PressureLevel::High, to: PressureLevel::Critical };
    Memory {
        used: 1_244 * MIB,
        level: PressureLevel::Critical,
        level_since: minutes_ago(12),
        stalled_percent: Some(61.5),
        components: vec![Component { name: LONG, bytes: u64::MAX }; 60],
        changes: vec![change; 60],
        reclaimers: vec![
            Reclaimer { name: LONG, runs: u64::MAX, freed: u64::MAX, holds: u64::MAX };
            60
        ],
        ..memory.clone()
    }
}

fn longest_security(security: &Security) -> Security {
    let blocked = |number: u64| Blocked {
        subject: if number.is_multiple_of(2) {
            Subject::Member(huge(number))
        } else {
            Subject::Guild(huge(number))
        },
        kind: SecurityKind::NotPermitted,
        until: NOW + SignedDuration::from_hours(24),
    };
    let event = SecurityEvent {
        at: NOW,
        kind: SecurityKind::NotPermitted,
        member: Some(huge(0)),
        guild: Some(huge(1)),
    };
    Security {
        counts: SecurityKind::ALL.map(|kind| (kind, u64::MAX, u64::MAX)).into(),
        newest: vec![event; 1_000],
        blocked: (0..50).map(blocked).collect(),
        rules: vec![security.rules[0]; 30],
    }
}
