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
    #[error("\"{0}\" is no time of day: write it like \"20:00\" or \"8pm\"")]
    NotUnderstood(String),
}

/// Reads a time of day. A day beside it is refused, as it would hold for that day alone.
pub fn parse_time_of_day(text: &str) -> Result<Time, TimeOfDayError> {
    let (now, date_order) = (Timestamp::UNIX_EPOCH, DateOrder::DayFirst);
    let context = Context { now, zone: &TimeZone::UTC, date_order };
    let day = SignedDuration::from_hours(24);
    match understand(text, &context) {
        Ok(Understood::One(moment))
            if moment.end.is_none() && moment.start.duration_since(now) <= day =>
        {
            Ok(TimeZone::UTC.to_datetime(moment.start).time())
        }
        Ok(Understood::Several(_)) => Err(TimeOfDayError::WhichHalf(shortened(text.trim()))),
        Ok(Understood::One(_)) | Err(_) => {
            Err(TimeOfDayError::NotUnderstood(shortened(text.trim())))
        }
    }
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
    fn what_is_unclear_or_more_than_a_time_is_refused() {
        assert_eq!(parse_time_of_day("8"), Err(TimeOfDayError::WhichHalf("8".into())));
        for words in ["", "soon", "friday 16:00", "16:00 to 18:00", "tomorrow", "25:00"] {
            let refused = Err(TimeOfDayError::NotUnderstood(words.into()));
            assert_eq!(parse_time_of_day(words), refused, "{words}");
        }
    }
}
