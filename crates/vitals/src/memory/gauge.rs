//! How short memory is, for whoever asks often.

use std::sync::atomic::{AtomicU8, AtomicU64, Ordering};

use crate::snapshot::PressureLevel;

/// The last reading, to be asked from any thread without waiting. Before the first reading it says
/// that there is plenty.
#[derive(Debug, Default)]
pub struct Gauge {
    level: AtomicU8,
    ours: AtomicU64,
}

impl Gauge {
    /// The level.
    #[must_use]
    pub fn level(&self) -> PressureLevel {
        match self.level.load(Ordering::Relaxed) {
            0 => PressureLevel::Low,
            1 => PressureLevel::Medium,
            2 => PressureLevel::High,
            _ => PressureLevel::Critical,
        }
    }

    /// What is used by this container, in bytes, or by this process where no container has a limit:
    /// to be compared with a threshold in bytes.
    #[must_use]
    pub fn ours(&self) -> u64 {
        self.ours.load(Ordering::Relaxed)
    }

    pub(super) fn set(&self, level: PressureLevel, ours: u64) {
        let level = match level {
            PressureLevel::Low => 0,
            PressureLevel::Medium => 1,
            PressureLevel::High => 2,
            PressureLevel::Critical => 3,
        };
        self.level.store(level, Ordering::Relaxed);
        self.ours.store(ours, Ordering::Relaxed);
    }
}
