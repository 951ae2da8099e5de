//! What a person should know about a rule whose dates are not in every turn.

use jiff::civil::DateTime;

use super::rule::Frequency;
use super::{Recurrence, Rule};

/// What is worth saying beside the dates of a series.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Remark {
    /// Some months have no such day, and are left out.
    ShortMonths,
    /// The day is 29 February, which most years lack.
    LeapDay,
    /// Some months have no fifth one of that weekday.
    NoFifth,
}

impl Remark {
    /// One sentence for the organiser.
    #[must_use]
    pub const fn sentence(self) -> &'static str {
        match self {
            Self::ShortMonths => {
                "Months without that day are left out; write \"the last day\" for the end of each \
                 month."
            }
            Self::LeapDay => "Only leap years have a 29 February; other years are left out.",
            Self::NoFifth => {
                "Months without a fifth one are left out; write \"last\" for the last one of each \
                 month."
            }
        }
    }
}

impl Recurrence {
    /// What the organiser of a series that begins at `start` should know about its rule.
    #[must_use]
    pub fn remark(&self, start: DateTime) -> Option<Remark> {
        let rule = self.rule();
        if !matches!(rule.frequency, Frequency::Monthly | Frequency::Yearly) {
            return None;
        }
        let of_month = rule.frequency == Frequency::Monthly || !rule.months.is_empty();
        let is_fifth = |nth: Option<i8>| nth.is_some_and(|nth| nth.unsigned_abs() == 5);
        if of_month && rule.weekdays.iter().any(|day| is_fifth(day.nth)) {
            return Some(Remark::NoFifth);
        }
        let (days, months) = said_or_implied(rule, start);
        let lacking = |day: u8| months.iter().any(|month| day > shortest(*month));
        let last = days.iter().map(|day| day.unsigned_abs()).max().filter(|day| lacking(*day));
        match (last, months.as_slice()) {
            (Some(29), [2]) => Some(Remark::LeapDay),
            (Some(_), _) => Some(Remark::ShortMonths),
            (None, _) => None,
        }
    }
}

/// The days of the month and the months that count.
fn said_or_implied(rule: &Rule, start: DateTime) -> (Vec<i8>, Vec<i8>) {
    let by_start = rule.month_days.is_empty() && rule.weekdays.is_empty();
    let days = if by_start { vec![start.day()] } else { rule.month_days.clone() };
    let months = match rule.frequency {
        _ if !rule.months.is_empty() => rule.months.clone(),
        Frequency::Yearly if by_start => vec![start.month()],
        Frequency::Daily | Frequency::Weekly | Frequency::Monthly | Frequency::Yearly => {
            (1..=12).collect()
        }
    };
    (days, months)
}

/// The fewest days that a month has.
const fn shortest(month: i8) -> u8 {
    match month {
        2 => 28,
        4 | 6 | 9 | 11 => 30,
        _ => 31,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dates_that_are_not_in_every_turn_are_remarked_on() {
        let cases = [
            ("FREQ=MONTHLY;BYMONTHDAY=31", "2026-12-01T20:00", Some(Remark::ShortMonths)),
            ("FREQ=MONTHLY;BYMONTHDAY=15,29", "2026-12-01T20:00", Some(Remark::ShortMonths)),
            ("FREQ=MONTHLY;BYMONTHDAY=-30", "2026-12-01T20:00", Some(Remark::ShortMonths)),
            ("FREQ=MONTHLY", "2027-01-30T20:00", Some(Remark::ShortMonths)),
            ("FREQ=MONTHLY;BYMONTH=1,3;BYMONTHDAY=31", "2026-12-01T20:00", None),
            ("FREQ=MONTHLY;BYMONTHDAY=-1", "2026-12-01T20:00", None),
            ("FREQ=MONTHLY;BYMONTHDAY=28", "2026-12-01T20:00", None),
            ("FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=29", "2026-12-01T20:00", Some(Remark::LeapDay)),
            ("FREQ=YEARLY", "2028-02-29T20:00", Some(Remark::LeapDay)),
            ("FREQ=YEARLY", "2027-12-31T20:00", None),
            ("FREQ=MONTHLY;BYDAY=5FR", "2026-12-01T20:00", Some(Remark::NoFifth)),
            ("FREQ=MONTHLY;BYDAY=4FR", "2026-12-31T20:00", None),
            ("FREQ=YEARLY;BYDAY=5FR", "2026-12-01T20:00", None),
            ("FREQ=DAILY", "2026-12-31T20:00", None),
        ];
        for (rule, start, remark) in cases {
            let series = Recurrence::from_text(&format!("RRULE:{rule}")).unwrap();
            assert_eq!(series.remark(start.parse().unwrap()), remark, "{rule} from {start}");
        }
    }
}
