//! Lists of events, in windows.

use muster_domain::change::EventChange;
use muster_domain::event::EventDetails;
use muster_domain::id::EventId;
use muster_domain::text::Title;
use muster_store::Store;
use muster_store::model::{Listing, NewEvent, Page, Posted, Window};

use crate::scene::{GUILD, NO, OTHER_GUILD, Scene, YES, details_at, minute, user};

const ALL: Window = Window { skip: 0, limit: 100 };

async fn event_at<S: Store>(scene: &Scene<S>, start: i64, end: i64) -> EventId {
    scene.created(details_at(start, end)).await.sheet.event.id
}

async fn titled<S: Store>(scene: &Scene<S>, title: &str) -> EventId {
    let title = Title::parse(title).unwrap();
    scene.created(EventDetails { title, ..details_at(60, 120) }).await.sheet.event.id
}

fn ids(page: &Page<Posted>) -> Vec<EventId> {
    page.rows.iter().map(|line| line.sheet.event.id).collect()
}

async fn list<S: Store>(scene: &Scene<S>, listing: Listing) -> Vec<EventId> {
    let page = scene.store.list(GUILD, listing, "", ALL).await.unwrap();
    assert_eq!(page.total, page.rows.len());
    ids(&page)
}

pub(crate) async fn upcoming_events_come_soonest_first_in_windows<S: Store>(scene: &Scene<S>) {
    let over = event_at(scene, 1, 10).await;
    let late = event_at(scene, 90, 100).await;
    let running = event_at(scene, 5, 100).await;
    let soon = event_at(scene, 50, 60).await;
    let cancelled = event_at(scene, 50, 60).await;
    let deleted = event_at(scene, 50, 60).await;
    scene.change(cancelled, EventChange::Cancel, 1).await;
    scene.change(deleted, EventChange::Delete, 1).await;
    scene.tap(soon, 1, YES).await;
    let upcoming = Listing::Upcoming(minute(10));
    assert_eq!(list(scene, upcoming).await, [running, soon, late]);
    assert!(list(scene, Listing::Upcoming(minute(9))).await.contains(&over));
    let window = Window { skip: 1, limit: 1 };
    let page = scene.store.list(GUILD, upcoming, "", window).await.unwrap();
    assert_eq!((ids(&page), page.total), (vec![soon], 3));
    assert_eq!(page.rows[0].sheet.coming, 1);
    let beyond = Window { skip: 9, limit: 1 };
    let page = scene.store.list(GUILD, upcoming, "", beyond).await.unwrap();
    assert_eq!((page.rows.len(), page.total), (0, 3));
}

pub(crate) async fn the_nearest_events_come_first<S: Store>(scene: &Scene<S>) {
    let [past, soon, far] = [
        event_at(scene, 10, 20).await,
        event_at(scene, 60, 70).await,
        event_at(scene, 99, 120).await,
    ];
    assert_eq!(list(scene, Listing::Nearest(minute(30))).await, [past, soon, far]);
    assert_eq!(list(scene, Listing::Nearest(minute(70))).await, [soon, far, past]);
    scene.change(soon, EventChange::Delete, 1).await;
    assert_eq!(list(scene, Listing::Nearest(minute(70))).await, [far, past]);
}

pub(crate) async fn words_are_found_in_any_case<S: Store>(scene: &Scene<S>) {
    let raid = titled(scene, "Grande RÉUNION 100%").await;
    titled(scene, "Chess").await;
    for words in ["réunion", "RÉUNION", "e ré", "100%"] {
        for listing in [Listing::Upcoming(minute(1)), Listing::Nearest(minute(1))] {
            let page = scene.store.list(GUILD, listing, words, ALL).await.unwrap();
            assert_eq!((ids(&page), page.total), (vec![raid], 1), "{words}");
        }
    }
    let page = scene.store.list(GUILD, Listing::Upcoming(minute(1)), "_", ALL).await.unwrap();
    assert_eq!(page.total, 0);
}

pub(crate) async fn events_between_two_instants<S: Store>(scene: &Scene<S>) {
    let first = event_at(scene, 50, 60).await;
    let last = event_at(scene, 59, 99).await;
    event_at(scene, 49, 99).await;
    event_at(scene, 60, 99).await;
    let cancelled = event_at(scene, 55, 60).await;
    scene.change(cancelled, EventChange::Cancel, 1).await;
    let between = scene.store.between(GUILD, minute(50), minute(60), 10).await.unwrap();
    let ids: Vec<_> = between.iter().map(|posted| posted.sheet.event.id).collect();
    assert_eq!(ids, [first, last]);
    let one = scene.store.between(GUILD, minute(50), minute(60), 1).await.unwrap();
    assert_eq!(one.len(), 1);
}

pub(crate) async fn what_a_member_answered<S: Store>(scene: &Scene<S>) {
    let late = event_at(scene, 80, 90).await;
    let soon = event_at(scene, 60, 70).await;
    let over = event_at(scene, 10, 20).await;
    let withdrawn = event_at(scene, 60, 70).await;
    let others = event_at(scene, 60, 70).await;
    for (event, member, option) in
        [(late, 1, YES), (soon, 1, NO), (over, 1, YES), (withdrawn, 1, YES), (others, 2, YES)]
    {
        scene.tap(event, member, option).await;
    }
    scene.withdraw(withdrawn, 1).await;
    let page = scene.store.answers_of(GUILD, user(1), minute(20), ALL).await.unwrap();
    let rows: Vec<_> =
        page.rows.iter().map(|(line, signup)| (line.sheet.event.id, signup.option)).collect();
    assert_eq!((rows, page.total), (vec![(soon, NO), (late, YES)], 2));
    let second = Window { skip: 1, limit: 5 };
    let page = scene.store.answers_of(GUILD, user(1), minute(20), second).await.unwrap();
    assert_eq!((page.rows[0].0.sheet.event.id, page.total), (late, 2));
    scene.change(soon, EventChange::Cancel, 2).await;
    let page = scene.store.answers_of(GUILD, user(1), minute(20), ALL).await.unwrap();
    assert_eq!(page.total, 1);
}

pub(crate) async fn guilds_see_only_their_own_events<S: Store>(scene: &Scene<S>) {
    let ours = event_at(scene, 60, 70).await;
    let new = NewEvent { guild: OTHER_GUILD, ..scene.new_event(details_at(60, 70)) };
    scene.store.create_event(new, minute(0)).await.unwrap();
    assert_eq!(list(scene, Listing::Upcoming(minute(1))).await, [ours]);
    assert_eq!(list(scene, Listing::Nearest(minute(1))).await, [ours]);
    let between = scene.store.between(OTHER_GUILD, minute(0), minute(99), 10).await.unwrap();
    assert_eq!(between.len(), 1);
    scene.tap(ours, 1, YES).await;
    let page = scene.store.answers_of(OTHER_GUILD, user(1), minute(1), ALL).await.unwrap();
    assert_eq!(page.total, 0);
}

pub(crate) async fn exact_titles_come_before_those_that_contain_the_words<S: Store>(
    scene: &Scene<S>,
) {
    let titled = |title: &str, start| EventDetails {
        title: Title::parse(title).unwrap(),
        ..details_at(start, start + 60)
    };
    let longer = scene.created(titled("Raid night", 60)).await.sheet.event.id;
    let exact = scene.created(titled("RAID", 600)).await.sheet.event.id;
    let window = Window { skip: 0, limit: 10 };
    for listing in [Listing::Upcoming(minute(1)), Listing::Nearest(minute(1))] {
        let found = scene.store.list(GUILD, listing, "raid", window).await.unwrap();
        let ids: Vec<_> = found.rows.iter().map(|line| line.sheet.event.id).collect();
        assert_eq!(ids, [exact, longer]);
    }
}
