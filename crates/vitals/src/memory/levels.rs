//! Which level of pressure it is.
//!
//! Up at once, by as many levels as it takes. Down only when the use was below where the level
//! begins, less 5 points of the limit, in three readings in a row; then to the level whose own
//! lowered edge holds it.

use super::limits::{MARGIN_POINTS, READINGS_TO_FALL};
use crate::snapshot::PressureLevel;

/// The level, with its memory of the last readings.
#[derive(Clone, Copy, Debug)]
pub struct Levels {
    begins: [u8; 3],
    level: PressureLevel,
    readings_below: u8,
}

impl Levels {
    /// Low, until something is read. `begins` is where Medium, High and Critical begin, in percent.
    #[must_use]
    pub const fn new(begins: [u8; 3]) -> Self {
        Self { begins, level: PressureLevel::Low, readings_below: 0 }
    }

    /// The level after this reading, in percent of the limit.
    pub fn read(&mut self, percent: f64) -> PressureLevel {
        let risen = reached(self.begins, percent, std::convert::identity);
        let held = reached(self.begins, percent, lowered);
        if risen > self.level {
            self.level = risen;
            self.readings_below = 0;
        } else if held < self.level {
            self.readings_below = self.readings_below.saturating_add(1);
            if self.readings_below >= READINGS_TO_FALL {
                self.level = held;
                self.readings_below = 0;
            }
        } else {
            self.readings_below = 0;
        }
        self.level
    }
}

fn reached(begins: [u8; 3], percent: f64, edge: impl Fn(f64) -> f64) -> PressureLevel {
    let [medium, high, critical] = begins.map(|begin| edge(f64::from(begin)));
    match percent {
        share if share >= critical => PressureLevel::Critical,
        share if share >= high => PressureLevel::High,
        share if share >= medium => PressureLevel::Medium,
        _ => PressureLevel::Low,
    }
}

/// Where a level that begins here ends. A level that begins very low can be left, too.
fn lowered(begin: f64) -> f64 {
    (begin - MARGIN_POINTS).max(begin / 2.0)
}
