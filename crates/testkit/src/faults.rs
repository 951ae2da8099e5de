//! What can go wrong, where, and how often: named points at every port and every step of the store.
//!
//! Each seed has weather of its own: some kinds of faults come often, some not at all. Faults that
//! never come together hide what only one of them would show.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use tokio::time::Instant;

use crate::random::Random;

/// Which port a point is at.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Layer {
    /// A method of the store.
    Store,
    /// A REST route.
    Wire,
    /// The gateway's connection.
    Link,
}

/// A way to go wrong.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Fault {
    /// The process is killed before the step.
    CrashBefore,
    /// The process is killed when the step is done and before its caller learns of it.
    CrashAfter,
    /// The step is refused: nothing was done.
    Error,
    /// The disk is full: nothing was done.
    DiskFull,
    /// A write could not be synced: whether it is on the disk is not known.
    SyncFailed,
    /// The step takes long before it begins.
    DelayBefore,
    /// The step takes long after its effect.
    DelayAfter,
    /// The request did not leave.
    NotSent,
    /// Discord did it, and the answer is lost.
    AnswerLost,
    /// Discord did it, and something in between answers with a server error.
    ErrorAfter,
    /// Discord says that this is too much for now.
    Limited,
    /// A box before Discord refuses in its own words: nothing was done.
    NotDiscord,
    /// The step happens twice.
    Duplicate,
    /// The next of its kind comes before it.
    Swapped,
    /// The connection breaks.
    Cut,
    /// The session is gone.
    SessionLost,
}

impl Fault {
    /// Every kind.
    pub const ALL: [Self; 16] = [
        Self::CrashBefore,
        Self::CrashAfter,
        Self::Error,
        Self::DiskFull,
        Self::SyncFailed,
        Self::DelayBefore,
        Self::DelayAfter,
        Self::NotSent,
        Self::AnswerLost,
        Self::ErrorAfter,
        Self::Limited,
        Self::NotDiscord,
        Self::Duplicate,
        Self::Swapped,
        Self::Cut,
        Self::SessionLost,
    ];

    /// How often it comes in ordinary weather, per million steps.
    const fn usual(self) -> u64 {
        match self {
            Self::CrashBefore | Self::CrashAfter => 2_000,
            Self::SyncFailed | Self::SessionLost => 1_500,
            Self::DiskFull | Self::Cut | Self::NotDiscord => 4_000,
            Self::Error | Self::Limited => 8_000,
            Self::DelayBefore
            | Self::DelayAfter
            | Self::NotSent
            | Self::AnswerLost
            | Self::ErrorAfter
            | Self::Duplicate
            | Self::Swapped => 15_000,
        }
    }
}

/// What can go wrong with a question to the store.
pub(crate) const READING: &[Fault] =
    &[Fault::CrashBefore, Fault::CrashAfter, Fault::Error, Fault::DelayBefore, Fault::DelayAfter];

/// What can go wrong with a change in the store.
pub(crate) const WRITING: &[Fault] = &[
    Fault::CrashBefore,
    Fault::CrashAfter,
    Fault::Error,
    Fault::DiskFull,
    Fault::SyncFailed,
    Fault::DelayBefore,
    Fault::DelayAfter,
];

/// What can go wrong with the news that a guild took the bot or removed it: as with every change,
/// but for a delay before it, since the store takes them in their order.
pub(crate) const MEMBERSHIP: &[Fault] = &[
    Fault::CrashBefore,
    Fault::CrashAfter,
    Fault::Error,
    Fault::DiskFull,
    Fault::SyncFailed,
    Fault::DelayAfter,
];

/// What can go wrong with the list of all guilds. That it is refused is not among it: the bot does
/// not try again, and has it anew with its next session.
pub(crate) const PRESENCE: &[Fault] = &[Fault::CrashBefore, Fault::CrashAfter, Fault::DelayAfter];

/// The points that a delivery passes.
const DELIVERING: [&str; 12] = [
    "make_due",
    "turn_events",
    "claim_due",
    "claim",
    "mark_attempt",
    "postpone",
    "finish",
    "message.create",
    "message.list",
    "thread.post",
    "thread.start",
    "chore_ended",
];

/// A named point.
pub type Point = (Layer, &'static str);

/// A fault that came.
#[derive(Clone, Copy, Debug)]
pub struct Injected {
    /// When, since the beginning of the run.
    pub at: Duration,
    /// Where.
    pub point: Point,
    /// What.
    pub fault: Fault,
    /// The interaction that it concerns; 0 if none is known.
    pub subject: u64,
}

/// How often each point was passed, and how often each fault came there.
#[derive(Clone, Debug, Default)]
pub struct Coverage {
    /// Passes of each point.
    pub passed: BTreeMap<Point, u64>,
    /// Faults at each point.
    pub injected: BTreeMap<(Point, Fault), u64>,
    /// What each point can suffer.
    pub possible: BTreeSet<(Point, Fault)>,
}

impl Coverage {
    /// Adds another run's numbers.
    pub fn add(&mut self, other: &Self) {
        for (point, count) in &other.passed {
            *self.passed.entry(*point).or_default() += count;
        }
        for (key, count) in &other.injected {
            *self.injected.entry(*key).or_default() += count;
        }
        self.possible.extend(&other.possible);
    }
}

/// Decides at every point whether something goes wrong.
pub struct Faults {
    born: Instant,
    state: Mutex<State>,
}

struct State {
    random: Random,
    rates: BTreeMap<Fault, u64>,
    /// How many times as often it goes wrong around a delivery.
    around_deliveries: u64,
    is_on: bool,
    coverage: Coverage,
    log: Vec<Injected>,
}

impl Faults {
    /// The weather of a seed, switched off until [`Faults::begin`].
    #[must_use]
    #[expect(clippy::disallowed_methods, reason = "the runtime's own virtual time")]
    pub fn of_seed(seed: u64) -> Self {
        let mut random = Random::stream(seed, "faults");
        let rates = weather(&mut random);
        let (coverage, log) = (Coverage::default(), Vec::new());
        let state = State { random, rates, around_deliveries: 1, is_on: false, coverage, log };
        Self { born: Instant::now(), state: Mutex::new(state) }
    }

    /// The same with much going wrong between what is due and what was sent, the process killed
    /// most of all.
    #[must_use]
    pub fn around_deliveries(seed: u64) -> Self {
        let faults = Self::of_seed(seed);
        let mut state = faults.lock();
        state.around_deliveries = 8;
        for fault in [Fault::CrashBefore, Fault::CrashAfter, Fault::AnswerLost] {
            state.rates.entry(fault).or_insert(fault.usual());
        }
        drop(state);
        faults
    }

    /// From now on things go wrong.
    pub fn begin(&self) {
        self.lock().is_on = true;
    }

    /// From now on nothing goes wrong any more.
    pub fn heal(&self) {
        self.lock().is_on = false;
    }

    /// What goes wrong at a point this time, of what can.
    pub fn draw(&self, point: Point, can: &'static [Fault], subject: u64) -> Option<Fault> {
        let at = self.born.elapsed();
        let mut state = self.lock();
        *state.coverage.passed.entry(point).or_default() += 1;
        // Also where none ever comes: that is what is worth seeing.
        state.coverage.possible.extend(can.iter().map(|fault| (point, *fault)));
        if !state.is_on {
            return None;
        }
        let times = if DELIVERING.contains(&point.1) { state.around_deliveries } else { 1 };
        let fault = state.draw(can, times)?;
        *state.coverage.injected.entry((point, fault)).or_default() += 1;
        state.log.push(Injected { at, point, fault, subject });
        Some(fault)
    }

    /// Notes something that was done to the bot from outside, as a fault at a point.
    pub fn note(&self, point: Point, fault: Fault) {
        let at = self.born.elapsed();
        self.lock().log.push(Injected { at, point, fault, subject: 0 });
    }

    /// A long time to wait, in the seed's own randomness; shorter than the bot waits for an answer,
    /// as a request that is given up does not arrive much later.
    pub fn long_wait(&self) -> Duration {
        let mut state = self.lock();
        let longest = *state.random.pick(&[200, 800, 2_600, 10_000]).unwrap_or(&200);
        state.random.between(Duration::from_millis(20), Duration::from_millis(longest))
    }

    /// A wait of the network, one way.
    pub fn latency(&self) -> Duration {
        self.lock().random.between(Duration::from_millis(8), Duration::from_millis(60))
    }

    /// A number below `end`, in the seed's own randomness.
    pub fn below(&self, end: u64) -> u64 {
        self.lock().random.below(end)
    }

    /// Whether a fault that `explains` came from `from` to `to`.
    pub fn explain(
        &self,
        (from, to): (Duration, Duration),
        explains: impl Fn(&Injected) -> bool,
    ) -> bool {
        let state = self.lock();
        state.log.iter().any(|fault| fault.at >= from && fault.at <= to && explains(fault))
    }

    /// What was passed and what came.
    #[must_use]
    pub fn coverage(&self) -> Coverage {
        self.lock().coverage.clone()
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl State {
    fn draw(&mut self, can: &[Fault], times: u64) -> Option<Fault> {
        let mut drawn = self.random.below(1_000_000);
        for fault in can {
            let rate = self.rates.get(fault).copied().unwrap_or_default() * times;
            if drawn < rate {
                return Some(*fault);
            }
            drawn -= rate;
        }
        None
    }
}

/// One seed in eight has no faults at all; in the others each kind comes or stays away, and those
/// that come are rare, usual or frequent.
fn weather(random: &mut Random) -> BTreeMap<Fault, u64> {
    if random.below(8) == 0 {
        return BTreeMap::new();
    }
    let mut rates = BTreeMap::new();
    for fault in Fault::ALL {
        let (comes, strength) = (random.below(2), random.below(3));
        if comes == 1 {
            rates.insert(fault, fault.usual() << (strength * 2) >> 2);
        }
    }
    rates
}

#[cfg(test)]
mod tests {
    use super::*;

    const POINT: Point = (Layer::Store, "tap");

    #[tokio::test(start_paused = true)]
    async fn nothing_goes_wrong_before_it_begins_and_after_it_heals() {
        let seeds = (0..64).map(Faults::of_seed);
        let mut came = 0;
        for faults in seeds {
            let drawn =
                |count| (0..count).filter(|_| faults.draw(POINT, &Fault::ALL, 0).is_some()).count();
            assert_eq!(drawn(50), 0);
            faults.begin();
            came += drawn(200);
            faults.heal();
            assert_eq!(drawn(50), 0);
            assert_eq!(faults.coverage().passed.get(&POINT), Some(&300));
        }
        assert!(came > 100, "{came}");
    }
}
