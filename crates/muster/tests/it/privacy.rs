//! What is kept on somebody: told to them as a file, erased when they ask for it.

use serde_json::{Value, json};

use crate::people::{Person, Seen};
use crate::stage::Stage;

/// Everything on somebody, as the file that they are given.
async fn exported(who: &Person) -> Value {
    let seen = who.runs("privacy export", json!({})).await;
    seen.says("This is everything that I keep about you");
    let file = who.user.file(seen.message(), "muster-data.json").expect("a file");
    serde_json::from_slice(&file).unwrap()
}

async fn erases(who: &Person) -> Seen {
    let question = who.runs("privacy erase", json!({})).await;
    question.says("This cannot be undone.");
    question.taps("Erase everything").await
}

#[tokio::test]
async fn a_member_gets_everything_on_them_and_nothing_on_others() {
    let stage = Stage::new().await;
    let (zofia, mikko) = (stage.zofia(), stage.mikko());
    let raid = stage.event("Raid", "tomorrow 20:00").await;
    zofia.runs("timezone", json!({"zone": "Asia/Tokyo"})).await;
    zofia.taps(raid, "No").await;
    zofia.taps(raid, "Yes").await;
    mikko.taps(raid, "Maybe").await;
    let file = exported(&zofia).await;
    assert_eq!(file["time_zone"], "Asia/Tokyo");
    assert_eq!(file["answers"].as_array().unwrap().len(), 1);
    assert_eq!(file["answers"][0]["event"]["title"], "Raid");
    assert_eq!(file["answers"][0]["answer"]["option"], "Yes");
    assert_eq!(file["answer_history"].as_array().unwrap().len(), 2);
    assert!(!file.to_string().contains(&mikko.id().to_string()));
    let ada = exported(&stage.ada()).await;
    assert_eq!(ada["events_created"][0]["title"], "Raid");
    assert_eq!(ada["acts_as_organiser"][0]["done"], "created the event");
    stage.ends().await;
}

#[tokio::test]
async fn an_erased_member_stays_without_a_name_in_what_has_begun() {
    let stage = Stage::new().await;
    let raid = stage.event_with("Raid", "in 1 hour", json!({"capacity": 2})).await;
    for who in [stage.zofia(), stage.mikko()] {
        who.taps(raid, "Yes").await;
    }
    stage.passes(61).await;
    erases(&stage.zofia()).await.says("Everything that I kept about you is erased.");
    stage.says(raid, "erased member").await;
    stage.says(raid, "2 of 2").await;
    stage.no_longer_says(raid, "Zofia").await;
    stage.ends().await;
}

#[tokio::test]
async fn an_erased_member_frees_the_place_of_what_is_to_come_and_can_come_again() {
    let stage = Stage::new().await;
    let (zofia, mikko) = (stage.zofia(), stage.mikko());
    let raid = stage.event_with("Raid", "tomorrow 20:00", json!({"capacity": 1})).await;
    for who in [&zofia, &mikko] {
        who.taps(raid, "Yes").await;
    }
    erases(&zofia).await.says("Everything that I kept about you is erased.");
    stage.shows(raid, "Yes: Mikko").await;
    let says = |message: &muster_sim::world::Message| message.content.contains("You have a place");
    stage
        .until("Mikko is told", |world| {
            world.messages(stage.demo.events).find(|one| says(one)).map(|_| ())
        })
        .await;
    let file = exported(&zofia).await;
    assert_eq!((&file["answers"], &file["answer_history"]), (&json!([]), &json!([])));
    assert!(file["erased_before"].is_string());
    zofia.taps(raid, "Yes").await;
    stage.says(raid, "Zofia").await;
    stage.says(raid, "Waitlist (1): 1. @Zofia").await;
    stage.ends().await;
}

#[tokio::test]
async fn an_erased_organisers_event_lives_on_without_their_name() {
    let stage = Stage::new().await;
    let (ada, zofia) = (stage.ada(), stage.zofia());
    let raid = stage.event("Raid", "tomorrow 20:00").await;
    stage.says(raid, "Hosted by @Ada").await;
    erases(&ada).await.says("is erased");
    stage.says(raid, "Hosted by *erased member*").await;
    zofia.taps(raid, "Yes").await;
    stage.shows(raid, "Yes: Zofia").await;
    stage.ends().await;
}

#[tokio::test]
async fn it_works_in_a_direct_message_with_the_bot() {
    let stage = Stage::new().await;
    let dm = stage.until("a conversation with Ada", |world| {
        let dms = world.dms_of(stage.ada().id());
        dms.map(|dm| dm.id).next()
    });
    let ada = stage.ada().goes_to(dm.await);
    stage.event("Raid", "tomorrow 20:00").await;
    assert_eq!(exported(&ada).await["events_created"][0]["title"], "Raid");
    erases(&ada).await.says("is erased");
    assert_eq!(exported(&ada).await["events_created"], json!([]));
    stage.ends().await;
}

#[tokio::test]
async fn a_form_that_was_begun_is_exported_with_all_that_it_says() {
    let stage = Stage::new().await;
    let said = json!({
        "title": "Raid", "when": "some day", "close": "2h", "repeat": "every friday",
        "image": "https://pictures.example/raid.png",
    });
    stage.joao().runs("event create", said).await.says("in a time");
    let form = exported(&stage.joao()).await["unfinished_forms"][0].clone();
    let kept = ["closes", "repeat", "image"].map(|key| form[key].as_str().unwrap().to_owned());
    assert_eq!(kept, ["2h", "every friday", "https://pictures.example/raid.png"]);
    assert!(form["like"].is_null(), "{form}");
    stage.ends().await;
}
