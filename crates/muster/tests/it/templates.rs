//! Templates: an event saved under a name, and new ones made of it.

use serde_json::json;

use crate::stage::Stage;

/// A raid with answers of its own, saved as "Raid night".
async fn saved(stage: &Stage) {
    let more = json!({
        "capacity": 8, "duration": "3h", "description": "Bring potions", "location": "Old keep",
        "options": "🛡 Tank 2, 💚 Healer 3, Bench",
    });
    stage.event_with("Raid", "tomorrow 20:00", more).await;
    let options = json!({"event": "Raid", "name": "Raid night"});
    let seen = stage.joao().runs("template save", options).await;
    let answers = "answers Tank (2 places) / Healer (3 places) / Bench, 8 places";
    seen.says(&format!("The template **Raid night** is saved: 3h, {answers}"));
}

#[tokio::test]
async fn an_event_made_of_a_template_is_like_the_one_that_was_saved() {
    let stage = Stage::new().await;
    saved(&stage).await;
    let second =
        stage.event_with("Second raid", "sunday 20:00", json!({"template": "raid NIGHT"})).await;
    for part in ["[Tank]", "[Healer]", "[Bench]", "0 of 8", "Bring potions", "Old keep"] {
        stage.says(second, part).await;
    }
    // Three hours after it begins.
    stage.says(second, "<t:1805050800:F> – <t:1805061600:t>").await;
    stage.ends().await;
}

#[tokio::test]
async fn what_is_said_beside_a_template_counts_before_it() {
    let stage = Stage::new().await;
    saved(&stage).await;
    let own = json!({"template": "Raid night", "capacity": 3, "options": "Yes, No"});
    let raid = stage.event_with("Small raid", "sunday 20:00", own).await;
    for part in ["[Yes]", "[No]", "0 of 3", "Bring potions"] {
        stage.says(raid, part).await;
    }
    stage.no_longer_says(raid, "Tank").await;
    stage.ends().await;
}

#[tokio::test]
async fn the_form_is_filled_from_the_template_and_what_is_cleared_stays_clear() {
    let stage = Stage::new().await;
    saved(&stage).await;
    let form = stage.joao().runs("event create", json!({"template": "Raid night"})).await;
    let filled = ["duration", "description", "capacity"].map(|field| form.filled(field));
    assert_eq!(filled, ["3h", "Bring potions", "8"]);
    let words = json!({"title": "Form raid", "when": "sunday 20:00", "description": ""});
    form.submits(words).await.says("**Form raid** is planned.");
    let seen = stage.joao().runs("event show", json!({"event": "Form raid"})).await;
    assert!(seen.text().contains("Healer") && !seen.text().contains("potions"), "{}", seen.text());
    stage.ends().await;
}

#[tokio::test]
async fn templates_are_suggested_listed_deleted_and_brought_back() {
    let stage = Stage::new().await;
    let (joao, zofia) = (stage.joao(), stage.zofia());
    joao.runs("template list", json!({})).await.says("There is no template yet.");
    saved(&stage).await;
    let taken = json!({"event": "Raid", "name": "RAID NIGHT"});
    joao.runs("template save", taken).await.says("There is a template named \"RAID NIGHT\"");
    joao.runs("template list", json!({})).await.says("**Raid night** · 3h, answers Tank");
    let suggested = joao.types("event create", "template", "NIGHT").await;
    assert_eq!(suggested.iter().map(|choice| &*choice.name).collect::<Vec<_>>(), ["Raid night"]);
    assert!(zofia.types("event create", "template", "").await.is_empty());
    let deleted = joao.runs("template delete", json!({"name": "raid night"})).await;
    deleted.says("The template **Raid night** is deleted");
    let gone = json!({"title": "A", "when": "sunday 20:00", "template": "Raid night"});
    joao.runs("event create", gone).await.says("There is no template named \"Raid night\"");
    deleted.taps("Undo").await.says("The template is back.");
    joao.runs("template list", json!({})).await.says("**Raid night**");
    stage.ends().await;
}

#[tokio::test]
async fn saving_a_template_is_taken_back_within_a_quarter_of_an_hour() {
    let stage = Stage::new().await;
    let joao = stage.joao();
    stage.event("Raid", "tomorrow 20:00").await;
    let save =
        async |name: &str| joao.runs("template save", json!({"event": "Raid", "name": name})).await;
    let first = save("First").await;
    stage.passes(16).await;
    let second = save("Second").await;
    first.taps("Undo").await.says("15 minutes");
    let taken_back = second.taps("Undo").await;
    taken_back.says("The template **Second** is deleted");
    let listed = joao.runs("template list", json!({})).await;
    assert!(!listed.says("**First**").text().contains("Second"), "{}", listed.text());
    taken_back.taps("Undo").await.says("The template is back.");
    joao.runs("template list", json!({})).await.says("**Second**");
    stage.ends().await;
}

#[tokio::test]
async fn a_template_is_replaced_by_another_event_and_comes_back() {
    let stage = Stage::new().await;
    let joao = stage.joao();
    saved(&stage).await;
    stage.event_with("Walk", "tomorrow 14:00", json!({"duration": "1h"})).await;
    let save = json!({"event": "Walk", "name": "RAID night"});
    let late = joao.runs("template save", save.clone()).await;
    let refused = joao.runs("template save", save).await;
    refused.says("There is a template named \"RAID night\" already");
    let replaced = refused.taps("Replace it").await;
    replaced.says("The template **Raid night** is replaced: 1h, answers Yes / No / Maybe");
    joao.runs("template list", json!({})).await.says("**Raid night** · 1h, answers Yes");
    late.taps("Replace it").await.says("was replaced or deleted meanwhile");
    replaced.taps("Undo").await.says("The template **Raid night** is as it was before.");
    joao.runs("template list", json!({})).await.says("**Raid night** · 3h, answers Tank");
    stage.ends().await;
}

#[tokio::test]
async fn templates_are_for_organisers() {
    let stage = Stage::new().await;
    saved(&stage).await;
    let zofia = stage.zofia();
    for (command, options) in [
        ("template list", json!({})),
        ("template save", json!({"event": "Raid", "name": "Mine"})),
        ("template delete", json!({"name": "Raid night"})),
        ("event create", json!({"title": "A", "when": "20:00", "template": "Raid night"})),
    ] {
        zofia.runs(command, options).await.says("Only organisers can do this.");
    }
    stage.joao().runs("template list", json!({})).await.says("**Raid night**");
    stage.ends().await;
}

#[tokio::test]
async fn reminders_of_an_events_own_go_along_with_a_template_and_a_duplicate() {
    let stage = Stage::new().await;
    stage.event("Raid", "tomorrow 20:00").await;
    let joao = stage.joao();
    joao.runs("reminders add", json!({"event": "Raid", "when": "2h before"})).await;
    let own = joao.runs("reminders view", json!({"event": "Raid"})).await.text().to_owned();
    assert!(own.contains("2h before"), "{own}");
    let save = json!({"event": "Raid", "name": "Raid night"});
    joao.runs("template save", save).await.says("4 reminders of its own");
    stage.event_with("Second raid", "sunday 20:00", json!({"template": "Raid night"})).await;
    let form = joao.runs("event duplicate", json!({"event": "Raid"})).await;
    form.submits(json!({"title": "Third raid", "when": "sunday 21:00"})).await;
    for other in ["Second raid", "Third raid"] {
        let seen = joao.runs("reminders view", json!({"event": other})).await;
        seen.says("2h before");
    }
    stage.ends().await;
}
