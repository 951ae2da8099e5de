//! Bad days on command.

use std::time::{Duration, Instant};

use bytes::Bytes;
use http_body_util::Full;
use hyper_util::client::legacy::Client;
use hyper_util::rt::TokioExecutor;
use muster_sim::ScriptedAnswer;
use muster_sim::seed::TOKEN;
use serde_json::json;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};

use crate::bot::{Gateway, Stage};

#[tokio::test]
async fn answers_tell_discords_own_time() {
    let stage = Stage::new().await;
    let date = async || {
        let (_, headers, _) = stage.http.full("GET", "/users/@me", None).await;
        headers["date"].to_str().unwrap().to_owned()
    };
    assert_eq!(date().await, "Fri, 12 Mar 2027 18:00:00 GMT");
    stage.sim.faults().skew_clock(jiff::SignedDuration::from_secs(-90));
    assert_eq!(date().await, "Fri, 12 Mar 2027 17:58:30 GMT");
    stage.sim.faults().clear();
    assert_eq!(date().await, "Fri, 12 Mar 2027 18:00:00 GMT");
}

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

/// Sends a request over a connection of its own and reads until that ends.
async fn raw(stage: &Stage, method: &str, path: &str, body: &str) -> String {
    let mut socket = tokio::net::TcpStream::connect(stage.sim.addr()).await.unwrap();
    let request = format!(
        "{method} /api/v10{path} HTTP/1.1\r\nhost: localhost\r\nauthorization: Bot {TOKEN}\r\n\
         content-type: application/json\r\nconnection: close\r\ncontent-length: {}\r\n\r\n{body}",
        body.len()
    );
    socket.write_all(request.as_bytes()).await.unwrap();
    let mut answer = Vec::new();
    let ended = tokio::time::timeout(Duration::from_secs(5), socket.read_to_end(&mut answer)).await;
    // A connection that is reset has ended, too.
    ended.expect("the connection ends").ok();
    String::from_utf8(answer).unwrap()
}

#[tokio::test]
async fn a_connection_can_be_dropped_before_and_after_the_work() {
    let stage = Stage::new().await;
    let path = format!("/channels/{}/messages", stage.demo.events);
    let (before, after) = (ScriptedAnswer::dropped(), ScriptedAnswer::dropped().after_effect());
    for (answer, written) in [(before, 0), (after, 1)] {
        stage.sim.faults().answer_next(1, "POST", "/channels/{id}/messages", answer);
        assert_eq!(raw(&stage, "POST", &path, r#"{"content":"x"}"#).await, "", "not a byte comes");
        assert_eq!(stage.owner().messages(stage.demo.events).len(), written);
    }
    let counts = stage.sim.counts().requests;
    let route = "POST /channels/{id}/messages".to_owned();
    assert_eq!(counts[&(route.clone(), 0)], 1, "nothing was done");
    assert_eq!(counts[&(route, 200)], 1, "it was done, but nobody was told");
    assert_eq!(stage.bot_says(stage.demo.events, json!({"content": "y"})).await.0, 200);
}

#[tokio::test]
async fn an_answer_can_be_cut_in_the_middle() {
    let stage = Stage::new().await;
    let whole = raw(&stage, "GET", "/users/@me", "").await;
    stage.sim.faults().answer_next(1, "GET", "/users/@me", ScriptedAnswer::real().cut());
    let cut = raw(&stage, "GET", "/users/@me", "").await;
    let body = |answer: &str| answer.split_once("\r\n\r\n").unwrap().1.to_owned();
    assert!(cut.starts_with("HTTP/1.1 200"), "{cut}");
    let (whole, cut) = (body(&whole), body(&cut));
    assert!(whole.starts_with(&cut) && cut.len() == whole.len().div_ceil(2), "{cut}");
}

#[tokio::test]
async fn an_answer_can_come_bit_by_bit() {
    let stage = Stage::new().await;
    let slow = ScriptedAnswer::real().dribbled(100, Duration::from_millis(20));
    stage.sim.faults().answer_next(1, "GET", "/users/@me", slow);
    let begun = Instant::now();
    let (status, body) = stage.http.get("/users/@me").await;
    assert_eq!((status, &body["username"]), (200, &json!("Muster")));
    assert!(begun.elapsed() >= Duration::from_millis(40), "{:?}", begun.elapsed());
}

#[tokio::test]
async fn every_kind_of_429_can_be_had() {
    let stage = Stage::new().await;
    let long = Duration::from_millis(64_570);
    for (answer, scope, retry_after, has_json) in [
        (ScriptedAnswer::limited_globally(long), "global", "65", true),
        (ScriptedAnswer::limited_in_bucket(long), "user", "65", true),
        (ScriptedAnswer::limited_by_others(long), "shared", "65", true),
        (ScriptedAnswer::limited_without_headers(long), "", "", true),
        (ScriptedAnswer::limited_saying(Some("NaN")), "", "NaN", true),
        (ScriptedAnswer::limited_saying(None), "", "", true),
        (ScriptedAnswer::banned(long), "", "65", false),
    ] {
        stage.sim.faults().answer_next(1, "*", "/", answer);
        let (status, headers, body) = stage.http.full("GET", "/users/@me", None).await;
        let said = |name: &str| headers.get(name).map_or("", |value| value.to_str().unwrap());
        assert_eq!((status, said("x-ratelimit-scope")), (429, scope));
        assert_eq!((said("retry-after"), body.is_object()), (retry_after, has_json));
        assert_eq!(said("x-ratelimit-global") == "true", scope == "global");
    }
}

#[tokio::test]
async fn a_bad_day_can_last_for_a_while() {
    let stage = Stage::new().await;
    let down = ScriptedAnswer::status(503, json!({"message": "overloaded", "code": 130_000}));
    stage.sim.faults().answer_for(Duration::from_millis(600), "GET", "/users", down);
    for _ in 0..3 {
        assert_eq!(stage.http.get("/users/@me").await.0, 503);
    }
    tokio::time::sleep(Duration::from_millis(610)).await;
    assert_eq!(stage.http.get("/users/@me").await.0, 200);
}

#[tokio::test]
async fn the_gateway_can_refuse_ask_and_invalidate() {
    let stage = Stage::new().await;
    let mut gateway = stage.go_online(json!([])).await;
    gateway.event("GUILD_CREATE").await;
    gateway.event("GUILD_CREATE").await;
    let faults = stage.sim.faults().gateway();
    faults.ask_to_reconnect();
    assert_eq!(gateway.payload().await["op"], 7);
    faults.invalidate(false);
    let invalid = gateway.payload().await;
    assert_eq!((&invalid["op"], &invalid["d"]), (&json!(9), &json!(false)));
    faults.close(4000);
    assert_eq!(gateway.closed().await, Some(4000));

    faults.refuse_dials(Duration::from_mins(1));
    let url = stage.sim.url().replacen("http", "ws", 1);
    let dial = tokio_websockets::ClientBuilder::from_uri(url.parse().unwrap()).connect().await;
    assert!(dial.is_err());
    faults.refuse_dials(Duration::ZERO);
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
