//! Series around every change of every zone's clocks, compared with offsets looked up instant by
//! instant.
//!
//! Set `MUSTER_EVERY_ZONE_IN_FULL=1` for every zone; else those that have the rules of a zone that
//! was looked at before are passed over.

use std::collections::HashSet;

use jiff::civil::DateTime;
use jiff::tz::TimeZone;
use jiff::{SignedDuration, Timestamp, ToSpan};

use crate::recurrence::{Frequency, Recurrence, Rule};

/// Between two looks at a zone's offset; no zone sets its clocks twice within.
const LOOK: SignedDuration = SignedDuration::from_hours(7 * 24);

/// An instant at which the clocks of a zone are set.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
struct Change {
    at: Timestamp,
    before_s: i32,
    after_s: i32,
}

fn offset_s(zone: &TimeZone, at: Timestamp) -> i32 {
    zone.to_offset(at).seconds()
}

/// Every change from 2025 to 2037, found by looking and then by halving.
fn changes(zone: &TimeZone) -> Vec<Change> {
    let mut at: Timestamp = "2025-01-01T00:00:00Z".parse().unwrap();
    let end: Timestamp = "2038-01-01T00:00:00Z".parse().unwrap();
    let mut found = Vec::new();
    while at < end {
        let next = at + LOOK;
        let (before_s, after_s) = (offset_s(zone, at), offset_s(zone, next));
        if before_s != after_s {
            let (mut low, mut high) = (at.as_second(), next.as_second());
            while high - low > 1 {
                let middle = low + (high - low) / 2;
                let is_before = offset_s(zone, Timestamp::from_second(middle).unwrap()) == before_s;
                if is_before { low = middle } else { high = middle }
            }
            let at = Timestamp::from_second(high).unwrap();
            found.push(Change { at, before_s, after_s });
        }
        at = next;
    }
    found
}

fn wall(at: Timestamp, offset_s: i32) -> DateTime {
    let shown = at + SignedDuration::from_secs(offset_s.into());
    TimeZone::UTC.to_datetime(shown)
}

/// When a wall-clock time near a change should be: by the offset before the change in its gap and in
/// its fold, else by the one that holds.
fn instant(change: &Change, wall_time: DateTime) -> Timestamp {
    let as_utc = TimeZone::UTC.to_timestamp(wall_time).unwrap();
    let by_before = as_utc - SignedDuration::from_secs(change.before_s.into());
    let by_after = as_utc - SignedDuration::from_secs(change.after_s.into());
    if by_before < change.at {
        // The clocks show it before the change, perhaps again after it.
        by_before
    } else if by_after >= change.at {
        // They show it only after the change.
        by_after
    } else {
        // They never show it; the old offset moves it on by the length of the gap.
        by_before
    }
}

/// Series whose second or third date falls on the day of a change, at times around it.
fn check(zone: &TimeZone, name: &str, change: &Change) -> usize {
    let mut checked = 0;
    let (old, new) = (wall(change.at, change.before_s), wall(change.at, change.after_s));
    let middle = old.min(new) + (old.duration_until(new).abs() / 2);
    for time in [old - 1.second(), old, middle, new - 1.second(), new, new + 1.hour()] {
        for (frequency, back) in [(Frequency::Daily, 2.days()), (Frequency::Weekly, 1.week())] {
            let series = Recurrence::new(Rule::every(frequency)).unwrap();
            let start = time - back;
            for found in series.occurrences(start, zone).take(4) {
                let near = (found.wall - 2.days()..=found.wall + 2.days()).contains(&time);
                if near {
                    assert_eq!(found.at, instant(change, found.wall), "{name}: {}", found.wall);
                }
                assert_eq!(found.wall.time(), start.time(), "{name}: {}", found.wall);
                checked += 1;
            }
        }
    }
    checked
}

#[test]
fn in_every_zone_series_keep_the_wall_clock_through_every_change() {
    let in_full = std::env::var_os("MUSTER_EVERY_ZONE_IN_FULL").is_some();
    let mut seen = HashSet::new();
    let (mut zones, mut checked) = (0, 0);
    for name in jiff::tz::db().available() {
        let zone = TimeZone::get(name.as_str()).unwrap();
        let changes = changes(&zone);
        if !seen.insert(changes.clone()) && !in_full {
            continue;
        }
        zones += 1;
        checked += changes.iter().map(|change| check(&zone, name.as_str(), change)).sum::<usize>();
    }
    assert!(zones >= 30 && checked >= 20_000, "only {zones} zones, {checked} occurrences");
    println!("{zones} zones, {checked} occurrences");
}
