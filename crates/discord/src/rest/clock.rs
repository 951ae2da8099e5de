//! How far Discord's clock is ahead of ours, measured by the date of each answer.

use std::sync::atomic::{AtomicI64, Ordering};
use std::time::Duration;

use hyper::HeaderMap;
use hyper::header::DATE;
use jiff::{SignedDuration, Timestamp};

/// Answers that took longer say too little about when they were made.
const TOOK_MAX: Duration = Duration::from_secs(2);

/// Discord tells whole seconds, which are half a second old in the middle.
const HALF_A_SECOND_MS: i64 = 500;

/// What stands there before the first answer.
const UNKNOWN: i64 = i64::MIN;

/// The difference that the last answer showed, in milliseconds.
#[derive(Debug)]
pub(super) struct ClockAhead(AtomicI64);

impl Default for ClockAhead {
    fn default() -> Self {
        Self(AtomicI64::new(UNKNOWN))
    }
}

impl ClockAhead {
    /// An answer came at this instant, so long after its request had left.
    pub(super) fn note(&self, headers: &HeaderMap, at: Timestamp, took: Duration) {
        let made = headers.get(DATE).and_then(|date| read(date.to_str().ok()?));
        let took_ms = i64::try_from(took.as_millis()).unwrap_or(i64::MAX);
        if let Some(made) = made.filter(|_| took < TOOK_MAX) {
            let ours_ms = at.as_millisecond().saturating_sub(took_ms / 2);
            let theirs_ms = made.as_millisecond().saturating_add(HALF_A_SECOND_MS);
            self.0.store(theirs_ms.saturating_sub(ours_ms), Ordering::Relaxed);
        }
    }

    /// How far Discord's clock was ahead; `None` before any answer said.
    pub(super) fn get(&self) -> Option<SignedDuration> {
        let ahead_ms = self.0.load(Ordering::Relaxed);
        (ahead_ms != UNKNOWN).then(|| SignedDuration::from_millis(ahead_ms))
    }
}

/// A date of HTTP, such as "Sun, 06 Nov 1994 08:49:37 GMT". (RFC 9110, 5.6.7)
fn read(date: &str) -> Option<Timestamp> {
    jiff::fmt::rfc2822::DateTimeParser::new().parse_timestamp(date).ok()
}

#[cfg(test)]
mod tests {
    use hyper::header::HeaderValue;

    use super::*;

    fn dated(date: &'static str) -> HeaderMap {
        HeaderMap::from_iter([(DATE, HeaderValue::from_static(date))])
    }

    #[test]
    fn the_difference_is_measured_in_the_middle_of_the_exchange() {
        let clock = ClockAhead::default();
        assert_eq!(clock.get(), None);
        let at: Timestamp = "1994-11-06T08:49:30.5Z".parse().unwrap();
        let headers = dated("Sun, 06 Nov 1994 08:49:37 GMT");
        clock.note(&headers, at, Duration::from_millis(200));
        assert_eq!(clock.get(), Some(SignedDuration::from_millis(7_100)));
        clock.note(&headers, at, Duration::from_secs(3));
        clock.note(&dated("today"), at, Duration::ZERO);
        assert_eq!(clock.get(), Some(SignedDuration::from_millis(7_100)), "these say nothing");
        clock.note(&headers, at + SignedDuration::from_secs(10), Duration::ZERO);
        assert_eq!(clock.get(), Some(SignedDuration::from_secs(-3)));
    }
}
