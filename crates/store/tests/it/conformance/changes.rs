//! What organisers do to events.

use muster_domain::change::{ChangeRefusal, EventChange};
use muster_domain::event::{EventDetails, Phase};
use muster_domain::text::Title;
use muster_store::Store;
use muster_store::model::{ChangeRequest, Changed};

use crate::scene::{HOST, OTHER_GUILD, Scene, YES, details, minute, move_to, resize, users};

pub(crate) async fn an_edit_is_stored_and_makes_the_post_stale<S: Store>(scene: &Scene<S>) {
    let event = scene.posted_event(5).await;
    let renamed = EventDetails { title: Title::parse("Raid day").unwrap(), ..details(0) };
    let changed = scene.change(event, EventChange::Edit(renamed.clone()), 2).await;
    let Changed::Made { before, now, .. } = changed else { panic!("not made: {changed:?}") };
    assert_eq!((before.event.details, before.event.version), (details(0), 1));
    assert_eq!((&now.sheet.event.details, now.sheet.event.version), (&renamed, 2));
    assert_eq!(*now, scene.read(event).await);
    assert_eq!(scene.stale().await, [event]);
}

pub(crate) async fn a_change_that_is_refused_changes_nothing<S: Store>(scene: &Scene<S>) {
    let event = scene.posted_event(5).await;
    let before = scene.read(event).await;
    for (change, refusal) in [
        (EventChange::Edit(details(0)), ChangeRefusal::Nothing),
        (EventChange::Restore, ChangeRefusal::NotCancelled),
        (move_to(1, 2), ChangeRefusal::Past),
    ] {
        let changed = scene.change(event, change, 3).await;
        assert_eq!(changed, Changed::Refused(refusal, Box::new(before.clone())));
    }
    assert_eq!(scene.read(event).await, before);
}

pub(crate) async fn an_event_of_another_guild_cannot_be_changed<S: Store>(scene: &Scene<S>) {
    let event = scene.event().await;
    let change = EventChange::Delete;
    let request = ChangeRequest { guild: OTHER_GUILD, event, by: HOST, change, at: minute(1) };
    assert_eq!(scene.store.change_event(request).await, Ok(Changed::NoSuchEvent));
    assert_eq!(scene.read(event).await.sheet.event.phase(minute(1)), Phase::Open);
}

pub(crate) async fn more_places_promote_and_fewer_unseat<S: Store>(scene: &Scene<S>) {
    let event = scene.event_for(2).await;
    for member in 1..=5 {
        scene.tap(event, member, YES).await;
    }
    let Changed::Made { reseated, .. } = scene.change(event, resize(4), 2).await else {
        panic!("not made")
    };
    assert_eq!((reseated.promoted, reseated.unseated), (users([3, 4]), vec![]));
    let Changed::Made { reseated, now, .. } = scene.change(event, resize(1), 2).await else {
        panic!("not made")
    };
    assert_eq!((reseated.promoted, reseated.unseated), (vec![], users([2, 3, 4])));
    assert_eq!(now.sheet, scene.read(event).await.sheet);
    assert_eq!(scene.names(event, YES).await, [users([1]), users([2, 3, 4, 5])]);
    scene.change(event, resize(0), 2).await;
    assert_eq!(scene.names(event, YES).await, [users(1..=5), vec![]]);
}

pub(crate) async fn a_cancelled_event_is_restored_with_its_answers<S: Store>(scene: &Scene<S>) {
    let event = scene.event().await;
    scene.tap(event, 1, YES).await;
    scene.change(event, EventChange::Cancel, 2).await;
    let cancelled = scene.read(event).await.sheet;
    assert_eq!((cancelled.event.cancelled_at, cancelled.coming), (Some(minute(2)), 1));
    scene.change(event, EventChange::Restore, 3).await;
    let restored = scene.read(event).await.sheet;
    assert_eq!((restored.event.phase(minute(3)), restored.coming), (Phase::Open, 1));
}

pub(crate) async fn a_closed_event_is_reopened<S: Store>(scene: &Scene<S>) {
    let event = scene.event().await;
    scene.change(event, EventChange::Close, 2).await;
    assert_eq!(scene.read(event).await.sheet.event.phase(minute(2)), Phase::Closed);
    scene.change(event, EventChange::Reopen, 70).await;
    assert_eq!(scene.read(event).await.sheet.event.phase(minute(70)), Phase::Open);
}

pub(crate) async fn a_deleted_event_takes_back_its_post<S: Store>(scene: &Scene<S>) {
    let event = scene.event().await;
    scene.change(event, EventChange::Delete, 1).await;
    assert!(scene.claim(2).await.is_empty());
    assert_eq!(scene.store.next_due().await, Ok(None));
    assert!(scene.stale().await.is_empty());
    assert_eq!(scene.read(event).await.sheet.event.phase(minute(2)), Phase::Deleted);
}

pub(crate) async fn a_post_that_is_leaving_while_its_event_is_deleted_is_removed<S: Store>(
    scene: &Scene<S>,
) {
    let created = scene.created(details(0)).await;
    let event = created.sheet.event.id;
    scene.store.claim(created.delivery, minute(0), minute(5)).await.unwrap();
    scene.change(event, EventChange::Delete, 1).await;
    scene.attempt(created.delivery).await;
    scene.sent(created.delivery, 5, 1).await;
    assert_eq!(scene.stale().await, [event]);
}

pub(crate) async fn a_deleted_event_that_was_posted_is_to_be_removed<S: Store>(scene: &Scene<S>) {
    let event = scene.posted_event(5).await;
    assert!(scene.stale().await.is_empty());
    scene.change(event, EventChange::Delete, 1).await;
    assert_eq!(scene.stale().await, [event]);
    scene.store.post_gone(event, minute(2)).await.unwrap();
    assert!(scene.stale().await.is_empty());
    assert_eq!(scene.store.post_again(crate::scene::GUILD, event, minute(3)).await, Ok(None));
}
