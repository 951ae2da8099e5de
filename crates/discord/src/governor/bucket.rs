//! One of Discord's rate-limit buckets as we see it: how many requests may still leave.

use std::time::Duration;

use super::headers::RateInfo;
use super::limits::REFUSED_WAIT;

/// A window that ends this much later is another window, and not a slower answer.
const WINDOW_SLACK: Duration = Duration::from_millis(500);

/// When the next request of a bucket may leave.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Turn {
    /// Now.
    Now,
    /// Not before this time.
    At(Duration),
    /// Once one of those in flight has been answered.
    AfterAnAnswer,
}

/// Times are on the monotonic clock.
#[derive(Debug)]
pub(super) struct Bucket {
    limit: u32,
    remaining: u32,
    in_flight: u32,
    /// When the window ends; unknown until the first answer within it.
    reset: Option<Duration>,
    /// Set by a 429.
    blocked_until: Duration,
    refusals_in_a_row: u32,
}

impl Bucket {
    /// A bucket of which `limit` requests may leave per window; 1 while nothing is known.
    pub(super) fn new(limit: u32) -> Self {
        Self {
            limit,
            remaining: limit,
            in_flight: 0,
            reset: None,
            blocked_until: Duration::ZERO,
            refusals_in_a_row: 0,
        }
    }

    /// Discord has told another bucket of this kind that so many may leave per window.
    pub(super) fn widen(&mut self, limit: u32) {
        if self.reset.is_none() {
            self.limit = limit;
            self.remaining = limit.saturating_sub(self.in_flight);
        }
    }

    /// Takes over what was counted in another bucket that turns out to be this one.
    pub(super) fn absorb(&mut self, other: &Self) {
        self.in_flight += other.in_flight;
        self.remaining = self.remaining.saturating_sub(other.in_flight);
        self.blocked_until = self.blocked_until.max(other.blocked_until);
    }

    pub(super) fn turn(&mut self, now: Duration) -> Turn {
        if now < self.blocked_until {
            return Turn::At(self.blocked_until);
        }
        if self.reset.is_some_and(|reset| now >= reset) {
            self.reset = None;
            self.remaining = self.limit.saturating_sub(self.in_flight);
        }
        match self.reset {
            _ if self.remaining > 0 => Turn::Now,
            Some(reset) => Turn::At(reset),
            None => Turn::AfterAnAnswer,
        }
    }

    pub(super) fn take(&mut self) {
        self.remaining = self.remaining.saturating_sub(1);
        self.in_flight += 1;
    }

    /// An answer has come, or the request is given up; `info` if it told about the bucket.
    pub(super) fn settle(&mut self, now: Duration, info: Option<RateInfo>) {
        self.in_flight = self.in_flight.saturating_sub(1);
        if let Some(info) = info {
            self.learn(now, info);
        } else if self.in_flight == 0 && self.reset.is_none() {
            self.remaining = self.limit;
        }
    }

    /// A 429 for this bucket alone, which asks for this wait. One that follows a wait that was
    /// obeyed shows that the server's figures do not hold: then it is longer each time.
    pub(super) fn block(&mut self, now: Duration, wait: Duration) {
        // Those that left together are one event, not several in a row.
        if now >= self.blocked_until {
            self.refusals_in_a_row = self.refusals_in_a_row.saturating_add(1);
        }
        let least = match self.refusals_in_a_row {
            0 | 1 => Duration::ZERO,
            more => REFUSED_WAIT.full(more - 2),
        };
        self.blocked_until = self.blocked_until.max(now + wait.max(least));
    }

    /// A request was answered otherwise than by a 429.
    pub(super) fn answered(&mut self) {
        self.refusals_in_a_row = 0;
    }

    /// Nothing would be lost by forgetting it.
    pub(super) fn is_idle(&self, now: Duration) -> bool {
        self.in_flight == 0
            && now >= self.blocked_until
            && self.reset.is_none_or(|reset| now >= reset)
    }

    /// When it will be idle at the earliest; the order in which buckets are given up.
    pub(super) fn ends(&self) -> Duration {
        self.blocked_until.max(self.reset.unwrap_or_default())
    }

    fn learn(&mut self, now: Duration, info: RateInfo) {
        let reset = now + info.reset_after;
        let same_window = self.reset.is_none_or(|known| reset <= known + WINDOW_SLACK);
        self.remaining = if same_window && info.limit <= self.limit {
            // Answers overtake one another: within a window the smallest figure is the newest.
            // What is in flight has been subtracted when it left.
            self.remaining.min(info.remaining)
        } else {
            info.remaining.saturating_sub(self.in_flight)
        };
        self.limit = info.limit;
        self.reset = Some(self.reset.map_or(reset, |known| known.max(reset)));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(seconds: u64) -> Duration {
        Duration::from_secs(seconds)
    }

    fn info(remaining: u32, reset_after: u64) -> RateInfo {
        RateInfo { bucket: None, limit: 5, remaining, reset_after: at(reset_after) }
    }

    fn take(bucket: &mut Bucket, now: Duration) {
        assert_eq!(bucket.turn(now), Turn::Now);
        bucket.take();
    }

    #[test]
    fn what_nobody_knows_is_asked_once_at_a_time() {
        let mut bucket = Bucket::new(1);
        take(&mut bucket, at(0));
        assert_eq!(bucket.turn(at(0)), Turn::AfterAnAnswer);
        bucket.settle(at(1), None);
        assert_eq!(bucket.turn(at(1)), Turn::Now);
    }

    #[test]
    fn as_many_leave_together_as_remain() {
        let mut bucket = Bucket::new(1);
        take(&mut bucket, at(0));
        bucket.settle(at(0), Some(info(4, 5)));
        for _ in 0..4 {
            take(&mut bucket, at(0));
        }
        assert_eq!(bucket.turn(at(0)), Turn::At(at(5)));
    }

    #[test]
    fn answers_that_overtake_one_another_do_not_give_permits_back() {
        let mut bucket = Bucket::new(5);
        for _ in 0..5 {
            take(&mut bucket, at(0));
        }
        for remaining in [0, 4, 2, 3, 1] {
            bucket.settle(at(1), Some(info(remaining, 4)));
        }
        assert_eq!(bucket.turn(at(1)), Turn::At(at(5)));
        assert_eq!(bucket.turn(at(5)), Turn::Now);
    }

    #[test]
    fn those_in_flight_count_against_the_next_window() {
        let mut bucket = Bucket::new(5);
        for _ in 0..5 {
            take(&mut bucket, at(0));
        }
        bucket.settle(at(1), Some(info(0, 1)));
        take(&mut bucket, at(2));
        assert_eq!(bucket.turn(at(2)), Turn::AfterAnAnswer, "four old ones and one new one");
    }

    #[test]
    fn a_429_blocks_until_its_time() {
        let mut bucket = Bucket::new(5);
        take(&mut bucket, at(0));
        bucket.settle(at(0), None);
        bucket.block(at(0), at(30));
        assert_eq!(bucket.turn(at(29)), Turn::At(at(30)));
        assert!(!bucket.is_idle(at(29)));
        assert_eq!(bucket.turn(at(30)), Turn::Now);
        assert!(bucket.is_idle(at(30)));
    }

    #[test]
    fn waits_that_turn_out_too_short_grow_until_one_is_answered() {
        let mut bucket = Bucket::new(5);
        bucket.block(at(0), at(1));
        let mut now = at(1);
        let waits: Vec<_> = (0..11)
            .map(|_| {
                bucket.block(now, Duration::ZERO);
                // One that left together with it changes nothing.
                bucket.block(now, Duration::ZERO);
                let Turn::At(next) = bucket.turn(now) else { panic!("no wait") };
                let wait = next.saturating_sub(now);
                now = next;
                wait.as_secs()
            })
            .collect();
        assert_eq!(waits, [1, 2, 4, 8, 16, 32, 64, 128, 256, 300, 300]);
        bucket.answered();
        bucket.block(now, at(1));
        assert_eq!(bucket.turn(now), Turn::At(now + at(1)));
    }

    #[test]
    fn requests_that_are_given_up_leave_no_bucket_stuck() {
        let mut bucket = Bucket::new(2);
        take(&mut bucket, at(0));
        take(&mut bucket, at(0));
        bucket.settle(at(1), None);
        bucket.settle(at(1), None);
        assert_eq!(bucket.turn(at(1)), Turn::Now);
    }
}
