//! What members want of reminders, what organisers write into them, and those who have not answered.

use muster::Exit;
use muster_domain::zone::Zone;
use muster_engine::MemberLists;
use muster_sim::ids::UserId;
use muster_sim::seed;
use muster_sim::world::{Message, Pings};
use muster_sim::{SimClock, World};
use serde_json::json;

use crate::people::{Person, Seen};
use crate::reminders::{only, pings, reminders};
use crate::stage::{Stage, friday};

/// The members intent, as the developer portal has it.
const MEMBERS: u64 = 1 << 1;

/// A stage whose bot may list members, if the developer portal says so.
async fn with_members(privileged: u64) -> Stage {
    let mut stage = Stage::without_bot(SimClock::standing(friday())).await;
    stage.zone = Zone::parse("Europe/Berlin").ok();
    stage.member_lists = MemberLists::On;
    let app = stage.demo.app;
    stage.sim.world(|world| world.edit_application(app, |app| app.privileged = privileged));
    stage.begins();
    stage
}

async fn opens_their_reminders(who: &Person) -> Seen {
    who.runs("timezone", json!({})).await.taps("Reminders for me").await
}

/// Direct messages that remind this person of the raid.
fn directs(stage: &Stage, who: &Person) -> usize {
    stage.sim.world(|world| directs_in(world, stage, who))
}

fn directs_in(world: &World, stage: &Stage, who: &Person) -> usize {
    let (bot, who) = (UserId::new(stage.demo.app.get()), who.id());
    let dms = world.dms_of(bot).filter(|dm| dm.recipients.contains(&who));
    let is_one = |m: &&Message| m.content.starts_with("Reminder: **Raid**");
    dms.map(|dm| dm.messages.values().filter(is_one).count()).sum()
}

#[tokio::test]
async fn who_wants_no_mentions_is_not_mentioned_in_reminders() {
    let stage = Stage::new().await;
    only(&stage, &[json!({"when": "1h before"}), json!({"when": "30m before"})]).await;
    let raid = stage.event("Raid", "tomorrow 20:00").await;
    let (zofia, mikko) = (stage.zofia(), stage.mikko());
    for who in [&zofia, &mikko] {
        who.taps(raid, "Yes").await;
    }
    let panel = opens_their_reminders(&mikko).await;
    panel.says("reminders in this server mention you");
    panel.taps("No mentions").await.says("no reminder in this server mentions you");
    stage.passes(24 * 60 + 1).await;
    assert_eq!(stage.reminded(1).await[0].pings, pings(&[&zofia]));
    let panel = mikko.taps(raid, "⋯").await.taps("My answer").await.taps("Reminders for me").await;
    panel.taps("Mention me").await.says("reminders in this server mention you");
    stage.passes(30).await;
    assert_eq!(stage.reminded(2).await[1].pings, pings(&[&zofia, &mikko]));
    stage.ends().await;
}

#[tokio::test]
async fn a_direct_message_waits_for_the_end_of_quiet_hours() {
    let mut stage = Stage::new().await;
    only(&stage, &[json!({"when": "1h before"})]).await;
    let raid = stage.event("Raid", "tomorrow 20:00").await;
    let (zofia, mikko) = (stage.zofia(), stage.mikko());
    for who in [&zofia, &mikko] {
        who.taps(raid, "Yes").await;
        who.taps(raid, "⋯").await.taps("My answer").await.taps("Message me, too").await;
        let form = opens_their_reminders(who).await.taps("Quiet hours").await;
        form.submits(json!({"quiet": "18:30"})).await.says("Quiet hours begin and end");
        let form = opens_their_reminders(who).await.taps("Quiet hours").await;
        let panel = form.submits(json!({"quiet": "18:30 to 19:30"})).await;
        panel.says("18:30 to 19:30").says("time zone of each event");
    }
    stage.passes(24 * 60 + 1).await;
    stage.restarts().await;
    assert_eq!((directs(&stage, &zofia), reminders(&stage).len()), (0, 0));
    // Mikko thinks better of it meanwhile.
    mikko.taps(raid, "No").await;
    stage.passes(30).await;
    let is_told = |world: &World| (directs_in(world, &stage, &zofia) == 1).then_some(());
    stage.until("the direct message", is_told).await;
    stage.restarts().await;
    stage.passes(5).await;
    assert_eq!((directs(&stage, &zofia), directs(&stage, &mikko)), (1, 0), "once");
    stage.ends().await;
}

#[tokio::test]
async fn words_of_a_reminder_are_filled_in_when_it_goes_out() {
    let stage = Stage::new().await;
    only(&stage, &[]).await;
    let joao = stage.joao();
    let wrong = json!({"when": "1h before", "text": "Hello {name}"});
    let refused = joao.runs("reminders add", wrong).await;
    refused.says("{name} is not a placeholder").says("{location}");
    let text = "{title}: {count} come, {host} leads. See you {relative} at {location}!";
    joao.runs("reminders add", json!({"when": "1h before", "text": text})).await;
    let more = json!({"location": "<@&1> @everyone"});
    let raid = stage.event_with("Raid", "tomorrow 20:00", more).await;
    stage.zofia().taps(raid, "Yes").await;
    stage.passes(24 * 60 + 1).await;
    let reminder = stage.reminded(1).await.remove(0);
    let said = reminder.embeds[0]["description"].as_str().unwrap();
    assert!(said.starts_with("Raid: 1 come, <@"), "{said}");
    assert!(said.contains("See you <t:") && said.contains("\\@everyone"), "{said}");
    assert_eq!(reminder.pings, pings(&[&stage.zofia()]), "and nobody else");
    stage.ends().await;
}

#[tokio::test]
async fn a_change_of_reminders_is_undone() {
    let stage = Stage::new().await;
    let joao = stage.joao();
    let rich = json!({"when": "2h before", "text": "Bring rope."});
    let added = joao.runs("reminders add", rich).await;
    let removed = joao.runs("reminders remove", json!({"reminder": "2h before"})).await;
    added.taps("Undo").await.says("The reminders have changed since");
    removed.taps("Undo").await.says("as before that change").says("Bring rope.");
    let reset = joao.runs("reminders reset", json!({})).await;
    reset.says("These are the default reminders.");
    stage.passes(10).await;
    let back = reset.taps("Undo").await;
    back.says("Bring rope.").says("This server has its own reminders.");
    stage.passes(16).await;
    back.taps("Undo").await.says("minutes");
    stage.ends().await;
}

#[tokio::test]
async fn those_who_see_the_channel_or_have_a_role_are_reminded_to_answer() {
    let stage = with_members(MEMBERS).await;
    stage.is_online().await;
    stage.has_greeted().await;
    let joao = stage.joao();
    let unanswered = json!({"when": "1h before", "audience": "unanswered"});
    only(&stage, std::slice::from_ref(&unanswered)).await;
    let role = stage.role("Organisers");
    let mut of_role = json!({"when": "30m before", "audience": "unanswered"});
    of_role["role"] = json!(role.to_string());
    stage.ada().runs("reminders add", of_role).await.says("who have not answered");
    let raid = stage.event("Raid", "tomorrow 20:00").await;
    let (ada, zofia, mikko, bea) = (stage.ada(), stage.zofia(), stage.mikko(), stage.bea());
    for who in [&ada, &zofia, &mikko, &bea] {
        who.taps(raid, "No").await;
    }
    stage.passes(24 * 60 + 1).await;
    let first = stage.reminded(1).await.remove(0);
    let [thuy, oisin] = [stage.demo.members[2], stage.demo.members[4]];
    let users = [joao.id(), thuy, oisin].into_iter().collect();
    assert_eq!(first.pings, Pings { users, ..Pings::default() });
    stage.passes(30).await;
    assert_eq!(stage.reminded(2).await[1].pings, pings(&[&joao]));
    stage.ends().await;
}

#[tokio::test]
async fn who_may_not_answer_is_neither_reminded_to_answer_nor_named_for_not_doing_so() {
    let stage = with_members(MEMBERS).await;
    stage.is_online().await;
    stage.has_greeted().await;
    only(&stage, &[json!({"when": "1h before", "audience": "unanswered"})]).await;
    let raid = stage.event("Raid", "tomorrow 20:00").await;
    let walk = stage.event("Walk", "tomorrow 21:00").await;
    let role = stage.role("Organisers").to_string();
    let (joao, bea) = (stage.joao(), stage.bea());
    joao.taps(raid, "⋯").await.taps("Rules").await.picks("m1:Ra", &[&role]).await;
    let denied = joao.taps(walk, "⋯").await.taps("Rules").await;
    denied.picks("m1:Rd", &[&role]).await;
    stage.passes(5 * 60).await;
    let today = bea.runs("rsvp today", json!({})).await;
    let text = today.says("💤 No answer yet").text().to_owned();
    let silent: Vec<_> = text.split("No answer yet").skip(1).collect();
    assert!(silent[0].contains("@João") && !silent[0].contains("@Mikko"), "{text}");
    assert!(!silent[1].contains("@João") && silent[1].contains("@Mikko"), "{text}");
    stage.passes(19 * 60 + 1).await;
    assert_eq!(stage.reminded(1).await[0].pings, pings(&[&joao]));
    stage.ends().await;
}

#[tokio::test]
async fn who_is_reminded_no_more_as_lists_are_refused_is_told_to_organisers() {
    let stage = with_members(MEMBERS).await;
    stage.is_online().await;
    stage.has_greeted().await;
    let admin = stage.admin_channel().await;
    only(&stage, &[]).await;
    let role = stage.role("Organisers").to_string();
    let of_role = json!({"when": "1h before", "audience": "unanswered", "role": role});
    stage.ada().runs("reminders add", of_role).await.says("who have not answered");
    stage.event("Raid", "tomorrow 20:00").await;
    let doctor = stage.ada().runs("doctor", json!({})).await;
    assert!(!doctor.text().contains("who is in this server"), "{}", doctor.text());
    let app = stage.demo.app;
    stage.sim.world(|world| world.edit_application(app, |app| app.privileged = 0));
    doctor.taps("Check again").await.says("Discord does not let me read who is in this server");
    stage.passes(24 * 60 + 1).await;
    let report = stage.reported(admin, 1).await;
    let said = stage.sim.world(|world| crate::words::words(world, &report));
    assert!(said.contains("I may not read who has their role"), "{said}");
    assert!(reminders(&stage).is_empty());
    stage.ends().await;
}

#[tokio::test]
async fn of_five_thousand_nobody_is_mentioned_one_by_one() {
    let stage = with_members(MEMBERS).await;
    stage.is_online().await;
    stage.has_greeted().await;
    let guild = stage.demo.guild;
    stage.sim.world(|world| seed::crowd(world, guild, 5_000));
    only(&stage, &[json!({"when": "1h before", "audience": "unanswered"})]).await;
    stage.event("Raid", "tomorrow 20:00").await;
    stage.passes(24 * 60 + 1).await;
    assert_eq!(stage.reminded(1).await[0].pings, Pings::default());
    stage.ends().await;
}

#[tokio::test]
async fn with_member_lists_a_day_names_all_who_may_see_it_and_have_not_answered() {
    let stage = with_members(MEMBERS).await;
    stage.has_greeted().await;
    let raid = stage.event("Raid", "in 2 hours").await;
    stage.zofia().taps(raid, "Yes").await;
    let today = stage.bea().runs("rsvp today", json!({})).await;
    let text = today.says("💤 No answer yet").text().to_owned();
    let silent = text.split("No answer yet").nth(1).unwrap();
    assert!(silent.contains("@Mikko") && !silent.contains("@Zofia"), "{text}");
    stage.ends().await;
}

#[tokio::test]
async fn without_member_lists_a_role_is_refused_with_what_to_switch_on() {
    let stage = Stage::new().await;
    let mut of_role = json!({"when": "30m before", "audience": "unanswered"});
    of_role["role"] = json!(stage.role("Organisers").to_string());
    stage.ada().runs("reminders add", of_role).await.says("`MEMBER_LISTS=true`");
    stage.ends().await;
}

#[tokio::test]
async fn a_bot_that_may_not_list_members_ends_and_says_so() {
    let mut stage = with_members(0).await;
    assert_eq!(stage.bot_ends().await, Err(Exit::IntentRefused));
    assert!(Exit::IntentRefused.to_string().contains("MEMBER_LISTS"));
    stage.ends().await;
}
