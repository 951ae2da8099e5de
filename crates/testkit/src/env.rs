//! Time, randomness and tasks of one life of the bot, all of them virtual.
//!
//! A life ends as a killed process does: nothing of it runs on, not even to the next line.

use std::collections::BTreeMap;
use std::panic::AssertUnwindSafe;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use futures_util::FutureExt as _;
use jiff::{SignedDuration, Timestamp};
use muster_engine::ports::{Clock, Rng, Tasks};
use tokio::sync::watch;
use tokio::task::AbortHandle;
use tokio::time::Instant;

use crate::random::Random;

/// The wall clock of the machine that the bot runs on. It can be set while the bot runs.
pub struct WallClock {
    base: Timestamp,
    born: Instant,
    offset: watch::Sender<SignedDuration>,
    asleep: watch::Sender<bool>,
    slept: Mutex<Duration>,
}

impl WallClock {
    /// A clock that shows `base` now and goes on with the runtime's timer.
    #[must_use]
    #[expect(clippy::disallowed_methods, reason = "the runtime's own virtual time")]
    pub fn new(base: Timestamp) -> Self {
        let (offset, asleep) =
            (watch::Sender::new(SignedDuration::ZERO), watch::Sender::new(false));
        Self { base, born: Instant::now(), offset, asleep, slept: Mutex::default() }
    }

    /// What it shows.
    #[must_use]
    pub fn now(&self) -> Timestamp {
        let offset = *self.offset.borrow();
        let shown = self.base.checked_add(self.born.elapsed());
        shown.and_then(|shown| shown.checked_add(offset)).unwrap_or(Timestamp::MAX)
    }

    /// Sets it so far ahead of the true time; behind, if negative.
    pub fn set(&self, offset: SignedDuration) {
        self.offset.send_replace(offset);
    }

    /// The machine sleeps for so long: nothing of the bot runs, its timers stand still, and the
    /// wall clock has gone on when it wakes.
    pub async fn sleep(&self, long: Duration) {
        self.asleep.send_replace(true);
        pause(long).await;
        *self.slept.lock().unwrap_or_else(PoisonError::into_inner) += long;
        self.asleep.send_replace(false);
    }

    /// Waits until the machine is awake.
    pub(crate) async fn is_awake(&self) {
        self.until(false).await;
    }

    /// Waits until it sleeps, or not.
    async fn until(&self, is_asleep: bool) {
        let mut asleep = self.asleep.subscribe();
        // Whoever asks keeps the clock, and so the other end.
        asleep.wait_for(|asleep| *asleep == is_asleep).await.ok();
    }

    fn slept(&self) -> Duration {
        *self.slept.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// What a life needs to be ended at once, and to know that it was.
#[derive(Default)]
pub struct Lot {
    state: Mutex<LotState>,
    panics: Mutex<Vec<&'static str>>,
}

#[derive(Default)]
struct LotState {
    is_over: bool,
    next: u64,
    running: BTreeMap<u64, AbortHandle>,
}

impl Lot {
    /// Ends every task where it stands. The caller, if it is one of them, runs on until it waits.
    pub fn end(&self) {
        let mut state = self.lock();
        state.is_over = true;
        for task in state.running.values() {
            task.abort();
        }
    }

    /// Whether it was ended.
    #[must_use]
    pub fn is_over(&self) -> bool {
        self.lock().is_over
    }

    /// Tasks that are not gone yet.
    #[must_use]
    pub fn running(&self) -> usize {
        self.lock().running.len()
    }

    /// The names of the tasks that panicked, which none ever should.
    #[must_use]
    pub fn panics(&self) -> Vec<&'static str> {
        self.panics.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    fn lock(&self) -> MutexGuard<'_, LotState> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Leaves the list of running tasks when its task ends, in whatever way.
struct Place {
    lot: Arc<Lot>,
    number: u64,
}

impl Drop for Place {
    fn drop(&mut self) {
        self.lot.lock().running.remove(&self.number);
    }
}

/// The ports of one life. Cheap to clone; clones are the same life.
#[derive(Clone)]
pub struct VirtualEnv {
    wall: Arc<WallClock>,
    born: Instant,
    /// How long the machine had slept by then.
    slept_before: Duration,
    random: Arc<Mutex<Random>>,
    lot: Arc<Lot>,
}

impl VirtualEnv {
    /// A new life at this clock, with this randomness.
    #[must_use]
    #[expect(clippy::disallowed_methods, reason = "this fills the port")]
    pub fn new(wall: Arc<WallClock>, random: Random) -> Self {
        let random = Arc::new(Mutex::new(random));
        let slept_before = wall.slept();
        Self { wall, born: Instant::now(), slept_before, random, lot: Arc::default() }
    }

    /// The tasks of this life.
    #[must_use]
    pub fn lot(&self) -> &Arc<Lot> {
        &self.lot
    }
}

impl Clock for VirtualEnv {
    fn now(&self) -> Timestamp {
        self.wall.now()
    }

    fn monotonic(&self) -> Duration {
        self.born.elapsed().saturating_sub(self.wall.slept().saturating_sub(self.slept_before))
    }

    async fn sleep(&self, duration: Duration) {
        let until = self.monotonic().saturating_add(duration);
        let mut left = duration;
        loop {
            tokio::select! {
                biased;
                () = self.wall.until(true) => self.wall.is_awake().await,
                () = pause(left) => return,
            }
            left = until.saturating_sub(self.monotonic());
        }
    }

    async fn sleep_until(&self, instant: Timestamp) {
        let mut set = self.wall.offset.subscribe();
        loop {
            let left = instant.duration_since(self.now());
            if !left.is_positive() {
                return self.wall.is_awake().await;
            }
            tokio::select! {
                biased;
                _ = set.changed() => {}
                () = pause(left.unsigned_abs()) => {}
            }
        }
    }
}

impl Rng for VirtualEnv {
    fn next_u64(&self) -> u64 {
        self.random.lock().unwrap_or_else(PoisonError::into_inner).bits()
    }
}

impl Tasks for VirtualEnv {
    #[expect(clippy::disallowed_methods, reason = "this fills the port")]
    fn spawn(&self, name: &'static str, work: impl Future<Output = ()> + Send + 'static) {
        let mut state = self.lot.lock();
        if state.is_over {
            return;
        }
        let number = state.next;
        state.next += 1;
        let (place, lot) = (Place { lot: Arc::clone(&self.lot), number }, Arc::clone(&self.lot));
        let task = tokio::spawn(async move {
            let _place = place;
            if AssertUnwindSafe(work).catch_unwind().await.is_err() {
                lot.panics.lock().unwrap_or_else(PoisonError::into_inner).push(name);
            }
        });
        state.running.insert(number, task.abort_handle());
    }
}

#[expect(clippy::disallowed_methods, reason = "the runtime's own virtual time")]
async fn pause(duration: Duration) {
    tokio::time::sleep(duration).await;
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::{AtomicU32, Ordering};

    use super::*;

    fn env() -> VirtualEnv {
        let wall = WallClock::new("2026-11-23T12:00:00Z".parse().unwrap());
        VirtualEnv::new(Arc::new(wall), Random::stream(1, "env"))
    }

    #[tokio::test(start_paused = true)]
    async fn nothing_of_a_life_runs_on_after_its_end() {
        let env = env();
        let count = Arc::new(AtomicU32::new(0));
        for _ in 0..3 {
            let (env2, count) = (env.clone(), Arc::clone(&count));
            env.spawn("counter", async move {
                loop {
                    env2.sleep(Duration::from_secs(1)).await;
                    count.fetch_add(1, Ordering::Relaxed);
                }
            });
        }
        env.sleep(Duration::from_millis(2_500)).await;
        assert_eq!(count.load(Ordering::Relaxed), 6);
        env.lot().end();
        env.spawn("late", async { panic!("nothing begins in a life that is over") });
        env.sleep(Duration::from_secs(10)).await;
        assert_eq!((count.load(Ordering::Relaxed), env.lot().running()), (6, 0));
        assert!(env.lot().panics().is_empty());
    }

    #[tokio::test(start_paused = true)]
    async fn while_the_machine_sleeps_its_timers_stand_still_and_its_clock_goes_on() {
        let env = env();
        let (wall, noon) = (Arc::clone(&env.wall), env.now());
        let closed = async {
            env.sleep(Duration::from_secs(5)).await;
            wall.sleep(Duration::from_hours(8)).await;
        };
        tokio::join!(env.sleep(Duration::from_secs(20)), closed);
        assert_eq!(env.monotonic(), Duration::from_secs(20));
        let passed = env.now().duration_since(noon);
        assert_eq!(passed, SignedDuration::from_hours(8) + SignedDuration::from_secs(20));
    }

    #[tokio::test(start_paused = true)]
    async fn a_clock_that_is_set_wakes_who_waits_for_an_instant() {
        let env = env();
        let began = env.monotonic();
        let wall = Arc::clone(&env.wall);
        let noon = env.now();
        let set = async {
            env.sleep(Duration::from_secs(5)).await;
            wall.set(SignedDuration::from_hours(1));
        };
        tokio::join!(env.sleep_until(noon + SignedDuration::from_mins(30)), set);
        assert_eq!(env.monotonic().saturating_sub(began), Duration::from_secs(5));
    }
}
