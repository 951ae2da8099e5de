//! Rates, and what becomes of what comes in.

use std::time::Duration;

/// So often within so long.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Rate {
    times: u32,
    within: Duration,
}

impl Rate {
    /// A rate of 1 to 1,000 times within 1 second to an hour; `None` for any other.
    #[must_use]
    pub fn new(times: u32, within: Duration) -> Option<Self> {
        let sound = (1..=1_000).contains(&times)
            && (Duration::from_secs(1)..=Duration::from_hours(1)).contains(&within);
        sound.then_some(Self { times, within })
    }

    /// The same for numbers that are written here.
    pub(super) const fn of(times: u32, seconds: u64) -> Self {
        Self { times, within: Duration::from_secs(seconds) }
    }

    /// What members may tap unless the operator decides otherwise: 5 times in 5 seconds.
    pub const DEFAULT: Self = Self::of(5, 5);

    /// How often.
    #[must_use]
    pub const fn times(self) -> u32 {
        self.times
    }

    /// Within how long.
    #[must_use]
    pub const fn within(self) -> Duration {
        self.within
    }
}

/// What becomes of what comes in, before anybody looks at what it is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Admission {
    /// It goes on.
    Taken,
    /// It is one too many; the member is to be told.
    Refused(Rate),
    /// It is one too many, and the member was told a moment ago.
    RefusedAgain,
    /// The same, and the member goes on and on: this is worth noting.
    Burst,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rates_have_bounds() {
        let second = Duration::from_secs(1);
        assert!(Rate::new(1, second).is_some());
        assert!(Rate::new(1_000, Duration::from_hours(1)).is_some());
        assert!(Rate::new(0, second).is_none());
        assert!(Rate::new(1_001, second).is_none());
        assert!(Rate::new(5, Duration::from_millis(999)).is_none());
        assert!(Rate::new(5, Duration::from_secs(3_601)).is_none());
    }
}
