//! What goes wrong is told once, listed, and tried again when somebody asks.

use muster_domain::answer_option::Options;
use muster_domain::change::EventChange;
use muster_domain::id::{ChannelId, DeliveryId, MessageId, RoleId};
use muster_domain::notice::News;
use muster_domain::reminder::{Audience, Reminder, ReminderPlace};
use muster_domain::series::SeriesStep;
use muster_domain::settings::SettingsChange;
use muster_store::Store;
use muster_store::model::{
    Breakage, ChoreEnd, Delivery, DeliveryContent, DeliveryEnd, FailedCause, MissedCause, NewEvent,
    NewSeries, Outlook, PlacesInUse, ReminderChange, Retried, SeriesCreated, SeriesRequest,
    TroubleReport, Window,
};

use super::direct::wants;
use super::reminders::{before, only};
use super::schedules::{plan, weekly_on_saturday};
use crate::scene::{
    CHANNEL, END, GUILD, HOST, OTHER_GUILD, Scene, YES, details, details_at, minute, move_to, sent,
};

const ADMIN: ChannelId = ChannelId::new(900);
const ALL: Window = Window { skip: 0, limit: 10 };

/// The guild's organisers have a channel of their own.
pub(super) async fn has_admin_channel<S: Store>(scene: &Scene<S>) {
    let change = SettingsChange::AdminChannel(Some(ADMIN));
    scene.store.change_settings(GUILD, change, minute(0)).await.unwrap();
}

/// The reports that can be claimed at this minute. What else is due is sent.
async fn reports<S: Store>(scene: &Scene<S>, at: i64) -> Vec<Delivery> {
    let mut reports = Vec::new();
    loop {
        let claimed = scene.claim(at).await;
        if claimed.is_empty() {
            return reports;
        }
        for delivery in claimed {
            if matches!(delivery.content, DeliveryContent::Report { .. }) {
                reports.push(delivery);
            } else {
                scene.end(&delivery, sent(70 + delivery.id.get(), 1), at).await;
            }
        }
    }
}

async fn told<S: Store>(scene: &Scene<S>, report: &Delivery, at: i64) -> TroubleReport {
    scene.store.trouble_report(report.id, minute(at), 10).await.unwrap()
}

/// The only report at this minute, with what it tells; it is sent.
async fn the_report<S: Store>(scene: &Scene<S>, at: i64) -> (Delivery, TroubleReport) {
    let mut reports = reports(scene, at).await;
    let report = reports.pop().unwrap();
    assert_eq!(reports, [], "one is enough");
    let content = told(scene, &report, at).await;
    let channel = report.channel.unwrap_or(ChannelId::new(77));
    let end = DeliveryEnd::Sent { channel, message: MessageId::new(99), version: 0 };
    scene.end(&report, end, at).await;
    (report, content)
}

/// An event whose post ended so at minute 0.
async fn ended_so<S: Store>(scene: &Scene<S>, end: DeliveryEnd) -> DeliveryId {
    let delivery = scene.created(details(0)).await.delivery;
    let claimed = scene.hold(delivery).await;
    scene.attempt(&claimed).await;
    scene.end(&claimed, end, 0).await;
    delivery
}

pub(crate) async fn what_came_too_late_is_told_once_in_one_report<S: Store>(scene: &Scene<S>) {
    has_admin_channel(scene).await;
    for message in [5, 6] {
        let event = scene.posted_event(message).await;
        scene.tap(event, 1, YES).await;
    }
    scene.store.turn_events(minute(END + 200), 10).await.unwrap();
    assert!(reports(scene, END + 200).await.is_empty(), "it waits for what else went wrong");
    let (report, content) = the_report(scene, END + 201).await;
    assert_eq!(
        (report.channel, &report.content),
        (Some(ADMIN), &DeliveryContent::Report { member: None },)
    );
    let lines: Vec<_> = content.missed.rows.iter().map(|line| (line.news, line.due)).collect();
    let reminders = [45, 45].map(|due| (Some(News::Reminder), minute(due)));
    assert!(reminders.iter().all(|reminder| lines.contains(reminder)), "{lines:?}");
    assert_eq!(content.missed.total, lines.len());
    assert!(content.failed.rows.is_empty() && content.broken.rows.is_empty());
    scene.store.turn_events(minute(END + 300), 10).await.unwrap();
    assert!(reports(scene, END + 300).await.is_empty());
}

pub(crate) async fn without_a_channel_for_it_nobody_is_told_of_what_is_too_late<S: Store>(
    scene: &Scene<S>,
) {
    let event = scene.posted_event(5).await;
    scene.tap(event, 1, YES).await;
    scene.store.turn_events(minute(END + 200), 10).await.unwrap();
    assert!(reports(scene, END + 201).await.is_empty());
}

pub(crate) async fn a_broken_channel_is_told_once_until_it_works<S: Store>(scene: &Scene<S>) {
    has_admin_channel(scene).await;
    let refused = || DeliveryEnd::Broken(Breakage::Refuses);
    let first = ended_so(scene, refused()).await;
    ended_so(scene, refused()).await;
    let (_, content) = the_report(scene, 1).await;
    let broken: Vec<_> = content.broken.rows.iter().map(|b| (b.channel, b.breakage)).collect();
    assert_eq!(broken, [(CHANNEL, Breakage::Refuses)]);
    let [line] = &content.failed.rows[..] else { panic!("the first: {content:?}") };
    assert_eq!((line.delivery, line.cause), (first, FailedCause::Forbidden));
    ended_so(scene, refused()).await;
    assert!(reports(scene, 2).await.is_empty(), "they know");
    assert_eq!(scene.store.failed(GUILD, minute(2), ALL).await.unwrap().total, 3);
    scene.posted_event(8).await;
    ended_so(scene, refused()).await;
    assert_eq!(the_report(scene, 3).await.1.broken.total, 1, "it worked in between");
}

pub(crate) async fn without_a_channel_for_it_the_events_organiser_is_told<S: Store>(
    scene: &Scene<S>,
) {
    ended_so(scene, DeliveryEnd::Unclear).await;
    let (report, content) = the_report(scene, 1).await;
    assert_eq!(report.content, DeliveryContent::Report { member: Some(HOST) });
    assert_eq!(content.failed.rows[0].cause, FailedCause::Unclear);
}

pub(crate) async fn a_report_that_its_channel_does_not_take_goes_to_an_organiser<S: Store>(
    scene: &Scene<S>,
) {
    has_admin_channel(scene).await;
    ended_so(scene, DeliveryEnd::Unclear).await;
    let mut reports = reports(scene, 1).await;
    let report = reports.pop().unwrap();
    scene.end(&report, DeliveryEnd::Broken(Breakage::Gone), 1).await;
    let (again, content) = the_report(scene, 2).await;
    assert_eq!(again.content, DeliveryContent::Report { member: Some(HOST) });
    assert_eq!(content.failed.total, 1);
    let broken: Vec<_> = content.broken.rows.iter().map(|b| (b.channel, b.breakage)).collect();
    assert_eq!(broken, [(ADMIN, Breakage::Gone)]);
    ended_so(scene, DeliveryEnd::Unclear).await;
    let (third, _) = the_report(scene, 3).await;
    assert_eq!(third.content, DeliveryContent::Report { member: Some(HOST) }, "it is known");
}

pub(crate) async fn what_was_taken_back_is_not_told<S: Store>(scene: &Scene<S>) {
    has_admin_channel(scene).await;
    let created = scene.created(details(0)).await;
    let claimed = scene.hold(created.delivery).await;
    scene.end(&claimed, DeliveryEnd::Broken(Breakage::Refuses), 0).await;
    scene.change(created.sheet.event.id, EventChange::Delete, 0).await;
    let [report] = &reports(scene, 1).await[..] else {
        panic!("a report that has nothing to tell")
    };
    assert!(told(scene, report, 1).await.is_empty());
    scene.end(report, DeliveryEnd::Skipped("nothing is left to tell"), 1).await;
    ended_so(scene, DeliveryEnd::Broken(Breakage::Refuses)).await;
    assert_eq!(the_report(scene, 3).await.1.broken.total, 1, "now it matters");
}

pub(crate) async fn a_failed_message_is_tried_again_when_somebody_asks<S: Store>(scene: &Scene<S>) {
    let (store, failed) = (&scene.store, ended_so(scene, DeliveryEnd::Dead("no".into())).await);
    let [line] = &store.failed(GUILD, minute(1), ALL).await.unwrap().rows[..] else {
        panic!("one")
    };
    assert_eq!((line.delivery, line.news, line.worth_it), (failed, None, true));
    assert_eq!(store.retry(OTHER_GUILD, failed, minute(1)).await, Ok(Retried::NoSuch));
    assert_eq!(store.retry(GUILD, failed, minute(2)).await, Ok(Retried::Again(Some(CHANNEL))));
    assert_eq!(store.retry(GUILD, failed, minute(2)).await, Ok(Retried::UnderWay));
    let claimed = scene.claim(2).await;
    let again = claimed.iter().find(|delivery| delivery.id == failed).unwrap();
    assert_eq!((again.attempts, again.first_attempt), (0, None), "Discord did not take it");
    assert_eq!(again.retried, Some(minute(2)));
    scene.end(again, sent(9, 1), 2).await;
    assert_eq!(store.failed(GUILD, minute(2), ALL).await.unwrap().total, 0);
    assert_eq!(store.retry(GUILD, failed, minute(3)).await, Ok(Retried::UnderWay));
}

pub(crate) async fn what_may_have_arrived_is_looked_for_before_it_is_sent_again<S: Store>(
    scene: &Scene<S>,
) {
    let failed = ended_so(scene, DeliveryEnd::Unclear).await;
    let again = scene.store.retry(GUILD, failed, minute(2)).await;
    assert_eq!(again, Ok(Retried::Again(Some(CHANNEL))));
    let claimed = scene.claim(2).await;
    let again = claimed.iter().find(|delivery| delivery.id == failed).unwrap();
    assert_eq!((again.attempts, again.first_attempt), (1, Some(minute(0))));
}

pub(crate) async fn what_is_not_worth_it_any_more_is_not_tried_again<S: Store>(scene: &Scene<S>) {
    let store = &scene.store;
    let failed = ended_so(scene, DeliveryEnd::Unclear).await;
    assert_eq!(store.retry(GUILD, failed, minute(END)).await, Ok(Retried::NotWorthIt));
    let rows = store.failed(GUILD, minute(END), ALL).await.unwrap().rows;
    assert!(!rows[0].worth_it);
    let event = rows[0].event;
    store.post_again(GUILD, event, None, minute(1)).await.unwrap();
    assert_eq!(store.retry(GUILD, failed, minute(1)).await, Ok(Retried::NotWorthIt));
    assert_eq!(store.failed(GUILD, minute(1), ALL).await.unwrap().total, 0, "another post is due");
}

pub(crate) async fn a_channel_that_works_again_gets_what_waits_for_it<S: Store>(scene: &Scene<S>) {
    has_admin_channel(scene).await;
    let (store, event) = (&scene.store, scene.posted_event(5).await);
    scene.tap(event, 1, YES).await;
    let gone = Some(Breakage::Gone);
    assert_eq!(store.channel_tested(GUILD, CHANNEL, gone, minute(1)).await, Ok(true));
    assert_eq!(store.channel_tested(GUILD, CHANNEL, gone, minute(1)).await, Ok(false), "known");
    assert_eq!(the_report(scene, 2).await.1.broken.rows[0].breakage, Breakage::Gone);
    scene.change(event, move_to(70, 130), 3).await;
    let [news] = &scene.claim(4).await[..] else { panic!("news") };
    let later = muster_store::model::Attempted::NotTaken;
    let _ours = store.postpone(news, minute(64), later).await.unwrap();
    assert!(scene.claim(5).await.is_empty());
    assert_eq!(store.channel_tested(GUILD, CHANNEL, None, minute(5)).await, Ok(true));
    assert_eq!(scene.claim(5).await.len(), 1);
    assert_eq!(store.channel_tested(GUILD, CHANNEL, None, minute(5)).await, Ok(false));
}

pub(crate) async fn a_deleted_post_is_told_once<S: Store>(scene: &Scene<S>) {
    has_admin_channel(scene).await;
    let event = scene.posted_event(5).await;
    for at in [1, 2] {
        scene.post_gone(event, minute(at)).await;
    }
    let (_, content) = the_report(scene, 2).await;
    assert_eq!(content.gone.rows.iter().map(|gone| gone.event).collect::<Vec<_>>(), [event]);
    scene.post_gone(event, minute(3)).await;
    assert!(reports(scene, 9).await.is_empty());
}

pub(crate) async fn the_outlook_names_what_events_to_come_need<S: Store>(scene: &Scene<S>) {
    has_admin_channel(scene).await;
    let (store, event) = (&scene.store, scene.posted_event(5).await);
    scene.tap(event, 1, YES).await;
    scene.change(event, move_to(70, 130), 3).await;
    let late = scene.store.outlook(GUILD, minute(9), minute(8), 5).await.unwrap();
    let expected = Outlook {
        channels: vec![CHANNEL],
        next_due: late.next_due,
        overdue: 1,
        ..Outlook::default()
    };
    assert_eq!(late, expected);
    assert!(late.next_due.is_some_and(|due| due <= minute(4)));
    let places = PlacesInUse { guild: GUILD, channels: vec![CHANNEL, ADMIN] };
    assert_eq!(store.places_in_use(minute(9), 9).await, Ok(vec![places]));
    assert_eq!(store.outlook(OTHER_GUILD, minute(9), minute(8), 5).await, Ok(Outlook::default()));
}

pub(crate) async fn the_outlook_names_what_series_and_reminders_need<S: Store>(scene: &Scene<S>) {
    scene.without_reminders().await;
    let (store, forum, role) = (&scene.store, ChannelId::new(300), RoleId::new(31));
    let mut options = Options::default_four().iter().cloned().collect::<Vec<_>>();
    options[0].granted = Some(RoleId::new(33));
    let mut plan = plan();
    plan.channel = forum;
    plan.made_of.mention = Some(role);
    plan.made_of.options = Options::new(options).unwrap();
    let interaction = scene.interaction();
    let new =
        NewSeries { guild: GUILD, host: HOST, day: None, plan, held_until: None, interaction };
    let SeriesCreated::Made(series) = store.create_series(new, minute(0)).await.unwrap() else {
        panic!("the first one")
    };
    let reminder = |audience| Reminder { audience, ..before(30) };
    let add = |role| ReminderChange::Add(reminder(Audience::Role(RoleId::new(role))));
    scene.change_reminders(None, add(41), 0).await;
    let event = scene.posted_event(5).await;
    scene.change_reminders(Some(event), add(42), 0).await;
    let of_role = reminder(Audience::UnansweredOf(RoleId::new(43)));
    scene.change_reminders(None, ReminderChange::Add(of_role), 0).await;
    let outlook = store.outlook(GUILD, minute(0), minute(0), 9).await.unwrap();
    assert_eq!((outlook.channels, outlook.series_channels), (vec![CHANNEL], vec![forum]));
    let mut mentions: Vec<_> = outlook.mentions.iter().map(|(c, r)| (*c, r.get())).collect();
    mentions.sort_unstable();
    // The event has taken over the reminders of the guild as they were.
    let of_event = [41, 42].map(|role| (CHANNEL, role));
    let of_series = [31, 41, 43].map(|role| (forum, role));
    assert_eq!(mentions, [of_event.as_slice(), of_series.as_slice()].concat());
    assert_eq!(outlook.granted, [RoleId::new(33)]);
    assert_eq!(outlook.unanswered_of, [RoleId::new(43)]);
    let places = store.places_in_use(minute(0), 9).await.unwrap();
    assert_eq!(places[0].channels, [CHANNEL, forum]);
    let request = SeriesRequest {
        guild: GUILD,
        series: series.id,
        by: HOST,
        step: SeriesStep::End,
        seen: None,
        interaction: scene.interaction(),
        at: minute(1),
    };
    store.change_series(request).await.unwrap();
    let outlook = store.outlook(GUILD, minute(1), minute(1), 9).await.unwrap();
    assert!(outlook.series_channels.is_empty() && outlook.granted.is_empty());
}

pub(crate) async fn a_channel_of_a_series_is_told_when_it_breaks<S: Store>(scene: &Scene<S>) {
    has_admin_channel(scene).await;
    weekly_on_saturday(scene).await;
    scene.store.channel_tested(GUILD, CHANNEL, Some(Breakage::Gone), minute(0)).await.unwrap();
    let (_, content) = the_report(scene, 1).await;
    let broken: Vec<_> = content.broken.rows.iter().map(|broken| broken.channel).collect();
    assert_eq!(broken, [CHANNEL]);
}

pub(crate) async fn a_thread_of_a_post_is_told_when_it_breaks<S: Store>(scene: &Scene<S>) {
    has_admin_channel(scene).await;
    let threads = SettingsChange::Threads(true);
    scene.store.change_settings(GUILD, threads, minute(0)).await.unwrap();
    scene.posted_event(6).await;
    let chore = scene.store.due_chores(minute(0), 1).await.unwrap()[0];
    scene.store.chore_ended(chore, ChoreEnd::Done, minute(0)).await.unwrap();
    let thread = ChannelId::new(6);
    scene.store.channel_tested(GUILD, thread, Some(Breakage::Refuses), minute(0)).await.unwrap();
    let (_, content) = the_report(scene, 1).await;
    assert_eq!(content.broken.rows.first().map(|broken| broken.channel), Some(thread));
}

pub(crate) async fn a_sound_database_says_so<S: Store>(scene: &Scene<S>) {
    assert_eq!(scene.store.condition(minute(0)).await.unwrap().sound, Ok(()));
}

pub(crate) async fn of_messages_to_members_that_came_too_late_nobody_is_told<S: Store>(
    scene: &Scene<S>,
) {
    has_admin_channel(scene).await;
    only(scene, [Reminder { place: ReminderPlace::Direct, ..before(30) }]).await;
    let event = scene.posted_event(5).await;
    scene.tap(event, 1, YES).await;
    wants(scene, event, 1, true).await;
    scene.store.turn_events(minute(30), 10).await.unwrap();
    let claimed = scene.claim(30).await;
    let [direct] = &claimed[..] else { panic!("one message to one member: {claimed:?}") };
    assert!(matches!(direct.content, DeliveryContent::Direct { .. }));
    scene.end(direct, DeliveryEnd::Missed(MissedCause::TooLate), 31).await;
    assert!(reports(scene, 40).await.is_empty());
}

pub(crate) async fn channels_are_in_use_by_when_something_is_due_in_them<S: Store>(
    scene: &Scene<S>,
) {
    has_admin_channel(scene).await;
    let admin = SettingsChange::AdminChannel(Some(ChannelId::new(901)));
    scene.store.change_settings(OTHER_GUILD, admin, minute(0)).await.unwrap();
    for (guild, channel, start) in [(GUILD, 1, 300), (OTHER_GUILD, 2, 200), (OTHER_GUILD, 3, 400)] {
        let (channel, details) = (ChannelId::new(channel), details_at(start, start + 60));
        let new = NewEvent { guild, channel, ..scene.new_event(details) };
        scene.store.create_event(new, minute(0)).await.unwrap();
    }
    let of = |guild, channels: &[u64]| {
        let channels = channels.iter().copied().map(ChannelId::new).collect();
        PlacesInUse { guild, channels }
    };
    let places = |limit| scene.store.places_in_use(minute(0), limit);
    let both = [of(OTHER_GUILD, &[2, 901, 3]), of(GUILD, &[1, 900])];
    assert_eq!(places(9).await.unwrap(), both);
    assert_eq!(places(2).await.unwrap(), [of(OTHER_GUILD, &[2, 901])]);
}
