//! Which days of one stretch of time a rule picks, once the start has filled in what is not said.

use jiff::civil::{Date, DateTime, Weekday};

use super::rule::{Frequency, NthWeekday, Rule};

/// A rule with everything said.
#[derive(Clone, Debug)]
pub(super) struct Pattern {
    pub(super) frequency: Frequency,
    pub(super) months: Vec<i8>,
    month_days: Vec<i8>,
    weekdays: Vec<NthWeekday>,
    positions: Vec<i16>,
    /// Whether numbered weekdays are those of the year and not of the month.
    of_year: bool,
}

impl Pattern {
    pub(super) fn new(rule: &Rule, start: DateTime) -> Self {
        let mut pattern = Self {
            frequency: rule.frequency,
            months: rule.months.clone(),
            month_days: rule.month_days.clone(),
            weekdays: rule.weekdays.clone(),
            positions: rule.positions.clone(),
            of_year: rule.frequency == Frequency::Yearly && rule.months.is_empty(),
        };
        if rule.month_days.is_empty() && rule.weekdays.is_empty() {
            pattern.take_day_of(start);
        }
        pattern
    }

    fn take_day_of(&mut self, start: DateTime) {
        match self.frequency {
            Frequency::Daily => {}
            Frequency::Weekly => self.weekdays = vec![NthWeekday::every(start.weekday())],
            Frequency::Monthly => self.month_days = vec![start.day()],
            Frequency::Yearly => {
                self.month_days = vec![start.day()];
                if self.months.is_empty() {
                    self.months = vec![start.month()];
                }
            }
        }
    }

    /// The days that are picked from the stretch that begins on this day, in order.
    pub(super) fn days_of(&self, first: Date) -> Vec<Date> {
        let days = match self.frequency {
            Frequency::Daily => self.matching(first, 1),
            Frequency::Weekly => self.matching(first, 7),
            Frequency::Monthly => self.matching(first, first.days_in_month()),
            Frequency::Yearly => self.matching_in_year(first.year()),
        };
        if self.positions.is_empty() { days } else { self.placed(&days) }
    }

    fn matching(&self, first: Date, days: i8) -> Vec<Date> {
        let all = std::iter::successors(Some(first), |day| day.tomorrow().ok());
        let all = (0..days).zip(all).map(|(_, day)| day);
        all.filter(|day| self.matches(*day)).collect()
    }

    fn matching_in_year(&self, year: i16) -> Vec<Date> {
        let months = (1..=12).filter(|month| self.has_month(*month));
        let firsts = months.filter_map(|month| Date::new(year, month, 1).ok());
        let days = firsts.flat_map(|first| self.matching(first, first.days_in_month()));
        days.collect()
    }

    pub(super) fn has_month(&self, month: i8) -> bool {
        self.months.is_empty() || self.months.contains(&month)
    }

    fn matches(&self, day: Date) -> bool {
        self.has_month(day.month()) && self.has_month_day(day) && self.has_weekday(day)
    }

    fn has_month_day(&self, day: Date) -> bool {
        let from_end = day.day() - day.days_in_month() - 1;
        let is = |wanted: &i8| *wanted == day.day() || *wanted == from_end;
        self.month_days.is_empty() || self.month_days.iter().any(is)
    }

    fn has_weekday(&self, day: Date) -> bool {
        let weekday = day.weekday();
        let is = |wanted: &NthWeekday| {
            wanted.weekday == weekday && wanted.nth.is_none_or(|nth| self.is_nth(day, nth))
        };
        self.weekdays.is_empty() || self.weekdays.iter().any(is)
    }

    /// Whether the day is the nth of its weekday.
    fn is_nth(&self, day: Date, nth: i8) -> bool {
        let (number, days) = if self.of_year {
            (day.day_of_year(), day.days_in_year())
        } else {
            (day.day().into(), day.days_in_month().into())
        };
        let nth = i16::from(nth);
        (number - 1) / 7 + 1 == nth || -((days - number) / 7 + 1) == nth
    }

    fn placed(&self, days: &[Date]) -> Vec<Date> {
        let at = |place: &i16| {
            let back = usize::from(place.unsigned_abs()) - 1;
            let index = if *place > 0 { Some(back) } else { days.len().checked_sub(back + 1) };
            days.get(index?).copied()
        };
        let mut picked: Vec<Date> = self.positions.iter().filter_map(at).collect();
        picked.sort_unstable();
        picked.dedup();
        picked
    }
}

/// The day on which the week of another one begins.
pub(super) fn week_of(day: Date, week_start: Weekday) -> Option<Date> {
    let into = day.weekday().since(week_start);
    day.checked_sub(jiff::Span::new().days(into)).ok()
}
