//! `/doctor`: what works, what does not, and what to do about it.

use std::time::Duration;

use muster_sim::world::{NewChannel, Permissions};
use muster_sim::{Answer, ScriptedAnswer};
use serde_json::json;

use crate::stage::Stage;

#[tokio::test]
async fn all_is_well_where_it_is_and_only_managers_are_told() {
    let stage = Stage::new().await;
    stage.admin_channel().await;
    stage.event("Raid", "tomorrow 20:00").await;
    stage.passes(60).await;
    let seen = stage.ada().runs("doctor", json!({})).await;
    seen.says("All is well").says("Tested").says("2 channels");
    seen.taps("Check again").await.says("All is well");
    assert!(stage.joao().tries("doctor", json!({})).await.is_err(), "they do not see it");
    let forged = stage.forged_tap(&stage.joao(), "m1:Dr:1:0").await;
    forged.says("Manage Server");
    stage.ends().await;
}

#[tokio::test]
async fn each_lost_permission_is_named_with_its_channel() {
    let stage = Stage::new().await;
    let admin = stage.admin_channel().await;
    stage.event("Raid", "tomorrow 20:00").await;
    stage.denies(admin, stage.bot(), Permissions::SEND_MESSAGES);
    stage.denies(stage.demo.events, stage.bot(), Permissions::EMBED_LINKS);
    let seen = stage.ada().runs("doctor", json!({})).await;
    seen.says("**Channel for organisers:** I may not send messages in").says("*Send Messages*");
    seen.says("I lack something for posts in").says("*Embed Links*");
    stage.allows_again(admin);
    stage.allows_again(stage.demo.events);
    seen.taps("Check again").await.says("All is well");
    stage.ends().await;
}

#[tokio::test]
async fn a_role_that_cannot_be_mentioned_is_named() {
    let stage = Stage::new().await;
    stage.admin_channel().await;
    let role = stage.sim.world(|world| {
        let quiet = muster_sim::world::NewRole::named("Quiet", Permissions::NONE);
        world.add_role(stage.demo.guild, quiet)
    });
    stage.event_with("Raid", "tomorrow 20:00", json!({"mention": role.to_string()})).await;
    let seen = stage.ada().runs("doctor", json!({})).await;
    seen.says("I cannot notify").says("*Mention Everyone*");
    stage.sim.world(|world| world.remove_role(stage.demo.guild, role));
    seen.taps("Check again").await.says("does not exist any more");
    stage.ends().await;
}

#[tokio::test]
async fn channels_of_series_and_roles_of_reminders_are_tested_before_anything_is_posted() {
    let stage = Stage::new().await;
    stage.admin_channel().await;
    let forum = stage
        .sim
        .world(|world| world.add_channel(stage.demo.guild, NewChannel::forum("raid-posts", &[])));
    let options = json!({"title": "Raid", "when": "tomorrow 20:00", "repeat": "daily",
        "channel": forum.to_string()});
    stage.joao().runs("event create", options).await.says("every day");
    let role = stage.sim.world(|world| {
        let quiet = muster_sim::world::NewRole::named("Quiet", Permissions::NONE);
        world.add_role(stage.demo.guild, quiet)
    });
    let reminder = json!({"when": "1h before", "role": role.to_string()});
    stage.ada().runs("reminders add", reminder).await.says("is added");
    stage.denies(forum, stage.bot(), Permissions::SEND_MESSAGES_IN_THREADS);
    let seen = stage.ada().runs("doctor", json!({})).await;
    seen.says("**Channel of a series:** I may not send messages in");
    seen.says("*Send Messages in Threads*").says("I cannot notify");
    stage.ends().await;
}

#[tokio::test]
async fn a_discord_that_takes_its_time_is_waited_for_while_thinking_is_shown() {
    let stage = Stage::new().await;
    stage.admin_channel().await;
    stage.event("Raid", "tomorrow 20:00").await;
    let slow = || ScriptedAnswer::delay(Duration::from_millis(1_800));
    stage.sim.faults().answer_next(1, "GET", "/guilds/", slow());
    let seen = stage.ada().runs("doctor", json!({})).await;
    let Answer::Thinking(panel) = seen.answer else { panic!("not thinking: {:?}", seen.answer) };
    stage.says(panel, "All is well").await;
    // The panel changes in its own place.
    stage.sim.faults().answer_next(1, "GET", "/guilds/", slow());
    stage.denies(stage.demo.events, stage.bot(), Permissions::EMBED_LINKS);
    let again = stage.ada().taps(panel, "Check again").await;
    assert!(matches!(again.answer, Answer::Acknowledged | Answer::Updated), "{:?}", again.answer);
    stage.says(panel, "*Embed Links*").await;
    stage.ends().await;
}
