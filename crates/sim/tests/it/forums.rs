//! Forums: posts are threads that begin with a message of their own.

use std::time::Duration;

use muster_sim::ScriptedAnswer;
use muster_sim::ids::{ChannelId, MessageId, UserId};
use muster_sim::world::{
    Accepted, ChannelKind, NewChannel, Overwrite, OverwriteTarget, Permissions, Way,
};
use serde_json::{Value, json};

use crate::bot::Stage;

fn code(answer: &(u16, Value)) -> (u16, i64) {
    (answer.0, answer.1["code"].as_i64().unwrap_or(-1))
}

fn id_of(object: &Value) -> ChannelId {
    object["id"].as_str().unwrap().parse().unwrap()
}

/// A forum for everyone in the demo's guild.
fn forum(stage: &Stage, new: NewChannel) -> ChannelId {
    stage.sim.world(|world| world.add_channel(stage.demo.guild, new))
}

fn raids(stage: &Stage) -> ChannelId {
    forum(stage, NewChannel::forum("raid-posts", &["Raid", "Social"]))
}

async fn post(stage: &Stage, forum: ChannelId, body: Value) -> (u16, Value) {
    stage.http.post(&format!("/channels/{forum}/threads"), body).await
}

fn simple() -> Value {
    json!({"name": "Raid on Friday", "message": {"content": "Who comes?"}})
}

#[tokio::test]
async fn a_post_is_a_thread_that_begins_with_a_message_of_its_own() {
    let stage = Stage::new().await;
    let forum = raids(&stage);
    let mut gateway = stage.go_online(json!([])).await;
    let (status, made) = post(&stage, forum, simple()).await;
    assert_eq!((status, &made["type"]), (201, &json!(11)), "{made}");
    assert_eq!(made["parent_id"], forum.to_string());
    assert_eq!(made["message"]["id"], made["id"], "the first message has the id of the post");
    assert_eq!(made["message"]["channel_id"], made["id"]);
    assert_eq!(made["message_count"], 0, "what it begins with does not count");
    let told = gateway.event("THREAD_CREATE").await;
    assert_eq!((&told["id"], &told["newly_created"]), (&made["id"], &json!(true)));
    let thread = id_of(&made);
    let (_, answer) = stage.bot_says(thread, json!({"content": "More"})).await;
    assert_eq!(answer["content"], "More");
    stage.member().say(thread, "I do").unwrap();
    let (_, read) = stage.http.get(&format!("/channels/{thread}")).await;
    assert_eq!((&read["message_count"], &read["total_message_sent"]), (&json!(2), &json!(2)));
    let first = format!("/channels/{thread}/messages/{thread}");
    let (status, edited) = stage.http.patch(&first, json!({"content": "Who else?"})).await;
    assert_eq!((status, &edited["content"]), (200, &json!("Who else?")));
    let (_, list) = stage.http.get(&format!("/channels/{thread}/messages")).await;
    assert_eq!(list.as_array().unwrap().len(), 3);
    let (_, channel) = stage.http.get(&format!("/channels/{forum}")).await;
    assert_eq!((&channel["type"], &channel["last_message_id"]), (&json!(15), &made["id"]));
    assert_eq!(channel["available_tags"][1]["name"], "Social");
}

#[tokio::test]
async fn posts_are_written_down_like_messages() {
    let stage = Stage::new().await;
    let forum = raids(&stage);
    let member = stage.demo.members[0];
    let mut body = simple();
    body["message"] =
        json!({"content": format!("<@{member}>"), "nonce": "n", "enforce_nonce": true});
    let (_, first) = post(&stage, forum, body.clone()).await;
    let (_, second) = post(&stage, forum, body).await;
    assert_ne!(first["id"], second["id"], "a post has no nonce");
    assert_eq!(first["message"]["nonce"], Value::Null);
    let all: Vec<_> =
        stage.sim.world(|world| world.accepted().map(|entry| entry.what.clone()).collect());
    let [Accepted::Created { message, channel, way, nonce, pings, .. }, _] = &all[..] else {
        panic!("{all:?}");
    };
    assert_eq!((*message, *channel), (MessageId::new(channel.get()), id_of(&first)));
    assert_eq!((*way, nonce.as_deref()), (Way::Bot, None));
    assert!(pings.users.contains(&member));
}

#[tokio::test]
async fn a_post_is_held_to_the_rules_of_messages() {
    let stage = Stage::new().await;
    let forum = raids(&stage);
    let refused = async |body: Value| {
        let answer = post(&stage, forum, body).await;
        assert_eq!(code(&answer), (400, 50_035), "{}", answer.1);
        answer.1["errors"].clone()
    };
    let none = refused(json!({"name": "x"})).await;
    assert!(none["message"]["_errors"].is_array());
    let long = refused(json!({"name": "x", "message": {"content": "x".repeat(2_001)}})).await;
    assert!(long["message"]["content"]["_errors"].is_array(), "{long}");
    let name = refused(json!({"name": "x".repeat(101), "message": {"content": "x"}})).await;
    assert!(name["name"]["_errors"].is_array());
    let tags = json!(["1", "2", "3", "4", "5", "6"]);
    let many =
        refused(json!({"name": "x", "applied_tags": tags, "message": {"content": "x"}})).await;
    assert!(many["applied_tags"]["_errors"].is_array());
    let empty = post(&stage, forum, json!({"name": "x", "message": {}})).await;
    assert_eq!(code(&empty), (400, 50_006));
    let made = stage.sim.world(|world| world.posts_of(forum).count());
    assert_eq!(made, 0, "nothing is left of what was refused");
}

#[tokio::test]
async fn a_post_whose_answer_was_lost_is_there_and_is_made_twice_by_asking_again() {
    let stage = Stage::new().await;
    let forum = raids(&stage);
    let lost = ScriptedAnswer::status(502, json!("<h1>Bad gateway</h1>")).after_effect();
    stage.sim.faults().answer_next(1, "POST", "/channels/{id}/threads", lost);
    assert_eq!(post(&stage, forum, simple()).await.0, 502);
    let (_, active) = stage.http.get(&format!("/guilds/{}/threads/active", stage.demo.guild)).await;
    let found = &active["threads"][0];
    assert_eq!(
        (&found["parent_id"], &found["name"]),
        (&json!(forum.to_string()), &json!("Raid on Friday"))
    );
    let first = id_of(found);
    let (_, read) = stage.http.get(&format!("/channels/{first}/messages/{first}")).await;
    assert_eq!(read["content"], "Who comes?", "whoever looks finds it");
    assert_eq!(post(&stage, forum, simple()).await.0, 201);
    assert_eq!(stage.sim.world(|world| world.posts_of(forum).count()), 2);
}

#[tokio::test]
async fn a_post_carries_files() {
    let stage = Stage::new().await;
    let path = format!("/channels/{}/threads", raids(&stage));
    let post =
        json!({"name": "x", "message": {"attachments": [{"id": 0, "description": "A map"}]}});
    let file: (&str, &str, &[u8]) = ("map.txt", "text/plain", b"over the bridge");
    let (status, made) = stage.http.with_files("POST", &path, &post, &[file]).await;
    assert_eq!(status, 201, "{made}");
    let sent = &made["message"]["attachments"][0];
    assert_eq!((&sent["filename"], &sent["description"]), (&json!("map.txt"), &json!("A map")));
}

#[tokio::test]
async fn a_forum_takes_posts_and_no_messages() {
    let stage = Stage::new().await;
    let forum = raids(&stage);
    assert_eq!(code(&stage.bot_says(forum, json!({"content": "x"})).await), (400, 40_058));
    assert!(stage.member().say(forum, "x").is_err());
    let media = NewChannel::forum("pictures", &[]).kind(ChannelKind::Media);
    let media = self::forum(&stage, media);
    assert_eq!(code(&stage.bot_says(media, json!({"content": "x"})).await), (400, 40_058));
    assert_eq!(post(&stage, media, simple()).await.0, 201);
}

#[tokio::test]
async fn a_post_needs_the_right_to_write_and_its_tags() {
    let stage = Stage::new().await;
    let new = NewChannel::forum("strict", &["Raid"]).requiring_tag();
    let forum = forum(&stage, new);
    let (_, channel) = stage.http.get(&format!("/channels/{forum}")).await;
    assert_eq!(channel["flags"], 16);
    assert_eq!(code(&post(&stage, forum, simple()).await), (400, 40_067));
    let mut tagged = simple();
    tagged["applied_tags"] = json!(["1"]);
    assert_eq!(code(&post(&stage, forum, tagged.clone()).await), (404, 10_087));
    tagged["applied_tags"] = json!([channel["available_tags"][0]["id"]]);
    let (status, made) = post(&stage, forum, tagged.clone()).await;
    assert_eq!((status, &made["applied_tags"]), (201, &tagged["applied_tags"]));
    let deny = |deny| {
        let target = OverwriteTarget::Member(UserId::new(stage.demo.app.get()));
        stage.sim.world(|world| {
            world.edit_channel(forum, |channel| {
                channel.overwrites = vec![Overwrite { target, allow: Permissions::NONE, deny }];
            });
        });
    };
    deny(Permissions::CREATE_PUBLIC_THREADS);
    assert_eq!(post(&stage, forum, tagged.clone()).await.0, 201, "that right plays no part");
    deny(Permissions::SEND_MESSAGES);
    assert_eq!(code(&post(&stage, forum, tagged.clone()).await), (403, 50_013));
    deny(Permissions::VIEW_CHANNEL);
    assert_eq!(code(&post(&stage, forum, tagged).await), (403, 50_001));
}

#[tokio::test]
async fn a_forum_says_when_its_posts_are_archived() {
    let stage = Stage::new().await;
    let forum = raids(&stage);
    stage.sim.world(|world| {
        world.edit_channel(forum, |channel| channel.thread_archive_mins = Some(60));
    });
    let (_, made) = post(&stage, forum, simple()).await;
    assert_eq!(made["thread_metadata"]["auto_archive_duration"], 60);
    let mut longer = simple();
    longer["auto_archive_duration"] = json!(1_440);
    let (_, longer) = post(&stage, forum, longer).await;
    stage.sim.clock().advance(Duration::from_hours(2)).await.unwrap();
    let archived = async |post: &Value| {
        let path = format!("/channels/{}", id_of(post));
        stage.http.get(&path).await.1["thread_metadata"]["archived"].clone()
    };
    assert_eq!((archived(&made).await, archived(&longer).await), (json!(true), json!(false)));
    stage.bot_says(id_of(&made), json!({"content": "Still here"})).await;
    assert_eq!(archived(&made).await, false, "writing wakes it");
}

#[tokio::test]
async fn a_post_stays_when_its_first_message_goes_and_goes_with_its_thread() {
    let stage = Stage::new().await;
    let forum = raids(&stage);
    let (_, made) = post(&stage, forum, simple()).await;
    let thread = id_of(&made);
    let first = format!("/channels/{thread}/messages/{thread}");
    assert_eq!(stage.http.delete(&first).await.0, 204);
    assert_eq!(stage.http.get(&format!("/channels/{thread}")).await.0, 200);
    assert_eq!(code(&stage.http.get(&first).await), (404, 10_008));
    let may = Permissions::BOT_CORE | Permissions::MANAGE_THREADS;
    stage.sim.world(|world| world.permit(stage.demo.app, stage.demo.guild, may));
    let pinned = json!({"flags": 2, "name": "Above all"});
    let (_, pinned) = stage.http.patch(&format!("/channels/{thread}"), pinned).await;
    assert_eq!((&pinned["flags"], &pinned["name"]), (&json!(2), &json!("Above all")));
    assert_eq!(stage.http.delete(&format!("/channels/{thread}")).await.0, 200);
    assert_eq!(code(&stage.http.get(&format!("/channels/{thread}")).await), (404, 10_003));
    let last = stage.sim.world(|world| world.accepted().next_back().map(|last| last.what.clone()));
    assert_eq!(last, Some(Accepted::Emptied { channel: thread }));
}
