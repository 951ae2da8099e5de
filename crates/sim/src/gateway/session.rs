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
        }
    }

    /// Numbers an event, keeps it and returns its frame.
    pub(super) fn dispatch(&mut self, name: &str, data: &Value) -> String {
        self.seq += 1;
        let frame = json!({"op": 0, "s": self.seq, "t": name, "d": data}).to_string();
        if self.kept.len() >= MAX_KEPT {
            self.kept.pop_front();
        }
        self.kept.push_back((self.seq, frame.clone()));
        frame
    }

    /// The frames after `seq`. `None` if some of them are gone, `seq` being too old, or if the
    /// session never came so far.
    pub(super) fn since(&self, seq: u64) -> Option<Vec<String>> {
        if seq > self.seq {
            return None;
        }
        let oldest = self.kept.front().map_or(self.seq + 1, |(first, _)| *first);
        if seq + 1 < oldest {
            return None;
        }
        let later = self.kept.iter().filter(|(number, _)| *number > seq);
        Some(later.map(|(_, frame)| frame.clone()).collect())
    }
}
