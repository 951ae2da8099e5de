//! Properties over generated rules, judged by a matcher that looks at every day of a few years and
//! knows nothing of how rules are walked.

use jiff::ToSpan;
use jiff::civil::{Date, DateTime, Weekday, date};
use jiff::tz::TimeZone;
use proptest::collection::{btree_set, vec};
use proptest::option;
use proptest::prelude::*;
use proptest::sample::subsequence;

use super::phrases::Section;
use crate::recurrence::{End, Frequency, NthWeekday, Recurrence, Rule, Understood};

/// Days that the matcher looks at: a little over two years, for most starts a leap day among them.
const DAYS: i32 = 800;

fn weekday() -> impl Strategy<Value = Weekday> {
    (1_i8..=7).prop_map(|day| Weekday::from_monday_one_offset(day).unwrap())
}

fn frequency() -> impl Strategy<Value = Frequency> {
    use Frequency::{Daily, Monthly, Weekly, Yearly};
    prop_oneof![Just(Daily), Just(Weekly), Just(Monthly), Just(Yearly)]
}

fn month_days() -> impl Strategy<Value = Vec<i8>> {
    vec(prop_oneof![1_i8..=31, -31_i8..=-1], 0..4)
}

fn end() -> impl Strategy<Value = End> {
    let until = (0_i32..DAYS, 0_i8..24);
    prop_oneof![
        Just(End::Never),
        (1_u16..60).prop_map(End::Count),
        until.prop_map(|(days, hour)| { End::Until(start_date(days).at(hour, 0, 0, 0)) }),
    ]
}

fn start_date(days: i32) -> Date {
    date(2025, 1, 1).checked_add(days.days()).unwrap()
}

/// Any rule that makes sense.
fn rule() -> impl Strategy<Value = Rule> {
    let numbered = prop_oneof![3 => Just(None), 1 => (-5_i8..=5).prop_map(Some)];
    let weekdays = vec((numbered, weekday()), 0..5);
    let months = prop_oneof![2 => Just(Vec::new()), 1 => vec(1_i8..=12, 1..5)];
    let places =
        prop_oneof![3 => Just(Vec::new()), 1 => vec(prop_oneof![1_i16..6, -5_i16..0], 1..3)];
    let lists = (months, month_days(), weekdays, places);
    let interval = prop_oneof![2 => Just(1), 1 => 2_u16..8];
    (frequency(), interval, lists, weekday(), end()).prop_filter_map(
        "it contradicts itself",
        |(frequency, interval, (months, month_days, weekdays, positions), week_start, end)| {
            let counts_in = matches!(frequency, Frequency::Monthly | Frequency::Yearly);
            let numbered = |(nth, weekday): (Option<i8>, Weekday)| NthWeekday {
                nth: nth.filter(|nth| counts_in && *nth != 0),
                weekday,
            };
            let weekdays = weekdays.into_iter().map(numbered).collect();
            // More than these are mostly rules that never match, which are looked for long.
            let places_max = if frequency == Frequency::Daily { 1 } else { 3 };
            let in_turn = |place: i16| place.clamp(-places_max, places_max);
            let positions = positions.into_iter().map(in_turn).collect();
            let weekly = frequency == Frequency::Weekly;
            let month_days = if weekly { Vec::new() } else { month_days };
            let rule = Rule {
                frequency,
                interval,
                months,
                month_days,
                weekdays,
                positions,
                week_start,
                end,
            };
            Recurrence::new(rule.clone()).is_ok().then_some(rule)
        },
    )
}

fn start() -> impl Strategy<Value = DateTime> {
    (0_i32..800, 0_i8..24, 0_i8..60)
        .prop_map(|(days, hour, minute)| start_date(days).at(hour, minute, 0, 0))
}

/// A rule as the matcher understands it: its stretches are numbered, and every day asks for itself.
struct Matcher<'a> {
    rule: &'a Rule,
    start: Date,
}

impl Matcher<'_> {
    /// Which day, week, month or year a date lies in, counted from some beginning of time.
    fn stretch(&self, day: Date) -> i64 {
        let epoch = date(1970, 1, 1);
        let days = i64::from(epoch.until(day).unwrap().get_days());
        // The epoch is a Thursday: this many days after its week began.
        let into_week = i64::from(Weekday::Thursday.since(self.rule.week_start));
        match self.rule.frequency {
            Frequency::Daily => days,
            Frequency::Weekly => (days + into_week).div_euclid(7),
            Frequency::Monthly => i64::from(day.year()) * 12 + i64::from(day.month()),
            Frequency::Yearly => i64::from(day.year()),
        }
    }

    fn is_on_turn(&self, day: Date) -> bool {
        let away = self.stretch(day) - self.stretch(self.start);
        away % i64::from(self.rule.interval) == 0
    }

    fn fits(&self, day: Date) -> bool {
        let rule = self.rule;
        let says_day = !rule.month_days.is_empty() || !rule.weekdays.is_empty();
        let implied = match rule.frequency {
            _ if says_day => true,
            Frequency::Daily => true,
            Frequency::Weekly => day.weekday() == self.start.weekday(),
            Frequency::Monthly => day.day() == self.start.day(),
            Frequency::Yearly => {
                let month = rule.months.is_empty() && day.month() != self.start.month();
                day.day() == self.start.day() && !month
            }
        };
        let month = rule.months.is_empty() || rule.months.iter().any(|m| *m == day.month());
        let month_day = || {
            rule.month_days.is_empty()
                || rule.month_days.iter().any(|wanted| month_day(day, *wanted) == Some(day))
        };
        let weekday =
            || rule.weekdays.is_empty() || rule.weekdays.iter().any(|wanted| self.is(day, *wanted));
        implied && month && month_day() && weekday()
    }

    fn is(&self, day: Date, wanted: NthWeekday) -> bool {
        let Some(nth) = wanted.nth else {
            return day.weekday() == wanted.weekday;
        };
        let of_year = self.rule.frequency == Frequency::Yearly && self.rule.months.is_empty();
        let found = if of_year {
            // Counted in the year by walking from its end or its beginning.
            let first = if nth > 0 { day.first_of_year() } else { day.last_of_year() };
            let step = if nth > 0 { 1.day() } else { (-1).day() };
            let same = first.series(step).filter(|day| day.weekday() == wanted.weekday);
            same.take(usize::from(nth.unsigned_abs())).last()
        } else {
            day.nth_weekday_of_month(nth, wanted.weekday).ok()
        };
        found == Some(day)
    }

    /// Every date of the rule from the start on, for [`DAYS`] days.
    fn dates(&self) -> Vec<Date> {
        // From a stretch before the start, so that places in it can be counted.
        let margin = if self.rule.positions.is_empty() { 0 } else { 370 };
        let begin = self.start.checked_sub(margin.days()).unwrap();
        let days: Vec<Date> = begin
            .series(1.day())
            .take(usize::try_from(DAYS + 1 + 2 * margin).unwrap())
            .filter(|day| self.is_on_turn(*day) && self.fits(*day))
            .collect();
        let in_stretches = days.chunk_by(|a, b| self.stretch(*a) == self.stretch(*b));
        let placed = in_stretches.flat_map(|days| self.placed(days));
        let until = self.start.checked_add(DAYS.days()).unwrap();
        placed.filter(|day| *day >= self.start && *day <= until).collect()
    }

    fn placed(&self, days: &[Date]) -> Vec<Date> {
        let places = &self.rule.positions;
        let wanted = |index: usize| {
            let from_start = i16::try_from(index).unwrap() + 1;
            let from_end = from_start - i16::try_from(days.len()).unwrap() - 1;
            places.is_empty() || places.contains(&from_start) || places.contains(&from_end)
        };
        (0..days.len()).filter(|index| wanted(*index)).map(|index| days[index]).collect()
    }
}

fn month_day(day: Date, wanted: i8) -> Option<Date> {
    let number = if wanted > 0 { wanted } else { day.days_in_month() + 1 + wanted };
    Date::new(day.year(), day.month(), number).ok()
}

/// Whether each month of a rule has each of its days, in a leap year at least.
fn can_come_true(rule: &Rule) -> bool {
    let has = |month: i8| {
        let first = jiff::civil::date(2024, month, 1);
        rule.month_days.iter().all(|day| month_day(first, *day).is_some())
    };
    rule.months.iter().all(|month| has(*month))
}

/// What the matcher finds, with the end.
fn expected(rule: &Rule, start: DateTime) -> Vec<DateTime> {
    let dates = Matcher { rule, start: start.date() }.dates();
    let walls = dates.into_iter().map(|date| date.to_datetime(start.time()));
    match rule.end {
        End::Never => walls.collect(),
        End::Count(count) => walls.take(count.into()).collect(),
        End::Until(last) => walls.take_while(|wall| *wall <= last).collect(),
    }
}

/// What the engine finds in the same stretch of time.
fn found(series: &Recurrence, start: DateTime) -> Vec<DateTime> {
    let until = start.date().checked_add(DAYS.days()).unwrap();
    let zone = TimeZone::UTC;
    let walls = series.occurrences(start, &zone).map(|found| found.wall);
    walls.take_while(|wall| wall.date() <= until).collect()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2_000))]

    #[test]
    fn occurrences_are_what_every_day_on_its_own_says(rule in rule(), start in start()) {
        let series = Recurrence::new(rule.clone()).unwrap();
        let found = found(&series, start);
        prop_assert!(found.is_sorted_by(|a, b| a < b));
        prop_assert_eq!(found, expected(&rule, start), "{}", rule);
    }

    #[test]
    fn dates_are_left_out_and_added(
        rule in rule(),
        start in start(),
        out in btree_set(0_usize..12, 0..4),
        added in btree_set((0_i32..700, 0_i8..24), 0..4),
    ) {
        let mut series = Recurrence::new(rule.clone()).unwrap();
        let mut walls = expected(&rule, start);
        let out: Vec<DateTime> = out.iter().filter_map(|at| walls.get(*at).copied()).collect();
        for wall in &out {
            series = series.with_excluded(*wall).unwrap();
        }
        walls.retain(|wall| !out.contains(wall));
        for (days, hour) in added {
            let wall = start.date().checked_add(days.days()).unwrap().at(hour, 7, 0, 0);
            series = series.with_added(wall).unwrap();
            walls.extend((wall >= start).then_some(wall));
        }
        walls.sort_unstable();
        walls.dedup();
        prop_assert_eq!(found(&series, start), walls);
    }

    #[test]
    fn to_go_on_from_any_moment_is_to_walk_there(
        rule in rule(),
        start in start(),
        days in -40_i32..500,
        hour in 0_i8..24,
    ) {
        let series = Recurrence::new(rule).unwrap();
        let after = start.date().checked_add(days.days()).unwrap().at(hour, 0, 0, 0);
        let walked = series.occurrences(start, &TimeZone::UTC).find(|found| found.wall > after);
        prop_assert_eq!(series.next_after(start, &TimeZone::UTC, after), walked);
        let zone = TimeZone::UTC;
        let from = series.occurrences_from(start, &zone, after).take(3);
        let all = series.occurrences(start, &zone);
        let walked = all.skip_while(|found| found.wall < after).take(3);
        prop_assert_eq!(from.collect::<Vec<_>>(), walked.collect::<Vec<_>>());
    }

    #[test]
    fn a_series_is_read_back_from_its_text(
        rule in rule(),
        start in start(),
        days in vec(0_i32..900, 0..6),
    ) {
        let mut series = Recurrence::new(rule).unwrap();
        for (index, days) in days.iter().enumerate() {
            let wall = start.checked_add(days.days()).unwrap();
            series = match index % 2 {
                0 => series.with_excluded(wall).unwrap(),
                _ => series.with_added(wall).unwrap(),
            };
        }
        let text = series.to_text();
        prop_assert_eq!(Recurrence::from_text(&text), Ok(series.clone()), "{}", text);
        let flat = text.replace('\n', " ");
        prop_assert_eq!(Recurrence::from_calendar(&flat, &TimeZone::UTC), Ok(series));
    }

    #[test]
    fn a_series_is_read_back_from_its_words(
        rule in rule(),
        out in subsequence(vec![3, 40, 800], 0..3),
        added in option::of((1_i32..900, 0_i8..24)),
    ) {
        // A rule of calendars may name "30 February" and never come true; nobody says so in words.
        prop_assume!(can_come_true(&rule));
        let mut series = Recurrence::new(rule).unwrap();
        for days in out {
            series = series.with_excluded(start_date(days).at(20, 0, 0, 0)).unwrap();
        }
        if let Some((days, hour)) = added {
            series = series.with_added(start_date(days).at(hour, 30, 15, 0)).unwrap();
        }
        let words = series.in_words();
        let has_words = !words.starts_with("by the rule") || !words.contains(", ");
        if has_words {
            // Said before all of these dates, so that none is over.
            let section = Section::parse("2024-12-01 13:00 UTC DayFirst");
            prop_assert_eq!(section.read(&words), Ok(Understood::One(series)), "{}", words);
        }
    }

    #[test]
    fn no_text_makes_it_panic(
        text in "\\PC{0,60}|([a-z0-9]{1,9}[ ,&/.:-]){0,9}",
        words in vec(subsequence(WORDS.to_vec(), 1), 0..12),
    ) {
        let section = Section::parse("2026-11-23 13:00 Europe/Berlin Ask");
        let words: Vec<&str> = words.into_iter().flatten().collect();
        for text in [text, words.join(" "), words.concat(), words.join(";")] {
            if let Ok(Understood::Several(all)) = section.read(&text) {
                prop_assert!(all.len() >= 2);
            }
            if let Ok(series) = Recurrence::from_text(&text) {
                prop_assert_eq!(Recurrence::from_text(&series.to_text()), Ok(series));
            }
        }
    }
}

/// Pieces of words and rules, to be thrown together.
const WORDS: &[&str] = &[
    "every",
    "other",
    "2nd",
    "second",
    "last",
    "friday",
    "tue",
    "weekday",
    "day",
    "week",
    "month",
    "year",
    "of",
    "the",
    "and",
    ",",
    "-",
    "to",
    "until",
    "except",
    "also",
    "for",
    "10",
    "times",
    "june",
    "15th",
    "29",
    "february",
    "2027",
    "20:00",
    "monthly",
    "biweekly",
    "in",
    "first",
    "RRULE:",
    "FREQ=",
    "DAILY",
    "MONTHLY",
    ";",
    "INTERVAL=",
    "2",
    "BYDAY=",
    "-1",
    "SU",
    "TU",
    "EXDATE",
    ":",
    "20270601T200000",
    "Z",
    "TZID=Europe/Berlin",
    "VALUE=DATE",
    "20270601",
    "UNTIL=",
    "COUNT=",
    "BYSETPOS=",
    "ß",
    "\u{130}",
    "９",
];
