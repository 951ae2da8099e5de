//! What is known of the bot's own rooms: database, cache, tasks, answers, deliveries, Discord,
//! backups.

use std::time::Duration;

use jiff::Timestamp;

/// How long something took, over the last hour or since the start if that is less.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Latency {
    /// How often it was measured.
    pub count: u64,
    /// On average.
    pub mean: Duration,
    /// The median.
    pub p50: Duration,
    /// 95 of 100 took at most this.
    pub p95: Duration,
    /// 99 of 100 took at most this.
    pub p99: Duration,
    /// The longest.
    pub max: Duration,
}

/// The cache of one kind of value; since the start, unless it says otherwise.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct CacheKind {
    /// What is kept.
    pub name: &'static str,
    /// How many.
    pub entries: u64,
    /// How much memory they take, in bytes.
    pub bytes: u64,
    /// Found.
    pub hits: u64,
    /// Not found.
    pub misses: u64,
    /// Let go of to make room for others.
    pub evicted: u64,
    /// Let go of to give memory back: as it was short, or as an operator wanted it.
    pub reclaimed: u64,
    /// Let go of because their time was over.
    pub expired: u64,
    /// What of these came lately, by which the cache is judged.
    pub last_hour: CacheHour,
    /// How long an entry lives at the present pressure; `None` for as long as it is true.
    pub lives: Option<Duration>,
}

/// What became of a cache over the last hour, or since the start if that is less.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct CacheHour {
    /// Found.
    pub hits: u64,
    /// Not found.
    pub misses: u64,
    /// Let go of to make room for others.
    pub evicted: u64,
    /// Let go of to give memory back.
    pub reclaimed: u64,
}

impl CacheHour {
    /// How often somebody looked.
    #[must_use]
    pub const fn looks(&self) -> u64 {
        self.hits.saturating_add(self.misses)
    }

    /// Share of looks that found something, in percent; `None` before the first.
    #[must_use]
    pub fn hit_rate(&self) -> Option<f64> {
        (self.looks() > 0).then(|| super::system::percent(self.hits, self.looks()))
    }

    /// The looks into several kinds of cache.
    #[must_use]
    pub fn of_all(kinds: &[CacheKind]) -> Self {
        kinds.iter().fold(Self::default(), |sum, kind| Self {
            hits: sum.hits.saturating_add(kind.last_hour.hits),
            misses: sum.misses.saturating_add(kind.last_hour.misses),
            evicted: sum.evicted.saturating_add(kind.last_hour.evicted),
            reclaimed: sum.reclaimed.saturating_add(kind.last_hour.reclaimed),
        })
    }
}

/// The database.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Database {
    /// Whether it takes writes: no sync failed, nor did the last group of writes, for want of space
    /// or because another program has locked it.
    pub writable: bool,
    /// Connections that are open now.
    pub connections: u64,
    /// And at most.
    pub connections_max: u64,
    /// How long statements took.
    pub statements: Latency,
    /// Transactions committed since the start.
    pub commits: u64,
    /// Writes in them; more than commits where groups formed.
    pub writes: u64,
    /// Times that a row was set aside because it could not be read, since the start.
    pub unreadable: u64,
    /// How long commits took, the sync included.
    pub commit: Latency,
    /// The slowest statements lately, the slowest first.
    pub slow: Vec<SlowStatement>,
    /// Results found that no write had touched.
    pub result_hits: u64,
    /// Results that had to be read.
    pub result_misses: u64,
    /// Size of the database's file, in bytes.
    pub size: u64,
    /// Size of its log, in bytes.
    pub log_size: u64,
    /// The number of the newest migration in it.
    pub schema: u32,
}

/// A statement that took long.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SlowStatement {
    /// Its text, without values.
    pub sql: String,
    /// How long the longest run took.
    pub took: Duration,
    /// How often it was slow.
    pub times: u64,
    /// How the database goes about it.
    pub plan: String,
}

/// Background work.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Tasks {
    /// Running now.
    pub running: u64,
    /// At most at the same time.
    pub concurrent_max: u64,
    /// Waiting for a place.
    pub waiting: u64,
    /// Waiting because memory or processor is short.
    pub deferred: u64,
    /// What was done, by kind.
    pub kinds: Vec<TaskKind>,
}

/// One kind of background work; since the start, unless it says otherwise.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct TaskKind {
    /// What it is called.
    pub name: &'static str,
    /// Its priority: "critical", "high", "normal", "low" or "background".
    pub priority: &'static str,
    /// Done.
    pub succeeded: u64,
    /// Given up after all tries.
    pub failed: u64,
    /// Ended because it took too long.
    pub timed_out: u64,
    /// Ended because the program ends.
    pub cancelled: u64,
    /// Tries after the first.
    pub retried: u64,
    /// How long it took, which counts those that ended over the last hour; those that the program's
    /// end cut are not among them.
    pub took: Latency,
    /// Of these, given up after all tries.
    pub failed_last_hour: u64,
    /// Of these, ended because they took too long.
    pub timed_out_last_hour: u64,
}

impl TaskKind {
    /// How many did not do what they should over the last hour.
    #[must_use]
    pub const fn lost_last_hour(&self) -> u64 {
        self.failed_last_hour.saturating_add(self.timed_out_last_hour)
    }

    /// Share of those that ended over the last hour and did what they should, in percent; `None` if
    /// none ended.
    #[must_use]
    pub fn success_rate(&self) -> Option<f64> {
        let ended = self.took.count;
        let done = ended.saturating_sub(self.lost_last_hour());
        (ended > 0).then(|| super::system::percent(done, ended))
    }
}

/// What waits somewhere.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Queue {
    /// What it is called.
    pub name: &'static str,
    /// How much waits.
    pub depth: u64,
    /// How much can wait.
    pub depth_max: u64,
}

impl Queue {
    /// How full it is, in percent.
    #[must_use]
    pub fn percent(&self) -> f64 {
        super::system::percent(self.depth, self.depth_max)
    }
}

/// What is sent of the bot's own accord.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Deliveries {
    /// Due and not yet sent.
    pub due: u64,
    /// When the next one is due.
    pub next_due: Option<Timestamp>,
    /// Sent since the start.
    pub sent: u64,
    /// Refused for good or unclear, since the start.
    pub failed: u64,
    /// Left out because it was too late or no longer wanted, since the start.
    pub skipped: u64,
    /// How long after its instant a reminder was accepted by Discord.
    pub reminder_lag: Latency,
    /// Channels that take no messages at present, or lack something.
    pub broken_targets: u64,
}

/// How what members do is answered.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Answers {
    /// From a tap's arrival to its answer taken by Discord.
    pub taps: Latency,
    /// The same of commands, forms and panels, by name, the most used first.
    pub commands: Vec<CommandLatency>,
    /// Taps and commands in the last minute.
    pub each_minute: u64,
    /// Distinct members in the last minute.
    pub members_each_minute: u64,
    /// Answers that failed in the last minute.
    pub errors_each_minute: u64,
    /// Answers that failed in the last hour.
    pub errors_last_hour: u64,
    /// Answers that failed since the start.
    pub errors: u64,
    /// Answers that Discord no longer waited for, since the start.
    pub too_late: u64,
}

/// One command's latency.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct CommandLatency {
    /// Its name, as in "event create".
    pub name: String,
    /// How long it took.
    pub latency: Latency,
    /// How many failed.
    pub failed: u64,
}

/// The connection to Discord.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct DiscordLink {
    /// Guilds that the bot is in.
    pub guilds: u64,
    /// The shards, by number.
    pub shards: Vec<Shard>,
    /// How long REST requests took.
    pub rest: Latency,
    /// How long requests waited for Discord's limits.
    pub waited: Latency,
    /// Answers with status 429 since the start.
    pub rate_limited: u64,
    /// Requests that Discord counts as invalid, in the last ten minutes.
    pub invalid_lately: u64,
}

impl DiscordLink {
    /// Whether every shard is connected; not before there is one.
    #[must_use]
    pub fn is_connected(&self) -> bool {
        !self.shards.is_empty() && self.shards.iter().all(|one| one.state == ShardState::Live)
    }
}

/// One shard.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Shard {
    /// Its number.
    pub number: u32,
    /// How it is.
    pub state: ShardState,
    /// Between the last heartbeat and its acknowledgement.
    pub latency: Option<Duration>,
    /// When the last event came.
    pub last_event: Option<Timestamp>,
}

/// How a shard is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum ShardState {
    /// Not connected.
    #[default]
    Down,
    /// Connected and not yet ready.
    Entering,
    /// Ready.
    Live,
}

/// Copies of the database.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Backups {
    /// When the last good one was made.
    pub last: Option<Timestamp>,
    /// When the last try failed, if nothing went well since.
    pub failing_since: Option<Timestamp>,
    /// How many are kept.
    pub kept: u64,
    /// What they take, in bytes.
    pub bytes: u64,
    /// What they take together with those that upgrades and restores made, in bytes.
    pub bytes_with_others: u64,
    /// How often one is made; `None` if none is.
    pub every: Option<Duration>,
    /// When the next one is due.
    pub next: Option<Timestamp>,
}
