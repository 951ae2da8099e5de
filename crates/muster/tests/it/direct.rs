//! Direct messages to those who asked for them, and what organisers tell those who are coming.

use muster_sim::ids::{MessageId, UserId};
use muster_sim::world::{Message, World};
use serde_json::json;

use crate::people::{Person, Seen};
use crate::stage::Stage;

/// The bot's direct messages to somebody about an event.
fn directs(world: &World, bot: UserId, who: UserId) -> Vec<Message> {
    let all = world.dms_of(bot).filter(|dm| dm.recipients.contains(&who));
    let all = all.flat_map(|dm| dm.messages.values());
    all.filter(|message| message.only_for.is_none() && message.content.contains("**"))
        .cloned()
        .collect()
}

impl Stage {
    fn directs(&self, who: &Person) -> Vec<Message> {
        let bot = UserId::new(self.demo.app.get());
        self.sim.world(|world| directs(world, bot, who.id()))
    }

    /// Waits for a direct message that says this.
    async fn direct(&self, who: &Person, what: &str) -> Message {
        let (bot, who) = (UserId::new(self.demo.app.get()), who.id());
        let says = |message: &Message| message.content.contains(what);
        self.until(what, |world| directs(world, bot, who).into_iter().find(says)).await
    }
}

/// Answers Yes, and asks for direct messages.
async fn wants_messages(who: &Person, post: MessageId) -> Seen {
    who.taps(post, "Yes").await;
    let panel = who.taps(post, "⋯").await.taps("My answer").await;
    panel.says("**Direct messages:** none");
    let wanted = panel.taps("Message me, too").await;
    wanted.says("you are told by direct message, too");
    wanted
}

async fn moves_it(stage: &Stage, when: &str) {
    let form = stage.joao().runs("event edit", json!({"event": "Raid"})).await;
    form.submits(json!({"when": when})).await.says("are told of the new time");
    stage.a_moment_passes().await;
}

#[tokio::test]
async fn who_asks_for_it_is_told_by_direct_message_until_they_want_no_more() {
    let stage = Stage::new().await;
    let raid = stage.event("Raid", "tomorrow 20:00").await;
    let (zofia, mikko) = (stage.zofia(), stage.mikko());
    wants_messages(&zofia, raid).await;
    mikko.taps(raid, "Yes").await;
    moves_it(&stage, "tomorrow 21:00").await;
    let told = stage.direct(&zofia, "**Raid** has a new time").await;
    assert!(told.pings.users.is_empty(), "a direct message mentions nobody: {told:?}");
    let there = zofia.goes_to(told.channel);
    there.taps(told.id, "No more messages about it").await.says("no more direct messages");
    moves_it(&stage, "tomorrow 22:00").await;
    stage.passes(5).await;
    assert_eq!(stage.directs(&zofia).len(), 1);
    assert_eq!(stage.directs(&mikko).len(), 0);
    zofia.taps(raid, "⋯").await.taps("My answer").await.says("**Direct messages:** none");
    stage.ends().await;
}

#[tokio::test]
async fn who_moves_up_from_the_waitlist_is_told_directly() {
    let stage = Stage::new().await;
    let raid = stage.event_with("Raid", "tomorrow 20:00", json!({"capacity": 1})).await;
    stage.mikko().taps(raid, "Yes").await;
    let zofia = stage.zofia();
    wants_messages(&zofia, raid).await;
    stage.mikko().taps(raid, "No").await;
    stage.direct(&zofia, "You have a place now: **Raid**").await;
    stage.ends().await;
}

#[tokio::test]
async fn who_is_offered_a_place_is_told_directly_until_when() {
    let stage = Stage::new().await;
    let raid = stage.event_with("Raid", "tomorrow 20:00", json!({"capacity": 1})).await;
    let rules = stage.joao().runs("event show", json!({"event": "Raid"})).await.taps("Rules").await;
    rules.taps("Change").await.submits(json!({"offer": "30m"})).await.says(
        "next on the waitlist \
         for 30 min",
    );
    stage.mikko().taps(raid, "Yes").await;
    let zofia = stage.zofia();
    wants_messages(&zofia, raid).await;
    stage.mikko().taps(raid, "No").await;
    let told = stage.direct(&zofia, "A place under **Yes** is held for you: **Raid**").await;
    assert!(told.content.contains("It expires <t:"), "{told:?}");
    let panel = zofia.runs("event show", json!({"event": "Raid"})).await;
    panel.says("You answered **Yes**. A place under **Yes** is held for you");
    let accepted = panel.taps("Accept the place").await;
    accepted.says("The place is yours: you have one under **Yes** at **Raid** on <t:");
    accepted.says("*Withdraw my answer*").says("[Withdraw my answer]");
    let panel = zofia.runs("event show", json!({"event": "Raid"})).await;
    panel.says("You answered **Yes**.");
    assert!(!panel.text().contains("held for you"), "{}", panel.text());
    stage.ends().await;
}

/// An event of one place that Mikko had and gave up, where places are held for 30 minutes; Zofia is
/// told by direct message that one is held for her. Returns that message.
async fn held_for_zofia(stage: &Stage, raid: MessageId) -> Message {
    let rules = stage.joao().runs("event show", json!({"event": "Raid"})).await.taps("Rules").await;
    rules.taps("Change").await.submits(json!({"offer": "30m"})).await;
    stage.mikko().taps(raid, "Yes").await;
    wants_messages(&stage.zofia(), raid).await;
    stage.mikko().taps(raid, "No").await;
    stage.direct(&stage.zofia(), "A place under **Yes** is held for you: **Raid**").await
}

#[tokio::test]
async fn a_place_is_accepted_in_the_direct_message_by_whom_it_is_held_for() {
    let stage = Stage::new().await;
    let raid = stage.event_with("Raid", "tomorrow 20:00", json!({"capacity": 1})).await;
    let told = held_for_zofia(&stage, raid).await;
    let there = stage.zofia().goes_to(told.channel);
    let accepted = there.taps(told.id, "Accept the place").await;
    accepted.says("The place is yours: you have one under **Yes** at **Raid** on <t:");
    assert!(!accepted.text().contains("[Withdraw"), "{}", accepted.text());
    stage.shows(raid, "Yes: Zofia | No: Mikko").await;
    let again = there.taps(told.id, "Accept the place").await;
    again.says("You answered **Yes**. Nothing was changed.");
    let kept = there.taps(told.id, "Withdraw my answer").await;
    kept.says("You answered **Yes**. Nothing was changed.");
    stage.shows(raid, "Yes: Zofia | No: Mikko").await;
    stage.ends().await;
}

#[tokio::test]
async fn a_place_that_is_let_go_in_the_direct_message_goes_to_the_next() {
    let stage = Stage::new().await;
    let raid = stage.event_with("Raid", "tomorrow 20:00", json!({"capacity": 1})).await;
    let told = held_for_zofia(&stage, raid).await;
    stage.bea().taps(raid, "Yes").await;
    let there = stage.zofia().goes_to(told.channel);
    let declined = there.taps(told.id, "Withdraw my answer").await;
    declined.says("Your answer to **Raid** is withdrawn");
    stage.says(raid, "Bea · expires <t:").await;
    let gone = there.taps(told.id, "Accept the place").await;
    gone.says("you have not answered. Nothing was changed.");
    stage.ends().await;
}

#[tokio::test]
async fn an_offer_that_is_gone_says_where_one_stands() {
    let stage = Stage::new().await;
    let raid = stage.event_with("Raid", "tomorrow 20:00", json!({"capacity": 1})).await;
    let told = held_for_zofia(&stage, raid).await;
    stage.passes(31).await;
    let there = stage.zofia().goes_to(told.channel);
    let late = there.taps(told.id, "Accept the place").await;
    late.says("did not accept a place in time. Answer again").says("nothing was changed");
    stage.joao().runs("event cancel", json!({"event": "Raid"})).await;
    there.taps(told.id, "Accept the place").await.says("cancelled");
    stage.ends().await;
}

#[tokio::test]
async fn the_news_in_the_channel_give_the_place_to_nobody_else() {
    let stage = Stage::new().await;
    let raid = stage.event_with("Raid", "tomorrow 20:00", json!({"capacity": 1})).await;
    held_for_zofia(&stage, raid).await;
    let events = stage.demo.events;
    let says =
        |message: &&Message| message.content.contains("A place under **Yes** is held for you");
    let news = stage
        .until("the news", |world| world.messages(events).find(says).map(|news| news.id))
        .await;
    stage.mikko().taps(news, "Accept the place").await.says("You answered **No**");
    let bea = stage.bea().taps(news, "Accept the place").await;
    bea.says("No place is held for you there: you have not answered");
    stage.says(raid, "Zofia · expires <t:").await;
    let zofia = stage.zofia().taps(news, "Accept the place").await;
    zofia.says("The place is yours: you have one under **Yes**").says("[Withdraw my answer]");
    stage.shows(raid, "Yes: Zofia | No: Mikko").await;
    stage.ends().await;
}

#[tokio::test]
async fn a_place_is_accepted_only_while_it_is_held() {
    let stage = Stage::new().await;
    let raid = stage.event_with("Raid", "tomorrow 20:00", json!({"capacity": 1})).await;
    let rules = stage.joao().runs("event show", json!({"event": "Raid"})).await.taps("Rules").await;
    rules
        .taps("Change")
        .await
        .submits(json!({"offer": "30m"}))
        .await
        .says("next on the waitlist for 30 min");
    let (mikko, zofia) = (stage.mikko(), stage.zofia());
    mikko.taps(raid, "Yes").await;
    zofia.taps(raid, "Yes").await;
    mikko.taps(raid, "No").await;
    let held = zofia.runs("event show", json!({"event": "Raid"})).await;
    stage.passes(31).await;
    stage.shows(raid, "No: Mikko | Missed an offer: Zofia").await;
    mikko.taps(raid, "Yes").await;
    let late = held.taps("Accept the place").await;
    late.says("did not accept a place in time. Answer again").says("nothing was changed");
    stage.shows(raid, "Yes: Mikko | Missed an offer: Zofia").await;
    stage.ends().await;
}

#[tokio::test]
async fn whose_messages_are_closed_is_told_in_the_channel_all_the_same() {
    let stage = Stage::new().await;
    let raid = stage.event("Raid", "tomorrow 20:00").await;
    let [zofia, bea] = [stage.zofia(), stage.bea()];
    for who in [&zofia, &bea] {
        wants_messages(who, raid).await;
    }
    stage.sim.world(|world| world.edit_user(zofia.id(), |person| person.dms_open = false));
    moves_it(&stage, "tomorrow 21:00").await;
    stage.direct(&bea, "**Raid** has a new time").await;
    assert_eq!(stage.directs(&zofia).len(), 0);
    let events = stage.demo.events;
    stage
        .until("the channel", |world| {
            let mut all = world.messages(events);
            all.any(|message| message.pings.users.contains(&zofia.id())).then_some(())
        })
        .await;
    stage.ends().await;
}

#[tokio::test]
async fn an_organiser_tells_those_who_are_coming_and_sees_how_far_it_is() {
    let stage = Stage::new().await;
    let raid = stage.event("Raid", "tomorrow 20:00").await;
    let (joao, zofia, mikko) = (stage.joao(), stage.zofia(), stage.mikko());
    let opens = async || joao.taps(raid, "⋯").await.taps("Message attendees").await;
    opens().await.says("Nobody has said yet that they come");
    wants_messages(&zofia, raid).await;
    stage.bea().taps(raid, "No").await;
    mikko.taps(raid, "Maybe").await;
    let form = opens().await;
    let shown = serde_json::to_string(&form.form().components).unwrap();
    assert!(shown.contains("2 members are mentioned"), "{shown}");
    assert!(shown.contains("1 gets a direct message as well"), "{shown}");
    form.submits(json!({"words": "Bring *torches*. @everyone"})).await.says("0 of 1 message");
    stage.a_moment_passes().await;
    let direct = stage.direct(&zofia, "About **Raid**").await;
    assert!(direct.embeds[0]["description"].as_str().unwrap().contains("Bring *torches*"));
    let events = stage.demo.events;
    let told = stage
        .until("the news", |world| {
            let mut all = world.messages(events);
            all.find(|message| message.content.contains("About **Raid**")).cloned()
        })
        .await;
    assert_eq!(told.pings.users, [zofia.id(), mikko.id()].into());
    assert!(!told.pings.everyone);
    stage.passes(1).await;
    // Before the gap is over, nothing more can be told.
    let more = opens().await;
    more.submits(json!({"words": "And rope."}))
        .await
        .says("One message about an event can be sent every 5 minutes");
    stage.passes(6).await;
    let again = opens().await.submits(json!({"words": "And rope."})).await;
    again.taps("Take it back").await.says("was taken back. Nobody saw it.");
    stage.passes(5).await;
    assert_eq!(stage.directs(&zofia).len(), 1);
    stage.ends().await;
}

#[tokio::test]
async fn an_organiser_tells_those_with_a_place_or_the_waitlist_alone() {
    let stage = Stage::new().await;
    let raid = stage.event_with("Raid", "tomorrow 20:00", json!({"capacity": 1})).await;
    let (joao, zofia, mikko) = (stage.joao(), stage.zofia(), stage.mikko());
    zofia.taps(raid, "Yes").await;
    wants_messages(&mikko, raid).await;
    let opens = async || joao.taps(raid, "⋯").await.taps("Message attendees").await;
    let events = stage.demo.events;
    let told = async |words: &'static str| {
        let news = stage.until(words, |world| {
            let mut all = world.messages(events);
            let says = |embed: &serde_json::Value| embed["description"] == words;
            all.find(|message| message.embeds.iter().any(says)).cloned()
        });
        news.await
    };
    let form = opens().await;
    let shown = serde_json::to_string(&form.form().components).unwrap();
    assert!(shown.contains("1 of them has no place so far, and the message says so."), "{shown}");
    let answer = form.submits(json!({"words": "To all."})).await;
    answer.says("to all who come, or may come, and the waitlist");
    stage.a_moment_passes().await;
    let all = told("To all.").await;
    assert_eq!(all.pings.users, [zofia.id(), mikko.id()].into());
    let without = format!("Without a place: <@{}>", mikko.id());
    assert!(all.content.ends_with(&without), "{}", all.content);
    stage.direct(&mikko, "You have no place so far:").await;
    stage.passes(7).await;
    let going = json!({"words": "Room 204.", "whom": "going"});
    opens().await.submits(going).await.says("to those with a place");
    stage.a_moment_passes().await;
    assert_eq!(told("Room 204.").await.pings.users, [zofia.id()].into());
    stage.passes(7).await;
    let waiting = json!({"words": "There may be a second session.", "whom": "waitlisted"});
    opens().await.submits(waiting).await.says("to the waitlist");
    stage.a_moment_passes().await;
    let waits = told("There may be a second session.").await;
    assert_eq!(waits.pings.users, [mikko.id()].into());
    stage.passes(1).await;
    assert_eq!((stage.directs(&zofia).len(), stage.directs(&mikko).len()), (0, 2));
    stage.ends().await;
}

#[tokio::test]
async fn only_organisers_tell_everybody_something() {
    let stage = Stage::new().await;
    let raid = stage.event("Raid", "tomorrow 20:00").await;
    let zofia = stage.zofia();
    zofia.taps(raid, "Yes").await;
    let key = stage.key(raid);
    for verb in ["T", "To", "Tp"] {
        let seen = stage.forged_tap(&zofia, &format!("m1:{verb}:{key}")).await;
        seen.says("Only organisers can do this");
    }
    stage.forged_tap(&zofia, &format!("m1:Tb:{key}:1")).await.says("Only organisers can do this");
    stage.ends().await;
}

#[tokio::test]
async fn nobody_elses_messages_can_be_turned_off() {
    let stage = Stage::new().await;
    let raid = stage.event("Raid", "tomorrow 20:00").await;
    let zofia = stage.zofia();
    wants_messages(&zofia, raid).await;
    let guild = format!("{:x}", 0);
    let forged = format!("m1:yx:{guild}:{}:1", stage.key(raid));
    stage.forged_tap(&stage.mikko(), &forged).await.says("no more direct messages");
    zofia.taps(raid, "⋯").await.taps("My answer").await.says("you are told by direct message");
    stage.ends().await;
}
