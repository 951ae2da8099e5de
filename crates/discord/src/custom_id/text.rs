//! Reads and writes whole custom ids.

use std::fmt;

use super::parts::Numbers;

const PREFIX: &str = "m1";

/// Reads a custom id with what reads its verb and its numbers; `None` if it is not one of ours.
pub(super) fn read<A>(
    custom_id: &str,
    read: impl FnOnce(&str, &mut Numbers<'_>) -> Option<A>,
) -> Option<A> {
    let mut parts = custom_id.split(':');
    if parts.next() != Some(PREFIX) {
        return None;
    }
    let verb = parts.next()?;
    let mut numbers = Numbers(parts.peekable());
    let action = read(verb, &mut numbers)?;
    numbers.0.next().is_none().then_some(action)
}

/// Begins a custom id.
pub(super) fn write_verb(f: &mut fmt::Formatter<'_>, verb: &str) -> fmt::Result {
    write!(f, "{PREFIX}:{verb}")
}
