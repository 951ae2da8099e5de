//! When the occurrences of a series are posted, and the words for it.

use jiff::civil::Time;
use jiff::{SignedDuration, Span, Timestamp};
use thiserror::Error;

use crate::duration::parse_before_start;
use crate::limits::{POSTED_AHEAD_MAX, POSTED_DAYS_AHEAD_MAX};
use crate::reminder::{ReminderTime, parse_reminder_time, time_in_words};
use crate::text::quoted;
use crate::zone::Zone;

/// When an occurrence is posted, seen from its start.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Posting {
    /// So many days before the day of the start, at most [`POSTED_DAYS_AHEAD_MAX`], at that time or
    /// at the guild's posting time. What would not be before the start is a day earlier.
    Day {
        /// How many days before.
        before: u8,
        /// At which time of day; `None` for the guild's.
        time: Option<Time>,
    },
    /// So long before the start, in whole minutes, at most [`POSTED_AHEAD_MAX`].
    Ahead(SignedDuration),
}

impl Default for Posting {
    /// On the day, at the guild's posting time.
    fn default() -> Self {
        Self::Day { before: 0, time: None }
    }
}

/// Why words did not say when to post. Each is one sentence for the person who wrote them.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum PostingError {
    /// They have no form that is known.
    #[error(
        "\"{0}\" does not say when to post: write \"on the day at 09:00\", \"3 days before\" or \"\
         2h before\""
    )]
    NotUnderstood(String),
    /// A time of day that can be in the morning or in the evening.
    #[error("\"{0}\" can be in the morning or in the evening: write it like \"16:00\"")]
    WhichHalf(String),
    /// Too long before the start.
    #[error("a post is made at most {POSTED_DAYS_AHEAD_MAX} days before the start")]
    TooEarly,
}

impl Posting {
    /// When an occurrence is posted that starts then, in this zone, where the guild's posting time
    /// is `usual`. Always before the start.
    #[must_use]
    pub fn due(self, start: Timestamp, zone: &Zone, usual: Time) -> Timestamp {
        let due = match self {
            Self::Ahead(ahead) => start.checked_sub(ahead).ok(),
            Self::Day { before, time } => {
                let at = |days| day_before(start, zone, days, time.unwrap_or(usual));
                let before = i64::from(before);
                at(before).filter(|due| *due < start).or_else(|| at(before.saturating_add(1)))
            }
        };
        due.unwrap_or(start).min(start)
    }

    /// Reads when to post. Nothing is on the day, at the guild's posting time.
    pub fn parse(text: &str) -> Result<Self, PostingError> {
        let words = text.trim().to_lowercase();
        let (day, time) = match words.rsplit_once(" at ") {
            Some((day, time)) => (day.trim(), Some(time_of_day(time)?)),
            None => (words.as_str(), None),
        };
        if let Some(before) = days_before(day) {
            return before.map(|before| Self::Day { before, time });
        }
        if time.is_some() {
            return Err(not_understood(text));
        }
        // "18:30" is a length, too, but nobody means it so.
        let is_length = !words.contains(':') || words.contains("before");
        match parse_before_start(&words).ok().filter(|ahead| is_length && !ahead.is_zero()) {
            Some(ahead) if ahead > POSTED_AHEAD_MAX => Err(PostingError::TooEarly),
            Some(ahead) => Ok(Self::ahead(ahead)),
            None => Ok(Self::Day { before: 0, time: Some(time_of_day(&words)?) }),
        }
    }

    /// So long before: whole days go by the calendar.
    fn ahead(ahead: SignedDuration) -> Self {
        let days = u8::try_from(ahead.as_hours() / 24).ok();
        match days.filter(|days| SignedDuration::from_hours(24 * i64::from(*days)) == ahead) {
            Some(before) => Self::Day { before, time: None },
            None => Self::Ahead(ahead),
        }
    }

    /// When it posts, in words that [`Posting::parse`] reads.
    #[must_use]
    pub fn in_words(self) -> String {
        let at = |time: Option<Time>| {
            let words = time.map(|time| time_in_words(ReminderTime::OfDay(time)));
            words.map(|words| format!(" {words}")).unwrap_or_default()
        };
        match self {
            Self::Day { before: 0, time } => format!("on the day{}", at(time)),
            Self::Day { before: 1, time } => format!("the day before{}", at(time)),
            Self::Day { before, time } => format!("{before} days before{}", at(time)),
            Self::Ahead(ahead) => time_in_words(ReminderTime::Before(ahead)),
        }
    }
}

/// That time on the day so many days before the day of this instant.
fn day_before(start: Timestamp, zone: &Zone, days: i64, time: Time) -> Option<Timestamp> {
    let rules = zone.rules();
    let span = Span::new().try_days(days).ok()?;
    let day = rules.to_datetime(start).date().checked_sub(span).ok()?;
    // What daylight saving skips moves on by the gap; of what it repeats, the first.
    rules.to_timestamp(day.to_datetime(time)).ok()
}

/// How many days before, if the words say days.
fn days_before(words: &str) -> Option<Result<u8, PostingError>> {
    const ON_THE_DAY: [&str; 5] =
        ["", "on the day", "the same day", "same day", "on the day itself"];
    const DAY_BEFORE: [&str; 4] =
        ["the day before", "day before", "a day before", "one day before"];
    if ON_THE_DAY.contains(&words) {
        return Some(Ok(0));
    }
    if DAY_BEFORE.contains(&words) {
        return Some(Ok(1));
    }
    let number = words.strip_suffix("before").unwrap_or(words).trim();
    let (number, days) = ["days", "day", "weeks", "week", "d", "w"]
        .into_iter()
        .find_map(|unit| number.strip_suffix(unit).map(|number| (number.trim(), unit)))?;
    if number.is_empty() || !number.chars().all(|c| c.is_ascii_digit()) {
        return None;
    }
    let times: u8 = if days.starts_with('w') { 7 } else { 1 };
    let before = number.parse::<u8>().ok().and_then(|number| number.checked_mul(times));
    let near = before.filter(|days| *days <= POSTED_DAYS_AHEAD_MAX);
    Some(near.ok_or(PostingError::TooEarly))
}

fn time_of_day(words: &str) -> Result<Time, PostingError> {
    use crate::reminder::ReminderTimeError;
    match parse_reminder_time(words) {
        Ok(ReminderTime::OfDay(time)) => Ok(time),
        Err(ReminderTimeError::WhichHalf(given)) => Err(PostingError::WhichHalf(given)),
        Ok(ReminderTime::Before(_) | ReminderTime::After(_)) | Err(_) => Err(not_understood(words)),
    }
}

fn not_understood(text: &str) -> PostingError {
    PostingError::NotUnderstood(quoted(text))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::settings::POSTING_TIME_DEFAULT;

    fn at(text: &str) -> Timestamp {
        text.parse().unwrap()
    }

    fn posted(words: &str, start: &str) -> String {
        let zone = Zone::parse("Europe/Berlin").unwrap();
        Posting::parse(words).unwrap().due(at(start), &zone, POSTING_TIME_DEFAULT).to_string()
    }

    #[test]
    fn words_say_when_to_post_and_what_is_said_is_understood_again() {
        let said = [
            ("", "on the day"),
            ("on the day at 8am", "on the day at 08:00"),
            ("at 18:00", "on the day at 18:00"),
            ("18:00", "on the day at 18:00"),
            ("the day before at 18:00", "the day before at 18:00"),
            ("3 days before", "3 days before"),
            ("3d", "3 days before"),
            ("a week before", "7 days before"),
            ("24h before", "the day before"),
            ("2 weeks before at noon", "14 days before at 12:00"),
            ("2h before", "2h before"),
            ("90 minutes before", "1h 30m before"),
        ];
        for (words, said) in said {
            let posting = Posting::parse(words).unwrap_or_else(|error| panic!("{words}: {error}"));
            assert_eq!(posting.in_words(), said, "{words}");
            assert_eq!(Posting::parse(said), Ok(posting), "{said}");
        }
    }

    #[test]
    fn what_is_not_clear_or_too_far_is_refused() {
        let refused = |words: &str| Posting::parse(words).unwrap_err();
        assert_eq!(refused("31 days before"), PostingError::TooEarly);
        assert_eq!(refused("300 days before"), PostingError::TooEarly);
        assert_eq!(refused("25 weeks before"), PostingError::TooEarly);
        assert_eq!(refused("at 4"), PostingError::WhichHalf("at 4".into()));
        for words in ["soon", "2h before at 09:00", "-3 days before", "0 minutes"] {
            assert!(matches!(refused(words), PostingError::NotUnderstood(_)), "{words}");
        }
    }

    #[test]
    fn a_post_is_made_by_the_clock_on_the_wall() {
        // The clocks go back in the night before the 25th of October 2026.
        assert_eq!(posted("3 days before", "2026-10-27T19:00:00Z"), "2026-10-24T07:00:00Z");
        assert_eq!(posted("", "2026-10-25T19:00:00Z"), "2026-10-25T08:00:00Z");
        assert_eq!(posted("2h before", "2026-10-25T19:00:00Z"), "2026-10-25T17:00:00Z");
    }

    #[test]
    fn what_would_not_be_before_the_start_is_a_day_earlier() {
        assert_eq!(posted("", "2026-11-28T07:00:00Z"), "2026-11-27T08:00:00Z");
        assert_eq!(posted("at 20:00", "2026-11-28T19:00:00Z"), "2026-11-27T19:00:00Z");
        assert_eq!(posted("at 20:00", "2026-11-28T19:01:00Z"), "2026-11-28T19:00:00Z");
    }
}
