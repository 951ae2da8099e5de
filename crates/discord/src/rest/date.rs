//! What time it is for Discord, from the dates on its answers. The clock of this machine may be
//! wrong; Discord numbers its messages by its own.

use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use hyper::HeaderMap;
use hyper::header::DATE;
use jiff::fmt::rfc2822::DateTimeParser;
use jiff::{SignedDuration, Timestamp};

/// Reads the dates of HTTP. (RFC 9110, 5.6.7)
static DATES: DateTimeParser = DateTimeParser::new();

/// The latest date that came, and when on the monotonic clock.
#[derive(Debug, Default)]
pub(super) struct Dates(Mutex<Option<(Timestamp, Duration)>>);

impl Dates {
    /// Takes note of an answer's date, if it has one that can be read.
    pub(super) fn heard(&self, headers: &HeaderMap, monotonic: Duration) {
        let date = headers.get(DATE).and_then(|date| DATES.parse_timestamp(date.as_bytes()).ok());
        if let Some(date) = date {
            let latest = Some((date, monotonic));
            *self.0.lock().unwrap_or_else(PoisonError::into_inner) = latest;
        }
    }

    /// What time it is now. Never later than it is, and earlier by no more than an answer took and
    /// the machine slept.
    pub(super) fn now(&self, monotonic: Duration) -> Option<Timestamp> {
        let (date, then) = (*self.0.lock().unwrap_or_else(PoisonError::into_inner))?;
        let since = SignedDuration::try_from(monotonic.saturating_sub(then)).ok()?;
        date.checked_add(since).ok()
    }
}

#[cfg(test)]
mod tests {
    use hyper::header::HeaderValue;

    use super::*;

    #[test]
    fn the_time_goes_on_from_the_latest_date() {
        let dates = Dates::default();
        let second = Duration::from_secs;
        assert_eq!(dates.now(second(5)), None);
        for (date, at) in [("Mon, 23 Nov 2026 12:00:07 GMT", 10), ("yesterday", 20)] {
            let headers = HeaderMap::from_iter([(DATE, HeaderValue::from_static(date))]);
            dates.heard(&headers, second(at));
        }
        let expected: Timestamp = "2026-11-23T12:01:07Z".parse().unwrap();
        assert_eq!(dates.now(second(70)), Some(expected));
    }
}
