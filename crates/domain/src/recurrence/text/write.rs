//! Writes a rule as RFC 5545 has it, in one form only, so that equal series have equal texts.

use std::collections::BTreeSet;
use std::fmt::Display;

use jiff::civil::{Date, DateTime, Weekday};

use super::parts::WEEKDAYS;
use crate::recurrence::rule::{End, Frequency, NthWeekday, Rule};
use crate::recurrence::{DayOrTime, Recurrence};

impl Recurrence {
    /// The series as lines of RFC 5545, its times on the wall clock of its zone: what is stored.
    ///
    /// [`from_text`](Self::from_text) gives the same series back.
    #[must_use]
    pub fn to_text(&self) -> String {
        let mut lines = vec![format!("RRULE:{}", self.rule)];
        dates("EXDATE", &self.excluded, &mut lines);
        dates("RDATE", &self.added, &mut lines);
        lines.join("\n")
    }
}

impl Display for Rule {
    /// The rule without its exceptions: `FREQ=WEEKLY;INTERVAL=2;BYDAY=TU,TH`.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let frequency = match self.frequency {
            Frequency::Daily => "DAILY",
            Frequency::Weekly => "WEEKLY",
            Frequency::Monthly => "MONTHLY",
            Frequency::Yearly => "YEARLY",
        };
        write!(f, "FREQ={frequency}")?;
        if self.interval != 1 {
            write!(f, ";INTERVAL={}", self.interval)?;
        }
        list(f, "BYMONTH", &self.months)?;
        list(f, "BYMONTHDAY", &self.month_days)?;
        list(f, "BYDAY", &self.weekdays)?;
        list(f, "BYSETPOS", &self.positions)?;
        if self.week_start != Weekday::Monday {
            write!(f, ";WKST={}", weekday(self.week_start))?;
        }
        match self.end {
            End::Never => Ok(()),
            End::Count(count) => write!(f, ";COUNT={count}"),
            End::Until(last) => write!(f, ";UNTIL={}", stamp(last)),
        }
    }
}

impl Display for NthWeekday {
    /// `TU`, `-1SU`
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        if let Some(nth) = self.nth {
            write!(f, "{nth}")?;
        }
        f.write_str(weekday(self.weekday))
    }
}

fn list<T: Display>(f: &mut std::fmt::Formatter<'_>, name: &str, values: &[T]) -> std::fmt::Result {
    let written: Vec<String> = values.iter().map(ToString::to_string).collect();
    if written.is_empty() { Ok(()) } else { write!(f, ";{name}={}", written.join(",")) }
}

fn dates(name: &str, dates: &BTreeSet<DayOrTime>, lines: &mut Vec<String>) {
    let days = |what: &DayOrTime| match what {
        DayOrTime::Day(day) => Some(date(*day)),
        DayOrTime::Time(_) => None,
    };
    let times = |what: &DayOrTime| match what {
        DayOrTime::Day(_) => None,
        DayOrTime::Time(wall) => Some(stamp(*wall)),
    };
    let days: Vec<String> = dates.iter().filter_map(days).collect();
    let times: Vec<String> = dates.iter().filter_map(times).collect();
    if !days.is_empty() {
        lines.push(format!("{name};VALUE=DATE:{}", days.join(",")));
    }
    if !times.is_empty() {
        lines.push(format!("{name}:{}", times.join(",")));
    }
}

fn weekday(weekday: Weekday) -> &'static str {
    let known = WEEKDAYS.iter().find(|(_, known)| *known == weekday);
    known.map_or("MO", |(name, _)| name)
}

fn date(day: Date) -> String {
    format!("{:04}{:02}{:02}", day.year(), day.month(), day.day())
}

fn stamp(wall: DateTime) -> String {
    let (hour, minute, second) = (wall.hour(), wall.minute(), wall.second());
    format!("{}T{hour:02}{minute:02}{second:02}", date(wall.date()))
}
