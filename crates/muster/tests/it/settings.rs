//! What a server chooses for its events: whether they show names, and how long they are kept.

use serde_json::json;

use crate::stage::Stage;

/// Minutes of a day.
const DAY: u64 = 24 * 60;

#[tokio::test]
async fn new_events_hide_names_where_the_server_chose_so() {
    let stage = Stage::new().await;
    let before = stage.event("Before", "tomorrow 20:00").await;
    let panel = stage.ada().runs("settings", json!({})).await;
    panel.says("**Names on new events:** shown");
    panel.taps("Hide names").await.says("**Names on new events:** hidden");
    let after = stage.event("After", "tomorrow 20:00").await;
    for post in [before, after] {
        stage.zofia().taps(post, "Yes").await;
    }
    stage.says(before, "Zofia").await;
    stage.says(after, "Yes (1)").await;
    stage.no_longer_says(after, "Zofia").await;
    let panel = stage.ada().runs("settings", json!({})).await;
    panel.taps("Show names").await.says("**Names on new events:** shown");
    stage.ends().await;
}

#[tokio::test]
async fn events_are_deleted_when_they_are_over_for_as_long_as_the_server_chose() {
    let mut stage = Stage::new().await;
    let old = stage.event("Old raid", "tomorrow 20:00").await;
    stage.zofia().taps(old, "Yes").await;
    let panel = stage.ada().runs("settings", json!({})).await;
    panel.says("**Past events:** kept for ever");
    panel.picks("m1:Sr", &["30"]).await.says("**Past events:** kept for 30 days");
    stage.passes(29 * DAY).await;
    let show = json!({"event": "Old raid"});
    stage.joao().runs("event show", show.clone()).await.says("Old raid");
    stage.event("New raid", "tomorrow 20:00").await;
    stage.passes(3 * DAY).await;
    // A bot that has just started waits until it knows Discord's clock as well.
    stage.restarts().await;
    stage.passes(11).await;
    stage.until_told("event show", show, "does not name just one event").await;
    stage.joao().runs("event show", json!({"event": "New raid"})).await.says("New raid");
    stage.ends().await;
}

#[tokio::test]
async fn a_server_that_changes_its_mind_loses_nothing() {
    let stage = Stage::new().await;
    stage.event("Old raid", "tomorrow 20:00").await;
    stage.passes(60 * DAY).await;
    let panel = stage.ada().runs("settings", json!({})).await;
    let panel = panel.picks("m1:Sr", &["30"]).await;
    stage.passes(6 * DAY).await;
    panel.picks("m1:Sr", &["ever"]).await.says("**Past events:** kept for ever");
    stage.passes(10 * DAY).await;
    let show = json!({"event": "Old raid"});
    stage.joao().runs("event show", show).await.says("Old raid");
    stage.ends().await;
}

#[tokio::test]
async fn the_channel_for_organisers_is_one_in_which_the_bot_can_write() {
    let stage = Stage::new().await;
    let panel = stage.ada().runs("settings", json!({})).await;
    let events = stage.demo.events.to_string();
    let chosen = panel.picks("m1:Sa", &[&events]).await;
    chosen.says(&format!("**Channel for organisers:** <#{events}>"));
    let locked = stage.demo.announcements.to_string();
    panel.picks("m1:Sa", &[&locked]).await.says("I cannot post");
    panel
        .picks("m1:Sa", &[])
        .await
        .says("**Channel for organisers:** none, so I tell an event's host");
    stage.ends().await;
}

#[tokio::test]
async fn the_language_is_one_of_those_that_the_bot_speaks() {
    let stage = Stage::new().await;
    let panel = stage.ada().runs("settings", json!({})).await;
    panel.says("**Language:** English");
    panel.picks("m1:Sl", &["en"]).await.says("**Language:** English");
    stage.ends().await;
}

#[tokio::test]
async fn a_day_alone_is_an_event_at_the_servers_usual_time() {
    let stage = Stage::new().await;
    let day = json!({"title": "Raid", "when": "in 2 days"});
    let asked = stage.ada().runs("event create", day.clone()).await;
    asked.says("The day is clear but not the time");
    let panel = stage.ada().runs("settings", json!({})).await;
    panel.says("**Default event time:** none, so I ask");
    panel.says("**Default posting time:** 09:00");
    let form = panel.taps("Choose times").await;
    let wrong = form.submits(json!({"event": "8", "posting": ""})).await;
    wrong.says("can be in the morning or in the evening");
    let form = panel.taps("Choose times").await;
    let panel = form.submits(json!({"event": "8:15pm", "posting": "noon"})).await;
    panel.says("**Default event time:** 20:15");
    panel.says("**Default posting time:** 12:00");
    let created = stage.ada().runs("event create", day).await;
    created.says("Understood as").says("20:15");
    stage.ends().await;
}
