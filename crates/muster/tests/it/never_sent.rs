//! What Discord certainly has not taken goes out later, whatever happened to it before.

use std::time::Duration;

use muster::Exit;
use muster_sim::ids::UserId;
use muster_sim::world::{OverwriteTarget, Permissions};
use muster_sim::{ScriptedAnswer, SimClock};
use serde_json::json;

use crate::child::Program;
use crate::stage::Stage;

/// News that a place became free, of which a channel's bucket does not take as many at once.
const PROMOTIONS: usize = 9;

fn token_was_reset() -> ScriptedAnswer {
    ScriptedAnswer::status(401, json!({"message": "401: Unauthorized", "code": 0}))
}

fn news(stage: &Stage) -> usize {
    let messages = stage.messages(stage.demo.events);
    messages.iter().filter(|message| message.content.contains("You have a place")).count()
}

async fn news_are(stage: &Stage, wanted: usize) {
    for _ in 0..250 {
        if news(stage) == wanted {
            return;
        }
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
    panic!("{} of {wanted} news were sent", news(stage));
}

#[tokio::test]
async fn a_token_that_is_reset_costs_no_news() {
    let mut stage = Stage::new().await;
    let raid = stage.event_with("Raid", "tomorrow 20:00", json!({"capacity": 1})).await;
    stage.zofia().taps(raid, "Yes").await;
    stage.mikko().taps(raid, "Yes").await;
    stage.sim.faults().answer_next(1, "POST", "/channels/", token_was_reset());
    stage.zofia().taps(raid, "No").await;
    assert_eq!(stage.bot_ends().await, Err(Exit::TokenRefused));
    // The operator has given it the new token.
    stage.starts().await;
    stage.passes(10).await;
    news_are(&stage, 1).await;
    stage.may_miss = true;
    stage.ends().await;
}

#[tokio::test]
async fn a_token_that_is_reset_costs_no_event() {
    let mut stage = Stage::new().await;
    stage.sim.faults().answer_next(1, "POST", "/channels/", token_was_reset());
    let options = json!({"title": "Raid", "when": "tomorrow 20:00"});
    drop(stage.joao().runs("event create", options).await);
    assert_eq!(stage.bot_ends().await, Err(Exit::TokenRefused));
    stage.starts().await;
    stage.passes(2).await;
    stage.until_told("event list", json!({}), "[post]").await;
    assert_eq!(stage.messages(stage.demo.events).len(), 1);
    stage.may_miss = true;
    stage.ends().await;
}

/// Two members pass one place to and fro, with nobody allowed to look through the channel's
/// history: whatever may have been sent could not be sent again.
async fn many_are_promoted(stage: &Stage) {
    let raid = stage.event_with("Raid", "tomorrow 20:00", json!({"capacity": 1})).await;
    let bot = UserId::new(stage.demo.app.get());
    let hidden = Permissions::READ_MESSAGE_HISTORY;
    stage.denies(stage.demo.events, OverwriteTarget::Member(bot), hidden);
    let pair = [stage.zofia(), stage.mikko()];
    for member in &pair {
        member.taps(raid, "Yes").await;
    }
    for member in pair.iter().cycle().take(PROMOTIONS) {
        member.taps(raid, "No").await;
        member.taps(raid, "Yes").await;
    }
    tokio::time::sleep(Duration::from_millis(350)).await;
}

#[tokio::test]
async fn news_that_waited_for_their_turn_are_no_attempt_after_a_kill() {
    let mut stage = Stage::without_bot(SimClock::real()).await;
    let url = stage.sim.url();
    let variables = [
        ("DISCORD_API_URL", url.as_str()),
        ("DEFAULT_TIMEZONE", "Europe/Berlin"),
        ("RATE_LIMIT_TAPS", "off"),
    ];
    let program = Program::starts(&stage.folder(), &variables);
    stage.is_online().await;
    many_are_promoted(&stage).await;
    assert!(news(&stage) < PROMOTIONS, "some wait for their bucket");
    drop(program.killed().await);
    let program = Program::starts(&stage.folder(), &variables);
    news_are(&stage, PROMOTIONS).await;
    program.is_asked_to_end();
    let ended = program.ends().await;
    assert!(!ended.said.contains("ERROR"), "{}", ended.said);
    stage.may_miss = true;
    stage.ends().await;
}
