//! Words about series and the weekly schedule.

use jiff::civil::Weekday;
use muster_domain::limits::{DAY_EVENTS_MAX, SERIES_MAX, SKIP_DAYS_MAX, SKIPS_MAX};
use muster_domain::recurrence::{Recurrence, RecurrenceError};
use muster_domain::series::{ExtraFieldsError, PostingError, SeriesPlanError, SeriesRefusal};
use muster_domain::when::weekday_name;
use muster_engine::refusal::PlanRefusal;

use super::sentence;
use crate::views::text::{fitted, person, plain};

/// Characters of the ways in which words can be read.
const READINGS_MAX: usize = 300;

/// One or two sentences for the person who asked.
pub(super) fn words(refusal: &PlanRefusal) -> String {
    match refusal {
        PlanRefusal::Repeat(error) => repeat(error),
        PlanRefusal::WhichRepeat(rules) => which_repeat(rules),
        PlanRefusal::NoOccurrence => "That rule has no dates left. Choose a later end, or another \
             rule."
            .to_owned(),
        PlanRefusal::NoSuchSeries => "There is no such series here any more. `/schedule view` \
             shows those that there are."
            .to_owned(),
        PlanRefusal::TooManySeries(day) => too_many(*day),
        PlanRefusal::Plan(error) => plan(*error),
        PlanRefusal::Step(refusal) => step(refusal),
        PlanRefusal::ChangedMeanwhile => "Somebody else changed this series meanwhile, so nothing \
             was changed. Open it again with `/schedule view`."
            .to_owned(),
        PlanRefusal::ChangedSince(by) => {
            format!("{} has changed this series since, so nothing was undone.", person(*by))
        }
        PlanRefusal::Posting(error) => posting(error),
        PlanRefusal::ExtraFields(error) => extra_fields(error),
        PlanRefusal::NoDay(given) => format!(
            "\"{}\" names no day from today on: write it like \"tomorrow\", \"fri\" or \"24 Dec\".",
            plain(given)
        ),
        PlanRefusal::SkipDays => format!(
            "The last day is before the first, or more than {SKIP_DAYS_MAX} days after it. Nothing \
             was changed."
        ),
        PlanRefusal::TooManySkips => format!(
            "There are {SKIPS_MAX} skips already. Take one back first, with `/schedule view`."
        ),
        PlanRefusal::NoZone => {
            "The weekly schedule needs a time zone: choose the server's with `/settings`, or your \
             own with `/timezone`."
                .to_owned()
        }
        PlanRefusal::NothingPlanned(day) => format!(
            "Nothing is planned on {}. `/schedule set` plans something.",
            weekday_name(*day)
        ),
    }
}

fn repeat(error: &RecurrenceError) -> String {
    sentence(&plain(&error.to_string()))
}

fn which_repeat(rules: &[Recurrence]) -> String {
    let ways: Vec<_> = rules.iter().map(|rule| format!("\"{}\"", rule.in_words())).collect();
    let ways = fitted(&plain(&ways.join(" or ")), READINGS_MAX);
    format!("That can be read in more than one way: {ways}. Write the one that you mean.")
}

fn too_many(day: Option<Weekday>) -> String {
    match day {
        Some(day) => format!(
            "{} has {DAY_EVENTS_MAX} events already. Remove one first, with `/schedule view`.",
            weekday_name(day)
        ),
        None => {
            format!("There are {SERIES_MAX} series already. End one first, with `/schedule view`.")
        }
    }
}

fn plan(error: SeriesPlanError) -> String {
    let next = match error {
        SeriesPlanError::TextTooLong => "Shorten one of them.",
        SeriesPlanError::Length => "Choose another length.",
    };
    format!("{} {next}", sentence(&error.to_string()))
}

fn step(refusal: &SeriesRefusal) -> String {
    match refusal {
        SeriesRefusal::Ended => "This series has ended. *Resume* starts it again.".to_owned(),
        SeriesRefusal::GoesOn => "This series goes on already.".to_owned(),
        SeriesRefusal::NoSuchOccurrence => "That date is not one of those still to come: it was \
             posted, skipped or moved meanwhile. Open the series again with `/schedule view`."
            .to_owned(),
        SeriesRefusal::Rule(error) => repeat(error),
    }
}

fn posting(error: &PostingError) -> String {
    let error = match error {
        PostingError::NotUnderstood(given) => PostingError::NotUnderstood(plain(given)),
        PostingError::WhichHalf(given) => PostingError::WhichHalf(plain(given)),
        PostingError::TooEarly => PostingError::TooEarly,
    };
    sentence(&error.to_string())
}

fn extra_fields(error: &ExtraFieldsError) -> String {
    let error = match error {
        ExtraFieldsError::NotAField(given) => ExtraFieldsError::NotAField(plain(given)),
        ExtraFieldsError::TooLong(given) => ExtraFieldsError::TooLong(plain(given)),
        ExtraFieldsError::TooMany => ExtraFieldsError::TooMany,
    };
    sentence(&error.to_string())
}
