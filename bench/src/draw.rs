//! Random numbers from a seed, so that a run can be made again.

use std::time::Duration;

/// Ranks by Zipf's law with the exponent 1: the second is drawn half as often as the first, the
/// third a third as often.
pub(crate) struct Zipf {
    /// Millionths of the first rank's share, added up.
    sums: Vec<u64>,
}

impl Zipf {
    /// So many ranks.
    pub(crate) fn of(ranks: usize) -> Self {
        let mut sum = 0;
        let shares = (1..).take(ranks).map(|rank: u64| 1_000_000 / rank);
        Self {
            sums: shares
                .map(|share| {
                    sum += share;
                    sum
                })
                .collect(),
        }
    }

    /// The next rank; the first is 0.
    pub(crate) fn rank(&self, draw: &mut Draw) -> usize {
        let last = self.sums.last().copied().unwrap_or_default();
        let drawn = draw.between(1, last.max(1));
        self.sums.partition_point(|sum| *sum < drawn)
    }
}

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
    fn the_tenth_rank_is_drawn_a_tenth_as_often_as_the_first() {
        let (zipf, mut draw, mut counts) = (Zipf::of(100), Draw::new(1), [0; 100]);
        for _ in 0..100_000 {
            counts[zipf.rank(&mut draw)] += 1;
        }
        let share = |rank: usize| f64::from(counts[0]) / f64::from(counts[rank]);
        assert!((9.0..11.0).contains(&share(9)) && (1.9..2.1).contains(&share(1)), "{counts:?}");
        assert!(counts[99] > 0);
    }

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
