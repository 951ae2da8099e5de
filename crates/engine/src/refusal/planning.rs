//! Why something about series or the weekly schedule was not done.

use jiff::civil::Weekday;
use muster_domain::id::UserId;
use muster_domain::recurrence::{Recurrence, RecurrenceError};
use muster_domain::series::{ExtraFieldsError, PostingError, SeriesPlanError, SeriesRefusal};

use super::{Refusal, Stop};

/// Why something about series or the weekly schedule was not done. Nothing was changed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum PlanRefusal {
    /// The words do not say how something repeats.
    Repeat(RecurrenceError),
    /// The words say how it repeats in more than one way.
    WhichRepeat(Vec<Recurrence>),
    /// By its rule and its exceptions nothing of the series is still to come.
    NoOccurrence,
    /// There is no such series here.
    NoSuchSeries,
    /// The guild, or this day of its week, has as many series as it may have.
    TooManySeries(Option<Weekday>),
    /// No events can be made of the series.
    Plan(SeriesPlanError),
    /// The series cannot be changed so.
    Step(SeriesRefusal),
    /// Somebody else changed the series at the same moment.
    ChangedMeanwhile,
    /// Somebody else has changed the series since, so that it is not taken back.
    ChangedSince(UserId),
    /// The words do not say when to post.
    Posting(PostingError),
    /// The words are no extra fields.
    ExtraFields(ExtraFieldsError),
    /// What was typed names no day, or none to come; shortened to 100 characters.
    NoDay(String),
    /// The days to be skipped end before they begin, or are too many.
    SkipDays,
    /// There are as many skips as there may be.
    TooManySkips,
    /// Nobody chose a zone for the server's week.
    NoZone,
    /// Nothing is planned on that day of the week.
    NothingPlanned(Weekday),
}

impl From<PlanRefusal> for Refusal {
    fn from(refusal: PlanRefusal) -> Self {
        Self::Planning(refusal)
    }
}

impl From<PlanRefusal> for Stop {
    fn from(refusal: PlanRefusal) -> Self {
        Self::Refused(refusal.into())
    }
}
