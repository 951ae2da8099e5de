//! Where posts go and what becomes of them: threads, forums, moves, and what is cleaned away.

use std::time::Duration;

use muster_sim::ScriptedAnswer;
use muster_sim::ids::{ChannelId, MessageId};
use muster_sim::world::{Channel, NewChannel, Permissions, World};
use serde_json::json;

use crate::people::Seen;
use crate::reminders::only;
use crate::stage::Stage;

/// Minutes of an hour.
const HOUR: u64 = 60;

impl Stage {
    /// A stage on which the bot may open threads.
    async fn with_threads() -> Self {
        let stage = Self::new().await;
        let (app, guild) = (stage.demo.app, stage.demo.guild);
        let all = Permissions::BOT_CORE | Permissions::CREATE_PUBLIC_THREADS;
        stage.sim.world(|world| world.permit(app, guild, all));
        stage.panel().await.taps("Open threads").await.says("**Threads:** one for each new event");
        stage
    }

    async fn panel(&self) -> Seen {
        self.ada().runs("settings", json!({})).await
    }

    /// Chooses what becomes of posts: after how many hours.
    async fn cleans_up(&self, what: &str, hours: &str) -> Seen {
        let form = self.panel().await.picks("m1:Sk", &[what]).await;
        form.submits(json!({"hours": hours})).await
    }

    /// Waits for the thread on a post.
    async fn thread_on(&self, post: MessageId) -> ChannelId {
        let id = ChannelId::new(post.get());
        self.until("a thread", |world| world.channel(id).map(|thread| thread.id)).await
    }

    /// A channel of the first club.
    pub(crate) fn forum(&self, new: NewChannel) -> ChannelId {
        self.sim.world(|world| world.add_channel(self.demo.guild, new))
    }

    /// Waits until a thread is archived.
    async fn is_archived(&self, thread: ChannelId) {
        self.until("the archive", |world| archived(world.channel(thread)?).then_some(())).await;
    }

    /// The posts of an event that are there, as channel and message.
    fn posts_of(&self, title: &str) -> Vec<(ChannelId, MessageId)> {
        self.sim.world(|world| posts_of(world, title))
    }

    /// An organiser gives an event another title.
    async fn renames(&self, title: &str, new: &str) {
        let form = self.joao().runs("event edit", json!({"event": title})).await;
        form.submits(json!({"title": new})).await.says("is changed");
    }

    /// Waits until a thread is called this.
    async fn is_called(&self, thread: ChannelId, name: &str) {
        self.until(name, |world| (world.channel(thread)?.name == name).then_some(())).await;
    }

    fn name_of(&self, thread: ChannelId) -> String {
        self.sim.world(|world| world.channel(thread).unwrap().name.clone())
    }

    /// Moves an event by its command.
    async fn moves(&self, title: &str, channel: ChannelId) -> Seen {
        let options = json!({"event": title, "channel": channel.to_string()});
        self.joao().runs("event edit", options).await
    }
}

fn archived(thread: &Channel) -> bool {
    thread.thread.as_ref().is_some_and(|thread| thread.archived)
}

fn posts_of(world: &World, title: &str) -> Vec<(ChannelId, MessageId)> {
    let guilds = world.guilds().map(|guild| guild.id);
    let channels = guilds
        .flat_map(|guild| world.channels_of(guild).into_iter().chain(world.active_threads(guild)));
    let posts = channels.flat_map(|channel| channel.messages.values());
    let posts = posts.filter(|post| post.only_for.is_none() && !post.components.is_empty());
    let ours = posts.filter(|post| post.embeds.iter().any(|card| card["title"] == title));
    ours.map(|post| (post.channel, post.id)).collect()
}

#[tokio::test]
async fn each_new_event_gets_a_thread_in_which_news_of_it_are_told() {
    let stage = Stage::with_threads().await;
    let raid = stage.event("Raid", "tomorrow 20:00").await;
    let thread = stage.thread_on(raid).await;
    let name = stage.sim.world(|world| world.channel(thread).unwrap().name.clone());
    assert_eq!(name, "Raid");
    stage.zofia().taps(raid, "Yes").await;
    let shown = stage.joao().runs("event show", json!({"event": "Raid"})).await;
    shown.says("[Go to the thread]");
    shown.taps("Cancel the event").await;
    stage.a_moment_passes().await;
    stage
        .until("the news in the thread", |world| {
            let mut all = world.messages(thread);
            all.any(|message| message.content.contains("is cancelled")).then_some(())
        })
        .await;
    let elsewhere = stage.messages(stage.demo.events);
    assert!(elsewhere.iter().all(|message| !message.content.contains("is cancelled")));
    stage.ends().await;
}

#[tokio::test]
async fn a_reminder_goes_into_the_thread_or_where_it_is_sent() {
    let stage = Stage::with_threads().await;
    let add = |when: &str, place: &str| json!({"when": when, "place": place});
    stage.joao().runs("reminders add", add("30m before", "channel")).await.says("in the channel");
    let raid = stage.event("Raid", "in 2 hours").await;
    let thread = stage.thread_on(raid).await;
    stage.zofia().taps(raid, "Yes").await;
    stage.passes(95).await;
    let reminders = |world: &World, channel| {
        world.messages(channel).filter(|m| m.content.starts_with("Reminder:")).count()
    };
    stage
        .until("both", |world| {
            let counts = (reminders(world, thread), reminders(world, stage.demo.events));
            (counts == (1, 1)).then_some(())
        })
        .await;
    stage.ends().await;
}

#[tokio::test]
async fn a_reminder_to_answer_goes_where_it_is_sent() {
    let stage = Stage::with_threads().await;
    let add =
        |when: &str, place: &str| json!({"when": when, "audience": "unanswered", "place": place});
    only(&stage, &[add("1h before", "channel"), add("30m before", "thread")]).await;
    // Zofia came before, and does not answer this time.
    let before = stage.event_with("Before", "in 2 hours", json!({"duration": "1h"})).await;
    stage.zofia().taps(before, "Yes").await;
    stage.passes(3 * HOUR + 1).await;
    stage.says(before, "It is over").await;
    let raid = stage.event("Raid", "in 2 hours").await;
    let thread = stage.thread_on(raid).await;
    let count = |world: &World, channel| {
        world.messages(channel).filter(|m| m.content.starts_with("Reminder:")).count()
    };
    stage.passes(61).await;
    stage.reminded(1).await;
    let in_thread = stage.sim.world(|world| count(world, thread));
    assert_eq!(in_thread, 0, "whoever has not answered does not follow the thread");
    stage.passes(30).await;
    stage.until("the thread", |world| (count(world, thread) == 1).then_some(())).await;
    assert_eq!(stage.reminded(1).await.len(), 1, "and not in the channel");
    stage.ends().await;
}

#[tokio::test]
async fn without_the_right_to_open_threads_the_event_is_as_ever() {
    let stage = Stage::new().await;
    stage.denies(stage.demo.events, stage.bot(), Permissions::CREATE_PUBLIC_THREADS);
    stage.panel().await.taps("Open threads").await;
    let raid = stage.event("Raid", "tomorrow 20:00").await;
    let route = "POST /channels/{id}/messages/{id}/threads";
    while stage.sim.counts().requests_to(route) == 0 {
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
    assert!(stage.zofia().taps(raid, "Yes").await.is_update());
    stage.shows(raid, "Yes: Zofia").await;
    stage.passes(3 * HOUR).await;
    assert_eq!(stage.sim.counts().requests_to(route), 1, "it is not asked for again");
    let doctor = stage.ada().runs("doctor", json!({})).await;
    doctor.says("I cannot open and use them in").says("its thread could not be opened: allow me");
    doctor.says("*Create Public Threads*");
    stage.allows_again(stage.demo.events);
    let doctor = doctor.taps("Check again").await;
    doctor.says("I may do it now.");
    assert!(!doctor.text().contains("*Create Public Threads*"), "{}", doctor.text());
    doctor.taps("Do it again").await;
    stage.thread_on(raid).await;
    let doctor = stage.ada().runs("doctor", json!({})).await;
    assert!(!doctor.text().contains("thread"), "{}", doctor.text());
    stage.ends().await;
}

#[tokio::test]
async fn the_thread_of_an_event_that_was_taken_back_is_archived() {
    let stage = Stage::with_threads().await;
    let options = json!({"title": "Raid", "when": "tomorrow 20:00"});
    let created = stage.ada().runs("event create", options).await;
    let raid = stage.posted(&created).await;
    let thread = stage.thread_on(raid).await;
    created.taps("Undo").await;
    stage.is_gone(raid).await;
    stage.passes(1).await;
    stage.is_archived(thread).await;
    stage.ends().await;
}

#[tokio::test]
async fn a_thread_that_somebody_deleted_is_missed_by_no_news() {
    let stage = Stage::with_threads().await;
    let raid = stage.event("Raid", "tomorrow 20:00").await;
    let thread = stage.thread_on(raid).await;
    stage.zofia().taps(raid, "Yes").await;
    stage.sim.world(|world| world.remove_channel(thread));
    stage.joao().runs("event cancel", json!({"event": "Raid"})).await;
    stage.a_moment_passes().await;
    stage
        .until("the news in the channel", |world| {
            let mut all = world.messages(stage.demo.events);
            all.any(|message| message.content.contains("is cancelled")).then_some(())
        })
        .await;
    stage.ends().await;
}

#[tokio::test]
async fn a_post_in_a_forum_is_answered_edited_and_told_of_in_its_thread() {
    let stage = Stage::new().await;
    let forum = stage.forum(NewChannel::forum("raid-posts", &["Raid", "Social"]).requiring_tag());
    let options = json!({"channel": forum.to_string()});
    let raid = stage.event_with("Raid", "tomorrow 20:00", options).await;
    let thread = ChannelId::new(raid.get());
    let (name, parent, tags) = stage.sim.world(|world| {
        let found = world.channel(thread).unwrap();
        let tags = found.thread.as_ref().unwrap().post.tags.len();
        (found.name.clone(), found.parent, tags)
    });
    assert_eq!((name.as_str(), parent, tags), ("Raid", Some(forum), 1));
    assert!(stage.zofia().goes_to(thread).taps(raid, "Yes").await.is_update());
    stage.shows(raid, "Yes: Zofia").await;
    let edit = json!({"event": "Raid"});
    let opened = stage.joao().runs("event edit", edit.clone()).await;
    opened.submits(json!({"when": "tomorrow 21:00"})).await.says("is changed");
    stage.a_moment_passes().await;
    stage
        .until("the news in the forum post", |world| {
            let mut all = world.messages(thread);
            all.any(|message| message.content.contains("has a new time")).then_some(())
        })
        .await;
    let shown = stage.joao().runs("event show", edit).await;
    assert!(!shown.text().contains("Post again below"), "a forum has no below");
    stage.ends().await;
}

#[tokio::test]
async fn a_thread_is_renamed_with_its_event_and_the_last_of_many_names_stays() {
    let stage = Stage::with_threads().await;
    let raid = stage.event("Raid", "tomorrow 20:00").await;
    let thread = stage.thread_on(raid).await;
    stage.renames("Raid", "Siege").await;
    stage.is_called(thread, "Siege").await;
    for (before, after) in [("Siege", "Ambush"), ("Ambush", "Retreat"), ("Retreat", "Feast")] {
        stage.renames(before, after).await;
    }
    stage.passes(4).await;
    assert_eq!(stage.name_of(thread), "Siege", "Discord takes few new names");
    stage.passes(1).await;
    stage.is_called(thread, "Feast").await;
    stage.ends().await;
}

#[tokio::test]
async fn a_post_in_a_forum_is_renamed_with_its_event_in_the_archive_too() {
    let mut stage = Stage::new().await;
    // The post is edited first at times, is refused as archived, and taken out for that.
    stage.may_refuse = true;
    let forum = stage.forum(NewChannel::forum("raid-posts", &[]));
    let options = json!({"channel": forum.to_string()});
    let raid = stage.event_with("Raid", "in 336 hours", options).await;
    let post = ChannelId::new(raid.get());
    stage.passes(8 * 24 * HOUR).await;
    stage.is_archived(post).await;
    stage.renames("Raid", "Siege").await;
    stage.is_called(post, "Siege").await;
    stage.ends().await;
}

#[tokio::test]
async fn the_forum_of_the_settings_takes_every_event() {
    let stage = Stage::new().await;
    let forum = stage.forum(NewChannel::forum("raid-posts", &[]));
    let chosen = stage.panel().await.picks("m1:Sc", &[&forum.to_string()]).await;
    chosen.says(&format!("**Channel for events:** <#{forum}>"));
    let raid = stage.event("Raid", "tomorrow 20:00").await;
    let parent = stage.sim.world(|world| world.channel(ChannelId::new(raid.get())).unwrap().parent);
    assert_eq!(parent, Some(forum));
    stage.ends().await;
}

#[tokio::test]
async fn a_post_in_a_forum_of_which_nobody_heard_is_found_and_not_made_again() {
    let mut stage = Stage::new().await;
    let forum = stage.forum(NewChannel::forum("raid-posts", &[]));
    let posts = format!("/channels/{forum}/threads");
    stage.sim.faults().answer_next(1, "POST", &posts, ScriptedAnswer::dropped().after_effect());
    let options = json!({"title": "Raid", "when": "tomorrow 20:00", "channel": forum.to_string()});
    stage.joao().runs("event create", options).await.says("is being posted");
    stage.restarts().await;
    // Discord's clock is known from its answers.
    let show = json!({"event": "Raid"});
    stage.passes(2).await;
    stage.joao().runs("event show", show.clone()).await;
    stage.passes(2).await;
    stage.until_told("event show", show, "[Go to the post]").await;
    assert_eq!(stage.posts_of("Raid").len(), 1);
    stage.ends().await;
}

#[tokio::test]
async fn a_moved_post_keeps_its_answers_and_the_one_before_goes() {
    let stage = Stage::new().await;
    let raid = stage.event("Raid", "tomorrow 20:00").await;
    stage.zofia().taps(raid, "Yes").await;
    let chat = stage.forum(NewChannel::text("raids-here"));
    let answer = stage.moves("Raid", chat).await;
    answer.says(&format!("It is being posted in <#{chat}>"));
    stage.is_gone(raid).await;
    let [(channel, moved)] = stage.posts_of("Raid")[..] else { panic!("one post") };
    assert_eq!(channel, chat);
    stage.shows(moved, "Yes: Zofia").await;
    stage.mikko().goes_to(chat).taps(moved, "Yes").await;
    stage.shows(moved, "Yes: Zofia, Mikko").await;
    let log = stage.joao().runs("event log", json!({"event": "Raid"})).await;
    log.says(&format!("had it posted again in <#{chat}>"));
    let events = stage.demo.events;
    let old_button = answer.button("Undo the move");
    answer.taps("Undo the move").await.says(&format!("It is being posted in <#{events}>"));
    stage.is_gone(moved).await;
    let [(channel, back)] = stage.posts_of("Raid")[..] else { panic!("one post") };
    assert_eq!(channel, events);
    stage.shows(back, "Yes: Zofia, Mikko").await;
    // The button of before, from a client that was behind: it was moved since.
    let late = stage.forged_tap(&stage.joao(), &old_button).await;
    late.says("@João has changed this event since");
    stage.ends().await;
}

#[tokio::test]
async fn a_move_of_what_is_not_posted_yet_can_be_undone() {
    let stage = Stage::new().await;
    let chat = stage.forum(NewChannel::text("raids-here"));
    let options = json!({"title": "Raid", "when": "tomorrow 20:00", "options": "editor"});
    stage.joao().runs("event create", options).await.says("It is not posted yet.");
    let answer = stage.moves("Raid", chat).await;
    answer.says(&format!("It is being posted in <#{chat}>."));
    let events = stage.demo.events;
    answer.taps("Undo the move").await.says(&format!("It is being posted in <#{events}>"));
    let is_there = |world: &World| {
        let posts = posts_of(world, "Raid");
        matches!(posts[..], [(channel, _)] if channel == events).then_some(())
    };
    stage.until("the post where it was to be", is_there).await;
    stage.ends().await;
}

#[tokio::test]
async fn a_picture_that_comes_along_with_a_move_is_taken_back_alone() {
    let stage = Stage::new().await;
    let raid = stage.event("Raid", "tomorrow 20:00").await;
    let chat = stage.forum(NewChannel::text("raids-here"));
    let image = "https://example.com/raid.png";
    let both = json!({"event": "Raid", "channel": chat.to_string(), "image": image});
    let answer = stage.joao().runs("event edit", both).await;
    stage.is_gone(raid).await;
    let [(_, moved)] = stage.posts_of("Raid")[..] else { panic!("one post") };
    let has_it = |world: &muster_sim::World| {
        let post = world.message(moved).expect("the post is there");
        serde_json::to_string(&post.embeds).is_ok_and(|embeds| embeds.contains(image))
    };
    stage.until("the picture is there", |world| has_it(world).then_some(())).await;
    answer.taps("Undo").await.says("is as it was before");
    stage.until("the picture goes", |world| (!has_it(world)).then_some(())).await;
    assert_eq!(stage.posts_of("Raid"), [(chat, moved)], "it stays where it was moved to");
    stage.ends().await;
}

#[tokio::test]
async fn an_event_is_posted_again_below_and_notifies_nobody_again() {
    let mut stage = Stage::new().await;
    let role = stage.role("Lanterns");
    stage.panel().await.picks("m1:Sm", &[&role.to_string()]).await;
    let raid = stage.event("Raid", "tomorrow 20:00").await;
    stage.zofia().taps(raid, "Maybe").await;
    let panel = stage.joao().runs("event show", json!({"event": "Raid"})).await;
    panel.taps("Post again below").await.says("with all answers");
    stage.restarts().await;
    // What the bot had in hand when it ended is its own for two minutes.
    stage.passes(3).await;
    stage.is_gone(raid).await;
    let [(channel, below)] = stage.posts_of("Raid")[..] else { panic!("one post") };
    assert_eq!(channel, stage.demo.events);
    stage.shows(below, "Maybe: Zofia").await;
    let pings = stage.sim.world(|world| world.message(below).unwrap().pings.clone());
    assert!(pings.roles.is_empty() && !pings.everyone);
    stage.ends().await;
}

#[tokio::test]
async fn a_move_to_where_the_bot_cannot_write_leaves_everything_as_it_is() {
    let stage = Stage::new().await;
    let raid = stage.event("Raid", "tomorrow 20:00").await;
    let locked = stage.demo.announcements;
    stage.moves("Raid", locked).await.says("I cannot post");
    stage
        .zofia()
        .runs("event edit", json!({"event": "Raid", "channel": locked.to_string()}))
        .await
        .says("organiser");
    assert_eq!(stage.posts_of("Raid"), [(stage.demo.events, raid)]);
    stage.ends().await;
}

#[tokio::test]
async fn posts_go_so_long_after_the_end_and_answers_stay() {
    let mut stage = Stage::new().await;
    let raid = stage.event_with("Raid", "in 1 hour", json!({"duration": "1h"})).await;
    stage.zofia().taps(raid, "Yes").await;
    stage.cleans_up("delete", "none").await.says("not a number of hours");
    stage.cleans_up("delete", "3").await.says("deleted 3 hours after the end");
    stage.passes(2 * HOUR).await;
    stage.says(raid, "It is over").await;
    stage.passes(2 * HOUR + 30).await;
    stage.says(raid, "It is over").await;
    stage.passes(HOUR).await;
    stage.is_gone(raid).await;
    stage.restarts().await;
    let shown = stage.joao().runs("event show", json!({"event": "Raid"})).await;
    shown.says("Zofia");
    assert!(!shown.text().contains("Post again"), "{}", shown.text());
    stage.joao().runs("event log", json!({"event": "Raid"})).await.says("Zofia");
    stage.ends().await;
}

#[tokio::test]
async fn a_choice_is_for_events_that_end_after_it_and_cancelled_ones_too() {
    let stage = Stage::new().await;
    let old = stage.event_with("Old", "in 1 hour", json!({"duration": "1h"})).await;
    let off = stage.event_with("Off", "in 4 hours", json!({"duration": "1h"})).await;
    stage.passes(2 * HOUR + 1).await;
    stage.says(old, "It is over").await;
    stage.cleans_up("delete", "1").await;
    stage.joao().runs("event cancel", json!({"event": "Off"})).await;
    stage.says(off, "Cancelled").await;
    stage.passes(3 * HOUR).await;
    stage.says(off, "Cancelled").await;
    stage.passes(HOUR).await;
    stage.is_gone(off).await;
    stage.says(old, "It is over").await;
    stage.ends().await;
}

#[tokio::test]
async fn threads_are_archived_and_what_members_wrote_stays() {
    let stage = Stage::with_threads().await;
    stage.cleans_up("archive", "1").await.says("threads archived 1 hour after the end");
    let forum = stage.forum(NewChannel::forum("raid-posts", &[]));
    let raid = stage.event_with("Raid", "in 1 hour", json!({"duration": "1h"})).await;
    let more = json!({"duration": "1h", "channel": forum.to_string()});
    let walk = stage.event_with("Walk", "in 1 hour", more).await;
    let (thread, post) = (stage.thread_on(raid).await, ChannelId::new(walk.get()));
    stage.passes(3 * HOUR + 1).await;
    stage.says(walk, "It is over").await;
    stage.passes(2).await;
    stage.is_archived(thread).await;
    stage.is_archived(post).await;
    stage.says(raid, "It is over").await;
    stage.ends().await;
}

#[tokio::test]
async fn in_a_forum_what_is_the_bots_goes_and_what_is_members_is_archived() {
    let stage = Stage::new().await;
    stage.cleans_up("delete", "1").await;
    let forum = stage.forum(NewChannel::forum("raid-posts", &[]));
    let more = json!({"duration": "1h", "channel": forum.to_string()});
    let walk = stage.event_with("Walk", "in 1 hour", more).await;
    let thread = ChannelId::new(walk.get());
    stage.sim.user(stage.zofia().id()).say(thread, "I bring cake").unwrap();
    stage.passes(3 * HOUR + 1).await;
    stage.is_gone(walk).await;
    stage.is_archived(thread).await;
    let kept = stage
        .sim
        .world(|world| world.messages(thread).any(|message| message.content == "I bring cake"));
    assert!(kept);
    stage.ends().await;
}
