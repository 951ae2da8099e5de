//! Numbers of places that are not possible.

use muster_domain::capacity::CapacityError;
use muster_domain::limits::CAPACITY_MAX;

use crate::views::text::{grouped, plain};

/// "−5".
pub(super) fn given(error: CapacityError) -> String {
    let sign = if error.given < 0 { "−" } else { "" };
    let number = grouped(usize::try_from(error.given.unsigned_abs()).unwrap_or(usize::MAX));
    format!("{sign}{number}")
}

/// That these words are no number of such things.
pub(super) fn not_a_number(words: &str, what: &str) -> String {
    format!("\"{}\" is not a number of {what}.", plain(words))
}

pub(super) fn impossible(error: CapacityError) -> String {
    format!("{} places are not possible. {}", given(error), possible())
}

pub(super) fn no_number(words: &str) -> String {
    format!("{} {}", not_a_number(words, "places"), possible())
}

fn possible() -> String {
    let most = grouped(usize::try_from(CAPACITY_MAX).unwrap_or(usize::MAX));
    format!("Choose 1 to {most}, or leave it empty for no limit.")
}
