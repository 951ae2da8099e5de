//! The one place that writes: many jobs in one commit, so that one wait for the disk serves many
//! taps, and everybody is answered after it.

use std::sync::Arc;
use std::sync::atomic::Ordering::Relaxed;

use rusqlite::Connection;
use rusqlite::config::DbConfig;
use tokio::sync::{SetOnce, oneshot};
use tracing::{error, warn};

use super::database::Open;
use super::fault;
use super::meters::{Meters, add, many};
use super::results::{Changes, Results};
use super::rosters::Rosters;
use crate::error::StoreError;
use crate::port::Stored;

/// Jobs in one commit. Beyond this a larger group saves little and keeps the first ones waiting.
pub(super) const GROUP_MAX: usize = 256;

/// What a job works with: the open transaction, and the rosters at hand.
pub(super) struct Tx<'a> {
    pub(super) db: &'a Connection,
    pub(super) rosters: &'a mut Rosters,
}

/// Something to be done in a transaction, for a caller who waits for its commit.
pub(super) trait Job: Send {
    /// Does the work and keeps what came of it. An error undoes this job and no other.
    fn run(&mut self, tx: &mut Tx<'_>) -> Stored<()>;

    /// Tells the caller, after the commit of the whole group or its failure.
    fn answer(self: Box<Self>, group: Stored<()>);
}

/// A job made of a closure.
struct Request<T, F> {
    work: Option<F>,
    done: Stored<T>,
    caller: oneshot::Sender<Stored<T>>,
}

/// Makes a job of `work`, and the place where its outcome will arrive.
pub(super) fn job<T, F>(work: F) -> (Box<dyn Job>, oneshot::Receiver<Stored<T>>)
where
    T: Send + 'static,
    F: FnOnce(&mut Tx<'_>) -> Stored<T> + Send + 'static,
{
    let (caller, outcome) = oneshot::channel();
    let done = Err(StoreError::Stopped);
    (Box::new(Request { work: Some(work), done, caller }), outcome)
}

impl<T, F> Job for Request<T, F>
where
    T: Send,
    F: FnOnce(&mut Tx<'_>) -> Stored<T> + Send,
{
    fn run(&mut self, tx: &mut Tx<'_>) -> Stored<()> {
        if let Some(work) = self.work.take() {
            self.done = work(tx);
        }
        self.done.as_ref().map(|_| ()).map_err(Clone::clone)
    }

    fn answer(self: Box<Self>, group: Stored<()>) {
        let Self { done, caller, .. } = *self;
        // A caller who went away does not undo what was committed.
        drop(caller.send(group.and(done)));
    }
}

/// The connection that writes, with what it keeps at hand.
pub(super) struct Writer {
    db: Open,
    rosters: Rosters,
    meters: Arc<Meters>,
    changes: Changes,
    results: Arc<Results>,
    /// The failed sync after which nothing is written any more. Whoever waits for it has to end.
    failed_sync: Arc<SetOnce<String>>,
}

impl Writer {
    /// Takes from `results` what it changes, before anybody is told of it.
    pub(super) fn new(
        mut db: Open,
        rosters: Rosters,
        results: Arc<Results>,
        failed_sync: Arc<SetOnce<String>>,
    ) -> Stored<Self> {
        let meters = Arc::clone(rosters.meters());
        let changes = Changes::noted_on(&mut db)?;
        Ok(Self { db, rosters, meters, changes, results, failed_sync })
    }

    /// The connection, for reading outside a transaction of its own.
    pub(super) fn db(&self) -> &Connection {
        &self.db
    }

    /// For the thread that writes, to be held until it ends.
    pub(super) fn alarm(&self) -> Alarm {
        Alarm(Arc::clone(&self.failed_sync))
    }

    /// Lets go of so many percent of the rosters at hand; returns their bytes. For between two
    /// groups: then no transaction has touched any.
    pub(super) fn let_go(&mut self, percent: u8) -> u64 {
        self.rosters.let_go(percent)
    }

    /// Does all jobs in one transaction, commits it, then answers their callers.
    pub(super) fn commit(&mut self, jobs: &mut Vec<Box<dyn Job>>) {
        let outcome = self.run_all(jobs);
        // After a failure, too: then they are merely read again.
        self.results.take(&self.changes.take());
        self.meters.failing.store(outcome.is_err().into(), Relaxed);
        match &outcome {
            Ok(()) => {
                self.rosters.keep_touched();
                add(&self.meters.commits, 1);
                add(&self.meters.writes, many(jobs.len()));
            }
            Err(error) => {
                warn!(%error, jobs = jobs.len(), "a group of writes failed");
                self.stop_for_good_after(error);
                self.roll_back();
            }
        }
        for job in jobs.drain(..) {
            job.answer(outcome.clone());
        }
    }

    /// Empties the log into the database and closes it.
    pub(super) fn close(self) -> Stored<()> {
        if self.failed_sync.get().is_some() {
            // What the disk holds is unknown: the next start recovers from the log, untouched.
            self.db.set_db_config(DbConfig::SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, true)?;
            return Ok(());
        }
        self.db.query_row("PRAGMA wal_checkpoint(TRUNCATE)", [], |_| Ok(()))?;
        self.db.close()
    }

    fn run_all(&mut self, jobs: &mut [Box<dyn Job>]) -> Stored<()> {
        check(&self.failed_sync)?;
        self.execute("BEGIN IMMEDIATE")?;
        for job in jobs {
            self.run_one(job.as_mut())?;
        }
        self.db.prepare_cached("COMMIT")?.execute([]).map_err(|error| fault::of_commit(&error))?;
        Ok(())
    }

    /// Does one job within the transaction. Fails only when the whole transaction is lost.
    fn run_one(&mut self, job: &mut dyn Job) -> Stored<()> {
        self.execute("SAVEPOINT job")?;
        let mut tx = Tx { db: &self.db, rosters: &mut self.rosters };
        let Err(error) = job.run(&mut tx) else {
            return self.execute("RELEASE job");
        };
        warn!(%error, "a write failed");
        self.rosters.forget_touched();
        // A full disk, among others, makes SQLite undo the transaction by itself.
        if self.db.is_autocommit() || matches!(error, StoreError::SyncFailed(_)) {
            return Err(error);
        }
        self.execute("ROLLBACK TO job")?;
        self.execute("RELEASE job")
    }

    fn stop_for_good_after(&self, failed: &StoreError) {
        if let StoreError::SyncFailed(reason) = failed {
            error!(%reason, "a write could not be made durable; nothing is written any more");
            self.stop_for_good(reason.clone());
        }
    }

    fn roll_back(&mut self) {
        self.rosters.forget_touched();
        if self.db.is_autocommit() {
            return;
        }
        if let Err(error) = self.execute("ROLLBACK") {
            error!(%error, "a failed group of writes could not be undone");
            self.stop_for_good(error.to_string());
        }
    }

    fn stop_for_good(&self, reason: String) {
        // If it has stopped before, the first reason stays.
        drop(self.failed_sync.set(reason));
    }

    fn execute(&self, sql: &str) -> Stored<()> {
        self.db.prepare_cached(sql)?.execute([])?;
        Ok(())
    }
}

/// If the thread that holds it ends by a panic, nothing is written any more, as after a failed
/// sync: whoever waits for that has to end, or the program would live on and take no answer.
pub(super) struct Alarm(Arc<SetOnce<String>>);

impl Drop for Alarm {
    fn drop(&mut self) {
        if std::thread::panicking() {
            let reason = "the thread that writes has panicked; this is a defect of Muster";
            error!(%reason, "nothing is written any more");
            // If it has stopped before, the first reason stays.
            drop(self.0.set(reason.to_owned()));
        }
    }
}

/// Fails after a failed sync, however long ago.
pub(super) fn check(failed_sync: &SetOnce<String>) -> Stored<()> {
    match failed_sync.get() {
        Some(reason) => Err(StoreError::SyncFailed(reason.clone())),
        None => Ok(()),
    }
}
