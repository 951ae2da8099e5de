//! What a restart must not change, and what the bot finds out after one.

use std::time::Duration;

use serde_json::json;

use crate::stage::{PATIENCE, Stage};

#[tokio::test]
async fn old_buttons_work_after_a_restart_which_resumes_and_registers_nothing_anew() {
    let mut stage = Stage::new().await;
    let raid = stage.event_with("Raid", "tomorrow 20:00", json!({"capacity": 1})).await;
    stage.zofia().taps(raid, "Yes").await;
    let (before, dms) = (stage.sim.counts(), stage.greetings());
    stage.restarts().await;
    assert!(stage.mikko().taps(raid, "Yes").await.is_update());
    stage.shows(raid, "Yes: Zofia | Waitlist: Mikko").await;
    let after = stage.sim.counts();
    assert_eq!((after.identifies, after.resumes), (before.identifies, before.resumes + 1));
    let route = "PUT /applications/{id}/commands";
    assert_eq!((before.requests_to(route), after.requests_to(route)), (1, 1));
    assert_eq!(stage.greetings(), dms, "nobody is greeted twice");
    stage.ends().await;
}

#[tokio::test]
async fn a_form_that_was_open_during_a_restart_can_be_handed_in() {
    let mut stage = Stage::new().await;
    let options = json!({"title": "Raid", "location": "Old bridge"});
    let form = stage.joao().runs("event create", options).await;
    let question = {
        let options = json!({"title": "Walk", "when": "sunday at 8"});
        stage.joao().runs("event create", options).await
    };
    stage.restarts().await;
    let raid = stage.posted(&form.submits(json!({"when": "tomorrow 20:00"})).await).await;
    stage.says(raid, "Where: Old bridge").await;
    question.taps("Sun 14 Mar 2027, 20:00 · in 2 days").await.says("**Walk** is planned.");
    stage.ends().await;
}

#[tokio::test]
async fn what_is_given_up_by_discord_is_not_done_after_a_restart_but_taps_count() {
    let mut stage = Stage::new().await;
    let raid = stage.event("Raid", "tomorrow 20:00").await;
    stage.may_miss = true;
    assert_eq!(stage.stops().await, Some(Ok(())));
    let (joao, zofia) = (stage.joao(), stage.zofia());
    let walk = json!({"title": "Walk", "when": "tomorrow 18:00"});
    let (created, tapped, ()) = tokio::join!(
        joao.runs("event create", walk.clone()),
        zofia.taps(raid, "Yes"),
        stage.passes(1),
    );
    assert!(created.is_failed() && tapped.is_failed());
    stage.starts().await;
    stage.shows(raid, "Yes: Zofia").await;
    // Told that it failed, who wanted an event asked for it again, and has one.
    stage.joao().runs("event create", walk).await.says("**Walk** is planned");
    assert_eq!(stage.counts("SELECT count(*) FROM event WHERE title = 'Walk'"), 1);
    stage.ends().await;
}

#[tokio::test]
async fn a_restart_edits_no_post_that_is_right() {
    let mut stage = Stage::new().await;
    let raid = stage.event("Raid", "tomorrow 20:00").await;
    stage.zofia().taps(raid, "Yes").await;
    let route = "PATCH /channels/{id}/messages/{id}";
    let before = stage.sim.counts().requests_to(route);
    stage.restarts().await;
    stage.passes(1).await;
    assert_eq!(stage.sim.counts().requests_to(route), before);
    stage.ends().await;
}

#[tokio::test]
async fn what_came_due_during_a_stop_is_done_at_the_start() {
    let mut stage = Stage::new().await;
    let raid = stage.event_with("Raid", "in 20 minutes", json!({"duration": "20m"})).await;
    stage.zofia().taps(raid, "Yes").await;
    stage.joao().runs("event create", json!({"title": "Walk", "when": "in 2 hours"})).await;
    let walk = stage.post_of("Walk").await;
    stage.zofia().taps(walk, "Yes").await;
    stage.joao().runs("event cancel", json!({"event": "Walk"})).await;
    stage.says(walk, "Cancelled").await;
    assert_eq!(stage.stops().await, Some(Ok(())));
    stage.passes(45).await;
    stage.starts().await;
    stage.says(raid, "It is over").await;
    stage
        .until("the news", |world| {
            let mut all = world.messages(stage.demo.events);
            all.any(|m| m.content.contains("**Walk**") && m.pings.users.len() == 1).then_some(())
        })
        .await;
    stage.ends().await;
}

#[tokio::test]
async fn a_post_deleted_during_a_stop_is_noticed_and_offered_again_with_its_answers() {
    let mut stage = Stage::new().await;
    let raid = stage.event("Raid", "tomorrow 20:00").await;
    stage.zofia().taps(raid, "Yes").await;
    assert_eq!(stage.stops().await, Some(Ok(())));
    stage.deletes(raid);
    stage.starts().await;
    let panel = stage.until_told("event show", json!({"event": "Raid"}), "[Post again]").await;
    panel.taps("Post again").await.says("is being posted");
    let again = stage.post_of("Raid").await;
    assert_ne!(again, raid);
    stage.shows(again, "Yes: Zofia").await;
    stage.mikko().taps(again, "No").await;
    stage.shows(again, "Yes: Zofia | No: Mikko").await;
    stage.ends().await;
}

#[tokio::test]
async fn a_post_deleted_while_running_is_noticed_at_the_next_edit() {
    let stage = Stage::new().await;
    let raid = stage.event("Raid", "tomorrow 20:00").await;
    stage.deletes(raid);
    let form = stage.joao().runs("event edit", json!({"event": "Raid"})).await;
    form.submits(json!({"title": "Big raid"})).await.says("is changed");
    let named = json!({"event": "Big raid"});
    let panel = stage.until_told("event show", named, "[Post again]").await;
    let forged = panel.button("Post again");
    panel.taps("Post again").await.says("is being posted");
    let again = stage.post_of("Big raid").await;
    stage.until_told("event list", json!({}), "[post]").await;
    stage.forged_tap(&stage.joao(), &forged).await.says("The post is there already");
    assert_eq!(stage.messages(stage.demo.events).len(), 1, "{again}");
    let log = stage.joao().runs("event log", json!({"event": "Big raid"})).await;
    log.says(&format!("had it posted again in <#{}>", stage.demo.events));
    stage.ends().await;
}

#[tokio::test]
async fn a_cut_connection_is_resumed_and_no_tap_is_lost() {
    let stage = Stage::new().await;
    let raid = stage.event("Raid", "tomorrow 20:00").await;
    let before = stage.sim.counts();
    stage.sim.faults().gateway().cut();
    assert!(stage.zofia().taps(raid, "Yes").await.is_update(), "replayed after the resume");
    let after = stage.sim.counts();
    assert_eq!((after.identifies, after.resumes), (before.identifies, before.resumes + 1));
    stage.ends().await;
}

#[tokio::test]
async fn a_session_that_discord_forgot_is_begun_anew() {
    let stage = Stage::new().await;
    let raid = stage.event("Raid", "tomorrow 20:00").await;
    stage.sim.faults().gateway().invalidate(false);
    stage.until_identified().await;
    stage.zofia().taps(raid, "Yes").await;
    stage.shows(raid, "Yes: Zofia").await;
    assert_eq!(stage.sim.counts().identifies, 2);
    stage.ends().await;
}

#[tokio::test]
async fn a_gateway_that_refuses_for_a_while_is_dialled_until_it_takes_the_bot_back() {
    let stage = Stage::new().await;
    let raid = stage.event("Raid", "tomorrow 20:00").await;
    stage.sim.faults().gateway().refuse_dials(Duration::from_millis(300));
    stage.sim.faults().gateway().cut();
    stage.until_back().await;
    stage.zofia().taps(raid, "Yes").await;
    stage.shows(raid, "Yes: Zofia").await;
    let counts = stage.sim.counts();
    assert_eq!((counts.identifies, counts.resumes), (1, 1), "the session outlived it");
    assert!(counts.dials <= 8, "it does not hammer: {}", counts.dials);
    stage.ends().await;
}

#[tokio::test]
async fn an_event_keeps_its_local_time_when_a_new_version_knows_other_rules_of_its_zone() {
    let mut stage = Stage::new().await;
    stage.event("Raid", "tomorrow 20:00").await;
    let start = stage.counts("SELECT starts_at FROM event");
    stage.stops().await;
    // As a version planned it by whose rules its zone is an hour further ahead.
    let db = rusqlite::Connection::open(stage.database()).unwrap();
    db.execute_batch(
        "UPDATE event SET starts_at = starts_at - 3600000, ends_at = ends_at - 3600000,
           ahead_s = ahead_s + 3600;
         UPDATE zone_data SET version = '2020a'",
    )
    .unwrap();
    drop(db);
    stage.starts().await;
    let moved = async {
        while stage.counts("SELECT starts_at FROM event") != start {
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
    };
    tokio::time::timeout(PATIENCE, moved).await.expect("it is at its local time again");
    stage.ends().await;
}
