//! Background work: who may run now, and what became of it.
//!
//! A few tasks run at the same time; the others wait in line by priority, and by order of arrival
//! within one. Of two or more places one is kept for critical work, of three or more another one
//! for high work. Low and background work waits while memory or processor is short. Nobody who may
//! run is passed more than sixteen times by others. A task must not wait for another one's place
//! while it has its own.

mod line;
mod policy;
mod records;

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use tokio::sync::oneshot;

use self::line::Line;
pub use self::policy::{Kind, Limit, Policy, Priority};
pub use self::records::Outcome;
use self::records::Records;
use crate::settings::{Measuring, TaskSettings};
use crate::snapshot::{self, PressureLevel};

/// What the monitor saw last.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Pressure {
    /// Memory that counts against the limit, in bytes.
    pub memory_used: u64,
    /// Processor, in percent of all that this process may use.
    pub cpu_percent: f64,
    /// The level of memory pressure. From High on low work waits whatever the bytes are: in a
    /// small box the operator's number is never reached.
    pub level: PressureLevel,
}

/// The gate before all background work. Cheap to clone; all clones are the same gate.
#[derive(Clone, Debug)]
pub struct Tasks {
    shared: Arc<Shared>,
}

#[derive(Debug)]
struct Shared {
    settings: TaskSettings,
    state: Mutex<State>,
}

#[derive(Debug)]
struct State {
    line: Line<oneshot::Sender<Place>>,
    records: Records,
    arrivals: u64,
}

impl Tasks {
    /// A gate with nobody before it.
    #[must_use]
    pub fn new(settings: TaskSettings) -> Self {
        Self::recording(settings, Measuring::On)
    }

    /// The same, which does not keep what became of tasks if measuring is off.
    #[must_use]
    pub fn recording(settings: TaskSettings, measuring: Measuring) -> Self {
        let line = Line::new(settings.concurrent_max);
        let state = State { line, records: Records::new(measuring), arrivals: 0 };
        Self { shared: Arc::new(Shared { settings, state: Mutex::new(state) }) }
    }

    /// The operator's numbers.
    #[must_use]
    pub fn settings(&self) -> &TaskSettings {
        &self.shared.settings
    }

    /// Waits for a place. Whoever stops waiting leaves the line.
    pub async fn admit(&self, kind: Kind) -> Permit {
        let place = match self.take_or_wait(kind.priority) {
            Ok(place) => place,
            Err(waiting) => waiting.place().await,
        };
        Permit { kind, place, ended: false }
    }

    /// Tells what memory and processor are like at `now`, on the monotonic clock. Whoever waited
    /// for them goes on; of those who still wait, one an hour.
    pub fn set_pressure(&self, pressure: Pressure, now: Duration) {
        let settings = &self.shared.settings;
        let short = pressure.memory_used > settings.memory_limit
            || pressure.cpu_percent > f64::from(settings.cpu_limit)
            || pressure.level >= PressureLevel::High;
        self.shared.lock().line.set_short(short, now);
        self.shared.serve();
    }

    /// What is known at `now`, on the monotonic clock.
    #[must_use]
    pub fn snapshot(&self, now: Duration) -> snapshot::Tasks {
        let mut state = self.shared.lock();
        let (waiting, deferred) = state.line.waiting();
        snapshot::Tasks {
            running: count(state.line.running()),
            concurrent_max: count(state.line.places()),
            waiting: count(waiting),
            deferred: count(deferred),
            kinds: state.records.snapshot(now),
        }
    }

    fn take_or_wait(&self, priority: Priority) -> Result<Place, Waiting> {
        let mut state = self.shared.lock();
        if state.line.take(priority) {
            return Ok(Place { shared: Arc::clone(&self.shared), priority });
        }
        let (to, place) = oneshot::channel();
        let number = state.arrivals;
        state.arrivals += 1;
        state.line.wait(priority, number, to);
        let shared = Arc::clone(&self.shared);
        Err(Waiting { shared, priority, number, place })
    }
}

impl Shared {
    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Gives all places that are free.
    fn serve(self: &Arc<Self>) {
        loop {
            // Not in the head of a `while let`: the lock would be held until its end.
            let next = self.lock().line.next();
            let Some((priority, to)) = next else { return };
            let place = Place { shared: Arc::clone(self), priority };
            // Whoever left this very moment gives the place back by dropping it.
            drop(to.send(place));
        }
    }
}

/// Somebody in line.
struct Waiting {
    shared: Arc<Shared>,
    priority: Priority,
    number: u64,
    place: oneshot::Receiver<Place>,
}

impl Waiting {
    async fn place(mut self) -> Place {
        match (&mut self.place).await {
            Ok(place) => place,
            // The other end is kept in line until it has sent.
            Err(_) => Place { shared: Arc::clone(&self.shared), priority: self.priority },
        }
    }
}

impl Drop for Waiting {
    fn drop(&mut self) {
        self.shared.lock().line.leave(self.priority, self.number);
    }
}

/// A place, given back when dropped.
#[derive(Debug)]
struct Place {
    shared: Arc<Shared>,
    priority: Priority,
}

impl Drop for Place {
    fn drop(&mut self) {
        self.shared.lock().line.end(self.priority);
        self.shared.serve();
    }
}

/// Leave to run. Dropped without an end, the task counts as cancelled.
#[derive(Debug)]
#[must_use = "the place is given back when this is dropped"]
pub struct Permit {
    kind: Kind,
    place: Place,
    ended: bool,
}

impl Permit {
    /// Ends the task at `now`, on the monotonic clock, after so long.
    pub fn end(mut self, outcome: Outcome, now: Duration, took: Duration) {
        self.ended = true;
        self.place.shared.lock().records.ended(self.kind, outcome, (now, took));
    }

    /// Gives the place back until the task is tried once more.
    pub fn retry(mut self) {
        self.ended = true;
        self.place.shared.lock().records.retried(self.kind);
    }
}

impl Drop for Permit {
    fn drop(&mut self) {
        if !self.ended {
            self.place.shared.lock().records.cancelled(self.kind);
        }
    }
}

fn count(number: usize) -> u64 {
    u64::try_from(number).unwrap_or(u64::MAX)
}

#[cfg(test)]
mod tests {
    use std::pin::pin;
    use std::task::{Context, Poll, Waker};

    use super::*;
    use crate::settings::Settings;

    const NOW: Duration = Duration::from_secs(9);
    const POST: Kind = kind("post", Priority::Critical);
    const EDIT: Kind = kind("edit", Priority::High);
    const TIDY: Kind = kind("tidy", Priority::Low);

    const fn kind(name: &'static str, priority: Priority) -> Kind {
        Kind { name, priority, policy: Policy::UNCUT }
    }

    fn gate() -> Tasks {
        Tasks::new(Settings::default().tasks)
    }

    fn poll<F: Future>(future: std::pin::Pin<&mut F>) -> Option<F::Output> {
        match future.poll(&mut Context::from_waker(Waker::noop())) {
            Poll::Ready(done) => Some(done),
            Poll::Pending => None,
        }
    }

    fn at_once(gate: &Tasks, kind: Kind) -> Option<Permit> {
        poll(pin!(gate.admit(kind)))
    }

    #[test]
    fn a_place_that_is_given_back_goes_to_who_waits() {
        let gate = gate();
        let (one, two) = (at_once(&gate, EDIT).unwrap(), at_once(&gate, EDIT).unwrap());
        let mut third = pin!(gate.admit(EDIT));
        assert!(poll(third.as_mut()).is_none());
        let post = at_once(&gate, POST).expect("a place is kept for it");
        assert_eq!((gate.snapshot(NOW).running, gate.snapshot(NOW).waiting), (3, 1));
        post.end(Outcome::Succeeded, NOW, NOW);
        assert!(poll(third.as_mut()).is_none(), "that place is for critical work");
        one.end(Outcome::Succeeded, NOW, NOW);
        assert!(poll(third.as_mut()).is_some());
        drop(two);
        assert_eq!(gate.snapshot(NOW).running, 0);
    }

    #[test]
    fn low_work_waits_until_memory_and_processor_allow_it() {
        let gate = gate();
        let mib = crate::settings::MIB;
        let used = |mib_used: u64, cpu_percent| {
            let memory_used = mib_used * mib;
            Pressure { memory_used, cpu_percent, level: PressureLevel::Medium }
        };
        gate.set_pressure(used(801, 5.0), NOW);
        let mut tidy = pin!(gate.admit(TIDY));
        assert!(poll(tidy.as_mut()).is_none());
        assert!(at_once(&gate, EDIT).is_some() && at_once(&gate, POST).is_some());
        assert_eq!((gate.snapshot(NOW).waiting, gate.snapshot(NOW).deferred), (0, 1));
        gate.set_pressure(used(500, 71.0), NOW);
        assert!(poll(tidy.as_mut()).is_none());
        gate.set_pressure(Pressure { level: PressureLevel::High, ..used(60, 0.0) }, Duration::ZERO);
        assert!(poll(tidy.as_mut()).is_none(), "a small box is nearly full");
        gate.set_pressure(used(500, 70.0), NOW);
        assert!(poll(tidy.as_mut()).is_some());
    }

    #[test]
    fn whoever_stops_waiting_keeps_no_place() {
        let gate = gate();
        let held = [at_once(&gate, EDIT), at_once(&gate, EDIT)];
        {
            let mut gone = pin!(gate.admit(EDIT));
            assert!(poll(gone.as_mut()).is_none());
        }
        {
            let mut served = pin!(gate.admit(EDIT));
            assert!(poll(served.as_mut()).is_none());
            drop(held);
            // It has its place now, and is dropped without ever taking it.
        }
        let seen = gate.snapshot(NOW);
        assert_eq!((seen.running, seen.waiting), (0, 0));
        assert!(at_once(&gate, EDIT).is_some());
    }

    #[test]
    fn what_became_of_tasks_is_kept_by_kind() {
        let gate = gate();
        let took = Duration::from_millis(20);
        at_once(&gate, EDIT).unwrap().end(Outcome::Succeeded, NOW, took);
        at_once(&gate, EDIT).unwrap().retry();
        at_once(&gate, EDIT).unwrap().end(Outcome::Failed, NOW, took);
        at_once(&gate, EDIT).unwrap().end(Outcome::TimedOut, NOW, took);
        drop(at_once(&gate, TIDY));
        let seen = gate.snapshot(NOW);
        let [edit, tidy] = seen.kinds[..] else { panic!("{seen:?}") };
        assert_eq!((edit.succeeded, edit.failed, edit.timed_out, edit.retried), (1, 1, 1, 1));
        assert_eq!((edit.name, edit.priority, edit.took.count), ("edit", "high", 3));
        assert_eq!((tidy.cancelled, tidy.took.count, tidy.success_rate()), (1, 0, None));
    }

    #[test]
    fn a_kind_is_judged_by_its_last_hour() {
        let gate = gate();
        let minute = Duration::from_mins(1);
        let end = |outcome, at| at_once(&gate, EDIT).unwrap().end(outcome, at, minute);
        (0..1_000).for_each(|_| end(Outcome::Succeeded, minute));
        end(Outcome::Failed, minute);
        let seen = |at| gate.snapshot(at).kinds[0];
        assert!(seen(30 * minute).success_rate().is_some_and(|rate| rate > 99.8));
        for outcome in [Outcome::Succeeded, Outcome::Failed, Outcome::TimedOut, Outcome::TimedOut] {
            end(outcome, 90 * minute);
        }
        let now = seen(100 * minute);
        assert_eq!((now.failed_last_hour, now.timed_out_last_hour), (1, 2));
        assert_eq!((now.success_rate(), now.failed, now.succeeded), (Some(25.0), 2, 1_001));
        let later = seen(200 * minute);
        assert_eq!((later.success_rate(), later.lost_last_hour()), (None, 0));
    }
}
