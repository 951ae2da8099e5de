//! What became of background work, by kind.

use std::collections::BTreeMap;
use std::time::Duration;

use super::policy::Kind;
use crate::meters::{Histogram, Recent};
use crate::settings::Measuring;
use crate::snapshot::TaskKind;

/// Kinds that are told apart; there are about a dozen.
const KINDS_MAX: usize = 64;

/// Parts of an hour, the same as those of a histogram: what is counted in them is part of what is
/// counted there.
const SLOTS: usize = 6;
const SLOT: Duration = Duration::from_mins(10);

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

#[derive(Debug)]
pub(super) struct Records {
    /// Whether any are kept.
    measuring: Measuring,
    kinds: BTreeMap<&'static str, Record>,
}

#[derive(Debug)]
struct Record {
    counts: TaskKind,
    took: Histogram,
    failed: Recent<SLOTS>,
    timed_out: Recent<SLOTS>,
}

impl Default for Record {
    fn default() -> Self {
        let (failed, timed_out) = (Recent::new(SLOT), Recent::new(SLOT));
        Self { counts: TaskKind::default(), took: Histogram::default(), failed, timed_out }
    }
}

impl Records {
    /// None yet, and never any if it is off.
    pub(super) const fn new(measuring: Measuring) -> Self {
        Self { measuring, kinds: BTreeMap::new() }
    }

    pub(super) fn ended(&mut self, kind: Kind, outcome: Outcome, at: (Duration, Duration)) {
        let Some(record) = self.of(kind) else { return };
        let (now, took) = at;
        match outcome {
            Outcome::Succeeded => record.counts.succeeded += 1,
            Outcome::Failed => {
                record.counts.failed += 1;
                record.failed.add(now);
            }
            Outcome::TimedOut => {
                record.counts.timed_out += 1;
                record.timed_out.add(now);
            }
        }
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

    pub(super) fn snapshot(&mut self, now: Duration) -> Vec<TaskKind> {
        let with_times = |record: &mut Record| TaskKind {
            took: record.took.latency(now),
            failed_last_hour: record.failed.sum(now),
            timed_out_last_hour: record.timed_out.sum(now),
            ..record.counts
        };
        self.kinds.values_mut().map(with_times).collect()
    }

    fn of(&mut self, kind: Kind) -> Option<&mut Record> {
        let full = self.kinds.len() >= KINDS_MAX && !self.kinds.contains_key(kind.name);
        if full || !self.measuring.is_on() {
            return None;
        }
        let record = self.kinds.entry(kind.name).or_default();
        record.counts.name = kind.name;
        record.counts.priority = kind.priority.name();
        Some(record)
    }
}
