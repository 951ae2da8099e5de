//! Numbers of places, or of people, that are not possible.

use muster_domain::capacity::CapacityError;
use muster_domain::limits::CAPACITY_MAX;

use crate::views::messages::{Key, Words};
use crate::views::text::{grouped, plain};

/// A number that cannot be.
pub(super) fn impossible(words: Words, key: Key, error: CapacityError) -> String {
    let sign = if error.given < 0 { "−" } else { "" };
    let number = grouped(usize::try_from(error.given.unsigned_abs()).unwrap_or(usize::MAX));
    words.filled(key, &[("number", &format!("{sign}{number}")), ("max", &most())])
}

/// What is no number.
pub(super) fn unread(words: Words, key: Key, given: &str) -> String {
    words.filled(key, &[("words", &plain(given)), ("max", &most())])
}

fn most() -> String {
    grouped(usize::try_from(CAPACITY_MAX).unwrap_or(usize::MAX))
}
