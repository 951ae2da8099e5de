//! Rate limits as a client meets them: buckets, headers, every kind of 429, and the ban.

use std::time::Duration;

use futures_util::FutureExt as _;
use hyper::HeaderMap;
use muster_sim::ids::ChannelId;
use muster_sim::{Limits, Rate, SimClock, SimConfig};
use serde_json::{Value, json};

use crate::bot::{Stage, friday};

async fn stage(limits: Limits) -> Stage {
    let clock = SimClock::standing(friday()).with_settle(Duration::from_millis(5));
    Stage::with(SimConfig { clock, limits, ..SimConfig::default() }).await
}

fn rate(limit: u32, ms: u64) -> Rate {
    Rate::new(limit, Duration::from_millis(ms))
}

fn text<'h>(headers: &'h HeaderMap, name: &str) -> &'h str {
    headers.get(name).map_or("", |value| value.to_str().unwrap())
}

fn messages(channel: ChannelId) -> String {
    format!("/channels/{channel}/messages")
}

async fn say(stage: &Stage, channel: ChannelId) -> (u16, HeaderMap, Value) {
    stage.http.full("POST", &messages(channel), Some(json!({"content": "x"}))).await
}

#[tokio::test]
async fn every_answer_tells_how_its_bucket_stands() {
    let stage = stage(Limits { message_creates: rate(5, 60_000), ..Limits::default() }).await;
    let (_, first, _) = say(&stage, stage.demo.events).await;
    let (_, second, _) = say(&stage, stage.demo.events).await;
    let (_, elsewhere, _) = say(&stage, stage.demo.general).await;
    let remaining = |headers| text(headers, "x-ratelimit-remaining").to_owned();
    assert_eq!([&first, &second, &elsewhere].map(remaining), ["4", "3", "4"], "by channel");
    assert_eq!(text(&first, "x-ratelimit-limit"), "5");
    assert_eq!(first["x-ratelimit-bucket"], elsewhere["x-ratelimit-bucket"], "ids are not in it");
    let after: f64 = text(&first, "x-ratelimit-reset-after").parse().unwrap();
    assert!((59.0..=60.0).contains(&after), "{after}");
    let reset: f64 = text(&first, "x-ratelimit-reset").parse().unwrap();
    #[expect(clippy::cast_precision_loss, reason = "seconds of this century are small")]
    let now = friday().as_second() as f64;
    assert!((now + 59.0..=now + 60.0).contains(&reset), "{reset}");
    let refused = stage.http.full("GET", "/channels/1", None).await;
    assert_eq!((refused.0, text(&refused.1, "x-ratelimit-limit")), (404, "20"));
}

#[tokio::test]
async fn posts_and_scheduled_events_have_limits_of_their_own() {
    let limits =
        Limits { channel_changes: rate(1, 60_000), others: rate(2, 60_000), ..Limits::default() };
    let stage = stage(limits).await;
    let post = json!({"name": "x", "message": {"content": "x"}});
    let posts = format!("/channels/{}/threads", stage.demo.raids);
    for expected in [201, 429] {
        assert_eq!(stage.http.full("POST", &posts, Some(post.clone())).await.0, expected);
    }
    assert_eq!(say(&stage, stage.demo.events).await.0, 200, "messages are another bucket");
    for guild in [stage.demo.guild, stage.demo.second_guild] {
        let events = format!("/guilds/{guild}/scheduled-events");
        for expected in [200, 200, 429] {
            assert_eq!(stage.http.full("GET", &events, None).await.0, expected, "by guild");
        }
    }
}

#[tokio::test]
async fn a_spent_bucket_refuses_until_it_is_full_again() {
    let stage = stage(Limits { message_creates: rate(2, 1_000), ..Limits::default() }).await;
    for expected in [200, 200, 429] {
        assert_eq!(say(&stage, stage.demo.events).await.0, expected);
    }
    let (status, headers, body) = say(&stage, stage.demo.events).await;
    assert_eq!((status, text(&headers, "x-ratelimit-scope")), (429, "user"));
    assert_eq!((text(&headers, "retry-after"), text(&headers, "via")), ("1", "1.1 google"));
    assert_eq!(text(&headers, "x-ratelimit-remaining"), "0");
    assert!(!headers.contains_key("x-ratelimit-global"));
    assert_eq!(
        (&body["message"], &body["global"]),
        (&json!("You are being rate limited."), &json!(false))
    );
    let retry_after = body["retry_after"].as_f64().unwrap();
    assert!(retry_after > 0.0 && retry_after <= 1.0, "{retry_after}");
    assert_eq!(say(&stage, stage.demo.general).await.0, 200, "other channels are not concerned");
    tokio::time::sleep(Duration::from_secs_f64(retry_after)).await;
    assert_eq!(say(&stage, stage.demo.events).await.0, 200);
    assert_eq!(stage.owner().messages(stage.demo.events).len(), 3, "what is refused has no effect");
}

#[tokio::test]
async fn the_global_limit_is_for_all_routes_but_those_of_interactions() {
    let stage = stage(Limits { global: rate(3, 60_000), ..Limits::default() }).await;
    for path in ["/users/@me", "/applications/@me", "/gateway"] {
        assert_eq!(stage.http.get(path).await.0, 200);
    }
    let (status, headers, body) = stage.http.full("GET", "/users/@me", None).await;
    assert_eq!((status, &body["global"]), (429, &json!(true)));
    assert_eq!(text(&headers, "x-ratelimit-scope"), "global");
    assert_eq!(text(&headers, "x-ratelimit-global"), "true");
    let hook = format!("/webhooks/{}/1.unknown", stage.demo.app);
    assert_eq!(stage.http.post(&hook, json!({"content": "x"})).await.0, 404, "exempt");
    let mut nobody = stage.http.clone();
    nobody.token = "wrong".into();
    assert_eq!(nobody.get("/users/@me").await.0, 401, "each bot has its own");
}

#[tokio::test]
async fn a_shared_resource_is_nobodys_fault() {
    let limits =
        Limits { channel_writes: rate(1, 60_000), invalid: rate(2, 60_000), ..Limits::default() };
    let stage = stage(limits).await;
    assert_eq!(say(&stage, stage.demo.events).await.0, 200);
    for _ in 0..3 {
        let (status, headers, body) = say(&stage, stage.demo.events).await;
        assert_eq!((status, text(&headers, "x-ratelimit-scope")), (429, "shared"));
        assert_eq!(body["code"], 20_028);
    }
    assert_eq!(stage.http.get("/users/@me").await.0, 200, "it does not count as invalid");
}

#[tokio::test]
async fn edits_of_old_messages_have_a_limit_of_their_own() {
    let stage = stage(Limits { old_edits: rate(1, 60_000), ..Limits::default() }).await;
    let (_, sent) = stage.bot_says(stage.demo.events, json!({"content": "x"})).await;
    let path = format!("{}/{}", messages(stage.demo.events), sent["id"].as_str().unwrap());
    let edit = |text: &str| stage.http.patch(&path, json!({"content": text})).boxed();
    assert_eq!(edit("a").await.0, 200);
    assert_eq!(edit("b").await.0, 200, "it is young");
    stage.sim.clock().advance(Duration::from_secs(3_601)).await.unwrap();
    assert_eq!(edit("c").await.0, 200, "one is free");
    let (status, body) = edit("d").await;
    assert_eq!((status, &body["code"], &body["global"]), (429, &json!(30_046), &json!(false)));
    assert!(body["retry_after"].as_f64().unwrap() > 50.0);
}

#[tokio::test]
async fn too_many_new_direct_conversations_are_refused() {
    let stage = stage(Limits { dm_opens: rate(1, 60_000), ..Limits::default() }).await;
    let open = |index: usize| {
        let body = json!({"recipient_id": stage.demo.members[index].to_string()});
        stage.http.post("/users/@me/channels", body).boxed()
    };
    assert_eq!(open(0).await.0, 200);
    assert_eq!(open(0).await.0, 200, "it is there already");
    let (status, body) = open(1).await;
    assert_eq!((status, &body["code"]), (403, &json!(40_003)));
}

#[tokio::test]
async fn too_many_invalid_requests_shut_the_address_out() {
    let limits =
        Limits { invalid: rate(3, 60_000), ban: Duration::from_secs(90), ..Limits::default() };
    let stage = stage(limits).await;
    let mut stranger = stage.http.clone();
    stranger.token = "wrong".into();
    assert_eq!(stage.http.get("/channels/1").await.0, 404, "404 is not invalid");
    for _ in 0..3 {
        assert_eq!(stranger.get("/users/@me").await.0, 401);
    }
    let (status, headers, body) = stage.http.full("GET", "/users/@me", None).await;
    assert_eq!((status, body), (429, Value::Null), "no JSON");
    assert_eq!(text(&headers, "retry-after"), "90");
    assert!(text(&headers, "content-type").starts_with("text/html"));
    assert!(!headers.keys().any(|name| name.as_str().starts_with("x-ratelimit")));
    assert!(!headers.contains_key("via"), "it comes from in front of Discord");
}

#[tokio::test]
async fn without_limits_nothing_is_refused() {
    let stage = stage(Limits::off()).await;
    for _ in 0..60 {
        assert_eq!(say(&stage, stage.demo.events).await.0, 200);
    }
}
