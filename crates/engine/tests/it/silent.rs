//! Who has not answered a day's events, by Discord's lists of members.

use std::time::Duration;

use jiff::SignedDuration;
use muster_domain::answer_option::OptionId;
use muster_domain::id::{EventId, UserId};
use muster_engine::discord::DiscordError;
use muster_engine::silent::Silent;
use muster_engine::{Config, MemberLists};
use muster_store::model::{Ask, Tap};
use muster_store::port::Events as _;

use crate::fake_discord::Asked;
use crate::world::{GUILD, Scene};

/// A guild whose operator lets the bot list members; the lists take so long, or are refused.
async fn listing(takes: Duration, refused: Option<DiscordError>) -> Scene {
    let config = Config { member_lists: MemberLists::On, ..Config::default() };
    Scene::with(config, move |asked, _| match asked {
        Asked::Members { .. } => (takes, refused.clone()),
        Asked::Create { .. }
        | Asked::Find { .. }
        | Asked::Edit { .. }
        | Asked::Examine { .. }
        | Asked::Other => (Duration::ZERO, None),
    })
    .await
}

async fn comes(scene: &Scene, event: EventId, member: u64) {
    let member = UserId::new(member);
    let tap = Tap {
        guild: GUILD,
        event,
        member,
        by: member,
        ask: Ask::Pick { option: OptionId::new(0), may_lose_place: false },
        roles: Box::default(),
        force: false,
        interaction: scene.interaction(),
        at: scene.app.now(),
    };
    scene.app.store().tap(tap).await.unwrap();
}

async fn silent(scene: &Scene, events: &[EventId]) -> Vec<Silent> {
    let mut posted = Vec::new();
    for event in events {
        posted.push(scene.read(*event).await);
    }
    scene.app.silent(&posted).await.unwrap()
}

fn asked_for_members(scene: &Scene) -> usize {
    let asked = scene.discord().asked();
    asked.iter().filter(|(_, asked)| matches!(asked, Asked::Members { .. })).count()
}

#[tokio::test(start_paused = true)]
async fn of_those_who_see_an_event_who_answered_is_not_named_and_a_channel_is_asked_once() {
    let scene = listing(Duration::ZERO, None).await;
    let [raid, walk] =
        [scene.posted(1, SignedDuration::ZERO).await, scene.posted(1, SignedDuration::ZERO).await];
    comes(&scene, raid, 8).await;
    let found = silent(&scene, &[raid, walk]).await;
    let of = |members: &[u64]| Silent::MaySeeIt(members.iter().copied().map(UserId::new).collect());
    assert_eq!(found, [of(&[7, 9]), of(&[7, 8, 9])]);
    assert_eq!(asked_for_members(&scene), 1);
}

#[tokio::test(start_paused = true)]
async fn where_discord_refuses_or_takes_too_long_those_count_who_came_lately() {
    let refused = listing(Duration::ZERO, Some(DiscordError::Forbidden)).await;
    let slow = listing(Duration::from_mins(1), None).await;
    for scene in [refused, slow] {
        let earlier = scene.posted(1, SignedDuration::ZERO).await;
        comes(&scene, earlier, 70).await;
        scene.passes(27 * 3_600).await;
        let events = [
            scene.posted(1, SignedDuration::ZERO).await,
            scene.posted(2, SignedDuration::ZERO).await,
        ];
        let begun = scene.app.now();
        let found = silent(&scene, &events).await;
        let lately = Silent::CameLately(vec![UserId::new(70)]);
        assert_eq!(found, [lately.clone(), lately]);
        let took = scene.app.now().duration_since(begun);
        assert!(took <= SignedDuration::from_secs(10), "for all channels together: {took:?}");
    }
}

#[tokio::test(start_paused = true)]
async fn of_an_event_that_takes_no_answers_nobody_is_named_or_asked_for() {
    let scene = listing(Duration::ZERO, None).await;
    let raid = scene.posted(1, SignedDuration::ZERO).await;
    scene.passes(27 * 3_600).await;
    let found = silent(&scene, &[raid]).await;
    assert!(found[0].members().is_empty());
    assert_eq!(asked_for_members(&scene), 0);
}
