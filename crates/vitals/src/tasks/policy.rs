//! How background work is treated: its priority, how long it may take, how often it is tried.

use std::time::Duration;

use crate::backoff::Backoff;

/// What goes first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Priority {
    /// Never waits for memory or processor, and has a place kept.
    Critical,
    /// What people see soon.
    High,
    /// What people wait for.
    Normal,
    /// What can wait; does so while memory or processor is short.
    Low,
    /// What nobody misses; waits as low work does.
    Background,
}

impl Priority {
    /// How many there are.
    pub(super) const COUNT: usize = 5;

    /// What it is called.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Critical => "critical",
            Self::High => "high",
            Self::Normal => "normal",
            Self::Low => "low",
            Self::Background => "background",
        }
    }

    /// Its place in line, from 0 for what goes first.
    pub(super) const fn rank(self) -> usize {
        match self {
            Self::Critical => 0,
            Self::High => 1,
            Self::Normal => 2,
            Self::Low => 3,
            Self::Background => 4,
        }
    }

    /// Whether it waits while memory or processor is short.
    #[must_use]
    pub const fn can_wait(self) -> bool {
        matches!(self, Self::Low | Self::Background)
    }
}

/// A kind of background work.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Kind {
    /// What it is called.
    pub name: &'static str,
    /// What goes first.
    pub priority: Priority,
    /// How it is treated.
    pub policy: Policy,
}

/// How a kind of work is treated.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Policy {
    /// How long one try may take.
    pub limit: Limit,
    /// Tries in all, at least 1.
    pub tries: u32,
    /// How long between two tries.
    pub backoff: Backoff,
}

/// How long one try may take.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Limit {
    /// As long as the operator says (`TASK_TIMEOUT`).
    Setting,
    /// As long as it takes: it must not be cut, and is divided into short pieces itself.
    Uncut,
}

impl Policy {
    /// One try, as long as it takes: whoever does it comes again by itself.
    pub const UNCUT: Self = Self { limit: Limit::Uncut, tries: 1, backoff: Backoff::NONE };

    /// How long one try may take, if the operator's number is `setting`.
    #[must_use]
    pub const fn timeout(&self, setting: Duration) -> Option<Duration> {
        match self.limit {
            Limit::Setting => Some(setting),
            Limit::Uncut => None,
        }
    }
}
