//! Rosters in pages, and what organisers do for members.

use serde_json::{Value, json};

use crate::people::{Person, Seen};
use crate::stage::Stage;

async fn shown(stage: &Stage, button: &str) -> Seen {
    let seen = stage.joao().runs("event show", json!({"event": "Raid"})).await;
    seen.taps(button).await
}

fn of(who: &Person, more: &Value) -> Value {
    let mut options = json!({"event": "Raid", "member": who.id().to_string()});
    for (name, value) in more.as_object().into_iter().flatten() {
        options[name] = value.clone();
    }
    options
}

#[tokio::test]
async fn an_organiser_adds_moves_and_removes_by_command() {
    let stage = Stage::new().await;
    let more = json!({"options": "🛡 Tank 1, Healer, Bench"});
    let raid = stage.event_with("Raid", "tomorrow 20:00", more).await;
    let (joao, zofia, mikko) = (stage.joao(), stage.zofia(), stage.mikko());
    let add = |who, option: &str| joao.runs("event add", of(who, &json!({"option": option})));
    add(&zofia, "tank").await.says("@Zofia now has the answer **Tank**.");
    add(&mikko, "Tank").await.says("@Mikko now has the answer **Tank**, number 1 on the waitlist.");
    stage.says(raid, "1. @Mikko").await;
    let moved = add(&zofia, "heal").await;
    moved.says("@Zofia now has the answer **Healer**.");
    stage.no_longer_says(raid, "Waitlist").await;
    let removed = joao.runs("event remove", of(&zofia, &json!({}))).await;
    removed.says("@Zofia is not on the roster any more.");
    stage.no_longer_says(raid, "@Zofia").await;
    removed.taps("Undo").await.says("@Zofia now has the answer **Healer**.");
    stage.says(raid, "@Zofia").await;
    let nothing = joao.runs("event remove", of(&stage.bea(), &json!({}))).await;
    nothing.says("@Bea has not answered this event.");
    add(&zofia, "Warlock").await.says("answer");
    let typed = joao.types("event add", "option", "").await;
    assert!(typed.is_empty(), "no event is named yet");
    stage.ends().await;
}

#[tokio::test]
async fn undo_puts_a_member_back_where_they_were_and_not_over_what_they_said_since() {
    let stage = Stage::new().await;
    let more = json!({"options": "Tank, Bench", "capacity": 1});
    let raid = stage.event_with("Raid", "tomorrow 20:00", more).await;
    let (joao, zofia, mikko) = (stage.joao(), stage.zofia(), stage.mikko());
    zofia.taps(raid, "Tank").await;
    mikko.taps(raid, "Tank").await;
    stage.shows(raid, "Tank: Zofia | Waitlist: Mikko").await;
    let removed = joao.runs("event remove", of(&zofia, &json!({}))).await;
    stage.shows(raid, "Tank: Mikko").await;
    removed.taps("Undo").await.says("@Zofia now has the answer **Tank**.");
    stage.shows(raid, "Tank: Zofia | Waitlist: Mikko").await;
    let moved = joao.runs("event add", of(&zofia, &json!({"option": "Bench"}))).await;
    zofia.taps(raid, "Tank").await;
    moved.taps("Undo").await.says("@Zofia has changed this answer since");
    let removed = joao.runs("event remove", of(&zofia, &json!({}))).await;
    stage.passes(16).await;
    removed.taps("Undo").await.says("15 minutes");
    stage.ends().await;
}

#[tokio::test]
async fn an_organiser_adds_and_removes_in_the_panel_though_answers_are_closed() {
    let stage = Stage::new().await;
    let raid = stage.event("Raid", "tomorrow 20:00").await;
    stage.joao().runs("event close", json!({"event": "Raid"})).await;
    let zofia = stage.zofia();
    let panel = shown(&stage, "Members").await;
    panel.says("Answer for a member, even if the rules");
    let who = panel.picks("m1:qo", &["0"]).await;
    who.says("Who gets the answer **Yes**?");
    let done = who.picks("m1:qa", &[&zofia.id().to_string()]).await;
    done.says("@Zofia now has the answer **Yes**.");
    stage.says(raid, "@Zofia").await;
    let off = done.picks("m1:qx", &[&zofia.id().to_string()]).await;
    off.says("@Zofia is not on the roster any more.");
    stage.no_longer_says(raid, "@Zofia").await;
    shown(&stage, "Edit").await;
    let log = stage.joao().runs("event log", json!({"event": "Raid"})).await;
    log.says("by @João");
    stage.ends().await;
}

#[tokio::test]
async fn an_organiser_is_asked_before_somebody_loses_a_place_and_has_two_swap_instead() {
    let stage = Stage::new().await;
    let more = json!({"options": "🛡 Tank 1, Healer 1, Bench"});
    let raid = stage.event_with("Raid", "tomorrow 20:00", more).await;
    let (joao, zofia, mikko, bea) = (stage.joao(), stage.zofia(), stage.mikko(), stage.bea());
    for (who, label) in [(&zofia, "Tank"), (&mikko, "Healer"), (&bea, "Tank")] {
        who.taps(raid, label).await;
    }
    let stands = async |tank: &str, healer: &str, waits: &str| {
        stage.says(raid, &format!("Tank (1/1): @{tank}")).await;
        stage.says(raid, &format!("Healer (1/1): @{healer}")).await;
        stage.says(raid, &format!("Waitlist (1): 1\\. @{waits}")).await;
    };
    stands("Zofia", "Mikko", "Bea").await;
    let add = |who, option: &str| joao.runs("event add", of(who, &json!({"option": option})));
    let asked = add(&zofia, "Healer").await;
    asked.says("**Healer** is full, and @Zofia has a place under **Tank**. Nothing was changed.");
    stands("Zofia", "Mikko", "Bea").await;
    let swapped = asked.picks("m1:qs", &[&mikko.id().to_string()]).await;
    let says = "They have swapped: @Zofia has @Mikko's place under **Healer**, and @Mikko has \
                @Zofia's place under **Tank**.";
    swapped.says(says);
    stands("Mikko", "Zofia", "Bea").await;
    swapped.taps("Undo").await.says("@Zofia now has the answer **Tank**.");
    stands("Zofia", "Mikko", "Bea").await;
    // A place for somebody in line, whoever is first.
    let waits = add(&bea, "Tank").await;
    waits.says("number 1 on the waitlist");
    waits.says("To give @Bea a place now, choose who gives up theirs under **Tank**");
    let swapped = waits.picks("m1:qs", &[&zofia.id().to_string()]).await;
    swapped.says("@Bea has @Zofia's place under **Tank**, and @Zofia waits for a place");
    stands("Bea", "Mikko", "Zofia").await;
    let waits = add(&zofia, "Tank").await;
    let wrong = waits.picks("m1:qs", &[&mikko.id().to_string()]).await;
    wrong.says("only who has a place under that answer can give it up");
    let panel = shown(&stage, "Members").await;
    let who = panel.picks("m1:qo", &["1"]).await;
    let asked = who.picks("m1:qa", &[&bea.id().to_string()]).await;
    asked.says("**Healer** is full, and @Bea has a place under **Tank**.");
    let moved = asked.taps("Give up the place").await;
    moved.says("@Bea now has the answer **Healer**, number 1 on the waitlist for it.");
    stands("Zofia", "Mikko", "Bea").await;
    stage.ends().await;
}

#[tokio::test]
async fn only_organisers_answer_for_others() {
    let stage = Stage::new().await;
    let raid = stage.event("Raid", "tomorrow 20:00").await;
    let (zofia, mikko) = (stage.zofia(), stage.mikko());
    for (command, more) in [("event add", json!({"option": "Yes"})), ("event remove", json!({}))] {
        let seen = zofia.runs(command, of(&mikko, &more)).await;
        seen.says("Only organisers can do this.");
    }
    let event = stage.key(raid);
    let undo = format!("m1:qu:{event}:{}:0", base_36(mikko.id().get()));
    for custom_id in [format!("m1:q:{event}"), undo] {
        stage.forged_tap(&zofia, &custom_id).await.says("Only organisers can do this.");
    }
    stage.shows(raid, "nobody").await;
    stage.ends().await;
}

fn base_36(mut number: u64) -> String {
    let mut digits = Vec::new();
    while number > 0 {
        digits.push(char::from_digit(u32::try_from(number % 36).unwrap(), 36).unwrap());
        number /= 36;
    }
    digits.iter().rev().collect()
}

#[tokio::test]
async fn a_long_roster_is_paged_and_copied() {
    let stage = Stage::new().await;
    let raid = stage.event_with("Raid", "tomorrow 20:00", json!({"capacity": 30})).await;
    for number in 0..55 {
        stage.newcomer(&format!("Member {number}")).taps(raid, "Yes").await;
    }
    let page = shown(&stage, "Everybody").await;
    page.says("Everybody").says("55 answers · page 1 of 3").says("1\\. @Member · Yes");
    let page = page.taps("Next").await;
    page.says("page 2 of 3").says("(waiting)");
    let last = page.taps("Next").await;
    last.says("page 3 of 3");
    assert!(!last.text().contains("[Next]"), "{}", last.text());
    last.taps("Previous").await.says("page 2 of 3");
    let waiting = last.picks("m1:vs", &["1"]).await;
    waiting.says("## Waitlist").says("25 answers · page 1 of 1").says("25\\. @Member");
    let copied = waiting.taps("Copy the list").await;
    let bytes = stage.joao().user.file(copied.message(), "list.txt").expect("a file");
    let file = String::from_utf8(bytes.to_vec()).unwrap();
    assert_eq!(file.lines().filter(|line| line.starts_with("<@")).count(), 55);
    assert!(file.contains("\nWaitlist\n"), "{file}");
    stage.ends().await;
}

#[tokio::test]
async fn who_waits_for_one_answer_is_not_behind_those_who_wait_for_another() {
    let stage = Stage::new().await;
    let more = json!({"options": "🛡 Tank 1, 💚 Healer 1"});
    let raid = stage.event_with("Raid", "tomorrow 20:00", more).await;
    stage.newcomer("Ann").taps(raid, "Tank").await;
    stage.newcomer("Bob").taps(raid, "Healer").await;
    for name in ["Cid", "Dan"] {
        stage.newcomer(name).taps(raid, "Tank").await;
    }
    stage.zofia().taps(raid, "Healer").await;
    stage.says(raid, "2\\. @Dan · Tank").await;
    stage.says(raid, "1\\. @Zofia · Healer").await;
    let standing = stage.zofia().runs("event show", json!({"event": "Raid"})).await;
    standing.says("You answered **Healer**, number 1 on the waitlist for it.");
    let everybody = shown(&stage, "Everybody").await;
    everybody.says("1\\. @Zofia · Healer (waiting)");
    let healers = everybody.picks("m1:vs", &["3"]).await;
    healers.says("## Healer").says("2 answers").says("1\\. @Bob").says("1\\. @Zofia (waiting)");
    let copied = healers.taps("Copy the list").await;
    let bytes = stage.joao().user.file(copied.message(), "list.txt").expect("a file");
    let file = String::from_utf8(bytes.to_vec()).unwrap();
    assert!(file.contains(&format!("<@{}> · Healer\n", stage.zofia().id())), "{file}");
    stage.ends().await;
}

#[tokio::test]
async fn hidden_names_are_seen_by_organisers_alone() {
    let stage = Stage::new().await;
    let raid = stage.event("Raid", "tomorrow 20:00").await;
    stage.zofia().taps(raid, "Yes").await;
    shown(&stage, "Rules").await.taps("Hide names").await;
    let mikko = stage.mikko().runs("event show", json!({"event": "Raid"})).await;
    assert!(!mikko.text().contains("Everybody"), "{}", mikko.text());
    let event = stage.key(raid);
    let everybody = format!("m1:v:{event}");
    stage.forged_tap(&stage.mikko(), &everybody).await.says("Names are hidden in this event");
    stage.forged_tap(&stage.mikko(), &format!("m1:vc:{event}")).await.says("Names are hidden");
    shown(&stage, "Everybody").await.says("1\\. @Zofia · Yes");
    stage.ends().await;
}
