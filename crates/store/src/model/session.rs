//! A session with Discord's gateway, as it is kept.

use std::fmt;

/// The gateway session of one shard, for resuming after a restart.
#[derive(Clone, PartialEq, Eq)]
pub struct SavedSession {
    /// Discord's name for the session. Whoever holds it and the token can take the session over.
    pub session_id: String,
    /// Where to resume.
    pub resume_url: String,
    /// The last event that was handled.
    pub sequence: u64,
    /// Of how many shards it was one; another number cannot resume it.
    pub shards: u32,
}

impl fmt::Debug for SavedSession {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("SavedSession")
            .field("sequence", &self.sequence)
            .field("shards", &self.shards)
            .finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_session_does_not_print_by_what_it_can_be_taken_over() {
        let (session_id, resume_url) = ("0bscure".to_owned(), "wss://g.example".to_owned());
        let session = SavedSession { session_id, resume_url, sequence: 7, shards: 1 };
        assert_eq!(format!("{session:?}"), "SavedSession { sequence: 7, shards: 1, .. }");
    }
}
