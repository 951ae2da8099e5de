//! Random numbers that are the same in every run with the same seed, on every machine.

use std::time::Duration;

/// A stream of random numbers. Streams with different names do not influence each other, so that a
/// fault more or less does not change what people do.
#[derive(Clone, Debug)]
pub struct Random(u64);

impl Random {
    /// The stream `name` of a seed.
    #[must_use]
    pub fn stream(seed: u64, name: &str) -> Self {
        let start =
            name.bytes().fold(mixed(seed ^ STEP), |state, byte| mixed(state ^ u64::from(byte)));
        Self(start)
    }

    /// 64 random bits.
    pub fn bits(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(STEP);
        mixed(self.0)
    }

    /// A number below `end`; 0 if `end` is 0.
    pub fn below(&mut self, end: u64) -> u64 {
        let product = u128::from(self.bits()) * u128::from(end);
        u64::try_from(product >> 64).unwrap_or_default()
    }

    /// True in `per_million` of a million cases.
    pub fn chance(&mut self, per_million: u64) -> bool {
        self.below(1_000_000) < per_million
    }

    /// One of these, all equally likely; `None` of none.
    pub fn pick<'a, T>(&mut self, from: &'a [T]) -> Option<&'a T> {
        let index = self.below(u64::try_from(from.len()).unwrap_or_default());
        from.get(usize::try_from(index).unwrap_or_default())
    }

    /// A length of time from `least` to `most`, in whole milliseconds.
    pub fn between(&mut self, least: Duration, most: Duration) -> Duration {
        let span = most.saturating_sub(least).as_millis();
        let span = u64::try_from(span).unwrap_or(u64::MAX);
        least + Duration::from_millis(self.below(span.saturating_add(1)))
    }
}

/// The golden ratio as 64 bits: a step that visits every number.
const STEP: u64 = 0x9e37_79b9_7f4a_7c15;

/// Spreads every bit of a number over all of them.
pub(crate) const fn mixed(number: u64) -> u64 {
    let once = (number ^ (number >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    let twice = (once ^ (once >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    twice ^ (twice >> 31)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn streams_repeat_and_differ() {
        let first = |seed, name| Random::stream(seed, name).bits();
        assert_eq!(first(1, "faults"), first(1, "faults"));
        assert_ne!(first(1, "faults"), first(1, "people"));
        assert_ne!(first(1, "faults"), first(2, "faults"));
    }

    #[test]
    fn numbers_stay_in_their_bounds_and_reach_them() {
        let mut random = Random::stream(7, "bounds");
        let drawn: Vec<u64> = (0..200).map(|_| random.below(3)).collect();
        assert_eq!((drawn.iter().min(), drawn.iter().max()), (Some(&0), Some(&2)));
        let (least, most) = (Duration::from_millis(5), Duration::from_millis(6));
        let waits: Vec<_> = (0..50).map(|_| random.between(least, most)).collect();
        assert!(waits.contains(&least) && waits.contains(&most), "{waits:?}");
        assert_eq!(random.pick::<u8>(&[]), None);
    }
}
