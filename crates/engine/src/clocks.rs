//! What the clock of this machine is worth: whether it was set back since it was last read.

use std::sync::atomic::{AtomicBool, AtomicI64, Ordering};

use jiff::Timestamp;

use crate::limits::CLOCK_WAVERS;

/// The clock of this machine, as it has been since the process began.
#[derive(Debug)]
pub(crate) struct Clocks {
    /// The latest that it has shown, in milliseconds since 1970.
    latest: AtomicI64,
    /// Whether it was compared with what an earlier process took for the time.
    compared: AtomicBool,
}

impl Default for Clocks {
    fn default() -> Self {
        Self { latest: AtomicI64::new(i64::MIN), compared: AtomicBool::new(false) }
    }
}

impl Clocks {
    /// Takes note of what the clock shows.
    pub(crate) fn read(&self, shown: Timestamp) -> Timestamp {
        self.latest.fetch_max(shown.as_millisecond(), Ordering::Relaxed);
        shown
    }

    /// Whether it has shown a later time than this before.
    pub(crate) fn was_set_back(&self, shown: Timestamp) -> bool {
        let wavers = i64::try_from(CLOCK_WAVERS.as_millis()).unwrap_or(i64::MAX);
        shown.as_millisecond() < self.latest.load(Ordering::Relaxed).saturating_sub(wavers)
    }

    /// Whether what is done by it now would have to be put right later: it has shown a later time
    /// than this before, or maybe to an earlier process.
    pub(crate) fn is_in_doubt(&self, shown: Timestamp) -> bool {
        !self.compared.load(Ordering::Relaxed) || self.was_set_back(shown)
    }

    /// What it has shown before, also to earlier processes, counts no more: this is the time.
    pub(crate) fn begin_at(&self, shown: Timestamp) {
        self.latest.store(shown.as_millisecond(), Ordering::Relaxed);
        self.compared.store(true, Ordering::Relaxed);
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

    #[test]
    fn a_clock_is_in_doubt_until_it_was_compared_with_the_store() {
        let clocks = Clocks::default();
        let at = |second| Timestamp::from_second(second).unwrap();
        assert!(clocks.is_in_doubt(clocks.read(at(1_000))));
        clocks.begin_at(at(1_000));
        assert!(!clocks.is_in_doubt(at(1_000)));
        assert!(clocks.is_in_doubt(at(998)));
    }
}
