//! One gate for all dials, so that no fault of Discord's or ours can become a flood of
//! connections.

use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use muster_engine::ports::{Env, Rng};
use muster_vitals::backoff::share_of;

use super::limits::{DIAL_BURST, DIAL_INTERVAL_MAX, DIAL_INTERVAL_MIN};

/// A bucket of permits: a few at once, then one per interval, which grows while dials keep
/// coming and shrinks again only when a connection has lasted.
#[derive(Debug)]
struct Pace {
    burst: u32,
    permits: u32,
    /// Dials since a connection has lasted.
    streak: u32,
    /// When the permit before the next one was made.
    since: Duration,
    interval: Duration,
    /// The interval with its jitter.
    wait: Duration,
}

impl Pace {
    fn new(now: Duration, burst: u32) -> Self {
        let interval = DIAL_INTERVAL_MIN;
        Self { burst, permits: burst, streak: 0, since: now, interval, wait: interval }
    }

    /// Takes a permit, or tells how long to wait before asking again.
    fn take<R: Rng>(&mut self, now: Duration, rng: &R) -> Result<(), Duration> {
        self.refill(now);
        if self.permits == 0 {
            return Err((self.since + self.wait).saturating_sub(now));
        }
        self.permits -= 1;
        self.streak = self.streak.saturating_add(1);
        if self.streak >= self.burst {
            self.slow_down(rng);
        }
        Ok(())
    }

    fn refill(&mut self, now: Duration) {
        while self.permits < self.burst && now >= self.since + self.wait {
            self.permits += 1;
            self.since += self.wait;
        }
        if self.permits == self.burst {
            self.since = now;
        }
    }

    fn slow_down<R: Rng>(&mut self, rng: &R) {
        self.interval = (self.interval * 3 / 2).min(DIAL_INTERVAL_MAX);
        let half = self.interval / 2;
        self.wait = (half + share_of(half, rng.next_u64())).max(DIAL_INTERVAL_MIN);
    }

    fn recover(&mut self) {
        self.streak = 0;
        self.interval = DIAL_INTERVAL_MIN;
        self.wait = DIAL_INTERVAL_MIN;
    }
}

/// The gate that every dial of every shard passes, in the order of asking.
pub(super) struct DialGate<E> {
    env: E,
    pace: Mutex<Pace>,
    queue: tokio::sync::Mutex<()>,
}

impl<E: Env> DialGate<E> {
    /// Each of `shards` may connect once at the start; what repeats is paced.
    pub(super) fn new(env: E, shards: u32) -> Self {
        let burst = DIAL_BURST.saturating_add(shards.saturating_sub(1));
        let pace = Mutex::new(Pace::new(env.monotonic(), burst));
        Self { env, pace, queue: tokio::sync::Mutex::new(()) }
    }

    /// Waits for the turn to dial.
    pub(super) async fn pass(&self) {
        let _turn = self.queue.lock().await;
        while let Err(wait) = self.try_take() {
            self.env.sleep(wait).await;
        }
    }

    /// A connection has lasted: the next trouble is a new one.
    pub(super) fn recover(&self) {
        self.pace.lock().unwrap_or_else(PoisonError::into_inner).recover();
    }

    fn try_take(&self) -> Result<(), Duration> {
        let mut pace = self.pace.lock().unwrap_or_else(PoisonError::into_inner);
        pace.take(self.env.monotonic(), &self.env)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::TestEnv;

    async fn dials_within(gate: &DialGate<TestEnv>, env: &TestEnv, span: Duration) -> usize {
        use muster_engine::ports::{Clock, within};
        let mut dials = 0;
        let end = env.monotonic() + span;
        while env.monotonic() < end {
            let left = end.saturating_sub(env.monotonic());
            if within(env, left, gate.pass()).await.is_some() {
                dials += 1;
            }
        }
        dials
    }

    #[tokio::test(start_paused = true)]
    async fn a_broken_world_gets_five_dials_and_then_ever_fewer() {
        let env = TestEnv::new();
        let gate = DialGate::new(env.clone(), 1);
        assert_eq!(dials_within(&gate, &env, Duration::from_secs(4)).await, 5);
        let next_minute = dials_within(&gate, &env, Duration::from_mins(1)).await;
        assert!((2..=8).contains(&next_minute), "{next_minute}");
        let first_hour =
            5 + next_minute + dials_within(&gate, &env, Duration::from_secs(3_536)).await;
        assert!(first_hour <= 120, "{first_hour}");
        let later_hour = dials_within(&gate, &env, Duration::from_hours(1)).await;
        assert!((60..=120).contains(&later_hour), "{later_hour}");
    }

    #[tokio::test(start_paused = true)]
    async fn after_a_lasting_connection_a_dial_is_quick_again() {
        use muster_engine::ports::Clock;
        let env = TestEnv::new();
        let gate = DialGate::new(env.clone(), 1);
        dials_within(&gate, &env, Duration::from_mins(10)).await;
        gate.recover();
        env.sleep(Duration::from_mins(1)).await;
        let before = env.monotonic();
        for _ in 0..3 {
            gate.pass().await;
        }
        assert_eq!(env.monotonic(), before);
    }

    #[tokio::test(start_paused = true)]
    async fn every_shard_connects_once_without_waiting() {
        let env = TestEnv::new();
        let gate = DialGate::new(env.clone(), 16);
        assert_eq!(dials_within(&gate, &env, Duration::from_secs(1)).await, 20);
    }
}
