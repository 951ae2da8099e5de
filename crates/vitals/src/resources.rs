//! Resources: samples of memory, processor, disk and network, alerts about them, and their trend.
//!
//! [`Monitor::observe`] is called once for each sample, after [`crate::memory::Optimizer::tick`],
//! as often as [`pace`] says. It reads some small files of the kernel's and waits for nothing. What
//! [`disk`] asks may take long, or for ever: that is for a thread of its own.

mod alerts;
mod cpu;
mod disk;
mod limits;
mod minutes;
mod monitor;
mod network;
mod trend;

use std::time::Duration;

pub use self::alerts::{Alarms, Moment, Shares, ToldAlert};
pub use self::cpu::Processor;
pub use self::disk::{Sizes, budget, disk};
pub use self::minutes::Minutes;
pub use self::monitor::{Activity, Monitor, Observed};
pub use self::network::Traffic;
pub use self::trend::{Growth, Trend};

use self::limits::{PACE_CRITICAL, PACE_HIGH, STALLED_PERCENT};
use crate::memory::Reading;
use crate::snapshot::PressureLevel;

/// How long to wait for the next sample: `sample_every` without pressure, at most 5 s at High or
/// when something waited for memory in more than a tenth of the last 10 s, at most 2 s at Critical.
#[must_use]
pub fn pace(sample_every: Duration, level: PressureLevel, reading: &Reading) -> Duration {
    let is_stalled = reading.some_stalled.is_some_and(|percent| percent >= STALLED_PERCENT);
    match level {
        PressureLevel::Critical => sample_every.min(PACE_CRITICAL),
        PressureLevel::High => sample_every.min(PACE_HIGH),
        PressureLevel::Low | PressureLevel::Medium if is_stalled => sample_every.min(PACE_HIGH),
        PressureLevel::Low | PressureLevel::Medium => sample_every,
    }
}

#[cfg(test)]
mod alerts_tests;
#[cfg(test)]
mod sample_tests;
#[cfg(test)]
mod trend_tests;
