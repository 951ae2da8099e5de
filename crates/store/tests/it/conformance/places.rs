//! Where posts go and what becomes of them: threads, forums, moves, and what is cleaned away.

use muster_domain::change::EventChange;
use muster_domain::event::EventDetails;
use muster_domain::id::{ChannelId, DeliveryId, EventId, MessageId};
use muster_domain::reminder::{Reminder, ReminderPlace, ReminderTime};
use muster_domain::settings::{CleanUp, HoursAfterEnd, SettingsChange};
use muster_domain::text::Title;
use muster_store::Store;
use muster_store::model::{
    Chore, ChoreEnd, ChoreKind, Delivery, DeliveryContent, DeliveryEnd, FailedCause, GivenUp,
    GivenUpCause, GivenUpLine, GivenUpWhat, MoveRequest, Moving, ReminderChange, Window,
};

use crate::scene::{
    CHANNEL, END, GUILD, HOST, OTHER_GUILD, Scene, YES, details, details_at, minute, move_to, sent,
};

const ELSEWHERE: ChannelId = ChannelId::new(102);
const FORUM: ChannelId = ChannelId::new(103);

async fn choose<S: Store>(scene: &Scene<S>, change: SettingsChange) {
    scene.store.change_settings(GUILD, change, minute(0)).await.unwrap();
}

fn hours(hours: i64) -> HoursAfterEnd {
    HoursAfterEnd::parse(hours).unwrap()
}

/// What is to be done at this minute: what, where, and about which message.
async fn due<S: Store>(scene: &Scene<S>, at: i64) -> Vec<(ChoreKind, u64, u64)> {
    let due = scene.store.due_chores(minute(at), 10).await.unwrap();
    due.iter().map(|chore| (chore.kind, chore.channel.get(), chore.message.get())).collect()
}

async fn end<S: Store>(scene: &Scene<S>, end: ChoreEnd, at: i64) -> Chore {
    let due = scene.store.due_chores(minute(at), 1).await.unwrap();
    scene.store.chore_ended(due[0], end, minute(at)).await.unwrap();
    due[0]
}

/// Has the post of an event be made again at minute 3, with this interaction.
async fn moving<S: Store>(
    scene: &Scene<S>,
    event: EventId,
    channel: ChannelId,
) -> (MoveRequest, DeliveryId) {
    let (interaction, at) = (scene.interaction(), minute(3));
    let by = HOST;
    let request =
        MoveRequest { guild: GUILD, event, channel, takes_back: None, by, interaction, at };
    let moving = scene.store.move_post(request).await.unwrap();
    let Moving::Begun(delivery) = moving else { panic!("not begun: {moving:?}") };
    (request, delivery)
}

/// A delivery is sent to this channel as this message.
async fn arrives<S: Store>(scene: &Scene<S>, delivery: DeliveryId, place: ChannelId, message: u64) {
    let claimed = scene.store.claim(delivery, minute(3), minute(4)).await.unwrap().unwrap();
    scene.attempt(&claimed).await;
    let message = MessageId::new(message);
    let sent = DeliveryEnd::Sent { channel: place, message, version: 1 };
    scene.end(&claimed, sent, 3).await;
}

/// The channels of what is to be sent at this minute.
async fn channels<S: Store>(scene: &Scene<S>, at: i64) -> Vec<Option<ChannelId>> {
    scene.claim(at).await.iter().map(|delivery| delivery.channel).collect()
}

pub(crate) async fn a_thread_is_opened_on_the_post_where_the_guild_wants_it<S: Store>(
    scene: &Scene<S>,
) {
    scene.posted_event(5).await;
    choose(scene, SettingsChange::Threads(true)).await;
    let event = scene.posted_event(6).await;
    choose(scene, SettingsChange::Threads(false)).await;
    let wanted = (ChoreKind::OpenThread, CHANNEL.get(), 6);
    assert_eq!(due(scene, 0).await, [wanted], "of the event made while the guild wanted it");
    assert_eq!(scene.store.next_chore().await, Ok(Some(minute(0))));
    end(scene, ChoreEnd::Later(minute(2)), 0).await;
    assert_eq!((due(scene, 1).await, due(scene, 2).await), (vec![], vec![wanted]));
    end(scene, ChoreEnd::Done, 2).await;
    assert_eq!(scene.store.next_chore().await, Ok(None));
    assert_eq!(scene.read(event).await.post.thread, Some(ChannelId::new(6)));
}

pub(crate) async fn news_go_into_the_thread_once_there_is_one<S: Store>(scene: &Scene<S>) {
    scene.without_reminders().await;
    choose(scene, SettingsChange::Threads(true)).await;
    let event = scene.posted_event(6).await;
    scene.tap(event, 1, YES).await;
    scene.change(event, EventChange::Cancel, 1).await;
    assert_eq!(channels(scene, 2).await, [Some(CHANNEL)]);
    scene.change(event, EventChange::Restore, 3).await;
    end(scene, ChoreEnd::Done, 3).await;
    scene.change(event, move_to(70, 80), 4).await;
    assert!(channels(scene, 6).await.contains(&Some(ChannelId::new(6))));
}

pub(crate) async fn reminders_go_into_the_thread_unless_they_are_for_the_channel<S: Store>(
    scene: &Scene<S>,
) {
    scene.without_reminders().await;
    choose(scene, SettingsChange::Threads(true)).await;
    let event = scene.posted_event(6).await;
    scene.tap(event, 1, YES).await;
    end(scene, ChoreEnd::Done, 0).await;
    let before = |minutes, place| {
        let time = ReminderTime::Before(jiff::SignedDuration::from_mins(minutes));
        Reminder { place, ..Reminder::at(time) }
    };
    for reminder in [before(30, ReminderPlace::Thread), before(20, ReminderPlace::Channel)] {
        scene.change_reminders(Some(event), ReminderChange::Add(reminder), 1).await;
    }
    scene.store.turn_events(minute(40), 10).await.unwrap();
    let thread = Some(ChannelId::new(6));
    assert_eq!(channels(scene, 40).await, [thread, Some(CHANNEL)]);
}

pub(crate) async fn a_chore_that_cannot_be_done_is_listed_in_its_guild<S: Store>(scene: &Scene<S>) {
    choose(scene, SettingsChange::Threads(true)).await;
    scene.posted_event(6).await;
    let chore = end(scene, ChoreEnd::GivenUp(GivenUpCause::Other("no right".into())), 1).await;
    assert_eq!(due(scene, 2).await, []);
    assert_eq!(scene.store.next_chore().await, Ok(None));
    let listed = async |now| scene.store.given_up_chores(GUILD, minute(now), 10).await.unwrap();
    let of = |up: &GivenUp| (up.chore, up.at, up.cause, up.reason.clone());
    let one = (chore, minute(1), FailedCause::Refused, "no right".to_owned());
    assert_eq!(listed(2).await.iter().map(of).collect::<Vec<_>>(), [one]);
    assert_eq!(listed(END).await, [], "by then nobody needs a thread");
    assert_eq!(scene.store.given_up_chores(OTHER_GUILD, minute(2), 10).await, Ok(vec![]));
    for (guild, again) in [(OTHER_GUILD, 0), (GUILD, 1)] {
        scene.store.retry_chores(guild, minute(3)).await.unwrap();
        assert_eq!(due(scene, 3).await.len(), again);
    }
    assert_eq!(listed(3).await, []);
    end(scene, ChoreEnd::GivenUp(GivenUpCause::Forbidden), 3).await;
    let of = |up: &GivenUp| (up.cause, up.reason.clone());
    let words = "the bot lacks a permission there".to_owned();
    // The words are those of rows that earlier versions wrote.
    assert_eq!(of(&listed(4).await[0]), (FailedCause::Forbidden, words.clone()));
    scene.store.retry_chores(GUILD, minute(5)).await.unwrap();
    let quoted = format!("refused: {words}, says somebody");
    end(scene, ChoreEnd::GivenUp(GivenUpCause::Other(quoted.clone())), 5).await;
    assert_eq!(of(&listed(6).await[0]), (FailedCause::Refused, quoted));
}

pub(crate) async fn what_was_given_up_anywhere_is_listed_for_the_operator<S: Store>(
    scene: &Scene<S>,
) {
    choose(scene, SettingsChange::Threads(true)).await;
    scene.posted_event(6).await;
    end(scene, ChoreEnd::GivenUp(GivenUpCause::Forbidden), 1).await;
    let delivery = scene.created(details(0)).await.delivery;
    let claimed = scene.hold(delivery).await;
    scene.end(&claimed, DeliveryEnd::Dead("no".into()), 2).await;
    let listed = async |at, skip, limit| {
        scene.store.given_up(minute(at), Window { skip, limit }).await.unwrap()
    };
    let page = listed(3, 0, 10).await;
    let of = |line: &GivenUpLine| (line.guild, line.what, line.channel, line.at, line.cause);
    let message = GivenUpWhat::Message { delivery, news: None, worth_it: true };
    let thread = GivenUpWhat::Chore(ChoreKind::OpenThread);
    let latest = (GUILD, message, Some(CHANNEL), minute(2), FailedCause::Refused);
    let first = (GUILD, thread, Some(CHANNEL), minute(1), FailedCause::Forbidden);
    assert_eq!(page.rows.iter().map(of).collect::<Vec<_>>(), [latest, first]);
    assert_eq!((page.total, page.rows[0].due), (2, minute(0)));
    let second = listed(3, 1, 10).await;
    assert_eq!((second.rows.len(), second.total), (1, 2));
    assert_eq!(listed(3, 5_000, 10).await.rows, []);
    let past = listed(END, 0, 10).await;
    let message = GivenUpWhat::Message { delivery, news: None, worth_it: false };
    let whats: Vec<_> = past.rows.iter().map(|line| line.what).collect();
    assert_eq!(whats, [message], "by then nobody needs a thread, and the post is too late");
    scene.store.guild_left(GUILD, minute(4)).await.unwrap();
    assert_eq!(listed(4, 0, 10).await.total, 0, "nothing can be done there");
}

pub(crate) async fn nothing_is_done_for_a_guild_that_removed_the_bot<S: Store>(scene: &Scene<S>) {
    scene.store.guild_arrived(GUILD, minute(0)).await.unwrap();
    choose(scene, SettingsChange::Threads(true)).await;
    scene.posted_event(6).await;
    scene.store.guild_left(GUILD, minute(1)).await.unwrap();
    assert_eq!((due(scene, 2).await, scene.store.next_chore().await), (vec![], Ok(None)));
    scene.store.guild_arrived(GUILD, minute(3)).await.unwrap();
    assert_eq!(due(scene, 3).await.len(), 1);
}

pub(crate) async fn a_moved_post_replaces_the_one_before_when_it_is_there<S: Store>(
    scene: &Scene<S>,
) {
    let event = scene.posted_event(5).await;
    scene.tap(event, 1, YES).await;
    let (request, delivery) = moving(scene, event, ELSEWHERE).await;
    assert_eq!(scene.store.move_post(request).await, Ok(Moving::Repeated(delivery)));
    let (_, same) = moving(scene, event, ELSEWHERE).await;
    assert_eq!(same, delivery, "it is under way already");
    let post = scene.read(event).await.post;
    assert_eq!((post.channel, post.message), (CHANNEL, Some(MessageId::new(5))));
    assert_eq!(due(scene, 3).await, []);
    arrives(scene, delivery, ELSEWHERE, 8).await;
    let now = scene.read(event).await;
    assert_eq!((now.post.channel, now.post.message), (ELSEWHERE, Some(MessageId::new(8))));
    assert_eq!((now.sheet.event.channel, now.sheet.coming), (ELSEWHERE, 1));
    assert_eq!(due(scene, 3).await, [(ChoreKind::DeleteMessage, CHANNEL.get(), 5)]);
    // The message that goes is the event's no more: that it is gone says nothing about the post.
    end(scene, ChoreEnd::Done, 3).await;
    assert_eq!(scene.read(event).await.post.gone_at, None);
    assert_eq!(scene.store.move_post(request).await, Ok(Moving::Repeated(delivery)));
}

pub(crate) async fn a_move_that_discord_refuses_leaves_the_post_where_it_is<S: Store>(
    scene: &Scene<S>,
) {
    let event = scene.posted_event(5).await;
    let (_, delivery) = moving(scene, event, ELSEWHERE).await;
    let claimed = scene.hold(delivery).await;
    scene.end(&claimed, DeliveryEnd::Dead("no access".into()), 3).await;
    let now = scene.read(event).await;
    assert_eq!((now.post.channel, now.sheet.event.channel), (CHANNEL, CHANNEL));
    assert_eq!((now.post.message, due(scene, 3).await), (Some(MessageId::new(5)), vec![]));
}

pub(crate) async fn a_move_is_taken_back_for_a_while_unless_there_was_another<S: Store>(
    scene: &Scene<S>,
) {
    let event = scene.posted_event(5).await;
    let (request, delivery) = moving(scene, event, ELSEWHERE).await;
    arrives(scene, delivery, ELSEWHERE, 8).await;
    let back = |at| {
        let (channel, interaction) = (CHANNEL, scene.interaction());
        let takes_back = Some(delivery);
        scene.store.move_post(MoveRequest { channel, takes_back, interaction, at, ..request })
    };
    assert_eq!(back(minute(19)).await, Ok(Moving::TooLate));
    assert_eq!(scene.read(event).await.post.channel, ELSEWHERE);
    let Ok(Moving::Begun(second)) = back(minute(18)).await else { panic!("not taken back") };
    arrives(scene, second, CHANNEL, 9).await;
    assert_eq!(scene.read(event).await.post.channel, CHANNEL);
    assert_eq!(back(minute(5)).await, Ok(Moving::MovedSince(HOST)));
}

pub(crate) async fn of_two_moves_the_later_one_counts_whichever_arrives_first<S: Store>(
    scene: &Scene<S>,
) {
    let event = scene.posted_event(5).await;
    let (_, first) = moving(scene, event, ELSEWHERE).await;
    let (_, second) = moving(scene, event, CHANNEL).await;
    arrives(scene, second, CHANNEL, 9).await;
    arrives(scene, first, ELSEWHERE, 8).await;
    let post = scene.read(event).await.post;
    assert_eq!((post.channel, post.message), (CHANNEL, Some(MessageId::new(9))));
    let delete = ChoreKind::DeleteMessage;
    let gone = [(delete, CHANNEL.get(), 5), (delete, ELSEWHERE.get(), 8)];
    assert_eq!(due(scene, 3).await, gone);
}

pub(crate) async fn what_waits_to_be_posted_is_posted_at_once_where_it_is_moved<S: Store>(
    scene: &Scene<S>,
) {
    for (channel, waits) in [(CHANNEL, 1), (ELSEWHERE, 0)] {
        let new = scene.new_event(details(0));
        let held = scene.store.create_event_to_post(new, minute(15), minute(0)).await.unwrap();
        assert_eq!(scene.claim(3).await, [], "it waits");
        let (_, delivery) = moving(scene, held.sheet.event.id, channel).await;
        assert_eq!(usize::from(delivery == held.delivery), waits);
        arrives(scene, delivery, channel, 8).await;
        assert_eq!(scene.claim(15).await, [], "once is enough");
    }
}

pub(crate) async fn what_waits_to_be_posted_is_posted_when_it_is_asked_for<S: Store>(
    scene: &Scene<S>,
) {
    let new = scene.new_event(details(0));
    let held = scene.store.create_event_to_post(new, minute(15), minute(0)).await.unwrap();
    let event = held.sheet.event.id;
    assert_eq!(scene.store.next_due().await, Ok(Some(minute(15))));
    scene.store.mend_times(minute(-1), minute(1), 10).await.unwrap();
    assert_eq!(scene.claim(3).await, [], "a clock that is set back makes it no earlier");
    assert_eq!(
        scene.store.post_again(GUILD, event, None, minute(3)).await,
        Ok(Some(held.delivery))
    );
    arrives(scene, held.delivery, CHANNEL, 8).await;
    assert_eq!(
        scene.store.post_again(GUILD, event, None, minute(4)).await,
        Ok(None),
        "it is there"
    );
}

pub(crate) async fn an_event_of_another_guild_cannot_be_moved<S: Store>(scene: &Scene<S>) {
    let event = scene.posted_event(5).await;
    let (interaction, at) = (scene.interaction(), minute(3));
    let (guild, channel, by) = (OTHER_GUILD, ELSEWHERE, HOST);
    let request = MoveRequest { guild, event, channel, takes_back: None, by, interaction, at };
    assert_eq!(scene.store.move_post(request).await, Ok(Moving::NoSuchEvent));
}

pub(crate) async fn a_moved_post_gets_a_thread_and_the_one_before_is_archived<S: Store>(
    scene: &Scene<S>,
) {
    choose(scene, SettingsChange::Threads(true)).await;
    let event = scene.posted_event(5).await;
    end(scene, ChoreEnd::Done, 0).await;
    let (_, delivery) = moving(scene, event, ELSEWHERE).await;
    arrives(scene, delivery, ELSEWHERE, 8).await;
    let wanted = [
        (ChoreKind::DeleteMessage, CHANNEL.get(), 5),
        (ChoreKind::ArchiveThread, 5, 5),
        (ChoreKind::OpenThread, ELSEWHERE.get(), 8),
    ];
    assert_eq!(due(scene, 3).await, wanted);
    assert_eq!(scene.read(event).await.post.thread, None);
}

pub(crate) async fn a_post_in_a_forum_is_a_thread_and_its_event_stays_the_forums<S: Store>(
    scene: &Scene<S>,
) {
    scene.without_reminders().await;
    choose(scene, SettingsChange::Threads(true)).await;
    scene.store.note_forums(GUILD, vec![FORUM, FORUM]).await.unwrap();
    let new = muster_store::model::NewEvent { channel: FORUM, ..scene.new_event(details(0)) };
    let created = scene.store.create_event(new, minute(0)).await.unwrap();
    let event = created.sheet.event.id;
    scene.tap(event, 1, YES).await;
    scene.change(event, EventChange::Cancel, 1).await;
    scene.change(event, EventChange::Restore, 1).await;
    scene.change(event, move_to(70, 80), 1).await;
    let claimed = scene.store.claim(created.delivery, minute(1), minute(2)).await.unwrap().unwrap();
    assert_eq!((claimed.channel, claimed.in_forum), (Some(FORUM), true));
    scene.attempt(&claimed).await;
    let (thread, message) = (ChannelId::new(7), MessageId::new(7));
    scene.end(&claimed, DeliveryEnd::Sent { channel: thread, message, version: 1 }, 1).await;
    let now = scene.read(event).await;
    assert_eq!((now.post.channel, now.post.message), (thread, Some(message)));
    assert_eq!((now.sheet.event.channel, due(scene, 1).await), (FORUM, vec![]));
    let [news] = &scene.claim(2).await[..] else { panic!("one piece of news") };
    assert!(matches!(news.content, DeliveryContent::Notice { .. }));
    assert_eq!((news.channel, news.in_forum), (Some(thread), false), "planned for the forum");
}

pub(crate) async fn news_of_a_post_in_a_forum_that_is_not_known_have_no_place<S: Store>(
    scene: &Scene<S>,
) {
    scene.without_reminders().await;
    scene.store.note_forums(GUILD, vec![FORUM]).await.unwrap();
    let new = muster_store::model::NewEvent { channel: FORUM, ..scene.new_event(details(0)) };
    let created = scene.store.create_event(new, minute(0)).await.unwrap();
    scene.tap(created.sheet.event.id, 1, YES).await;
    scene.change(created.sheet.event.id, EventChange::Cancel, 1).await;
    let post = scene.store.claim(created.delivery, minute(1), minute(2)).await.unwrap().unwrap();
    scene.attempt(&post).await;
    scene.end(&post, DeliveryEnd::Unclear, 1).await;
    let claimed = scene.claim(2).await;
    let is_news = |one: &&Delivery| matches!(one.content, DeliveryContent::Notice { .. });
    let [news] = &claimed.iter().filter(is_news).collect::<Vec<_>>()[..] else {
        panic!("one piece of news: {claimed:?}")
    };
    assert_eq!((news.channel, news.in_forum), (Some(FORUM), true));
    scene.end(news, DeliveryEnd::NoPost, 2).await;
    let all = Window { skip: 0, limit: 10 };
    let failed = scene.store.failed(GUILD, minute(2), all).await.unwrap();
    let causes: Vec<_> = failed.rows.iter().map(|line| (line.delivery, line.cause)).collect();
    assert!(causes.contains(&(news.id, FailedCause::NoPost)), "{causes:?}");
}

pub(crate) async fn posts_are_deleted_so_long_after_the_end_as_the_guild_wants<S: Store>(
    scene: &Scene<S>,
) {
    let event = scene.posted_event(5).await;
    scene.tap(event, 1, YES).await;
    choose(scene, SettingsChange::CleanUp(CleanUp::Delete(hours(2)))).await;
    scene.store.turn_events(minute(END), 10).await.unwrap();
    assert_eq!(scene.store.next_chore().await, Ok(Some(minute(END + 120))));
    // Another choice is for events that end after it.
    choose(scene, SettingsChange::CleanUp(CleanUp::Keep)).await;
    let wanted = [(ChoreKind::DeleteMessage, CHANNEL.get(), 5)];
    assert_eq!((due(scene, END + 119).await, due(scene, END + 120).await), (vec![], wanted.into()));
    end(scene, ChoreEnd::Done, END + 121).await;
    let now = scene.read(event).await;
    assert_eq!((now.post.cleaned_at, now.sheet.coming), (Some(minute(END + 121)), 1));
    assert_eq!(now.post.gone_at, now.post.cleaned_at);
    assert!(scene.stale().await.is_empty());
}

pub(crate) async fn a_post_that_is_found_after_the_end_is_cleaned_away_as_well<S: Store>(
    scene: &Scene<S>,
) {
    choose(scene, SettingsChange::CleanUp(CleanUp::Delete(hours(2)))).await;
    let claimed = scene.hold(scene.created(details(0)).await.delivery).await;
    scene.attempt(&claimed).await;
    scene.store.turn_events(minute(END), 10).await.unwrap();
    assert_eq!(scene.store.next_chore().await, Ok(None), "it is not known yet");
    scene.end(&claimed, sent(5, 0), END + 5).await;
    let wanted = [(ChoreKind::DeleteMessage, CHANNEL.get(), 5)];
    assert_eq!((due(scene, END + 119).await, due(scene, END + 120).await), (vec![], wanted.into()));
}

pub(crate) async fn posts_stay_and_threads_are_archived_where_the_guild_wants_that<S: Store>(
    scene: &Scene<S>,
) {
    choose(scene, SettingsChange::CleanUp(CleanUp::Archive(hours(1)))).await;
    scene.posted_event(4).await;
    choose(scene, SettingsChange::Threads(true)).await;
    let event = scene.posted_event(5).await;
    end(scene, ChoreEnd::Done, 0).await;
    scene.store.turn_events(minute(END), 10).await.unwrap();
    assert_eq!(due(scene, END + 60).await, [(ChoreKind::ArchiveThread, 5, 5)]);
    end(scene, ChoreEnd::Done, END + 60).await;
    assert_eq!(scene.read(event).await.post.gone_at, None);
}

pub(crate) async fn a_cancelled_event_is_cleaned_away_when_it_would_have_ended<S: Store>(
    scene: &Scene<S>,
) {
    choose(scene, SettingsChange::CleanUp(CleanUp::Delete(hours(1)))).await;
    let event = scene.posted_event(5).await;
    scene.change(event, EventChange::Cancel, 1).await;
    scene.store.turn_events(minute(END - 1), 10).await.unwrap();
    assert_eq!(scene.store.next_chore().await, Ok(None));
    assert_eq!(scene.store.turn_events(minute(END), 10).await, Ok(1));
    assert_eq!(scene.store.turn_events(minute(END), 10).await, Ok(0));
    assert_eq!(due(scene, END + 60).await, [(ChoreKind::DeleteMessage, CHANNEL.get(), 5)]);
}

fn title(title: &str) -> Title {
    Title::parse(title).unwrap()
}

/// An event is called this from that minute on.
async fn rename<S: Store>(scene: &Scene<S>, event: EventId, name: &str, at: i64) {
    let details = EventDetails { title: title(name), ..details_at(60, 120) };
    scene.change(event, EventChange::Edit(details), at).await;
}

pub(crate) async fn a_thread_is_called_as_its_event_is_and_gets_a_name_in_five_minutes<S: Store>(
    scene: &Scene<S>,
) {
    choose(scene, SettingsChange::Threads(true)).await;
    let event = scene.posted_event(5).await;
    let name = scene.read(event).await.sheet.event.details.title;
    end(scene, ChoreEnd::Named(name), 0).await;
    assert_eq!(due(scene, 1).await, []);
    rename(scene, event, "Siege", 2).await;
    assert_eq!(due(scene, 2).await, [(ChoreKind::RenameThread, 5, 5)]);
    // While that is done the event is given another name, which waits its turn.
    let chore = scene.store.due_chores(minute(2), 1).await.unwrap()[0];
    rename(scene, event, "Ambush", 2).await;
    let named = ChoreEnd::Named(title("Siege"));
    scene.store.chore_ended(chore, named, minute(3)).await.unwrap();
    rename(scene, event, "Feast", 4).await;
    let wanted = [(ChoreKind::RenameThread, 5, 5)];
    assert_eq!((due(scene, 7).await, due(scene, 8).await), (vec![], wanted.into()));
    end(scene, ChoreEnd::Named(title("Feast")), 8).await;
    assert_eq!(scene.store.next_chore().await, Ok(None));
}

pub(crate) async fn a_thread_that_got_an_outdated_name_is_given_the_present_one<S: Store>(
    scene: &Scene<S>,
) {
    choose(scene, SettingsChange::Threads(true)).await;
    let event = scene.posted_event(5).await;
    let before = scene.read(event).await.sheet.event.details.title;
    rename(scene, event, "Siege", 0).await;
    assert_eq!(due(scene, 0).await, [(ChoreKind::OpenThread, CHANNEL.get(), 5)], "none yet");
    end(scene, ChoreEnd::Named(before), 0).await;
    assert_eq!(due(scene, 0).await, [(ChoreKind::RenameThread, 5, 5)]);
}

pub(crate) async fn a_thread_that_may_be_there_since_before_a_renaming_is_renamed<S: Store>(
    scene: &Scene<S>,
) {
    choose(scene, SettingsChange::Threads(true)).await;
    let [renamed, same] = [scene.posted_event(5).await, scene.posted_event(6).await];
    rename(scene, renamed, "Siege", 0).await;
    // The answer to the first attempt got lost, and Discord says of the next that it is there.
    end(scene, ChoreEnd::Named(title("Siege")), 0).await;
    end(scene, ChoreEnd::Named(scene.read(same).await.sheet.event.details.title), 0).await;
    assert_eq!(due(scene, 9).await, [(ChoreKind::RenameThread, 5, 5)], "once");
    end(scene, ChoreEnd::Named(title("Siege")), 9).await;
    assert_eq!(scene.store.next_chore().await, Ok(None));
}

pub(crate) async fn a_post_in_a_forum_is_renamed_though_it_was_on_its_way<S: Store>(
    scene: &Scene<S>,
) {
    scene.without_reminders().await;
    scene.store.note_forums(GUILD, vec![FORUM]).await.unwrap();
    let new = muster_store::model::NewEvent { channel: FORUM, ..scene.new_event(details(0)) };
    let created = scene.store.create_event(new, minute(0)).await.unwrap();
    let event = created.sheet.event.id;
    rename(scene, event, "Siege", 1).await;
    arrives(scene, created.delivery, ChannelId::new(7), 7).await;
    let wanted = [(ChoreKind::RenameThread, 7, 7)];
    assert_eq!(due(scene, 3).await, wanted);
    end(scene, ChoreEnd::Named(title("Siege")), 3).await;
    rename(scene, event, "Ambush", 4).await;
    assert_eq!((due(scene, 7).await, due(scene, 8).await), (vec![], wanted.into()));
}

pub(crate) async fn a_post_in_a_forum_that_was_found_is_renamed_if_its_event_was<S: Store>(
    scene: &Scene<S>,
) {
    scene.without_reminders().await;
    scene.store.note_forums(GUILD, vec![FORUM]).await.unwrap();
    let new = || muster_store::model::NewEvent { channel: FORUM, ..scene.new_event(details(0)) };
    let mut planned = Vec::new();
    for (message, is_renamed) in [(7, true), (8, false)] {
        let created = scene.store.create_event(new(), minute(0)).await.unwrap();
        if is_renamed {
            rename(scene, created.sheet.event.id, "Siege", 1).await;
        }
        let claimed = scene.store.claim(created.delivery, minute(3), minute(4)).await;
        let claimed = claimed.unwrap().unwrap();
        scene.attempt(&claimed).await;
        let (channel, message) = (ChannelId::new(message), MessageId::new(message));
        // What it shows is not known.
        scene.end(&claimed, DeliveryEnd::Sent { channel, message, version: 0 }, 3).await;
        planned.push(due(scene, 3).await.len());
    }
    assert_eq!(planned, [1, 1], "the second is called as it always was");
    assert_eq!(due(scene, 3).await, [(ChoreKind::RenameThread, 7, 7)]);
}

pub(crate) async fn an_event_without_a_thread_has_nothing_to_rename<S: Store>(scene: &Scene<S>) {
    let event = scene.posted_event(5).await;
    rename(scene, event, "Siege", 1).await;
    assert_eq!(scene.store.next_chore().await, Ok(None));
}

pub(crate) async fn a_name_planned_by_a_clock_that_was_ahead_waits_no_longer<S: Store>(
    scene: &Scene<S>,
) {
    choose(scene, SettingsChange::Threads(true)).await;
    let event = scene.posted_event(5).await;
    let name = scene.read(event).await.sheet.event.details.title;
    end(scene, ChoreEnd::Named(name), 0).await;
    rename(scene, event, "Siege", 50).await;
    assert_eq!(due(scene, 2).await, []);
    while scene.store.mend_times(minute(1), minute(2), 10).await.unwrap() > 0 {}
    assert_eq!(due(scene, 2).await, [(ChoreKind::RenameThread, 5, 5)]);
}

pub(crate) async fn a_post_left_behind_by_a_clock_that_was_ahead_is_deleted_all_the_same<
    S: Store,
>(
    scene: &Scene<S>,
) {
    choose(scene, SettingsChange::CleanUp(CleanUp::Delete(hours(1)))).await;
    choose(scene, SettingsChange::Threads(true)).await;
    let [moved, _over] = [scene.posted_event(5).await, scene.posted_event(6).await];
    let name = scene.read(moved).await.sheet.event.details.title;
    for _ in 0..2 {
        end(scene, ChoreEnd::Named(name.clone()), 0).await;
    }
    let (_, delivery) = moving(scene, moved, ELSEWHERE).await;
    let claimed = scene.store.claim(delivery, minute(50), minute(51)).await.unwrap().unwrap();
    scene.attempt(&claimed).await;
    let sent = DeliveryEnd::Sent { channel: ELSEWHERE, message: MessageId::new(7), version: 1 };
    scene.end(&claimed, sent, 50).await;
    scene.store.turn_events(minute(END), 10).await.unwrap();
    assert_eq!(due(scene, 2).await, []);
    while scene.store.mend_times(minute(1), minute(2), 10).await.unwrap() > 0 {}
    let left = [(ChoreKind::DeleteMessage, CHANNEL.get(), 5), (ChoreKind::ArchiveThread, 5, 5)];
    let mut all = due(scene, 2).await;
    all.retain(|(kind, _, _)| *kind != ChoreKind::OpenThread);
    assert_eq!(all.len(), left.len(), "{all:?}");
    assert!(left.iter().all(|one| all.contains(one)), "{all:?}");
}
