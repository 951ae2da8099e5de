//! What a shard tells about itself while it runs, for health pages and metrics.

use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::time::Duration;

/// Live figures of one shard. Read at any time, from anywhere.
#[derive(Debug, Default)]
pub struct ShardMeter {
    live: AtomicBool,
    latency_us: AtomicU64,
    dials: AtomicU64,
    identifies: AtomicU64,
    resumes: AtomicU64,
    events: AtomicU64,
}

impl ShardMeter {
    /// Whether the shard is past READY or RESUMED and connected.
    #[must_use]
    pub fn is_live(&self) -> bool {
        self.live.load(Ordering::Relaxed)
    }

    /// Round trip of the last heartbeat; zero until the first answer.
    #[must_use]
    pub fn latency(&self) -> Duration {
        Duration::from_micros(self.latency_us.load(Ordering::Relaxed))
    }

    /// Connections tried since the start.
    #[must_use]
    pub fn dials(&self) -> u64 {
        self.dials.load(Ordering::Relaxed)
    }

    /// Identifies sent since the start.
    #[must_use]
    pub fn identifies(&self) -> u64 {
        self.identifies.load(Ordering::Relaxed)
    }

    /// Resumes that Discord accepted since the start.
    #[must_use]
    pub fn resumes(&self) -> u64 {
        self.resumes.load(Ordering::Relaxed)
    }

    /// Events handed on since the start.
    #[must_use]
    pub fn events(&self) -> u64 {
        self.events.load(Ordering::Relaxed)
    }

    pub(super) fn set_live(&self, live: bool) {
        self.live.store(live, Ordering::Relaxed);
    }

    pub(super) fn set_latency(&self, latency: Duration) {
        let micros = u64::try_from(latency.as_micros()).unwrap_or(u64::MAX);
        self.latency_us.store(micros, Ordering::Relaxed);
    }

    pub(super) fn count_dial(&self) {
        self.dials.fetch_add(1, Ordering::Relaxed);
    }

    pub(super) fn count_identify(&self) {
        self.identifies.fetch_add(1, Ordering::Relaxed);
    }

    pub(super) fn count_resume(&self) {
        self.resumes.fetch_add(1, Ordering::Relaxed);
    }

    pub(super) fn count_event(&self) {
        self.events.fetch_add(1, Ordering::Relaxed);
    }
}
