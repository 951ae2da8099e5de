//! What is known of memory, processor, disk and network.

use std::time::Duration;

use jiff::Timestamp;

use crate::settings::{AlertThresholds, Settings};

/// How short memory is, by the share of the limit that is used.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum PressureLevel {
    /// Below 50 %.
    #[default]
    Low,
    /// From 50 %.
    Medium,
    /// From 70 %.
    High,
    /// From 85 %.
    Critical,
}

/// Where the limit of memory comes from.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum LimitSource {
    /// Nobody knows.
    #[default]
    Unknown,
    /// A control group of version 1.
    GroupV1,
    /// A control group of version 2.
    GroupV2,
    /// No control group sets one: it is the memory of the machine, which whatever else runs there
    /// uses as well.
    Machine,
}

impl LimitSource {
    /// Whose limit it is, in words; empty if nobody knows.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Unknown => "",
            Self::GroupV1 => "control group v1",
            Self::GroupV2 => "control group v2",
            Self::Machine => "the whole machine",
        }
    }
}

/// Memory.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Memory {
    /// What counts against the limit, in bytes: usage without the inactive cache of files.
    pub used: u64,
    /// The smallest limit of this container, those around it, and the machine, in bytes.
    pub limit: u64,
    /// Above so many bytes the cache is cut.
    pub threshold: u64,
    /// Resident set of this process, in bytes.
    pub resident: u64,
    /// Where the limit comes from.
    pub source: LimitSource,
    /// Share of the last 10 s in which something waited for memory, in percent, if the kernel
    /// tells.
    pub stalled_percent: Option<f64>,
    /// The level.
    pub level: PressureLevel,
    /// Since when.
    pub level_since: Timestamp,
    /// Whether reclaimers run by themselves.
    pub optimizes: bool,
    /// The allocator's account; `None` where it gives none.
    pub allocator: Option<Allocator>,
    /// What parts of the bot hold, in bytes, the largest first.
    pub components: Vec<Component>,
    /// The last changes of level, newest first.
    pub changes: Vec<LevelChange>,
    /// What can give memory back.
    pub reclaimers: Vec<Reclaimer>,
    /// How often they were run.
    pub runs: u64,
    /// What the system got back over all runs, in bytes.
    pub given_back: u64,
}

impl Memory {
    /// Share of the limit that is used, in percent.
    #[must_use]
    pub fn percent(&self) -> f64 {
        percent(self.used, self.limit)
    }

    /// What is left to the limit, in bytes.
    #[must_use]
    pub const fn headroom(&self) -> u64 {
        self.limit.saturating_sub(self.used)
    }
}

/// The allocator's account, in bytes.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Allocator {
    /// Asked for and not returned.
    pub allocated: u64,
    /// In blocks that hold something.
    pub active: u64,
    /// In memory of the system.
    pub resident: u64,
    /// Kept from the system though free.
    pub retained: u64,
}

/// What one part of the bot holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Component {
    /// What it is called.
    pub name: &'static str,
    /// In bytes.
    pub bytes: u64,
}

/// A change of level.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct LevelChange {
    /// When.
    pub at: Timestamp,
    /// The level before.
    pub from: PressureLevel,
    /// The level since.
    pub to: PressureLevel,
}

/// Something that can give memory back.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Reclaimer {
    /// What it is called.
    pub name: &'static str,
    /// How often it was run.
    pub runs: u64,
    /// What it let go of in all, in bytes.
    pub freed: u64,
    /// What it holds that it could let go of, in bytes.
    pub holds: u64,
}

/// What one run of a reclaimer did.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Reclaimed {
    /// What it is called.
    pub name: &'static str,
    /// What it let go of, in bytes.
    pub freed: u64,
}

/// The processor.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Cpu {
    /// How much this process used of all that it may use, since the last sample, in percent.
    pub percent: f64,
    /// How many cores it may use.
    pub cores: f64,
}

/// The disk that holds the data.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Disk {
    /// Its size, without what only the system may use, in bytes.
    pub size: u64,
    /// What is free for this user, in bytes.
    pub free: u64,
    /// The database with its log, in bytes.
    pub database: u64,
    /// Log files, in bytes.
    pub logs: u64,
    /// Backups, in bytes.
    pub backups: u64,
    /// What database, logs and backups may take together, in bytes.
    pub budget: u64,
}

impl Disk {
    /// Share of the disk that is used, in percent.
    #[must_use]
    pub fn percent(&self) -> f64 {
        percent(self.size.saturating_sub(self.free), self.size)
    }

    /// What Muster takes, in bytes.
    #[must_use]
    pub const fn ours(&self) -> u64 {
        self.database.saturating_add(self.logs).saturating_add(self.backups)
    }
}

/// What went over the network.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Network {
    /// Received in all, in bytes: over all interfaces of this network namespace but the loopback,
    /// by all its programs, so that what goes over two of them counts twice. It only grows.
    pub received: u64,
    /// Sent in all, in bytes, likewise.
    pub sent: u64,
    /// Received each second since the last sample.
    pub received_each_second: f64,
    /// Sent each second since the last sample.
    pub sent_each_second: f64,
}

/// One sample.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Sample {
    /// When it was taken.
    pub at: Timestamp,
    /// Memory that counts against the limit, in bytes.
    pub memory_used: u64,
    /// The limit, in bytes.
    pub memory_limit: u64,
    /// Resident set of this process, in bytes.
    pub resident: u64,
    /// Processor, in percent of what this process may use.
    pub cpu_percent: f64,
    /// Free on the disk, in bytes.
    pub disk_free: u64,
    /// Size of the disk, in bytes.
    pub disk_size: u64,
    /// Received each second, in bytes.
    pub received_each_second: f64,
    /// Sent each second, in bytes.
    pub sent_each_second: f64,
    /// Taps and commands answered in the minute before.
    pub answers_each_minute: u64,
    /// Distinct members who did something in the minute before.
    pub members_each_minute: u64,
}

/// From where on the use of memory, processor and disk is more than it should be, as the operator
/// set it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Thresholds {
    /// Where pressure of memory becomes medium, high and critical, in percent of the limit.
    pub memory: [u8; 3],
    /// Of the processor.
    pub cpu: AlertThresholds,
    /// Of the disk.
    pub disk: AlertThresholds,
}

impl From<&Settings> for Thresholds {
    fn from(settings: &Settings) -> Self {
        let Settings { memory, resources, .. } = settings;
        Self { memory: memory.levels, cpu: resources.cpu, disk: resources.disk }
    }
}

impl Default for Thresholds {
    fn default() -> Self {
        Self::from(&Settings::default())
    }
}

/// What an alert is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Resource {
    /// Memory.
    Memory,
    /// Memory that grows steadily, long before a threshold.
    MemoryTrend,
    /// The processor.
    Cpu,
    /// The disk.
    Disk,
    /// Copies of the database, which cannot be made.
    Backups,
}

impl Resource {
    /// All that alerts are about.
    pub const ALL: [Self; 5] =
        [Self::Memory, Self::MemoryTrend, Self::Cpu, Self::Disk, Self::Backups];

    /// What it is called.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Memory => "memory",
            Self::MemoryTrend => "memory trend",
            Self::Cpu => "cpu",
            Self::Disk => "disk",
            Self::Backups => "backups",
        }
    }

    /// Whether samples tell of it, so that nobody knows of it where none are taken.
    #[must_use]
    pub const fn is_sampled(self) -> bool {
        match self {
            Self::Memory | Self::MemoryTrend | Self::Cpu | Self::Disk => true,
            Self::Backups => false,
        }
    }
}

/// How bad it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum AlertLevel {
    /// Worth knowing.
    Info,
    /// Worth a look.
    Warning,
    /// Worth doing something.
    Critical,
    /// Worth doing it now.
    Emergency,
}

impl AlertLevel {
    /// What it is called.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Info => "info",
            Self::Warning => "warning",
            Self::Critical => "critical",
            Self::Emergency => "emergency",
        }
    }
}

/// An alert that is on.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct ActiveAlert {
    /// What it is about.
    pub resource: Resource,
    /// How bad it is.
    pub level: AlertLevel,
    /// Since when at this level.
    pub since: Timestamp,
    /// The threshold that was crossed, in percent; of a trend, MiB an hour; of backups, hours.
    pub threshold: f64,
    /// What was measured last, in the same unit.
    pub value: f64,
}

/// What became of an alert.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Alert {
    /// When.
    pub at: Timestamp,
    /// What it is about.
    pub resource: Resource,
    /// The level since; `None` after a recovery.
    pub level: Option<AlertLevel>,
    /// What was measured, in percent; of a trend, MiB an hour; of backups, hours without one.
    pub value: f64,
    /// Where the level begins, in the same unit; of a recovery, below what the level before ended.
    pub threshold: f64,
    /// How long it had been on; zero for one that begins.
    pub lasted: Duration,
}

/// A share in percent; 0 of nothing.
#[must_use]
pub fn percent(part: u64, whole: u64) -> f64 {
    if whole == 0 {
        return 0.0;
    }
    // Far below 2^53 bytes of anything.
    #[expect(clippy::cast_precision_loss, reason = "a share needs no more than 52 bits")]
    let share = part as f64 / whole as f64;
    share * 100.0
}
