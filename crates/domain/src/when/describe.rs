//! Says a time in words that [`understand`](super::understand) reads back.

use jiff::Timestamp;
use jiff::civil::{Date, Weekday};
use jiff::tz::TimeZone;

use super::Moment;

const MINUTE_S: i64 = 60;
const HOUR_S: i64 = 60 * MINUTE_S;
const DAY_S: i64 = 24 * HOUR_S;
const WEEK_S: i64 = 7 * DAY_S;
/// The mean length of a month and of a year in the Gregorian calendar.
const MONTH_S: i64 = YEAR_S / 12;
const YEAR_S: i64 = 31_556_952;

/// The English name of a weekday.
#[must_use]
pub const fn weekday_name(weekday: Weekday) -> &'static str {
    match weekday {
        Weekday::Monday => "Monday",
        Weekday::Tuesday => "Tuesday",
        Weekday::Wednesday => "Wednesday",
        Weekday::Thursday => "Thursday",
        Weekday::Friday => "Friday",
        Weekday::Saturday => "Saturday",
        Weekday::Sunday => "Sunday",
    }
}

/// The English name of a month, 1 to 12.
pub(crate) const fn month_name(month: i8) -> &'static str {
    match month {
        1 => "January",
        2 => "February",
        3 => "March",
        4 => "April",
        5 => "May",
        6 => "June",
        7 => "July",
        8 => "August",
        9 => "September",
        10 => "October",
        11 => "November",
        _ => "December",
    }
}

/// "28 November 2026".
pub(crate) fn date_in_words(date: Date) -> String {
    format!("{} {} {}", date.day(), month_name(date.month()), date.year())
}

/// A moment on the clocks of a zone: `Fri 12 Mar 2027, 20:00`.
///
/// [`understand`](super::understand) reads it back, to the minute, unless the clocks show that
/// time twice, and then it reads the first.
#[must_use]
pub fn describe(at: Timestamp, zone: &TimeZone) -> String {
    let local = zone.to_datetime(at);
    let weekday = weekday_name(local.weekday()).get(..3).unwrap_or_default();
    let month = month_name(local.month()).get(..3).unwrap_or_default();
    format!(
        "{weekday} {} {month} {}, {:02}:{:02}",
        local.day(),
        local.year(),
        local.hour(),
        local.minute()
    )
}

/// How far a moment lies from now, in the largest fitting unit: `in 3 days`, `in 1 hour`, `now`,
/// `2 hours ago`. Rounded to the nearest whole unit.
#[must_use]
pub fn relative(now: Timestamp, at: Timestamp) -> String {
    let away_s = at.as_second().saturating_sub(now.as_second());
    let far_s = away_s.saturating_abs();
    let (unit_s, unit) = match far_s {
        ..MINUTE_S => return "now".to_owned(),
        // Each limit is where rounding would reach the next unit.
        _ if rounded(far_s, MINUTE_S) < 60 => (MINUTE_S, "minute"),
        _ if rounded(far_s, HOUR_S) < 24 => (HOUR_S, "hour"),
        _ if rounded(far_s, DAY_S) < 14 => (DAY_S, "day"),
        _ if rounded(far_s, WEEK_S) < 9 => (WEEK_S, "week"),
        _ if rounded(far_s, MONTH_S) < 12 => (MONTH_S, "month"),
        _ => (YEAR_S, "year"),
    };
    let count = rounded(far_s, unit_s);
    let plural = if count == 1 { "" } else { "s" };
    if away_s < 0 {
        format!("{count} {unit}{plural} ago")
    } else {
        format!("in {count} {unit}{plural}")
    }
}

fn rounded(far_s: i64, unit_s: i64) -> i64 {
    far_s.saturating_add(unit_s / 2) / unit_s
}

/// A moment as autocomplete shows it: `Fri 12 Mar 2027, 20:00 · in 3 days`, with its end if it
/// has one: `Fri 12 Mar 2027, 20:00 to 22:00 · in 3 days`. At most 70 characters.
#[must_use]
pub fn label(moment: &Moment, now: Timestamp, zone: &TimeZone) -> String {
    let start = describe(moment.start, zone);
    let away = relative(now, moment.start);
    let Some(end) = moment.end else {
        return format!("{start} · {away}");
    };
    let same_day = zone.to_datetime(moment.start).date() == zone.to_datetime(end).date();
    let end = describe(end, zone);
    let shown = if same_day { end.rsplit(' ').next().unwrap_or(&end) } else { &end };
    format!("{start} to {shown} · {away}")
}

/// A moment as text that [`understand`](super::understand) reads back exactly, in every zone:
/// `<t:1788291000>`, with an end `<t:1788291000> to <t:1788298200>`. For what goes into a custom
/// id or the value of an autocomplete choice.
#[must_use]
pub fn canonical(moment: &Moment) -> String {
    let start = moment.start.as_second();
    match moment.end {
        Some(end) => format!("<t:{start}> to <t:{}>", end.as_second()),
        None => format!("<t:{start}>"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(text: &str) -> Timestamp {
        text.parse().unwrap()
    }

    #[test]
    fn a_moment_is_said_on_the_clocks_of_the_zone() {
        let moment = at("2027-03-12T19:00:00Z");
        let berlin = TimeZone::get("Europe/Berlin").unwrap();
        assert_eq!(describe(moment, &berlin), "Fri 12 Mar 2027, 20:00");
        assert_eq!(describe(moment, &TimeZone::UTC), "Fri 12 Mar 2027, 19:00");
        let tokyo = TimeZone::get("Asia/Tokyo").unwrap();
        assert_eq!(describe(moment, &tokyo), "Sat 13 Mar 2027, 04:00");
    }

    #[test]
    fn a_distance_is_said_in_the_largest_fitting_unit() {
        let now = at("2026-11-23T12:00:00Z");
        let cases = [
            ("2026-11-23T12:00:59Z", "now"),
            ("2026-11-23T12:01:00Z", "in 1 minute"),
            ("2026-11-23T12:45:10Z", "in 45 minutes"),
            ("2026-11-23T12:59:40Z", "in 1 hour"),
            ("2026-11-23T14:00:00Z", "in 2 hours"),
            ("2026-11-24T11:00:00Z", "in 23 hours"),
            ("2026-11-24T11:40:00Z", "in 1 day"),
            ("2026-11-26T19:00:00Z", "in 3 days"),
            ("2026-12-07T12:00:00Z", "in 2 weeks"),
            ("2027-01-23T12:00:00Z", "in 2 months"),
            ("2027-11-23T12:00:00Z", "in 1 year"),
            ("2031-11-23T12:00:00Z", "in 5 years"),
            ("2026-11-23T10:00:00Z", "2 hours ago"),
            ("2026-11-22T12:00:00Z", "1 day ago"),
        ];
        for (moment, words) in cases {
            assert_eq!(relative(now, at(moment)), words, "{moment}");
        }
    }

    #[test]
    fn a_label_shows_the_end_and_its_date_only_if_it_differs() {
        let now = at("2027-03-09T19:00:00Z");
        let start = at("2027-03-12T19:00:00Z");
        let label_until = |end: Option<&str>| {
            let end = end.map(at);
            label(&Moment::new(start, end, None), now, &TimeZone::UTC)
        };
        assert_eq!(label_until(None), "Fri 12 Mar 2027, 19:00 · in 3 days");
        assert_eq!(
            label_until(Some("2027-03-12T21:30:00Z")),
            "Fri 12 Mar 2027, 19:00 to 21:30 · in 3 days"
        );
        assert_eq!(
            label_until(Some("2027-03-13T01:00:00Z")),
            "Fri 12 Mar 2027, 19:00 to Sat 13 Mar 2027, 01:00 · in 3 days"
        );
    }
}
