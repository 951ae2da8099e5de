//! What members say beside their answers: a note, guests, late and early, and the event for their
//! calendar.

use serde_json::json;

use crate::people::{Person, Seen};
use crate::stage::Stage;

async fn own(who: &Person) -> Seen {
    let seen = who.runs("event show", json!({"event": "Raid"})).await;
    seen.taps("My answer").await
}

#[tokio::test]
async fn a_member_says_what_organisers_should_know_and_takes_it_back() {
    let stage = Stage::new().await;
    let raid = stage.event("Raid", "tomorrow 20:00").await;
    let zofia = stage.zofia();
    zofia.taps(raid, "Yes").await;
    let panel = own(&zofia).await;
    panel
        .says("You answered **Yes**.")
        .says("**Note:** none")
        .says("**Guests:** this event takes none.");
    let panel = panel.taps("Note").await.submits(json!({"note": "by *bus*"})).await;
    panel.says("**Note:** by \\*bus\\*");
    let list = stage.mikko().runs("event show", json!({"event": "Raid"})).await;
    list.taps("Everybody").await.says("1\\. @Zofia · Yes · by \\*bus\\*");
    let form = panel.taps("Note").await;
    assert_eq!(form.filled("note"), "by *bus*");
    form.submits(json!({"note": ""})).await.says("**Note:** none");
    stage.ends().await;
}

#[tokio::test]
async fn late_and_early_stand_on_the_post() {
    let stage = Stage::new().await;
    let raid = stage.event("Raid", "tomorrow 20:00").await;
    let zofia = stage.zofia();
    zofia.taps(raid, "Yes").await;
    let times = json!({"arrives": "20:30", "leaves": "30m before the end"});
    let panel = own(&zofia).await.taps("Late or early").await.submits(times).await;
    panel.says("**You come late,** at").says("**and leave early,** at");
    stage.says(raid, " · from ").await;
    stage.says(raid, " · until ").await;
    for (wrong, says) in [
        (json!({"arrives": "19:00"}), "\"19\\:00\" is not a time during the event."),
        (json!({"arrives": "soon"}), "\"soon\" is not a time during the event."),
        (json!({"arrives": "5h"}), "You can only arrive during the event."),
        (json!({"arrives": "1h30", "leaves": "1h"}), "You cannot leave before you arrive."),
    ] {
        panel.taps("Late or early").await.submits(wrong).await.says(says);
    }
    let form = panel.taps("Late or early").await;
    assert_eq!([form.filled("arrives"), form.filled("leaves")], ["30m", "30m"]);
    form.submits(json!({"arrives": "", "leaves": ""})).await.says("**You come on time**");
    stage.no_longer_says(raid, " · from ").await;
    stage.ends().await;
}

#[tokio::test]
async fn who_brings_more_than_an_answer_ever_has_room_for_is_told_and_does_not_wait_for_ever() {
    let stage = Stage::new().await;
    let more = json!({"options": "Yes 3, Healer 1, Bench"});
    let raid = stage.event_with("Raid", "tomorrow 20:00", more).await;
    let (joao, zofia) = (stage.joao(), stage.zofia());
    zofia.taps(raid, "Yes").await;
    let rules = joao.runs("event show", json!({"event": "Raid"})).await.taps("Rules").await;
    rules.taps("Change").await.submits(json!({"guests": "3"})).await.says("up to 3 guests");
    own(&zofia).await.picks("m1:yg", &["2"]).await.says("you bring 2 guests");
    stage.says(raid, "@Zofia +2").await;
    let told = zofia.taps(raid, "Healer").await;
    told.says(
        "**Healer** has room for 1 person at most, guests among them, so nothing was changed.",
    );
    let member = zofia.id().to_string();
    let add = json!({"event": "Raid", "member": member, "option": "Healer"});
    joao.runs("event add", add).await.says("**Healer** has room for 1 person at most");
    stage.says(raid, "Yes (3/3)").await;
    let words = json!({"words": "Yes 2, Healer 1, Bench"});
    let answers = joao.runs("event show", json!({"event": "Raid"})).await.taps("Answers").await;
    answers.taps("Edit as text").await.submits(words).await;
    let standing = zofia.runs("event show", json!({"event": "Raid"})).await;
    standing.says("There is room for 2 people at most, so bring fewer guests");
    zofia.taps(raid, "Yes").await.says("**Yes** has room for 2 people at most");
    own(&zofia).await.picks("m1:yg", &["1"]).await.says("You answered **Yes** with 1 guest.");
    stage.says(raid, "Yes (2/2)").await;
    stage.ends().await;
}

#[tokio::test]
async fn guests_take_places_and_a_party_too_large_brings_nobody() {
    let stage = Stage::new().await;
    let raid = stage.event_with("Raid", "tomorrow 20:00", json!({"capacity": 3})).await;
    let zofia = stage.zofia();
    zofia.taps(raid, "Yes").await;
    let rules = stage.joao().runs("event show", json!({"event": "Raid"})).await.taps("Rules").await;
    rules.taps("Change").await.submits(json!({"guests": "3"})).await.says("up to 3 guests");
    let panel = own(&zofia).await;
    panel.says("you may bring 3 guests").picks("m1:yg", &["2"]).await.says("you bring 2 guests");
    stage.says(raid, "@Zofia +2").await;
    stage.says(raid, "3 of 3").await;
    panel.picks("m1:yg", &["3"]).await.says("room");
    stage.says(raid, "@Zofia +2").await;
    panel.picks("m1:yg", &["0"]).await.says("you may bring 3 guests");
    stage.says(raid, "1 of 3").await;
    stage.ends().await;
}

#[tokio::test]
async fn the_file_for_a_calendar_brings_the_event_up_to_date_there() {
    let stage = Stage::new().await;
    stage.event("Raid", "tomorrow 20:00").await;
    let show = || async { stage.zofia().runs("event show", json!({"event": "Raid"})).await };
    let file = |seen: &Seen| {
        let bytes = stage.zofia().user.file(seen.message(), "event.ics").expect("a file");
        String::from_utf8(bytes.to_vec()).unwrap()
    };
    let first = file(&show().await.taps("Add to my calendar").await);
    let form = stage.joao().runs("event edit", json!({"event": "Raid"})).await;
    form.submits(json!({"title": "Raid at nine"})).await;
    let second = file(
        &stage
            .zofia()
            .runs("event show", json!({"event": "Raid at nine"}))
            .await
            .taps("Add to my calendar")
            .await,
    );
    let line = |file: &str, name: &str| {
        file.lines().find(|line| line.starts_with(name)).map(str::to_owned).unwrap()
    };
    assert_eq!(line(&first, "UID:"), line(&second, "UID:"));
    assert_ne!(line(&first, "SEQUENCE:"), line(&second, "SEQUENCE:"));
    assert_eq!(line(&second, "SUMMARY:"), "SUMMARY:Raid at nine");
    assert!(line(&first, "URL:").starts_with("URL:https://discord.com/channels/"));
    stage.ends().await;
}

#[tokio::test]
async fn who_has_not_answered_has_nothing_to_say_beside_it() {
    let stage = Stage::new().await;
    let raid = stage.event("Raid", "tomorrow 20:00").await;
    let event = stage.key(raid);
    for verb in ["y", "yn", "yt", "yg"] {
        let seen = stage.forged_tap(&stage.zofia(), &format!("m1:{verb}:{event}")).await;
        assert!(!seen.text().contains("You answered"), "{verb}: {}", seen.text());
    }
    stage.ends().await;
}
