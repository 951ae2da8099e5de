//! Copies of the database: what the operator decides about them, and the loop that makes them.

mod making;

use std::path::{Path, PathBuf};
use std::time::Duration;

use jiff::Timestamp;
use muster_store::port::Stored;
use muster_store::sqlite::backup::{self, Keep, Place, default_folder};
use muster_vitals::resources::{Sizes, disk};

pub(crate) use self::making::keep_making;
use crate::cli::CopyOptions;
use crate::config::or;
use crate::exit::Exit;
use crate::logs;

/// How often the copies are looked at, as others may make or remove some. The first is made no
/// sooner after the start, so that whoever waits for the bot to come online is served first, and a
/// bot that ends again and again makes none.
const LOOK_EVERY: Duration = Duration::from_mins(1);

const SHORTEST: Duration = Duration::from_mins(10);

const LONGEST: Duration = Duration::from_hours(30 * 24);

/// The most of each number of `BACKUP_KEEP`.
const KEEP_MAX: usize = 1_000;

/// What the operator decided about copies of the database.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Copies {
    /// Where the database is, and where its copies go.
    pub place: Place,
    /// How often the running bot makes one; `None` for never.
    pub every: Option<Duration>,
    /// How many are kept.
    pub keep: Keep,
    /// What database, logs and copies may take together, in bytes; `None` for 80 % of 1.25 GiB, or
    /// of the disk if that is smaller.
    pub budget: Option<u64>,
    /// The log, if it goes to a file.
    pub log: Option<PathBuf>,
    /// Between two looks at the copies: a minute but in tests.
    pub look_every: Duration,
}

impl Copies {
    /// None are made by the bot itself, and of those that there are as many are kept as usual.
    #[must_use]
    pub fn never(database: &Path) -> Self {
        let place = Place { database: database.to_owned(), folder: default_folder(database) };
        Self {
            place,
            every: None,
            keep: Keep::default(),
            budget: None,
            log: None,
            look_every: LOOK_EVERY,
        }
    }

    /// Checks what was given for the database in this file.
    pub(crate) fn check(options: &CopyOptions, database: &Path) -> Result<Self, Exit> {
        let folder = match or(&options.backup_dir, "") {
            "" => default_folder(database),
            folder => folder.into(),
        };
        Ok(Self {
            place: Place { database: database.to_owned(), folder },
            every: every(or(&options.backup_interval, "6h"))?,
            keep: keep(or(&options.backup_keep, "4,7,4"))?,
            budget: budget(or(&options.disk_budget_mb, ""))?,
            log: None,
            look_every: LOOK_EVERY,
        })
    }

    /// `BACKUP_KEEP`, as it is given.
    pub(crate) fn kept_words(&self) -> String {
        let Keep { last, daily, weekly } = self.keep;
        format!("{last},{daily},{weekly}")
    }

    /// What database, logs and copies may take together, in bytes.
    pub(crate) fn budget_in_force(&self) -> u64 {
        let data = self.place.database.parent().filter(|folder| !folder.as_os_str().is_empty());
        disk(data.unwrap_or(Path::new(".")), Sizes::default(), self.budget).budget
    }

    /// Removes what is beyond the budget once `coming` bytes more are there, and names it: copies
    /// first, then what was put aside of the log.
    pub(crate) fn keep_within_budget(&self, coming: u64, now: Timestamp) -> Stored<Vec<PathBuf>> {
        let budget = self.budget_in_force();
        let logs = self.log.as_deref().map(logs::files).unwrap_or_default();
        let of_logs: u64 = logs.iter().map(|file| logs::size(file)).sum();
        let others = of_logs.saturating_add(coming);
        let gone = backup::keep_within_budget(&self.place, others, budget, now)?;
        let mut gone: Vec<_> = gone.into_iter().map(|one| one.path).collect();
        let copies: u64 = self.place.kept()?.iter().map(|one| one.bytes).sum();
        let database = self.place.database_bytes();
        let mut taken = others.saturating_add(copies).saturating_add(database);
        // The oldest comes last.
        for old in logs.into_iter().skip(1).rev() {
            if taken <= budget {
                break;
            }
            let bytes = logs::size(&old);
            if std::fs::remove_file(&old).is_ok() {
                taken = taken.saturating_sub(bytes);
                gone.push(old);
            }
        }
        Ok(gone)
    }
}

fn every(raw: &str) -> Result<Option<Duration>, Exit> {
    if raw == "off" {
        return Ok(None);
    }
    let every = duration(raw).filter(|every| (SHORTEST..=LONGEST).contains(every));
    every.map(Some).ok_or_else(|| {
        let instead = "it is a time from 10m to 30d, as in 6h, or off";
        Exit::variable("BACKUP_INTERVAL", raw, instead)
    })
}

fn duration(raw: &str) -> Option<Duration> {
    let units = [('m', 60), ('h', 60 * 60), ('d', 24 * 60 * 60)];
    let (number, seconds) =
        units.into_iter().find_map(|(unit, seconds)| Some((raw.strip_suffix(unit)?, seconds)))?;
    number.parse::<u64>().ok()?.checked_mul(seconds).map(Duration::from_secs)
}

fn keep(raw: &str) -> Result<Keep, Exit> {
    let numbers: Vec<usize> = raw
        .split(',')
        .filter_map(|number| number.trim().parse().ok().filter(|number| *number <= KEEP_MAX))
        .collect();
    match (numbers.as_slice(), raw.split(',').count()) {
        (&[last, daily, weekly], 3) if last > 0 => Ok(Keep { last, daily, weekly }),
        _ => {
            let instead = format!(
                "it is how many of the last backups are kept, of how many days one, and of how many \
                 weeks, as in 4,7,4; the first at least 1, each at most {KEEP_MAX}"
            );
            Err(Exit::variable("BACKUP_KEEP", raw, &instead))
        }
    }
}

fn budget(raw: &str) -> Result<Option<u64>, Exit> {
    if raw.is_empty() {
        return Ok(None);
    }
    let megabytes =
        raw.parse::<u64>().ok().filter(|megabytes| (10..=10_000_000).contains(megabytes));
    megabytes.map(|megabytes| Some(megabytes.saturating_mul(1 << 20))).ok_or_else(|| {
        let instead = "it is a number of megabytes from 10 to 10000000";
        Exit::variable("DISK_BUDGET_MB", raw, instead)
    })
}

#[cfg(test)]
mod tests {
    use muster_scratch::Scratch;

    use super::*;

    fn said(result: Result<impl std::fmt::Debug, Exit>) -> String {
        let exit = result.unwrap_err();
        assert_eq!(exit.status(), 3);
        exit.to_string()
    }

    #[test]
    fn a_time_between_copies_is_minutes_hours_or_days_or_off() {
        assert_eq!(every("6h").unwrap(), Some(Duration::from_hours(6)));
        assert_eq!(every("10m").unwrap(), Some(Duration::from_mins(10)));
        assert_eq!(every("30d").unwrap(), Some(Duration::from_hours(720)));
        assert_eq!(every("off").unwrap(), None);
        for wrong in ["9m", "31d", "6", "h", "-6h", "6 h", "1.5h", "99999999999999999999d"] {
            assert!(said(every(wrong)).starts_with("BACKUP_INTERVAL is"), "{wrong}");
        }
    }

    #[test]
    fn what_is_kept_is_three_numbers() {
        assert_eq!(keep("4,7,4").unwrap(), Keep::default());
        assert_eq!(keep("1, 0, 0").unwrap(), Keep { last: 1, daily: 0, weekly: 0 });
        for wrong in ["0,7,4", "4,7", "4,7,4,1", "4,x,4", "4,,4", "1001,0,0", "-1,0,0", "4,7,4,x"] {
            assert!(said(keep(wrong)).starts_with("BACKUP_KEEP is"), "{wrong}");
        }
    }

    #[test]
    fn a_budget_is_megabytes() {
        assert_eq!(budget("100").unwrap(), Some(100 << 20));
        assert_eq!(budget("").unwrap(), None);
        for wrong in ["9", "1G", "-100", "10000001"] {
            assert!(said(budget(wrong)).starts_with("DISK_BUDGET_MB is"), "{wrong}");
        }
    }

    /// A folder with a database of 100 bytes, six copies and a log with two older ones.
    fn full() -> (Copies, Scratch) {
        let folder = Scratch::new().unwrap();
        std::fs::create_dir_all(folder.join("backups")).unwrap();
        let write = |name: &str| std::fs::write(folder.join(name), [0; 100]).unwrap();
        for hour in 1..=6 {
            write(&format!("backups/muster-20261129T0{hour}0000Z.db"));
        }
        for name in ["muster.db", "muster.log", "muster.log.1", "muster.log.2"] {
            write(name);
        }
        let log = Some(folder.join("muster.log"));
        let never = Copies::never(&folder.join("muster.db"));
        (Copies { budget: Some(1_000), log, ..never }, folder)
    }

    fn names(paths: &[PathBuf]) -> Vec<&str> {
        paths.iter().map(|path| path.file_name().unwrap().to_str().unwrap()).collect()
    }

    #[test]
    fn what_is_beyond_the_budget_goes_oldest_first_copies_before_logs() {
        let (copies, _folder) = full();
        let gone =
            |copies: &Copies, coming| copies.keep_within_budget(coming, Timestamp::MAX).unwrap();
        assert_eq!(gone(&copies, 0), [] as [PathBuf; 0], "it is exactly as much");
        assert_eq!(names(&gone(&copies, 100)), ["muster-20261129T010000Z.db"], "one is to come");
        let less = Copies { budget: Some(350), ..copies.clone() };
        let went = gone(&less, 0);
        assert_eq!(
            names(&went)[..4],
            [2, 3, 4, 5].map(|n| format!("muster-20261129T0{n}0000Z.db"))
        );
        assert_eq!(names(&went)[4..], ["muster.log.2", "muster.log.1"], "the log in use stays");
        let left = std::fs::read_dir(&copies.place.folder).unwrap().count();
        assert_eq!(left, 1, "and so does the newest copy");
    }
}
