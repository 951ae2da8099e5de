//! A series moves to another time of day: what was left out or added goes with it.

use jiff::civil::Time;

use super::{DayOrTime, Recurrence};

impl Recurrence {
    /// This series for a start at the time of day `now`, where it was `before`: exceptions at that
    /// time of day move along, those at other times stay.
    #[must_use]
    pub fn at_time(mut self, before: Time, now: Time) -> Self {
        let moved = |entry: DayOrTime| match entry {
            DayOrTime::Time(wall) if wall.time() == before => {
                DayOrTime::Time(wall.date().to_datetime(now))
            }
            kept @ (DayOrTime::Day(_) | DayOrTime::Time(_)) => kept,
        };
        self.excluded = self.excluded.into_iter().map(moved).collect();
        self.added = self.added.into_iter().map(moved).collect();
        self
    }
}
