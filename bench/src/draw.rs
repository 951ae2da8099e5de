//! Random numbers from a seed, so that a run can be made again.

use std::time::Duration;

/// A source of numbers that depends on its seed alone (splitmix64).
pub(crate) struct Draw(u64);

impl Draw {
    /// The source with this seed.
    pub(crate) const fn new(seed: u64) -> Self {
        Self(seed)
    }

    /// The next 64 bits.
    pub(crate) const fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mixed = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }

    /// A number from `low` to `high`, both of them possible.
    pub(crate) fn between(&mut self, low: u64, high: u64) -> u64 {
        let width = high.saturating_sub(low).saturating_add(1);
        low + self.next().checked_rem(width).unwrap_or_default()
    }

    /// A time from `low` to `high` milliseconds, to the microsecond.
    pub(crate) fn time(&mut self, low: u64, high: u64) -> Duration {
        Duration::from_micros(self.between(low * 1_000, high * 1_000))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_same_seed_gives_the_same_numbers_within_their_bounds() {
        let numbers = |seed| {
            let mut draw = Draw::new(seed);
            (0..1_000).map(|_| draw.between(3, 7)).collect::<Vec<_>>()
        };
        assert_eq!(numbers(1), numbers(1));
        assert_ne!(numbers(1), numbers(2));
        assert_eq!(numbers(1).iter().min().zip(numbers(1).iter().max()), Some((&3, &7)));
    }
}
