//! What the form for an event has no fields for: when answers close, its picture, what it is like.

use serde_json::{Value, json};

use crate::stage::Stage;

#[tokio::test]
async fn answers_close_as_long_before_the_start_as_was_said() {
    let stage = Stage::new().await;
    let raid = stage.event_with("Raid", "today 23:30", json!({"close": "4h before"})).await;
    stage.zofia().taps(raid, "Yes").await;
    stage.shows(raid, "Yes: Zofia").await;
    stage.passes(60).await;
    let yes = format!("m1:a:{}:0", stage.key(raid));
    let late = stage.forged_tap(&stage.mikko(), &yes).await;
    late.says("Answers to this event are closed.");
    stage.shows(raid, "Yes: Zofia").await;
    stage.ends().await;
}

#[tokio::test]
async fn answers_that_would_have_closed_already_are_no_answers() {
    let stage = Stage::new().await;
    let late = json!({"title": "Raid", "when": "today 20:00", "close": "1 day"});
    let seen = stage.joao().runs("event create", late).await;
    seen.says("Answers would have closed at").says("before anybody could give one");
    let form = seen.taps("Change it").await;
    let raid = stage.posted(&form.submits(json!({"when": "sunday 20:00"})).await).await;
    stage.says(raid, "Raid").await;
    stage.ends().await;
}

#[tokio::test]
async fn the_picture_stands_on_the_post() {
    let stage = Stage::new().await;
    let picture = "https://pictures.example/raid.png?size=1024";
    let options = json!({"title": "Raid", "image": picture});
    let form = stage.joao().runs("event create", options).await;
    let raid = stage.posted(&form.submits(json!({"when": "sunday 20:00"})).await).await;
    let shown = |post| stage.sim.world(|world| world.message(post).unwrap().embeds[0].clone());
    assert_eq!(shown(raid)["image"]["url"], picture);
    stage.ends().await;
}

#[tokio::test]
async fn what_cannot_be_is_refused_before_anything_is_kept() {
    let stage = Stage::new().await;
    for (wrong, says) in [
        (json!({"close": "soon"}), "\"soon\" is not a duration"),
        (json!({"close": "0m"}), "That is too short."),
        (json!({"image": "raid.png"}), "Copy the address of a picture"),
        (json!({"image": "http://pictures.example/a.png"}), "begins with https://"),
    ] {
        for more in [json!({}), json!({"title": "Raid", "when": "sunday 20:00"})] {
            let options = joined(&wrong, &more);
            stage.joao().runs("event create", options).await.says(says);
        }
    }
    stage.joao().runs("event list", json!({})).await.says("Nothing is planned.");
    stage.ends().await;
}

#[tokio::test]
async fn a_copy_has_the_rules_and_the_picture_of_its_original() {
    let stage = Stage::new().await;
    let more = json!({
        "options": "🛡 Tank 2, Bench", "close": "4h", "image": "https://pictures.example/raid.png",
    });
    stage.event_with("Raid", "sunday 20:00", more).await;
    let copy = json!({"event": "Raid", "when": "today 23:30"});
    let seen = stage.joao().runs("event duplicate", copy).await;
    let copy = stage.posted(&seen).await;
    stage.says(copy, "[Tank]").await;
    let embed = stage.sim.world(|world| world.message(copy).unwrap().embeds[0].clone());
    assert_eq!(embed["image"]["url"], "https://pictures.example/raid.png");
    stage.passes(60).await;
    stage.says(copy, "(Tank)").await;
    stage.ends().await;
}

fn joined(one: &Value, other: &Value) -> Value {
    let both = [one, other].into_iter().filter_map(Value::as_object).flatten();
    both.map(|(name, value)| (name.clone(), value.clone()))
        .collect::<serde_json::Map<_, _>>()
        .into()
}

#[tokio::test]
async fn an_edit_with_a_picture_and_a_channel_does_both() {
    let stage = Stage::new().await;
    stage.event("Raid", "sunday 20:00").await;
    let (general, picture) = (stage.demo.general, "https://pictures.example/raid.png");
    let both = json!({"event": "Raid", "image": picture, "channel": general.to_string()});
    stage.joao().runs("event edit", both).await.says("It is being posted in");
    stage
        .until("the post is there with its picture", |world| {
            let mut messages = world.channel(general)?.messages.values();
            messages.find(|m| m.embeds.first().is_some_and(|e| e["image"]["url"] == picture))?;
            Some(())
        })
        .await;
    stage.ends().await;
}
