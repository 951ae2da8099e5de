//! Files: given by people to commands and forms, and sent by bots with every kind of message.

use bytes::Bytes;
use http_body_util::Full;
use hyper::Request;
use muster_sim::UserError;
use serde_json::{Value, json};

use crate::bot::{Http, Stage, webhook};
use crate::forms::lines;

const PNG: &[u8] = b"\x89PNG\r\n\x1a\n";

fn commands() -> Value {
    json!([{"name": "event", "description": "Events", "options": [
        {"type": 11, "name": "image", "description": "Picture", "required": true,
         "file_types": ["image"]}]}])
}

/// What is found at the address of a file.
async fn fetched(stage: &Stage, url: &Value) -> (u16, Bytes) {
    let request = Request::get(url.as_str().unwrap()).body(Full::default()).unwrap();
    let (status, _, body) = stage.http.send_raw(request).await;
    (status, body)
}

#[tokio::test]
async fn a_picture_is_given_to_a_command() {
    let stage = Stage::new().await;
    let mut gateway = stage.go_online(commands()).await;
    let owner = stage.owner();
    let picture = owner.upload("Sea view.png", "image/png", PNG).unwrap();
    let options = json!({"image": picture.to_string()});
    let (outcome, asked) =
        tokio::join!(owner.command(stage.demo.events, "event", options), async {
            let asked = gateway.asked().await;
            let id = asked["data"]["options"][0]["value"].as_str().unwrap();
            let url = &asked["data"]["resolved"]["attachments"][id]["url"];
            let answer = json!({"type": 4, "data": {"embeds": [{"image": {"url": url}}]}});
            assert_eq!(stage.http.answer(&asked, answer).await.0, 200);
            asked
        });
    assert_eq!(asked["data"]["options"][0]["type"], 11);
    let file = &asked["data"]["resolved"]["attachments"][picture.to_string()];
    assert_eq!(file["filename"], "Sea_view.png");
    assert_eq!((&file["content_type"], &file["size"]), (&json!("image/png"), &json!(8)));
    assert_eq!(file["ephemeral"], true);
    assert_eq!(fetched(&stage, &file["url"]).await, (200, Bytes::from(PNG)));
    let shown = stage.member().message(outcome.unwrap().message().unwrap()).unwrap();
    assert_eq!(shown.embeds[0]["image"]["url"], file["url"]);
}

#[tokio::test]
async fn what_is_no_file_of_ones_own_or_of_another_type_is_not_taken() {
    let stage = Stage::new().await;
    let _gateway = stage.go_online(commands()).await;
    let (owner, member) = (stage.owner(), stage.member());
    let text = owner.upload("notes.txt", "image/png", "x").unwrap();
    let foreign = member.upload("sea.png", "image/png", PNG).unwrap();
    for (given, expected) in [
        (
            json!(text.to_string()),
            UserError::Invalid("files of that type are not taken here".into()),
        ),
        (json!(foreign.to_string()), UserError::NotFound("that file is not there any more".into())),
        (json!("1"), UserError::NotFound("that file is not there any more".into())),
    ] {
        let outcome = owner.command(stage.demo.events, "event", json!({"image": given})).await;
        assert_eq!(outcome, Err(expected), "{given}");
    }
    let large = vec![0; 8 * 1024 * 1024 + 1];
    assert!(matches!(owner.upload("a.png", "image/png", large), Err(UserError::Invalid(_))));
}

#[tokio::test]
async fn a_form_takes_files() {
    let stage = Stage::new().await;
    let command = json!([{"name": "new", "description": "d"}]);
    let mut gateway = stage.go_online(command).await;
    let owner = stage.owner();
    let upload = json!({"type": 19, "custom_id": "files", "max_values": 2, "file_types": [".csv"]});
    let form = json!({"type": 9, "data": {"custom_id": "m", "title": "T", "components": [
        {"type": 18, "label": "Lists", "component": upload}]}});
    let (outcome, ()) = tokio::join!(owner.command(stage.demo.events, "new", json!({})), async {
        let asked = gateway.asked().await;
        assert_eq!(stage.http.answer(&asked, form).await.0, 200);
    });
    let modal = outcome.unwrap().modal().unwrap().id;
    let missing = owner.submit(modal, json!({"files": []})).await;
    let why = "\"Lists\" between 1 and 2 choices are needed";
    assert_eq!(missing, Err(UserError::Invalid(why.into())));

    let list = owner.upload("who.csv", "text/csv", "name\nAda").unwrap().to_string();
    let (sent, asked) = tokio::join!(owner.submit(modal, json!({"files": [list]})), async {
        let asked = gateway.asked().await;
        stage.http.answer(&asked, json!({"type": 4, "data": {"content": "Thanks"}})).await;
        asked
    });
    assert!(sent.unwrap().message().is_some());
    let field = &asked["data"]["components"][0]["component"];
    assert_eq!((&field["type"], &field["values"]), (&json!(19), &json!([list])));
    let url = &asked["data"]["resolved"]["attachments"][&list]["url"];
    assert_eq!(fetched(&stage, url).await.1, "name\nAda");
}

#[tokio::test]
async fn answers_follow_ups_and_edits_carry_files() {
    let stage = Stage::new().await;
    let mut gateway = stage.go_online(json!([{"name": "export", "description": "d"}])).await;
    let owner = stage.owner();
    let (outcome, asked) =
        tokio::join!(owner.command(stage.demo.events, "export", json!({})), async {
            let asked = gateway.asked().await;
            let body = json!({"type": 4, "data": {"flags": 64, "attachments": [
                {"id": 0, "filename": "raid.ics", "description": "For calendars"}]}});
            let files: &[(&str, &str, &[u8])] = &[("blob", "text/calendar", b"BEGIN:VCALENDAR")];
            let path = Http::callback(&asked);
            let (status, answer) = stage.http.with_files("POST", &path, &body, files).await;
            assert_eq!(status, 200, "{answer}");
            asked
        });
    let first = outcome.unwrap().message().unwrap();
    assert_eq!(owner.file(first, "raid.ics").unwrap(), "BEGIN:VCALENDAR");
    assert_eq!(stage.member().file(first, "raid.ics"), None, "it is for one pair of eyes");
    let kept = owner.message(first).unwrap().attachments.remove(0);
    assert_eq!(kept.description.as_deref(), Some("For calendars"));

    let follow_up = webhook(stage.demo.app, &asked, "");
    let files: &[(&str, &str, &[u8])] = &[("a b.csv", "text/csv", b"a"), ("b.json", "", b"{}")];
    let (_, sent) = stage.http.with_files("POST", &follow_up, &json!({}), files).await;
    let second = sent["id"].as_str().unwrap().parse().unwrap();
    assert_eq!(owner.file(second, "a_b.csv").unwrap(), "a");
    assert_eq!(owner.file(second, "b.json").unwrap(), "{}");
    assert_eq!(sent["attachments"][1]["content_type"], "application/json; charset=utf-8");

    let original = webhook(stage.demo.app, &asked, "/messages/@original");
    let body = json!({"attachments": [{"id": kept.id, "description": "Newer"}, {"id": 0}]});
    let files: &[(&str, &str, &[u8])] = &[("more.txt", "text/plain", b"more")];
    let (status, edited) = stage.http.with_files("PATCH", &original, &body, files).await;
    assert_eq!(status, 200, "{edited}");
    assert_eq!(edited["attachments"][0]["description"], "Newer");
    assert_eq!(owner.file(first, "more.txt").unwrap(), "more");
    let url = edited["attachments"][0]["url"].clone();
    let body = json!({"content": "Done", "attachments": []});
    assert_eq!(stage.http.patch(&original, body).await.1["attachments"], json!([]));
    assert_eq!(fetched(&stage, &url).await.0, 404, "what an edit leaves out is gone");
}

#[tokio::test]
async fn components_show_the_files_of_their_message() {
    let stage = Stage::new().await;
    let path = format!("/channels/{}/messages", stage.demo.events);
    let body = json!({"flags": 1 << 15, "components": [{"type": 17, "components": [
        {"type": 12, "items": [{"media": {"url": "attachment://sea_view.png"}}]},
        {"type": 13, "file": {"url": "attachment://list.csv"}},
        {"type": 9, "components": [{"type": 10, "content": "x"}],
         "accessory": {"type": 11, "media": {"url": "attachment://sea_view.png"}}}]}]});
    let files: &[(&str, &str, &[u8])] =
        &[("sea view.png", "image/png", PNG), ("list.csv", "text/csv", b"a,b")];
    let (status, sent) = stage.http.with_files("POST", &path, &body, files).await;
    assert_eq!(status, 200, "{sent}");
    let inner = &sent["components"][0]["components"];
    let media = &inner[0]["items"][0]["media"];
    assert_eq!(media["url"], sent["attachments"][0]["url"]);
    assert_eq!(media["attachment_id"], sent["attachments"][0]["id"]);
    assert_eq!((&inner[1]["name"], &inner[1]["size"]), (&json!("list.csv"), &json!(3)));
    assert_eq!(inner[1]["file"]["url"], sent["attachments"][1]["url"]);
    assert_eq!(inner[2]["accessory"]["media"]["content_type"], "image/png");
    assert_eq!(fetched(&stage, &media["url"]).await.1, PNG);

    stage.http.delete(&format!("{path}/{}", sent["id"].as_str().unwrap())).await;
    assert_eq!(fetched(&stage, &media["url"]).await.0, 404, "it goes with its message");
}

#[tokio::test]
async fn files_that_are_refused() {
    let stage = Stage::new().await;
    let path = format!("/channels/{}/messages", stage.demo.events);
    let v2 = |component: Value| json!({"flags": 1 << 15, "components": [component]});
    let missing = "UNFURLED_MEDIA_ITEM_REFERENCED_ATTACHMENT_NOT_FOUND";
    for (body, expected) in [
        (json!({"attachments": [{}]}), "attachments.0.id BASE_TYPE_REQUIRED".to_owned()),
        (json!({"attachments": [{"id": 3}]}), "attachments.0.id ATTACHMENT_NOT_FOUND".into()),
        (
            json!({"attachments": [{"id": 0, "description": "x".repeat(1025)}]}),
            "attachments.0.description BASE_TYPE_MAX_LENGTH".into(),
        ),
        (
            v2(json!({"type": 13, "file": {"url": "attachment://other.csv"}})),
            format!("components.0.file.url {missing}"),
        ),
        (
            v2(json!({"type": 12, "items": [{"media": {"url": "attachment://b.png"}}]})),
            format!("components.0.items.0.media.url {missing}"),
        ),
        (
            v2(json!({"type": 13, "file": {"url": "https://example.com/a.csv"}})),
            "components.0.file.url UNFURLED_MEDIA_ITEM_ATTACHMENT_REFERENCE_REQUIRED".into(),
        ),
    ] {
        let files: &[(&str, &str, &[u8])] = &[("a.csv", "text/csv", b"a")];
        let (status, answer) = stage.http.with_files("POST", &path, &body, files).await;
        assert_eq!(status, 400, "{body}");
        assert_eq!(lines(&answer["errors"]), [expected], "{body}");
    }
    let ten = vec![("a.txt", "text/plain", &b"a"[..]); 10];
    let (_, sent) = stage.http.with_files("POST", &path, &json!({}), &ten).await;
    let edit = format!("{path}/{}", sent["id"].as_str().unwrap());
    let (status, answer) = stage.http.with_files("PATCH", &edit, &json!({}), &ten[..1]).await;
    assert_eq!(status, 400);
    assert_eq!(lines(&answer["errors"]), ["attachments BASE_TYPE_MAX_LENGTH"], "eleven in all");
}
