//! A folder for one test or measurement, gone with everything in it however that ends: dropped in
//! order, dropped by a panic, or left behind by a process that was killed, whose folders the next
//! one removes.

use std::collections::BTreeSet;
use std::fs::{self, File, OpenOptions, TryLockError};
use std::io::{self, ErrorKind};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

/// What the names of all these folders begin with.
const PREFIX: &str = "muster-scratch-";

/// Held by the process that uses the folder, and let go of by the system when that is gone.
const LOCK: &str = "lock";

/// The part of the folder that is handed out. What is counted there does not find the lock.
const INSIDE: &str = "files";

/// How often, and with which pauses, what goes on being written is removed again: a thread or a
/// process that was told to end may still hold the database.
const TRIES: u32 = 100;
const PAUSE: Duration = Duration::from_millis(20);

static NEXT: AtomicU64 = AtomicU64::new(0);

/// Those of this process.
static IN_USE: Mutex<BTreeSet<PathBuf>> = Mutex::new(BTreeSet::new());

/// A folder that is removed with everything in it when this is dropped.
#[derive(Debug)]
pub struct Scratch {
    inside: PathBuf,
    root: PathBuf,
    _lock: File,
}

impl Scratch {
    /// Makes one among the system's temporary files; an error is the file system's.
    pub fn new() -> io::Result<Self> {
        Self::below(&std::env::temp_dir())
    }

    /// Makes one in `place`, which is there; an error is the file system's.
    pub fn below(place: &Path) -> io::Result<Self> {
        let place = place.canonicalize()?;
        remove_what_is_left(&place)?;
        loop {
            let number = NEXT.fetch_add(1, Ordering::Relaxed);
            let root = place.join(format!("{PREFIX}{}-{number}", std::process::id()));
            match fs::create_dir(&root) {
                // A number of a process that was killed before.
                Err(error) if error.kind() == ErrorKind::AlreadyExists => {}
                made => {
                    made?;
                    if let Some(made) = Self::take(root)? {
                        return Ok(made);
                    }
                }
            }
        }
    }

    /// Holds a new folder; none if somebody took it for one that was left behind.
    fn take(root: PathBuf) -> io::Result<Option<Self>> {
        let path = root.join(LOCK);
        let opened = OpenOptions::new().write(true).create_new(true).open(&path);
        let lock = match opened {
            Err(error) if error.kind() == ErrorKind::NotFound => return Ok(None),
            opened => opened?,
        };
        lock.lock()?;
        if !path.try_exists()? {
            return Ok(None);
        }
        let inside = root.join(INSIDE);
        fs::create_dir(&inside)?;
        in_use().insert(root.clone());
        Ok(Some(Self { inside, root, _lock: lock }))
    }

    /// The folder, by its full name.
    #[must_use]
    pub fn path(&self) -> &Path {
        &self.inside
    }

    /// The name of a file in it.
    #[must_use]
    pub fn join(&self, name: &str) -> PathBuf {
        self.inside.join(name)
    }
}

impl Drop for Scratch {
    fn drop(&mut self) {
        in_use().remove(&self.root);
        if let Err(error) = remove(&self.root) {
            let root = self.root.display();
            #[expect(clippy::print_stderr, reason = "whoever started the test should know")]
            {
                eprintln!("{root} could not be removed: {error}");
            }
        }
    }
}

/// Removes all folders of this process, in use or not; for a process that ends at a signal, when
/// nothing is dropped.
pub fn remove_all() {
    for root in std::mem::take(&mut *in_use()) {
        // The next one tries again.
        let _is_gone = remove(&root).is_ok();
    }
}

fn in_use() -> MutexGuard<'static, BTreeSet<PathBuf>> {
    IN_USE.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Removes a folder and all in it, the lock last: without that nobody would know it for one that
/// was left.
fn remove(root: &Path) -> io::Result<()> {
    again(|| fs::remove_dir_all(root.join(INSIDE)))?;
    again(|| fs::remove_file(root.join(LOCK)))?;
    again(|| fs::remove_dir(root))
}

/// Tries until it is done or was done before.
fn again(mut remove: impl FnMut() -> io::Result<()>) -> io::Result<()> {
    let mut tries = 1;
    loop {
        match remove() {
            Err(error) if error.kind() == ErrorKind::NotFound => return Ok(()),
            Err(_) if tries < TRIES => {
                tries += 1;
                pause();
            }
            done => return done,
        }
    }
}

#[expect(clippy::disallowed_methods, reason = "it ends a test, and no world is replayed from it")]
fn pause() {
    std::thread::sleep(PAUSE);
}

/// Removes the folders whose process is no more.
fn remove_what_is_left(place: &Path) -> io::Result<()> {
    for entry in fs::read_dir(place)? {
        let Ok(entry) = entry else { continue };
        if entry.file_name().to_str().is_some_and(|name| name.starts_with(PREFIX)) {
            // Whose they are, or what they hold, may forbid it. They stay, and hurt nobody.
            let _is_gone = remove_if_left(&entry.path()).is_ok();
        }
    }
    Ok(())
}

fn remove_if_left(root: &Path) -> io::Result<()> {
    let lock = match OpenOptions::new().write(true).open(root.join(LOCK)) {
        // Its process was killed when all but the folder was gone, or not yet there.
        Err(error) if error.kind() == ErrorKind::NotFound => return fs::remove_dir(root),
        opened => opened?,
    };
    match lock.try_lock() {
        Ok(()) => {
            fs::remove_dir_all(root.join(INSIDE)).or_else(|error| {
                if error.kind() == ErrorKind::NotFound { Ok(()) } else { Err(error) }
            })?;
            fs::remove_file(root.join(LOCK))?;
            fs::remove_dir(root)
        }
        Err(TryLockError::WouldBlock) => Ok(()),
        Err(TryLockError::Error(error)) => Err(error),
    }
}

#[cfg(test)]
mod tests {
    use std::panic::{AssertUnwindSafe, catch_unwind};

    use super::*;

    #[test]
    fn it_goes_with_everything_in_it_also_when_a_test_fails() {
        let around = Scratch::new().unwrap();
        let failed = catch_unwind(AssertUnwindSafe(|| {
            let scratch = Scratch::below(around.path()).unwrap();
            fs::create_dir(scratch.join("deep")).unwrap();
            fs::write(scratch.join("deep/file"), "x").unwrap();
            panic!("as a test does");
        }));
        assert!(failed.is_err());
        assert_eq!(fs::read_dir(around.path()).unwrap().count(), 0);
    }

    #[test]
    fn what_a_killed_process_left_goes_and_what_is_in_use_stays() {
        let around = Scratch::new().unwrap();
        let used = Scratch::below(around.path()).unwrap();
        let left = Scratch::below(around.path()).unwrap();
        fs::write(left.join("muster.db"), "x").unwrap();
        let left_at = around.join("muster-scratch-1-1");
        fs::rename(&left.root, &left_at).unwrap();
        // As the system does at the end of a process.
        drop(left);
        fs::create_dir(around.join("muster-scratch-1-2")).unwrap();
        fs::write(around.join("muster.db"), "somebody else's").unwrap();
        let next = Scratch::below(around.path()).unwrap();
        assert!(used.path().is_dir() && next.path().is_dir() && !left_at.exists());
        assert_eq!(fs::read_dir(around.path()).unwrap().count(), 3);
    }

    #[test]
    fn what_is_written_while_it_goes_goes_too() {
        let scratch = Scratch::new().unwrap();
        let file = scratch.join("muster.db-wal");
        let root = scratch.root.clone();
        let (begun, begins) = std::sync::mpsc::channel();
        let writer = std::thread::spawn(move || {
            for _ in 0..1_000 {
                fs::write(&file, "x").ok();
                begun.send(()).ok();
            }
        });
        begins.recv().unwrap();
        drop(scratch);
        writer.join().unwrap();
        assert!(!root.exists());
    }
}
