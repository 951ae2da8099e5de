//! What the clock of this machine is worth: whether it was set since what was due by it was done.

use std::sync::atomic::{AtomicBool, AtomicI64, Ordering};
use std::time::Duration;

use jiff::Timestamp;

use crate::limits::{CLOCK_DRIFTS, CLOCK_WAVERS};

/// The clock of this machine, as it has been since the process began.
#[derive(Debug)]
pub(crate) struct Clocks {
    /// The latest that it has shown, in milliseconds since 1970.
    latest: AtomicI64,
    /// Whether it was compared with what an earlier process took for the time.
    compared: AtomicBool,
    /// By how many milliseconds it was ahead of the monotonic clock when events were last turned by
    /// it; [`NEVER`] before.
    turned_ahead: AtomicI64,
}

/// Events were not turned yet.
const NEVER: i64 = i64::MIN;

impl Default for Clocks {
    fn default() -> Self {
        Self {
            latest: AtomicI64::new(i64::MIN),
            compared: AtomicBool::new(false),
            turned_ahead: AtomicI64::new(NEVER),
        }
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

    /// Whether what is done by it now might have to be put right later: it has shown a later time
    /// than this before, or maybe to an earlier process, or it was set ahead since all events were
    /// turned whose time had come. Once the machine has slept it is in doubt for a moment, too.
    pub(crate) fn is_in_doubt(&self, shown: Timestamp, monotonic: Duration) -> bool {
        !self.wants_turning(shown) || self.was_set_ahead_since_turned(shown, monotonic)
    }

    /// Whether it is in doubt, if it is, for want of events that were turned by it alone.
    pub(crate) fn wants_turning(&self, shown: Timestamp) -> bool {
        self.compared.load(Ordering::Relaxed) && !self.was_set_back(shown)
    }

    fn was_set_ahead_since_turned(&self, shown: Timestamp, monotonic: Duration) -> bool {
        let turned_ms = self.turned_ahead.load(Ordering::Relaxed);
        let drifts_ms = i64::try_from(CLOCK_DRIFTS.as_millis()).unwrap_or(i64::MAX);
        turned_ms == NEVER || ahead_ms(shown, monotonic).saturating_sub(turned_ms) > drifts_ms
    }

    /// By these clocks, read together, all events were turned whose time has come.
    pub(crate) fn turned(&self, shown: Timestamp, monotonic: Duration) {
        self.turned_ahead.store(ahead_ms(shown, monotonic), Ordering::Relaxed);
    }

    /// What it has shown before, also to earlier processes, counts no more: this is the time.
    pub(crate) fn begin_at(&self, shown: Timestamp) {
        self.latest.store(shown.as_millisecond(), Ordering::Relaxed);
        self.compared.store(true, Ordering::Relaxed);
    }
}

fn ahead_ms(shown: Timestamp, monotonic: Duration) -> i64 {
    let monotonic_ms = i64::try_from(monotonic.as_millis()).unwrap_or(i64::MAX);
    shown.as_millisecond().saturating_sub(monotonic_ms)
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
    fn a_clock_is_in_doubt_until_it_was_compared_with_the_store_and_events_were_turned() {
        let (clocks, start) = (Clocks::default(), Duration::from_secs(7));
        let at = |second| Timestamp::from_second(second).unwrap();
        assert!(clocks.is_in_doubt(clocks.read(at(1_000)), start));
        clocks.begin_at(at(1_000));
        assert!(clocks.is_in_doubt(at(1_000), start));
        clocks.turned(at(1_000), start);
        assert!(!clocks.is_in_doubt(at(1_000), start));
        assert!(clocks.is_in_doubt(at(998), start));
    }

    #[test]
    fn a_clock_that_was_set_ahead_is_in_doubt_until_events_were_turned_by_it() {
        let (clocks, start) = (Clocks::default(), Duration::from_secs(7));
        let at = |second| Timestamp::from_second(second).unwrap();
        let later = |second| start + Duration::from_secs(second);
        clocks.begin_at(at(1_000));
        clocks.turned(at(1_000), start);
        assert!(!clocks.is_in_doubt(at(5_000), later(4_000)), "time has passed");
        assert!(!clocks.is_in_doubt(at(5_002), later(4_000)), "clocks drift");
        assert!(!clocks.is_in_doubt(at(1_000), later(4_000)), "a clock that stands");
        assert!(clocks.is_in_doubt(at(5_003), later(4_000)));
        clocks.turned(at(5_003), later(4_000));
        assert!(!clocks.is_in_doubt(at(5_004), later(4_001)));
    }
}
