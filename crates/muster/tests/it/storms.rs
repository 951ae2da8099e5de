//! Storms against the whole bot: it does not add to them, goes on where it can, and never ends
//! because of them.

use std::time::{Duration, Instant};

use muster::Exit;
use muster_domain::zone::Zone;
use muster_sim::{Greeting, ScriptedAnswer, SimClock};
use serde_json::json;

use crate::stage::{Stage, friday};

async fn stage() -> Stage {
    let mut stage = Stage::without_bot(SimClock::standing(friday())).await;
    stage.zone = Some(Zone::parse("Europe/Berlin").unwrap());
    stage
}

#[tokio::test]
async fn while_all_requests_are_limited_taps_are_answered_as_ever() {
    for limited in [
        ScriptedAnswer::limited_globally(Duration::from_secs(65)),
        ScriptedAnswer::banned(Duration::from_hours(1)),
    ] {
        let stage = Stage::new().await;
        let raid = stage.event("Raid", "tomorrow 20:00").await;
        for prefix in ["/channels/", "/guilds/"] {
            stage.sim.faults().answer_next(1_000, "*", prefix, limited.clone());
        }
        let options = json!({"title": "Walk", "when": "tomorrow 10:00"});
        stage.joao().runs("event create", options).await;
        for answer in ["Yes", "No", "Yes", "Maybe"] {
            let begun = Instant::now();
            assert!(stage.zofia().taps(raid, answer).await.is_update());
            assert!(begun.elapsed() < Duration::from_secs(1), "{:?}", begun.elapsed());
        }
        let refused = stage.sim.counts().answered_with(429);
        assert!((1..=10).contains(&refused), "{refused} requests into the storm");
        stage.ends().await;
    }
}

#[tokio::test]
async fn a_box_in_front_of_discord_that_refuses_the_start_is_waited_for() {
    let mut stage = stage().await;
    let page = ScriptedAnswer::status(403, json!("<html>Access denied</html>"));
    stage.sim.faults().answer_next(1, "*", "/", page);
    let error = ScriptedAnswer::status(502, json!("<html>Bad gateway</html>"));
    stage.sim.faults().answer_next(1, "*", "/", error);
    stage.starts().await;
    stage.event("Raid", "tomorrow 20:00").await;
    stage.ends().await;
}

#[tokio::test]
async fn a_refused_token_costs_one_request() {
    let mut stage = stage().await;
    let refusal = ScriptedAnswer::status(401, json!({"message": "401: Unauthorized", "code": 0}));
    stage.sim.faults().answer_next(100, "*", "/", refusal);
    stage.begins();
    assert_eq!(stage.bot_ends().await, Err(Exit::TokenRefused));
    let counts = stage.sim.counts();
    assert_eq!((counts.answered_with(401), counts.requests.values().sum::<u64>()), (1, 1));
    stage.ends().await;
}

#[tokio::test]
async fn a_gateway_that_breaks_every_connection_is_dialled_a_few_times_and_then_left_in_peace() {
    for greeting in [Greeting::Close(4000), Greeting::Cut] {
        let stage = Stage::new().await;
        let before = stage.sim.counts().dials;
        stage.sim.faults().gateway().greet_next(1_000, greeting);
        stage.sim.faults().gateway().cut();
        tokio::time::sleep(Duration::from_millis(1_500)).await;
        let dials = stage.sim.counts().dials - before;
        assert!((3..=5).contains(&dials), "{greeting:?}: {dials}");
        stage.ends().await;
    }
}
