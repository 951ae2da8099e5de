//! Series with one date less or more, and series cut in two.

use jiff::civil::{Date, DateTime, time};

use super::rule::End;
use super::walk::Dates;
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

    /// The series that begins at `start`, as far as it lies before a wall-clock time: what remains
    /// when "this and all following" are changed or cancelled.
    #[must_use]
    pub fn until_before(mut self, start: DateTime, wall: DateTime) -> Self {
        let (start, wall) = (whole_second(start), whole_second(wall));
        self.rule.end = match self.rule.end {
            End::Until(last) => End::Until(last.min(just_before(start, wall))),
            End::Count(count) if self.count_before(start, wall) >= usize::from(count) => {
                End::Count(count)
            }
            End::Never | End::Count(_) => End::Until(just_before(start, wall)),
        };
        self.excluded.retain(|out| out.on_clock(start.time()) < wall);
        self.added.retain(|added| added.on_clock(start.time()) < wall);
        self
    }

    /// The rest of the series that began at `start`: what [`until_before`](Self::until_before) left
    /// away, for a series that begins at `wall`, an occurrence of it.
    #[must_use]
    pub fn following(mut self, start: DateTime, wall: DateTime) -> Self {
        let (start, wall) = (whole_second(start), whole_second(wall));
        if let End::Count(count) = self.rule.end {
            let before = u16::try_from(self.count_before(start, wall)).unwrap_or(u16::MAX);
            self.rule.end = match count.saturating_sub(before) {
                0 => End::Until(just_before(start, wall)),
                left => End::Count(left),
            };
        }
        self.excluded.retain(|out| out.on_clock(start.time()) >= wall);
        self.added.retain(|added| added.on_clock(start.time()) >= wall);
        self
    }

    /// How many dates of the rule come before a wall-clock time.
    fn count_before(&self, start: DateTime, wall: DateTime) -> usize {
        let walls =
            Dates::new(&self.rule, start, start.date()).map(|date| date.to_datetime(start.time()));
        walls.take_while(|at| *at < wall).count()
    }
}

/// The end of the last day whose occurrence of the rule comes before a wall-clock time.
fn just_before(start: DateTime, wall: DateTime) -> DateTime {
    if start.time() < wall.time() {
        return end_of(wall.date());
    }
    end_of(wall.date().yesterday().unwrap_or(Date::MIN))
}

/// The last second of a day.
pub(super) fn end_of(day: Date) -> DateTime {
    day.to_datetime(time(23, 59, 59, 0))
}
