//! The pace of all requests with the bot's token together, and their common pause after a
//! global 429.

use std::time::Duration;

use muster_engine::ports::Rng;
use muster_vitals::backoff::{Backoff, share_of};

use super::headers::TooMany;
use super::limits::{GLOBAL_BURST, GLOBAL_PER_SECOND, PAUSE_JITTER_DIVISOR, RETRY_AFTER_UNKNOWN};

const SPACING: Duration = Duration::from_secs(1).checked_div(GLOBAL_PER_SECOND).unwrap();
const CREDIT: Duration = SPACING.saturating_mul(GLOBAL_BURST - 1);

/// Even pace with a small burst, and pauses. Times are on the monotonic clock.
#[derive(Debug, Default)]
pub(super) struct Pace {
    /// When the next request would leave if all had been evenly spaced.
    even: Duration,
    paused_until: Duration,
    /// After a pause one request goes ahead; the others follow once it was answered well.
    probing: bool,
    in_flight: u32,
    pauses_in_a_row: u32,
}

impl Pace {
    /// When the next request may leave: now or earlier means at once. `None` means that it
    /// depends on an answer.
    pub(super) fn next(&self, now: Duration) -> Option<Duration> {
        if now < self.paused_until {
            return Some(self.paused_until);
        }
        if self.probing && self.in_flight > 0 {
            return None;
        }
        Some(self.even.saturating_sub(CREDIT))
    }

    /// A request leaves, and the next is at least `spacing` later if that is more than the pace.
    pub(super) fn take(&mut self, now: Duration, spacing: Duration) {
        self.in_flight += 1;
        self.even = self.even.max(now) + SPACING;
        if spacing > SPACING {
            self.even = now + spacing + CREDIT;
        }
    }

    /// A request has been answered otherwise than by a 429 for all.
    pub(super) fn answered(&mut self) {
        self.in_flight = self.in_flight.saturating_sub(1);
        self.probing = false;
        self.pauses_in_a_row = 0;
    }

    /// A request was given up without an answer.
    pub(super) fn given_up(&mut self) {
        self.in_flight = self.in_flight.saturating_sub(1);
    }

    /// A request was answered by a 429 that concerns all of them; tells how long to pause.
    pub(super) fn pause<R: Rng>(&mut self, now: Duration, why: TooMany, rng: &R) -> Duration {
        self.in_flight = self.in_flight.saturating_sub(1);
        let length = self.pause_length(now, why);
        let length = length + share_of(length / PAUSE_JITTER_DIVISOR, rng.next_u64());
        self.paused_until = self.paused_until.max(now + length);
        self.probing = true;
        length
    }

    fn pause_length(&mut self, now: Duration, why: TooMany) -> Duration {
        // Requests that left together are one event, not several in a row.
        if now >= self.paused_until {
            self.pauses_in_a_row = self.pauses_in_a_row.saturating_add(1);
        }
        let doublings = self.pauses_in_a_row.saturating_sub(1);
        let unknown = RETRY_AFTER_UNKNOWN.full(doublings);
        match why.retry_after {
            // Whoever obeys a pause and is refused again was told too short a one.
            Some(told) if doublings > 0 => {
                let grown = Backoff { first: told, ..RETRY_AFTER_UNKNOWN }.full(doublings);
                told.max(grown).max(unknown)
            }
            Some(told) => told,
            None => unknown,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::governor::headers::Scope;

    struct Zero;

    impl Rng for Zero {
        fn next_u64(&self) -> u64 {
            0
        }
    }

    fn leave(pace: &mut Pace, now: Duration) -> Duration {
        let at = pace.next(now).unwrap().max(now);
        pace.take(at, Duration::ZERO);
        pace.answered();
        at
    }

    #[test]
    fn no_second_sees_more_than_49() {
        let mut pace = Pace::default();
        let mut now = Duration::from_secs(50);
        let times: Vec<_> = (0..200)
            .map(|_| {
                now = leave(&mut pace, now);
                now
            })
            .collect();
        let busiest = times
            .iter()
            .map(|start| times.iter().filter(|at| (*start..*start + SECOND).contains(*at)).count())
            .max();
        assert!(busiest.is_some_and(|count| (46..=49).contains(&count)), "{busiest:?}");
    }

    const SECOND: Duration = Duration::from_secs(1);

    #[test]
    fn after_a_pause_one_goes_ahead() {
        let mut pace = Pace::default();
        pace.take(SECOND, Duration::ZERO);
        let why = TooMany { scope: Scope::Global, retry_after: Some(SECOND * 65) };
        pace.pause(SECOND, why, &Zero);
        assert_eq!(pace.next(SECOND), Some(SECOND * 66));
        pace.take(SECOND * 66, Duration::ZERO);
        assert_eq!(pace.next(SECOND * 66), None);
        pace.answered();
        assert!(pace.next(SECOND * 67).is_some());
    }

    fn pauses(retry_after: Option<Duration>) -> Vec<u64> {
        let mut pace = Pace::default();
        let why = TooMany { scope: Scope::Edge, retry_after };
        let mut now = SECOND;
        let lengths = (0..9).map(|_| {
            pace.take(now, Duration::ZERO);
            let length = pace.pause(now, why, &Zero);
            now += length;
            length.as_secs()
        });
        lengths.collect()
    }

    #[test]
    fn unreadable_pauses_double_up_to_five_minutes() {
        assert_eq!(pauses(None), [10, 20, 40, 80, 160, 300, 300, 300, 300]);
    }

    #[test]
    fn pauses_that_turn_out_too_short_grow_as_well() {
        assert_eq!(pauses(Some(Duration::ZERO)), [0, 20, 40, 80, 160, 300, 300, 300, 300]);
        assert_eq!(pauses(Some(SECOND * 65)), [65, 130, 260, 300, 300, 300, 300, 300, 300]);
        assert_eq!(pauses(Some(SECOND * 3_600)), [3_600; 9]);
    }
}
