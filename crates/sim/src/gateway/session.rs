//! A gateway session: what a bot was sent, kept so that a dropped connection can be resumed.

use std::collections::{BTreeMap, VecDeque};

use serde_json::{Value, json};
use tokio::time::Instant;

use super::dispatch::Listener;
use crate::ids::GuildId;

/// The most events that are kept for a resume; the oldest go first.
const MAX_KEPT: usize = 4_096;

/// One session, connected or waiting for its bot to come back.
#[derive(Debug)]
pub(super) struct Session {
    pub(super) listener: Listener,
    /// The connection that carries it now.
    pub(super) connection: Option<u64>,
    /// Since when no connection carries it.
    pub(super) left_at: Option<Instant>,
    /// When it asked for all members of a guild.
    pub(super) asked: BTreeMap<GuildId, Instant>,
    seq: u64,
    kept: VecDeque<(u64, String)>,
    /// The number of the newest event that is kept no longer.
    let_go: u64,
}

impl Session {
    pub(super) fn new(listener: Listener, connection: u64) -> Self {
        Self {
            listener,
            connection: Some(connection),
            left_at: None,
            asked: BTreeMap::new(),
            seq: 0,
            kept: VecDeque::new(),
            let_go: 0,
        }
    }

    /// Numbers an event, keeps it and returns its frame.
    pub(super) fn dispatch(&mut self, name: &str, data: &Value) -> String {
        let frame = self.number(name, data);
        if self.kept.len() >= MAX_KEPT {
            let oldest = self.kept.pop_front();
            self.let_go = oldest.map_or(self.let_go, |(number, _)| number);
        }
        self.kept.push_back((self.seq, frame.clone()));
        frame
    }

    /// Numbers the event that ends a resume and returns its frame. It belongs to that connection
    /// alone, so that a later resume does not bring it again.
    pub(super) fn resumed(&mut self) -> String {
        self.number("RESUMED", &json!({"_trace": ["sim"]}))
    }

    fn number(&mut self, name: &str, data: &Value) -> String {
        self.seq += 1;
        json!({"op": 0, "s": self.seq, "t": name, "d": data}).to_string()
    }

    /// The frames after `seq`. `None` if some of them are gone, `seq` being too old, or if the
    /// session never came so far.
    pub(super) fn since(&self, seq: u64) -> Option<Vec<String>> {
        if seq > self.seq || seq < self.let_go {
            return None;
        }
        let later = self.kept.iter().filter(|(number, _)| *number > seq);
        Some(later.map(|(_, frame)| frame.clone()).collect())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ids::{AppId, UserId};

    #[test]
    fn a_session_is_resumed_as_far_back_as_events_are_kept() {
        let listener =
            Listener { app: AppId::new(1), bot: UserId::new(2), intents: 0, shard: (0, 1) };
        let mut session = Session::new(listener, 1);
        session.dispatch("FIRST", &json!({}));
        session.resumed();
        for _ in 1..MAX_KEPT {
            session.dispatch("NEXT", &json!({}));
        }
        assert_eq!(session.since(0).map(|kept| kept.len()), Some(MAX_KEPT));
        session.dispatch("LAST", &json!({}));
        assert_eq!(session.since(0), None, "the first is gone");
        assert_eq!(session.since(1).map(|kept| kept.len()), Some(MAX_KEPT));
    }
}
