//! Changes that are taken back, and events that come back.

use jiff::{SignedDuration, Timestamp};
use muster_domain::capacity::Capacity;
use muster_domain::change::{ChangeRefusal, EventChange};
use muster_domain::event::{EventDetails, Phase};
use muster_domain::id::{EventId, InteractionId, RoleId, UserId};
use muster_domain::rules::EventRules;
use muster_domain::text::Title;
use muster_store::Store;
use muster_store::model::{
    Changed, DeliveryContent, EventStep, Happened, Listing, Tap, UndoRequest, Undone, Window,
};

use crate::scene::{
    END, GUILD, HOST, OTHER_GUILD, START, Scene, YES, details, details_at, members, minute,
    move_to, resize, user, users,
};

fn request(event: EventId, version: u64, at: Timestamp) -> UndoRequest {
    let interaction = InteractionId::new(900_000 + version);
    UndoRequest { guild: GUILD, event, version, by: HOST, interaction, at }
}

async fn undo<S: Store>(scene: &Scene<S>, request: UndoRequest) -> Undone {
    scene.store.undo(request).await.unwrap()
}

fn renamed() -> EventChange {
    let title = Title::parse("Raid day").unwrap();
    EventChange::Edit(EventDetails { title, ..details(0) })
}

pub(crate) async fn a_change_is_taken_back_with_the_answers_given_since<S: Store>(
    scene: &Scene<S>,
) {
    let event = scene.event_for(1).await;
    scene.tap(event, 1, YES).await;
    scene.change(event, resize(2), 2).await;
    scene.tap(event, 2, YES).await;
    let undone = undo(scene, request(event, 3, minute(3))).await;
    let Undone::Made { before, now, moved } = undone else { panic!("not made: {undone:?}") };
    let capacity = |details: &EventDetails| details.capacity.map(Capacity::get);
    assert_eq!(capacity(&before.event.details), Some(2));
    assert_eq!(capacity(&now.sheet.event.details), Some(1));
    assert_eq!((moved.unseated, now.sheet.event.version), (vec![user(2)], 5));
    assert_eq!(*now, scene.read(event).await);
    assert_eq!(scene.names(event, YES).await, [vec![user(1)], vec![user(2)]]);
}

/// An event for four of whom each has a place, and a fifth who waits and goes before others.
async fn full<S: Store>(scene: &Scene<S>) -> EventId {
    let event = scene.event_for(4).await;
    for member in 1..=4 {
        scene.tap(event, member, YES).await;
    }
    let role = RoleId::new(5);
    let offer = Some(SignedDuration::from_mins(10));
    let rules = EventRules { priority: vec![role], offer, ..EventRules::default() };
    scene.change(event, EventChange::Rules(rules), 1).await;
    let preferred = Tap { roles: [role].into(), ..scene.tap_of(event, 5, Some(YES)) };
    scene.store.tap(preferred).await.unwrap();
    event
}

pub(crate) async fn who_lost_a_place_by_a_mistake_has_it_again<S: Store>(scene: &Scene<S>) {
    let event = full(scene).await;
    let before = scene.read(event).await.sheet;
    scene.change(event, resize(2), 2).await;
    assert_eq!(scene.names(event, YES).await, [users([1, 2]), users([5, 3, 4])]);
    let version = scene.read(event).await.sheet.event.version;
    let undone = undo(scene, request(event, version, minute(3))).await;
    let Undone::Made { now, moved, .. } = undone else { panic!("not made: {undone:?}") };
    assert_eq!((moved.promoted, moved.offered), (users([3, 4]), vec![]));
    assert_eq!(scene.names(event, YES).await, [users(1..=4), users([5])]);
    assert_eq!(now.sheet.coming, before.coming);
    assert_eq!(*now, scene.read(event).await);
}

pub(crate) async fn who_left_since_a_mistake_leaves_the_place_to_the_line<S: Store>(
    scene: &Scene<S>,
) {
    let event = full(scene).await;
    scene.change(event, resize(2), 2).await;
    let version = scene.read(event).await.sheet.event.version;
    for member in [2, 4] {
        scene.withdraw(event, member).await;
    }
    scene.tap(event, 6, YES).await;
    assert!(matches!(undo(scene, request(event, version, minute(3))).await, Undone::Made { .. }));
    let sheet = scene.read(event).await.sheet;
    assert_eq!(scene.names(event, YES).await, [users([1, 3]), vec![]]);
    assert_eq!(members(&sheet.offered), users([5, 6]));
}

/// An event of one place, which is offered to the second by a rule of ten minutes; the third waits.
/// Answers close twenty minutes before the start.
async fn offered<S: Store>(scene: &Scene<S>) -> EventId {
    scene.without_reminders().await;
    let event = scene.event_for(1).await;
    let offer = Some(SignedDuration::from_mins(10));
    let close_before = SignedDuration::from_mins(20);
    let rules = EventRules { offer, close_before, ..EventRules::default() };
    scene.change(event, EventChange::Rules(rules), 1).await;
    for member in 1..=3 {
        scene.tap(event, member, YES).await;
    }
    scene.withdraw(event, 1).await;
    event
}

/// Who is offered a place and until when, who has one, who waits, and who let an offer lapse.
async fn standing<S: Store>(
    scene: &Scene<S>,
    event: EventId,
) -> (Vec<(UserId, Option<Timestamp>)>, [Vec<UserId>; 3]) {
    let sheet = scene.read(event).await.sheet;
    let offers = sheet.offered.first.iter().map(|entry| (entry.member, entry.offered_until));
    let [seated, waiting] = scene.names(event, YES).await;
    (offers.collect(), [seated, waiting, members(&sheet.passed)])
}

pub(crate) async fn who_lost_an_offer_by_a_closing_has_one_again_once_that_is_undone<S: Store>(
    scene: &Scene<S>,
) {
    let event = offered(scene).await;
    let offers = |until| vec![(user(2), Some(minute(until)))];
    assert_eq!(standing(scene, event).await, (offers(11), [vec![], users([3]), vec![]]));
    let early = EventDetails { span: details_at(20, END).span, ..details(1) };
    let early = EventChange::Edit(early);
    for (change, by_then) in [(EventChange::Close, 3), (early, 5)] {
        let closed = scene.change(event, change, by_then).await;
        let Changed::Made { moved, now, .. } = closed else { panic!("not made: {closed:?}") };
        assert_eq!((moved.passed, moved.promoted), (users([2]), users([3])));
        assert_eq!(standing(scene, event).await, (vec![], [users([3]), vec![], users([2])]));
        scene.store.turn_events(minute(by_then + 1), 10).await.unwrap();
        let version = now.sheet.event.version;
        let undone = undo(scene, request(event, version, minute(by_then + 1))).await;
        let Undone::Made { moved, .. } = undone else { panic!("not made: {undone:?}") };
        assert_eq!((moved.offered, moved.unseated), (users([2]), users([3])));
        let anew = (offers(by_then + 11), [vec![], users([3]), vec![]]);
        assert_eq!(standing(scene, event).await, anew, "for the full time");
    }
}

pub(crate) async fn what_takes_place_after_all_offers_places_anew<S: Store>(scene: &Scene<S>) {
    let event = offered(scene).await;
    scene.change(event, EventChange::Cancel, 2).await;
    scene.store.turn_events(minute(15), 10).await.unwrap();
    let version = scene.read(event).await.sheet.event.version;
    let undone = undo(scene, request(event, version, minute(16))).await;
    let Undone::Made { moved, .. } = undone else { panic!("not made: {undone:?}") };
    assert_eq!(moved.offered, users([2]), "nobody could accept meanwhile");
    let offers = |until| vec![(user(2), Some(minute(until)))];
    assert_eq!(standing(scene, event).await, (offers(26), [vec![], users([3]), vec![]]));
    scene.change(event, EventChange::Cancel, 17).await;
    scene.change(event, EventChange::Restore, 29).await;
    scene.store.turn_events(minute(30), 10).await.unwrap();
    assert_eq!(standing(scene, event).await, (offers(39), [vec![], users([3]), vec![]]));
    // Once answers are closed nobody can accept: the place is theirs.
    scene.change(event, EventChange::Cancel, 31).await;
    scene.change(event, EventChange::Restore, START - 20).await;
    assert_eq!(standing(scene, event).await, (vec![], [users([2]), users([3]), vec![]]));
}

pub(crate) async fn only_who_made_the_latest_change_takes_it_back_and_in_time<S: Store>(
    scene: &Scene<S>,
) {
    let event = scene.event().await;
    scene.change(event, renamed(), 1).await;
    let before = scene.read(event).await;
    let asks = request(event, 2, minute(2));
    let other = UndoRequest { by: user(9), ..asks };
    assert_eq!(undo(scene, other).await, Undone::ChangedSince(HOST));
    let older = UndoRequest { version: 1, ..asks };
    assert_eq!(undo(scene, older).await, Undone::ChangedSince(HOST));
    let foreign = UndoRequest { guild: OTHER_GUILD, ..asks };
    assert_eq!(undo(scene, foreign).await, Undone::NoSuchEvent);
    let late = minute(16) + SignedDuration::from_millis(1);
    assert_eq!(undo(scene, UndoRequest { at: late, ..asks }).await, Undone::TooLate);
    assert_eq!(scene.read(event).await, before);
    let just = UndoRequest { at: minute(16), ..asks };
    assert!(matches!(undo(scene, just).await, Undone::Made { .. }));
}

pub(crate) async fn a_repeated_undo_changes_nothing<S: Store>(scene: &Scene<S>) {
    let event = scene.event().await;
    scene.change(event, move_to(90, 95), 1).await;
    let asks = request(event, 2, minute(2));
    assert!(matches!(undo(scene, asks).await, Undone::Made { .. }));
    let before = scene.read(event).await;
    assert_eq!(undo(scene, asks).await, Undone::Repeated(Box::new(before.clone())));
    assert_eq!(scene.read(event).await, before);
}

pub(crate) async fn an_undo_is_a_change_of_its_own_in_the_history<S: Store>(scene: &Scene<S>) {
    let event = scene.event().await;
    let changes = [renamed(), EventChange::Close, EventChange::Cancel];
    for (change, version) in changes.into_iter().zip([2, 4, 6]) {
        scene.change(event, change, 1).await;
        assert!(matches!(
            undo(scene, request(event, version, minute(2))).await,
            Undone::Made { .. }
        ));
    }
    let window = Window { skip: 0, limit: 9 };
    let page = scene.store.history(GUILD, event, window).await.unwrap().unwrap();
    let steps: Vec<_> = page.rows.iter().map(|line| line.what).collect();
    let expected = [
        Happened::Undone(EventStep::Restored),
        Happened::Event(EventStep::Cancelled),
        Happened::Undone(EventStep::Reopened),
        Happened::Event(EventStep::Closed),
        Happened::Undone(EventStep::Edited),
        Happened::Event(EventStep::Edited),
        Happened::Event(EventStep::Created),
    ];
    assert_eq!(steps, expected);
    assert!(page.rows.iter().all(|line| line.by == HOST));
}

/// What is said of an event by now, and to how many.
async fn said<S: Store>(scene: &Scene<S>, at: i64) -> Vec<String> {
    let claimed = scene.claim(at).await;
    let notice = |delivery: &muster_store::model::Delivery| match &delivery.content {
        DeliveryContent::Notice { news, mentions, .. } => {
            Some(format!("{news:?} to {}", mentions.len()))
        }
        DeliveryContent::Post(_) => Some("post".to_owned()),
        DeliveryContent::Direct { .. }
        | DeliveryContent::Unanswered { .. }
        | DeliveryContent::Greeting
        | DeliveryContent::Report { .. } => None,
    };
    claimed.iter().filter_map(notice).collect()
}

pub(crate) async fn a_creation_that_is_taken_back_is_told_and_comes_back<S: Store>(
    scene: &Scene<S>,
) {
    let event = scene.posted_event(5).await;
    scene.tap(event, 1, YES).await;
    assert!(matches!(undo(scene, request(event, 2, minute(2))).await, Undone::Made { .. }));
    assert_eq!(scene.read(event).await.sheet.event.phase(minute(2)), Phase::Deleted);
    scene.post_gone(event, minute(2)).await;
    assert_eq!(said(scene, 3).await, ["Cancelled to 1"]);
    assert_eq!(undo(scene, request(event, 9, minute(3))).await, Undone::NoSuchEvent);
    scene.change(event, EventChange::BringBack, 4).await;
    let back = scene.read(event).await.sheet;
    assert_eq!((back.event.phase(minute(4)), back.coming), (Phase::Open, 1));
    let waits = scene.store.next_due().await.unwrap();
    assert!(waits.is_some(), "its post and the news are under way");
}

pub(crate) async fn what_was_called_off_is_listed_until_it_is_let_go<S: Store>(scene: &Scene<S>) {
    let (cancelled, deleted) = (scene.event().await, scene.event().await);
    let _planned = scene.event().await;
    scene.change(cancelled, EventChange::Cancel, 1).await;
    scene.change(deleted, EventChange::Delete, 2).await;
    let listed = async |guild, since| {
        let (listing, window) = (Listing::CalledOffSince(since), Window { skip: 0, limit: 9 });
        let page = scene.store.list(guild, listing, "", window).await.unwrap();
        assert_eq!(page.total, page.rows.len());
        page.rows.iter().map(|row| row.sheet.event.id).collect::<Vec<_>>()
    };
    assert_eq!(listed(GUILD, minute(0)).await, [deleted, cancelled]);
    assert_eq!(listed(GUILD, minute(1)).await, [deleted]);
    assert_eq!(listed(OTHER_GUILD, minute(0)).await, []);
    let changed = scene.change(cancelled, EventChange::BringBack, 3).await;
    let not_deleted = ChangeRefusal::NotDeleted;
    assert!(matches!(changed, muster_store::model::Changed::Refused(why, _) if why == not_deleted));
}
