//! Why words for a time were not taken, in sentences that say what to write instead.

use jiff::Timestamp;
use jiff::civil::{Date, Weekday};
use thiserror::Error;

use super::describe::{date_in_words, weekday_name};

/// How many characters a text for a time may have; the longest honest one we know has 70.
pub const TEXT_MAX: usize = 200;

/// How far ahead a time may lie, in years; beyond it a mistyped year is likelier than a plan.
pub const YEARS_AHEAD_MAX: i16 = 10;

/// The most readings that a member is asked to choose from: what fits one row of buttons, with
/// one left for "none of these".
pub const READINGS_MAX: usize = 4;

/// How many characters of a text an error repeats.
const PART_MAX: usize = 40;

/// Why a text gave no time. Each is one sentence for the person who wrote it.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum WhenError {
    /// There was nothing but spaces.
    #[error("write when, for example \"fri 8pm\" or \"tomorrow 19:30\"")]
    Empty,
    /// More than [`TEXT_MAX`] characters.
    #[error("that is too long for a time: write at most {TEXT_MAX} characters, like \"fri 8pm\"")]
    TooLong,
    /// A part that no reading could place.
    #[error(
        "I do not understand \"{part}\" in a time: write it like \"fri 8pm\", \"12 March 20:00\" \
         or \"in 2 hours\""
    )]
    NotUnderstood {
        /// The word or number at which reading stopped, shortened.
        part: String,
    },
    /// A date that no calendar has.
    #[error("\"{part}\" is not in the calendar: write another date, like \"12 March 20:00\"")]
    NoSuchDate {
        /// The date as it was written.
        part: String,
    },
    /// A clock time that no day has.
    #[error("\"{part}\" is not a time of day: write it like \"8pm\" or \"20:00\"")]
    NoSuchTime {
        /// The time as it was written.
        part: String,
    },
    /// The hour does not belong to the named part of the day, as in "8am in the evening".
    #[error("the hour and the part of the day do not agree: write only the hour, like \"20:00\"")]
    PartMismatch,
    /// The only moment that the words can mean is over.
    #[error("that time is already over: write a later one, or \"in 5 minutes\" for soon")]
    Past {
        /// The moment.
        at: Timestamp,
    },
    /// A day without a time of day.
    #[error("the day is clear but not the time: add it, like \"20:00\" or \"8pm\"")]
    NoTime,
    /// A week or a month without a day in it.
    #[error("the day is missing: add it, like \"next week friday 8pm\" or \"5 December 8pm\"")]
    NoDay,
    /// More than [`YEARS_AHEAD_MAX`] years ahead.
    #[error("that is too far away: write a date within {YEARS_AHEAD_MAX} years")]
    OutOfRange,
    /// The weekday and the date name different days.
    #[error(
        "{} is a {}, not a {}: write only one of them",
        date_in_words(*date), weekday_name(date.weekday()), weekday_name(*said)
    )]
    WeekdayMismatch {
        /// The date as it was written.
        date: Date,
        /// The weekday as it was written.
        said: Weekday,
    },
    /// The end is not after the start, or more than 30 days after it.
    #[error("the end must come after the start and within 30 days: write it like \"8pm to 10pm\"")]
    BadEnd,
    /// A short name that several zones share.
    #[error("\"{name}\" means several time zones: write {instead} instead")]
    AmbiguousZone {
        /// The short name, in capitals.
        name: String,
        /// Names that mean one zone only.
        instead: &'static str,
    },
    /// A name in the form of a zone that is not one.
    #[error("no time zone is called \"{name}\": write it like \"Europe/Berlin\" or \"UTC+2\"")]
    UnknownZone {
        /// The name as it was written.
        name: String,
    },
    /// More than [`READINGS_MAX`] readings are possible.
    #[error("that can mean too many things: write am or pm, and the month by its name")]
    TooManyReadings,
}

/// A part of a text short enough to repeat in an error.
pub(crate) fn shortened(part: &str) -> String {
    if part.chars().count() <= PART_MAX {
        return part.to_owned();
    }
    part.chars().take(PART_MAX - 1).chain(['…']).collect()
}
