//! When something is due, and events whose time comes.

use muster_domain::change::EventChange;
use muster_store::Store;

use crate::scene::{END, GUILD, START, Scene, YES, details, details_at, minute};

pub(crate) async fn nothing_is_due_in_an_empty_store<S: Store>(scene: &Scene<S>) {
    assert_eq!(scene.store.next_due().await, Ok(None));
    assert_eq!(scene.store.turn_events(minute(0), 10).await, Ok(0));
    assert!(scene.claim(0).await.is_empty());
}

pub(crate) async fn a_delivery_then_its_lease_then_the_event_is_due<S: Store>(scene: &Scene<S>) {
    scene.without_reminders().await;
    let (store, id) = (&scene.store, scene.created(details(0)).await.delivery);
    assert_eq!(store.next_due().await, Ok(Some(minute(0))));
    let claimed = scene.hold_until(id, 2).await;
    assert_eq!(store.next_due().await, Ok(Some(minute(2))));
    scene.sent(&claimed, 5, 1).await;
    assert_eq!(store.next_due().await, Ok(Some(minute(START))));
}

pub(crate) async fn who_waits_in_a_lane_is_not_due<S: Store>(scene: &Scene<S>) {
    let first = scene.created(details(0)).await.delivery;
    scene.created(details(0)).await;
    scene.store.claim(first, minute(0), minute(9)).await.unwrap();
    assert_eq!(scene.store.next_due().await, Ok(Some(minute(9))));
}

pub(crate) async fn events_turn_when_their_time_comes<S: Store>(scene: &Scene<S>) {
    scene.without_reminders().await;
    let (store, event) = (&scene.store, scene.posted_event(5).await);
    scene.tap(event, 1, YES).await;
    assert_eq!(store.turn_events(minute(START - 1), 10).await, Ok(0));
    for (at, next) in [(START, Some(minute(END))), (END, None)] {
        assert_eq!(store.turn_events(minute(at), 10).await, Ok(1));
        assert_eq!(scene.stale().await, [event]);
        let version = scene.read(event).await.sheet.event.version;
        scene.shown(event, 5, version).await;
        assert_eq!(store.next_due().await, Ok(next));
    }
    assert_eq!(store.turn_events(minute(END), 10).await, Ok(0));
    // A change after the turn meets the event as it is now.
    scene.change(event, EventChange::Delete, END).await;
    assert_eq!(scene.read(event).await.sheet.event.version, 5);
}

pub(crate) async fn at_most_so_many_events_turn_at_once<S: Store>(scene: &Scene<S>) {
    for start in [30, 10, 20] {
        let event = scene.created(details_at(start, start + 60)).await.sheet.event.id;
        scene.tap(event, 1, YES).await;
    }
    assert_eq!(scene.store.turn_events(minute(30), 2).await, Ok(2));
    assert_eq!(scene.store.turn_events(minute(30), 2).await, Ok(1));
    assert_eq!(scene.store.turn_events(minute(30), 2).await, Ok(0));
}

pub(crate) async fn events_of_a_guild_that_removed_the_bot_turn_when_it_is_back<S: Store>(
    scene: &Scene<S>,
) {
    scene.store.guild_arrived(GUILD, minute(0)).await.unwrap();
    scene.posted_event(5).await;
    scene.store.guild_left(GUILD, minute(1)).await.unwrap();
    assert_eq!(scene.store.next_due().await, Ok(None));
    assert_eq!(scene.store.turn_events(minute(START), 10).await, Ok(0));
    scene.store.guild_arrived(GUILD, minute(START)).await.unwrap();
    assert_eq!(scene.store.turn_events(minute(START), 10).await, Ok(1));
}
