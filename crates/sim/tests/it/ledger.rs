//! What the simulator remembers of what a bot did.

use std::sync::{Arc, Mutex};

use muster_sim::{Observer, ScriptedAnswer, SimClock, SimConfig};
use serde_json::json;

use crate::bot::{Stage, friday};

fn config() -> SimConfig {
    SimConfig { clock: SimClock::standing(friday()), ..SimConfig::default() }
}

#[tokio::test]
async fn exchanges_are_kept_word_for_word_but_without_secrets() {
    let stage = Stage::with(SimConfig { exchanges_kept: 10, ..config() }).await;
    let (_, sent) = stage.bot_says(stage.demo.events, json!({"content": "Hello"})).await;
    stage.http.get("/guilds/1?with_counts=true").await;
    let exchanges = stage.sim.exchanges();
    let (create, read) = (&exchanges.list[0], &exchanges.list[1]);
    assert_eq!((create.method.as_str(), create.status), ("POST", 200));
    assert_eq!(create.route, "/channels/{id}/messages");
    assert_eq!(create.path, format!("/channels/{}/messages", stage.demo.events));
    assert_eq!((&create.request, &create.answer), (&json!({"content": "Hello"}), &sent));
    assert_eq!((create.at, create.scripted, create.delivered), (friday(), false, true));
    let has = |list: &[(String, String)], name: &str| list.iter().any(|(known, _)| known == name);
    assert!(has(&create.request_headers, "content-type"));
    assert!(!has(&create.request_headers, "authorization"));
    assert!(has(&create.answer_headers, "x-ratelimit-remaining"));
    assert_eq!((read.query.as_str(), read.status), ("with_counts=true", 404));
    assert_eq!(read.answer["code"], 10_004);
}

#[tokio::test]
async fn only_the_newest_exchanges_are_kept() {
    let stage = Stage::with(SimConfig { exchanges_kept: 2, ..config() }).await;
    for path in ["/gateway", "/users/@me", "/applications/@me"] {
        stage.http.get(path).await;
    }
    let exchanges = stage.sim.exchanges();
    let paths: Vec<_> = exchanges.list.iter().map(|exchange| exchange.path.as_str()).collect();
    assert_eq!((paths, exchanges.fell_out), (vec!["/users/@me", "/applications/@me"], 1));
}

#[tokio::test]
async fn an_observer_sees_every_exchange_as_it_ends() {
    let seen = Arc::new(Mutex::new(Vec::new()));
    let notes = Arc::clone(&seen);
    let observer = Observer::new(move |exchange| {
        let line = format!("{} {} {}", exchange.method, exchange.path, exchange.status);
        notes.lock().unwrap().push((line, exchange.scripted, exchange.delivered));
    });
    let stage = Stage::with(SimConfig { observer: Some(observer), ..config() }).await;
    stage.http.get("/gateway").await;
    let teapot = ScriptedAnswer::status(418, json!({}));
    stage.sim.faults().answer_next(1, "GET", "/users", teapot);
    stage.http.get("/users/@me").await;
    stage.http.get("/webhooks/1/secret/messages/@original").await;
    let line = |text: &str, scripted| (text.to_owned(), scripted, true);
    let expected = [
        line("GET /gateway 200", false),
        line("GET /users/@me 418", true),
        line("GET /webhooks/1/{token}/messages/@original 404", false),
    ];
    assert_eq!(*seen.lock().unwrap(), expected);
    assert!(stage.sim.exchanges().list.is_empty(), "none is kept unless it is asked for");
}
