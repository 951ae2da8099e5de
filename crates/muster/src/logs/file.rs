//! A file for the log that is put aside when it is large: `NAME`, then `NAME.1` to `NAME.3`.

use std::fs::{File, OpenOptions};
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Mutex, PoisonError};

use tracing_subscriber::fmt::MakeWriter;

/// Old files that are kept.
const OLD_MAX: u32 = 3;

/// Whether the file was emptied, as it could not be put aside.
static EMPTIED: AtomicBool = AtomicBool::new(false);

/// Whether the file was emptied since this was last asked.
pub(crate) fn take_emptied() -> bool {
    EMPTIED.swap(false, Ordering::Relaxed)
}

/// The file, and how large it may become.
#[derive(Debug)]
pub(super) struct RotatingFile {
    path: PathBuf,
    size_max: u64,
    state: Mutex<State>,
}

#[derive(Debug)]
struct State {
    file: File,
    size: u64,
}

impl RotatingFile {
    /// Opens the file, to go on where it ends.
    pub(super) fn open(path: &Path, size_max: u64) -> io::Result<Self> {
        let file = open(path)?;
        let size = file.metadata()?.len();
        let state = Mutex::new(State { file, size });
        Ok(Self { path: path.to_owned(), size_max, state })
    }

    fn write(&self, line: &[u8]) -> io::Result<()> {
        let mut state = self.state.lock().unwrap_or_else(PoisonError::into_inner);
        let length = u64::try_from(line.len()).unwrap_or(u64::MAX);
        if state.size > 0 && state.size.saturating_add(length) > self.size_max {
            self.put_aside(&mut state);
        }
        state.file.write_all(line)?;
        state.size = state.size.saturating_add(length);
        Ok(())
    }

    /// If that fails, the same file begins anew: without a bound it would fill the disk.
    fn put_aside(&self, state: &mut State) {
        for number in (1..OLD_MAX).rev() {
            drop(std::fs::rename(old(&self.path, number), old(&self.path, number + 1)));
        }
        if std::fs::rename(&self.path, old(&self.path, 1)).is_ok() {
            if let Ok(file) = open(&self.path) {
                state.file = file;
                state.size = 0;
                return;
            }
            // What goes on under its old name is to be found under the new one.
            drop(std::fs::rename(old(&self.path, 1), &self.path));
        }
        if state.file.set_len(0).is_ok() {
            state.size = 0;
            EMPTIED.store(true, Ordering::Relaxed);
        }
    }
}

/// All files of the log at `path` that there are, the present one first.
pub(crate) fn files(path: &Path) -> Vec<PathBuf> {
    let names = (1..=OLD_MAX).map(|number| old(path, number));
    std::iter::once(path.to_owned()).chain(names).filter(|name| name.is_file()).collect()
}

/// What a file takes, in bytes; 0 if it is not there.
pub(crate) fn size(file: &Path) -> u64 {
    std::fs::metadata(file).map_or(0, |data| data.len())
}

fn old(path: &Path, number: u32) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(format!(".{number}"));
    name.into()
}

/// Only its owner may read it.
fn open(path: &Path) -> io::Result<File> {
    let mut options = OpenOptions::new();
    options.create(true).append(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options.open(path)
}

/// Writes whole lines, each of which is in one file.
#[derive(Debug)]
pub(super) struct Line<'a> {
    file: &'a RotatingFile,
}

impl Write for Line<'_> {
    fn write(&mut self, line: &[u8]) -> io::Result<usize> {
        // What cannot be written, as on a full disk, is lost: telling must not stop the bot.
        drop(self.file.write(line));
        Ok(line.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

impl<'a> MakeWriter<'a> for RotatingFile {
    type Writer = Line<'a>;

    fn make_writer(&'a self) -> Self::Writer {
        Line { file: self }
    }
}

#[cfg(test)]
mod tests {
    use muster_scratch::Scratch;

    use super::*;

    #[test]
    fn a_large_file_is_put_aside_and_three_old_ones_are_kept() {
        let folder = Scratch::new().unwrap();
        let path = folder.join("muster.log");
        let file = RotatingFile::open(&path, 10).unwrap();
        for line in ["one 1\n", "two 2\n", "three\n", "four4\n", "five5\n", "six 6\n"] {
            file.write(line.as_bytes()).unwrap();
        }
        let read: Vec<_> =
            files(&path).iter().map(|file| std::fs::read_to_string(file).unwrap()).collect();
        assert_eq!(read, ["six 6\n", "five5\n", "four4\n", "three\n"]);
    }

    #[test]
    fn a_file_that_cannot_be_put_aside_keeps_within_its_bound_and_that_is_said() {
        let folder = Scratch::new().unwrap();
        let path = folder.join("muster.log");
        // A folder with something in it is in the way.
        std::fs::create_dir_all(old(&path, 1).join("in the way")).unwrap();
        std::fs::create_dir_all(old(&path, 2).join("in the way")).unwrap();
        std::fs::create_dir_all(old(&path, 3).join("in the way")).unwrap();
        let file = RotatingFile::open(&path, 10).unwrap();
        for _ in 0..100 {
            file.write(b"a line\n").unwrap();
            assert!(size(&path) <= 10);
        }
        assert_eq!(std::fs::read_to_string(&path).unwrap(), "a line\n");
        assert!(take_emptied());
    }

    #[test]
    fn a_file_from_before_is_gone_on_with_and_a_line_beyond_the_bound_is_written_whole() {
        let folder = Scratch::new().unwrap();
        let path = folder.join("muster.log");
        std::fs::write(&path, "before\n").unwrap();
        let file = RotatingFile::open(&path, 10).unwrap();
        file.write(b"ab\n").unwrap();
        file.write(b"longer than ten\n").unwrap();
        assert_eq!(std::fs::read_to_string(old(&path, 1)).unwrap(), "before\nab\n");
        assert_eq!(std::fs::read_to_string(&path).unwrap(), "longer than ten\n");
    }
}
