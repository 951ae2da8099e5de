//! What a rule can say, and which of it makes sense together.

use jiff::civil::{DateTime, Weekday};

use super::error::RecurrenceError;
use super::whole_second;
use crate::limits::{REPEAT_COUNT_MAX, REPEAT_INTERVAL_MAX};

/// Weekdays of one name in a month, at most.
const IN_MONTH_MAX: i8 = 5;

/// Weekdays of one name in a year, at most.
const IN_YEAR_MAX: i8 = 53;

/// Days in a year, at most.
const POSITION_MAX: i16 = 366;

/// In which stretches of time a rule counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Frequency {
    /// Day by day.
    Daily,
    /// Week by week.
    Weekly,
    /// Month by month.
    Monthly,
    /// Year by year.
    Yearly,
}

/// A weekday: every one of its name, or one of those of a month or a year.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct NthWeekday {
    /// 1 is the first and -1 the last of the month, or of the year in a yearly rule without months.
    pub nth: Option<i8>,
    /// Its name.
    pub weekday: Weekday,
}

/// When a rule ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum End {
    /// Never.
    Never,
    /// After so many: 1 to [`REPEAT_COUNT_MAX`].
    Count(u16),
    /// At this wall-clock time, which still counts.
    Until(DateTime),
}

/// A rule as it is written down; [`Recurrence::new`](super::Recurrence::new) checks it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Rule {
    /// What is counted.
    pub frequency: Frequency,
    /// Every so many of them: 1 to [`REPEAT_INTERVAL_MAX`].
    pub interval: u16,
    /// Only in these months, 1 to 12; all if empty.
    pub months: Vec<i8>,
    /// Only on these days of the month, 1 to 31 or -1 to -31 from its end; all if empty.
    pub month_days: Vec<i8>,
    /// Only on these weekdays; all if empty.
    pub weekdays: Vec<NthWeekday>,
    /// Of what remains in each stretch only these, 1 for the first, -1 for the last; all if empty.
    pub positions: Vec<i16>,
    /// On which day weeks begin; Monday where it makes no difference.
    pub week_start: Weekday,
    /// When it ends.
    pub end: End,
}

impl NthWeekday {
    /// Every one of this name.
    #[must_use]
    pub const fn every(weekday: Weekday) -> Self {
        Self { nth: None, weekday }
    }

    /// The first (1), the last (-1) and so on.
    #[must_use]
    pub const fn nth(nth: i8, weekday: Weekday) -> Self {
        Self { nth: Some(nth), weekday }
    }
}

impl Rule {
    /// Every day, week, month or year, without an end.
    #[must_use]
    pub const fn every(frequency: Frequency) -> Self {
        Self {
            frequency,
            interval: 1,
            months: Vec::new(),
            month_days: Vec::new(),
            weekdays: Vec::new(),
            positions: Vec::new(),
            week_start: Weekday::Monday,
            end: End::Never,
        }
    }

    /// This rule in its one form, if it makes sense.
    pub(super) fn checked(mut self) -> Result<Self, RecurrenceError> {
        self.put_in_order();
        self.check_bounds()?;
        self.check_weekdays()?;
        if self.frequency == Frequency::Weekly && !self.month_days.is_empty() {
            return Err(RecurrenceError::MonthDayOfWeek);
        }
        let picks_from_nothing =
            self.weekdays.is_empty() && self.month_days.is_empty() && self.months.is_empty();
        if !self.positions.is_empty() && picks_from_nothing {
            return Err(RecurrenceError::PositionAlone);
        }
        Ok(self)
    }

    fn put_in_order(&mut self) {
        sort(&mut self.months);
        sort(&mut self.month_days);
        sort(&mut self.positions);
        self.weekdays.sort_by_key(|day| (day.nth, day.weekday.to_monday_zero_offset()));
        self.weekdays.dedup();
        // Outlook writes weekdays as days of which most are left out.
        let is_weekly = self.interval == 1 && self.month_days.is_empty();
        let by_weekday = !self.weekdays.is_empty() && self.positions.is_empty();
        if self.frequency == Frequency::Daily && is_weekly && by_weekday {
            self.frequency = Frequency::Weekly;
        }
        let counts_weeks = self.frequency == Frequency::Weekly;
        if !counts_weeks || (self.interval == 1 && self.positions.is_empty()) {
            self.week_start = Weekday::Monday;
        }
        if let End::Until(last) = self.end {
            self.end = End::Until(whole_second(last));
        }
    }

    fn check_bounds(&self) -> Result<(), RecurrenceError> {
        if !(1..=REPEAT_INTERVAL_MAX).contains(&self.interval) {
            return Err(RecurrenceError::Interval);
        }
        if let End::Count(count) = self.end
            && !(1..=REPEAT_COUNT_MAX).contains(&count)
        {
            return Err(RecurrenceError::Count);
        }
        if !self.months.iter().all(|month| (1..=12).contains(month)) {
            return Err(RecurrenceError::Month);
        }
        if !self.month_days.iter().all(|day| (1..=31).contains(&day.unsigned_abs())) {
            return Err(RecurrenceError::MonthDay);
        }
        let in_year = 1..=POSITION_MAX.unsigned_abs();
        if !self.positions.iter().all(|place| in_year.contains(&place.unsigned_abs())) {
            return Err(RecurrenceError::Position);
        }
        Ok(())
    }

    fn check_weekdays(&self) -> Result<(), RecurrenceError> {
        let max = match self.frequency {
            Frequency::Daily | Frequency::Weekly => 0,
            Frequency::Yearly if self.months.is_empty() => IN_YEAR_MAX,
            Frequency::Monthly | Frequency::Yearly => IN_MONTH_MAX,
        };
        let mut numbered = self.weekdays.iter().filter_map(|day| day.nth);
        let allowed = 1..=max.unsigned_abs();
        if numbered.all(|nth| allowed.contains(&nth.unsigned_abs())) {
            return Ok(());
        }
        Err(match max {
            0 => RecurrenceError::NthOfWeek,
            _ => RecurrenceError::Nth { max },
        })
    }
}

fn sort<T: Ord>(list: &mut Vec<T>) {
    list.sort_unstable();
    list.dedup();
}
