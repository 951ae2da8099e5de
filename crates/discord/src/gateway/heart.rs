//! The heartbeat of one connection: when the next one is due, and whether the last was heard.

use std::time::Duration;

use super::limits::REQUESTED_BEAT_SPACING;

/// Beats from HELLO to the end of a connection. Times are on the monotonic clock.
#[derive(Debug)]
pub(super) struct Heart {
    interval: Duration,
    next: Duration,
    /// When the beat was sent that has not been answered yet.
    unanswered: Option<Duration>,
    requested: Option<Duration>,
}

/// What is to be done when a beat is due.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Pulse {
    /// Send a heartbeat.
    Beat,
    /// The last beat went unheard: the connection only looks alive.
    Zombie,
}

impl Heart {
    /// Starts at HELLO; the first beat follows after `first`, a random part of `interval`.
    pub(super) fn start(now: Duration, interval: Duration, first: Duration) -> Self {
        Self { interval, next: now + first, unanswered: None, requested: None }
    }

    /// When [`Self::pulse`] wants to be called.
    pub(super) fn due(&self) -> Duration {
        self.next
    }

    /// To be called when due.
    pub(super) fn pulse(&mut self, now: Duration) -> Pulse {
        if self.unanswered.is_some() {
            return Pulse::Zombie;
        }
        self.next = now + self.interval;
        self.unanswered = Some(now);
        Pulse::Beat
    }

    /// The peer asks for a beat; tells whether to send one, at most once a second.
    pub(super) fn asked(&mut self, now: Duration) -> bool {
        let due = self.requested.is_none_or(|last| now >= last + REQUESTED_BEAT_SPACING);
        if due {
            self.requested = Some(now);
        }
        due
    }

    /// The peer has heard us; gives the round trip if a scheduled beat was open.
    pub(super) fn heard(&mut self, now: Duration) -> Option<Duration> {
        self.unanswered.take().map(|sent| now.saturating_sub(sent))
    }

    /// We were not reading, so silence proves nothing against the peer.
    pub(super) fn excuse(&mut self) {
        self.unanswered = None;
    }
}
