//! Creating events.

use jiff::SignedDuration;
use muster_domain::event::{EventDetails, Phase, Span};
use muster_domain::id::RoleId;
use muster_domain::text::{Description, Location};
use muster_store::Store;
use muster_store::model::{DeliveryContent, NewEvent, Post};

use crate::scene::{CHANNEL, GUILD, HOST, OTHER_GUILD, Scene, details, minute};

pub(crate) async fn a_new_event_is_stored_as_it_was_given<S: Store>(scene: &Scene<S>) {
    let details = EventDetails {
        description: Description::parse("Bring **food**\nand drink").ok(),
        location: Location::parse("https://example.org/map").ok(),
        ..details(25)
    };
    let new = NewEvent { mention: Some(RoleId::new(8)), ..scene.new_event(details.clone()) };
    let created = scene.store.create_event(new.clone(), minute(0)).await.unwrap();
    let posted = scene.read(created.sheet.event.id).await;
    assert_eq!(posted.sheet, created.sheet);
    let event = posted.sheet.event;
    assert_eq!((event.details, &event.options, event.version), (details, &new.options, 1));
    assert_eq!((event.guild, event.channel, event.host), (GUILD, CHANNEL, HOST));
    assert_eq!(event.mention, Some(RoleId::new(8)));
    let unsent = Post {
        channel: CHANNEL,
        message: None,
        shown: 0,
        gone_at: None,
        cleaned_at: None,
        thread: None,
    };
    assert_eq!(posted.post, unsent);
    let [delivery] = &scene.claim(0).await[..] else { panic!("one delivery") };
    assert_eq!(delivery.content, DeliveryContent::Post(event.id));
    assert_eq!((delivery.id, delivery.channel), (created.delivery, Some(CHANNEL)));
}

pub(crate) async fn the_same_interaction_creates_one_event<S: Store>(scene: &Scene<S>) {
    let new = scene.new_event(details(0));
    let first = scene.store.create_event(new.clone(), minute(0)).await.unwrap();
    let again = scene.store.create_event(new, minute(1)).await.unwrap();
    assert_eq!(again, first);
    assert_eq!(scene.claim(1).await.len(), 1);
}

pub(crate) async fn an_event_of_another_guild_does_not_exist<S: Store>(scene: &Scene<S>) {
    let event = scene.event().await;
    assert_eq!(scene.store.event(OTHER_GUILD, event).await, Ok(None));
    let unknown = muster_domain::id::EventId::new(event.get() + 1);
    assert_eq!(scene.store.event(GUILD, unknown).await, Ok(None));
    assert_eq!(scene.store.post_again(OTHER_GUILD, event, None, minute(1)).await, Ok(None));
}

pub(crate) async fn times_are_kept_to_the_millisecond<S: Store>(scene: &Scene<S>) {
    let fine = SignedDuration::from_nanos(1_234_567);
    let span = Span::new(minute(60) + fine, minute(61) + fine).unwrap();
    let created = scene.created(EventDetails { span, ..details(0) }).await;
    let event = created.sheet.event;
    assert_eq!(event.details.span.start(), minute(60) + SignedDuration::from_millis(1));
    assert_eq!(scene.read(event.id).await.sheet.event, event);
    assert_eq!(event.phase(minute(60)), Phase::Open);
}
