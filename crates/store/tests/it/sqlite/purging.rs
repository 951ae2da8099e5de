//! What is kept no longer goes in bounded pieces, however large it is.

use jiff::SignedDuration;
use muster_domain::change::EventChange;
use muster_store::model::Kept;
use muster_store::port::Upkeep as _;

use super::{Folder, open};
use crate::scene::{Scene, YES, minute};

#[tokio::test]
async fn a_piece_that_ends_amid_the_lines_of_one_version_is_not_the_last() {
    const LINES: i64 = 4_500;
    let kept = SignedDuration::from_mins(60);
    let kept = Kept {
        retention_grace: kept,
        deleted_template: kept,
        removed_guild: kept,
        called_off_event: kept,
    };
    let folder = Folder::new();
    let scene = Scene::new(open(&folder.database()));
    let event = scene.event().await;
    scene.tap(event, 1, YES).await;
    scene.change(event, EventChange::Cancel, 10).await;
    let mut db = rusqlite::Connection::open(folder.database()).unwrap();
    let tx = db.transaction().unwrap();
    tx.execute("CREATE TEMP TABLE one AS SELECT * FROM signup_log LIMIT 1", []).unwrap();
    tx.execute("DELETE FROM signup_log", []).unwrap();
    // The 2,000th line is the first of two of its version.
    for number in 1..=LINES {
        let (version, line) = if number == 2_001 { (2_000, 1) } else { (number, 0) };
        tx.execute("UPDATE one SET version = ?1, line = ?2", [version, line]).unwrap();
        tx.execute("INSERT INTO signup_log SELECT * FROM one", []).unwrap();
    }
    tx.commit().unwrap();
    let mut pieces = 0;
    while scene.store.purge(kept, minute(70)).await.unwrap() {
        pieces += 1;
    }
    assert_eq!(pieces, 3, "two full ones, and what is left with the event");
}
