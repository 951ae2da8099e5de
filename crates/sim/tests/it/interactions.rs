//! Commands, buttons, selects and forms, with their deadlines and their tokens.

use std::time::Duration;

use muster_sim::{Answer, UserError};
use serde_json::{Value, json};

use crate::bot::{Stage, webhook};

/// `/event create title:… [day:…]` and `/event show id:…`, and a command on people.
fn commands() -> Value {
    json!([
        {"name": "event", "description": "Events", "options": [
            {"type": 1, "name": "create", "description": "New", "options": [
                {"type": 3, "name": "title", "description": "Title", "required": true,
                 "max_length": 10},
                {"type": 3, "name": "when", "description": "When", "autocomplete": true},
                {"type": 6, "name": "host", "description": "Host"},
                {"type": 7, "name": "channel", "description": "Where", "channel_types": [0]},
            ]},
        ]},
        {"name": "Greet", "type": 2},
    ])
}

fn buttons() -> Value {
    json!({"content": "Coming?", "components": [
        {"type": 1, "components": [
            {"type": 2, "style": 3, "label": "Yes", "custom_id": "yes"},
            {"type": 2, "style": 4, "label": "No", "custom_id": "no", "disabled": true},
        ]},
        {"type": 1, "components": [
            {"type": 3, "custom_id": "pick", "max_values": 2, "options": [
                {"label": "Tank", "value": "tank"}, {"label": "Healer", "value": "healer"}]},
        ]},
    ]})
}

fn form() -> Value {
    json!({"type": 9, "data": {"custom_id": "new", "title": "New event", "components": [
        {"type": 18, "label": "Title", "component":
            {"type": 4, "custom_id": "title", "style": 1, "max_length": 5}},
        {"type": 18, "label": "Repeat", "component":
            {"type": 21, "custom_id": "repeat", "required": false, "options": [
                {"value": "never", "label": "Never", "default": true},
                {"value": "weekly", "label": "Weekly"}]}},
        {"type": 10, "content": "Almost there"},
    ]}})
}

#[tokio::test]
async fn a_slash_command_is_answered_with_a_message() {
    let stage = Stage::new().await;
    let mut gateway = stage.go_online(commands()).await;
    let owner = stage.owner();
    let options = json!({"title": "Raid", "host": stage.demo.organiser.to_string()});
    let command = owner.command(stage.demo.events, "event create", options);
    let bot = async {
        let asked = gateway.asked().await;
        let answer = json!({"type": 4, "data": {"content": "Done"}});
        (stage.http.answer(&asked, answer).await, asked)
    };
    let (outcome, ((status, response), asked)) = tokio::join!(command, bot);

    assert_eq!(status, 200);
    let message = outcome.unwrap().message().unwrap();
    assert_eq!(response["resource"]["message"]["id"], message.to_string());
    assert_eq!(response["interaction"]["response_message_ephemeral"], false);
    let made_by = &response["resource"]["message"]["interaction_metadata"];
    assert_eq!((&made_by["id"], &made_by["type"]), (&asked["id"], &json!(2)));
    assert_eq!(stage.member().message(message).unwrap().content, "Done");

    let create = &asked["data"]["options"][0];
    assert_eq!(create["name"], "create");
    assert_eq!(create["options"][0]["name"], "host", "in the order of sending");
    let host = stage.demo.organiser.to_string();
    let resolved = &asked["data"]["resolved"];
    assert_eq!(resolved["users"][&host]["username"], "joao.pecanha");
    assert!(resolved["members"][&host]["permissions"].is_string());
    assert!(resolved["members"][&host].get("user").is_none());
    assert_eq!(asked["app_permissions"], "380105772096", "its own role's and everyone's");
    assert_eq!(asked["context"], 0);
    assert_eq!(asked["channel"]["name"], "events");
    assert_eq!(asked["member"]["user"]["username"], "ada.lindqvist");
    assert_eq!(asked["guild_locale"], "en-US");
    let guild = stage.demo.guild.to_string();
    assert_eq!(asked["authorizing_integration_owners"], json!({"0": guild}));
}

#[tokio::test]
async fn an_ephemeral_answer_is_for_one_pair_of_eyes() {
    let stage = Stage::new().await;
    let mut gateway = stage.go_online(commands()).await;
    let member = stage.member();
    let command = member.command(stage.demo.general, "event create", json!({"title": "Raid"}));
    let bot = async {
        let asked = gateway.asked().await;
        let hidden = json!({"type": 4, "data": {"content": "Only you", "flags": 64}});
        stage.http.answer(&asked, hidden).await;
        asked
    };
    let (outcome, asked) = tokio::join!(command, bot);
    let id = outcome.unwrap().message().unwrap();

    assert_eq!(member.message(id).unwrap().content, "Only you");
    assert!(stage.owner().message(id).is_none());
    let history = format!("/channels/{}/messages", stage.demo.general);
    let (_, list) = stage.http.get(&history).await;
    assert!(list.as_array().unwrap().iter().all(|message| message["id"] != id.to_string()));
    let (status, body) = stage.http.get(&format!("{history}/{id}")).await;
    assert_eq!((status, &body["code"]), (404, &json!(10_008)));

    let path = webhook(stage.demo.app, &asked, "/messages/@original");
    let (status, _) = stage.http.patch(&path, json!({"content": "Changed"})).await;
    assert_eq!(status, 200);
    assert_eq!(member.message(id).unwrap().content, "Changed");
    member.dismiss(id).unwrap();
    assert!(member.message(id).is_none());
    let (status, _) = stage.http.patch(&path, json!({"content": "Unseen"})).await;
    assert_eq!(status, 200, "the bot does not learn of the dismissal");
}

#[tokio::test]
async fn an_answer_after_the_deadline_is_for_nobody() {
    let stage = Stage::new().await;
    let mut gateway = stage.go_online(commands()).await;
    let options = json!({"title": "Raid"});
    let outcome = stage.owner().command(stage.demo.events, "event create", options).await;
    assert_eq!(outcome.unwrap().answer, Answer::Failed);
    let asked = gateway.asked().await;
    let (status, body) =
        stage.http.answer(&asked, json!({"type": 4, "data": {"content": "Late"}})).await;
    assert_eq!((status, &body["code"]), (404, &json!(10_062)));
    let original = webhook(stage.demo.app, &asked, "/messages/@original");
    assert_eq!(stage.http.get(&original).await.1["code"], 10_015);
    assert_eq!(stage.sim.counts().missed, 1);
}

#[tokio::test]
async fn a_second_answer_is_refused_and_follow_ups_are_not() {
    let stage = Stage::new().await;
    let mut gateway = stage.go_online(commands()).await;
    let owner = stage.owner();
    let command = owner.command(stage.demo.events, "event create", json!({"title": "Raid"}));
    let (_, asked) = tokio::join!(command, async {
        let asked = gateway.asked().await;
        let answer = json!({"type": 4, "data": {"content": "First"}});
        stage.http.answer(&asked, answer.clone()).await;
        let (status, body) = stage.http.answer(&asked, answer).await;
        assert_eq!((status, &body["code"]), (400, &json!(40_060)));
        asked
    });
    let follow_up = webhook(stage.demo.app, &asked, "");
    let (status, more) = stage.http.post(&follow_up, json!({"content": "Second"})).await;
    assert_eq!(status, 200);
    let id = more["id"].as_str().unwrap();
    let path = webhook(stage.demo.app, &asked, &format!("/messages/{id}"));
    assert_eq!(stage.http.delete(&path).await.0, 204);
    let original = webhook(stage.demo.app, &asked, "/messages/@original");
    assert_eq!(stage.http.get(&original).await.1["content"], "First");

    stage.sim.clock().advance(Duration::from_secs(15 * 60 + 1)).await.unwrap();
    let (status, body) = stage.http.get(&original).await;
    assert_eq!((status, &body["code"]), (401, &json!(50_027)), "15 minutes are over");
}

#[tokio::test]
async fn a_deferred_answer_is_filled_in_later() {
    let stage = Stage::new().await;
    let mut gateway = stage.go_online(commands()).await;
    let member = stage.member();
    let command = member.command(stage.demo.general, "event create", json!({"title": "Raid"}));
    let (outcome, asked) = tokio::join!(command, async {
        let asked = gateway.asked().await;
        stage.http.answer(&asked, json!({"type": 5, "data": {"flags": 64}})).await;
        asked
    });
    let id = outcome.unwrap().message().unwrap();
    assert_eq!(member.message(id).unwrap().flags, 64 | 128, "hidden and thinking");
    let path = webhook(stage.demo.app, &asked, "/messages/@original");
    let (status, body) = stage.http.patch(&path, json!({"content": "Here"})).await;
    assert_eq!(status, 200);
    assert_eq!(body["flags"], 64);
    assert_eq!(member.message(id).unwrap().content, "Here");
    assert!(stage.owner().message(id).is_none(), "it stays hidden");
}

#[tokio::test]
async fn a_tap_changes_its_own_message() {
    let stage = Stage::new().await;
    let mut gateway = stage.go_online(commands()).await;
    let (_, post) = stage.bot_says(stage.demo.events, buttons()).await;
    let id = post["id"].as_str().unwrap().parse().unwrap();
    let member = stage.member();
    let (outcome, asked) = tokio::join!(member.tap(id, "yes"), async {
        let asked = gateway.asked().await;
        stage.http.answer(&asked, json!({"type": 7, "data": {"content": "1 coming"}})).await;
        asked
    });
    assert_eq!(outcome.unwrap().answer, Answer::Updated);
    assert_eq!(asked["type"], 3);
    assert_eq!(asked["data"]["component_type"], 2);
    assert_eq!(asked["message"]["id"], post["id"]);
    let message = member.message(id).unwrap();
    assert_eq!(message.content, "1 coming");
    assert!(message.edited.is_some());
    assert_eq!(message.components.len(), 2, "what was not said is unchanged");

    let disabled = member.tap(id, "no").await;
    assert_eq!(disabled.unwrap_err(), UserError::Forbidden("that component is disabled".into()));
    assert!(matches!(member.tap(id, "other").await, Err(UserError::NotFound(_))));
    assert!(matches!(member.select(id, "pick", &["mage"]).await, Err(UserError::Invalid(_))));
    let (_, asked) = tokio::join!(member.select(id, "pick", &["tank", "healer"]), async {
        let asked = gateway.asked().await;
        stage.http.answer(&asked, json!({"type": 6})).await;
        asked
    });
    assert_eq!(asked["data"]["values"], json!(["tank", "healer"]));
}

#[tokio::test]
async fn a_form_is_opened_filled_and_sent() {
    let stage = Stage::new().await;
    let mut gateway = stage.go_online(commands()).await;
    let (_, post) = stage.bot_says(stage.demo.events, buttons()).await;
    let id = post["id"].as_str().unwrap().parse().unwrap();
    let member = stage.member();
    let (outcome, _) = tokio::join!(member.tap(id, "yes"), async {
        let asked = gateway.asked().await;
        stage.http.answer(&asked, form()).await
    });
    let modal = outcome.unwrap().modal().unwrap().clone();
    assert_eq!(modal.title, "New event");

    let too_long = member.submit(modal.id, json!({"title": "Too long"})).await;
    let says = "\"Title\" must have 5 characters or fewer";
    assert_eq!(too_long.unwrap_err(), UserError::Invalid(says.into()));
    assert!(member.submit(modal.id, json!({"title": ""})).await.is_err(), "it is required");
    assert!(stage.owner().submit(modal.id, json!({"title": "Mine"})).await.is_err());

    let (outcome, asked) = tokio::join!(member.submit(modal.id, json!({"title": "Raid"})), async {
        let asked = gateway.asked().await;
        let again = stage.http.answer(&asked, form()).await;
        assert_eq!(again.0, 400, "a form cannot be answered with a form");
        stage.http.answer(&asked, json!({"type": 7, "data": {"content": "Made"}})).await;
        asked
    });
    assert_eq!(outcome.unwrap().answer, Answer::Updated);
    assert_eq!(asked["type"], 5);
    assert_eq!(asked["message"]["id"], post["id"]);
    let fields = &asked["data"]["components"];
    assert_eq!(fields[0]["component"]["value"], "Raid");
    assert_eq!(fields[1]["component"]["value"], "never", "the preset");
    assert_eq!(fields[2]["type"], 10);
    let gone = member.submit(modal.id, json!({"title": "Raid"})).await;
    assert!(matches!(gone, Err(UserError::NotFound(_))));
}

#[tokio::test]
async fn suggestions_come_while_typing() {
    let stage = Stage::new().await;
    let mut gateway = stage.go_online(commands()).await;
    let owner = stage.owner();
    let typing = json!({"when": "fri"});
    let suggest = owner.autocomplete(stage.demo.events, "event create", typing, "when");
    let choices = json!([{"name": "Friday, 20:00", "value": "2027-03-12T20:00"}]);
    let (suggested, asked) = tokio::join!(suggest, async {
        let asked = gateway.asked().await;
        let message = json!({"type": 4, "data": {"content": "no"}});
        assert_eq!(stage.http.answer(&asked, message).await.0, 400);
        let answer = json!({"type": 8, "data": {"choices": choices}});
        stage.http.answer(&asked, answer).await;
        asked
    });
    assert_eq!(suggested.unwrap()[0].name, "Friday, 20:00");
    assert_eq!(asked["type"], 4);
    let option = &asked["data"]["options"][0]["options"][0];
    assert_eq!(option["focused"], true);
    assert_eq!(option["value"], "fri");
}

#[tokio::test]
async fn discord_checks_options_before_the_bot_sees_them() {
    let stage = Stage::new().await;
    let _gateway = stage.go_online(commands()).await;
    let owner = stage.owner();
    let hidden = stage.demo.organisers_only.to_string();
    for (options, says) in [
        (json!({}), "the option \"title\" is required"),
        (
            json!({"title": "much too long"}),
            "the option \"title\" must have 10 characters or fewer",
        ),
        (json!({"title": ""}), "the option \"title\" must not be empty"),
        (json!({"title": "a", "x": 1}), "there is no option \"x\""),
        (json!({"title": "a", "host": "1"}), "that person is not here"),
        (json!({"title": "a", "channel": hidden}), "there is no such channel here"),
    ] {
        let member = if says.contains("channel") { stage.member() } else { owner.clone() };
        let refused = member.command(stage.demo.events, "event create", options).await;
        assert_eq!(refused.unwrap_err().to_string(), says);
    }
    assert_eq!(stage.sim.counts().interactions, 0);
}

#[tokio::test]
async fn a_command_on_a_person_names_its_target() {
    let stage = Stage::new().await;
    let mut gateway = stage.go_online(commands()).await;
    let owner = stage.owner();
    let target = stage.demo.members[0].get();
    let greet = owner.context_command(stage.demo.general, "Greet", target);
    let (outcome, asked) = tokio::join!(greet, async {
        let asked = gateway.asked().await;
        stage.http.answer(&asked, json!({"type": 4, "data": {"content": "Hello"}})).await;
        asked
    });
    assert!(outcome.unwrap().message().is_some());
    assert_eq!(asked["data"]["target_id"], target.to_string());
    assert_eq!(asked["data"]["resolved"]["users"][target.to_string()]["username"], "zofia.w");
}

#[tokio::test]
async fn deferring_a_tap_makes_the_original_the_tapped_message() {
    let stage = Stage::new().await;
    let mut gateway = stage.go_online(commands()).await;
    let (_, post) = stage.bot_says(stage.demo.events, buttons()).await;
    let id = post["id"].as_str().unwrap().parse().unwrap();
    let member = stage.member();
    let (outcome, asked) = tokio::join!(member.tap(id, "yes"), async {
        let asked = gateway.asked().await;
        stage.http.answer(&asked, json!({"type": 6})).await;
        asked
    });
    assert_eq!(outcome.unwrap().answer, Answer::Acknowledged);
    let original = webhook(stage.demo.app, &asked, "/messages/@original");
    let (_, body) = stage.http.patch(&original, json!({"content": "Later"})).await;
    assert_eq!(body["id"], post["id"]);
    assert_eq!(member.message(id).unwrap().content, "Later");
}
