//! Opens the database file, for one process only, with the settings on which durability rests.

use std::fs::{File, OpenOptions, TryLockError};
use std::io::{Error, ErrorKind};
use std::ops::{Deref, DerefMut};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::Ordering::Relaxed;

use rusqlite::config::DbConfig;
use rusqlite::{Connection, OpenFlags};
use tracing::warn;

use super::meters::Meters;
use super::{StoreSettings, timed};
use crate::error::StoreError;

/// What every connection is set to. `synchronous = FULL` is what makes an acknowledged tap outlive
/// a loss of power. Small caches, because the system's page cache holds the file already, and no
/// memory map, because a failing disk would end the process instead of one query.
const SETTINGS: &str = "
    PRAGMA synchronous = FULL;
    PRAGMA foreign_keys = ON;
    PRAGMA busy_timeout = 2000;
    PRAGMA mmap_size = 0;
    PRAGMA temp_store = MEMORY;
    PRAGMA trusted_schema = OFF;
";

/// What the writer is set to beside [`SETTINGS`]: 2 MB of cache, a checkpoint for every 4 MB of
/// log, and a log that shrinks to 8 MB after a burst.
const WRITER_SETTINGS: &str = "
    PRAGMA journal_mode = WAL;
    PRAGMA cache_size = -2000;
    PRAGMA wal_autocheckpoint = 1000;
    PRAGMA journal_size_limit = 8388608;
";

/// What a reader is set to beside [`SETTINGS`].
const READER_SETTINGS: &str = "
    PRAGMA cache_size = -1000;
    PRAGMA query_only = ON;
";

/// How connections are opened.
#[derive(Clone, Debug)]
pub(super) struct Opening {
    /// Statements that a connection keeps prepared.
    pub(super) statements_max: usize,
    /// Whether they are timed.
    pub(super) timed: bool,
    pub(super) meters: Arc<Meters>,
}

impl Opening {
    /// As the operator decided.
    pub(super) fn of(settings: StoreSettings) -> Self {
        let statements_max = settings.database.statements_max;
        Self { statements_max, timed: settings.timed, meters: Arc::default() }
    }
}

impl Default for Opening {
    fn default() -> Self {
        Self::of(StoreSettings::default())
    }
}

/// A connection, counted while it is open.
#[derive(Debug)]
pub(super) struct Open {
    db: Connection,
    _counted: Counted,
}

impl Open {
    /// Closes it, or says why it could not be closed in order.
    pub(super) fn close(self) -> Result<(), StoreError> {
        self.db.close().map_err(|(_, error)| error.into())
    }
}

impl Deref for Open {
    type Target = Connection;

    fn deref(&self) -> &Connection {
        &self.db
    }
}

impl DerefMut for Open {
    fn deref_mut(&mut self) -> &mut Connection {
        &mut self.db
    }
}

/// Counts a connection until it is dropped.
#[derive(Debug)]
struct Counted(Arc<Meters>);

impl Counted {
    fn new(meters: &Arc<Meters>) -> Self {
        meters.connections.fetch_add(1, Relaxed);
        Self(Arc::clone(meters))
    }
}

impl Drop for Counted {
    fn drop(&mut self) {
        self.0.connections.fetch_sub(1, Relaxed);
    }
}

/// Keeps the database for this process until it is dropped.
#[derive(Debug)]
pub(super) struct FileLock {
    _file: File,
}

/// Takes the database at `path` for this process.
pub(super) fn lock(path: &Path) -> Result<FileLock, StoreError> {
    let file = private_file(&beside(path, ".lock"))?;
    match file.try_lock() {
        Ok(()) => Ok(FileLock { _file: file }),
        Err(TryLockError::WouldBlock) => Err(StoreError::InUse),
        Err(TryLockError::Error(error)) => Err(of_file(path, &error)),
    }
}

/// The name of a file beside the database.
pub(super) fn beside(path: &Path, suffix: &str) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(suffix);
    name.into()
}

/// Opens the connection that writes; makes the file if there is none.
pub(super) fn open_writer(path: &Path, opening: &Opening) -> Result<Open, StoreError> {
    private_file(path)?;
    let db = Connection::open_with_flags(path, flags())?;
    let db = settle(db, WRITER_SETTINGS, opening)?;
    begin_log_anew(&db)?;
    Ok(db)
}

/// Brings what an earlier process left in the log into the database. After a failed sync the log
/// may read well from memory and be lost on the disk; nothing may be added to such a log.
fn begin_log_anew(db: &Connection) -> Result<(), StoreError> {
    let emptied = db.query_row("PRAGMA wal_checkpoint(TRUNCATE)", [], |_| Ok(()));
    match emptied.map_err(StoreError::from) {
        // Without space the log stays, which is sound after anything but a failed sync.
        Err(StoreError::DiskFull) => {
            warn!("the disk is full: the database's log is kept as it is");
            Ok(())
        }
        emptied => emptied,
    }
}

/// Opens a connection that reads beside the writer.
pub(super) fn open_reader(path: &Path, opening: &Opening) -> Result<Open, StoreError> {
    let db = Connection::open_with_flags(path, flags())?;
    settle(db, READER_SETTINGS, opening)
}

/// Opens a connection that reads beside whoever else has the database open. It neither brings the
/// log into the database nor ends it, but where there is no log, it leaves an empty one.
pub(super) fn open_beside(path: &Path) -> Result<Open, StoreError> {
    let flags = OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    settle_reader(Connection::open_with_flags(path, flags)?)
}

/// Makes a connection one that only reads, and keeps nothing that others see.
pub(super) fn settle_reader(db: Connection) -> Result<Open, StoreError> {
    settle(db, READER_SETTINGS, &Opening::default())
}

/// Copies what this connection sees into a new file, in one consistent state, and syncs it. The
/// writer goes on meanwhile. The file is for its owner alone; what was in it is lost.
pub(super) fn copy(db: &Connection, to: &Path) -> Result<(), StoreError> {
    let file = private_file(to)?;
    file.set_len(0).map_err(|error| of_file(to, &error))?;
    let name = to
        .to_str()
        .ok_or_else(|| StoreError::Database(format!("{} is not readable as text", to.display())))?;
    // A connection that must not change the database may not make another one either.
    let query_only: bool = db.pragma_query_value(None, "query_only", |row| row.get(0))?;
    db.pragma_update(None, "query_only", false)?;
    let copied = db.execute("VACUUM INTO ?1", [name]);
    db.pragma_update(None, "query_only", query_only)?;
    copied?;
    file.sync_all().map_err(|error| of_file(to, &error))
}

/// Opens a database that lives and ends with its connection.
pub(super) fn open_in_memory(opening: &Opening) -> Result<Open, StoreError> {
    settle(Connection::open_in_memory()?, "", opening)
}

/// Opens or makes a file that only its owner may read: it holds who goes where and when.
pub(super) fn private_file(path: &Path) -> Result<File, StoreError> {
    let mut options = OpenOptions::new();
    options.read(true).write(true).create(true).truncate(false);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options.open(path).map_err(|error| of_file(path, &error))
}

/// Makes the name of a new file durable, where the system has folders that can be synced.
pub(super) fn sync_folder_of(path: &Path) -> std::io::Result<()> {
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty());
    if cfg!(unix) {
        File::open(folder.unwrap_or(Path::new(".")))?.sync_all()?;
    }
    Ok(())
}

/// A fault of the file system, with the file that it concerns.
pub(super) fn of_file(path: &Path, error: &Error) -> StoreError {
    if matches!(error.kind(), ErrorKind::StorageFull | ErrorKind::QuotaExceeded) {
        return StoreError::DiskFull;
    }
    StoreError::Database(format!("{}: {error}", path.display()))
}

/// No lock of SQLite's own: every connection belongs to one thread.
fn flags() -> OpenFlags {
    OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX
}

fn settle(mut db: Connection, settings: &str, opening: &Opening) -> Result<Open, StoreError> {
    db.set_prepared_statement_cache_capacity(opening.statements_max);
    db.execute_batch(SETTINGS)?;
    db.execute_batch(settings)?;
    // Without it SQLite plans a statement anew whenever values that it looked at are bound again,
    // which is at every use: that takes longer than most of ours take to run.
    db.set_db_config(DbConfig::SQLITE_DBCONFIG_ENABLE_QPSG, true)?;
    if opening.timed {
        timed::time(&mut db, &opening.meters)?;
    }
    Ok(Open { db, _counted: Counted::new(&opening.meters) })
}

#[cfg(test)]
mod tests {
    use rusqlite::StatementStatus;

    use super::*;

    #[test]
    fn a_statement_is_planned_once_however_often_it_is_used() {
        const SQL: &str = "SELECT a FROM both WHERE a = ?1 AND b = ?2 LIMIT ?3";
        let plans = |db: &Connection| {
            db.execute_batch("CREATE TABLE both (a INTEGER PRIMARY KEY, b INTEGER) STRICT")
                .unwrap();
            for values in [[1, 0, 1], [2, 7, 5], [3, 1, 1]] {
                db.prepare_cached(SQL).unwrap().exists(values).unwrap();
            }
            db.prepare_cached(SQL).unwrap().get_status(StatementStatus::RePrepare)
        };
        assert_eq!(plans(&Connection::open_in_memory().unwrap()), 3, "unasked, at each use");
        assert_eq!(plans(&open_in_memory(&Opening::default()).unwrap()), 0);
    }
}
