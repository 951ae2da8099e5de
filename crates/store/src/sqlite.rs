//! SQLite behind the store port: one file, one thread that writes in groups, others that read.
//!
//! What must not be wrong rests on three rules. Only the writer writes, so nothing races. Nobody is
//! answered before the commit that holds the answer is synced. A sync that failed is final, because
//! nobody knows what the disk holds after it.

pub mod backup;
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
mod look;
mod meters;
mod migrate;
mod presence;
mod privacy;
mod readers;
mod reminders;
mod reports;
mod results;
mod rosters;
mod samples;
mod segmented_lru;
mod series;
mod set_aside;
mod slow;
mod template_body;
mod templates;
#[cfg(test)]
mod tests;
mod threads;
mod timed;
mod told_alerts;
mod troubles;
mod upkeep;
mod vitals;
mod wall_clocks;
mod weight;
mod wishes;
mod writer;

use std::fmt;
use std::num::NonZeroUsize;
use std::path::{Path, PathBuf};
use std::sync::atomic::AtomicBool;
use std::sync::{Arc, Mutex};

use muster_domain::zone::Zone;
use muster_vitals::settings::{CacheSettings, DatabaseSettings, Settings};
use muster_vitals::snapshot::Backups;
use rusqlite::Connection;
use tokio::sync::SetOnce;

use self::backup::Place;
use self::condition::LastLook;
use self::database::{FileLock, Opening};
use self::erased_list::ErasedList;
pub use self::inspect::{Holds, Inspection, inspect};
use self::meters::Meters;
use self::migrate::Copied;
use self::readers::{Readers, Rules, in_one_state};
use self::results::{Answer, Question, Results};
use self::rosters::Rosters;
use self::threads::WriterThread;
pub use self::vitals::{FileSizes, Waiting};
use self::writer::{Tx, Writer, check, job};
use crate::error::StoreError;
use crate::port::Stored;

/// What the operator decided about the database, and about what of it is kept at hand.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct StoreSettings {
    /// Connections, and what they keep.
    pub database: DatabaseSettings,
    /// How much is kept at hand.
    pub cache: CacheSettings,
    /// Whether statements are timed.
    pub timed: bool,
}

impl From<&Settings> for StoreSettings {
    fn from(&Settings { database, cache, measuring, .. }: &Settings) -> Self {
        Self { database, cache, timed: measuring.is_on() }
    }
}

impl Default for StoreSettings {
    fn default() -> Self {
        Self::from(&Settings::default())
    }
}

/// Everything that Muster keeps, in one SQLite database.
///
/// Dropping it finishes what is queued and closes the database, as [`SqliteStore::close`] does.
pub struct SqliteStore {
    hands: Hands,
    failed_sync: Arc<SetOnce<String>>,
    /// Who had everything erased; `None` for a database in memory.
    erased: Option<ErasedList>,
    /// Where it is; `None` in memory.
    path: Option<PathBuf>,
    looked: LastLook,
    settings: StoreSettings,
    meters: Arc<Meters>,
    results: Arc<Results>,
    backups: Mutex<Backups>,
    /// The zone of servers that have chosen none.
    default_zone: Option<Zone>,
    /// Whether it is known since the start if copies can be made.
    backups_settled: AtomicBool,
    /// Held until the database is closed: until then no other process may open it. Dropped last.
    lock: Mutex<Option<FileLock>>,
}

enum Hands {
    /// Threads. Those that read end first, so that the log can be emptied. There are none if
    /// there is to be one connection only, but for the one aside, which is for copies, as their
    /// folder may not answer, and for what else takes long when no other can be spared.
    Threads { readers: Option<Readers>, aside: Readers, writer: WriterThread },
    /// The caller's own thread, one commit per call; `None` once closed.
    Inline(Box<Mutex<Option<Writer>>>),
}

impl SqliteStore {
    /// Opens the database in the file `path`, making it if there is none, with threads of its own.
    ///
    /// A database that an older version made is copied beside itself, as `<path>.before-<number>`,
    /// the copy is checked, and the database brought up to date. [`StoreError::InUse`] if another
    /// process has it open.
    pub fn open(path: &Path) -> Result<Self, StoreError> {
        Self::open_with(path, StoreSettings::default())
    }

    /// As [`SqliteStore::open`], with settings. One connection is opened; those that read are
    /// opened when there is something to read.
    pub fn open_with(path: &Path, settings: StoreSettings) -> Result<Self, StoreError> {
        Self::open_file(Copied { database: path, folder: None }, settings)
    }

    /// The same. A copy that is made before the schema changes goes to the other copies, or beside
    /// the database if their folder takes none.
    pub fn open_at(place: &Place, settings: StoreSettings) -> Result<Self, StoreError> {
        let Place { database, folder } = place;
        Self::open_file(Copied { database, folder: Some(folder) }, settings)
    }

    fn open_file(file: Copied<'_>, settings: StoreSettings) -> Result<Self, StoreError> {
        let path = file.database;
        let Opened { lock, writer, opening, results, failed_sync } = open_file(file, settings)?;
        let writer = WriterThread::start(writer)?;
        let readers_max = settings.database.connections_max.saturating_sub(1);
        let aside = Readers::aside(path, opening.clone());
        let readers = NonZeroUsize::new(readers_max).map(|readers_max| {
            let (path, end_max) = (path.to_owned(), readers::END_MAX);
            let idle_close = settings.database.idle_close;
            Readers::new(Rules { path, opening, readers_max, idle_close, end_max })
        });
        Ok(Self {
            erased: Some(ErasedList::of(path)),
            path: Some(path.to_owned()),
            lock: Mutex::new(Some(lock)),
            ..Self::of(Hands::Threads { readers, aside, writer }, failed_sync, settings, results)
        })
    }

    /// The same store, in which servers that have chosen no zone have this one; without, it is UTC.
    #[must_use]
    pub fn with_default_zone(self, default_zone: Option<Zone>) -> Self {
        Self { default_zone, ..self }
    }

    /// As [`SqliteStore::open`], without threads: every call is done at once on the caller's
    /// thread, in a commit of its own, so that a world can be replayed.
    pub fn open_inline(path: &Path) -> Result<Self, StoreError> {
        let settings = StoreSettings::default();
        let file = Copied { database: path, folder: None };
        let Opened { lock, writer, results, failed_sync, .. } = open_file(file, settings)?;
        let (erased, lock) = (Some(ErasedList::of(path)), Mutex::new(Some(lock)));
        let hands = Hands::Inline(Box::new(Mutex::new(Some(writer))));
        let store = Self::of(hands, failed_sync, settings, results);
        Ok(Self { erased, path: Some(path.to_owned()), lock, ..store })
    }

    /// A database in memory, empty, which ends with the store. Works as
    /// [`SqliteStore::open_inline`] does.
    pub fn open_in_memory() -> Result<Self, StoreError> {
        let settings = StoreSettings::default();
        let opening = Opening::default();
        let mut db = database::open_in_memory(&opening)?;
        migrate::migrate(&mut db, None, migrate::MIGRATIONS)?;
        Self::inline(db, &opening, settings)
    }

    /// A store without threads, in memory.
    fn inline(db: database::Open, opening: &Opening, settings: StoreSettings) -> Stored<Self> {
        let failed_sync = Arc::default();
        let (rosters, results) = at_hand(settings, &opening.meters);
        let writer = Writer::new(db, rosters, Arc::clone(&results), Arc::clone(&failed_sync))?;
        let hands = Hands::Inline(Box::new(Mutex::new(Some(writer))));
        Ok(Self::of(hands, failed_sync, settings, results))
    }

    fn of(
        hands: Hands,
        failed_sync: Arc<SetOnce<String>>,
        settings: StoreSettings,
        results: Arc<Results>,
    ) -> Self {
        Self {
            meters: Arc::clone(results.meters()),
            results,
            hands,
            failed_sync,
            erased: None,
            path: None,
            looked: LastLook::default(),
            settings,
            backups: Mutex::default(),
            default_zone: None,
            backups_settled: AtomicBool::new(false),
            lock: Mutex::new(None),
        }
    }

    /// Finishes what is queued, empties the log into the database and closes it. Every later call
    /// gets [`StoreError::Stopped`].
    pub async fn close(&self) -> Stored<()> {
        self.results.close();
        let closed = match &self.hands {
            Hands::Threads { readers, aside, writer } => {
                for readers in readers.iter().chain([aside]) {
                    readers.stop().await;
                }
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
            Hands::Threads { readers: Some(readers), .. } => readers.read(work).await,
            Hands::Threads { writer, .. } => {
                writer.between(|writer| in_one_state(writer.db(), work)).await
            }
            Hands::Inline(writer) => on_the_spot(writer, |writer| in_one_state(writer.db(), work)),
        }
    }

    /// The answer at hand, or what is committed, which is then at hand.
    async fn recall<F>(&self, question: Question, read: F) -> Stored<Answer>
    where
        F: FnOnce(&Connection) -> Stored<Answer> + Send + 'static,
    {
        check(&self.failed_sync)?;
        let began = match self.results.find(question) {
            Ok(answer) => return Ok(answer),
            Err(began) => began,
        };
        let answer = self.read(read).await?;
        self.results.keep(question, answer.clone(), began);
        Ok(answer)
    }

    /// Does something with a connection that takes long, beside everybody else, if there are
    /// threads.
    async fn at_length<T, F>(&self, work: F) -> Stored<T>
    where
        T: Send + 'static,
        F: FnOnce(&Connection) -> Stored<T> + Send + 'static,
    {
        check(&self.failed_sync)?;
        match &self.hands {
            Hands::Threads { readers, aside, .. } => {
                let spared = readers.as_ref().filter(|readers| readers.can_spare_one());
                spared.unwrap_or(aside).at_length(work).await
            }
            Hands::Inline(writer) => on_the_spot(writer, |writer| work(writer.db())),
        }
    }

    /// Does what may never end, on a thread and connection of its own, for which the end waits a
    /// second.
    async fn aside<T, F>(&self, work: F) -> Stored<T>
    where
        T: Send + 'static,
        F: FnOnce(&Connection) -> Stored<T> + Send + 'static,
    {
        check(&self.failed_sync)?;
        match &self.hands {
            Hands::Threads { aside, .. } => aside.at_length(work).await,
            Hands::Inline(writer) => on_the_spot(writer, |writer| work(writer.db())),
        }
    }
}

impl fmt::Debug for SqliteStore {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("SqliteStore").finish_non_exhaustive()
    }
}

/// A database file that this process has to itself, ready to be written to.
struct Opened {
    lock: FileLock,
    writer: Writer,
    opening: Opening,
    results: Arc<Results>,
    failed_sync: Arc<SetOnce<String>>,
}

fn open_file(file: Copied<'_>, settings: StoreSettings) -> Stored<Opened> {
    let path = file.database;
    let lock = database::lock(path)?;
    let opening = Opening::of(settings);
    let mut db = database::open_writer(path, &opening)?;
    migrate::migrate(&mut db, Some(file), migrate::MIGRATIONS)?;
    deliveries::free_leases(&db)?;
    privacy::erase_again(&db, &ErasedList::of(path))?;
    let failed_sync = Arc::default();
    let (rosters, results) = at_hand(settings, &opening.meters);
    let writer = Writer::new(db, rosters, Arc::clone(&results), Arc::clone(&failed_sync))?;
    Ok(Opened { lock, writer, opening, results, failed_sync })
}

/// What is kept at hand. Rosters and results share the places.
fn at_hand(settings: StoreSettings, meters: &Arc<Meters>) -> (Rosters, Arc<Results>) {
    let (all, kept_for) = (settings.cache.entries_max, settings.database.results_kept);
    let rosters = Rosters::new(all, Arc::clone(meters));
    (rosters, Arc::new(Results::new(all, kept_for, Arc::clone(meters))))
}

fn on_the_spot<T>(
    writer: &Mutex<Option<Writer>>,
    work: impl FnOnce(&mut Writer) -> Stored<T>,
) -> Stored<T> {
    let mut writer = writer.lock().map_err(|_| StoreError::Stopped)?;
    work(writer.as_mut().ok_or(StoreError::Stopped)?)
}

fn write_inline<T, F>(writer: &Mutex<Option<Writer>>, work: F) -> Stored<T>
where
    T: Send + 'static,
    F: FnOnce(&mut Tx<'_>) -> Stored<T> + Send + 'static,
{
    let (job, mut outcome) = job(work);
    on_the_spot(writer, |writer| {
        writer.commit(&mut vec![job]);
        Ok(())
    })?;
    outcome.try_recv().unwrap_or(Err(StoreError::Stopped))
}
