//! Which events have been processed, so that a restart resumes behind the last of them and
//! neither loses one nor repeats many.

use std::collections::BTreeSet;
use std::sync::{Arc, Mutex, PoisonError};

use tokio::sync::Notify;

/// Follows the events of one shard from the wire to the end of their processing.
#[derive(Clone, Default)]
pub(super) struct Progress {
    shared: Arc<Shared>,
}

#[derive(Default)]
struct Shared {
    state: Mutex<State>,
    moved: Notify,
}

#[derive(Default)]
struct State {
    /// Sessions count their events from 1 again; a receipt of an older one says nothing.
    generation: u64,
    received: u64,
    open: BTreeSet<u64>,
    /// The first event that nobody will process in this run.
    given_up: Option<u64>,
}

/// Proof that an event is being worked on; dropping it means that the work is done.
pub(super) struct Receipt {
    shared: Arc<Shared>,
    generation: u64,
    sequence: u64,
}

impl Progress {
    /// Begins a session whose last processed event is `sequence`.
    pub(super) fn begin(&self, sequence: u64) {
        let mut state = self.shared.lock();
        state.generation += 1;
        state.received = sequence;
        state.open.clear();
        state.given_up = None;
    }

    /// Notes an event that nobody needs to process.
    pub(super) fn skip_to(&self, sequence: u64) {
        let mut state = self.shared.lock();
        state.received = state.received.max(sequence);
    }

    /// Notes an event that is handed on.
    pub(super) fn take(&self, sequence: u64) -> Receipt {
        let mut state = self.shared.lock();
        state.received = state.received.max(sequence);
        state.open.insert(sequence);
        Receipt { shared: Arc::clone(&self.shared), generation: state.generation, sequence }
    }

    /// The last event before which everything is done.
    pub(super) fn processed(&self) -> u64 {
        let state = self.shared.lock();
        let first_left = state.open.first().copied().into_iter().chain(state.given_up).min();
        match first_left {
            Some(first) => state.received.min(first.saturating_sub(1)),
            None => state.received,
        }
    }

    /// Returns when something has been processed since the last call.
    pub(super) async fn moved(&self) {
        self.shared.moved.notified().await;
    }

    /// Returns when nothing is in hand.
    pub(super) async fn drained(&self) {
        while !self.shared.lock().open.is_empty() {
            self.shared.moved.notified().await;
        }
    }
}

impl Receipt {
    /// Nobody will work on this event in this run: whoever resumes the session asks for it again.
    pub(super) fn give_up(self) {
        let mut state = self.shared.lock();
        if state.generation == self.generation {
            let first = state.given_up.map_or(self.sequence, |first| first.min(self.sequence));
            state.given_up = Some(first);
        }
    }
}

impl Shared {
    fn lock(&self) -> std::sync::MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Drop for Receipt {
    fn drop(&mut self) {
        let mut state = self.shared.lock();
        if state.generation == self.generation {
            state.open.remove(&self.sequence);
        }
        drop(state);
        self.shared.moved.notify_one();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn counts_up_to_the_oldest_event_in_hand() {
        let progress = Progress::default();
        progress.begin(10);
        let first = progress.take(11);
        let second = progress.take(12);
        progress.skip_to(13);
        assert_eq!(progress.processed(), 10);
        drop(second);
        assert_eq!(progress.processed(), 10, "11 is still in hand");
        drop(first);
        assert_eq!(progress.processed(), 13);
    }

    #[test]
    fn receipts_of_an_old_session_do_not_touch_the_new_one() {
        let progress = Progress::default();
        progress.begin(0);
        let old = progress.take(5);
        progress.begin(0);
        let new = progress.take(5);
        drop(old);
        assert_eq!(progress.processed(), 4);
        drop(new);
        assert_eq!(progress.processed(), 5);
    }

    #[test]
    fn what_was_given_up_is_asked_for_again_and_holds_nobody_up() {
        let progress = Progress::default();
        progress.begin(10);
        progress.take(11).give_up();
        drop(progress.take(12));
        assert_eq!(progress.processed(), 10);
        assert!(progress.shared.lock().open.is_empty(), "the end does not wait for it");
        progress.begin(3);
        assert_eq!(progress.processed(), 3, "another session knows nothing of it");
    }

    #[tokio::test]
    async fn drained_waits_for_the_last_receipt() {
        let progress = Progress::default();
        progress.begin(0);
        let receipt = progress.take(1);
        tokio::join!(progress.drained(), async { drop(receipt) });
        assert_eq!(progress.processed(), 1);
    }
}
