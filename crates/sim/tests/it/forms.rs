//! What Discord refuses, and the tree of errors that it refuses it with.

use serde_json::{Value, json};

use crate::bot::Stage;

/// The paths and codes of all errors in a tree, `components.0.label CODE`.
pub(crate) fn lines(tree: &Value) -> Vec<String> {
    let mut found = Vec::new();
    walk(tree, "", &mut found);
    found.sort();
    found
}

fn walk(node: &Value, path: &str, found: &mut Vec<String>) {
    for (key, value) in node.as_object().into_iter().flatten() {
        if key == "_errors" {
            for error in value.as_array().unwrap() {
                assert!(error["message"].is_string());
                found.push(format!("{path} {}", error["code"].as_str().unwrap()));
            }
        } else {
            let path = if path.is_empty() { key.clone() } else { format!("{path}.{key}") };
            walk(value, &path, found);
        }
    }
}

fn row(components: &Value) -> Value {
    json!({"content": "x", "components": [{"type": 1, "components": components}]})
}

fn button(custom_id: &str) -> Value {
    json!({"type": 2, "style": 1, "label": "b", "custom_id": custom_id})
}

fn v2(components: &Value) -> Value {
    json!({"flags": 1 << 15, "components": components})
}

fn options(count: usize) -> Value {
    let option = |n: usize| json!({"label": format!("o{n}"), "value": format!("o{n}")});
    (0..count).map(option).collect()
}

/// Sends each message and compares all errors of the answer with the one line expected.
async fn expect_refused(cases: &[(Value, &str)]) {
    let stage = Stage::new().await;
    for (body, expected) in cases {
        let (status, answer) = stage.bot_says(stage.demo.events, body.clone()).await;
        assert_eq!((status, &answer["code"]), (400, &json!(50_035)), "{body}");
        assert_eq!(lines(&answer["errors"]), [*expected], "{body}");
    }
}

fn text(length: usize) -> Value {
    json!({"type": 10, "content": "x".repeat(length)})
}

#[tokio::test]
async fn texts_and_embeds_that_are_refused() {
    let field = json!({"name": "n", "value": "v"});
    expect_refused(&[
        (json!({"content": "x".repeat(2001)}), "content BASE_TYPE_MAX_LENGTH"),
        (json!({"content": 5}), "content STRING_TYPE_CONVERT"),
        (json!({"content": "x", "nonce": "x".repeat(26)}), "nonce BASE_TYPE_MAX_LENGTH"),
        (json!({"embeds": [{"title": "x".repeat(257)}]}), "embeds.0.title BASE_TYPE_MAX_LENGTH"),
        (json!({"embeds": [{}]}), "embeds.0.description BASE_TYPE_REQUIRED"),
        (
            json!({"embeds": [
                {"description": "x".repeat(4096)},
                {"description": "x".repeat(1905)},
            ]}),
            "embeds MAX_EMBED_SIZE_EXCEEDED",
        ),
        (json!({"embeds": [{"fields": vec![field; 26]}]}), "embeds.0.fields BASE_TYPE_MAX_LENGTH"),
        (
            json!({"embeds": [{"fields": [{"name": "n", "value": ""}]}]}),
            "embeds.0.fields.0.value BASE_TYPE_REQUIRED",
        ),
        (
            json!({"embeds": [{"fields": [{"name": "n", "value": "x".repeat(1025)}]}]}),
            "embeds.0.fields.0.value BASE_TYPE_BAD_LENGTH",
        ),
        (
            json!({"embeds": [{"title": "x", "url": "ftp://x"}]}),
            "embeds.0.url URL_TYPE_INVALID_SCHEME",
        ),
        (
            json!({"embeds": [{"title": "x", "color": 0x0100_0000}]}),
            "embeds.0.color NUMBER_TYPE_MAX",
        ),
        (
            json!({"embeds": [{"title": "x", "timestamp": "soon"}]}),
            "embeds.0.timestamp DATE_TIME_TYPE_PARSE",
        ),
    ])
    .await;
}

#[tokio::test]
async fn components_that_are_refused() {
    expect_refused(&[
        (row(&json!([])), "components.0.components BASE_TYPE_REQUIRED"),
        (
            row(&json!([button("a"), button("a")])),
            "components.0.components.1.custom_id COMPONENT_CUSTOM_ID_DUPLICATED",
        ),
        (
            row(&json!([{"type": 2, "style": 1, "custom_id": "a"}])),
            "components.0.components.0.label BASE_TYPE_REQUIRED",
        ),
        (
            row(&json!([{"type": 2, "style": 1, "label": "x".repeat(81), "custom_id": "a"}])),
            "components.0.components.0.label BASE_TYPE_MAX_LENGTH",
        ),
        (
            row(&json!([{"type": 2, "style": 1, "label": "x", "custom_id": "x".repeat(101)}])),
            "components.0.components.0.custom_id BASE_TYPE_BAD_LENGTH",
        ),
        (
            row(&json!([{"type": 2, "style": 1, "label": "x"}])),
            "components.0.components.0.custom_id BASE_TYPE_REQUIRED",
        ),
        (
            row(&json!([{"type": 2, "style": 5, "label": "x", "url": "nowhere"}])),
            "components.0.components.0.url URL_TYPE_INVALID_SCHEME",
        ),
        (
            row(&json!([{"type": 2, "style": 1, "emoji": {"name": "smile"}, "custom_id": "a"}])),
            "components.0.components.0.emoji.name COMPONENT_INVALID_EMOJI",
        ),
        (
            row(&json!([{"type": 3, "custom_id": "a", "options": options(26)}])),
            "components.0.components.0.options BASE_TYPE_BAD_LENGTH",
        ),
        (
            row(&json!([{"type": 3, "custom_id": "a", "options": options(1)}, button("b")])),
            "components.0.components COMPONENT_LAYOUT_WIDTH_EXCEEDED",
        ),
        (
            json!({"content": "x", "components": [{"type": 10, "content": "x"}]}),
            "components.0.type UNION_TYPE_CHOICES",
        ),
        (v2(&json!([{"type": 10, "content": ""}])), "components.0.content BASE_TYPE_REQUIRED"),
        (
            v2(&json!([text(3000), text(1001)])),
            "components COMPONENT_DISPLAYABLE_TEXT_SIZE_EXCEEDED",
        ),
        (
            v2(&json!([{"type": 17, "components": vec![text(1); 40]}])),
            "components BASE_TYPE_MAX_LENGTH",
        ),
        (
            v2(&json!([{"type": 9, "components": [text(1)]}])),
            "components.0.accessory BASE_TYPE_REQUIRED",
        ),
        (
            json!({"flags": 1 << 15, "content": "x", "components": [text(1)]}),
            "content MESSAGE_CANNOT_USE_LEGACY_FIELDS_WITH_COMPONENTS_V2",
        ),
        (
            json!({"content": "x", "allowed_mentions": {"parse": ["users"], "users": ["1"]}}),
            "allowed_mentions MESSAGE_ALLOWED_MENTIONS_PARSE_EXCLUSIVE",
        ),
        (
            json!({"content": "x", "allowed_mentions": {"parse": ["all"]}}),
            "allowed_mentions.parse.0 BASE_TYPE_CHOICES",
        ),
    ])
    .await;
}

#[tokio::test]
async fn an_empty_message_is_refused() {
    let stage = Stage::new().await;
    let (status, answer) = stage.bot_says(stage.demo.events, json!({"content": "  "})).await;
    assert_eq!((status, &answer["code"]), (400, &json!(50_006)));
}

#[tokio::test]
async fn messages_that_are_just_small_enough() {
    let stage = Stage::new().await;
    let five: Vec<_> = (0..5).map(|n| button(&format!("b{n}"))).collect();
    for body in [
        json!({"content": "ö".repeat(2000)}),
        row(&json!(five)),
        row(&json!([{"type": 3, "custom_id": "a", "options": options(25)}])),
        v2(&json!([text(2000), text(2000)])),
        v2(&json!([{"type": 17, "components": vec![text(1); 39]}])),
        json!({"embeds": [{"description": "x".repeat(4096)}, {"description": "x".repeat(1904)}]}),
    ] {
        let (status, answer) = stage.bot_says(stage.demo.events, body.clone()).await;
        assert_eq!(status, 200, "{answer}");
    }
}

#[tokio::test]
async fn a_message_of_components_stays_one() {
    let stage = Stage::new().await;
    let (_, sent) =
        stage.bot_says(stage.demo.events, v2(&json!([{"type": 10, "content": "One"}]))).await;
    let path = format!("/channels/{}/messages/{}", stage.demo.events, sent["id"].as_str().unwrap());
    let (status, answer) = stage.http.patch(&path, json!({"content": "Two"})).await;
    assert_eq!(status, 400);
    assert_eq!(
        lines(&answer["errors"]),
        ["content MESSAGE_CANNOT_USE_LEGACY_FIELDS_WITH_COMPONENTS_V2"]
    );
    let two = json!({"components": [{"type": 10, "content": "Two"}]});
    let (status, edited) = stage.http.patch(&path, two).await;
    assert_eq!((status, &edited["flags"]), (200, &json!(1 << 15)));
}

#[tokio::test]
async fn commands_that_are_refused() {
    let stage = Stage::new().await;
    let path = format!("/applications/{}/commands", stage.demo.app);
    let with = |options: Value| json!({"name": "a", "description": "d", "options": options});
    let option = |name: &str| json!({"type": 3, "name": name, "description": "d"});
    let long = |n: usize| json!({"name": format!("c{n}"), "value": "x".repeat(90)});
    let big: Vec<_> = (0..25).map(long).collect();
    let many: Vec<_> = (0..4)
        .map(|n| json!({"type": 3, "name": format!("o{n}"), "description": "d", "choices": big}))
        .collect();
    for (body, expected) in [
        (json!({"name": "Upper", "description": "d"}), "name APPLICATION_COMMAND_INVALID_NAME"),
        (json!({"name": "two words", "description": "d"}), "name APPLICATION_COMMAND_INVALID_NAME"),
        (json!({"name": "a"}), "description BASE_TYPE_REQUIRED"),
        (json!({"name": "a", "description": "x".repeat(101)}), "description BASE_TYPE_BAD_LENGTH"),
        (
            json!({"name": "a", "description": "d", "name_localizations": {"xx": "b"}}),
            "name_localizations.xx ENUM_TYPE_COERCE",
        ),
        (
            with(json!([
                option("b"),
                {"type": 3, "name": "c", "description": "d", "required": true},
            ])),
            "options.1 APPLICATION_COMMAND_OPTIONS_REQUIRED_INVALID",
        ),
        (
            with(json!([option("b"), option("b")])),
            "options.1.name APPLICATION_COMMAND_OPTIONS_NAME_INVALID",
        ),
        (
            with(json!([{"type": 3, "name": "c", "description": "d", "autocomplete": true,
                      "choices": [{"name": "x", "value": "x"}]}])),
            "options.0.choices APPLICATION_COMMAND_AUTOCOMPLETE_WITH_CHOICES",
        ),
        (
            with(json!([{"type": 1, "name": "s", "description": "d"}, option("b")])),
            "options APPLICATION_COMMAND_OPTIONS_TYPE_INVALID",
        ),
        (with(json!(many)), " APPLICATION_COMMAND_TOO_LARGE"),
    ] {
        let (status, answer) = stage.http.post(&path, body.clone()).await;
        assert_eq!((status, &answer["code"]), (400, &json!(50_035)), "{body}");
        assert_eq!(lines(&answer["errors"]), [expected], "{body}");
    }
}

#[tokio::test]
async fn forms_that_are_refused() {
    let stage = Stage::new().await;
    let command = json!([{"name": "new", "description": "d"}]);
    let mut gateway = stage.go_online(command).await;
    let owner = stage.owner();
    let (outcome, ()) = tokio::join!(owner.command(stage.demo.events, "new", json!({})), async {
        let asked = gateway.asked().await;
        let input = json!({"type": 4, "custom_id": "a", "style": 1});
        let label = json!({"type": 18, "label": "L", "component": input});
        for (title, components, expected) in [
            ("T", json!([]), "data.components BASE_TYPE_REQUIRED"),
            (
                "T",
                json!([{"type": 2, "style": 1, "label": "b", "custom_id": "b"}]),
                "data.components.0.type UNION_TYPE_CHOICES",
            ),
            (
                "T",
                json!([label, label]),
                "data.components.1.component.custom_id COMPONENT_CUSTOM_ID_DUPLICATED",
            ),
            (
                "T",
                json!([{"type": 18, "label": "x".repeat(46), "component": input}]),
                "data.components.0.label BASE_TYPE_BAD_LENGTH",
            ),
            (&"x".repeat(46), json!([label]), "data.title BASE_TYPE_BAD_LENGTH"),
            (
                "T",
                json!([{"type": 18, "label": "L", "component":
                {"type": 4, "custom_id": "a", "style": 1, "label": "x"}}]),
                "data.components.0.component.label TEXT_INPUT_LABEL_NOT_ALLOWED",
            ),
            (
                "T",
                json!([{"type": 18, "label": "L", "component":
                {"type": 5, "custom_id": "a", "disabled": true}}]),
                "data.components.0.component.disabled COMPONENT_DISABLED_IN_MODAL",
            ),
        ] {
            let data = json!({"custom_id": "m", "title": title, "components": components});
            let (status, answer) =
                stage.http.answer(&asked, json!({"type": 9, "data": data})).await;
            assert_eq!(status, 400, "{components}");
            assert_eq!(lines(&answer["errors"]), [expected]);
        }
        let good = json!({"custom_id": "m", "title": "T", "components": [label]});
        assert_eq!(stage.http.answer(&asked, json!({"type": 9, "data": good})).await.0, 200);
    });
    assert!(outcome.unwrap().modal().is_some(), "mistakes do not use up the answer");
}
