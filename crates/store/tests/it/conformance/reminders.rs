//! Reminders: due once, at their time, also after a time away and when clocks go back.

use std::collections::BTreeSet;

use jiff::SignedDuration;
use muster_domain::change::EventChange;
use muster_domain::id::{EventId, RoleId, UserId};
use muster_domain::notice::News;
use muster_domain::reminder::{
    Audience, Reminder, ReminderPlace, ReminderTime, Reminders, RemindersError,
};
use muster_domain::rules::EventRules;
use muster_store::Store;
use muster_store::model::{
    Candidates, Delivery, DeliveryContent, Hold, ReminderChange, RemindersChanged, Whose,
};

use crate::scene::{
    END, GUILD, MAYBE, NO, OTHER_GUILD, START, Scene, YES, minute, move_to, resize, second, users,
};

pub(super) fn before(minutes: i64) -> Reminder {
    Reminder::at(ReminderTime::Before(SignedDuration::from_mins(minutes)))
}

fn after(minutes: i64) -> Reminder {
    Reminder::at(ReminderTime::After(SignedDuration::from_mins(minutes)))
}

/// These reminders, and no others, for all events.
pub(super) async fn only<S: Store>(
    scene: &Scene<S>,
    reminders: impl IntoIterator<Item = Reminder>,
) {
    scene.without_reminders().await;
    for reminder in reminders {
        scene.change_reminders(None, ReminderChange::Add(reminder), 0).await;
    }
}

/// An event, posted: 1 comes, 2 does not, 3 may come.
pub(super) async fn answered<S: Store>(scene: &Scene<S>) -> EventId {
    let event = scene.posted_event(5).await;
    for (member, option) in [(1, YES), (2, NO), (3, MAYBE)] {
        scene.tap(event, member, option).await;
    }
    event
}

/// What is reminded of at this minute, in order: whom, and which role. Every message is sent.
pub(super) async fn reminded<S: Store>(
    scene: &Scene<S>,
    at: i64,
) -> Vec<(Vec<UserId>, Option<RoleId>)> {
    scene.store.turn_events(minute(at), 10).await.unwrap();
    let mut reminded = Vec::new();
    while let Some(delivery) = scene.claim(at).await.pop() {
        if let DeliveryContent::Notice { news: News::Reminder, mentions, role, .. } =
            &delivery.content
        {
            reminded.push((mentions.clone(), *role));
        }
        if let DeliveryContent::Unanswered { .. } = &delivery.content {
            let spread = scene.store.spread(&delivery, Candidates::CameBefore, minute(at)).await;
            assert_eq!(spread, Ok(Hold::Ours));
            continue;
        }
        scene.attempt(&delivery).await;
        scene.sent(&delivery, 6, 0).await;
    }
    reminded
}

fn expected() -> Vec<(Vec<UserId>, Option<RoleId>)> {
    vec![(users([1, 3]), None)]
}

pub(crate) async fn each_is_due_at_its_time_and_once<S: Store>(scene: &Scene<S>) {
    only(scene, [before(30), before(10)]).await;
    answered(scene).await;
    assert_eq!(scene.store.next_due().await, Ok(Some(minute(30))));
    assert_eq!(scene.store.turn_events(second(30 * 60 - 1), 10).await, Ok(0));
    assert_eq!(reminded(scene, 30).await, expected());
    assert_eq!(scene.store.next_due().await, Ok(Some(minute(50))));
    for at in [31, 49] {
        assert!(reminded(scene, at).await.is_empty());
    }
    assert_eq!(reminded(scene, 50).await, expected());
    assert!(reminded(scene, 51).await.is_empty());
}

pub(crate) async fn a_reminder_leaves_the_post_as_it_is<S: Store>(scene: &Scene<S>) {
    only(scene, [before(30)]).await;
    let event = answered(scene).await;
    let version = scene.read(event).await.sheet.event.version;
    scene.shown(event, 5, version).await;
    assert_eq!(reminded(scene, 30).await, expected());
    assert!(scene.stale().await.is_empty());
}

pub(crate) async fn who_has_no_place_is_known_when_a_reminder_leaves<S: Store>(scene: &Scene<S>) {
    only(scene, [before(30)]).await;
    let event = scene.posted_event(5).await;
    scene.change(event, resize(1), 0).await;
    for member in 1..=3 {
        scene.tap(event, member, YES).await;
    }
    scene.store.turn_events(minute(30), 10).await.unwrap();
    let claimed = scene.claim(30).await;
    // Whatever is true when it leaves.
    scene.tap(event, 1, NO).await;
    let reminds = |content: &DeliveryContent| content.news() == Some(News::Reminder);
    let found = claimed.iter().find(|delivery| reminds(&delivery.content)).unwrap();
    let DeliveryContent::Notice { mentions, .. } = &found.content else { panic!("{found:?}") };
    assert_eq!(*mentions, users([1, 2, 3]));
    assert_eq!(scene.store.without_place(found.id).await, Ok(users([3])));
}

pub(crate) async fn a_clock_that_goes_back_repeats_nothing<S: Store>(scene: &Scene<S>) {
    only(scene, [before(30), before(10)]).await;
    answered(scene).await;
    assert_eq!(reminded(scene, 30).await, expected());
    for at in [20, 29, 30, 35] {
        assert!(reminded(scene, at).await.is_empty(), "{at}");
    }
    assert_eq!(reminded(scene, 50).await, expected());
}

pub(crate) async fn after_a_time_away_what_is_worth_it_goes_out_and_the_rest_is_noted<S: Store>(
    scene: &Scene<S>,
) {
    only(scene, [before(30), before(10), after(0), after(15)]).await;
    let event = answered(scene).await;
    // At 17 minutes after the start, two before it and the one at it are too late.
    let first = reminded(scene, START + 17).await;
    assert_eq!(first, expected());
    assert!(reminded(scene, END).await.is_empty());
    assert_eq!(scene.read(event).await.sheet.event.id, event);
}

pub(crate) async fn an_event_that_is_over_is_reminded_of_still<S: Store>(scene: &Scene<S>) {
    only(scene, [after(END - START + 30)]).await;
    answered(scene).await;
    assert!(reminded(scene, END).await.is_empty());
    assert_eq!(scene.store.next_due().await, Ok(Some(minute(END + 30))));
    assert_eq!(reminded(scene, END + 30).await, expected());
    assert_eq!(scene.store.next_due().await, Ok(None));
}

pub(crate) async fn a_move_plans_anew_and_takes_back_what_has_not_left<S: Store>(scene: &Scene<S>) {
    only(scene, [before(30)]).await;
    let event = answered(scene).await;
    scene.store.turn_events(minute(30), 10).await.unwrap();
    // It is due, and nobody has sent it yet.
    scene.change(event, move_to(90, 150), 30).await;
    let told: Vec<_> = scene.claim(31).await.iter().map(|d| d.content.news()).collect();
    assert_eq!(told, [Some(News::Moved)]);
    assert_eq!(scene.store.turn_events(minute(59), 10).await, Ok(0));
    assert_eq!(scene.store.turn_events(minute(60), 10).await, Ok(1));
}

pub(crate) async fn a_move_takes_back_what_waits_for_its_turn<S: Store>(scene: &Scene<S>) {
    only(scene, [before(30)]).await;
    let event = answered(scene).await;
    scene.store.turn_events(minute(30), 10).await.unwrap();
    let waiting = scene.claim(30).await.pop().unwrap();
    assert_eq!(waiting.planned_start, Some(minute(60)));
    scene.change(event, move_to(90, 150), 30).await;
    let marked = scene.store.mark_attempt(&waiting, 7, "nonce".into(), minute(30)).await;
    assert_eq!(marked, Ok(Hold::Lost), "it does not leave");
    let told: Vec<_> = scene.claim(31).await.iter().map(|d| d.content.news()).collect();
    assert_eq!(told, [Some(News::Moved)], "nor hold up what comes after it");
}

pub(crate) async fn what_does_not_take_place_is_not_reminded_of<S: Store>(scene: &Scene<S>) {
    only(scene, [before(30), before(10)]).await;
    let event = answered(scene).await;
    scene.change(event, EventChange::Cancel, 2).await;
    assert!(reminded(scene, 35).await.is_empty());
    // It takes place after all: what would have been due meanwhile counts as done.
    scene.change(event, EventChange::Restore, 40).await;
    assert!(reminded(scene, 41).await.is_empty());
    assert_eq!(reminded(scene, 50).await, expected());
}

pub(crate) async fn an_edit_of_the_title_loses_no_reminder<S: Store>(scene: &Scene<S>) {
    only(scene, [before(30)]).await;
    let event = answered(scene).await;
    // It is due at minute 30, and the edit comes before anybody looked.
    scene.change(event, crate::scene::resize(9), 31).await;
    assert_eq!(reminded(scene, 32).await, expected());
}

pub(crate) async fn a_list_is_the_guilds_until_an_event_has_its_own<S: Store>(scene: &Scene<S>) {
    let event = answered(scene).await;
    let list = async |event| scene.store.reminders(GUILD, event).await.unwrap().unwrap();
    assert_eq!(
        (list(None).await.whose, list(Some(event)).await.whose),
        (Whose::Usual, Whose::Usual)
    );
    assert_eq!(list(None).await.reminders, Reminders::default());
    let text = muster_domain::text::Announcement::parse("Bring rope.").ok();
    let role = Audience::Role(RoleId::new(9));
    let rich = Reminder { audience: role, text, ..before(45) };
    let added = scene.change_reminders(None, ReminderChange::Add(rich.clone()), 1).await;
    let RemindersChanged::Made(guilds, None, _) = added else { panic!("{added:?}") };
    assert_eq!(guilds.reminders.iter().last(), Some(&rich));
    assert_eq!(list(Some(event)).await.whose, Whose::Guild);
    let twice = scene.change_reminders(None, ReminderChange::Add(rich.clone()), 1).await;
    assert_eq!(twice, RemindersChanged::Refused(RemindersError::Twice));
    let direct = Reminder { place: ReminderPlace::Direct, ..before(5) };
    scene.change_reminders(Some(event), ReminderChange::Add(direct), 1).await;
    let removed = scene.change_reminders(Some(event), ReminderChange::Remove(rich.key()), 1).await;
    let RemindersChanged::Made(own, Some(gone), _) = removed else { panic!("{removed:?}") };
    assert_eq!((own.whose, own.reminders.iter().len(), gone), (Whose::Event, 4, rich.clone()));
    let nothing = scene.change_reminders(Some(event), ReminderChange::Remove(rich.key()), 1).await;
    assert_eq!(nothing, RemindersChanged::NotThere);
    assert_eq!(list(None).await.reminders.iter().len(), 4, "the guild's stay");
    scene.change_reminders(Some(event), ReminderChange::Reset, 1).await;
    assert_eq!(list(Some(event)).await.whose, Whose::Guild);
    scene.change_reminders(None, ReminderChange::Reset, 1).await;
    assert_eq!(list(Some(event)).await.whose, Whose::Usual);
    assert_eq!(scene.store.reminders(OTHER_GUILD, Some(event)).await, Ok(None));
}

pub(crate) async fn a_new_list_holds_from_then_on_and_the_old_one_until_then<S: Store>(
    scene: &Scene<S>,
) {
    only(scene, [before(30)]).await;
    answered(scene).await;
    // Due at 30 and not looked at; then one is added that would have been due at 20.
    scene.change_reminders(None, ReminderChange::Add(before(40)), 33).await;
    scene.change_reminders(None, ReminderChange::Add(before(20)), 33).await;
    assert_eq!(reminded(scene, 34).await, expected());
    assert_eq!(scene.store.next_due().await, Ok(Some(minute(40))));
    assert_eq!(reminded(scene, 40).await, expected());
}

pub(crate) async fn whom_two_reminders_mean_at_one_instant_hears_of_it_once<S: Store>(
    scene: &Scene<S>,
) {
    // 09:30 in Berlin is half an hour before the start.
    let of_day = ReminderTime::OfDay(jiff::civil::Time::constant(9, 30, 0, 0));
    let text = muster_domain::text::Announcement::parse("Bring rope.").ok();
    let going = Reminder { audience: Audience::Going, text, ..before(30) };
    only(scene, [before(30), Reminder::at(of_day), going]).await;
    answered(scene).await;
    assert_eq!(reminded(scene, 30).await, [(users([1]), None), (users([3]), None)]);
}

pub(crate) async fn where_names_are_hidden_reminders_name_nobody<S: Store>(scene: &Scene<S>) {
    only(scene, [before(30)]).await;
    let earlier = answered(scene).await;
    let rules = EventRules { names_hidden: true, ..EventRules::default() };
    scene.change(earlier, EventChange::Rules(rules.clone()), 0).await;
    assert_eq!(reminded(scene, 30).await, [(vec![], None)], "of who comes");
    scene.store.turn_events(minute(END), 10).await.unwrap();
    let unanswered = Reminder { audience: Audience::Unanswered, ..before(30) };
    scene.change_reminders(None, ReminderChange::Add(unanswered), END).await;
    let next = scene.created(crate::scene::details_at(END + 60, END + 90)).await.sheet.event.id;
    scene.change(next, EventChange::Rules(rules), END).await;
    scene.tap(next, 2, YES).await;
    let both = [(vec![], None), (vec![], None)];
    assert_eq!(reminded(scene, END + 30).await, both, "of who comes, and who has not answered");
}

pub(crate) async fn a_role_is_mentioned_as_a_whole<S: Store>(scene: &Scene<S>) {
    let role = RoleId::new(9);
    let [one, all] = [Audience::Role(role), Audience::Everyone];
    only(scene, [one, all].map(|audience| Reminder { audience, ..before(30) })).await;
    answered(scene).await;
    let everyone = RoleId::new(GUILD.get());
    assert_eq!(reminded(scene, 30).await, [(vec![], Some(role)), (vec![], Some(everyone))]);
}

pub(crate) async fn who_came_before_and_has_not_answered_is_reminded<S: Store>(scene: &Scene<S>) {
    only(scene, []).await;
    answered(scene).await;
    scene.store.turn_events(minute(END), 10).await.unwrap();
    let unanswered = Reminder { audience: Audience::Unanswered, ..before(30) };
    scene.change_reminders(None, ReminderChange::Add(unanswered), END).await;
    let next = scene.created(crate::scene::details_at(END + 60, END + 90)).await.sheet.event.id;
    scene.tap(next, 2, YES).await;
    assert_eq!(reminded(scene, END + 30).await, [(users([1]), None)]);
}

pub(crate) async fn a_change_is_taken_back_unless_the_list_was_changed_since<S: Store>(
    scene: &Scene<S>,
) {
    let event = answered(scene).await;
    let text = muster_domain::text::Announcement::parse("Bring rope.").ok();
    let rich = Reminder { text, ..before(45) };
    for whose in [None, Some(event)] {
        let list = async || scene.store.reminders(GUILD, whose).await.unwrap().unwrap();
        let change = async |change, at| scene.change_reminders(whose, change, at).await;
        let first = list().await;
        let made = change(ReminderChange::Add(rich.clone()), 1).await;
        let RemindersChanged::Made(added, None, by_adding) = made else { panic!("{made:?}") };
        let made = change(ReminderChange::Remove(rich.key()), 1).await;
        let RemindersChanged::Made(_, _, by_removing) = made else { panic!("{made:?}") };
        let late = change(ReminderChange::Undo(by_adding), 1).await;
        assert_eq!(late, RemindersChanged::ChangedSince);
        let made = change(ReminderChange::Undo(by_removing), 2).await;
        let RemindersChanged::Made(back, None, by_undoing) = made else { panic!("{made:?}") };
        assert_eq!(back, added, "with its words");
        let made = change(ReminderChange::Undo(by_undoing), 2).await;
        let RemindersChanged::Made(_, None, _) = made else { panic!("{made:?}") };
        let made = change(ReminderChange::Reset, 3).await;
        let RemindersChanged::Made(reset, None, by_resetting) = made else { panic!("{made:?}") };
        assert_eq!(reset, first);
        let late = change(ReminderChange::Undo(by_resetting), 19).await;
        assert_eq!(late, RemindersChanged::TooLate);
    }
    let other = scene.store.reminders(OTHER_GUILD, None).await.unwrap().unwrap();
    assert_eq!(other.whose, Whose::Usual);
}

pub(crate) async fn whom_a_reminder_is_for_still_is_known_when_it_leaves<S: Store>(
    scene: &Scene<S>,
) {
    let unanswered = Reminder { audience: Audience::Unanswered, ..before(30) };
    let going = Reminder { audience: Audience::Going, ..before(20) };
    only(scene, [unanswered, going, before(10)]).await;
    let event = answered(scene).await;
    scene.tap(event, 4, YES).await;
    let meant = async |at, name: Candidates| {
        scene.store.turn_events(minute(at), 10).await.unwrap();
        let mut claimed = scene.claim(at).await;
        if let [delivery] = &claimed[..]
            && matches!(delivery.content, DeliveryContent::Unanswered { .. })
        {
            let spread = scene.store.spread(delivery, name, minute(at)).await;
            assert_eq!(spread, Ok(Hold::Ours));
            claimed = scene.claim(at).await;
        }
        claimed.pop().unwrap()
    };
    let still =
        async |delivery: &Delivery| scene.store.still_meant(delivery.id, minute(50)).await.unwrap();
    let first = meant(30, Candidates::These(users([5, 6]))).await;
    assert_eq!(still(&first).await, users([5, 6]));
    scene.tap(event, 5, MAYBE).await;
    assert_eq!(still(&first).await, users([6]));
    scene.sent(&first, 6, 0).await;
    let second = meant(40, Candidates::TooMany).await;
    assert_eq!(still(&second).await, users([1, 4]));
    scene.tap(event, 1, MAYBE).await;
    assert_eq!(still(&second).await, users([4]));
    scene.sent(&second, 7, 0).await;
    let third = meant(50, Candidates::TooMany).await;
    let all = [1, 3, 4, 5];
    assert_eq!(
        still(&third).await.into_iter().collect::<BTreeSet<_>>(),
        users(all).into_iter().collect()
    );
    scene.withdraw(event, 4).await;
    scene.tap(event, 3, NO).await;
    assert_eq!(still(&third).await.len(), 2);
}
