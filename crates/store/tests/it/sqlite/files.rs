//! The database's file: whose it is, who may read it, and what is refused.

use std::fs;

use muster_store::StoreError;
use muster_store::port::Events;
use muster_store::sqlite::SqliteStore;

use super::{Folder, open};
use crate::scene::{GUILD, Scene};

#[tokio::test]
async fn a_second_process_is_refused_until_the_first_has_closed() {
    let folder = Folder::new();
    let first = open(&folder.database());
    let second = SqliteStore::open(&folder.database()).map(|_| ());
    assert_eq!(second, Err(StoreError::InUse));
    drop(first);
    open(&folder.database());
}

#[cfg(unix)]
#[tokio::test]
async fn only_the_owner_can_read_the_files() {
    use std::os::unix::fs::PermissionsExt;

    let folder = Folder::new();
    let scene = Scene::new(open(&folder.database()));
    scene.event().await;
    for name in ["muster.db", "muster.db-wal", "muster.db-shm", "muster.db.lock"] {
        let mode = fs::metadata(folder.path(name)).unwrap().permissions().mode();
        assert_eq!(mode & 0o777, 0o600, "{name}");
    }
}

#[tokio::test]
async fn a_file_that_is_no_database_is_refused_and_left_alone() {
    let folder = Folder::new();
    let text = "this is a diary, not a database ".repeat(200);
    fs::write(folder.database(), &text).unwrap();
    let refused = SqliteStore::open(&folder.database()).map(|_| ());
    assert!(matches!(refused, Err(StoreError::Corrupt(_))), "{refused:?}");
    assert_eq!(fs::read_to_string(folder.database()).unwrap(), text);
}

#[tokio::test]
async fn a_folder_that_does_not_exist_is_named() {
    let folder = Folder::new();
    let path = folder.path("nowhere/muster.db");
    let Err(StoreError::Database(text)) = SqliteStore::open(&path).map(|_| ()) else {
        panic!("opened")
    };
    assert!(text.contains("nowhere"), "{text}");
}

#[tokio::test]
async fn a_new_version_of_the_same_schema_opens_without_a_copy() {
    let folder = Folder::new();
    let event = Scene::new(open(&folder.database())).event().await;
    let store = open(&folder.database());
    assert!(store.event(GUILD, event).await.unwrap().is_some());
    let files = fs::read_dir(folder.path("")).unwrap();
    let copies = files
        .filter(|file| file.as_ref().unwrap().file_name().to_string_lossy().contains("before"));
    assert_eq!(copies.count(), 0);
}
