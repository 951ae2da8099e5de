//! Connections that read: opened when needed, reached each once, ended in order.

use std::sync::Barrier;
use std::sync::atomic::Ordering::Relaxed;
use std::sync::mpsc as blocking;

use futures_util::FutureExt;
use futures_util::future::join_all;
use muster_scratch::Scratch;

use super::*;
use crate::sqlite::database;

/// An empty database, and those who read it.
struct Library {
    path: PathBuf,
    rules: Rules,
    readers: Readers,
    _scratch: Scratch,
}

impl Library {
    fn new(readers_max: usize, idle_close: Duration) -> Self {
        let scratch = Scratch::new().unwrap();
        let path = scratch.join("muster.db");
        let opening = Opening::default();
        drop(database::open_writer(&path, &opening).unwrap());
        let readers_max = NonZeroUsize::new(readers_max).unwrap();
        let end_max = END_MAX;
        let rules = Rules { path: path.clone(), opening, readers_max, idle_close, end_max };
        Self { path, rules: rules.clone(), readers: Readers::new(rules), _scratch: scratch }
    }

    /// A connection is in use for something long, until the sender is dropped.
    fn occupied(&self) -> (blocking::Sender<()>, impl Future<Output = Stored<bool>> + '_) {
        let (begun, begins) = blocking::channel();
        let (release, held) = blocking::channel::<()>();
        let mut long = Box::pin(self.readers.at_length(move |_| {
            begun.send(()).unwrap();
            Ok(held.recv().is_err())
        }));
        assert!(long.as_mut().now_or_never().is_none());
        begins.recv().unwrap();
        (release, long)
    }

    fn connections(&self) -> u64 {
        self.rules.opening.meters.connections.load(Relaxed)
    }

    fn wait_for_the_end(&self) {
        let shared = &self.readers.shared;
        drop(shared.ended.wait_while(shared.lock(), |state| state.threads > 0).unwrap());
    }

    fn threads(&self) -> usize {
        self.readers.shared.lock().threads
    }
}

const HOUR: Duration = Duration::from_hours(1);

#[tokio::test]
async fn connections_are_opened_when_there_is_something_to_read_and_never_too_many() {
    let library = Library::new(2, HOUR);
    assert_eq!((library.connections(), library.threads()), (0, 0));
    library.readers.read(|_| Ok(())).await.unwrap();
    library.readers.read(|_| Ok(())).await.unwrap();
    assert_eq!(library.connections(), 1, "one after the other needs one");
    let (begun, begins) = blocking::channel();
    let (release, held) = blocking::channel::<()>();
    let held = Arc::new(Mutex::new(held));
    let mut reads: Vec<_> = (0..4)
        .map(|_| {
            let (begun, held) = (begun.clone(), Arc::clone(&held));
            Box::pin(library.readers.read(move |_| {
                begun.send(()).unwrap();
                Ok(held.lock().unwrap().recv().is_err())
            }))
        })
        .collect();
    assert!(reads.iter_mut().all(|read| read.now_or_never().is_none()));
    begins.recv().unwrap();
    begins.recv().unwrap();
    assert_eq!((library.connections(), library.threads()), (2, 2));
    drop(release);
    assert_eq!(join_all(reads).await, vec![Ok(true); 4]);
}

#[tokio::test]
async fn a_connection_that_nobody_used_for_a_while_is_closed_and_opened_again() {
    let library = Library::new(2, Duration::from_millis(20));
    library.readers.read(|_| Ok(())).await.unwrap();
    library.wait_for_the_end();
    assert_eq!(library.connections(), 0);
    library.readers.read(|_| Ok(())).await.unwrap();
}

/// Leaves a mark on a connection, and fails if there is one: then the connection is closed.
fn mark(db: &Connection) -> Stored<()> {
    if is_marked(db) {
        return Err(StoreError::Busy);
    }
    Ok(db.pragma_update(None, "cache_size", 7)?)
}

fn is_marked(db: &Connection) -> bool {
    db.pragma_query_value(None, "cache_size", |row| row.get::<_, i64>(0)) == Ok(7)
}

async fn marks(library: &Library, readers: usize) -> Vec<bool> {
    let together = Arc::new(Barrier::new(readers));
    let asked = (0..readers).map(|_| {
        let together = Arc::clone(&together);
        library.readers.read(move |db| {
            // So that each is read by another thread.
            together.wait();
            Ok(is_marked(db))
        })
    });
    join_all(asked).await.into_iter().map(Result::unwrap).collect()
}

#[tokio::test]
async fn what_every_connection_is_to_do_reaches_each_once() {
    for _ in 0..50 {
        let library = Library::new(4, HOUR);
        assert_eq!(marks(&library, 4).await, [false; 4]);
        library.readers.each(mark).await;
        assert_eq!(marks(&library, 4).await, [true; 4]);
    }
}

#[tokio::test]
async fn a_connection_in_use_is_reached_afterwards_and_nobody_waits_for_it() {
    let library = Library::new(2, HOUR);
    marks(&library, 2).await;
    let (release, long) = library.occupied();
    library.readers.each(mark).await;
    drop(release);
    assert_eq!(long.await, Ok(true));
    assert_eq!(marks(&library, 2).await, [true; 2]);
}

#[tokio::test]
async fn something_long_leaves_a_connection_to_others() {
    let library = Library::new(2, HOUR);
    let (release, long) = library.occupied();
    let mut second = Box::pin(library.readers.at_length(|_| Ok(())));
    assert!(second.as_mut().now_or_never().is_none());
    assert_eq!(library.readers.read(|_| Ok(7)).await, Ok(7));
    assert!(second.as_mut().now_or_never().is_none(), "it waits for the first");
    drop(release);
    assert_eq!((long.await, second.await), (Ok(true), Ok(())));
}

/// Stops readers while something long is under way, which is cut off and waited for.
async fn cut_off(readers: &Readers) {
    const ENDLESS: &str = "
        WITH RECURSIVE n (x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM n)
        SELECT count(*) FROM n";
    let (begun, begins) = blocking::channel();
    let mut endless = Box::pin(readers.at_length(move |db| {
        begun.send(()).unwrap();
        Ok(db.query_row(ENDLESS, [], |row| row.get::<_, i64>(0))?)
    }));
    assert!(endless.as_mut().now_or_never().is_none());
    begins.recv().unwrap();
    // The statement may not have begun yet, and then it is not cut off.
    std::thread::yield_now();
    let stop = async {
        loop {
            match readers.stop().now_or_never() {
                Some(()) => break,
                None => tokio::task::yield_now().await,
            }
        }
    };
    let (endless, ()) = tokio::join!(endless, stop);
    assert_eq!(endless, Err(StoreError::Stopped));
}

#[tokio::test]
async fn something_long_is_cut_off_at_the_end() {
    let library = Library::new(2, HOUR);
    cut_off(&library.readers).await;
    assert_eq!(library.connections(), 0);
}

#[tokio::test]
async fn something_long_beside_all_others_is_cut_off_and_waited_for_at_the_end() {
    let library = Library::new(1, HOUR);
    assert!(!library.readers.can_spare_one());
    let aside = Readers::aside(&library.path, library.rules.opening.clone());
    assert_eq!(aside.at_length(|_| Ok(7)).await, Ok(7));
    cut_off(&aside).await;
    assert_eq!(library.connections(), 0, "it was closed");
    assert_eq!(aside.at_length(|_| Ok(7)).await, Err(StoreError::Stopped));
}

#[tokio::test]
async fn what_cannot_be_cut_off_holds_up_the_end_for_a_while_and_no_longer() {
    let library = Library::new(2, HOUR);
    let rules = Rules { end_max: Duration::from_millis(20), ..library.rules.clone() };
    let readers = Readers::new(rules);
    let (begun, begins) = blocking::channel();
    let (release, held) = blocking::channel::<()>();
    let mut stubborn = Box::pin(readers.at_length(move |_| {
        begun.send(()).unwrap();
        Ok(held.recv().is_err())
    }));
    assert!(stubborn.as_mut().now_or_never().is_none());
    begins.recv().unwrap();
    readers.stop().await;
    assert_eq!(library.connections(), 1, "it still reads");
    drop(release);
    assert_eq!(stubborn.await, Ok(true));
}

#[tokio::test]
async fn a_reading_that_panics_harms_no_other() {
    let library = Library::new(1, HOUR);
    let died = library.readers.read(|_| -> Stored<()> { panic!("a planted fault") }).await;
    assert_eq!(died, Err(StoreError::Stopped));
    assert_eq!(library.readers.read(|_| Ok(7)).await, Ok(7));
    assert_eq!(library.connections(), 1);
}

#[tokio::test]
async fn who_waits_for_a_full_queue_when_the_store_closes_holds_up_nobody() {
    let library = Library::new(1, HOUR);
    let readers = &library.readers;
    let (begun, begins) = blocking::channel();
    let (release, held) = blocking::channel::<()>();
    let mut blocker = Box::pin(readers.read(move |_| {
        begun.send(()).unwrap();
        Ok(held.recv().is_err())
    }));
    assert!(blocker.as_mut().now_or_never().is_none());
    begins.recv().unwrap();
    // A full queue beside the one that is read, and three who wait for a place in it.
    let mut reads: Vec<_> =
        (0..READS_QUEUED_MAX + 3).map(|_| Box::pin(readers.read(|_| Ok(())))).collect();
    assert!(reads.iter_mut().all(|read| read.now_or_never().is_none()));
    let mut stop = Box::pin(readers.stop());
    assert!(stop.as_mut().now_or_never().is_none());
    drop(release);
    let (told, ()) = tokio::join!(join_all(reads), stop);
    assert_eq!(blocker.await, Ok(true));
    let read = told.iter().filter(|told| **told == Ok(())).count();
    let refused = told.iter().filter(|told| **told == Err(StoreError::Stopped)).count();
    assert!(read > 0 && refused > 0, "{read} and {refused}");
    assert_eq!(read + refused, READS_QUEUED_MAX + 3);
    assert_eq!(readers.read(|_| Ok(())).await, Err(StoreError::Stopped));
    assert_eq!(library.connections(), 0);
}
