//! The interface by which tests in other languages act and make bad days.

use std::time::Instant;

use bytes::Bytes;
use http_body_util::Full;
use hyper::Request;
use serde_json::{Value, json};

use crate::bot::{Gateway, Stage};

async fn get(stage: &Stage, path: &str) -> Value {
    let request = Request::get(format!("{}{path}", stage.sim.url()));
    let (status, body) = stage.http.send(request.body(Full::default()).unwrap()).await;
    assert_eq!(status, 200, "{body}");
    body
}

/// Posts as a program does: without an origin.
async fn post(stage: &Stage, path: &str, body: Value) -> (u16, Value) {
    let request = Request::post(format!("{}{path}", stage.sim.url()))
        .header("content-type", "application/json")
        .body(Full::new(Bytes::from(body.to_string())))
        .unwrap();
    stage.http.send(request).await
}

async fn done(stage: &Stage, path: &str, body: Value) {
    assert_eq!(post(stage, path, body.clone()).await, (200, json!({})), "{body}");
}

#[tokio::test]
async fn commands_are_run_by_their_names() {
    let stage = Stage::new().await;
    let mut gateway = stage
        .go_online(json!([{"name": "event", "description": "Events", "options": [
            {"type": 1, "name": "show", "description": "Shows one", "options": [
                {"type": 3, "name": "which", "description": "Which", "autocomplete": true}]}]}]))
        .await;
    let mut body = json!({"user": stage.demo.owner, "channel": stage.demo.general,
        "name": "event show", "values": {"which": "Raid"}});
    let (run, ()) = tokio::join!(post(&stage, "/sim/commands", body.clone()), async {
        let asked = gateway.asked().await;
        assert_eq!(asked["data"]["options"][0]["options"][0]["value"], "Raid");
        let hello = json!({"type": 4, "data": {"content": "Here"}});
        stage.http.answer(&asked, hello).await;
    });
    assert_eq!((run.0, &run.1["result"]), (200, &json!("message")));
    let newest = stage.owner().messages(stage.demo.general).pop().unwrap();
    assert_eq!(run.1["message_id"], newest.id.to_string());

    body["focused"] = json!("which");
    let (typed, ()) = tokio::join!(post(&stage, "/sim/autocomplete", body.clone()), async {
        let asked = gateway.asked().await;
        assert_eq!(asked["data"]["options"][0]["options"][0]["focused"], true);
        let choices = json!([{"name": "Raid", "value": "1"}]);
        stage.http.answer(&asked, json!({"type": 8, "data": {"choices": choices}})).await;
    });
    assert_eq!(typed.1["choices"][0], json!({"name": "Raid", "value": "1"}));
    body["command_id"] = json!("1");
    assert_eq!(post(&stage, "/sim/commands", body).await.0, 400, "by name or by id");
}

#[tokio::test]
async fn answers_are_scripted_from_outside() {
    let stage = Stage::new().await;
    let answer = json!({"kind": "status", "status": 503, "body": {"message": "Down"},
        "headers": {"x-why": "test"}});
    let fault = json!({"times": 2, "method": "GET", "path": "/users", "answer": answer});
    done(&stage, "/sim/faults/rest", fault).await;
    for expected in [503, 503, 200] {
        assert_eq!(stage.http.get("/users/@me").await.0, expected);
    }
    let limited = json!({"kind": "limited_globally", "retry_after_ms": 1_500});
    done(&stage, "/sim/faults/rest", json!({"answer": limited})).await;
    assert_eq!(stage.http.get("/users/@me").await.1["retry_after"], 1.5);
    done(&stage, "/sim/faults/rest", json!({"delay_ms": 80, "path": "/users"})).await;
    let begun = Instant::now();
    assert_eq!(stage.http.get("/users/@me").await.0, 200);
    assert!(begun.elapsed().as_millis() >= 80);
    let banned = json!({"kind": "banned", "retry_after_ms": 1_000});
    done(&stage, "/sim/faults/rest", json!({"for_ms": 60_000, "answer": banned})).await;
    assert_eq!(stage.http.get("/users/@me").await.0, 429);
    done(&stage, "/sim/faults/heal", json!({})).await;
    assert_eq!(stage.http.get("/users/@me").await.0, 200);
    for wrong in [json!({"answer": {"kind": "rude"}}), json!({"tines": 2}), json!({"times": -1})] {
        assert!((400..500).contains(&post(&stage, "/sim/faults/rest", wrong).await.0));
    }
}

#[tokio::test]
async fn the_gateway_is_bent_from_outside() {
    let stage = Stage::new().await;
    let bend = async |fault: Value| done(&stage, "/sim/faults/gateway", fault).await;
    let guild = stage.demo.guild;
    let mut gateway = stage.go_online(json!([])).await;
    assert_eq!(gateway.names(2).await, ["GUILD_CREATE", "GUILD_CREATE"]);
    bend(json!({"do": "ask_for_heartbeat"})).await;
    assert_eq!(gateway.payload().await["op"], 1);
    bend(json!({"do": "take_down", "guild": guild})).await;
    assert_eq!(gateway.event("GUILD_DELETE").await["unavailable"], true);
    bend(json!({"do": "bring_back", "guild": guild})).await;
    gateway.event("GUILD_CREATE").await;
    bend(json!({"do": "events_next", "times": 1, "fault": "twice"})).await;
    bend(json!({"do": "send_event", "name": "ODD", "data": {"x": 1}})).await;
    assert_eq!(gateway.names(2).await, ["ODD", "ODD"]);
    bend(json!({"do": "ask_to_reconnect", "shard": 1})).await;
    bend(json!({"do": "ask_to_reconnect", "shard": 0})).await;
    assert_eq!(gateway.payload().await["op"], 7, "once: there is no second shard");
    bend(json!({"do": "identify_next", "times": 1, "entry": {"invalid": {"resumable": false}}}))
        .await;
    bend(json!({"do": "close", "code": 4000})).await;
    assert_eq!(gateway.closed().await, Some(4000));
    let mut gateway = Gateway::dial(&stage.sim, "").await;
    gateway.identify(0).await;
    assert_eq!(gateway.payload().await["op"], 9);
    bend(json!({"do": "greet_next", "times": 1, "greeting": {"close": 4001}})).await;
    let mut gateway = Gateway::dial(&stage.sim, "").await;
    assert_eq!(gateway.closed().await, Some(4001));
    for wrong in [
        json!({"do": "dance"}),
        json!({"do": "greet_next", "times": 1, "greeting": "then_reconnect"}),
    ] {
        let (status, body) = post(&stage, "/sim/faults/gateway", wrong).await;
        assert!((400..500).contains(&status) && body["error"].is_string(), "{body}");
    }
}

#[tokio::test]
async fn counts_are_read_from_outside() {
    let stage = Stage::new().await;
    stage.go_online(json!([])).await;
    stage.http.get("/users/@me").await;
    let counts = get(&stage, "/sim/counts").await;
    assert_eq!(counts["identifies"], 1);
    assert_eq!(counts["requests"]["GET /users/@me"], json!({"200": 1}));
}

#[tokio::test]
async fn the_world_is_changed_from_outside() {
    let stage = Stage::new().await;
    let change = async |act: Value| done(&stage, "/sim/world", act).await;
    let mut gateway = stage.go_online(json!([])).await;
    let (guild, app) = (stage.demo.second_guild, stage.demo.app);
    change(json!({"do": "remove_bot", "application": app, "guild": guild})).await;
    assert_eq!(gateway.event("GUILD_DELETE").await, json!({"id": guild}));
    change(json!({"do": "install_bot", "application": app, "guild": guild})).await;
    assert_eq!(gateway.event("GUILD_CREATE").await["id"], guild.to_string());

    let member = stage.demo.members[0];
    let (_, dm) = stage.http.post("/users/@me/channels", json!({"recipient_id": member})).await;
    let path = format!("/channels/{}/messages", dm["id"].as_str().unwrap());
    change(json!({"do": "close_dms", "user": member})).await;
    assert_eq!(stage.http.post(&path, json!({"content": "Hi"})).await.1["code"], 50007);
    change(json!({"do": "open_dms", "user": member})).await;
    assert_eq!(stage.http.post(&path, json!({"content": "Hi"})).await.0, 200);
    let permit = json!({"do": "permit_bot", "application": app, "guild": guild,
                        "permissions": (1_u64 << 28).to_string()});
    change(permit).await;
    let role = gateway.event("GUILD_ROLE_UPDATE").await;
    assert_eq!(role["role"]["permissions"], (1_u64 << 28).to_string());
    let crowd = json!({"do": "add_members", "guild": guild, "count": 3});
    let (_, answer) = post(&stage, "/sim/world", crowd).await;
    assert_eq!(answer["joined"].as_array().unwrap().len(), 3);
    let unknown = json!({"do": "open_dms", "user": "17"});
    assert_eq!(post(&stage, "/sim/world", unknown).await.0, 400);
}
