//! Which copies need not be kept.

use std::collections::BTreeSet;

use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::TimeZone;

use super::{Kept, KeptKind};

/// How many copies are kept.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Keep {
    /// The last ones; at least one.
    pub last: usize,
    /// The last one of each of so many days (UTC) on which there were any.
    pub daily: usize,
    /// The last one of each of so many weeks, from Monday.
    pub weekly: usize,
}

impl Default for Keep {
    fn default() -> Self {
        Self { last: 4, daily: 7, weekly: 4 }
    }
}

/// The copies that need not be kept, the oldest first. One that bears a later time than now was
/// made by a clock that was ahead: it takes nobody's place, and goes as soon as there is another.
#[must_use]
pub fn superfluous(kept: &[Kept], keep: Keep, now: Timestamp) -> Vec<Kept> {
    let copies = kept.iter().filter(|one| one.kind == KeptKind::Backup);
    let (mut copies, ahead): (Vec<_>, Vec<_>) = copies.partition(|one| one.at <= now);
    if copies.is_empty() {
        return Vec::new();
    }
    copies.sort_by_key(|one| one.at);
    let mut wanted: BTreeSet<Timestamp> =
        copies.iter().rev().take(keep.last.max(1)).map(|one| one.at).collect();
    let mut days = BTreeSet::new();
    let mut weeks = BTreeSet::new();
    for at in copies.iter().rev().map(|one| one.at) {
        let day = TimeZone::UTC.to_datetime(at).date();
        let is_last_of_day = days.len() < keep.daily && days.insert(day);
        let is_last_of_week = weeks.len() < keep.weekly && weeks.insert(week(day));
        if is_last_of_day || is_last_of_week {
            wanted.insert(at);
        }
    }
    let unwanted = copies.into_iter().filter(|one| !wanted.contains(&one.at));
    ahead.into_iter().chain(unwanted).cloned().collect()
}

fn week(day: Date) -> (i16, i8) {
    let week = day.iso_week_date();
    (week.year(), week.week())
}
