//! Reminders by example, and over a year in every zone.

use proptest::prelude::*;

use super::*;
use crate::event::Span;
use crate::event::tests::{at, event};
use crate::roster::{Answering, Moment, Sequence};
use crate::zone::Zone;

/// From 18:00 to 20:00 UTC.
fn starting(zone: &str) -> Event {
    let mut event = event();
    event.details.zone = Zone::parse(zone).unwrap();
    event
}

fn before(minutes: i64) -> Reminder {
    Reminder::at(ReminderTime::Before(SignedDuration::from_mins(minutes)))
}

fn of_day(hour: i8) -> Reminder {
    Reminder::at(ReminderTime::OfDay(Time::constant(hour, 0, 0, 0)))
}

#[test]
fn the_usual_ones_are_at_sixteen_an_hour_and_a_quarter_before() {
    let event = starting("UTC");
    let due: Vec<_> = Reminders::default().iter().map(|one| one.due(&event)).collect();
    let quarter = at(18) - SignedDuration::from_mins(15);
    assert_eq!(due, [Some(at(16)), Some(at(17)), Some(quarter)]);
}

#[test]
fn a_time_of_day_is_the_event_zones_and_before_the_start() {
    // 18:00 UTC is 19:00 in Berlin in winter.
    assert_eq!(of_day(16).due(&starting("Europe/Berlin")), Some(at(15)));
    assert_eq!(of_day(18).due(&starting("UTC")), None, "at the start it is no day before");
    assert_eq!(of_day(23).due(&starting("UTC")), None);
}

#[test]
fn each_is_due_once_as_time_goes_on() {
    let (event, reminders) = (starting("UTC"), Reminders::default());
    assert_eq!(reminders.next(&event, at(12)), Some(at(16)));
    assert_eq!(reminders.next(&event, at(16)), Some(at(17)));
    assert_eq!(reminders.next(&event, at(18)), None);
    let due = |after, now| reminders.due(&event, after, now).len();
    assert_eq!([due(at(12), at(15)), due(at(12), at(16)), due(at(16), at(17))], [0, 1, 1]);
    assert_eq!(due(at(12), at(20)), 3, "after a time away all are looked at");
    assert_eq!(due(at(17), at(16)), 0, "a clock that goes back repeats nothing");
}

#[test]
fn nobody_is_reminded_of_what_does_not_take_place() {
    let mut event = starting("UTC");
    event.cancelled_at = Some(at(13));
    let reminders = Reminders::default();
    assert_eq!(reminders.next(&event, at(12)), None);
    assert_eq!(reminders.due(&event, at(12), at(20)), []);
}

#[test]
fn a_late_one_goes_out_while_it_is_worth_it() {
    let event = starting("UTC");
    let minutes = SignedDuration::from_mins;
    let is = |due, now| is_worth_it(&event, due, now);
    assert_eq!([is(at(16), at(18) - minutes(1)), is(at(16), at(18))], [true, false]);
    assert_eq!([is(at(18), at(18) + minutes(15)), is(at(18), at(18) + minutes(16))], [true, false]);
    assert_eq!([is(at(19), at(21)), is(at(19), at(21) + minutes(1))], [true, false]);
}

#[test]
fn each_audience_is_those_whom_it_names() {
    let mut event = starting("UTC");
    event.details.capacity = crate::capacity::Capacity::parse(1).ok();
    let mut roster = Roster::new(event.seating());
    let options: Vec<_> = event.options.iter().map(|option| option.id).collect();
    // Yes, No, Maybe, Mobile (who waits), and somebody who was erased.
    let all = [(1, 0), (2, 1), (3, 2), (4, 3)];
    for (member, option) in all {
        let moment = Moment { now: at(12), next: Sequence(member) };
        roster.answer(Answering::alone(UserId::new(member), options[option]), moment);
    }
    let moment = Moment { now: at(12), next: Sequence(9) };
    roster.answer(Answering::alone(UserId::erased(0), options[2]), moment);
    let of = |audience| -> Vec<u64> {
        reminded(audience, &event, &roster).iter().map(|member| member.get()).collect()
    };
    assert_eq!(of(Audience::Expected), [1, 3, 4]);
    assert_eq!(of(Audience::Going), [1]);
    assert_eq!(of(Audience::Maybe), [3]);
    assert_eq!(of(Audience::Waitlisted), [4]);
    assert_eq!(of(Audience::Everyone), Vec::<u64>::new());
}

#[test]
fn a_list_has_each_once_and_is_not_endless() {
    let list = Reminders::none().with(before(5)).unwrap();
    assert_eq!(list.clone().with(before(5)), Err(RemindersError::Twice));
    let elsewhere = Reminder { place: ReminderPlace::Direct, ..before(5) };
    let mut full = list.with(elsewhere.clone()).unwrap();
    for minutes in 0..i64::try_from(REMINDERS_MAX).unwrap() - 2 {
        full = full.with(before(10 + minutes)).unwrap();
    }
    assert_eq!(full.clone().with(before(1)), Err(RemindersError::Full));
    let audience = Audience::Everyone;
    let place = ReminderPlace::Direct;
    let nobody = Reminders::none().with(Reminder { audience, place, ..before(1) });
    assert_eq!(nobody, Err(RemindersError::Unreachable));
    let (fewer, removed) = full.clone().without(elsewhere.key()).unwrap();
    assert_eq!(removed, elsewhere);
    assert_eq!(
        (fewer.iter().len(), fewer.clone().without(elsewhere.key())),
        (REMINDERS_MAX - 1, None)
    );
}

#[test]
fn a_list_is_in_order_of_when_each_is_due() {
    let text = Announcement::parse("Bring rope.").ok();
    let after = Reminder::at(ReminderTime::After(SignedDuration::from_mins(5)));
    let all = [after, before(15), of_day(23), before(26 * 60), Reminder { text, ..before(60) }];
    let list = Reminders::from_stored(all.into_iter().chain([of_day(8)]));
    let words = |event: Option<&Event>| {
        let times = list.in_order(event).into_iter().map(|one| time_in_words(one.time));
        times.collect::<Vec<_>>().join(", ")
    };
    let usual = "1d 2h before, at 08:00, at 23:00, 1h before, 15m before, 5m after";
    assert_eq!(words(None), usual);
    // It begins at 18:00.
    let of_event = "1d 2h before, at 08:00, 1h before, 15m before, 5m after, at 23:00";
    assert_eq!(words(Some(&starting("UTC"))), of_event);
    for event in [None, Some(&starting("UTC"))] {
        for (index, reminder) in list.in_order(event).into_iter().enumerate() {
            assert_eq!(list.ahead_of(reminder, event), index);
            let (fewer, _) = list.clone().without(reminder.key()).unwrap();
            assert_eq!(fewer.ahead_of(reminder, event), index, "where it was");
        }
    }
}

fn reminder() -> impl Strategy<Value = Reminder> {
    let minutes = SignedDuration::from_mins;
    let time = prop_oneof![
        (0..=43_200_i64).prop_map(move |ahead| ReminderTime::Before(minutes(ahead))),
        (0..=90_i64).prop_map(move |ahead| ReminderTime::Before(minutes(ahead))),
        (1..=1_440_i64).prop_map(move |later| ReminderTime::After(minutes(later))),
        (0..24_i8, 0..60_i8)
            .prop_map(|(hour, minute)| ReminderTime::OfDay(Time::constant(hour, minute, 0, 0))),
    ];
    let audience = prop_oneof![
        Just(Audience::Expected),
        Just(Audience::Maybe),
        Just(Audience::Unanswered),
        Just(Audience::Everyone),
        (1..4_u64).prop_map(|role| Audience::Role(RoleId::new(role))),
    ];
    let text = prop_oneof![Just(None), Just(Announcement::parse("Bring rope.").ok())];
    (time, audience, text).prop_map(|(time, audience, text)| Reminder {
        audience,
        text,
        ..Reminder::at(time)
    })
}

/// As long as a list can be.
fn full_list() -> impl Strategy<Value = Reminders> {
    let some = proptest::collection::vec(reminder(), REMINDERS_MAX..=2 * REMINDERS_MAX);
    some.prop_map(Reminders::from_stored)
}

proptest! {
    /// Whenever it is looked at, and as often as that is: each that is still to come is due once,
    /// at its time and in order, and none that has passed.
    #[test]
    fn each_of_a_full_list_is_due_once_and_in_order(
        list in full_list(),
        zone in prop_oneof![Just("UTC"), Just("Europe/Berlin"), Just("Pacific/Apia")],
        begins in 0..40 * 24 * 60_i64,
        looks in proptest::collection::vec(1..20_000_i64, 1..60),
    ) {
        let event = starting(zone);
        let minutes = SignedDuration::from_mins;
        let planned_at = event.details.span.start() + minutes(begins - 35 * 24 * 60);
        let mut looked_at = planned_at;
        let mut seen: Vec<(Timestamp, ReminderKey)> = Vec::new();
        // At times of no plan, then whenever something is due.
        let mut looks = looks.into_iter();
        while let Some(next) = list.next(&event, looked_at) {
            prop_assert!(next > looked_at, "in the past");
            let now = looks.next().map_or(next, |later| looked_at + minutes(later));
            let due = list.due(&event, looked_at, now);
            prop_assert_eq!(due.is_empty(), now < next, "it wakes when something is due");
            prop_assert!(due.iter().all(|(_, due)| looked_at < *due && *due <= now));
            seen.extend(due.into_iter().map(|(reminder, due)| (due, reminder.key())));
            looked_at = now;
        }
        prop_assert!(seen.is_sorted_by_key(|(due, _)| *due));
        let mut meant: Vec<_> =
            list.iter().filter_map(|one| Some((one.due(&event)?, one.key()))).collect();
        meant.retain(|(due, _)| *due > planned_at);
        meant.sort_unstable();
        seen.sort_unstable();
        prop_assert_eq!(seen, meant);
    }

    /// What is due has those with words first at each instant; what is shown has all of them.
    #[test]
    fn a_full_list_is_shown_in_the_order_in_which_it_is_due(list in full_list()) {
        let event = starting("UTC");
        let all = list.due(&event, Timestamp::MIN, Timestamp::MAX);
        let says_nothing = |one: &Reminder| one.text.is_none();
        prop_assert!(all.is_sorted_by_key(|(one, due)| (*due, says_nothing(one))));
        let shown = list.in_order(Some(&event));
        prop_assert_eq!(shown.len(), list.iter().len());
        let dues: Vec<_> = shown.iter().map(|one| one.due(&event)).collect();
        let shown: Vec<_> = dues.iter().copied().map_while(|due| due).collect();
        prop_assert!(shown.is_sorted());
        prop_assert_eq!(shown.len(), all.len(), "what is never due comes last");
        prop_assert!(dues.iter().skip(all.len()).all(Option::is_none));
    }
}

#[test]
fn in_every_zone_and_on_every_day_of_a_year_a_time_of_day_is_that_time_or_the_end_of_the_gap() {
    let day = SignedDuration::from_hours(24);
    for name in jiff::tz::db().available() {
        let Ok(zone) = Zone::parse(&name.to_string()) else { continue };
        let mut event = event();
        for index in 0..366 {
            let start = at(23) + day * index;
            event.details.zone = zone.clone();
            event.details.span = Span::new(start, start + SignedDuration::from_hours(1)).unwrap();
            for hour in [0, 2, 16] {
                let Some(due) = of_day(hour).due(&event) else { continue };
                assert!(due < start, "{zone:?}");
                let [shown, begins] = [due, start].map(|at| zone.rules().to_datetime(at));
                let meant = begins.date().to_datetime(Time::constant(hour, 0, 0, 0));
                let found = zone.rules().to_ambiguous_timestamp(meant).offset();
                let is_gap = matches!(found, jiff::tz::AmbiguousOffset::Gap { .. });
                assert!(shown == meant || (shown > meant && is_gap), "{zone:?} {shown}");
            }
        }
    }
}
