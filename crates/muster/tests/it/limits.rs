//! How often one member may tap, as members meet it.

use muster_engine::tap_limit::TapRate;
use muster_sim::{Answer, SimClock};
use serde_json::json;

use crate::stage::{Stage, friday};
use crate::words;

async fn limited() -> Stage {
    let mut stage = Stage::without_bot(SimClock::standing(friday())).await;
    stage.zone = muster_domain::zone::Zone::parse("Europe/Berlin").ok();
    stage.taps = Some(TapRate::DEFAULT);
    stage.starts().await;
    stage
}

#[tokio::test]
async fn who_taps_too_often_is_told_once_and_nobody_else_notices() {
    let stage = limited().await;
    let raid = stage.event("Raid", "tomorrow 20:00").await;
    let zofia = stage.zofia();
    for label in ["Yes", "No", "Maybe", "Mobile", "Yes"] {
        assert!(zofia.taps(raid, label).await.is_update(), "{label}");
    }
    zofia.taps(raid, "No").await.says("more than 5 taps in 5 seconds");
    for label in ["Maybe", "No", "Mobile"] {
        let again = zofia.taps(raid, label).await;
        assert_eq!(again.answer, Answer::Acknowledged, "heard, and that is all");
    }
    assert!(stage.mikko().taps(raid, "No").await.is_update());
    stage.shows(raid, "Yes: Zofia | No: Mikko").await;
    stage.ends().await;
}

#[tokio::test]
async fn the_limit_is_for_taps_alone() {
    let stage = limited().await;
    let raid = stage.event("Raid", "tomorrow 20:00").await;
    let zofia = stage.zofia();
    for _ in 0..8 {
        zofia.taps(raid, "⋯").await.says("Raid");
    }
    assert!(zofia.taps(raid, "Yes").await.is_update());
    stage.ends().await;
}

#[tokio::test]
async fn taking_answers_back_counts_as_well() {
    let stage = limited().await;
    let raid = stage.event("Raid", "tomorrow 20:00").await;
    let zofia = stage.zofia();
    for label in ["Yes", "No", "Yes", "No"] {
        zofia.taps(raid, label).await;
    }
    let panel = zofia.taps(raid, "⋯").await;
    panel.taps("Withdraw my answer").await;
    zofia.taps(raid, "Yes").await.says("more than 5 taps in 5 seconds");
    stage.shows(raid, "nobody").await;
    stage.ends().await;
}

#[tokio::test]
async fn who_spams_commands_is_told_and_everybody_else_goes_on() {
    let stage = limited().await;
    let raid = stage.event("Raid", "tomorrow 20:00").await;
    let zofia = stage.zofia();
    let spam = (0..80).map(|_| zofia.runs("rsvp mine", json!({})));
    let seen = futures_util::future::join_all(spam).await;
    let count = |what: &str| seen.iter().filter(|seen| seen.text().contains(what)).count();
    // One more fits in each second, and a busy machine takes some.
    let taken = count("You have not answered any event");
    assert!((30..70).contains(&taken), "{taken}");
    assert_eq!(count("30 commands, forms and panels in 30 seconds"), 1, "told once");
    assert_eq!(count("you are sending too much"), 79 - taken);
    assert!(zofia.taps(raid, "Yes").await.is_update(), "answers are not concerned");
    stage.mikko().runs("rsvp mine", json!({})).await.says("answered");
    stage.shows(raid, "Yes: Zofia").await;
    stage.ends().await;
}

#[tokio::test]
async fn who_keeps_sending_forged_ids_is_kept_out_for_an_hour() {
    let stage = Stage::new().await;
    let raid = stage.event("Raid", "tomorrow 20:00").await;
    let zofia = stage.zofia();
    for forged in 0..20 {
        let seen = stage.forged_tap(&zofia, &format!("m1:nonsense:{forged}")).await;
        seen.says("not one that I know");
    }
    zofia.taps(raid, "Yes").await.says("You are blocked until");
    assert_eq!(zofia.taps(raid, "Yes").await.answer, Answer::Acknowledged, "and then silence");
    assert!(stage.mikko().taps(raid, "No").await.is_update(), "others are not concerned");
    stage.shows(raid, "No: Mikko").await;
    stage.ends().await;
}

#[tokio::test]
async fn more_than_discord_lets_anybody_send_is_refused_and_changes_nothing() {
    let stage = Stage::new().await;
    let raid = stage.event("Raid", "tomorrow 20:00").await;
    let zofia = stage.zofia();
    let yes = stage.sim.world(|world| words::button(world.message(raid).unwrap(), "Yes"));
    let yes = yes.unwrap().rsplit(':').next().unwrap().to_owned();
    let from = format!("m1:af:{}", stage.key(raid));
    let options = vec![json!({"label": "Yes", "value": yes}); 26];
    let select = json!({
        "type": 3, "id": 2, "custom_id": from, "options": options, "max_values": 26,
    });
    let forged = stage.forges(zofia.at, &select);
    let chosen = vec![yes.as_str(); 26];
    for _ in 0..20 {
        zofia.chooses(forged, &from, &chosen).await.says("more than Discord lets anybody send");
    }
    stage.shows(raid, "nobody").await;
    zofia.chooses(forged, &from, &chosen).await.says("You are blocked until");
    stage.ends().await;
}
