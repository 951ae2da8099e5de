//! Copies of the database: what the operator decides about them, and the loop that makes them.

use std::path::{Path, PathBuf};
use std::sync::{Arc, Weak};
use std::time::Duration;

use jiff::Timestamp;
use muster_engine::ports::Clock as _;
use muster_store::StoreError;
use muster_store::port::Stored;
use muster_store::sqlite::SqliteStore;
use muster_store::sqlite::backup::{self, Keep, Made, Place, default_folder};
use muster_vitals::Vitals;
use muster_vitals::resources::{Sizes, disk};
use muster_vitals::tasks::{Kind, Outcome, Policy, Priority};
use tracing::{info, warn};

use crate::cli::CopyOptions;
use crate::config::or;
use crate::env::SystemEnv;
use crate::exit::Exit;
use crate::logs;

/// How often the copies are looked at, as others may make or remove some. The first is made no
/// sooner after the start, so that whoever waits for the bot to come online is served first, and a
/// bot that ends again and again makes none.
const LOOK_EVERY: Duration = Duration::from_mins(1);

/// Looks after a copy that failed until it is tried again: a full disk may have space by then.
const LOOKS_UNTIL_AGAIN: u32 = 15;

/// Not cut by a timeout: how long it takes follows the size of the database.
const BACKUP: Kind = Kind { name: "backup", priority: Priority::Background, policy: Policy::UNCUT };

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
                "it is how many of the last copies are kept, of how many days one, and of how many \
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

/// Makes copies as often as was decided, until the store is closed.
pub(crate) async fn keep_making(
    env: SystemEnv,
    store: Weak<SqliteStore>,
    copies: Copies,
    vitals: Arc<Vitals>,
) {
    let not_before = env.monotonic().saturating_add(copies.look_every);
    let mut maker = Maker { env, copies, vitals, not_before, is_failing: false };
    let mut wait = store.upgrade().map(|store| {
        maker.try_out(&store);
        maker.look(&store).1
    });
    while let Some(pause) = wait {
        maker.env.sleep(pause).await;
        let Some(store) = store.upgrade() else { return };
        wait = maker.turn(&store).await;
    }
}

struct Maker {
    env: SystemEnv,
    copies: Copies,
    vitals: Arc<Vitals>,
    /// No copy is made before that, on the monotonic clock.
    not_before: Duration,
    /// Whether the last one failed, which is said once.
    is_failing: bool,
}

impl Maker {
    /// Looks at the copies that there are, so that whoever asks hears of them: whether one is due,
    /// and how long there is nothing to do.
    fn look(&self, store: &SqliteStore) -> (bool, Duration) {
        let (now, Copies { place, every, look_every, .. }) = (self.env.now(), &self.copies);
        let left = self.not_before.saturating_sub(self.env.monotonic());
        let earliest = now.checked_add(left).unwrap_or(now);
        match store.look_at_backups(place, *every, earliest) {
            Ok(Some(next)) => {
                // What failed is tried again, however new the last good copy is.
                let next = if self.is_failing { earliest } else { next };
                let wait = Duration::try_from(next.duration_since(now)).unwrap_or_default();
                (next <= now, wait.max(Duration::from_secs(1)).min(*look_every))
            }
            Ok(None) => (false, *look_every),
            // Whoever tries to make one finds out why, and is heard.
            Err(_) => (every.is_some() && left.is_zero(), *look_every),
        }
    }

    /// Says at once if no copy can be put into the folder, hours before one is due.
    fn try_out(&mut self, store: &SqliteStore) {
        let Copies { place, every, .. } = &self.copies;
        if every.is_none() {
            return;
        }
        if let Err(error) = store.try_backups(place, self.env.now()) {
            self.tell_of_failure(&error);
        }
    }

    /// Keeps within the budget, and makes a copy if one is due; returns how long there is nothing
    /// to do, or `None` at the end.
    async fn turn(&mut self, store: &Arc<SqliteStore>) -> Option<Duration> {
        self.make_room(0);
        let (is_due, wait) = self.look(store);
        if !is_due {
            return Some(wait);
        }
        match self.copy(store).await {
            Ok(made) => self.tell(&made),
            Err(StoreError::Stopped) => return None,
            Err(error) => self.tell_of_failure(&error),
        }
        Some(self.look(store).1)
    }

    async fn copy(&self, store: &SqliteStore) -> Stored<Made> {
        let Copies { place, keep, .. } = &self.copies;
        let permit = self.vitals.tasks.admit(BACKUP).await;
        let (now, began) = (self.env.now(), self.env.monotonic());
        // First, so that it is not beyond the budget when it is there.
        self.make_room(self.copies.place.database_bytes());
        let made = store.back_up(place.clone(), *keep, now).await;
        let outcome = if made.is_ok() { Outcome::Succeeded } else { Outcome::Failed };
        let ended = self.env.monotonic();
        permit.end(outcome, ended, ended.saturating_sub(began));
        self.make_room(0);
        made
    }

    /// Keeps within the budget, with so many bytes that are to come, and tells what went. Also
    /// where no copies are made: the log and copies by hand take room, too.
    fn make_room(&self, coming: u64) {
        match self.copies.keep_within_budget(coming, self.env.now()) {
            Ok(gone) => {
                for gone in gone {
                    let file = gone.display();
                    info!(%file, "an older file was removed, to stay within DISK_BUDGET_MB");
                }
            }
            Err(error) => warn!(%error, "nothing could be removed to stay within DISK_BUDGET_MB"),
        }
    }

    fn tell_of_failure(&mut self, error: &StoreError) {
        let pause = self.copies.look_every.saturating_mul(LOOKS_UNTIL_AGAIN);
        self.not_before = self.env.monotonic().saturating_add(pause);
        if !self.is_failing {
            let folder = self.copies.place.folder.display();
            warn!(%error, %folder, "the database cannot be copied there; it is tried again");
        }
        self.is_failing = true;
    }

    fn tell(&mut self, made: &Made) {
        self.is_failing = false;
        let file = made.kept.path.display();
        let Made { verified, removed, for_room, .. } = made;
        let removed = removed.len().saturating_add(for_room.len());
        let (bytes, answers) = (verified.bytes, verified.answers);
        info!(%file, bytes, answers, removed, "the database was copied, and the copy checked");
    }
}

#[cfg(test)]
mod tests {
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
    fn full(name: &str) -> Copies {
        let folder = std::env::temp_dir().join(format!("muster-{name}-{}", std::process::id()));
        std::fs::create_dir_all(folder.join("backups")).unwrap();
        let write = |name: &str| std::fs::write(folder.join(name), [0; 100]).unwrap();
        for hour in 1..=6 {
            write(&format!("backups/muster-20261129T0{hour}0000Z.db"));
        }
        for name in ["muster.db", "muster.log", "muster.log.1", "muster.log.2"] {
            write(name);
        }
        let log = Some(folder.join("muster.log"));
        Copies { budget: Some(1_000), log, ..Copies::never(&folder.join("muster.db")) }
    }

    fn names(paths: &[PathBuf]) -> Vec<&str> {
        paths.iter().map(|path| path.file_name().unwrap().to_str().unwrap()).collect()
    }

    #[test]
    fn what_is_beyond_the_budget_goes_oldest_first_copies_before_logs() {
        let copies = full("beyond");
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
        std::fs::remove_dir_all(copies.place.database.parent().unwrap()).unwrap();
    }
}
