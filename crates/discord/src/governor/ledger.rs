//! Counts invalid requests of the last ten minutes, because too many of them get the whole
//! address banned.

use std::time::Duration;

use super::limits::{INVALID_SLOW, INVALID_STOP, INVALID_WARN, INVALID_WINDOW};

const SLOTS: usize = 60;
const SLOT: Duration = Duration::from_secs(10);
const _: () = assert!(INVALID_WINDOW.as_secs() == 60 * SLOT.as_secs());

/// How careful to be.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Caution {
    /// All is well.
    None,
    /// The operator should look.
    Warn,
    /// One request per second at most.
    Slow,
    /// Answers to interactions only.
    Stop,
}

/// Invalid requests per ten seconds, for ten minutes.
#[derive(Debug)]
pub(super) struct Ledger {
    slots: [u32; SLOTS],
    /// Number of the newest slot since the start of the clock.
    newest: u64,
    said: Caution,
}

impl Ledger {
    pub(super) fn new() -> Self {
        Self { slots: [0; SLOTS], newest: 0, said: Caution::None }
    }

    /// Counts one. Says in the log when it becomes serious, once per level.
    pub(super) fn count(&mut self, now: Duration) {
        self.advance(now);
        let index = index(self.newest);
        if let Some(slot) = self.slots.get_mut(index) {
            *slot = slot.saturating_add(1);
        }
        let caution = self.caution(now);
        if caution > self.said {
            let invalid = self.total(now);
            tracing::error!(invalid, ?caution, "many requests refused within ten minutes");
        }
        self.said = caution;
    }

    /// Invalid requests within the last ten minutes.
    pub(super) fn total(&mut self, now: Duration) -> u32 {
        self.advance(now);
        self.slots.iter().fold(0, |sum, slot| sum.saturating_add(*slot))
    }

    pub(super) fn caution(&mut self, now: Duration) -> Caution {
        match self.total(now) {
            INVALID_STOP.. => Caution::Stop,
            INVALID_SLOW.. => Caution::Slow,
            INVALID_WARN.. => Caution::Warn,
            _ => Caution::None,
        }
    }

    /// When the oldest count falls out of the window.
    pub(super) fn eases_at(&mut self, now: Duration) -> Duration {
        self.advance(now);
        let oldest = (1..=SLOTS as u64)
            .find(|age| self.slots.get(index(self.newest + age)).is_some_and(|slot| *slot > 0))
            .unwrap_or(1);
        Duration::from_secs((self.newest + oldest).saturating_mul(SLOT.as_secs()))
    }

    fn advance(&mut self, now: Duration) {
        let current = now.as_secs() / SLOT.as_secs();
        let passed = current.saturating_sub(self.newest).min(SLOTS as u64);
        for age in 0..passed {
            if let Some(slot) = self.slots.get_mut(index(current - age)) {
                *slot = 0;
            }
        }
        self.newest = self.newest.max(current);
    }
}

fn index(slot: u64) -> usize {
    usize::try_from(slot % SLOTS as u64).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(seconds: u64) -> Duration {
        Duration::from_secs(seconds)
    }

    #[test]
    fn caution_grows_with_the_count() {
        let mut ledger = Ledger::new();
        let mut levels = Vec::new();
        for _ in 0..1_000 {
            ledger.count(at(5));
            levels.push(ledger.caution(at(5)));
        }
        assert_eq!(
            [levels[198], levels[199], levels[499], levels[999]],
            [Caution::None, Caution::Warn, Caution::Slow, Caution::Stop]
        );
    }

    #[test]
    fn counts_are_forgotten_after_ten_minutes() {
        let mut ledger = Ledger::new();
        for second in 0..600 {
            ledger.count(at(second));
        }
        assert_eq!(ledger.total(at(599)), 600);
        assert_eq!(ledger.eases_at(at(599)), at(600));
        assert_eq!(ledger.total(at(605)), 590);
        assert_eq!(ledger.total(at(1_200)), 0);
        assert_eq!(ledger.total(at(1_000_000)), 0);
    }
}
