//! What organisers think better of: each change can be taken back, and what was called off comes
//! back with all its answers.

use muster_sim::ids::MessageId;
use serde_json::json;

use crate::people::Seen;
use crate::stage::Stage;

/// The organiser edits the raid, the only event.
async fn edits(stage: &Stage, what: serde_json::Value) -> Seen {
    let form = stage.joao().runs("event edit", json!({"event": "Raid"})).await;
    form.submits(what).await
}

/// The messages that tell those who answered something.
fn told(stage: &Stage) -> Vec<String> {
    let all = stage.messages(stage.demo.events).into_iter();
    all.filter(|message| message.embeds.is_empty()).map(|message| message.content).collect()
}

async fn until_told(stage: &Stage, what: &str) {
    let is_there = |world: &muster_sim::World| {
        let all = world.messages(stage.demo.events);
        let mut all = all.filter(|message| message.only_for.is_none());
        all.any(|message| message.content.contains(what)).then_some(())
    };
    stage.until(what, is_there).await;
}

async fn raid_with_an_answer(stage: &Stage) -> MessageId {
    let raid = stage.event("Raid", "tomorrow 20:00").await;
    stage.zofia().taps(raid, "Yes").await;
    raid
}

#[tokio::test]
async fn an_edit_is_undone_and_the_undoing_too() {
    let stage = Stage::new().await;
    let raid = raid_with_an_answer(&stage).await;
    let edited = edits(&stage, json!({"title": "Big raid", "capacity": "5"})).await;
    stage.mikko().taps(raid, "Yes").await;
    let undone = edited.taps("Undo").await;
    undone.says("**Raid** is as it was before.").says("places: 5 → no limit");
    stage.no_longer_says(raid, "Big raid").await;
    stage.shows(raid, "Yes: Zofia, Mikko").await;
    let log = stage.ada().runs("event log", json!({"event": "Raid"})).await;
    log.says("undid an edit: title: \"Big raid\" → \"Raid\"; places: 5 → no limit");
    undone.taps("Undo").await.says("**Big raid** is as it was before.");
    stage.says(raid, "Big raid").await;
    stage.ends().await;
}

#[tokio::test]
async fn a_move_that_is_undone_at_once_disturbs_nobody() {
    let stage = Stage::new().await;
    raid_with_an_answer(&stage).await;
    let moved = edits(&stage, json!({"when": "tomorrow 21:00"})).await;
    moved.taps("Undo").await.says("are told of the new time");
    stage.passes(5).await;
    assert_eq!(told(&stage), Vec::<String>::new());
    stage.ends().await;
}

#[tokio::test]
async fn nothing_is_undone_that_somebody_has_changed_since_or_after_a_quarter_of_an_hour() {
    let stage = Stage::new().await;
    let raid = raid_with_an_answer(&stage).await;
    let edited = edits(&stage, json!({"capacity": "5"})).await;
    let form = stage.ada().runs("event edit", json!({"event": "Raid"})).await;
    let hers = form.submits(json!({"location": "", "description": "Snacks"})).await;
    edited.taps("Undo").await.says("@Ada has changed this event since, so nothing was undone.");
    stage.says(raid, "Snacks").await;
    stage.says(raid, "Places: 1 of 5").await;
    stage.passes(16).await;
    hers.taps("Undo").await.says("A change can be undone for 15 minutes");
    stage.says(raid, "Snacks").await;
    stage.ends().await;
}

#[tokio::test]
async fn closing_reopening_and_restoring_are_undone_as_well() {
    let stage = Stage::new().await;
    let raid = raid_with_an_answer(&stage).await;
    let closed = stage.joao().runs("event close", json!({"event": "Raid"})).await;
    let open = closed.taps("Undo").await;
    open.says("takes answers again");
    open.taps("Undo").await.says("takes no more answers");
    stage.says(raid, "(Yes)").await;
    let cancelled = stage.joao().runs("event cancel", json!({"event": "Raid"})).await;
    let back = cancelled.taps("Undo").await;
    back.says("takes place after all").says("are told in a moment");
    back.taps("Undo").await.says("is cancelled");
    stage.says(raid, "Cancelled: Raid").await;
    stage.ends().await;
}

#[tokio::test]
async fn an_offer_that_a_closing_or_cancellation_ended_is_open_again_once_that_is_undone() {
    let stage = Stage::new().await;
    let raid = stage.event_with("Raid", "tomorrow 20:00", json!({"capacity": 1})).await;
    let rules = stage.joao().runs("event show", json!({"event": "Raid"})).await.taps("Rules").await;
    rules.taps("Change").await.submits(json!({"offer": "30m"})).await;
    for who in [stage.mikko(), stage.zofia(), stage.bea()] {
        who.taps(raid, "Yes").await;
    }
    stage.mikko().taps(raid, "No").await;
    stage.says(raid, "Zofia · expires <t:").await;
    let closed = stage.joao().runs("event close", json!({"event": "Raid"})).await;
    closed.says("takes no more answers").says("1 member moved up from the waitlist.");
    stage.shows(raid, "Yes: Bea | No: Mikko | Missed an offer: Zofia").await;
    stage.passes(5).await;
    let open = closed.taps("Undo").await;
    open.says("takes answers again").says("1 member may move up").says("1 member moved to the");
    stage.says(raid, "Zofia · expires <t:").await;
    stage.says(raid, "1. @Bea").await;
    stage.a_moment_passes().await;
    until_told(&stage, "You no longer have a place at").await;
    let cancelled = stage.joao().runs("event cancel", json!({"event": "Raid"})).await;
    stage.passes(14).await;
    cancelled.taps("Undo").await.says("takes place after all").says("1 member may move up");
    stage.passes(29).await;
    let panel = stage.zofia().runs("event show", json!({"event": "Raid"})).await;
    panel.says("A place under **Yes** is held for you").taps("Accept the place").await;
    stage.shows(raid, "Yes: Zofia | No: Mikko | Waitlist: Bea").await;
    stage.ends().await;
}

#[tokio::test]
async fn who_answered_is_told_when_a_creation_is_taken_back_and_it_comes_back_whole() {
    let stage = Stage::new().await;
    let options = json!({"title": "Raid", "when": "tomorrow 20:00"});
    let created = stage.joao().runs("event create", options).await;
    let raid = stage.posted(&created).await;
    stage.zofia().taps(raid, "Yes").await;
    let undone = created.taps("Undo").await;
    undone.says("**Raid** was taken back").says("are told in a moment");
    stage.is_gone(raid).await;
    stage.a_moment_passes().await;
    until_told(&stage, "**Raid** on").await;
    assert!(told(&stage)[0].contains("is cancelled"), "{:?}", told(&stage));
    undone.taps("Bring it back").await.says("takes place after all");
    let again = stage.post_of("Raid").await;
    stage.shows(again, "Yes: Zofia").await;
    stage.a_moment_passes().await;
    until_told(&stage, "takes place after all").await;
    stage.ends().await;
}

#[tokio::test]
async fn organisers_find_what_was_called_off_and_bring_it_back() {
    let stage = Stage::new().await;
    let raid = raid_with_an_answer(&stage).await;
    // Its buttons go when it is called off.
    let event = stage.key(raid);
    stage.joao().runs("event cancel", json!({"event": "Raid"})).await;
    let options = json!({"title": "Walk", "when": "tomorrow 10:00"});
    stage.joao().runs("event create", options).await.taps("Undo").await;
    let list = stage.joao().runs("event list", json!({})).await.taps("Cancelled").await;
    list.says("Cancelled").says("**Raid**").says("· cancelled").says("**Walk**").says("· deleted");
    let number = u64::from_str_radix(&event, 36).unwrap().to_string();
    list.picks("m1:bf", &[&number]).await.says("**Raid** takes place after all");
    stage.shows(raid, "Yes: Zofia").await;
    let left = stage.joao().runs("event list", json!({})).await.taps("Cancelled").await;
    assert!(!left.text().contains("**Raid**") && left.text().contains("**Walk**"));
    stage.forged_tap(&stage.zofia(), "m1:bp:0").await.says("Only organisers");
    stage.forged_tap(&stage.zofia(), &format!("m1:b:{event}")).await.says("Only org");
    let forged = format!("m1:u:{event}:1");
    stage.forged_tap(&stage.zofia(), &forged).await.says("Only organisers");
    stage.ends().await;
}
