//! What may have arrived: nothing goes out twice, and nothing that arrived counts as missed.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use jiff::SignedDuration;
use muster_domain::answer_option::OptionId;
use muster_domain::change::EventChange;
use muster_domain::id::{ChannelId, EventId, UserId};
use muster_domain::notice::News;
use muster_domain::reminder::{
    QuietHours, Reminder, ReminderChoice, ReminderPlace, ReminderTime, Reminders,
};
use muster_domain::rights::{Actor, Permissions};
use muster_domain::settings::SettingsChange;
use muster_domain::signup_details::DetailsChange;
use muster_engine::discord::DiscordError;
use muster_engine::doctor::RetryEnd;
use muster_store::model::{
    Ask, DescribeRequest, FailedCause, ReminderChange, ReminderRequest, Tap, Window,
};
use muster_store::port::{Chores as _, Events as _, Guilds as _, Reminders as _, Troubles as _};

use crate::fake_discord::Asked;
use crate::world::{GUILD, HOST, SECOND, Scene};

fn unclear() -> DiscordError {
    DiscordError::Unclear("no answer".into())
}

/// A Discord that answers messages to some channels so, and does all else.
fn creating(
    refused: impl Fn(ChannelId) -> Option<DiscordError>,
) -> impl Fn(&Asked, usize) -> (Duration, Option<DiscordError>) {
    move |asked, _| match asked {
        Asked::Create { channel, .. } => (Duration::ZERO, refused(*channel)),
        Asked::Find { .. }
        | Asked::Edit { .. }
        | Asked::Examine { .. }
        | Asked::Members { .. }
        | Asked::Other => (Duration::ZERO, None),
    }
}

/// A Discord that leaves unclear what became of messages to a channel until it is looked through,
/// and answers so when it is.
fn looked_through(
    wanted: u64,
    said: impl Fn() -> DiscordError,
) -> impl Fn(&Asked, usize) -> (Duration, Option<DiscordError>) {
    let looked = Arc::new(AtomicBool::new(false));
    move |asked, _| {
        let said = match asked {
            Asked::Create { channel, .. } if channel.get() == wanted => {
                (!looked.load(Ordering::Relaxed)).then(unclear)
            }
            Asked::Find { .. } => {
                looked.store(true, Ordering::Relaxed);
                Some(said())
            }
            Asked::Create { .. }
            | Asked::Edit { .. }
            | Asked::Examine { .. }
            | Asked::Members { .. }
            | Asked::Other => None,
        };
        (Duration::ZERO, said)
    }
}

/// How often a channel was looked through.
fn looks(scene: &Scene) -> usize {
    let asked = scene.discord().asked();
    asked.iter().filter(|(_, asked)| matches!(asked, Asked::Find { .. })).count()
}

/// A member says that they come.
async fn comes(scene: &Scene, event: EventId, member: u64, ask: Ask) {
    let tap = Tap {
        guild: GUILD,
        event,
        member: UserId::new(member),
        by: UserId::new(member),
        ask,
        roles: Box::default(),
        force: false,
        interaction: scene.interaction(),
        at: scene.app.now(),
    };
    scene.app.store().tap(tap).await.unwrap();
}

/// A member wants direct messages about an event.
async fn wants_messages(scene: &Scene, event: EventId, member: u64) {
    let member = UserId::new(member);
    let describe = DescribeRequest {
        guild: GUILD,
        event,
        member,
        by: member,
        change: DetailsChange::Direct(true),
        interaction: scene.interaction(),
        at: scene.app.now(),
    };
    scene.app.store().describe(describe).await.unwrap();
}

fn yes() -> Ask {
    Ask::Pick { option: OptionId::new(0), may_lose_place: false }
}

/// The only reminder of all events is this one.
async fn only(scene: &Scene, reminder: Reminder) {
    let at = scene.app.now();
    let all = Reminders::default();
    let removed = all.iter().map(|reminder| ReminderChange::Remove(reminder.key()));
    for change in removed.chain([ReminderChange::Add(reminder)]) {
        let request = ReminderRequest { guild: GUILD, event: None, change, by: HOST, at };
        scene.app.store().change_reminders(request).await.unwrap();
    }
}

fn hour_before() -> Reminder {
    Reminder::at(ReminderTime::Before(SignedDuration::from_hours(1)))
}

/// An organiser cancels an event.
async fn is_cancelled(scene: &Scene, event: EventId) {
    let organiser = Actor {
        user: HOST,
        guild: GUILD,
        channel: ChannelId::new(1),
        roles: vec![],
        permissions: Permissions::ADMINISTRATOR,
    };
    let cancelled =
        scene.app.change_event(&organiser, event, EventChange::Cancel, scene.interaction());
    cancelled.await.unwrap();
}

const WINDOW: Window = Window { skip: 0, limit: 9 };

async fn failed(scene: &Scene) -> usize {
    scene.app.store().failed(GUILD, scene.app.now(), WINDOW).await.unwrap().total
}

#[tokio::test(start_paused = true)]
async fn what_was_sent_and_deleted_since_is_neither_sent_again_nor_failed() {
    let scene = Scene::new(|_, before| {
        let said = if before == 0 { unclear() } else { DiscordError::MessageGone };
        (SECOND, Some(said))
    })
    .await;
    only(&scene, hour_before()).await;
    let event = scene.posted(2, SignedDuration::ZERO).await;
    comes(&scene, event, 7, yes()).await;
    scene.delivers();
    scene.passes(23 * 3_600 + 300).await;
    assert_eq!((scene.discord().creates(), failed(&scene).await), (2, 0));
}

#[tokio::test(start_paused = true)]
async fn organisers_are_told_of_a_post_that_was_sent_and_deleted_since() {
    let scene = Scene::new(|_, before| {
        let said = if before == 0 { unclear() } else { DiscordError::MessageGone };
        (SECOND, Some(said))
    })
    .await;
    scene.created(1).await;
    scene.delivers();
    scene.passes(300).await;
    assert_eq!(failed(&scene).await, 1);
    assert_eq!(scene.discord().creates(), 3, "twice the post, and what went wrong with it");
}

#[tokio::test(start_paused = true)]
async fn a_post_in_a_forum_waits_for_the_last_attempt_that_may_be_under_way() {
    let scene = Scene::new(creating(|_| Some(unclear()))).await;
    scene.app.store().note_forums(GUILD, vec![ChannelId::new(1)]).await.unwrap();
    scene.created(1).await;
    scene.delivers();
    scene.passes(120).await;
    let asked = scene.discord().asked();
    let made = asked.iter().filter(|(_, asked)| matches!(asked, Asked::Create { .. }));
    let made: Vec<_> = made.map(|(at, _)| *at).collect();
    assert!(made.len() >= 3, "{asked:?}");
    assert!(made.windows(2).all(|two| two[1].saturating_sub(two[0]) >= 20 * SECOND), "{asked:?}");
}

#[tokio::test(start_paused = true)]
async fn news_of_a_post_that_is_not_known_are_not_sent_to_its_forum() {
    let forum = ChannelId::new(1);
    let refused = DiscordError::Refused("no".into());
    let scene = Scene::new(creating(move |to| (to == forum).then(|| refused.clone()))).await;
    scene.app.store().note_forums(GUILD, vec![forum]).await.unwrap();
    let event = scene.created(1).await.sheet.event.id;
    comes(&scene, event, 7, yes()).await;
    scene.delivers();
    scene.passes(60).await;
    is_cancelled(&scene, event).await;
    scene.passes(60).await;
    let asked = scene.discord().asked();
    let to_forum = asked.iter().filter(|(_, asked)| matches!(asked, Asked::Create { .. }));
    let to_forum = to_forum.filter(|(_, asked)| asked.channel() == Some(forum));
    assert_eq!(to_forum.count(), 1, "the post alone: {asked:?}");
    let failed = scene.app.store().failed(GUILD, scene.app.now(), WINDOW).await.unwrap();
    let causes: Vec<_> = failed.rows.iter().map(|line| (line.news, line.cause)).collect();
    assert!(causes.contains(&(Some(News::Cancelled), FailedCause::NoPost)), "{causes:?}");
    let news = failed.rows.iter().find(|line| line.news.is_some()).unwrap().delivery;
    let again = scene.app.retry_failed_in(GUILD, news).await.unwrap();
    assert_eq!(again, RetryEnd::NoPost, "its post has to be there first");
}

#[tokio::test(start_paused = true)]
async fn a_direct_message_that_is_wanted_no_more_is_looked_for() {
    let scene = Scene::new(creating(|channel| (channel.get() == 7).then(unclear))).await;
    only(&scene, Reminder { place: ReminderPlace::Direct, ..hour_before() }).await;
    let event = scene.created(1).await.sheet.event.id;
    comes(&scene, event, 7, yes()).await;
    wants_messages(&scene, event, 7).await;
    scene.delivers();
    scene.passes(23 * 3_600 + 2).await;
    let to_member = |asked: &Asked| asked.channel() == Some(ChannelId::new(7));
    let asked = || scene.discord().asked().into_iter().map(|(_, asked)| asked);
    assert!(asked().any(|asked| to_member(&asked)), "it was tried");
    is_cancelled(&scene, event).await;
    scene.passes(60).await;
    let looked = |asked: &Asked| matches!(asked, Asked::Find { .. }) && to_member(asked);
    assert!(asked().any(|asked| looked(&asked)), "{:?}", asked().collect::<Vec<_>>());
}

#[tokio::test(start_paused = true)]
async fn nobody_is_written_to_in_the_place_of_a_member_who_is_erased_meanwhile() {
    let scene = Scene::new(|asked, _| match asked {
        Asked::Create { channel, .. } if channel.get() == 7 => (10 * SECOND, Some(unclear())),
        Asked::Create { .. }
        | Asked::Find { .. }
        | Asked::Edit { .. }
        | Asked::Examine { .. }
        | Asked::Members { .. }
        | Asked::Other => (Duration::ZERO, None),
    })
    .await;
    only(&scene, Reminder { place: ReminderPlace::Direct, ..hour_before() }).await;
    let event = scene.created(1).await.sheet.event.id;
    comes(&scene, event, 7, yes()).await;
    wants_messages(&scene, event, 7).await;
    scene.delivers();
    scene.passes(23 * 3_600 + 5).await;
    let asked = || scene.discord().asked().into_iter().map(|(_, asked)| asked.channel());
    assert!(asked().any(|to| to == Some(ChannelId::new(7))), "it is under way");
    scene.app.erase_member(UserId::new(7)).await.unwrap();
    let before = asked().count();
    scene.passes(600).await;
    let later: Vec<_> = asked().skip(before).flatten().collect();
    assert!(later.iter().all(|to| !UserId::new(to.get()).is_erased()), "{later:?}");
}

#[tokio::test(start_paused = true)]
async fn a_reminder_that_may_have_arrived_is_not_sent_again_after_its_event_was_moved() {
    let scene = Scene::new(|asked, before| match asked {
        Asked::Create { .. } => (10 * SECOND, (before == 0).then(unclear)),
        Asked::Find { .. }
        | Asked::Edit { .. }
        | Asked::Examine { .. }
        | Asked::Members { .. }
        | Asked::Other => (Duration::ZERO, None),
    })
    .await;
    only(&scene, hour_before()).await;
    let event = scene.posted(2, SignedDuration::ZERO).await;
    comes(&scene, event, 7, yes()).await;
    scene.delivers();
    scene.passes(23 * 3_600 + 2).await;
    assert_eq!(scene.discord().creates(), 1, "it is under way");
    // That has it begin on the next day.
    scene.rename(event, "Raid").await;
    scene.passes(600).await;
    let asked = scene.discord().asked();
    assert_eq!(scene.discord().creates(), 2, "the news that it was moved: {asked:?}");
    assert_eq!(looks(&scene), 1, "the reminder may have arrived: {asked:?}");
    scene.passes(24 * 3_600).await;
    assert_eq!(scene.discord().creates(), 3, "the reminder of the new time");
}

#[tokio::test(start_paused = true)]
async fn a_reminder_that_waited_for_its_channel_leaves_out_who_comes_no_more() {
    let later = || DiscordError::Later(120 * SECOND);
    let scene = Scene::new(creating(move |channel| (channel.get() == 2).then(later))).await;
    only(&scene, hour_before()).await;
    let event = scene.posted(2, SignedDuration::ZERO).await;
    comes(&scene, event, 7, yes()).await;
    scene.delivers();
    scene.passes(23 * 3_600 + 2).await;
    let before = scene.discord().creates();
    assert_eq!(before, 1, "it waits");
    comes(&scene, event, 7, Ask::Withdraw).await;
    scene.passes(600).await;
    assert_eq!(scene.discord().creates(), before, "there is nobody whom it is for");
}

#[tokio::test(start_paused = true)]
async fn a_reminder_that_waited_for_its_channel_leaves_out_who_wants_no_mention_any_more() {
    let later = || DiscordError::Later(120 * SECOND);
    let scene = Scene::new(creating(move |channel| (channel.get() == 2).then(later))).await;
    only(&scene, hour_before()).await;
    let event = scene.posted(2, SignedDuration::ZERO).await;
    comes(&scene, event, 7, yes()).await;
    scene.delivers();
    scene.passes(23 * 3_600 + 2).await;
    assert_eq!(scene.discord().creates(), 1, "it waits");
    let (store, now) = (scene.app.store(), scene.app.now());
    let none = ReminderChoice::Mentioned(false);
    store.choose_reminders(GUILD, UserId::new(7), none, now).await.unwrap();
    scene.passes(600).await;
    assert_eq!(scene.discord().creates(), 1, "there is nobody who wants it");
}

#[tokio::test(start_paused = true)]
async fn a_message_that_quiet_hours_put_off_is_as_late_as_its_reminder() {
    let later = || DiscordError::Later(120 * SECOND);
    let scene = Scene::new(creating(move |channel| (channel.get() == 7).then(later))).await;
    let at_the_start = Reminder::at(ReminderTime::Before(SignedDuration::ZERO));
    only(&scene, Reminder { place: ReminderPlace::Direct, ..at_the_start }).await;
    // It begins on the next day at 08:00.
    let event = scene.created(1).await.sheet.event.id;
    comes(&scene, event, 7, yes()).await;
    wants_messages(&scene, event, 7).await;
    let hours = ReminderChoice::Quiet(QuietHours::parse("22:00 to 08:10").ok());
    let (store, now) = (scene.app.store(), scene.app.now());
    store.choose_reminders(GUILD, UserId::new(7), hours, now).await.unwrap();
    scene.delivers();
    scene.passes(24 * 3_600 + 40 * 60).await;
    let asked = scene.discord().asked().into_iter();
    let tried = asked.filter_map(|(at, asked)| match asked {
        Asked::Create { channel, .. } if channel.get() == 7 => Some(at.as_secs() / 60),
        Asked::Create { .. }
        | Asked::Find { .. }
        | Asked::Edit { .. }
        | Asked::Examine { .. }
        | Asked::Members { .. }
        | Asked::Other => None,
    });
    let tried: Vec<_> = tried.map(|minute| minute - 24 * 60).collect();
    assert_eq!(tried.first(), Some(&10), "{tried:?}");
    assert!(tried.iter().all(|minute| *minute <= 15), "a quarter of an hour at most: {tried:?}");
}

#[tokio::test(start_paused = true)]
async fn what_may_be_in_a_thread_that_cannot_be_read_is_not_told_beside_it() {
    let scene = Scene::new(|asked, before| match asked {
        // The thread has the number of the post, which is not a small one.
        Asked::Create { channel, .. } if channel.get() > 100 => {
            (Duration::ZERO, Some(if before < 3 { unclear() } else { DiscordError::Forbidden }))
        }
        Asked::Find { channel } if channel.get() > 100 => {
            (Duration::ZERO, Some(DiscordError::Forbidden))
        }
        Asked::Create { .. }
        | Asked::Find { .. }
        | Asked::Edit { .. }
        | Asked::Examine { .. }
        | Asked::Members { .. }
        | Asked::Other => (Duration::ZERO, None),
    })
    .await;
    let threads = SettingsChange::Threads(true);
    scene.app.store().change_settings(GUILD, threads, scene.app.now()).await.unwrap();
    let event = scene.created(1).await.sheet.event.id;
    comes(&scene, event, 7, yes()).await;
    scene.delivers();
    scene.does_chores();
    scene.passes(5).await;
    assert!(scene.read(event).await.post.thread.is_some());
    assert_eq!(scene.discord().creates(), 1);
    is_cancelled(&scene, event).await;
    scene.passes(900).await;
    let beside =
        scene.discord().asked().into_iter().filter(
            |(_, asked)| matches!(asked, Asked::Create { channel, .. } if channel.get() == 1),
        );
    assert_eq!(beside.count(), 1, "the post alone: {:?}", scene.discord().asked());
    assert_eq!(failed(&scene).await, 1, "nobody knows whether it arrived");
}

#[tokio::test(start_paused = true)]
async fn what_may_be_among_too_many_messages_is_unclear_and_holds_up_nothing() {
    let scene = Scene::new(looked_through(1, || DiscordError::CannotTell)).await;
    scene.created(1).await;
    let next = scene.created(1).await.sheet.event.id;
    scene.delivers();
    scene.passes(300).await;
    assert_eq!((looks(&scene), failed(&scene).await), (1, 1));
    assert!(scene.read(next).await.post.message.is_some(), "the next one goes out");
}

#[tokio::test(start_paused = true)]
async fn a_look_that_never_succeeds_holds_up_its_channel_for_some_hours_at_most() {
    let scene = Scene::new(looked_through(1, unclear)).await;
    scene.created(1).await;
    let next = scene.created(1).await.sheet.event.id;
    scene.delivers();
    scene.passes(20 * 60).await;
    assert_eq!(failed(&scene).await, 0, "Discord may answer yet");
    assert!(looks(&scene) < 12, "{}", looks(&scene));
    scene.passes(3 * 3_600).await;
    assert_eq!(failed(&scene).await, 1);
    assert!(scene.read(next).await.post.message.is_some(), "the next one goes out");
}

#[tokio::test(start_paused = true)]
async fn what_is_wanted_no_more_and_cannot_be_found_holds_up_nothing() {
    let scene = Scene::new(looked_through(2, || DiscordError::CannotTell)).await;
    only(&scene, hour_before()).await;
    let event = scene.posted(2, SignedDuration::ZERO).await;
    comes(&scene, event, 7, yes()).await;
    scene.delivers();
    scene.passes(23 * 3_600 + 2).await;
    let before = scene.discord().creates();
    assert!(before > 0, "it was tried");
    is_cancelled(&scene, event).await;
    scene.passes(60).await;
    assert_eq!((looks(&scene), failed(&scene).await), (1, 1));
    assert!(scene.discord().creates() > before, "the news of the end go out");
}

#[tokio::test(start_paused = true)]
async fn a_post_that_changed_before_it_was_sent_again_is_brought_up_to_date() {
    let scene = Scene::new(|asked, before| {
        let is_lost = matches!(asked, Asked::Create { .. }) && before == 0;
        (2 * SECOND, is_lost.then(unclear))
    })
    .await;
    let event = scene.created(1).await.sheet.event.id;
    scene.reconciles();
    scene.passes(1).await;
    // Discord has it by now as it was, and says nothing else when it is asked to make it again.
    scene.rename(event, "Raid night").await;
    scene.passes(30).await;
    assert_eq!(scene.discord().creates(), 2);
    let edits = scene.discord().edits();
    let edits: Vec<_> = edits.into_iter().map(|(_, event, version)| (event, version)).collect();
    assert_eq!(edits, [(event, 2)]);
    assert_eq!(scene.read(event).await.post.shown, 2);
}
