//! How many members can be confirmed.

use std::fmt;
use std::num::NonZeroU32;

use thiserror::Error;

use crate::limits::CAPACITY_MAX;

/// A number of places: 1 to [`CAPACITY_MAX`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Capacity(NonZeroU32);

/// The number was 0, negative or too large.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
#[error("{given} places are not possible; choose 1 to {max}", max = CAPACITY_MAX)]
pub struct CapacityError {
    /// What was asked for.
    pub given: i64,
}

impl Capacity {
    /// Checks a number that a person gave.
    pub fn parse(given: i64) -> Result<Self, CapacityError> {
        u32::try_from(given)
            .ok()
            .filter(|places| *places <= CAPACITY_MAX)
            .and_then(NonZeroU32::new)
            .map(Self)
            .ok_or(CapacityError { given })
    }

    /// The number.
    #[must_use]
    pub const fn get(self) -> u32 {
        self.0.get()
    }

    /// The number, for comparing with lengths.
    #[must_use]
    pub fn places(self) -> usize {
        usize::try_from(self.0.get()).unwrap_or(usize::MAX)
    }
}

impl fmt::Display for Capacity {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn from_one_to_ten_thousand() {
        for bad in [0, -1, 10_001, 1_000_000_000, i64::MIN] {
            assert_eq!(Capacity::parse(bad), Err(CapacityError { given: bad }));
        }
        assert_eq!(Capacity::parse(1).unwrap().get(), 1);
        assert_eq!(Capacity::parse(7).unwrap().get(), 7);
        assert_eq!(Capacity::parse(10_000).unwrap().places(), 10_000);
    }
}
