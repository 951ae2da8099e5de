//! Each channel gets its messages in order, and none waits for another channel.

use muster_domain::change::EventChange;
use muster_domain::id::{ChannelId, DeliveryId, EventId, GuildId};
use muster_domain::reminder::ReminderPlace::Direct;
use muster_domain::reminder::{Reminder, Reminders};
use muster_domain::signup_details::DetailsChange;
use muster_store::Store;
use muster_store::model::{
    Attempted, Delivery, DeliveryContent, DescribeRequest, Hold, NewEvent, Tap,
};

use super::reminders::before;
use crate::scene::{GUILD, OTHER_GUILD, Scene, YES, details, minute, user};

async fn only<S: Store>(scene: &Scene<S>, at: i64) -> Delivery {
    let mut due = scene.claim(at).await;
    assert_eq!(due.len(), 1);
    due.remove(0)
}

async fn claimed<S: Store>(scene: &Scene<S>, at: i64) -> Vec<DeliveryId> {
    scene.claim(at).await.into_iter().map(|delivery| delivery.id).collect()
}

pub(crate) async fn a_channel_gets_its_deliveries_one_after_the_other<S: Store>(scene: &Scene<S>) {
    let first = scene.created(details(0)).await.delivery;
    let second = scene.created(details(0)).await.delivery;
    let leaving = only(scene, 1).await;
    assert_eq!(leaving.id, first);
    assert!(claimed(scene, 1).await.is_empty());
    scene.sent(&leaving, 5, 1).await;
    assert_eq!(claimed(scene, 1).await, [second]);
}

pub(crate) async fn channels_do_not_wait_for_each_other<S: Store>(scene: &Scene<S>) {
    let mut deliveries = Vec::new();
    for channel in [1, 2, 3, 1, 2, 3] {
        let channel = ChannelId::new(channel);
        let new = NewEvent { channel, ..scene.new_event(details(0)) };
        deliveries.push(scene.store.create_event(new, minute(0)).await.unwrap().delivery);
    }
    let few = scene.store.claim_due(minute(0), minute(1), 2).await.unwrap();
    assert_eq!(few.len(), 2);
    assert_eq!(claimed(scene, 0).await, [deliveries[2]]);
}

pub(crate) async fn a_postponed_delivery_keeps_its_turn<S: Store>(scene: &Scene<S>) {
    let first = scene.created(details(0)).await.delivery;
    let second = scene.created(details(0)).await.delivery;
    let leaving = only(scene, 1).await;
    let postponed = scene.store.postpone(&leaving, minute(5), Attempted::NotTaken).await;
    assert_eq!((leaving.id, postponed), (first, Ok(Hold::Ours)));
    assert!(claimed(scene, 4).await.is_empty());
    let leaving = only(scene, 5).await;
    assert_eq!(leaving.id, first);
    scene.sent(&leaving, 5, 1).await;
    assert_eq!(claimed(scene, 5).await, [second]);
}

pub(crate) async fn a_delivery_due_later_does_not_hold_up_one_due_now<S: Store>(scene: &Scene<S>) {
    let event = scene.posted_event(5).await;
    scene.tap(event, 1, YES).await;
    // The news waits for second thoughts.
    scene.change(event, EventChange::Cancel, 2).await;
    let new = scene.new_event(details(0));
    let post = scene.store.create_event(new, minute(2)).await.unwrap().delivery;
    assert_eq!(claimed(scene, 2).await, [post]);
}

pub(crate) async fn many_that_wait_in_one_channel_hide_nothing_in_another<S: Store>(
    scene: &Scene<S>,
) {
    scene.without_reminders().await;
    let first = scene.created(details(0)).await.delivery;
    // More than are looked at before the channels are gone through one by one.
    for _ in 0..600 {
        scene.created(details(0)).await;
    }
    scene.hold_until(first, 9).await;
    assert!(claimed(scene, 0).await.is_empty());
    assert_eq!(scene.store.next_due().await, Ok(Some(minute(9))));
    let mut others = Vec::new();
    for channel in [7, 8] {
        let new = NewEvent { channel: ChannelId::new(channel), ..scene.new_event(details(0)) };
        others.push(scene.store.create_event(new, minute(1)).await.unwrap().delivery);
    }
    assert_eq!(scene.store.next_due().await, Ok(Some(minute(1))));
    assert_eq!(claimed(scene, 1).await, others);
    assert_eq!(scene.store.next_due().await, Ok(Some(minute(2))));
}

/// An event of this guild whose reminder at minute 30 is for member 1 alone, directly.
async fn reminds_directly<S: Store>(scene: &Scene<S>, guild: GuildId) -> EventId {
    let new = NewEvent {
        guild,
        reminders: Reminders::none().with(Reminder { place: Direct, ..before(30) }).ok(),
        ..scene.new_event(details(0))
    };
    let event = scene.store.create_event(new, minute(0)).await.unwrap().sheet.event.id;
    let tap = Tap { guild, ..scene.tap_of(event, 1, Some(YES)) };
    scene.store.tap(tap).await.unwrap();
    let describe = DescribeRequest {
        guild,
        event,
        member: user(1),
        by: user(1),
        change: DetailsChange::Direct(true),
        interaction: scene.interaction(),
        at: minute(2),
    };
    scene.store.describe(describe).await.unwrap();
    event
}

/// To which events the messages belong that go out to members at this minute.
async fn directs<S: Store>(scene: &Scene<S>, at: i64) -> Vec<EventId> {
    let mut events = Vec::new();
    loop {
        let claimed = scene.claim(at).await;
        if claimed.is_empty() {
            return events;
        }
        for delivery in claimed {
            if let DeliveryContent::Direct { event, .. } = delivery.content {
                events.push(event);
            }
            scene.sent(&delivery, 1_000 + delivery.id.get(), 1).await;
        }
    }
}

pub(crate) async fn a_guild_that_removed_the_bot_holds_up_no_messages_of_others<S: Store>(
    scene: &Scene<S>,
) {
    let gone = reminds_directly(scene, OTHER_GUILD).await;
    let stays = reminds_directly(scene, GUILD).await;
    assert!(directs(scene, 3).await.is_empty());
    scene.store.turn_events(minute(30), 10).await.unwrap();
    scene.store.guild_left(OTHER_GUILD, minute(30)).await.unwrap();
    assert_eq!(scene.store.next_due().await, Ok(Some(minute(30))));
    assert_eq!(directs(scene, 30).await, [stays]);
    assert_ne!(scene.store.next_due().await, Ok(Some(minute(30))));
    scene.store.guild_arrived(OTHER_GUILD, minute(31)).await.unwrap();
    assert_eq!(directs(scene, 31).await, [gone]);
}
