//! How long things take, in little memory: a histogram of the last hour.

use std::collections::VecDeque;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use crate::snapshot::Latency;

/// Steps into which each doubling is divided: half a step is 1.6 % of a value.
const STEPS: usize = 32;
/// The same as a power of two.
const STEP_BITS: u32 = 5;
/// Up to 32 ns one by one, then 31 doublings: up to 68 s.
const OCTAVES: usize = 32;
/// Parts of the window.
const SLICES: u64 = 6;
/// Length of one part, in seconds.
const SLICE_S: u64 = 600;

/// How often each step of one doubling was measured.
type Octave = [u32; STEPS];

/// Latencies of the last hour, in slices of ten minutes.
///
/// Quantiles are off by at most 2 %, or 1 ns if that is more; count, mean and maximum are exact.
/// Empty, it takes no memory but itself; a slice takes 128 bytes for each doubling that occurs in
/// it, at most 4 KiB, and is given back an hour later, as soon as something is recorded or read.
#[derive(Debug, Default)]
pub struct Histogram {
    slices: Mutex<Slices>,
}

impl Histogram {
    /// An empty one.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Notes that something ended at `now`, on the monotonic clock, and took so long.
    pub fn record(&self, now: Duration, took: Duration) {
        self.lock().record(now, took);
    }

    /// What the last hour was like.
    #[must_use]
    pub fn latency(&self, now: Duration) -> Latency {
        self.lock().latency(now)
    }

    fn lock(&self) -> MutexGuard<'_, Slices> {
        self.slices.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// What a [`Histogram`] holds, for whoever has a lock already.
#[derive(Debug, Default)]
pub(crate) struct Slices {
    /// Oldest first; those in which nothing happened are missing.
    slices: VecDeque<Slice>,
}

#[derive(Debug)]
struct Slice {
    number: u64,
    count: u64,
    sum_ns: u64,
    max_ns: u64,
    octaves: [Option<Box<Octave>>; OCTAVES],
}

impl Slices {
    pub(crate) fn record(&mut self, now: Duration, took: Duration) {
        let number = now.as_secs() / SLICE_S;
        if self.slices.back().is_none_or(|newest| newest.number < number) {
            self.forget_before(number);
            self.slices.push_back(Slice::new(number));
        }
        if let Some(newest) = self.slices.back_mut() {
            newest.record(took);
        }
    }

    pub(crate) fn latency(&mut self, now: Duration) -> Latency {
        self.forget_before(now.as_secs() / SLICE_S);
        let count = self.slices.iter().map(|slice| slice.count).sum();
        if count == 0 {
            return Latency::default();
        }
        let sum: u64 = self.slices.iter().map(|slice| slice.sum_ns).sum();
        let max = self.slices.iter().map(|slice| slice.max_ns).max().unwrap_or_default();
        let [p50, p95, p99] = self.quantiles([50, 95, 99], count, max);
        Latency {
            count,
            mean: Duration::from_nanos(sum / count),
            p50,
            p95,
            p99,
            max: Duration::from_nanos(max),
        }
    }

    /// Lets go of slices that are no part of the hour which ends in slice `number`.
    fn forget_before(&mut self, number: u64) {
        while self.slices.front().is_some_and(|oldest| oldest.number + SLICES <= number) {
            self.slices.pop_front();
        }
        if self.slices.is_empty() {
            self.slices.shrink_to_fit();
        }
    }

    /// `percents` ascend.
    fn quantiles(&self, percents: [u64; 3], count: u64, max: u64) -> [Duration; 3] {
        let mut passed = 0;
        let mut steps = (0..OCTAVES).flat_map(|octave| (0..STEPS).map(move |step| (octave, step)));
        let mut last = 0;
        percents.map(|percent| {
            let wanted = count.saturating_mul(percent).div_ceil(100).max(1);
            while passed < wanted {
                let Some((octave, step)) = steps.next() else { break };
                let here = self.slices.iter().map(|slice| slice.at(octave, step)).sum::<u64>();
                passed += here;
                last = if here > 0 { middle(octave, step, max) } else { last };
            }
            Duration::from_nanos(last.min(max))
        })
    }
}

impl Slice {
    fn new(number: u64) -> Self {
        Self { number, count: 0, sum_ns: 0, max_ns: 0, octaves: [const { None }; OCTAVES] }
    }

    fn record(&mut self, took: Duration) {
        let ns = u64::try_from(took.as_nanos()).unwrap_or(u64::MAX);
        self.count += 1;
        self.sum_ns = self.sum_ns.saturating_add(ns);
        self.max_ns = self.max_ns.max(ns);
        let (octave, step) = place(ns);
        let Some(octave) = self.octaves.get_mut(octave) else { return };
        let octave = octave.get_or_insert_with(Box::default);
        if let Some(counted) = octave.get_mut(step) {
            *counted = counted.saturating_add(1);
        }
    }

    fn at(&self, octave: usize, step: usize) -> u64 {
        let octave = self.octaves.get(octave).and_then(Option::as_deref);
        octave.and_then(|steps| steps.get(step)).copied().unwrap_or_default().into()
    }
}

/// Where a value is counted.
fn place(ns: u64) -> (usize, usize) {
    let Some(doublings) = ns.checked_ilog2().and_then(|bits| bits.checked_sub(STEP_BITS)) else {
        return (0, usize::try_from(ns).unwrap_or_default());
    };
    let octave = usize::try_from(doublings).unwrap_or(OCTAVES) + 1;
    if octave >= OCTAVES {
        return (OCTAVES - 1, STEPS - 1);
    }
    let step = usize::try_from(ns >> doublings).unwrap_or_default();
    (octave, step % STEPS)
}

/// The middle of what is counted there, in nanoseconds; of what is beyond all steps, the maximum.
fn middle(octave: usize, step: usize, max: u64) -> u64 {
    let step_from = u64::try_from(step).unwrap_or_default();
    let Some(doublings) = octave.checked_sub(1) else { return step_from };
    if octave == OCTAVES - 1 && step == STEPS - 1 {
        return max;
    }
    let width = 1_u64 << doublings;
    (32 + step_from) * width + width / 2
}

#[cfg(test)]
mod tests {
    use super::*;

    const MINUTE: Duration = Duration::from_mins(1);

    fn within_two_percent(found: Duration, wanted: Duration) -> bool {
        let off = found.abs_diff(wanted);
        off <= Duration::from_nanos(1) || off * 50 <= wanted
    }

    #[test]
    fn quantiles_are_off_by_at_most_two_percent() {
        let spread = [1_u64, 3, 10, 97, 1_000, 40_000, 3_000_000, 60_000_000];
        for most in spread {
            let histogram = Histogram::new();
            // One to a hundred times `most` / 100, each once.
            for part in 1..=100 {
                histogram.record(MINUTE, Duration::from_nanos(most * 10 * part));
            }
            let found = histogram.latency(MINUTE);
            let wanted = |percent| Duration::from_nanos(most * 10 * percent);
            assert_eq!(found.count, 100);
            assert!(within_two_percent(found.p50, wanted(50)), "{most}: {found:?}");
            assert!(within_two_percent(found.p95, wanted(95)), "{most}: {found:?}");
            assert!(within_two_percent(found.p99, wanted(99)), "{most}: {found:?}");
            assert_eq!(found.max, Duration::from_micros(most));
            assert!(within_two_percent(found.mean, wanted(101) / 2), "{most}: {found:?}");
        }
    }

    #[test]
    fn what_takes_longer_than_all_steps_is_told_by_the_maximum() {
        let histogram = Histogram::new();
        histogram.record(MINUTE, Duration::from_hours(3));
        let found = histogram.latency(MINUTE);
        assert_eq!([found.p50, found.max], [Duration::from_hours(3); 2]);
    }

    #[test]
    fn after_an_hour_nothing_is_left_neither_in_the_figures_nor_in_memory() {
        let histogram = Histogram::new();
        histogram.record(MINUTE, MINUTE);
        histogram.record(30 * MINUTE, 2 * MINUTE);
        assert_eq!(histogram.latency(59 * MINUTE).count, 2);
        assert_eq!(histogram.latency(61 * MINUTE).count, 1);
        assert_eq!(histogram.latency(91 * MINUTE), Latency::default());
        assert_eq!(histogram.lock().slices.capacity(), 0);
    }

    #[test]
    fn a_clock_that_stands_still_or_goes_back_loses_nothing() {
        let histogram = Histogram::new();
        histogram.record(50 * MINUTE, MINUTE);
        histogram.record(10 * MINUTE, MINUTE);
        assert_eq!(histogram.latency(50 * MINUTE).count, 2);
    }
}
