//! Who may do what: checked with every command, button and form, whatever Discord shows.

use muster_sim::world::{NewRole, Permissions};
use serde_json::{Value, json};

use crate::people::Person;
use crate::stage::Stage;

const ORGANISERS: &str = "Only organisers can do this";
const MANAGERS: &str = "Only members with the permission Manage Server";

async fn can_create(who: &Person) -> bool {
    let seen = who.runs("event create", json!({"title": "Raid", "when": "tomorrow 20:00"})).await;
    let created = seen.text().contains("is planned.");
    if !created {
        seen.says(ORGANISERS);
    }
    created
}

#[tokio::test]
async fn a_member_is_refused_every_command_of_organisers() {
    let stage = Stage::new().await;
    stage.event("Raid", "tomorrow 20:00").await;
    let before = stage.everything().await;
    for (command, options) in [
        ("event create", json!({"title": "Raid", "when": "tomorrow 20:00"})),
        ("event create", json!({"title": "Raid"})),
        ("event create", json!({})),
        ("event edit", json!({"event": "Raid"})),
        ("event cancel", json!({"event": "Raid"})),
        ("event close", json!({"event": "Raid"})),
        ("event reopen", json!({"event": "Raid"})),
        ("event duplicate", json!({"event": "Raid"})),
        ("event duplicate", json!({"event": "Raid", "when": "sunday 14:00"})),
        ("event log", json!({"event": "Raid"})),
        ("event export", json!({"event": "Raid"})),
    ] {
        stage.zofia().runs(command, options).await.says(ORGANISERS);
    }
    assert_eq!(stage.everything().await, before);
    stage.ends().await;
}

#[tokio::test]
async fn a_member_is_refused_every_button_of_organisers() {
    let stage = Stage::new().await;
    let raid = stage.event("Raid", "tomorrow 20:00").await;
    let key = stage.key(raid);
    let before = stage.everything().await;
    for verb in ["e", "l", "c", "o", "x", "r", "b", "p"] {
        let seen = stage.forged_tap(&stage.zofia(), &format!("m1:{verb}:{key}")).await;
        seen.says(ORGANISERS);
    }
    for action in [format!("u:{key}:1"), format!("hp:{key}:0"), "bp:0".to_owned()] {
        stage.forged_tap(&stage.zofia(), &format!("m1:{action}")).await.says(ORGANISERS);
    }
    stage.forged_tap(&stage.zofia(), "m1:n").await.says(ORGANISERS);
    assert_eq!(stage.everything().await, before);
    stage.ends().await;
}

#[tokio::test]
async fn the_draft_of_another_is_out_of_reach() {
    let stage = Stage::new().await;
    let before = stage.everything().await;
    let options = json!({"title": "Raid", "when": "sunday at 8"});
    let question = stage.joao().runs("event create", options).await;
    let labels = ["Sun 14 Mar 2027, 20:00 · in 2 days", "Write it differently"];
    for (who, words) in [(stage.ada(), "is no longer kept"), (stage.zofia(), "")] {
        for label in labels {
            let id = question.button(label);
            stage.forged_tap(&who, &id).await.says(words);
        }
    }
    assert_eq!(stage.everything().await, before);
    stage.ends().await;
}

#[tokio::test]
async fn who_stops_being_an_organiser_cannot_hand_in_a_form() {
    let stage = Stage::new().await;
    stage.event("Raid", "tomorrow 20:00").await;
    let (joao, organisers) = (stage.joao(), stage.demo.organisers);
    let edit = joao.runs("event edit", json!({"event": "Raid"})).await;
    let create = joao.runs("event create", json!({})).await;
    let kept = joao.runs("event create", json!({"location": "Bridge"})).await;
    let panel = joao.runs("event show", json!({"event": "Raid"})).await;
    let place = panel.taps("Location").await;
    let before = stage.everything().await;
    stage.sim.world(|world| {
        world.edit_member(stage.demo.guild, joao.id(), |member| {
            member.roles.remove(&organisers);
        });
    });
    edit.submits(json!({"title": "Mine"})).await.says(ORGANISERS);
    place.submits(json!({"location": "Mine"})).await.says(ORGANISERS);
    for form in [create, kept] {
        form.submits(json!({"title": "Mine", "when": "fri 8pm"})).await.says(ORGANISERS);
    }
    panel.taps("Cancel the event").await.says(ORGANISERS);
    assert_eq!(stage.everything().await, before);
    stage.ends().await;
}

#[tokio::test]
async fn a_role_named_in_the_settings_makes_organisers_until_it_is_taken_out() {
    let stage = Stage::new().await;
    let (zofia, lanterns) = (stage.zofia(), stage.role("Lanterns"));
    stage.gives(&zofia, lanterns);
    assert!(!can_create(&zofia).await);
    let panel = stage.ada().runs("settings", json!({})).await;
    panel.picks("m1:So", &[&lanterns.to_string()]).await.says(&format!("<@&{lanterns}>"));
    assert!(can_create(&zofia).await);
    assert!(!can_create(&stage.mikko()).await);
    panel.picks("m1:So", &[]).await.says("**Organisers:** no role");
    assert!(!can_create(&zofia).await);
    stage.ends().await;
}

#[tokio::test]
async fn manage_events_manage_server_and_administrator_make_organisers() {
    let stage = Stage::new().await;
    for (name, permission) in [
        ("events", Permissions::MANAGE_EVENTS),
        ("server", Permissions::MANAGE_GUILD),
        ("all", Permissions::ADMINISTRATOR),
        ("channels", Permissions::MANAGE_CHANNELS),
    ] {
        let somebody = stage.newcomer(name);
        let guild = stage.demo.guild;
        let role = stage.sim.world(|world| world.add_role(guild, NewRole::named(name, permission)));
        stage.gives(&somebody, role);
        assert_eq!(can_create(&somebody).await, name != "channels", "{name}");
    }
    stage.ends().await;
}

#[tokio::test]
async fn the_settings_are_for_those_who_manage_the_server() {
    let stage = Stage::new().await;
    let general = stage.demo.general.to_string();
    for who in [stage.joao(), stage.zofia()] {
        assert!(who.tries("settings", json!({})).await.is_err(), "Discord does not offer it");
        for id in ["m1:S", "m1:Sz"] {
            stage.forged_tap(&who, id).await.says(MANAGERS);
        }
        for (id, kind, values) in
            [("m1:Sc", 8, vec![general.as_str()]), ("m1:So", 6, vec![]), ("m1:Sm", 6, vec![])]
        {
            let select = json!({"type": kind, "id": 2, "custom_id": id, "min_values": 0});
            let message = stage.forges(who.at, &select);
            who.chooses(message, id, &values).await.says(MANAGERS);
        }
    }
    let panel = stage.ada().runs("settings", json!({})).await;
    panel.says("**Channel for events:** where the command is used");
    let form = panel.taps("Change").await;
    form.submits(json!({"zone": "Europe/Lisbon"})).await.says("**Time zone:** Europe/Lisbon");
    stage.ends().await;
}

#[tokio::test]
async fn who_stops_managing_the_server_cannot_change_its_zone() {
    let stage = Stage::new().await;
    let somebody = stage.newcomer("manager");
    let guild = stage.demo.guild;
    let new = NewRole::named("Managers", Permissions::MANAGE_GUILD);
    let role = stage.sim.world(|world| world.add_role(guild, new));
    stage.gives(&somebody, role);
    let form = somebody.runs("settings", json!({})).await.taps("Change").await;
    stage.sim.world(|world| world.remove_role(guild, role));
    form.submits(json!({"zone": "Europe/Lisbon"})).await.says(MANAGERS);
    let settings = stage.ada().runs("settings", json!({})).await;
    assert!(!settings.text().contains("Lisbon"));
    stage.ends().await;
}

#[tokio::test]
async fn an_event_of_another_server_does_not_exist_here() {
    let stage = Stage::new().await;
    let raid = stage.event("Raid", "tomorrow 20:00").await;
    let key = stage.key(raid);
    let before = stage.everything().await;
    let ada = stage.ada().goes_to(stage.boathouse());
    for verb in ["w", "m", "s", "e", "l", "c", "o", "x", "r", "b", "p"] {
        let seen = stage.forged_tap(&ada, &format!("m1:{verb}:{key}")).await;
        seen.says("There is no such event here");
    }
    for action in [format!("u:{key}:1"), format!("hp:{key}:0")] {
        let seen = stage.forged_tap(&ada, &format!("m1:{action}")).await;
        seen.says("There is no such event here");
    }
    let seen = stage.forged_tap(&ada, &format!("m1:a:{key}:0")).await;
    seen.says("There is no such event here");
    let number = u64::from_str_radix(&key, 36).unwrap().to_string();
    for words in ["Raid", number.as_str()] {
        let here = ada.runs("event cancel", json!({"event": words})).await;
        assert!(here.text().contains("no such event") || here.text().contains("just one event"));
    }
    assert!(ada.types("event show", "event", "").await.is_empty());
    ada.runs("event list", json!({})).await.says("Nothing is planned");
    ada.runs("rsvp today", json!({})).await.says("No events on this day");
    assert_eq!(stage.everything().await, before);
    stage.ends().await;
}

#[tokio::test]
async fn a_draft_of_another_server_does_not_exist_here() {
    let stage = Stage::new().await;
    let options = json!({"title": "Raid", "when": "sunday at 8"});
    let question = stage.ada().runs("event create", options).await;
    let ada = stage.ada().goes_to(stage.boathouse());
    let id = question.button("Sun 14 Mar 2027, 20:00 · in 2 days");
    stage.forged_tap(&ada, &id).await.says("is no longer kept");
    assert!(stage.messages(stage.boathouse()).is_empty());
    stage.ends().await;
}

#[tokio::test]
async fn forged_custom_ids_get_a_private_answer_and_change_nothing() {
    let stage = Stage::new().await;
    let raid = stage.event("Raid", "tomorrow 20:00").await;
    let key = stage.key(raid);
    let before = stage.everything().await;
    let garbage = [
        "hello",
        "m1",
        "m1:",
        "m1:a",
        "m1:zzz:1",
        "m2:a:1:0",
        "m1:S:1",
        "🎲",
        "m1:nf",
        "m1:ef:1",
        "m1:Sf",
        "m1:zf",
        "m1:lf:1",
        "m1:s:3w5e11264sgsf",
    ];
    for id in garbage {
        let seen = stage.forged_tap(&stage.ada(), id).await;
        seen.says("This button or form is not one that I know");
    }
    let too_large = json!({"event": u64::MAX.to_string()});
    stage.ada().runs("event show", too_large).await.says("does not name just one event");
    for (id, words) in [
        ("m1:a:zz:0".to_owned(), "There is no such event here"),
        ("m1:x:1y2p0ij32e8e7".to_owned(), "There is no such event here"),
        (format!("m1:a:{key}:9"), "This event does not offer that answer"),
        (format!("m1:w:{key}"), "You have not answered this event"),
        ("m1:t:zz".to_owned(), "is no longer kept"),
        ("m1:k:zz:t9r7lc".to_owned(), "is no longer kept"),
        ("m1:k:zz:-zzzzzzzzzzzz".to_owned(), ""),
        ("m1:lp:1z141z3".to_owned(), ""),
        ("m1:mp:zzzz".to_owned(), ""),
    ] {
        stage.forged_tap(&stage.ada(), &id).await.says(words);
    }
    assert_eq!(stage.everything().await, before);
    stage.ends().await;
}

#[tokio::test]
async fn a_forged_reading_of_ones_own_draft_still_obeys_the_rules() {
    let stage = Stage::new().await;
    let before = stage.everything().await;
    let options = json!({"title": "Raid", "when": "sunday at 8"});
    let question = stage.joao().runs("event create", options).await;
    let id = question.button("Sun 14 Mar 2027, 20:00 · in 2 days");
    let draft = id.split(':').nth(2).unwrap();
    for (start, end) in [("1", "2"), ("t9r7lc", "t9r7lc"), ("t9r7lc", "1"), ("2nrcyqwu7", "")] {
        let forged = format!("m1:k:{draft}:{start}:{end}");
        stage.forged_tap(&stage.joao(), forged.trim_end_matches(':')).await.says("");
    }
    assert_eq!(stage.everything().await, before);
    stage.ends().await;
}

#[tokio::test]
async fn an_event_that_was_undone_is_gone_for_everybody() {
    let stage = Stage::new().await;
    let options = json!({"title": "Raid", "when": "tomorrow 20:00"});
    let created = stage.joao().runs("event create", options).await;
    let key = stage.key(stage.posted(&created).await);
    let form = created.taps("Edit").await;
    created.taps("Undo").await;
    form.submits(json!({"title": "Late"})).await.says("There is no such event here");
    for verb in ["w", "m", "s", "e", "l", "c", "o", "x", "r", "p"] {
        let seen = stage.forged_tap(&stage.joao(), &format!("m1:{verb}:{key}")).await;
        seen.says("There is no such event here");
    }
    for action in [format!("u:{key}:2"), format!("hp:{key}:0")] {
        let seen = stage.forged_tap(&stage.joao(), &format!("m1:{action}")).await;
        seen.says("There is no such event here");
    }
    let tap = stage.forged_tap(&stage.zofia(), &format!("m1:a:{key}:0")).await;
    tap.says("There is no such event here");
    let number: Value = json!({"event": u64::from_str_radix(&key, 36).unwrap().to_string()});
    stage.zofia().runs("event show", number).await.says("There is no such event here");
    stage.ends().await;
}
