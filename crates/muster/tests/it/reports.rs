//! What organisers look back on, and who was there.

use muster_sim::ids::MessageId;
use serde_json::json;

use crate::people::Seen;
use crate::stage::Stage;

fn file(stage: &Stage, seen: &Seen, name: &str) -> Vec<u8> {
    stage.joao().user.file(seen.message(), name).unwrap_or_else(|| panic!("no {name}")).to_vec()
}

/// A raid at 20:00 today, an hour from now: Zofia and Mikko come, Bea does not.
async fn raid(stage: &Stage) -> MessageId {
    let raid = stage.event("Raid", "today 20:00").await;
    stage.zofia().taps(raid, "Yes").await;
    stage.mikko().taps(raid, "Yes").await;
    stage.bea().taps(raid, "No").await;
    raid
}

#[tokio::test]
async fn a_week_is_reported_with_a_chart_and_tables_and_shown_to_all_without_names() {
    let stage = Stage::new().await;
    raid(&stage).await;
    stage.passes(70).await;
    let report = stage.joao().runs("report week", json!({})).await;
    report
        .says("Week of 8 Mar – 14 Mar 2027")
        .says("**3** of 3 recently active members answered (100%), **2** said that they come.")
        .says("Fri 12 · 1 event · **3** answered (100%), **2** coming")
        .says("✅ Yes **2** · ❌ No **1**")
        .says("· 1 of 1 (100%)")
        .says("@Zofia");
    assert!(file(&stage, &report, "week-2027-03-08.png").starts_with(b"\x89PNG"));
    let members = file(&stage, &report, "week-2027-03-08-members.csv");
    assert_eq!(String::from_utf8(members).unwrap().lines().count(), 4);
    let events = file(&stage, &report, "week-2027-03-08-events.csv");
    assert!(String::from_utf8(events).unwrap().contains("2027-03-12 20:00,Raid,3,2,0,0"));
    let before = stage.messages(stage.demo.events).len();
    let shown = report.taps("Show to all").await;
    let text = shown.text();
    assert!(text.contains("**2** said that they come.") && !text.contains("@Zofia"), "{text}");
    assert_eq!(stage.messages(stage.demo.events).len(), before + 1, "all see it");
    stage.ends().await;
}

#[tokio::test]
async fn a_server_with_leaderboards_names_who_comes_most_often() {
    let stage = Stage::new().await;
    raid(&stage).await;
    stage.passes(70).await;
    let panel = stage.ada().runs("settings", json!({})).await;
    panel.taps("Leaderboards on").await.says("**Leaderboards:** on");
    let report = stage.joao().runs("report midweek", json!({"week": "this"})).await;
    report.says("Midweek of 8 Mar – 10 Mar 2027").says("No events in this time.");
    let report = stage.joao().runs("report week", json!({"week": "2027-03-10"})).await;
    let shown = report.taps("Show to all").await;
    let text = shown.text();
    assert!(text.contains("Most consistent: 1. @Zofia · 1 of 1 (100%)"), "{text}");
    stage.ends().await;
}

#[tokio::test]
async fn only_organisers_see_reports_and_a_week_has_to_be_one() {
    let stage = Stage::new().await;
    let raid = raid(&stage).await;
    let zofia = stage.zofia();
    let options = |name: &str, value: String| json!({name: value});
    zofia.runs("report week", json!({})).await.says("Only organisers can do this.");
    let member = options("member", zofia.id().to_string());
    zofia.runs("report member", member).await.says("Only organisers can do this.");
    let event = options("event", "Raid".to_owned());
    zofia.runs("report event", event).await.says("Only organisers can do this.");
    for custom_id in ["m1:Pw:0:c2go4".to_owned(), format!("m1:Pe:{}", stage.key(raid))] {
        stage.forged_tap(&zofia, &custom_id).await.says("Only organisers can do this.");
    }
    let soon = stage.joao().runs("report week", options("week", "soon".to_owned())).await;
    soon.says("\"soon\" is not a week.").says("`2026-11-23`");
    let typed = stage.joao().types("report week", "week", "last").await;
    assert_eq!(typed.len(), 1);
    stage.ends().await;
}

#[tokio::test]
async fn organisers_mark_who_was_there_and_reports_say_who_was_missing() {
    let stage = Stage::new().await;
    let raid = raid(&stage).await;
    let early = stage.joao().taps(raid, "⋯").await;
    assert!(!early.text().contains("Who was there"), "{}", early.text());
    stage.passes(70).await;
    let panel = stage.joao().taps(raid, "⋯").await.taps("Who was there").await;
    panel.says("✅ **0** there · ❌ **0** absent · ❔ **2** not marked").says("❔ @Zofia");
    let mikko = stage.mikko().id().to_string();
    let marked = panel.picks("m1:Bn", &[&mikko]).await;
    marked.says("1 member marked as absent.").says("❌ @Mikko");
    let all = marked.taps("Everyone else was there").await;
    all.says("1 member marked as having been there.").says("✅ @Zofia");
    all.taps("Undo").await.says("Taken back for 1 member.").says("❔ @Zofia");
    all.taps("Everyone else was there").await.says("✅ @Zofia");
    let silent = stage.ada().id().to_string();
    all.picks("m1:By", &[&silent])
        .await
        .says("Nothing was changed: only members who have answered");
    let joao = stage.joao();
    let report = joao.runs("report event", json!({"event": "Raid"})).await;
    report.says("**1** of 2 marked were there (50%).").says("Said yes, was absent");
    let shown = report.says("@Mikko").taps("Show to all").await;
    let text = shown.text();
    assert!(text.contains("absent: 1 member") && !text.contains("@Mikko"), "{text}");
    joao.runs("report week", json!({})).await.says("Said yes, was absent").says("1 there");
    let one = joao.runs("report member", json!({"member": mikko})).await;
    one.says("@Mikko came to **0** of 1 event (0%)").says("Said yes and was absent: **1 time**.");
    let log = joao.runs("event log", json!({"event": "Raid"})).await;
    log.says("@Mikko was marked as absent · by @João").says("@Zofia is not marked any more");
    let export = joao.runs("event export", json!({"event": "Raid"})).await;
    let answers = String::from_utf8(file(&stage, &export, "raid-answers.csv")).unwrap();
    assert!(answers.contains(",present\r\n") && answers.contains(",absent\r\n"), "{answers}");
    stage.ends().await;
}

#[tokio::test]
async fn who_came_without_a_place_can_be_marked_as_present() {
    let stage = Stage::new().await;
    let raid = stage.event_with("Raid", "in 1 hour", json!({"capacity": 1})).await;
    let (joao, zofia, mikko) = (stage.joao(), stage.zofia(), stage.mikko());
    zofia.taps(raid, "Yes").await;
    mikko.taps(raid, "Yes").await;
    stage.passes(70).await;
    let panel = joao.taps(raid, "⋯").await.taps("Who was there").await;
    panel.says("❔ **1** not marked");
    let (came, missed) = (mikko.id().to_string(), zofia.id().to_string());
    let marked = panel.picks("m1:By", &[&came]).await;
    marked.says("1 member marked as having been there.").says("✅ @Mikko");
    marked.picks("m1:Bn", &[&missed]).await.says("✅ **1** there · ❌ **1** absent");
    let report = joao.runs("report event", json!({"event": "Raid"})).await;
    report.says("**1** of 2 marked were there (50%).").says("⏳ Waiting **1**");
    let sent = joao.user.message(report.message()).unwrap();
    let table = sent.attachments.iter().find(|file| file.filename.ends_with("-members.csv"));
    let table = file(&stage, &report, &table.unwrap().filename);
    let table = String::from_utf8(table).unwrap();
    assert!(table.contains(",Yes,confirmed,0,absent\r\n"), "{table}");
    assert!(table.contains(",Yes,waitlist,0,present\r\n"), "{table}");
    let one = joao.runs("report member", json!({"member": came})).await;
    one.says("@Mikko came to **1** of 1 event (100%)");
    let panel = joao.taps(raid, "⋯").await.taps("Who was there").await;
    let back = panel.picks("m1:Bn", &[&came]).await;
    assert!(!back.text().contains("@Mikko"), "{}", back.text());
    stage.ends().await;
}

#[tokio::test]
async fn members_check_in_where_the_rules_let_them() {
    let stage = Stage::new().await;
    let raid = raid(&stage).await;
    let rules = stage.joao().taps(raid, "⋯").await.taps("Rules").await;
    rules.says("**Members cannot check in**");
    rules.taps("Check-in").await.says("**Members can check in**");
    let key = stage.key(raid);
    let check_in = format!("m1:Bc:{key}");
    stage.forged_tap(&stage.zofia(), &check_in).await.says("Check-in opens");
    stage.passes(50).await;
    let zofia = stage.zofia();
    zofia.taps(raid, "⋯").await.taps("Check in").await.says("You are checked in.");
    stage.passes(15).await;
    stage.says(raid, "[Check in]").await;
    zofia.taps(raid, "Check in").await.says("You are checked in already.");
    stage.bea().taps(raid, "Check in").await.says("Only members who are coming and have a place");
    let panel = stage.joao().taps(raid, "⋯").await.taps("Who was there").await;
    panel.says("✅ @Zofia").says("❔ @Mikko");
    let log = stage.joao().runs("event log", json!({"event": "Raid"})).await;
    log.says("@Zofia checked in").says("members can check in");
    stage.passes(180).await;
    stage.forged_tap(&stage.mikko(), &check_in).await.says("Nobody can check in");
    stage.ends().await;
}

#[tokio::test]
async fn members_check_in_with_the_code_that_an_organiser_shows() {
    let stage = Stage::new().await;
    let raid = raid(&stage).await;
    let rules = stage.joao().taps(raid, "⋯").await.taps("Rules").await;
    rules.taps("Check-in by code").await.says("**Members check in with a code**");
    let (zofia, show) = (stage.zofia(), format!("m1:Bk:{}", stage.key(raid)));
    stage.forged_tap(&stage.joao(), &show).await.says("Check-in opens");
    stage.passes(50).await;
    stage.forged_tap(&zofia, &show).await.says("Only organisers can do this.");
    let shown = stage.joao().taps(raid, "⋯").await.taps("Show the code").await;
    let first = code_in(&shown);
    let form = || async { zofia.taps(raid, "⋯").await.taps("Check in").await };
    form().await.submits(json!({"code": "AAA AAA"})).await.says("That is not the current code");
    // A minute later it is another one, and the one before still counts.
    stage.passes(1).await;
    let second = code_in(&shown.taps("New code").await);
    assert_ne!(first, second);
    form().await.submits(json!({"code": first})).await.says("You are checked in.");
    zofia.taps(raid, "⋯").await.taps("Check in").await.says("You are checked in already.");
    stage.passes(1).await;
    // By now the first one is too old, and tries are counted.
    let mikko = stage.mikko();
    let tries = |code: String| {
        let (mikko, code) = (mikko.clone(), json!({"code": code.to_lowercase()}));
        async move { mikko.taps(raid, "⋯").await.taps("Check in").await.submits(code).await }
    };
    for _ in 0..5 {
        tries(first.clone()).await.says("That is not the current code");
    }
    tries(second.clone()).await.says("You typed 5 codes within 60 s.");
    let panel = stage.joao().taps(raid, "⋯").await.taps("Who was there").await;
    panel.says("✅ @Zofia").says("❔ @Mikko");
    stage.ends().await;
}

#[tokio::test]
async fn who_did_not_check_in_is_marked_as_absent_at_once() {
    let stage = Stage::new().await;
    let raid = raid(&stage).await;
    let (joao, rules) = (stage.joao(), stage.joao().taps(raid, "⋯").await.taps("Rules").await);
    rules.taps("Check-in").await.says("**Members can check in**");
    stage.passes(50).await;
    let panel = joao.taps(raid, "⋯").await.taps("Who was there").await;
    assert!(!panel.text().contains("was absent"), "nobody is marked: {}", panel.text());
    stage.zofia().taps(raid, "⋯").await.taps("Check in").await.says("You are checked in.");
    let report = || joao.runs("report event", json!({"event": "Raid"}));
    report().await.says("**1** of 1 marked were there (100%). **1** is not marked.");
    let panel = joao.taps(raid, "⋯").await.taps("Who was there").await;
    let marked = panel.taps("Everyone else was absent").await;
    marked.says("1 member marked as absent.").says("✅ @Zofia").says("❌ @Mikko");
    let said = report().await;
    said.says("**1** of 2 marked were there (50%).").says("Said yes, was absent").says("@Mikko");
    assert!(!said.text().contains("not marked"), "{}", said.text());
    // Who has not answered cannot be marked, and that hides nothing.
    let refused = marked.picks("m1:By", &[&stage.ada().id().to_string()]).await;
    refused.says("Nothing was changed: only members who have answered");
    refused.taps("Undo").await.says("Taken back for 1 member.").says("❔ @Mikko");
    stage.ends().await;
}

/// The code that a panel shows.
fn code_in(shown: &Seen) -> String {
    let text = shown.text();
    let line = text.lines().find_map(|line| line.strip_prefix("# "));
    line.unwrap_or_else(|| panic!("no code: {text}")).to_owned()
}

#[tokio::test]
async fn only_organisers_mark_who_was_there() {
    let stage = Stage::new().await;
    let raid = raid(&stage).await;
    stage.passes(70).await;
    let key = stage.key(raid);
    let zofia = stage.zofia();
    let forged = [
        format!("m1:B:{key}"),
        format!("m1:Ba:{key}:0"),
        format!("m1:Bx:{key}:0"),
        format!("m1:Bu:{key}:0:1"),
    ];
    for custom_id in forged {
        stage.forged_tap(&zofia, &custom_id).await.says("Only organisers can do this.");
    }
    let panel = stage.joao().taps(raid, "⋯").await.taps("Who was there").await;
    panel.says("❔ **2** not marked");
    stage.ends().await;
}
