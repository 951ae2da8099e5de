//! Series: what repeats is posted when its time comes, changed and skipped by its organisers.

use muster_sim::ids::MessageId;
use muster_sim::world::{NewRole, OverwriteTarget, Permissions, World};
use serde_json::json;

use crate::people::Seen;
use crate::stage::Stage;

const HOUR: u64 = 60;
const DAY: u64 = 24 * HOUR;

/// From Friday at 19:00, when stories begin, to Tuesday at 9:00.
const TO_TUESDAY: u64 = 3 * DAY + 14 * HOUR;

impl Stage {
    /// The posts of this title in `#events`.
    pub(crate) fn series_posts(&self, title: &str) -> Vec<MessageId> {
        let all = self.messages(self.demo.events);
        let ours = all.into_iter().filter(|m| m.embeds.iter().any(|card| card["title"] == title));
        ours.map(|message| message.id).collect()
    }

    /// Waits until there are so many posts of this title; returns the newest.
    pub(crate) async fn has_posts(&self, title: &str, count: usize) -> MessageId {
        let events = self.demo.events;
        let what = format!("{count} posts of {title}");
        self.until(&what, |world| {
            let all = world.messages(events);
            let ours = all.filter(|m| m.embeds.iter().any(|card| card["title"] == title));
            let ids: Vec<_> = ours.map(|message| message.id).collect();
            (ids.len() == count).then(|| ids.last().copied()).flatten()
        })
        .await
    }

    async fn series(&self, title: &str, when: &str, repeat: &str) -> Seen {
        let options = json!({"title": title, "when": when, "repeat": repeat});
        self.joao().runs("event create", options).await
    }
}

#[tokio::test]
async fn a_series_is_posted_on_the_morning_of_each_of_its_days() {
    let stage = Stage::new().await;
    let panel = stage.series("Raid", "tue 8pm", "every tue & thu").await;
    panel.says("every Tuesday and Thursday**, 20:00 – 22:00 (Europe/Berlin)");
    panel.says("Posted on the day at 09:00");
    stage.passes(TO_TUESDAY - 1).await;
    assert!(stage.series_posts("Raid").is_empty(), "not before its time");
    stage.passes(1).await;
    let tuesday = stage.has_posts("Raid", 1).await;
    stage.zofia().taps(tuesday, "Yes").await;
    stage.passes(2 * DAY).await;
    let thursday = stage.has_posts("Raid", 2).await;
    stage.zofia().taps(thursday, "No").await;
    stage.passes(3 * DAY).await;
    assert_eq!(stage.series_posts("Raid").len(), 2, "nothing on other days");
    stage.ends().await;
}

#[tokio::test]
async fn reminders_of_one_date_can_be_those_of_all_that_follow() {
    let stage = Stage::new().await;
    stage.series("Raid", "tue 8pm", "every tue & thu").await;
    stage.passes(TO_TUESDAY).await;
    stage.has_posts("Raid", 1).await;
    let late = json!({"event": "Raid", "when": "10m after", "audience": "everyone"});
    let added = stage.ada().runs("reminders add", late).await;
    let series = added.says("This event has its own reminders.").taps("All following, too").await;
    series.says("reminders of their own: at 16:00, 1h before, 15m before, 10m after");
    let events = stage.demo.events;
    let reminded = |count| {
        move |world: &World| {
            let all = world.messages(events).filter(|one| one.content.starts_with("Reminder:"));
            (all.count() == count).then_some(())
        }
    };
    stage.passes(11 * HOUR + 11).await;
    stage.until("a reminder ten minutes after the first start", reminded(1)).await;
    stage.passes(36 * HOUR + 49).await;
    stage.has_posts("Raid", 2).await;
    stage.passes(11 * HOUR + 11).await;
    stage.until("and one ten minutes after the second", reminded(2)).await;
    stage.ends().await;
}

#[tokio::test]
async fn what_can_repeat_in_two_ways_is_asked_about() {
    let stage = Stage::new().await;
    let asked = stage.series("Feast", "fri 8pm", "every 2nd friday").await;
    asked.says("That can repeat in more than one way.");
    let panel = asked.taps("every 2 weeks on Friday").await;
    panel.says("every 2 weeks on Friday**, 20:00 – 22:00");
    stage.ends().await;
}

#[tokio::test]
async fn suggestions_name_the_next_dates() {
    let stage = Stage::new().await;
    let suggested = stage.joao().types("event create", "repeat", "every tue").await;
    assert_eq!(
        suggested[0].name,
        "Tue 16 Mar 2027, Tue 23 Mar 2027, Tue 30 Mar 2027: every Tuesday"
    );
    assert_eq!(suggested[0].value, "every Tuesday");
    let both = stage.joao().types("event create", "repeat", "every 2nd friday").await;
    assert_eq!(both.len(), 2);
    let weekly = json!({"when": "fri 8pm", "repeat": "weekly"});
    let weekly = stage.joao().types_in("event create", "repeat", weekly).await;
    let dates = "Fri 12 Mar 2027, Fri 19 Mar 2027, Fri 26 Mar 2027: ";
    assert!(weekly[0].name.starts_with(dates), "{}", weekly[0].name);
    let unclear = json!({"when": "fri 8", "repeat": "weekly"});
    let unclear = stage.joao().types_in("event create", "repeat", unclear).await;
    assert!(!unclear[0].name.contains("2027"), "{}", unclear[0].name);
    let rule = "RRULE:FREQ=DAILY;COUNT=9\nEXDATE:20270313T200000,20270314T200000,20270315T200000,\
                20270316T200000,20270317T200000";
    assert!(rule.len() > 100);
    let long = json!({"when": "fri 8pm", "repeat": rule});
    let long = stage.joao().types_in("event create", "repeat", long).await;
    assert!(long.iter().all(|choice| !choice.value.to_string().contains('…')), "{long:?}");
    let refused = stage.series("Raid", "tue 8pm", "now and then").await;
    refused.says("every Tuesday and Thursday");
    stage.ends().await;
}

#[tokio::test]
async fn one_date_can_be_skipped_and_take_place_after_all() {
    let stage = Stage::new().await;
    let panel = stage.series("Raid", "tue 8pm", "every tuesday").await;
    let date = panel.picks("m1:Wd", &[&first_date(&stage, &panel)]).await;
    date.says("What you change here applies to this date alone.");
    let skipped = date.taps("Skip it").await;
    skipped.says("Tue 16 Mar 2027, 20:00 is skipped.");
    stage.passes(TO_TUESDAY).await;
    assert!(stage.series_posts("Raid").is_empty());
    // It is posted at once, as its morning has begun.
    skipped.taps("Bring it back").await.says("takes place after all.");
    stage.has_posts("Raid", 1).await;
    stage.ends().await;
}

/// The value of the first date in the panel's list.
fn first_date(stage: &Stage, panel: &Seen) -> String {
    let message = stage.joao().user.message(panel.message()).unwrap();
    let all = serde_json::to_string(&message.components).unwrap();
    let begins = all.find("m1:Ws:").unwrap();
    all[begins..].split('"').next().unwrap().to_owned()
}

#[tokio::test]
async fn one_date_can_be_changed_alone_and_is_posted_in_its_turn() {
    let stage = Stage::new().await;
    let panel = stage.series("Raid", "tue 8pm", "every tuesday").await;
    let date = panel.picks("m1:Wd", &[&first_date(&stage, &panel)]).await;
    let form = date.taps("Change it alone").await;
    assert_eq!(form.filled("title"), "Raid");
    form.submits(json!({"title": "Siege"})).await.says("**Siege** is changed.");
    stage.passes(TO_TUESDAY - 1).await;
    assert!(stage.series_posts("Siege").is_empty());
    stage.passes(1).await;
    stage.has_posts("Siege", 1).await;
    stage.passes(7 * DAY).await;
    stage.has_posts("Raid", 1).await;
    stage.ends().await;
}

#[tokio::test]
async fn a_date_that_was_only_looked_at_is_not_made_and_one_changed_alone_can_be_skipped() {
    let stage = Stage::new().await;
    let panel = stage.series("Raid", "tue 8pm", "every tuesday").await;
    let first = first_date(&stage, &panel);
    let date = panel.picks("m1:Wd", &[&first]).await;
    let form = date.taps("Change it alone").await;
    let panel = date.taps("Back").await;
    assert!(!panel.text().contains("(changed alone)"), "{}", panel.text());
    form.submits(json!({"title": "Siege", "when": "tue 21:00"})).await.says("is changed");
    let panel = stage.joao().runs("schedule view", json!({})).await;
    let panel = panel.picks("m1:Wf", &[&open_first(&stage, &panel)]).await;
    panel.says("(changed alone)");
    let date = panel.picks("m1:Wd", &[&first]).await;
    assert_eq!(date.taps("Change it alone").await.filled("title"), "Siege");
    date.taps("Skip it").await.says("is skipped");
    stage.passes(TO_TUESDAY).await;
    stage.passes(7 * DAY).await;
    stage.has_posts("Raid", 1).await;
    assert!(stage.series_posts("Siege").is_empty(), "it was skipped");
    stage.ends().await;
}

#[tokio::test]
async fn a_date_changed_alone_and_skipped_comes_back_as_it_was_changed() {
    let stage = Stage::new().await;
    let panel = stage.series("Raid", "tue 8pm", "every tuesday").await;
    let date = panel.picks("m1:Wd", &[&first_date(&stage, &panel)]).await;
    let form = date.taps("Change it alone").await;
    form.submits(json!({"title": "Siege"})).await.says("**Siege** is changed.");
    let skipped = date.taps("Skip it").await;
    let back = skipped.says("is skipped").taps("Bring it back").await;
    back.says("takes place after all.");
    stage.passes(TO_TUESDAY - 1).await;
    assert!(stage.series_posts("Siege").is_empty(), "not before its time");
    stage.passes(1).await;
    stage.has_posts("Siege", 1).await;
    assert!(stage.series_posts("Raid").is_empty());
    stage.passes(7 * DAY).await;
    stage.has_posts("Raid", 1).await;
    stage.ends().await;
}

/// The value of the first series in the week's list.
fn open_first(stage: &Stage, week: &Seen) -> String {
    let message = stage.joao().user.message(week.message()).unwrap();
    let all = serde_json::to_string(&message.components).unwrap();
    let begins = all.find("m1:W:").unwrap();
    all[begins..].split('"').next().unwrap().to_owned()
}

#[tokio::test]
async fn an_event_that_was_changed_can_change_all_that_follow() {
    let stage = Stage::new().await;
    let panel = stage.series("Raid", "tue 8pm", "every tuesday").await;
    let date = panel.picks("m1:Wd", &[&first_date(&stage, &panel)]).await;
    date.taps("Post it now").await.says("is being posted");
    let post = stage.has_posts("Raid", 1).await;
    stage.joao().taps(post, "⋯").await.taps("Series").await.says("every Tuesday");
    let form = stage.joao().runs("event edit", json!({"event": "Raid"})).await;
    let edited = form.submits(json!({"title": "Siege", "when": "tue 21:00"})).await;
    edited.taps("All following, too").await.says("🔁 Siege").says("21:00 – 23:00");
    stage.has_posts("Siege", 1).await;
    stage.passes(TO_TUESDAY + 7 * DAY).await;
    stage.has_posts("Siege", 2).await;
    stage.ends().await;
}

#[tokio::test]
async fn rules_of_one_date_can_be_those_of_all_that_follow() {
    let stage = Stage::new().await;
    stage.series("Raid", "tue 8pm", "every tue & thu").await;
    stage.passes(TO_TUESDAY).await;
    let tuesday = stage.has_posts("Raid", 1).await;
    let joao = stage.joao();
    // Not by way of "⋯", whose panel has the title of a post.
    let rules = async |post| stage.forged_tap(&joao, &format!("m1:R:{}", stage.key(post))).await;
    let change = rules(tuesday).await.taps("Change").await;
    let changed = change.submits(json!({"guests": "2", "close": "1h"})).await;
    let series = changed.says("up to 2 guests").taps("All following, too").await;
    series.says("every Tuesday and Thursday");
    stage.passes(2 * DAY).await;
    let thursday = stage.has_posts("Raid", 2).await;
    let following = rules(thursday).await;
    following.says("up to 2 guests").says("1 h before the start");
    let change = following.taps("Change").await.submits(json!({"guests": "3"})).await;
    let undone = change.taps("All following, too").await.taps("Undo").await;
    undone.says("every Tuesday and Thursday");
    stage.passes(5 * DAY).await;
    let next = stage.has_posts("Raid", 3).await;
    rules(next).await.says("up to 2 guests");
    let alone = stage.event("Walk", "in 2 hours").await;
    let shown = rules(alone).await;
    assert!(!shown.text().contains("All following"), "{}", shown.text());
    stage.ends().await;
}

#[tokio::test]
async fn the_role_that_one_date_mentions_can_be_that_of_all_that_follow() {
    let stage = Stage::new().await;
    stage.series("Raid", "tue 8pm", "every tue & thu").await;
    stage.passes(TO_TUESDAY).await;
    let tuesday = stage.has_posts("Raid", 1).await;
    let (joao, role) = (stage.joao(), stage.role("Lanterns"));
    let rules = stage.forged_tap(&joao, &format!("m1:R:{}", stage.key(tuesday))).await;
    let chosen = rules.picks("m1:Rm", &[&role.to_string()]).await;
    let everyone = OverwriteTarget::Member(joao.id());
    stage.denies(stage.demo.events, everyone, Permissions::MENTION_EVERYONE);
    let mentionable = |is: bool| {
        let guild = stage.demo.guild;
        stage.sim.world(|world| world.edit_role(guild, role, |role| role.mentionable = is));
    };
    mentionable(false);
    chosen.taps("All following, too").await.says(&format!("You may not mention <@&{role}>"));
    mentionable(true);
    let series = chosen.taps("All following, too").await;
    series.taps("Channel and role").await.says(&format!("where it mentions <@&{role}>"));
    stage.passes(2 * DAY).await;
    let thursday = stage.has_posts("Raid", 2).await;
    let message = stage.sim.world(|world| world.message(thursday).unwrap().clone());
    assert!(message.pings.roles.contains(&role), "{message:?}");
    stage.ends().await;
}

#[tokio::test]
async fn a_change_for_all_that_follow_leaves_alone_what_the_series_has_by_now() {
    let stage = Stage::new().await;
    let panel = stage.series("Raid", "tue 8pm", "every tuesday").await;
    let date = panel.picks("m1:Wd", &[&first_date(&stage, &panel)]).await;
    date.taps("Post it now").await;
    let post = stage.has_posts("Raid", 1).await;
    let series = stage.joao().taps(post, "⋯").await.taps("Series").await;
    let tank = json!({"label": "Tank", "emoji": "🛡", "places": "2"});
    series.taps("Answers").await.taps("Add an answer").await.submits(tank).await;
    let form = stage.joao().runs("event edit", json!({"event": "Raid"})).await;
    let edited = form.submits(json!({"title": "Siege"})).await;
    edited.taps("All following, too").await.says("🔁 Siege");
    stage.passes(TO_TUESDAY + 7 * DAY).await;
    let second = stage.has_posts("Siege", 2).await;
    stage.says(second, "[Tank]").await;
    stage.ends().await;
}

#[tokio::test]
async fn the_answers_of_a_series_are_edited_for_all_dates_still_to_be_posted() {
    let stage = Stage::new().await;
    let panel = stage.series("Raid", "tue 8pm", "every tue & thu").await;
    stage.passes(TO_TUESDAY).await;
    let first = stage.has_posts("Raid", 1).await;
    let list = panel.taps("Answers").await;
    list.says("applies to all dates still to be posted")
        .says("4. 📱 **Mobile** · no limit · coming");
    let tank = json!({"label": "Tank", "emoji": "🛡", "places": "2"});
    let list = list.taps("Add an answer").await.submits(tank).await;
    list.says("5. 🛡 **Tank** · 2 places · coming");
    let one = list.picks("m1:Op", &["3"]).await;
    one.says("📱 Mobile").says("Counts as coming");
    let list = one.taps("Up").await.taps("Remove").await;
    list.says("4. 🛡 **Tank**");
    assert!(!list.text().contains("Mobile"), "nobody picked it: {}", list.text());
    let list = list.taps("Undo").await;
    list.says("3. 📱 **Mobile**").says("5. 🛡 **Tank**");
    let form = list.taps("Edit as text").await;
    form.submits(json!({"words": "Tank 2, Healer, Bench"})).await.says("2. **Healer**");
    stage.says(first, "[Mobile]").await;
    stage.passes(2 * DAY).await;
    let second = stage.has_posts("Raid", 2).await;
    for answer in ["[Tank]", "[Healer]", "[Bench]"] {
        stage.says(second, answer).await;
    }
    stage.ends().await;
}

#[tokio::test]
async fn a_series_is_changed_ended_and_goes_on() {
    let stage = Stage::new().await;
    let panel = stage.series("Raid", "tue 8pm", "every tuesday").await;
    let form = panel.taps("Edit").await;
    assert_eq!(form.filled("repeat"), "every Tuesday");
    let edit =
        json!({"title": "Walk", "repeat": "every monday", "time": "7pm to 8pm", "duration": ""});
    let panel = form.submits(edit).await;
    panel.says("🔁 Walk").says("every Monday**, 19:00 – 20:00");
    let form = panel.taps("When it is posted").await;
    let panel = form.submits(json!({"posting": "2h before"})).await;
    panel.says("Posted 2h before");
    let ended = panel.taps("End the series").await;
    ended.says("This series has ended");
    stage.passes(4 * DAY).await;
    assert!(stage.series_posts("Walk").is_empty());
    ended.taps("Resume").await.says("To come");
    stage.passes(6 * DAY).await;
    stage.has_posts("Walk", 1).await;
    stage.ends().await;
}

#[tokio::test]
async fn a_change_of_a_series_that_is_not_taken_is_given_back() {
    let stage = Stage::new().await;
    let panel = stage.series("Raid", "tue 8pm", "every tuesday").await;
    let slip = json!({"title": "Walk", "time": "8"});
    let refused = panel.taps("Edit").await.submits(slip).await;
    let form = refused.taps("Change it").await;
    assert_eq!((form.filled("title"), form.filled("repeat")), ("Walk", "every Tuesday"));
    let panel = form.submits(json!({"time": "7pm"})).await;
    panel.says("🔁 Walk").says("19:00");
    let refused = panel.taps("When it is posted").await.submits(json!({"posting": "soon"})).await;
    let form = refused.taps("Change it").await;
    assert_eq!(form.filled("posting"), "soon");
    form.submits(json!({"posting": "2h before"})).await.says("Posted 2h before");
    stage.ends().await;
}

#[tokio::test]
async fn a_new_series_can_be_taken_back() {
    let stage = Stage::new().await;
    let panel = stage.series("Raid", "tonight 23:00", "daily").await;
    // Its morning has passed: the first one is posted at once.
    stage.has_posts("Raid", 1).await;
    panel.taps("Undo").await.says("This series has ended");
    let events = stage.demo.events;
    stage
        .until("the post is removed", |world| {
            let mut all = world.messages(events);
            all.all(|m| m.embeds.iter().all(|card| card["title"] != "Raid")).then_some(())
        })
        .await;
    stage.passes(2 * DAY).await;
    assert!(stage.series_posts("Raid").is_empty());
    stage.ends().await;
}

#[tokio::test]
async fn what_was_due_while_the_bot_was_away_is_posted_unless_it_is_over() {
    let mut stage = Stage::new().await;
    stage.series("Raid", "tomorrow 8pm", "daily").await;
    stage.stops().await;
    // To Monday at 21:00: those of Saturday and Sunday are over.
    stage.passes(3 * DAY + 2 * HOUR).await;
    stage.starts().await;
    stage.has_posts("Raid", 1).await;
    stage.passes(12 * HOUR).await;
    stage.has_posts("Raid", 2).await;
    stage.ends().await;
}

#[tokio::test]
async fn the_time_on_the_wall_stays_when_clocks_change() {
    let stage = Stage::new().await;
    // In the night before the 28th of March clocks go on by an hour.
    stage.series("Raid", "27 march 8pm", "daily").await;
    stage.passes(14 * DAY + 14 * HOUR).await;
    stage.has_posts("Raid", 1).await;
    stage.passes(23 * HOUR).await;
    stage.has_posts("Raid", 2).await;
    stage.ends().await;
}

#[tokio::test]
async fn members_see_and_change_no_series() {
    let stage = Stage::new().await;
    let options = json!({"title": "Raid", "when": "tue 8pm", "repeat": "every tuesday"});
    stage.zofia().runs("event create", options).await.says("organiser");
    let panel = stage.series("Raid", "tue 8pm", "every tuesday").await;
    for label in ["Edit", "When it is posted", "End the series", "Undo"] {
        let id = panel.button(label);
        stage.forged_tap(&stage.zofia(), &id).await.says("organiser");
    }
    stage.ends().await;
}

#[tokio::test]
async fn a_series_moves_to_another_channel_and_mentions_another_role() {
    let stage = Stage::new().await;
    let panel = stage.series("Raid", "tue 8pm", "every tuesday").await;
    let elsewhere = stage.demo.organisers_only;
    let place = panel.taps("Channel and role").await;
    place.says("What you choose here applies to everything still to be posted.");
    let panel = place.picks("m1:Wc", &[&elsewhere.to_string()]).await;
    panel.says(&format!("in <#{elsewhere}>"));
    let role = stage.sim.world(|world| {
        let raiders = NewRole::named("Raiders", Permissions::NONE);
        world.add_role(stage.demo.guild, NewRole { mentionable: true, ..raiders })
    });
    let panel = panel.taps("Channel and role").await.picks("m1:Wm", &[&role.to_string()]).await;
    panel.taps("Channel and role").await.says("[Mention nobody]");
    stage.passes(TO_TUESDAY).await;
    let post = stage
        .until("the post in the other channel", |world| {
            let mut all = world.messages(elsewhere);
            all.find(|m| m.embeds.iter().any(|card| card["title"] == "Raid")).cloned()
        })
        .await;
    assert!(post.content.contains(&format!("<@&{role}>")), "{}", post.content);
    assert!(stage.series_posts("Raid").is_empty(), "not where it was");
    stage.ends().await;
}
