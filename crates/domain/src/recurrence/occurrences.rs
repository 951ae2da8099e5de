//! The occurrences of a series on the clocks of its zone, found when they are asked for.

use std::collections::BTreeSet;
use std::iter::Peekable;
use std::vec;

use jiff::Timestamp;
use jiff::civil::{Date, DateTime, Time};
use jiff::tz::TimeZone;

use super::walk::Dates;
use super::{DayOrTime, Recurrence, whole_second};

/// One time that something takes place.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Occurrence {
    /// What the clocks of the zone should show; it names the occurrence within its series.
    pub wall: DateTime,
    /// When it is. Later than `wall` says, by the length of the gap, where the clocks skip that.
    pub at: Timestamp,
}

/// Occurrences, strictly ascending by their wall-clock times.
#[derive(Clone, Debug)]
pub struct Occurrences<'a> {
    zone: &'a TimeZone,
    excluded: &'a BTreeSet<DayOrTime>,
    time: Time,
    dates: Peekable<Dates>,
    added: Peekable<vec::IntoIter<DateTime>>,
}

impl Recurrence {
    /// Every occurrence of the series that begins at `start`, a time on the clocks of `zone`.
    ///
    /// Where the end is [`End::Never`](super::End::Never) there are as many as the calendar has.
    /// The search ends where a rule has had no date for
    /// [`REPEAT_SEARCH_YEARS`](crate::limits::REPEAT_SEARCH_YEARS).
    #[must_use]
    pub fn occurrences<'a>(&'a self, start: DateTime, zone: &'a TimeZone) -> Occurrences<'a> {
        self.occurrences_from(start, zone, start)
    }

    /// The occurrences from a wall-clock time on, that one too.
    ///
    /// What came before costs nothing, unless the rule has a count and has to be counted from its
    /// start on.
    #[must_use]
    pub fn occurrences_from<'a>(
        &'a self,
        start: DateTime,
        zone: &'a TimeZone,
        from: DateTime,
    ) -> Occurrences<'a> {
        let start = whole_second(start);
        let from = from.max(start);
        // The rule has one time a day, and that of the first date may be over.
        let dates = Dates::new(&self.rule, start, from.date());
        let at_time = |added: &DayOrTime| added.on_clock(start.time());
        let mut added: Vec<DateTime> = self.added.iter().map(at_time).collect();
        added.retain(|wall| *wall >= from && !self.excluded.contains(&DayOrTime::Time(*wall)));
        added.sort_unstable();
        added.dedup();
        let mut found = Occurrences {
            zone,
            excluded: &self.excluded,
            time: start.time(),
            dates: dates.peekable(),
            added: added.into_iter().peekable(),
        };
        found.dates.next_if(|date| date.to_datetime(start.time()) < from);
        found
    }

    /// The first occurrence whose wall-clock time is after another.
    #[must_use]
    pub fn next_after(
        &self,
        start: DateTime,
        zone: &TimeZone,
        after: DateTime,
    ) -> Option<Occurrence> {
        self.occurrences_from(start, zone, after).find(|found| found.wall > after)
    }
}

impl DayOrTime {
    /// The wall-clock time, where a day takes that of its series.
    pub(super) fn on_clock(&self, time: Time) -> DateTime {
        match *self {
            Self::Day(day) => day.to_datetime(time),
            Self::Time(wall) => wall,
        }
    }

    /// The day.
    #[must_use]
    pub fn date(&self) -> Date {
        match self {
            Self::Day(day) => *day,
            Self::Time(wall) => wall.date(),
        }
    }
}

impl Occurrences<'_> {
    /// The next wall-clock time of the rule that is not left out, without taking it.
    fn peek_rule(&mut self) -> Option<DateTime> {
        loop {
            let date = *self.dates.peek()?;
            let wall = date.to_datetime(self.time);
            let is_out = self.excluded.contains(&DayOrTime::Day(date))
                || self.excluded.contains(&DayOrTime::Time(wall));
            if !is_out {
                return Some(wall);
            }
            self.dates.next();
        }
    }
}

impl Iterator for Occurrences<'_> {
    type Item = Occurrence;

    fn next(&mut self) -> Option<Occurrence> {
        let by_rule = self.peek_rule();
        let added = self.added.peek().copied();
        let wall = match (by_rule, added) {
            (Some(by_rule), Some(added)) => by_rule.min(added),
            (Some(wall), None) | (None, Some(wall)) => wall,
            (None, None) => return None,
        };
        if by_rule == Some(wall) {
            self.dates.next();
        }
        self.added.next_if_eq(&wall);
        // Only a time at the very end of the calendar is no instant.
        let at = self.zone.to_timestamp(wall).ok()?;
        Some(Occurrence { wall, at })
    }
}
