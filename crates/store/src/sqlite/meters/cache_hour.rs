//! What became of a cache within the last hour, without a clock or a lock for each look: its totals
//! are noted whenever a part of an hour begins, and what has come since is the difference.

use std::time::Duration;

use muster_vitals::snapshot::CacheHour;

/// Parts that are looked back, beside the one that is under way.
const PARTS: u64 = 6;

const PART: Duration = Duration::from_mins(10);

/// The totals when each of the last parts began, by the number of the part modulo their number.
#[derive(Debug, Default)]
pub(super) struct Parts {
    begun: [CacheHour; 7],
    /// The part under way, counted from the start.
    current: u64,
}

const _: () = assert!(PARTS + 1 == 7);

/// The number of the part that is under way `at` so long after the start.
pub(super) const fn part_at(at: Duration) -> u64 {
    at.as_secs() / PART.as_secs()
}

impl Parts {
    /// Notes the totals `at` so long after the start, if a part has begun since the last time.
    pub(super) fn turn(&mut self, at: Duration, totals: CacheHour) {
        let now = part_at(at);
        let begun = now.saturating_sub(self.current).min(PARTS + 1);
        for part in now.saturating_sub(begun)..now {
            if let Some(place) = self.begun.get_mut(place(part + 1)) {
                *place = totals;
            }
        }
        self.current = self.current.max(now);
    }

    /// What has come within the last hour and the part that is under way.
    pub(super) fn last_hour(&mut self, at: Duration, totals: CacheHour) -> CacheHour {
        self.turn(at, totals);
        let first = place(self.current.saturating_sub(PARTS));
        let before = self.begun.get(first).copied().unwrap_or_default();
        CacheHour {
            hits: totals.hits.saturating_sub(before.hits),
            misses: totals.misses.saturating_sub(before.misses),
            evicted: totals.evicted.saturating_sub(before.evicted),
            reclaimed: totals.reclaimed.saturating_sub(before.reclaimed),
        }
    }
}

fn place(part: u64) -> usize {
    usize::try_from(part % (PARTS + 1)).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    const MINUTE: Duration = Duration::from_mins(1);

    fn totals(hits: u64) -> CacheHour {
        CacheHour { hits, misses: 2 * hits, evicted: 3 * hits, reclaimed: 4 * hits }
    }

    #[test]
    fn what_is_older_than_an_hour_and_a_part_counts_no_more() {
        let mut parts = Parts::default();
        assert_eq!(parts.last_hour(5 * MINUTE, totals(10)), totals(10), "since the start");
        parts.turn(31 * MINUTE, totals(40));
        assert_eq!(parts.last_hour(69 * MINUTE, totals(50)), totals(50));
        assert_eq!(parts.last_hour(70 * MINUTE, totals(51)), totals(11), "since minute 10");
        assert_eq!(parts.last_hour(90 * MINUTE, totals(60)), totals(20), "since minute 30");
        assert_eq!(parts.last_hour(100 * MINUTE, totals(60)), totals(10));
        parts.turn(1_000 * MINUTE, totals(900));
        assert_eq!(parts.last_hour(1_001 * MINUTE, totals(907)), totals(7));
    }

    #[test]
    fn a_bad_hour_shows_after_a_good_month() {
        let mut parts = Parts::default();
        let mut now = totals(0);
        for part in 0..30 * 24 * 6 {
            parts.turn(10 * part * MINUTE, now);
            now.hits += 95;
            now.misses += 5;
        }
        let month = 30 * 24 * 60 * MINUTE;
        let bad = CacheHour { hits: now.hits + 50, misses: now.misses + 50, ..now };
        parts.turn(month, now);
        let seen = parts.last_hour(month + 69 * MINUTE, bad);
        assert_eq!((seen.hits, seen.misses), (50, 50));
    }
}
