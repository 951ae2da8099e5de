//! Words about series and the weekly schedule.

mod rule;

use muster_domain::limits::{
    DAY_EVENTS_MAX, EXTRA_FIELD_MAX, EXTRA_FIELDS_MAX, POSTED_DAYS_AHEAD_MAX, SERIES_MAX,
    SKIP_DAYS_MAX, SKIPS_MAX,
};
use muster_domain::recurrence::Recurrence;
use muster_domain::series::{ExtraFieldsError, PostingError, SeriesPlanError, SeriesRefusal};
use muster_engine::refusal::PlanRefusal;

use super::{listed, of_member, of_words};
use crate::views::dates;
use crate::views::messages::{Key, Words};
use crate::views::text::{fitted, plain};

/// Characters of the ways in which words can be read.
const READINGS_MAX: usize = 300;

/// One or two sentences for the person who asked.
pub(super) fn said(words: Words, refusal: &PlanRefusal) -> String {
    let just = |key| words.plain(key).to_owned();
    match refusal {
        PlanRefusal::Repeat(error) => rule::said(words, error),
        PlanRefusal::WhichRepeat(rules) => which_repeat(words, rules),
        PlanRefusal::NoOccurrence => just(Key::PlanningDateless),
        PlanRefusal::NoSuchSeries => just(Key::PlanningSeries),
        PlanRefusal::TooManySeries(Some(day)) => {
            let values = [("weekday", dates::weekday(words, *day))];
            words.counted_with(Key::PlanningDayMany, DAY_EVENTS_MAX, &values)
        }
        PlanRefusal::TooManySeries(None) => words.counted(Key::PlanningSeriesMany, SERIES_MAX),
        PlanRefusal::Plan(SeriesPlanError::TextTooLong) => just(Key::PlanningText),
        PlanRefusal::Plan(SeriesPlanError::Length) => just(Key::PlanningLength),
        PlanRefusal::Step(refusal) => step(words, refusal),
        PlanRefusal::ChangedMeanwhile => just(Key::PlanningSeriesChanged),
        PlanRefusal::ChangedSince(by) => of_member(words, Key::PlanningSeriesChangedSince, *by),
        PlanRefusal::Posting(error) => posting(words, error),
        PlanRefusal::ExtraFields(error) => extra_fields(words, error),
        PlanRefusal::NoDay(given) => of_words(words, Key::PlanningDay, given),
        PlanRefusal::SkipDays => {
            let days = usize::try_from(SKIP_DAYS_MAX).unwrap_or_default();
            words.counted(Key::PlanningSkipDays, days)
        }
        PlanRefusal::TooManySkips => words.counted(Key::PlanningSkipMany, SKIPS_MAX),
        PlanRefusal::NoZone => just(Key::PlanningZone),
        PlanRefusal::NothingPlanned(day) => {
            words.filled(Key::PlanningDayNothing, &[("weekday", dates::weekday(words, *day))])
        }
    }
}

fn which_repeat(words: Words, rules: &[Recurrence]) -> String {
    let ways: Vec<_> =
        rules.iter().map(|rule| format!("\"{}\"", plain(&rule.in_words()))).collect();
    let mut either = String::new();
    for way in ways {
        either =
            if either.is_empty() { way } else { listed(words, Key::RefusalOr, &[either, way]) };
    }
    words.filled(Key::PlanningSeveral, &[("ways", &fitted(&either, READINGS_MAX))])
}

fn step(words: Words, refusal: &SeriesRefusal) -> String {
    let key = match refusal {
        SeriesRefusal::Ended => Key::PlanningSeriesEnded,
        SeriesRefusal::GoesOn => Key::PlanningSeriesGoesOn,
        SeriesRefusal::NoSuchOccurrence => Key::PlanningDate,
        SeriesRefusal::Rule(error) => return rule::said(words, error),
    };
    words.plain(key).to_owned()
}

fn posting(words: Words, error: &PostingError) -> String {
    match error {
        PostingError::NotUnderstood(given) => of_words(words, Key::WhenPostingUnknown, given),
        PostingError::WhichHalf(given) => of_words(words, Key::WhenPostingHalf, given),
        PostingError::TooEarly => {
            let days = POSTED_DAYS_AHEAD_MAX.to_string();
            words.filled(Key::WhenPostingEarly, &[("days", &days)])
        }
    }
}

fn extra_fields(words: Words, error: &ExtraFieldsError) -> String {
    match error {
        ExtraFieldsError::NotAField(given) => of_words(words, Key::PlanningField, given),
        ExtraFieldsError::TooLong(given) => {
            let most = EXTRA_FIELD_MAX.to_string();
            words.filled(Key::PlanningFieldLong, &[("words", &plain(given)), ("max", &most)])
        }
        ExtraFieldsError::TooMany => words.counted(Key::PlanningFieldMany, EXTRA_FIELDS_MAX),
    }
}
