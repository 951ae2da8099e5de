//! How often the bot looks through a channel for a message of its own: what it does not find in one
//! look it does not find in a hundred.

use std::time::Duration;

use super::{Exchange, Ledger};
use crate::words;

/// Within this time a channel is not looked through again and again.
const WITHIN: Duration = Duration::from_mins(10);

/// Pages of thirty looks, one for each of as many deliveries.
const PAGES_MAX: usize = 600;

impl Ledger {
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
