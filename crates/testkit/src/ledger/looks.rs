//! How often the bot looks through a channel for a message of its own: what it does not find in one
//! look it does not find in a hundred.

use std::time::Duration;

use super::{Exchange, Ledger};
use crate::words;

/// Within this time a channel is not looked through again and again.
const WITHIN: Duration = Duration::from_mins(10);

/// Pages of thirty looks, one for each of as many deliveries.
const PAGES_MAX: usize = 600;

/// How many requests have to fail before nobody can tell any more whether a message is there: a
/// look is tried three times, and some of the attempts at a delivery do not get as far as to look.
const FAILED_MIN: usize = 32;

impl Ledger {
    /// The bot could not read a page of a channel's messages: Discord may have answered, but not as
    /// far as the bot is concerned.
    pub(crate) fn could_not_look(&self, path: &str) {
        let Some(channel) = words::channel_of(path) else { return };
        let now = self.now();
        self.lock().unread.entry(channel).or_default().push(now);
    }

    /// Whether this channel could not be read again and again in between.
    pub(crate) fn was_unreadable(&self, channel: u64, span: (Duration, Duration)) -> bool {
        let state = self.lock();
        let failed = state.unread.get(&channel).into_iter().flatten();
        failed.filter(|at| (span.0..=span.1).contains(*at)).count() >= FAILED_MIN
    }

    /// Discord has handed over a page of a channel's messages.
    pub(super) fn looked_through(&self, exchange: &Exchange<'_>) {
        let Some(channel) = words::channel_of(exchange.path) else { return };
        let now = self.now();
        let mut state = self.lock();
        let pages = state.pages.entry(channel).or_default();
        pages.push_back(now);
        while pages.front().is_some_and(|at| *at + WITHIN < now) {
            pages.pop_front();
        }
        let is_too_much = pages.len() > PAGES_MAX;
        if is_too_much {
            pages.clear();
        }
        drop(state);
        if is_too_much {
            let what = format!("{channel} is looked through again and again");
            self.violation("I7", what);
        }
    }
}
