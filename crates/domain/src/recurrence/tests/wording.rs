//! What people are told: series in words, refusals, and what is read from calendars.

use jiff::civil::date;
use jiff::tz::TimeZone;

use super::examples::series;
use super::phrases::Section;
use crate::recurrence::{Recurrence, RecurrenceError, Understood};

#[test]
fn series_are_said_in_words() {
    let cases = [
        ("FREQ=DAILY", "every day"),
        ("FREQ=DAILY;INTERVAL=3;COUNT=10", "every 3 days 10 times"),
        ("FREQ=DAILY;INTERVAL=2;BYDAY=MO,TU,WE,TH,FR", "every 2 days except Saturday and Sunday"),
        ("FREQ=WEEKLY", "every week"),
        (
            "FREQ=WEEKLY;BYDAY=TU,TH;UNTIL=20270601T235959",
            "every Tuesday and Thursday until 1 June 2027",
        ),
        ("FREQ=WEEKLY;BYDAY=MO,TU,WE,TH,FR", "every weekday"),
        ("FREQ=WEEKLY;INTERVAL=2;BYDAY=FR", "every 2 weeks on Friday"),
        ("FREQ=WEEKLY;INTERVAL=2;WKST=SU", "every 2 weeks, weeks beginning on Sunday"),
        ("FREQ=MONTHLY;BYDAY=-1SU", "every month on the last Sunday"),
        ("FREQ=MONTHLY;BYDAY=1MO,3MO", "every month on the first Monday and the third Monday"),
        ("FREQ=MONTHLY;BYMONTHDAY=15,-1", "every month on the last day and the 15th"),
        ("FREQ=MONTHLY;BYMONTHDAY=13;BYDAY=FR", "every month on Friday the 13th"),
        ("FREQ=MONTHLY;BYDAY=MO,TU,WE,TH,FR;BYSETPOS=-1", "every month on the last weekday"),
        ("FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=29", "every year on 29 February"),
        ("FREQ=YEARLY;BYMONTH=3;BYDAY=-1SU", "every year on the last Sunday in March"),
        ("FREQ=YEARLY;BYDAY=-1FR", "every year on the last Friday of the year"),
        ("FREQ=YEARLY;BYMONTHDAY=1;COUNT=2", "by the rule FREQ=YEARLY;BYMONTHDAY=1;COUNT=2"),
        (
            "FREQ=WEEKLY\nEXDATE;VALUE=DATE:20261224\nRDATE:20261226T200000",
            "every week, except 24 December 2026, also on 26 December 2026 20:00",
        ),
    ];
    for (rule, words) in cases {
        assert_eq!(series(&format!("RRULE:{rule}")).in_words(), words, "{rule}");
    }
}

#[test]
fn of_many_exceptions_the_number_is_told() {
    let mut many = series("RRULE:FREQ=DAILY");
    for day in 1..=12 {
        many = many.with_excluded(date(2027, 1, day).at(20, 0, 0, 0)).unwrap();
    }
    assert!(many.in_words().ends_with("10 January 2027 20:00 and 2 more dates"), "{many:?}");
}

#[test]
fn exceptions_are_bounded() {
    let start = date(2027, 1, 1).at(20, 0, 0, 0);
    let mut days = start.series(jiff::Span::new().days(1));
    let full =
        days.by_ref().take(366).try_fold(series("RRULE:FREQ=DAILY"), Recurrence::with_excluded);
    let full = full.unwrap();
    let next = days.next().unwrap();
    assert_eq!(full.clone().with_excluded(next), Err(RecurrenceError::TooManyExcluded));
    assert_eq!(Recurrence::from_text(&full.to_text()), Ok(full), "what is stored is read back");
    let days = start.series(jiff::Span::new().days(1));
    let added = days.take(101).try_fold(series("RRULE:FREQ=DAILY"), Recurrence::with_added);
    assert_eq!(added, Err(RecurrenceError::TooManyAdded));
}

#[test]
fn rules_are_read_as_calendars_export_them() {
    let lines = [
        "RRULE:FREQ=WEEKLY;BYDAY=TU,TH\r\nEXDATE;TZID=Europe/Berlin:20261224T200000\r\n",
        "RRULE:FREQ=WEEKLY;BYDAY=TU,TH\nEXDATE;TZID=America/New_York:20261224T140000\n",
        "rrule:freq=weekly;byday=tu,th exdate:20261224t190000z",
        // A line that was folded after some octets.
        "RRULE:FREQ=WEEKLY;BYDA\r\n Y=TU,TH\r\nEXDATE:20261224\r\n T200000",
    ];
    let expected = series("RRULE:FREQ=WEEKLY;BYDAY=TU,TH\nEXDATE:20261224T200000");
    let zone = TimeZone::get("Europe/Berlin").unwrap();
    let section = Section::parse("2026-11-23 13:00 Europe/Berlin DayFirst");
    for text in lines {
        assert_eq!(Recurrence::from_calendar(text, &zone), Ok(expected.clone()), "{text}");
        assert_eq!(section.read(text), Ok(Understood::One(expected.clone())), "{text}");
    }
    let stored = Recurrence::from_text(lines[2]);
    assert!(stored.is_err(), "what is stored is on the wall clock: {stored:?}");
}

#[test]
fn a_refusal_says_what_to_write() {
    let cases = [
        ("", "write how often, for example \"every Tuesday\" or \"daily 10 times\""),
        (
            "raid night",
            "I do not understand \"raid\" in a rule: write it like \"every Tuesday and \
             Thursday\", \"last Sunday of the month\" or \"weekly 10 times\"",
        ),
        (
            "monthly on friday",
            "which one of the month? Write it like \"the first Friday of the month\"",
        ),
        (
            "every tuesday at 8pm",
            "\"8pm\" is a time of day: give it as the event's time, and here only how often it \
             repeats",
        ),
        (
            "weekly starting 5 january",
            "give the first date as the event's time, and here only how often: \"weekly\"",
        ),
        (
            "10 times",
            "how often is missing: write it like \"every Tuesday\", \"weekly\" or \"every year\"",
        ),
        (
            "FREQ=HOURLY",
            "FREQ=HOURLY is not supported: an event takes place once a day at most, so write \
             FREQ=DAILY",
        ),
        (
            "FREQ=YEARLY;BYWEEKNO=20",
            "BYWEEKNO is not supported: write FREQ=WEEKLY with INTERVAL, or the months with BYMONTH",
        ),
        (
            "FREQ=WEEKLY;BYDAY=XX",
            "\"XX\" cannot be read: write it like BYDAY=MO,TU or BYDAY=1MO,-1FR",
        ),
        (
            "FREQ=MONTHLY;BYDAY=6MO",
            "before a weekday write 1 to 5 or -1 to -5, like BYDAY=-1SU for the last",
        ),
    ];
    let section = Section::parse("2026-11-23 13:00 Europe/Berlin DayFirst");
    for (text, sentence) in cases {
        assert_eq!(section.read(text).unwrap_err().to_string(), sentence, "{text}");
    }
}
