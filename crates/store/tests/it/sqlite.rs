//! What SQLite adds: files, restarts, damage.

mod backups;
mod erasures;
mod files;
mod purging;
mod restarts;
mod results;
mod unreadable;
mod vitals;
mod wall_clocks;

use std::path::{Path, PathBuf};

use muster_scratch::Scratch;
use muster_store::sqlite::SqliteStore;

/// A folder that goes with the test.
pub(crate) struct Folder(Scratch);

impl Folder {
    pub(crate) fn new() -> Self {
        Self(Scratch::new().unwrap())
    }

    pub(crate) fn path(&self, name: &str) -> PathBuf {
        self.0.join(name)
    }

    pub(crate) fn database(&self) -> PathBuf {
        self.path("muster.db")
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
