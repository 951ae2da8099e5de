//! Answers: given, changed, taken back, repeated, and many at once.

use futures_util::future::join_all;
use jiff::SignedDuration;
use muster_domain::answer_option::OptionId;
use muster_domain::change::{ChangeRefusal, EventChange};
use muster_domain::event::Phase;
use muster_domain::id::MessageId;
use muster_domain::roster::Place::{self, Seated, Waiting};
use muster_domain::roster::{Answer, Guests};
use muster_domain::rules::EventRules;
use muster_domain::sheet::Sheet;
use muster_store::Store;
use muster_store::model::{Ask, Changed, NewEvent, Tap, Tapped};

use crate::scene::{
    END, GUILD, MAYBE, MOBILE, NO, OTHER_GUILD, START, Scene, YES, details, members, minute,
    resize, second, user, users,
};

pub(crate) async fn answers_are_kept_in_order<S: Store>(scene: &Scene<S>) {
    let event = scene.event().await;
    for (member, option) in [(3, YES), (1, YES), (2, NO), (4, MAYBE)] {
        assert_eq!(scene.seat(event, member, option).await, Place::Seated);
    }
    // Yes to Mobile keeps the turn; away and back takes the last one.
    scene.tap(event, 3, MOBILE).await;
    scene.tap(event, 3, YES).await;
    assert_eq!(scene.names(event, YES).await[0], users([3, 1]));
    scene.tap(event, 3, NO).await;
    scene.tap(event, 3, YES).await;
    assert_eq!(scene.names(event, YES).await[0], users([1, 3]));
    assert_eq!(scene.read(event).await.sheet.coming, 2);
}

pub(crate) async fn the_same_answer_again_changes_nothing<S: Store>(scene: &Scene<S>) {
    let event = scene.event().await;
    scene.tap(event, 1, YES).await;
    let before = scene.read(event).await;
    let again = scene.tap(event, 1, YES).await;
    assert!(matches!(again, Tapped::Answered(Answer::Same(_), _)), "{again:?}");
    assert_eq!(scene.read(event).await, before);
}

pub(crate) async fn an_option_that_is_not_offered_changes_nothing<S: Store>(scene: &Scene<S>) {
    let event = scene.event().await;
    let before = scene.read(event).await;
    let tapped = scene.tap(event, 1, OptionId::new(200)).await;
    assert_eq!(tapped, Tapped::Answered(Answer::NoSuchOption, Box::new(before.sheet.clone())));
    assert_eq!(scene.read(event).await, before);
}

pub(crate) async fn a_full_event_puts_newcomers_on_the_waitlist<S: Store>(scene: &Scene<S>) {
    let event = scene.event_for(2).await;
    let mut places = Vec::new();
    for (member, option) in [(1, YES), (2, MOBILE), (3, YES), (4, NO), (5, MOBILE)] {
        places.push(scene.seat(event, member, option).await);
    }
    assert_eq!(places, [Seated, Seated, Waiting, Seated, Waiting]);
    assert_eq!(scene.names(event, YES).await, [users([1]), users([3, 5])]);
}

pub(crate) async fn a_place_that_becomes_free_goes_to_who_waits_longest<S: Store>(
    scene: &Scene<S>,
) {
    let event = scene.event_for(1).await;
    for member in [1, 2, 3] {
        scene.tap(event, member, YES).await;
    }
    let tapped = scene.tap(event, 1, NO).await;
    let Tapped::Answered(Answer::Taken { moved, .. }, sheet) = tapped else {
        panic!("not taken: {tapped:?}")
    };
    assert_eq!(moved.promoted, users([2]));
    assert_eq!(members(&sheet.waitlist), users([3]));
    assert_eq!(scene.names(event, YES).await, [users([2]), users([3])]);
}

pub(crate) async fn an_answer_can_be_taken_back_and_given_again<S: Store>(scene: &Scene<S>) {
    let event = scene.event_for(1).await;
    let nothing = scene.withdraw(event, 1).await;
    assert!(matches!(nothing, Tapped::NothingToWithdraw(_)), "{nothing:?}");
    scene.tap(event, 1, YES).await;
    scene.tap(event, 2, YES).await;
    let Tapped::Withdrawn { before, moved, sheet } = scene.withdraw(event, 1).await else {
        panic!("not withdrawn")
    };
    assert_eq!((before.option, moved.promoted, sheet.coming), (YES, users([2]), 1));
    assert_eq!(scene.names(event, YES).await, [users([2]), vec![]]);
    assert_eq!(scene.seat(event, 1, YES).await, Place::Waiting);
}

pub(crate) async fn a_repeated_tap_changes_nothing<S: Store>(scene: &Scene<S>) {
    let event = scene.event().await;
    let tap = scene.tap_of(event, 1, Some(YES));
    scene.store.tap(tap.clone()).await.unwrap();
    let before = scene.read(event).await;
    let repeated = scene.store.tap(tap).await.unwrap().tapped;
    assert_eq!(repeated, Tapped::Repeated(Box::new(before.sheet.clone())));
    assert_eq!(scene.read(event).await, before);
}

pub(crate) async fn a_late_repeat_does_not_undo_a_later_answer<S: Store>(scene: &Scene<S>) {
    let event = scene.event().await;
    let early = scene.tap_of(event, 1, Some(YES));
    let taken_back = scene.tap_of(event, 1, None);
    scene.tap(event, 1, NO).await;
    for late in [early.clone(), taken_back] {
        let tapped = scene.store.tap(late).await.unwrap().tapped;
        assert!(matches!(tapped, Tapped::Repeated(_)), "{tapped:?}");
    }
    scene.withdraw(event, 1).await;
    let tapped = scene.store.tap(early).await.unwrap().tapped;
    assert!(matches!(tapped, Tapped::Repeated(_)), "{tapped:?}");
    assert_eq!(scene.names(event, YES).await, [vec![], vec![]]);
}

pub(crate) async fn a_closed_event_takes_no_answers<S: Store>(scene: &Scene<S>) {
    let event = scene.event().await;
    scene.tap(event, 1, YES).await;
    for (at, phase) in [(START, Phase::Running), (END, Phase::Over)] {
        for pick in [Some(NO), None] {
            let tap = Tap { at: minute(at), ..scene.tap_of(event, 1, pick) };
            let Tapped::Closed(found, sheet) = scene.store.tap(tap).await.unwrap().tapped else {
                panic!("not closed at {at}")
            };
            assert_eq!((found, sheet.coming), (phase, 1));
        }
    }
    scene.change(event, EventChange::Close, 2).await;
    let tapped = scene.tap(event, 2, YES).await;
    assert!(matches!(tapped, Tapped::Closed(Phase::Closed, _)), "{tapped:?}");
    scene.change(event, EventChange::Cancel, 3).await;
    let tapped = scene.tap(event, 2, YES).await;
    assert!(matches!(tapped, Tapped::Closed(Phase::Cancelled, _)), "{tapped:?}");
}

pub(crate) async fn until_the_start_a_closed_event_lets_members_go_and_the_next_come_up<
    S: Store,
>(
    scene: &Scene<S>,
) {
    let guests = |number| Guests::parse(number).unwrap();
    let offer = Some(SignedDuration::from_mins(5));
    let close_before = SignedDuration::from_mins(10);
    let rules = EventRules { guests_max: guests(3), offer, ..EventRules::default() };
    let early = EventRules { close_before, ..rules.clone() };
    for (rules, close, at) in [(rules, Some(EventChange::Close), 3), (early, None, START - 10)] {
        let new = NewEvent { rules, ..scene.new_event(details(4)) };
        let event = scene.store.create_event(new, minute(0)).await.unwrap().sheet.event.id;
        for member in 1..=4 {
            scene.tap(event, member, YES).await;
        }
        scene.withdraw(event, 4).await;
        let ask = async |member, ask, at| {
            let tap = Tap { at, ..scene.asking(event, member, ask) };
            scene.store.tap(tap).await.unwrap().tapped
        };
        ask(1, Ask::Guests(guests(1)), minute(1)).await;
        for member in 5..=7 {
            scene.tap(event, member, YES).await;
        }
        if let Some(change) = close {
            scene.change(event, change, 2).await;
        }
        assert_eq!(scene.names(event, YES).await, [users(1..=3), users(5..=7)]);
        let closed = |tapped| matches!(tapped, Tapped::Closed(Phase::Closed, _));
        for more in [Ask::Guests(guests(1)), Ask::Guests(guests(2)), pick(NO), pick(MOBILE)] {
            assert!(closed(ask(1, more, minute(at)).await), "{more:?}");
        }
        assert!(closed(ask(8, pick(YES), minute(at)).await));
        ask(1, Ask::Guests(guests(0)), minute(at)).await;
        assert_eq!(scene.names(event, YES).await, [users([1, 2, 3, 5]), users([6, 7])]);
        // Nobody can accept any more: who is next has the place.
        ask(2, Ask::Withdraw, second(60 * START - 1)).await;
        assert_eq!(scene.names(event, YES).await, [users([1, 3, 5, 6]), users([7])]);
        ask(7, Ask::Withdraw, second(60 * START - 1)).await;
        assert_eq!(scene.names(event, YES).await, [users([1, 3, 5, 6]), vec![]]);
        for less in [Ask::Withdraw, Ask::Guests(guests(0))] {
            let begun = ask(1, less, minute(START)).await;
            assert!(matches!(begun, Tapped::Closed(Phase::Running, _)), "{begun:?}");
        }
    }
}

const fn pick(option: OptionId) -> Ask {
    Ask::Pick { option, may_lose_place: false }
}

pub(crate) async fn an_event_of_another_guild_cannot_be_tapped<S: Store>(scene: &Scene<S>) {
    let event = scene.event().await;
    let before = scene.read(event).await;
    let foreign = Tap { guild: OTHER_GUILD, ..scene.tap_of(event, 1, Some(YES)) };
    assert_eq!(scene.store.tap(foreign).await.unwrap().tapped, Tapped::NoSuchEvent);
    let unknown = muster_domain::id::EventId::new(event.get() + 1);
    assert_eq!(scene.tap(unknown, 1, YES).await, Tapped::NoSuchEvent);
    scene.change(event, EventChange::Delete, 1).await;
    assert_eq!(scene.tap(event, 1, YES).await, Tapped::NoSuchEvent);
    assert_eq!(before.sheet.coming, scene.read(event).await.sheet.coming);
}

pub(crate) async fn every_taken_answer_is_a_new_version<S: Store>(scene: &Scene<S>) {
    let event = scene.event_for(1).await;
    let mut versions = Vec::new();
    for (member, option) in [(1, YES), (2, YES), (1, YES), (1, NO)] {
        scene.tap(event, member, option).await;
        versions.push(scene.read(event).await.sheet.event.version);
    }
    scene.withdraw(event, 2).await;
    versions.push(scene.read(event).await.sheet.event.version);
    assert_eq!(versions, [2, 3, 3, 4, 5]);
}

pub(crate) async fn every_answer_shows_what_is_stored<S: Store>(scene: &Scene<S>) {
    let event = scene.event_for(3).await;
    let mut dice = 1_u64;
    let mut throw = |sides: u64| {
        dice = dice.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (dice >> 33) % sides
    };
    for _ in 0..400 {
        let member = throw(9);
        let told = match throw(12) {
            0 => match scene.change(event, resize(i64::try_from(throw(6)).unwrap()), 2).await {
                Changed::Made { now, .. } => now.sheet,
                other @ (Changed::NoSuchEvent
                | Changed::Refused(..)
                | Changed::Outdated(_)
                | Changed::Repeated(_)) => {
                    let refused = matches!(other, Changed::Refused(ChangeRefusal::Nothing, _));
                    assert!(refused, "{other:?}");
                    continue;
                }
            },
            1 | 2 => sheet_of(scene.withdraw(event, member).await),
            _ => {
                sheet_of(scene.tap(event, member, [YES, NO, MAYBE, MOBILE][index(throw(4))]).await)
            }
        };
        assert_eq!(scene.read(event).await.sheet, told);
        assert!(told.event.details.capacity.is_none_or(|places| told.coming <= places.places()));
    }
}

fn index(number: u64) -> usize {
    usize::try_from(number).unwrap()
}

fn sheet_of(tapped: Tapped) -> Sheet {
    match tapped {
        Tapped::Answered(_, sheet)
        | Tapped::Withdrawn { sheet, .. }
        | Tapped::NothingToWithdraw(sheet)
        | Tapped::Repeated(sheet)
        | Tapped::NotEligible(_, sheet)
        | Tapped::WouldLosePlace(_, sheet)
        | Tapped::NeverRoom(.., sheet)
        | Tapped::NoAnswerYet(sheet)
        | Tapped::NotHeld(sheet)
        | Tapped::NotSwapped(_, sheet)
        | Tapped::NotPutBack(_, sheet)
        | Tapped::Closed(_, sheet) => *sheet,
        Tapped::NoSuchEvent => panic!("the event vanished"),
    }
}

pub(crate) async fn sixty_four_at_once_fill_ten_places_in_order_of_commit<S: Store>(
    scene: &Scene<S>,
) {
    let event = scene.event_for(10).await;
    let taps = (1..=64).map(|member| async move {
        let answered = scene.tap(event, member, YES).await;
        let Tapped::Answered(Answer::Taken { now, .. }, sheet) = answered else {
            panic!("not taken: {answered:?}")
        };
        (sheet.event.version, now.place, user(member))
    });
    let mut answers = join_all(taps).await;
    answers.sort_by_key(|(version, ..)| *version);
    let by = |place| answers.iter().filter(move |answer| answer.1 == place).map(|answer| answer.2);
    let sheet = scene.read(event).await.sheet;
    assert_eq!((sheet.coming, sheet.waitlist.total), (10, 54));
    assert_eq!(scene.names(event, YES).await[0], by(Place::Seated).collect::<Vec<_>>());
    assert_eq!(members(&sheet.waitlist), by(Place::Waiting).take(40).collect::<Vec<_>>());
}

pub(crate) async fn a_tap_is_told_where_the_post_is<S: Store>(scene: &Scene<S>) {
    let post_told = async |event| {
        let tap = scene.tap_of(event, 1, Some(YES));
        scene.store.tap(tap).await.unwrap().post
    };
    let created = scene.created(details(0)).await;
    let event = created.sheet.event.id;
    assert_eq!(post_told(event).await, None);
    scene.send(created.delivery, 5, 1).await;
    assert_eq!(post_told(event).await, Some(MessageId::new(5)));
    scene.post_gone(event, minute(2)).await;
    let again = scene.store.post_again(GUILD, event, None, minute(3)).await.unwrap().unwrap();
    scene.send(again, 6, 1).await;
    assert_eq!(post_told(event).await, Some(MessageId::new(6)));
}
