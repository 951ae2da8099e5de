//! How many sessions a bot may begin, how fast, and on how many shards.

use std::time::Duration;

use muster_sim::ids::{ChannelId, GuildId};
use muster_sim::seed::TOKEN;
use muster_sim::world::Permissions;
use muster_sim::{GatewayLimits, LinkError, SimConfig};
use serde_json::json;

use crate::bot::{Gateway, Stage, unhurried};
use crate::inside::{call, event, inside_with};

#[tokio::test]
async fn the_recommendation_is_told_and_counts() {
    let gateway = GatewayLimits { shards: 4, max_concurrency: 16, ..GatewayLimits::default() };
    let stage = Stage::with(SimConfig { gateway, ..SimConfig::default() }).await;
    let mut bot = Gateway::dial(&stage.sim, "").await;
    bot.identify_as(json!({"token": TOKEN, "intents": 0, "shard": [3, 4]})).await;
    assert_eq!(bot.event("READY").await["shard"], json!([3, 4]));
    let (_, info) = stage.http.get("/gateway/bot").await;
    assert_eq!(info["shards"], 4);
    let limit = &info["session_start_limit"];
    assert_eq!(limit["total"], 1_000);
    assert_eq!(limit["remaining"], 999);
    assert_eq!(limit["max_concurrency"], 16);
    let reset = limit["reset_after"].as_u64().unwrap();
    assert!((86_300_000..86_400_000).contains(&reset), "a day from the first one: {reset}");
}

#[tokio::test]
async fn whoever_identifies_too_soon_is_told_so_and_may_try_again() {
    let stage = Stage::with(SimConfig::default()).await;
    let mut first = Gateway::dial(&stage.sim, "").await;
    first.identify(0).await;
    first.event("READY").await;
    let mut second = Gateway::dial(&stage.sim, "").await;
    second.identify(0).await;
    let invalid = second.payload().await;
    assert_eq!((&invalid["op"], &invalid["d"]), (&json!(9), &json!(false)));
    let counts = stage.sim.counts();
    assert_eq!((counts.identifies, counts.identifies_refused), (1, 1));
}

#[tokio::test(start_paused = true)]
async fn shards_of_other_remainders_need_not_wait() {
    let gateway = GatewayLimits { max_concurrency: 2, ..GatewayLimits::default() };
    let (sim, _) = inside_with(gateway);
    let begins = |shard| sim.connect(TOKEN, 0, (shard, 4)).map(drop);
    assert_eq!((begins(0), begins(1)), (Ok(()), Ok(())));
    let too_soon = Err(LinkError::Invalid { resumable: false });
    assert_eq!((begins(2), begins(3)), (too_soon, too_soon));
    tokio::time::sleep(Duration::from_secs(5)).await;
    assert_eq!((begins(2), begins(3)), (Ok(()), Ok(())));
}

#[tokio::test(start_paused = true)]
async fn one_session_too_many_in_a_day_ends_all_and_resets_the_token() {
    let gateway = GatewayLimits { sessions_per_day: 3, ..unhurried() };
    let (sim, demo) = inside_with(gateway);
    let mut link = sim.connect(TOKEN, 0, (0, 1)).unwrap();
    for _ in 0..2 {
        drop(sim.connect(TOKEN, 0, (0, 1)).unwrap());
    }
    assert_eq!(sim.connect(TOKEN, 0, (0, 1)).err(), Some(LinkError::Closed(4004)));
    event(&mut link, "READY").await;
    assert_eq!((link.next().await, link.closed_with()), (None, Some(4004)));
    assert_eq!(sim.counts().token_resets, 1);
    assert_eq!(sim.connect(TOKEN, 0, (0, 1)).err(), Some(LinkError::Closed(4004)));
    let new = sim.world(|world| world.app(demo.app).unwrap().token.clone());
    assert_ne!(new, TOKEN);
    tokio::time::sleep(Duration::from_hours(24)).await;
    assert!(sim.connect(&new, 0, (0, 1)).is_ok(), "a day later the new token works");
}

#[tokio::test(start_paused = true)]
async fn a_shard_with_too_many_guilds_is_refused() {
    let gateway = GatewayLimits { guilds_per_shard: 2, ..unhurried() };
    let (sim, demo) = inside_with(gateway);
    assert!(sim.connect(TOKEN, 1, (0, 1)).is_ok(), "two are few enough");
    tokio::time::sleep(Duration::from_millis(1)).await;
    sim.world(|world| {
        let third = world.add_guild("Third", demo.owner);
        world.install(demo.app, third, Permissions::BOT_CORE);
    });
    assert_eq!(sim.connect(TOKEN, 1, (0, 1)).err(), Some(LinkError::Closed(4011)));
}

#[tokio::test(start_paused = true)]
async fn an_interaction_goes_to_the_shard_of_its_guild_and_direct_ones_to_the_first() {
    let (sim, demo) = inside_with(unhurried());
    let mut shards = [0, 1, 2].map(|shard| sim.connect(TOKEN, 0, (shard, 3)).unwrap());
    let home = |guild: GuildId| usize::try_from((guild.get() >> 22) % 3).unwrap();
    let commands = json!([{"name": "hello", "description": "Says hello", "contexts": [0, 1]}]);
    call(&sim, "PUT", &format!("/applications/{}/commands", demo.app), commands).await;
    let owner = json!({"recipient_id": demo.owner});
    let (_, dm) = call(&sim, "POST", "/users/@me/channels", owner).await;
    let dm = ChannelId::new(dm["id"].as_str().unwrap().parse().unwrap());
    let ann = sim.user(demo.owner);
    let boathouse = sim
        .world(|world| world.channel_named(demo.second_guild, "boathouse").map(|found| found.id));
    for (channel, shard) in
        [(demo.events, home(demo.guild)), (boathouse.unwrap(), home(demo.second_guild)), (dm, 0)]
    {
        let asking = async { drop(ann.command(channel, "hello", json!({})).await) };
        let hearing = async { event(&mut shards[shard], "INTERACTION_CREATE").await };
        let ((), frame) = tokio::join!(asking, hearing);
        assert_eq!(frame["d"]["channel_id"], channel.to_string());
    }
}
