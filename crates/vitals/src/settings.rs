//! Every number that the operator may change, with what it is unless they do.

mod variables;
mod words;

use std::time::Duration;

pub use self::variables::{VARIABLES, Variable, Wrong};
pub use self::words::{SWITCH, of_span, switch};

/// Mebibytes in bytes.
pub const MIB: u64 = 1 << 20;

/// What the operator decided about cache, database, memory, resources, tasks and limits.
#[derive(Clone, Debug, PartialEq)]
pub struct Settings {
    /// The cache of what is on the hot path.
    pub cache: CacheSettings,
    /// The database's connections and what they keep.
    pub database: DatabaseSettings,
    /// The memory optimizer.
    pub memory: MemorySettings,
    /// The monitor of memory, processor and disk.
    pub resources: ResourceSettings,
    /// Background work.
    pub tasks: TaskSettings,
    /// Rates of what comes in.
    pub limiter: LimiterSettings,
    /// What is told.
    pub logs: LogSettings,
    /// What database, logs and backups together may take of the disk, in bytes
    /// (`DISK_BUDGET_MB`); `None` for 80 % of 1.25 GiB, or of the disk if that is smaller.
    pub disk_budget: Option<u64>,
    /// Whether it is measured what happens.
    pub measuring: Measuring,
}

/// Whether it is measured what happens: answers, requests, events from Discord, statements, tasks.
/// There is no variable for it: nobody runs a bot without, but to measure what it costs.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Measuring {
    /// All of it.
    #[default]
    On,
    /// Nothing.
    Off,
}

impl Measuring {
    /// Whether anything is.
    #[must_use]
    pub const fn is_on(self) -> bool {
        matches!(self, Self::On)
    }
}

/// The cache.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct CacheSettings {
    /// Entries at most (`CACHE_MAX_SIZE`, 0 to 1,000,000); 0 keeps nothing.
    pub entries_max: usize,
    /// Time between two clean-ups (`CACHE_CLEANUP_INTERVAL`).
    pub cleanup_every: Duration,
    /// How much is evicted at once above the memory threshold, in percent
    /// (`CACHE_EVICT_PERCENT`, 1 to 100).
    pub evict_percent: u8,
}

/// The database.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct DatabaseSettings {
    /// Connections at most: one that writes, the others read; with 1, reads share it
    /// (`DB_MAX_CONNECTIONS`, 1 to 16).
    pub connections_max: usize,
    /// After how long without use a reading connection is closed (`DB_IDLE_TIMEOUT`).
    pub idle_close: Duration,
    /// Statements that a connection keeps prepared (`DB_STATEMENT_CACHE`, 0 to 10,000).
    pub statements_max: usize,
    /// How long results are kept that no write touches (`DB_RESULT_TTL`; 0 keeps none).
    pub results_kept: Duration,
}

/// The memory optimizer.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct MemorySettings {
    /// Whether reclaimers run by themselves (`ENABLE_MEMORY_OPTIMIZATION`).
    pub enabled: bool,
    /// What the container may use before the cache is cut, in bytes (`MEMORY_THRESHOLD_MB`);
    /// 64 % of the limit if that is less.
    pub threshold: u64,
    /// Where Medium, High and Critical begin, in percent of the limit (`MEMORY_LEVELS`,
    /// ascending).
    pub levels: [u8; 3],
}

/// The monitor.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct ResourceSettings {
    /// Whether samples are taken at all (`ENABLE_RESOURCE_MONITORING`).
    pub enabled: bool,
    /// Time between two samples without pressure (`RESOURCE_SAMPLE_INTERVAL`).
    pub sample_every: Duration,
    /// Samples kept in memory (`RESOURCE_HISTORY`, 10 to 10,000).
    pub history_max: usize,
    /// Thresholds of memory, in percent of the limit (`ALERT_MEMORY`).
    pub memory: AlertThresholds,
    /// Thresholds of the processor, in percent of all that this process may use (`ALERT_CPU`).
    pub cpu: AlertThresholds,
    /// Thresholds of the disk that holds the data, in percent of its size (`ALERT_DISK`).
    pub disk: AlertThresholds,
}

/// Where the levels of an alert begin, ascending, in percent from 1 to 100.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct AlertThresholds {
    /// Worth knowing; a resource may have no such level.
    pub info: Option<u8>,
    /// Worth a look.
    pub warning: u8,
    /// Worth doing something.
    pub critical: u8,
    /// Worth doing it now.
    pub emergency: u8,
}

/// Background work.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TaskSettings {
    /// Tasks at the same time; one place is kept for critical ones (`TASK_MAX_CONCURRENT`,
    /// 1 to 64).
    pub concurrent_max: usize,
    /// After how long a task is ended; work that must not be cut is divided into shorter pieces
    /// (`TASK_TIMEOUT`).
    pub timeout: Duration,
    /// Above so many bytes in use low work waits (`TASK_MEMORY_LIMIT_MB`).
    pub memory_limit: u64,
    /// Above so many percent of the processor low work waits (`TASK_CPU_LIMIT`, 1 to 100).
    pub cpu_limit: u8,
}

/// Rates of what comes in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct LimiterSettings {
    /// Entries of the table at most (`RATE_LIMIT_MAX_ENTRIES`, 100 to 1,000,000); when it is full,
    /// and at each clean-up, the idlest above 80 % of it are dropped.
    pub entries_max: usize,
    /// Time between two clean-ups (`RATE_LIMIT_CLEANUP_INTERVAL`).
    pub cleanup_every: Duration,
    /// After how long without use an entry is dropped (`RATE_LIMIT_IDLE`).
    pub idle: Duration,
}

/// What is told, and how much of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct LogSettings {
    /// How large the log's file may become, in bytes (`LOG_FILE_MAX_MB`).
    pub file_max: u64,
    /// Lines of one kind in ten seconds (`LOG_RATE`, 1 to 10,000).
    pub rate: usize,
}

impl Default for Settings {
    /// The numbers of the performance guide, for 1.25 GiB of memory and disk.
    fn default() -> Self {
        Self {
            cache: CacheSettings {
                entries_max: 500,
                cleanup_every: Duration::from_mins(15),
                evict_percent: 30,
            },
            database: DatabaseSettings {
                connections_max: 3,
                idle_close: Duration::from_mins(10),
                statements_max: 200,
                results_kept: Duration::from_mins(30),
            },
            memory: MemorySettings { enabled: true, threshold: 800 * MIB, levels: [50, 70, 85] },
            resources: ResourceSettings {
                enabled: true,
                sample_every: Duration::from_secs(15),
                history_max: 100,
                memory: AlertThresholds {
                    info: Some(50),
                    warning: 70,
                    critical: 85,
                    emergency: 95,
                },
                cpu: AlertThresholds { info: None, warning: 80, critical: 90, emergency: 95 },
                disk: AlertThresholds { info: None, warning: 80, critical: 90, emergency: 95 },
            },
            tasks: TaskSettings {
                concurrent_max: 3,
                timeout: Duration::from_mins(3),
                memory_limit: 800 * MIB,
                cpu_limit: 70,
            },
            limiter: LimiterSettings {
                entries_max: 1_000,
                cleanup_every: Duration::from_mins(3),
                idle: Duration::from_hours(6),
            },
            logs: LogSettings { file_max: 16 * MIB, rate: 100 },
            disk_budget: None,
            measuring: Measuring::On,
        }
    }
}
