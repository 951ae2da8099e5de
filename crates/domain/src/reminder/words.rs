//! Words for when a reminder goes out: "15m before", "at 16:00", "at the start", "1h after".

use thiserror::Error;

use super::ReminderTime;
use crate::duration::{DurationError, duration_in_words, parse_before_start, parse_duration};
use crate::limits::{REMINDER_AFTER_MAX, REMINDER_BEFORE_MAX};
use crate::text::quoted;
use crate::when::{TimeOfDayError, parse_time_of_day};

/// Why words gave no time for a reminder. Each is one sentence for the person who wrote them.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum ReminderTimeError {
    /// There was nothing but spaces.
    #[error("say when: \"15m before\", \"at 16:00\", \"at the start\" or \"1h after\"")]
    Empty,
    /// A time of day that can be in the morning or in the evening.
    #[error("\"{0}\" can be in the morning or in the evening: write it like \"16:00\"")]
    WhichHalf(String),
    /// Something else.
    #[error(
        "\"{0}\" is not a time for a reminder: write \"15m before\", \"at 16:00\" or \"1h after\""
    )]
    NotUnderstood(String),
    /// Too long before the start.
    #[error("a reminder is at most {} days before the start", REMINDER_BEFORE_MAX.as_hours() / 24)]
    TooEarly,
    /// Too long after the start.
    #[error("a reminder is at most {} hours after the start", REMINDER_AFTER_MAX.as_hours())]
    TooLate,
}

/// Reads when a reminder goes out. A length alone is before the start.
pub fn parse_reminder_time(text: &str) -> Result<ReminderTime, ReminderTimeError> {
    const AFTER: [&str; 6] =
        ["after the start", "after it starts", "after it begins", "after start", "later", "after"];
    let words = text.trim().to_lowercase();
    if words.is_empty() {
        return Err(ReminderTimeError::Empty);
    }
    if let Some(length) = AFTER.into_iter().find_map(|end| words.strip_suffix(end)) {
        let later = parse_duration(length).map_err(|error| match error {
            DurationError::TooLong => ReminderTimeError::TooLate,
            DurationError::Empty
            | DurationError::NotUnderstood { .. }
            | DurationError::NoUnit { .. }
            | DurationError::TooShort => not_understood(text),
        })?;
        let is_near = later <= REMINDER_AFTER_MAX;
        return is_near.then_some(ReminderTime::After(later)).ok_or(ReminderTimeError::TooLate);
    }
    match parse_before_start(&words) {
        // "16:30" is a length, too, but nobody means it so.
        Ok(ahead) if !words.contains(':') || words.contains("before") => {
            let is_near = ahead <= REMINDER_BEFORE_MAX;
            is_near.then_some(ReminderTime::Before(ahead)).ok_or(ReminderTimeError::TooEarly)
        }
        Err(DurationError::TooLong) => Err(ReminderTimeError::TooEarly),
        // Minutes, or an hour of the day?
        Err(DurationError::NoUnit { .. }) => Err(not_understood(text)),
        Ok(_) | Err(_) => time_of_day(text.trim()),
    }
}

fn time_of_day(text: &str) -> Result<ReminderTime, ReminderTimeError> {
    parse_time_of_day(text).map(ReminderTime::OfDay).map_err(|error| match error {
        TimeOfDayError::WhichHalf(_) => ReminderTimeError::WhichHalf(quoted(text)),
        TimeOfDayError::NotUnderstood(_) => not_understood(text),
    })
}

fn not_understood(text: &str) -> ReminderTimeError {
    ReminderTimeError::NotUnderstood(quoted(text))
}

/// When a reminder goes out, in words that [`parse_reminder_time`] reads.
#[must_use]
pub fn time_in_words(time: ReminderTime) -> String {
    match time {
        ReminderTime::Before(ahead) if ahead.is_zero() => "at the start".to_owned(),
        ReminderTime::Before(ahead) => format!("{} before", duration_in_words(ahead)),
        ReminderTime::After(later) => format!("{} after", duration_in_words(later)),
        ReminderTime::OfDay(time) => format!("at {:02}:{:02}", time.hour(), time.minute()),
    }
}

#[cfg(test)]
mod tests {
    use jiff::civil::Time;

    use super::*;

    const UNDERSTOOD: [(&str, &str); 16] = [
        ("15m before", "15m before"),
        ("15m", "15m before"),
        ("an hour before it starts", "1h before"),
        ("1 day before", "1d before"),
        ("1h30 before the start", "1h 30m before"),
        ("1:30 before", "1h 30m before"),
        ("at the start", "at the start"),
        ("0", "at the start"),
        ("10 min after", "10m after"),
        ("2h after the start", "2h after"),
        ("at 16:00", "at 16:00"),
        ("16:00", "at 16:00"),
        ("4pm", "at 16:00"),
        ("at 08:30", "at 08:30"),
        ("noon", "at 12:00"),
        ("At 20h", "at 20:00"),
    ];

    #[test]
    fn words_are_understood_and_what_is_said_is_understood_again() {
        for (words, said) in UNDERSTOOD {
            let time =
                parse_reminder_time(words).unwrap_or_else(|error| panic!("{words}: {error}"));
            assert_eq!(time_in_words(time), said, "{words}");
            assert_eq!(parse_reminder_time(said), Ok(time), "{said}");
        }
        let of_day = parse_reminder_time("00:00").unwrap();
        assert_eq!(of_day, ReminderTime::OfDay(Time::midnight()));
    }

    #[test]
    fn what_is_not_clear_or_too_far_is_refused() {
        let refused = |words: &str| parse_reminder_time(words).unwrap_err();
        assert_eq!(refused("  "), ReminderTimeError::Empty);
        assert_eq!(refused("at 4"), ReminderTimeError::WhichHalf("at 4".into()));
        assert_eq!(refused("31 days before"), ReminderTimeError::TooEarly);
        assert_eq!(refused("25h after"), ReminderTimeError::TooLate);
        for words in ["soon", "friday 16:00", "16:00 to 18:00", "15", "-5m", "tomorrow"] {
            assert_eq!(refused(words), ReminderTimeError::NotUnderstood(words.into()), "{words}");
        }
    }
}
