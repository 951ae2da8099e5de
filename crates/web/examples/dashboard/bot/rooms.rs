//! The figures of the rooms of the bot that is made up.

use std::time::Duration;

use jiff::Timestamp;
use muster_vitals::snapshot::{
    Answers, Blocked, CacheHour, CacheKind, CommandLatency, Database, Deliveries, DiscordLink,
    Recommendation, Sample, Security, SecurityEvent, SecurityKind, SecurityRule, Shard, ShardState,
    SlowStatement, Subject, TaskKind, Tasks,
};

use super::Mood;
use super::figures::{MIB, back, latency};

pub(super) fn cache(grown: u64) -> Vec<CacheKind> {
    let kind = |name, entries, hits, misses, lives: Option<u64>| CacheKind {
        name,
        entries,
        bytes: entries * 3_410,
        hits: hits + grown * 7,
        misses,
        evicted: misses / 9,
        reclaimed: 0,
        expired: misses / 4,
        last_hour: CacheHour {
            hits: hits / 50,
            misses: misses / 50,
            evicted: misses / 450,
            reclaimed: 0,
        },
        lives: lives.map(Duration::from_secs),
    };
    vec![
        kind("rosters", 214, 81_400, 1_220, None),
        kind("guild settings", 130, 52_110, 402, None),
        kind("posts", 96, 20_800, 1_900, Some(900)),
        kind("time zones", 60, 9_120, 310, Some(3_600)),
    ]
}

pub(super) fn database(mood: Mood, grown: u64) -> Database {
    let slow = SlowStatement {
        sql: "SELECT count(*) FROM signup JOIN event ON event.id = signup.event WHERE guild = ?1"
            .to_owned(),
        took: Duration::from_millis(184),
        times: 3,
        plan: "SCAN signup · SEARCH event USING INTEGER PRIMARY KEY".to_owned(),
    };
    Database {
        writable: true,
        connections: 2,
        connections_max: 3,
        statements: latency(48_200 + grown, 84),
        commits: 18_210 + grown,
        writes: 21_900 + grown * 2,
        unreadable: 0,
        commit: latency(6_100, 2_300),
        slow: if mood == Mood::Alert { vec![slow] } else { Vec::new() },
        result_hits: 4_410 + grown,
        result_misses: 390,
        size: 39 * MIB,
        log_size: 2 * MIB,
        schema: 17,
    }
}

pub(super) fn tasks(grown: u64) -> Tasks {
    let kind = |name, priority, succeeded, p50_us| TaskKind {
        name,
        priority,
        succeeded: succeeded + grown / 10,
        failed: 1,
        timed_out: 1,
        cancelled: 2,
        retried: succeeded / 300 + 1,
        took: latency(succeeded / 60 + 1, p50_us),
        failed_last_hour: 0,
        timed_out_last_hour: 0,
    };
    Tasks {
        running: 1,
        concurrent_max: 3,
        waiting: 2,
        deferred: 1,
        kinds: vec![
            kind("reminders", "critical", 12_400, 48_000),
            kind("posts", "high", 1_910, 96_000),
            kind("edits", "normal", 30_220, 71_000),
            kind("clean-up", "low", 300, 4_100),
            kind("backup", "background", 52, 310_000),
        ],
    }
}

pub(super) fn deliveries(now: Timestamp, grown: u64) -> Deliveries {
    Deliveries {
        due: 3,
        next_due: Some(back(now, -252)),
        sent: 14_310 + grown / 5,
        failed: 4,
        skipped: 11,
        reminder_lag: latency(310, 96_000),
        broken_targets: 2,
    }
}

pub(super) fn answers(current: &Sample, grown: u64) -> Answers {
    let command = |name: &str, count, p50_us, failed| CommandLatency {
        name: name.to_owned(),
        latency: latency(count, p50_us),
        failed,
    };
    Answers {
        taps: latency(3_920 + grown, 41_000),
        commands: vec![
            command("event create", 41, 88_000, 1),
            command("event list", 37, 52_000, 0),
            command("panel", 22, 61_000, 0),
            command("system_health", 3, 120_000, 0),
        ],
        each_minute: current.answers_each_minute,
        members_each_minute: current.members_each_minute,
        errors_each_minute: 1,
        errors_last_hour: 4,
        errors: 9,
        too_late: 2,
    }
}

pub(super) fn discord(mood: Mood, now: Timestamp) -> DiscordLink {
    let shard = |number, state, ms, s| Shard {
        number,
        state,
        latency: Some(Duration::from_millis(ms)),
        last_event: Some(back(now, s)),
    };
    let second = if mood == Mood::Alert { ShardState::Entering } else { ShardState::Live };
    DiscordLink {
        guilds: 1_204,
        shards: vec![shard(0, ShardState::Live, 38, 1), shard(1, second, 44, 3)],
        rest: latency(2_210, 92_000),
        waited: latency(64, 210_000),
        rate_limited: 3,
        invalid_lately: 5,
    }
}

pub(super) fn security(now: Timestamp) -> Security {
    let event = |s, kind, member, guild| SecurityEvent { at: back(now, s), kind, member, guild };
    let (member, guild) = (Some(281_474_976_710_656_001), Some(281_474_976_710_656_900));
    Security {
        counts: SecurityKind::ALL.iter().zip(1u64..).map(|(kind, n)| (*kind, n * 4, n)).collect(),
        newest: vec![
            event(40, SecurityKind::RateLimitBurst, member, guild),
            event(610, SecurityKind::NotPermitted, member, guild),
            event(4_000, SecurityKind::OversizedInput, None, guild),
        ],
        blocked: vec![
            Blocked {
                subject: Subject::Member(281_474_976_710_656_001),
                kind: SecurityKind::RateLimitBurst,
                until: back(now, -840),
            },
            Blocked {
                subject: Subject::Guild(281_474_976_710_656_900),
                kind: SecurityKind::CrossGuild,
                until: back(now, -3_000),
            },
        ],
        rules: vec![
            SecurityRule {
                kind: SecurityKind::RateLimitBurst,
                events: 50,
                within: Duration::from_mins(10),
                blocked_for: Duration::from_mins(15),
                of_guilds: false,
                each_max: 50,
            },
            SecurityRule {
                kind: SecurityKind::CrossGuild,
                events: 20,
                within: Duration::from_hours(1),
                blocked_for: Duration::from_hours(1),
                of_guilds: true,
                each_max: 10,
            },
        ],
    }
}

pub(super) fn settings() -> Vec<(&'static str, String)> {
    [
        ("CACHE_MAX_SIZE", "500"),
        ("CACHE_CLEANUP_INTERVAL", "15m"),
        ("DB_MAX_CONNECTIONS", "3"),
        ("DB_IDLE_TIMEOUT", "10m"),
        ("ENABLE_MEMORY_OPTIMIZATION", "true"),
        ("MEMORY_THRESHOLD_MB", "800"),
        ("MEMORY_LEVELS", "50,70,85"),
        ("ENABLE_RESOURCE_MONITORING", "true"),
        ("RESOURCE_SAMPLE_INTERVAL", "15s"),
        ("ALERT_MEMORY", "50,70,85,95"),
        ("TASK_MAX_CONCURRENT", "3"),
        ("TASK_TIMEOUT", "3m"),
        ("RATE_LIMIT_TAPS", "5/5s"),
        ("DISK_BUDGET_MB", "1024"),
    ]
    .map(|(name, value)| (name, value.to_owned()))
    .to_vec()
}

pub(super) fn recommendations(mood: Mood) -> Vec<Recommendation> {
    let one = |advice: &str, because: &str| Recommendation {
        because: because.to_owned(),
        advice: advice.to_owned(),
    };
    match mood {
        Mood::Calm => Vec::new(),
        Mood::Alert => vec![
            one("Clean up now", "memory is at 78 % of its limit"),
            one(
                "Look into what grows",
                "memory has grown by 16.2 MiB an hour for two and a half hours",
            ),
            one("Free space on the disk", "81.6 % of it is used"),
        ],
    }
}
