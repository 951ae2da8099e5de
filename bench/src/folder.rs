//! A folder for one measurement's database, gone with everything in it when that is over.

use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU32, Ordering};

use crate::error::{BenchError, io};

/// The folder.
pub(crate) struct Folder(PathBuf);

impl Folder {
    /// Makes it below `disk`, whose speed is part of what is measured.
    pub(crate) fn below(disk: &Path) -> Result<Self, BenchError> {
        static NUMBER: AtomicU32 = AtomicU32::new(0);
        let number = NUMBER.fetch_add(1, Ordering::Relaxed);
        let folder = disk.join(format!("muster-bench-{}-{number}", std::process::id()));
        std::fs::create_dir_all(&folder).map_err(io("the folder"))?;
        folder.canonicalize().map(Self).map_err(io("the folder"))
    }

    /// Where it is.
    pub(crate) fn path(&self) -> &Path {
        &self.0
    }

    /// The database's file.
    pub(crate) fn database(&self) -> PathBuf {
        self.0.join("muster.db")
    }

    /// What the program logs.
    pub(crate) fn log(&self) -> PathBuf {
        self.0.join("log")
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        // What is left lies in a folder that is named after us.
        drop(std::fs::remove_dir_all(&self.0));
    }
}
