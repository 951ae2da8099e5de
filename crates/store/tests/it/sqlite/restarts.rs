//! What was acknowledged is there after a restart, a kill, and a log that was cut off.

use std::fs;
use std::path::Path;

use futures_util::future::join_all;
use muster_domain::change::EventChange;
use muster_domain::id::EventId;
use muster_domain::roster::Place;
use muster_store::StoreError;
use muster_store::model::{DeliveryContent, RosterPart, Tapped, Window};
use muster_store::port::{Deliveries, Events};
use muster_store::sqlite::SqliteStore;

use super::{Folder, open};
use crate::scene::{GUILD, MAYBE, NO, Scene, YES, details, members, minute, users};

async fn tapped_by(scene: &Scene<SqliteStore>, event: EventId, members: u64) {
    join_all((1..=members).map(|member| scene.tap(event, member, YES))).await;
}

#[tokio::test]
async fn everything_is_there_after_a_restart() {
    let folder = Folder::new();
    let scene = Scene::new(open(&folder.database()));
    let event = scene.event_for(2).await;
    for (member, option) in [(1, YES), (2, YES), (3, YES), (4, NO), (5, MAYBE)] {
        scene.tap(event, member, option).await;
    }
    scene.withdraw(event, 5).await;
    let repeat = scene.tap_of(event, 4, Some(YES));
    scene.tap(event, 4, MAYBE).await;
    let before = scene.read(event).await;
    scene.store.close().await.unwrap();

    let scene = Scene::new(open(&folder.database()));
    assert_eq!(scene.read(event).await, before);
    assert_eq!(scene.names(event, YES).await, [users([1, 2]), users([3])]);
    assert_eq!(scene.claim(1).await.len(), 1);
    let late = scene.store.tap(repeat).await.unwrap();
    assert!(matches!(late.tapped, Tapped::Repeated(_)), "{late:?}");
}

#[tokio::test]
async fn ten_thousand_at_once_have_ten_places_and_the_rest_are_in_line_as_they_came() {
    let folder = Folder::new();
    let scene = Scene::new(open(&folder.database()));
    let event = scene.event_for(10).await;
    tapped_by(&scene, event, 10_000).await;
    scene.store.close().await.unwrap();

    let scene = Scene::new(open(&folder.database()));
    let part = async |part| {
        let all = Window { skip: 0, limit: 20_000 };
        let page = scene.store.roster_page(GUILD, event, part, all).await.unwrap().unwrap();
        page.rows.iter().map(|line| line.member).collect::<Vec<_>>()
    };
    assert_eq!(part(RosterPart::Option(YES)).await, users(1..=10_000));
    assert_eq!(part(RosterPart::Waitlist).await, users(11..=10_000));
}

#[tokio::test]
async fn who_comes_after_a_restart_comes_last() {
    let folder = Folder::new();
    let scene = Scene::new(open(&folder.database()));
    let event = scene.event_for(1).await;
    tapped_by(&scene, event, 3).await;
    // The latest of all takes the answer back: nobody may get the same turn again.
    scene.withdraw(event, 3).await;
    drop(scene);
    let scene = Scene::new(open(&folder.database()));
    assert_eq!(scene.seat(event, 4, YES).await, Place::Waiting);
    assert_eq!(scene.names(event, YES).await, [users([1]), users([2, 4])]);
}

#[tokio::test]
async fn a_store_that_is_dropped_finishes_what_is_queued() {
    let folder = Folder::new();
    let scene = Scene::new(open(&folder.database()));
    let event = scene.event().await;
    // The callers go away; what they asked for is committed all the same.
    for member in 1..=50 {
        let tap = scene.tap_of(event, member, Some(YES));
        let tapping = std::pin::pin!(scene.store.tap(tap));
        assert!(futures_util::future::FutureExt::now_or_never(tapping).is_none());
    }
    drop(scene);
    let store = open(&folder.database());
    assert_eq!(store.event(GUILD, event).await.unwrap().unwrap().sheet.coming, 50);
}

#[tokio::test]
async fn a_killed_process_loses_no_acknowledged_tap() {
    let folder = Folder::new();
    let scene = Scene::new(open(&folder.database()));
    let event = scene.event().await;
    for round in 0..5 {
        let members = 40 * round + 1..=40 * round + 40;
        join_all(members.map(|member| scene.tap(event, member, YES))).await;
        // What a kill leaves: the files as they are, nothing finished.
        let name = format!("killed-{round}.db");
        for suffix in ["", "-wal"] {
            let from = folder.path(&format!("muster.db{suffix}"));
            fs::copy(from, folder.path(&format!("{name}{suffix}"))).unwrap();
        }
        let store = open(&folder.path(&name));
        let coming = store.event(GUILD, event).await.unwrap().unwrap().sheet.coming;
        assert_eq!(u64::try_from(coming).unwrap(), 40 * (round + 1));
    }
}

/// What SQLite itself can tell of a file.
fn assert_sound(path: &Path) {
    let db = rusqlite::Connection::open(path).unwrap();
    let integrity: String = db.query_row("PRAGMA integrity_check", [], |row| row.get(0)).unwrap();
    let broken = "SELECT count(*) FROM pragma_foreign_key_check";
    let dangling: i64 = db.query_row(broken, [], |row| row.get(0)).unwrap();
    assert_eq!((integrity.as_str(), dangling), ("ok", 0));
}

#[tokio::test]
async fn a_log_that_was_cut_off_holds_a_whole_number_of_commits() {
    let folder = Folder::new();
    let scene = Scene::new(open(&folder.database()));
    let event = scene.event().await;
    let database = fs::read(folder.database()).unwrap();
    for member in 1..=20 {
        scene.tap(event, member, YES).await;
    }
    let log = fs::read(folder.path("muster.db-wal")).unwrap();
    let mut least = 0;
    for cut in (0..=60).map(|part| log.len() * part / 60) {
        let name = format!("cut-{cut}.db");
        fs::write(folder.path(&name), &database).unwrap();
        fs::write(folder.path(&format!("{name}-wal")), &log[..cut]).unwrap();
        let store = open(&folder.path(&name));
        let found = store.event(GUILD, event).await.unwrap();
        drop(store);
        assert_sound(&folder.path(&name));
        let coming = found.map_or(0, |posted| posted.sheet.coming);
        assert!(coming >= least, "{coming} < {least}");
        least = coming;
    }
    assert_eq!(least, 20);
}

#[tokio::test]
async fn a_closed_store_takes_nothing_more() {
    let folder = Folder::new();
    let scene = Scene::new(open(&folder.database()));
    let event = scene.event().await;
    scene.store.close().await.unwrap();
    let tap = scene.tap_of(event, 1, Some(YES));
    assert_eq!(scene.store.tap(tap).await, Err(StoreError::Stopped));
    assert_eq!(scene.store.event(GUILD, event).await, Err(StoreError::Stopped));
    assert_eq!(scene.store.close().await, Err(StoreError::Stopped));
    // The log was emptied into the database.
    let log = fs::metadata(folder.path("muster.db-wal")).map_or(0, |log| log.len());
    assert_eq!(log, 0);
}

#[tokio::test]
async fn a_store_in_memory_closes_too() {
    let scene = Scene::new(SqliteStore::open_in_memory().unwrap());
    let event = scene.event().await;
    assert_eq!(scene.store.close().await, Ok(()));
    assert_eq!(scene.store.event(GUILD, event).await, Err(StoreError::Stopped));
}

#[tokio::test]
async fn the_inline_store_keeps_its_file_too() {
    let folder = Folder::new();
    let scene = Scene::new(SqliteStore::open_inline(&folder.database()).unwrap());
    let event = scene.created(details(0)).await.sheet.event.id;
    scene.tap(event, 1, YES).await;
    scene.change(event, EventChange::Cancel, 2).await;
    drop(scene);
    let store = open(&folder.database());
    let sheet = store.event(GUILD, event).await.unwrap().unwrap().sheet;
    assert_eq!((sheet.event.cancelled_at, sheet.coming), (Some(minute(2)), 1));
    assert_eq!(members(&sheet.columns[0].1), users([1]));
    assert!(store.next_due().await.unwrap().is_some());
}

#[tokio::test]
async fn a_delivery_in_hand_when_the_process_died_is_free_at_the_next_start() {
    let folder = Folder::new();
    let scene = Scene::new(open(&folder.database()));
    let created = scene.created(details(0)).await;
    let before = scene.hold_until(created.delivery, 60).await;
    drop(scene);
    let scene = Scene::new(open(&folder.database()));
    assert_eq!(scene.store.next_due().await, Ok(Some(minute(0))));
    let [again] = &scene.claim(1).await[..] else { panic!("one delivery") };
    assert_eq!(again.content, DeliveryContent::Post(created.sheet.event.id));
    assert!(again.claim > before.claim, "what the dead process held counts no more");
}
