//! The disk of the machine that the bot runs on, and what a killed process leaves on it.

use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{LazyLock, Mutex, PoisonError};
use std::{fs, io};

use muster_scratch::Scratch;
use muster_store::sqlite::SqliteStore;

/// Where files cost nothing, if the machine has it.
const IN_MEMORY: &str = "/dev/shm";

static NEXT: AtomicU64 = AtomicU64::new(0);

/// The database as a first start makes it, or why it could not be made. It is made once: that takes
/// as long as half of a run.
static EMPTY: LazyLock<Result<Vec<u8>, String>> = LazyLock::new(empty);

/// A folder with the bot's database. Deleted when dropped.
pub struct Disk {
    folder: Scratch,
    generation: Mutex<u64>,
}

impl Disk {
    /// An empty disk.
    pub fn new() -> io::Result<Self> {
        let memory = Path::new(IN_MEMORY);
        let place = if memory.is_dir() { memory.to_owned() } else { std::env::temp_dir() };
        Ok(Self { folder: Scratch::below(&place)?, generation: Mutex::new(0) })
    }

    /// A disk with a database in which nothing is yet.
    pub fn with_database() -> io::Result<Self> {
        let disk = Self::new()?;
        let bytes = EMPTY.as_ref().map_err(|error| io::Error::other(error.as_str()))?;
        fs::write(disk.database(), bytes)?;
        Ok(disk)
    }

    /// The database, as the bot finds it when it starts.
    #[must_use]
    pub fn database(&self) -> PathBuf {
        self.of(*self.lock())
    }

    /// Keeps the files as they are in this moment: what the next start finds. The dying process
    /// may go on writing to its own; nobody will see that.
    pub fn keep_as_it_is(&self) -> io::Result<()> {
        let image = self.image()?;
        self.go_back_to(image);
        Ok(())
    }

    /// Copies the files as they are in this moment.
    pub fn image(&self) -> io::Result<Image> {
        let (old, new) = (*self.lock(), NEXT.fetch_add(1, Ordering::Relaxed) + 1);
        for ending in ["", "-wal", ".erased"] {
            let from = with_ending(&self.of(old), ending);
            if from.exists() {
                fs::copy(from, with_ending(&self.of(new), ending))?;
            }
        }
        Ok(Image(new))
    }

    /// The next start finds the files as they were then.
    pub fn go_back_to(&self, image: Image) {
        *self.lock() = image.0;
    }

    fn of(&self, generation: u64) -> PathBuf {
        self.folder.join(&format!("muster-{generation}.db"))
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, u64> {
        self.generation.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// The files as they were at one moment.
#[derive(Clone, Copy, Debug)]
pub struct Image(u64);

fn empty() -> Result<Vec<u8>, String> {
    let disk = Disk::new().map_err(|error| error.to_string())?;
    let database = disk.database();
    // As it is the only connection, all is in the one file once it is closed.
    drop(SqliteStore::open_inline(&database).map_err(|error| error.to_string())?);
    fs::read(database).map_err(|error| error.to_string())
}

fn with_ending(path: &Path, ending: &str) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(ending);
    name.into()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_written_after_the_end_is_not_there_at_the_next_start() {
        let disk = Disk::new().unwrap();
        let first = disk.database();
        fs::write(&first, "before").unwrap();
        disk.keep_as_it_is().unwrap();
        fs::write(&first, "after").unwrap();
        assert_eq!(fs::read_to_string(disk.database()).unwrap(), "before");
        let folder = disk.folder.path().to_owned();
        drop(disk);
        assert!(!folder.exists());
    }
}
