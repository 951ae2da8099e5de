//! What a shard tells about itself while it runs, for health pages and metrics.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::time::Duration;

use jiff::Timestamp;
use muster_vitals::Vitals;
use muster_vitals::snapshot::ShardState;

/// Live figures of one shard. Read at any time, from anywhere.
#[derive(Debug, Default)]
pub struct ShardMeter {
    /// Who wants to know as well, and by which number.
    board: Option<(u32, Arc<Vitals>)>,
    live: AtomicBool,
    latency_us: AtomicU64,
    dials: AtomicU64,
    identifies: AtomicU64,
    resumes: AtomicU64,
    events: AtomicU64,
}

impl ShardMeter {
    /// A meter whose figures are kept among those of the whole bot as well.
    #[must_use]
    pub fn of_shard(number: u32, vitals: Arc<Vitals>) -> Self {
        vitals.meters.link.shard_is(number, ShardState::Down);
        Self { board: Some((number, vitals)), ..Self::default() }
    }

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
        self.show(if live { ShardState::Live } else { ShardState::Down });
    }

    pub(super) fn set_latency(&self, latency: Duration) {
        let micros = u64::try_from(latency.as_micros()).unwrap_or(u64::MAX);
        self.latency_us.store(micros, Ordering::Relaxed);
        if let Some((number, vitals)) = &self.board {
            vitals.meters.link.heartbeat(*number, latency);
        }
    }

    pub(super) fn count_dial(&self) {
        self.dials.fetch_add(1, Ordering::Relaxed);
        self.show(ShardState::Entering);
    }

    pub(super) fn count_identify(&self) {
        self.identifies.fetch_add(1, Ordering::Relaxed);
    }

    pub(super) fn count_resume(&self) {
        self.resumes.fetch_add(1, Ordering::Relaxed);
    }

    pub(super) fn count_event(&self, at: Timestamp) {
        self.events.fetch_add(1, Ordering::Relaxed);
        if let Some((number, vitals)) = &self.board {
            vitals.meters.link.event(*number, at);
        }
    }

    fn show(&self, state: ShardState) {
        if let Some((number, vitals)) = &self.board {
            vitals.meters.link.shard_is(*number, state);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_shard_tells_is_seen_among_the_figures_of_the_bot() {
        let vitals = Arc::new(Vitals::default());
        let meter = ShardMeter::of_shard(3, Arc::clone(&vitals));
        let seen = || vitals.meters.link.snapshot(Duration::ZERO).shards[0];
        assert_eq!((seen().number, seen().state), (3, ShardState::Down));
        meter.count_dial();
        assert_eq!(seen().state, ShardState::Entering);
        meter.set_live(true);
        meter.set_latency(Duration::from_millis(41));
        meter.count_event(Timestamp::UNIX_EPOCH);
        assert_eq!(seen().state, ShardState::Live);
        assert_eq!(seen().latency, Some(Duration::from_millis(41)));
        assert_eq!(seen().last_event, Some(Timestamp::UNIX_EPOCH));
        meter.set_live(false);
        assert_eq!(seen().state, ShardState::Down);
    }
}
