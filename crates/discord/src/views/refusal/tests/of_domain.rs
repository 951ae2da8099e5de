//! What the domain says of its own errors, in logs and tests, is what members read in English.

use jiff::SignedDuration;
use muster_domain::recurrence::RecurrenceError;
use muster_domain::rules::RoleList;
use muster_domain::series::{ExtraFieldsError, PostingError, SeriesPlanError, SeriesRefusal};
use muster_engine::refusal::PlanRefusal;

use super::*;

/// Each error that has words of the domain, with them.
fn all() -> Vec<(Refusal, String)> {
    let told = |error: &dyn std::fmt::Display, refusal: Refusal| (refusal, error.to_string());
    let mut all = Vec::new();
    all.extend(of_when().into_iter().map(|error| told(&error.clone(), Refusal::When(error))));
    all.extend(lengths().map(|error| told(&error.clone(), Refusal::Duration(error))));
    all.extend(clocks().map(|error| told(&error.clone(), Refusal::TimeOfDay(error))));
    all.extend(reminders().map(|error| told(&error.clone(), Refusal::ReminderTime(error))));
    all.extend(rules().map(|error| told(&error, Refusal::Change(ChangeRefusal::Rules(error)))));
    all.extend(offers().map(|error| told(&error, Refusal::Change(ChangeRefusal::Options(error)))));
    all.extend(edits().into_iter().map(|error| told(&error.clone(), Refusal::OptionEdit(error))));
    all.extend(plans());
    let span = event().details.span;
    for error in [TimesError::Arrives, TimesError::Leaves, TimesError::GoneBefore] {
        all.push(told(&error, Refusal::Times(error, span)));
    }
    for error in [RemindersError::Twice, RemindersError::Unreachable, RemindersError::Full] {
        all.push(told(&error, Refusal::Reminders(error)));
    }
    let long = ImageUrlError::TooLong { length: 9_000 };
    for error in [ImageUrlError::NotAnAddress, ImageUrlError::Characters, long] {
        let said = format!("I cannot show that picture: {error}");
        all.push((Refusal::Image(error), said));
    }
    let error = UnknownPlaceholder("44".into());
    all.push(told(&error.clone(), Refusal::Placeholder(error)));
    let error = QuietHoursError::NoEnd;
    all.push(told(&error.clone(), Refusal::QuietHours(error)));
    all
}

fn of_when() -> Vec<WhenError> {
    let part = || "31".to_owned();
    vec![
        WhenError::Empty,
        WhenError::TooLong,
        WhenError::NotUnderstood { part: part() },
        WhenError::NoSuchDate { part: part() },
        WhenError::NoSuchTime { part: part() },
        WhenError::PartMismatch,
        WhenError::NoTime,
        WhenError::NoDay,
        WhenError::OutOfRange,
        WhenError::WeekdayMismatch { date: date(2026, 11, 27), said: Weekday::Monday },
        WhenError::BadEnd,
        WhenError::AmbiguousZone { name: part(), instead: "1" },
        WhenError::UnknownZone { name: part() },
        WhenError::TooManyReadings,
    ]
}

fn lengths() -> impl Iterator<Item = DurationError> {
    let unread = DurationError::NotUnderstood { part: "31".into() };
    let no_unit = DurationError::NoUnit { number: 7 };
    [DurationError::Empty, unread, no_unit, DurationError::TooShort, DurationError::TooLong]
        .into_iter()
}

fn clocks() -> impl Iterator<Item = TimeOfDayError> {
    let given = || "31".to_owned();
    [TimeOfDayError::WhichHalf(given()), TimeOfDayError::NotUnderstood(given())].into_iter()
}

fn reminders() -> impl Iterator<Item = ReminderTimeError> {
    let [half, unread] = [ReminderTimeError::WhichHalf, ReminderTimeError::NotUnderstood]
        .map(|error| error("31".to_owned()));
    let [early, late] = [ReminderTimeError::TooEarly, ReminderTimeError::TooLate];
    [ReminderTimeError::Empty, half, unread, early, late].into_iter()
}

fn rules() -> impl Iterator<Item = RulesError> {
    let long = SignedDuration::from_hours(10_000);
    let roles = RulesError::TooManyRoles { list: RoleList::Denied, given: 26 };
    [RulesError::CloseBefore, RulesError::Offer, RulesError::MinimumBefore]
        .map(|error| error(long))
        .into_iter()
        .chain([roles])
}

fn offers() -> impl Iterator<Item = OptionsError> {
    let [many, ever] = [OptionsError::TooMany(26), OptionsError::TooManyEver(51)];
    [OptionsError::None, many, ever, OptionsError::Twice].into_iter()
}

fn edits() -> Vec<OptionEditError> {
    let mut all = vec![
        OptionEditError::NoSuchOption,
        OptionEditError::Twice("31".into()),
        OptionEditError::PlacesNeedComing,
        OptionEditError::SharedPlacesNeedComing("31".into()),
        OptionEditError::SharedPlacesNeedHeading,
        OptionEditError::GrantNeedsComing,
        OptionEditError::TooManyRoles(26),
    ];
    all.extend(offers().map(OptionEditError::Options));
    all
}

fn plans() -> Vec<(Refusal, String)> {
    let mut all = Vec::new();
    for error in repeats() {
        let told = error.to_string();
        let step = PlanRefusal::Step(SeriesRefusal::Rule(error.clone()));
        all.push((Refusal::Planning(step), told.clone()));
        all.push((Refusal::Planning(PlanRefusal::Repeat(error)), told));
    }
    let given = || "31".to_owned();
    let [unread, half] = [PostingError::NotUnderstood(given()), PostingError::WhichHalf(given())];
    for error in [unread, half, PostingError::TooEarly] {
        all.push((Refusal::Planning(PlanRefusal::Posting(error.clone())), error.to_string()));
    }
    let [no_field, long] =
        [ExtraFieldsError::NotAField(given()), ExtraFieldsError::TooLong(given())];
    for error in [no_field, long, ExtraFieldsError::TooMany] {
        all.push((Refusal::Planning(PlanRefusal::ExtraFields(error.clone())), error.to_string()));
    }
    for error in [SeriesPlanError::TextTooLong, SeriesPlanError::Length] {
        all.push((Refusal::Planning(PlanRefusal::Plan(error)), error.to_string()));
    }
    all
}

fn repeats() -> Vec<RecurrenceError> {
    let part = || "31".to_owned();
    vec![
        RecurrenceError::Interval,
        RecurrenceError::Count,
        RecurrenceError::Month,
        RecurrenceError::MonthDay,
        RecurrenceError::Nth { max: 5 },
        RecurrenceError::NthOfWeek,
        RecurrenceError::MonthDayOfWeek,
        RecurrenceError::Position,
        RecurrenceError::PositionAlone,
        RecurrenceError::TooManyExcluded,
        RecurrenceError::TooManyAdded,
        RecurrenceError::Empty,
        RecurrenceError::NotUnderstood { part: part() },
        RecurrenceError::HowOften,
        RecurrenceError::Contradiction,
        RecurrenceError::WhichOfMonth,
        RecurrenceError::TimeOfDay { part: part() },
        RecurrenceError::Start,
        RecurrenceError::Over,
        RecurrenceError::When(WhenError::Past { at: NOW }),
        RecurrenceError::When(WhenError::NoDay),
        RecurrenceError::TooManyReadings,
        RecurrenceError::TooLong,
        RecurrenceError::Unsupported { part: part(), instead: "1" },
        RecurrenceError::Malformed { part: part(), example: "1" },
        RecurrenceError::Twice { part: part() },
        RecurrenceError::TwoEnds,
        RecurrenceError::NoRule,
        RecurrenceError::UnknownZone { name: part() },
    ]
}

/// Those that the domain has words for.
pub(super) fn refusals() -> Vec<Refusal> {
    all().into_iter().map(|(refusal, _)| refusal).collect()
}

#[test]
fn what_the_domain_says_is_what_members_read() {
    for (refusal, told) in all() {
        let read = words(&refusal);
        let mut letters = told.chars();
        let first = letters.next().unwrap().to_uppercase();
        let told: String = first.chain(letters).collect();
        assert!(read.starts_with(told.trim_end_matches('.')), "{told}\n{read}");
        assert!(read.ends_with('.'), "{read}");
    }
}

#[test]
fn what_begins_a_sentence_has_a_capital_letter() {
    let second = "a second RRULE".to_owned();
    let error = RecurrenceError::Unsupported { part: second, instead: "make a series of it" };
    let said = words(&Refusal::Planning(PlanRefusal::Repeat(error)));
    assert_eq!(said, "A second RRULE is not supported: make a series of it.");
}
