//! Forms that are refused for what is written in them: they say where, and open again as they were
//! filled in.

use serde_json::json;

use crate::people::{Person, Seen};
use crate::stage::Stage;

async fn opens(who: &Person, label: &str) -> Seen {
    who.runs("event show", json!({"event": "Raid"})).await.taps(label).await
}

#[tokio::test]
async fn of_several_numbers_the_wrong_one_is_named_and_the_others_are_kept() {
    let stage = Stage::new().await;
    stage.event("Raid", "tomorrow 20:00").await;
    let panel = opens(&stage.joao(), "Rules").await;
    let wrong = json!({"guests": "2", "offer": "30m", "minimum": "few", "minimum_before": "12h"});
    let refused = panel.taps("Change").await.submits(wrong).await;
    refused.says("**Minimum number coming:** \"few\" is not a number of people.");
    let form = refused.taps("Change it").await;
    assert_eq!(form.form().title, "Rules");
    let filled = ["guests", "offer", "minimum", "minimum_before"].map(|name| form.filled(name));
    assert_eq!(filled, ["2", "30m", "few", "12h"]);
    let refused = form.submits(json!({"minimum": "3", "offer": "30"})).await;
    refused.says("**Time to accept a place:** \"30\" of what?");
    let form = refused.taps("Change it").await;
    assert_eq!([form.filled("minimum"), form.filled("offer")], ["3", "30"]);
    let panel = form.submits(json!({"offer": "30m"})).await;
    panel.says("up to 2 guests").says("waitlist for 30 min").says("3, checked 12 h before");
    stage.ends().await;
}

#[tokio::test]
async fn an_answer_is_mended_on_top_of_what_was_seen() {
    let stage = Stage::new().await;
    let options = json!({"options": "🛡 Tank 2: Warrior, Paladin; Bench"});
    stage.event_with("Raid", "tomorrow 20:00", options).await;
    let joao = stage.joao();
    let list = opens(&joao, "Answers").await;
    let druid = json!({"label": "Druid", "group": "🛡 Tank", "shared": "many"});
    let refused = list.taps("Add an answer").await.submits(druid).await;
    refused.says("**Places under the heading:** \"many\" is not a number of places.");
    let form = refused.taps("Change it").await;
    assert_eq!([form.filled("label"), form.filled("shared")], ["Druid", "many"]);
    form.submits(json!({"shared": "3"})).await.says("**Druid** · 0 people");

    let one = list.picks("m1:Op", &["0"]).await;
    let refused = one.taps("Edit").await.submits(json!({"places": "0"})).await;
    refused.says("**Places:** 0 places are not possible.");
    opens(&joao, "Answers").await.picks("m1:Op", &["0"]).await.taps("Do not tell").await;
    let form = refused.taps("Change it").await;
    assert_eq!(form.filled("places"), "0");
    form.submits(json!({"places": "1"})).await.says("Somebody else changed this meanwhile");
    let form = opens(&joao, "Answers").await.taps("Edit as text").await;
    let words = form.submits(json!({"words": "Yes, yes"})).await;
    assert_eq!(words.taps("Change it").await.filled("words"), "Yes, yes");
    stage.ends().await;
}

#[tokio::test]
async fn members_mend_what_they_say_and_nobody_else_sees_it() {
    let stage = Stage::new().await;
    let raid = stage.event("Raid", "tomorrow 20:00").await;
    let zofia = stage.zofia();
    zofia.taps(raid, "Yes").await;
    let panel = opens(&zofia, "My answer").await;
    let wrong = json!({"arrives": "20:30", "leaves": "soon"});
    let refused = panel.taps("Late or early").await.submits(wrong).await;
    refused.says("**I leave early:** \"soon\" is not a time during the event.");
    let form = refused.taps("Change it").await;
    assert_eq!([form.filled("arrives"), form.filled("leaves")], ["20:30", "soon"]);
    form.submits(json!({"leaves": ""})).await.says("**You come late,** at");
    let gone = stage.forged_tap(&stage.mikko(), &refused.button("Change it")).await;
    gone.says("That form is no longer kept.");
    stage.ends().await;
}

#[tokio::test]
async fn what_only_a_rule_forbids_is_kept_for_later_and_the_rest_is_not() {
    let stage = Stage::new().await;
    let raid = stage.event("Raid", "tomorrow 20:00").await;
    let (joao, zofia) = (stage.joao(), stage.zofia());
    zofia.taps(raid, "Yes").await;
    opens(&joao, "Message attendees").await.submits(json!({"words": "Bring torches."})).await;
    stage.a_moment_passes().await;
    let events = stage.demo.events;
    let told = |world: &muster_sim::World| {
        let mut all = world.messages(events);
        all.any(|message| message.content.contains("About **Raid**")).then_some(())
    };
    stage.until("the news", told).await;
    stage.passes(1).await;
    let more = opens(&joao, "Message attendees").await.submits(json!({"words": "And rope."})).await;
    more.says("One message about an event can be sent every 5 minutes");
    stage.passes(6).await;
    let form = more.taps("Change it").await;
    assert_eq!(form.filled("words"), "And rope.");
    form.submits(json!({})).await.says("0 of 1 message");

    let form = opens(&joao, "Location").await;
    let refused = form.submits(json!({"location": "x".repeat(201)})).await;
    refused.says("The location has 201 characters; 200 are possible. Please shorten it.");
    let form = refused.taps("Change it").await;
    assert_eq!(form.filled("location"), "x".repeat(201));
    form.submits(json!({"location": "Old bridge"})).await.says("**Raid** is changed.");
    let late = opens(&joao, "Rules").await.taps("Change").await;
    joao.runs("event cancel", json!({"event": "Raid"})).await;
    let over = late.submits(json!({"guests": "1"})).await;
    assert!(!over.text().contains("[Change it]"), "{}", over.text());
    stage.ends().await;
}

#[tokio::test]
async fn a_time_of_the_settings_is_named_and_mended() {
    let stage = Stage::new().await;
    let panel = stage.ada().runs("settings", json!({})).await;
    let wrong = json!({"event": "20:00", "posting": "8"});
    let refused = panel.taps("Choose times").await.submits(wrong).await;
    refused.says("**Posting time:** \"8\" can be in the morning or in the evening");
    let form = refused.taps("Change it").await;
    assert_eq!([form.filled("event"), form.filled("posting")], ["20:00", "8"]);
    form.submits(json!({"posting": "8am"})).await.says("**Default posting time:** 08:00");
    let form = stage.ada().runs("settings", json!({})).await.taps("Choose times").await;
    assert_eq!(form.filled("event"), "20:00");
    stage.ends().await;
}
