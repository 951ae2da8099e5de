//! A bot that works by the clock can only be shown in minutes if the clock can be moved on.

use std::collections::BTreeSet;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use jiff::{SignedDuration, Timestamp};
use tokio::sync::watch;
use tokio::time::Instant;

/// How many sleepers one move may wake one by one before it jumps to its end.
const MAX_STEPS: usize = 10_000;
/// How many quiet periods a step waits for at most, while requests keep coming.
const MAX_SETTLES: usize = 100;
/// How many quiet periods a bot on a real disk may take until its first request after it was woken:
/// it stores what it is about to do before it does anything.
const PERIODS_TO_BEGIN: u32 = 4;
/// The same where the move ends with what the bot does: it may gather edits for a second or two.
const PERIODS_TO_ACT: u32 = 50;
/// The longest single wait on the real timer; the wait is then looked at anew.
const MAX_NAP: Duration = Duration::from_hours(1);

/// The clock was asked to go back, or beyond what a date can be.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum ClockError {
    /// The target is in the past.
    #[error("the clock moves forward only")]
    Backwards,
    /// The target is no date.
    #[error("the clock cannot show such a date")]
    OutOfRange,
}

/// Simulated time: real, standing or the timer's, plus an offset that only grows. Cheap to clone.
#[derive(Clone)]
pub struct SimClock(Arc<Inner>);

/// What the clock shows before its offset is added.
#[derive(Clone, Copy)]
enum Base {
    /// The machine's clock.
    Real,
    /// Always the same.
    Standing(Timestamp),
    /// What has passed on the runtime's timer since it showed `begun`.
    Following { at: Timestamp, begun: Instant },
}

struct Inner {
    base: Base,
    settle: Duration,
    state: Mutex<State>,
    moved: watch::Sender<u64>,
    mover: tokio::sync::Mutex<()>,
    requests_begun: AtomicU64,
    requests_done: AtomicU64,
}

#[derive(Default)]
struct State {
    offset: SignedDuration,
    sleepers: BTreeSet<(Timestamp, u64)>,
    next_sleeper: u64,
}

impl std::fmt::Debug for SimClock {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "SimClock({})", self.now())
    }
}

impl Default for SimClock {
    fn default() -> Self {
        Self::real()
    }
}

impl SimClock {
    /// Real time, which can be moved on. Settles for 40 ms at each sleeper of a move, and waits
    /// four times as long for its first request.
    #[must_use]
    pub fn real() -> Self {
        Self::build(Base::Real, Duration::from_millis(40))
    }

    /// Time that stands at `at` until it is moved, for tests.
    #[must_use]
    pub fn standing(at: Timestamp) -> Self {
        Self::build(Base::Standing(at), Duration::from_millis(40))
    }

    /// Time that goes on from `at` with the timer of the runtime on which this is called. On a
    /// paused runtime it is virtual, and nothing of the simulator reads any other clock.
    #[must_use]
    pub fn following(at: Timestamp) -> Self {
        Self::build(Base::Following { at, begun: Instant::now() }, Duration::from_millis(40))
    }

    /// The same clock, started anew, with another settling time: how long the bot must have been
    /// quiet after a sleeper was woken before the move goes on.
    #[must_use]
    pub fn with_settle(self, settle: Duration) -> Self {
        Self::build(self.0.base, settle)
    }

    fn build(base: Base, settle: Duration) -> Self {
        Self(Arc::new(Inner {
            base,
            settle,
            state: Mutex::default(),
            moved: watch::Sender::new(0),
            mover: tokio::sync::Mutex::new(()),
            requests_begun: AtomicU64::new(0),
            requests_done: AtomicU64::new(0),
        }))
    }

    /// What the clock shows.
    #[must_use]
    pub fn now(&self) -> Timestamp {
        self.shown_with(self.state().offset)
    }

    /// How far the clock is ahead of its base.
    #[must_use]
    pub fn offset(&self) -> SignedDuration {
        self.state().offset
    }

    /// Waits until the clock shows `instant` or later, also when it is moved there.
    ///
    /// The sleeper counts for moves from this call on, not from the first poll.
    pub fn sleep_until(&self, instant: Timestamp) -> impl Future<Output = ()> + Send + 'static {
        let mut moved = self.0.moved.subscribe();
        let place = Place::take(self.clone(), instant);
        async move {
            let clock = &place.clock;
            while let Some(left) = clock.left_until(instant) {
                let goes_on = !matches!(clock.0.base, Base::Standing(_));
                tokio::select! {
                    biased;
                    () = tokio::time::sleep(left.min(MAX_NAP)), if goes_on => {}
                    told = moved.changed() => if told.is_err() { return },
                }
            }
        }
    }

    /// Moves the clock to `target`, waking every sleeper on the way at its own instant.
    ///
    /// After each one the move waits until no request has come for the settling time, in real time
    /// four times as long for the first one. More than
    /// 10,000 sleepers on one way are woken together at its end. Returns what the clock shows.
    pub async fn advance_to(&self, target: Timestamp) -> Result<Timestamp, ClockError> {
        let _one_at_a_time = self.0.mover.lock().await;
        self.walk(target, PERIODS_TO_BEGIN, || false).await?;
        Ok(self.now())
    }

    /// The same, but for a move that ends as soon as `is_enough` after a sleeper was woken and the
    /// bot is quiet again, for which it waits longer. Returns whether it was enough.
    ///
    /// Begins when the bot is quiet: what it has just been told may be due before all else.
    pub async fn advance_until(
        &self,
        target: Timestamp,
        is_enough: impl Fn() -> bool,
    ) -> Result<bool, ClockError> {
        let _one_at_a_time = self.0.mover.lock().await;
        self.settle(PERIODS_TO_BEGIN).await;
        self.walk(target, PERIODS_TO_ACT, is_enough).await
    }

    async fn walk(
        &self,
        target: Timestamp,
        periods: u32,
        is_enough: impl Fn() -> bool,
    ) -> Result<bool, ClockError> {
        if target < self.now() {
            return Err(ClockError::Backwards);
        }
        for _ in 0..MAX_STEPS {
            let Some(instant) = self.next_sleeper(target) else {
                break;
            };
            self.jump_to(instant);
            self.settle(periods).await;
            if is_enough() {
                return Ok(true);
            }
        }
        if self.now() < target {
            self.jump_to(target);
        }
        self.settle(periods).await;
        Ok(is_enough())
    }

    /// Moves the clock on by `by`; see [`SimClock::advance_to`].
    pub async fn advance(&self, by: Duration) -> Result<Timestamp, ClockError> {
        let by = SignedDuration::try_from(by).map_err(|_| ClockError::OutOfRange)?;
        let target = self.now().checked_add(by).map_err(|_| ClockError::OutOfRange)?;
        self.advance_to(target).await
    }

    /// Changes whenever the clock was moved.
    pub(crate) fn moves(&self) -> watch::Receiver<u64> {
        self.0.moved.subscribe()
    }

    /// Tells the clock that the bot has begun a request, until the answer is dropped.
    pub(crate) fn request(&self) -> RequestInFlight {
        self.0.requests_begun.fetch_add(1, Ordering::Relaxed);
        RequestInFlight(self.clone())
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.0.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn base(&self) -> Timestamp {
        match self.0.base {
            Base::Real => Timestamp::now(),
            Base::Standing(at) => at,
            Base::Following { at, begun } => {
                at.checked_add(begun.elapsed()).unwrap_or(Timestamp::MAX)
            }
        }
    }

    fn shown_with(&self, offset: SignedDuration) -> Timestamp {
        self.base().checked_add(offset).unwrap_or(Timestamp::MAX)
    }

    fn left_until(&self, instant: Timestamp) -> Option<Duration> {
        let left = instant.duration_since(self.now());
        left.is_positive().then(|| left.unsigned_abs())
    }

    /// The earliest sleeper after now and not after `target`. Those at or before now have been
    /// woken already and only have not been polled yet.
    fn next_sleeper(&self, target: Timestamp) -> Option<Timestamp> {
        let now = self.now();
        if now >= target {
            // Real time went on while the move settled.
            return None;
        }
        let state = self.state();
        let mut due = state.sleepers.range((now, u64::MAX)..=(target, u64::MAX));
        due.next().map(|(instant, _)| *instant)
    }

    fn jump_to(&self, instant: Timestamp) {
        let mut state = self.state();
        let gap = instant.duration_since(self.shown_with(state.offset));
        if gap.is_positive() {
            state.offset = state.offset.saturating_add(gap);
        }
        drop(state);
        self.0.moved.send_modify(|count| *count += 1);
    }

    /// Waits until the bot is quiet; for its first request so many periods in real time.
    async fn settle(&self, to_begin: u32) {
        let mut left = if matches!(self.0.base, Base::Real) { to_begin } else { 1 };
        for _ in 0..MAX_SETTLES {
            let before = self.0.requests_begun.load(Ordering::Relaxed);
            tokio::time::sleep(self.0.settle).await;
            let begun = self.0.requests_begun.load(Ordering::Relaxed);
            if begun != before || self.0.requests_done.load(Ordering::Relaxed) != begun {
                left = 1;
                continue;
            }
            left -= 1;
            if left == 0 {
                return;
            }
        }
    }
}

/// A request of the bot that is being answered.
pub(crate) struct RequestInFlight(SimClock);

impl Drop for RequestInFlight {
    fn drop(&mut self) {
        self.0.0.requests_done.fetch_add(1, Ordering::Relaxed);
    }
}

/// A sleeper's place in the list, given back when the sleeper ends or is dropped.
struct Place {
    clock: SimClock,
    key: (Timestamp, u64),
}

impl Place {
    fn take(clock: SimClock, instant: Timestamp) -> Self {
        let mut state = clock.state();
        let key = (instant, state.next_sleeper);
        state.next_sleeper += 1;
        state.sleepers.insert(key);
        drop(state);
        Self { clock, key }
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        self.clock.state().sleepers.remove(&self.key);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test(start_paused = true)]
    async fn a_bot_that_stores_before_it_speaks_is_waited_for() {
        let clock = SimClock::real();
        let due = clock.now().checked_add(SignedDuration::from_hours(2)).unwrap();
        let bot = clock.clone();
        let (asleep, said) = (clock.sleep_until(due), Arc::new(Mutex::new(None)));
        let saying = Arc::clone(&said);
        tokio::spawn(async move {
            asleep.await;
            tokio::time::sleep(Duration::from_millis(100)).await;
            let _request = bot.request();
            *saying.lock().unwrap() = Some(bot.now());
        });
        clock.advance(Duration::from_hours(24)).await.unwrap();
        let late = said.lock().unwrap().unwrap().duration_since(due);
        assert!(late < SignedDuration::from_hours(1), "said {late:#} late");
    }

    #[tokio::test(start_paused = true)]
    async fn a_move_until_something_happens_waits_for_a_bot_that_gathers_what_it_does() {
        let clock = SimClock::real();
        let due = clock.now().checked_add(SignedDuration::from_hours(2)).unwrap();
        let (bot, asleep) = (clock.clone(), clock.sleep_until(due));
        let done = Arc::new(AtomicU64::new(0));
        let doing = Arc::clone(&done);
        tokio::spawn(async move {
            asleep.await;
            tokio::time::sleep(Duration::from_secs(1)).await;
            let _request = bot.request();
            doing.store(1, Ordering::Relaxed);
        });
        let week = clock.now().checked_add(SignedDuration::from_hours(24 * 7)).unwrap();
        let happened = clock.advance_until(week, || done.load(Ordering::Relaxed) > 0).await;
        assert_eq!(happened, Ok(true));
        let late = clock.now().duration_since(due);
        assert!(late < SignedDuration::from_hours(1), "{late:#} late");
    }

    #[tokio::test(start_paused = true)]
    async fn a_move_ends_well_though_real_time_goes_on_past_its_target() {
        let clock = SimClock::real();
        let target = clock.now().checked_add(SignedDuration::from_hours(2)).unwrap();
        let asleep = tokio::spawn(clock.sleep_until(target));
        assert!(clock.advance_to(target).await.unwrap() >= target);
        asleep.await.unwrap();
    }
}
