//! Words for how long: "90m", "1h30", "an hour and a half".

use jiff::SignedDuration;
use thiserror::Error;

use crate::limits::DURATION_MAX;
use crate::when::amount::{Amount, amount};
use crate::when::tokens::{Cursor, Text};
use crate::when::words::{Meaning, Unit};
use crate::when::{TEXT_MAX, shortened};

/// The shortest duration that is taken.
pub const DURATION_MIN: SignedDuration = SignedDuration::from_mins(1);

/// Why a text gave no duration. Each is one sentence for the person who wrote it.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum DurationError {
    /// There was nothing but spaces.
    #[error("write how long, for example \"90m\" or \"2h 30m\"")]
    Empty,
    /// The text has no form that a duration has.
    #[error("\"{part}\" is not a duration: write it like \"90m\", \"2h 30m\" or \"3 days\"")]
    NotUnderstood {
        /// The text, shortened.
        part: String,
    },
    /// A number alone, which can be minutes or hours.
    #[error("\"{number}\" of what? Write \"{number}m\" for minutes or \"{number}h\" for hours")]
    NoUnit {
        /// The number.
        number: u64,
    },
    /// Less than [`DURATION_MIN`].
    #[error("that is too short: write at least 1 minute")]
    TooShort,
    /// More than [`DURATION_MAX`].
    #[error("that is too long: write at most {} days", DURATION_MAX.as_hours() / 24)]
    TooLong,
}

/// Reads a duration of whole minutes from [`DURATION_MIN`] to [`DURATION_MAX`].
///
/// A day counts 24 hours and a week seven days; months and years are refused, because they have
/// no fixed length. `1:30` is an hour and a half.
pub fn parse_duration(text: &str) -> Result<SignedDuration, DurationError> {
    if text.trim().is_empty() {
        return Err(DurationError::Empty);
    }
    let not_understood = || DurationError::NotUnderstood { part: shortened(text.trim()) };
    if text.chars().count() > TEXT_MAX {
        return Err(not_understood());
    }
    let text = Text::read(text);
    let start = text.cursor();
    let start = start.after(Meaning::For).unwrap_or(start);
    if let Some(number) = lone_number(start) {
        // Nothing is too short in any unit.
        let too_short = number == 0;
        return Err(if too_short {
            DurationError::TooShort
        } else {
            DurationError::NoUnit { number }
        });
    }
    let (amount, rest) = clock_like(start).or_else(|| amount(start)).ok_or_else(not_understood)?;
    if !rest.is_end() || amount.months != 0 {
        return Err(not_understood());
    }
    bounded(amount)
}

/// A duration of whole minutes as [`parse_duration`] takes it: `2h`, `1h 30m`, `2d 3h`; empty for
/// nothing.
#[must_use]
pub fn duration_in_words(duration: SignedDuration) -> String {
    let minutes = duration.as_mins();
    let parts = [(minutes / 1_440, "d"), (minutes / 60 % 24, "h"), (minutes % 60, "m")];
    let some = parts.into_iter().filter(|(count, _)| *count > 0);
    some.map(|(count, unit)| format!("{count}{unit}")).collect::<Vec<_>>().join(" ")
}

/// Reads how long before the start something happens: a duration as [`parse_duration`] takes it,
/// with or without "before the start", or "at the start", which is nothing before it.
pub fn parse_before_start(text: &str) -> Result<SignedDuration, DurationError> {
    const BEFORE: [&str; 5] =
        ["before the start", "before it starts", "before it begins", "before start", "before"];
    const AT_START: [&str; 5] = ["at the start", "at start", "the start", "start", "0"];
    let words = text.trim().to_lowercase();
    if AT_START.contains(&words.as_str()) {
        return Ok(SignedDuration::ZERO);
    }
    let ahead = BEFORE.into_iter().find_map(|end| words.strip_suffix(end)).unwrap_or(&words);
    parse_duration(ahead)
}

fn bounded(amount: Amount) -> Result<SignedDuration, DurationError> {
    let days = amount.days.saturating_mul(24 * 60);
    let minutes = days.saturating_add(amount.minutes);
    match minutes {
        ..1 => Err(DurationError::TooShort),
        _ if minutes > DURATION_MAX.as_mins() => Err(DurationError::TooLong),
        _ => Ok(SignedDuration::from_mins(minutes)),
    }
}

fn lone_number(start: Cursor<'_>) -> Option<u64> {
    let number = start.number().filter(|_| start.skip(1).is_end())?;
    Some(number.value)
}

/// "01:30" and "1:30h": hours and minutes as on a clock.
fn clock_like(start: Cursor<'_>) -> Option<(Amount, Cursor<'_>)> {
    let hours = start.number().filter(|n| n.digits <= 3)?;
    let colon = start.skip(1).after_sign(':')?;
    let minutes = colon.glued_number().filter(|n| n.digits == 2)?;
    let rest = colon.skip(1);
    let rest = match rest.meaning() {
        Some(Meaning::LongHourMark | Meaning::Unit(Unit::Hour)) => rest.skip(1),
        _ => rest,
    };
    let whole = hours.value * 60 + minutes.value;
    let amount = Amount {
        minutes: i64::try_from(whole).ok().filter(|_| minutes.value < 60)?,
        ..Amount::default()
    };
    Some((amount, rest))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// Phrase and minutes.
    const UNDERSTOOD: [(&str, i64); 66] = [
        ("90m", 90),
        ("90 m", 90),
        ("90 min", 90),
        ("90min", 90),
        ("90 mins", 90),
        ("90 minutes", 90),
        ("45 minutes", 45),
        ("1 minute", 1),
        ("1h", 60),
        ("1 h", 60),
        ("1hr", 60),
        ("1 hr.", 60),
        ("2hrs", 120),
        ("2 hours", 120),
        ("2H", 120),
        ("1h30", 90),
        ("1h30m", 90),
        ("1h 30m", 90),
        ("1h 30", 90),
        ("2h30m", 150),
        ("2h 05m", 125),
        ("1 hour 30 minutes", 90),
        ("1 hour and 30 minutes", 90),
        ("1 hour, 30 minutes", 90),
        ("1.5h", 90),
        ("1,5 h", 90),
        ("1.5 hours", 90),
        ("2.25h", 135),
        ("0.5h", 30),
        ("1.333h", 80),
        ("an hour", 60),
        ("a minute", 1),
        ("an hour and a half", 90),
        ("an hour and a quarter", 75),
        ("one and a half hours", 90),
        ("two and a half hours", 150),
        ("2 and a half hours", 150),
        ("2 hours and a half", 150),
        ("half an hour", 30),
        ("half hour", 30),
        ("a half hour", 30),
        ("quarter of an hour", 15),
        ("a quarter hour", 15),
        ("two hours", 120),
        ("forty five minutes", 45),
        ("forty-five minutes", 45),
        ("ninety minutes", 90),
        ("a couple of hours", 120),
        ("01:30", 90),
        ("1:30", 90),
        ("1:30h", 90),
        ("1:30 hours", 90),
        ("00:45", 45),
        ("26:00", 26 * 60),
        ("for 2 hours", 120),
        ("for an hour and a half", 90),
        ("1 day", 1440),
        ("a day", 1440),
        ("2 days", 2880),
        ("1d 2h", 26 * 60),
        ("1d2h30m", 26 * 60 + 30),
        ("half a day", 720),
        ("a week", 7 * 1440),
        ("3 weeks", 21 * 1440),
        ("a fortnight", 14 * 1440),
        ("30 days", 30 * 1440),
    ];

    #[test]
    fn phrases_are_understood() {
        for (phrase, minutes) in UNDERSTOOD {
            let expected = Ok(SignedDuration::from_mins(minutes));
            assert_eq!(parse_duration(phrase), expected, "{phrase}");
        }
    }

    #[test]
    fn odd_characters_are_understood() {
        let full_width = parse_duration("\u{3000}９０ｍｉｎ ");
        assert_eq!(full_width, Ok(SignedDuration::from_mins(90)));
    }

    #[test]
    fn how_long_before_the_start_is_a_duration_with_or_without_saying_so() {
        for (phrase, minutes) in [
            ("2h", 120),
            ("30 minutes before", 30),
            (" 1 day Before The Start ", 24 * 60),
            ("an hour before it begins", 60),
            ("at the start", 0),
            ("Start", 0),
            ("0", 0),
        ] {
            let expected = Ok(SignedDuration::from_mins(minutes));
            assert_eq!(parse_before_start(phrase), expected, "{phrase}");
        }
        for phrase in ["", "before", "soon", "2h after the start", "0 minutes", "31 days"] {
            assert!(parse_before_start(phrase).is_err(), "{phrase}");
        }
    }

    #[test]
    fn a_refusal_says_what_to_write() {
        let cases = [
            ("", "write how long, for example \"90m\" or \"2h 30m\""),
            (" \n", "write how long, for example \"90m\" or \"2h 30m\""),
            ("90", "\"90\" of what? Write \"90m\" for minutes or \"90h\" for hours"),
            ("soon", "\"soon\" is not a duration: write it like \"90m\", \"2h 30m\" or \"3 days\""),
            ("0m", "that is too short: write at least 1 minute"),
            ("0:00", "that is too short: write at least 1 minute"),
            ("0.001h", "that is too short: write at least 1 minute"),
            ("31 days", "that is too long: write at most 30 days"),
            ("30 days 1 min", "that is too long: write at most 30 days"),
            ("999999h", "that is too long: write at most 30 days"),
        ];
        for (phrase, sentence) in cases {
            let error = parse_duration(phrase).unwrap_err();
            assert_eq!(error.to_string(), sentence, "{phrase}");
        }
    }

    #[test]
    fn what_is_no_duration_is_refused() {
        let phrases = [
            "-2h",
            "2h foo",
            "h",
            "1:75",
            "1:5",
            "2 months",
            "a year",
            "8pm",
            "2h-3h",
            "1e3h",
            "99999999999999999999h",
            "half",
            "and",
            "1.5",
            "1h 99999 ",
            "1h30 pm",
        ];
        for phrase in phrases {
            let error = parse_duration(phrase).unwrap_err();
            let refused = matches!(error, DurationError::NotUnderstood { .. });
            assert!(refused, "{phrase}: {error:?}");
        }
    }

    #[test]
    fn durations_are_written_as_they_are_typed() {
        let words = [0, 120, 90, 45, 3_060].map(SignedDuration::from_mins).map(duration_in_words);
        assert_eq!(words, ["", "2h", "1h 30m", "45m", "2d 3h"]);
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(2_000))]

        #[test]
        fn whatever_is_taken_is_in_bounds(text in "\\PC{0,40}|[0-9hmd :.,and]{0,20}") {
            if let Ok(duration) = parse_duration(&text) {
                prop_assert!(duration >= DURATION_MIN && duration <= DURATION_MAX);
            }
        }

        #[test]
        fn hours_and_minutes_are_read_back(hours in 0_i64..720, minutes in 1_i64..60) {
            let expected = Ok(SignedDuration::from_mins(hours * 60 + minutes));
            prop_assert_eq!(parse_duration(&format!("{hours}h{minutes:02}")), expected.clone());
            prop_assert_eq!(parse_duration(&format!("{hours}:{minutes:02}")), expected.clone());
            prop_assert_eq!(parse_duration(&format!("{hours} hours {minutes} min")), expected.clone());
            let words = duration_in_words(SignedDuration::from_mins(hours * 60 + minutes));
            prop_assert_eq!(parse_duration(&words), expected);
        }
    }
}
