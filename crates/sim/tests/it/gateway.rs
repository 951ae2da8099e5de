//! Sessions: beginning, hearing, dropping and taking up again.

use std::time::Duration;

use muster_sim::SimConfig;
use muster_sim::seed::TOKEN;
use serde_json::{Value, json};

use crate::bot::{Gateway, Got, Stage, unhurried};

#[tokio::test]
async fn a_session_begins_with_ready_and_the_guilds() {
    let stage = Stage::new().await;
    let (status, info) = stage.http.get("/gateway/bot").await;
    assert_eq!(status, 200);
    assert_eq!(info["session_start_limit"]["remaining"], 1000);

    let mut gateway = Gateway::dial(&stage.sim, "").await;
    assert_eq!(gateway.interval, 41_250);
    gateway.identify(1).await;
    let ready = gateway.event("READY").await;
    assert_eq!(ready["application"]["id"], stage.demo.app.to_string());
    assert_eq!(ready["guilds"][0]["unavailable"], true);
    assert!(ready["resume_gateway_url"].as_str().unwrap().starts_with("ws://127.0.0.1:"));
    let guild = gateway.event("GUILD_CREATE").await;
    assert_eq!(guild["name"], "Lantern Club");
    assert_eq!(guild["members"][0]["user"]["bot"], true);
    assert_eq!(gateway.event("GUILD_CREATE").await["name"], "Sunday Rowers");

    gateway.send(json!({"op": 1, "d": 3})).await;
    assert_eq!(gateway.payload().await["op"], 11);
    assert!(stage.sim.is_online(stage.demo.app));
    let (_, info) = stage.http.get("/gateway/bot").await;
    assert_eq!(info["session_start_limit"]["remaining"], 999);
}

#[tokio::test]
async fn without_intents_no_guild_is_told() {
    let stage = Stage::new().await;
    let mut gateway = Gateway::dial(&stage.sim, "").await;
    gateway.identify(0).await;
    gateway.event("READY").await;
    gateway.send(json!({"op": 1, "d": null})).await;
    assert_eq!(gateway.payload().await["op"], 11, "nothing comes between");
}

#[tokio::test]
async fn wrong_beginnings_end_with_their_codes() {
    let stage = Stage::new().await;
    for (payload, code) in [
        (json!({"op": 2, "d": {"token": "wrong", "intents": 1}}), 4004),
        (json!({"op": 2, "d": {"token": TOKEN}}), 4013),
        (json!({"op": 2, "d": {"token": TOKEN, "intents": 1_u64 << 40}}), 4013),
        (json!({"op": 2, "d": {"token": TOKEN, "intents": 2}}), 4014),
        (json!({"op": 2, "d": {"token": TOKEN, "intents": 1, "shard": [2, 2]}}), 4010),
        (json!({"op": 8, "d": {}}), 4003),
        (json!({"op": 3, "d": {}}), 4003),
        (json!({"op": 99, "d": {}}), 4001),
        (json!({"d": {}}), 4002),
        (json!({"op": 6, "d": {"token": "wrong", "session_id": "a", "seq": 1}}), 4004),
        (json!({"op": 6, "d": {"token": TOKEN, "session_id": "a"}}), 4007),
        (json!({"op": 2, "d": "x".repeat(5000)}), 4002),
    ] {
        let mut gateway = Gateway::dial(&stage.sim, "").await;
        gateway.send(payload.clone()).await;
        let Got::Closed(found) = gateway.next().await else { panic!("{payload} was taken") };
        assert_eq!(found, Some(code), "{payload}");
    }
    let mut gateway = Gateway::dial(&stage.sim, "").await;
    gateway.identify(1).await;
    gateway.identify(1).await;
    assert_eq!(gateway.closed().await, Some(4005));
}

#[tokio::test]
async fn a_silent_bot_is_closed() {
    let stage = Stage::with(SimConfig {
        heartbeat_interval: Duration::from_millis(100),
        gateway: unhurried(),
        ..SimConfig::default()
    })
    .await;
    let mut gateway = Gateway::dial(&stage.sim, "").await;
    gateway.identify(1).await;
    let session = gateway.event("READY").await["session_id"].clone();
    assert_eq!(gateway.closed().await, Some(4009));
    let mut gateway = Gateway::dial(&stage.sim, "").await;
    gateway.resume(&session, 1).await;
    assert_eq!(gateway.payload().await["op"], 9, "the session has timed out");
}

#[tokio::test]
async fn other_versions_and_encodings_are_refused() {
    let stage = Stage::new().await;
    for (query, code) in
        [("v=9", 4012), ("v=10&encoding=etf", 4002), ("v=10&compress=lz4-stream", 4002)]
    {
        let mut gateway = Gateway::raw(&stage.sim, query).await;
        assert_eq!(gateway.closed().await, Some(code), "{query}");
    }
}

#[tokio::test]
async fn a_bot_that_talks_too_much_is_closed() {
    let stage = Stage::new().await;
    let mut gateway = Gateway::dial(&stage.sim, "").await;
    gateway.identify(0).await;
    gateway.event("READY").await;
    // The identify was the first of the 120 that are allowed in a minute.
    for _ in 1..120 {
        gateway.send(json!({"op": 1, "d": null})).await;
        assert_eq!(gateway.payload().await["op"], 11);
    }
    gateway.send(json!({"op": 1, "d": null})).await;
    assert_eq!(gateway.closed().await, Some(4008));
}

#[tokio::test]
async fn a_presence_is_taken() {
    let stage = Stage::new().await;
    let mut gateway = stage.go_online(json!([])).await;
    let presence = json!({"since": null, "activities": [], "status": "idle", "afk": false});
    gateway.send(json!({"op": 3, "d": presence})).await;
    gateway.send(json!({"op": 1, "d": null})).await;
    assert_eq!(gateway.until_op(11).await["d"], Value::Null, "it goes on");
}

#[tokio::test]
async fn members_are_told_in_chunks_to_those_who_may_ask() {
    let stage = Stage::new().await;
    let app = stage.demo.app;
    stage.sim.world(|world| world.edit_application(app, |app| app.privileged = 2));
    for n in 0..1_000 {
        stage.sim.world(|world| {
            let user = world.add_user(&format!("rower-{n}"));
            world.join(stage.demo.guild, user, &[]);
        });
    }
    let mut gateway = Gateway::dial(&stage.sim, "").await;
    gateway.identify(2).await;
    gateway.event("READY").await;
    let ask = |more: Value| {
        let mut data = json!({"guild_id": stage.demo.guild, "limit": 0, "nonce": "n1"});
        data.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        json!({"op": 8, "d": data})
    };
    gateway.send(ask(json!({"query": ""}))).await;
    let first = gateway.event("GUILD_MEMBERS_CHUNK").await;
    assert_eq!((&first["chunk_count"], &first["nonce"]), (&json!(2), &json!("n1")));
    assert_eq!(first["members"].as_array().unwrap().len(), 1_000);
    let second = gateway.event("GUILD_MEMBERS_CHUNK").await;
    assert_eq!(second["chunk_index"], 1);
    gateway.send(ask(json!({"query": ""}))).await;
    let limited = gateway.event("RATE_LIMITED").await;
    assert_eq!(limited["meta"]["nonce"], "n1");
    assert!(limited["retry_after"].as_f64().unwrap() > 29.0);

    gateway.send(ask(json!({"query": "rower-99", "limit": 100}))).await;
    let named = gateway.event("GUILD_MEMBERS_CHUNK").await;
    assert_eq!(named["members"].as_array().unwrap().len(), 11, "99 and 990 to 999");
    gateway.send(ask(json!({"user_ids": [stage.demo.owner, "17"]}))).await;
    let listed = gateway.event("GUILD_MEMBERS_CHUNK").await;
    assert_eq!(listed["members"][0]["user"]["id"], stage.demo.owner.to_string());
    assert_eq!(listed["not_found"], json!(["17"]));
}

#[tokio::test]
async fn nobody_gets_all_members_without_the_intent() {
    let stage = Stage::new().await;
    let mut gateway = stage.go_online(json!([])).await;
    let all = json!({"guild_id": stage.demo.guild, "query": "", "limit": 0});
    gateway.send(json!({"op": 8, "d": all})).await;
    let one = json!({"guild_id": stage.demo.guild, "user_ids": stage.demo.owner, "nonce": "one"});
    gateway.send(json!({"op": 8, "d": one})).await;
    let told = gateway.event("GUILD_MEMBERS_CHUNK").await;
    assert_eq!(told["nonce"], "one", "the first request is passed over");
}

#[tokio::test]
async fn a_dropped_session_is_taken_up_with_all_it_missed() {
    let stage = Stage::new().await;
    let mut gateway = Gateway::dial(&stage.sim, "").await;
    gateway.identify(1 | 512).await;
    let session = gateway.event("READY").await["session_id"].clone();
    gateway.event("GUILD_CREATE").await;
    gateway.event("GUILD_CREATE").await;
    let seq = gateway.seq;
    stage.sim.faults().gateway().cut();
    assert_eq!(gateway.closed().await, None);

    for text in ["one", "two", "three"] {
        stage.owner().say(stage.demo.general, text).unwrap();
    }
    let mut gateway = Gateway::dial(&stage.sim, "").await;
    let resume = json!({"token": TOKEN, "session_id": session, "seq": seq});
    gateway.send(json!({"op": 6, "d": resume})).await;
    let names: Vec<_> = [
        gateway.payload().await,
        gateway.payload().await,
        gateway.payload().await,
        gateway.payload().await,
    ]
    .map(|payload| payload["t"].as_str().unwrap().to_owned())
    .into();
    assert_eq!(names, ["MESSAGE_CREATE", "MESSAGE_CREATE", "MESSAGE_CREATE", "RESUMED"]);
    assert_eq!(gateway.seq, seq + 4);
    assert_eq!(stage.sim.counts().resumes, 1);
}

#[tokio::test]
async fn a_session_is_over_after_a_goodbye_or_for_strangers() {
    let stage = Stage::new().await;
    for (leaves_with, taken_up) in [(1000, false), (4000, true)] {
        let mut gateway = Gateway::dial(&stage.sim, "").await;
        gateway.identify(0).await;
        let session = gateway.event("READY").await["session_id"].clone();
        gateway.leave(leaves_with).await;
        let mut gateway = Gateway::dial(&stage.sim, "").await;
        let resume = json!({"token": TOKEN, "session_id": session, "seq": 1});
        gateway.send(json!({"op": 6, "d": resume})).await;
        let answer = gateway.payload().await;
        if taken_up {
            assert_eq!(answer["t"], "RESUMED");
        } else {
            assert_eq!((&answer["op"], &answer["d"]), (&json!(9), &json!(false)));
        }
    }
}

#[tokio::test]
async fn a_session_cannot_be_resumed_from_the_future() {
    let stage = Stage::new().await;
    let mut gateway = Gateway::dial(&stage.sim, "").await;
    gateway.identify(0).await;
    let session = gateway.event("READY").await["session_id"].clone();
    gateway.leave(4000).await;
    let mut gateway = Gateway::dial(&stage.sim, "").await;
    let resume = json!({"token": TOKEN, "session_id": session, "seq": 99});
    gateway.send(json!({"op": 6, "d": resume})).await;
    assert_eq!(gateway.closed().await, Some(4007));
}

#[tokio::test]
async fn everything_comes_compressed_if_wished() {
    let stage = Stage::new().await;
    let mut gateway = Gateway::dial(&stage.sim, "&compress=zlib-stream").await;
    gateway.identify(1).await;
    gateway.event("READY").await;
    assert_eq!(gateway.event("GUILD_CREATE").await["name"], "Lantern Club");
    assert_eq!(gateway.event("GUILD_CREATE").await["name"], "Sunday Rowers");
}

#[tokio::test]
async fn a_zstd_stream_and_packed_payloads_carry_the_same() {
    let stage = Stage::new().await;
    let packed = json!({"token": TOKEN, "intents": 1, "compress": true});
    let plain = json!({"token": TOKEN, "intents": 1});
    for (query, identify) in [("&compress=zstd-stream", plain), ("", packed)] {
        let mut gateway = Gateway::dial(&stage.sim, query).await;
        gateway.identify_as(identify).await;
        gateway.event("READY").await;
        assert_eq!(gateway.event("GUILD_CREATE").await["name"], "Lantern Club", "{query}");
    }
}

#[tokio::test]
async fn a_bot_hears_of_guilds_that_take_it_in_and_put_it_out() {
    let stage = Stage::new().await;
    let mut gateway = stage.go_online(json!([])).await;
    gateway.event("GUILD_CREATE").await;
    gateway.event("GUILD_CREATE").await;
    let (guild, bot) =
        (stage.demo.second_guild, muster_sim::ids::UserId::new(stage.demo.app.get()));
    stage.sim.world(|world| world.kick(guild, bot));
    let left = gateway.event("GUILD_DELETE").await;
    assert_eq!(left, json!({"id": guild}), "no `unavailable`: the bot was put out");
    let core = muster_sim::world::Permissions::BOT_CORE;
    stage.sim.world(|world| world.install(stage.demo.app, guild, core));
    assert_eq!(gateway.event("GUILD_CREATE").await["id"], guild.to_string());
}

#[tokio::test]
async fn shards_share_the_guilds() {
    let stage = Stage::new().await;
    let mut heard = Vec::new();
    for shard in 0..2 {
        let mut gateway = Gateway::dial(&stage.sim, "").await;
        let identify = json!({"token": TOKEN, "intents": 0, "shard": [shard, 2]});
        gateway.identify_as(identify).await;
        let ready = gateway.event("READY").await;
        for guild in ready["guilds"].as_array().unwrap() {
            let id: u64 = guild["id"].as_str().unwrap().parse().unwrap();
            assert_eq!((id >> 22) % 2, shard);
            heard.push(id);
        }
    }
    assert_eq!(heard.len(), 2, "each guild is on exactly one shard");
}
