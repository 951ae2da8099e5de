//! What a clock that was ahead, by minutes or years, brought about is put right once it is set.

use jiff::SignedDuration;
use muster_domain::change::EventChange;
use muster_domain::event::Phase;
use muster_domain::notice::News;
use muster_domain::reminder::{Reminder, ReminderTime};
use muster_domain::rules::EventRules;
use muster_store::Store;
use muster_store::model::{DeliveryContent, DeliveryEnd, Hold, ReminderChange, Tap};

use crate::scene::{END, Scene, YES, minute};

/// Ten years, in minutes.
const YEARS: i64 = 10 * 365 * 24 * 60;

/// An event of which those who come are reminded half an hour before, at minute 30.
async fn reminded_of<S: Store>(scene: &Scene<S>) -> muster_domain::id::EventId {
    scene.without_reminders().await;
    let half_an_hour = ReminderTime::Before(SignedDuration::from_mins(30));
    scene.change_reminders(None, ReminderChange::Add(Reminder::at(half_an_hour)), 0).await;
    let event = scene.posted_event(5).await;
    scene.tap(event, 1, YES).await;
    event
}

/// The clock is set to this minute; how much there was to put right.
async fn set_to<S: Store>(scene: &Scene<S>, at: i64) -> usize {
    let mended = scene.store.mend_times(minute(at), minute(at + 2), 10).await.unwrap();
    assert_eq!(scene.store.mend_times(minute(at), minute(at + 2), 10).await, Ok(0));
    mended
}

/// Reminders that leave at this minute.
async fn leave<S: Store>(scene: &Scene<S>, at: i64) -> usize {
    while scene.store.turn_events(minute(at), 10).await.unwrap() > 0 {}
    let mut left = 0;
    while let Some(delivery) = scene.claim(at).await.pop() {
        left += usize::from(delivery.content.news() == Some(News::Reminder));
        scene.attempt(&delivery).await;
        scene.sent(&delivery, 6, 0).await;
    }
    left
}

pub(crate) async fn an_event_taken_for_over_is_as_it_was<S: Store>(scene: &Scene<S>) {
    let event = reminded_of(scene).await;
    assert_eq!(leave(scene, YEARS).await, 0, "that would be too late");
    let version = scene.read(event).await.sheet.event.version;
    scene.shown(event, 5, version).await;
    assert_eq!(scene.store.next_due().await, Ok(None));
    assert_eq!(set_to(scene, 10).await, 1);
    assert_eq!(scene.stale().await, [event], "its post looks as if it were over");
    assert_eq!(leave(scene, 29).await, 0);
    assert_eq!(leave(scene, 30).await, 1);
}

pub(crate) async fn a_reminder_left_out_too_early_leaves_also_if_that_is_seen_after_it_was_due<
    S: Store,
>(
    scene: &Scene<S>,
) {
    reminded_of(scene).await;
    assert_eq!(leave(scene, YEARS).await, 0, "that would be too late");
    assert_eq!(set_to(scene, 33).await, 1);
    assert_eq!(leave(scene, 33).await, 1);
    assert_eq!(set_to(scene, 31).await, 1);
    assert_eq!(leave(scene, 34).await, 0, "it has left");
}

pub(crate) async fn a_reminder_that_left_ahead_of_its_time_does_not_leave_again<S: Store>(
    scene: &Scene<S>,
) {
    reminded_of(scene).await;
    assert_eq!(leave(scene, 31).await, 1);
    for at in [5, 29, 4] {
        set_to(scene, at).await;
    }
    for at in [5, 30, 31, END] {
        assert_eq!(leave(scene, at).await, 0, "{at}");
    }
}

pub(crate) async fn a_reminder_planned_ahead_of_its_time_leaves_in_time<S: Store>(
    scene: &Scene<S>,
) {
    reminded_of(scene).await;
    scene.store.turn_events(minute(31), 10).await.unwrap();
    set_to(scene, 5).await;
    assert_eq!(leave(scene, 29).await, 0);
    assert_eq!(leave(scene, 30).await, 1);
    assert_eq!(leave(scene, 31).await, 0);
}

pub(crate) async fn nothing_waits_for_a_time_that_is_far_off<S: Store>(scene: &Scene<S>) {
    let event = scene.event().await;
    let [post] = &scene.claim(YEARS).await[..] else { panic!("its post is due") };
    assert!(scene.claim(YEARS).await.is_empty());
    assert_eq!(set_to(scene, 5).await, 1);
    assert!(scene.claim(6).await.is_empty(), "it may be under way");
    let [again] = &scene.claim(7).await[..] else { panic!("the lease has ended") };
    assert_eq!((again.id, &again.content), (post.id, &DeliveryContent::Post(event)));
}

pub(crate) async fn a_post_left_out_too_early_is_due_again<S: Store>(scene: &Scene<S>) {
    let event = scene.event().await;
    scene.store.turn_events(minute(YEARS), 10).await.unwrap();
    let [post] = &scene.claim(YEARS).await[..] else { panic!("its post is due") };
    let end = DeliveryEnd::Skipped("the event is over");
    assert_eq!(scene.store.finish(post, end, minute(YEARS)).await, Ok(Hold::Ours));
    assert_eq!(set_to(scene, 5).await, 1);
    let [again] = &scene.claim(7).await[..] else { panic!("the event takes place") };
    assert_eq!(again.content, DeliveryContent::Post(event));
    assert_eq!(scene.read(event).await.sheet.event.phase(minute(7)), Phase::Open);
}

pub(crate) async fn an_offer_lasts_no_longer_than_its_time<S: Store>(scene: &Scene<S>) {
    let event = scene.event_for(1).await;
    let rules = EventRules { offer: Some(SignedDuration::from_mins(30)), ..EventRules::default() };
    scene.change(event, EventChange::Rules(rules), 1).await;
    for member in [1, 2] {
        scene.tap(event, member, YES).await;
    }
    // Three quarters of an hour ahead: the offer would last until minute 77.
    let withdrawn = Tap { at: minute(47), ..scene.tap_of(event, 1, None) };
    scene.store.tap(withdrawn).await.unwrap();
    scene.store.turn_events(minute(48), 10).await.unwrap();
    set_to(scene, 2).await;
    let offered = scene.read(event).await.sheet.offered.first;
    assert_eq!(offered.first().and_then(|entry| entry.offered_until), Some(minute(32)));
}
