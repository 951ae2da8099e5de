//! Threads: how they are made, who may do what in them, and how they sleep.

use std::time::Duration;

use muster_sim::ids::{ChannelId, MessageId};
use muster_sim::world::{ChannelKind, OverwriteTarget, Permissions};
use serde_json::{Value, json};

use crate::bot::Stage;

fn code(answer: &(u16, Value)) -> (u16, i64) {
    (answer.0, answer.1["code"].as_i64().unwrap_or(-1))
}

fn id_of(object: &Value) -> ChannelId {
    object["id"].as_str().unwrap().parse().unwrap()
}

/// Makes a public thread in the channel for events.
async fn thread(stage: &Stage) -> ChannelId {
    let path = format!("/channels/{}/threads", stage.demo.events);
    let (status, made) = stage.http.post(&path, json!({"name": "Raid", "type": 11})).await;
    assert_eq!(status, 201, "{made}");
    id_of(&made)
}

/// Changes what the bot's own role grants in the demo's guild.
fn grant(stage: &Stage, permissions: Permissions) {
    stage.sim.world(|world| {
        let roles = &world.guild(stage.demo.guild).unwrap().roles;
        let own = roles.values().find(|role| role.bot.is_some()).unwrap().id;
        world.edit_role(stage.demo.guild, own, |role| role.permissions = permissions);
    });
}

#[tokio::test]
async fn a_thread_without_a_type_is_private() {
    let stage = Stage::new().await;
    let path = format!("/channels/{}/threads", stage.demo.events);
    let (status, made) = stage.http.post(&path, json!({"name": "Raid"})).await;
    assert_eq!((status, &made["type"]), (201, &json!(12)));
    assert_eq!(made["parent_id"], stage.demo.events.to_string());
    assert_eq!(made["thread_metadata"]["archived"], false);
    assert_eq!(made["member"]["user_id"], stage.demo.app.to_string(), "its maker is in it");
    let id = id_of(&made);
    let sees = |user| stage.sim.world(|world| world.sees(user, id));
    let member = stage.demo.members[0];
    assert!(!sees(member));
    let add = format!("/channels/{id}/thread-members/{member}");
    assert_eq!(stage.http.call(hyper::Method::PUT, &add, None).await.0, 204);
    assert!(sees(member));
    assert_eq!(stage.http.get(&add).await.1["user_id"], member.to_string());
    assert_eq!(stage.http.delete(&add).await.0, 204);
    assert!(!sees(member));
    assert_eq!(code(&stage.http.get(&add).await), (404, 10_007));
}

#[tokio::test]
async fn a_message_has_one_thread_with_its_own_id() {
    let stage = Stage::new().await;
    let (_, sent) = stage.bot_says(stage.demo.events, json!({"content": "Raid"})).await;
    let message: MessageId = sent["id"].as_str().unwrap().parse().unwrap();
    let path = format!("/channels/{}/messages/{message}", stage.demo.events);
    let threads = format!("{path}/threads");
    let (status, made) = stage.http.post(&threads, json!({"name": "Talk"})).await;
    assert_eq!((status, &made["id"], &made["type"]), (201, &sent["id"], &json!(11)));
    let again = stage.http.post(&threads, json!({"name": "Talk"})).await;
    assert_eq!(code(&again), (400, 160_004));
    let (_, read) = stage.http.get(&path).await;
    assert_eq!((&read["flags"], &read["thread"]["name"]), (&json!(32), &json!("Talk")));
    let nowhere = format!("/channels/{}/messages/1/threads", stage.demo.events);
    assert_eq!(code(&stage.http.post(&nowhere, json!({"name": "x"})).await), (404, 10_008));
}

#[tokio::test]
async fn writing_in_threads_is_a_right_of_its_own() {
    let stage = Stage::new().await;
    let thread = thread(&stage).await;
    let says = || stage.bot_says(thread, json!({"content": "x"}));
    assert_eq!(says().await.0, 200);
    let bot = OverwriteTarget::Member(muster_sim::ids::UserId::new(stage.demo.app.get()));
    let deny = |deny| {
        stage.sim.world(|world| {
            world.edit_channel(stage.demo.events, |channel| {
                channel.overwrites.clear();
                let allow = Permissions::NONE;
                let overwrite = muster_sim::world::Overwrite { target: bot, allow, deny };
                channel.overwrites.push(overwrite);
            });
        });
    };
    deny(Permissions::SEND_MESSAGES);
    assert_eq!(says().await.0, 200, "the right to write in the channel plays no part");
    deny(Permissions::SEND_MESSAGES_IN_THREADS);
    assert_eq!(code(&says().await), (403, 50_013));
    deny(Permissions::VIEW_CHANNEL);
    assert_eq!(code(&says().await), (403, 50_001), "a thread is hidden with its channel");
}

#[tokio::test]
async fn making_threads_needs_rights_and_the_right_kind_of_channel() {
    let stage = Stage::new().await;
    let make = |channel: ChannelId, kind: u8| {
        let body = json!({"name": "x", "type": kind});
        let http = stage.http.clone();
        async move { http.post(&format!("/channels/{channel}/threads"), body).await }
    };
    let everyone = stage.demo.guild.everyone();
    assert_eq!(code(&make(stage.demo.events, 10).await), (400, 50_024));
    let dm = json!({"recipient_id": stage.demo.members[0].to_string()});
    let dm = id_of(&stage.http.post("/users/@me/channels", dm).await.1);
    assert_eq!(code(&make(dm, 11).await), (400, 50_024));
    let member = Permissions::from_bits(
        Permissions::MEMBER.bits() & !Permissions::CREATE_PUBLIC_THREADS.bits(),
    );
    stage.sim.world(|world| {
        world.edit_role(stage.demo.guild, everyone, |role| role.permissions = member);
    });
    assert_eq!(code(&make(stage.demo.events, 11).await), (403, 50_013));
    assert_eq!(make(stage.demo.events, 12).await.0, 201, "private ones are another right");
    let answer = make(stage.demo.events, 13).await;
    assert_eq!(code(&answer), (400, 50_035));
    assert!(answer.1["errors"]["type"]["_errors"].is_array(), "{}", answer.1);
}

#[tokio::test]
async fn an_archived_thread_wakes_when_somebody_writes() {
    let stage = Stage::new().await;
    let thread = thread(&stage).await;
    let (_, sent) = stage.bot_says(thread, json!({"content": "x"})).await;
    let path = format!("/channels/{thread}");
    let message = format!("{path}/messages/{}", sent["id"].as_str().unwrap());
    let (status, changed) = stage.http.patch(&path, json!({"archived": true})).await;
    assert_eq!((status, &changed["thread_metadata"]["archived"]), (200, &json!(true)));
    let active = format!("/guilds/{}/threads/active", stage.demo.guild);
    assert_eq!(stage.http.get(&active).await.1["threads"], json!([]));
    let edit = stage.http.patch(&message, json!({"content": "y"})).await;
    assert_eq!(code(&edit), (400, 50_083));
    assert_eq!(code(&stage.http.patch(&path, json!({"name": "y"})).await), (400, 50_083));
    stage.member().say(thread, "Hello").unwrap();
    assert_eq!(stage.http.get(&path).await.1["thread_metadata"]["archived"], false);
    assert_eq!(stage.http.get(&active).await.1["threads"][0]["id"], thread.to_string());
    assert_eq!(stage.http.patch(&message, json!({"content": "y"})).await.0, 200);
}

#[tokio::test]
async fn a_quiet_thread_is_archived_and_a_busy_one_is_not() {
    let stage = Stage::new().await;
    let mut gateway = stage.go_online(json!([])).await;
    let path = format!("/channels/{}/threads", stage.demo.events);
    let body = json!({"name": "Raid", "type": 11, "auto_archive_duration": 60});
    let thread = id_of(&stage.http.post(&path, body).await.1);
    let minutes = async |minutes| {
        stage.sim.clock().advance(Duration::from_mins(minutes)).await.unwrap();
        stage.sim.world(|world| world.channel(thread).unwrap().thread.as_ref().unwrap().archived)
    };
    assert!(!minutes(59).await);
    stage.member().say(thread, "Wait").unwrap();
    assert!(!minutes(59).await, "writing keeps it awake");
    assert!(minutes(1).await);
    gateway.event("THREAD_CREATE").await;
    gateway.event("THREAD_UPDATE").await; // The member has come in by writing.
    let told = gateway.event("THREAD_UPDATE").await;
    assert_eq!(told["thread_metadata"]["archived"], true);
    let listed = async |query: &str| {
        let path = format!("/channels/{}/threads/archived/public{query}", stage.demo.events);
        stage.http.get(&path).await
    };
    let (status, list) = listed("").await;
    assert_eq!((status, &list["threads"][0]["id"]), (200, &json!(thread.to_string())));
    assert_eq!(list["has_more"], false);
    let (_, earlier) = listed("?before=2027-03-12T19:00:00Z").await;
    assert_eq!(earlier["threads"], json!([]));
    assert_eq!(code(&listed("?before=now").await), (400, 50_035));
    let private = format!("/channels/{}/threads/archived/private", stage.demo.events);
    assert_eq!(code(&stage.http.get(&private).await), (403, 50_013));
}

#[tokio::test]
async fn a_locked_thread_is_for_those_who_manage_threads() {
    let stage = Stage::new().await;
    let thread = thread(&stage).await;
    let path = format!("/channels/{thread}");
    let lock = json!({"locked": true});
    assert_eq!(code(&stage.http.patch(&path, lock.clone()).await), (403, 50_013));
    grant(&stage, Permissions::BOT_CORE | Permissions::MANAGE_THREADS);
    assert_eq!(stage.http.patch(&path, lock).await.1["thread_metadata"]["locked"], true);
    assert_eq!(stage.bot_says(thread, json!({"content": "x"})).await.0, 200);
    grant(&stage, Permissions::BOT_CORE);
    assert_eq!(code(&stage.bot_says(thread, json!({"content": "x"})).await), (403, 160_005));
}

#[tokio::test]
async fn bots_hear_of_threads_that_they_see() {
    let stage = Stage::new().await;
    let mut gateway = stage.go_online(json!([])).await;
    let made = thread(&stage).await;
    assert_eq!(gateway.event("THREAD_CREATE").await["id"], made.to_string());
    let path = format!("/channels/{made}");
    stage.http.patch(&path, json!({"name": "Other"})).await;
    assert_eq!(gateway.event("THREAD_UPDATE").await["name"], "Other");
    grant(&stage, Permissions::BOT_CORE | Permissions::MANAGE_THREADS);
    assert_eq!(stage.http.delete(&path).await.0, 200);
    let gone = gateway.event("THREAD_DELETE").await;
    assert_eq!((&gone["id"], &gone["type"]), (&json!(made.to_string()), &json!(11)));
    assert_eq!(gone["name"], Value::Null, "no more than where it was");
    let listed = stage.sim.world(|world| {
        let all = world.channels_of(stage.demo.guild);
        all.iter().any(|channel| channel.kind == ChannelKind::PublicThread)
    });
    assert!(!listed, "threads are no channels of the guild's list");
}

#[tokio::test]
async fn channels_are_changed_by_those_who_manage_them() {
    let stage = Stage::new().await;
    let path = format!("/channels/{}", stage.demo.events);
    let change = json!({"name": "what-is-on", "topic": "Everything"});
    assert_eq!(code(&stage.http.patch(&path, change.clone()).await), (403, 50_013));
    grant(&stage, Permissions::BOT_CORE | Permissions::MANAGE_CHANNELS);
    let (status, changed) = stage.http.patch(&path, change).await;
    assert_eq!((status, &changed["name"]), (200, &json!("what-is-on")));
    assert_eq!(changed["topic"], "Everything");
    let wrong = stage.http.patch(&path, json!({"name": ""})).await;
    assert_eq!(code(&wrong), (400, 50_035));
    let thread = thread(&stage).await;
    assert_eq!(stage.http.delete(&path).await.0, 200);
    assert_eq!(code(&stage.http.get(&path).await), (404, 10_003));
    let gone = stage.http.get(&format!("/channels/{thread}")).await;
    assert_eq!(code(&gone), (404, 10_003), "its threads go with it");
}
