//! The weekly schedule: set up once, posted week after week.

use serde_json::json;

use crate::stage::Stage;

const HOUR: u64 = 60;
const DAY: u64 = 24 * HOUR;

/// From Friday at 19:00, when stories begin, to Monday at 9:00.
const TO_MONDAY: u64 = 2 * DAY + 14 * HOUR;

impl Stage {
    fn titles(&self) -> Vec<String> {
        let all = self.messages(self.demo.events);
        let cards = all.iter().filter_map(|message| message.embeds.first());
        let titles = cards.filter_map(|card| card["title"].as_str().map(ToOwned::to_owned));
        titles.collect()
    }

    async fn has_titles(&self, titles: &[&str]) {
        let events = self.demo.events;
        self.until(&format!("posts of {titles:?}"), |world| {
            let all = world.messages(events);
            let cards = all.filter_map(|message| message.embeds.first());
            let found: Vec<_> = cards.filter_map(|card| card["title"].as_str()).collect();
            (found == titles).then_some(())
        })
        .await;
    }
}

#[tokio::test]
async fn a_week_is_set_up_day_by_day_and_another_organiser_goes_on() {
    let stage = Stage::new().await;
    let monday = stage.joao().runs("schedule setup", json!({})).await;
    monday.says("## Monday").says("Day 1 of 7").says("[Nothing on this day]");
    let form = monday.taps("Plan an event").await;
    let day = json!({"title": "Raid", "time": "8pm to 10pm", "fields": "Outfit: kilt"});
    let monday = form.submits(day).await;
    monday.says("20:00 – 22:00 Raid · Outfit\\: kilt").says("[One more event]");
    let tuesday = monday.taps("Next day").await;
    tuesday.says("## Tuesday").says("Day 2 of 7");
    // Somebody else goes on from there.
    let tuesday = stage.ada().runs("schedule setup", json!({})).await;
    tuesday.says("## Tuesday");
    let mut panel = tuesday.taps("Nothing on this day").await;
    for day in ["Wednesday", "Thursday", "Friday", "Saturday"] {
        panel.says(&format!("## {day}"));
        panel = panel.taps("Nothing on this day").await;
    }
    panel.says("## Sunday").taps("Done").await.says("The week is set up.");
    stage.ada().runs("schedule view", json!({})).await.says("20:00 – 22:00 Raid");
    stage.passes(TO_MONDAY).await;
    stage.has_titles(&["Raid"]).await;
    let text = stage.messages(stage.demo.events)[0].embeds[0]["description"].clone();
    assert!(text.as_str().unwrap().contains("**Outfit:** kilt"), "{text}");
    stage.passes(7 * DAY).await;
    stage.has_titles(&["Raid", "Raid"]).await;
    stage.ends().await;
}

#[tokio::test]
async fn a_day_can_have_several_events_and_be_emptied() {
    let stage = Stage::new().await;
    let joao = stage.joao();
    for (title, time) in [("Raid", "20:00"), ("Walk", "14:00")] {
        let set = json!({"day": "1", "title": title, "time": time, "fields": "Meet: bridge; Bring: rope"});
        joao.runs("schedule set", set)
            .await
            .says("Every Monday")
            .says("Meet\\: bridge, Bring\\: rope");
    }
    stage.passes(TO_MONDAY).await;
    stage.has_titles(&["Raid", "Walk"]).await;
    let cleared = joao.runs("schedule clear", json!({"day": "1"})).await;
    cleared.says("**Monday** is empty from now on.").says("14:00 – 16:00 Walk");
    joao.runs("schedule clear", json!({"day": "1"})).await.says("Nothing is planned on Monday.");
    stage.passes(7 * DAY).await;
    assert_eq!(stage.titles().len(), 2);
    cleared.taps("Plan it again").await.says("Every Monday");
    stage.passes(7 * DAY).await;
    stage.has_titles(&["Raid", "Walk", "Walk"]).await;
    stage.ends().await;
}

#[tokio::test]
async fn the_week_rests_where_it_is_skipped() {
    let stage = Stage::new().await;
    let joao = stage.joao();
    let set = json!({"day": "1", "title": "Raid", "time": "20:00"});
    joao.runs("schedule set", set).await;
    let skip = json!({"from": "mon", "to": "22 march"});
    let skipped = joao.runs("schedule skip", skip).await;
    skipped.says("The weekly schedule is paused **Mon 15 Mar 2027 to Mon 22 Mar 2027**");
    stage.passes(TO_MONDAY + 7 * DAY).await;
    assert!(stage.titles().is_empty());
    joao.runs("schedule view", json!({})).await.says("⏸ Paused");
    skipped.taps("Resume").await.says("## Weekly schedule");
    stage.has_titles(&["Raid"]).await;
    joao.runs("schedule skip", json!({"from": "someday"})).await.says("names no day from today on");
    let backwards = json!({"from": "1 may", "to": "30 april"});
    joao.runs("schedule skip", backwards).await.says("The last day is before the first");
    stage.ends().await;
}

#[tokio::test]
async fn a_days_events_are_posted_at_once_and_keep_their_answers() {
    let stage = Stage::new().await;
    let joao = stage.joao();
    joao.runs("schedule post", json!({})).await.says("Nothing is planned on Friday.");
    let set = json!({"day": "1", "title": "Raid", "time": "20:00"});
    joao.runs("schedule set", set).await;
    joao.runs("schedule post", json!({"day": "1"})).await.says("is being posted");
    stage.has_titles(&["Raid"]).await;
    let post = stage.post_of("Raid").await;
    stage.zofia().taps(post, "Yes").await;
    let again = joao.runs("schedule post", json!({"day": "1"})).await;
    again.says("is posted already, and brought up to date with its answers");
    stage.passes(TO_MONDAY).await;
    stage.has_titles(&["Raid"]).await;
    stage.ends().await;
}

#[tokio::test]
async fn a_day_is_posted_with_its_own_event_wherever_that_or_another_was_moved() {
    let stage = Stage::new().await;
    let joao = stage.joao();
    joao.runs("schedule set", json!({"day": "1", "title": "Raid", "time": "20:00"})).await;
    joao.runs("schedule post", json!({"day": "1"})).await.says("is being posted");
    stage.has_titles(&["Raid"]).await;
    let form = joao.runs("event edit", json!({"event": "Raid"})).await;
    form.submits(json!({"when": "tue 21:00"})).await.says("is changed");
    joao.runs("schedule post", json!({"day": "1"})).await.says("is posted already");
    let there = json!({"day": "1", "channel": stage.demo.general.to_string()});
    joao.runs("schedule post", there).await.says("moves to");
    // It is put off to the Monday after, which has an event of its own.
    stage.passes(3 * DAY).await;
    let form = joao.runs("event edit", json!({"event": "Raid"})).await;
    form.submits(json!({"when": "22 march 15:00"})).await.says("is changed");
    stage.passes(DAY).await;
    joao.runs("schedule post", json!({"day": "1"})).await.says("is being posted");
    stage.has_titles(&["Raid"]).await;
    stage.ends().await;
}

#[tokio::test]
async fn a_day_posted_again_has_its_post_edited_moved_or_made_again() {
    let stage = Stage::new().await;
    let joao = stage.joao();
    joao.runs("schedule set", json!({"day": "1", "title": "Raid", "time": "20:00"})).await;
    joao.runs("schedule post", json!({"day": "1"})).await;
    let post = stage.post_of("Raid").await;
    stage.zofia().taps(post, "Yes").await;
    stage.shows(post, "Yes: Zofia").await;
    let edits =
        |stage: &Stage| stage.sim.counts().requests_to("PATCH /channels/{id}/messages/{id}");
    let before = edits(&stage);
    joao.runs("schedule post", json!({"day": "1"})).await.says("brought up to date");
    while edits(&stage) == before {
        tokio::time::sleep(std::time::Duration::from_millis(5)).await;
    }
    // Used elsewhere, it moves there with its answers.
    let elsewhere = stage.demo.general;
    let there = json!({"day": "1", "channel": elsewhere.to_string()});
    joao.runs("schedule post", there.clone()).await.says("moves to");
    stage.is_gone(post).await;
    let moved = stage.until("the post there", |world| Some(world.messages(elsewhere).last()?.id));
    let moved = moved.await;
    stage.shows(moved, "Yes: Zofia").await;
    // There it stays, until somebody deletes it.
    joao.runs("schedule post", json!({"day": "1"})).await.says("brought up to date");
    stage.deletes(moved);
    stage.until_told("schedule post", there, "is being posted again").await;
    stage.ends().await;
}

#[tokio::test]
async fn organisers_are_nudged_on_mondays_while_nothing_is_planned() {
    let mut stage = Stage::new().await;
    let admin = stage.demo.organisers_only;
    let panel = stage.ada().runs("settings", json!({})).await;
    panel.says("**Weekly nudge:** off");
    let panel = panel.picks("m1:Sa", &[&admin.to_string()]).await;
    panel.taps("Nudge weekly").await.says("**Weekly nudge:** at 09:00");
    let nudges = |world: &muster_sim::World| {
        let all = world.messages(admin);
        all.filter(|message| crate::words::words(world, message).contains("Nothing is planned"))
            .count()
    };
    stage.passes(TO_MONDAY - 1).await;
    assert_eq!(stage.sim.world(|world| nudges(world)), 0);
    // The server has chosen no zone: nine o'clock is that of the operator's zone.
    stage.passes(1).await;
    // A report waits a minute from when it was made, and what a jump of the clock cut off is tried
    // again.
    for _ in 0..20 {
        stage.passes(1).await;
        let patience = std::time::Duration::from_secs(1);
        let came = stage.sim.until(patience, |world| (nudges(world) == 1).then_some(())).await;
        if came.is_some() {
            break;
        }
    }
    stage.until("the nudge", |world| (nudges(world) == 1).then_some(())).await;
    stage.restarts().await;
    stage.passes(HOUR).await;
    assert_eq!(stage.sim.world(|world| nudges(world)), 1, "once");
    stage.joao().runs("schedule set", json!({"day": "5", "title": "Raid", "time": "20:00"})).await;
    stage.passes(4 * DAY).await;
    stage.has_titles(&["Raid"]).await;
    stage.passes(3 * DAY).await;
    stage.passes(2).await;
    assert_eq!(stage.sim.world(|world| nudges(world)), 1, "something is planned");
    stage.ends().await;
}

#[tokio::test]
async fn what_cannot_be_planned_is_said_and_changes_nothing() {
    let stage = Stage::new().await;
    let joao = stage.joao();
    for (wrong, says) in [
        (json!({"day": "1", "title": "Raid", "time": "8"}), "morning or in the evening"),
        (json!({"day": "1", "title": "Raid", "time": "fri 20:00"}), "not a time of day"),
        (
            json!({"day": "1", "title": "Raid", "time": "20:00", "fields": "kilt"}),
            "is not an extra field",
        ),
        (
            json!({"day": "1", "title": "Raid", "time": "20:00", "duration": "long"}),
            "is not a duration",
        ),
    ] {
        joao.runs("schedule set", wrong).await.says(says);
    }
    joao.runs("schedule view", json!({})).await.says("[Set up the week]");
    stage.zofia().runs("schedule view", json!({})).await.says("organiser");
    stage.ends().await;
}

#[tokio::test]
async fn a_form_that_is_not_taken_is_given_back_as_it_was_filled_in() {
    let stage = Stage::new().await;
    let monday = stage.joao().runs("schedule setup", json!({})).await;
    let form = monday.taps("Plan an event").await;
    let long = "All that is to be known. ".repeat(16);
    let slip = json!({"title": "Raid", "time": "8", "description": long, "fields": "Outfit: kilt"});
    let refused = form.submits(slip).await;
    refused.says("morning or in the evening");
    let form = refused.taps("Change it").await;
    assert_eq!(form.filled("description").trim(), long.trim());
    assert_eq!((form.filled("title"), form.filled("fields")), ("Raid", "Outfit: kilt"));
    form.submits(json!({"time": "8pm"})).await.says("## Monday").says("20:00 – 22:00 Raid");
    let said = json!({"day": "2", "title": "Walk", "time": "8", "fields": "Shoes: good ones"});
    let form = stage.joao().runs("schedule set", said).await.taps("Change it").await;
    assert_eq!(form.filled("fields"), "Shoes: good ones");
    form.submits(json!({"time": "7pm"})).await.says("**Every Tuesday**").says("Walk");
    stage.ends().await;
}
