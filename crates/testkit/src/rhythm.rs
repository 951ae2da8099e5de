//! Days of the week at a time of day, worked out without the product's own code.

use std::collections::BTreeSet;

use jiff::civil::{Date, DateTime, Time};
use jiff::{Span, Timestamp};
use muster_domain::zone::Zone;

use crate::season::instant_of;

/// The names of the days in RFC 5545, from Monday on.
const NAMES: [&str; 7] = ["MO", "TU", "WE", "TH", "FR", "SA", "SU"];

/// On which days of the week, at which time of day.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Rhythm {
    /// The days by their number, Monday being 1.
    pub(crate) days: BTreeSet<i8>,
    /// The time; `None` where nobody said which.
    pub(crate) time: Option<Time>,
}

impl Rhythm {
    /// Every day at this time.
    pub(crate) fn daily(time: Option<Time>) -> Self {
        Self { days: (1..=7).collect(), time }
    }

    /// Whether this is one of its days.
    pub(crate) fn has_day(&self, day: Date) -> bool {
        self.days.contains(&day.weekday().to_monday_one_offset())
    }

    /// The days of a rule of RFC 5545 that has days of the week and nothing else.
    pub(crate) fn days_of_rule(text: &str) -> Option<BTreeSet<i8>> {
        let rule = text.lines().find_map(|line| line.strip_prefix("RRULE:FREQ="))?;
        if rule == "DAILY" {
            return Some((1..=7).collect());
        }
        let number = |name: &str| (1..).zip(NAMES).find(|(_, known)| *known == name);
        let days = rule.strip_prefix("WEEKLY;BYDAY=")?.split(',');
        days.map(|name| number(name).map(|(day, _)| day)).collect()
    }

    /// The times that a rule of RFC 5545 leaves out one by one.
    pub(crate) fn left_out_of_rule(text: &str) -> BTreeSet<DateTime> {
        let lists = text.lines().filter_map(|line| line.strip_prefix("EXDATE:"));
        lines_of(lists).filter_map(|time| time.parse().ok()).collect()
    }
}

fn lines_of<'a>(lists: impl Iterator<Item = &'a str>) -> impl Iterator<Item = &'a str> {
    lists.flat_map(|list| list.split(','))
}

/// When an occurrence is posted, seen from its start.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum PostedAt {
    /// So many days before its day, at that time.
    Day(i32, Time),
    /// So many minutes before.
    Minutes(i64),
}

impl PostedAt {
    /// When it is to be posted that starts then, in milliseconds since 1970. What would not be
    /// before the start is posted the day before.
    pub(crate) fn due_ms(self, start: Timestamp, zone: &Zone) -> Option<i64> {
        match self {
            Self::Minutes(minutes) => Some(start.as_millisecond() - minutes * 60_000),
            Self::Day(days, time) => {
                let day = zone.rules().to_datetime(start).date();
                let at = |days: i32| {
                    let day = day.checked_sub(Span::new().days(days)).ok()?;
                    instant_of(zone, day.to_datetime(time))
                };
                let due = at(days).filter(|due| *due < start).or_else(|| at(days + 1));
                due.map(Timestamp::as_millisecond)
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use jiff::civil::time;

    use super::*;

    #[test]
    fn rules_of_days_are_read_and_others_are_not() {
        let days = |text: &str| Rhythm::days_of_rule(text).map(Vec::from_iter);
        assert_eq!(days("RRULE:FREQ=WEEKLY;BYDAY=TU,SU"), Some(vec![2, 7]));
        assert_eq!(days("RRULE:FREQ=DAILY").map(|days| days.len()), Some(7));
        assert_eq!(days("RRULE:FREQ=DAILY;COUNT=3"), None);
        assert_eq!(days("RRULE:FREQ=WEEKLY;BYDAY=1TU"), None);
        let out = "RRULE:FREQ=DAILY\nEXDATE:20261124T200000,20261126T200000";
        assert_eq!(Rhythm::left_out_of_rule(out).len(), 2);
    }

    #[test]
    fn a_post_is_due_by_the_clock_on_the_wall_and_before_the_start() {
        let zone = Zone::parse("Europe/Berlin").unwrap();
        let due = |posted: PostedAt, start: &str| {
            let due = posted.due_ms(start.parse().unwrap(), &zone).unwrap();
            Timestamp::from_millisecond(due).unwrap().to_string()
        };
        let nine = PostedAt::Day(0, time(9, 0, 0, 0));
        assert_eq!(due(nine, "2026-10-25T19:00:00Z"), "2026-10-25T08:00:00Z");
        assert_eq!(due(nine, "2026-10-25T06:00:00Z"), "2026-10-24T07:00:00Z");
        assert_eq!(due(PostedAt::Minutes(30), "2026-10-25T01:10:00Z"), "2026-10-25T00:40:00Z");
    }
}
