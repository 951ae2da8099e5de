//! What one thread that reads has for itself: its connection, and which errands it has done.

use std::panic::{AssertUnwindSafe, catch_unwind};

use rusqlite::Connection;
use tokio::sync::mpsc;
use tracing::warn;

use super::Rules;
use crate::port::Stored;
use crate::sqlite::database::{self, Open};

/// Reads something, and returns how to tell it to whoever asked.
pub(super) type Reading = Box<dyn FnOnce(Stored<&Connection>) -> Telling + Send>;

pub(super) type Telling = Box<dyn FnOnce() + Send>;

/// What every connection is to do once; those that are free do it before anything else.
#[derive(Clone)]
pub(super) struct Errand {
    /// Counts them, so that each thread knows which it has done.
    pub(super) number: u64,
    pub(super) work: fn(&Connection) -> Stored<()>,
    pub(super) done: mpsc::Sender<()>,
}

/// What a thread has for itself.
pub(super) struct Seat {
    pub(super) opened: Option<Open>,
    /// The last errand that it did, or that was given before it began.
    pub(super) errand_done: u64,
    /// The last one that was given before it became free.
    pub(super) errand_before: u64,
}

impl Seat {
    /// The place of a thread that begins, and is free, when so many errands were given.
    pub(super) const fn new(errands: u64) -> Self {
        Self { opened: None, errand_done: errands, errand_before: errands }
    }

    pub(super) fn read(&mut self, rules: &Rules, reading: Reading) -> Option<Telling> {
        let open = || database::open_reader(&rules.path, &rules.opening);
        let db = match self.opened.take().map_or_else(open, Ok) {
            Ok(db) => db,
            Err(error) => return Some(reading(Err(error))),
        };
        // A reading that panics takes its connection with it, and nobody else's.
        let telling = catch_unwind(AssertUnwindSafe(|| reading(Ok(&db)))).ok()?;
        self.opened = Some(db);
        Some(telling)
    }

    /// Who gave the errand waits for those alone that were free then.
    pub(super) fn run(&mut self, errand: &Errand) {
        self.errand_done = errand.number;
        if let Some(db) = self.opened.take() {
            match catch_unwind(AssertUnwindSafe(|| (errand.work)(&db))) {
                Ok(Ok(())) => self.opened = Some(db),
                // What cannot do that much is opened anew when it is needed.
                Ok(Err(error)) => warn!(%error, "a connection that reads is closed"),
                Err(_) => warn!("a connection that reads is closed after a fault"),
            }
        }
        if errand.number > self.errand_before {
            // There is a place for each thread, and who gave it may have gone.
            let _told = errand.done.try_send(());
        }
    }
}
