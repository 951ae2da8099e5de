//! What one member answered to a guild's events.

use muster_domain::change::EventChange;
use muster_domain::id::EventId;
use muster_store::Store;
use muster_store::model::{Attendance, AttendanceCounts, Window};

use crate::scene::{GUILD, MAYBE, MOBILE, NO, OTHER_GUILD, Scene, YES, details_at, minute, user};

/// An event of one place that begins at this minute.
async fn begins<S: Store>(scene: &Scene<S>, at: i64) -> EventId {
    let mut details = details_at(at, at + 10);
    details.capacity = muster_domain::capacity::Capacity::parse(1).ok();
    scene.created(details).await.sheet.event.id
}

/// What member 1 answered to events that began in these minutes, and later ones.
async fn of_one<S: Store>(scene: &Scene<S>, past: (i64, i64), window: Window) -> Attendance {
    let past = minute(past.0)..minute(past.1);
    scene.store.attendance(GUILD, user(1), past, window).await.unwrap()
}

const ALL: Window = Window { skip: 0, limit: 100 };

pub(crate) async fn answers_are_counted_by_what_they_mean<S: Store>(scene: &Scene<S>) {
    for (at, answer) in [(60, YES), (61, MOBILE), (62, MAYBE), (63, NO)] {
        let event = begins(scene, at).await;
        scene.tap(event, 1, answer).await;
    }
    let full = begins(scene, 64).await;
    scene.tap(full, 2, YES).await;
    scene.tap(full, 1, YES).await;
    let withdrawn = begins(scene, 65).await;
    scene.tap(withdrawn, 1, YES).await;
    scene.withdraw(withdrawn, 1).await;
    let cancelled = begins(scene, 66).await;
    scene.tap(cancelled, 1, YES).await;
    scene.change(cancelled, EventChange::Cancel, 1).await;
    let later = begins(scene, 80).await;
    scene.tap(later, 1, YES).await;
    let counts = of_one(scene, (60, 80), ALL).await.begun;
    let expected =
        AttendanceCounts { events: 6, coming: 2, waiting: 1, maybe: 1, not_coming: 1, absent: 0 };
    assert_eq!((counts, counts.unanswered()), (expected, 1));
    assert_eq!(of_one(scene, (61, 63), ALL).await.begun.events, 2);
    let past = minute(0)..minute(90);
    let foreign = scene.store.attendance(OTHER_GUILD, user(1), past, ALL).await.unwrap();
    assert_eq!((foreign.begun, foreign.answers.total), (AttendanceCounts::default(), 0));
}

pub(crate) async fn answers_are_listed_latest_event_first<S: Store>(scene: &Scene<S>) {
    let mut events = Vec::new();
    for at in [60, 61, 62, 90] {
        let event = begins(scene, at).await;
        scene.tap(event, 1, YES).await;
        events.push(event);
    }
    let listed = async |window| {
        let page = of_one(scene, (61, 70), window).await.answers;
        let ids: Vec<_> = page.rows.iter().map(|(row, _)| row.sheet.event.id).collect();
        (ids, page.total)
    };
    assert_eq!(listed(ALL).await, (vec![events[3], events[2], events[1]], 3));
    assert_eq!(listed(Window { skip: 1, limit: 1 }).await, (vec![events[2]], 3));
}
