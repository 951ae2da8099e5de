//! The page's own interface, as the browser uses it.

use std::time::Duration;

use bytes::Bytes;
use http_body_util::{BodyExt, Full};
use hyper::Request;
use hyper_util::client::legacy::Client;
use hyper_util::rt::TokioExecutor;
use jiff::SignedDuration;
use serde_json::{Value, json};

use crate::bot::Stage;

async fn get(stage: &Stage, path: &str) -> (u16, Value) {
    let uri = format!("{}{path}", stage.sim.url());
    stage.http.send(Request::get(uri).body(Full::default()).unwrap()).await
}

async fn post(stage: &Stage, path: &str, body: Value) -> (u16, Value) {
    let request = Request::post(format!("{}{path}", stage.sim.url()))
        .header("content-type", "application/json")
        .header("origin", stage.sim.url())
        .body(Full::new(Bytes::from(body.to_string())))
        .unwrap();
    stage.http.send(request).await
}

#[tokio::test]
async fn the_page_and_its_files_are_served_with_a_strict_policy() {
    let stage = Stage::new().await;
    for (path, kind) in [("/", "text/html"), ("/page/main.js", "text/javascript")] {
        let uri = format!("{}{path}", stage.sim.url());
        let request = Request::get(uri).body(Full::default()).unwrap();
        let (status, headers, body) = stage.http.send_raw(request).await;
        assert_eq!(status, 200, "{path}");
        assert!(headers["content-type"].to_str().unwrap().starts_with(kind));
        let policy = headers["content-security-policy"].to_str().unwrap();
        assert!(policy.starts_with("default-src 'none'"));
        assert_eq!(headers["x-content-type-options"], "nosniff");
        assert!(!body.is_empty());
    }
    assert_eq!(get(&stage, "/page/../Cargo.toml").await.0, 404);
}

#[tokio::test]
async fn other_sites_are_refused() {
    let stage = Stage::new().await;
    let uri = format!("{}/sim/view", stage.sim.url());
    for (name, value) in [("host", "rebound.example"), ("origin", "http://evil.example")] {
        let request = Request::get(&uri).header(name, value).body(Full::default()).unwrap();
        let (status, answer) = stage.http.send(request).await;
        assert_eq!(status, 403, "{name}: {value}");
        assert!(answer["error"].is_string());
    }
}

#[tokio::test]
async fn everybody_sees_their_own_view() {
    let stage = Stage::new().await;
    let names = |view: &Value, guild: usize| -> Vec<String> {
        let channels = view["guilds"][guild]["channels"].as_array().unwrap();
        channels.iter().map(|channel| channel["name"].as_str().unwrap().to_owned()).collect()
    };
    let (_, mine) = get(&stage, "/sim/view").await;
    assert_eq!(mine["me"]["id"], stage.demo.owner.to_string(), "the owner looks first");
    assert!(names(&mine, 0).contains(&"organisers".to_owned()));
    assert_eq!(mine["guilds"].as_array().unwrap().len(), 2);
    assert_eq!(mine["guilds"][0]["icon_text"], "LC");
    assert_eq!(mine["bots"][0]["online"], false);
    assert_eq!(mine["clock"]["offset_ms"], 0);
    assert_eq!(mine["users"][0]["color"], "#5865f2");

    let member = stage.demo.members[0];
    let (_, theirs) = get(&stage, &format!("/sim/view?user={member}")).await;
    assert!(!names(&theirs, 0).contains(&"organisers".to_owned()));
    assert_eq!(theirs["guilds"].as_array().unwrap().len(), 1);
    let news = theirs["guilds"][0]["channels"].as_array().unwrap();
    let news = news.iter().find(|channel| channel["name"] == "announcements").unwrap();
    assert_eq!(news["can_send"], false);
    assert_eq!(get(&stage, "/sim/view?user=1").await.0, 404);
}

#[tokio::test]
async fn a_command_runs_from_the_page() {
    let stage = Stage::new().await;
    let mut gateway = stage
        .go_online(json!([{"name": "hello", "description": "Says hello", "options": [
            {"type": 3, "name": "to", "description": "Whom", "required": true}]}]))
        .await;
    let (user, channel) = (stage.demo.owner.to_string(), stage.demo.general.to_string());
    let place = format!("user={user}&channel={channel}");
    let (_, commands) = get(&stage, &format!("/sim/commands?{place}")).await;
    assert_eq!(commands[0]["bot"]["name"], "Muster");
    let id = &commands[0]["id"];
    let run = |options: Value| {
        json!({
            "user": user, "channel": channel,
            "command_id": id, "options": options,
        })
    };
    let (status, refused) = post(&stage, "/sim/commands", run(json!([]))).await;
    assert_eq!(status, 400);
    assert_eq!(refused, json!({"error": "the option \"to\" is required"}));

    let options = json!([{"name": "to", "type": 3, "value": "you"}]);
    let ((status, outcome), ()) =
        tokio::join!(post(&stage, "/sim/commands", run(options)), async {
            let asked = gateway.asked().await;
            let hello = json!({"type": 4, "data": {"content": "Hello", "flags": 64}});
            stage.http.answer(&asked, hello).await;
        });
    assert_eq!((status, &outcome["result"]), (200, &json!("message")));
    let messages = format!("/sim/channels/{channel}/messages?user={user}");
    let (_, page) = get(&stage, &messages).await;
    let newest = page["messages"].as_array().unwrap().last().unwrap().clone();
    assert_eq!(newest["content"], "Hello");
    assert_eq!(newest["sim"]["ephemeral"], true);
    assert_eq!(newest["sim"]["interaction"], json!({"name": "hello", "user_id": user}));

    let dismiss = json!({"user": user, "message_id": newest["id"]});
    assert_eq!(post(&stage, "/sim/dismiss", dismiss).await.0, 200);
    let (_, page) = get(&stage, &messages).await;
    assert!(page["messages"].as_array().unwrap().iter().all(|m| m["id"] != newest["id"]));
}

#[tokio::test]
async fn history_comes_page_by_page_oldest_first() {
    let stage = Stage::new().await;
    for n in 1..=5 {
        stage.owner().say(stage.demo.events, &n.to_string()).unwrap();
    }
    let user = stage.demo.members[0];
    let path = format!("/sim/channels/{}/messages?user={user}&limit=2", stage.demo.events);
    let (_, page) = get(&stage, &path).await;
    assert_eq!(page["more"], true);
    assert_eq!(page["messages"][0]["content"], "4");
    assert_eq!(page["messages"][1]["content"], "5");
    let before = page["messages"][0]["id"].as_str().unwrap();
    let (_, page) = get(&stage, &format!("{path}&before={before}")).await;
    assert_eq!(page["messages"][1]["content"], "3");
    let hidden = format!("/sim/channels/{}/messages?user={user}", stage.demo.organisers_only);
    assert_eq!(get(&stage, &hidden).await.0, 404);
}

#[tokio::test]
async fn the_clock_moves_from_the_page() {
    let stage = Stage::new().await;
    let (status, moved) = post(&stage, "/sim/clock", json!({"advance_s": 3600})).await;
    assert_eq!((status, &moved["offset_ms"]), (200, &json!(3_600_000)));
    let back = json!({"to_ms": moved["now_ms"].as_i64().unwrap() - 1});
    let (status, refused) = post(&stage, "/sim/clock", back).await;
    assert_eq!((status, refused), (400, json!({"error": "the clock moves forward only"})));
    assert_eq!(post(&stage, "/sim/clock", json!({})).await.0, 400);
    let both = json!({"advance_s": 1, "until": "something_happens"});
    assert_eq!(post(&stage, "/sim/clock", both).await.0, 400);
}

#[tokio::test]
async fn the_clock_moves_until_the_bot_does_something() {
    let stage = Stage::new().await;
    let until = json!({"until": "something_happens"});
    let asleep = |minutes| {
        let at = stage.sim.clock().now() + SignedDuration::from_mins(minutes);
        stage.sim.clock().sleep_until(at)
    };
    let (nothing, speaks, later) = (asleep(10), asleep(30), asleep(90));
    let bot = async {
        nothing.await;
        speaks.await;
        stage.bot_says(stage.demo.events, json!({"content": "It is time"})).await;
    };
    let ((status, moved), ()) = tokio::join!(post(&stage, "/sim/clock", until.clone()), bot);
    assert_eq!((status, &moved["happened"]), (200, &json!(true)), "{moved}");
    assert_eq!(moved["offset_ms"], 30 * 60_000);
    let ((_, moved), ()) = tokio::join!(post(&stage, "/sim/clock", until), later);
    assert_eq!(moved["happened"], false, "{moved}");
    assert_eq!(moved["offset_ms"], (7 * 24 * 60 + 30) * 60_000, "a week at most");
}

#[tokio::test]
async fn what_cannot_be_read_is_answered_in_json() {
    let stage = Stage::new().await;
    for path in [
        "/sim/view?user=nobody",
        "/sim/channels/here/messages?user=1",
        "/sim/channels/1/messages",
        "/sim/channels/1/messages?user=1&limit=-1",
        "/sim/commands?user=1",
        "/sim/commands?user=1&channel=x",
        "/sim/events",
        "/sim/events?user=x",
    ] {
        let (status, answer) = get(&stage, path).await;
        assert_eq!(status, 400, "{path}");
        assert!(answer["error"].as_str().is_some_and(|said| !said.is_empty()), "{path}: {answer}");
    }
    for path in ["/sim/uploads", "/sim/uploads?user=x&name=y"] {
        let (status, answer) = post(&stage, path, json!({})).await;
        assert!(status == 400 && answer["error"].is_string(), "{path}: {answer}");
    }
    let (status, answer) = get(&stage, "/sim/clock").await;
    assert!(status == 405 && answer["error"].is_string(), "{answer}");
    let (status, answer) = get(&stage, "/attachments/x/y").await;
    assert!(status == 400 && answer["error"].is_string(), "{answer}");
}

/// Reads server-sent events until `count` of them have come.
async fn events(
    stage: &Stage,
    count: usize,
    act: impl Future<Output = ()>,
) -> Vec<(String, Value)> {
    let client: Client<_, Full<Bytes>> = Client::builder(TokioExecutor::new()).build_http();
    let member = stage.demo.members[0];
    let uri = format!("{}/sim/events?user={member}", stage.sim.url());
    let response = client.get(uri.parse().unwrap()).await.unwrap();
    assert_eq!(response.headers()["content-type"], "text/event-stream");
    let mut body = response.into_body();
    act.await;
    let mut text = String::new();
    while text.matches("\n\n").count() < count {
        let frame = tokio::time::timeout(Duration::from_secs(5), body.frame()).await;
        let frame = frame.expect("an event in time").unwrap().unwrap();
        text.push_str(std::str::from_utf8(&frame.into_data().unwrap()).unwrap());
    }
    let event = |block: &str| {
        let line = |key: &str| block.lines().find_map(|line| line.strip_prefix(key)).unwrap();
        (line("event: ").to_owned(), serde_json::from_str(line("data: ")).unwrap())
    };
    text.split("\n\n").filter(|block| !block.is_empty()).map(event).collect()
}

#[tokio::test]
async fn what_changes_is_told_to_those_who_see_it() {
    let stage = Stage::new().await;
    let act = async {
        let owner = stage.owner();
        owner.say(stage.demo.organisers_only, "Unseen").unwrap();
        owner.say(stage.demo.general, "Seen").unwrap();
        let (_, sent) = stage.bot_says(stage.demo.events, json!({"content": "One"})).await;
        let path =
            format!("/channels/{}/messages/{}", stage.demo.events, sent["id"].as_str().unwrap());
        stage.http.patch(&path, json!({"content": "Two"})).await;
        stage.http.delete(&path).await;
        let commands = format!("/applications/{}/commands", stage.demo.app);
        stage.http.put(&commands, json!([])).await;
    };
    let told = events(&stage, 6, act).await;
    let names: Vec<_> = told.iter().map(|(name, _)| name.as_str()).collect();
    assert_eq!(names, ["hello", "message", "message", "message_update", "message_delete", "bot"]);
    assert_eq!(told[1].1["message"]["content"], "Seen");
    assert_eq!(told[3].1["message"]["content"], "Two");
    assert_eq!(told[4].1["channel_id"], stage.demo.events.to_string());
    assert_eq!(told[5].1["commands_changed"], true);
}

#[tokio::test]
async fn the_moving_clock_is_told() {
    let stage = Stage::new().await;
    let told = events(&stage, 2, async {
        stage.sim.clock().advance(Duration::from_mins(1)).await.unwrap();
    })
    .await;
    assert_eq!(told[1].0, "clock");
    assert_eq!(told[1].1["offset_ms"], 60_000);
}

#[tokio::test]
async fn threads_and_posts_are_listed_beneath_their_channels() {
    let stage = Stage::new().await;
    let (events, raids) = (stage.demo.events, stage.demo.raids);
    let thread = json!({"name": "Carpool", "type": 11});
    let (_, thread) = stage.http.post(&format!("/channels/{events}/threads"), thread).await;
    let (_, forum) = stage.http.get(&format!("/channels/{raids}")).await;
    let post = json!({
        "name": "Raid on Friday",
        "applied_tags": [forum["available_tags"][1]["id"]],
        "message": {"flags": 32_768, "components": [{"type": 17, "components": [
            {"type": 10, "content": "## Raid on Friday\nBring a *lantern*"}]}]},
    });
    let (status, post) = stage.http.post(&format!("/channels/{raids}/threads"), post).await;
    assert_eq!(status, 201, "{post}");
    let private = json!({"name": "Secret", "type": 12});
    let (_, private) = stage.http.post(&format!("/channels/{events}/threads"), private).await;
    let (_, view) = get(&stage, &format!("/sim/view?user={}", stage.demo.members[0])).await;
    let channels = view["guilds"][0]["channels"].as_array().unwrap();
    let listed = |object: &Value| channels.iter().find(|found| found["id"] == object["id"]);
    let found = listed(&thread).unwrap();
    assert_eq!(
        (&found["parent_id"], &found["can_send"]),
        (&json!(events.to_string()), &json!(true))
    );
    let found = listed(&post).unwrap();
    assert_eq!(found["preview"], "Bring a *lantern*", "the title stands above it");
    assert_eq!((&found["tags"], &found["archived"]), (&json!(["Weekend"]), &json!(false)));
    assert!(listed(&private).is_none(), "private threads are for those in them");
    assert_eq!(listed(&forum).unwrap()["can_send"], false);
}

#[tokio::test]
async fn a_clock_that_is_wrong_comes_on_command() {
    let stage = Stage::new().await;
    let date = async || stage.http.full("GET", "/gateway", None).await.1["date"].clone();
    let right = date().await;
    assert_eq!(post(&stage, "/sim/faults/clock", json!({"ahead_ms": 90_000})).await.0, 200);
    assert_eq!(date().await, "Fri, 12 Mar 2027 18:01:30 GMT");
    assert_eq!(post(&stage, "/sim/faults/heal", json!({})).await.0, 200);
    assert_eq!(date().await, right);
    assert_eq!(post(&stage, "/sim/faults/clock", json!({"ahead": 1})).await.0, 400);
}
