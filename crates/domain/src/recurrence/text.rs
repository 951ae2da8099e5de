//! Rules as RFC 5545 writes them: `RRULE:FREQ=WEEKLY;BYDAY=TU`, with `EXDATE` and `RDATE` lines.

mod lines;
mod parts;
mod stamps;
mod write;

use jiff::tz::TimeZone;

use self::stamps::Clocks;
use super::{Recurrence, RecurrenceError};

impl Recurrence {
    /// Reads what [`to_text`](Self::to_text) wrote: times on the wall clock of the series.
    pub fn from_text(text: &str) -> Result<Self, RecurrenceError> {
        lines::read(text, Clocks::Wall)
    }

    /// Reads a rule as calendars export it, for a series in `zone`.
    ///
    /// `RRULE:` may be missing, lines may be folded or parted by spaces. Times that end in `Z` or
    /// have a `TZID` are put on the clocks of `zone`; dates without a time are whole days, and as
    /// an end they count to their last second. Whatever has no meaning here is an error that names
    /// it; nothing is passed over.
    pub fn from_calendar(text: &str, zone: &TimeZone) -> Result<Self, RecurrenceError> {
        lines::read(text, Clocks::Of(zone))
    }
}

/// Whether a text is meant to be a rule of RFC 5545 and not words.
pub(super) fn is_calendar_text(text: &str) -> bool {
    let text = text.trim_start();
    let begins = |name: &str| {
        let start = text.get(..name.len());
        start.is_some_and(|start| start.eq_ignore_ascii_case(name))
    };
    let names = ["RRULE", "EXDATE", "RDATE", "EXRULE", "DTSTART", "BEGIN:"];
    names.into_iter().any(begins) || text.to_ascii_uppercase().contains("FREQ=")
}
