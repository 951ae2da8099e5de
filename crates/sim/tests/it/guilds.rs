//! Guilds as a bot reads them: audit log, system channel, members, roles, and what it is not in.

use muster_sim::ids::UserId;
use muster_sim::world::Permissions;
use serde_json::{Value, json};

use crate::bot::Stage;

fn code(answer: &(u16, Value)) -> (u16, i64) {
    (answer.0, answer.1["code"].as_i64().unwrap_or(-1))
}

#[tokio::test]
async fn the_audit_log_tells_who_added_the_bot() {
    let stage = Stage::new().await;
    let (app, helper) = (stage.demo.app, stage.demo.members[1]);
    let (open, shut) = stage.sim.world(|world| {
        let open = world.add_guild("Open", stage.demo.owner);
        world.join(open, helper, &[]);
        let may = Permissions::BOT_CORE | Permissions::VIEW_AUDIT_LOG;
        world.install_by(helper, app, open, may);
        (open, stage.demo.guild)
    });
    let path = format!("/guilds/{open}/audit-logs?action_type=28&limit=10");
    let (status, log) = stage.http.get(&path).await;
    assert_eq!(status, 200, "{log}");
    let entry = &log["audit_log_entries"][0];
    assert_eq!(entry["user_id"], helper.to_string());
    assert_eq!((&entry["target_id"], &entry["action_type"]), (&json!(app.to_string()), &json!(28)));
    assert_eq!(log["users"].as_array().unwrap().len(), 2, "both are told in full");
    let other = format!("/guilds/{open}/audit-logs?action_type=1");
    assert_eq!(stage.http.get(&other).await.1["audit_log_entries"], json!([]));
    let refused = stage.http.get(&format!("/guilds/{shut}/audit-logs")).await;
    assert_eq!(code(&refused), (403, 50_013));
    let wrong = stage.http.get(&format!("/guilds/{open}/audit-logs?limit=101")).await;
    assert_eq!(code(&wrong), (400, 50_035));
}

#[tokio::test]
async fn a_guild_has_a_system_channel_if_somebody_chose_one() {
    let stage = Stage::new().await;
    let path = format!("/guilds/{}", stage.demo.guild);
    assert_eq!(stage.http.get(&path).await.1["system_channel_id"], Value::Null);
    let general = stage.demo.general;
    stage.sim.world(|world| {
        world.edit_guild(stage.demo.guild, |guild| guild.system_channel = Some(general));
    });
    assert_eq!(stage.http.get(&path).await.1["system_channel_id"], general.to_string());
}

#[tokio::test]
async fn a_guild_without_the_bot_is_not_an_unknown_one() {
    let stage = Stage::new().await;
    let bot = UserId::new(stage.demo.app.get());
    stage.sim.world(|world| world.kick(stage.demo.guild, bot));
    for rest in ["", "/channels", "/roles", "/threads/active", "/members/1"] {
        let gone = stage.http.get(&format!("/guilds/{}{rest}", stage.demo.guild)).await;
        assert_eq!(code(&gone), (403, 50_001), "{rest}");
        assert_eq!(code(&stage.http.get(&format!("/guilds/1{rest}")).await), (404, 10_004));
    }
    let channel = stage.http.get(&format!("/channels/{}", stage.demo.events)).await;
    assert_eq!(code(&channel), (403, 50_001));
}

#[tokio::test]
async fn members_are_listed_page_by_page_and_searched_by_name() {
    let stage = Stage::new().await;
    let app = stage.demo.app;
    let path = format!("/guilds/{}/members", stage.demo.guild);
    stage.sim.world(|world| world.edit_application(app, |app| app.privileged = 0));
    assert_eq!(code(&stage.http.get(&path).await), (403, 50_001), "the portal has not allowed it");
    stage.sim.world(|world| world.edit_application(app, |app| app.privileged = 1 << 1));
    let mut after = "0".to_owned();
    let mut seen = Vec::new();
    loop {
        let (_, page) = stage.http.get(&format!("{path}?limit=3&after={after}")).await;
        let page = page.as_array().unwrap().clone();
        assert!(page.len() <= 3);
        let Some(last) = page.last() else { break };
        after = last["user"]["id"].as_str().unwrap().to_owned();
        seen.extend(page.iter().map(|member| member["user"]["id"].clone()));
    }
    assert_eq!(seen.len(), 8, "everybody once");
    assert_eq!(code(&stage.http.get(&format!("{path}?limit=0")).await), (400, 50_035));
    let (_, found) = stage.http.get(&format!("{path}/search?query=ZOF&limit=5")).await;
    assert_eq!(found.as_array().unwrap().len(), 1);
    assert_eq!(found[0]["user"]["username"], "zofia.w");
}

#[tokio::test]
async fn users_and_roles_are_read_one_by_one() {
    let stage = Stage::new().await;
    let member = stage.demo.members[0];
    let (_, user) = stage.http.get(&format!("/users/{member}")).await;
    assert_eq!(user["username"], "zofia.w");
    assert_eq!(code(&stage.http.get("/users/1").await), (404, 10_013));
    let role = stage.demo.organisers;
    let (_, found) = stage.http.get(&format!("/guilds/{}/roles/{role}", stage.demo.guild)).await;
    assert_eq!(found["name"], "Organisers");
    let unknown = stage.http.get(&format!("/guilds/{}/roles/1", stage.demo.guild)).await;
    assert_eq!(code(&unknown), (404, 10_011));
}

#[tokio::test]
async fn a_path_that_names_no_id_is_a_wrong_form() {
    let stage = Stage::new().await;
    for path in ["/channels/general", "/guilds/mine", "/channels/1/messages?before=now"] {
        assert_eq!(code(&stage.http.get(path).await), (400, 50_035), "{path}");
    }
}
