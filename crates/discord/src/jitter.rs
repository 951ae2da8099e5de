//! Random shares of a wait, so that many clients that fail together do not return together.

use std::time::Duration;

use muster_engine::ports::Rng;

/// A random part of `whole`, evenly spread from nothing to all of it.
pub(crate) fn share_of<R: Rng>(rng: &R, whole: Duration) -> Duration {
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
    fn spans_the_whole_and_never_more() {
        let minute = Duration::from_mins(1);
        assert_eq!(share_of(&Always(0), minute), Duration::ZERO);
        let half = share_of(&Always(1 << 63), minute);
        assert!(half.abs_diff(Duration::from_secs(30)) < Duration::from_millis(1), "{half:?}");
        let most = share_of(&Always(u64::MAX), minute);
        assert!(most <= minute && most > Duration::from_millis(59_999), "{most:?}");
    }
}
