//! Who was erased stays erased, also where a database comes back from a time before.

use std::fs;

use muster_store::port::Privacy;
use muster_store::sqlite::SqliteStore;

use super::{Folder, open};
use crate::scene::{Scene, YES, minute, user};

#[tokio::test]
async fn a_member_stays_erased_after_the_database_was_restored_from_a_backup() {
    let folder = Folder::new();
    let scene = Scene::new(open(&folder.database()));
    let event = scene.event().await;
    scene.tap(event, 1, YES).await;
    scene.tap(event, 2, YES).await;
    scene.store.close().await.unwrap();
    fs::copy(folder.database(), folder.path("backup.db")).unwrap();
    let scene = Scene::new(open(&folder.database()));
    scene.store.erase_member(user(1), minute(5)).await.unwrap();
    scene.store.close().await.unwrap();

    fs::copy(folder.path("backup.db"), folder.database()).unwrap();
    let scene = Scene::new(open(&folder.database()));
    assert_eq!(scene.names(event, YES).await[0], [user(2)]);
    assert_eq!(scene.store.held_on(user(1)).await.unwrap().erased_at, Some(minute(5)));
    scene.store.close().await.unwrap();
}

#[tokio::test]
async fn who_signed_up_anew_is_not_erased_by_the_next_start() {
    let folder = Folder::new();
    let scene = Scene::new(open(&folder.database()));
    let event = scene.event().await;
    scene.tap(event, 1, YES).await;
    scene.store.erase_member(user(1), minute(5)).await.unwrap();
    scene.tap(event, 1, YES).await;
    scene.store.close().await.unwrap();
    let scene = Scene::new(open(&folder.database()));
    assert_eq!(scene.names(event, YES).await[0], [user(1)]);
    scene.store.close().await.unwrap();
}

#[tokio::test]
async fn an_erasure_that_was_begun_is_finished_at_the_next_start() {
    let folder = Folder::new();
    let scene = Scene::new(open(&folder.database()));
    let event = scene.event().await;
    for member in [1, 2] {
        scene.tap(event, member, YES).await;
    }
    scene.store.close().await.unwrap();
    // All that there was time for.
    let begun = format!("1 {}\n", minute(5).as_millisecond());
    fs::write(folder.path("muster.db.erased"), begun).unwrap();
    let scene = Scene::new(SqliteStore::open_inline(&folder.database()).unwrap());
    assert_eq!(scene.names(event, YES).await[0], [user(2)]);
    scene.store.close().await.unwrap();
    let scene = Scene::new(open(&folder.database()));
    assert_eq!(scene.names(event, YES).await[0], [user(2)]);
    scene.store.close().await.unwrap();
}

/// Where members are named. Whoever adds a column sees to it that `/privacy erase` and `export` know
/// it, and then to this list.
const NAMED: [&str; 23] = [
    "deed_log.by",
    "delivery.member",
    "delivery.told_by",
    "delivery_mention.member",
    "draft.member",
    "erased_member.member",
    "event.host",
    "event_log.by",
    "member_reminders.member",
    "presence.member",
    "presence_log.by",
    "presence_log.member",
    "quiet_hours.member",
    "role_grant.member",
    "schedule_setup.by",
    "schedule_skip.by",
    "series.host",
    "series_version.by",
    "signup.member",
    "signup_before.member",
    "signup_log.by",
    "signup_log.member",
    "template.saved_by",
];

#[tokio::test]
async fn every_column_that_names_a_member_is_known_to_erasures() {
    const SQL: &str = "
        SELECT t.name || '.' || c.name FROM sqlite_schema t JOIN pragma_table_info(t.name) c
        WHERE t.type = 'table' AND c.name IN ('member', 'by', 'host', 'user', 'saved_by', 'told_by',
          'author', 'organiser')
        ORDER BY 1";
    let folder = Folder::new();
    open(&folder.database()).close().await.unwrap();
    let db = rusqlite::Connection::open(folder.database()).unwrap();
    let mut statement = db.prepare(SQL).unwrap();
    let columns = statement.query_map([], |row| row.get(0)).unwrap();
    let columns: Vec<String> = columns.collect::<Result<_, _>>().unwrap();
    assert_eq!(columns, NAMED);
}
