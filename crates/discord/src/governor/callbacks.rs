//! The pause of answers to interactions after a 429 that is not about one of them alone. They are
//! outside Discord's global limit, so only a box in front of Discord should ever say so.

use std::time::Duration;

use super::bucket::Turn;
use super::headers::{Scope, TooMany};
use super::limits::CALLBACK_PAUSE;

/// Times are on the monotonic clock.
#[derive(Debug, Default)]
pub(super) struct Callbacks {
    paused_until: Duration,
    /// After a pause one goes ahead; the others follow once it was answered well.
    probing: bool,
    in_flight: u32,
    pauses_in_a_row: u32,
}

impl Callbacks {
    /// When the next one may leave.
    pub(super) fn turn(&self, now: Duration) -> Turn {
        if now < self.paused_until {
            return Turn::At(self.paused_until);
        }
        if self.probing && self.in_flight > 0 { Turn::AfterAnAnswer } else { Turn::Now }
    }

    /// One leaves.
    pub(super) fn take(&mut self) {
        self.in_flight += 1;
    }

    /// One was answered; tells how long all of them pause, if they do.
    pub(super) fn settle(&mut self, now: Duration, limited: Option<TooMany>) -> Option<Duration> {
        self.in_flight = self.in_flight.saturating_sub(1);
        let Some(TooMany { scope: Scope::Global | Scope::Edge, retry_after }) = limited else {
            self.probing = false;
            self.pauses_in_a_row = 0;
            return None;
        };
        // Those that left together are one event, not several in a row.
        if now >= self.paused_until {
            self.pauses_in_a_row = self.pauses_in_a_row.saturating_add(1);
        }
        let doublings = self.pauses_in_a_row.saturating_sub(1);
        let longest = CALLBACK_PAUSE.full(doublings);
        let pause = match retry_after {
            Some(told) if doublings == 0 => told.min(longest),
            // Whoever obeys a pause and is refused again was told too short a one.
            Some(_) | None => longest,
        };
        self.paused_until = self.paused_until.max(now + pause);
        self.probing = true;
        Some(pause)
    }

    /// One was given up without an answer.
    pub(super) fn give_up(&mut self) {
        self.in_flight = self.in_flight.saturating_sub(1);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const HOUR: Duration = Duration::from_hours(1);

    const fn refused(retry_after: Option<Duration>) -> TooMany {
        TooMany { scope: Scope::Edge, retry_after }
    }

    #[test]
    fn pauses_grow_from_five_seconds_to_a_minute_whatever_is_asked_for() {
        for retry_after in [None, Some(HOUR)] {
            let mut callbacks = Callbacks::default();
            let mut now = HOUR;
            let pauses: Vec<_> = (0..6)
                .map(|_| {
                    callbacks.take();
                    let pause = callbacks.settle(now, Some(refused(retry_after))).unwrap();
                    now += pause;
                    pause.as_secs()
                })
                .collect();
            assert_eq!(pauses, [5, 10, 20, 40, 60, 60], "{retry_after:?}");
        }
    }

    #[test]
    fn after_a_pause_one_goes_ahead_of_the_others() {
        let mut callbacks = Callbacks::default();
        callbacks.take();
        let pause = callbacks.settle(HOUR, Some(refused(Some(Duration::from_secs(1))))).unwrap();
        assert_eq!(callbacks.turn(HOUR), Turn::At(HOUR + pause));
        let later = HOUR + pause;
        assert_eq!(callbacks.turn(later), Turn::Now);
        callbacks.take();
        assert_eq!(callbacks.turn(later), Turn::AfterAnAnswer);
        assert_eq!(callbacks.settle(later, None), None);
        assert_eq!(callbacks.turn(later), Turn::Now);
        callbacks.take();
        assert_eq!(callbacks.turn(later), Turn::Now, "all of them");
    }

    #[test]
    fn a_limit_on_one_of_them_pauses_none() {
        let mut callbacks = Callbacks::default();
        callbacks.take();
        let own = TooMany { scope: Scope::User, retry_after: Some(HOUR) };
        assert_eq!(callbacks.settle(HOUR, Some(own)), None);
        assert_eq!(callbacks.turn(HOUR), Turn::Now);
    }
}
