//! Rules by which events repeat: what RFC 5545 calls a recurrence, on the clocks of one zone.
//!
//! A [`Recurrence`] is a [`Rule`], with dates that are left out and dates that are added. It knows
//! neither its start nor its zone; whoever asks for its [occurrences](Recurrence::occurrences)
//! gives both.
//!
//! # Rules
//! - An occurrence is what matches the rule, from the start on, plus what was added, minus what was
//!   left out. A start that does not match is none; move the series to its first match instead.
//!   Nothing is before the start.
//! - What the rule does not say comes from the start, as RFC 5545 has it: weekly is on the start's
//!   weekday, monthly on its day, yearly on its date. The time of day is always the start's.
//! - The wall clock is kept. A time that daylight saving skips moves on by the length of the gap,
//!   and one that the clocks show twice is the first. An occurrence keeps its name, the wall-clock
//!   time that the rule gave it, also where it takes place later because of a gap.
//! - Where a month has no 31st, or a year no 29 February, the occurrence is left out, not moved.
//!   Only "the last day" is the last day; [`Remark`] says so.
//! - A count counts what the rule gives, before dates are left out. An end is the last wall-clock
//!   time that still counts; one given in UTC is put on the zone's clocks once, when it is read.
//! - A day that is left out takes with it what the rule has on it, not what was added; a
//!   wall-clock time that is left out takes both.
//! - Weeks, where every second one counts, begin on Monday unless the rule says otherwise.

mod change;
mod clock;
mod error;
mod occurrences;
mod pattern;
mod remark;
mod rule;
mod text;
mod walk;
mod words;

use std::collections::BTreeSet;

use jiff::civil::{Date, DateTime};

pub use error::RecurrenceError;
pub use occurrences::{Occurrence, Occurrences};
pub use remark::Remark;
pub use rule::{End, Frequency, NthWeekday, Rule};
pub use words::{Context, Understood, parse_recurrence};

/// By which rule something repeats, with its exceptions. Valid by construction.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Recurrence {
    rule: Rule,
    excluded: BTreeSet<DayOrTime>,
    added: BTreeSet<DayOrTime>,
}

/// A date that is left out or added.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum DayOrTime {
    /// A day: whatever the rule has on it, or an occurrence at the series' time of day.
    Day(Date),
    /// A time on the clocks of the series' zone, to the second.
    Time(DateTime),
}

impl Recurrence {
    /// A series by this rule alone; an error if the rule contradicts itself or is out of bounds.
    ///
    /// Lists are put into order and freed of what stands in them twice.
    pub fn new(rule: Rule) -> Result<Self, RecurrenceError> {
        let rule = rule.checked()?;
        Ok(Self { rule, excluded: BTreeSet::new(), added: BTreeSet::new() })
    }

    /// The rule.
    #[must_use]
    pub const fn rule(&self) -> &Rule {
        &self.rule
    }

    /// What is left out, in order; at most
    /// [`REPEAT_EXCLUDED_MAX`](crate::limits::REPEAT_EXCLUDED_MAX).
    pub fn excluded(&self) -> impl Iterator<Item = DayOrTime> {
        self.excluded.iter().copied()
    }

    /// What is added, in order; at most [`REPEAT_ADDED_MAX`](crate::limits::REPEAT_ADDED_MAX).
    pub fn added(&self) -> impl Iterator<Item = DayOrTime> {
        self.added.iter().copied()
    }
}

/// A wall-clock time without parts of a second, as rules and their texts have none.
fn whole_second(wall: DateTime) -> DateTime {
    let whole = wall.with().subsec_nanosecond(0).build();
    whole.unwrap_or(wall)
}

#[cfg(test)]
mod tests;
