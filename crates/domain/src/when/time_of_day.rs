//! Words for a time of day that holds on any day: "20:00", "8pm", "noon".

use jiff::civil::Time;
use jiff::tz::TimeZone;
use jiff::{SignedDuration, Timestamp};
use thiserror::Error;

use super::{Context, DateOrder, Understood, shortened, understand};

/// Why words gave no time of day. Each is one sentence for the person who wrote them.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum TimeOfDayError {
    /// It can be in the morning or in the evening.
    #[error("\"{0}\" can be in the morning or in the evening: write it like \"20:00\"")]
    WhichHalf(String),
    /// Something else, or more than a time of day.
    #[error("\"{0}\" is not a time of day: write it like \"20:00\" or \"8pm\"")]
    NotUnderstood(String),
}

/// A time of day, and how long what begins then lasts, if an end was said.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TimesOfDay {
    /// When it begins.
    pub time: Time,
    /// How long it lasts.
    pub lasts: Option<SignedDuration>,
}

/// Reads a time of day. A day beside it is refused, as it would hold for that day alone.
pub fn parse_time_of_day(text: &str) -> Result<Time, TimeOfDayError> {
    match parse_times_of_day(text)? {
        TimesOfDay { time, lasts: None } => Ok(time),
        TimesOfDay { lasts: Some(_), .. } => Err(not_understood(text)),
    }
}

/// Reads a time of day with or without an end: "20:00 to 22:30".
pub fn parse_times_of_day(text: &str) -> Result<TimesOfDay, TimeOfDayError> {
    // What means the same, seen from days of other names and at other hours, holds on any day.
    let times = seen_from(text, Timestamp::UNIX_EPOCH)?;
    let later = SignedDuration::from_hours(10 * 24 + 3);
    let again = seen_from(text, Timestamp::UNIX_EPOCH.checked_add(later).unwrap_or_default())?;
    if times == again { Ok(times) } else { Err(not_understood(text)) }
}

/// What a text means at this instant, if that is within a day.
fn seen_from(text: &str, now: Timestamp) -> Result<TimesOfDay, TimeOfDayError> {
    let context = Context { now, zone: &TimeZone::UTC, date_order: DateOrder::DayFirst };
    let day = SignedDuration::from_hours(24);
    match understand(text, &context) {
        Ok(Understood::One(moment)) if moment.start.duration_since(now) <= day => {
            let lasts = moment.end.map(|end| end.duration_since(moment.start));
            Ok(TimesOfDay { time: TimeZone::UTC.to_datetime(moment.start).time(), lasts })
        }
        Ok(Understood::Several(_)) => Err(TimeOfDayError::WhichHalf(shortened(text.trim()))),
        Ok(Understood::One(_)) | Err(_) => Err(not_understood(text)),
    }
}

fn not_understood(text: &str) -> TimeOfDayError {
    TimeOfDayError::NotUnderstood(shortened(text.trim()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_of_day_are_understood_on_any_day() {
        for (words, hour, minute) in [
            ("20:00", 20, 0),
            (" 8pm ", 20, 0),
            ("at 19:30", 19, 30),
            ("noon", 12, 0),
            ("00:00", 0, 0),
            ("20h", 20, 0),
            ("half past eight in the evening", 20, 30),
        ] {
            let time = Time::new(hour, minute, 0, 0).unwrap();
            assert_eq!(parse_time_of_day(words), Ok(time), "{words}");
        }
    }

    #[test]
    fn an_end_can_be_said_with_it() {
        let read = |text| {
            let TimesOfDay { time, lasts } = parse_times_of_day(text).unwrap();
            (time.hour(), lasts.map(|lasts| lasts.as_mins()))
        };
        assert_eq!(read("20:00 to 22:30"), (20, Some(150)));
        assert_eq!(read("22:00-01:00"), (22, Some(180)));
        assert_eq!(read("8pm"), (20, None));
    }

    #[test]
    fn what_is_unclear_or_more_than_a_time_is_refused() {
        assert_eq!(parse_time_of_day("8"), Err(TimeOfDayError::WhichHalf("8".into())));
        for words in [
            "",
            "soon",
            "friday 16:00",
            "thursday 16:00",
            "in 2 hours",
            "1 jan 16:00",
            "16:00 to 18:00",
            "tomorrow",
            "25:00",
        ] {
            let refused = Err(TimeOfDayError::NotUnderstood(words.into()));
            assert_eq!(parse_time_of_day(words), refused, "{words}");
        }
    }
}
