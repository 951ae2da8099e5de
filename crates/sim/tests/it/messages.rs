//! Messages of the bot itself: rights, history, nonces, direct conversations, files.

use std::time::Duration;

use bytes::Bytes;
use http_body_util::Full;
use hyper::Request;
use muster_sim::ids::UserId;
use muster_sim::world::Permissions;
use serde_json::{Value, json};

use crate::bot::{Gateway, Stage};

fn code(answer: &(u16, Value)) -> (u16, i64) {
    (answer.0, answer.1["code"].as_i64().unwrap_or(-1))
}

#[tokio::test]
async fn a_message_lives_and_ends() {
    let stage = Stage::new().await;
    let (status, sent) = stage.bot_says(stage.demo.events, json!({"content": " Hello "})).await;
    assert_eq!(status, 200);
    assert_eq!(sent["content"], "Hello", "white space around is cut");
    assert_eq!(sent["author"]["id"], stage.demo.app.to_string());
    assert_eq!(sent["timestamp"], "2027-03-12T18:00:00.000000+00:00");
    let path = format!("/channels/{}/messages/{}", stage.demo.events, sent["id"].as_str().unwrap());
    let embeds = json!({"content": null, "embeds": [{"title": "Raid"}]});
    let (_, edited) = stage.http.patch(&path, embeds).await;
    assert_eq!(edited["content"], "");
    assert_eq!(edited["embeds"][0]["type"], "rich");
    assert_eq!(code(&stage.http.patch(&path, json!({"embeds": []})).await), (400, 50_006));
    assert_eq!(stage.http.delete(&path).await.0, 204);
    assert_eq!(code(&stage.http.get(&path).await), (404, 10_008));
}

#[tokio::test]
async fn rights_decide_what_a_bot_may_do() {
    let stage = Stage::new().await;
    let text = || json!({"content": "Hi"});
    assert_eq!(code(&stage.bot_says(stage.demo.announcements, text()).await), (403, 50_013));
    let nowhere = muster_sim::ids::ChannelId::new(1);
    assert_eq!(code(&stage.bot_says(nowhere, text()).await), (404, 10_003));

    let said = stage.owner().say(stage.demo.general, "By a person").unwrap();
    let path = format!("/channels/{}/messages/{said}", stage.demo.general);
    assert_eq!(code(&stage.http.patch(&path, text()).await), (403, 50_005));
    assert_eq!(code(&stage.http.delete(&path).await), (403, 50_013));

    let bot_role = |world: &muster_sim::World| {
        let guild = world.guild(stage.demo.guild).unwrap();
        guild.roles.values().find(|role| role.bot.is_some()).unwrap().id
    };
    let everyone = stage.demo.guild.everyone();
    let set = |permissions: Permissions| {
        stage.sim.world(|world| {
            let role = bot_role(world);
            for role in [role, everyone] {
                world.edit_role(stage.demo.guild, role, |role| role.permissions = permissions);
            }
        });
    };
    set(Permissions::VIEW_CHANNEL | Permissions::SEND_MESSAGES);
    let embed = json!({"embeds": [{"title": "Raid"}]});
    assert_eq!(code(&stage.bot_says(stage.demo.events, embed).await), (403, 50_013));
    let (status, list) =
        stage.http.get(&format!("/channels/{}/messages", stage.demo.general)).await;
    assert_eq!((status, list), (200, json!([])), "no history is an empty one");
    set(Permissions::NONE);
    assert_eq!(code(&stage.bot_says(stage.demo.events, text()).await), (403, 50_001));
    assert_eq!(code(&stage.http.get(&path).await), (403, 50_001));
}

#[tokio::test]
async fn history_is_read_page_by_page() {
    let stage = Stage::new().await;
    let ids: Vec<_> =
        (1..=5).map(|n| stage.owner().say(stage.demo.events, &n.to_string()).unwrap()).collect();
    for (query, expected) in [
        (String::new(), vec!["5", "4", "3", "2", "1"]),
        ("?limit=2".to_owned(), vec!["5", "4"]),
        (format!("?limit=2&before={}", ids[2]), vec!["2", "1"]),
        (format!("?limit=2&after={}", ids[2]), vec!["5", "4"]),
        (format!("?limit=1&after={}", ids[2]), vec!["4"]),
        (format!("?limit=3&around={}", ids[2]), vec!["4", "3", "2"]),
    ] {
        let path = format!("/channels/{}/messages{query}", stage.demo.events);
        let (_, list) = stage.http.get(&path).await;
        let contents: Vec<_> =
            list.as_array().unwrap().iter().map(|m| m["content"].as_str().unwrap()).collect();
        assert_eq!(contents, expected, "{query}");
    }
    let path = format!("/channels/{}/messages?limit=101", stage.demo.events);
    assert_eq!(code(&stage.http.get(&path).await), (400, 50_035));
}

#[tokio::test]
async fn an_enforced_nonce_makes_one_message_for_some_minutes() {
    let stage = Stage::new().await;
    let channel = stage.demo.events;
    let once = json!({"content": "Reminder", "nonce": "n-1", "enforce_nonce": true});
    let (_, first) = stage.bot_says(channel, once.clone()).await;
    let (status, again) = stage.bot_says(channel, once.clone()).await;
    assert_eq!((status, &again["id"]), (200, &first["id"]));
    let (_, loose) = stage.bot_says(channel, json!({"content": "x", "nonce": "n-1"})).await;
    assert_ne!(loose["id"], first["id"], "without enforcing it is only a mark");

    stage.sim.clock().advance(Duration::from_secs(5 * 60 + 1)).await.unwrap();
    let (_, late) = stage.bot_says(channel, once.clone()).await;
    assert_ne!(late["id"], first["id"], "the window is over");
    let path = format!("/channels/{channel}/messages/{}", late["id"].as_str().unwrap());
    stage.http.delete(&path).await;
    assert_eq!(code(&stage.bot_says(channel, once).await), (404, 10_008), "it was sent once");
}

#[tokio::test]
async fn mentions_ping_only_whom_the_bot_allows_and_may() {
    let stage = Stage::new().await;
    let (member, organisers) = (stage.demo.members[0], stage.demo.organisers);
    let text = format!("<@{member}> <@&{organisers}> @everyone");
    for (allowed, users, roles) in [
        (Value::Null, 1, 1),
        (json!({"parse": []}), 0, 0),
        (json!({"parse": ["users"]}), 1, 0),
        (json!({"roles": [organisers.to_string()]}), 0, 1),
    ] {
        let body = json!({"content": text, "allowed_mentions": allowed});
        let (_, sent) = stage.bot_says(stage.demo.events, body).await;
        assert_eq!(sent["mentions"].as_array().unwrap().len(), users, "{allowed}");
        assert_eq!(sent["mention_roles"].as_array().unwrap().len(), roles, "{allowed}");
        assert_eq!(sent["mention_everyone"], false, "the bot may not");
    }
}

#[tokio::test]
async fn a_direct_conversation_is_found_again_and_can_be_closed() {
    let stage = Stage::new().await;
    let member = stage.demo.members[0];
    let open = json!({"recipient_id": member.to_string()});
    let (status, dm) = stage.http.post("/users/@me/channels", open.clone()).await;
    assert_eq!(status, 200);
    assert_eq!(dm["recipients"][0]["id"], member.to_string());
    assert_eq!(stage.http.post("/users/@me/channels", open).await.1["id"], dm["id"]);
    let channel = dm["id"].as_str().unwrap().parse().unwrap();
    assert_eq!(stage.bot_says(channel, json!({"content": "Hi"})).await.0, 200);
    assert_eq!(stage.member().messages(channel).len(), 1);
    assert_eq!(stage.owner().messages(channel).len(), 0);

    stage.sim.world(|world| world.edit_user(member, |person| person.dms_open = false));
    assert_eq!(code(&stage.bot_says(channel, json!({"content": "Hi"})).await), (403, 50_007));
    let stranger: UserId = stage.sim.world(|world| world.add_user("stranger"));
    let open = json!({"recipient_id": stranger.to_string()});
    let (_, dm) = stage.http.post("/users/@me/channels", open).await;
    let channel = dm["id"].as_str().unwrap().parse().unwrap();
    assert_eq!(code(&stage.bot_says(channel, json!({"content": "Hi"})).await), (403, 50_278));
}

#[tokio::test]
async fn other_peoples_words_are_blank_without_the_content_intent() {
    let stage = Stage::new().await;
    let mut gateway = Gateway::dial(&stage.sim, "").await;
    gateway.identify(1 | 512).await;
    gateway.event("READY").await;
    let bot = stage.demo.app;
    stage.owner().say(stage.demo.general, "Secret").unwrap();
    let heard = gateway.event("MESSAGE_CREATE").await;
    assert_eq!(heard["content"], "");
    assert_eq!(heard["member"]["nick"], Value::Null);
    stage.owner().say(stage.demo.general, &format!("<@{bot}> hello")).unwrap();
    assert_eq!(gateway.event("MESSAGE_CREATE").await["content"], format!("<@{bot}> hello"));
    stage.bot_says(stage.demo.general, json!({"content": "Own"})).await;
    assert_eq!(gateway.event("MESSAGE_CREATE").await["content"], "Own");
}

#[tokio::test]
async fn a_file_comes_with_a_message_and_can_be_fetched() {
    let stage = Stage::new().await;
    let body = "--B\r\nContent-Disposition: form-data; name=\"payload_json\"\r\n\
                Content-Type: application/json\r\n\r\n\
                {\"content\":\"Export\",\"attachments\":[{\"id\":0,\"description\":\"Who came\"}]}\
                \r\n--B\r\n\
                Content-Disposition: form-data; name=\"files[0]\"; filename=\"who.csv\"\r\n\
                Content-Type: text/csv\r\n\r\nname\r\nAda\r\n--B--\r\n";
    let uri = format!("{}/api/v10/channels/{}/messages", stage.sim.url(), stage.demo.events);
    let request = Request::post(uri)
        .header("authorization", format!("Bot {}", stage.http.token))
        .header("content-type", "multipart/form-data; boundary=B")
        .body(Full::new(Bytes::from(body)))
        .unwrap();
    let (status, sent) = stage.http.send(request).await;
    assert_eq!(status, 200, "{sent}");
    let file = &sent["attachments"][0];
    assert_eq!(file["filename"], "who.csv");
    assert_eq!(file["description"], "Who came");
    assert_eq!(file["size"], 9);
    let fetch = Request::get(file["url"].as_str().unwrap()).body(Full::default()).unwrap();
    let (status, headers, content) = stage.http.send_raw(fetch).await;
    assert_eq!((status, content), (200, Bytes::from("name\r\nAda")));
    assert_eq!(headers["content-disposition"], "attachment");
}

#[tokio::test]
async fn guilds_channels_roles_and_members_can_be_read() {
    let stage = Stage::new().await;
    let guild = stage.demo.guild;
    let (_, object) = stage.http.get(&format!("/guilds/{guild}?with_counts=true")).await;
    assert_eq!(object["name"], "Lantern Club");
    assert_eq!(object["approximate_member_count"], 8);
    let (_, channels) = stage.http.get(&format!("/guilds/{guild}/channels")).await;
    let names: Vec<_> =
        channels.as_array().unwrap().iter().map(|c| c["name"].as_str().unwrap()).collect();
    assert!(names.contains(&"events") && names.contains(&"organisers"), "{names:?}");
    let (_, roles) = stage.http.get(&format!("/guilds/{guild}/roles")).await;
    assert_eq!(roles[0]["id"], guild.to_string(), "@everyone comes first");
    let owner = stage.demo.owner;
    let (_, member) = stage.http.get(&format!("/guilds/{guild}/members/{owner}")).await;
    assert_eq!(member["user"]["global_name"], "Ada Lindqvist");
    let members = format!("/guilds/{guild}/members?limit=1000");
    assert_eq!(code(&stage.http.get(&members).await), (403, 50_001));
    let app = stage.demo.app;
    stage.sim.world(|world| world.edit_application(app, |app| app.privileged = 1 << 1));
    assert_eq!(stage.http.get(&members).await.1.as_array().unwrap().len(), 8);
    assert_eq!(code(&stage.http.get("/guilds/1").await), (404, 10_004));
}

#[tokio::test]
async fn a_wrong_token_and_a_wrong_route_are_told_apart() {
    let stage = Stage::new().await;
    let mut http = stage.http.clone();
    http.token = "wrong".into();
    let unauthorized = json!({"message": "401: Unauthorized", "code": 0});
    assert_eq!(http.get("/users/@me").await, (401, unauthorized));
    assert_eq!(stage.http.get("/users/@me").await.1["username"], "Muster");
    let (_, app) = stage.http.get("/applications/@me").await;
    assert_eq!(app["owner"]["id"], stage.demo.owner.to_string());
    assert_eq!(app["team"], Value::Null);
    assert_eq!(stage.http.get("/oauth2/applications/@me").await, (200, app));
    assert_eq!(stage.http.get("/nowhere").await.0, 404);
    assert_eq!(stage.http.delete("/gateway/bot").await.0, 405);
    let other = "/applications/1/commands";
    assert_eq!(code(&stage.http.get(other).await), (403, 20_012));
}

#[tokio::test]
async fn roles_are_given_below_the_bots_own() {
    let stage = Stage::new().await;
    let (guild, member) = (stage.demo.guild, stage.demo.members[0]);
    let path = format!("/guilds/{guild}/members/{member}/roles/{}", stage.demo.organisers);
    let put = |path: String| async {
        let path = path;
        stage.http.call(hyper::Method::PUT, &path, None).await
    };
    assert_eq!(code(&put(path.clone()).await), (403, 50_013), "it may not manage roles");
    let high = stage.sim.world(|world| {
        let roles = &world.guild(guild).unwrap().roles;
        let own = roles.values().find(|role| role.bot.is_some()).unwrap().id;
        let may = Permissions::BOT_CORE | Permissions::MANAGE_ROLES;
        world.edit_role(guild, own, |role| role.permissions = may);
        world.add_role(guild, muster_sim::world::NewRole::named("High", Permissions::NONE))
    });
    let has = |role| {
        stage.sim.world(|world| world.guild(guild).unwrap().members[&member].roles.contains(&role))
    };
    assert_eq!(put(path.clone()).await.0, 204);
    assert!(has(stage.demo.organisers));
    assert_eq!(stage.http.delete(&path).await.0, 204);
    assert!(!has(stage.demo.organisers));
    let path = format!("/guilds/{guild}/members/{member}/roles/{high}");
    assert_eq!(code(&put(path).await), (403, 50_013), "it is above the bot's own");
    let path = format!("/guilds/{guild}/members/{member}/roles/1");
    assert_eq!(code(&put(path).await), (404, 10_011));
}
