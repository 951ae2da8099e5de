//! Bad days on command.

use std::time::{Duration, Instant};

use bytes::Bytes;
use http_body_util::Full;
use hyper_util::client::legacy::Client;
use hyper_util::rt::TokioExecutor;
use muster_sim::ScriptedAnswer;
use muster_sim::seed::TOKEN;
use serde_json::json;

use crate::bot::{Gateway, Stage};

#[tokio::test]
async fn the_next_requests_are_answered_by_script() {
    let stage = Stage::new().await;
    let limited = json!({"message": "You are being rate limited.", "retry_after": 1.5,
        "global": true});
    let limited = ScriptedAnswer::status(429, limited).header("retry-after", "2");
    stage.sim.faults().answer_next(2, "GET", "/users", limited);
    for expected in [429, 429, 200] {
        assert_eq!(stage.http.get("/users/@me").await.0, expected);
    }
    let counts = stage.sim.counts();
    assert_eq!(counts.requests_to("GET /users/@me"), 3);
    assert_eq!(counts.answered_with(429), 2);
}

#[tokio::test]
async fn an_answer_can_be_lost_after_the_work_was_done() {
    let stage = Stage::new().await;
    let lost = ScriptedAnswer::status(502, json!("<html>Bad Gateway</html>")).after_effect();
    stage.sim.faults().answer_next(1, "POST", "/channels", lost);
    let (status, _) = stage.bot_says(stage.demo.events, json!({"content": "Once"})).await;
    assert_eq!(status, 502);
    assert_eq!(stage.owner().messages(stage.demo.events).len(), 1);
}

#[tokio::test]
async fn an_answer_can_be_late() {
    let stage = Stage::new().await;
    let late = ScriptedAnswer::delay(Duration::from_millis(100));
    stage.sim.faults().answer_next(1, "*", "/", late);
    let begun = Instant::now();
    assert_eq!(stage.http.get("/users/@me").await.0, 200);
    assert!(begun.elapsed() >= Duration::from_millis(100));
}

#[tokio::test]
async fn the_gateway_can_refuse_ask_and_invalidate() {
    let stage = Stage::new().await;
    let mut gateway = stage.go_online(json!([])).await;
    gateway.event("GUILD_CREATE").await;
    gateway.event("GUILD_CREATE").await;
    let faults = stage.sim.faults();
    faults.ask_to_reconnect();
    assert_eq!(gateway.payload().await["op"], 7);
    faults.invalidate_sessions(false);
    let invalid = gateway.payload().await;
    assert_eq!((&invalid["op"], &invalid["d"]), (&json!(9), &json!(false)));
    faults.close_gateway(4000);
    assert_eq!(gateway.closed().await, Some(4000));

    faults.refuse_gateway(Duration::from_mins(1));
    let url = stage.sim.url().replacen("http", "ws", 1);
    let dial = tokio_websockets::ClientBuilder::from_uri(url.parse().unwrap()).connect().await;
    assert!(dial.is_err());
    faults.refuse_gateway(Duration::ZERO);
    let mut gateway = Gateway::dial(&stage.sim, "").await;
    gateway.identify_as(json!({"token": TOKEN, "intents": 0})).await;
    gateway.event("READY").await;
    assert_eq!(stage.sim.counts().dials, 3);
    assert_eq!(stage.sim.counts().identifies, 2);
}

#[tokio::test]
async fn a_stopped_simulator_cuts_everything() {
    let stage = Stage::new().await;
    let mut gateway = stage.go_online(json!([])).await;
    let address = stage.sim.addr();
    let http: Client<_, Full<Bytes>> = Client::builder(TokioExecutor::new()).build_http();
    let url: hyper::Uri = stage.sim.url().parse().unwrap();
    assert_eq!(http.get(url.clone()).await.unwrap().status(), 200);
    stage.sim.stop().await;
    assert_eq!(gateway.closed().await, None);
    let again = http.get(url).await;
    assert!(again.is_err(), "a connection kept open is cut, too");
    assert!(tokio::net::TcpListener::bind(address).await.is_ok(), "the address is free again");
}
