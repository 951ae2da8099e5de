//! The context menus of messages and members.

use serde_json::json;

use crate::people::{Person, Seen};
use crate::stage::Stage;

impl Person {
    /// Uses a command of the context menu.
    async fn uses_on(&self, target: u64, name: &str) -> Seen {
        let outcome = self.user.context_command(self.at, name, target).await;
        let outcome = outcome.unwrap_or_else(|error| panic!("{name}: {error}"));
        self.saw(outcome.answer, None)
    }
}

#[tokio::test]
async fn event_log_on_a_post_shows_its_log_to_organisers() {
    let stage = Stage::new().await;
    stage.event("Walk", "tomorrow 10:00").await;
    let raid = stage.event("Raid", "tomorrow 20:00").await;
    stage.zofia().taps(raid, "Yes").await;
    let log = stage.joao().uses_on(raid.get(), "Event log").await;
    log.says("Log of Raid").says("@Zofia answered **Yes**");
    stage.zofia().uses_on(raid.get(), "Event log").await.says("Only organisers");
    stage.ends().await;
}

#[tokio::test]
async fn event_log_works_on_a_post_that_has_no_buttons_any_more() {
    let stage = Stage::new().await;
    let raid = stage.event("Raid", "tomorrow 20:00").await;
    stage.joao().runs("event cancel", json!({"event": "Raid"})).await;
    stage.says(raid, "Cancelled: Raid").await;
    assert!(!stage.reads(raid).contains('['), "no buttons");
    stage.joao().uses_on(raid.get(), "Event log").await.says("@João cancelled it");
    stage.zofia().uses_on(raid.get(), "Event log").await.says("Only organisers");
    stage.ends().await;
}

#[tokio::test]
async fn event_log_on_news_shows_the_log_of_their_event() {
    let stage = Stage::new().await;
    let raid = stage.event("Raid", "tomorrow 20:00").await;
    stage.zofia().taps(raid, "Yes").await;
    stage.joao().runs("event cancel", json!({"event": "Raid"})).await;
    stage.a_moment_passes().await;
    let news = stage
        .until("the news", |world| {
            let all = world.messages(stage.demo.events);
            let mut all = all.filter(|message| message.only_for.is_none());
            all.find(|message| message.content.contains("is cancelled")).map(|message| message.id)
        })
        .await;
    stage.joao().uses_on(news.get(), "Event log").await.says("@João cancelled it");
    stage.ends().await;
}

#[tokio::test]
async fn event_log_on_another_message_says_that_it_is_about_no_event() {
    let stage = Stage::new().await;
    let joao = stage.joao();
    let hello = stage.sim.world(|world| world.seed_message(joao.at, joao.id(), "Hello").unwrap());
    joao.uses_on(hello.get(), "Event log").await.says(
        "That message does not belong to an event \
         of mine",
    );
    let raid = stage.event("Raid", "tomorrow 20:00").await;
    let key = stage.key(raid);
    let button = json!({"type": 2, "id": 2, "style": 2, "label": "x", "custom_id": "elsewhere"});
    let foreign = stage.forges(joao.at, &button);
    joao.uses_on(foreign.get(), "Event log").await.says("does not belong to an event of mine");
    // Whoever copies a mark of ours into another server finds nothing there.
    let ada = stage.ada().goes_to(stage.boathouse());
    let button =
        json!({"type": 2, "id": 2, "style": 2, "label": "x", "custom_id": format!("m1:m:{key}")});
    let copied = stage.forges(ada.at, &button);
    ada.uses_on(copied.get(), "Event log").await.says("There is no such event here");
    stage.ends().await;
}

#[tokio::test]
async fn attendance_counts_what_a_member_answered_and_lists_it() {
    let stage = Stage::new().await;
    let walk = stage.event_with("Walk", "in 10 minutes", json!({"duration": "5m"})).await;
    let talk = stage.event_with("Talk", "in 11 minutes", json!({"duration": "5m"})).await;
    stage.event_with("Chess", "in 12 minutes", json!({"duration": "5m"})).await;
    let raid = stage.event("Raid", "tomorrow 20:00").await;
    let (zofia, joao) = (stage.zofia(), stage.joao());
    for (post, answer) in [(walk, "Yes"), (talk, "Maybe"), (raid, "No")] {
        zofia.taps(post, answer).await;
    }
    stage.passes(30).await;
    let seen = joao.uses_on(zofia.id().get(), "Attendance").await;
    seen.says("3 events: **1** coming, **1** maybe, **1** not answered.");
    let events: Vec<_> =
        seen.text().split("**").filter(|t| ["Raid", "Talk", "Walk"].contains(t)).collect();
    assert_eq!(events, ["Raid", "Talk", "Walk"], "the latest first");
    zofia.uses_on(zofia.id().get(), "Attendance").await.says("**1** coming");
    let refused = zofia.uses_on(joao.id().get(), "Attendance").await;
    refused.says("Only organisers");
    let forged = format!("m1:ap:{}:0", base36(joao.id().get()));
    stage.forged_tap(&zofia, &forged).await.says("Only organisers");
    let ada = stage.ada().goes_to(stage.boathouse());
    ada.uses_on(ada.id().get(), "Attendance").await.says("no events.");
    stage.ends().await;
}

fn base36(number: u64) -> String {
    let digit = |n: u64| char::from_digit(u32::try_from(n % 36).unwrap(), 36).unwrap();
    let mut digits = Vec::new();
    let mut rest = number;
    while rest > 0 {
        digits.push(digit(rest));
        rest /= 36;
    }
    digits.into_iter().rev().collect()
}
