//! One delivery from claim to end.

use muster_domain::id::MessageId;
use muster_store::model::DeliveryEnd;
use muster_store::{Store, StoreError};

use crate::scene::{PROCESS, Scene, details, minute};

pub(crate) async fn a_delivery_is_in_one_pair_of_hands<S: Store>(scene: &Scene<S>) {
    let id = scene.created(details(0)).await.delivery;
    let [claimed] = &scene.claim(0).await[..] else { panic!("one delivery") };
    assert_eq!((claimed.id, claimed.attempts, claimed.first_attempt), (id, 0, None));
    assert!(scene.claim(0).await.is_empty());
    assert_eq!(scene.store.claim(id, minute(0), minute(1)).await, Ok(None));
}

pub(crate) async fn a_lease_that_ends_sets_the_delivery_free<S: Store>(scene: &Scene<S>) {
    let id = scene.created(details(0)).await.delivery;
    scene.store.claim(id, minute(0), minute(2)).await.unwrap().unwrap();
    assert!(scene.claim(1).await.is_empty());
    assert_eq!(scene.claim(2).await.len(), 1);
    let again = scene.store.claim(id, minute(3), minute(4)).await.unwrap();
    assert_eq!(again.map(|delivery| delivery.id), Some(id));
}

pub(crate) async fn attempts_are_counted_and_the_first_is_remembered<S: Store>(scene: &Scene<S>) {
    let (store, id) = (&scene.store, scene.created(details(0)).await.delivery);
    scene.claim(0).await;
    store.mark_attempt(id, 7, "first".into(), minute(0)).await.unwrap();
    store.mark_attempt(id, PROCESS, "second".into(), minute(1)).await.unwrap();
    let [again] = &scene.claim(2).await[..] else { panic!("one delivery") };
    assert_eq!((again.attempts, again.first_attempt), (2, Some(minute(0))));
    assert_eq!((again.attempted_by, again.nonce.as_str()), (Some(PROCESS), "second"));
}

pub(crate) async fn an_ended_delivery_is_never_attempted_again<S: Store>(scene: &Scene<S>) {
    let (store, id) = (&scene.store, scene.created(details(0)).await.delivery);
    store.finish(id, DeliveryEnd::Skipped("not wanted"), minute(0)).await.unwrap();
    let refused = store.mark_attempt(id, PROCESS, "nonce".into(), minute(0)).await;
    assert!(matches!(refused, Err(StoreError::Database(_))), "{refused:?}");
}

pub(crate) async fn a_postponed_delivery_waits_and_keeps_when_it_was_due<S: Store>(
    scene: &Scene<S>,
) {
    let id = scene.created(details(0)).await.delivery;
    scene.store.claim(id, minute(0), minute(10)).await.unwrap();
    scene.store.postpone(id, minute(5)).await.unwrap();
    assert_eq!(scene.store.next_due().await, Ok(Some(minute(5))));
    assert!(scene.claim(4).await.is_empty());
    let [again] = &scene.claim(5).await[..] else { panic!("one delivery") };
    assert_eq!((again.id, again.due), (id, minute(0)));
}

pub(crate) async fn a_message_that_exists_counts_even_after_the_end<S: Store>(scene: &Scene<S>) {
    let created = scene.created(details(0)).await;
    scene.claim(0).await;
    scene.store.finish(created.delivery, DeliveryEnd::Unclear, minute(1)).await.unwrap();
    scene.sent(created.delivery, 5, 1).await;
    let post = scene.read(created.sheet.event.id).await.post;
    assert_eq!(post.message, Some(MessageId::new(5)));
}

pub(crate) async fn every_end_ends<S: Store>(scene: &Scene<S>) {
    for end in [
        DeliveryEnd::Skipped("not wanted"),
        DeliveryEnd::Dead("no access".into()),
        DeliveryEnd::Unclear,
    ] {
        let created = scene.created(details(0)).await;
        scene.store.claim(created.delivery, minute(0), minute(1)).await.unwrap().unwrap();
        scene.store.finish(created.delivery, end, minute(0)).await.unwrap();
        assert!(scene.claim(2).await.is_empty());
        assert_eq!(scene.read(created.sheet.event.id).await.post.message, None);
    }
}

pub(crate) async fn old_deliveries_are_forgotten<S: Store>(scene: &Scene<S>) {
    let (store, month) = (&scene.store, 30 * 24 * 60);
    let old = scene.created(details(0)).await.delivery;
    let young = scene.created(details(0)).await.delivery;
    let last = scene.created(details(0)).await.delivery;
    for (delivery, at) in [(old, 0), (young, 1), (last, month + 1)] {
        store.finish(delivery, DeliveryEnd::Unclear, minute(at)).await.unwrap();
    }
    // A delivery that is kept can still be told to exist after all; a forgotten one cannot.
    scene.sent(young, 5, 1).await;
    let message = MessageId::new(5);
    let end = DeliveryEnd::Sent { channel: crate::scene::CHANNEL, message, version: 1 };
    let forgotten = store.finish(old, end, minute(0)).await;
    assert!(matches!(forgotten, Err(StoreError::Database(_))), "{forgotten:?}");
}
