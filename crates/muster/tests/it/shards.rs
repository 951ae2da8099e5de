//! More than one shard: each guild is served through its own, and what happens to one is nothing
//! to the others.

use std::time::Duration;

use muster_domain::zone::Zone;
use muster_sim::ids::{ChannelId, MessageId};
use muster_sim::world::{NewChannel, Permissions};
use muster_sim::{GatewayLimits, ScriptedAnswer, SimClock};
use serde_json::json;

use crate::people::Person;
use crate::stage::{Stage, friday};

const GATEWAY: &str = "/gateway/bot";

/// A gateway that recommends so many shards, of which all may identify at once.
fn recommends(shards: u64) -> GatewayLimits {
    GatewayLimits { shards, max_concurrency: shards, ..GatewayLimits::default() }
}

/// A stage without a bot whose gateway asks this of bots.
async fn stage_with(limits: GatewayLimits) -> Stage {
    let mut stage = Stage::with_gateway(SimClock::standing(friday()), limits).await;
    stage.zone = Some(Zone::parse("Europe/Berlin").unwrap());
    stage
}

/// One guild for each of three shards, in that order: a channel of each.
async fn three_clubs(stage: &Stage) -> Vec<ChannelId> {
    let mut clubs = Vec::new();
    for _ in 0..3 {
        // Guilds made one millisecond after the other fall to one shard after the other.
        stage.sim.clock().advance(Duration::from_millis(1)).await.unwrap();
        clubs.push(stage.sim.world(|world| {
            let guild = world.add_guild("Shard club", stage.demo.owner);
            world.install(stage.demo.app, guild, Permissions::BOT_CORE);
            let channel = world.add_channel(guild, NewChannel::text("events"));
            ((guild.get() >> 22) % 3, channel)
        }));
    }
    clubs.sort_unstable();
    assert!(clubs.iter().map(|(shard, _)| *shard).eq(0..3), "{clubs:?}");
    clubs.into_iter().map(|(_, channel)| channel).collect()
}

/// Waits until so many sessions were begun, or taken up again, in all.
async fn until_entered(stage: &Stage, entries: u64) {
    let entered = async {
        loop {
            let counts = stage.sim.counts();
            if counts.identifies + counts.resumes >= entries {
                return;
            }
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
    };
    let waited = tokio::time::timeout(Duration::from_secs(30), entered).await;
    assert!(waited.is_ok(), "{:?}", stage.sim.counts());
}

/// Somebody who is in all clubs creates an event in this one; its post.
async fn event_in(stage: &Stage, channel: ChannelId, title: &str) -> MessageId {
    let options = json!({"title": title, "when": "tomorrow 20:00"});
    let seen = owner_in(stage, channel).runs("event create", options).await;
    stage.posted(&seen).await
}

fn owner_in(stage: &Stage, channel: ChannelId) -> Person {
    stage.ada().goes_to(channel)
}

#[tokio::test]
async fn three_shards_start_by_the_rules_and_each_serves_its_guilds() {
    let limits = GatewayLimits { shards: 3, max_concurrency: 2, ..GatewayLimits::default() };
    let mut stage = stage_with(limits).await;
    let clubs = three_clubs(&stage).await;
    // The third shard has to wait five seconds for the first; too early would be refused.
    stage.starts().await;
    until_entered(&stage, 3).await;
    let mut posts = Vec::new();
    for (channel, title) in clubs.iter().zip(["Raid", "Walk", "Chess"]) {
        posts.push(event_in(&stage, *channel, title).await);
    }
    for (channel, post) in clubs.iter().zip(&posts) {
        assert!(owner_in(&stage, *channel).taps(*post, "Yes").await.is_update());
    }
    let before = stage.sim.counts();
    assert_eq!((before.identifies, before.identifies_refused, before.resumes), (3, 0, 0));

    stage.restarts().await;
    until_entered(&stage, 6).await;
    for (channel, post) in clubs.iter().zip(&posts) {
        assert!(owner_in(&stage, *channel).taps(*post, "No").await.is_update());
    }
    let after = stage.sim.counts();
    assert_eq!((after.identifies, after.resumes), (3, 3), "every shard resumed");
    stage.ends().await;
}

#[tokio::test]
async fn what_happens_to_one_shard_is_nothing_to_the_others() {
    let mut stage = stage_with(recommends(3)).await;
    let clubs = three_clubs(&stage).await;
    stage.starts().await;
    until_entered(&stage, 3).await;
    let raid = event_in(&stage, clubs[0], "Raid").await;
    let walk = event_in(&stage, clubs[1], "Walk").await;
    let gateway = stage.sim.faults().gateway();
    gateway.refuse_dials(Duration::from_millis(300));
    gateway.on_shard(1).close(4000);
    let begun = std::time::Instant::now();
    assert!(owner_in(&stage, clubs[0]).taps(raid, "Yes").await.is_update());
    assert!(begun.elapsed() < Duration::from_millis(300), "while shard 1 is away");
    assert!(owner_in(&stage, clubs[1]).taps(walk, "Yes").await.is_update(), "after its resume");
    let counts = stage.sim.counts();
    assert_eq!((counts.identifies, counts.resumes), (3, 1));
    stage.ends().await;
}

#[tokio::test]
async fn another_number_of_shards_after_a_restart_begins_anew() {
    let mut stage = stage_with(recommends(3)).await;
    let clubs = three_clubs(&stage).await;
    stage.sim.faults().answer_next(1, "GET", GATEWAY, says(&stage, 2));
    stage.starts().await;
    until_entered(&stage, 2).await;
    let raid = event_in(&stage, clubs[2], "Raid").await;
    stage.restarts().await;
    until_entered(&stage, 5).await;
    assert!(owner_in(&stage, clubs[2]).taps(raid, "Yes").await.is_update());
    let counts = stage.sim.counts();
    assert_eq!((counts.identifies, counts.resumes, counts.resumes_refused), (5, 0, 0));
    stage.ends().await;
}

#[tokio::test]
async fn a_gateway_that_asks_for_more_shards_gets_them_without_a_restart() {
    // Three clubs and the demo's two, which fall to one shard: too many for one, not for three.
    let limits = GatewayLimits { guilds_per_shard: 3, ..recommends(3) };
    let mut stage = stage_with(limits).await;
    let clubs = three_clubs(&stage).await;
    stage.sim.faults().answer_next(1, "GET", GATEWAY, says(&stage, 1));
    stage.starts().await;
    until_entered(&stage, 3).await;
    let raid = event_in(&stage, clubs[2], "Raid").await;
    assert!(owner_in(&stage, clubs[2]).taps(raid, "Yes").await.is_update());
    assert_eq!(stage.sim.counts().requests_to("GET /gateway/bot"), 2);
    stage.ends().await;
}

#[tokio::test]
async fn a_gateway_that_refuses_what_it_recommends_ends_with_6() {
    let limits = GatewayLimits { guilds_per_shard: 1, ..recommends(1) };
    let mut stage = stage_with(limits).await;
    stage.begins();
    let ended = stage.bot_ends().await.unwrap_err();
    assert_eq!(ended.status(), 6, "{ended}");
    assert_eq!(stage.sim.counts().requests_to("GET /gateway/bot"), 2, "asked once more");
    stage.ends().await;
}

/// What Discord says where it recommends so many shards.
fn says(stage: &Stage, shards: u64) -> ScriptedAnswer {
    let limit = json!({"total": 1000, "remaining": 1000, "reset_after": 0, "max_concurrency": 3});
    let url = stage.sim.url().replacen("http", "ws", 1);
    let answer = json!({"url": url, "shards": shards, "session_start_limit": limit});
    ScriptedAnswer::status(200, answer)
}
