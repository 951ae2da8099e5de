//! Puts a copy in the database's place.

use std::fs::{self, File};
use std::path::{Path, PathBuf};

use jiff::Timestamp;
use tracing::warn;

use super::{Place, Verified, owner, verify};
use crate::error::StoreError;
use crate::port::Stored;
use crate::sqlite::database::{self, Opening, beside, of_file, sync_folder_of};
use crate::sqlite::erased_list::ErasedList;
use crate::sqlite::look::look;
use crate::sqlite::{migrate, privacy};

/// What was put in the database's place.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Restored {
    /// What it holds.
    pub verified: Verified,
    /// Where the database is that was there before; `None` if there was none.
    pub replaced: Option<PathBuf>,
}

/// Puts a copy in the database's place, brought up to the schema of this program, and without those
/// who had everything about them erased since it was made. What it replaces is kept beside it.
///
/// Refuses, and changes nothing, while another process has the database open
/// ([`StoreError::InUse`]), if the copy is not sound, and if a newer version of Muster made it
/// ([`StoreError::Newer`]). If it is cut off, the database is the old one or the new one.
pub fn restore(copy: &Path, place: &Place, at: Timestamp) -> Stored<Restored> {
    // First: a copy that is no good leaves not even a lock behind.
    verify(copy)?;
    let lock = database::lock(&place.database)?;
    let coming = beside(&place.database, ".restoring");
    let done = prepared(copy, &coming, &place.database)
        .and_then(|verified| Ok((verified, put(&coming, place, at)?)));
    if done.is_err() {
        for suffix in ["", "-wal", "-shm"] {
            drop(fs::remove_file(beside(&coming, suffix)));
        }
    }
    let (verified, replaced) = done?;
    // Done by the machine's root, it is still the bot that opens it.
    for suffix in ["", ".lock", ".erased"] {
        owner::give_to_bot(&beside(&place.database, suffix), &place.database);
    }
    drop(lock);
    Ok(Restored { verified, replaced })
}

/// Copies it beside the database's place, and makes of it what a start would.
fn prepared(copy: &Path, coming: &Path, database: &Path) -> Stored<Verified> {
    look(copy, |db| database::copy(db, coming))?;
    let mut db = database::open_writer(coming, &Opening::default())?;
    // The copy itself stays as it is, so that none is needed before the schema changes.
    migrate::migrate(&mut db, None, migrate::MIGRATIONS)?;
    privacy::erase_again(&db, &ErasedList::of(database))?;
    db.query_row("PRAGMA wal_checkpoint(TRUNCATE)", [], |_| Ok(()))?;
    // Without a log, so that the file is all there is.
    db.close()?;
    verify(coming)
}

/// Puts the file in the database's place; returns where the old one is. At each moment the name of
/// the database is that of a whole one.
fn put(coming: &Path, place: &Place, at: Timestamp) -> Stored<Option<PathBuf>> {
    let database = &place.database;
    let replaced = database.exists().then(|| place.replaced_at(at));
    if let Some(replaced) = &replaced {
        set_aside(database, replaced)?;
    }
    fs::rename(coming, database).map_err(|error| of_file(database, &error))?;
    sync_folder_of(database).map_err(|error| of_file(database, &error))?;
    Ok(replaced)
}

/// Gives the database another name beside its own, with all that is in its log.
fn set_aside(database: &Path, replaced: &Path) -> Stored<()> {
    let (log, kept_log) = (beside(database, "-wal"), beside(replaced, "-wal"));
    if log.exists() {
        fs::copy(&log, &kept_log).map_err(|error| of_file(&kept_log, &error))?;
    }
    // Brings the log into the file, if that is possible: that it is not may be why somebody
    // restores.
    let opened = database::open_writer(database, &Opening::default());
    match opened.and_then(database::Open::close) {
        Ok(()) => remove(&kept_log)?,
        Err(error) => warn!(%error, "the database that is replaced is kept as it is, with its log"),
    }
    link(database, replaced)?;
    remove(&log)?;
    remove(&beside(database, "-shm"))
}

fn remove(path: &Path) -> Stored<()> {
    if path.exists() {
        fs::remove_file(path).map_err(|error| of_file(path, &error))?;
    }
    Ok(())
}

/// Gives a file a second name, or copies it where files cannot have two.
fn link(from: &Path, to: &Path) -> Stored<()> {
    if to.exists() {
        let error = "something was replaced at the same second; try again";
        return Err(StoreError::Database(error.into()));
    }
    fs::hard_link(from, to)
        .or_else(|_| fs::copy(from, to).and_then(|_| File::open(to)?.sync_all()))
        .map_err(|error| of_file(to, &error))
}
