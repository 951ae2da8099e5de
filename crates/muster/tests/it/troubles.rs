//! What goes wrong is told to the organisers once, with what to do.

use std::time::Duration;

use muster_sim::ids::{ChannelId, UserId};
use muster_sim::world::{Message, NewChannel, OverwriteTarget, Permissions, World};
use serde_json::json;

use crate::stage::Stage;
use crate::words;

/// What every report begins with.
const REPORT: &str = "Something needs your attention";

impl Stage {
    /// A channel for organisers, chosen in the settings.
    pub(crate) async fn admin_channel(&self) -> ChannelId {
        let channel = self
            .sim
            .world(|world| world.add_channel(self.demo.guild, NewChannel::text("organisers")));
        let panel = self.ada().runs("settings", json!({})).await;
        let chosen = panel.picks("m1:Sa", &[&channel.to_string()]).await;
        chosen.says(&format!("**Channel for organisers:** <#{channel}>"));
        channel
    }

    /// The bot itself, as somebody whom a channel can deny something.
    pub(crate) fn bot(&self) -> OverwriteTarget {
        OverwriteTarget::Member(UserId::new(self.demo.app.get()))
    }

    /// Lets the bot do in a channel what it may do in the guild.
    pub(crate) fn allows_again(&self, channel: ChannelId) {
        let bot = self.bot();
        self.sim.world(|world| {
            world.edit_channel(channel, |channel| {
                channel.overwrites.retain(|known| known.target != bot);
            });
        });
    }

    fn read(&self, message: &Message) -> String {
        self.sim.world(|world| words::words(world, message))
    }

    /// The reports in a channel, as text.
    fn reports(&self, channel: ChannelId) -> Vec<String> {
        let messages = self.messages(channel).into_iter().map(|message| self.read(&message));
        messages.filter(|text| text.contains(REPORT)).collect()
    }

    /// Waits until there are so many reports in a channel; the newest one.
    pub(crate) async fn reported(&self, channel: ChannelId, count: usize) -> Message {
        let what = format!("{count} reports");
        let newest = self.until_by_and_by(&what, |world| {
            let all = world.messages(channel);
            let reports: Vec<_> =
                all.filter(|message| words::words(world, message).contains(REPORT)).collect();
            (reports.len() == count).then(|| reports.last().map(|last| (*last).clone()))
        });
        newest.await.expect("a report")
    }

    /// Waits while minutes pass: a report gathers for one from when the first trouble was noted,
    /// which may be after the clock was moved.
    async fn until_by_and_by<T>(&self, what: &str, look: impl Fn(&World) -> Option<T>) -> T {
        for _ in 0..20 {
            if let Some(found) = self.sim.until(Duration::from_secs(1), &look).await {
                return found;
            }
            self.passes(1).await;
        }
        panic!("in vain: {what}")
    }
}

#[tokio::test]
async fn what_was_missed_while_the_bot_was_away_is_told_once_in_one_message() {
    let mut stage = Stage::new().await;
    let admin = stage.admin_channel().await;
    for title in ["Raid", "Chess"] {
        let post = stage.event(title, "tomorrow 20:00").await;
        stage.zofia().taps(post, "Yes").await;
    }
    stage.stops().await;
    stage.passes(30 * 60).await;
    stage.starts().await;
    stage.passes(2).await;
    let report = stage.read(&stage.reported(admin, 1).await);
    assert!(report.contains("I was away, and these came too late"), "{report}");
    for title in ["Raid", "Chess"] {
        assert!(report.contains(&format!("**{title}**: a reminder")), "{report}");
    }
    assert_eq!(report.matches("a reminder, due").count(), 4, "{report}");
    assert!(report.contains("and 2 more"), "{report}");
    stage.restarts().await;
    stage.passes(5).await;
    assert_eq!(stage.reports(admin).len(), 1);
    stage.ends().await;
}

#[tokio::test]
async fn a_permission_that_is_lost_is_told_once_with_its_name() {
    let mut stage = Stage::new().await;
    let admin = stage.admin_channel().await;
    let raid = stage.event("Raid", "tomorrow 20:00").await;
    stage.zofia().taps(raid, "Yes").await;
    stage.denies(stage.demo.events, stage.bot(), Permissions::SEND_MESSAGES);
    let form = stage.joao().runs("event edit", json!({"event": "Raid"})).await;
    form.submits(json!({"when": "tomorrow 22:00"})).await.says("are told of the new time");
    stage.a_moment_passes().await;
    stage.passes(2).await;
    let report = stage.reported(admin, 1).await;
    let said = stage.read(&report);
    for what in ["I may not send messages in", "*Send Messages*", "**Raid**: news of its new time"]
    {
        assert!(said.contains(what), "{what} in {said}");
    }
    stage.restarts().await;
    stage.passes(90).await;
    assert_eq!(stage.reports(admin).len(), 1, "told before");
    // From the report, somebody with Manage Server comes to the doctor, and the message goes out.
    let ada = stage.ada().goes_to(admin);
    ada.taps(report.id, "Doctor").await.says("I may not send messages in");
    stage.allows_again(stage.demo.events);
    let checked = ada.taps(report.id, "Doctor").await;
    checked.says("**Messages that failed:** 1").says("news of its new time");
    checked.taps("Try again").await.says("It was sent.").says("All is well");
    let news = stage.messages(stage.demo.events);
    assert_eq!(news.iter().filter(|one| one.content.contains("has a new time")).count(), 1);
    stage.ends().await;
}

#[tokio::test]
async fn a_channel_that_is_gone_at_the_start_is_told_with_its_posts() {
    let mut stage = Stage::new().await;
    let admin = stage.admin_channel().await;
    stage.event("Raid", "tomorrow 20:00").await;
    stage.stops().await;
    stage.sim.world(|world| world.remove_channel(stage.demo.events));
    stage.starts().await;
    let looked = stage.demo.events;
    stage.until("it is looked at", |world| world.channel(looked).is_none().then_some(())).await;
    tokio::time::sleep(std::time::Duration::from_millis(300)).await;
    stage.passes(2).await;
    let report = stage.read(&stage.reported(admin, 1).await);
    assert!(report.contains("does not exist any more"), "{report}");
    assert!(report.contains("These posts were deleted"), "{report}");
    assert!(report.contains("**Raid**"), "{report}");
    stage.restarts().await;
    stage.passes(5).await;
    assert_eq!(stage.reports(admin).len(), 1, "once for each change");
    stage.ends().await;
}

#[tokio::test]
async fn a_post_that_was_deleted_can_be_made_again_from_the_report() {
    let stage = Stage::new().await;
    let admin = stage.admin_channel().await;
    let raid = stage.event("Raid", "tomorrow 20:00").await;
    stage.zofia().taps(raid, "Yes").await;
    stage.deletes(raid);
    stage.joao().runs("event close", json!({"event": "Raid"})).await;
    tokio::time::sleep(std::time::Duration::from_millis(1_500)).await;
    stage.passes(2).await;
    let report = stage.reported(admin, 1).await;
    stage
        .joao()
        .goes_to(admin)
        .taps(report.id, "Post Raid again")
        .await
        .says("again, with all answers");
    let again = stage.post_of("Raid").await;
    stage.shows(again, "Yes: Zofia").await;
    stage.ends().await;
}

#[tokio::test]
async fn without_a_channel_for_organisers_the_events_organiser_is_told_directly() {
    let stage = Stage::new().await;
    let raid = stage.event("Raid", "tomorrow 20:00").await;
    stage.zofia().taps(raid, "Yes").await;
    stage.denies(stage.demo.events, stage.bot(), Permissions::VIEW_CHANNEL);
    let form = stage.joao().runs("event edit", json!({"event": "Raid"})).await;
    form.submits(json!({"when": "tomorrow 22:00"})).await;
    stage.a_moment_passes().await;
    stage.passes(2).await;
    let bot = UserId::new(stage.demo.app.get());
    let (host, report) = stage
        .until_by_and_by("a report by direct message", |world| {
            let found = world.dms_of(bot).flat_map(|dm| dm.messages.values().map(move |m| (dm, m)));
            let mut found =
                found.filter(|(_, message)| words::words(world, message).contains(REPORT));
            found.next().map(|(dm, message)| (dm.id, message.clone()))
        })
        .await;
    let said = stage.read(&report);
    assert!(said.contains("*View Channel*"), "{said}");
    let ada = stage.ada().goes_to(host);
    let seen = ada.taps(report.id, "Doctor").await;
    assert!(seen.text().contains("works in the server"), "{}", seen.text());
    stage.ends().await;
}
