//! Whether the resident set grows steadily: a leak, seen long before a threshold.
//!
//! A straight line is laid through the minutes kept, over the longest of four windows that it fits.
//! It is a growth worth a word if it is steep enough, if it does not slow down, also seen from the
//! next longer window, and if it leads higher than anything in the hours before. A saw-tooth does
//! not, nor a program that fills its caches.

use std::collections::VecDeque;
use std::time::Duration;

use jiff::Timestamp;

use super::limits::{
    FIT_MIN, NEW_SHARE, POINTS_MIN, SLOPE_MIN, START_UP_MINUTES, STEADY_SHARE, TREND_MINUTES_MAX,
    TREND_WINDOWS,
};

/// The resident set of the last six hours, by minutes.
#[derive(Clone, Debug)]
pub struct Trend {
    /// In one of so many minutes there is a sample at least.
    step: usize,
    began: Option<Duration>,
    open: Option<Open>,
    minutes: VecDeque<Minute>,
}

/// A minute that is not over.
#[derive(Clone, Copy, Debug)]
struct Open {
    number: u64,
    at: Timestamp,
    sum: f64,
    count: f64,
}

#[derive(Clone, Copy, Debug)]
struct Minute {
    number: u64,
    at: Timestamp,
    resident: f64,
}

/// A steady growth.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Growth {
    /// From when on the line fits: about since when, or longer.
    pub since: Timestamp,
    /// How fast, in bytes.
    pub bytes_each_hour: f64,
}

impl Growth {
    /// How many hours until `headroom` bytes are used up.
    #[must_use]
    #[expect(clippy::cast_precision_loss, reason = "an estimate needs no more than 52 bits")]
    pub fn hours_left(&self, headroom: u64) -> f64 {
        headroom as f64 / self.bytes_each_hour
    }
}

impl Trend {
    /// Nothing is known yet; samples will come this often, or more often.
    #[must_use]
    pub fn of_samples_each(interval: Duration) -> Self {
        let minutes = interval.as_secs().div_ceil(60).max(1);
        let step = usize::try_from(minutes).unwrap_or(usize::MAX);
        Self { step, began: None, open: None, minutes: VecDeque::new() }
    }

    /// Takes a sample of the resident set, in bytes. Whether a minute is complete by it.
    pub fn take(&mut self, at: Timestamp, monotonic: Duration, resident: u64) -> bool {
        let began = *self.began.get_or_insert(monotonic);
        let number = monotonic.saturating_sub(began).as_secs() / 60;
        #[expect(clippy::cast_precision_loss, reason = "memory has far fewer bytes than 2^52")]
        let resident = resident as f64;
        if number < START_UP_MINUTES {
            return false;
        }
        match &mut self.open {
            Some(open) if open.number == number => {
                open.sum += resident;
                open.count += 1.0;
                false
            }
            _ => {
                let next = Open { number, at, sum: resident, count: 1.0 };
                let ended = self.open.replace(next);
                ended.map(|open| self.keep(&open)).is_some()
            }
        }
    }

    /// The growth that goes on, if there is one.
    #[must_use]
    pub fn growth(&self) -> Option<Growth> {
        let mut is_slowing = false;
        for window in TREND_WINDOWS {
            let Some(inside) = self.last_minutes(window) else {
                continue;
            };
            // What slows down as seen from farther away comes to an end of itself.
            let was_slowing = std::mem::replace(&mut is_slowing, slows_down(&inside));
            let growth = self.growth_over(&inside);
            if growth.is_some() && !was_slowing && !is_slowing {
                return growth;
            }
        }
        None
    }

    fn keep(&mut self, open: &Open) {
        while self.minutes.len() >= TREND_MINUTES_MAX {
            self.minutes.pop_front();
        }
        let resident = open.sum / open.count;
        self.minutes.push_back(Minute { number: open.number, at: open.at, resident });
    }

    /// The minutes of a window that ends now, if they are known. A fifth of those may be missing in
    /// which there could be a sample, as the machine may have slept; and they have to be enough for
    /// a line.
    fn last_minutes(&self, window: usize) -> Option<Vec<Minute>> {
        let last = self.minutes.back()?.number;
        let span = u64::try_from(window).ok()?;
        let is_inside = |minute: &&Minute| last.saturating_sub(minute.number) < span;
        let inside: Vec<Minute> = self.minutes.iter().filter(is_inside).copied().collect();
        let first = inside.first()?;
        let step = u64::try_from(self.step).ok()?;
        let is_whole = last.saturating_sub(first.number).saturating_add(step) >= span;
        let needed = (window / self.step / 5 * 4).max(POINTS_MIN);
        (is_whole && inside.len() >= needed).then_some(inside)
    }

    fn growth_over(&self, inside: &[Minute]) -> Option<Growth> {
        let line = Line::through(inside)?;
        let bytes_each_hour = line.slope * 60.0;
        let is_clear = bytes_each_hour >= SLOPE_MIN && line.fit >= FIT_MIN;
        let since = inside.first()?.at;
        (is_clear && self.is_higher_than_before(inside))
            .then_some(Growth { since, bytes_each_hour })
    }

    /// Whether the window ends above everything that was before it, by some of what it grew.
    fn is_higher_than_before(&self, inside: &[Minute]) -> bool {
        let before = self.minutes.len().saturating_sub(inside.len());
        let resident = |minute: Option<&Minute>| minute.map_or(0.0, |minute| minute.resident);
        let (start, end) = (resident(inside.first()), resident(inside.last()));
        let clearly_below = end - (end - start) * NEW_SHARE;
        self.minutes.iter().take(before).all(|minute| minute.resident < clearly_below)
    }
}

/// Whether the second half grows clearly less than the first.
fn slows_down(inside: &[Minute]) -> bool {
    let (first, second) = inside.split_at(inside.len() / 2);
    let slope = |half| Line::through(half).map_or(0.0, |line| line.slope);
    slope(second) < slope(first) * STEADY_SHARE
}

/// The line of least squares.
struct Line {
    /// Bytes each minute.
    slope: f64,
    /// The share of the variance that the line explains.
    fit: f64,
}

impl Line {
    /// `None` if the points have no line: fewer than two, or all of one height.
    fn through(minutes: &[Minute]) -> Option<Self> {
        let first = minutes.first()?.number;
        #[expect(clippy::cast_precision_loss, reason = "a few hundred minutes")]
        let points = minutes
            .iter()
            .map(|minute| (minute.number.saturating_sub(first) as f64, minute.resident));
        let (mut count, mut sum_x, mut sum_y) = (0.0, 0.0, 0.0);
        for (x, y) in points.clone() {
            count += 1.0;
            sum_x += x;
            sum_y += y;
        }
        let (mean_x, mean_y) = (sum_x / count, sum_y / count);
        let (mut xx, mut xy, mut yy) = (0.0, 0.0, 0.0);
        for (x, y) in points {
            let (x, y) = (x - mean_x, y - mean_y);
            xx += x * x;
            xy += x * y;
            yy += y * y;
        }
        (xx > 0.0 && yy > 0.0).then(|| Self { slope: xy / xx, fit: xy * xy / (xx * yy) })
    }
}
