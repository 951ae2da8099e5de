//! Fires taps by a plan and counts their answers, whoever sends the ones and hears the others.
//!
//! At a fixed rate a tap's time runs from the moment at which it was due, not from when it could be
//! sent, so that a stall counts against all that it held up.

use std::collections::HashSet;
use std::fmt;
use std::str::FromStr;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use serde::{Deserialize, Serialize};
use tokio::sync::{Notify, mpsc};

use crate::clock;
use crate::error::{BenchError, other};
use crate::figures::many;

/// How long the last answers may take before they count as missing.
const PATIENCE: Duration = Duration::from_secs(15);

/// Seconds of a load that are told one by one; what comes later counts to the last.
const SECONDS_MAX: usize = 86_400;

/// What to fire.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Load {
    /// So many a second, evenly, for so many seconds; whatever comes back.
    Rate(u64, u64),
    /// So many in flight at all times, for so many seconds.
    InFlight(u64, u64),
    /// So many one after the other.
    Count(u64),
}

impl fmt::Display for Load {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Rate(rate, seconds) => write!(f, "rate {rate} {seconds}"),
            Self::InFlight(number, seconds) => write!(f, "in-flight {number} {seconds}"),
            Self::Count(number) => write!(f, "count {number} 0"),
        }
    }
}

impl FromStr for Load {
    type Err = BenchError;

    fn from_str(line: &str) -> Result<Self, BenchError> {
        let unknown = || BenchError::Other(format!("no such load: {line}"));
        let mut words = line.split_whitespace();
        let kind = words.next().ok_or_else(unknown)?;
        let mut number = || words.next().and_then(|word| word.parse().ok()).ok_or_else(unknown);
        match kind {
            "rate" => Ok(Self::Rate(number()?, number()?)),
            "in-flight" => Ok(Self::InFlight(number()?, number()?)),
            "count" => Ok(Self::Count(number()?)),
            _ => Err(unknown()),
        }
    }
}

/// What came of a load.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub(crate) struct Report {
    /// Taps with the right answer.
    pub(crate) answered: u64,
    /// Taps with another answer, or none.
    pub(crate) wrong: u64,
    /// From the first tap to the last answer.
    pub(crate) seconds: f64,
    /// Tap to answer in milliseconds: half of them were faster, 99 of 100, 999 of 1,000.
    pub(crate) ms: [f64; 3],
    /// How late the taps left at a fixed rate, in milliseconds: 99 of 100 were less late.
    pub(crate) late_ms: f64,
    /// Other requests that came meanwhile, such as edits of posts.
    pub(crate) others: u64,
    /// Messages among them.
    pub(crate) posted: u64,
    /// The same for the taps of each second.
    pub(crate) each_second: Vec<Second>,
}

/// What came of the taps that were due in one second of a load.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
pub(crate) struct Second {
    /// Taps with the right answer.
    pub(crate) answered: u64,
    /// Tap to answer in milliseconds: 99 of 100 were faster.
    pub(crate) p99_ms: f64,
    /// The slowest.
    pub(crate) max_ms: f64,
}

#[derive(Default)]
struct State {
    /// The number of the next tap ever.
    next: u64,
    /// The number of this load's first tap.
    first: u64,
    due: Vec<Instant>,
    open: HashSet<u64>,
    /// When taps were due, and how long they took.
    took: Vec<(Instant, Duration)>,
    late: Vec<Duration>,
    wrong: u64,
    others: u64,
    posted: u64,
    more: More,
}

/// Whether an answer calls for another tap.
#[derive(Clone, Copy, Default)]
enum More {
    #[default]
    No,
    Until(Instant),
    Taps(u64),
}

/// The count, and the way to whoever sends the taps.
pub(crate) struct Tally {
    state: Mutex<State>,
    finished: Notify,
    shots: mpsc::UnboundedSender<u64>,
}

impl Tally {
    /// A tally whose first tap has the number `first`, with the numbers to be fired.
    pub(crate) fn new(first: u64) -> (Arc<Self>, mpsc::UnboundedReceiver<u64>) {
        let (shots, fire) = mpsc::unbounded_channel();
        let state = Mutex::new(State { next: first, ..State::default() });
        (Arc::new(Self { state, finished: Notify::new(), shots }), fire)
    }

    /// Fires by the plan and waits for the answers.
    pub(crate) async fn run(self: &Arc<Self>, load: Load) -> Result<Report, BenchError> {
        let began = clock::now();
        let until = self.begin(load, began)?;
        let left = until.saturating_duration_since(began) + PATIENCE;
        // Whatever is missing then counts as wrong.
        clock::within(left, self.finished.notified()).await;
        Ok(self.end(began))
    }

    /// This tap leaves now. Its time has begun already if it was due earlier.
    pub(crate) fn leaves(&self, number: u64) {
        let now = clock::now();
        let mut state = self.lock();
        let due = state.due_at(number);
        if let Some(due) = due {
            state.late.push(now.saturating_duration_since(due));
        }
    }

    /// The answer to this tap is here.
    pub(crate) fn answered(&self, number: u64, right: bool) {
        let now = clock::now();
        let mut state = self.lock();
        if !state.open.remove(&number) {
            return;
        }
        match state.due_at(number) {
            Some(due) if right => state.took.push((due, now.saturating_duration_since(due))),
            Some(_) | None => state.wrong += 1,
        }
        let another = match &mut state.more {
            More::No => false,
            More::Until(end) => now < *end,
            More::Taps(left) => {
                *left = left.saturating_sub(1);
                *left > 0
            }
        };
        if another {
            let number = state.add(now);
            // Whoever sends is gone only when the process ends.
            self.shots.send(number).unwrap_or_default();
        } else if state.open.is_empty() {
            self.finished.notify_one();
        }
    }

    /// A request came that answers no tap.
    pub(crate) fn other(&self) {
        self.lock().others += 1;
    }

    /// A message was taken.
    pub(crate) fn posted(&self) {
        self.lock().posted += 1;
    }

    fn begin(self: &Arc<Self>, load: Load, now: Instant) -> Result<Instant, BenchError> {
        let mut state = self.lock();
        *state = State { next: state.next, first: state.next, ..State::default() };
        match load {
            Load::Rate(rate, seconds) => {
                let gap = Duration::from_secs(1) / u32::try_from(rate.max(1)).unwrap_or(u32::MAX);
                let mut due = now;
                for _ in 0..rate * seconds {
                    due += gap;
                    state.add(due);
                }
                self.fire_when_due(&state)?;
                Ok(due)
            }
            Load::InFlight(number, seconds) => {
                let end = now + Duration::from_secs(seconds);
                state.more = More::Until(end);
                self.fire(&mut state, number, now);
                Ok(end)
            }
            Load::Count(number) => {
                state.more = More::Taps(number);
                self.fire(&mut state, 1, now);
                Ok(now + Duration::from_secs(number))
            }
        }
    }

    fn fire(&self, state: &mut State, number: u64, now: Instant) {
        for _ in 0..number {
            let number = state.add(now);
            self.shots.send(number).unwrap_or_default();
        }
    }

    /// A thread of its own, because the event loop's timers are good to a millisecond only.
    fn fire_when_due(self: &Arc<Self>, state: &State) -> Result<(), BenchError> {
        let (due, first, shots) = (state.due.clone(), state.first, self.shots.clone());
        let body = move || {
            for (number, due) in (first..).zip(due) {
                clock::pause(due.saturating_duration_since(clock::now()));
                shots.send(number).unwrap_or_default();
            }
        };
        let started = std::thread::Builder::new().name("metronome".to_owned()).spawn(body);
        started.map(drop).map_err(crate::error::io("a thread"))
    }

    fn end(&self, began: Instant) -> Report {
        let mut state = self.lock();
        let missing = u64::try_from(state.open.len()).unwrap_or(u64::MAX);
        state.open.clear();
        state.more = More::No;
        let each_second = seconds(began, &state.took);
        let mut took: Vec<_> = state.took.iter().map(|(_, took)| *took).collect();
        took.sort_unstable();
        state.late.sort_unstable();
        Report {
            answered: u64::try_from(state.took.len()).unwrap_or(u64::MAX),
            wrong: state.wrong + missing,
            seconds: began.elapsed().as_secs_f64(),
            ms: [500, 990, 999].map(|share| at_share(&took, share)),
            late_ms: at_share(&state.late, 990),
            others: state.others,
            posted: state.posted,
            each_second,
        }
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl State {
    fn add(&mut self, due: Instant) -> u64 {
        let number = self.next;
        self.next += 1;
        self.due.push(due);
        self.open.insert(number);
        number
    }

    fn due_at(&self, number: u64) -> Option<Instant> {
        let index = usize::try_from(number.checked_sub(self.first)?).ok()?;
        self.due.get(index).copied()
    }
}

/// The taps of each second since then, by when they were due.
fn seconds(began: Instant, all: &[(Instant, Duration)]) -> Vec<Second> {
    let mut each = Vec::<Vec<Duration>>::new();
    for (due, took) in all {
        let second = due.saturating_duration_since(began).as_secs();
        let second = usize::try_from(second).unwrap_or(usize::MAX).min(SECONDS_MAX);
        if second >= each.len() {
            each.resize_with(second + 1, Vec::new);
        }
        if let Some(taps) = each.get_mut(second) {
            taps.push(*took);
        }
    }
    let told = |mut taps: Vec<Duration>| {
        taps.sort_unstable();
        let (p99_ms, max_ms) = (at_share(&taps, 990), at_share(&taps, 1_000));
        Second { answered: many(taps.len()), p99_ms, max_ms }
    };
    each.into_iter().map(told).collect()
}

/// The value below which so many thousandths of the sorted values lie, in milliseconds.
fn at_share(sorted: &[Duration], thousandths: usize) -> f64 {
    let index = sorted.len().saturating_sub(1).saturating_mul(thousandths) / 1_000;
    sorted.get(index).map_or(0.0, |value| value.as_secs_f64() * 1_000.0)
}

/// Takes loads from standard input, line by line, and writes a report for each, until whoever
/// started this process lets go of it.
pub(crate) async fn obey(tally: &Arc<Tally>) -> Result<(), BenchError> {
    let (lines, mut orders) = mpsc::unbounded_channel();
    let read = move || {
        for line in std::io::stdin().lines().map_while(Result::ok) {
            if lines.send(line).is_err() {
                return;
            }
        }
    };
    std::thread::Builder::new().spawn(read).map_err(crate::error::io("a thread"))?;
    while let Some(line) = orders.recv().await {
        let report = tally.run(line.parse()?).await?;
        say(&serde_json::to_string(&report)?)?;
    }
    Ok(())
}

/// Writes one line for whoever started this process.
pub(crate) fn say(line: &str) -> Result<(), BenchError> {
    use std::io::Write as _;
    let mut out = std::io::stdout().lock();
    writeln!(out, "{line}").and_then(|()| out.flush()).map_err(|_| other("nobody listens"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_load_is_read_as_it_is_written() {
        for load in [Load::Rate(100, 10), Load::InFlight(64, 5), Load::Count(7)] {
            assert_eq!(load.to_string().parse::<Load>().unwrap(), load);
        }
        assert!("rate 5".parse::<Load>().is_err());
    }

    async fn count(load: Load, mut answer: impl FnMut(u64) -> Option<bool>) -> (Report, Vec<u64>) {
        let (tally, mut fire) = Tally::new(100);
        let mut fired = Vec::new();
        let answering = async {
            while let Some(number) = fire.recv().await {
                tally.leaves(number);
                fired.push(number);
                if let Some(right) = answer(number) {
                    tally.answered(number, right);
                }
            }
        };
        let report = tokio::select! {
            report = tally.run(load) => report.unwrap(),
            () = answering => unreachable!("the tally keeps the sender"),
        };
        (report, fired)
    }

    #[tokio::test]
    async fn a_count_is_fired_one_after_the_other() {
        let (report, fired) = count(Load::Count(3), |number| Some(number != 101)).await;
        assert_eq!(fired, [100, 101, 102]);
        assert_eq!((report.answered, report.wrong), (2, 1));
    }

    #[tokio::test]
    async fn at_a_rate_a_stall_counts_against_all_that_were_due() {
        let mut stall = Some(Duration::from_millis(50));
        let (report, fired) = count(Load::Rate(1_000, 1), |_| {
            if let Some(stall) = stall.take() {
                clock::pause(stall);
            }
            Some(true)
        })
        .await;
        assert_eq!((fired.len(), report.answered, report.wrong), (1_000, 1_000, 0));
        assert!(report.ms.last().is_some_and(|worst| *worst >= 40.0), "{report:?}");
        let second = report.each_second[0];
        assert!(second.answered >= 999 && second.max_ms >= 40.0, "{second:?}");
        assert!(report.late_ms >= 30.0, "{report:?}");
    }
}
