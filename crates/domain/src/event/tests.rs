//! When an event takes answers, how long places are held, and what is looked at when.

use super::*;
use crate::rules::Minimum;

pub(crate) fn at(hour: i8) -> Timestamp {
    format!("2026-11-27T{hour:02}:00:00Z").parse().unwrap()
}

/// An event from 18:00 to 20:00.
pub(crate) fn event() -> Event {
    Event {
        id: EventId::new(1),
        guild: GuildId::new(2),
        language: Language::default(),
        channel: ChannelId::new(3),
        host: UserId::new(4),
        details: EventDetails {
            title: Title::parse("Raid").unwrap(),
            span: Span::new(at(18), at(20)).unwrap(),
            zone: Zone::parse("Europe/Berlin").unwrap(),
            description: None,
            location: None,
            capacity: None,
        },
        options: Options::default_four(),
        rules: EventRules::default(),
        image: None,
        mention: None,
        answers_close: AnswersClose::AtStart,
        closed_at: None,
        cancelled_at: None,
        deleted_at: None,
        minimum_asked_at: None,
        series: None,
        version: 1,
    }
}

#[test]
fn answers_close_at_the_start_and_the_event_is_over_at_its_end() {
    let event = event();
    let phases = [at(17), at(18), at(19), at(20)].map(|now| event.phase(now));
    assert_eq!(phases, [Phase::Open, Phase::Running, Phase::Running, Phase::Over]);
    let turns = [at(17), at(18), at(20)].map(|now| event.next_turn(now));
    assert_eq!(turns, [Some(at(18)), Some(at(20)), None]);
}

#[test]
fn answers_are_taken_back_until_the_start_also_once_they_have_closed() {
    let rules = EventRules { close_before: SignedDuration::from_hours(2), ..<_>::default() };
    let by_time = Event { rules, ..event() };
    let by_hand = Event { closed_at: Some(at(12)), ..event() };
    for event in [event(), by_time, by_hand.clone()] {
        let taken = [at(15), at(17), at(18), at(20)].map(|now| event.takes_withdrawals(now));
        assert_eq!(taken, [true, true, false, false], "{event:?}");
    }
    let cancelled = Event { cancelled_at: Some(at(13)), ..by_hand };
    assert!(!cancelled.takes_withdrawals(at(15)));
    let reopened = Event { answers_close: AnswersClose::AtEnd, ..event() };
    assert!(reopened.takes_withdrawals(at(19)), "while it takes answers");
}

#[test]
fn a_running_event_that_was_reopened_takes_answers_until_its_end() {
    let event = Event { answers_close: AnswersClose::AtEnd, ..event() };
    let phases = [at(17), at(19), at(20)].map(|now| event.phase(now));
    assert_eq!(phases, [Phase::Open, Phase::Open, Phase::Over]);
    assert_eq!(event.next_turn(at(19)), Some(at(20)));
}

#[test]
fn answers_can_close_before_the_start_unless_they_were_opened_until_the_end() {
    let rules = EventRules { close_before: SignedDuration::from_hours(2), ..EventRules::default() };
    let event = Event { rules, ..event() };
    let phases = [at(15), at(16), at(18)].map(|now| event.phase(now));
    assert_eq!(phases, [Phase::Open, Phase::Closed, Phase::Running]);
    let turns = [at(15), at(16), at(18)].map(|now| event.next_turn(now));
    assert_eq!(turns, [Some(at(16)), Some(at(18)), Some(at(20))]);
    let reopened = Event { answers_close: AnswersClose::AtEnd, ..event };
    assert_eq!(reopened.answers_until(), at(20));
}

#[test]
fn a_place_is_offered_only_while_it_can_be_accepted() {
    let offer = Some(SignedDuration::from_mins(30));
    let event = Event { rules: EventRules { offer, ..EventRules::default() }, ..event() };
    assert_eq!([at(17), at(18)].map(|now| event.seating_at(now).offer), [offer, None]);
    let offer = Some(SignedDuration::from_hours(24));
    let event = Event { rules: EventRules { offer, ..EventRules::default() }, ..event };
    let hour = Some(SignedDuration::from_hours(1));
    assert_eq!(event.seating_at(at(17)).offer, hour, "until answers close");
    let until = [at(17), at(19), at(20)].map(|now| event.offers_until(now));
    assert_eq!(until, [Some(at(18)), Some(at(19)), None]);
    let closed = Event { closed_at: Some(at(16)), ..event };
    assert_eq!(closed.offers_until(at(17)), Some(at(17)));
}

#[test]
fn whether_enough_are_coming_is_looked_at_once_and_before_the_start() {
    let people = Capacity::parse(5).unwrap();
    let minimum = Some(Minimum { people, before_start: SignedDuration::from_hours(3) });
    let event = Event { rules: EventRules { minimum, ..EventRules::default() }, ..event() };
    assert_eq!((event.minimum_due(), event.next_turn(at(12))), (Some(at(15)), Some(at(15))));
    let lacks = |people: usize, hour: i8| event.lacks_people(people, at(hour));
    assert_eq!(
        [lacks(4, 14), lacks(4, 15), lacks(5, 15), lacks(4, 18)],
        [false, true, false, false]
    );
    let asked = Event { minimum_asked_at: Some(at(15)), ..event.clone() };
    assert_eq!((asked.lacks_people(0, at(16)), asked.next_turn(at(16))), (false, Some(at(18))));
    let late = asked.clone().with_minimum_planned(at(16));
    assert_eq!(late.minimum_asked_at, Some(at(16)), "too late to ask");
    assert_eq!(asked.with_minimum_planned(at(14)).minimum_due(), Some(at(15)));
}

#[test]
fn an_organiser_can_close_cancel_and_undo() {
    let closed = Event { closed_at: Some(at(16)), ..event() };
    assert_eq!([at(17), at(18)].map(|now| closed.phase(now)), [Phase::Closed, Phase::Running]);
    assert_eq!(closed.next_turn(at(17)), Some(at(18)));
    let cancelled = Event { cancelled_at: Some(at(16)), ..event() };
    assert_eq!((cancelled.phase(at(21)), cancelled.next_turn(at(17))), (Phase::Cancelled, None));
    let deleted = Event { deleted_at: Some(at(16)), ..cancelled };
    assert_eq!(deleted.phase(at(17)), Phase::Deleted);
}

#[test]
fn an_event_lasts_between_a_minute_and_thirty_days() {
    assert_eq!(Span::new(at(18), at(18)), Err(SpanError));
    assert_eq!(Span::new(at(18), at(17)), Err(SpanError));
    let days = |n: i64| at(18) + SignedDuration::from_hours(24 * n);
    assert!(Span::new(at(18), days(30)).is_ok());
    assert_eq!(Span::new(at(18), days(31)), Err(SpanError));
    assert_eq!(SpanError.to_string(), "an event lasts from 1 minute to 30 days");
}
