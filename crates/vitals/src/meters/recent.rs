//! How often something happened lately.

use std::time::Duration;

/// Counts in `N` slots of equal length, of which the newest is under way. What is counted is
/// therefore between `N - 1` and `N` slots old.
#[derive(Clone, Debug)]
pub struct Recent<const N: usize> {
    slots: [u32; N],
    slot_ms: u64,
    newest: u64,
}

impl<const N: usize> Recent<N> {
    /// Counts from nothing, in slots of this length; at least a millisecond.
    #[must_use]
    pub fn new(slot: Duration) -> Self {
        Self { slots: [0; N], slot_ms: millis(slot).max(1), newest: 0 }
    }

    /// Counts one more.
    pub fn add(&mut self, now: Duration) {
        self.turn_to(now);
        let newest = self.newest;
        if let Some(slot) = self.slots.get_mut(Self::place(newest)) {
            *slot = slot.saturating_add(1);
        }
    }

    /// How often in all slots.
    pub fn sum(&mut self, now: Duration) -> u64 {
        self.turn_to(now);
        self.slots.iter().copied().map(u64::from).sum()
    }

    fn turn_to(&mut self, now: Duration) {
        let number = millis(now) / self.slot_ms;
        let turns = number.saturating_sub(self.newest);
        let slots = u64::try_from(N).unwrap_or(u64::MAX);
        for turn in 0..turns.min(slots) {
            if let Some(slot) = self.slots.get_mut(Self::place(number - turn)) {
                *slot = 0;
            }
        }
        self.newest = self.newest.max(number);
    }

    fn place(number: u64) -> usize {
        let slots = u64::try_from(N).unwrap_or(u64::MAX).max(1);
        usize::try_from(number % slots).unwrap_or_default()
    }
}

/// In milliseconds.
pub(crate) fn millis(duration: Duration) -> u64 {
    u64::try_from(duration.as_millis()).unwrap_or(u64::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_older_than_all_slots_counts_no_more() {
        let at = Duration::from_secs;
        let mut recent = Recent::<12>::new(at(5));
        recent.add(at(100));
        recent.add(at(101));
        recent.add(at(130));
        assert_eq!(recent.sum(at(154)), 3);
        assert_eq!(recent.sum(at(160)), 1, "those a minute ago are gone");
        assert_eq!(recent.sum(at(1_000_000)), 0);
        recent.add(at(1_000_001));
        assert_eq!(recent.sum(at(1_000_002)), 1);
    }
}
