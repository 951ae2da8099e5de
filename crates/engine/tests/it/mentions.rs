//! Whom an organiser may mention: yes, no, or that it could not be looked up.

use muster_domain::id::{ChannelId, RoleId};
use muster_domain::rights::{Actor, Permissions};
use muster_domain::settings::SettingsChange;
use muster_engine::refusal::{Refusal, Stop};
use muster_store::StoreError;
use muster_store::port::Guilds as _;

use crate::world::{GUILD, HOST, SECOND, Scene};

#[tokio::test(start_paused = true)]
async fn a_role_that_could_not_be_looked_up_is_not_taken_for_one_that_may_not_be_mentioned() {
    let scene = Scene::new(|_, _| (SECOND, None)).await;
    let [chosen, other] = [5, 6].map(RoleId::new);
    let actor = Actor {
        user: HOST,
        guild: GUILD,
        channel: ChannelId::new(1),
        roles: vec![],
        permissions: Permissions::MANAGE_EVENTS,
    };
    let change = SettingsChange::MentionRole(Some(chosen));
    scene.app.store().change_settings(GUILD, change, scene.app.now()).await.unwrap();
    let may = async |role, mentionable| scene.app.may_mention(&actor, role, mentionable).await;
    assert_eq!(may(chosen, false).await, Ok(true));
    assert_eq!(may(other, true).await, Ok(true));
    assert_eq!(may(other, false).await, Ok(false));
    let guest = Actor { permissions: Permissions::default(), ..actor.clone() };
    let refused = scene.app.may_mention(&guest, chosen, false).await;
    assert_eq!(refused, Err(Refusal::NotOrganiser.into()));
    scene.app.store().close().await.unwrap();
    assert_eq!(may(chosen, false).await, Err(Stop::Failed(StoreError::Stopped.into())));
}
