//! Copies of the database: made while it is in use, checked, kept for a while, put back.

mod budget;
mod files;
mod owner;
mod restore;
mod rotation;
#[cfg(test)]
mod tests;

use std::fs::{self, DirBuilder, TryLockError};
use std::path::{Path, PathBuf};
use std::sync::PoisonError;
use std::sync::atomic::Ordering;
use std::time::Duration;

use jiff::Timestamp;
use muster_vitals::snapshot::Backups;
use rusqlite::Connection;
use tracing::info;

pub use self::budget::beyond_budget;
pub use self::files::{Kept, KeptKind, Place, could_take_copies};
pub use self::restore::{Restored, restore};
pub use self::rotation::{Keep, superfluous};
use super::columns::only;
use super::condition::free_bytes;
use super::database::{self, beside, of_file, private_file, sync_folder_of};
use super::look::look;
use super::{SqliteStore, inspect, migrate};
use crate::error::StoreError;
use crate::port::Stored;

/// What has to stay free on the disk beside a new copy, so that taps can be saved meanwhile.
const LEFT_FREE: u64 = 16 << 20;

/// What a good copy holds.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Verified {
    /// The number of its schema.
    pub schema: u32,
    /// Bytes of its file, and of its log if there is one.
    pub bytes: u64,
    /// Guilds, those that removed the bot among them.
    pub guilds: u64,
    /// Events.
    pub events: u64,
    /// Answers of members.
    pub answers: u64,
}

impl SqliteStore {
    /// Copies the database while it is in use, checks the copy and keeps it; then lets go of
    /// copies that need not be kept. Nobody who taps or reads waits for it, also if the folder does
    /// not answer; never is more than one made at a time. One that hangs when the store is closed
    /// is left as it is, under a name that no copy has, and the next one removes it.
    pub async fn back_up(&self, place: Place, keep: Keep, at: Timestamp) -> Stored<Made> {
        self.back_up_by(at, move |db| made(db, &place, keep, at)).await
    }

    async fn back_up_by(
        &self,
        at: Timestamp,
        work: impl FnOnce(&Connection) -> Stored<Made> + Send + 'static,
    ) -> Stored<Made> {
        let made = self.aside(work).await;
        match &made {
            Ok(_) => {
                let mut figures = self.backups.lock().unwrap_or_else(PoisonError::into_inner);
                figures.failing_since = None;
                self.backups_settled.store(true, Ordering::Relaxed);
            }
            Err(StoreError::Stopped) => self.backups_settled.store(true, Ordering::Relaxed),
            Err(_) => self.backups_failed(at),
        }
        made
    }

    /// Tries whether a copy can be put into the folder, without making one. If not, that counts as
    /// a copy that failed.
    pub fn try_backups(&self, place: &Place, at: Timestamp) -> Stored<()> {
        let tried = try_folder(&place.folder);
        if tried.is_err() {
            self.backups_failed(at);
        }
        tried
    }

    /// No copy can be made since then, unless they failed before. The next one that succeeds ends
    /// that.
    pub fn backups_failed(&self, at: Timestamp) {
        let mut figures = self.backups.lock().unwrap_or_else(PoisonError::into_inner);
        figures.failing_since = figures.failing_since.or(Some(at));
        self.backups_settled.store(true, Ordering::Relaxed);
    }

    /// Looks at the copies that there are. When the next one is due if there is to be one so often,
    /// not before `earliest`; `None` if there is to be none.
    pub fn look_at_backups(
        &self,
        place: &Place,
        every: Option<Duration>,
        earliest: Timestamp,
    ) -> Stored<Option<Timestamp>> {
        let kept = place.kept()?;
        let next = every.map(|every| next_due(&kept, every, earliest));
        if every.is_none() {
            self.backups_settled.store(true, Ordering::Relaxed);
        }
        let mut figures = self.backups.lock().unwrap_or_else(PoisonError::into_inner);
        *figures = Backups { every, next, failing_since: figures.failing_since, ..of(&kept) };
        Ok(next)
    }

    /// Whether it is known since the start if copies can be made: one was tried, or none are to be
    /// made.
    pub fn backups_are_settled(&self) -> bool {
        self.backups_settled.load(Ordering::Relaxed)
    }

    /// How copies stood when they were last looked at. One that should have been made by now is due
    /// now.
    pub fn backups(&self, now: Timestamp) -> Backups {
        let figures = *self.backups.lock().unwrap_or_else(PoisonError::into_inner);
        Backups { next: figures.next.map(|next| next.max(now)), ..figures }
    }
}

/// A copy that was made, and what was let go of for it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Made {
    /// The copy.
    pub kept: Kept,
    /// What it holds.
    pub verified: Verified,
    /// Older copies that were removed because there was no room on the disk for this one.
    pub for_room: Vec<Kept>,
    /// Older copies that were removed because they need not be kept.
    pub removed: Vec<Kept>,
}

/// As [`SqliteStore::back_up`], beside the process that has the database open.
pub fn back_up(place: &Place, keep: Keep, at: Timestamp) -> Stored<Made> {
    made(&*database::open_beside(&place.database)?, place, keep, at)
}

/// Checks a copy: reads every page, follows every reference, counts what it holds, and changes
/// nothing. [`StoreError::Empty`] if it holds nothing, [`StoreError::Newer`] if a newer version of
/// Muster made it.
pub fn verify(path: &Path) -> Stored<Verified> {
    let file = fs::metadata(path).map_err(|error| of_file(path, &error))?;
    let log = fs::metadata(beside(path, "-wal")).map_or(0, |log| log.len());
    look(path, |db| {
        let schema = migrate::recognised(db)?;
        if let Some(fault) = inspect::faults(db)?.into_iter().next() {
            return Err(StoreError::Corrupt(fault));
        }
        let count = |sql| -> Stored<u64> { Ok(db.query_row(sql, [], only)?) };
        Ok(Verified {
            schema,
            bytes: file.len().saturating_add(log),
            guilds: count("SELECT count(*) FROM guild")?,
            events: count("SELECT count(*) FROM event")?,
            answers: count("SELECT count(*) FROM signup")?,
        })
    })
}

/// When the next copy is due by those that there are. One that bears a later time than now was
/// made by a clock that was ahead, and counts for nothing.
#[must_use]
pub fn next_due(kept: &[Kept], every: Duration, now: Timestamp) -> Timestamp {
    let copies = kept.iter().filter(|one| one.kind == KeptKind::Backup && one.at <= now);
    let last = copies.map(|one| one.at).max();
    last.and_then(|last| last.checked_add(every).ok()).map_or(now, |due| due.max(now))
}

/// Removes what has to go so that database, copies and `others` stay within so many bytes together;
/// returns what was removed, to be named.
pub fn keep_within_budget(
    place: &Place,
    others: u64,
    budget: u64,
    now: Timestamp,
) -> Stored<Vec<Kept>> {
    let kept = place.kept()?;
    let others = others.saturating_add(place.database_bytes());
    remove(beyond_budget(&kept, others, budget, now))
}

/// How copies stand.
fn of(kept: &[Kept]) -> Backups {
    let copies = || kept.iter().filter(|one| one.kind == KeptKind::Backup);
    Backups {
        last: copies().map(|one| one.at).max(),
        kept: u64::try_from(copies().count()).unwrap_or(u64::MAX),
        bytes: copies().map(|one| one.bytes).sum(),
        bytes_with_others: kept.iter().map(|one| one.bytes).sum(),
        ..Backups::default()
    }
}

fn made(db: &Connection, place: &Place, keep: Keep, at: Timestamp) -> Stored<Made> {
    make_folder(&place.folder)?;
    let path_of_lock = place.folder.join(".lock");
    let lock = private_file(&path_of_lock)?;
    match lock.try_lock() {
        Ok(()) => {}
        Err(TryLockError::WouldBlock) => {
            return Err(StoreError::Database("another backup is being made at this moment".into()));
        }
        Err(TryLockError::Error(error)) => return Err(of_file(&place.folder, &error)),
    }
    // What is unfinished now was cut off: nobody else is at it.
    for path in place.unfinished()? {
        fs::remove_file(&path).map_err(|error| of_file(&path, &error))?;
    }
    let for_room = make_space(place, needed(db)?, free_bytes(&place.folder), at)?;
    let path = place.copy_at(at);
    let unfinished = beside(&path, files::UNFINISHED);
    let verified = copied(db, &unfinished).inspect_err(|_| {
        // It is in nobody's way but the disk's: the next copy would remove it, too.
        drop(fs::remove_file(&unfinished));
    })?;
    fs::rename(&unfinished, &path).map_err(|error| of_file(&path, &error))?;
    sync_folder_of(&path).map_err(|error| of_file(&path, &error))?;
    let kept = Kept {
        path: path.clone(),
        at: files::whole_seconds(at),
        bytes: verified.bytes,
        kind: KeptKind::Backup,
    };
    for made in [&path_of_lock, &place.folder, &path] {
        owner::give_to_bot(made, &place.database);
    }
    let removed = remove(superfluous(&place.kept()?, keep, at))?;
    Ok(Made { kept, verified, for_room, removed })
}

/// Copies into a file and checks it.
fn copied(db: &Connection, to: &Path) -> Stored<Verified> {
    database::copy(db, to)?;
    verify(to)
}

/// Bytes that have to be free for a copy.
fn needed(db: &Connection) -> Stored<u64> {
    let pages: u64 = db.pragma_query_value(None, "page_count", only)?;
    let page: u64 = db.pragma_query_value(None, "page_size", only)?;
    Ok(pages.saturating_mul(page).saturating_add(LEFT_FREE))
}

/// Removes old copies where so many bytes are not free, or nothing if that is not enough: a full
/// disk costs no copy that it does not have to.
fn make_space(place: &Place, needed: u64, free: Option<u64>, at: Timestamp) -> Stored<Vec<Kept>> {
    let missing = free.map_or(0, |free| needed.saturating_sub(free));
    let mut kept = place.kept()?;
    // What lies beside the database may be on another disk.
    kept.retain(|one| one.path.parent() == Some(&place.folder));
    let taken: u64 = kept.iter().map(|one| one.bytes).sum();
    let gone = beyond_budget(&kept, 0, taken.saturating_sub(missing), at);
    if gone.iter().map(|one| one.bytes).sum::<u64>() < missing {
        return Err(StoreError::TooLittleSpace { needed, free: free.unwrap_or_default() });
    }
    for one in &gone {
        let file = one.path.display();
        info!(%file, "an older backup was removed: there was no room on the disk for the next one");
    }
    remove(gone)
}

/// Makes the folder itself, and no folder above it: that one not being there is a slip in its name
/// or a disk that is not mounted.
pub(super) fn make_folder(folder: &Path) -> Stored<()> {
    if folder.is_dir() {
        return Ok(());
    }
    let mut builder = DirBuilder::new();
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.create(folder).map_err(|error| of_file(folder, &error))
}

fn try_folder(folder: &Path) -> Stored<()> {
    make_folder(folder)?;
    let probe = folder.join(".muster-probe");
    private_file(&probe)?;
    fs::remove_file(&probe).map_err(|error| of_file(&probe, &error))
}

fn remove(superfluous: Vec<Kept>) -> Stored<Vec<Kept>> {
    for one in &superfluous {
        fs::remove_file(&one.path).map_err(|error| of_file(&one.path, &error))?;
        // One that was replaced may have a log of its own.
        drop(fs::remove_file(beside(&one.path, "-wal")));
    }
    Ok(superfluous)
}

/// The folder for copies of the database in this file, unless the operator names another.
#[must_use]
pub fn default_folder(database: &Path) -> PathBuf {
    let folder = database.parent().filter(|folder| !folder.as_os_str().is_empty());
    folder.unwrap_or(Path::new(".")).join("backups")
}
