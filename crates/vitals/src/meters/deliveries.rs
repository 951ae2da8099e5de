//! What is sent of the bot's own accord.

use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use jiff::Timestamp;

use super::histogram::Histogram;
use crate::snapshot::Deliveries;

/// What became of a delivery.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DeliveryEnd {
    /// Discord took it.
    Sent,
    /// Refused for good, or nobody knows whether it arrived.
    Failed,
    /// Too late, or no longer wanted.
    Skipped,
}

/// Counts deliveries.
#[derive(Debug, Default)]
pub struct DeliveryMeter {
    sent: AtomicU64,
    failed: AtomicU64,
    skipped: AtomicU64,
    lag: Histogram,
    next_due: Mutex<Option<Timestamp>>,
}

impl DeliveryMeter {
    /// Notes what became of one.
    pub fn ended(&self, end: DeliveryEnd) {
        let counter = match end {
            DeliveryEnd::Sent => &self.sent,
            DeliveryEnd::Failed => &self.failed,
            DeliveryEnd::Skipped => &self.skipped,
        };
        counter.fetch_add(1, Ordering::Relaxed);
    }

    /// Notes how long after its instant a reminder was accepted, at `now` on the monotonic clock.
    pub fn reminder_lag(&self, now: Duration, lag: Duration) {
        self.lag.record(now, lag);
    }

    /// Notes when the next one is due.
    pub fn next_due(&self, at: Option<Timestamp>) {
        *self.next_due.lock().unwrap_or_else(PoisonError::into_inner) = at;
    }

    /// What is known at `now`. What waits in the database is not known here: `due` and
    /// `broken_targets` are for whoever can ask it.
    #[must_use]
    pub fn snapshot(&self, now: Duration) -> Deliveries {
        Deliveries {
            due: 0,
            next_due: *self.next_due.lock().unwrap_or_else(PoisonError::into_inner),
            sent: self.sent.load(Ordering::Relaxed),
            failed: self.failed.load(Ordering::Relaxed),
            skipped: self.skipped.load(Ordering::Relaxed),
            reminder_lag: self.lag.latency(now),
            broken_targets: 0,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_end_has_its_count() {
        let (meter, now) = (DeliveryMeter::default(), Duration::from_secs(1));
        meter.ended(DeliveryEnd::Sent);
        meter.ended(DeliveryEnd::Sent);
        meter.ended(DeliveryEnd::Failed);
        meter.ended(DeliveryEnd::Skipped);
        meter.reminder_lag(now, Duration::from_millis(300));
        meter.next_due(Some(Timestamp::UNIX_EPOCH));
        let seen = meter.snapshot(now);
        assert_eq!((seen.sent, seen.failed, seen.skipped), (2, 1, 1));
        assert_eq!(seen.reminder_lag.max, Duration::from_millis(300));
        assert_eq!(seen.next_due, Some(Timestamp::UNIX_EPOCH));
    }
}
