//! Commands of the context menu, and selects of people, roles and channels.

use muster_sim::UserError;
use muster_sim::world::Permissions;
use serde_json::{Value, json};

use crate::bot::{Gateway, Stage};
use crate::forms::lines;

fn commands() -> Value {
    json!([{"name": "Event log", "type": 3}, {"name": "Attendance", "type": 2}])
}

/// Answers the next interaction with a private word and returns its payload.
async fn answered(stage: &Stage, gateway: &mut Gateway) -> Value {
    let asked = gateway.asked().await;
    let answer = json!({"type": 4, "data": {"content": "Here", "flags": 64}});
    assert_eq!(stage.http.answer(&asked, answer).await.0, 200);
    asked
}

#[tokio::test]
async fn a_command_on_a_message_brings_the_message() {
    let stage = Stage::new().await;
    let mut gateway = stage.go_online(commands()).await;
    let said = stage.owner().say(stage.demo.events, "By a person").unwrap();
    let member = stage.member();
    let run = member.context_command(stage.demo.events, "Event log", said.get());
    let (outcome, asked) = tokio::join!(run, answered(&stage, &mut gateway));
    let data = &asked["data"];
    assert_eq!((&data["type"], &data["name"]), (&json!(3), &json!("Event log")));
    assert_eq!(data["target_id"], said.to_string());
    assert!(data.get("options").is_none());
    let message = &data["resolved"]["messages"][said.to_string()];
    assert_eq!(message["content"], "By a person", "without the content intent, too");
    let answer = outcome.unwrap().message().unwrap();
    assert_eq!(member.message(answer).unwrap().kind, 23);

    let private = member.context_command(stage.demo.events, "Event log", answer.get()).await;
    let why = UserError::NotFound("there is no such message".into());
    assert_eq!(private, Err(why), "clients offer nothing on private messages");
}

#[tokio::test]
async fn a_command_on_a_person_is_for_those_who_may_write() {
    let stage = Stage::new().await;
    let mut gateway = stage.go_online(commands()).await;
    let member = stage.member();
    let target = stage.demo.organiser;
    let run = member.context_command(stage.demo.events, "Attendance", target.get());
    let (outcome, asked) = tokio::join!(run, answered(&stage, &mut gateway));
    assert!(outcome.is_ok());
    assert_eq!(asked["data"]["target_id"], target.to_string());
    let resolved = &asked["data"]["resolved"];
    assert_eq!(resolved["users"][target.to_string()]["username"], "joao.pecanha");
    let roles = json!([stage.demo.organisers.to_string()]);
    assert_eq!(resolved["members"][target.to_string()]["roles"], roles);
    assert!(member.context_command(stage.demo.events, "Attendance", 1).await.is_err());

    let here = stage.demo.announcements;
    assert_eq!(member.commands(here), ["Event log"], "nobody writes there");
    let refused = member.context_command(here, "Attendance", target.get()).await;
    assert!(matches!(refused, Err(UserError::NotFound(_))));
}

#[tokio::test]
async fn commands_of_the_menu_that_are_refused() {
    let stage = Stage::new().await;
    let path = format!("/applications/{}/commands", stage.demo.app);
    let option = json!({"type": 3, "name": "o", "description": "d"});
    for (body, expected) in [
        (json!({"name": "Log", "type": 3, "description": "d"}), "description BASE_TYPE_MAX_LENGTH"),
        (
            json!({"name": "Log", "type": 2, "options": [option]}),
            "options APPLICATION_COMMAND_INVALID_OPTIONS",
        ),
        (json!({"name": "x".repeat(33), "type": 2}), "name BASE_TYPE_BAD_LENGTH"),
        (
            json!({"name": "i", "description": "d", "options": [
                {"type": 11, "name": "f", "description": "d", "file_types": ["picture"]}]}),
            "options.0.file_types.0 BASE_TYPE_CHOICES",
        ),
    ] {
        let (status, answer) = stage.http.post(&path, body.clone()).await;
        assert_eq!(status, 400, "{body}");
        assert_eq!(lines(&answer["errors"]), [expected], "{body}");
    }
    let many = |count: usize| -> Value {
        (0..count).map(|n| json!({"name": format!("Menu {n}"), "type": 3})).collect()
    };
    assert_eq!(stage.http.put(&path, many(15)).await.0, 200);
    assert_eq!(stage.http.put(&path, many(16)).await.1["code"], 30_032);
}

/// A message with a select of this type and these fields.
fn select(kind: u8, more: &Value) -> Value {
    let mut select = json!({"type": kind, "custom_id": "pick"});
    select.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
    json!({"content": "Who?", "components": [{"type": 1, "components": [select]}]})
}

#[tokio::test]
async fn people_roles_and_channels_are_chosen_in_messages() {
    let stage = Stage::new().await;
    let mut gateway = stage.go_online(commands()).await;
    let (person, role) = (stage.demo.organiser.to_string(), stage.demo.organisers.to_string());
    let channel = stage.demo.general.to_string();
    let users = ["users", "members"];
    let cases: [(u8, Vec<&str>, Vec<&str>); 4] = [
        (5, vec![&person], users.to_vec()),
        (6, vec![&role], vec!["roles"]),
        (7, vec![&person, &role], vec!["users", "members", "roles"]),
        (8, vec![&channel], vec!["channels"]),
    ];
    for (kind, values, maps) in cases {
        let (_, sent) =
            stage.bot_says(stage.demo.events, select(kind, &json!({"max_values": 2}))).await;
        let message = sent["id"].as_str().unwrap().parse().unwrap();
        let member = stage.member();
        let run = member.select(message, "pick", &values);
        let (outcome, asked) = tokio::join!(run, answered(&stage, &mut gateway));
        assert!(outcome.is_ok(), "{kind}");
        assert_eq!(asked["data"]["component_type"], kind);
        assert_eq!(asked["data"]["values"], json!(values));
        let resolved = asked["data"]["resolved"].as_object().unwrap();
        let mut names: Vec<_> = resolved.keys().map(String::as_str).collect();
        names.sort_by_key(|name| maps.iter().position(|map| map == name));
        assert_eq!(names, maps, "{kind}");
        let none = member.select(message, "pick", &[]).await;
        assert_eq!(none, Err(UserError::Invalid("between 1 and 2 choices are needed".into())));
        assert!(member.select(message, "pick", &["1"]).await.is_err(), "no such {kind}");
    }
}

#[tokio::test]
async fn defaults_of_selects_are_checked_and_sent_with_a_form() {
    let stage = Stage::new().await;
    let (person, role) = (stage.demo.organiser.to_string(), stage.demo.organisers.to_string());
    let of = |kind: &str, id: &str| json!({"id": id, "type": kind});
    let list = "components.0.components.0.default_values";
    for (kind, more, expected) in [
        (
            5,
            json!({"default_values": [of("role", &role)]}),
            format!("{list}.0.type BASE_TYPE_CHOICES"),
        ),
        (
            6,
            json!({"default_values": [of("role", "x")]}),
            format!("{list}.0.id NUMBER_TYPE_COERCE"),
        ),
        (
            7,
            json!({"default_values": [of("user", &person), of("role", &role)]}),
            format!("{list} BASE_TYPE_MAX_LENGTH"),
        ),
        (
            5,
            json!({"min_values": 2, "max_values": 3, "default_values": [of("user", &person)]}),
            format!("{list} BASE_TYPE_BAD_LENGTH"),
        ),
    ] {
        let (status, answer) = stage.bot_says(stage.demo.events, select(kind, &more)).await;
        assert_eq!(status, 400, "{more}");
        assert_eq!(lines(&answer["errors"]), [expected], "{more}");
    }

    let mut gateway = stage.go_online(json!([{"name": "new", "description": "d"}])).await;
    let owner = stage.owner();
    let who = json!({"type": 7, "custom_id": "who", "max_values": 2,
                     "default_values": [of("user", &person), of("role", &role)]});
    let form = json!({"type": 9, "data": {"custom_id": "m", "title": "T", "components": [
        {"type": 18, "label": "Who", "component": who}]}});
    let (outcome, ()) = tokio::join!(owner.command(stage.demo.events, "new", json!({})), async {
        let asked = gateway.asked().await;
        assert_eq!(stage.http.answer(&asked, form).await.0, 200);
    });
    let modal = outcome.unwrap().modal().unwrap().id;
    let (sent, asked) =
        tokio::join!(owner.submit(modal, json!({})), answered(&stage, &mut gateway));
    assert!(sent.is_ok());
    let field = &asked["data"]["components"][0]["component"];
    assert_eq!(field["values"], json!([person, role]), "what nobody changed is sent as it was");
    assert_eq!(asked["data"]["resolved"]["roles"][&role]["name"], "Organisers");
}

#[tokio::test]
async fn people_delete_their_own_words_and_moderators_any() {
    let stage = Stage::new().await;
    let (owner, member) = (stage.owner(), stage.member());
    let (_, sent) = stage.bot_says(stage.demo.events, json!({"content": "Post"})).await;
    let post = sent["id"].as_str().unwrap().parse().unwrap();
    let own = member.say(stage.demo.events, "Mine").unwrap();
    assert!(matches!(member.delete(post), Err(UserError::Forbidden(_))));
    assert_eq!(member.delete(own), Ok(()));
    assert_eq!(owner.delete(post), Ok(()));
    assert!(matches!(owner.delete(post), Err(UserError::NotFound(_))));
    let everyone = stage.demo.guild.everyone();
    let may = Permissions::MEMBER | Permissions::MANAGE_MESSAGES;
    stage.sim.world(|world| {
        world.edit_role(stage.demo.guild, everyone, |role| role.permissions = may);
    });
    let other = owner.say(stage.demo.events, "Hers").unwrap();
    assert_eq!(member.delete(other), Ok(()));
}
