//! Dates and times of RFC 5545, put on the wall clock of the series.

use jiff::civil::{Date, DateTime, Time};
use jiff::tz::TimeZone;

use super::lines::no_param;
use super::parts::malformed;
use crate::limits::REPEAT_EXCLUDED_MAX;
use crate::recurrence::{DayOrTime, RecurrenceError};
use crate::when::shortened;

const STAMP: &str = "20270601T200000 or 20270601";

/// Which times a text may have.
#[derive(Clone, Copy)]
pub(super) enum Clocks<'a> {
    /// Only those on the wall clock of the series.
    Wall,
    /// Any; they are put on the clocks of this zone.
    Of(&'a TimeZone),
}

/// The dates of an `EXDATE` or `RDATE`.
pub(super) fn list(
    params: &[(String, &str)],
    value: &str,
    clocks: Clocks<'_>,
) -> Result<Vec<DayOrTime>, RecurrenceError> {
    let mut zone = None;
    for (name, value) in params {
        match (name.as_str(), clocks) {
            ("VALUE", _) if value.eq_ignore_ascii_case("DATE") => {}
            ("VALUE", _) if value.eq_ignore_ascii_case("DATE-TIME") => {}
            ("TZID", Clocks::Of(_)) => zone = Some(self::zone(value)?),
            _ => return Err(no_param("a date", &format!("{name}={value}"))),
        }
    }
    let mut stamps = Vec::new();
    for written in value.split(',') {
        if stamps.len() > REPEAT_EXCLUDED_MAX {
            return Err(RecurrenceError::TooManyExcluded);
        }
        let stamp = stamp(written, clocks)?;
        stamps.push(match (stamp, &zone, clocks) {
            (DayOrTime::Time(wall), Some(from), Clocks::Of(to)) if !is_utc(written) => {
                DayOrTime::Time(moved(wall, from, to)?)
            }
            (stamp, _, _) => stamp,
        });
    }
    Ok(stamps)
}

/// One date or time: `20270601`, `20270601T200000`, `20270601T180000Z`.
pub(super) fn stamp(written: &str, clocks: Clocks<'_>) -> Result<DayOrTime, RecurrenceError> {
    let wrong = || malformed(written, STAMP);
    let local = written.strip_suffix(['Z', 'z']);
    let (date, time) = match local.unwrap_or(written).split_once(['T', 't']) {
        Some((date, time)) => (date, Some(time)),
        None => (local.unwrap_or(written), None),
    };
    let date = date_of(date).ok_or_else(wrong)?;
    let Some(time) = time else {
        return if local.is_some() { Err(wrong()) } else { Ok(DayOrTime::Day(date)) };
    };
    let wall = date.to_datetime(time_of(time).ok_or_else(wrong)?);
    match clocks {
        Clocks::Of(zone) if is_utc(written) => {
            moved(wall, &TimeZone::UTC, zone).map(DayOrTime::Time)
        }
        Clocks::Wall if is_utc(written) => Err(wrong()),
        Clocks::Wall | Clocks::Of(_) => Ok(DayOrTime::Time(wall)),
    }
}

fn is_utc(written: &str) -> bool {
    written.ends_with(['Z', 'z'])
}

fn moved(wall: DateTime, from: &TimeZone, to: &TimeZone) -> Result<DateTime, RecurrenceError> {
    let at = from.to_timestamp(wall).map_err(|_| malformed(&wall.to_string(), STAMP))?;
    Ok(to.to_datetime(at))
}

fn zone(name: &str) -> Result<TimeZone, RecurrenceError> {
    TimeZone::get(name).map_err(|_| RecurrenceError::UnknownZone { name: shortened(name) })
}

fn date_of(written: &str) -> Option<Date> {
    let [year, month, day] = numbers(written, [4, 2, 2])?;
    Date::new(year, month.try_into().ok()?, day.try_into().ok()?).ok()
}

fn time_of(written: &str) -> Option<Time> {
    let [hour, minute, second] = numbers(written, [2, 2, 2])?.map(i8::try_from);
    // Calendars know a 60th second; clocks of events do not.
    Time::new(hour.ok()?, minute.ok()?, second.ok()?.min(59), 0).ok()
}

/// A run of digits cut into numbers of so many digits each.
fn numbers<const N: usize>(written: &str, digits: [usize; N]) -> Option<[i16; N]> {
    let mut numbers = [0; N];
    let mut rest = written;
    if !rest.bytes().all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    for (number, digits) in numbers.iter_mut().zip(digits) {
        let (head, tail) = rest.split_at_checked(digits)?;
        *number = head.parse().ok()?;
        rest = tail;
    }
    rest.is_empty().then_some(numbers)
}
