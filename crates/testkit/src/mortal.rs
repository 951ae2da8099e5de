//! How a life of the bot ends: killed at a point, by its own decision, or from outside.

use std::convert::Infallible;
use std::sync::{Arc, Mutex, PoisonError};

use tokio::sync::watch;

use crate::disk::{Disk, Image};
use crate::env::Lot;
use crate::trace::Trace;

/// How a life ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Ending {
    /// Killed.
    Killed,
    /// It decided to end, because the disk cannot be trusted.
    SyncFailed,
    /// It decided to end, because Discord does not know its token.
    TokenRefused,
}

/// The thread by which a life hangs.
pub(crate) struct Mortal {
    lot: Arc<Lot>,
    disk: Arc<Disk>,
    trace: Arc<Trace>,
    ended: watch::Sender<Option<Ending>>,
    /// What the disk held a moment ago, for a bug that answers before it has saved.
    earlier: Mutex<Option<Image>>,
}

impl Mortal {
    /// For the life with these tasks.
    #[must_use]
    pub(crate) fn new(lot: Arc<Lot>, disk: Arc<Disk>, trace: Arc<Trace>) -> Self {
        let (ended, earlier) = (watch::Sender::new(None), Mutex::new(None));
        Self { lot, disk, trace, ended, earlier }
    }

    /// Ends the life in this very moment. What is on the disk stays as it is now.
    pub(crate) fn end(&self, ending: Ending) {
        if self.lot.is_over() {
            return;
        }
        self.lot.end();
        self.trace.note("life", format_args!("ends: {ending:?}"));
        let earlier = self.earlier.lock().unwrap_or_else(PoisonError::into_inner).take();
        match earlier {
            Some(image) => self.disk.go_back_to(image),
            None => {
                if let Err(error) = self.disk.keep_as_it_is() {
                    self.trace.note("life", format_args!("the disk could not be kept: {error}"));
                }
            }
        }
        self.ended.send_replace(Some(ending));
    }

    /// Whether it has ended.
    pub(crate) fn is_over(&self) -> bool {
        self.lot.is_over()
    }

    /// Kills the process at the point where it is; nothing comes after this.
    pub(crate) async fn die(&self) -> Infallible {
        self.end(Ending::Killed);
        std::future::pending().await
    }

    /// Waits for the end.
    pub(crate) async fn ended(&self) -> Ending {
        let mut ended = self.ended.subscribe();
        match ended.wait_for(Option::is_some).await {
            Ok(ending) => ending.unwrap_or(Ending::Killed),
            Err(_) => Ending::Killed,
        }
    }

    /// Remembers the disk as it is now, as what an end from here on leaves behind.
    pub(crate) fn pretend(&self) {
        let image = self.disk.image().ok();
        *self.earlier.lock().unwrap_or_else(PoisonError::into_inner) = image;
    }
}
