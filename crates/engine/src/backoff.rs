//! Waits before what failed is tried again: longer each time, and random, so that many that fail
//! together do not return together.

use std::time::Duration;

use crate::ports::Rng;

/// `first`, doubled so often, `most` at most.
#[must_use]
pub fn doubled(first: Duration, times: u32, most: Duration) -> Duration {
    first.saturating_mul(1_u32.checked_shl(times).unwrap_or(u32::MAX)).min(most)
}

/// A random part of `whole`, evenly spread from nothing to all of it.
#[must_use]
pub fn share_of<R: Rng>(rng: &R, whole: Duration) -> Duration {
    let scaled = (whole.as_nanos() >> 16).saturating_mul(u128::from(rng.next_u64() >> 16));
    // 48 random bits times the length, then divided by 2^32: the other 2^16 went before.
    u64::try_from(scaled >> 32).map_or(whole, Duration::from_nanos).min(whole)
}

#[cfg(test)]
mod tests {
    use super::*;

    struct Always(u64);

    impl Rng for Always {
        fn next_u64(&self) -> u64 {
            self.0
        }
    }

    #[test]
    fn doubling_ends_at_the_most() {
        let (second, hour) = (Duration::from_secs(1), Duration::from_hours(1));
        let waits = [0, 1, 5, 12, 40, u32::MAX].map(|times| doubled(second, times, hour).as_secs());
        assert_eq!(waits, [1, 2, 32, 3_600, 3_600, 3_600]);
        assert_eq!(doubled(Duration::ZERO, 40, hour), Duration::ZERO);
    }

    #[test]
    fn spans_the_whole_and_never_more() {
        let minute = Duration::from_mins(1);
        assert_eq!(share_of(&Always(0), minute), Duration::ZERO);
        let half = share_of(&Always(1 << 63), minute);
        assert!(half.abs_diff(Duration::from_secs(30)) < Duration::from_millis(1), "{half:?}");
        let most = share_of(&Always(u64::MAX), minute);
        assert!(most <= minute && most > Duration::from_millis(59_999), "{most:?}");
    }
}
