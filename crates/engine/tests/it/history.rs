//! The history of large events, for organisers.

use std::time::Duration;

use muster_domain::answer_option::OptionId;
use muster_domain::id::{ChannelId, EventId, InteractionId, UserId};
use muster_domain::rights::{Actor, Permissions};
use muster_engine::{Refusal, Stop};
use muster_store::model::{Ask, Tap};
use muster_store::port::Events;

use crate::world::{GUILD, HOST, Scene};

/// Members who answered.
const MEMBERS: u64 = 5_000;

fn somebody(user: UserId, permissions: Permissions) -> Actor {
    Actor { user, guild: GUILD, channel: ChannelId::new(1), roles: Vec::new(), permissions }
}

/// An event to which everybody answered "Yes".
async fn large_event(scene: &Scene) -> EventId {
    let event = scene.created(1).await.sheet.event.id;
    for member in 1..=MEMBERS {
        let tap = Tap {
            guild: GUILD,
            event,
            member: UserId::new(member),
            by: UserId::new(member),
            ask: Ask::Pick { option: OptionId::new(0), may_lose_place: false },
            roles: Box::default(),
            force: false,
            interaction: InteractionId::new(1_000_000 + member),
            at: scene.app.now(),
        };
        scene.app.store().tap(tap).await.unwrap();
    }
    event
}

#[tokio::test]
async fn a_history_of_five_thousand_answers_is_read_page_by_page_and_as_a_whole() {
    let scene = Scene::new(|_, _| (Duration::ZERO, None)).await;
    let event = large_event(&scene).await;
    let host = somebody(HOST, Permissions::MANAGE_EVENTS);
    let newest = scene.app.log(&host, event, 0).await.unwrap();
    assert_eq!((newest.page.rows.len(), newest.page.total), (10, 5_001));
    assert_eq!(newest.page.rows[0].line.by, UserId::new(MEMBERS));
    let oldest = scene.app.log(&host, event, 500).await.unwrap();
    assert_eq!((oldest.page.rows.len(), oldest.page.rows[0].line.by), (1, HOST));
    let all = scene.app.export(&host, event).await.unwrap();
    assert_eq!((all.signups.rows.len(), all.history.rows.len()), (5_000, 5_001));
    assert_eq!(all.answered_at().len(), 5_000);
    let member = somebody(UserId::new(3), Permissions::default());
    let refused = scene.app.export(&member, event).await.unwrap_err();
    assert_eq!(refused, Stop::Refused(Refusal::NotOrganiser));
}
