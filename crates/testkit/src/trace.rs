//! What happened, in order: as one number to compare two runs by, and as the last lines to read.

use std::collections::VecDeque;
use std::fmt::{self, Write as _};
use std::sync::{Mutex, MutexGuard, PoisonError};

use tokio::time::Instant;

use crate::random::mixed;

/// Characters of a line that are kept to be read; the number counts all of them.
const LINE_MAX: usize = 600;

/// Everything that went through a port, in order. All of it goes into [`Trace::hash`].
pub struct Trace {
    born: Instant,
    state: Mutex<State>,
}

struct State {
    hash: u64,
    count: u64,
    /// Lines kept; the oldest goes first.
    kept_max: usize,
    kept: VecDeque<String>,
    /// Reused for every line.
    line: String,
}

impl Trace {
    /// A trace that keeps the last `kept_max` lines for reading.
    #[must_use]
    #[expect(clippy::disallowed_methods, reason = "the runtime's own virtual time")]
    pub fn new(kept_max: usize) -> Self {
        let (kept, line) = (VecDeque::new(), String::new());
        let state = Mutex::new(State { hash: 0, count: 0, kept_max, kept, line });
        Self { born: Instant::now(), state }
    }

    /// Adds a line: who, and what.
    pub fn note(&self, who: &'static str, what: fmt::Arguments<'_>) {
        let at = self.born.elapsed();
        let mut state = self.lock();
        let mut line = std::mem::take(&mut state.line);
        line.clear();
        // Writing to a string cannot fail.
        write!(line, "{:>9}.{:03} {who:<8} {what}", at.as_secs(), at.subsec_millis()).ok();
        state.hash = hashed(state.hash, line.as_bytes());
        state.count += 1;
        state.keep(&line);
        state.line = line;
    }

    /// One number for all lines so far.
    #[must_use]
    pub fn hash(&self) -> u64 {
        self.lock().hash
    }

    /// How many lines there were.
    #[must_use]
    pub fn count(&self) -> u64 {
        self.lock().count
    }

    /// The last lines, oldest first.
    #[must_use]
    pub fn tail(&self) -> Vec<String> {
        self.lock().kept.iter().cloned().collect()
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl State {
    fn keep(&mut self, line: &str) {
        if self.kept_max == 0 {
            return;
        }
        let mut kept = if self.kept.len() >= self.kept_max {
            self.kept.pop_front().unwrap_or_default()
        } else {
            String::new()
        };
        kept.clear();
        kept.extend(line.chars().take(LINE_MAX));
        self.kept.push_back(kept);
    }
}

fn hashed(state: u64, bytes: &[u8]) -> u64 {
    let (words, rest) = bytes.as_chunks::<8>();
    let state = words.iter().fold(state, |state, word| mixed(state ^ u64::from_le_bytes(*word)));
    rest.iter().fold(state, |state, byte| mixed(state ^ u64::from(*byte)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test(start_paused = true)]
    async fn the_same_lines_give_the_same_number_and_another_order_does_not() {
        let hash_of = |lines: &[&str]| {
            let trace = Trace::new(1);
            for line in lines {
                trace.note("test", format_args!("{line}"));
            }
            assert_eq!(trace.tail().len(), 1);
            trace.hash()
        };
        assert_eq!(hash_of(&["one", "two"]), hash_of(&["one", "two"]));
        assert_ne!(hash_of(&["one", "two"]), hash_of(&["two", "one"]));
    }
}
