//! What SQLite adds: files, restarts, damage.

mod backups;
mod erasures;
mod files;
mod restarts;
mod results;
mod unreadable;
mod vitals;

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU32, Ordering};

use muster_store::sqlite::SqliteStore;

/// A folder that goes with the test.
pub(crate) struct Folder(PathBuf);

impl Folder {
    pub(crate) fn new() -> Self {
        static NEXT: AtomicU32 = AtomicU32::new(0);
        let number = NEXT.fetch_add(1, Ordering::Relaxed);
        let name = format!("muster-store-{}-{number}", std::process::id());
        let path = std::env::temp_dir().join(name);
        fs::create_dir_all(&path).unwrap();
        Self(path)
    }

    pub(crate) fn path(&self, name: &str) -> PathBuf {
        self.0.join(name)
    }

    pub(crate) fn database(&self) -> PathBuf {
        self.path("muster.db")
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        fs::remove_dir_all(&self.0).unwrap();
    }
}

/// A store in a file, with its threads.
pub(crate) fn fresh_with_threads() -> (SqliteStore, Folder) {
    let folder = Folder::new();
    (open(&folder.database()), folder)
}

/// A store in memory, without threads.
pub(crate) fn fresh_in_memory() -> (SqliteStore, ()) {
    (SqliteStore::open_in_memory().unwrap(), ())
}

pub(crate) fn open(path: &Path) -> SqliteStore {
    SqliteStore::open(path).unwrap()
}
