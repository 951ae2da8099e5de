//! When organisers are told that nothing is planned for the week that begins.

use jiff::civil::Date;
use jiff::tz::TimeZone;
use jiff::{Span, Timestamp};

use crate::settings::GuildSettings;

/// Weeks that are looked at for the next nudge: this one, and those after one that a clock which
/// was ahead had decided already.
const WEEKS: i64 = 4;

impl GuildSettings {
    /// The next Monday at the guild's posting time after `now`, on the guild's clocks, or on UTC's
    /// if it has no zone. The week that began on `last` was decided already. `None` if
    /// nobody is to be nudged, or there is no channel for it.
    #[must_use]
    pub fn next_nudge(&self, now: Timestamp, last: Option<Date>) -> Option<Timestamp> {
        if !self.nudges || self.admin_channel.is_none() {
            return None;
        }
        let zone = self.nudge_zone();
        let monday = week_of(zone.to_datetime(now).date())?;
        let mondays = (0..WEEKS).filter_map(|weeks| monday.checked_add(weeks_on(weeks)).ok());
        let undecided = mondays.filter(|monday| last.is_none_or(|last| *monday > last));
        let at = |monday: Date| zone.to_timestamp(monday.to_datetime(self.posts_at())).ok();
        undecided.filter_map(at).find(|at| *at > now)
    }

    /// The Monday that begins the week of a nudge.
    #[must_use]
    pub fn week_of_nudge(&self, at: Timestamp) -> Option<Date> {
        week_of(self.nudge_zone().to_datetime(at).date())
    }

    fn nudge_zone(&self) -> TimeZone {
        self.zone.as_ref().map_or(TimeZone::UTC, |zone| zone.rules().clone())
    }
}

fn week_of(day: Date) -> Option<Date> {
    let since = i64::from(day.weekday().to_monday_zero_offset());
    day.checked_sub(Span::new().try_days(since).ok()?).ok()
}

fn weeks_on(weeks: i64) -> Span {
    Span::new().try_weeks(weeks).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use jiff::civil::{date, time};

    use super::*;
    use crate::id::ChannelId;
    use crate::zone::Zone;

    fn at(text: &str) -> Timestamp {
        text.parse().unwrap()
    }

    fn berlin() -> GuildSettings {
        GuildSettings {
            nudges: true,
            admin_channel: Some(ChannelId::new(1)),
            zone: Zone::parse("Europe/Berlin").ok(),
            ..GuildSettings::default()
        }
    }

    #[test]
    fn it_is_due_on_mondays_at_the_posting_time_on_the_guilds_clocks() {
        // The clocks change on the 28th of March 2027, a Sunday.
        for (now, next) in [
            ("2027-03-12T18:00:00Z", "2027-03-15T08:00:00Z"),
            ("2027-03-15T07:59:59Z", "2027-03-15T08:00:00Z"),
            ("2027-03-15T08:00:00Z", "2027-03-22T08:00:00Z"),
            ("2027-03-27T12:00:00Z", "2027-03-29T07:00:00Z"),
        ] {
            assert_eq!(berlin().next_nudge(at(now), None), Some(at(next)), "{now}");
        }
        let late = GuildSettings { posting_time: Some(time(18, 30, 0, 0)), ..berlin() };
        let next = late.next_nudge(at("2027-03-15T12:00:00Z"), None);
        assert_eq!(next, Some(at("2027-03-15T17:30:00Z")));
        let nowhere = GuildSettings { zone: None, ..berlin() };
        let next = nowhere.next_nudge(at("2027-03-15T08:30:00Z"), None);
        assert_eq!(next, Some(at("2027-03-15T09:00:00Z")), "by UTC");
    }

    #[test]
    fn a_week_that_was_decided_is_not_decided_again() {
        let now = at("2027-03-15T07:00:00Z");
        let last = |day| berlin().next_nudge(now, Some(day));
        assert_eq!(last(date(2027, 3, 8)), Some(at("2027-03-15T08:00:00Z")));
        assert_eq!(last(date(2027, 3, 15)), Some(at("2027-03-22T08:00:00Z")));
        assert_eq!(last(date(2027, 3, 22)), Some(at("2027-03-29T07:00:00Z")));
        let week = berlin().week_of_nudge(at("2027-03-15T08:00:00Z"));
        assert_eq!(week, Some(date(2027, 3, 15)));
    }

    #[test]
    fn nobody_is_nudged_who_has_not_chosen_it_or_has_no_channel() {
        let now = at("2027-03-12T18:00:00Z");
        for settings in [
            GuildSettings { nudges: false, ..berlin() },
            GuildSettings { admin_channel: None, ..berlin() },
        ] {
            assert_eq!(settings.next_nudge(now, None), None);
        }
    }
}
