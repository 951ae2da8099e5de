//! The messages of events: what they show, and what becomes of them.

use std::collections::BTreeSet;

use muster_domain::change::EventChange;
use muster_domain::id::{EventId, MessageId};
use muster_store::Store;
use muster_store::model::{DeliveryEnd, Post};

use crate::scene::{
    CHANNEL, END, GUILD, OTHER_GUILD, Scene, YES, details, details_at, minute, user,
};

pub(crate) async fn a_post_leads_to_its_event_in_its_guild_alone<S: Store>(scene: &Scene<S>) {
    let event = scene.posted_event(5).await;
    let of = async |guild, message| {
        scene.store.event_of_post(guild, MessageId::new(message)).await.unwrap()
    };
    assert_eq!(of(GUILD, 5).await, Some(event));
    assert_eq!(of(GUILD, 6).await, None);
    assert_eq!(of(OTHER_GUILD, 5).await, None);
}

pub(crate) async fn a_sent_post_shows_what_it_was_sent_with<S: Store>(scene: &Scene<S>) {
    let event = scene.posted_event(5).await;
    let message = Some(MessageId::new(5));
    let sent =
        Post { channel: CHANNEL, message, shown: 1, gone_at: None, cleaned_at: None, thread: None };
    assert_eq!(scene.read(event).await.post, sent);
    assert!(scene.stale().await.is_empty());
}

pub(crate) async fn a_post_is_stale_until_it_shows_the_newest_version<S: Store>(scene: &Scene<S>) {
    let event = scene.posted_event(5).await;
    scene.tap(event, 1, YES).await;
    scene.tap(event, 2, YES).await;
    assert_eq!(scene.stale().await, [event]);
    scene.shown(event, 5, 2).await;
    assert_eq!(scene.stale().await, [event]);
    scene.shown(event, 5, 3).await;
    assert!(scene.stale().await.is_empty());
}

pub(crate) async fn a_post_that_is_to_be_refreshed_is_stale_whatever_it_shows<S: Store>(
    scene: &Scene<S>,
) {
    let event = scene.posted_event(5).await;
    scene.tap(event, 1, YES).await;
    scene.shown(event, 5, 2).await;
    assert_eq!(scene.store.refresh_post(OTHER_GUILD, event, minute(2)).await, Ok(false));
    assert!(scene.stale().await.is_empty());
    assert_eq!(scene.store.refresh_post(GUILD, event, minute(2)).await, Ok(true));
    assert_eq!(scene.stale().await, [event]);
    assert_eq!(scene.names(event, YES).await[0], [user(1)], "with its answers");
}

pub(crate) async fn what_a_post_shows_never_becomes_older<S: Store>(scene: &Scene<S>) {
    let created = scene.created(details(0)).await;
    let event = created.sheet.event.id;
    scene.tap(event, 1, YES).await;
    // The message was there, and tapped, before it was known here.
    scene.shown(event, 5, 2).await;
    scene.send(created.delivery, 5, 1).await;
    scene.shown(event, 5, 1).await;
    assert_eq!(scene.read(event).await.post.shown, 2);
    assert!(scene.stale().await.is_empty());
}

pub(crate) async fn the_oldest_change_comes_first<S: Store>(scene: &Scene<S>) {
    let [first, second] = [scene.posted_event(5).await, scene.posted_event(6).await];
    for (event, at) in [(second, 1), (first, 2), (second, 3)] {
        let change = EventChange::Edit(details_at(70, 80 + at));
        scene.change(event, change, at).await;
    }
    assert_eq!(scene.stale().await, [second, first]);
    assert_eq!(scene.store.stale_posts(BTreeSet::new(), 1).await.unwrap().len(), 1);
    let first = scene.store.stale_posts(BTreeSet::new(), 1).await.unwrap()[0].sheet.event.id;
    let next = scene.store.stale_posts(BTreeSet::from([first]), 1).await.unwrap();
    assert_ne!(next[0].sheet.event.id, first, "what has to wait does not hold up others");
}

async fn post_again<S: Store>(
    scene: &Scene<S>,
    event: EventId,
) -> Option<muster_domain::id::DeliveryId> {
    scene.store.post_again(GUILD, event, None, minute(3)).await.unwrap()
}

pub(crate) async fn a_post_that_is_gone_is_posted_again_once<S: Store>(scene: &Scene<S>) {
    let event = scene.posted_event(5).await;
    scene.tap(event, 1, YES).await;
    assert_eq!(post_again(scene, event).await, None);
    scene.post_gone(event, minute(2)).await;
    assert_eq!(scene.read(event).await.post.gone_at, Some(minute(2)));
    assert!(scene.stale().await.is_empty());
    let again = post_again(scene, event).await.unwrap();
    assert_eq!(post_again(scene, event).await, Some(again));
    scene.send(again, 6, 2).await;
    // Somebody found the first one deleted before the second one was there.
    scene.store.post_gone(event, MessageId::new(5), minute(4)).await.unwrap();
    let message = Some(MessageId::new(6));
    let post =
        Post { channel: CHANNEL, message, shown: 2, gone_at: None, cleaned_at: None, thread: None };
    assert_eq!(scene.read(event).await.post, post);
    assert_eq!(post_again(scene, event).await, None);
}

pub(crate) async fn a_new_message_is_judged_by_what_it_shows<S: Store>(scene: &Scene<S>) {
    let event = scene.posted_event(5).await;
    scene.tap(event, 1, YES).await;
    scene.shown(event, 5, 2).await;
    scene.post_gone(event, minute(2)).await;
    let again = post_again(scene, event).await.unwrap();
    // Found in the channel after a restart: what it shows is not known.
    scene.send(again, 6, 0).await;
    assert_eq!(scene.stale().await, [event]);
}

pub(crate) async fn a_post_that_was_never_sent_can_be_posted_again<S: Store>(scene: &Scene<S>) {
    let created = scene.created(details(0)).await;
    let event = created.sheet.event.id;
    assert_eq!(post_again(scene, event).await, Some(created.delivery));
    let claimed = scene.hold(created.delivery).await;
    scene.end(&claimed, DeliveryEnd::Dead("no access".into()), 1).await;
    let again = post_again(scene, event).await.unwrap();
    assert_ne!(again, created.delivery);
}

pub(crate) async fn live_posts_are_those_of_events_that_are_not_over<S: Store>(scene: &Scene<S>) {
    let unsent = scene.event().await;
    let later = scene.posted_event(5).await;
    let gone = scene.posted_event(6).await;
    let deleted = scene.posted_event(7).await;
    let sooner = scene.posted_event(8).await;
    scene.change(sooner, EventChange::Edit(details_at(50, 200)), 1).await;
    scene.post_gone(gone, minute(1)).await;
    scene.change(deleted, EventChange::Delete, 1).await;
    let live = scene.store.live_posts(minute(2), 10).await.unwrap();
    let ids: Vec<_> = live.iter().map(|posted| posted.sheet.event.id).collect();
    assert_eq!(ids, [sooner, later]);
    assert!(!ids.contains(&unsent));
    let live = scene.store.live_posts(minute(END), 10).await.unwrap();
    assert_eq!(live.len(), 1);
}

pub(crate) async fn an_older_copy_of_a_post_says_nothing_about_it<S: Store>(scene: &Scene<S>) {
    let event = scene.posted_event(5).await;
    scene.tap(event, 1, YES).await;
    scene.shown(event, 4, 2).await;
    assert_eq!((scene.read(event).await.post.shown, scene.stale().await), (1, vec![event]));
    scene.shown(event, 5, 2).await;
    assert!(scene.stale().await.is_empty());
}
