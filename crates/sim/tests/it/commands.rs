//! Registering commands, and who finds them where.

use std::time::Duration;

use muster_sim::world::Permissions;
use muster_sim::{Limits, SimClock, SimConfig, UserError};
use serde_json::{Value, json};

use crate::bot::{Stage, friday};

#[tokio::test]
async fn a_bulk_overwrite_is_exactly_the_list() {
    let stage = Stage::new().await;
    let path = format!("/applications/{}/commands", stage.demo.app);
    let one = json!({"name": "one", "description": "d"});
    let two = json!({"name": "two", "description": "d"});
    let (status, list) = stage.http.put(&path, json!([one, two])).await;
    assert_eq!(status, 200);
    let id = list[1]["id"].clone();
    let (_, list) = stage.http.put(&path, json!([two])).await;
    assert_eq!(list.as_array().unwrap().len(), 1);
    assert_eq!(list[0]["id"], id, "a known name keeps its id");
    assert_eq!(stage.http.get(&path).await.1, list);

    let (status, answer) = stage.http.put(&path, json!([one, one])).await;
    assert_eq!((status, &answer["code"]), (400, &json!(50_035)));
    assert_eq!(stage.http.get(&path).await.1, list, "a refused list changes nothing");
    let many: Vec<_> =
        (0..101).map(|n| json!({"name": format!("c{n}"), "description": "d"})).collect();
    assert_eq!(stage.http.put(&path, json!(many)).await.1["code"], 30_032);
}

#[tokio::test]
async fn single_commands_are_added_changed_and_removed() {
    let stage = Stage::new().await;
    let (app, guild) = (stage.demo.app, stage.demo.guild);
    let path = format!("/applications/{app}/guilds/{guild}/commands");
    let (status, made) = stage.http.post(&path, json!({"name": "a", "description": "d"})).await;
    assert_eq!((status, &made["guild_id"]), (201, &json!(guild.to_string())));
    let (status, again) = stage.http.post(&path, json!({"name": "a", "description": "e"})).await;
    assert_eq!((status, &again["id"]), (200, &made["id"]));
    let one = format!("{path}/{}", made["id"].as_str().unwrap());
    let (_, changed) = stage.http.patch(&one, json!({"description": "f"})).await;
    assert_eq!(changed["description"], "f");
    assert_eq!(stage.http.delete(&one).await.0, 204);
    assert_eq!(stage.http.get(&one).await.1["code"], 10_063);
}

#[tokio::test]
async fn people_find_the_commands_that_they_may_use() {
    let stage = Stage::new().await;
    let events = Permissions::MANAGE_EVENTS.to_string();
    let _gateway = stage
        .go_online(json!([
            {"name": "all", "description": "d", "contexts": [0]},
            {"name": "organisers", "description": "d", "default_member_permissions": events},
            {"name": "admins", "description": "d", "default_member_permissions": "0"},
        ]))
        .await;
    let (owner, member) = (stage.owner(), stage.member());
    let organiser = stage.sim.user(stage.demo.organiser);
    let channel = stage.demo.general;
    assert_eq!(owner.commands(channel), ["all", "organisers", "admins"]);
    assert_eq!(organiser.commands(channel), ["all", "organisers"]);
    assert_eq!(member.commands(channel), ["all"]);
    assert!(member.commands(stage.demo.organisers_only).is_empty(), "unseen channels have none");
    let refused = member.command(channel, "organisers", json!({})).await;
    assert!(matches!(refused, Err(UserError::NotFound(_))), "it is not listed");

    let dm = json!({"recipient_id": stage.demo.members[0].to_string()});
    let (_, dm) = stage.http.post("/users/@me/channels", dm).await;
    let dm = dm["id"].as_str().unwrap().parse().unwrap();
    assert_eq!(member.commands(dm), ["organisers", "admins"], "rights are for guilds");
}

#[tokio::test]
async fn a_day_takes_so_many_new_commands_and_no_more() {
    let stage = Stage::with(SimConfig {
        clock: SimClock::standing(friday()).with_settle(Duration::from_millis(5)),
        limits: Limits { command_creates_daily: 3, ..Limits::off() },
        ..SimConfig::default()
    })
    .await;
    let path = format!("/applications/{}/commands", stage.demo.app);
    let list = |names: &[&str]| -> Value {
        names.iter().map(|name| json!({"name": name, "description": "d"})).collect()
    };
    assert_eq!(stage.http.put(&path, list(&["a", "b"])).await.0, 200);
    assert_eq!(stage.http.put(&path, list(&["a", "b"])).await.0, 200, "they are known");
    assert_eq!(stage.http.put(&path, list(&["a", "c"])).await.0, 200);
    let (status, answer) = stage.http.put(&path, list(&["a", "c", "d"])).await;
    assert_eq!((status, &answer["code"]), (400, &json!(30_034)));
    assert_eq!(stage.http.get(&path).await.1.as_array().unwrap().len(), 2, "nothing changed");
    let of_guild = format!("/applications/{}/guilds/{}/commands", stage.demo.app, stage.demo.guild);
    assert_eq!(stage.http.put(&of_guild, list(&["d"])).await.0, 200, "guilds count apart");
    stage.sim.clock().advance(Duration::from_hours(25)).await.unwrap();
    assert_eq!(stage.http.put(&path, list(&["a", "c", "d"])).await.0, 200);
}

#[tokio::test]
async fn what_a_command_may_be_depends_on_its_kind_and_scope() {
    let stage = Stage::new().await;
    let (app, guild) = (stage.demo.app, stage.demo.guild);
    let global = format!("/applications/{app}/commands");
    let of_guild = format!("/applications/{app}/guilds/{guild}/commands");
    let with = |extra: Value| {
        let mut command = json!({"name": "a", "description": "d"});
        for (key, value) in extra.as_object().unwrap() {
            command[key] = value.clone();
        }
        command
    };
    let option = |extra: Value| {
        let mut option = with(extra);
        option["name"] = json!("o");
        with(json!({"options": [option]}))
    };
    for (path, command, wrong) in [
        (&global, with(json!({"contexts": [3]})), "/contexts/0"),
        (&global, with(json!({"contexts": [0, 0]})), "/contexts/1"),
        (&global, with(json!({"integration_types": []})), "/integration_types"),
        (&of_guild, with(json!({"type": 4})), "/type"),
        (&global, option(json!({"type": 4, "min_value": "1"})), "/options/0/min_value"),
        (
            &global,
            option(json!({"type": 4, "min_value": 2, "max_value": 1})),
            "/options/0/max_value",
        ),
        (
            &global,
            option(json!({"type": 3, "min_length": 2, "max_length": 1})),
            "/options/0/max_length",
        ),
        (
            &global,
            option(json!({"type": 7, "channel_types": [0, 99]})),
            "/options/0/channel_types/1",
        ),
        (&global, json!({"type": 2, "name": "Who", "options": [{}]}), "/options"),
    ] {
        let (status, answer) = stage.http.post(path, command).await;
        assert_eq!((status, &answer["code"]), (400, &json!(50_035)), "{wrong}");
        let found = answer["errors"].pointer(&format!("{wrong}/_errors"));
        assert!(found.is_some(), "{wrong}: {answer}");
    }
    let many: Vec<_> = (0..16).map(|n| json!({"type": 2, "name": format!("U {n}")})).collect();
    assert_eq!(stage.http.put(&global, json!(many)).await.1["code"], 30_032);
    assert_eq!(stage.http.put(&global, json!(many[..15])).await.0, 200);
}
