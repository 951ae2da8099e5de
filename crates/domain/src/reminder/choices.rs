//! What members choose about reminders: whether they are mentioned, and when not to be disturbed.

use jiff::civil::Time;
use jiff::{SignedDuration, Timestamp};
use thiserror::Error;

use crate::when::{TimeOfDayError, parse_times_of_day};
use crate::zone::Zone;

/// What a member wants of the reminders of a guild. It says nothing of other news.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ReminderChoices {
    /// Whether reminders in a channel mention them. A role or everyone is mentioned in any case.
    pub mentioned: bool,
    /// Whether they get reminders by direct message, for events about which they want such.
    pub direct: bool,
}

impl Default for ReminderChoices {
    /// Who chose nothing is reminded.
    fn default() -> Self {
        Self { mentioned: true, direct: true }
    }
}

/// One choice of a member about reminders.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ReminderChoice {
    /// Whether they are mentioned in this guild.
    Mentioned(bool),
    /// Whether they get direct messages on behalf of this guild.
    Direct(bool),
    /// When they are left in peace, in all guilds; `None` for never.
    Quiet(Option<QuietHours>),
}

/// A part of each day, in whole minutes; over midnight if it ends earlier than it begins.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct QuietHours {
    from: Time,
    to: Time,
}

/// Why words are no quiet hours. Each is one sentence for the person who wrote them.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum QuietHoursError {
    /// The words are no times of day.
    #[error(transparent)]
    Time(TimeOfDayError),
    /// They say when quiet hours begin and not when they end, or take the whole day.
    #[error("quiet hours begin and end: write them like \"22:00 to 08:00\"")]
    NoEnd,
}

impl QuietHours {
    /// From one time of day to another one; `None` if both are the same.
    #[must_use]
    pub fn new(from: Time, to: Time) -> Option<Self> {
        (from != to).then_some(Self { from, to })
    }

    /// Reads words such as "22:00 to 08:00".
    pub fn parse(words: &str) -> Result<Self, QuietHoursError> {
        let times = parse_times_of_day(words).map_err(QuietHoursError::Time)?;
        let lasts = times.lasts.filter(|lasts| *lasts < SignedDuration::from_hours(24));
        let to = lasts.map(|lasts| times.time.wrapping_add(lasts));
        to.and_then(|to| Self::new(times.time, to)).ok_or(QuietHoursError::NoEnd)
    }

    /// When they begin.
    #[must_use]
    pub const fn from(self) -> Time {
        self.from
    }

    /// When they end.
    #[must_use]
    pub const fn to(self) -> Time {
        self.to
    }

    /// The end of the quiet hours into which this instant falls in this zone; `None` outside of
    /// them. An end that daylight saving skips moves on by the gap; of one that it repeats, the
    /// first counts.
    #[must_use]
    pub fn end_after(self, at: Timestamp, zone: &Zone) -> Option<Timestamp> {
        let rules = zone.rules();
        let local = rules.to_datetime(at);
        let (time, is_over_midnight) = (local.time(), self.to < self.from);
        let (has_begun, is_before_end) = (time >= self.from, time < self.to);
        let is_within =
            if is_over_midnight { has_begun || is_before_end } else { has_begun && is_before_end };
        let is_evening = is_over_midnight && has_begun;
        let day = if is_evening { local.date().tomorrow().ok()? } else { local.date() };
        let end = rules.to_timestamp(day.to_datetime(self.to)).ok()?;
        (is_within && end > at).then_some(end)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn hours(words: &str) -> QuietHours {
        QuietHours::parse(words).unwrap_or_else(|error| panic!("{words}: {error}"))
    }

    fn end(words: &str, at: &str) -> Option<String> {
        let berlin = Zone::parse("Europe/Berlin").unwrap();
        hours(words).end_after(at.parse().unwrap(), &berlin).map(|end| end.to_string())
    }

    #[test]
    fn quiet_hours_are_read_with_their_end() {
        let night = hours("22:00 to 08:00");
        assert_eq!(night.from(), Time::constant(22, 0, 0, 0));
        assert_eq!(night.to(), Time::constant(8, 0, 0, 0));
        assert_eq!(hours("10pm - 8am"), night);
        assert_eq!(QuietHours::parse("22:00"), Err(QuietHoursError::NoEnd));
        assert!(matches!(QuietHours::parse("at night"), Err(QuietHoursError::Time(_))));
        assert_eq!(QuietHours::new(Time::midnight(), Time::midnight()), None);
    }

    #[test]
    fn a_night_ends_on_the_next_morning_and_a_nap_on_the_same_day() {
        // 23:30 and 07:59 in Berlin.
        let morning = Some("2026-11-28T07:00:00Z".to_owned());
        assert_eq!(end("22:00 to 08:00", "2026-11-27T22:30:00Z"), morning);
        assert_eq!(end("22:00 to 08:00", "2026-11-28T06:59:00Z"), morning);
        assert_eq!(end("22:00 to 08:00", "2026-11-28T07:00:00Z"), None);
        assert_eq!(end("22:00 to 08:00", "2026-11-27T20:59:00Z"), None);
        let afternoon = Some("2026-11-27T14:00:00Z".to_owned());
        assert_eq!(end("13:00 to 15:00", "2026-11-27T12:00:00Z"), afternoon);
        assert_eq!(end("13:00 to 15:00", "2026-11-27T14:00:00Z"), None);
    }

    #[test]
    fn an_end_that_is_skipped_or_repeated_comes_once() {
        // 02:30 does not exist on 28 March 2027, and comes twice on 31 October.
        let skipped = Some("2027-03-28T01:30:00Z".to_owned());
        assert_eq!(end("22:00 to 02:30", "2027-03-28T00:30:00Z"), skipped);
        let first = Some("2027-10-31T00:30:00Z".to_owned());
        assert_eq!(end("22:00 to 02:30", "2027-10-31T00:10:00Z"), first);
        assert_eq!(end("22:00 to 02:30", "2027-10-31T01:10:00Z"), None, "they ended before");
    }
}
