//! What became of background work, by kind.

use std::collections::BTreeMap;
use std::time::Duration;

use super::policy::Kind;
use crate::meters::Histogram;
use crate::snapshot::TaskKind;

/// Kinds that are told apart; there are about a dozen.
const KINDS_MAX: usize = 64;

/// How a task ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// It did what it should.
    Succeeded,
    /// It was given up after all tries.
    Failed,
    /// It took too long.
    TimedOut,
}

#[derive(Debug, Default)]
pub(super) struct Records {
    kinds: BTreeMap<&'static str, Record>,
}

#[derive(Debug, Default)]
struct Record {
    counts: TaskKind,
    took: Histogram,
}

impl Records {
    pub(super) fn ended(&mut self, kind: Kind, outcome: Outcome, at: (Duration, Duration)) {
        let Some(record) = self.of(kind) else { return };
        let counter = match outcome {
            Outcome::Succeeded => &mut record.counts.succeeded,
            Outcome::Failed => &mut record.counts.failed,
            Outcome::TimedOut => &mut record.counts.timed_out,
        };
        *counter += 1;
        let (now, took) = at;
        record.took.record(now, took);
    }

    pub(super) fn cancelled(&mut self, kind: Kind) {
        if let Some(record) = self.of(kind) {
            record.counts.cancelled += 1;
        }
    }

    pub(super) fn retried(&mut self, kind: Kind) {
        if let Some(record) = self.of(kind) {
            record.counts.retried += 1;
        }
    }

    pub(super) fn snapshot(&self, now: Duration) -> Vec<TaskKind> {
        let with_times =
            |record: &Record| TaskKind { took: record.took.latency(now), ..record.counts };
        self.kinds.values().map(with_times).collect()
    }

    fn of(&mut self, kind: Kind) -> Option<&mut Record> {
        if self.kinds.len() >= KINDS_MAX && !self.kinds.contains_key(kind.name) {
            return None;
        }
        let record = self.kinds.entry(kind.name).or_default();
        record.counts.name = kind.name;
        record.counts.priority = kind.priority.name();
        Some(record)
    }
}
