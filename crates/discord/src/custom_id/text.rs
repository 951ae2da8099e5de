//! Reads and writes whole custom ids.

use std::fmt;

use super::Action;
use super::parts::Numbers;

const PREFIX: &str = "m1";

impl Action {
    /// Reads a custom id; `None` if it is not one of ours.
    #[must_use]
    pub fn decode(custom_id: &str) -> Option<Self> {
        let mut parts = custom_id.split(':');
        if parts.next() != Some(PREFIX) {
            return None;
        }
        let verb = parts.next()?;
        let mut numbers = Numbers(parts.peekable());
        let action = Self::read(verb, &mut numbers)?;
        numbers.0.next().is_none().then_some(action)
    }
}

impl fmt::Display for Action {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{PREFIX}:")?;
        self.write(f)
    }
}
