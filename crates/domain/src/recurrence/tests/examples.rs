//! Series whose dates can be seen on a calendar.

use jiff::civil::DateTime;
use jiff::tz::TimeZone;

use crate::recurrence::{Frequency, Recurrence, Rule};

pub(super) fn series(text: &str) -> Recurrence {
    Recurrence::from_text(text).unwrap()
}

fn wall(text: &str) -> DateTime {
    text.parse().unwrap()
}

/// The first so many wall-clock times.
fn walls(text: &str, start: &str, count: usize) -> Vec<String> {
    let series = series(text);
    let zone = TimeZone::UTC;
    let found = series.occurrences(wall(start), &zone);
    found.take(count).map(|found| found.wall.strftime("%a %Y-%m-%d").to_string()).collect()
}

#[test]
fn what_a_rule_does_not_say_comes_from_the_start() {
    let start = "2026-11-29T20:00";
    assert_eq!(walls("RRULE:FREQ=DAILY", start, 2), ["Sun 2026-11-29", "Mon 2026-11-30"]);
    assert_eq!(walls("RRULE:FREQ=WEEKLY", start, 2), ["Sun 2026-11-29", "Sun 2026-12-06"]);
    let monthly = ["Sun 2026-11-29", "Tue 2026-12-29", "Fri 2027-01-29", "Mon 2027-03-29"];
    assert_eq!(walls("RRULE:FREQ=MONTHLY", start, 4), monthly, "no 29 February in 2027");
    assert_eq!(walls("RRULE:FREQ=YEARLY", start, 2), ["Sun 2026-11-29", "Mon 2027-11-29"]);
}

#[test]
fn a_start_that_does_not_match_is_no_occurrence() {
    let found = walls("RRULE:FREQ=WEEKLY;BYDAY=TU,TH;COUNT=3", "2026-11-29T20:00", 9);
    assert_eq!(found, ["Tue 2026-12-01", "Thu 2026-12-03", "Tue 2026-12-08"]);
}

#[test]
fn the_last_weekday_of_the_month_is_found() {
    let text = "RRULE:FREQ=MONTHLY;BYDAY=MO,TU,WE,TH,FR;BYSETPOS=-1";
    let found = walls(text, "2026-11-29T20:00", 3);
    assert_eq!(found, ["Mon 2026-11-30", "Thu 2026-12-31", "Fri 2027-01-29"]);
}

#[test]
fn a_rule_that_never_matches_ends() {
    assert_eq!(walls("RRULE:FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=30", "2026-11-29T20:00", 1).len(), 0);
    assert_eq!(walls("RRULE:FREQ=DAILY;BYMONTH=2;BYMONTHDAY=30", "2026-11-29T20:00", 1).len(), 0);
}

#[test]
fn a_leap_day_on_one_weekday_is_found_across_2100() {
    let text = "RRULE:FREQ=DAILY;BYMONTH=2;BYMONTHDAY=29;BYDAY=FR";
    let found = walls(text, "2065-01-01T20:00", 2);
    assert_eq!(found, ["Fri 2092-02-29", "Fri 2104-02-29"]);
}

#[test]
fn a_skipped_time_moves_on_and_a_doubled_one_is_the_first() {
    let zone = TimeZone::get("Europe/Berlin").unwrap();
    let daily = Recurrence::new(Rule::every(Frequency::Daily)).unwrap();
    let at = |start: &str| daily.occurrences(wall(start), &zone).next().unwrap().at.to_string();
    assert_eq!(at("2027-03-28T02:30"), "2027-03-28T01:30:00Z", "03:30 in summer time");
    assert_eq!(at("2027-10-31T02:30"), "2027-10-31T00:30:00Z", "still summer time");
}

#[test]
fn old_series_go_on_from_any_moment() {
    let zone = TimeZone::UTC;
    let daily = Recurrence::new(Rule::every(Frequency::Daily)).unwrap();
    let next = daily.next_after(wall("1990-01-01T20:00"), &zone, wall("2026-11-29T20:00"));
    assert_eq!(next.unwrap().wall, wall("2026-11-30T20:00"));
    let before = daily.next_after(wall("2026-11-29T20:00"), &zone, wall("1990-01-01T20:00"));
    assert_eq!(before.unwrap().wall, wall("2026-11-29T20:00"), "the first is next");
}

#[test]
fn dates_are_left_out_added_and_brought_back() {
    let start = wall("2026-12-01T20:00");
    let weekly = Recurrence::new(Rule::every(Frequency::Weekly)).unwrap();
    let moved = weekly.clone().with_excluded(wall("2026-12-08T20:00")).unwrap();
    let moved = moved.with_added(wall("2026-12-09T19:00")).unwrap();
    let walls = |series: &Recurrence| -> Vec<String> {
        let zone = TimeZone::UTC;
        let found = series.occurrences(start, &zone).take(3);
        found.map(|found| found.wall.to_string()).collect()
    };
    let found = walls(&moved);
    assert_eq!(found, ["2026-12-01T20:00:00", "2026-12-09T19:00:00", "2026-12-15T20:00:00"]);
    let back = moved.without_excluded(wall("2026-12-08T20:00"));
    let found = walls(&back);
    assert_eq!(found, ["2026-12-01T20:00:00", "2026-12-08T20:00:00", "2026-12-09T19:00:00"]);
}
