//! The thread that writes, in groups. It sleeps on its queue while nothing is asked of it.

use std::mem;
use std::sync::Mutex;
use std::thread::{Builder, JoinHandle};

use tokio::sync::mpsc::error::TrySendError;
use tokio::sync::{mpsc, oneshot};
use tracing::warn;

use super::writer::{GROUP_MAX, Job, Tx, Writer, job};
use crate::error::StoreError;
use crate::port::Stored;

/// Writes that can wait: a whole large server tapping at once; beyond that the honest answer is
/// "busy".
const WRITES_QUEUED_MAX: usize = 16_384;

const _: () = assert!(WRITES_QUEUED_MAX >= 2 * GROUP_MAX);

enum Order {
    Do(Box<dyn Job>),
    /// To be done after the next group, outside of every transaction.
    Between(Aside),
    Stop(oneshot::Sender<Stored<()>>),
}

type Aside = Box<dyn FnOnce(&mut Writer) + Send>;

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

    /// Does something with the writer between two groups; waits for a place in the queue.
    pub(super) async fn between<T, F>(&self, work: F) -> Stored<T>
    where
        T: Send + 'static,
        F: FnOnce(&mut Writer) -> Stored<T> + Send + 'static,
    {
        let (caller, outcome) = oneshot::channel();
        // A caller who went away does not want it any more.
        let aside: Aside = Box::new(move |writer| drop(caller.send(work(writer))));
        self.orders.send(Order::Between(aside)).await.map_err(|_| StoreError::Stopped)?;
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
    let _alarm = writer.alarm();
    let mut orders = Vec::with_capacity(GROUP_MAX);
    let mut jobs = Vec::with_capacity(GROUP_MAX);
    let mut asides = Vec::new();
    let mut stopped = None;
    while queue.blocking_recv_many(&mut orders, GROUP_MAX) > 0 {
        for order in orders.drain(..) {
            match order {
                Order::Do(job) => jobs.push(job),
                Order::Between(aside) => asides.push(aside),
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
        for aside in asides.drain(..) {
            aside(&mut writer);
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

pub(super) fn spawn(name: &str, body: impl FnOnce() + Send + 'static) -> Stored<JoinHandle<()>> {
    Builder::new()
        .name(name.to_owned())
        .spawn(body)
        .map_err(|error| StoreError::Database(format!("the system gave no thread: {error}")))
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
    use std::sync::Arc;
    use std::sync::mpsc as blocking;
    use std::time::Duration;

    use futures_util::FutureExt;

    use super::*;
    use crate::sqlite::events::tests::database_with_events;
    use crate::sqlite::results::Results;
    use crate::sqlite::rosters::Rosters;

    #[tokio::test]
    async fn a_panic_in_a_write_is_told_like_a_failed_sync() {
        let rosters = Rosters::new(5, Arc::default());
        let results = Arc::new(Results::new(5, Duration::MAX, Arc::default()));
        let stopped = Arc::default();
        let writer = Writer::new(database_with_events(0), rosters, results, Arc::clone(&stopped));
        let thread = WriterThread::start(writer.unwrap()).unwrap();
        let defect = |_: &mut Tx<'_>| -> Stored<()> { panic!("a planted defect") };
        assert_eq!(thread.write(defect).await, Err(StoreError::Stopped));
        // That waits for its end.
        drop(thread);
        let told = stopped.get();
        assert!(told.is_some_and(|why: &String| why.contains("panicked")), "{told:?}");
    }

    #[tokio::test]
    async fn a_full_queue_says_busy_and_takes_more_once_it_is_shorter() {
        let rosters = Rosters::new(5, Arc::default());
        let results = Arc::new(Results::new(5, Duration::MAX, Arc::default()));
        let db = database_with_events(0);
        let writer = Writer::new(db, rosters, results, Arc::default()).unwrap();
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
}
