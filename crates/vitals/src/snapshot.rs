//! What is known of a running bot at one instant: plain values, from which the operator's commands,
//! the dashboard and the metrics are made. Whoever shows them measures nothing.

mod guarded;
mod rooms;
mod system;

use std::time::Duration;

use jiff::Timestamp;

pub use self::guarded::{
    Blocked, Limiter, Security, SecurityEvent, SecurityKind, SecurityRule, Subject,
};
pub use self::rooms::{
    Answers, Backups, CacheHour, CacheKind, CommandLatency, Database, Deliveries, DiscordLink,
    Latency, Queue, Shard, ShardState, SlowStatement, TaskKind, Tasks,
};
pub use self::system::{
    ActiveAlert, Alert, AlertLevel, Allocator, Component, Cpu, Disk, LevelChange, LimitSource,
    Memory, Network, PressureLevel, Reclaimed, Reclaimer, Resource, Sample, Thresholds, percent,
};

/// Everything known at one instant.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Snapshot {
    /// When it was taken.
    pub at: Timestamp,
    /// Muster's version.
    pub version: &'static str,
    /// How long the process has run.
    pub uptime: Duration,
    /// Whether the operator switched the monitor of resources off: processor, disk, network,
    /// history and alerts are not known then.
    pub unmonitored: bool,
    /// Memory, and what is done about it.
    pub memory: Memory,
    /// The processor.
    pub cpu: Cpu,
    /// The disk that holds the data.
    pub disk: Disk,
    /// What went over the network.
    pub network: Network,
    /// The last samples, oldest first.
    pub history: Vec<Sample>,
    /// From where on that is more than it should be.
    pub thresholds: Thresholds,
    /// Alerts that are on, the worst first.
    pub alerts: Vec<ActiveAlert>,
    /// What became of alerts lately, newest first.
    pub alert_log: Vec<Alert>,
    /// The cache, by kind of what it keeps.
    pub cache: Vec<CacheKind>,
    /// The database.
    pub database: Database,
    /// Background work.
    pub tasks: Tasks,
    /// What waits somewhere.
    pub queues: Vec<Queue>,
    /// What is sent of the bot's own accord.
    pub deliveries: Deliveries,
    /// How what members do is answered.
    pub answers: Answers,
    /// The connection to Discord.
    pub discord: DiscordLink,
    /// The limiter of what comes in.
    pub limiter: Limiter,
    /// What should not happen, and who is kept out.
    pub security: Security,
    /// Copies of the database.
    pub backups: Backups,
    /// What is in force: variable and value, in the order of the operator's guide. No secrets.
    pub settings: Vec<(&'static str, String)>,
    /// What the operator could do, the most useful first.
    pub recommendations: Vec<Recommendation>,
}

impl Snapshot {
    /// Whether all is well, in one word.
    #[must_use]
    pub fn verdict(&self) -> Verdict {
        let worst = self.alerts.iter().map(|alert| alert.level).max();
        match worst {
            Some(AlertLevel::Critical | AlertLevel::Emergency) => Verdict::Critical,
            _ if !self.discord.is_connected() || !self.database.writable => Verdict::Critical,
            Some(AlertLevel::Warning) => Verdict::Strained,
            _ if self.memory.level >= PressureLevel::High => Verdict::Strained,
            // Also where no alerts are raised: a copy is wanted when it is too late to make one.
            _ if self.backups.failing_since.is_some() => Verdict::Strained,
            Some(AlertLevel::Info) | None => Verdict::Healthy,
        }
    }
}

/// How the bot is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub enum Verdict {
    /// Nothing needs doing.
    #[default]
    Healthy,
    /// It works, and something needs a look.
    Strained,
    /// Something needs doing now.
    Critical,
}

/// What the operator could do, and why.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Recommendation {
    /// What was seen, with its number.
    pub because: String,
    /// What to do about it.
    pub advice: String,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_bot_that_cannot_be_copied_is_not_healthy() {
        let mut snapshot = Snapshot::default();
        snapshot.database.writable = true;
        snapshot.discord.shards.push(Shard { state: ShardState::Live, ..Shard::default() });
        assert_eq!(snapshot.verdict(), Verdict::Healthy);
        snapshot.backups.failing_since = Some(Timestamp::UNIX_EPOCH);
        assert_eq!(snapshot.verdict(), Verdict::Strained);
    }
}
