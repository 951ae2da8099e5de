//! What organisers do to events.

use muster_domain::change::{ChangeRefusal, EventChange};
use muster_domain::event::{EventDetails, Phase};
use muster_domain::id::{DeliveryId, EventId};
use muster_domain::text::Title;
use muster_store::Store;
use muster_store::model::{ChangeRequest, Changed, DeliveryContent, DeliveryEnd, SeenEvent};

use crate::scene::{GUILD, OTHER_GUILD, Scene, YES, details, minute, move_to, resize, user, users};

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
    let request =
        ChangeRequest { guild: OTHER_GUILD, ..scene.change_of(event, EventChange::Delete, 1) };
    assert_eq!(scene.store.change_event(request).await, Ok(Changed::NoSuchEvent));
    assert_eq!(scene.read(event).await.sheet.event.phase(minute(1)), Phase::Open);
}

pub(crate) async fn more_places_promote_and_fewer_unseat<S: Store>(scene: &Scene<S>) {
    let event = scene.event_for(2).await;
    for member in 1..=5 {
        scene.tap(event, member, YES).await;
    }
    let Changed::Made { moved, .. } = scene.change(event, resize(4), 2).await else {
        panic!("not made")
    };
    assert_eq!((moved.promoted, moved.unseated), (users([3, 4]), vec![]));
    let Changed::Made { moved, now, .. } = scene.change(event, resize(1), 2).await else {
        panic!("not made")
    };
    assert_eq!((moved.promoted, moved.unseated), (vec![], users([2, 3, 4])));
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
    let claimed = scene.hold_until(created.delivery, 5).await;
    scene.change(event, EventChange::Delete, 1).await;
    scene.attempt(&claimed).await;
    scene.sent(&claimed, 5, 1).await;
    assert_eq!(scene.stale().await, [event]);
}

pub(crate) async fn a_deleted_event_that_was_posted_is_to_be_removed<S: Store>(scene: &Scene<S>) {
    let event = scene.posted_event(5).await;
    assert!(scene.stale().await.is_empty());
    scene.change(event, EventChange::Delete, 1).await;
    assert_eq!(scene.stale().await, [event]);
    scene.post_gone(event, minute(2)).await;
    assert!(scene.stale().await.is_empty());
    assert_eq!(scene.store.post_again(GUILD, event, None, minute(3)).await, Ok(None));
}

fn renamed(title: &str) -> EventDetails {
    EventDetails { title: Title::parse(title).unwrap(), ..details(0) }
}

pub(crate) async fn an_edit_on_top_of_anothers_is_not_made_but_told<S: Store>(scene: &Scene<S>) {
    let event = scene.posted_event(5).await;
    let seen = SeenEvent { event, version: 1 };
    // A tap is no edit, although the event has a new version.
    scene.tap(event, 1, YES).await;
    assert_eq!(scene.store.edited_since(GUILD, seen).await, Ok(None));
    let first = scene.change_of(event, EventChange::Edit(renamed("Raid day")), 2);
    let first = ChangeRequest { seen: Some(1), by: user(8), ..first };
    let made = scene.store.change_event(first).await.unwrap();
    assert!(matches!(made, Changed::Made { .. }), "{made:?}");

    let outdated = scene.store.edited_since(GUILD, seen).await.unwrap().unwrap();
    assert_eq!((&outdated.seen, outdated.by), (&details(0), user(8)));
    assert_eq!(outdated.now, scene.read(event).await);
    assert_eq!(scene.store.edited_since(OTHER_GUILD, seen).await, Ok(None));
    let second = scene.change_of(event, EventChange::Edit(renamed("Raid week")), 3);
    for version in [0, 1, 2] {
        let second = ChangeRequest {
            seen: Some(version),
            interaction: scene.interaction(),
            ..second.clone()
        };
        let told = scene.store.change_event(second).await.unwrap();
        assert_eq!(told, Changed::Outdated(Box::new(outdated.clone())));
    }
    assert_eq!(scene.read(event).await.sheet.event.details, renamed("Raid day"));
    let knowing = ChangeRequest { seen: Some(3), ..second };
    let made = scene.store.change_event(knowing).await.unwrap();
    assert!(matches!(made, Changed::Made { .. }), "{made:?}");
}

pub(crate) async fn an_edit_of_what_is_cancelled_is_refused_as_such<S: Store>(scene: &Scene<S>) {
    let event = scene.posted_event(5).await;
    scene.change(event, EventChange::Edit(renamed("Raid day")), 2).await;
    scene.change(event, EventChange::Cancel, 3).await;
    let late = scene.change_of(event, EventChange::Edit(renamed("Raid week")), 4);
    let late = ChangeRequest { seen: Some(1), ..late };
    let told = scene.store.change_event(late).await.unwrap();
    assert!(matches!(told, Changed::Refused(ChangeRefusal::Cancelled, _)), "{told:?}");
}

pub(crate) async fn a_repeated_change_changes_nothing<S: Store>(scene: &Scene<S>) {
    let event = scene.posted_event(5).await;
    let cancel = scene.change_of(event, EventChange::Cancel, 2);
    scene.store.change_event(cancel.clone()).await.unwrap();
    scene.change(event, EventChange::Restore, 3).await;
    let before = scene.read(event).await;
    // It comes once more after a restart: the event is not cancelled again.
    let repeated = scene.store.change_event(cancel).await.unwrap();
    assert_eq!(repeated, Changed::Repeated(Box::new(before.clone())));
    assert_eq!(scene.read(event).await, before);
}

/// Cancels an event, so that its post is left out, and restores it.
async fn left_out<S: Store>(scene: &Scene<S>, event: EventId, post: DeliveryId) {
    scene.change(event, EventChange::Cancel, 1).await;
    let claimed = scene.hold(post).await;
    scene.end(&claimed, DeliveryEnd::Skipped("the event is cancelled"), 2).await;
    scene.change(event, EventChange::Restore, 3).await;
}

pub(crate) async fn a_post_left_out_while_cancelled_is_made_after_all<S: Store>(scene: &Scene<S>) {
    let created = scene.created(details(0)).await;
    let event = created.sheet.event.id;
    left_out(scene, event, created.delivery).await;
    let [made] = &scene.claim(3).await[..] else { panic!("one post") };
    assert_eq!(made.content, DeliveryContent::Post(event));
    assert!(made.id > created.delivery);
    scene.sent(made, 5, 3).await;
    // Somebody deleted that message, and an organiser had it made again.
    scene.post_gone(event, minute(4)).await;
    let again = scene.store.post_again(GUILD, event, None, minute(4)).await.unwrap().unwrap();
    left_out(scene, event, again).await;
    let [made] = &scene.claim(5).await[..] else { panic!("one post") };
    assert_eq!(made.content, DeliveryContent::Post(event));
    assert!(made.id > again);
}

pub(crate) async fn a_post_that_was_made_is_not_made_again_after_a_cancellation<S: Store>(
    scene: &Scene<S>,
) {
    let posted = scene.posted_event(5).await;
    // Another one's post is still on its way.
    let waiting = scene.created(details(0)).await;
    for event in [posted, waiting.sheet.event.id] {
        scene.change(event, EventChange::Cancel, 1).await;
        scene.change(event, EventChange::Restore, 1).await;
    }
    let due: Vec<_> = scene.claim(9).await.into_iter().map(|delivery| delivery.id).collect();
    assert_eq!(due, [waiting.delivery]);
    assert_eq!(scene.store.next_due().await, Ok(Some(minute(10))));
}
