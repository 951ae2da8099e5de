//! Whether the resident set grows steadily: a leak, seen long before a threshold.
//!
//! A straight line is laid through the minutes kept, over the longest of four windows that it fits.
//! It is a growth worth a word if it is steep enough, if it does not slow down, and if it leads
//! higher than anything in the hours before. A saw-tooth does not, nor a program that fills caches.

use std::collections::VecDeque;
use std::time::Duration;

use jiff::Timestamp;

use super::limits::{
    FIT_MIN, SLOPE_MIN, START_UP_MINUTES, STEADY_SHARE, TREND_MINUTES_MAX, TREND_WINDOWS,
};

/// The resident set of the last six hours, by minutes.
#[derive(Clone, Debug, Default)]
pub struct Trend {
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
    /// Since when at least.
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
        TREND_WINDOWS.iter().find_map(|window| self.growth_over(*window))
    }

    fn keep(&mut self, open: &Open) {
        while self.minutes.len() >= TREND_MINUTES_MAX {
            self.minutes.pop_front();
        }
        let resident = open.sum / open.count;
        self.minutes.push_back(Minute { number: open.number, at: open.at, resident });
    }

    fn growth_over(&self, window: usize) -> Option<Growth> {
        let last = self.minutes.back()?.number;
        let span = u64::try_from(window).ok()?;
        let is_inside = |minute: &&Minute| last.saturating_sub(minute.number) < span;
        let inside: Vec<Minute> = self.minutes.iter().filter(is_inside).copied().collect();
        // A fifth may be missing, as the machine may have slept.
        let first = inside.first()?;
        let is_whole = last.saturating_sub(first.number).saturating_add(1) >= span;
        if !is_whole || inside.len() < window / 5 * 4 {
            return None;
        }
        let line = Line::through(&inside)?;
        let (_, second_half) = inside.split_at(inside.len() / 2);
        let lately = Line::through(second_half)?;
        let is_steady = lately.slope >= line.slope * STEADY_SHARE;
        let is_new = self.is_higher_than_before(&inside);
        let bytes_each_hour = line.slope * 60.0;
        (bytes_each_hour >= SLOPE_MIN && line.fit >= FIT_MIN && is_steady && is_new)
            .then_some(Growth { since: first.at, bytes_each_hour })
    }

    /// Whether the window ends above everything that was before it.
    fn is_higher_than_before(&self, inside: &[Minute]) -> bool {
        let before = self.minutes.len().saturating_sub(inside.len());
        let end = inside.last().map_or(0.0, |minute| minute.resident);
        self.minutes.iter().take(before).all(|minute| minute.resident < end)
    }
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
