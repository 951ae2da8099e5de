//! Times, lengths and zones that were not understood, or have passed.

use jiff::Timestamp;
use jiff::civil::{Date, Weekday};
use muster_domain::duration::DurationError;
use muster_domain::event::Span;
use muster_domain::limits::{DURATION_MAX, REMINDER_AFTER_MAX, REMINDER_BEFORE_MAX};
use muster_domain::reminder::{QuietHoursError, ReminderTimeError};
use muster_domain::signup_details::TimesError;
use muster_domain::when::{TEXT_MAX, TimeOfDayError, WhenError, YEARS_AHEAD_MAX};
use muster_domain::zone::{self, ZoneError};

use super::{listed, of_words};
use crate::views::dates;
use crate::views::messages::{Key, Words};
use crate::views::text::{full, plain};

/// Zones that are suggested instead of a wrong one.
const ZONES_NEAR: usize = 3;

/// A message about an instant.
pub(super) fn at(words: Words, key: Key, at: Timestamp) -> String {
    words.filled(key, &[("at", &full(at))])
}

pub(super) fn said(words: Words, error: &WhenError) -> String {
    let key = match error {
        WhenError::NotUnderstood { part } => return of_words(words, Key::WhenUnknown, part),
        WhenError::NoSuchDate { part } => return of_words(words, Key::WhenDate, part),
        WhenError::NoSuchTime { part } => return of_words(words, Key::WhenTime, part),
        WhenError::UnknownZone { name } => return of_words(words, Key::WhenZoneUnknown, name),
        WhenError::AmbiguousZone { name, instead } => {
            let values = [("words", &*plain(name)), ("instead", *instead)];
            return words.filled(Key::WhenZoneSeveral, &values);
        }
        WhenError::Past { at } => return self::at(words, Key::WhenPast, *at),
        WhenError::WeekdayMismatch { date, said } => return mismatch(words, *date, *said),
        WhenError::TooLong => {
            return words.filled(Key::WhenLong, &[("max", &TEXT_MAX.to_string())]);
        }
        WhenError::OutOfRange => {
            return words.filled(Key::WhenFar, &[("years", &YEARS_AHEAD_MAX.to_string())]);
        }
        WhenError::Empty => Key::WhenEmpty,
        WhenError::PartMismatch => Key::WhenPart,
        WhenError::NoTime => Key::WhenTimeless,
        WhenError::NoDay => Key::WhenDayless,
        WhenError::BadEnd => Key::WhenEnd,
        WhenError::TooManyReadings => Key::WhenReadings,
    };
    words.plain(key).to_owned()
}

fn mismatch(words: Words, date: Date, said: Weekday) -> String {
    let (day, year) = (date.day().to_string(), date.year().to_string());
    let values = [
        ("day", day.as_str()),
        ("month", dates::month(words, date.month())),
        ("year", &year),
        ("weekday", dates::weekday(words, date.weekday())),
        ("said", dates::weekday(words, said)),
    ];
    words.filled(Key::WhenWeekday, &values)
}

pub(super) fn duration(words: Words, error: &DurationError) -> String {
    let key = match error {
        DurationError::NotUnderstood { part } => {
            return of_words(words, Key::WhenDurationUnknown, part);
        }
        DurationError::NoUnit { number } => {
            return words.filled(Key::WhenDurationUnit, &[("number", &number.to_string())]);
        }
        DurationError::TooLong => {
            let days = (DURATION_MAX.as_hours() / 24).to_string();
            return words.filled(Key::WhenDurationLong, &[("days", &days)]);
        }
        DurationError::Empty => Key::WhenDurationEmpty,
        DurationError::TooShort => Key::WhenDurationShort,
    };
    words.plain(key).to_owned()
}

/// That it is not understood how long before the start answers close.
pub(super) fn closes(words: Words, error: &DurationError) -> String {
    before_start(words, error, [Key::WhenClose, Key::WhenCloseShort])
}

/// That it is not understood how long before the start the number of those who come is looked at.
pub(super) fn is_checked(words: Words, error: &DurationError) -> String {
    before_start(words, error, [Key::WhenCheck, Key::WhenCheckShort])
}

fn before_start(words: Words, error: &DurationError, [other, short]: [Key; 2]) -> String {
    if *error == DurationError::TooShort {
        return words.plain(short).to_owned();
    }
    words.filled(other, &[("why", &duration(words, error))])
}

pub(super) fn time_of_day(words: Words, error: &TimeOfDayError) -> String {
    match error {
        TimeOfDayError::WhichHalf(given) => of_words(words, Key::WhenClockHalf, given),
        TimeOfDayError::NotUnderstood(given) => of_words(words, Key::WhenClockUnknown, given),
    }
}

pub(super) fn reminder(words: Words, error: &ReminderTimeError) -> String {
    match error {
        ReminderTimeError::Empty => words.plain(Key::WhenReminderEmpty).to_owned(),
        ReminderTimeError::WhichHalf(given) => of_words(words, Key::WhenReminderHalf, given),
        ReminderTimeError::NotUnderstood(given) => of_words(words, Key::WhenReminderUnknown, given),
        ReminderTimeError::TooEarly => {
            let days = (REMINDER_BEFORE_MAX.as_hours() / 24).to_string();
            words.filled(Key::WhenReminderEarly, &[("days", &days)])
        }
        ReminderTimeError::TooLate => {
            let hours = REMINDER_AFTER_MAX.as_hours().to_string();
            words.filled(Key::WhenReminderLate, &[("hours", &hours)])
        }
    }
}

pub(super) fn quiet_hours(words: Words, error: &QuietHoursError) -> String {
    match error {
        QuietHoursError::Time(error) => {
            words.filled(Key::WhenQuiet, &[("why", &time_of_day(words, error))])
        }
        QuietHoursError::NoEnd => words.plain(Key::WhenQuietEndless).to_owned(),
    }
}

pub(super) fn no_time_in_event(words: Words, given: &str, span: Span) -> String {
    during(words, Key::RefusalDuring, given, span)
}

pub(super) fn times(words: Words, error: TimesError, span: Span) -> String {
    let key = match error {
        TimesError::Arrives => Key::RefusalDuringArrives,
        TimesError::Leaves => Key::RefusalDuringLeaves,
        TimesError::GoneBefore => Key::RefusalDuringTurned,
    };
    during(words, key, "", span)
}

fn during(words: Words, key: Key, given: &str, span: Span) -> String {
    let [given, start, end] = [plain(given), full(span.start()), full(span.end())];
    words.filled(key, &[("words", &given), ("start", &start), ("end", &end)])
}

pub(super) fn zone(words: Words, error: &ZoneError) -> String {
    let near: Vec<_> = near(&error.given).iter().map(|name| format!("`{name}`")).collect();
    if near.is_empty() {
        return of_words(words, Key::WhenZone, &error.given);
    }
    let near = listed(words, Key::RefusalOr, &near);
    words.filled(Key::WhenZoneNear, &[("words", &plain(&error.given)), ("zones", &near)])
}

/// Zones whose names are like what was given, or like one of its words.
fn near(given: &str) -> Vec<String> {
    let words = given.split(|c: char| !c.is_alphanumeric()).filter(|word| word.len() > 2);
    let found = std::iter::once(given).chain(words).map(|word| zone::suggest(word, ZONES_NEAR));
    found.into_iter().find(|names| !names.is_empty()).unwrap_or_default()
}
