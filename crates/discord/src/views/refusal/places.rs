//! Numbers of places, or of people, that are not possible.

use muster_domain::capacity::CapacityError;
use muster_domain::limits::CAPACITY_MAX;

use crate::views::messages::{Key, Words};
use crate::views::text::{grouped, plain};

/// A number of places that cannot be.
pub(super) fn impossible(words: Words, error: CapacityError) -> String {
    words.filled(Key::RefusalPlaces, &[("number", &number(error)), ("max", &most())])
}

/// The same of people.
pub(super) fn impossible_people(words: Words, error: CapacityError) -> String {
    words.filled(Key::RefusalPeople, &[("number", &number(error)), ("max", &most())])
}

/// What is no number of places.
pub(super) fn no_number(words: Words, given: &str) -> String {
    words.filled(Key::RefusalPlacesUnread, &[("words", &plain(given)), ("max", &most())])
}

/// What is no number of people.
pub(super) fn no_number_of_people(words: Words, given: &str) -> String {
    words.filled(Key::RefusalPeopleUnread, &[("words", &plain(given)), ("max", &most())])
}

/// "−5".
fn number(error: CapacityError) -> String {
    let sign = if error.given < 0 { "−" } else { "" };
    let number = grouped(usize::try_from(error.given.unsigned_abs()).unwrap_or(usize::MAX));
    format!("{sign}{number}")
}

fn most() -> String {
    grouped(usize::try_from(CAPACITY_MAX).unwrap_or(usize::MAX))
}
