//! Waits before what failed is tried again: longer each time, and random, so that many that fail
//! together do not return together.

use std::time::Duration;

/// Waits that double with each try.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Backoff {
    /// Before the first retry, at most.
    pub first: Duration,
    /// Before any retry, at most.
    pub max: Duration,
}

impl Backoff {
    /// Without waiting.
    pub const NONE: Self = Self { first: Duration::ZERO, max: Duration::ZERO };

    /// The longest wait before retry `retry`, counted from 0: `first`, doubled that often, `max` at
    /// most.
    #[must_use]
    pub fn full(self, retry: u32) -> Duration {
        let doubled = 1_u32.checked_shl(retry).unwrap_or(u32::MAX);
        self.first.saturating_mul(doubled).min(self.max)
    }

    /// How long to wait before retry `retry`, by 64 random bits: between half and all of
    /// [`Backoff::full`].
    #[must_use]
    pub fn jittered(self, retry: u32, random: u64) -> Duration {
        let full = self.full(retry);
        let half = full / 2;
        half + share_of(full.saturating_sub(half), random)
    }
}

/// A part of `whole` by 64 random bits, evenly spread from nothing to all of it.
#[must_use]
pub fn share_of(whole: Duration, random: u64) -> Duration {
    let scaled = (whole.as_nanos() >> 16).saturating_mul(u128::from(random >> 16));
    // 48 random bits times the length, then divided by 2^32: the other 2^16 went before.
    u64::try_from(scaled >> 32).map_or(whole, Duration::from_nanos).min(whole)
}

#[cfg(test)]
mod tests {
    use super::*;

    const SECOND: Duration = Duration::from_secs(1);

    #[test]
    fn doubling_ends_at_the_most() {
        let backoff = Backoff { first: SECOND, max: Duration::from_hours(1) };
        let waits = [0, 1, 5, 12, 31, 32, 40, u32::MAX].map(|retry| backoff.full(retry).as_secs());
        assert_eq!(waits, [1, 2, 32, 3_600, 3_600, 3_600, 3_600, 3_600]);
        let nothing = Backoff { first: Duration::ZERO, ..backoff };
        assert_eq!(nothing.full(40), Duration::ZERO);
    }

    #[test]
    fn waiting_is_spread_over_its_upper_half() {
        let backoff = Backoff { first: SECOND, max: 30 * SECOND };
        for (retry, full) in [(0, 1), (1, 2), (4, 16), (5, 30), (31, 30), (1_000, 30)] {
            let full = full * SECOND;
            assert_eq!(backoff.jittered(retry, 0), full / 2);
            for random in [1, 77_777_777_777, 1 << 63, u64::MAX] {
                let waited = backoff.jittered(retry, random);
                assert!(waited >= full / 2 && waited <= full, "{retry}: {waited:?}");
            }
            assert!(backoff.jittered(retry, u64::MAX) + Duration::from_millis(1) > full);
        }
        assert_eq!(Backoff::NONE.jittered(3, u64::MAX), Duration::ZERO);
    }

    #[test]
    fn a_share_spans_the_whole_and_is_never_more() {
        let minute = Duration::from_mins(1);
        assert_eq!(share_of(minute, 0), Duration::ZERO);
        let half = share_of(minute, 1 << 63);
        assert!(half.abs_diff(Duration::from_secs(30)) < Duration::from_millis(1), "{half:?}");
        let most = share_of(minute, u64::MAX);
        assert!(most <= minute && most > Duration::from_millis(59_999), "{most:?}");
    }
}
