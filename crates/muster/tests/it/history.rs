//! What organisers learn of an event's past.

use serde_json::json;

use crate::stage::Stage;

#[tokio::test]
async fn the_log_tells_organisers_who_did_what_newest_first() {
    let stage = Stage::new().await;
    let raid = stage.event_with("Raid", "tomorrow 20:00", json!({"capacity": 1})).await;
    stage.zofia().taps(raid, "Yes").await;
    stage.mikko().taps(raid, "Yes").await;
    stage.zofia().taps(raid, "No").await;
    let form = stage.joao().runs("event edit", json!({"event": "Raid"})).await;
    form.submits(json!({"title": "Big raid", "capacity": "5"})).await;
    let log = stage.joao().runs("event log", json!({"event": "Big raid"})).await;
    log.says("Log of Big raid").says("6 entries, newest first · page 1 of 1");
    let lines: Vec<_> = log.text().lines().filter_map(|line| line.split_once(" · ")).collect();
    let what: Vec<_> = lines.iter().map(|(_, what)| *what).collect();
    let expected = [
        "@João edited it: title: \"Raid\" → \"Big raid\"; places: 1 → 5",
        "@Mikko moved up from the waitlist: **Yes** · by @Zofia",
        "@Zofia changed **Yes** to **No**",
        "@Mikko answered **Yes**, on the waitlist",
        "@Zofia answered **Yes**",
        "@Ada created the event",
    ];
    assert_eq!(what[..6], expected);
    stage.zofia().runs("event log", json!({"event": "Big raid"})).await.says("Only organisers");
    stage.ends().await;
}

#[tokio::test]
async fn a_long_log_pages_to_the_beginning_and_back() {
    let stage = Stage::new().await;
    let raid = stage.event("Raid", "tomorrow 20:00").await;
    for number in 0..12 {
        let option = if number % 2 == 0 { "Yes" } else { "No" };
        stage.zofia().taps(raid, option).await;
        stage.passes(1).await;
    }
    let first = stage.joao().runs("event log", json!({"event": "Raid"})).await;
    first.says("13 entries, newest first · page 1 of 2");
    let last = first.taps("Older").await;
    last.says("page 2 of 2").says("@Ada created the event");
    last.taps("Newer").await.says("page 1 of 2").says("@Zofia changed **Yes** to **No**");
    let forged = stage.forged_tap(&stage.zofia(), &format!("m1:hp:{}:0", stage.key(raid))).await;
    forged.says("Only organisers");
    stage.ends().await;
}

#[tokio::test]
async fn an_export_has_every_answer_and_the_log_as_files_for_the_organiser_alone() {
    let stage = Stage::new().await;
    let raid = stage.event_with("Raid night", "tomorrow 20:00", json!({"capacity": 1})).await;
    stage.zofia().taps(raid, "Yes").await;
    stage.mikko().taps(raid, "Yes").await;
    let joao = stage.joao();
    let seen = joao.runs("event export", json!({"event": "Raid night"})).await;
    seen.says("**Raid night**: 2 answers and 3 entries of its log.");
    let file = |name| {
        let bytes = joao.user.file(seen.message(), name).expect("a file of this name");
        String::from_utf8(bytes.to_vec()).unwrap()
    };
    let answers = file("raid-night-answers.csv");
    let member = |who: &crate::people::Person| format!("<@{}>", who.id());
    assert!(answers.contains(&format!("{},Yes,confirmed,1,0", member(&stage.zofia()))));
    assert!(answers.contains(&format!("{},Yes,waitlist,1,0", member(&stage.mikko()))));
    assert_eq!(file("raid-night-log.csv").lines().count(), 4);
    let options = json!({"event": "Raid night", "format": "json"});
    let seen = joao.runs("event export", options.clone()).await;
    let document = joao.user.file(seen.message(), "raid-night.json").unwrap();
    let document: serde_json::Value = serde_json::from_slice(&document).unwrap();
    assert_eq!(document["answers"][1]["answer"]["place"], "waitlist");
    stage.zofia().runs("event export", options).await.says("Only organisers");
    stage.ends().await;
}
