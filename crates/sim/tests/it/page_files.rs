//! Files and crowds as the page sees them.

use bytes::Bytes;
use http_body_util::Full;
use hyper::Request;
use muster_sim::seed;
use serde_json::{Value, json};

use crate::bot::Stage;

async fn get(stage: &Stage, path: &str) -> (u16, Value) {
    let uri = format!("{}{path}", stage.sim.url());
    stage.http.send(Request::get(uri).body(Full::default()).unwrap()).await
}

async fn post(stage: &Stage, path: &str, kind: &str, body: Vec<u8>) -> (u16, Value) {
    let request = Request::post(format!("{}{path}", stage.sim.url()))
        .header("content-type", kind)
        .header("origin", stage.sim.url())
        .body(Full::new(Bytes::from(body)))
        .unwrap();
    stage.http.send(request).await
}

#[tokio::test]
async fn the_page_gives_a_file_and_finds_it_at_its_own_address() {
    let stage = Stage::new().await;
    let path = format!("/sim/uploads?user={}&name=a%20b.png", stage.demo.owner);
    let (status, given) = post(&stage, &path, "image/png", b"picture".to_vec()).await;
    assert_eq!(status, 200, "{given}");
    let file = &given["file"];
    assert_eq!((&file["filename"], &file["size"]), (&json!("a_b.png"), &json!(7)));
    let url = file["url"].as_str().unwrap();
    assert!(url.starts_with("/attachments/"), "{url}");
    let uri = format!("{}{url}", stage.sim.url());
    let fetch = Request::get(uri).body(Full::default()).unwrap();
    let (status, headers, body) = stage.http.send_raw(fetch).await;
    assert_eq!((status, &body[..]), (200, &b"picture"[..]));
    assert_eq!(headers["content-type"], "image/png");
    let (status, refused) = post(&stage, &path, "image/png", vec![0; 8 * 1024 * 1024 + 1]).await;
    assert_eq!(status, 400);
    assert_eq!(refused, json!({"error": "a file may have 8 MiB at most"}));
}

#[tokio::test]
async fn pictures_within_messages_have_addresses_of_the_page() {
    let stage = Stage::new().await;
    let path = format!("/channels/{}/messages", stage.demo.events);
    let body = json!({"embeds": [{"image": {"url": "attachment://a.png"}}]});
    let files: &[(&str, &str, &[u8])] = &[("a.png", "image/png", b"picture")];
    let (_, sent) = stage.http.with_files("POST", &path, &body, files).await;
    let messages =
        format!("/sim/channels/{}/messages?user={}", stage.demo.events, stage.demo.owner);
    let (_, page) = get(&stage, &messages).await;
    let shown = page["messages"].as_array().unwrap().last().unwrap();
    let url = shown["embeds"][0]["image"]["url"].as_str().unwrap();
    assert_eq!(format!("{}{url}", stage.sim.url()), sent["attachments"][0]["url"]);

    let delete = json!({"user": stage.demo.owner, "message_id": sent["id"]}).to_string();
    let delete = || post(&stage, "/sim/delete", "application/json", delete.clone().into_bytes());
    assert_eq!(delete().await.0, 200);
    assert_eq!(delete().await.0, 404);
}

#[tokio::test]
async fn a_guild_of_thousands_is_seen_and_searched() {
    let stage = Stage::new().await;
    let guild = stage.demo.guild;
    let crowd = stage.sim.world(|world| seed::crowd(world, guild, 5_000));
    assert_eq!(crowd.len(), 5_000);
    let (status, view) = get(&stage, &format!("/sim/view?user={}", crowd[4_999])).await;
    assert_eq!(status, 200);
    assert_eq!(view["me"]["name"], "Tala I. Zeman");
    assert_eq!(view["guilds"][0]["members"].as_array().unwrap().len(), 5_008);
    let path = format!("/guilds/{guild}/members/search?query=aino%20c.&limit=1000");
    let (_, found) = stage.http.get(&path).await;
    assert_eq!(found.as_array().unwrap().len(), 25, "as many as there are last names");
    let names: std::collections::BTreeSet<_> =
        stage.sim.world(|world| world.users().map(|user| user.username.clone()).collect());
    assert_eq!(names.len(), 5_008, "no two have the same name to log in with");
}
