//! The parts of one rule: `FREQ=WEEKLY;INTERVAL=2;BYDAY=TU,TH`.

use std::str::FromStr;

use jiff::civil::{DateTime, Weekday};

use super::stamps::{self, Clocks};
use crate::recurrence::change::end_of;
use crate::recurrence::rule::{End, Frequency, NthWeekday, Rule};
use crate::recurrence::{DayOrTime, RecurrenceError};
use crate::when::shortened;

/// Weekdays as RFC 5545 writes them.
pub(super) const WEEKDAYS: [(&str, Weekday); 7] = [
    ("MO", Weekday::Monday),
    ("TU", Weekday::Tuesday),
    ("WE", Weekday::Wednesday),
    ("TH", Weekday::Thursday),
    ("FR", Weekday::Friday),
    ("SA", Weekday::Saturday),
    ("SU", Weekday::Sunday),
];

const RULE: &str = "FREQ=WEEKLY;BYDAY=TU";

pub(super) fn rule(value: &str, clocks: Clocks<'_>) -> Result<Rule, RecurrenceError> {
    let mut parts: Vec<(String, &str)> = Vec::new();
    // Calendars leave a semicolon at the end.
    for piece in value.split(';').filter(|piece| !piece.is_empty()) {
        let (name, value) = piece.split_once('=').ok_or_else(|| malformed(piece, RULE))?;
        let name = name.to_ascii_uppercase();
        if parts.iter().any(|(known, _)| *known == name) {
            return Err(RecurrenceError::Twice { part: shortened(&name) });
        }
        parts.push((name, value));
    }
    let frequency = parts.iter().find(|(name, _)| name == "FREQ");
    let frequency = frequency.ok_or_else(|| malformed(value, RULE))?;
    let mut rule = Rule::every(self::frequency(frequency.1)?);
    for (name, value) in &parts {
        set(&mut rule, name, value, clocks)?;
    }
    Ok(rule)
}

fn set(
    rule: &mut Rule,
    name: &str,
    value: &str,
    clocks: Clocks<'_>,
) -> Result<(), RecurrenceError> {
    match name {
        "FREQ" => {}
        "INTERVAL" => rule.interval = number(value).ok_or(RecurrenceError::Interval)?,
        "BYMONTH" => rule.months = numbers(value).ok_or(RecurrenceError::Month)?,
        "BYMONTHDAY" => rule.month_days = numbers(value).ok_or(RecurrenceError::MonthDay)?,
        "BYDAY" => rule.weekdays = weekdays(value)?,
        "BYSETPOS" => rule.positions = numbers(value).ok_or(RecurrenceError::Position)?,
        "WKST" => {
            rule.week_start = weekday(value).ok_or_else(|| malformed(value, "WKST=MO"))?;
        }
        "COUNT" => end(rule, End::Count(number(value).ok_or(RecurrenceError::Count)?))?,
        "UNTIL" => {
            let last = stamps::stamp(value, clocks)?;
            end(rule, End::Until(last_second(last)))?;
        }
        _ => return Err(unsupported(name)),
    }
    Ok(())
}

fn end(rule: &mut Rule, end: End) -> Result<(), RecurrenceError> {
    if rule.end != End::Never {
        return Err(RecurrenceError::TwoEnds);
    }
    rule.end = end;
    Ok(())
}

/// An end that is a day counts to its last second.
fn last_second(end: DayOrTime) -> DateTime {
    match end {
        DayOrTime::Day(day) => end_of(day),
        DayOrTime::Time(wall) => wall,
    }
}

fn frequency(value: &str) -> Result<Frequency, RecurrenceError> {
    match value.to_ascii_uppercase().as_str() {
        "DAILY" => Ok(Frequency::Daily),
        "WEEKLY" => Ok(Frequency::Weekly),
        "MONTHLY" => Ok(Frequency::Monthly),
        "YEARLY" => Ok(Frequency::Yearly),
        shorter @ ("HOURLY" | "MINUTELY" | "SECONDLY") => Err(RecurrenceError::Unsupported {
            part: format!("FREQ={shorter}"),
            instead: "an event takes place once a day at most, so write FREQ=DAILY",
        }),
        _ => Err(malformed(value, "FREQ=DAILY, WEEKLY, MONTHLY or YEARLY")),
    }
}

fn unsupported(name: &str) -> RecurrenceError {
    let instead = match name {
        "BYHOUR" | "BYMINUTE" | "BYSECOND" => {
            "leave it out, as every date has the event's time of day"
        }
        "BYWEEKNO" => "write FREQ=WEEKLY with INTERVAL, or the months with BYMONTH",
        "BYYEARDAY" => "write the date with BYMONTH and BYMONTHDAY",
        "RSCALE" | "SKIP" => "leave it out; write BYMONTHDAY=-1 for the last day of a month",
        _ => "leave it out, or say in words what it should do",
    };
    RecurrenceError::Unsupported { part: shortened(name), instead }
}

fn weekdays(value: &str) -> Result<Vec<NthWeekday>, RecurrenceError> {
    let weekday = |written: &str| {
        let cut = written.len().checked_sub(2).filter(|at| written.is_char_boundary(*at))?;
        let (nth, name) = written.split_at_checked(cut)?;
        let weekday = weekday(name)?;
        let nth = if nth.is_empty() { None } else { Some(number(nth)?) };
        Some(NthWeekday { nth, weekday })
    };
    let all = value.split(',').map(weekday).collect::<Option<_>>();
    all.ok_or_else(|| malformed(value, "BYDAY=MO,TU or BYDAY=1MO,-1FR"))
}

fn weekday(value: &str) -> Option<Weekday> {
    let mut known = WEEKDAYS.into_iter();
    known.find(|(name, _)| name.eq_ignore_ascii_case(value)).map(|(_, weekday)| weekday)
}

fn numbers<T: FromStr>(value: &str) -> Option<Vec<T>> {
    value.split(',').map(number).collect()
}

/// A whole number, with a sign if it likes.
fn number<T: FromStr>(value: &str) -> Option<T> {
    value.parse().ok()
}

pub(super) fn malformed(part: &str, example: &'static str) -> RecurrenceError {
    RecurrenceError::Malformed { part: shortened(part), example }
}
