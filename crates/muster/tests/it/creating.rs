//! How an event comes into being: by one line, by a form, as a copy of another.

use muster_sim::Answer;
use muster_sim::world::{NewChannel, NewRole, OverwriteTarget, Permissions};
use serde_json::json;

use crate::stage::Stage;
use crate::words;

#[tokio::test]
async fn one_line_creates_an_event_and_says_how_it_was_understood() {
    let stage = Stage::new().await;
    let options = json!({"title": "Raid", "when": "tomorrow 8pm"});
    let seen = stage.joao().runs("event create", options).await;
    seen.says("**Raid** is planned.")
        .says("Understood as **Sat 13 Mar 2027, 20:00 – 22:00** (Europe/Berlin)")
        .says("[Edit]")
        .says("[Undo]");
    let raid = stage.posted(&seen).await;
    for fact in ["Raid", "Hosted by @João", "<t:1804964400:F>", "<t:1804971600:t>", "[⋯]"] {
        stage.says(raid, fact).await;
    }
    stage.ends().await;
}

#[tokio::test]
async fn all_options_arrive_on_the_post() {
    let stage = Stage::new().await;
    let lanterns = stage.role("Lanterns");
    let options = json!({
        "title": "Walk", "when": "sunday 14:00", "duration": "90m", "description": "To the lake",
        "location": "Old bridge", "channel": stage.demo.general.to_string(), "capacity": 12,
        "mention": lanterns.to_string(),
    });
    let seen = stage.joao().runs("event create", options).await;
    seen.says("Sun 14 Mar 2027, 14:00 – 15:30");
    let post = stage.posted(&seen).await;
    let message = stage.sim.world(|world| world.message(post).unwrap().clone());
    assert_eq!(message.channel, stage.demo.general);
    assert_eq!(message.pings.roles.into_iter().collect::<Vec<_>>(), [lanterns]);
    assert!(message.pings.users.is_empty() && !message.pings.everyone);
    for fact in ["To the lake", "Where: Old bridge", "Places: 0 of 12 · 12 free"] {
        stage.says(post, fact).await;
    }
    stage.ends().await;
}

#[tokio::test]
async fn answers_can_be_put_together_before_the_event_is_posted() {
    let stage = Stage::new().await;
    let joao = stage.joao();
    let editor = json!({"title": "Raid", "when": "tomorrow 8pm", "options": "editor"});
    let seen = joao.runs("event create", editor.clone()).await;
    seen.says("Understood as **Sat 13 Mar 2027, 20:00").says("It is not posted yet");
    let form = seen.taps("Add an answer").await;
    let seen = form.submits(json!({"label": "Late", "emoji": "🐌", "places": "3"})).await;
    stage.passes(10).await;
    assert!(stage.messages(stage.demo.events).is_empty(), "nobody saw it");
    seen.says("🐌 **Late**").taps("Post it").await.says("is being posted");
    let post = stage.has_posts("Raid", 1).await;
    stage.says(post, "🐌 Late (0/3)").await;
    let editor = json!({"title": "Walk", "when": "tomorrow 8pm", "options": "Editor"});
    joao.runs("event create", editor).await.says("is posted");
    stage.passes(14).await;
    assert_eq!(stage.messages(stage.demo.events).len(), 1, "it waits");
    stage.passes(2).await;
    stage.has_posts("Walk", 1).await;
    stage.ends().await;
}

#[tokio::test]
async fn answers_of_a_series_can_be_put_together_before_its_first_date_is_posted() {
    let mut stage = Stage::new().await;
    let series = |title, when, repeat| json!({"title": title, "when": when, "options": "editor", "repeat": repeat});
    let seen = stage.joao().runs("event create", series("Raid", "today 22:00", "every day")).await;
    seen.says("Understood as **every day**").says("Nothing of it is posted yet.");
    let form = seen.taps("Add an answer").await;
    let seen = form.submits(json!({"label": "Late", "emoji": "🐌", "places": "3"})).await;
    stage.passes(10).await;
    assert!(stage.messages(stage.demo.events).is_empty(), "nobody saw it");
    seen.says("🐌 **Late**").taps("Post it").await.says("is being posted");
    let post = stage.has_posts("Raid", 1).await;
    stage.says(post, "🐌 Late (0/3)").await;

    let seen = stage.joao().runs("event create", series("Walk", "today 23:00", "every day")).await;
    let form = seen.says("or at once with *Post it*").taps("Add an answer").await;
    form.submits(json!({"label": "Later"})).await;
    stage.passes(10).await;
    stage.restarts().await;
    stage.passes(4).await;
    assert!(stage.series_posts("Walk").is_empty(), "it waits");
    stage.passes(2).await;
    let post = stage.has_posts("Walk", 1).await;
    stage.says(post, "Later (0)").await;

    // What is posted much later waits for nothing.
    let club = series("Club", "tuesday 8pm", "every tuesday");
    let seen = stage.joao().runs("event create", club).await;
    seen.says("The first date is posted").says("[Back]");
    assert!(!seen.text().contains("Post it"), "{}", seen.text());
    let form = seen.taps("Add an answer").await;
    form.submits(json!({"label": "Latest"})).await.taps("Back").await.taps("End the series").await;
    stage.passes(24 * 60).await;
    for (title, label) in [("Raid", "🐌 Late (0/3)"), ("Walk", "Later (0)")] {
        let post = stage.has_posts(title, 2).await;
        stage.says(post, label).await;
    }
    stage.ends().await;
}

#[tokio::test]
async fn without_options_a_form_asks_and_creates() {
    let stage = Stage::new().await;
    let form = stage.joao().runs("event create", json!({})).await;
    assert_eq!(form.form().title, "New event");
    let values = json!({"title": "Raid", "when": "tomorrow 20:00", "capacity": "5"});
    let raid = stage.posted(&form.submits(values).await).await;
    stage.says(raid, "Places: 0 of 5").await;
    stage.ends().await;
}

#[tokio::test]
async fn the_form_begins_with_what_was_given_and_keeps_what_it_cannot_show() {
    let stage = Stage::new().await;
    let lanterns = stage.role("Lanterns");
    let options = json!({
        "title": "Walk", "duration": "90m", "location": "Old bridge",
        "channel": stage.demo.general.to_string(), "mention": lanterns.to_string(),
    });
    let form = stage.joao().runs("event create", options).await;
    assert_eq!((form.filled("title"), form.filled("duration")), ("Walk", "90m"));
    let post = stage.posted(&form.submits(json!({"when": "sunday 14:00"})).await).await;
    let message = stage.sim.world(|world| world.message(post).unwrap().clone());
    assert_eq!(message.channel, stage.demo.general);
    assert!(message.pings.roles.contains(&lanterns));
    stage.says(post, "Where: Old bridge").await;
    stage.ends().await;
}

#[tokio::test]
async fn with_a_time_alone_the_form_asks_for_the_title() {
    let stage = Stage::new().await;
    let form = stage.joao().runs("event create", json!({"when": "tomorrow 20:00"})).await;
    assert_eq!((form.filled("title"), form.filled("when")), ("", "tomorrow 20:00"));
    let raid = stage.posted(&form.submits(json!({"title": "Raid"})).await).await;
    stage.says(raid, "<t:1804964400:F>").await;
    stage.ends().await;
}

#[tokio::test]
async fn a_scheduler_that_is_awake_leaves_a_new_post_to_who_creates_it() {
    for _ in 0..8 {
        // The scheduler has just sent the greetings, and looks whether more is due.
        let stage = Stage::new().await;
        let options = json!({"title": "Raid", "when": "tomorrow 20:00"});
        let seen = stage.joao().runs("event create", options).await;
        seen.says("Posted in").says("https://discord.com/channels/");
        stage.ends().await;
    }
}

#[tokio::test]
async fn the_events_channel_of_the_server_takes_the_posts() {
    let stage = Stage::new().await;
    let general = stage.demo.general;
    stage.ada().runs("settings", json!({})).await.picks("m1:Sc", &[&general.to_string()]).await;
    let raid = stage.event("Raid", "tomorrow 20:00").await;
    assert_eq!(stage.sim.world(|world| world.message(raid).unwrap().channel), general);
    stage.ends().await;
}

#[tokio::test]
async fn undo_removes_the_event_and_its_post() {
    let stage = Stage::new().await;
    let before = stage.everything().await;
    let options = json!({"title": "Raid", "when": "tomorrow 20:00"});
    let seen = stage.joao().runs("event create", options).await;
    let raid = stage.posted(&seen).await;
    seen.taps("Undo").await.says("**Raid** was taken back");
    stage.is_gone(raid).await;
    assert_eq!(stage.everything().await, before);
    stage.ends().await;
}

#[tokio::test]
async fn a_copy_takes_place_at_another_time_with_all_else_the_same() {
    let stage = Stage::new().await;
    let more = json!({"duration": "3h", "location": "Old bridge", "capacity": 7});
    let first = stage.event_with("Raid", "tomorrow 20:00", more).await;
    stage.zofia().taps(first, "Yes").await;
    let options = json!({"event": "Raid", "when": "20 March 20:00"});
    let seen = stage.joao().runs("event duplicate", options).await;
    seen.says("Sat 20 Mar 2027, 20:00 – 23:00");
    let second = stage.posted(&seen).await;
    assert_ne!(first, second);
    stage.says(second, "Where: Old bridge").await;
    stage.says(second, "Places: 0 of 7").await;
    stage.shows(second, "nobody").await;
    stage.ends().await;
}

#[tokio::test]
async fn a_copy_closes_when_it_is_said_and_goes_where_it_is_said() {
    let stage = Stage::new().await;
    stage.event_with("Raid", "20 March 20:00", json!({"close": "2 days"})).await;
    let soon = json!({"event": "Raid", "when": "tomorrow 20:00"});
    stage.joao().runs("event duplicate", soon).await.says("say with `close` that they close later");
    let chat = stage.forum(NewChannel::text("raids-here"));
    let soon = json!({"event": "Raid", "when": "tomorrow 20:00–23:30", "close": "1h",
        "channel": chat.to_string()});
    let seen = stage.joao().runs("event duplicate", soon).await;
    seen.says("20:00 – 23:30");
    let copy = stage.posted(&seen).await;
    assert_eq!(stage.sim.world(|world| world.message(copy).unwrap().channel), chat);
    stage.ends().await;
}

#[tokio::test]
async fn an_event_whose_title_is_a_number_can_be_named_by_it() {
    let stage = Stage::new().await;
    stage.event("1984", "tomorrow 20:00").await;
    stage.joao().runs("event show", json!({"event": "1984"})).await.says("1984");
    let nothing = stage.joao().runs("event show", json!({"event": "1985"})).await;
    nothing.says("There is no such event here");
    stage.ends().await;
}

#[tokio::test]
async fn without_a_time_the_copy_is_a_form() {
    let stage = Stage::new().await;
    let first = stage.event_with("Raid", "tomorrow 20:00", json!({"location": "Bridge"})).await;
    let form = stage.joao().runs("event duplicate", json!({"event": "Raid"})).await;
    assert_eq!((form.filled("title"), form.filled("when")), ("Raid", ""));
    let seen = form.submits(json!({"title": "Raid again", "when": "in 2 hours"})).await;
    let second = stage.posted(&seen).await;
    stage.says(second, "Where: Bridge").await;
    assert_ne!(stage.key(first), stage.key(second));
    stage.ends().await;
}

#[tokio::test]
async fn an_event_can_be_posted_into_a_voice_channels_chat() {
    let stage = Stage::new().await;
    let voice = stage.voice_channel();
    let options = json!({"title": "Raid", "when": "tomorrow 20:00"});
    let seen = stage.joao().goes_to(voice).runs("event create", options).await;
    let raid = stage.posted(&seen).await;
    assert_eq!(stage.sim.world(|world| world.message(raid).unwrap().channel), voice);
    stage.ends().await;
}

#[tokio::test]
async fn help_and_an_empty_list_lead_to_the_form() {
    let stage = Stage::new().await;
    for command in ["help", "event list"] {
        let seen = stage.joao().runs(command, json!({})).await;
        assert_eq!(seen.taps("Create an event").await.form().title, "New event");
    }
    stage.ends().await;
}

#[tokio::test]
async fn what_people_write_notifies_nobody() {
    let stage = Stage::new().await;
    let text = format!("@everyone <@{}> <@&{}>", stage.zofia().id(), stage.role("Lanterns"));
    let more = json!({"description": text, "location": text});
    let raid = stage.event_with("@everyone come", "tomorrow 20:00", more).await;
    let message = stage.sim.world(|world| world.message(raid).unwrap().clone());
    assert_eq!(message.pings, muster_sim::world::Pings::default());
    let everything = stage.sim.world(|world| words::words(world, &message));
    assert!(everything.contains("@everyone come"), "{everything}");
    stage.ends().await;
}

#[tokio::test]
async fn a_form_that_nobody_hands_in_leaves_nothing_behind() {
    let stage = Stage::new().await;
    let before = stage.everything().await;
    let form = stage.joao().runs("event create", json!({"location": "Bridge"})).await;
    assert!(matches!(form.answer, Answer::Modal(_)));
    assert_eq!(stage.everything().await, before);
    stage.ends().await;
}

#[tokio::test]
async fn nobody_has_a_role_notified_that_they_may_not_mention_themselves() {
    let stage = Stage::new().await;
    let (guild, joao) = (stage.demo.guild, stage.joao());
    let everyone = OverwriteTarget::Member(joao.id());
    stage.denies(stage.demo.events, everyone, Permissions::MENTION_EVERYONE);
    let quiet = NewRole::named("Quiet", Permissions::NONE);
    let quiet = stage.sim.world(|world| world.add_role(guild, quiet));
    let before = stage.everything().await;
    let options = json!({
        "title": "Raid", "when": "tomorrow 20:00", "mention": quiet.to_string(),
    });
    let refused = joao.runs("event create", options.clone()).await;
    refused.says(&format!("You may not mention <@&{quiet}>"));
    assert_eq!(stage.everything().await, before);
    // Whom the server chose for its events may be notified by each of its organisers.
    let panel = stage.ada().runs("settings", json!({})).await;
    panel.picks("m1:Sm", &[&quiet.to_string()]).await;
    let raid = stage.posted(&joao.runs("event create", options).await).await;
    let mention = format!("<@&{quiet}>");
    assert!(stage.sim.world(|world| world.message(raid).unwrap().content.contains(&mention)));
    stage.ends().await;
}

#[tokio::test]
async fn answers_are_written_in_one_line() {
    let stage = Stage::new().await;
    let words = "🛡 Tank 1, 💚 Healer 3, ⚔ Damage 10, Bench, Absent";
    let options = json!({"title": "Raid", "when": "tomorrow 8pm", "options": words});
    let seen = stage.joao().runs("event create", options).await;
    let raid = stage.posted(&seen).await;
    for fact in ["🛡 Tank (0/1)", "💚 Healer (0/3)", "Bench (0)", "[Absent]", "[⋯]"] {
        stage.says(raid, fact).await;
    }
    stage.zofia().taps(raid, "Tank").await;
    stage.mikko().taps(raid, "Tank").await;
    stage.says(raid, "🛡 Tank (1/1)").await;
    stage.says(raid, "Waitlist (1)").await;
    stage.ends().await;
}

#[tokio::test]
async fn a_ready_made_set_of_answers_is_named_and_outlives_the_form() {
    let stage = Stage::new().await;
    let form = stage.joao().runs("event create", json!({"options": "shift"})).await;
    let seen = form.submits(json!({"title": "Bar", "when": "tomorrow 8pm"})).await;
    let bar = stage.posted(&seen).await;
    stage.says(bar, "On duty (0/1)").await;
    stage.ends().await;
}

#[tokio::test]
async fn more_than_nine_answers_are_a_list() {
    let stage = Stage::new().await;
    let words = (1..=12).map(|n| format!("Team {}", char::from(b'A' + n))).collect::<Vec<_>>();
    let options = json!({"title": "Quiz", "when": "tomorrow 8pm", "options": words.join(", ")});
    let seen = stage.joao().runs("event create", options).await;
    let quiz = stage.posted(&seen).await;
    stage.says(quiz, "Team M (0)").await;
    let message = stage.sim.world(|world| world.message(quiz).unwrap().clone());
    assert_eq!(message.components[0]["components"][0]["type"], 3, "one list");
    stage.ends().await;
}

#[tokio::test]
async fn answers_that_cannot_be_are_refused_and_nothing_is_created() {
    let stage = Stage::new().await;
    for (words, says) in [
        ("Yes, No, yes", "is there twice"),
        ("Tank 0", "an impossible number of places"),
        (",,", "names no answer"),
    ] {
        let options = json!({"title": "Raid", "when": "tomorrow 8pm", "options": words});
        stage.joao().runs("event create", options).await.says(says);
    }
    stage.joao().runs("event list", json!({})).await.says("Nothing is planned");
    stage.ends().await;
}
