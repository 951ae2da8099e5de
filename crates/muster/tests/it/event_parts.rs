//! What an event is made of beside its details, changed after it was posted: its answers, its rules,
//! its picture.

use muster_sim::ids::MessageId;
use muster_sim::world::{Message, NewRole, OverwriteTarget, Permissions};
use serde_json::json;

use crate::people::Seen;
use crate::stage::Stage;

async fn raid(stage: &Stage) -> MessageId {
    stage.event_with("Raid", "tomorrow 20:00", json!({"options": "🛡 Tank 2, Bench"})).await
}

async fn more(stage: &Stage, label: &str) -> Seen {
    let seen = stage.joao().runs("event show", json!({"event": "Raid"})).await;
    seen.taps(label).await
}

#[tokio::test]
async fn answers_are_added_renamed_moved_and_removed_on_a_post_that_has_some() {
    let stage = Stage::new().await;
    let post = raid(&stage).await;
    stage.zofia().taps(post, "Tank").await;
    stage.mikko().taps(post, "Bench").await;
    let list = more(&stage, "Answers").await;
    assert!(!list.text().contains("[Undo]"), "nothing was changed here yet");
    list.says("1. 🛡 **Tank** · 1 of 2 · coming").says("2. **Bench** · 1 person · not coming");

    let form = list.taps("Add an answer").await;
    let healer = json!({"label": "Healer", "emoji": "💚", "places": "3"});
    let list = form.submits(healer).await;
    list.says("3. 💚 **Healer** · 0 of 3 · coming");
    stage.says(post, "[Healer]").await;

    let one = list.picks("m1:Op", &["2"]).await;
    one.says("💚 Healer").says("Counts as coming");
    let one = one.taps("Up").await.taps("Up").await;
    let one = one.taps("Edit").await.submits(json!({"label": "Medic", "group": "Team"})).await;
    one.says("💚 Medic").says("under Team");
    let one = one.taps("Edit").await.submits(json!({"group": ""})).await;
    one.picks("m1:Oc", &["red"]).await.says("Medic");
    let list = one.taps("All answers").await;
    list.says("1. 💚 **Medic**").says("2. 🛡 **Tank**");

    let list = list.picks("m1:Op", &["1"]).await.taps("Remove").await;
    list.says("No longer offered: Bench (1 still there)");
    stage.no_longer_says(post, "[Bench]").await;
    stage.says(post, "@Mikko").await;
    let list = list.picks("m1:Or", &["1"]).await;
    list.says("3. **Bench** · 1 person");
    stage.says(post, "[Bench]").await;
    let undone = list.taps("Undo").await;
    undone.says("No longer offered: Bench");
    assert!(!undone.text().contains("[Undo]"), "there is no other change in this panel");
    stage.no_longer_says(post, "[Bench]").await;
    stage.ends().await;
}

#[tokio::test]
async fn answers_are_written_as_words_and_keep_who_picked_them() {
    let stage = Stage::new().await;
    let post = raid(&stage).await;
    stage.zofia().taps(post, "Bench").await;
    let form = more(&stage, "Answers").await.taps("Edit as text").await;
    assert_eq!(form.filled("words"), "🛡 Tank 2, Bench");
    form.submits(json!({"words": "Bench, Healer 1"})).await.says("1. **Bench** · 1 person");
    stage.says(post, "[Healer]").await;
    stage.no_longer_says(post, "[Tank]").await;
    stage.says(post, "@Zofia").await;
    stage.ends().await;
}

#[tokio::test]
async fn an_answer_for_a_role_and_one_that_does_not_count() {
    let stage = Stage::new().await;
    let post = raid(&stage).await;
    let one = more(&stage, "Answers").await.picks("m1:Op", &["0"]).await;
    let role = stage.role("Organisers").to_string();
    let one = one.picks("m1:Oa", &[&role]).await;
    one.says("for 1 role");
    stage.zofia().taps(post, "Tank").await.says("is for");
    one.taps("Not coming").await.says("An answer with places must count as coming.");
    let list = one.taps("All answers").await;
    let bench = list.picks("m1:Op", &["1"]).await;
    let bench = bench.taps("Do not tell").await;
    bench.says("Not told of changes");
    bench.taps("Coming").await.says("Counts as coming");
    stage.ends().await;
}

#[tokio::test]
async fn what_cannot_be_an_answer_is_refused_and_changes_nothing() {
    let stage = Stage::new().await;
    let post = raid(&stage).await;
    let list = more(&stage, "Answers").await;
    let before = stage.reads(post);
    for (wrong, says) in [
        (json!({"label": "tank"}), "There is an answer \"tank\" already."),
        (json!({"label": "Healer", "emoji": "heal"}), "\"heal\" is not an emoji."),
        (json!({"label": "Healer", "places": "many"}), "\"many\" is not a number of places."),
        (json!({"label": "   "}), "name"),
    ] {
        list.taps("Add an answer").await.submits(wrong).await.says(says);
    }
    let words = list.taps("Edit as text").await.submits(json!({"words": "Yes, yes"})).await;
    words.says("is there twice");
    assert_eq!(stage.reads(post), before);
    stage.ends().await;
}

#[tokio::test]
async fn the_same_name_stands_under_two_headings() {
    let stage = Stage::new().await;
    let words = "Tank: Warrior, Paladin 1; Healer: Paladin, Priest 2; Bench";
    let raid = stage.event_with("Raid", "tomorrow 20:00", json!({"options": words})).await;
    stage.says(raid, "Tank: ").await;
    let (joao, zofia) = (stage.joao(), stage.zofia().id().to_string());
    let add = json!({"event": "Raid", "member": zofia, "option": "paladin (healer)"});
    joao.runs("event add", add).await.says("now has the answer **Paladin \\(Healer\\)**");
    let ambiguous = json!({"event": "Raid", "member": zofia, "option": "Paladin"});
    let asks = "fits more than one answer: **Paladin \\(Tank\\)**, **Paladin \\(Healer\\)**.";
    joao.runs("event add", ambiguous).await.says(asks);
    stage.zofia().runs("event show", json!({"event": "Raid"})).await.says("Paladin \\(Healer\\)");
    joao.runs("event log", json!({"event": "Raid"})).await.says("**Paladin \\(Healer\\)**");
    let form = more(&stage, "Answers").await.taps("Edit as text").await;
    assert_eq!(form.filled("words"), words);
    let fewer = "Tank: Paladin; Melee: Warrior; Healer: Paladin 1";
    form.submits(json!({"words": fewer})).await.says("under Melee").says("No longer offered");
    stage.says(raid, "Zofia").await;
    stage.ends().await;
}

#[tokio::test]
async fn answers_under_a_heading_share_its_places_until_an_organiser_says_otherwise() {
    let stage = Stage::new().await;
    let words = "🛡 Tank 2: Warrior, Paladin; 💚 Healer 3: Priest; Bench";
    let post = stage.event_with("Raid", "tomorrow 20:00", json!({"options": words})).await;
    let list = format!("m1:af:{}", stage.key(post));
    let (zofia, mikko, bea) = (stage.zofia(), stage.mikko(), stage.bea());
    for (who, answer) in [(&zofia, "0"), (&mikko, "1"), (&bea, "0")] {
        who.chooses(post, &list, &[answer]).await;
    }
    stage.says(post, "🛡 Tank (2/2)").await;
    stage.says(post, "1\\. @Bea · Warrior").await;
    let standing = bea.runs("event show", json!({"event": "Raid"})).await;
    standing.says("You answered **Warrior**, number 1 on the waitlist for **🛡 Tank**.");

    let panel = more(&stage, "Answers").await;
    panel.says("1. **Warrior** · 1 person · coming · under 🛡 Tank (2 places)");
    let one = panel.picks("m1:Op", &["1"]).await;
    let form = one.taps("Edit").await;
    assert_eq!([form.filled("group"), form.filled("shared")], ["🛡 Tank", "2"]);
    let one = form.submits(json!({"shared": "3"})).await;
    one.says("under 🛡 Tank (3 places)").says("1 member moved up from the waitlist.");
    stage.says(post, "🛡 Tank (3/3)").await;
    stage.no_longer_says(post, "Waitlist").await;
    one.taps("Undo").await;
    stage.says(post, "🛡 Tank (2/2)").await;
    stage.says(post, "1\\. @Bea · Warrior").await;

    let one = more(&stage, "Answers").await.picks("m1:Op", &["1"]).await;
    let form = one.taps("Edit").await;
    assert_eq!(form.filled("shared"), "2");
    let alone = form.submits(json!({"group": ""})).await;
    assert!(!alone.text().contains("under 🛡 Tank"), "{}", alone.text());
    stage.says(post, "🛡 Tank (2/2)").await;
    stage.no_longer_says(post, "Waitlist").await;
    alone.taps("Undo").await;
    stage.says(post, "1\\. @Bea · Warrior").await;

    let nowhere = json!({"label": "Druid", "shared": "2"});
    let refused = more(&stage, "Answers").await.taps("Add an answer").await.submits(nowhere).await;
    refused.says("Places for all under a heading need a heading.");
    let druid = json!({"label": "Druid", "group": "🛡 Tank"});
    let list = more(&stage, "Answers").await.taps("Add an answer").await.submits(druid).await;
    list.says("5. **Druid** · 0 people · coming · under 🛡 Tank (2 places)");
    let form = list.taps("Edit as text").await;
    let filled = "🛡 Tank 2: Warrior, Paladin; 💚 Healer 3: Priest; Bench; 🛡 Tank 2: Druid";
    assert_eq!(form.filled("words"), filled);
    let wrong = "🛡 Tank 0: Warrior; Bench";
    form.submits(json!({"words": wrong})).await.says("has an impossible number of places");
    let form = list.taps("Edit as text").await;
    form.submits(json!({"words": "🛡 Tank: Warrior, Paladin; Bench"})).await.says("under 🛡 Tank");
    stage.no_longer_says(post, "Waitlist").await;
    stage.no_longer_says(post, "🛡 Tank (").await;
    stage.ends().await;
}

#[tokio::test]
async fn places_of_headings_go_along_into_copies_templates_series_and_files() {
    let stage = Stage::new().await;
    let joao = stage.joao();
    let words = json!({"options": "🛡 Tank 2: Warrior, Paladin; Bench"});
    stage.event_with("Raid", "tomorrow 20:00", words).await;
    let template = json!({"event": "Raid", "name": "Raid night"});
    joao.runs("template save", template).await.says("is saved");
    let copy = json!({"event": "Raid", "when": "20 March 20:00"});
    let copy = stage.posted(&joao.runs("event duplicate", copy).await).await;
    stage.says(copy, "🛡 Tank (0/2)").await;
    let of_it = json!({"template": "Raid night"});
    let made = stage.event_with("Second", "sunday 20:00", of_it).await;
    stage.says(made, "🛡 Tank (0/2)").await;
    let series = json!({
        "title": "Third", "when": "today 22:00", "repeat": "every day", "template": "Raid night",
    });
    joao.runs("event create", series).await;
    let first = stage.has_posts("Third", 1).await;
    stage.says(first, "🛡 Tank (0/2)").await;
    let export = json!({"event": "Second", "format": "json"});
    let seen = joao.runs("event export", export).await;
    let document = joao.user.file(seen.message(), "second.json").unwrap();
    let document: serde_json::Value = serde_json::from_slice(&document).unwrap();
    assert_eq!(document["event"]["groups"], json!([{"name": "🛡 Tank", "capacity": 2}]));
    stage.ends().await;
}

#[tokio::test]
async fn an_organiser_sees_whom_another_answer_moved() {
    let stage = Stage::new().await;
    let post = raid(&stage).await;
    for who in [stage.zofia(), stage.mikko()] {
        who.taps(post, "Tank").await;
    }
    let form = more(&stage, "Answers").await.taps("Edit as text").await;
    let list = form.submits(json!({"words": "🛡 Tank 1, Bench"})).await;
    list.says("1 member moved to the waitlist.");
    let one = list.picks("m1:Op", &["0"]).await.taps("Edit").await;
    one.submits(json!({"places": "2"})).await.says("1 member moved up from the waitlist.");
    stage.ends().await;
}

#[tokio::test]
async fn rules_hold_as_soon_as_they_are_chosen() {
    let stage = Stage::new().await;
    let post = raid(&stage).await;
    let panel = more(&stage, "Rules").await;
    panel.says("**Answers close:** at the start").says("Names are shown");
    let numbers = json!({
        "guests": "2", "offer": "30m", "close": "1h before", "minimum": "4", "minimum_before": "",
    });
    let panel = panel.taps("Change").await.submits(numbers).await;
    panel
        .says("**Members bring:** up to 2 guests")
        .says("next on the waitlist for 30 min")
        .says("**Answers close:** 1 h before the start")
        .says("**Minimum number coming:** 4, checked 1 day before the start");
    let role = stage.role("Organisers").to_string();
    let panel = panel.picks("m1:Rd", &[&role]).await;
    stage.joao().taps(post, "Tank").await.says("not");
    let panel = panel.picks("m1:Rd", &[]).await;
    stage.joao().taps(post, "Tank").await;
    stage.says(post, "@João").await;
    panel.taps("Hide names").await.says("Names are hidden");
    stage.no_longer_says(post, "@João").await;
    stage.ends().await;
}

#[tokio::test]
async fn the_role_that_an_event_mentions_is_chosen_among_its_rules() {
    let stage = Stage::new().await;
    let post = raid(&stage).await;
    let (joao, guild) = (stage.joao(), stage.demo.guild);
    let everyone = OverwriteTarget::Member(joao.id());
    stage.denies(stage.demo.events, everyone, Permissions::MENTION_EVERYONE);
    let role = |name, mentionable| {
        let new = NewRole { mentionable, ..NewRole::named(name, Permissions::NONE) };
        stage.sim.world(|world| world.add_role(guild, new))
    };
    let (quiet, raiders) = (role("Quiet", false), role("Raiders", true));
    let panel = more(&stage, "Rules").await;
    let refused = panel.picks("m1:Rm", &[&quiet.to_string()]).await;
    refused.says(&format!("You may not mention <@&{quiet}>"));
    let panel = panel.picks("m1:Rm", &[&raiders.to_string()]).await;
    let mention = format!("<@&{raiders}>");
    let content = |mentions: bool| {
        let mention = &mention;
        stage.until("what is above the post", move |world| {
            let message = world.message(post)?;
            (message.content.contains(mention) == mentions).then(|| message.pings.clone())
        })
    };
    assert!(content(true).await.roles.is_empty(), "an edit notifies nobody");
    let log = stage.ada().runs("event log", json!({"event": "Raid"})).await;
    log.says(&format!("changed the rules: role to mention: none → {mention}"));
    panel.taps("Undo").await;
    content(false).await;
    let log = stage.ada().runs("event log", json!({"event": "Raid"})).await;
    log.says(&format!("undid a change of the rules: role to mention: {mention} → none"));
    let panel = more(&stage, "Rules").await.picks("m1:Rm", &[&raiders.to_string()]).await;
    content(true).await;
    panel.picks("m1:Rm", &[]).await;
    content(false).await;
    stage.ends().await;
}

#[tokio::test]
async fn numbers_that_cannot_be_are_refused_each_in_its_own_words() {
    let stage = Stage::new().await;
    raid(&stage).await;
    let panel = more(&stage, "Rules").await;
    for (wrong, says) in [
        (json!({"guests": "11"}), "\"11\" guests are not possible."),
        (json!({"guests": "two"}), "\"two\" guests are not possible."),
        (json!({"offer": "8 days"}), "a place can be held for 1 minute to 7 days"),
        (json!({"close": "soon"}), "Say how long before the start answers close"),
        (json!({"minimum": "0"}), "Minimum number coming:** 0 is not possible."),
        (json!({"minimum_before": "soon"}), "Say how long before the start the number is checked"),
    ] {
        let seen = panel.taps("Change").await.submits(wrong).await;
        assert!(seen.text().to_lowercase().contains(&says.to_lowercase()), "{}", seen.text());
    }
    panel.taps("Change").await.submits(json!({})).await.says("**Members bring:** nobody");
    stage.ends().await;
}

#[tokio::test]
async fn a_form_that_somebody_else_overtook_changes_nothing() {
    let stage = Stage::new().await;
    raid(&stage).await;
    let panel = more(&stage, "Rules").await;
    let (first, second) = (panel.taps("Change").await, panel.taps("Change").await);
    first.submits(json!({"guests": "1"})).await.says("up to 1 guest");
    second.submits(json!({"guests": "5"})).await.says("Somebody else");
    more(&stage, "Rules").await.says("up to 1 guest");
    stage.ends().await;
}

#[tokio::test]
async fn a_list_of_roles_that_somebody_else_changed_meanwhile_is_not_replaced_unseen() {
    let stage = Stage::new().await;
    raid(&stage).await;
    let role = |name| {
        let new = NewRole::named(name, Permissions::NONE);
        stage.sim.world(|world| world.add_role(stage.demo.guild, new)).to_string()
    };
    let (banned, muted) = (role("Banned"), role("Muted"));
    let (first, second) = (more(&stage, "Rules").await, more(&stage, "Rules").await);
    first.picks("m1:Rd", &[&banned]).await;
    let overtaken = second.picks("m1:Rd", &[&muted]).await;
    overtaken.says("Somebody else changed this meanwhile, so nothing was changed.");
    // It shows how it is now, so that the next choice is on top of that.
    let both = overtaken.picks("m1:Rd", &[&banned, &muted]).await;
    assert!(!both.text().contains("Somebody else"), "{}", both.text());
    let answers = more(&stage, "Answers").await;
    let (first, second) = (answers.picks("m1:Op", &["1"]).await, more(&stage, "Answers").await);
    let second = second.picks("m1:Op", &["1"]).await;
    first.picks("m1:Oa", &[&banned]).await;
    second.picks("m1:Oa", &[&muted]).await.says("Somebody else changed this meanwhile");
    stage.ends().await;
}

#[tokio::test]
async fn a_picture_is_given_changed_and_taken_away() {
    let stage = Stage::new().await;
    let post = raid(&stage).await;
    let picture = |message: &Message| message.embeds[0]["image"]["url"].as_str().map(str::to_owned);
    let address = "https://pictures.example/raid.png";
    let form = more(&stage, "Picture").await;
    let given = form.submits(json!({"image": address})).await;
    given.says("**Raid** has a new picture");
    let shown = |wanted: Option<&str>| {
        let wanted = wanted.map(str::to_owned);
        move |world: &muster_sim::World| (picture(world.message(post)?) == wanted).then_some(())
    };
    stage.until("the picture is there", shown(Some(address))).await;
    more(&stage, "Picture").await.submits(json!({"image": "cat"})).await.says("Copy the address");
    let other = json!({"event": "Raid", "image": "https://pictures.example/other.png"});
    let changed = stage.joao().runs("event edit", other).await;
    changed.says("**Raid** has a new picture");
    let there = shown(Some("https://pictures.example/other.png"));
    stage.until("another picture is there", there).await;
    let none = json!({"event": "Raid", "image": "other.png"});
    stage.joao().runs("event edit", none).await.says("Copy the address");
    changed.taps("Undo").await;
    stage.until("the first picture is back", shown(Some(address))).await;
    more(&stage, "Picture").await.submits(json!({"image": ""})).await.says("has no picture");
    stage.until("the picture is gone", shown(None)).await;
    stage.ends().await;
}

#[tokio::test]
async fn only_organisers_change_answers_rules_and_picture() {
    let stage = Stage::new().await;
    let post = raid(&stage).await;
    let event = stage.key(post);
    let zofia = stage.zofia();
    let shown = zofia.runs("event show", json!({"event": "Raid"})).await;
    assert!(!shown.text().contains("[Rules]"), "{}", shown.text());
    for verb in ["O", "Ob", "On", "Ow", "R", "Rn", "i"] {
        let custom_id = format!("m1:{verb}:{event}");
        stage.forged_tap(&zofia, &custom_id).await.says("Only organisers can do this.");
    }
    for verb in ["Ox", "Oe"] {
        let custom_id = format!("m1:{verb}:{event}:0");
        stage.forged_tap(&zofia, &custom_id).await.says("Only organisers can do this.");
    }
    stage.says(post, "[Tank]").await;
    stage.ends().await;
}

#[tokio::test]
async fn an_emoji_that_discord_no_longer_knows_stops_nobody_from_answering() {
    let mut stage = Stage::new().await;
    stage.may_refuse = true;
    let server = stage.demo.guild;
    let emoji = stage.sim.world(|world| world.add_emoji(server, "tank"));
    let options = json!({"options": format!("<:tank:{emoji}> Tank 2, Bench")});
    let post = stage.event_with("Raid", "tomorrow 20:00", options).await;
    let on_the_button = |message: &Message| message.components[0]["components"][0]["emoji"].clone();
    let shown = stage.sim.world(|world| on_the_button(world.message(post).unwrap()));
    assert_eq!(shown["name"], "tank");

    stage.sim.world(|world| world.remove_emoji(server, emoji));
    stage.zofia().taps(post, "Tank").await;
    stage.says(post, "@Zofia").await;
    let shown = stage.sim.world(|world| on_the_button(world.message(post).unwrap()));
    assert!(shown.is_null(), "{shown}");

    // The panel in which it can be mended opens, too, and one that was never known does no harm.
    let list = more(&stage, "Answers").await;
    let one = list.picks("m1:Op", &["0"]).await.says("Tank").taps("Edit").await;
    one.submits(json!({"emoji": "🛡"})).await.says("🛡 Tank");
    stage.says(post, "🛡").await;
    let unknown = json!({"options": "<:gone:1300000000000000000> Tank, Bench"});
    let other = stage.event_with("Another raid", "tomorrow 22:00", unknown).await;
    stage.mikko().taps(other, "Tank").await;
    stage.says(other, "@Mikko").await;
    stage.ends().await;
}

#[tokio::test]
async fn a_rule_whose_time_is_over_is_refused_and_a_move_that_makes_it_so_says_it() {
    let stage = Stage::new().await;
    stage.event("Raid", "today 23:00").await;
    let panel = more(&stage, "Rules").await;
    for (late, says) in [
        (json!({"close": "5h"}), "With that, answers would be closed already"),
        (json!({"minimum": "4"}), "The minimum would have been checked"),
    ] {
        panel.taps("Change").await.submits(late).await.says(says);
    }
    let rules = json!({"close": "2h", "minimum": "4", "minimum_before": "3h"});
    panel.taps("Change").await.submits(rules).await.says("4, checked 3 h before the start");
    let edit = stage.joao().runs("event edit", json!({"event": "Raid"})).await;
    edit.submits(json!({"when": "today 20:30"}))
        .await
        .says("Answers have been closed since")
        .says("The minimum is no longer checked");
    more(&stage, "Rules")
        .await
        .says("2 h before the start; that time has passed")
        .says("checked 3 h before the start; that time has passed");
    stage.ends().await;
}

#[tokio::test]
async fn who_may_not_answer_any_more_hears_how_to_withdraw() {
    let stage = Stage::new().await;
    let post = raid(&stage).await;
    stage.zofia().taps(post, "Tank").await;
    let role = stage.role("Organisers").to_string();
    more(&stage, "Rules").await.picks("m1:Ra", &[&role]).await;
    stage.zofia().taps(post, "Bench").await.says("*Withdraw my answer* under \"⋯\"");
    let panel = stage.zofia().runs("event show", json!({"event": "Raid"})).await;
    panel.taps("Withdraw my answer").await.says("is withdrawn");
    stage.no_longer_says(post, "@Zofia").await;
    stage.ends().await;
}

#[tokio::test]
async fn only_who_has_answered_is_offered_to_withdraw_though_names_are_hidden() {
    let stage = Stage::new().await;
    let post = raid(&stage).await;
    more(&stage, "Rules").await.taps("Hide names").await;
    stage.mikko().taps(post, "Tank").await;
    stage.says(post, "1").await;
    let shown = |who: crate::people::Person| async move {
        who.runs("event show", json!({"event": "Raid"})).await.text().to_owned()
    };
    assert!(shown(stage.mikko()).await.contains("[Withdraw my answer]"));
    let other = shown(stage.zofia()).await;
    assert!(!other.contains("[Withdraw my answer]") && !other.contains("[My answer]"), "{other}");
    stage.ends().await;
}

#[tokio::test]
async fn once_answers_are_closed_who_cannot_come_still_leaves_the_place_to_the_next() {
    let stage = Stage::new().await;
    let raid = stage.event_with("Raid", "in 2 hours", json!({"capacity": 3})).await;
    let rules = stage.joao().runs("event show", json!({"event": "Raid"})).await.taps("Rules").await;
    rules.taps("Change").await.submits(json!({"guests": "2", "offer": "30m"})).await;
    let (zofia, mikko, bea) = (stage.zofia(), stage.mikko(), stage.bea());
    for who in [&zofia, &mikko] {
        who.taps(raid, "Yes").await;
    }
    mikko.taps(raid, "⋯").await.taps("My answer").await.picks("m1:yg", &["1"]).await;
    bea.taps(raid, "Yes").await;
    stage.says(raid, "1. @Bea").await;
    stage.joao().runs("event close", json!({"event": "Raid"})).await.says("no more answers");
    stage.says(raid, "Answers are closed").await;
    let fewer = mikko.taps(raid, "⋯").await.taps("My answer").await.picks("m1:yg", &["0"]).await;
    fewer.says("You answered **Yes**.");
    stage.no_longer_says(raid, "+1").await;
    stage.shows(raid, "Yes: Zofia, Mikko, Bea").await;
    let panel = zofia.taps(raid, "⋯").await;
    panel.taps("Withdraw my answer").await.says("is withdrawn");
    stage.shows(raid, "Yes: Mikko, Bea").await;
    stage.passes(121).await;
    let begun = mikko.taps(raid, "⋯").await;
    assert!(!begun.text().contains("[Withdraw my answer]"), "{}", begun.text());
    stage.ends().await;
}
