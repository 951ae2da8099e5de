//! Reports: which days they are about, and what is said of the numbers.

use std::ops::Range;

use jiff::civil::{Date, Weekday};
use jiff::tz::TimeZone;
use jiff::{Span, Timestamp};

use crate::limits::REPORT_WEEKS;

/// How many days of a week a report is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Stretch {
    /// Monday to Sunday.
    Week,
    /// Monday to Wednesday.
    Midweek,
}

impl Stretch {
    const fn days(self) -> i64 {
        match self {
            Self::Week => 7,
            Self::Midweek => 3,
        }
    }
}

/// One day or week, as a date and as instants.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Slice {
    /// Its first day.
    pub begins: Date,
    /// From its first instant to that of what follows.
    pub time: Range<Timestamp>,
}

/// The days of a report, in a zone.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Period {
    /// Each day, from Monday on.
    pub days: Vec<Slice>,
    /// The [`REPORT_WEEKS`] weeks that end with the one of the report, oldest first, each of as
    /// many days as the report.
    pub weeks: Vec<Slice>,
}

impl Period {
    /// The days of the week in which `day` lies; `None` at the ends of time.
    #[must_use]
    pub fn of(stretch: Stretch, day: Date, zone: &TimeZone) -> Option<Self> {
        let monday = monday_of(day)?;
        let days = (0..stretch.days()).map(|after| slice(plus(monday, after)?, 1, zone));
        let weeks = (0..REPORT_WEEKS).rev().map(|before| {
            let begins = plus(monday, -7 * i64::from(before))?;
            slice(begins, stretch.days(), zone)
        });
        Some(Self { days: days.collect::<Option<_>>()?, weeks: weeks.collect::<Option<_>>()? })
    }

    /// From the first instant to that of what follows.
    #[must_use]
    pub fn time(&self) -> Range<Timestamp> {
        let first = self.days.first().map_or(Timestamp::MIN, |day| day.time.start);
        let last = self.days.last().map_or(Timestamp::MIN, |day| day.time.end);
        first..last
    }

    /// The weeks from their first instant to the end of the report.
    #[must_use]
    pub fn time_of_weeks(&self) -> Range<Timestamp> {
        let whole = self.time();
        self.weeks.first().map_or(whole.start, |week| week.time.start)..whole.end
    }
}

fn slice(begins: Date, days: i64, zone: &TimeZone) -> Option<Slice> {
    let at = |date: Date| Some(date.to_zoned_datetime(zone.clone()).ok()?.timestamp());
    Some(Slice { begins, time: at(begins)?..at(plus(begins, days)?)? })
}

fn plus(date: Date, days: i64) -> Option<Date> {
    date.checked_add(Span::new().try_days(days).ok()?).ok()
}

/// The Monday of the week in which a day lies.
#[must_use]
pub fn monday_of(day: Date) -> Option<Date> {
    plus(day, -i64::from(day.weekday().since(Weekday::Monday)))
}

/// The day that was named: "this" or nothing, "last" for a week before, or a date (2026-11-23).
#[must_use]
pub fn named_day(words: &str, today: Date) -> Option<Date> {
    match words.trim().to_lowercase().as_str() {
        "" | "this" | "this week" => Some(today),
        "last" | "last week" => plus(today, -7),
        date => date.parse().ok(),
    }
}

/// How often somebody came, of how many times they could have.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Share {
    /// Times that it was so.
    pub of: usize,
    /// All times.
    pub all: usize,
}

impl Share {
    /// In whole per cent, rounded; `None` of nothing.
    #[must_use]
    pub fn percent(self) -> Option<usize> {
        let Self { of, all } = self;
        (all > 0).then(|| of.saturating_mul(100).saturating_add(all / 2) / all)
    }
}

/// Where a number goes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Trend {
    /// By so many per cent of what it was.
    Up(usize),
    /// By so many per cent of what it was.
    Down(usize),
    /// By less than 10 per cent.
    Steady,
}

/// What is counted in one week.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Counted {
    /// Events of the week.
    pub events: usize,
    /// What they amount to, such as members who answered.
    pub amount: usize,
}

/// Some weeks beside as many before them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Comparison {
    /// How many weeks each half has.
    pub weeks: usize,
    /// Where the amount of a week goes.
    pub trend: Trend,
}

/// Compares the later half of some weeks, oldest first, with the earlier one: what a week with
/// events amounts to. Weeks that are not over at `now` say nothing yet, and those without events
/// say nothing at all: `None` if one half has no others, or if the earlier amounts to nothing.
#[must_use]
pub fn compared(
    weeks: &[Slice],
    counted: impl IntoIterator<Item = Counted>,
    now: Timestamp,
) -> Option<Comparison> {
    let over = weeks.iter().zip(counted).filter(|(week, _)| week.time.end <= now);
    let over: Vec<_> = over.map(|(_, counted)| counted).collect();
    let half = over.len() / 2;
    // Of an odd number, the oldest week is left out.
    let (before, after) = over.get(over.len() % 2..)?.split_at_checked(half)?;
    let [(before, weeks_before), (after, weeks_after)] = [before, after].map(of_busy_weeks);
    // The averages of both, brought to a common denominator.
    let (earlier, later) = (before.saturating_mul(weeks_after), after.saturating_mul(weeks_before));
    let change = Share { of: earlier.abs_diff(later), all: earlier }.percent();
    let trend = match change? {
        0..10 => Trend::Steady,
        percent if later > earlier => Trend::Up(percent),
        percent => Trend::Down(percent),
    };
    Some(Comparison { weeks: half, trend })
}

/// What the weeks with events amount to together, and how many they are.
fn of_busy_weeks(weeks: &[Counted]) -> (usize, usize) {
    let busy = weeks.iter().filter(|week| week.events > 0);
    busy.fold((0, 0), |(amount, weeks), week| (week.amount.saturating_add(amount), weeks + 1))
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;
    use proptest::prelude::*;

    use super::*;
    use crate::zone::Zone;

    fn berlin() -> TimeZone {
        Zone::parse("Europe/Berlin").unwrap().rules().clone()
    }

    #[test]
    fn a_week_is_seven_local_days_from_monday_and_a_midweek_three() {
        let sunday = date(2026, 11, 29);
        let week = Period::of(Stretch::Week, sunday, &berlin()).unwrap();
        assert_eq!((week.days.len(), week.weeks.len()), (7, 8));
        assert_eq!(week.days[0].begins, date(2026, 11, 23));
        let time = week.time();
        assert_eq!(time.start.to_string(), "2026-11-22T23:00:00Z");
        assert_eq!(time.end.to_string(), "2026-11-29T23:00:00Z");
        assert_eq!(week.weeks[7].time, time);
        assert_eq!(week.weeks[0].begins, date(2026, 10, 5));
        let midweek = Period::of(Stretch::Midweek, sunday, &berlin()).unwrap();
        assert_eq!(midweek.days.len(), 3);
        assert_eq!(midweek.time().end.to_string(), "2026-11-25T23:00:00Z");
        assert_eq!(midweek.weeks[0].time.end.to_string(), "2026-10-07T22:00:00Z");
    }

    #[test]
    fn the_week_in_which_clocks_change_has_an_hour_less_or_more() {
        let hours = |day| {
            let week = Period::of(Stretch::Week, day, &berlin()).unwrap();
            week.time().end.duration_since(week.time().start).as_hours()
        };
        assert_eq!([hours(date(2027, 3, 28)), hours(date(2026, 10, 25))], [167, 169]);
    }

    #[test]
    fn a_week_is_named_in_words_or_by_a_date() {
        let today = date(2026, 11, 29);
        let named = ["", "this", " Last ", "last week", "2026-01-01"].map(|w| named_day(w, today));
        let last = date(2026, 11, 22);
        assert_eq!(named.map(Option::unwrap), [today, today, last, last, date(2026, 1, 1)]);
        assert_eq!([named_day("soon", today), named_day("2026-13-01", today)], [None, None]);
    }

    #[test]
    fn the_ends_of_time_are_no_week() {
        assert_eq!(Period::of(Stretch::Week, Date::MAX, &berlin()), None);
        assert_eq!(Period::of(Stretch::Week, Date::MIN, &berlin()), None);
    }

    #[test]
    fn shares_are_rounded_and_of_nothing_there_is_none() {
        let percent = |of, all| Share { of, all }.percent();
        assert_eq!([percent(2, 3), percent(1, 3), percent(0, 5)], [Some(67), Some(33), Some(0)]);
        assert_eq!([percent(5, 5), percent(0, 0)], [Some(100), None]);
    }

    /// Eight weeks compared on a day of November 2026, whose weeks begin on the 2nd, the 9th and so
    /// on; a week of `None` had no events.
    fn trend_on(day: i8, amounts: [Option<usize>; 8]) -> Option<(usize, Trend)> {
        let week = Period::of(Stretch::Week, date(2026, 11, 29), &berlin()).unwrap();
        let now = berlin().to_timestamp(date(2026, 11, day).at(12, 0, 0, 0)).unwrap();
        let counted = |amount: Option<usize>| Counted {
            events: usize::from(amount.is_some()),
            amount: amount.unwrap_or_default(),
        };
        let found = compared(&week.weeks, amounts.map(counted), now)?;
        Some((found.weeks, found.trend))
    }

    fn trend(amounts: [usize; 8]) -> Option<(usize, Trend)> {
        let end = date(2026, 11, 30).at(0, 0, 0, 0);
        let week = Period::of(Stretch::Week, date(2026, 11, 29), &berlin()).unwrap();
        let counted = amounts.map(|amount| Counted { events: 2, amount });
        let found = compared(&week.weeks, counted, berlin().to_timestamp(end).unwrap())?;
        Some((found.weeks, found.trend))
    }

    #[test]
    fn a_trend_compares_two_halves() {
        assert_eq!(trend([10, 10, 10, 10, 12, 12, 12, 12]), Some((4, Trend::Up(20))));
        assert_eq!(trend([10, 10, 10, 10, 5, 5, 5, 5]), Some((4, Trend::Down(50))));
        assert_eq!(trend([100, 100, 100, 100, 109, 109, 109, 109]), Some((4, Trend::Steady)));
        assert_eq!(trend([0, 0, 0, 0, 3, 4, 3, 4]), None);
        assert_eq!(compared(&[], [], Timestamp::UNIX_EPOCH), None);
    }

    #[test]
    fn a_week_that_is_not_over_is_not_compared() {
        let weeks = [10, 10, 10, 10, 10, 10, 10, 1].map(Some);
        assert_eq!([23, 29].map(|day| trend_on(day, weeks)), [Some((3, Trend::Steady)); 2]);
        // Of a report on the week to come, two weeks are not over.
        let weeks = [10, 10, 10, 10, 10, 10, 2, 1].map(Some);
        assert_eq!(trend_on(16, weeks), Some((3, Trend::Steady)));
    }

    #[test]
    fn weeks_without_events_say_nothing() {
        let (full, none) = (Some(10), None);
        let for_four_weeks = [none, none, none, full, full, full, full, none];
        assert_eq!(trend_on(23, for_four_weeks), Some((3, Trend::Steady)));
        let every_other = [none, full, none, full, none, full, none, full];
        assert_eq!(trend_on(23, every_other), Some((3, Trend::Steady)));
        assert_eq!(trend_on(23, [none, none, none, none, full, full, full, full]), None);
        assert_eq!(trend_on(23, [full, full, full, full, none, none, none, none]), None);
    }

    proptest! {
        #[test]
        fn every_day_lies_in_its_own_week_and_weeks_follow_each_other(days in -300_000_i64..300_000) {
            let day = plus(date(2026, 11, 29), days).unwrap();
            let week = Period::of(Stretch::Week, day, &berlin()).unwrap();
            prop_assert!(week.days.iter().any(|slice| slice.begins == day));
            let slices = week.days.iter().zip(week.days.iter().skip(1));
            for (one, next) in slices.chain(week.weeks.iter().zip(week.weeks.iter().skip(1))) {
                prop_assert_eq!(one.time.end, next.time.start);
            }
        }
    }
}
