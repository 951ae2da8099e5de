//! The ports through which time, randomness and tasks reach everything above the rules.
//!
//! Nobody above `domain` calls a clock, a timer, a random source or a spawner directly; a world
//! made of these traits can therefore be replayed from a seed.

use std::time::Duration;

use jiff::Timestamp;

/// Wall time, monotonic time and timers.
pub trait Clock: Send + Sync + 'static {
    /// The wall clock. May jump in either direction.
    fn now(&self) -> Timestamp;

    /// Time since an arbitrary start. Never goes back; the base of time-outs and rates.
    fn monotonic(&self) -> Duration;

    /// Waits on the monotonic clock.
    fn sleep(&self, duration: Duration) -> impl Future<Output = ()> + Send;

    /// Waits until the wall clock shows `instant` or later, also when it is moved forward.
    fn sleep_until(&self, instant: Timestamp) -> impl Future<Output = ()> + Send;
}

/// A source of random numbers.
pub trait Rng: Send + Sync + 'static {
    /// 64 random bits; unpredictable in production, seeded in tests.
    fn next_u64(&self) -> u64;
}

/// Where concurrent work runs.
pub trait Tasks: Send + Sync + 'static {
    /// Runs `work` beside the caller. `name` appears in logs when it fails.
    fn spawn(&self, name: &'static str, work: impl Future<Output = ()> + Send + 'static);
}

/// Time, randomness and tasks in one cheap handle.
pub trait Env: Clock + Rng + Tasks + Clone {}

impl<T: Clock + Rng + Tasks + Clone> Env for T {}

/// Waits for `work`, at most `limit`.
///
/// Returns `None` when the limit came first; `work` is dropped then.
pub async fn within<C: Clock, T>(
    clock: &C,
    limit: Duration,
    work: impl Future<Output = T>,
) -> Option<T> {
    tokio::select! {
        biased;
        done = work => Some(done),
        () = clock.sleep(limit) => None,
    }
}
