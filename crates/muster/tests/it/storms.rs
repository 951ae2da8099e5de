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
    let stage = Stage::new().await;
    let raid = stage.event("Raid", "tomorrow 20:00").await;
    let storm = Duration::from_secs(2);
    for (number, answer) in [
        ScriptedAnswer::limited_globally(Duration::from_secs(65)),
        ScriptedAnswer::banned(Duration::from_secs(3_600)),
    ]
    .into_iter()
    .enumerate()
    {
        stage.sim.faults().answer_for(storm, "*", "/channels/", answer.clone());
        stage.sim.faults().answer_for(storm, "*", "/guilds/", answer);
        let before = stage.sim.counts().answered_with(429);
        let title = format!("Walk {number}");
        let options = json!({"title": title, "when": "tomorrow 10:00"});
        stage.joao().runs("event create", options).await;
        for _ in 0..10 {
            let begun = Instant::now();
            assert!(stage.zofia().taps(raid, "Yes").await.is_update());
            assert!(stage.mikko().taps(raid, "No").await.is_update());
            assert!(begun.elapsed() < Duration::from_secs(1), "{:?}", begun.elapsed());
        }
        let refused = stage.sim.counts().answered_with(429) - before;
        assert!(refused <= 10, "{refused} requests into the storm");
        stage.sim.faults().clear();
    }
    stage.ends().await;
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
async fn a_gateway_that_closes_after_hello_is_dialled_five_times_and_then_left_in_peace() {
    for greeting in [Greeting::Close(4000), Greeting::Cut] {
        let mut stage = stage().await;
        stage.sim.faults().gateway().greet_next(1_000, greeting);
        stage.begins();
        let dials = async {
            while stage.sim.counts().dials < 5 {
                tokio::time::sleep(Duration::from_millis(5)).await;
            }
        };
        let waited = tokio::time::timeout(Duration::from_secs(60), dials).await;
        assert!(waited.is_ok(), "{:?}", stage.sim.counts());
        tokio::time::sleep(Duration::from_secs(1)).await;
        assert_eq!(stage.sim.counts().dials, 5, "{greeting:?}");
        stage.ends().await;
    }
}
