//! The figures of the bot that is made up.

use std::time::Duration;

use jiff::{SignedDuration, Timestamp};
use muster_vitals::snapshot::{
    ActiveAlert, Alert, AlertLevel, Allocator, Backups, Component, Cpu, Disk, Latency, LevelChange,
    LimitSource, Limiter, Memory, Network, PressureLevel, Queue, Reclaimer, Resource, Sample,
    Snapshot, Thresholds,
};

use super::Mood;
use super::rooms::{
    answers, cache, database, deliveries, discord, recommendations, security, settings, tasks,
};

pub(super) const MIB: u64 = 1 << 20;

pub(super) fn back(now: Timestamp, s: i64) -> Timestamp {
    now.checked_sub(SignedDuration::from_secs(s)).unwrap_or(now)
}

pub(super) fn latency(count: u64, p50_us: u64) -> Latency {
    Latency {
        count,
        mean: Duration::from_micros(p50_us + p50_us / 3),
        p50: Duration::from_micros(p50_us),
        p95: Duration::from_micros(p50_us * 3),
        p99: Duration::from_micros(p50_us * 6),
        max: Duration::from_micros(p50_us * 21),
    }
}

/// A number between 0 and 1 that wanders with time.
fn wave(at: Timestamp, period_s: f64) -> f64 {
    let turns = at.as_duration().as_secs_f64() / period_s * std::f64::consts::TAU;
    f64::midpoint(turns.sin(), 1.0) * 0.7 + f64::midpoint((turns * 3.7).cos(), 1.0) * 0.3
}

/// A figure as a count.
#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "small and not below zero"
)]
fn whole(value: f64) -> u64 {
    value.round() as u64
}

pub(super) fn sample(mood: Mood, at: Timestamp, age: f64) -> Sample {
    let busy = wave(at, 5_400.0);
    let base = match mood {
        Mood::Calm => 21.0 + busy * 4.0,
        Mood::Alert => 610.0 + 390.0 * age + busy * 30.0,
    };
    let answers = whole(busy * 90.0 + wave(at, 95.0) * 25.0);
    Sample {
        at,
        memory_used: whole(base * 1_048_576.0),
        memory_limit: 1_280 * MIB,
        resident: whole((base - 2.5) * 1_048_576.0),
        cpu_percent: 0.4 + busy * 2.2 + wave(at, 61.0) * 0.8,
        disk_free: disk_free(mood),
        disk_size: 1_280 * MIB,
        received_each_second: 400.0 + busy * 9_000.0,
        sent_each_second: 300.0 + busy * 14_000.0,
        answers_each_minute: answers,
        members_each_minute: answers * 2 / 3,
    }
}

fn disk_free(mood: Mood) -> u64 {
    match mood {
        Mood::Calm => 1_020 * MIB,
        Mood::Alert => 236 * MIB,
    }
}

pub(super) fn snapshot(mood: Mood, now: Timestamp, since: Duration) -> Snapshot {
    let current = sample(mood, now, 1.0);
    let grown = since.as_secs();
    Snapshot {
        at: now,
        version: env!("CARGO_PKG_VERSION"),
        uptime: since + Duration::from_hours(75),
        memory: memory(mood, now, &current),
        cpu: Cpu { percent: current.cpu_percent, cores: 2.0 },
        disk: disk(mood),
        network: Network {
            received: 183_000_000 + grown * 4_000,
            sent: 96_000_000 + grown * 6_000,
            received_each_second: current.received_each_second,
            sent_each_second: current.sent_each_second,
        },
        unmonitored: false,
        history: Vec::new(),
        thresholds: Thresholds::default(),
        alerts: alerts(mood, now, &current),
        alert_log: alert_log(mood, now),
        cache: cache(grown),
        database: database(mood, grown),
        tasks: tasks(grown),
        queues: vec![
            Queue { name: "writes", depth: 3, depth_max: 16_384 },
            Queue { name: "gateway events", depth: 1, depth_max: 1_024 },
            Queue { name: "REST, background", depth: 14, depth_max: 512 },
            Queue { name: "edits of posts", depth: 6, depth_max: 4_096 },
        ],
        deliveries: deliveries(now, grown),
        answers: answers(&current, grown),
        discord: discord(mood, now),
        limiter: Limiter {
            entries: 412,
            entries_max: 1_000,
            admitted: 91_204 + grown,
            refused: 318,
            evicted: 12,
            expired: 8_411,
            bytes: 9_064,
        },
        security: security(now),
        backups: Backups {
            last: Some(back(now, 9_200)),
            failing_since: (mood == Mood::Alert).then(|| back(now, 1_800)),
            kept: 15,
            bytes: 96 * MIB,
            bytes_with_others: 96 * MIB,
            every: Some(Duration::from_hours(6)),
            next: Some(back(now, -12_400)),
        },
        settings: settings(),
        recommendations: recommendations(mood),
    }
}

fn memory(mood: Mood, now: Timestamp, current: &Sample) -> Memory {
    let level = match mood {
        Mood::Calm => PressureLevel::Low,
        Mood::Alert => PressureLevel::High,
    };
    let reclaimer = |name, runs, freed: u64, holds: u64| Reclaimer {
        name,
        runs,
        freed: freed << 10,
        holds: holds << 10,
    };
    let change = |s, from, to| LevelChange { at: back(now, s), from, to };
    Memory {
        used: current.memory_used,
        limit: current.memory_limit,
        threshold: 800 * MIB,
        resident: current.resident,
        source: LimitSource::GroupV2,
        stalled_percent: Some(if mood == Mood::Calm { 0.0 } else { 3.4 }),
        level,
        level_since: back(now, 754),
        optimizes: true,
        allocator: Some(Allocator {
            allocated: 11 * MIB,
            active: 13 * MIB,
            resident: 17 * MIB,
            retained: 4 * MIB,
        }),
        components: [
            ("database pages", 8_192u64),
            ("rosters", 3_900),
            ("cache", 1_760),
            ("statements", 940),
            ("history", 136),
            ("limiter", 9),
        ]
        .map(|(name, kib)| Component { name, bytes: kib * 1_024 })
        .to_vec(),
        changes: vec![
            change(754, PressureLevel::Medium, level),
            change(4_100, PressureLevel::Low, PressureLevel::Medium),
        ],
        reclaimers: vec![
            reclaimer("cache", 14, 21_400, 1_760),
            reclaimer("statements", 9, 6_020, 940),
            reclaimer("database pages", 9, 70_100, 8_192),
            reclaimer("history", 2, 90, 136),
            reclaimer("allocator", 14, 120_300, 4_096),
        ],
        runs: 14,
        given_back: 212 * MIB,
    }
}

fn disk(mood: Mood) -> Disk {
    Disk {
        size: 1_280 * MIB,
        free: disk_free(mood),
        database: 41 * MIB,
        logs: 6 * MIB,
        backups: 96 * MIB,
        budget: 1_024 * MIB,
    }
}

fn alerts(mood: Mood, now: Timestamp, current: &Sample) -> Vec<ActiveAlert> {
    if mood == Mood::Calm {
        return Vec::new();
    }
    #[expect(clippy::cast_precision_loss, reason = "a share")]
    let memory = current.memory_used as f64 / current.memory_limit as f64 * 100.0;
    let alert = |resource, level, s, threshold, value| ActiveAlert {
        resource,
        level,
        since: back(now, s),
        threshold,
        value,
    };
    vec![
        alert(Resource::Disk, AlertLevel::Warning, 5_460, 80.0, 81.6),
        alert(Resource::Memory, AlertLevel::Warning, 754, 70.0, memory),
        alert(Resource::MemoryTrend, AlertLevel::Info, 9_000, 5.0, 16.2),
    ]
}

fn alert_log(mood: Mood, now: Timestamp) -> Vec<Alert> {
    let alert = |s, resource, level, value, threshold, lasted| Alert {
        at: back(now, s),
        resource,
        level,
        value,
        threshold,
        lasted: Duration::from_secs(lasted),
    };
    let old = alert(18_000, Resource::Cpu, None, 41.0, 80.0, 340);
    match mood {
        Mood::Calm => {
            vec![old, alert(18_340, Resource::Cpu, Some(AlertLevel::Warning), 84.0, 80.0, 0)]
        }
        Mood::Alert => vec![
            alert(754, Resource::Memory, Some(AlertLevel::Warning), 71.3, 70.0, 0),
            alert(5_460, Resource::Disk, Some(AlertLevel::Warning), 80.4, 80.0, 0),
            alert(9_000, Resource::MemoryTrend, Some(AlertLevel::Info), 14.8, 5.0, 0),
            old,
        ],
    }
}
