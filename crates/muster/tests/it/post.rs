//! What members do on a post: answer, change, withdraw, wait for a place.

use serde_json::json;

use crate::stage::Stage;

#[tokio::test]
async fn four_answers_show_on_the_post_with_counts_and_names() {
    let stage = Stage::new().await;
    let raid = stage.event("Raid", "tomorrow 20:00").await;
    for (who, label) in [
        (stage.zofia(), "Yes"),
        (stage.mikko(), "No"),
        (stage.bea(), "Maybe"),
        (stage.joao(), "Mobile"),
    ] {
        assert!(who.taps(raid, label).await.is_update());
    }
    stage.shows(raid, "Yes: Zofia | No: Mikko | Maybe: Bea | Mobile: João").await;
    assert!(stage.reads(raid).contains("✅ Yes (1): @Zofia"));
    stage.ends().await;
}

#[tokio::test]
async fn another_answer_takes_the_place_of_the_first() {
    let stage = Stage::new().await;
    let raid = stage.event("Raid", "tomorrow 20:00").await;
    for label in ["Yes", "Maybe", "No"] {
        stage.zofia().taps(raid, label).await;
    }
    stage.shows(raid, "No: Zofia").await;
    stage.ends().await;
}

#[tokio::test]
async fn the_same_answer_changes_nothing_and_offers_to_withdraw() {
    let stage = Stage::new().await;
    let raid = stage.event("Raid", "tomorrow 20:00").await;
    stage.zofia().taps(raid, "Yes").await;
    let again = stage.zofia().taps(raid, "Yes").await;
    again.says("You answered **Yes** already").says("[Withdraw]");
    stage.shows(raid, "Yes: Zofia").await;
    again.taps("Withdraw").await.says("Your answer to **Raid** is withdrawn.");
    stage.shows(raid, "nobody").await;
    stage.ends().await;
}

#[tokio::test]
async fn who_finds_a_full_event_waits_in_order_and_moves_up_at_once() {
    let stage = Stage::new().await;
    let raid = stage.event_with("Raid", "tomorrow 20:00", json!({"capacity": 1})).await;
    for who in [stage.zofia(), stage.mikko(), stage.bea()] {
        who.taps(raid, "Yes").await;
    }
    stage.shows(raid, "Yes: Zofia | Waitlist: Mikko, Bea").await;
    stage.zofia().taps(raid, "No").await;
    stage.shows(raid, "Yes: Mikko | No: Zofia | Waitlist: Bea").await;
    stage.ends().await;
}
