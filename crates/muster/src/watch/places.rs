//! Where Muster keeps files, and how much they take.

use std::path::{Path, PathBuf};

use muster_vitals::resources::Sizes;

use crate::copies::Copies;
use crate::logs::{self, size};

/// Where Muster keeps files.
#[derive(Clone, Debug)]
pub(crate) struct Places {
    /// The folder that holds the database.
    pub(crate) data: PathBuf,
    /// The database.
    pub(crate) database: PathBuf,
    /// The log, if it goes to a file.
    pub(crate) log: Option<PathBuf>,
    /// Below which the kernel tells of memory and processor.
    pub(crate) kernel: PathBuf,
}

impl Places {
    /// The places of a database and its copies, of the log, and of what the kernel tells.
    pub(crate) fn of(copies: &Copies, log: Option<PathBuf>, kernel: &Path) -> Self {
        let database = copies.place.database.clone();
        let data = database.parent().filter(|folder| !folder.as_os_str().is_empty());
        let data = data.map_or_else(|| PathBuf::from("."), Path::to_owned);
        Self { data, database, log, kernel: kernel.to_owned() }
    }

    /// What the files take now, in bytes, with so many of backups; one that is not there takes
    /// nothing. The folder of backups is not looked at here: it may be on another machine that does
    /// not answer.
    pub(crate) fn sizes(&self, backups: u64) -> Sizes {
        let beside = |suffix: &str| {
            let mut name = self.database.as_os_str().to_owned();
            name.push(suffix);
            size(Path::new(&name))
        };
        let logs = self.log.as_deref().map(logs::files).unwrap_or_default();
        Sizes {
            database: ["", "-wal", "-shm"].into_iter().map(beside).sum(),
            logs: logs.iter().map(|file| size(file)).sum(),
            backups,
        }
    }
}

#[cfg(test)]
mod tests {
    use muster_scratch::Scratch;

    use super::*;

    #[test]
    fn what_lies_beside_the_database_and_all_logs_count() {
        let folder = Scratch::new().unwrap();
        let write = |name: &str, bytes: usize| {
            std::fs::write(folder.join(name), vec![0; bytes]).unwrap();
        };
        write("m.db", 1_000);
        write("m.db-wal", 200);
        write("m.log", 30);
        write("m.log.1", 4);
        let log = Some(folder.join("m.log"));
        let places = Places::of(&Copies::never(&folder.join("m.db")), log, Path::new("/"));
        assert_eq!(places.data, folder.path());
        let sizes = Sizes { database: 1_200, logs: 34, backups: 540 };
        assert_eq!(places.sizes(540), sizes);
    }

    #[test]
    fn a_database_without_a_folder_is_in_the_present_one() {
        let places = Places::of(&Copies::never(Path::new("muster.db")), None, Path::new("/"));
        assert_eq!(places.data, Path::new("."));
        assert_eq!(places.sizes(0), Sizes::default());
    }
}
