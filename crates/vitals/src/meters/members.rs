//! How many different members did something in the last minute.

use std::collections::HashMap;
use std::time::Duration;

use super::recent::millis;

/// Members who are counted exactly. With more, every second, fourth, … member is followed, chosen
/// by their number, and stands for the others: the count is then off by 2 to 3 % as a rule.
const MEMBERS_MAX: usize = 2_048;
/// What counts as lately, in milliseconds.
const MINUTE_MS: u64 = 60_000;

/// The members of the last minute, at most 2,048 of them: some 50 KiB.
#[derive(Debug, Default)]
pub(crate) struct Members {
    /// When each was last there, in milliseconds. Nothing depends on its order.
    seen: HashMap<u64, u64>,
    /// Only members are followed whose mixed number ends in so many zero bits.
    thinned: u32,
    swept: u64,
}

impl Members {
    pub(crate) fn note(&mut self, member: u64, now: Duration) {
        let now = millis(now);
        if now.saturating_sub(self.swept) >= MINUTE_MS {
            self.sweep(now);
        }
        if mixed(member).trailing_zeros() < self.thinned {
            return;
        }
        self.seen.insert(member, now);
        if self.seen.len() > MEMBERS_MAX {
            self.thin();
        }
    }

    pub(crate) fn count(&mut self, now: Duration) -> u64 {
        self.sweep(millis(now));
        let followed = u64::try_from(self.seen.len()).unwrap_or(u64::MAX);
        followed << self.thinned.min(63)
    }

    fn sweep(&mut self, now: u64) {
        self.swept = now;
        self.seen.retain(|_, at| now.saturating_sub(*at) < MINUTE_MS);
        if self.seen.is_empty() {
            *self = Self { swept: now, ..Self::default() };
        }
    }

    fn thin(&mut self) {
        self.thinned += 1;
        let thinned = self.thinned;
        self.seen.retain(|member, _| mixed(*member).trailing_zeros() >= thinned);
    }
}

/// Discord's numbers end in counters; spread over all bits (the finish of `MurmurHash3`).
const fn mixed(mut number: u64) -> u64 {
    number ^= number >> 33;
    number = number.wrapping_mul(0xff51_afd7_ed55_8ccd);
    number ^= number >> 33;
    number = number.wrapping_mul(0xc4ce_b9fe_1a85_ec53);
    number ^ (number >> 33)
}

#[cfg(test)]
mod tests {
    use super::*;

    const AT: Duration = Duration::from_secs(70);

    #[test]
    fn each_member_counts_once_and_for_a_minute() {
        let mut members = Members::default();
        for tap in 0..300 {
            members.note(tap % 100, AT);
        }
        assert_eq!(members.count(AT), 100);
        members.note(7, AT + Duration::from_secs(30));
        assert_eq!(members.count(AT + Duration::from_mins(1)), 1);
        assert_eq!(members.count(AT + Duration::from_secs(90)), 0);
        assert_eq!(members.seen.capacity(), 0);
    }

    #[test]
    fn very_many_are_estimated_in_the_same_memory() {
        let mut members = Members::default();
        for member in 0..100_000_u64 {
            members.note(1_300_000_000_000_000_000 + (member << 22), AT);
        }
        assert!(members.seen.len() <= MEMBERS_MAX);
        let count = members.count(AT);
        assert!((90_000..=110_000).contains(&count), "{count}");
    }
}
