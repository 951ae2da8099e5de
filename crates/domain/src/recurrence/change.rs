//! Series with one date less or more.

use jiff::civil::{Date, DateTime, time};

use super::{DayOrTime, Recurrence, RecurrenceError, whole_second};
use crate::limits::{REPEAT_ADDED_MAX, REPEAT_EXCLUDED_MAX};

impl Recurrence {
    /// This series without the occurrence of that wall-clock time, whether it has one or not.
    pub fn with_excluded(self, wall: DateTime) -> Result<Self, RecurrenceError> {
        self.without(DayOrTime::Time(whole_second(wall)))
    }

    /// This series without that day or time.
    pub(super) fn without(mut self, what: DayOrTime) -> Result<Self, RecurrenceError> {
        self.excluded.insert(what);
        if self.excluded.len() > REPEAT_EXCLUDED_MAX {
            return Err(RecurrenceError::TooManyExcluded);
        }
        Ok(self)
    }

    /// This series with the occurrence of that wall-clock time again, if it was left out alone or
    /// with its day.
    #[must_use]
    pub fn without_excluded(mut self, wall: DateTime) -> Self {
        self.excluded.remove(&DayOrTime::Time(whole_second(wall)));
        self.excluded.remove(&DayOrTime::Day(wall.date()));
        self
    }

    /// This series with an occurrence at that wall-clock time, also if that was left out.
    pub fn with_added(mut self, wall: DateTime) -> Result<Self, RecurrenceError> {
        let wall = DayOrTime::Time(whole_second(wall));
        self.excluded.remove(&wall);
        self.with(wall)
    }

    /// This series with that day or time as well.
    pub(super) fn with(mut self, what: DayOrTime) -> Result<Self, RecurrenceError> {
        self.added.insert(what);
        if self.added.len() > REPEAT_ADDED_MAX {
            return Err(RecurrenceError::TooManyAdded);
        }
        Ok(self)
    }
}

/// The last second of a day.
pub(super) fn end_of(day: Date) -> DateTime {
    day.to_datetime(time(23, 59, 59, 0))
}
