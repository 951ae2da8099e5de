//! The budget of identifies: Discord resets the token of a bot that begins too many sessions.

use std::collections::{HashMap, VecDeque};
use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use jiff::{SignedDuration, Timestamp};
use muster_engine::ports::{Env, within};
use muster_store::port::Sessions;
use tokio::sync::OwnedMutexGuard;

use super::limits::{
    IDENTIFIES_ALARM, IDENTIFIES_PER_DAY, IDENTIFIES_RESERVED, IDENTIFY_SPACING, RECORD_LIMIT,
};

const DAY: SignedDuration = SignedDuration::from_hours(24);
/// How often a spent budget is looked at again, should the wall clock jump.
const LOOK_AGAIN: Duration = Duration::from_mins(10);

/// What `GET /gateway/bot` says about beginning sessions.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct StartLimit {
    /// Identifies left until the reset.
    pub remaining: u32,
    /// Until the reset.
    pub reset_after: Duration,
    /// Shards that may identify within the same 5 s.
    pub max_concurrency: u32,
}

/// The identifies of the last 24 hours, oldest first. Pure.
#[derive(Debug, Default)]
struct Ledger {
    times: VecDeque<Timestamp>,
}

impl Ledger {
    fn load(&mut self, now: Timestamp, mut times: Vec<Timestamp>) {
        // A clock that was set back leaves records from the future; they happened before now.
        for at in &mut times {
            *at = (*at).min(now);
        }
        times.sort_unstable();
        let excess = times.len().saturating_sub(IDENTIFIES_PER_DAY);
        self.times = times.into_iter().skip(excess).collect();
    }

    /// `Ok` with the number used, or when the next one is allowed.
    fn used(&mut self, now: Timestamp) -> Result<usize, Timestamp> {
        while self.times.front().is_some_and(|at| now.duration_since(*at) >= DAY) {
            self.times.pop_front();
        }
        match self.times.front() {
            Some(oldest) if self.times.len() >= IDENTIFIES_PER_DAY => {
                Err(oldest.saturating_add(DAY).unwrap_or(Timestamp::MAX))
            }
            Some(_) | None => Ok(self.times.len()),
        }
    }

    fn record(&mut self, now: Timestamp) -> usize {
        if self.times.len() >= IDENTIFIES_PER_DAY {
            self.times.pop_front();
        }
        self.times.push_back(now);
        self.times.len()
    }
}

/// Hands out turns to identify; one for all shards.
pub(super) struct IdentifyGate<E, S> {
    env: E,
    kept: Arc<S>,
    start: StartLimit,
    born: Duration,
    ledger: Mutex<Option<Ledger>>,
    /// On the monotonic clock: none before this, as the process before us may have identified.
    not_before: Mutex<Duration>,
    begun: Mutex<u32>,
    /// Turns that were given and neither spent nor dropped: they count as spent.
    given: Arc<AtomicU32>,
    /// Per Discord's identify bucket: when the next identify may be sent.
    lanes: Mutex<HashMap<u32, Arc<tokio::sync::Mutex<Duration>>>>,
}

/// The right to send one identify. Dropped unused, it costs nothing.
pub(super) struct Turn {
    lane: OwnedMutexGuard<Duration>,
    _share: Share,
}

/// One of the budget's identifies, kept for one turn.
struct Share(Arc<AtomicU32>);

impl Share {
    fn take(given: &Arc<AtomicU32>) -> Self {
        given.fetch_add(1, Ordering::Relaxed);
        Self(Arc::clone(given))
    }
}

impl Drop for Share {
    fn drop(&mut self) {
        self.0.fetch_sub(1, Ordering::Relaxed);
    }
}

impl<E: Env, S: Sessions> IdentifyGate<E, S> {
    pub(super) fn new(env: E, kept: Arc<S>, start: StartLimit) -> Self {
        let born = env.monotonic();
        Self {
            env,
            kept,
            start,
            born,
            ledger: Mutex::new(None),
            not_before: Mutex::new(Duration::ZERO),
            begun: Mutex::new(0),
            given: Arc::default(),
            lanes: Mutex::new(HashMap::new()),
        }
    }

    /// Waits until `shard` may identify, which may take up to a day; says so if it does.
    pub(super) async fn turn(&self, shard: u32) -> Turn {
        let lane = self.lane(shard).lock_owned().await;
        self.load_ledger().await;
        let spendable = self.share_of_budget(shard).await;
        let earliest = (*lane).max(*locked(&self.not_before));
        self.env.sleep(earliest.saturating_sub(self.env.monotonic())).await;
        Turn { lane, _share: spendable }
    }

    async fn share_of_budget(&self, shard: u32) -> Share {
        let mut said = false;
        loop {
            let wait = match self.try_share() {
                Ok(taken) => return taken,
                Err(wait) => wait,
            };
            if !said {
                let minutes = wait.as_secs() / 60;
                tracing::error!(shard, minutes, "identify budget is spent; waiting for it");
                said = true;
            }
            self.env.sleep(wait.min(LOOK_AGAIN)).await;
        }
    }

    /// Records the identify durably; to be called just before it is sent.
    pub(super) async fn spend(&self, mut turn: Turn) {
        let now = self.env.now();
        let used = locked(&self.ledger).get_or_insert_default().record(now);
        *locked(&self.begun) += 1;
        if used >= IDENTIFIES_ALARM {
            tracing::warn!(used, "many identifies within 24 hours; something keeps breaking");
        }
        match within(&self.env, RECORD_LIMIT, self.kept.record_identify(now)).await {
            Some(Ok(())) => {}
            Some(Err(error)) => tracing::warn!(%error, "identify could not be recorded"),
            None => tracing::warn!("recording the identify takes too long"),
        }
        *turn.lane = self.env.monotonic() + IDENTIFY_SPACING;
    }

    fn lane(&self, shard: u32) -> Arc<tokio::sync::Mutex<Duration>> {
        let key = shard % self.start.max_concurrency.max(1);
        Arc::clone(locked(&self.lanes).entry(key).or_default())
    }

    async fn load_ledger(&self) {
        if locked(&self.ledger).is_some() {
            return;
        }
        let now = self.env.now();
        let since = now.saturating_sub(DAY).unwrap_or(Timestamp::MIN);
        let times = match within(&self.env, RECORD_LIMIT, self.kept.identifies_since(since)).await {
            Some(Ok(times)) => times,
            Some(Err(error)) => {
                tracing::warn!(%error, "past identifies cannot be read; counting from none");
                Vec::new()
            }
            None => {
                tracing::warn!("reading past identifies takes too long; counting from none");
                Vec::new()
            }
        };
        let mut ledger = locked(&self.ledger);
        if ledger.is_none() {
            let last = times.iter().max().map(|last| now.duration_since(*last));
            let since = last.map(|since| Duration::try_from(since).unwrap_or_default());
            let wait = since.map_or(Duration::ZERO, |since| IDENTIFY_SPACING.saturating_sub(since));
            *locked(&self.not_before) = self.env.monotonic() + wait;
            ledger.insert(Ledger::default()).load(now, times);
        }
    }

    /// A share of the budget, or how long there will be none.
    fn try_share(&self) -> Result<Share, Duration> {
        let now = self.env.now();
        let mut ledger = locked(&self.ledger);
        let used = ledger.get_or_insert_default().used(now);
        let given = self.given.load(Ordering::Relaxed);
        let ours = match used {
            Err(until) => Some(Duration::try_from(now.duration_until(until)).unwrap_or_default()),
            // Those who have a turn spend it or drop it soon.
            Ok(used) => (used + given as usize >= IDENTIFIES_PER_DAY).then_some(IDENTIFY_SPACING),
        };
        let reset_in = (self.born + self.start.reset_after).saturating_sub(self.env.monotonic());
        let begun = locked(&self.begun).saturating_add(given);
        let left = self.start.remaining.saturating_sub(begun);
        let discords = (left <= IDENTIFIES_RESERVED && !reset_in.is_zero()).then_some(reset_in);
        // Taken under the ledger's lock, so that two shards do not take the last one both.
        ours.max(discords).map_or_else(|| Ok(Share::take(&self.given)), Err)
    }
}

fn locked<T>(mutex: &Mutex<T>) -> std::sync::MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

#[cfg(test)]
mod tests {
    use muster_engine::ports::Clock;

    use super::*;
    use crate::testing::{KeptInMemory, TestEnv};

    fn start(remaining: u32, max_concurrency: u32) -> StartLimit {
        StartLimit { remaining, reset_after: Duration::from_hours(24), max_concurrency }
    }

    async fn identify(gate: &IdentifyGate<TestEnv, KeptInMemory>, shard: u32) {
        let turn = gate.turn(shard).await;
        gate.spend(turn).await;
    }

    #[tokio::test(start_paused = true)]
    async fn a_day_of_restarts_stays_below_the_budget() {
        let (env, kept) = (TestEnv::new(), Arc::new(KeptInMemory::default()));
        let day = Duration::from_mins(24 * 60 - 1);
        while env.monotonic() < day {
            // Killed and started again every ten seconds.
            let gate = IdentifyGate::new(env.clone(), Arc::clone(&kept), start(1_000, 1));
            let left = day.saturating_sub(env.monotonic());
            within(&env, left, identify(&gate, 0)).await;
            env.sleep(Duration::from_secs(10)).await;
        }
        assert_eq!(locked(&kept.identifies).len(), IDENTIFIES_PER_DAY);
    }

    #[tokio::test(start_paused = true)]
    async fn shards_of_one_bucket_identify_five_seconds_apart() {
        let env = TestEnv::new();
        let gate = IdentifyGate::new(env.clone(), Arc::default(), start(1_000, 2));
        for shard in 0..4 {
            identify(&gate, shard).await;
        }
        assert_eq!(env.monotonic(), IDENTIFY_SPACING, "two buckets, two rounds");
    }

    #[tokio::test(start_paused = true)]
    async fn a_process_keeps_its_distance_from_the_one_before() {
        let (env, kept) = (TestEnv::new(), Arc::new(KeptInMemory::default()));
        let gate = IdentifyGate::new(env.clone(), Arc::clone(&kept), start(1_000, 1));
        identify(&gate, 0).await;
        env.sleep(Duration::from_secs(2)).await;
        let next = IdentifyGate::new(env.clone(), kept, start(1_000, 1));
        identify(&next, 0).await;
        assert_eq!(env.monotonic(), IDENTIFY_SPACING);
    }

    #[tokio::test(start_paused = true)]
    async fn what_discord_says_remains_is_respected() {
        let env = TestEnv::new();
        let gate = IdentifyGate::new(env.clone(), Arc::default(), start(11, 16));
        identify(&gate, 0).await;
        assert!(env.monotonic() < Duration::from_secs(1));
        identify(&gate, 1).await;
        assert_eq!(env.monotonic(), Duration::from_hours(24));
    }

    #[tokio::test(start_paused = true)]
    async fn records_from_the_future_do_not_lock_us_out() {
        let (env, kept) = (TestEnv::new(), Arc::new(KeptInMemory::default()));
        let next_year = env.now().saturating_add(SignedDuration::from_hours(9_000)).unwrap();
        locked(&kept.identifies).extend(std::iter::repeat_n(next_year, IDENTIFIES_PER_DAY));
        let gate = IdentifyGate::new(env.clone(), kept, start(1_000, 1));
        identify(&gate, 0).await;
        assert_eq!(env.monotonic(), Duration::from_hours(24));
    }

    #[tokio::test(start_paused = true)]
    async fn lanes_that_begin_together_keep_the_budget_together() {
        let (env, kept) = (TestEnv::new(), Arc::new(KeptInMemory::default()));
        locked(&kept.identifies).extend(std::iter::repeat_n(env.now(), IDENTIFIES_PER_DAY - 1));
        env.sleep(Duration::from_mins(1)).await;
        let gate = IdentifyGate::new(env.clone(), Arc::clone(&kept), start(1_000, 16));
        let last = gate.turn(0).await;
        let too_many = within(&env, Duration::from_mins(1), gate.turn(1)).await;
        assert!(too_many.is_none(), "the last one is taken, though not spent");
        drop(last);
        let another = within(&env, Duration::from_mins(1), gate.turn(1)).await;
        gate.spend(another.unwrap()).await;
        assert_eq!(locked(&kept.identifies).len(), IDENTIFIES_PER_DAY);
    }
}
