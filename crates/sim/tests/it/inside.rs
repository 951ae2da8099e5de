//! The simulator without sockets, on a virtual clock: nothing waits, and everything repeats.

use std::time::Duration;

use bytes::Bytes;
use hyper::Request;
use jiff::SignedDuration;
use muster_sim::seed::{self, TOKEN};
use muster_sim::{Answer, GatewayLimits, Inside, Link, LinkError, SimClock, SimConfig};
use serde_json::{Value, json};

use crate::bot::{friday, unhurried};

/// The demo's world on a clock of the runtime.
fn inside() -> (Inside, seed::Demo) {
    inside_with(unhurried())
}

/// The same behind a gateway with these limits.
pub(crate) fn inside_with(gateway: GatewayLimits) -> (Inside, seed::Demo) {
    let clock = SimClock::following(friday());
    let mut demo = seed::demo(1, clock.now());
    let world = std::mem::replace(&mut demo.world, muster_sim::World::new(0, friday()));
    (Inside::new(world, SimConfig { clock, gateway, ..SimConfig::default() }), demo)
}

pub(crate) async fn call(sim: &Inside, method: &str, path: &str, body: Value) -> (u16, Value) {
    let request = Request::builder()
        .method(method)
        .uri(format!("/api/v10{path}"))
        .header("authorization", format!("Bot {TOKEN}"))
        .header("content-type", "application/json");
    let request = request.body(Bytes::from(body.to_string())).unwrap();
    let answer = sim.request(request).await.unwrap();
    let body = serde_json::from_slice(answer.body()).unwrap_or_default();
    (answer.status().as_u16(), body)
}

pub(crate) async fn event(link: &mut Link, name: &str) -> Value {
    loop {
        let frame: Value = serde_json::from_str(&link.next().await.unwrap()).unwrap();
        if frame["t"] == name {
            return frame;
        }
    }
}

async fn with_commands() -> (Inside, seed::Demo) {
    let (sim, demo) = inside();
    let commands = json!([{"name": "hello", "description": "Says hello"}]);
    let path = format!("/applications/{}/commands", demo.app);
    assert_eq!(call(&sim, "PUT", &path, commands).await.0, 200);
    (sim, demo)
}

#[tokio::test(start_paused = true)]
async fn a_command_is_asked_and_answered_in_one_thread() {
    let (sim, demo) = with_commands().await;
    let mut link = sim.connect(TOKEN, 1, (0, 1)).unwrap();
    event(&mut link, "READY").await;
    let (ann, bot) = (sim.user(demo.members[0]), async {
        let asked = event(&mut link, "INTERACTION_CREATE").await["d"].clone();
        let (id, token) = (asked["id"].as_str().unwrap(), asked["token"].as_str().unwrap());
        let answer = json!({"type": 4, "data": {"content": "Hello!"}});
        call(&sim, "POST", &format!("/interactions/{id}/{token}/callback"), answer).await
    });
    let (outcome, answered) = tokio::join!(ann.command(demo.events, "hello", json!({})), bot);
    assert_eq!(answered.0, 204);
    let message = outcome.unwrap().message().unwrap();
    assert_eq!(ann.message(message).unwrap().content, "Hello!");
}

#[tokio::test(start_paused = true)]
async fn a_file_is_given_and_one_comes_back_in_one_thread() {
    let (sim, demo) = inside();
    let option = json!({"type": 11, "name": "list", "description": "Who comes", "required": true});
    let commands = json!([{"name": "import", "description": "Reads", "options": [option]}]);
    call(&sim, "PUT", &format!("/applications/{}/commands", demo.app), commands).await;
    let mut link = sim.connect(TOKEN, 1, (0, 1)).unwrap();
    event(&mut link, "READY").await;
    let owner = sim.user(demo.owner);
    let list = owner.upload("list.csv", "text/csv", "Ada").unwrap().to_string();
    let run = owner.command(demo.events, "import", json!({"list": list}));
    let (outcome, ()) = tokio::join!(run, async {
        let asked = event(&mut link, "INTERACTION_CREATE").await["d"].take();
        let url = asked["data"]["resolved"]["attachments"][&list]["url"].as_str().unwrap();
        let path = url.strip_prefix(&sim.url()).unwrap();
        let request = Request::get(path).body(Bytes::new()).unwrap();
        assert_eq!(sim.request(request).await.unwrap().body(), "Ada");
        let path = crate::bot::Http::callback(&asked);
        let form = "--B\r\nContent-Disposition: form-data; name=\"payload_json\"\r\n\r\n\
                    {\"type\":4}\r\n--B\r\nContent-Disposition: form-data; name=\"files[0]\"; \
                    filename=\"copy.csv\"\r\n\r\nAda\r\n--B--";
        let request = Request::post(format!("/api/v10{path}"))
            .header("content-type", "multipart/form-data; boundary=B")
            .body(Bytes::from(form))
            .unwrap();
        assert_eq!(sim.request(request).await.unwrap().status(), 200);
    });
    let answer = outcome.unwrap().message().unwrap();
    assert_eq!(owner.file(answer, "copy.csv").unwrap(), "Ada");
}

#[tokio::test(start_paused = true)]
async fn three_seconds_of_silence_take_no_time() {
    let (sim, demo) = with_commands().await;
    let _silent = sim.connect(TOKEN, 0, (0, 1)).unwrap();
    let begun = std::time::Instant::now();
    let outcome = sim.user(demo.members[0]).command(demo.events, "hello", json!({})).await;
    assert_eq!(outcome.unwrap().answer, Answer::Failed);
    assert_eq!(sim.clock().now(), friday() + SignedDuration::from_secs(3));
    assert!(begun.elapsed() < Duration::from_secs(2), "the time was virtual");
}

#[tokio::test(start_paused = true)]
async fn a_dropped_link_is_resumed_with_what_it_missed() {
    let (sim, demo) = inside();
    let mut link = sim.connect(TOKEN, 512, (0, 1)).unwrap();
    let ready = event(&mut link, "READY").await;
    let session = ready["d"]["session_id"].as_str().unwrap();
    assert!(sim.is_online(demo.app));
    drop(link);
    assert!(!sim.is_online(demo.app));
    sim.user(demo.owner).say(demo.general, "Hello?").unwrap();
    let mut link = sim.resume(TOKEN, session, 1).unwrap();
    assert_eq!(event(&mut link, "MESSAGE_CREATE").await["s"], 2);
    event(&mut link, "RESUMED").await;
    drop(link);
    tokio::time::sleep(Duration::from_mins(4)).await;
    let gone = sim.resume(TOKEN, session, 3).err();
    assert_eq!(gone, Some(LinkError::Invalid { resumable: false }), "the window is over");
}

#[tokio::test(start_paused = true)]
async fn an_earlier_resume_is_not_told_of_again() {
    let (sim, demo) = inside();
    let mut link = sim.connect(TOKEN, 512, (0, 1)).unwrap();
    let ready = event(&mut link, "READY").await;
    let session = ready["d"]["session_id"].as_str().unwrap();
    drop(link);
    let mut link = sim.resume(TOKEN, session, 1).unwrap();
    assert_eq!(event(&mut link, "RESUMED").await["s"], 2);
    drop(link);
    sim.user(demo.owner).say(demo.general, "Hello?").unwrap();
    let mut link = sim.resume(TOKEN, session, 1).unwrap();
    for (name, number) in [("MESSAGE_CREATE", 3), ("RESUMED", 4)] {
        let frame: Value = serde_json::from_str(&link.next().await.unwrap()).unwrap();
        assert_eq!((&frame["t"], &frame["s"]), (&json!(name), &json!(number)));
    }
}

#[tokio::test(start_paused = true)]
async fn a_link_ends_as_connections_do() {
    let (sim, _) = inside();
    assert_eq!(sim.connect("wrong", 0, (0, 1)).err(), Some(LinkError::Closed(4004)));
    let mut link = sim.connect(TOKEN, 0, (0, 1)).unwrap();
    event(&mut link, "READY").await;
    sim.faults().gateway().close(4000);
    assert_eq!(link.next().await, None);
    assert_eq!(link.closed_with(), Some(4000));
    sim.faults().gateway().refuse_dials(Duration::from_secs(10));
    assert_eq!(sim.connect(TOKEN, 0, (0, 1)).err(), Some(LinkError::Refused));
}

#[tokio::test(start_paused = true)]
async fn the_same_calls_give_the_same_frames() {
    let mut runs = Vec::new();
    for _ in 0..2 {
        let (sim, demo) = with_commands().await;
        let mut link = sim.connect(TOKEN, 1 | 512, (0, 1)).unwrap();
        let mut frames = Vec::new();
        for _ in 0..3 {
            frames.push(link.next().await.unwrap());
        }
        let ann = sim.user(demo.members[0]);
        let asks = async { drop(ann.command(demo.events, "hello", json!({})).await) };
        tokio::join!(asks, async { frames.push(link.next().await.unwrap()) });
        ann.say(demo.general, "Hi").unwrap();
        frames.push(link.next().await.unwrap());
        runs.push(frames);
    }
    assert!(runs[0][3].contains("INTERACTION_CREATE"), "{:?}", runs[0]);
    assert_eq!(runs[0], runs[1]);
}
