//! A folder for one measurement's database, gone with everything in it when that is over.

use std::path::{Path, PathBuf};

use muster_scratch::Scratch;

use crate::error::{BenchError, io};

/// The folder.
pub(crate) struct Folder(Scratch);

impl Folder {
    /// Makes it below `disk`, whose speed is part of what is measured.
    pub(crate) fn below(disk: &Path) -> Result<Self, BenchError> {
        std::fs::create_dir_all(disk).map_err(io("the folder"))?;
        Scratch::below(disk).map(Self).map_err(io("the folder"))
    }

    /// Where it is.
    pub(crate) fn path(&self) -> &Path {
        self.0.path()
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
