//! Threads that the bot opened, put into the archive or took out of it, and that people deleted.

use serde_json::Value;

use super::{Exchange, Ledger, sent};
use crate::words;
use crate::words::at;

impl Ledger {
    /// A thread is there: on a message, or in a forum with the message that it begins with.
    pub(super) fn thread_opened(&self, exchange: &Exchange<'_>) {
        let thread: Value = serde_json::from_slice(exchange.answer).unwrap_or_default();
        let id = words::number(at(&thread, "/id"));
        let (Some(id), Some(parent)) = (id, words::channel_of(exchange.path)) else { return };
        let mut state = self.lock();
        state.threads.entry(id).or_insert(parent);
        let first = at(&thread, "/message");
        if let Some(message) = words::number(at(first, "/id")) {
            state.sent.entry(message).or_insert_with(|| sent(message, first));
        }
    }

    /// A thread has another name, or is in the archive by now, or out of it.
    pub(super) fn thread_changed(&self, exchange: &Exchange<'_>) {
        let body: Value = serde_json::from_slice(exchange.sent).unwrap_or_default();
        let Some(thread) = words::channel_of(exchange.path) else { return };
        let mut state = self.lock();
        match at(&body, "/archived").as_bool() {
            Some(true) => drop(state.archived.insert(thread)),
            Some(false) => drop(state.archived.remove(&thread)),
            None => {}
        }
    }

    /// Somebody deleted a thread with all that was in it.
    pub(crate) fn thread_gone(&self, thread: u64) {
        let now = self.now();
        let mut state = self.lock();
        state.gone.insert(thread);
        let inside = state.sent.values().filter(|sent| sent.channel == thread);
        let inside: Vec<u64> = inside.map(|sent| sent.message).collect();
        for message in inside {
            state.erased.entry(message).or_insert(now);
        }
    }
}
