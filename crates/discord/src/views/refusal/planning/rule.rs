//! Rules by which something repeats that were not understood, or cannot be.

use muster_domain::limits::{
    REPEAT_ADDED_MAX, REPEAT_COUNT_MAX, REPEAT_EXCLUDED_MAX, REPEAT_INTERVAL_MAX,
};
use muster_domain::recurrence::RecurrenceError;
use muster_domain::when::WhenError;

use crate::views::messages::{Key, Words};
use crate::views::refusal::{of_words, when};
use crate::views::text::plain;

pub(super) fn said(words: Words, error: &RecurrenceError) -> String {
    let just = |key| words.plain(key).to_owned();
    let of_most = |key, most: String| words.filled(key, &[("max", &most)]);
    match error {
        RecurrenceError::NotUnderstood { part } => of_words(words, Key::PlanningRuleUnknown, part),
        RecurrenceError::TimeOfDay { part } => of_words(words, Key::PlanningRuleClock, part),
        RecurrenceError::Unsupported { part, instead } => {
            let values = [("words", &*capital(part)), ("instead", &*plain(instead))];
            words.filled(Key::PlanningRuleUnsupported, &values)
        }
        RecurrenceError::Malformed { part, example } => {
            let values = [("words", &*plain(part)), ("example", &*plain(example))];
            words.filled(Key::PlanningRuleMalformed, &values)
        }
        RecurrenceError::Twice { part } => {
            words.filled(Key::PlanningRuleTwice, &[("words", &capital(part))])
        }
        RecurrenceError::UnknownZone { name } => of_words(words, Key::PlanningRuleZone, name),
        RecurrenceError::When(WhenError::Past { .. }) => just(Key::PlanningRulePast),
        RecurrenceError::When(error) => when::said(words, error),
        RecurrenceError::Interval => {
            of_most(Key::PlanningRuleInterval, REPEAT_INTERVAL_MAX.to_string())
        }
        RecurrenceError::Count => of_most(Key::PlanningRuleCount, REPEAT_COUNT_MAX.to_string()),
        RecurrenceError::Nth { max } => of_most(Key::PlanningRuleByday, max.to_string()),
        RecurrenceError::TooManyExcluded => {
            words.counted(Key::PlanningRuleExcluded, REPEAT_EXCLUDED_MAX)
        }
        RecurrenceError::TooManyAdded => words.counted(Key::PlanningRuleAdded, REPEAT_ADDED_MAX),
        RecurrenceError::Month => just(Key::PlanningRuleBymonth),
        RecurrenceError::MonthDay => just(Key::PlanningRuleBymonthday),
        RecurrenceError::NthOfWeek => just(Key::PlanningRuleWeekNth),
        RecurrenceError::MonthDayOfWeek => just(Key::PlanningRuleWeekDay),
        RecurrenceError::Position => just(Key::PlanningRulePosition),
        RecurrenceError::PositionAlone => just(Key::PlanningRulePositionAlone),
        RecurrenceError::Empty => just(Key::PlanningRuleEmpty),
        RecurrenceError::HowOften => just(Key::PlanningRuleOften),
        RecurrenceError::Contradiction => just(Key::PlanningRuleContradiction),
        RecurrenceError::WhichOfMonth => just(Key::PlanningRuleMonth),
        RecurrenceError::Start => just(Key::PlanningRuleStart),
        RecurrenceError::Over => just(Key::PlanningRuleOver),
        RecurrenceError::TooManyReadings => just(Key::PlanningRuleReadings),
        RecurrenceError::TooLong => just(Key::PlanningRuleLong),
        RecurrenceError::TwoEnds => just(Key::PlanningRuleEnds),
        RecurrenceError::NoRule => just(Key::PlanningRuleMissing),
    }
}

/// What was written, as the beginning of a sentence.
fn capital(part: &str) -> String {
    let mut letters = part.chars();
    let first = letters.next().map(char::to_uppercase);
    plain(&first.into_iter().flatten().chain(letters).collect::<String>())
}
