//! What a shard tells about itself while it runs, for health pages and metrics.

use std::sync::Arc;
use std::time::Duration;

use jiff::Timestamp;
use muster_vitals::Vitals;
use muster_vitals::snapshot::ShardState;

/// What one shard tells. Without a board nobody hears it.
#[derive(Debug, Default)]
pub struct ShardMeter {
    /// Who wants to know as well, and by which number.
    board: Option<(u32, Arc<Vitals>)>,
}

impl ShardMeter {
    /// A meter whose figures are kept among those of the whole bot as well.
    #[must_use]
    pub fn of_shard(number: u32, vitals: Arc<Vitals>) -> Self {
        vitals.meters.link.shard_is(number, ShardState::Down);
        Self { board: Some((number, vitals)) }
    }

    pub(super) fn set_live(&self, live: bool) {
        self.show(if live { ShardState::Live } else { ShardState::Down });
    }

    pub(super) fn set_latency(&self, latency: Duration) {
        if let Some((number, vitals)) = &self.board {
            vitals.meters.link.heartbeat(*number, latency);
        }
    }

    pub(super) fn dials(&self) {
        self.show(ShardState::Entering);
    }

    /// An event came, at an instant that is only asked for if somebody wants to know.
    pub(super) fn event_came(&self, at: impl FnOnce() -> Timestamp) {
        if let Some((number, vitals)) = &self.board
            && vitals.settings.measuring.is_on()
        {
            vitals.meters.link.event(*number, at());
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
        meter.dials();
        assert_eq!(seen().state, ShardState::Entering);
        meter.set_live(true);
        meter.set_latency(Duration::from_millis(41));
        meter.event_came(|| Timestamp::UNIX_EPOCH);
        assert_eq!(seen().state, ShardState::Live);
        assert_eq!(seen().latency, Some(Duration::from_millis(41)));
        assert_eq!(seen().last_event, Some(Timestamp::UNIX_EPOCH));
        meter.set_live(false);
        assert_eq!(seen().state, ShardState::Down);
    }
}
