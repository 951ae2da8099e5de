//! Series: each occurrence becomes an event once, when it is to be posted.

use jiff::civil::{DateTime, Weekday};
use jiff::{SignedDuration, Timestamp};
use muster_domain::change::EventChange;
use muster_domain::event::{EventDetails, Phase, Span};
use muster_domain::id::{ChannelId, EventId, RoleId, SeriesId};
use muster_domain::limits::{DAY_EVENTS_MAX, SKIPS_MAX};
use muster_domain::notice::News;
use muster_domain::recurrence::{Frequency, Recurrence, Rule};
use muster_domain::reminder::{Audience, Reminder, ReminderTime, Reminders};
use muster_domain::series::{ExtraFields, Posting, Series, SeriesPlan, SeriesRefusal, SeriesStep};
use muster_domain::template::Template;
use muster_domain::text::Title;
use muster_domain::zone::Zone;
use muster_store::Store;
use muster_store::model::{
    Cause, ChangeRequest, Changed, DeliveryContent, DeliveryEnd, Kept, Listing, MakeRequest,
    MemberData, NewSeries, OccurrenceMade, PostWhen, ScheduleSkip, SeriesChanged, SeriesCreated,
    SeriesRequest, SeriesUndo, SeriesUndone, SetupState, SkipKept, UndoRequest, Undone, Whose,
    Window,
};

use super::reminders::{before, only};
use super::troubles::has_admin_channel;
use crate::scene::{CHANNEL, GUILD, HOST, OTHER_GUILD, Scene, user};

/// The scenes begin on a Friday, the 15th of January 2027, at 08:00.
fn at(time: &str) -> Timestamp {
    format!("2027-01-{time}Z").parse().unwrap()
}

fn wall(time: &str) -> DateTime {
    format!("2027-01-{time}").parse().unwrap()
}

/// Two hours each evening from Saturday on, posted at nine in the morning.
pub(super) fn plan() -> SeriesPlan {
    SeriesPlan {
        title: Title::parse("Raid").unwrap(),
        made_of: Template::plain(SignedDuration::from_hours(2)),
        fields: ExtraFields::parse("Outfit: kilt").unwrap(),
        channel: CHANNEL,
        zone: Zone::parse("UTC").unwrap(),
        start: wall("16T20:00"),
        recurrence: Recurrence::new(Rule::every(Frequency::Daily)).unwrap(),
        posting: Posting::default(),
    }
}

async fn create<S: Store>(scene: &Scene<S>, day: Option<Weekday>) -> SeriesCreated {
    let interaction = scene.interaction();
    let new =
        NewSeries { guild: GUILD, host: HOST, day, plan: plan(), held_until: None, interaction };
    scene.store.create_series(new, at("15T08:00")).await.unwrap()
}

async fn daily<S: Store>(scene: &Scene<S>) -> Series {
    match create(scene, None).await {
        SeriesCreated::Made(series) => *series,
        SeriesCreated::TooMany => panic!("the first one"),
    }
}

async fn step<S: Store>(scene: &Scene<S>, series: SeriesId, step: SeriesStep) -> SeriesChanged {
    let request = SeriesRequest {
        guild: GUILD,
        series,
        by: HOST,
        step,
        seen: None,
        interaction: scene.interaction(),
        at: at("15T09:00"),
    };
    scene.store.change_series(request).await.unwrap()
}

async fn changed<S: Store>(scene: &Scene<S>, series: SeriesId, what: SeriesStep) -> Series {
    match step(scene, series, what).await {
        SeriesChanged::Made { now, .. } => *now,
        other @ (SeriesChanged::NoSuchSeries
        | SeriesChanged::Refused(_)
        | SeriesChanged::Outdated(_)) => panic!("{other:?}"),
    }
}

/// Makes what is due by then; returns which posts became due.
async fn made<S: Store>(scene: &Scene<S>, now: &str) -> Vec<EventId> {
    while scene.store.make_due(at(now), 1).await.unwrap() == 1 {}
    let mut posts = Vec::new();
    loop {
        let due = scene.store.claim_due(at(now), at("31T00:00"), 100).await.unwrap();
        if due.is_empty() {
            return posts;
        }
        for delivery in due {
            if let DeliveryContent::Post(event) = delivery.content {
                posts.push(event);
            }
            scene.attempt(&delivery).await;
            scene.sent(&delivery, 1_000 + delivery.id.get(), 1).await;
        }
    }
}

async fn start_of<S: Store>(scene: &Scene<S>, event: EventId) -> Timestamp {
    scene.read(event).await.sheet.event.details.span.start()
}

/// A series of the weekly schedule.
pub(super) async fn weekly_on_saturday<S: Store>(scene: &Scene<S>) {
    assert!(matches!(create(scene, Some(Weekday::Saturday)).await, SeriesCreated::Made(_)));
}

pub(crate) async fn an_occurrence_is_posted_once_when_its_time_comes<S: Store>(scene: &Scene<S>) {
    let series = daily(scene).await;
    assert_eq!(scene.store.next_due().await, Ok(Some(at("16T09:00"))));
    assert!(made(scene, "16T08:59").await.is_empty());
    let first = made(scene, "16T09:00").await;
    assert_eq!(first.len(), 1);
    let event = scene.read(first[0]).await.sheet.event;
    assert_eq!((event.details.span.start(), event.series), (at("16T20:00"), Some(series.id)));
    let text = event.details.description.unwrap();
    assert_eq!((event.details.title.as_str(), text.as_str()), ("Raid", "**Outfit:** kilt"));
    assert!(made(scene, "17T08:59").await.is_empty());
    let second = made(scene, "17T09:00").await;
    assert_eq!(start_of(scene, second[0]).await, at("17T20:00"));
    // A clock that goes back repeats nothing.
    assert!(made(scene, "16T09:30").await.is_empty());
    let of = scene.store.series_of(GUILD, second[0]).await.unwrap().unwrap();
    assert_eq!((of.id, of.made_to), (series.id, Some(wall("17T20:00"))));
    assert_eq!(scene.store.series_of(OTHER_GUILD, second[0]).await, Ok(None));
}

pub(crate) async fn after_a_time_away_what_is_not_over_is_posted<S: Store>(scene: &Scene<S>) {
    daily(scene).await;
    let posted = made(scene, "18T21:00").await;
    assert_eq!(posted.len(), 1, "those of the 16th and 17th are over");
    assert_eq!(start_of(scene, posted[0]).await, at("18T20:00"));
    let over = scene.store.event(GUILD, EventId::new(posted[0].get() - 1)).await.unwrap().unwrap();
    assert_eq!(over.sheet.event.phase(at("18T21:00")), Phase::Deleted);
    assert_eq!(scene.store.next_due().await, Ok(Some(at("18T22:00"))), "it ends");
}

pub(crate) async fn what_was_over_before_its_post_is_told_once<S: Store>(scene: &Scene<S>) {
    has_admin_channel(scene).await;
    daily(scene).await;
    assert_eq!(made(scene, "18T21:00").await.len(), 1);
    let due = scene.store.claim_due(at("18T21:01"), at("31T00:00"), 10).await.unwrap();
    let [report] = due.as_slice() else { panic!("one report: {due:?}") };
    assert_eq!(report.content, DeliveryContent::Report { member: None });
    let told = scene.store.trouble_report(report.id, at("18T21:01"), 10).await.unwrap();
    let lines: Vec<_> = told.missed.rows.iter().map(|line| (line.news, line.due)).collect();
    assert_eq!(lines, [(None, at("16T09:00")), (None, at("17T09:00"))]);
    assert_eq!(told.missed.total, 2);
}

/// When the reminders were due that leave by then, with all else that is due.
async fn reminded<S: Store>(scene: &Scene<S>, now: &str) -> Vec<Timestamp> {
    while scene.store.make_due(at(now), 1).await.unwrap() == 1 {}
    let mut reminders = Vec::new();
    loop {
        let due = scene.store.claim_due(at(now), at("31T00:00"), 100).await.unwrap();
        if due.is_empty() {
            return reminders;
        }
        for delivery in due {
            if delivery.content.news() == Some(News::Reminder) {
                reminders.push(delivery.due);
            }
            scene.attempt(&delivery).await;
            scene.sent(&delivery, 1_000 + delivery.id.get(), 1).await;
        }
    }
}

pub(crate) async fn what_is_made_late_reminds_those_who_need_not_have_answered<S: Store>(
    scene: &Scene<S>,
) {
    let at_ten = ReminderTime::OfDay(jiff::civil::time(10, 0, 0, 0));
    let to = |audience, time| Reminder { audience, ..Reminder::at(time) };
    let role = Audience::Role(RoleId::new(7));
    let list = [to(role, at_ten), to(role, before(60).time), to(Audience::Unanswered, at_ten)];
    only(scene, list.into_iter().chain([before(30)])).await;
    has_admin_channel(scene).await;
    daily(scene).await;
    assert_eq!(reminded(scene, "16T19:10").await, ["16T10:00", "16T10:00", "16T19:00"].map(at));
    assert!(reminded(scene, "17T20:10").await.is_empty(), "it has begun");
    assert_eq!(missed(scene, "17T20:11").await, ["17T10:00", "17T19:00"].map(at), "and is told");
}

pub(crate) async fn what_an_early_end_of_a_rest_brings_reminds_of_nothing_before_it<S: Store>(
    scene: &Scene<S>,
) {
    let everyone = Reminder { audience: Audience::Everyone, ..before(60) };
    only(scene, [everyone]).await;
    weekly_on_saturday(scene).await;
    rest(scene, ("16", "20"), "15T09:00").await;
    end_rest(scene, ("16", "20"), "16T19:10").await;
    assert!(reminded(scene, "16T19:10").await.is_empty());
}

pub(crate) async fn after_months_away_nobody_hears_of_every_day<S: Store>(scene: &Scene<S>) {
    let series = daily(scene).await;
    let late: Timestamp = "2027-07-01T21:00Z".parse().unwrap();
    while scene.store.make_due(late, 10).await.unwrap() > 0 {}
    let found = scene.store.events_of_series(GUILD, series.id, late, 100).await.unwrap();
    assert_eq!(found.len(), 1);
    assert!(found[0].sheet.event.id.get() <= 16, "two weeks are noted as missed");
}

pub(crate) async fn a_skipped_occurrence_is_not_made<S: Store>(scene: &Scene<S>) {
    let series = daily(scene).await;
    let skip = SeriesStep::Skip(wall("16T20:00"));
    assert_eq!(changed(scene, series.id, skip.clone()).await.version, 2);
    assert_eq!(
        step(scene, series.id, skip).await,
        SeriesChanged::Refused(SeriesRefusal::NoSuchOccurrence)
    );
    assert!(made(scene, "16T20:00").await.is_empty());
    let posted = made(scene, "17T09:00").await;
    assert_eq!(start_of(scene, posted[0]).await, at("17T20:00"));
    let gone = step(scene, series.id, SeriesStep::Unskip(wall("16T20:00"))).await;
    assert_eq!(gone, SeriesChanged::Refused(SeriesRefusal::NoSuchOccurrence));
}

pub(crate) async fn an_ended_series_makes_nothing_until_it_goes_on<S: Store>(scene: &Scene<S>) {
    let series = daily(scene).await;
    assert!(changed(scene, series.id, SeriesStep::End).await.ended_at.is_some());
    assert_eq!(scene.store.next_due().await, Ok(None));
    assert!(scene.store.all_series(GUILD).await.unwrap().is_empty());
    let refused = step(scene, series.id, SeriesStep::Posting(Posting::default())).await;
    assert_eq!(refused, SeriesChanged::Refused(SeriesRefusal::Ended));
    changed(scene, series.id, SeriesStep::Resume).await;
    assert_eq!(scene.store.next_due().await, Ok(Some(at("16T09:00"))));
    let refused = step(scene, series.id, SeriesStep::Resume).await;
    assert_eq!(refused, SeriesChanged::Refused(SeriesRefusal::GoesOn));
}

pub(crate) async fn a_changed_series_is_posted_by_its_new_plan<S: Store>(scene: &Scene<S>) {
    let series = daily(scene).await;
    let ahead = Posting::parse("3h before").unwrap();
    changed(scene, series.id, SeriesStep::Posting(ahead)).await;
    assert_eq!(scene.store.next_due().await, Ok(Some(at("16T17:00"))));
    let plan = SeriesPlan { title: Title::parse("Siege").unwrap(), ..plan() };
    changed(scene, series.id, SeriesStep::Plan(Box::new(plan))).await;
    let posted = made(scene, "16T09:00").await;
    assert_eq!(scene.read(posted[0]).await.sheet.event.details.title.as_str(), "Siege");
}

pub(crate) async fn a_change_of_a_series_is_made_once_and_not_on_top_of_another<S: Store>(
    scene: &Scene<S>,
) {
    let series = daily(scene).await;
    let request = SeriesRequest {
        guild: GUILD,
        series: series.id,
        by: HOST,
        step: SeriesStep::End,
        seen: Some(1),
        interaction: scene.interaction(),
        at: at("15T09:00"),
    };
    for _ in 0..2 {
        let made = scene.store.change_series(request.clone()).await.unwrap();
        let SeriesChanged::Made { before, now } = made else { panic!("{made:?}") };
        assert_eq!((before.version, now.version), (1, 2));
    }
    let again = SeriesRequest { interaction: scene.interaction(), ..request.clone() };
    let outdated = scene.store.change_series(again.clone()).await.unwrap();
    assert!(matches!(outdated, SeriesChanged::Outdated(now) if now.version == 2));
    let foreign = SeriesRequest { guild: OTHER_GUILD, ..again };
    assert_eq!(scene.store.change_series(foreign).await, Ok(SeriesChanged::NoSuchSeries));
}

pub(crate) async fn a_change_of_a_series_is_taken_back_by_its_author<S: Store>(scene: &Scene<S>) {
    let series = daily(scene).await;
    let plan = SeriesPlan { title: Title::parse("Siege").unwrap(), ..plan() };
    let now = changed(scene, series.id, SeriesStep::Plan(Box::new(plan))).await;
    let undo = SeriesUndo {
        guild: GUILD,
        series: series.id,
        version: now.version,
        by: HOST,
        interaction: scene.interaction(),
        at: at("15T09:10"),
    };
    let by_another = SeriesUndo { by: user(99), ..undo };
    assert_eq!(scene.store.undo_series(by_another).await, Ok(SeriesUndone::ChangedSince(HOST)));
    let late = SeriesUndo { at: at("15T09:16"), ..undo };
    assert_eq!(scene.store.undo_series(late).await, Ok(SeriesUndone::TooLate));
    for _ in 0..2 {
        let undone = scene.store.undo_series(undo).await.unwrap();
        let SeriesUndone::Made(now) = undone else { panic!("{undone:?}") };
        assert_eq!((now.plan.title.as_str(), now.version), ("Raid", 3));
    }
    let creation = SeriesUndo { version: 1, interaction: scene.interaction(), ..undo };
    assert_eq!(scene.store.undo_series(creation).await, Ok(SeriesUndone::ChangedSince(HOST)));
}

pub(crate) async fn a_creation_taken_back_ends_the_series<S: Store>(scene: &Scene<S>) {
    let series = daily(scene).await;
    let undo = SeriesUndo {
        guild: GUILD,
        series: series.id,
        version: 1,
        by: HOST,
        interaction: scene.interaction(),
        at: at("15T08:01"),
    };
    let undone = scene.store.undo_series(undo).await.unwrap();
    assert!(matches!(undone, SeriesUndone::Made(now) if now.ended_at.is_some()));
    assert_eq!(scene.store.next_due().await, Ok(None));
}

async fn make<S: Store>(scene: &Scene<S>, series: SeriesId, post: PostWhen) -> OccurrenceMade {
    let request = MakeRequest {
        guild: GUILD,
        series,
        occurrence: wall("18T20:00"),
        post,
        channel: None,
        at: at("15T10:00"),
    };
    scene.store.make_occurrence(request).await.unwrap()
}

pub(crate) async fn an_occurrence_can_be_made_ahead_and_is_not_made_again<S: Store>(
    scene: &Scene<S>,
) {
    let series = daily(scene).await;
    let OccurrenceMade::Made(posted) = make(scene, series.id, PostWhen::Due).await else {
        panic!("it is to come")
    };
    let event = posted.sheet.event.id;
    assert!(made(scene, "15T10:00").await.is_empty(), "posted when it is due");
    for morning in ["16T09:00", "17T09:00"] {
        assert_eq!(made(scene, morning).await.len(), 1, "{morning}");
    }
    assert_eq!(made(scene, "18T09:00").await, [event]);
    assert_eq!(made(scene, "19T09:00").await.len(), 1);
}

/// Moves an event of 20:00 on the 18th that was made ahead, at 11:00 on the 15th.
async fn moved_to<S: Store>(scene: &Scene<S>, event: EventId, start: &str) -> u64 {
    let details = scene.read(event).await.sheet.event.details;
    let span = Span::new(at(start), at(start) + SignedDuration::from_hours(2)).unwrap();
    scene.change(event, EventChange::Edit(EventDetails { span, ..details }), 180).await;
    scene.read(event).await.sheet.event.version
}

pub(crate) async fn a_date_that_is_moved_alone_is_posted_by_its_new_start<S: Store>(
    scene: &Scene<S>,
) {
    for (start, posted) in [
        // A day earlier or later, and so early that it is posted the day before.
        ("17T20:00", "17T09:00"),
        ("19T20:00", "19T09:00"),
        ("18T08:00", "17T09:00"),
        // By its series it was to be posted before it was moved.
        ("15T20:00", "15T11:00"),
    ] {
        let series = daily(scene).await;
        let OccurrenceMade::Made(ahead) = make(scene, series.id, PostWhen::Due).await else {
            panic!("it is to come")
        };
        let event = ahead.sheet.event.id;
        moved_to(scene, event, start).await;
        let minute_before = (at(posted) - SignedDuration::from_mins(1)).to_string();
        let minute_before = &minute_before[8..16];
        if posted != "15T11:00" {
            assert!(!made(scene, minute_before).await.contains(&event), "{start}");
        }
        assert!(made(scene, posted).await.contains(&event), "{start}");
        assert!(!made(scene, "18T09:00").await.contains(&event), "{start}: once");
        changed(scene, series.id, SeriesStep::End).await;
    }
}

pub(crate) async fn a_move_of_a_date_that_is_taken_back_takes_its_posting_back<S: Store>(
    scene: &Scene<S>,
) {
    let series = daily(scene).await;
    let OccurrenceMade::Made(ahead) = make(scene, series.id, PostWhen::Due).await else {
        panic!("it is to come")
    };
    let event = ahead.sheet.event.id;
    let version = moved_to(scene, event, "17T20:00").await;
    let (interaction, at) = (scene.interaction(), at("15T11:01"));
    let undo = UndoRequest { guild: GUILD, event, version, by: HOST, interaction, at };
    assert!(matches!(scene.store.undo(undo).await, Ok(Undone::Made { .. })));
    assert!(!made(scene, "18T08:59").await.contains(&event));
    assert_eq!(made(scene, "18T09:00").await, [event]);
}

pub(crate) async fn a_date_made_ahead_reminds_nobody_of_what_they_cannot_see<S: Store>(
    scene: &Scene<S>,
) {
    let role = |time| Reminder { audience: Audience::Role(RoleId::new(7)), ..Reminder::at(time) };
    // Two days before, when nothing is posted yet, and in the evening.
    only(scene, [role(before(48 * 60).time), role(before(60).time)]).await;
    let series = daily(scene).await;
    for day in ["16T20:00", "17T20:00"] {
        changed(scene, series.id, SeriesStep::Skip(wall(day))).await;
    }
    assert!(matches!(make(scene, series.id, PostWhen::Due).await, OccurrenceMade::Made(_)));
    for time in ["16T20:00", "17T20:00", "18T09:00"] {
        assert!(turned(scene, time).await.is_empty(), "{time}");
    }
    assert_eq!(turned(scene, "18T19:00").await, [at("18T19:00")]);
}

/// The same as [`reminded`], when what time brings has been looked at.
async fn turned<S: Store>(scene: &Scene<S>, now: &str) -> Vec<Timestamp> {
    scene.store.turn_events(at(now), 10).await.unwrap();
    reminded(scene, now).await
}

pub(crate) async fn an_occurrence_made_ahead_can_be_posted_at_once<S: Store>(scene: &Scene<S>) {
    let series = daily(scene).await;
    make(scene, series.id, PostWhen::Due).await;
    let OccurrenceMade::Made(posted) = make(scene, series.id, PostWhen::Now).await else {
        panic!("it is to come")
    };
    assert_eq!(made(scene, "15T10:00").await, [posted.sheet.event.id]);
    for (morning, posts) in [("16T09:00", 1), ("17T09:00", 1), ("18T09:00", 0), ("19T09:00", 1)] {
        assert_eq!(made(scene, morning).await.len(), posts, "{morning}");
    }
    let request = MakeRequest {
        guild: GUILD,
        series: series.id,
        occurrence: wall("18T21:00"),
        post: PostWhen::Now,
        channel: None,
        at: at("15T10:00"),
    };
    let made = scene.store.make_occurrence(request).await;
    assert_eq!(made, Ok(OccurrenceMade::NoSuchOccurrence));
}

pub(crate) async fn what_was_made_ahead_goes_with_its_date_or_its_series<S: Store>(
    scene: &Scene<S>,
) {
    let (skipped, ended) = (daily(scene).await, daily(scene).await);
    for series in [&skipped, &ended] {
        assert!(matches!(make(scene, series.id, PostWhen::Due).await, OccurrenceMade::Made(_)));
    }
    changed(scene, skipped.id, SeriesStep::Skip(wall("18T20:00"))).await;
    changed(scene, ended.id, SeriesStep::End).await;
    for (morning, posts) in [("16T09:00", 1), ("17T09:00", 1), ("18T09:00", 0)] {
        assert_eq!(made(scene, morning).await.len(), posts, "{morning}");
    }
    changed(scene, skipped.id, SeriesStep::Unskip(wall("18T20:00"))).await;
    assert_eq!(made(scene, "18T09:00").await.len(), 1, "it takes place after all");
}

pub(crate) async fn what_went_with_its_date_is_not_among_what_can_be_brought_back<S: Store>(
    scene: &Scene<S>,
) {
    let series = daily(scene).await;
    let OccurrenceMade::Made(posted) = make(scene, series.id, PostWhen::Due).await else {
        panic!("it is to come")
    };
    let details =
        EventDetails { title: Title::parse("Siege").unwrap(), ..posted.sheet.event.details };
    scene.change(posted.sheet.event.id, EventChange::Edit(details), 1).await;
    changed(scene, series.id, SeriesStep::Skip(wall("18T20:00"))).await;
    // It comes back with its date; by itself it would take place although that is skipped.
    let since = Listing::CalledOffSince(at("15T07:00"));
    let listed = scene.store.list(GUILD, since, "", Window { skip: 0, limit: 9 }).await.unwrap();
    assert_eq!((listed.total, listed.rows.len()), (0, 0));
    let back = scene.change(posted.sheet.event.id, EventChange::BringBack, 120).await;
    assert_eq!(back, Changed::NoSuchEvent);
    // What an organiser deleted keeps its date, and can be brought back.
    changed(scene, series.id, SeriesStep::Unskip(wall("18T20:00"))).await;
    scene.change(posted.sheet.event.id, EventChange::Delete, 120).await;
    let listed = scene.store.list(GUILD, since, "", Window { skip: 0, limit: 9 }).await.unwrap();
    assert_eq!((listed.total, listed.rows.len()), (1, 1));
}

pub(crate) async fn what_was_made_ahead_and_not_changed_is_as_its_series<S: Store>(
    scene: &Scene<S>,
) {
    let series = daily(scene).await;
    assert!(matches!(make(scene, series.id, PostWhen::Due).await, OccurrenceMade::Made(_)));
    let plan = Box::new(plan().at_time(wall("16T21:00").time()));
    changed(scene, series.id, SeriesStep::Plan(plan)).await;
    let known = scene.store.occurrences_made(GUILD, series.id, at("15T10:00"), 10).await;
    assert_eq!(known, Ok(Vec::new()));
    for day in ["16", "17", "18"] {
        let posts = made(scene, &format!("{day}T09:00")).await;
        assert_eq!(posts.len(), 1, "{day}");
        assert_eq!(start_of(scene, posts[0]).await, at(&format!("{day}T21:00")));
    }
}

pub(crate) async fn a_series_has_reminders_of_its_own_and_what_was_made_ahead_follows<S: Store>(
    scene: &Scene<S>,
) {
    let series = daily(scene).await;
    let own = Reminders::default().with(before(45)).unwrap();
    changed(scene, series.id, SeriesStep::Reminders(Some(own.clone()))).await;
    let of = async |event| scene.store.reminders(GUILD, Some(event)).await.unwrap().unwrap();
    let OccurrenceMade::Made(ahead) = make(scene, series.id, PostWhen::Due).await else {
        panic!("it is to come")
    };
    let list = of(ahead.sheet.event.id).await;
    assert_eq!((list.whose, &list.reminders), (Whose::Event, &own));
    changed(scene, series.id, SeriesStep::Reminders(Some(Reminders::none()))).await;
    for day in ["16", "17", "18"] {
        let posts = made(scene, &format!("{day}T09:00")).await;
        assert_eq!(posts.len(), 1, "{day}");
        assert!(of(posts[0]).await.reminders.is_empty(), "{day}");
    }
    changed(scene, series.id, SeriesStep::Reminders(None)).await;
    let posts = made(scene, "19T09:00").await;
    assert_eq!(of(posts[0]).await.whose, Whose::Usual);
}

/// Makes the event of the 18th ahead and gives it another title.
async fn changed_alone<S: Store>(scene: &Scene<S>, series: SeriesId) -> EventId {
    let OccurrenceMade::Made(posted) = make(scene, series, PostWhen::Due).await else {
        panic!("it is to come")
    };
    let title = Title::parse("Alone").unwrap();
    let details = EventDetails { title, ..posted.sheet.event.details };
    scene.change(posted.sheet.event.id, EventChange::Edit(details), 1).await;
    posted.sheet.event.id
}

/// The event is posted on the morning of the 18th, as what it was changed to, and nothing else is.
async fn is_posted_as_changed<S: Store>(scene: &Scene<S>, event: EventId) {
    for (morning, posts) in [("15T11:00", 0), ("16T09:00", 1), ("17T09:00", 1)] {
        assert_eq!(made(scene, morning).await.len(), posts, "{morning}");
    }
    assert_eq!(made(scene, "18T09:00").await, [event]);
    assert_eq!(scene.read(event).await.sheet.event.details.title.as_str(), "Alone");
    assert_eq!(made(scene, "19T09:00").await.len(), 1);
}

pub(crate) async fn what_was_changed_alone_comes_back_with_its_skipped_date<S: Store>(
    scene: &Scene<S>,
) {
    let series = daily(scene).await;
    let event = changed_alone(scene, series.id).await;
    // Twice: what came back can go again.
    for _ in 0..2 {
        changed(scene, series.id, SeriesStep::Skip(wall("18T20:00"))).await;
        assert!(scene.read(event).await.sheet.event.deleted_at.is_some());
        changed(scene, series.id, SeriesStep::Unskip(wall("18T20:00"))).await;
    }
    let known = scene.store.occurrences_made(GUILD, series.id, at("15T10:00"), 10).await;
    assert_eq!(known, Ok(vec![(wall("18T20:00"), event)]));
    is_posted_as_changed(scene, event).await;
}

pub(crate) async fn what_was_changed_alone_comes_back_when_the_end_is_taken_back<S: Store>(
    scene: &Scene<S>,
) {
    let series = daily(scene).await;
    let event = changed_alone(scene, series.id).await;
    let version = changed(scene, series.id, SeriesStep::End).await.version;
    let interaction = scene.interaction();
    let (guild, series, by) = (GUILD, series.id, HOST);
    let undo = SeriesUndo { guild, series, version, by, interaction, at: at("15T09:10") };
    assert!(matches!(scene.store.undo_series(undo).await, Ok(SeriesUndone::Made(_))));
    is_posted_as_changed(scene, event).await;
}

pub(crate) async fn what_was_changed_alone_comes_back_when_the_rest_of_its_week_ends<S: Store>(
    scene: &Scene<S>,
) {
    weekly_on_saturday(scene).await;
    let series = scene.store.all_series(GUILD).await.unwrap().remove(0);
    let event = changed_alone(scene, series.id).await;
    rest(scene, ("18", "18"), "15T10:00").await;
    rest(scene, ("18", "20"), "15T10:00").await;
    end_rest(scene, ("18", "18"), "15T10:01").await;
    assert!(scene.read(event).await.sheet.event.deleted_at.is_some(), "it still rests");
    end_rest(scene, ("18", "20"), "15T10:02").await;
    is_posted_as_changed(scene, event).await;
}

pub(crate) async fn what_an_organiser_deleted_does_not_come_back_with_its_date<S: Store>(
    scene: &Scene<S>,
) {
    let series = daily(scene).await;
    let event = changed_alone(scene, series.id).await;
    scene.change(event, EventChange::Delete, 121).await;
    changed(scene, series.id, SeriesStep::Skip(wall("18T20:00"))).await;
    changed(scene, series.id, SeriesStep::Unskip(wall("18T20:00"))).await;
    assert!(scene.read(event).await.sheet.event.deleted_at.is_some());
    // It keeps its date, so that no other is made of it.
    for (morning, events) in [("16T09:00", 1), ("17T09:00", 1), ("18T09:00", 0)] {
        assert_eq!(made(scene, morning).await.len(), events, "{morning}");
    }
}

pub(crate) async fn what_was_changed_alone_stays_until_the_week_rests_there<S: Store>(
    scene: &Scene<S>,
) {
    weekly_on_saturday(scene).await;
    let series = scene.store.all_series(GUILD).await.unwrap().remove(0);
    let event = changed_alone(scene, series.id).await;
    let other = SeriesPlan { title: Title::parse("Other").unwrap(), ..plan() };
    changed(scene, series.id, SeriesStep::Plan(Box::new(other))).await;
    let known = scene.store.occurrences_made(GUILD, series.id, at("15T10:00"), 10).await;
    assert_eq!(known, Ok(vec![(wall("18T20:00"), event)]));
    rest(scene, ("18", "18"), "15T10:00").await;
    for (morning, posts) in [("16T09:00", 1), ("17T09:00", 1), ("18T09:00", 0), ("19T09:00", 1)] {
        assert_eq!(made(scene, morning).await.len(), posts, "{morning}");
    }
}

pub(crate) async fn an_occurrence_made_ahead_can_be_posted_elsewhere<S: Store>(scene: &Scene<S>) {
    let series = daily(scene).await;
    let elsewhere = ChannelId::new(102);
    let request = MakeRequest {
        guild: GUILD,
        series: series.id,
        occurrence: wall("18T20:00"),
        post: PostWhen::Now,
        channel: Some(elsewhere),
        at: at("15T10:00"),
    };
    let made = scene.store.make_occurrence(request).await.unwrap();
    let OccurrenceMade::Made(posted) = made else { panic!("it is to come") };
    assert_eq!(posted.sheet.event.channel, elsewhere);
    let stays = scene.store.series(GUILD, series.id).await.unwrap().unwrap();
    assert_eq!(stays.plan.channel, series.plan.channel);
}

pub(crate) async fn the_weekly_schedule_rests_on_skipped_days<S: Store>(scene: &Scene<S>) {
    let SeriesCreated::Made(series) = create(scene, Some(Weekday::Saturday)).await else {
        panic!("the first one")
    };
    let [first, last] = [wall("16T00:00").date(), wall("18T00:00").date()];
    let skip = ScheduleSkip { first, last, by: HOST, at: at("15T09:00") };
    assert_eq!(scene.store.skip_days(GUILD, skip).await, Ok(SkipKept::Kept));
    assert_eq!(scene.store.skips(GUILD, last).await, Ok(vec![skip]));
    assert_eq!(scene.store.next_due().await, Ok(Some(at("19T09:00"))));
    let cause = Cause { by: HOST, at: at("15T10:00") };
    assert_eq!(scene.store.unskip_days(GUILD, first, last, cause).await, Ok(true));
    assert_eq!(scene.store.unskip_days(GUILD, first, last, cause).await, Ok(false));
    assert_eq!(scene.store.next_due().await, Ok(Some(at("16T09:00"))));
    assert_eq!(scene.store.all_series(GUILD).await.map(|all| all[0].id), Ok(series.id));
}

pub(crate) async fn a_guild_has_so_many_skips_and_events_a_day<S: Store>(scene: &Scene<S>) {
    let day = wall("20T00:00").date();
    for days in 0..i64::try_from(SKIPS_MAX).unwrap() {
        let last = day + SignedDuration::from_hours(24 * days);
        let skip = ScheduleSkip { first: day, last, by: HOST, at: at("15T09:00") };
        assert_eq!(scene.store.skip_days(GUILD, skip).await, Ok(SkipKept::Kept), "{days}");
    }
    let skip =
        ScheduleSkip { first: wall("19T00:00").date(), last: day, by: HOST, at: at("15T09:00") };
    assert_eq!(scene.store.skip_days(GUILD, skip).await, Ok(SkipKept::TooMany));
    for _ in 0..DAY_EVENTS_MAX {
        assert!(matches!(create(scene, Some(Weekday::Monday)).await, SeriesCreated::Made(_)));
    }
    assert_eq!(create(scene, Some(Weekday::Monday)).await, SeriesCreated::TooMany);
    assert!(matches!(create(scene, Some(Weekday::Tuesday)).await, SeriesCreated::Made(_)));
}

pub(crate) async fn a_guild_that_removed_the_bot_has_nothing_made<S: Store>(scene: &Scene<S>) {
    scene.store.guild_arrived(GUILD, at("15T08:00")).await.unwrap();
    made(scene, "15T08:00").await;
    daily(scene).await;
    scene.store.guild_left(GUILD, at("15T09:00")).await.unwrap();
    assert_eq!(scene.store.next_due().await, Ok(None));
    assert_eq!(scene.store.make_due(at("16T10:00"), 10).await, Ok(0));
    scene.store.guild_arrived(GUILD, at("16T11:00")).await.unwrap();
    assert_eq!(made(scene, "16T11:00").await.len(), 1);
}

pub(crate) async fn a_week_that_is_being_set_up_is_remembered<S: Store>(scene: &Scene<S>) {
    assert_eq!(scene.store.setup_state(GUILD).await, Ok(None));
    for day in [Some(Weekday::Wednesday), None] {
        let state = SetupState { day, by: HOST, at: at("15T08:00") };
        scene.store.set_setup_state(GUILD, state).await.unwrap();
        assert_eq!(scene.store.setup_state(GUILD).await, Ok(Some(state)));
    }
}

pub(crate) async fn what_was_made_at_one_time_of_a_day_is_not_made_at_another<S: Store>(
    scene: &Scene<S>,
) {
    let series = daily(scene).await;
    make(scene, series.id, PostWhen::Now).await;
    assert_eq!(made(scene, "15T10:00").await.len(), 1);
    let later = plan().at_time(jiff::civil::time(21, 0, 0, 0));
    changed(scene, series.id, SeriesStep::Plan(Box::new(later.clone()))).await;
    assert_eq!(made(scene, "16T09:00").await.len(), 1);
    let later = later.at_time(jiff::civil::time(22, 0, 0, 0));
    changed(scene, series.id, SeriesStep::Plan(Box::new(later))).await;
    assert!(made(scene, "16T12:00").await.is_empty());
    assert_eq!(made(scene, "17T09:00").await.len(), 1);
    assert!(made(scene, "18T09:00").await.is_empty(), "that was made ahead");
}

pub(crate) async fn what_a_clock_ahead_took_for_missed_is_made_in_its_time<S: Store>(
    scene: &Scene<S>,
) {
    daily(scene).await;
    assert_eq!(made(scene, "16T09:00").await.len(), 1);
    // For a moment the clock is ten days ahead.
    assert_eq!(made(scene, "26T09:00").await.len(), 1);
    while scene.store.mend_times(at("16T10:00"), at("16T10:01"), 10).await.unwrap() > 0 {}
    for (morning, posts) in [("16T11:00", 0), ("17T09:00", 1), ("18T09:00", 1), ("25T09:00", 1)] {
        assert_eq!(made(scene, morning).await.len(), posts, "{morning}");
    }
    assert!(made(scene, "26T09:00").await.is_empty(), "that was posted by the wrong clock");
    assert_eq!(made(scene, "27T09:00").await.len(), 1);
}

pub(crate) async fn what_a_clock_ahead_passed_over_is_made_once_it_is_right<S: Store>(
    scene: &Scene<S>,
) {
    daily(scene).await;
    assert_eq!(made(scene, "16T09:00").await.len(), 1);
    // The clock is days ahead for a moment, and then by so much that the day seems to be over.
    assert_eq!(made(scene, "27T09:00").await.len(), 1);
    is_made_once_the_clock_is_right(scene).await;
}

pub(crate) async fn what_a_clock_far_ahead_passed_over_is_made_once_it_is_right<S: Store>(
    scene: &Scene<S>,
) {
    daily(scene).await;
    assert_eq!(made(scene, "16T09:00").await.len(), 1);
    // By so much that nobody is told of what was missed before.
    let far = at("17T08:00") + SignedDuration::from_hours(365 * 24);
    while scene.store.make_due(far, 10).await.unwrap() > 0 {}
    is_made_once_the_clock_is_right(scene).await;
}

/// From a clock that shows the evening of the 17th to the morning of it.
async fn is_made_once_the_clock_is_right<S: Store>(scene: &Scene<S>) {
    for (time, posts) in [("17T23:00", 0), ("17T09:30", 1)] {
        while scene.store.mend_times(at(time), at(time), 10).await.unwrap() > 0 {}
        assert_eq!(made(scene, time).await.len(), posts, "{time}");
    }
    assert_eq!(made(scene, "18T09:00").await.len(), 1);
}

/// A series that is created then and held until then: its answers are put together.
async fn held<S: Store>(scene: &Scene<S>, created: &str, until: &str) {
    let (plan, interaction) = (plan(), scene.interaction());
    let held_until = Some(at(until));
    let new = NewSeries { guild: GUILD, host: HOST, day: None, plan, held_until, interaction };
    scene.store.create_series(new, at(created)).await.unwrap();
}

pub(crate) async fn a_series_that_a_clock_ahead_held_waits_no_longer_than_any<S: Store>(
    scene: &Scene<S>,
) {
    held(scene, "15T08:00", "25T00:00").await;
    assert!(made(scene, "16T09:00").await.is_empty(), "its answers are put together");
    while scene.store.mend_times(at("16T09:00"), at("16T09:01"), 10).await.unwrap() > 0 {}
    for (time, posts) in [("16T09:14", 0), ("16T09:15", 1), ("17T09:00", 1)] {
        assert_eq!(made(scene, time).await.len(), posts, "{time}");
    }
}

/// Reminders of a role and of those who are coming at each of these times of day.
async fn role_and_coming<S: Store>(scene: &Scene<S>, times: impl IntoIterator<Item = (i8, i8)>) {
    let both = times.into_iter().flat_map(|(hour, minute)| {
        let coming = Reminder::at(ReminderTime::OfDay(jiff::civil::time(hour, minute, 0, 0)));
        let audience = Audience::Role(RoleId::new(7));
        [Reminder { audience, ..coming.clone() }, coming]
    });
    only(scene, both).await;
}

pub(crate) async fn what_is_due_while_a_series_is_held_is_late_and_not_missed<S: Store>(
    scene: &Scene<S>,
) {
    // Before it is to be posted, while it is held, when it no longer is, and later.
    role_and_coming(scene, [(8, 55), (9, 0), (9, 5), (9, 15), (12, 0)]).await;
    has_admin_channel(scene).await;
    held(scene, "16T08:50", "16T09:15").await;
    assert!(reminded(scene, "16T09:14").await.is_empty(), "nobody sees the event yet");
    let late = ["16T09:05", "16T09:15"].map(at);
    assert_eq!(reminded(scene, "16T09:15").await, late, "the role; nobody can have answered");
    assert_eq!(turned(scene, "16T12:00").await, [at("16T12:00")]);
    assert_eq!(missed(scene, "16T12:01").await, []);
}

pub(crate) async fn what_begins_while_it_is_held_is_reminded_of_no_more<S: Store>(
    scene: &Scene<S>,
) {
    role_and_coming(scene, [(19, 50)]).await;
    has_admin_channel(scene).await;
    held(scene, "16T19:45", "16T20:00").await;
    assert!(reminded(scene, "16T19:59").await.is_empty());
    assert!(reminded(scene, "16T20:00").await.is_empty(), "it has begun");
    assert_eq!(missed(scene, "16T20:01").await, [at("16T19:50")], "and is told");
}

pub(crate) async fn what_is_due_while_a_clock_that_was_ahead_holds_a_series_is_late<S: Store>(
    scene: &Scene<S>,
) {
    role_and_coming(scene, [(8, 55), (9, 5)]).await;
    has_admin_channel(scene).await;
    held(scene, "24T23:45", "25T00:00").await;
    while scene.store.mend_times(at("16T09:00"), at("16T09:01"), 10).await.unwrap() > 0 {}
    assert!(reminded(scene, "16T09:14").await.is_empty(), "nobody sees the event yet");
    assert_eq!(reminded(scene, "16T09:15").await, [at("16T09:05")]);
    assert_eq!(missed(scene, "16T09:16").await, []);
}

pub(crate) async fn a_post_that_waits_for_its_time_is_no_mistake_of_a_clock<S: Store>(
    scene: &Scene<S>,
) {
    let series = daily(scene).await;
    make(scene, series.id, PostWhen::Due).await;
    while scene.store.mend_times(at("15T10:00"), at("15T10:01"), 10).await.unwrap() > 0 {}
    assert!(made(scene, "15T11:00").await.is_empty());
    assert_eq!(made(scene, "18T09:00").await.len(), 1, "in its time, once");
}

/// The schedule rests from one day to another, which is decided then.
async fn rest<S: Store>(scene: &Scene<S>, (first, last): (&str, &str), decided: &str) {
    let [first, last] = [first, last].map(|day| wall(&format!("{day}T00:00")).date());
    let skip = ScheduleSkip { first, last, by: HOST, at: at(decided) };
    assert_eq!(scene.store.skip_days(GUILD, skip).await, Ok(SkipKept::Kept));
}

async fn end_rest<S: Store>(scene: &Scene<S>, (first, last): (&str, &str), decided: &str) {
    let [first, last] = [first, last].map(|day| wall(&format!("{day}T00:00")).date());
    let cause = Cause { by: HOST, at: at(decided) };
    assert_eq!(scene.store.unskip_days(GUILD, first, last, cause).await, Ok(true));
}

/// When what was missed was due to be posted, as organisers are told a minute later.
async fn missed<S: Store>(scene: &Scene<S>, later: &str) -> Vec<Timestamp> {
    let due = scene.store.claim_due(at(later), at("31T00:00"), 10).await.unwrap();
    let mut missed = Vec::new();
    for report in due {
        assert_eq!(report.content, DeliveryContent::Report { member: None });
        let told = scene.store.trouble_report(report.id, at(later), 10).await.unwrap();
        missed.extend(told.missed.rows.iter().map(|line| line.due));
    }
    missed
}

pub(crate) async fn a_rest_that_ends_early_has_missed_nothing<S: Store>(scene: &Scene<S>) {
    has_admin_channel(scene).await;
    weekly_on_saturday(scene).await;
    rest(scene, ("16", "20"), "15T09:00").await;
    end_rest(scene, ("16", "20"), "18T21:00").await;
    let posted = made(scene, "18T21:00").await;
    assert_eq!(posted.len(), 1, "what is running is posted");
    assert_eq!(start_of(scene, posted[0]).await, at("18T20:00"));
    assert_eq!(missed(scene, "18T21:01").await, []);
    assert_eq!(made(scene, "19T09:00").await.len(), 1, "it goes on");
}

pub(crate) async fn what_was_missed_before_a_rest_is_told_though_that_ends_early<S: Store>(
    scene: &Scene<S>,
) {
    has_admin_channel(scene).await;
    weekly_on_saturday(scene).await;
    rest(scene, ("17", "20"), "15T09:00").await;
    end_rest(scene, ("17", "20"), "19T08:00").await;
    assert!(made(scene, "19T08:00").await.is_empty());
    assert_eq!(missed(scene, "19T08:01").await, [at("16T09:00")]);
}

pub(crate) async fn a_rest_that_is_forgotten_has_missed_nothing<S: Store>(scene: &Scene<S>) {
    has_admin_channel(scene).await;
    weekly_on_saturday(scene).await;
    rest(scene, ("16", "18"), "15T09:00").await;
    // The bot was away on the 19th and 20th, and the first rest lies two days behind.
    rest(scene, ("25", "25"), "21T08:00").await;
    assert!(made(scene, "21T08:00").await.is_empty());
    assert_eq!(missed(scene, "21T08:01").await, [at("19T09:00"), at("20T09:00")]);
}

pub(crate) async fn a_day_takes_place_after_all_though_a_later_one_was_posted<S: Store>(
    scene: &Scene<S>,
) {
    let SeriesCreated::Made(series) = create(scene, Some(Weekday::Saturday)).await else {
        panic!("the first one")
    };
    let ahead = Posting::Day { before: 3, time: None };
    changed(scene, series.id, SeriesStep::Posting(ahead)).await;
    rest(scene, ("18", "18"), "15T08:30").await;
    let days = async |posted: Vec<EventId>| {
        let mut days = Vec::new();
        for event in posted {
            days.push(start_of(scene, event).await);
        }
        days
    };
    let posted = days(made(scene, "16T09:00").await).await;
    assert_eq!(posted, ["16", "17", "19"].map(|day| at(&format!("{day}T20:00"))));
    end_rest(scene, ("18", "18"), "16T12:00").await;
    assert_eq!(days(made(scene, "16T12:00").await).await, [at("18T20:00")]);
    assert_eq!(days(made(scene, "17T09:00").await).await, [at("20T20:00")]);
}

pub(crate) async fn a_clock_an_hour_ahead_loses_no_occurrence<S: Store>(scene: &Scene<S>) {
    daily(scene).await;
    // The bot was away until half past nine, and believes it to be half past ten.
    assert!(made(scene, "16T22:30").await.is_empty());
    let (now, latest) = (at("16T21:30"), at("16T21:31"));
    while scene.store.mend_times(now, latest, 10).await.unwrap() > 0 {}
    let posted = made(scene, "16T21:31").await;
    assert_eq!(posted.len(), 1, "what is running is posted after all");
    assert_eq!(start_of(scene, posted[0]).await, at("16T20:00"));
    assert_eq!(made(scene, "17T09:00").await.len(), 1);
}

pub(crate) async fn a_clock_half_a_day_ahead_loses_no_occurrence<S: Store>(scene: &Scene<S>) {
    daily(scene).await;
    assert!(made(scene, "16T22:30").await.is_empty());
    while scene.store.mend_times(at("16T10:30"), at("16T10:31"), 10).await.unwrap() > 0 {}
    assert_eq!(made(scene, "16T10:31").await.len(), 1);
    assert!(made(scene, "16T22:30").await.is_empty(), "once");
}

pub(crate) async fn what_was_passed_over_by_a_clock_ahead_is_made_in_its_time<S: Store>(
    scene: &Scene<S>,
) {
    let series = daily(scene).await;
    changed(scene, series.id, SeriesStep::End).await;
    // It goes on while the clock is ten days ahead.
    let request = SeriesRequest {
        guild: GUILD,
        series: series.id,
        by: HOST,
        step: SeriesStep::Resume,
        seen: None,
        interaction: scene.interaction(),
        at: at("25T23:00"),
    };
    scene.store.change_series(request).await.unwrap();
    while scene.store.mend_times(at("15T23:00"), at("15T23:01"), 10).await.unwrap() > 0 {}
    for morning in ["16T09:00", "17T09:00"] {
        assert_eq!(made(scene, morning).await.len(), 1, "{morning}");
    }
}

pub(crate) async fn what_an_organiser_deleted_stays_deleted_at_every_start<S: Store>(
    scene: &Scene<S>,
) {
    let series = daily(scene).await;
    let OccurrenceMade::Made(posted) = make(scene, series.id, PostWhen::Due).await else {
        panic!("it is to come")
    };
    let event = posted.sheet.event.id;
    scene.change(event, EventChange::Delete, 180).await;
    for delivery in scene.store.claim_due(at("18T09:00"), at("31T00:00"), 100).await.unwrap() {
        scene.end(&delivery, DeliveryEnd::Skipped("the event was deleted"), 4_000).await;
    }
    while scene.store.mend_times(at("18T09:01"), at("18T09:02"), 10).await.unwrap() > 0 {}
    assert!(made(scene, "18T09:02").await.is_empty());
    assert_eq!(made(scene, "19T09:00").await.len(), 1);
}

pub(crate) async fn an_end_that_is_taken_back_has_missed_nothing<S: Store>(scene: &Scene<S>) {
    has_admin_channel(scene).await;
    // Two minutes each day from nine o'clock on, posted a minute before.
    let mut plan = plan().at_time(jiff::civil::time(9, 0, 0, 0));
    plan.made_of.duration = SignedDuration::from_mins(2);
    plan.posting = Posting::Ahead(SignedDuration::from_mins(1));
    let new = NewSeries {
        guild: GUILD,
        host: HOST,
        day: None,
        plan,
        held_until: None,
        interaction: scene.interaction(),
    };
    let SeriesCreated::Made(series) = scene.store.create_series(new, at("15T08:00")).await.unwrap()
    else {
        panic!("the first one")
    };
    let (guild, series, by) = (GUILD, series.id, HOST);
    let (step, interaction) = (SeriesStep::End, scene.interaction());
    let ended =
        SeriesRequest { guild, series, by, step, seen: None, interaction, at: at("16T08:55") };
    scene.store.change_series(ended).await.unwrap();
    let interaction = scene.interaction();
    let undo = SeriesUndo { guild, series, version: 2, by, interaction, at: at("16T09:05") };
    let undone = scene.store.undo_series(undo).await.unwrap();
    assert!(matches!(undone, SeriesUndone::Made(now) if now.ended_at.is_none()));
    assert!(made(scene, "16T09:05").await.is_empty());
    assert_eq!(missed(scene, "16T09:06").await, []);
    assert_eq!(made(scene, "17T08:59").await.len(), 1, "it goes on");
}

pub(crate) async fn nothing_is_made_ahead_of_a_series_that_has_ended<S: Store>(scene: &Scene<S>) {
    let series = daily(scene).await;
    changed(scene, series.id, SeriesStep::End).await;
    for post in [PostWhen::Now, PostWhen::Due] {
        assert_eq!(make(scene, series.id, post).await, OccurrenceMade::NoSuchOccurrence);
    }
    assert!(made(scene, "18T21:00").await.is_empty());
    let events = scene.store.events_of_series(GUILD, series.id, at("15T10:00"), 10).await;
    assert_eq!(events, Ok(Vec::new()));
}

pub(crate) async fn an_erased_organiser_is_named_by_no_series_and_no_event_of_it<S: Store>(
    scene: &Scene<S>,
) {
    let series = daily(scene).await;
    changed(scene, series.id, SeriesStep::Skip(wall("17T20:00"))).await;
    let first = wall("24T00:00").date();
    let skip = ScheduleSkip { first, last: first, by: HOST, at: at("15T09:00") };
    scene.store.skip_days(GUILD, skip).await.unwrap();
    let state = SetupState { day: Some(Weekday::Friday), by: HOST, at: at("15T09:00") };
    scene.store.set_setup_state(GUILD, state).await.unwrap();
    let held = scene.store.held_on(HOST).await.unwrap();
    assert_eq!(held.plans.len(), 5, "created, two versions, a rest, a week: {held:?}");

    scene.store.erase_member(HOST, at("15T10:00")).await.unwrap();
    let held = scene.store.held_on(HOST).await.unwrap();
    assert_eq!(held, MemberData { erased_at: Some(at("15T10:00")), ..MemberData::default() });
    let [skip] = &scene.store.skips(GUILD, first).await.unwrap()[..] else { panic!("one rest") };
    let state = scene.store.setup_state(GUILD).await.unwrap().unwrap();
    assert!(skip.by.is_erased() && state.by.is_erased());
    let [event] = made(scene, "16T09:00").await[..] else { panic!("one event") };
    assert!(scene.read(event).await.sheet.event.host.is_erased());
}

/// What is called off is kept for an hour, and so are series that have ended.
const KEPT: Kept = Kept {
    retention_grace: SignedDuration::from_mins(30),
    deleted_template: SignedDuration::from_mins(180),
    removed_guild: SignedDuration::from_mins(120),
    called_off_event: SignedDuration::from_mins(60),
};

async fn purge<S: Store>(scene: &Scene<S>, now: &str) {
    while scene.store.purge(KEPT, at(now)).await.unwrap() {}
}

pub(crate) async fn a_date_that_was_called_off_is_not_made_again_however_long_ago<S: Store>(
    scene: &Scene<S>,
) {
    let series = daily(scene).await;
    let mut events = Vec::new();
    for change in [EventChange::Cancel, EventChange::Delete] {
        let OccurrenceMade::Made(posted) = make(scene, series.id, PostWhen::Due).await else {
            panic!("it is to come")
        };
        let event = posted.sheet.event.id;
        let request = ChangeRequest { at: at("15T10:00"), ..scene.change_of(event, change, 0) };
        scene.store.change_event(request).await.unwrap();
        events.push(event);
    }
    // The clocks on some wall show that day for one and a half more.
    assert_eq!(scene.store.next_purge(KEPT).await, Ok(Some(at("20T08:00"))));
    purge(scene, "18T08:59").await;
    for (morning, posts) in [("16T09:00", 1), ("17T09:00", 1), ("18T09:00", 0), ("19T09:00", 1)] {
        assert_eq!(made(scene, morning).await.len(), posts, "{morning}");
    }
    purge(scene, "20T08:00").await;
    assert_eq!(scene.store.event(GUILD, events[0]).await, Ok(None));
    assert_eq!(scene.store.next_purge(KEPT).await, Ok(None));
}

pub(crate) async fn an_ended_series_without_events_goes_after_its_time<S: Store>(scene: &Scene<S>) {
    let [without, with, resumed] =
        [daily(scene).await, daily(scene).await, daily(scene).await].map(|series| series.id);
    assert!(matches!(make(scene, with, PostWhen::Now).await, OccurrenceMade::Made(_)));
    assert_eq!(made(scene, "15T10:00").await.len(), 1, "posted, so that it stays");
    for series in [without, with, resumed] {
        changed(scene, series, SeriesStep::End).await;
    }
    changed(scene, resumed, SeriesStep::Resume).await;
    assert_eq!(scene.store.next_purge(KEPT).await, Ok(Some(at("15T10:00"))));
    purge(scene, "15T10:00").await;
    let there = async |series| scene.store.series(GUILD, series).await.unwrap().is_some();
    assert!(!there(without).await && there(resumed).await);
    assert!(there(with).await, "its event says of which series it is");
    assert_eq!(scene.store.next_purge(KEPT).await, Ok(None));
}
