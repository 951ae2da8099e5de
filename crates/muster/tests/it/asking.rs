//! What Muster asks back, and what it refuses: each a clear private answer that changes nothing.

use muster_sim::ids::UserId;
use muster_sim::world::{OverwriteTarget, Permissions};
use serde_json::{Value, json};

use crate::stage::Stage;

/// Creates an event with one thing wrong: refused with these words, nothing changed, and the form
/// comes back with what was typed. Mended there, the event is created.
async fn is_refused_and_mended(wrong: Value, words: &str, mended: Value) {
    let stage = Stage::new().await;
    let before = stage.everything().await;
    let mut options = json!({"title": "Raid", "when": "tomorrow 20:00"});
    options.as_object_mut().unwrap().extend(wrong.as_object().unwrap().clone());
    let seen = stage.joao().runs("event create", options.clone()).await;
    seen.says(words);
    assert_eq!(stage.everything().await, before);
    let form = seen.taps("Change it").await;
    assert_eq!(form.filled("title"), options["title"]);
    assert_eq!(form.filled("when"), options["when"]);
    form.submits(mended).await.says("is planned.");
    stage.ends().await;
}

#[tokio::test]
async fn a_time_that_is_over() {
    let mended = json!({"when": "tomorrow 20:00"});
    is_refused_and_mended(json!({"when": "yesterday 20:00"}), "That time is over", mended).await;
}

#[tokio::test]
async fn a_day_that_does_not_exist() {
    let words = "\"31 feb\" is not in the calendar";
    is_refused_and_mended(json!({"when": "31 feb 20:00"}), words, json!({"when": "1 april 8pm"}))
        .await;
}

#[tokio::test]
async fn words_that_are_no_time() {
    let words = "I do not understand";
    is_refused_and_mended(json!({"when": "when pigs fly"}), words, json!({"when": "in 2 hours"}))
        .await;
}

#[tokio::test]
async fn a_title_of_blanks() {
    is_refused_and_mended(json!({"title": "  "}), "The title is empty", json!({"title": "Raid"}))
        .await;
}

#[tokio::test]
async fn a_title_of_200_characters() {
    let long = "x".repeat(200);
    let words = "The title has 200 characters; 100 are possible";
    is_refused_and_mended(json!({"title": long}), words, json!({"title": "Raid"})).await;
}

#[tokio::test]
async fn no_places_at_all() {
    let words = "0 places are not possible";
    is_refused_and_mended(json!({"capacity": 0}), words, json!({"capacity": "10"})).await;
}

#[tokio::test]
async fn a_billion_places() {
    let words = "1,000,000,000 places are not possible. Choose 1 to 10,000";
    is_refused_and_mended(json!({"capacity": 1_000_000_000}), words, json!({"capacity": ""})).await;
}

#[tokio::test]
async fn a_duration_that_is_none() {
    let mended = json!({"duration": "90m"});
    is_refused_and_mended(json!({"duration": "a while"}), "a while", mended).await;
}

#[tokio::test]
async fn whatever_was_typed_the_form_opens_again() {
    let stage = Stage::new().await;
    for wrong in [
        json!({"title": "x".repeat(6_000), "when": "tomorrow 20:00"}),
        json!({"title": "🎲".repeat(1_000), "when": "tomorrow 20:00"}),
        json!({"title": "Raid", "when": "x".repeat(200)}),
        json!({"title": "Raid", "when": "tomorrow 20:00", "duration": "x".repeat(200)}),
        json!({"title": "Raid", "when": "31 feb", "description": "x".repeat(2_000)}),
        json!({"title": "Raid", "when": "31 feb", "location": "x".repeat(200)}),
        json!({"title": "Raid", "when": "tomorrow 20:00", "capacity": -9_007_199_254_740_991_i64}),
    ] {
        let seen = stage.joao().runs("event create", wrong).await;
        assert_eq!(seen.taps("Change it").await.form().title, "New event");
    }
    stage.ends().await;
}

#[tokio::test]
async fn an_empty_title_in_the_form_is_not_even_sent() {
    let stage = Stage::new().await;
    let joao = stage.joao();
    let form = joao.runs("event create", json!({})).await;
    let sent = joao.user.submit(form.form().id, json!({"title": "", "when": "fri 8pm"})).await;
    assert!(sent.is_err());
    stage.ends().await;
}

#[tokio::test]
async fn a_form_that_is_wrong_keeps_its_channel_while_it_is_mended() {
    let stage = Stage::new().await;
    let general = stage.demo.general;
    let options = json!({"title": "Raid", "when": "31 feb", "channel": general.to_string()});
    let seen = stage.joao().runs("event create", options).await;
    let again = seen.taps("Change it").await.submits(json!({"when": "30 feb"})).await;
    let form = again.says("not in the calendar").taps("Change it").await;
    let raid = stage.posted(&form.submits(json!({"when": "tomorrow 20:00"})).await).await;
    assert_eq!(stage.sim.world(|world| world.message(raid).unwrap().channel), general);
    stage.ends().await;
}

#[tokio::test]
async fn the_channel_that_the_bot_cannot_write_to_is_named_with_what_is_missing() {
    let stage = Stage::new().await;
    let before = stage.everything().await;
    let bot = OverwriteTarget::Member(UserId::new(stage.demo.app.get()));
    stage.denies(stage.demo.organisers_only, bot, Permissions::VIEW_CHANNEL);
    for (channel, missing) in [
        (stage.demo.announcements, "I lack Send Messages there"),
        (stage.demo.organisers_only, "I lack View Channel"),
    ] {
        let raid = json!({"title": "Raid", "when": "tomorrow 20:00"});
        let seen = stage.ada().goes_to(channel).runs("event create", raid.clone()).await;
        seen.says(&format!("I cannot post in <#{channel}>")).says(missing);
        let mut there = raid;
        there["channel"] = json!(channel.to_string());
        let seen = stage.ada().runs("event create", there).await;
        seen.says(&format!("I cannot post in <#{channel}>")).says(missing).says("[Change it]");
    }
    assert_eq!(stage.everything().await, before);
    stage.ends().await;
}

#[tokio::test]
async fn so_is_an_events_channel_that_turns_out_to_be_closed_when_the_post_is_sent() {
    for (denied, missing) in [
        (Permissions::SEND_MESSAGES, "I lack Send Messages there"),
        (Permissions::EMBED_LINKS, "I lack Embed Links there"),
        (Permissions::VIEW_CHANNEL, "View Channel"),
    ] {
        let stage = Stage::new().await;
        let general = stage.demo.general;
        let settings = stage.ada().runs("settings", json!({})).await;
        settings.picks("m1:Sc", &[&general.to_string()]).await;
        let bot = OverwriteTarget::Member(UserId::new(stage.demo.app.get()));
        let before = stage.everything().await;
        stage.denies(general, bot, denied);
        let raid = json!({"title": "Raid", "when": "tomorrow 20:00"});
        let seen = stage.ada().runs("event create", raid).await;
        seen.says(&format!("<#{general}>")).says(missing).says("[Change it]");
        assert_eq!(stage.everything().await, before);
        stage.ends().await;
    }
}

#[tokio::test]
async fn a_category_is_not_even_offered() {
    let stage = Stage::new().await;
    let category = stage.sim.world(|world| {
        world.channel_named(stage.demo.guild, "Club").expect("a category").id.to_string()
    });
    let options = json!({"title": "Raid", "when": "tomorrow 20:00", "channel": category});
    assert!(stage.ada().tries("event create", options).await.is_err());
    stage.ends().await;
}

#[tokio::test]
async fn what_can_be_read_in_two_ways_is_asked_about_once() {
    let stage = Stage::new().await;
    let options = json!({"title": "Raid", "when": "sunday at 8"});
    let question = stage.joao().runs("event create", options).await;
    question
        .says("more than one way")
        .says("[Sun 14 Mar 2027, 08:00")
        .says("[Sun 14 Mar 2027, 20:00");
    assert!(stage.messages(stage.demo.events).is_empty());
    let evening = "Sun 14 Mar 2027, 20:00 · in 2 days";
    let id = question.taps_twice(evening).await;
    let raid = stage.posted(&id).await;
    stage.says(raid, "<t:1805050800:F>").await;
    assert_eq!(stage.messages(stage.demo.events).len(), 1);
    stage.ends().await;
}

#[tokio::test]
async fn what_can_be_read_in_two_ways_can_be_written_differently() {
    let stage = Stage::new().await;
    let options = json!({"title": "Raid", "when": "sunday at 8"});
    let question = stage.joao().runs("event create", options).await;
    let form = question.taps("Write it differently").await;
    assert_eq!((form.filled("title"), form.filled("when")), ("Raid", "sunday at 8"));
    form.submits(json!({"when": "sunday 9pm"})).await.says("Sun 14 Mar 2027, 21:00");
    stage.ends().await;
}

#[tokio::test]
async fn a_reading_that_is_over_when_it_is_picked_is_not_taken() {
    let stage = Stage::new().await;
    let options = json!({"title": "Raid", "when": "at 8"});
    let question = stage.joao().runs("event create", options).await;
    stage.passes(120).await;
    let picked = question.taps("Fri 12 Mar 2027, 20:00 · in 1 hour").await;
    picked.says("That time is over").says("[Change it]");
    assert!(stage.messages(stage.demo.events).is_empty());
    stage.ends().await;
}

#[tokio::test]
async fn who_has_no_zone_is_asked_first_and_the_form_goes_on() {
    let stage = Stage::with_zone(None).await;
    let options = json!({"title": "Raid", "when": "tomorrow 20:00"});
    let question = stage.joao().runs("event create", options.clone()).await;
    question.says("In which time zone are you?");
    let seen = question.picks("m1:z:", &["America/New_York"]).await;
    seen.says("Sat 13 Mar 2027, 20:00 – 22:00** (America/New_York)");
    let again = stage.joao().runs("event create", options).await;
    again.says("(America/New_York)");
    stage.ends().await;
}

#[tokio::test]
async fn a_zone_that_is_not_in_the_list_is_typed() {
    let stage = Stage::with_zone(None).await;
    let options = json!({"title": "Raid", "when": "tomorrow 20:00"});
    let question = stage.joao().runs("event create", options).await;
    let form = question.taps("Another time zone").await;
    form.submits(json!({"zone": "Asia/Kathmandu"})).await.says("(Asia/Kathmandu)");
    stage.ends().await;
}

#[tokio::test]
async fn a_zone_that_does_not_exist_is_refused_and_can_be_typed_again() {
    let stage = Stage::with_zone(None).await;
    let options = json!({"title": "Raid", "when": "tomorrow 20:00"});
    let question = stage.joao().runs("event create", options).await;
    let form = question.taps("Another time zone").await;
    form.submits(json!({"zone": "Berlin time"}))
        .await
        .says("No time zone is called")
        .says("Europe/Berlin");
    let form = question.taps("Another time zone").await;
    form.submits(json!({"zone": "Europe/Berlin"})).await.says("is planned.");
    stage.ends().await;
}

#[tokio::test]
async fn typing_shows_how_a_time_is_understood() {
    let stage = Stage::new().await;
    let offered = stage.joao().types("event create", "when", "fri 8pm").await;
    assert_eq!(offered[0].name, "Fri 12 Mar 2027, 20:00 · in 1 hour");
    let readings = stage.joao().types("event create", "when", "sunday at 8").await;
    assert_eq!(readings.len(), 2);
    let options = json!({"title": "Raid", "when": readings[1].value});
    stage.joao().runs("event create", options).await.says("Sun 14 Mar 2027, 20:00");
    assert!(stage.joao().types("event create", "when", "when pigs fly").await.is_empty());
    stage.ends().await;
}

#[tokio::test]
async fn typing_offers_events_and_zones_by_name() {
    let stage = Stage::new().await;
    stage.event("Raid", "tomorrow 20:00").await;
    stage.event("Walk", "sunday 14:00").await;
    let offered = stage.joao().types("event cancel", "event", "wal").await;
    assert_eq!(offered.len(), 1);
    assert_eq!(offered[0].name, "Walk · Sun 14 Mar 2027, 14:00");
    let named = json!({"event": offered[0].value});
    stage.zofia().runs("event show", named).await.says("Walk");
    let zones = stage.zofia().types("timezone", "zone", "helsin").await;
    assert_eq!(zones[0].value, "Europe/Helsinki");
    stage.ends().await;
}

#[tokio::test]
async fn a_name_that_fits_no_event_or_several_is_asked_about() {
    let stage = Stage::new().await;
    stage.event("Raid one", "tomorrow 20:00").await;
    stage.event("Raid two", "sunday 14:00").await;
    for words in ["raid", "walk", "%", "' OR 1=1", "99999999999999999999999999"] {
        let seen = stage.joao().runs("event cancel", json!({"event": words})).await;
        seen.says("does not name just one event");
    }
    let unknown = stage.joao().runs("event cancel", json!({"event": "4711"})).await;
    unknown.says("There is no such event here");
    stage.ends().await;
}
