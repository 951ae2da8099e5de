//! The threads that read beside the writer, each with a connection of its own: begun when there is
//! something to read and nobody free, ended when there was nothing for a while. One that waits
//! wakes for work, or once for its end.

mod seat;

use std::collections::{BTreeMap, VecDeque};
use std::num::NonZeroUsize;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use rusqlite::{Connection, InterruptHandle};
use tokio::sync::{Semaphore, mpsc, oneshot};
use tracing::warn;

use self::seat::{Errand, Reading, Seat};
use super::database::Opening;
use super::threads::spawn;
use crate::error::StoreError;
use crate::port::Stored;

/// How long the end waits for what is being read. What takes long is cut off at its next
/// statement, and everything else takes moments.
pub(super) const END_MAX: Duration = Duration::from_secs(3);

/// The same of what is done beside everything else. It is cut off within moments, too, unless it
/// writes to a folder that does not answer, and that may never end.
const END_ASIDE_MAX: Duration = Duration::from_secs(1);

/// Reads that can wait; who asks for more waits to ask.
const READS_QUEUED_MAX: usize = 1_024;

/// What a thread does next.
enum Todo {
    Reading(Reading),
    Errand(Errand),
}

/// How many may read, and how they open the database.
#[derive(Clone, Debug)]
pub(super) struct Rules {
    pub(super) path: PathBuf,
    pub(super) opening: Opening,
    /// Threads, and with them connections, at most.
    pub(super) readers_max: NonZeroUsize,
    /// After how long without use one ends.
    pub(super) idle_close: Duration,
    /// How long the end waits for them.
    pub(super) end_max: Duration,
}

/// The threads that read, and their queue.
pub(super) struct Readers {
    shared: Arc<Shared>,
    /// Places in the queue; closed when no more is taken.
    places: Arc<Semaphore>,
    /// How many may do something long at the same time: all but one.
    long: Arc<Semaphore>,
    /// The same, of which none is taken.
    long_max: usize,
}

struct Shared {
    rules: Rules,
    state: Mutex<State>,
    /// There is work, or the end.
    woken: Condvar,
    /// A thread has ended.
    ended: Condvar,
}

#[derive(Default)]
struct State {
    queue: VecDeque<Reading>,
    threads: usize,
    /// Those that will look into the queue before they do anything else.
    free: usize,
    is_stopping: bool,
    /// The end was waited for in vain.
    is_left: bool,
    /// The last one given.
    errand: Option<Errand>,
    /// What is long and under way, to be cut off at the end.
    long: BTreeMap<u64, InterruptHandle>,
    /// The number of the next of those.
    next_long: u64,
}

impl Readers {
    /// Begins no thread yet.
    pub(super) fn new(rules: Rules) -> Self {
        let long = rules.readers_max.get().saturating_sub(1);
        Self::with_long(rules, long)
    }

    /// One thread and connection for copies, and for what else takes long where no other can be
    /// spared for it. It begins with its work and ends with it.
    pub(super) fn aside(path: &Path, opening: Opening) -> Self {
        let (path, readers_max) = (path.to_owned(), NonZeroUsize::MIN);
        let (idle_close, end_max) = (Duration::ZERO, END_ASIDE_MAX);
        Self::with_long(Rules { path, opening, readers_max, idle_close, end_max }, 1)
    }

    fn with_long(rules: Rules, long: usize) -> Self {
        let shared =
            Shared { rules, state: Mutex::default(), woken: Condvar::new(), ended: Condvar::new() };
        Self {
            shared: Arc::new(shared),
            places: Arc::new(Semaphore::new(READS_QUEUED_MAX)),
            long: Arc::new(Semaphore::new(long)),
            long_max: long,
        }
    }

    /// Whether something long leaves a connection to others.
    pub(super) const fn can_spare_one(&self) -> bool {
        self.long_max > 0
    }

    /// Reads one state of the database, which no write changes meanwhile.
    pub(super) async fn read<T, F>(&self, work: F) -> Stored<T>
    where
        T: Send + 'static,
        F: FnOnce(&Connection) -> Stored<T> + Send + 'static,
    {
        self.ask(move |db| in_one_state(db, work)).await
    }

    /// Does something with a connection that takes long, so that others still find one; never done
    /// unless one can be spared.
    pub(super) async fn at_length<T, F>(&self, work: F) -> Stored<T>
    where
        T: Send + 'static,
        F: FnOnce(&Connection) -> Stored<T> + Send + 'static,
    {
        let long = Arc::clone(&self.long).acquire_owned().await.map_err(|_| StoreError::Stopped)?;
        let shared = Arc::clone(&self.shared);
        self.ask(move |db| {
            let done = shared.at_length(db, work);
            drop(long);
            done
        })
        .await
    }

    /// Does `work` once on every connection that is open: on those that are free before this
    /// returns, on others when what they do has ended.
    pub(super) async fn each(&self, work: fn(&Connection) -> Stored<()>) {
        let (done, mut free_done) = mpsc::channel(self.shared.rules.readers_max.get());
        let free = self.shared.give(work, done);
        for _ in 0..free {
            // Nobody is left to tell it if another errand took this one's place.
            if free_done.recv().await.is_none() {
                return;
            }
        }
    }

    /// Finishes what was asked and closes the connections; everything later is refused. Does not
    /// wait for ever for something that cannot be cut off.
    pub(super) async fn stop(&self) {
        self.hang_up();
        if self.shared.lock().threads == 0 {
            return;
        }
        let shared = Arc::clone(&self.shared);
        let (told, ended) = oneshot::channel();
        let wait = move || {
            shared.wait_for_end();
            // Whoever asked may have gone.
            let _told = told.send(());
        };
        match spawn("store-ending", wait) {
            Ok(_) => drop(ended.await),
            // Then it has to be waited for on this thread.
            Err(_) => self.shared.wait_for_end(),
        }
    }

    async fn ask<T, F>(&self, work: F) -> Stored<T>
    where
        T: Send + 'static,
        F: FnOnce(&Connection) -> Stored<T> + Send + 'static,
    {
        let places = Arc::clone(&self.places);
        let place = places.acquire_owned().await.map_err(|_| StoreError::Stopped)?;
        let (caller, outcome) = oneshot::channel();
        let reading: Reading = Box::new(move |db| {
            drop(place);
            let found = db.and_then(work);
            // A caller who went away does not want it any more.
            Box::new(move || drop(caller.send(found)))
        });
        self.shared.add(reading)?;
        outcome.await.unwrap_or(Err(StoreError::Stopped))
    }

    /// Takes no more. What is long is cut off, as the end waits for all.
    fn hang_up(&self) {
        self.places.close();
        self.long.close();
        let mut state = self.shared.lock();
        state.is_stopping = true;
        state.long.values().for_each(InterruptHandle::interrupt);
        drop(state);
        self.shared.woken.notify_all();
    }
}

impl Drop for Readers {
    fn drop(&mut self) {
        self.hang_up();
        self.shared.wait_for_end();
    }
}

impl State {
    /// How many errands were given.
    fn errands(&self) -> u64 {
        self.errand.as_ref().map_or(0, |errand| errand.number)
    }

    fn nothing_for(&self, seat: &Seat) -> bool {
        self.queue.is_empty() && self.errands() <= seat.errand_done
    }
}

impl Shared {
    /// Nothing that can panic is done under the lock.
    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Blocks until all threads have ended, or for as long as the end waits for them.
    fn wait_for_end(&self) {
        let end_max = self.rules.end_max;
        // What was waited for in vain is not waited for again.
        let go_on = |state: &mut State| state.threads > 0 && !state.is_left;
        let waited = self.ended.wait_timeout_while(self.lock(), end_max, go_on);
        let (mut state, waited) = waited.unwrap_or_else(PoisonError::into_inner);
        if waited.timed_out() && !state.is_left {
            state.is_left = true;
            let threads = state.threads;
            drop(state);
            warn!(
                threads,
                "what is read or copied cannot be cut off, as its disk does not answer; the \
                 database is closed without it"
            );
        }
    }

    /// Gives an errand to all; how many are free, and will tell that they have done it.
    fn give(&self, work: fn(&Connection) -> Stored<()>, done: mpsc::Sender<()>) -> usize {
        let mut state = self.lock();
        let number = state.errands().saturating_add(1);
        state.errand = Some(Errand { number, work, done });
        let free = state.free;
        drop(state);
        self.woken.notify_all();
        free
    }

    /// Puts something into the queue, and begins a thread for it if nobody is free.
    fn add(self: &Arc<Self>, reading: Reading) -> Stored<()> {
        let mut state = self.lock();
        if state.is_stopping {
            return Err(StoreError::Stopped);
        }
        if state.queue.len() >= state.free && state.threads < self.rules.readers_max.get() {
            let (shared, seat) = (Arc::clone(self), Seat::new(state.errands()));
            match spawn("store-reader", move || shared.read_until_idle(seat)) {
                Ok(_) => {
                    state.threads = state.threads.saturating_add(1);
                    state.free = state.free.saturating_add(1);
                }
                Err(error) if state.threads == 0 => return Err(error),
                // The others will come to it.
                Err(error) => {
                    warn!(%error, "a thread that reads could not be started; others read in its place");
                }
            }
        }
        state.queue.push_back(reading);
        drop(state);
        self.woken.notify_one();
        Ok(())
    }

    /// Does something long, unless the end comes first.
    fn at_length<T>(
        &self,
        db: &Connection,
        work: impl FnOnce(&Connection) -> Stored<T>,
    ) -> Stored<T> {
        let mut state = self.lock();
        if state.is_stopping {
            return Err(StoreError::Stopped);
        }
        let number = state.next_long;
        state.next_long = number.saturating_add(1);
        state.long.insert(number, db.get_interrupt_handle());
        drop(state);
        let done = work(db);
        let mut state = self.lock();
        state.long.remove(&number);
        let is_cut_off = state.is_stopping && done.is_err();
        if is_cut_off { Err(StoreError::Stopped) } else { done }
    }

    fn read_until_idle(&self, mut seat: Seat) {
        loop {
            while let Some(todo) = self.next(&seat) {
                match todo {
                    Todo::Reading(reading) => self.read(&mut seat, reading),
                    Todo::Errand(errand) => seat.run(&errand),
                }
            }
            seat.opened = None;
            let mut state = self.lock();
            // Something may have come since, for which nobody else was begun.
            if state.nothing_for(&seat) {
                state.threads = state.threads.saturating_sub(1);
                state.free = state.free.saturating_sub(1);
                break;
            }
        }
        self.ended.notify_all();
    }

    fn read(&self, seat: &mut Seat, reading: Reading) {
        let telling = seat.read(&self.rules, reading);
        let mut state = self.lock();
        state.free = state.free.saturating_add(1);
        seat.errand_before = state.errands();
        drop(state);
        // After that, so that the next question of the same caller finds this thread.
        if let Some(telling) = telling {
            telling();
        }
    }

    /// What is next; `None` if there was nothing for a while, or ever will be.
    fn next(&self, seat: &Seat) -> Option<Todo> {
        let nothing = |state: &mut State| state.nothing_for(seat) && !state.is_stopping;
        let idle_close = self.rules.idle_close;
        let waited = self.woken.wait_timeout_while(self.lock(), idle_close, nothing);
        let (mut state, _) = waited.unwrap_or_else(PoisonError::into_inner);
        if let Some(errand) = state.errand.as_ref().filter(|one| one.number > seat.errand_done) {
            return Some(Todo::Errand(errand.clone()));
        }
        let reading = state.queue.pop_front()?;
        state.free = state.free.saturating_sub(1);
        Some(Todo::Reading(reading))
    }
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

#[cfg(test)]
mod tests;
