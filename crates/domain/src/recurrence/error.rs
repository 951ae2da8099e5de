//! Why a rule was not taken, in sentences that say what to write instead.

use thiserror::Error;

use crate::limits::{REPEAT_ADDED_MAX, REPEAT_COUNT_MAX, REPEAT_EXCLUDED_MAX, REPEAT_INTERVAL_MAX};
use crate::when::WhenError;

/// Why there is no such recurrence. Each is one sentence for the person who wrote it.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum RecurrenceError {
    /// Not 1 to [`REPEAT_INTERVAL_MAX`].
    #[error("the gap between two dates is 1 to {REPEAT_INTERVAL_MAX}: write \"every 2 weeks\"")]
    Interval,
    /// Not 1 to [`REPEAT_COUNT_MAX`].
    #[error("it can repeat 1 to {REPEAT_COUNT_MAX} times: write \"weekly 10 times\"")]
    Count,
    /// No month of the year.
    #[error("BYMONTH takes 1 to 12: write BYMONTH=3 for March")]
    Month,
    /// No day of any month.
    #[error("BYMONTHDAY takes 1 to 31, or -1 to -31 from the end: write BYMONTHDAY=-1")]
    MonthDay,
    /// No place among the days of a month or a year.
    #[error("before a weekday write 1 to {max} or -1 to -{max}, like BYDAY=-1SU for the last")]
    Nth {
        /// How often a weekday can come in the rule's stretch.
        max: i8,
    },
    /// "The first Monday" of a day or a week.
    #[error("weeks have no \"first Monday\": write FREQ=MONTHLY with BYDAY=1MO")]
    NthOfWeek,
    /// A day of the month in a weekly rule.
    #[error("weeks have no day of the month: write FREQ=MONTHLY with BYMONTHDAY=15")]
    MonthDayOfWeek,
    /// No place in a row.
    #[error("BYSETPOS takes 1 to 366 or -1 to -366: write BYSETPOS=-1 for the last")]
    Position,
    /// A place in a row of which nobody knows what stands in it.
    #[error("BYSETPOS picks from other parts: add them, like BYDAY=MO,TU,WE,TH,FR;BYSETPOS=-1")]
    PositionAlone,
    /// More than [`REPEAT_EXCLUDED_MAX`] dates are left out.
    #[error("at most {REPEAT_EXCLUDED_MAX} dates can be left out: end this series, begin another")]
    TooManyExcluded,
    /// More than [`REPEAT_ADDED_MAX`] dates are added.
    #[error(
        "at most {REPEAT_ADDED_MAX} dates can be added: make events of their own of the others"
    )]
    TooManyAdded,
    /// There was nothing but spaces.
    #[error("write how often, for example \"every Tuesday\" or \"daily 10 times\"")]
    Empty,
    /// A part of the words that no reading could place.
    #[error(
        "I do not understand \"{part}\" in a rule: write it like \"every Tuesday and Thursday\", \
         \"last Sunday of the month\" or \"weekly 10 times\""
    )]
    NotUnderstood {
        /// The word or number at which reading stopped, shortened.
        part: String,
    },
    /// Days without a word on how often they come back.
    #[error("how often is missing: write it like \"every Tuesday\", \"weekly\" or \"every year\"")]
    HowOften,
    /// Words that can not be meant together.
    #[error("those words do not fit together: write one rule, like \"every Tuesday and Thursday\"")]
    Contradiction,
    /// A weekday of a month, and nobody knows which.
    #[error("which one of the month? Write it like \"the first Friday of the month\"")]
    WhichOfMonth,
    /// A time of day, which belongs to the start.
    #[error(
        "\"{part}\" is a time of day: give it as the event's time, and here only how often it \
         repeats"
    )]
    TimeOfDay {
        /// The time as it was written, shortened.
        part: String,
    },
    /// A start, which has its own place.
    #[error("give the first date as the event's time, and here only how often: \"weekly\"")]
    Start,
    /// An end that lies before the start, or before today.
    #[error("that end is already over: write a later one, like \"weekly until 1 June\"")]
    Over,
    /// A date that could not be read.
    #[error(transparent)]
    When(#[from] WhenError),
    /// More readings than can be asked about.
    #[error("that can mean too many things: write dates with the month by its name")]
    TooManyReadings,
    /// A text of more than [`REPEAT_TEXT_MAX`](crate::limits::REPEAT_TEXT_MAX) bytes.
    #[error("that is too long for a rule: write it like \"every Tuesday and Thursday\"")]
    TooLong,
    /// A part of RFC 5545, or of a calendar, that means nothing here.
    #[error("{part} is not supported: {instead}")]
    Unsupported {
        /// The part, in capitals and shortened.
        part: String,
        /// What to do instead.
        instead: &'static str,
    },
    /// A part whose value has not the form that it must have.
    #[error("\"{part}\" cannot be read: write it like {example}")]
    Malformed {
        /// The part as it was written, shortened.
        part: String,
        /// How it would be right.
        example: &'static str,
    },
    /// A part that stands twice, so that nobody knows which counts.
    #[error("{part} stands there twice: write it once, with commas between its values")]
    Twice {
        /// The name of the part.
        part: String,
    },
    /// A count and an end.
    #[error("COUNT and UNTIL cannot stand together: write the one that you mean")]
    TwoEnds,
    /// Dates without a rule.
    #[error("the rule is missing: write it like RRULE:FREQ=WEEKLY;BYDAY=TU")]
    NoRule,
    /// A name that no zone has.
    #[error("no time zone is called \"{name}\": write it like TZID=Europe/Berlin")]
    UnknownZone {
        /// The name as it was written, shortened.
        name: String,
    },
}
