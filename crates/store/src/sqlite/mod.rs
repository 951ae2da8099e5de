//! SQLite behind the store port: one file, one thread that writes in groups, one that reads.
//!
//! What must not be wrong rests on three rules. Only the writer writes, so nothing races. Nobody is
//! answered before the commit that holds the answer is synced. A sync that failed is final, because
//! nobody knows what the disk holds after it.

mod chores;
mod columns;
mod condition;
mod connections;
mod database;
mod deliveries;
mod drafts;
mod erase;
mod erased_list;
mod events;
mod fault;
mod grants;
mod guilds;
mod held;
mod inspect;
mod migrate;
mod presence;
mod privacy;
mod reminders;
mod reports;
mod rosters;
mod series;
mod template_body;
mod templates;
#[cfg(test)]
mod tests;
mod threads;
mod troubles;
mod upkeep;
mod wishes;
mod writer;

use std::fmt;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, OnceLock};

use rusqlite::Connection;

use self::condition::LastLook;
use self::database::FileLock;
use self::erased_list::ErasedList;
pub use self::inspect::{Holds, Inspection, inspect};
use self::threads::{ReaderThread, WriterThread, in_one_state};
use self::writer::{Tx, Writer, check, job};
use crate::error::StoreError;
use crate::port::Stored;

/// Everything that Muster keeps, in one SQLite database.
///
/// Dropping it finishes what is queued and closes the database, as [`SqliteStore::close`] does.
pub struct SqliteStore {
    hands: Hands,
    failed_sync: Arc<OnceLock<String>>,
    /// Who had everything erased; `None` for a database in memory.
    erased: Option<ErasedList>,
    /// Where it is; `None` in memory.
    path: Option<PathBuf>,
    looked: LastLook,
    /// Held until the database is closed: until then no other process may open it. Dropped last.
    lock: Mutex<Option<FileLock>>,
}

enum Hands {
    /// Two threads. The reader ends first, so that the log can be emptied.
    Threads { reader: ReaderThread, writer: WriterThread },
    /// The caller's own thread, one commit per call; `None` once closed.
    Inline(Mutex<Option<Writer>>),
}

impl SqliteStore {
    /// Opens the database in the file `path`, making it if there is none, with threads of its own.
    ///
    /// A database that an older version made is copied beside itself, as `<path>.before-<number>`,
    /// and brought up to date. [`StoreError::InUse`] if another process has it open.
    pub fn open(path: &Path) -> Result<Self, StoreError> {
        let lock = database::lock(path)?;
        let failed_sync = Arc::new(OnceLock::new());
        let writer = open_writer(path, &failed_sync)?;
        let writer = WriterThread::start(writer)?;
        let reader = ReaderThread::start(path.to_owned())?;
        Ok(Self {
            hands: Hands::Threads { reader, writer },
            failed_sync,
            erased: Some(ErasedList::of(path)),
            path: Some(path.to_owned()),
            looked: LastLook::default(),
            lock: Mutex::new(Some(lock)),
        })
    }

    /// As [`SqliteStore::open`], without threads: every call is done at once on the caller's
    /// thread, in a commit of its own, so that a world can be replayed.
    pub fn open_inline(path: &Path) -> Result<Self, StoreError> {
        let lock = database::lock(path)?;
        let failed_sync = Arc::new(OnceLock::new());
        let writer = open_writer(path, &failed_sync)?;
        let store = Self::inline(writer, failed_sync);
        let (erased, lock) = (Some(ErasedList::of(path)), Mutex::new(Some(lock)));
        Ok(Self { erased, path: Some(path.to_owned()), lock, ..store })
    }

    /// A database in memory, empty, which ends with the store. Works as
    /// [`SqliteStore::open_inline`] does.
    pub fn open_in_memory() -> Result<Self, StoreError> {
        let mut db = database::open_in_memory()?;
        migrate::migrate(&mut db, None, migrate::MIGRATIONS)?;
        let failed_sync = Arc::new(OnceLock::new());
        let writer = Writer::new(db, Arc::clone(&failed_sync));
        Ok(Self::inline(writer, failed_sync))
    }

    /// A store without threads, in memory.
    fn inline(writer: Writer, failed_sync: Arc<OnceLock<String>>) -> Self {
        Self {
            hands: Hands::Inline(Mutex::new(Some(writer))),
            failed_sync,
            erased: None,
            path: None,
            looked: LastLook::default(),
            lock: Mutex::new(None),
        }
    }

    const fn has_threads(&self) -> bool {
        matches!(self.hands, Hands::Threads { .. })
    }

    /// Finishes what is queued, empties the log into the database and closes it. Every later call
    /// gets [`StoreError::Stopped`].
    pub async fn close(&self) -> Stored<()> {
        let closed = match &self.hands {
            Hands::Threads { reader, writer } => {
                reader.stop().await;
                writer.stop().await
            }
            Hands::Inline(writer) => {
                let taken = writer.lock().ok().and_then(|mut writer| writer.take());
                taken.ok_or(StoreError::Stopped).and_then(Writer::close)
            }
        };
        drop(self.lock.lock().map(|mut lock| lock.take()));
        closed
    }

    /// Does `work` in one transaction with others; returns after the commit.
    async fn write<T, F>(&self, work: F) -> Stored<T>
    where
        T: Send + 'static,
        F: FnOnce(&mut Tx<'_>) -> Stored<T> + Send + 'static,
    {
        match &self.hands {
            Hands::Threads { writer, .. } => writer.write(work).await,
            Hands::Inline(writer) => write_inline(writer, work),
        }
    }

    /// As [`SqliteStore::write`], but refuses with [`StoreError::Busy`] when too much waits.
    async fn write_or_busy<T, F>(&self, work: F) -> Stored<T>
    where
        T: Send + 'static,
        F: FnOnce(&mut Tx<'_>) -> Stored<T> + Send + 'static,
    {
        match &self.hands {
            Hands::Threads { writer, .. } => writer.write_or_busy(work).await,
            Hands::Inline(writer) => write_inline(writer, work),
        }
    }

    /// Reads what is committed.
    async fn read<T, F>(&self, work: F) -> Stored<T>
    where
        T: Send + 'static,
        F: FnOnce(&Connection) -> Stored<T> + Send + 'static,
    {
        check(&self.failed_sync)?;
        match &self.hands {
            Hands::Threads { reader, .. } => reader.read(work).await,
            Hands::Inline(writer) => {
                let writer = writer.lock().map_err(|_| StoreError::Stopped)?;
                in_one_state(writer.as_ref().ok_or(StoreError::Stopped)?.db(), work)
            }
        }
    }
}

impl fmt::Debug for SqliteStore {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("SqliteStore").finish_non_exhaustive()
    }
}

fn open_writer(path: &Path, failed_sync: &Arc<OnceLock<String>>) -> Stored<Writer> {
    let mut db = database::open_writer(path)?;
    migrate::migrate(&mut db, Some(path), migrate::MIGRATIONS)?;
    deliveries::free_leases(&db)?;
    privacy::erase_again(&db, &ErasedList::of(path))?;
    Ok(Writer::new(db, Arc::clone(failed_sync)))
}

fn write_inline<T, F>(writer: &Mutex<Option<Writer>>, work: F) -> Stored<T>
where
    T: Send + 'static,
    F: FnOnce(&mut Tx<'_>) -> Stored<T> + Send + 'static,
{
    let (job, mut outcome) = job(work);
    let mut writer = writer.lock().map_err(|_| StoreError::Stopped)?;
    writer.as_mut().ok_or(StoreError::Stopped)?.commit(&mut vec![job]);
    outcome.try_recv().unwrap_or(Err(StoreError::Stopped))
}
