//! How the database is: whether it is sound, and how much room it takes and has.

use std::path::Path;

use jiff::{SignedDuration, Timestamp};
use rusqlite::Connection;

use super::SqliteStore;
use super::database::beside;
use crate::error::StoreError;
use crate::model::Condition;
use crate::port::Stored;

/// How long an answer is kept: whoever asks could have all of the file read each time.
const KEPT: SignedDuration = SignedDuration::from_mins(10);

/// What was found last, and when.
pub(super) type LastLook = tokio::sync::Mutex<Option<(Timestamp, Condition)>>;

impl SqliteStore {
    /// How the database is, as found lately or now. Others that ask meanwhile wait for the answer.
    pub(super) async fn look_at_database(&self, at: Timestamp) -> Stored<Condition> {
        let mut last = self.looked.lock().await;
        let is_fresh =
            |found: Timestamp| (SignedDuration::ZERO..KEPT).contains(&at.duration_since(found));
        if let Some((_, condition)) = last.as_ref().filter(|(found, _)| is_fresh(*found)) {
            return Ok(condition.clone());
        }
        let path = self.path.clone();
        let condition = self.at_length(move |db| Ok(look(db, path.as_deref()))).await?;
        *last = Some((at, condition.clone()));
        Ok(condition)
    }
}

/// A quick check finds what does not fit together in the file; what only the indexes get wrong is
/// left to `muster doctor`.
fn look(db: &Connection, path: Option<&Path>) -> Condition {
    let sound = said_to_be_sound(db, "PRAGMA quick_check(1)").map_err(|error| error.to_string());
    let size = |path: &Path| std::fs::metadata(path).map_or(0, |file| file.len());
    Condition {
        sound,
        bytes: path.map_or(0, size),
        log_bytes: path.map_or(0, |path| size(&beside(path, "-wal"))),
        free_bytes: path.and_then(free_bytes),
    }
}

/// What a check of SQLite's says, which is "ok" or the first thing that is wrong.
pub(super) fn said_to_be_sound(db: &Connection, check: &str) -> Stored<()> {
    let said: String = db.query_row(check, [], |row| row.get(0))?;
    if said == "ok" { Ok(()) } else { Err(StoreError::Corrupt(said)) }
}

/// Bytes that are free for us on the disk of this file.
pub(super) fn free_bytes(path: &Path) -> Option<u64> {
    #[cfg(unix)]
    {
        let disk = rustix::fs::statvfs(path).ok()?;
        Some(disk.f_bavail.saturating_mul(disk.f_frsize))
    }
    #[cfg(not(unix))]
    {
        let _ = path;
        None
    }
}

#[cfg(test)]
mod tests {
    use muster_scratch::Scratch;

    use super::*;

    #[tokio::test]
    async fn a_file_is_looked_at_once_in_a_while_and_has_a_size_and_room() {
        let scratch = Scratch::new().unwrap();
        let path = scratch.join("muster.db");
        let store = SqliteStore::open(&path).unwrap();
        let now = Timestamp::UNIX_EPOCH;
        let found = store.look_at_database(now).await.unwrap();
        assert_eq!(found.sound, Ok(()));
        assert!(found.bytes > 0 && found.free_bytes.is_some(), "{found:?}");
        store.close().await.unwrap();
        std::fs::remove_file(&path).unwrap();
        let again = store.look_at_database(now + SignedDuration::from_mins(9)).await;
        assert_eq!(again, Ok(found), "as it was found");
        let later = store.look_at_database(now + SignedDuration::from_mins(10)).await;
        assert!(later.is_err(), "the file is gone: {later:?}");
    }
}
