//! Reminders: the right people, at the right second, once.

use muster_domain::limits::REMINDERS_MAX;
use muster_sim::ids::UserId;
use muster_sim::world::{Message, Pings};
use serde_json::{Value, json};

use crate::people::{Person, Seen};
use crate::stage::Stage;

/// What the bot reminded of in `#events`, oldest first.
pub(crate) fn reminders(stage: &Stage) -> Vec<Message> {
    let all = stage.messages(stage.demo.events);
    all.into_iter().filter(|message| message.content.starts_with("Reminder:")).collect()
}

impl Stage {
    /// Waits until there are so many reminders in `#events`.
    pub(crate) async fn reminded(&self, count: usize) -> Vec<Message> {
        let events = self.demo.events;
        self.until(&format!("{count} reminders"), |world| {
            let all = world.messages(events).filter(|m| m.content.starts_with("Reminder:"));
            (all.count() == count).then_some(())
        })
        .await;
        reminders(self)
    }
}

pub(crate) fn pings(whom: &[&Person]) -> Pings {
    let users = whom.iter().map(|who| who.id()).collect::<std::collections::BTreeSet<UserId>>();
    Pings { users, ..Pings::default() }
}

/// No reminders but these.
pub(crate) async fn only(stage: &Stage, all: &[Value]) {
    for usual in ["at 16:00", "1h before", "15m before"] {
        stage.joao().runs("reminders remove", json!({"reminder": usual})).await.says("is removed");
    }
    for one in all {
        stage.joao().runs("reminders add", one.clone()).await.says("The reminder is added.");
    }
}

#[tokio::test]
async fn the_usual_reminders_come_once_each_to_those_who_come_or_may_come() {
    let stage = Stage::new().await;
    // The story begins on Friday at 19:00.
    let raid = stage.event("Raid", "tomorrow 20:00").await;
    let (zofia, mikko, bea) = (stage.zofia(), stage.mikko(), stage.bea());
    for (who, answer) in [(&zofia, "Yes"), (&mikko, "Maybe"), (&bea, "No")] {
        who.taps(raid, answer).await;
    }
    stage.passes(21 * 60 - 1).await;
    assert_eq!(reminders(&stage).len(), 0, "not before its time");
    stage.passes(2).await;
    let first = stage.reminded(1).await.remove(0);
    assert_eq!(first.pings, pings(&[&zofia, &mikko]));
    assert!(first.content.contains("**Raid**"), "{}", first.content);
    stage.passes(3 * 60).await;
    stage.reminded(2).await;
    stage.passes(45).await;
    stage.reminded(3).await;
    stage.passes(60).await;
    assert_eq!(reminders(&stage).len(), 3, "nothing more");
    stage.ends().await;
}

#[tokio::test]
async fn who_waits_for_a_place_is_reminded_and_told_so() {
    let stage = Stage::new().await;
    only(&stage, &[json!({"when": "1h before"})]).await;
    let raid = stage.event_with("Raid", "tomorrow 20:00", json!({"capacity": 1})).await;
    let (zofia, mikko) = (stage.zofia(), stage.mikko());
    for who in [&zofia, &mikko] {
        who.taps(raid, "Yes").await;
    }
    stage.passes(24 * 60 + 1).await;
    let reminder = stage.reminded(1).await.remove(0);
    assert_eq!(reminder.pings, pings(&[&zofia, &mikko]));
    let (zofia, mikko) = (zofia.id(), mikko.id());
    let says = format!("\n<@{zofia}>\nWithout a place: <@{mikko}>");
    assert!(reminder.content.ends_with(&says), "{}", reminder.content);
    stage.ends().await;
}

#[tokio::test]
async fn what_is_moved_is_reminded_of_at_its_new_time_and_what_is_cancelled_is_not() {
    let stage = Stage::new().await;
    let raid = stage.event("Raid", "tomorrow 20:00").await;
    stage.zofia().taps(raid, "Yes").await;
    let form = stage.joao().runs("event edit", json!({"event": "Raid"})).await;
    form.submits(json!({"when": "tomorrow 22:00"})).await.says("are told of the new time");
    stage.passes(21 * 60 + 1).await;
    stage.reminded(1).await;
    stage.passes(3 * 60 + 30).await;
    assert_eq!(reminders(&stage).len(), 1, "not at what was an hour before");
    stage.passes(90).await;
    stage.reminded(2).await;
    stage.joao().runs("event cancel", json!({"event": "Raid"})).await;
    stage.passes(120).await;
    assert_eq!(reminders(&stage).len(), 2, "cancelled is cancelled");
    stage.ends().await;
}

#[tokio::test]
async fn what_was_due_while_the_bot_was_away_comes_while_it_is_worth_it() {
    let mut stage = Stage::new().await;
    let raid = stage.event("Raid", "tomorrow 20:00").await;
    stage.zofia().taps(raid, "Yes").await;
    stage.stops().await;
    stage.passes(24 * 60 + 30).await;
    stage.starts().await;
    // At 19:30 those of 16:00 and 19:00 are late and worth it.
    stage.reminded(2).await;
    stage.stops().await;
    stage.passes(60).await;
    stage.starts().await;
    stage.passes(30).await;
    assert_eq!(reminders(&stage).len(), 2, "nobody is reminded of what has begun");
    stage.ends().await;
}

#[tokio::test]
async fn an_organiser_chooses_the_reminders_of_all_events_and_of_one() {
    let stage = Stage::new().await;
    let joao = stage.joao();
    joao.runs("reminders view", json!({})).await.says("These are the default reminders.");
    only(&stage, &[json!({"when": "30 minutes", "text": "Bring *rope*."})]).await;
    let raid = stage.event("Raid", "tomorrow 18:00").await;
    stage.event("Walk", "tomorrow 20:00").await;
    stage.zofia().taps(raid, "Yes").await;
    let panel = joao.runs("reminders view", json!({"event": "Raid"})).await;
    panel.says("uses the reminders of all events here").says("30m before").says("Bring");
    let own = json!({"event": "Raid", "when": "at the start", "audience": "everyone"});
    stage.ada().runs("reminders add", own).await.says("This event has its own reminders.");
    let log = joao.runs("event log", json!({"event": "Raid"})).await;
    log.says("Ada changed its reminders");
    stage.passes(22 * 60 + 31).await;
    let first = stage.reminded(1).await.remove(0);
    let text = first.embeds[0]["description"].as_str().unwrap().to_owned();
    assert!(text.contains("Bring *rope*."), "{text}");
    stage.passes(30).await;
    let second = stage.reminded(2).await.remove(1);
    // The bot itself may not mention everyone here, and says who was meant.
    assert!(second.content.contains("@everyone"), "{second:?}");
    let panel = joao.runs("reminders view", json!({"event": "Walk"})).await;
    panel.says("30m before");
    let reset = joao.runs("reminders reset", json!({})).await;
    reset.says("at 16:00").says("1h before").says("15m before");
    stage.ends().await;
}

#[tokio::test]
async fn what_would_have_been_due_before_it_was_added_is_not_made_up_for() {
    let stage = Stage::new().await;
    only(&stage, &[]).await;
    let raid = stage.event("Raid", "today 21:00").await;
    stage.zofia().taps(raid, "Yes").await;
    stage.joao().runs("reminders add", json!({"when": "3h before"})).await;
    stage.joao().runs("reminders add", json!({"when": "5m before"})).await;
    stage.passes(60).await;
    assert_eq!(reminders(&stage).len(), 0);
    stage.passes(56).await;
    stage.reminded(1).await;
    stage.ends().await;
}

#[tokio::test]
async fn those_who_came_before_and_have_not_answered_are_reminded() {
    let stage = Stage::new().await;
    only(&stage, &[json!({"when": "1h before", "audience": "unanswered"})]).await;
    let (zofia, mikko, bea) = (stage.zofia(), stage.mikko(), stage.bea());
    let first = stage.event("First", "today 20:00").await;
    for (who, answer) in [(&zofia, "Yes"), (&mikko, "Yes"), (&bea, "No")] {
        who.taps(first, answer).await;
    }
    stage.passes(4 * 60).await;
    assert_eq!(reminders(&stage).len(), 0, "nobody came before");
    let raid = stage.event("Raid", "tomorrow 20:00").await;
    zofia.taps(raid, "No").await;
    stage.passes(20 * 60 + 1).await;
    let reminded = stage.reminded(1).await.remove(0);
    assert_eq!(reminded.pings, pings(&[&mikko]));
    stage.ends().await;
}

#[tokio::test]
async fn wrong_reminders_are_refused_in_words() {
    let stage = Stage::new().await;
    let (joao, zofia) = (stage.ada(), stage.zofia());
    zofia.runs("reminders view", json!({})).await.says("Only organisers can do this");
    for (wrong, says) in [
        (json!({"when": "soon"}), "\"soon\" is not a time for a reminder"),
        (json!({"when": "at 4"}), "can be in the morning or in the evening"),
        (json!({"when": "15m before"}), "There is such a reminder already."),
        (json!({"when": "2h", "audience": "everyone", "place": "direct"}), "Choose the channel"),
        (json!({"when": "2h", "event": "Nothing"}), "does not name just one event"),
    ] {
        joao.runs("reminders add", wrong).await.says(says);
    }
    joao.runs("reminders remove", json!({"reminder": "2h"})).await.says("no such reminder");
    let names: Vec<_> = joao.types("reminders remove", "reminder", "").await;
    assert_eq!(names.len(), 3);
    let picked = joao.runs("reminders remove", json!({"reminder": names[1].value})).await;
    picked.says("The reminder **1h before** is removed.");
    assert_eq!(joao.types("reminders add", "when", "90").await.len(), 0);
    assert_eq!(joao.types("reminders add", "when", "90m").await[0].value, "1h 30m before");
    stage.ends().await;
}

#[tokio::test]
async fn the_panel_of_an_event_removes_and_goes_back() {
    let stage = Stage::new().await;
    let raid = stage.event("Raid", "tomorrow 20:00").await;
    let panel = stage.joao().taps(raid, "⋯").await.taps("Reminders").await;
    panel.says("at 16:00").says("1h before");
    let after = panel.taps("Remove").await;
    after.says("is removed").says("This event has its own reminders.");
    after.taps("Use those of all events").await.says("at 16:00");
    stage.ends().await;
}

#[tokio::test]
async fn a_reminder_comes_by_direct_message_to_those_who_want_that() {
    let stage = Stage::new().await;
    only(&stage, &[json!({"when": "1h before", "place": "direct"})]).await;
    let raid = stage.event("Raid", "tomorrow 20:00").await;
    let (zofia, mikko) = (stage.zofia(), stage.mikko());
    for who in [&zofia, &mikko] {
        who.taps(raid, "Yes").await;
    }
    zofia.taps(raid, "⋯").await.taps("My answer").await.taps("Message me, too").await;
    stage.passes(24 * 60 + 1).await;
    let (bot, who) = (UserId::new(stage.demo.app.get()), zofia.id());
    stage
        .until("the direct message", |world| {
            let mut dms = world.dms_of(bot).filter(|dm| dm.recipients.contains(&who));
            let says = |m: &Message| m.content.starts_with("Reminder: **Raid**");
            dms.any(|dm| dm.messages.values().any(says)).then_some(())
        })
        .await;
    assert_eq!(reminders(&stage).len(), 0, "nothing in the channel");
    stage.ends().await;
}

#[tokio::test]
async fn more_reminders_than_a_page_holds_are_turned_removed_and_brought_back() {
    let stage = Stage::new().await;
    let (joao, raid) = (stage.joao(), json!("Raid"));
    stage.event("Raid", "tomorrow 20:00").await;
    // With the usual three, fourteen: the first of them is the earliest.
    for hours in (2..=12).rev() {
        let one = json!({"event": raid, "when": format!("{hours}h before")});
        let added = joao.runs("reminders add", one).await;
        added.says("The reminder is added.").says(&format!("**{hours}h before**"));
    }
    let first = joao.runs("reminders view", json!({"event": raid})).await;
    first.says("14 reminders, earliest first · page 1 of 2").says("**12h before**");
    assert!(!first.text().contains("**15m before**"), "{}", first.text());
    let second = first.taps("Next").await;
    second.says("page 2 of 2").says("**15m before**");
    let removed = second.taps("Remove").await;
    removed.says("is removed").says("13 reminders, earliest first · page 2 of 2");
    // Also from another page.
    let undone = removed.taps("Previous").await.taps("Undo").await;
    undone.says("as before that change").says("14 reminders, earliest first · page 1 of 2");
    let again = undone.taps("Next").await;
    assert_eq!(words_of(&again), words_of(&second));
    let undone = again.taps("Remove").await.taps("Undo").await;
    undone.says("as before that change").says("page 2 of 2");
    assert_eq!(words_of(&undone), words_of(&second));
    let typed = joao
        .types_in("reminders remove", "reminder", json!({"event": raid, "reminder": "11h"}))
        .await;
    assert_eq!(typed.len(), 1);
    let remove = json!({"event": raid, "reminder": typed[0].value});
    joao.runs("reminders remove", remove).await.says("The reminder **11h before** is removed.");
    stage.ends().await;
}

/// The reminders that a panel shows.
fn words_of(panel: &Seen) -> Vec<String> {
    let lines = panel.text().lines().filter(|line| line.starts_with("**"));
    lines.map(ToOwned::to_owned).collect()
}

#[tokio::test]
async fn as_many_as_there_can_be_are_each_due_once() {
    let stage = Stage::new().await;
    let joao = stage.joao();
    let raid = stage.event("Raid", "tomorrow 20:00").await;
    stage.zofia().taps(raid, "Yes").await;
    // With the usual three. Discord takes only so many messages, and nobody wants the direct ones.
    let (mut posted, added) = (3, REMINDERS_MAX - 3);
    for number in 1..=added {
        let is_posted = number % 10 == 0;
        posted += usize::from(is_posted);
        let place = if is_posted { "thread" } else { "direct" };
        let when = format!("{}m before", 100 + number);
        let one = json!({"event": "Raid", "when": when, "place": place});
        joao.runs("reminders add", one).await.says("The reminder is added.");
    }
    let one_more = json!({"event": "Raid", "when": "2m before"});
    joao.runs("reminders add", one_more).await.says("There are 50 reminders already.");
    let names = joao
        .types_in("reminders remove", "reminder", json!({"event": "Raid", "reminder": ""}))
        .await;
    assert_eq!(names.len(), 25);
    stage.passes(24 * 60 + 30).await;
    stage.reminded(posted - 1).await;
    stage.passes(16).await;
    stage.reminded(posted).await;
    stage.passes(60).await;
    assert_eq!(reminders(&stage).len(), posted, "nothing more");
    stage.ends().await;
}
