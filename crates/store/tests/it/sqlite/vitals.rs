//! What the store tells of itself, what it keeps at hand, and how it lets go of it.

use std::sync::Arc;
use std::time::Duration;

use futures_util::future::join_all;
use muster_store::port::{Events, Guilds};
use muster_store::sqlite::{SqliteStore, StoreSettings};
use muster_vitals::snapshot::{CacheKind, PressureLevel};

use super::{Folder, open};
use crate::scene::{GUILD, Scene, YES, minute};

fn with(folder: &Folder, change: impl FnOnce(&mut StoreSettings)) -> SqliteStore {
    let mut settings = StoreSettings::default();
    change(&mut settings);
    SqliteStore::open_with(&folder.database(), settings).unwrap()
}

fn kind(store: &SqliteStore, name: &str) -> CacheKind {
    store.caches().into_iter().find(|kind| kind.name == name).unwrap()
}

#[tokio::test]
async fn it_starts_with_one_connection_and_never_has_more_than_allowed() {
    let folder = Folder::new();
    let store = Arc::new(open(&folder.database()));
    assert_eq!(store.figures().await.connections, 1);
    let readers = (0..50).map(|_| store.settings(GUILD));
    for read in join_all(readers).await {
        read.unwrap();
    }
    let figures = store.figures().await;
    assert!((2..=3).contains(&figures.connections), "{figures:?}");
    assert_eq!(figures.connections_max, 3);
    assert!(figures.writable && figures.schema > 0);
    assert!(store.file_sizes()().database > 0);
}

#[tokio::test]
async fn with_one_connection_reads_share_it_and_see_what_is_committed() {
    let folder = Folder::new();
    let scene = Scene::new(with(&folder, |settings| settings.database.connections_max = 1));
    let event = scene.event().await;
    scene.tap(event, 1, YES).await;
    let found = scene.store.signup_of(GUILD, event, crate::scene::user(1)).await.unwrap();
    assert!(found.is_some());
    let figures = scene.store.figures().await;
    assert_eq!((figures.connections, figures.connections_max), (1, 1));
    scene.store.try_to_write().await.unwrap();
    assert!(!scene.store.is_failing());
    scene.store.close().await.unwrap();
    assert!(scene.store.settings(GUILD).await.is_err(), "closed");
}

#[tokio::test]
async fn statements_and_commits_are_timed_unless_nothing_is_to_be_measured() {
    for timed in [true, false] {
        let folder = Folder::new();
        let scene = Scene::new(with(&folder, |settings| settings.timed = timed));
        let event = scene.event().await;
        scene.tap(event, 1, YES).await;
        let figures = scene.store.figures().await;
        assert_eq!((figures.statements.count > 0, figures.commit.count > 0), (timed, timed));
        assert!(figures.writable, "it works all the same");
    }
}

#[tokio::test]
async fn while_another_program_holds_the_lock_it_takes_no_writes_and_says_so() {
    let folder = Folder::new();
    let scene = Scene::new(open(&folder.database()));
    let event = scene.event().await;
    let beside = rusqlite::Connection::open(folder.database()).unwrap();
    beside.execute_batch("BEGIN IMMEDIATE").unwrap();
    assert!(scene.store.try_to_write().await.is_err());
    assert!(scene.store.is_failing() && !scene.store.figures().await.writable);
    beside.execute_batch("ROLLBACK").unwrap();
    assert!(scene.store.is_failing(), "until something is written");
    scene.tap(event, 1, YES).await;
    assert!(!scene.store.is_failing() && scene.store.figures().await.writable);
}

#[tokio::test]
async fn connections_without_use_are_closed() {
    let folder = Folder::new();
    let store = with(&folder, |settings| {
        settings.database.idle_close = Duration::from_millis(30);
    });
    store.settings(GUILD).await.unwrap();
    while store.figures().await.connections > 1 {
        tokio::task::yield_now().await;
    }
    store.settings(GUILD).await.unwrap();
}

#[tokio::test]
async fn every_statement_and_commit_is_counted() {
    let folder = Folder::new();
    let scene = Scene::new(open(&folder.database()));
    let event = scene.event().await;
    let before = scene.store.figures().await;
    for member in 1..=10 {
        scene.tap(event, member, YES).await;
    }
    let after = scene.store.figures().await;
    assert_eq!(after.commits - before.commits, 10);
    assert_eq!(after.writes - before.writes, 10);
    assert!(after.commit.count - before.commit.count >= 10);
    assert!(after.statements.count - before.statements.count >= 30);
    assert!(after.commit.p50 > Duration::ZERO && after.commit.max >= after.commit.p99);
}

#[tokio::test]
async fn rosters_at_hand_are_found_again_bounded_and_let_go_of_when_asked() {
    let folder = Folder::new();
    let scene = Scene::new(with(&folder, |settings| settings.cache.entries_max = 8));
    let mut events = Vec::new();
    for _ in 0..12 {
        events.push(scene.event().await);
    }
    for event in events.iter().chain(&events) {
        scene.tap(*event, 1, YES).await;
    }
    for member in 2..=5 {
        scene.tap(events[11], member, YES).await;
    }
    let before = kind(&scene.store, "rosters");
    assert!(before.entries <= 8 && before.hits >= 4 && before.evicted > 0, "{before:?}");
    let some = scene.store.release_cache(30).await.unwrap();
    assert!(some >= before.bytes * 3 / 10, "{some} of {before:?}");
    let rest = scene.store.release_cache(100).await.unwrap();
    assert_eq!(some + rest, before.bytes);
    let after = kind(&scene.store, "rosters");
    assert_eq!((after.entries, after.bytes), (0, 0));
    scene.store.release_pages().await.unwrap();
    scene.tap(events[0], 9, YES).await;
    assert_eq!(kind(&scene.store, "rosters").entries, 1);
}

#[tokio::test]
async fn what_waits_is_what_a_count_of_the_tables_says() {
    let folder = Folder::new();
    let scene = Scene::new(open(&folder.database()));
    for _ in 0..3 {
        scene.event().await;
    }
    let beside = rusqlite::Connection::open(folder.database()).unwrap();
    let count = |sql: &str| beside.query_row(sql, [], |row| row.get::<_, i64>(0)).unwrap();
    let count = |sql: &str| u64::try_from(count(sql)).unwrap();
    let now = minute(30);
    let before = scene.store.waiting(now).await.unwrap();
    let due = format!(
        "SELECT count(*) FROM delivery WHERE outcome IS NULL AND due_at <= {}",
        now.as_millisecond()
    );
    assert!(before.due >= 3, "a post of each: {before:?}");
    assert_eq!((before.due, before.broken_channels), (count(&due), 0));
    let long_before = minute(-60);
    assert_eq!(scene.store.waiting(long_before).await.unwrap().due, 0);
    beside
        .execute("INSERT INTO broken_channel SELECT id, 5, 'gone', 0, NULL FROM guild LIMIT 1", [])
        .unwrap();
    let broken = scene.store.waiting(now).await.unwrap().broken_channels;
    assert_eq!(broken, count("SELECT count(*) FROM broken_channel"));
    assert_eq!(broken, 1);
}

#[tokio::test]
async fn under_pressure_results_live_shorter_and_a_clean_up_lets_go_of_the_old() {
    let folder = Folder::new();
    let kept = Duration::from_millis(400);
    let store = with(&folder, |settings| settings.database.results_kept = kept);
    store.settings(GUILD).await.unwrap();
    let lives = |store: &SqliteStore| kind(store, "guild settings").lives;
    assert_eq!(lives(&store), Some(kept));
    store.set_level(PressureLevel::Critical);
    assert_eq!(lives(&store), Some(kept / 8));
    while store.clean_up() == 0 {
        tokio::task::yield_now().await;
    }
    let after = kind(&store, "guild settings");
    assert_eq!((after.entries, after.expired), (0, 1));
}

#[tokio::test]
async fn a_cache_without_places_keeps_nothing_and_all_works() {
    let folder = Folder::new();
    let scene = Scene::new(with(&folder, |settings| settings.cache.entries_max = 0));
    let event = scene.event().await;
    for member in 1..=3 {
        scene.tap(event, member, YES).await;
    }
    let caches = scene.store.caches();
    assert!(caches.iter().all(|kind| kind.entries == 0 && kind.bytes == 0), "{caches:?}");
}
