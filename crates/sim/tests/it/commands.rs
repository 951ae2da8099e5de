//! Registering commands, and who finds them where.

use muster_sim::UserError;
use muster_sim::world::Permissions;
use serde_json::json;

use crate::bot::Stage;

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
