//! Bad days of the gateway, each as a bot meets it.

use std::time::Duration;

use muster_sim::seed::TOKEN;
use muster_sim::{Entry, EventFault, GatewayFaults, Greeting, LinkError};
use serde_json::{Value, json};

use crate::bot::{Gateway, Got, Stage, unhurried};
use crate::inside::{event, inside_with};

async fn online() -> (Stage, Gateway, GatewayFaults) {
    let stage = Stage::new().await;
    let mut gateway = Gateway::dial(&stage.sim, "").await;
    gateway.identify(512).await;
    gateway.event("READY").await;
    let faults = stage.sim.faults().gateway();
    (stage, gateway, faults)
}

/// Fails if anything comes within 100 ms.
async fn hears_nothing(gateway: &mut Gateway) {
    let heard = tokio::time::timeout(Duration::from_millis(100), gateway.next()).await;
    assert!(heard.is_err(), "{heard:?}");
}

impl Stage {
    fn says(&self, text: &str) {
        self.owner().say(self.demo.general, text).unwrap();
    }
}

#[tokio::test]
async fn a_heartbeat_can_be_asked_for() {
    let (_stage, mut gateway, faults) = online().await;
    faults.ask_for_heartbeat();
    assert_eq!(gateway.payload().await["op"], 1);
}

#[tokio::test]
async fn heartbeats_can_stay_without_an_answer() {
    let (stage, mut gateway, faults) = online().await;
    faults.stop_acknowledging();
    gateway.send(json!({"op": 1, "d": 1})).await;
    hears_nothing(&mut gateway).await;
    assert_eq!(stage.sim.counts().heartbeats, 1, "it was taken");
    stage.says("Events come");
    gateway.event("MESSAGE_CREATE").await;
    faults.heal();
    gateway.send(json!({"op": 1, "d": 1})).await;
    assert_eq!(gateway.payload().await["op"], 11);
}

#[tokio::test]
async fn a_silent_gateway_says_afterwards_what_it_had_to_say() {
    let (stage, mut gateway, faults) = online().await;
    faults.go_silent();
    stage.says("One");
    gateway.send(json!({"op": 1, "d": 1})).await;
    hears_nothing(&mut gateway).await;
    faults.heal();
    assert_eq!(gateway.event("MESSAGE_CREATE").await["channel_id"], stage.demo.general.to_string());
    hears_nothing(&mut gateway).await;
}

#[tokio::test]
async fn a_gateway_may_stop_reading() {
    let (stage, mut gateway, faults) = online().await;
    faults.stop_reading();
    // The loop that reads has to have seen it.
    tokio::time::sleep(Duration::from_millis(20)).await;
    gateway.send(json!({"op": 1, "d": 1})).await;
    hears_nothing(&mut gateway).await;
    assert_eq!(stage.sim.counts().heartbeats, 0);
    stage.says("Events come");
    gateway.event("MESSAGE_CREATE").await;
    faults.heal();
    assert_eq!(gateway.payload().await["op"], 11, "it is read at last");
}

#[tokio::test]
async fn greetings_go_wrong_in_every_way() {
    let stage = Stage::new().await;
    let faults = stage.sim.faults().gateway();
    faults.greet_next(1, Greeting::Silence);
    faults.greet_next(1, Greeting::Close(4000));
    faults.greet_next(1, Greeting::Cut);
    let dial = async || Gateway::raw(&stage.sim, "v=10&encoding=json").await;
    hears_nothing(&mut dial().await).await;
    for code in [Some(4000), None] {
        let mut gateway = dial().await;
        assert_eq!(gateway.payload().await["op"], 10);
        assert_eq!(gateway.closed().await, code);
    }
    assert_eq!(dial().await.payload().await["op"], 10);
}

#[tokio::test]
async fn identifies_and_resumes_go_wrong_in_every_way() {
    let (stage, gateway, faults) = online().await;
    drop(gateway);
    for entry in [
        Entry::Invalid { resumable: true },
        Entry::Close(4000),
        Entry::Cut,
        Entry::Silence,
        Entry::ThenReconnect,
    ] {
        faults.identify_next(1, entry);
        let mut gateway = Gateway::dial(&stage.sim, "").await;
        gateway.identify(0).await;
        match entry {
            Entry::Invalid { resumable } => {
                assert_eq!(gateway.until_op(9).await["d"], resumable);
            }
            Entry::Close(code) => assert_eq!(gateway.next().await, Got::Closed(Some(code))),
            Entry::Cut => assert_eq!(gateway.next().await, Got::Closed(None)),
            Entry::Silence => hears_nothing(&mut gateway).await,
            Entry::ThenReconnect => {
                let session = gateway.event("READY").await["session_id"].clone();
                assert_eq!(gateway.payload().await["op"], 7);
                faults.resume_next(1, Entry::ThenReconnect);
                let mut gateway = Gateway::dial(&stage.sim, "").await;
                gateway.resume(&session, 1).await;
                gateway.event("RESUMED").await;
                assert_eq!(gateway.payload().await["op"], 7);
            }
        }
    }
    let counts = stage.sim.counts();
    assert_eq!((counts.identifies, counts.identifies_refused), (2, 3), "4000 is not counted");
}

#[tokio::test]
async fn a_resume_can_be_refused_for_good() {
    let stage = Stage::new().await;
    let mut gateway = Gateway::dial(&stage.sim, "").await;
    gateway.identify(0).await;
    let session = gateway.event("READY").await["session_id"].clone();
    stage.sim.faults().gateway().resume_next(1, Entry::Invalid { resumable: false });
    for _ in 0..2 {
        let mut gateway = Gateway::dial(&stage.sim, "").await;
        gateway.resume(&session, 1).await;
        assert_eq!(gateway.payload().await["d"], false);
    }
    assert_eq!(stage.sim.counts().resumes_refused, 2);
}

#[tokio::test]
async fn events_come_twice_late_or_never_and_a_resume_brings_them_right() {
    let (stage, mut gateway, faults) = online().await;
    faults.events_next(1, EventFault::Late { by: 2 });
    faults.events_next(1, EventFault::Lost);
    faults.events_next(1, EventFault::Twice);
    for text in ["two", "three", "four", "five"] {
        stage.says(text);
    }
    let mut numbers = Vec::new();
    for _ in 0..4 {
        numbers.push(gateway.payload().await["s"].as_u64().unwrap());
    }
    assert_eq!(numbers, [4, 4, 5, 2], "READY was the first, the third is lost");

    let session = {
        let mut fresh = Gateway::dial(&stage.sim, "").await;
        fresh.identify(512).await;
        let session = fresh.event("READY").await["session_id"].clone();
        faults.events_next(2, EventFault::Lost);
        stage.says("lost");
        stage.says("and lost");
        session
    };
    let mut gateway = Gateway::dial(&stage.sim, "").await;
    gateway.resume(&session, 1).await;
    let names = gateway.names(3).await;
    assert_eq!(names, ["MESSAGE_CREATE", "MESSAGE_CREATE", "RESUMED"]);
}

#[tokio::test]
async fn anything_can_be_said() {
    let (_stage, mut gateway, faults) = online().await;
    faults.send_event("NEVER_HEARD_OF", &json!({"x": [1, 2]}));
    let payload = gateway.payload().await;
    assert_eq!((&payload["t"], &payload["s"]), (&json!("NEVER_HEARD_OF"), &json!(2)));
    faults.send_text(&json!({"op": 0, "pad": "x".repeat(10_000_000)}).to_string());
    assert_eq!(gateway.payload().await["pad"].as_str().unwrap().len(), 10_000_000);
}

#[tokio::test]
async fn an_outage_of_a_guild_is_no_farewell() {
    let stage = Stage::new().await;
    let mut gateway = stage.go_online(json!([])).await;
    assert_eq!(gateway.names(2).await, ["GUILD_CREATE", "GUILD_CREATE"]);
    let (faults, guild) = (stage.sim.faults().gateway(), stage.demo.guild);
    faults.take_down(guild);
    let gone = gateway.event("GUILD_DELETE").await;
    assert_eq!(gone, json!({"id": guild, "unavailable": true}));

    let mut late = Gateway::dial(&stage.sim, "").await;
    late.identify(1).await;
    let ready = late.event("READY").await;
    assert_eq!(ready["guilds"].as_array().unwrap().len(), 2);
    assert_eq!(late.event("GUILD_CREATE").await["name"], "Sunday Rowers", "the other one only");
    faults.bring_back(guild);
    for gateway in [&mut gateway, &mut late] {
        assert_eq!(gateway.event("GUILD_CREATE").await["id"], guild.to_string());
    }
}

#[tokio::test(start_paused = true)]
async fn one_shard_alone_may_suffer() {
    let (sim, _) = inside_with(unhurried());
    let mut shards = [0, 1].map(|shard| sim.connect(TOKEN, 0, (shard, 2)).unwrap());
    let faults = sim.faults().gateway();
    faults.clone().on_shard(1).close(4000);
    event(&mut shards[1], "READY").await;
    assert_eq!((shards[1].next().await, shards[1].closed_with()), (None, Some(4000)));
    faults.on_shard(0).ask_to_reconnect();
    event(&mut shards[0], "READY").await;
    let asked: Value = serde_json::from_str(&shards[0].next().await.unwrap()).unwrap();
    assert_eq!(asked["op"], 7);
}

#[tokio::test(start_paused = true)]
async fn links_meet_the_same_faults() {
    let (sim, demo) = inside_with(unhurried());
    let faults = sim.faults().gateway();
    let enter = || sim.connect(TOKEN, 512, (0, 1));
    faults.greet_next(1, Greeting::Close(4000));
    assert_eq!(enter().err(), Some(LinkError::Closed(4000)));
    faults.greet_next(1, Greeting::Cut);
    assert_eq!(enter().err(), Some(LinkError::Cut));
    faults.identify_next(1, Entry::Invalid { resumable: false });
    assert_eq!(enter().err(), Some(LinkError::Invalid { resumable: false }));
    faults.identify_next(1, Entry::Silence);
    let mut dead = enter().unwrap();
    let heard = tokio::time::timeout(Duration::from_hours(1), dead.next()).await;
    assert!(heard.is_err(), "nothing is ever said");

    let mut link = enter().unwrap();
    event(&mut link, "READY").await;
    faults.go_silent();
    sim.user(demo.owner).say(demo.general, "Held back").unwrap();
    let heard = tokio::time::timeout(Duration::from_hours(1), link.next()).await;
    assert!(heard.is_err(), "nothing comes while it is silent");
    faults.heal();
    event(&mut link, "MESSAGE_CREATE").await;
}
