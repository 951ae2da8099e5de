//! Joining a server, leaving it, and coming back.

use muster_sim::ScriptedAnswer;
use muster_sim::ids::{GuildId, UserId};
use muster_sim::world::{NewChannel, Permissions};
use serde_json::json;

use crate::stage::{Stage, friday};
use muster_sim::SimClock;

fn new_club(stage: &Stage) -> (GuildId, muster_sim::ids::ChannelId) {
    stage.sim.world(|world| {
        let club = world.add_guild("New club", stage.demo.members[0]);
        let lobby = world.add_channel(club, NewChannel::text("lobby"));
        world.install(stage.demo.app, club, Permissions::BOT_CORE);
        (club, lobby)
    })
}

/// What the bot wrote to somebody directly.
fn written_to(stage: &Stage, user: UserId) -> Vec<String> {
    stage.sim.world(|world| {
        let all = world.dms_of(user).flat_map(|dm| dm.messages.values());
        all.map(|message| message.content.clone()).collect()
    })
}

#[tokio::test]
async fn the_owner_is_greeted_once_and_led_to_the_first_steps() {
    let stage = Stage::new().await;
    let (_, lobby) = new_club(&stage);
    let owner = stage.zofia();
    let greeting = stage
        .until("a greeting", |world| {
            let mut all = world.dms_of(owner.id()).flat_map(|dm| dm.messages.values());
            all.find(|message| message.content.contains("I am Muster")).cloned()
        })
        .await;
    assert!(owner.reads(&greeting).contains("[Create an event]"));
    let settings = owner.goes_to(greeting.channel).taps(greeting.id, "Settings").await;
    assert!(settings.text().contains("in a server only"), "{}", settings.text());
    owner.goes_to(lobby).runs("settings", json!({})).await.says("## Settings");
    stage.ends().await;
}

#[tokio::test]
async fn the_system_channel_is_greeted_where_there_is_one() {
    let mut stage = Stage::without_bot(SimClock::standing(friday())).await;
    let (guild, general) = (stage.demo.guild, stage.demo.general);
    let answer = json!({"id": guild.to_string(), "name": "Lantern Club", "roles": [],
        "owner_id": stage.demo.owner.to_string(), "system_channel_id": general.to_string()});
    let path = format!("/guilds/{guild}");
    stage.sim.faults().answer_next(1, "GET", &path, ScriptedAnswer::status(200, answer));
    stage.starts().await;
    let greeting = stage
        .until("a greeting", |world| {
            let mut all = world.messages(general);
            all.find(|message| message.content.contains("I am Muster")).cloned()
        })
        .await;
    let settings = stage.ada().goes_to(general).taps(greeting.id, "Settings").await;
    settings.says("## Settings");
    let refused = stage.mikko().goes_to(general).taps(greeting.id, "Settings").await;
    refused.says("Only members with the permission Manage Server");
    stage.joao().goes_to(general).taps(greeting.id, "Create an event").await.form();
    stage.restarts().await;
    stage.passes(5).await;
    let greetings = stage.messages(general);
    assert_eq!(greetings.iter().filter(|m| m.content.contains("I am Muster")).count(), 1);
    stage.ends().await;
}

#[tokio::test]
async fn a_server_that_joins_again_after_a_while_finds_everything_as_it_was() {
    let stage = Stage::new().await;
    let raid = stage.event("Raid", "in 3 days at 20:00").await;
    stage.zofia().taps(raid, "Yes").await;
    let bot = UserId::new(stage.demo.app.get());
    let greetings = written_to(&stage, stage.demo.owner).len();
    stage.sim.world(|world| world.kick(stage.demo.guild, bot));
    stage.passes(24 * 60).await;
    stage.sim.world(|world| {
        world.install(stage.demo.app, stage.demo.guild, Permissions::BOT_CORE);
    });
    stage.ada().runs("event list", json!({})).await.says("**Raid**").says("1 coming");
    stage.mikko().taps(raid, "No").await;
    stage.shows(raid, "Yes: Zofia | No: Mikko").await;
    assert_eq!(written_to(&stage, stage.demo.owner).len(), greetings, "known already");
    stage.ends().await;
}

#[tokio::test]
async fn who_takes_no_direct_messages_can_still_begin() {
    let stage = Stage::new().await;
    let owner = stage.demo.members[0];
    stage.sim.world(|world| world.edit_user(owner, |person| person.dms_open = false));
    let (_, lobby) = new_club(&stage);
    stage.zofia().goes_to(lobby).runs("help", json!({})).await.says("Next step");
    stage.passes(5).await;
    assert!(written_to(&stage, owner).is_empty());
    stage.ends().await;
}

#[tokio::test]
async fn a_removal_while_the_bot_was_away_is_noticed_at_its_next_session() {
    let mut stage = Stage::new().await;
    let raid = stage.event("Raid", "in 3 days at 20:00").await;
    stage.zofia().taps(raid, "Yes").await;
    stage.ada().runs("event cancel", json!({"event": "Raid"})).await.says("is cancelled");
    stage.says(raid, "Cancelled: Raid").await;
    let route = "POST /channels/{id}/messages";
    let sent = stage.sim.counts().requests_to(route);
    assert_eq!(stage.stops().await, Some(Ok(())));
    let bot = UserId::new(stage.demo.app.get());
    stage.sim.world(|world| world.kick(stage.demo.guild, bot));
    stage.sim.faults().gateway().invalidate(false);
    stage.starts().await;
    // What is stored after this is stored after the list of guilds that came with the session.
    let boathouse = stage
        .sim
        .world(|world| world.channel_named(stage.demo.second_guild, "boathouse").unwrap().id);
    let zone = json!({"zone": "Europe/Berlin"});
    stage.ada().goes_to(boathouse).runs("timezone", zone).await.says("Berlin");
    // The news is due, and nobody tries to send it.
    stage.passes(5).await;
    assert_eq!(stage.sim.counts().requests_to(route), sent);
    stage.sim.world(|world| {
        world.install(stage.demo.app, stage.demo.guild, Permissions::BOT_CORE);
    });
    stage
        .until("the news after the return", |world| {
            let mut all = world.messages(stage.demo.events);
            all.any(|message| message.content.contains("**Raid**")).then_some(())
        })
        .await;
    stage.ends().await;
}
