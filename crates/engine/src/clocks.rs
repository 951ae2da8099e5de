//! What the clock of this machine is worth: whether it was set back since it was last read.

use std::sync::atomic::{AtomicI64, Ordering};

use jiff::Timestamp;

use crate::limits::CLOCK_WAVERS;

/// The latest that the clock of this machine has shown, in milliseconds since 1970.
#[derive(Debug)]
pub(crate) struct Clocks(AtomicI64);

impl Default for Clocks {
    fn default() -> Self {
        Self(AtomicI64::new(i64::MIN))
    }
}

impl Clocks {
    /// Takes note of what the clock shows.
    pub(crate) fn read(&self, shown: Timestamp) -> Timestamp {
        self.0.fetch_max(shown.as_millisecond(), Ordering::Relaxed);
        shown
    }

    /// Whether it has shown a later time than this before.
    pub(crate) fn was_set_back(&self, shown: Timestamp) -> bool {
        let wavers = i64::try_from(CLOCK_WAVERS.as_millis()).unwrap_or(i64::MAX);
        shown.as_millisecond() < self.0.load(Ordering::Relaxed).saturating_sub(wavers)
    }

    /// What it has shown before counts no more: this is the time.
    pub(crate) fn begin_at(&self, shown: Timestamp) {
        self.0.store(shown.as_millisecond(), Ordering::Relaxed);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_clock_that_goes_back_is_noticed_until_it_begins_anew() {
        let clocks = Clocks::default();
        let at = |second| Timestamp::from_second(second).unwrap();
        assert!(!clocks.was_set_back(at(-2_000_000_000)), "nothing was read yet");
        clocks.read(at(1_000));
        clocks.read(at(990));
        assert!(!clocks.was_set_back(at(1_000)));
        assert!(!clocks.was_set_back(at(999)), "a clock wavers");
        assert!(clocks.was_set_back(at(998)));
        clocks.begin_at(at(998));
        assert!(!clocks.was_set_back(at(998)));
    }
}
