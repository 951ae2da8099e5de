//! SIGTERM in the middle of something: it is finished, nothing complains, and nothing is done twice.

use std::time::Duration;

use muster_sim::{ScriptedAnswer, SimClock};
use serde_json::json;

use crate::child::Program;
use crate::stage::Stage;

/// Long enough to be asked to end meanwhile.
const SLOW: Duration = Duration::from_millis(900);

const EDITS: &str = "PATCH /channels/{id}/messages/{id}";

#[tokio::test]
async fn a_post_under_way_is_finished_in_order_and_not_sent_again() {
    let mut stage = Stage::without_bot(SimClock::real()).await;
    let url = stage.sim.url();
    let variables = [
        ("DISCORD_API_URL", url.as_str()),
        ("DEFAULT_TIMEZONE", "Europe/Berlin"),
        // How full or busy the machine is would be warned of, too, and is not what this is about.
        ("ENABLE_RESOURCE_MONITORING", "false"),
    ];
    let program = Program::starts(&stage.folder(), &variables);
    stage.is_online().await;
    let posts = format!("/channels/{}/messages", stage.demo.events);
    stage.sim.faults().answer_next(1, "POST", &posts, ScriptedAnswer::delay(SLOW));
    let (joao, options) = (stage.joao(), json!({"title": "Raid", "when": "tomorrow 20:00"}));
    let end = async {
        tokio::time::sleep(SLOW / 3).await;
        program.is_asked_to_end();
        program.ends().await
    };
    let (seen, ended) = tokio::join!(joao.runs("event create", options), end);
    seen.says("is planned.");
    assert_eq!(ended.status, Some(0), "{}", ended.said);
    assert!(ended.said.contains("ended in order"), "{}", ended.said);
    assert!(!ended.said.contains("WARN") && !ended.said.contains("ERROR"), "{}", ended.said);

    stage.starts().await;
    stage.passes(3).await;
    stage.until_told("event list", json!({}), "[post]").await;
    assert_eq!(stage.messages(stage.demo.events).len(), 1);
    stage.ends().await;
}

#[tokio::test]
async fn an_edit_under_way_is_finished_and_not_made_again() {
    let mut stage = Stage::new().await;
    let raid = stage.event("Raid", "tomorrow 20:00").await;
    let posts = format!("/channels/{}/messages", stage.demo.events);
    stage.sim.faults().answer_next(1, "PATCH", &posts, ScriptedAnswer::delay(SLOW));
    let form = stage.joao().runs("event edit", json!({"event": "Raid"})).await;
    form.submits(json!({"title": "Big raid"})).await.says("is changed");
    tokio::time::sleep(SLOW / 2).await;
    assert!(!stage.reads(raid).contains("Big raid"), "it is under way");
    assert_eq!(stage.stops().await, Some(Ok(())));
    assert!(stage.reads(raid).contains("Big raid"), "it was waited for");
    let before = stage.sim.counts().requests_to(EDITS);
    stage.starts().await;
    stage.passes(1).await;
    assert_eq!(stage.sim.counts().requests_to(EDITS), before);
    stage.ends().await;
}

#[tokio::test]
async fn an_idle_bot_ends_at_once() {
    let mut stage = Stage::new().await;
    stage.event("Raid", "tomorrow 20:00").await;
    let asked = std::time::Instant::now();
    assert_eq!(stage.stops().await, Some(Ok(())));
    assert!(asked.elapsed() < Duration::from_secs(2), "{:?}", asked.elapsed());
    stage.ends().await;
}
