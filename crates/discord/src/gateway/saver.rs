//! Saves a shard's session beside its work, at most once a second, so that a slow disk never
//! delays a heartbeat.

use std::convert::Infallible;
use std::sync::{Mutex, PoisonError};

use muster_engine::ports::{Clock, within};
use muster_store::model::SavedSession;
use muster_store::port::Sessions;
use tokio::sync::Notify;

use super::limits::{RECORD_LIMIT, SAVE_SPACING};
use super::progress::Progress;

/// The session as it should be kept, and as it is kept.
pub(super) struct Saver {
    shard: u32,
    progress: Progress,
    current: Mutex<Option<SavedSession>>,
    changed: Notify,
    written: tokio::sync::Mutex<Option<SavedSession>>,
}

impl Saver {
    pub(super) fn new(shard: u32, progress: Progress, loaded: Option<SavedSession>) -> Self {
        let current = Mutex::new(loaded.clone());
        let written = tokio::sync::Mutex::new(loaded);
        Self { shard, progress, current, changed: Notify::new(), written }
    }

    /// Tells which session is valid now. Its sequence is taken from the progress, not from here.
    pub(super) fn put(&self, session: Option<&SavedSession>) {
        *self.current.lock().unwrap_or_else(PoisonError::into_inner) = session.cloned();
        self.changed.notify_one();
    }

    /// Saves whenever something has changed; ends only by being dropped.
    pub(super) async fn run(&self, clock: &impl Clock, kept: &impl Sessions) -> Infallible {
        loop {
            tokio::select! {
                () = self.changed.notified() => {}
                () = self.progress.moved() => {}
            }
            self.save(clock, kept).await;
            clock.sleep(SAVE_SPACING).await;
        }
    }

    /// Brings what is kept up to date now, within 3 s.
    pub(super) async fn save(&self, clock: &impl Clock, kept: &impl Sessions) {
        let mut written = self.written.lock().await;
        let target = self.target();
        if *written == target {
            return;
        }
        let saving = kept.save_session(self.shard, target.clone());
        match within(clock, RECORD_LIMIT, saving).await {
            Some(Ok(())) => *written = target,
            Some(Err(error)) => {
                tracing::warn!(shard = self.shard, %error, "gateway session cannot be saved");
            }
            None => tracing::warn!(shard = self.shard, "saving the gateway session takes too long"),
        }
    }

    fn target(&self) -> Option<SavedSession> {
        let mut target = self.current.lock().unwrap_or_else(PoisonError::into_inner).clone();
        if let Some(session) = &mut target {
            session.sequence = self.progress.processed();
        }
        target
    }
}
