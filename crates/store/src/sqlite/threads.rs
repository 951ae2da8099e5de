//! The two threads of the store: one that writes in groups, one that reads beside it. Both sleep on
//! their queue while nothing is asked of them.

use std::mem;
use std::path::PathBuf;
use std::sync::Mutex;
use std::thread::{Builder, JoinHandle};

use rusqlite::Connection;
use tokio::sync::mpsc::error::TrySendError;
use tokio::sync::{mpsc, oneshot};
use tracing::warn;

use super::database;
use super::writer::{GROUP_MAX, Job, Tx, Writer, job};
use crate::error::StoreError;
use crate::port::Stored;

/// Writes that can wait: a whole large server tapping at once; beyond that the honest answer is
/// "busy".
const WRITES_QUEUED_MAX: usize = 16_384;

/// Reads that can wait; who asks for more waits to ask.
const READS_QUEUED_MAX: usize = 1_024;

const _: () = assert!(WRITES_QUEUED_MAX >= 2 * GROUP_MAX);

enum Order {
    Do(Box<dyn Job>),
    Stop(oneshot::Sender<Stored<()>>),
}

type Reading = Box<dyn FnOnce(Stored<&Connection>) + Send>;

enum ReadOrder {
    Do(Reading),
    Stop(oneshot::Sender<()>),
}

/// The thread that writes, and its queue.
pub(super) struct WriterThread {
    orders: mpsc::Sender<Order>,
    thread: Mutex<Option<JoinHandle<()>>>,
}

impl WriterThread {
    pub(super) fn start(writer: Writer) -> Stored<Self> {
        let (orders, queue) = mpsc::channel(WRITES_QUEUED_MAX);
        let thread = spawn("store-writer", move || write_until_stopped(writer, queue))?;
        Ok(Self { orders, thread: Mutex::new(Some(thread)) })
    }

    /// Does `work` in the next group; waits for a place in the queue.
    pub(super) async fn write<T, F>(&self, work: F) -> Stored<T>
    where
        T: Send + 'static,
        F: FnOnce(&mut Tx<'_>) -> Stored<T> + Send + 'static,
    {
        let (job, outcome) = job(work);
        self.orders.send(Order::Do(job)).await.map_err(|_| StoreError::Stopped)?;
        outcome.await.unwrap_or(Err(StoreError::Stopped))
    }

    /// Does `work` in the next group, or fails at once when the queue is full.
    pub(super) async fn write_or_busy<T, F>(&self, work: F) -> Stored<T>
    where
        T: Send + 'static,
        F: FnOnce(&mut Tx<'_>) -> Stored<T> + Send + 'static,
    {
        let (job, outcome) = job(work);
        self.orders.try_send(Order::Do(job)).map_err(|refused| match refused {
            TrySendError::Full(_) => StoreError::Busy,
            TrySendError::Closed(_) => StoreError::Stopped,
        })?;
        outcome.await.unwrap_or(Err(StoreError::Stopped))
    }

    /// Finishes the queue and closes the database; everything later is refused.
    pub(super) async fn stop(&self) -> Stored<()> {
        let (caller, outcome) = oneshot::channel();
        self.orders.send(Order::Stop(caller)).await.map_err(|_| StoreError::Stopped)?;
        let closed = outcome.await.unwrap_or(Err(StoreError::Stopped));
        join(&self.thread);
        closed
    }
}

impl Drop for WriterThread {
    fn drop(&mut self) {
        hang_up(&mut self.orders);
        join(&self.thread);
    }
}

fn write_until_stopped(mut writer: Writer, mut queue: mpsc::Receiver<Order>) {
    let mut orders = Vec::with_capacity(GROUP_MAX);
    let mut jobs = Vec::with_capacity(GROUP_MAX);
    let mut stopped = None;
    while queue.blocking_recv_many(&mut orders, GROUP_MAX) > 0 {
        for order in orders.drain(..) {
            match order {
                Order::Do(job) => jobs.push(job),
                Order::Stop(caller) => {
                    // What is queued already is still done; the queue takes no more.
                    queue.close();
                    stopped = Some(caller);
                }
            }
        }
        if !jobs.is_empty() {
            writer.commit(&mut jobs);
        }
    }
    let closed = writer.close();
    if let Err(error) = &closed {
        warn!(%error, "the database was not closed cleanly");
    }
    if let Some(caller) = stopped {
        // Whoever asked may have gone.
        drop(caller.send(closed));
    }
}

/// The thread that reads, and its queue.
pub(super) struct ReaderThread {
    orders: mpsc::Sender<ReadOrder>,
    thread: Mutex<Option<JoinHandle<()>>>,
}

impl ReaderThread {
    /// Starts the thread; it opens its connection when it is first asked for something.
    pub(super) fn start(path: PathBuf) -> Stored<Self> {
        let (orders, queue) = mpsc::channel(READS_QUEUED_MAX);
        let thread = spawn("store-reader", move || read_until_stopped(&path, queue))?;
        Ok(Self { orders, thread: Mutex::new(Some(thread)) })
    }

    /// Reads one state of the database, which no write changes meanwhile.
    pub(super) async fn read<T, F>(&self, work: F) -> Stored<T>
    where
        T: Send + 'static,
        F: FnOnce(&Connection) -> Stored<T> + Send + 'static,
    {
        let (caller, outcome) = oneshot::channel();
        let reading: Reading = Box::new(move |db| {
            // A caller who went away does not want it any more.
            drop(caller.send(db.and_then(|db| in_one_state(db, work))));
        });
        self.orders.send(ReadOrder::Do(reading)).await.map_err(|_| StoreError::Stopped)?;
        outcome.await.unwrap_or(Err(StoreError::Stopped))
    }

    /// Finishes what was asked and closes the connection; everything later is refused.
    pub(super) async fn stop(&self) {
        let (caller, stopped) = oneshot::channel();
        if self.orders.send(ReadOrder::Stop(caller)).await.is_ok() {
            // Fails only if the thread is gone, which is what was wanted.
            let _gone = stopped.await;
        }
        join(&self.thread);
    }
}

impl Drop for ReaderThread {
    fn drop(&mut self) {
        hang_up(&mut self.orders);
        join(&self.thread);
    }
}

fn read_until_stopped(path: &std::path::Path, mut queue: mpsc::Receiver<ReadOrder>) {
    let mut opened = None;
    let mut stopped = None;
    while let Some(order) = queue.blocking_recv() {
        match order {
            ReadOrder::Do(reading) => read_one(&mut opened, path, reading),
            ReadOrder::Stop(caller) => {
                // What is queued already is still read; the queue takes no more.
                queue.close();
                stopped = Some(caller);
            }
        }
    }
    drop(opened);
    if let Some(caller) = stopped {
        // Whoever asked may have gone.
        let _heard = caller.send(());
    }
}

fn read_one(opened: &mut Option<Connection>, path: &std::path::Path, reading: Reading) {
    if opened.is_none() {
        match database::open_reader(path) {
            Ok(db) => *opened = Some(db),
            Err(error) => return reading(Err(error)),
        }
    }
    reading(opened.as_ref().ok_or(StoreError::Stopped));
}

/// Reads within one transaction, so that several questions get answers that fit together.
pub(super) fn in_one_state<T>(
    db: &Connection,
    work: impl FnOnce(&Connection) -> Stored<T>,
) -> Stored<T> {
    let tx = db.unchecked_transaction()?;
    let found = work(&tx)?;
    tx.finish()?;
    Ok(found)
}

/// Does `work` on a thread of its own, which ends with it.
pub(super) async fn beside<T: Send + 'static>(
    name: &str,
    work: impl FnOnce() -> Stored<T> + Send + 'static,
) -> Stored<T> {
    let (caller, outcome) = oneshot::channel();
    // Whoever asked may have gone, and nobody waits for the thread.
    spawn(name, move || drop(caller.send(work())))?;
    outcome.await.unwrap_or(Err(StoreError::Stopped))
}

fn spawn(name: &str, body: impl FnOnce() + Send + 'static) -> Stored<JoinHandle<()>> {
    Builder::new()
        .name(name.to_owned())
        .spawn(body)
        .map_err(|error| StoreError::Database(format!("no thread for the store: {error}")))
}

/// Lets go of a queue for good: its thread ends when all is done.
fn hang_up<T>(sender: &mut mpsc::Sender<T>) {
    let (dead, _) = mpsc::channel(1);
    drop(mem::replace(sender, dead));
}

fn join(thread: &Mutex<Option<JoinHandle<()>>>) {
    let Ok(mut thread) = thread.lock() else {
        return;
    };
    let Some(handle) = thread.take() else { return };
    if handle.join().is_err() {
        warn!("a thread of the store ended by a fault");
    }
}

#[cfg(test)]
mod tests {
    use std::sync::mpsc as blocking;
    use std::sync::{Arc, OnceLock};

    use futures_util::FutureExt;

    use super::*;
    use crate::sqlite::events::tests::database_with_events;

    #[tokio::test]
    async fn a_full_queue_says_busy_and_takes_more_once_it_is_shorter() {
        let writer = Writer::new(database_with_events(0), Arc::new(OnceLock::new()));
        let thread = WriterThread::start(writer).unwrap();
        let (begun, begins) = blocking::channel();
        let (release, held) = blocking::channel::<()>();
        let blocker = thread.write_or_busy(move |_| {
            begun.send(()).unwrap();
            Ok(held.recv().is_err())
        });
        let mut blocker = Box::pin(blocker);
        assert!(blocker.as_mut().now_or_never().is_none());
        begins.recv().unwrap();
        let mut waiting: Vec<_> =
            (0..WRITES_QUEUED_MAX).map(|_| Box::pin(thread.write_or_busy(|_| Ok(())))).collect();
        for write in &mut waiting {
            assert!(write.now_or_never().is_none());
        }
        assert_eq!(thread.write_or_busy(|_| Ok(())).await, Err(StoreError::Busy));
        drop(release);
        assert_eq!(blocker.await, Ok(true));
        for write in waiting {
            assert_eq!(write.await, Ok(()));
        }
        assert_eq!(thread.write_or_busy(|_| Ok(())).await, Ok(()));
    }

    #[tokio::test]
    async fn who_waits_for_a_full_queue_when_the_store_closes_holds_up_nobody() {
        let path = std::env::temp_dir().join(format!("muster-reads-{}.db", std::process::id()));
        drop(database::open_writer(&path).unwrap());
        let thread = ReaderThread::start(path.clone()).unwrap();
        let (begun, begins) = blocking::channel();
        let (release, held) = blocking::channel::<()>();
        let mut blocker = Box::pin(thread.read(move |_| {
            begun.send(()).unwrap();
            Ok(held.recv().is_err())
        }));
        assert!(blocker.as_mut().now_or_never().is_none());
        begins.recv().unwrap();
        let read = |_| Box::pin(thread.read(|_| Ok(())));
        // A full queue, and three who wait for a place in it.
        let mut reads: Vec<_> = (0..READS_QUEUED_MAX + 3).map(read).collect();
        assert!(reads.iter_mut().all(|read| read.now_or_never().is_none()));
        let mut stop = Box::pin(thread.stop());
        assert!(stop.as_mut().now_or_never().is_none());
        drop(release);
        let (told, ()) = tokio::join!(futures_util::future::join_all(reads), stop);
        assert_eq!(blocker.await, Ok(true));
        let read = told.iter().filter(|told| **told == Ok(())).count();
        let refused = told.iter().filter(|told| **told == Err(StoreError::Stopped)).count();
        assert!(read > 0 && read + refused == READS_QUEUED_MAX + 3, "{read} and {refused}");
        assert_eq!(thread.read(|_| Ok(())).await, Err(StoreError::Stopped));
        drop(thread);
        std::fs::remove_file(path).unwrap();
    }
}
