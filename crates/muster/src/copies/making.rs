//! The loop that makes copies of the database, on other threads than the bot's own: a disk may take
//! long, and a folder on another machine may not answer at all.

use std::pin::pin;
use std::sync::{Arc, Weak};
use std::time::Duration;

use muster_engine::ports::Clock as _;
use muster_store::StoreError;
use muster_store::port::Stored;
use muster_store::sqlite::SqliteStore;
use muster_store::sqlite::backup::Made;
use muster_vitals::Vitals;
use muster_vitals::snapshot::Resource;
use muster_vitals::tasks::{Kind, Outcome, Policy, Priority};
use tokio::task::spawn_blocking;
use tracing::{error, info, warn};

use super::Copies;
use crate::env::SystemEnv;

/// Looks after a copy that failed until it is tried again: a full disk may have space by then.
const LOOKS_UNTIL_AGAIN: u32 = 15;

/// Not cut by a timeout: how long it takes follows the size of the database. It does not yield
/// while memory or processor is short, which may be so for days: a copy is wanted most then.
const BACKUP: Kind = Kind { name: "backup", priority: Priority::Normal, policy: Policy::UNCUT };

/// A folder that has not answered for so many looks counts as one that takes no copies.
const LOOKS_WITHOUT_ANSWER: u32 = 5;

/// The same of a folder to which a copy is written, which takes some seconds for each GiB.
const LOOKS_WHILE_COPYING: u32 = 20;

/// Makes copies as often as was decided, until the store is closed.
pub(crate) async fn keep_making(
    env: SystemEnv,
    store: Weak<SqliteStore>,
    copies: Copies,
    vitals: Arc<Vitals>,
) {
    let not_before = env.monotonic().saturating_add(copies.look_every);
    let mut maker =
        Maker { env, copies, vitals, not_before, is_failing: false, is_told_to_fail: false };
    let Some(opened) = store.upgrade() else { return };
    let mut wait = maker.begin(&opened).await;
    drop(opened);
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
    /// Whether the process before told that none can be made: only a good one ends that.
    is_told_to_fail: bool,
}

/// What a look at the copies says.
struct Look {
    /// Whether one is to be made.
    is_due: bool,
    /// How long there is nothing to do else.
    wait: Duration,
}

/// For what there is to be room within the budget.
#[derive(Clone, Copy)]
enum Room {
    /// For the copies that are there.
    ForAllThere,
    /// And for one that is about to be made.
    ForOneMore,
}

impl Maker {
    /// Says at once if no copy can be put into the folder, hours before one is due. Returns how
    /// long there is nothing to do, or `None` at the end.
    async fn begin(&mut self, store: &Arc<SqliteStore>) -> Option<Duration> {
        if self.copies.every.is_some() {
            let (of_store, place, at) = (store.clone(), self.copies.place.clone(), self.env.now());
            match self.aside(store, move || of_store.try_backups(&place, at)).await {
                Ok(()) => {}
                Err(StoreError::Stopped) => return None,
                Err(error) => self.tell_of_failure(&error),
            }
            self.is_told_to_fail = has_told_of_failure(store).await;
        }
        Some(self.look(store).await.ok()?.wait)
    }

    /// Does something with the copies on a thread of its own. [`StoreError::Stopped`] at the end.
    #[expect(clippy::disallowed_methods, reason = "it may hang, and the store's threads may not")]
    async fn aside<T: Send + 'static>(
        &mut self,
        store: &SqliteStore,
        work: impl FnOnce() -> Stored<T> + Send + 'static,
    ) -> Stored<T> {
        let working = self.until_answered(store, LOOKS_WITHOUT_ANSWER, spawn_blocking(work));
        match working.await {
            Ok(done) => done,
            Err(ended) if ended.is_panic() => {
                error!("looking at the backups panicked; this is a defect of Muster");
                Err(StoreError::Database("looking at the backups panicked".into()))
            }
            Err(_) => Err(StoreError::Stopped),
        }
    }

    /// Waits for what is done in the folder, and says so if that takes more looks than these: the
    /// folder may be on another machine that is away. It is waited for all the same, so that never
    /// more than one thread hangs there.
    async fn until_answered<T>(
        &mut self,
        store: &SqliteStore,
        looks: u32,
        work: impl Future<Output = T>,
    ) -> T {
        let mut work = pin!(work);
        let long = self.copies.look_every.saturating_mul(looks);
        tokio::select! {
            done = &mut work => return done,
            () = self.env.sleep(long) => {}
        }
        if self.copies.every.is_some() {
            store.backups_failed(self.env.now());
            self.tell_of_failure(&StoreError::Database("the folder does not answer".into()));
        } else {
            // None is to be made, so that none would ever say that all is well again.
            let folder = self.copies.place.folder.display();
            warn!(%folder, "the folder of backups does not answer");
        }
        work.await
    }

    /// Looks at the copies that there are, so that whoever asks hears of them.
    /// [`StoreError::Stopped`] at the end.
    async fn look(&mut self, store: &Arc<SqliteStore>) -> Stored<Look> {
        let (every, look_every) = (self.copies.every, self.copies.look_every);
        let (of_store, place) = (store.clone(), self.copies.place.clone());
        let now = self.env.now();
        let earliest = now.checked_add(self.left()).unwrap_or(now);
        let looked = self.aside(store, move || of_store.look_at_backups(&place, every, earliest));
        let looked = looked.await;
        // That may have taken long.
        let (now, left) = (self.env.now(), self.left());
        let wait = match looked {
            // What failed is tried again, however new the last good copy is.
            Ok(Some(_)) if self.is_failing || self.is_told_to_fail => left,
            Ok(Some(next)) => Duration::try_from(next.duration_since(now)).unwrap_or_default(),
            Err(StoreError::Stopped) => return Err(StoreError::Stopped),
            // Whoever tries to make one finds out why, and is heard.
            Err(_) if every.is_some() && left.is_zero() => {
                return Ok(Look { is_due: true, wait: look_every });
            }
            Ok(None) | Err(_) => return Ok(Look { is_due: false, wait: look_every }),
        };
        let is_due = wait.is_zero();
        Ok(Look { is_due, wait: wait.max(Duration::from_secs(1)).min(look_every) })
    }

    /// How long no copy can be made yet.
    fn left(&self) -> Duration {
        self.not_before.saturating_sub(self.env.monotonic())
    }

    /// Keeps within the budget, and makes a copy if one is due; returns how long there is nothing
    /// to do, or `None` at the end.
    async fn turn(&mut self, store: &Arc<SqliteStore>) -> Option<Duration> {
        self.make_room(store, Room::ForAllThere).await.ok()?;
        let Look { is_due, wait } = self.look(store).await.ok()?;
        if !is_due {
            return Some(wait);
        }
        match self.copy(store).await {
            Ok(made) => self.tell(&made),
            Err(StoreError::Stopped) => return None,
            Err(error) => self.tell_of_failure(&error),
        }
        Some(self.look(store).await.ok()?.wait)
    }

    async fn copy(&mut self, store: &Arc<SqliteStore>) -> Stored<Made> {
        let permit = self.vitals.tasks.admit(BACKUP).await;
        let (now, began) = (self.env.now(), self.env.monotonic());
        // First, so that it is not beyond the budget when it is there.
        self.make_room(store, Room::ForOneMore).await?;
        let copying = store.back_up(self.copies.place.clone(), self.copies.keep, now);
        let made = self.until_answered(store, LOOKS_WHILE_COPYING, copying).await;
        let outcome = if made.is_ok() { Outcome::Succeeded } else { Outcome::Failed };
        let ended = self.env.monotonic();
        permit.end(outcome, ended, ended.saturating_sub(began));
        self.make_room(store, Room::ForAllThere).await?;
        made
    }

    /// Keeps within the budget, and tells what went. Also where no copies are made: the log and
    /// copies by hand take room, too. [`StoreError::Stopped`] at the end.
    async fn make_room(&mut self, store: &SqliteStore, room: Room) -> Stored<()> {
        let (copies, now) = (self.copies.clone(), self.env.now());
        let keep = move || {
            let coming = match room {
                Room::ForAllThere => 0,
                Room::ForOneMore => copies.place.database_bytes(),
            };
            copies.keep_within_budget(coming, now)
        };
        match self.aside(store, keep).await {
            Ok(gone) => {
                for gone in gone {
                    let file = gone.display();
                    info!(%file, "an older file was removed, to stay within DISK_BUDGET_MB");
                }
            }
            Err(StoreError::Stopped) => return Err(StoreError::Stopped),
            Err(error) => warn!(%error, "nothing could be removed to stay within DISK_BUDGET_MB"),
        }
        Ok(())
    }

    fn tell_of_failure(&mut self, error: &StoreError) {
        let pause = self.copies.look_every.saturating_mul(LOOKS_UNTIL_AGAIN);
        self.not_before = self.env.monotonic().saturating_add(pause);
        if !self.is_failing {
            let folder = self.copies.place.folder.display();
            warn!(%error, %folder, "the database cannot be backed up there; it is tried again");
        }
        self.is_failing = true;
    }

    fn tell(&mut self, made: &Made) {
        (self.is_failing, self.is_told_to_fail) = (false, false);
        let file = made.kept.path.display();
        let Made { verified, removed, for_room, .. } = made;
        let removed = removed.len().saturating_add(for_room.len());
        let (bytes, answers) = (verified.bytes, verified.answers);
        info!(%file, bytes, answers, removed, "the database was backed up, and the backup checked");
    }
}

/// Whether the last that the operator was told of copies is that none can be made.
async fn has_told_of_failure(store: &SqliteStore) -> bool {
    let told = store.told_alerts().await.unwrap_or_default();
    let of_copies = told.iter().filter(|told| told.resource == Resource::Backups);
    of_copies.max_by_key(|told| told.at).is_some_and(|told| told.level.is_some())
}

#[cfg(test)]
mod tests {
    use std::path::Path;
    use std::sync::mpsc;

    use muster_engine::ports::within;
    use muster_scratch::Scratch;
    use muster_vitals::resources::ToldAlert;
    use muster_vitals::settings::Settings;
    use muster_vitals::snapshot::{AlertLevel, PressureLevel};
    use muster_vitals::tasks::Pressure;

    use super::*;

    /// Makes a copy of `database` every six hours, and looks whether one is due every so often.
    fn maker(database: &Path, look_every: Duration) -> Maker {
        let never = Copies::never(database);
        let copies = Copies { look_every, every: Some(Duration::from_hours(6)), ..never };
        let (env, vitals) = (SystemEnv::new(), Arc::new(Vitals::new(Settings::default())));
        let not_before = Duration::ZERO;
        Maker { env, copies, vitals, not_before, is_failing: false, is_told_to_fail: false }
    }

    #[tokio::test]
    async fn after_a_failure_one_is_due_when_the_pause_is_over() {
        let folder = Scratch::new().unwrap();
        std::fs::create_dir_all(folder.join("backups")).unwrap();
        let mut maker = maker(&folder.join("muster.db"), Duration::from_mins(1));
        maker.copies.place.folder = folder.join("backups");
        let store = Arc::new(SqliteStore::open_in_memory().unwrap());
        maker.tell_of_failure(&StoreError::Database("the disk is full".into()));
        let Look { is_due, wait } = maker.look(&store).await.unwrap();
        assert!(!is_due && wait == Duration::from_mins(1), "{wait:?}");
        maker.not_before = maker.env.monotonic();
        assert!(maker.look(&store).await.unwrap().is_due, "as the clock goes on meanwhile");
    }

    #[tokio::test]
    async fn what_was_told_before_a_restart_is_tried_soon_however_new_the_last_copy_is() {
        let folder = Scratch::new().unwrap();
        let database = folder.join("muster.db");
        let store = Arc::new(SqliteStore::open(&database).unwrap());
        let mut first = maker(&database, Duration::from_mins(1));
        first.copy(&store).await.unwrap();
        let told = |level| ToldAlert { resource: Resource::Backups, level, at: first.env.now() };
        for (level, soon) in [(Some(AlertLevel::Warning), true), (None, false)] {
            store.note_told(told(level)).await.unwrap();
            let mut next = maker(&database, Duration::from_hours(12));
            next.not_before = next.env.monotonic() + Duration::from_mins(1);
            let wait = next.begin(&store).await.unwrap();
            assert_eq!(wait <= Duration::from_mins(1), soon, "{wait:?}");
            next.not_before = next.env.monotonic();
            assert_eq!(next.look(&store).await.unwrap().is_due, soon);
            next.turn(&store).await.unwrap();
            assert!(!next.look(&store).await.unwrap().is_due, "a good one ends it");
        }
    }

    #[tokio::test]
    async fn a_copy_is_made_however_long_memory_is_short() {
        let folder = Scratch::new().unwrap();
        let database = folder.join("muster.db");
        let store = Arc::new(SqliteStore::open(&database).unwrap());
        let mut maker = maker(&database, Duration::from_mins(1));
        let pressure = Pressure { level: PressureLevel::Critical, ..Pressure::default() };
        maker.vitals.tasks.set_pressure(pressure, Duration::ZERO);
        let env = maker.env.clone();
        let made = within(&env, Duration::from_secs(20), maker.copy(&store)).await;
        assert!(made.is_some_and(|made| made.is_ok()));
    }

    #[tokio::test]
    async fn a_folder_that_does_not_answer_is_a_failure_and_holds_up_nobody() {
        let look_every = Duration::from_millis(20);
        let store = SqliteStore::open_in_memory().unwrap();
        let mut maker = maker(Path::new("muster.db"), look_every);
        let (answer, asked) = mpsc::channel::<u32>();
        let hangs = maker.aside(&store, move || Ok(asked.recv().ok()));
        let tells = async {
            while store.backups(SystemEnv::new().now()).failing_since.is_none() {
                SystemEnv::new().sleep(look_every).await;
            }
            answer.send(7).unwrap();
        };
        let (done, ()) = tokio::join!(hangs, tells);
        assert_eq!(done, Ok(Some(7)), "it is waited for");
        assert!(maker.is_failing && maker.not_before > Duration::ZERO);
    }
}
