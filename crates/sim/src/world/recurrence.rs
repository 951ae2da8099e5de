//! How native scheduled events repeat: the few rules that Discord knows, in UTC.

use jiff::civil::{Date, Weekday};
use jiff::tz::TimeZone;
use jiff::{Timestamp, ToSpan};

/// How often an event repeats.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Frequency {
    /// Every year, in one month on one day.
    Yearly,
    /// Every month, on one weekday of one of its weeks.
    Monthly,
    /// Every week or every second one.
    Weekly,
    /// Every day, or on some days of the week.
    Daily,
}

impl Frequency {
    /// The number on the wire.
    #[must_use]
    pub const fn number(self) -> u8 {
        match self {
            Self::Yearly => 0,
            Self::Monthly => 1,
            Self::Weekly => 2,
            Self::Daily => 3,
        }
    }
}

/// A rule as Discord takes it (Discord docs: guild scheduled event recurrence rule). Days of the
/// week count from Monday, which is 0.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Recurrence {
    /// When it begins.
    pub start: Timestamp,
    /// How often.
    pub frequency: Frequency,
    /// Every how many weeks; 1 otherwise.
    pub interval: u8,
    /// On which days of the week.
    pub by_weekday: Vec<i8>,
    /// In which week of the month, 5 being the last, and on which day of it.
    pub by_n_weekday: Option<(i8, i8)>,
    /// In which month.
    pub by_month: Option<i8>,
    /// On which day of that month.
    pub by_month_day: Option<i8>,
}

impl Recurrence {
    /// When the event takes place after it did at `start`; at the same time of day in UTC.
    #[must_use]
    pub fn after(&self, start: Timestamp) -> Option<Timestamp> {
        let at = TimeZone::UTC.to_datetime(start);
        let date = at.date();
        let next = match self.frequency {
            Frequency::Daily => self.next_day(date),
            Frequency::Weekly => date.checked_add(i64::from(self.interval).weeks()).ok(),
            Frequency::Monthly => self.next_month(date),
            Frequency::Yearly => self.next_year(date),
        };
        TimeZone::UTC.to_timestamp(next?.to_datetime(at.time())).ok()
    }

    fn next_day(&self, date: Date) -> Option<Date> {
        let days = (1..=7_i64).filter_map(|days| date.checked_add(days.days()).ok());
        let fits = |date: &Date| {
            let day = date.weekday().to_monday_zero_offset();
            self.by_weekday.is_empty() || self.by_weekday.contains(&day)
        };
        days.into_iter().find(fits)
    }

    /// The fifth week of a month is its last.
    fn next_month(&self, date: Date) -> Option<Date> {
        let (nth, day) = self.by_n_weekday?;
        let nth = if nth == 5 { -1 } else { nth };
        let day = Weekday::from_monday_zero_offset(day).ok()?;
        let month = date.first_of_month().checked_add(1.month()).ok()?;
        month.nth_weekday_of_month(nth, day).ok()
    }

    /// The next year that has such a day: not every one has a 29 February.
    fn next_year(&self, date: Date) -> Option<Date> {
        let (month, day) = (self.by_month?, self.by_month_day?);
        (1..=8_i16).find_map(|n| Date::new(date.year().checked_add(n)?, month, day).ok())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rule(frequency: Frequency) -> Recurrence {
        Recurrence {
            start: at("2027-01-29"),
            frequency,
            interval: 1,
            by_weekday: Vec::new(),
            by_n_weekday: None,
            by_month: None,
            by_month_day: None,
        }
    }

    fn at(day: &str) -> Timestamp {
        format!("{day}T18:00:00Z").parse().unwrap()
    }

    #[test]
    fn each_rule_leads_to_its_next_date() {
        let weekend = Recurrence { by_weekday: vec![5, 6], ..rule(Frequency::Daily) };
        let fortnightly = Recurrence { interval: 2, ..rule(Frequency::Weekly) };
        let last_friday = Recurrence { by_n_weekday: Some((5, 4)), ..rule(Frequency::Monthly) };
        let leap =
            Recurrence { by_month: Some(2), by_month_day: Some(29), ..rule(Frequency::Yearly) };
        for (rule, from, to) in [
            (rule(Frequency::Daily), "2027-01-29", "2027-01-30"),
            (weekend.clone(), "2027-01-29", "2027-01-30"),
            (weekend, "2027-01-31", "2027-02-06"),
            (fortnightly, "2027-01-29", "2027-02-12"),
            (last_friday, "2027-01-29", "2027-02-26"),
            (leap, "2028-02-29", "2032-02-29"),
        ] {
            assert_eq!(rule.after(at(from)), Some(at(to)), "{rule:?} after {from}");
        }
    }
}
