//! Native scheduled events: what each kind needs, who may, and how they begin and end.

use std::time::Duration;

use muster_sim::ids::ChannelId;
use muster_sim::world::{ChannelKind, NewChannel, OverwriteTarget, Permissions, ScheduledStatus};
use serde_json::{Value, json};

use crate::bot::Stage;

fn code(answer: &(u16, Value)) -> (u16, i64) {
    (answer.0, answer.1["code"].as_i64().unwrap_or(-1))
}

fn permit(stage: &Stage, more: Permissions) {
    let may = Permissions::BOT_CORE | more;
    stage.sim.world(|world| world.permit(stage.demo.app, stage.demo.guild, may));
}

fn path(stage: &Stage) -> String {
    format!("/guilds/{}/scheduled-events", stage.demo.guild)
}

/// An event somewhere else, from 19:00 to 21:00 on the stage's Friday.
fn walk() -> Value {
    json!({
        "name": "Walk", "privacy_level": 2, "entity_type": 3,
        "entity_metadata": {"location": "The old bridge"},
        "scheduled_start_time": "2027-03-12T19:00:00Z",
        "scheduled_end_time": "2027-03-12T21:00:00+00:00",
    })
}

/// The same with some fields as in `change`.
fn walk_but(change: Value) -> Value {
    let (Value::Object(mut walk), Value::Object(change)) = (walk(), change) else {
        panic!("both are objects");
    };
    walk.extend(change);
    Value::Object(walk)
}

async fn create(stage: &Stage, body: Value) -> (u16, Value) {
    stage.http.post(&path(stage), body).await
}

async fn stage_with(more: Permissions) -> Stage {
    let stage = Stage::new().await;
    permit(&stage, more);
    stage
}

#[tokio::test]
async fn an_event_is_made_read_changed_and_deleted() {
    let stage = stage_with(Permissions::CREATE_EVENTS).await;
    let (status, made) = create(&stage, walk_but(json!({"description": "Slowly"}))).await;
    assert_eq!(status, 200, "{made}");
    assert_eq!((&made["status"], &made["entity_type"]), (&json!(1), &json!(3)));
    assert_eq!(made["entity_metadata"]["location"], "The old bridge");
    assert_eq!((&made["channel_id"], &made["entity_id"]), (&Value::Null, &Value::Null));
    assert_eq!(made["creator_id"], stage.demo.app.to_string());
    let one = format!("{}/{}", path(&stage), made["id"].as_str().unwrap());
    let picture = json!({"name": "Long walk", "image": "data:image/png;base64,AA==",
        "description": null});
    let (status, changed) = stage.http.patch(&one, picture).await;
    assert_eq!((status, &changed["name"]), (200, &json!("Long walk")));
    assert_eq!((changed["image"].is_string(), &changed["description"]), (true, &Value::Null));
    let (_, list) = stage.http.get(&format!("{}?with_user_count=true", path(&stage))).await;
    assert_eq!((&list[0]["id"], &list[0]["user_count"]), (&made["id"], &json!(0)));
    assert_eq!(stage.http.get(&one).await.1["name"], "Long walk");
    assert_eq!(stage.http.delete(&one).await.0, 204);
    assert_eq!(code(&stage.http.get(&one).await), (404, 10_070));
    assert_eq!(stage.http.get(&path(&stage)).await.1, json!([]));
}

#[tokio::test]
async fn each_kind_needs_its_own_fields() {
    let stage = stage_with(Permissions::CREATE_EVENTS).await;
    for (change, at) in [
        (json!({"name": ""}), "/name"),
        (json!({"name": "x".repeat(101)}), "/name"),
        (json!({"description": "x".repeat(1_001)}), "/description"),
        (json!({"privacy_level": 1}), "/privacy_level"),
        (json!({"entity_type": 4}), "/entity_type"),
        (json!({"image": "picture.png"}), "/image"),
        (json!({"entity_metadata": null}), "/entity_metadata/location"),
        (json!({"entity_metadata": {"location": "x".repeat(101)}}), "/entity_metadata/location"),
        (json!({"scheduled_end_time": null}), "/scheduled_end_time"),
        (json!({"scheduled_end_time": "2027-03-12T18:30:00Z"}), "/scheduled_end_time"),
        (json!({"scheduled_start_time": "2027-03-12T17:00:00Z"}), "/scheduled_start_time"),
        (json!({"scheduled_start_time": "tomorrow"}), "/scheduled_start_time"),
        (json!({"channel_id": stage.demo.events.to_string()}), "/channel_id"),
        (json!({"entity_type": 2}), "/channel_id"),
    ] {
        let answer = create(&stage, walk_but(change.clone())).await;
        assert_eq!(code(&answer), (400, 50_035), "{change}: {}", answer.1);
        let tree = answer.1["errors"].pointer(&format!("{at}/_errors"));
        assert!(tree.is_some_and(Value::is_array), "{change}: {}", answer.1);
    }
    let empty = create(&stage, json!({})).await;
    assert_eq!(empty.1["errors"].as_object().unwrap().len(), 4, "{}", empty.1);
    let talk = json!({"entity_type": 2, "channel_id": stage.demo.events.to_string()});
    assert_eq!(code(&create(&stage, walk_but(talk)).await), (400, 50_024), "no voice channel");
}

#[tokio::test]
async fn rights_count_where_the_event_takes_place() {
    let stage = Stage::new().await;
    assert_eq!(code(&create(&stage, walk()).await), (403, 50_013));
    permit(&stage, Permissions::MANAGE_EVENTS);
    assert_eq!(code(&create(&stage, walk()).await), (403, 50_013), "to manage is not to make");
    permit(&stage, Permissions::CREATE_EVENTS);
    let voice = |name: &str, deny| {
        let everyone = OverwriteTarget::Role(stage.demo.guild.everyone());
        let new = NewChannel::text(name).kind(ChannelKind::Voice);
        let new = new.overwrite(everyone, Permissions::NONE, deny);
        stage.sim.world(|world| world.add_channel(stage.demo.guild, new))
    };
    let talk = |channel: ChannelId| {
        let place = json!({"entity_type": 2, "channel_id": channel.to_string(),
            "entity_metadata": null, "scheduled_end_time": null});
        create(&stage, walk_but(place))
    };
    let (status, made) = talk(voice("lounge", Permissions::NONE)).await;
    assert_eq!((status, &made["entity_metadata"]), (200, &Value::Null), "{made}");
    assert_eq!(code(&talk(voice("quiet", Permissions::CONNECT)).await), (403, 50_013));
    assert_eq!(code(&talk(voice("hidden", Permissions::VIEW_CHANNEL)).await), (403, 50_001));
    let podium = NewChannel::text("podium").kind(ChannelKind::Stage);
    let podium = stage.sim.world(|world| world.add_channel(stage.demo.guild, podium));
    let speech = walk_but(json!({"entity_type": 1, "channel_id": podium.to_string()}));
    assert_eq!(code(&create(&stage, speech.clone()).await), (403, 50_013));
    let moderates = Permissions::MANAGE_CHANNELS | Permissions::MUTE_MEMBERS;
    permit(&stage, Permissions::CREATE_EVENTS | moderates | Permissions::MOVE_MEMBERS);
    assert_eq!(create(&stage, speech).await.0, 200);
}

#[tokio::test]
async fn events_of_others_are_for_those_who_manage_events() {
    let stage = stage_with(Permissions::CREATE_EVENTS).await;
    let (_, made) = create(&stage, walk()).await;
    let one = format!("{}/{}", path(&stage), made["id"].as_str().unwrap());
    permit(&stage, Permissions::NONE);
    assert_eq!(code(&stage.http.delete(&one).await), (403, 50_013));
    permit(&stage, Permissions::CREATE_EVENTS);
    stage.sim.world(|world| {
        world.edit_guild(stage.demo.guild, |guild| {
            guild.scheduled.values_mut().for_each(|event| event.creator = stage.demo.owner);
        });
    });
    let renamed = json!({"name": "Mine"});
    assert_eq!(code(&stage.http.patch(&one, renamed.clone()).await), (403, 50_013));
    permit(&stage, Permissions::MANAGE_EVENTS);
    assert_eq!(stage.http.patch(&one, renamed).await.0, 200);
}

#[tokio::test]
async fn a_status_goes_forward_only() {
    let stage = stage_with(Permissions::CREATE_EVENTS).await;
    let lead = async |event: &Value, status: u8| {
        let one = format!("{}/{}", path(&stage), event["id"].as_str().unwrap());
        stage.http.patch(&one, json!({"status": status})).await
    };
    let (_, made) = create(&stage, walk()).await;
    assert_eq!(code(&lead(&made, 3).await), (400, 50_035), "it has not begun");
    assert_eq!(lead(&made, 2).await.1["status"], 2);
    assert_eq!(code(&lead(&made, 4).await), (400, 50_035), "it has begun");
    let one = format!("{}/{}", path(&stage), made["id"].as_str().unwrap());
    let kind = json!({"entity_type": 2, "channel_id": stage.demo.events.to_string()});
    assert_eq!(code(&stage.http.patch(&one, kind).await), (400, 50_091));
    assert_eq!(lead(&made, 3).await.1["status"], 3);
    assert_eq!(code(&lead(&made, 2).await), (400, 180_000));
    let (_, other) = create(&stage, walk()).await;
    assert_eq!(lead(&other, 4).await.1["status"], 4);
    assert_eq!(code(&lead(&other, 1).await), (400, 180_000));
}

#[tokio::test]
async fn events_elsewhere_begin_and_end_by_the_clock() {
    let stage = stage_with(Permissions::CREATE_EVENTS).await;
    let mut gateway = stage.go_online_for(1 << 16, json!([])).await;
    let (_, made) = create(&stage, walk()).await;
    assert_eq!(gateway.event("GUILD_SCHEDULED_EVENT_CREATE").await["id"], made["id"]);
    let hours = async |hours| {
        stage.sim.clock().advance(Duration::from_hours(hours)).await.unwrap();
        stage.sim.world(|_| ());
    };
    hours(2).await;
    assert_eq!(gateway.event("GUILD_SCHEDULED_EVENT_UPDATE").await["status"], 2);
    let weekly = json!({"start": "2027-03-12T19:00:00Z", "frequency": 2, "interval": 1,
        "by_weekday": [4]});
    let one = format!("{}/{}", path(&stage), made["id"].as_str().unwrap());
    let (status, told) = stage.http.patch(&one, json!({"recurrence_rule": weekly})).await;
    assert_eq!((status, &told["recurrence_rule"]["by_weekday"]), (200, &json!([4])), "{told}");
    hours(2).await;
    let (_, next) = stage.http.get(&one).await;
    assert_eq!(
        (&next["status"], &next["scheduled_start_time"]),
        (&json!(1), &json!("2027-03-19T19:00:00.000000+00:00")),
        "what repeats waits anew"
    );
    assert_eq!(stage.http.patch(&one, json!({"recurrence_rule": null})).await.0, 200);
    hours(24 * 8).await;
    assert_eq!(stage.http.get(&one).await.1["status"], 3);
    assert_eq!(stage.http.delete(&one).await.0, 204);
    assert_eq!(gateway.event("GUILD_SCHEDULED_EVENT_DELETE").await["id"], made["id"]);
}

#[tokio::test]
async fn an_event_in_a_channel_that_nobody_begins_is_called_off() {
    let stage = stage_with(Permissions::CREATE_EVENTS).await;
    let lounge = NewChannel::text("lounge").kind(ChannelKind::Voice);
    let lounge = stage.sim.world(|world| world.add_channel(stage.demo.guild, lounge));
    let talk = walk_but(json!({"entity_type": 2, "channel_id": lounge.to_string()}));
    let (_, made) = create(&stage, talk).await;
    stage.sim.clock().advance(Duration::from_hours(24)).await.unwrap();
    let status = stage.sim.world(|world| {
        let id = made["id"].as_str().unwrap().parse().unwrap();
        world.guild(stage.demo.guild).unwrap().scheduled[&id].status
    });
    assert_eq!(status, ScheduledStatus::Canceled);
}

#[tokio::test]
async fn only_people_themselves_are_interested() {
    let stage = stage_with(Permissions::CREATE_EVENTS).await;
    let mut gateway = stage.go_online_for(1 << 16, json!([])).await;
    let (_, made) = create(&stage, walk()).await;
    let id = made["id"].as_str().unwrap().parse().unwrap();
    let people = &stage.demo.members;
    for person in people {
        stage.sim.user(*person).mark_interest(stage.demo.guild, id, true).unwrap();
    }
    stage.sim.user(people[0]).mark_interest(stage.demo.guild, id, false).unwrap();
    let added = gateway.event("GUILD_SCHEDULED_EVENT_USER_ADD").await;
    assert_eq!(added["user_id"], people[0].to_string());
    let gone = gateway.event("GUILD_SCHEDULED_EVENT_USER_REMOVE").await;
    assert_eq!(gone["guild_scheduled_event_id"], made["id"]);
    let users = format!("{}/{id}/users", path(&stage));
    let read = async |query: &str| {
        let (status, list) = stage.http.get(&format!("{users}?{query}")).await;
        assert_eq!(status, 200, "{list}");
        let ids = list.as_array().unwrap().iter().map(|user| user["user_id"].clone());
        ids.collect::<Vec<_>>()
    };
    let rest: Vec<Value> = people[1..].iter().map(|id| json!(id.to_string())).collect();
    assert_eq!(read("").await, rest);
    assert_eq!(read("limit=2").await, rest[..2]);
    assert_eq!(read(&format!("after={}", people[2])).await, rest[2..]);
    assert_eq!(read(&format!("limit=1&after=1&before={}", people[3])).await, rest[1..2]);
    let (_, full) = stage.http.get(&format!("{users}?with_member=true&limit=1")).await;
    assert_eq!(full[0]["member"]["user"]["id"], rest[0]);
    assert_eq!(code(&stage.http.get(&format!("{users}?limit=101")).await), (400, 50_035));
    let one = format!("{}/{id}?with_user_count=true", path(&stage));
    assert_eq!(stage.http.get(&one).await.1["user_count"], rest.len());
}

#[tokio::test]
async fn rules_are_those_that_discord_takes() {
    let stage = stage_with(Permissions::CREATE_EVENTS).await;
    let rule = |more: Value| {
        let mut rule = json!({"start": "2027-03-12T19:00:00Z", "interval": 1});
        rule.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        create(&stage, walk_but(json!({"recurrence_rule": rule})))
    };
    for taken in [
        json!({"frequency": 3}),
        json!({"frequency": 3, "by_weekday": [6, 0]}),
        json!({"frequency": 2, "by_weekday": [4], "interval": 2}),
        json!({"frequency": 1, "by_n_weekday": [{"n": 5, "day": 4}]}),
        json!({"frequency": 0, "by_month": [3], "by_month_day": [12]}),
    ] {
        let (status, made) = rule(taken.clone()).await;
        assert_eq!(status, 200, "{taken}: {made}");
    }
    for refused in [
        json!({}),
        json!({"frequency": 3, "by_weekday": [1, 3]}),
        json!({"frequency": 2, "by_weekday": [1, 3]}),
        json!({"frequency": 2, "by_weekday": [1], "interval": 3}),
        json!({"frequency": 1, "by_month_day": [15]}),
        json!({"frequency": 0, "by_month": [3]}),
        json!({"frequency": 2, "by_weekday": [1], "count": 10}),
        json!({"frequency": 2, "by_weekday": [7]}),
    ] {
        assert_eq!(code(&rule(refused.clone()).await), (400, 50_035), "{refused}");
    }
}

#[tokio::test]
async fn a_guild_has_a_hundred_events_to_come_at_most() {
    let stage = stage_with(Permissions::CREATE_EVENTS).await;
    for _ in 0..100 {
        assert_eq!(create(&stage, walk()).await.0, 200);
    }
    assert_eq!(code(&create(&stage, walk()).await), (400, 30_038));
    stage.sim.clock().advance(Duration::from_hours(4)).await.unwrap();
    let later = json!({"scheduled_start_time": "2027-03-13T19:00:00Z",
        "scheduled_end_time": "2027-03-13T21:00:00Z"});
    assert_eq!(create(&stage, walk_but(later)).await.0, 200, "what is over does not count");
}
