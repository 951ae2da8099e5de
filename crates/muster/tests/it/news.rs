//! Who is told what, when, and how often.

use muster_sim::ids::UserId;
use muster_sim::world::{Message, Pings};
use serde_json::json;

use crate::people::Person;
use crate::stage::Stage;

/// The messages in `#events` that are not posts.
fn told(stage: &Stage) -> Vec<Message> {
    let all = stage.messages(stage.demo.events);
    all.into_iter().filter(|message| message.embeds.is_empty()).collect()
}

/// Waits for the one piece of news, and checks that it pings just these.
async fn one_is_told(stage: &Stage, what: &str, whom: &[Person]) {
    let events = stage.demo.events;
    stage
        .until(what, |world| {
            let mut all = world.messages(events).filter(|message| message.only_for.is_none());
            all.any(|message| message.content.contains(what)).then_some(())
        })
        .await;
    let told = told(stage);
    assert_eq!(told.len(), 1, "told once: {told:?}");
    let users = whom.iter().map(Person::id).collect::<std::collections::BTreeSet<UserId>>();
    assert_eq!(told[0].pings, Pings { users, ..Pings::default() });
}

async fn four_answer(stage: &Stage, raid: muster_sim::ids::MessageId) -> [Person; 3] {
    let [yes, no, maybe] = [stage.zofia(), stage.mikko(), stage.bea()];
    let mobile = stage.newcomer("mobile");
    for (who, label) in [(&yes, "Yes"), (&no, "No"), (&maybe, "Maybe"), (&mobile, "Mobile")] {
        who.taps(raid, label).await;
    }
    [yes, maybe, mobile]
}

#[tokio::test]
async fn the_promoted_are_told_at_once_in_the_channel_and_nobody_else() {
    let stage = Stage::new().await;
    let raid = stage.event_with("Raid", "tomorrow 20:00", json!({"capacity": 1})).await;
    for who in [stage.zofia(), stage.mikko(), stage.bea()] {
        who.taps(raid, "Yes").await;
    }
    stage.zofia().taps(raid, "No").await;
    one_is_told(&stage, "You have a place now", &[stage.mikko()]).await;
    stage.passes(5).await;
    assert_eq!(told(&stage).len(), 1, "once");
    stage.ends().await;
}

#[tokio::test]
async fn who_loses_a_place_is_told_after_second_thoughts() {
    let stage = Stage::new().await;
    let raid = stage.event_with("Raid", "tomorrow 20:00", json!({"capacity": 2})).await;
    for who in [stage.zofia(), stage.mikko()] {
        who.taps(raid, "Yes").await;
    }
    let fewer = json!({"capacity": "1"});
    let form = stage.joao().runs("event edit", json!({"event": "Raid"})).await;
    form.submits(fewer.clone()).await.says("1 member moved to the waitlist").taps("Undo").await;
    stage.a_moment_passes().await;
    assert!(told(&stage).is_empty(), "nobody had heard of it: {:?}", told(&stage));
    let form = stage.joao().runs("event edit", json!({"event": "Raid"})).await;
    form.submits(fewer).await;
    stage.a_moment_passes().await;
    one_is_told(&stage, "You no longer have a place", &[stage.mikko()]).await;
    stage.ends().await;
}

#[tokio::test]
async fn a_move_is_told_once_to_those_who_may_come_after_second_thoughts() {
    let stage = Stage::new().await;
    let raid = stage.event("Raid", "tomorrow 20:00").await;
    let coming = four_answer(&stage, raid).await;
    let form = stage.joao().runs("event edit", json!({"event": "Raid"})).await;
    form.submits(json!({"when": "tomorrow 21:00"})).await.says("are told of the new time");
    assert!(told(&stage).is_empty(), "a moment for second thoughts");
    stage.a_moment_passes().await;
    one_is_told(&stage, "**Raid** has a new time: <t:1804968000:F>", &coming).await;
    stage.passes(5).await;
    assert_eq!(told(&stage).len(), 1, "once");
    stage.ends().await;
}

#[tokio::test]
async fn a_cancellation_is_told_once_to_those_who_may_come() {
    let stage = Stage::new().await;
    let raid = stage.event("Raid", "tomorrow 20:00").await;
    let coming = four_answer(&stage, raid).await;
    stage.joao().runs("event cancel", json!({"event": "Raid"})).await;
    stage.a_moment_passes().await;
    one_is_told(&stage, "is cancelled", &coming).await;
    stage.ends().await;
}

#[tokio::test]
async fn who_cancels_and_takes_it_back_at_once_disturbs_nobody() {
    let stage = Stage::new().await;
    let raid = stage.event("Raid", "tomorrow 20:00").await;
    four_answer(&stage, raid).await;
    let seen = stage.joao().runs("event cancel", json!({"event": "Raid"})).await;
    seen.taps("Undo").await.says("takes place after all");
    stage.passes(5).await;
    assert!(told(&stage).is_empty(), "{:?}", told(&stage));
    stage.ends().await;
}

#[tokio::test]
async fn who_moves_it_there_and_back_at_once_disturbs_nobody() {
    let stage = Stage::new().await;
    let raid = stage.event("Raid", "tomorrow 20:00").await;
    four_answer(&stage, raid).await;
    for when in ["tomorrow 21:00", "tomorrow 20:00"] {
        let form = stage.joao().runs("event edit", json!({"event": "Raid"})).await;
        form.submits(json!({"when": when})).await;
    }
    stage.passes(5).await;
    assert!(told(&stage).is_empty(), "{:?}", told(&stage));
    stage.ends().await;
}

#[tokio::test]
async fn who_moves_it_twice_is_heard_once_with_the_last_word() {
    let stage = Stage::new().await;
    let raid = stage.event("Raid", "tomorrow 20:00").await;
    let coming = four_answer(&stage, raid).await;
    for when in ["tomorrow 21:00", "tomorrow 22:00"] {
        let form = stage.joao().runs("event edit", json!({"event": "Raid"})).await;
        form.submits(json!({"when": when})).await;
    }
    stage.a_moment_passes().await;
    one_is_told(&stage, "<t:1804971600:F>", &coming).await;
    stage.ends().await;
}

#[tokio::test]
async fn an_event_that_is_cancelled_and_later_takes_place_after_all_is_told_twice() {
    let stage = Stage::new().await;
    let raid = stage.event("Raid", "tomorrow 20:00").await;
    stage.zofia().taps(raid, "Yes").await;
    let seen = stage.joao().runs("event cancel", json!({"event": "Raid"})).await;
    stage.passes(5).await;
    one_is_told(&stage, "is cancelled", &[stage.zofia()]).await;
    seen.taps("Undo").await;
    stage.passes(5).await;
    stage
        .until("both", |world| {
            (world
                .messages(stage.demo.events)
                .filter(|message| message.only_for.is_none() && message.embeds.is_empty())
                .count()
                == 2)
                .then_some(())
        })
        .await;
    assert!(told(&stage)[1].content.contains("takes place after all"));
    stage.ends().await;
}

#[tokio::test]
async fn a_new_title_or_place_is_no_news() {
    let stage = Stage::new().await;
    let raid = stage.event("Raid", "tomorrow 20:00").await;
    stage.zofia().taps(raid, "Yes").await;
    let form = stage.joao().runs("event edit", json!({"event": "Raid"})).await;
    form.submits(json!({"title": "Big raid", "capacity": "5"})).await;
    stage.passes(5).await;
    assert!(told(&stage).is_empty());
    stage.ends().await;
}

#[tokio::test]
async fn the_role_is_mentioned_once_with_the_post_and_by_no_edit() {
    let stage = Stage::new().await;
    let lanterns = stage.role("Lanterns");
    let settings = stage.ada().runs("settings", json!({})).await;
    settings.picks("m1:Sm", &[&lanterns.to_string()]).await;
    let raid = stage.event("Raid", "tomorrow 20:00").await;
    let message = stage.sim.world(|world| world.message(raid).unwrap().clone());
    assert!(message.pings.roles.contains(&lanterns));
    let form = stage.joao().runs("event edit", json!({"event": "Raid"})).await;
    form.submits(json!({"title": "Big raid"})).await;
    stage.says(raid, "Big raid").await;
    stage.passes(5).await;
    assert_eq!(stage.messages(stage.demo.events).len(), 1);
    stage.ends().await;
}

#[tokio::test]
async fn show_event_under_the_news_opens_the_event() {
    let stage = Stage::new().await;
    let raid = stage.event("Raid", "tomorrow 20:00").await;
    stage.zofia().taps(raid, "Yes").await;
    stage.joao().runs("event cancel", json!({"event": "Raid"})).await;
    stage.a_moment_passes().await;
    one_is_told(&stage, "is cancelled", &[stage.zofia()]).await;
    stage.zofia().taps(told(&stage)[0].id, "Show event").await.says("Cancelled: Raid");
    stage.ends().await;
}
