//! Copies of the database: made beside taps, checked, kept, put back.

use std::fs;

use futures_util::future::join_all;
use jiff::Timestamp;
use muster_store::StoreError;
use muster_store::port::{Events, Privacy};
use muster_store::sqlite::SqliteStore;
use muster_store::sqlite::backup::{
    self, Keep, KeptKind, Made, Place, default_folder, restore, verify,
};

use super::{Folder, open};
use crate::scene::{GUILD, Scene, YES, minute, user};

const KEEP: Keep = Keep { last: 2, daily: 0, weekly: 0 };

fn place(folder: &Folder) -> Place {
    let database = folder.database();
    Place { folder: default_folder(&database), database }
}

async fn back_up(store: &SqliteStore, folder: &Folder, at: i64) -> Made {
    store.back_up(place(folder), KEEP, minute(at)).await.unwrap()
}

async fn has_answered(store: &SqliteStore, event: muster_domain::id::EventId, member: u64) -> bool {
    store.signup_of(GUILD, event, user(member)).await.unwrap().is_some()
}

#[tokio::test]
async fn a_copy_made_while_members_tap_is_sound_and_holds_what_was_acknowledged_before() {
    let folder = Folder::new();
    let scene = Scene::new(open(&folder.database()));
    let event = scene.event().await;
    for member in 1..=20 {
        scene.tap(event, member, YES).await;
    }
    let taps = join_all((21..=60).map(|member| scene.tap(event, member, YES)));
    let (made, _) = tokio::join!(back_up(&scene.store, &folder, 1), taps);
    assert!((20..=60).contains(&made.verified.answers), "{made:?}");
    assert_eq!(verify(&made.kept.path), Ok(made.verified.clone()));
    assert_eq!((made.verified.events, made.kept.kind), (1, KeptKind::Backup));
    assert_eq!(place(&folder).newest(Timestamp::MAX).unwrap(), Some(made.kept));
}

#[cfg(unix)]
#[tokio::test]
async fn only_the_owner_can_read_a_copy() {
    use std::os::unix::fs::PermissionsExt;

    let folder = Folder::new();
    let made = back_up(&open(&folder.database()), &folder, 1).await;
    let rights = |path| fs::metadata(path).unwrap().permissions().mode() & 0o777;
    assert_eq!((rights(made.kept.path), rights(place(&folder).folder)), (0o600, 0o700));
}

#[tokio::test]
async fn a_process_beside_the_bot_makes_the_same_copy() {
    let folder = Folder::new();
    let scene = Scene::new(open(&folder.database()));
    let event = scene.event().await;
    scene.tap(event, 1, YES).await;
    let made = backup::back_up(&place(&folder), KEEP, minute(1)).unwrap();
    assert_eq!((made.verified.events, made.verified.answers), (1, 1));
    scene.tap(event, 2, YES).await;
}

#[tokio::test]
async fn a_copy_that_was_cut_off_is_never_taken_for_one_and_goes_with_the_next() {
    let folder = Folder::new();
    let store = open(&folder.database());
    let first = back_up(&store, &folder, 1).await;
    let half = fs::read(&first.kept.path).unwrap();
    let cut = first.kept.path.with_file_name("muster-20990101T000000Z.db.unfinished");
    fs::write(&cut, &half[..half.len() / 2]).unwrap();
    assert_eq!(
        place(&folder).newest(Timestamp::MAX).unwrap().map(|kept| kept.path),
        Some(first.kept.path)
    );
    back_up(&store, &folder, 2).await;
    assert!(!cut.exists());
}

#[tokio::test]
async fn older_copies_go_by_the_numbers_and_are_named() {
    let folder = Folder::new();
    let store = open(&folder.database());
    let first = back_up(&store, &folder, 1).await;
    assert_eq!(back_up(&store, &folder, 2).await.removed, []);
    assert_eq!(back_up(&store, &folder, 3).await.removed, [first.kept]);
    assert_eq!(place(&folder).kept().unwrap().len(), 2);
}

#[tokio::test]
async fn the_next_copy_is_never_one_of_the_past() {
    let folder = Folder::new();
    let store = open(&folder.database());
    back_up(&store, &folder, 1).await;
    let every = Some(std::time::Duration::from_mins(10));
    let look = |earliest| store.look_at_backups(&place(&folder), every, minute(earliest));
    assert_eq!(look(2), Ok(Some(minute(11))));
    assert_eq!(look(15), Ok(Some(minute(15))), "after one that failed");
    assert_eq!(store.backups(minute(14)).next, Some(minute(15)));
    assert_eq!(store.backups(minute(20)).next, Some(minute(20)), "it waits for its turn");
    assert_eq!(store.backups(minute(20)).every, every);
    let other = folder.path("muster.db.before-0004");
    fs::write(&other, [0; 700]).unwrap();
    let never = store.look_at_backups(&place(&folder), None, minute(20));
    let figures = store.backups(minute(20));
    assert_eq!((never, figures.next, figures.every), (Ok(None), None, None));
    let copy =
        fs::metadata(place(&folder).newest(minute(20)).unwrap().unwrap().path).unwrap().len();
    assert_eq!((figures.kept, figures.bytes), (1, copy), "of the same");
    assert_eq!(figures.bytes_with_others, copy + 700);
}

#[tokio::test]
async fn a_folder_that_takes_no_copy_is_known_before_one_is_due() {
    let folder = Folder::new();
    let store = open(&folder.database());
    assert_eq!(store.try_backups(&place(&folder), minute(1)), Ok(()));
    assert_eq!(store.backups(minute(1)).failing_since, None);
    assert_eq!(fs::read_dir(&place(&folder).folder).unwrap().count(), 0, "nothing is left there");
    let nowhere = Place { folder: folder.path("none/backups"), ..place(&folder) };
    assert!(store.try_backups(&nowhere, minute(2)).is_err());
    assert_eq!(store.backups(minute(3)).failing_since, Some(minute(2)));
    back_up(&store, &folder, 4).await;
    assert_eq!(store.backups(minute(4)).failing_since, None);
}

#[tokio::test]
async fn beyond_the_budget_old_copies_go_and_the_newest_stays() {
    let folder = Folder::new();
    let store = open(&folder.database());
    let first = back_up(&store, &folder, 1).await;
    let second = back_up(&store, &folder, 2).await;
    assert_eq!(
        backup::keep_within_budget(&place(&folder), 0, u64::MAX, Timestamp::MAX),
        Ok(vec![])
    );
    assert_eq!(
        backup::keep_within_budget(&place(&folder), 0, 1, Timestamp::MAX),
        Ok(vec![first.kept])
    );
    assert_eq!(place(&folder).newest(Timestamp::MAX).unwrap(), Some(second.kept));
}

#[tokio::test]
async fn a_copy_that_is_put_back_brings_back_what_it_holds_and_what_it_replaces_is_kept() {
    let folder = Folder::new();
    let scene = Scene::new(open(&folder.database()));
    let event = scene.event().await;
    scene.tap(event, 1, YES).await;
    let made = back_up(&scene.store, &folder, 1).await;
    scene.tap(event, 2, YES).await;

    let copy = &made.kept.path;
    assert_eq!(restore(copy, &place(&folder), minute(2)), Err(StoreError::InUse));
    scene.store.close().await.unwrap();
    let restored = restore(copy, &place(&folder), minute(2)).unwrap();
    assert_eq!(restored.verified.answers, 1);
    let left = fs::read_dir(folder.path("")).unwrap().flatten().map(|file| file.file_name());
    let left: Vec<_> = left.filter(|name| name.to_string_lossy().contains("restoring")).collect();
    assert_eq!(left, [] as [std::ffi::OsString; 0], "nobody asks what these are for");

    let store = open(&folder.database());
    assert!(has_answered(&store, event, 1).await && !has_answered(&store, event, 2).await);
    drop(store);
    // And back again.
    restore(&restored.replaced.unwrap(), &place(&folder), minute(3)).unwrap();
    assert!(has_answered(&open(&folder.database()), event, 2).await);
    let kinds = place(&folder).kept().unwrap().into_iter().map(|kept| kept.kind);
    assert_eq!(kinds.filter(|kind| *kind == KeptKind::Replaced).count(), 2);
}

#[tokio::test]
async fn what_is_replaced_is_kept_even_if_it_cannot_be_read() {
    let folder = Folder::new();
    let made = back_up(&open(&folder.database()), &folder, 1).await;
    fs::write(folder.database(), "no database").unwrap();
    fs::write(folder.path("muster.db-wal"), "no log").unwrap();
    let restored = restore(&made.kept.path, &place(&folder), minute(2)).unwrap();
    let replaced = restored.replaced.unwrap();
    assert_eq!(fs::read_to_string(&replaced).unwrap(), "no database");
    let log = format!("{}-wal", replaced.display());
    assert_eq!(fs::read_to_string(log).unwrap(), "no log");
    open(&folder.database());
}

#[tokio::test]
async fn a_damaged_copy_and_one_of_a_newer_version_are_refused_and_change_nothing() {
    let folder = Folder::new();
    let store = open(&folder.database());
    let made = back_up(&store, &folder, 1).await;
    store.close().await.unwrap();
    let before = fs::read(folder.database()).unwrap();

    let newer = folder.path("newer.db");
    fs::copy(&made.kept.path, &newer).unwrap();
    let db = rusqlite::Connection::open(&newer).unwrap();
    db.execute("INSERT INTO migration (number, checksum) VALUES (9999, 'x')", []).unwrap();
    drop(db);
    let refused = restore(&newer, &place(&folder), minute(2));
    assert!(matches!(refused, Err(StoreError::Newer { found: 9999, .. })), "{refused:?}");

    let damaged = folder.path("damaged.db");
    let mut bytes = fs::read(&made.kept.path).unwrap();
    let middle = bytes.len() / 2;
    bytes[4096..middle].fill(0x5a);
    fs::write(&damaged, &bytes).unwrap();
    let refused = restore(&damaged, &place(&folder), minute(2));
    assert!(matches!(refused, Err(StoreError::Corrupt(_))), "{refused:?}");

    assert_eq!(fs::read(folder.database()).unwrap(), before);
    let left = fs::read_dir(folder.path("")).unwrap().flatten();
    let left = left.filter(|file| file.file_name().to_string_lossy().contains("restor"));
    assert_eq!(left.count(), 0);
}

#[test]
fn a_copy_that_is_not_there_leaves_nothing_behind_where_there_was_no_database() {
    let folder = Folder::new();
    let missing = folder.path("missing.db");
    assert!(restore(&missing, &place(&folder), minute(1)).is_err());
    assert_eq!(fs::read_dir(folder.path("")).unwrap().count(), 0);
}

#[tokio::test]
async fn who_was_erased_after_the_copy_is_not_in_what_is_put_back() {
    let folder = Folder::new();
    let scene = Scene::new(open(&folder.database()));
    let event = scene.event().await;
    scene.tap(event, 1, YES).await;
    let made = back_up(&scene.store, &folder, 1).await;
    scene
        .store
        .erase_member(user(1), Timestamp::from_second(1_900_000_000).unwrap())
        .await
        .unwrap();
    scene.store.close().await.unwrap();
    restore(&made.kept.path, &place(&folder), minute(2)).unwrap();
    let db = rusqlite::Connection::open(folder.database()).unwrap();
    let named: i64 =
        db.query_row("SELECT count(*) FROM signup WHERE member = 1", [], |row| row.get(0)).unwrap();
    assert_eq!(named, 0, "before any start");
}

#[tokio::test]
async fn a_folder_under_one_that_is_not_there_is_refused() {
    let folder = Folder::new();
    let store = open(&folder.database());
    let place = Place { folder: folder.path("not-mounted/backups"), ..place(&folder) };
    let refused = store.back_up(place, KEEP, minute(1)).await;
    assert!(matches!(refused, Err(StoreError::Database(_))), "{refused:?}");
}
