//! One delivery from claim to end.

use muster_domain::id::MessageId;
use muster_store::model::{Attempted, Delivery, DeliveryEnd, Hold};
use muster_store::{Store, StoreError};

use crate::scene::{PROCESS, Scene, details, minute, sent};

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
    let claimed = scene.hold(id).await;
    for (process, nonce, at) in [(7, "first", 0), (PROCESS, "second", 1)] {
        let marked = store.mark_attempt(&claimed, process, nonce.into(), minute(at)).await;
        assert_eq!(marked, Ok(Hold::Ours));
    }
    let [again] = &scene.claim(2).await[..] else { panic!("one delivery") };
    assert_eq!((again.attempts, again.first_attempt), (2, Some(minute(0))));
    assert_eq!((again.attempted_by, again.nonce.as_str()), (Some(PROCESS), "second"));
}

pub(crate) async fn an_ended_delivery_is_never_attempted_again<S: Store>(scene: &Scene<S>) {
    let claimed = scene.hold(scene.created(details(0)).await.delivery).await;
    scene.end(&claimed, DeliveryEnd::Skipped("not wanted"), 0).await;
    assert_eq!(marks(scene, &claimed).await, Hold::Lost);
}

async fn marks<S: Store>(scene: &Scene<S>, claimed: &Delivery) -> Hold {
    let nonce = "late".to_owned();
    scene.store.mark_attempt(claimed, PROCESS, nonce, minute(3)).await.unwrap()
}

pub(crate) async fn whoever_was_too_slow_changes_nothing_any_more<S: Store>(scene: &Scene<S>) {
    let (store, id) = (&scene.store, scene.created(details(0)).await.delivery);
    let slow = scene.hold(id).await;
    let [other] = &scene.claim(2).await[..] else { panic!("its lease has ended") };
    assert!(other.claim > slow.claim);
    assert_eq!(marks(scene, &slow).await, Hold::Lost);
    for attempted in [Attempted::NotTaken, Attempted::Unclear, Attempted::LookedInVain] {
        assert_eq!(store.postpone(&slow, minute(9), attempted).await, Ok(Hold::Lost));
    }
    let end = DeliveryEnd::Dead("no access".into());
    assert_eq!(store.finish(&slow, end, minute(2)).await, Ok(Hold::Lost));
    assert_eq!(marks(scene, other).await, Hold::Ours);
    scene.sent(other, 5, 1).await;
}

pub(crate) async fn who_gave_a_delivery_back_does_not_hold_it<S: Store>(scene: &Scene<S>) {
    let claimed = scene.hold(scene.created(details(0)).await.delivery).await;
    let given_back = scene.store.postpone(&claimed, minute(5), Attempted::Unclear).await;
    assert_eq!(given_back, Ok(Hold::Ours));
    assert_eq!(marks(scene, &claimed).await, Hold::Lost);
}

pub(crate) async fn a_message_of_who_was_too_slow_is_not_sent_again<S: Store>(scene: &Scene<S>) {
    let created = scene.created(details(0)).await;
    let slow = scene.hold(created.delivery).await;
    scene.attempt(&slow).await;
    let [other] = &scene.claim(2).await[..] else { panic!("its lease has ended") };
    // The answer of Discord came at last, while the other looked through the channel.
    scene.sent(&slow, 5, 1).await;
    assert_eq!(marks(scene, other).await, Hold::Lost);
    let post = scene.read(created.sheet.event.id).await.post;
    assert_eq!(post.message, Some(MessageId::new(5)));
}

pub(crate) async fn an_attempt_that_was_not_taken_counts_as_never_made<S: Store>(scene: &Scene<S>) {
    let (store, id) = (&scene.store, scene.created(details(0)).await.delivery);
    let first = scene.hold(id).await;
    scene.attempt(&first).await;
    let postponed = store.postpone(&first, minute(2), Attempted::NotTaken).await;
    assert_eq!(postponed, Ok(Hold::Ours));
    let [again] = &scene.claim(2).await[..] else { panic!("one delivery") };
    let traces = (again.attempts, again.first_attempt, again.attempted_by, again.nonce.as_str());
    assert_eq!(traces, (0, None, None, ""));
}

pub(crate) async fn an_unclear_attempt_is_remembered_whatever_comes_after<S: Store>(
    scene: &Scene<S>,
) {
    let (store, id) = (&scene.store, scene.created(details(0)).await.delivery);
    let first = scene.hold(id).await;
    scene.attempt(&first).await;
    let postponed = store.postpone(&first, minute(2), Attempted::Unclear).await;
    assert_eq!(postponed, Ok(Hold::Ours));
    let [second] = &scene.claim(2).await[..] else { panic!("one delivery") };
    assert_eq!(store.mark_attempt(second, 7, "second".into(), minute(2)).await, Ok(Hold::Ours));
    let postponed = store.postpone(second, minute(4), Attempted::NotTaken).await;
    assert_eq!(postponed, Ok(Hold::Ours));
    let [third] = &scene.claim(4).await[..] else { panic!("one delivery") };
    assert_eq!((third.attempts, third.first_attempt), (1, Some(minute(0))));
    assert_eq!((third.attempted_by, third.nonce.as_str()), (Some(PROCESS), "nonce"));
}

pub(crate) async fn a_look_that_told_nothing_counts_though_nothing_was_sent<S: Store>(
    scene: &Scene<S>,
) {
    let (store, id) = (&scene.store, scene.created(details(0)).await.delivery);
    let first = scene.hold(id).await;
    scene.attempt(&first).await;
    assert_eq!(store.postpone(&first, minute(2), Attempted::Unclear).await, Ok(Hold::Ours));
    let [second] = &scene.claim(2).await[..] else { panic!("one delivery") };
    // It was refused elsewhere, and then looked for.
    assert_eq!(store.mark_attempt(second, 7, "second".into(), minute(2)).await, Ok(Hold::Ours));
    let postponed = store.postpone(second, minute(4), Attempted::LookedInVain).await;
    assert_eq!(postponed, Ok(Hold::Ours));
    let [third] = &scene.claim(4).await[..] else { panic!("one delivery") };
    assert_eq!((third.attempts, third.last_attempt), (2, Some(minute(0))));
    assert_eq!(third.nonce, "nonce");
}

pub(crate) async fn a_postponed_delivery_waits_and_keeps_when_it_was_due<S: Store>(
    scene: &Scene<S>,
) {
    let id = scene.created(details(0)).await.delivery;
    let claimed = scene.hold_until(id, 10).await;
    let postponed = scene.store.postpone(&claimed, minute(5), Attempted::Unclear).await;
    assert_eq!(postponed, Ok(Hold::Ours));
    assert_eq!(scene.store.next_due().await, Ok(Some(minute(5))));
    assert!(scene.claim(4).await.is_empty());
    let [again] = &scene.claim(5).await[..] else { panic!("one delivery") };
    assert_eq!((again.id, again.due), (id, minute(0)));
}

pub(crate) async fn a_message_that_exists_counts_even_after_the_end<S: Store>(scene: &Scene<S>) {
    let created = scene.created(details(0)).await;
    let claimed = scene.hold(created.delivery).await;
    scene.end(&claimed, DeliveryEnd::Unclear, 1).await;
    scene.sent(&claimed, 5, 1).await;
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
        let claimed = scene.hold(created.delivery).await;
        scene.end(&claimed, end, 0).await;
        assert!(scene.claim(0).await.is_empty());
        assert_eq!(scene.read(created.sheet.event.id).await.post.message, None);
    }
}

pub(crate) async fn old_deliveries_are_forgotten<S: Store>(scene: &Scene<S>) {
    let month = 30 * 24 * 60;
    let mut claimed = Vec::new();
    for at in [0, 1] {
        let delivery = scene.hold(scene.created(details(0)).await.delivery).await;
        scene.end(&delivery, DeliveryEnd::Unclear, at).await;
        claimed.push(delivery);
    }
    // Our clock alone may be years ahead: what is gone is gone by Discord's.
    let message = MessageId::earliest_at(minute(month + 1)).get();
    let delivery = scene.hold(scene.created(details(0)).await.delivery).await;
    scene.end(&delivery, sent(message, 1), 20 * month).await;
    // A delivery that is kept can still be told to exist after all; a forgotten one cannot.
    scene.sent(&claimed[1], 5, 1).await;
    let forgotten = scene.store.finish(&claimed[0], sent(5, 1), minute(0)).await;
    assert!(matches!(forgotten, Err(StoreError::Database(_))), "{forgotten:?}");
}
