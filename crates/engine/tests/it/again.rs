//! A failed message that somebody has tried again from the list of them: what becomes of it is said
//! as it is.

use std::time::Duration;

use jiff::SignedDuration;
use muster_domain::answer_option::OptionId;
use muster_domain::capacity::Capacity;
use muster_domain::change::EventChange;
use muster_domain::event::EventDetails;
use muster_domain::id::{ChannelId, DeliveryId, EventId, UserId};
use muster_domain::rights::{Actor, Permissions};
use muster_engine::discord::DiscordError;
use muster_engine::doctor::RetryEnd;
use muster_store::model::{Ask, Tap, Window};
use muster_store::port::{Events as _, Troubles as _};

use crate::fake_discord::Asked;
use crate::world::{GUILD, HOST, Scene};

fn manager() -> Actor {
    Actor {
        user: HOST,
        guild: GUILD,
        channel: ChannelId::new(1),
        roles: vec![],
        permissions: Permissions::ADMINISTRATOR,
    }
}

async fn asks(scene: &Scene, event: EventId, member: u64, ask: Ask) {
    let member = UserId::new(member);
    let tap = Tap {
        guild: GUILD,
        event,
        member,
        by: member,
        ask,
        roles: Box::default(),
        force: false,
        interaction: scene.interaction(),
        at: scene.app.now(),
    };
    scene.app.store().tap(tap).await.unwrap();
}

/// So many places from now on.
async fn takes(scene: &Scene, event: EventId, places: i64) {
    let details = scene.read(event).await.sheet.event.details.clone();
    let capacity = Some(Capacity::parse(places).unwrap());
    scene.change(event, EventChange::Edit(EventDetails { capacity, ..details })).await;
}

async fn the_failed_one(scene: &Scene) -> DeliveryId {
    let window = Window { skip: 0, limit: 10 };
    let failed = scene.app.store().failed(GUILD, scene.app.now(), window).await.unwrap();
    failed.rows.first().unwrap().delivery
}

#[tokio::test(start_paused = true)]
async fn a_message_that_concerns_nobody_any_more_is_not_worth_sending_again() {
    let scene = Scene::new(|asked, _| {
        let is_create = matches!(asked, Asked::Create { .. });
        (Duration::ZERO, is_create.then(|| DiscordError::Refused("no".into())))
    })
    .await;
    let event = scene.posted(1, SignedDuration::from_mins(5)).await;
    takes(&scene, event, 2).await;
    for member in [7, 8] {
        asks(&scene, event, member, Ask::Pick { option: OptionId::new(0), may_lose_place: false })
            .await;
    }
    takes(&scene, event, 1).await;
    scene.delivers();
    scene.passes(60).await;
    let failed = the_failed_one(&scene).await;
    asks(&scene, event, 8, Ask::Withdraw).await;
    let end = scene.app.retry_failed(&manager(), failed).await;
    assert_eq!(end, Ok(RetryEnd::NotWorthIt));
}

#[tokio::test(start_paused = true)]
async fn a_message_that_may_have_arrived_stays_unclear_when_it_is_tried_again() {
    let scene = Scene::new(|asked, _| {
        let error = match asked {
            Asked::Create { .. } => Some(DiscordError::Unclear("cut".into())),
            Asked::Find { .. } => Some(DiscordError::Forbidden),
            Asked::Edit { .. } | Asked::Examine { .. } | Asked::Members { .. } | Asked::Other => {
                None
            }
        };
        (Duration::ZERO, error)
    })
    .await;
    scene.created(1).await;
    scene.delivers();
    scene.passes(600).await;
    let failed = the_failed_one(&scene).await;
    let end = scene.app.retry_failed(&manager(), failed).await;
    assert_eq!(end, Ok(RetryEnd::StillUnclear));
}
