//! The ledger of what was taken from a bot: in order, with who was really pinged.

use std::time::Duration;

use muster_sim::ids::{MessageId, UserId};
use muster_sim::world::{Accepted, Allowed, Pings, Way};
use serde_json::{Value, json};

use crate::bot::{Stage, webhook};

/// Everything accepted so far.
fn accepted(stage: &Stage) -> Vec<Accepted> {
    stage.sim.world(|world| world.accepted().map(|entry| entry.what.clone()).collect())
}

fn id_of(object: &Value) -> MessageId {
    object["id"].as_str().unwrap().parse().unwrap()
}

fn pings(user: UserId) -> Pings {
    Pings { users: [user].into(), ..Pings::default() }
}

#[tokio::test]
async fn a_messages_whole_life_is_written_down() {
    let stage = Stage::new().await;
    let (channel, member) = (stage.demo.events, stage.demo.members[0]);
    let (other, way) = (stage.demo.members[1], Way::Bot);
    let text = format!("<@{member}> <@{other}> @everyone");
    let allowed = json!({"users": [member.to_string()]});
    let body = json!({"content": text, "nonce": 7, "allowed_mentions": allowed});
    let (_, sent) = stage.bot_says(channel, body).await;
    let message = id_of(&sent);
    let path = format!("/channels/{channel}/messages/{message}");
    stage.http.patch(&path, json!({"content": "x", "allowed_mentions": {"parse": []}})).await;
    stage.http.patch(&path, json!({"content": ""})).await;
    stage.http.delete(&path).await;
    let all = accepted(&stage);
    let [Accepted::Created { nonce, allowed, pings: pinged, .. }, edited, deleted] = &all[..]
    else {
        panic!("{all:?}");
    };
    assert_eq!((nonce.as_deref(), pinged), (Some("7"), &pings(member)));
    assert_eq!((allowed.everyone, &allowed.users), (false, &Allowed::Only([member].into())));
    assert!(matches!(edited, Accepted::Edited { pings, .. } if *pings == Pings::default()));
    assert_eq!(*deleted, Accepted::Deleted { message, channel, way });
    let (numbers, forgotten) = stage.sim.world(|world| {
        let numbers: Vec<_> = world.accepted().map(|entry| entry.number).collect();
        (numbers, world.accepted_and_forgotten())
    });
    assert_eq!((numbers, forgotten), (vec![0, 1, 2], 0));
}

#[tokio::test]
async fn a_repeated_nonce_is_written_down_as_such() {
    let stage = Stage::new().await;
    let once = json!({"content": "x", "nonce": "n", "enforce_nonce": true});
    let (_, sent) = stage.bot_says(stage.demo.events, once.clone()).await;
    assert_eq!(sent["nonce"], "n");
    stage.bot_says(stage.demo.events, once.clone()).await;
    let (_, elsewhere) = stage.bot_says(stage.demo.general, once).await;
    assert_ne!(elsewhere["id"], sent["id"], "a nonce counts per channel");
    let all = accepted(&stage);
    let channel = stage.demo.events;
    let repeated = Accepted::Repeated { message: id_of(&sent), channel, nonce: "n".into() };
    assert_eq!(all[1], repeated);
    assert!(matches!(all[2], Accepted::Created { .. }));
    assert_eq!(all.len(), 3);
}

#[tokio::test]
async fn answers_to_interactions_are_written_down_in_order() {
    let stage = Stage::new().await;
    let mut gateway = stage.go_online(json!([{"name": "hello", "description": "d"}])).await;
    let person = stage.member();
    let (outcome, asked) =
        tokio::join!(person.command(stage.demo.general, "hello", json!({})), async {
            let asked = gateway.asked().await;
            stage.sim.clock().advance(Duration::from_millis(50)).await.unwrap();
            stage.http.answer(&asked, json!({"type": 4, "data": {"content": "a"}})).await;
            asked
        });
    outcome.unwrap();
    let original = webhook(stage.demo.app, &asked, "/messages/@original");
    stage.http.patch(&original, json!({"content": "b"})).await;
    stage.http.answer(&asked, json!({"type": 4, "data": {"content": "c"}})).await;
    let all = accepted(&stage);
    let [created, answered, edited] = &all[..] else { panic!("{all:?}") };
    let interaction = asked["id"].as_str().unwrap().parse().unwrap();
    let by_token = Way::Interaction(interaction);
    assert!(matches!(created, Accepted::Created { way, .. } if *way == by_token));
    assert!(matches!(edited, Accepted::Edited { way, .. } if *way == by_token));
    let after = jiff::SignedDuration::from_millis(50);
    assert_eq!(*answered, Accepted::Answered { interaction, callback: 4, after });
}
