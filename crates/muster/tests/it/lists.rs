//! What people look up: what is coming, who comes, what they answered, what they can do.

use serde_json::json;

use crate::stage::Stage;

#[tokio::test]
async fn twelve_events_are_listed_on_two_pages() {
    let stage = Stage::new().await;
    for number in 1..=12 {
        stage.event(&format!("Raid {number:02}"), &format!("in {} hours", 24 * number)).await;
    }
    let first = stage.zofia().runs("event list", json!({})).await;
    first.says("**Raid 01**").says("**Raid 10**").says("+2 more").says("Page 1 of 2");
    assert!(!first.text().contains("Raid 11"));
    let second = first.taps("Next").await;
    second.says("**Raid 11**").says("**Raid 12**").says("Page 2 of 2");
    second.taps("Previous").await.says("**Raid 01**");
    stage.ends().await;
}

#[tokio::test]
async fn the_list_tells_who_comes_and_what_is_not_open() {
    let stage = Stage::new().await;
    let raid = stage.event_with("Raid", "tomorrow 20:00", json!({"capacity": 1})).await;
    stage.event("Walk", "sunday 14:00").await;
    for who in [stage.zofia(), stage.mikko()] {
        who.taps(raid, "Yes").await;
    }
    stage.joao().runs("event close", json!({"event": "Walk"})).await;
    let list = stage.bea().runs("event list", json!({})).await;
    list.says("1 of 1 coming, 1 waiting").says("0 coming · answers closed");
    stage.ends().await;
}

#[tokio::test]
async fn today_and_yesterday_tell_who_came() {
    let stage = Stage::new().await;
    let tonight = stage.event("Raid", "today 22:00").await;
    stage.event("Walk", "tomorrow 14:00").await;
    stage.zofia().taps(tonight, "Yes").await;
    let today = stage.bea().runs("rsvp today", json!({})).await;
    today.says("Friday 12 March 2027").says("Raid").says("✅ Yes (1): @Zofia");
    assert!(!today.text().contains("Walk"));
    stage.bea().runs("rsvp yesterday", json!({})).await.says("No events on this day");
    stage.passes(24 * 60).await;
    stage.bea().runs("rsvp yesterday", json!({})).await.says("Raid").says("@Zofia");
    stage.bea().runs("rsvp today", json!({})).await.says("Walk").says("Nobody has answered");
    stage.ends().await;
}

#[tokio::test]
async fn mine_lists_my_answers_and_nobody_elses() {
    let stage = Stage::new().await;
    let raid = stage.event_with("Raid", "tomorrow 20:00", json!({"capacity": 1})).await;
    let walk = stage.event("Walk", "sunday 14:00").await;
    stage.zofia().taps(raid, "Yes").await;
    stage.mikko().taps(raid, "Yes").await;
    stage.mikko().taps(walk, "Maybe").await;
    let mine = stage.mikko().runs("rsvp mine", json!({})).await;
    mine.says("✅ Yes (⏳ on the waitlist) · **Raid**").says("❓ Maybe · **Walk**");
    stage.bea().runs("rsvp mine", json!({})).await.says("You have not answered any event");
    stage.ends().await;
}

#[tokio::test]
async fn my_answers_page_too() {
    let stage = Stage::new().await;
    for number in 1..=12 {
        let post =
            stage.event(&format!("Raid {number:02}"), &format!("in {} hours", 24 * number)).await;
        stage.zofia().taps(post, "Yes").await;
    }
    let first = stage.zofia().runs("rsvp mine", json!({})).await;
    first.says("Page 1 of 2").taps("Next").await.says("**Raid 12**");
    stage.ends().await;
}

#[tokio::test]
async fn everybody_chooses_a_zone_of_their_own() {
    let stage = Stage::new().await;
    let zofia = stage.zofia();
    zofia.runs("timezone", json!({})).await.says("Europe/Berlin").says("19:00");
    let chosen = zofia.runs("timezone", json!({"zone": "asia/tokyo"})).await;
    chosen.says("**Asia/Tokyo** from now on, where it is 03:00");
    zofia.runs("timezone", json!({})).await.says("You chose it yourself");
    zofia.runs("timezone", json!({"zone": "Middle Earth"})).await.says("No time zone is called");
    let panel = zofia.runs("timezone", json!({})).await;
    panel.picks("m1:z", &["Europe/London"]).await.says("**Europe/London** from now on");
    stage.mikko().runs("timezone", json!({})).await.says("Europe/Berlin");
    stage.ends().await;
}

#[tokio::test]
async fn the_zone_of_the_server_is_used_where_members_have_none() {
    let stage = Stage::with_zone(None).await;
    let panel = stage.ada().runs("settings", json!({})).await;
    let form = panel.taps("Change").await;
    form.submits(json!({"zone": "Nowhere"})).await.says("No time zone is called");
    panel.taps("Change").await.submits(json!({"zone": "Europe/London"})).await;
    let options = json!({"title": "Raid", "when": "tomorrow 20:00"});
    stage.joao().runs("event create", options).await.says("(Europe/London)");
    stage.ends().await;
}

#[tokio::test]
async fn help_fits_who_asks() {
    let stage = Stage::new().await;
    let manager = stage.ada().runs("help", json!({})).await;
    manager.says("/settings").says("/event create").says("Next step").says("[Settings]");
    let organiser = stage.joao().runs("help", json!({})).await;
    organiser.says("`/event create`").says("`/event list`");
    let member = stage.zofia().runs("help", json!({})).await;
    member.says("`/rsvp mine`");
    assert!(!member.text().contains("/event create"));
    manager.taps("Settings").await.says("## Settings");
    stage.ends().await;
}
