//! The files of backups: what they are called, which there are, what they take.

use std::fs;
use std::io::{self, ErrorKind};
use std::path::{Path, PathBuf};

use jiff::Timestamp;
use jiff::civil::DateTime;
use jiff::tz::TimeZone;

use crate::port::Stored;
use crate::sqlite::database::{beside, of_file};

/// How a time is written in a name: sorted by name is sorted by time.
const TIME: &str = "%Y%m%dT%H%M%SZ";

/// The end of the name of a copy that is not finished.
pub(super) const UNFINISHED: &str = ".unfinished";

/// Where a database is, and where its copies go.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Place {
    /// The file of the database.
    pub database: PathBuf,
    /// The folder of its copies.
    pub folder: PathBuf,
}

/// A file that is kept beside the database, and need not be.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Kept {
    /// Where it is.
    pub path: PathBuf,
    /// When it was made, to the second.
    pub at: Timestamp,
    /// What it takes, in bytes.
    pub bytes: u64,
    /// What it is.
    pub kind: KeptKind,
}

/// What is kept.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum KeptKind {
    /// A copy of the database, checked.
    Backup,
    /// A copy that was made before the schema changed.
    BeforeMigration,
    /// What a backup was put in the place of.
    Replaced,
}

impl Place {
    /// Everything that is kept, the oldest first. Files of other names are no concern of ours.
    pub fn kept(&self) -> Stored<Vec<Kept>> {
        let copies = files_in(&self.folder)?.into_iter().filter_map(|path| {
            let at = time_in(name(&path)?.strip_prefix(&self.stem())?.strip_suffix(".db")?)?;
            kept(path, Some(at), KeptKind::Backup)
        });
        let database = name(&self.database).unwrap_or_default().to_owned();
        let own = self.database.parent().unwrap_or(Path::new(""));
        let mut files = files_in(own)?;
        if !is_same(own, &self.folder) {
            files.extend(files_in(&self.folder)?);
        }
        let beside = files.into_iter().filter_map(|path| {
            let rest = name(&path)?.strip_prefix(&database)?;
            if let Some(time) = rest.strip_prefix(".replaced-") {
                let at = time_in(time)?;
                return kept(path, Some(at), KeptKind::Replaced);
            }
            let number = rest.strip_prefix(".before-")?;
            number.parse::<u32>().ok()?;
            kept(path, None, KeptKind::BeforeMigration)
        });
        let mut all: Vec<_> = copies.chain(beside).collect();
        all.sort_by(|a, b| a.at.cmp(&b.at).then_with(|| a.path.cmp(&b.path)));
        Ok(all)
    }

    /// What the database takes with its log, in bytes.
    #[must_use]
    pub fn database_bytes(&self) -> u64 {
        size(&self.database).saturating_add(size(&beside(&self.database, "-wal")))
    }

    /// The newest copy, by a clock that shows `now`: what was made later than that counts as
    /// oldest.
    pub fn newest(&self, now: Timestamp) -> Stored<Option<Kept>> {
        let copies = self.kept()?.into_iter().filter(|one| one.kind == KeptKind::Backup);
        Ok(copies.max_by_key(|one| (one.at <= now, one.at)))
    }

    /// Copies that were cut off, or that are being made.
    pub(super) fn unfinished(&self) -> Stored<Vec<PathBuf>> {
        let stem = self.stem();
        let ours = |path: &PathBuf| {
            name(path).is_some_and(|name| name.starts_with(&stem) && name.contains(UNFINISHED))
        };
        Ok(files_in(&self.folder)?.into_iter().filter(ours).collect())
    }

    /// The name of a copy made then.
    pub(super) fn copy_at(&self, at: Timestamp) -> PathBuf {
        self.folder.join(format!("{}{}.db", self.stem(), at.strftime(TIME)))
    }

    /// The name of what is replaced then.
    pub(super) fn replaced_at(&self, at: Timestamp) -> PathBuf {
        beside(&self.database, &format!(".replaced-{}", at.strftime(TIME)))
    }

    fn stem(&self) -> String {
        let stem = self.database.file_stem().and_then(|stem| stem.to_str());
        format!("{}-", stem.unwrap_or("muster"))
    }
}

/// Whether copies can be put into this folder, which may have to be made first, as far as can be
/// told without putting anything there.
pub fn could_take_copies(folder: &Path) -> Stored<()> {
    let writes_into = match fs::metadata(folder) {
        Ok(_) => folder,
        // It is made where the folder above it is there.
        Err(error) if error.kind() == ErrorKind::NotFound => {
            here(folder.parent().unwrap_or(Path::new("")))
        }
        Err(error) => return Err(of_file(folder, &error)),
    };
    match fs::metadata(writes_into) {
        Ok(found) if found.is_dir() => may_write(writes_into),
        Ok(_) => Err(ErrorKind::NotADirectory.into()),
        Err(error) => Err(error),
    }
    .map_err(|error| of_file(writes_into, &error))
}

#[cfg(unix)]
fn may_write(folder: &Path) -> io::Result<()> {
    use rustix::fs::{Access, access};

    Ok(access(folder, Access::WRITE_OK | Access::EXEC_OK)?)
}

/// Elsewhere only trying tells.
#[cfg(not(unix))]
const fn may_write(_folder: &Path) -> io::Result<()> {
    Ok(())
}

/// An instant as names tell it.
pub(super) fn whole_seconds(at: Timestamp) -> Timestamp {
    Timestamp::from_second(at.as_second()).unwrap_or(at)
}

fn kept(path: PathBuf, at: Option<Timestamp>, kind: KeptKind) -> Option<Kept> {
    let file = fs::metadata(&path).ok()?;
    let at = match at {
        Some(at) => at,
        None => whole_seconds(Timestamp::try_from(file.modified().ok()?).ok()?),
    };
    let log = size(&beside(&path, "-wal"));
    Some(Kept { bytes: file.len().saturating_add(log), path, at, kind })
}

/// Whether two names lead to one folder, which may not be there.
fn is_same(one: &Path, other: &Path) -> bool {
    let folder = |path: &Path| fs::canonicalize(here(path)).ok();
    folder(one).is_some_and(|one| folder(other) == Some(one))
}

/// A folder without a name is the one in which the program runs.
fn here(folder: &Path) -> &Path {
    if folder.as_os_str().is_empty() { Path::new(".") } else { folder }
}

fn time_in(name: &str) -> Option<Timestamp> {
    let time = DateTime::strptime(TIME, name).ok()?;
    TimeZone::UTC.to_timestamp(time).ok()
}

fn name(path: &Path) -> Option<&str> {
    path.file_name().and_then(|name| name.to_str())
}

fn size(path: &Path) -> u64 {
    fs::metadata(path).map_or(0, |file| file.len())
}

/// The files in a folder; none if it is not there.
fn files_in(folder: &Path) -> Stored<Vec<PathBuf>> {
    let folder = here(folder);
    if !folder.exists() {
        return Ok(Vec::new());
    }
    let entries = fs::read_dir(folder).map_err(|error| of_file(folder, &error))?;
    // One that went meanwhile is not there.
    Ok(entries.flatten().map(|entry| entry.path()).collect())
}
