//! Channels that refused us are left alone: asking again every minute helps nobody and counts
//! against us.

use std::collections::HashMap;
use std::time::Duration;

use muster_domain::id::ChannelId;

use super::limits::{AWAITED_ASK_SPACING, AWAITED_ASKS_AT_ONCE, CIRCUIT_OPEN, CIRCUITS_MAX};

/// Whether a channel may be used.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Circuit {
    /// It may, as far as is known.
    Open,
    /// A request is on its way to find out.
    Asking,
    /// It refused us, and is left alone for so long.
    Closed(Duration),
}

/// Channels that refused us.
#[derive(Debug, Default)]
pub(super) struct Circuits {
    closed: HashMap<ChannelId, State>,
}

#[derive(Clone, Copy, Debug, Default)]
struct State {
    /// From when on one request may ask again.
    until: Duration,
    /// Requests on their way that will tell.
    asking: u32,
    /// Requests that have asked since it refused us first.
    asked: u32,
    /// From when on somebody who waits at the screen may ask again.
    awaited_from: Duration,
}

impl Circuits {
    /// Whether `channel` may be used. While somebody asks, others wait for the answer: it may be
    /// that the channel works again.
    pub(super) fn turn(&self, now: Duration, channel: ChannelId) -> Circuit {
        let Some(state) = self.closed.get(&channel) else { return Circuit::Open };
        let left = state.until.saturating_sub(now);
        match state.asking {
            0 if left.is_zero() => Circuit::Open,
            0 => Circuit::Closed(left),
            _ => Circuit::Asking,
        }
    }

    /// The same for what somebody waits for at the screen, who has perhaps just repaired the
    /// permissions: may ask now and then, so that one channel cannot use up what Discord bears.
    pub(super) fn awaited_turn(&self, now: Duration, channel: ChannelId) -> Circuit {
        let Some(state) = self.closed.get(&channel) else { return Circuit::Open };
        match state.awaited_from.saturating_sub(now) {
            Duration::ZERO => Circuit::Open,
            left => Circuit::Closed(left),
        }
    }

    /// A request to `channel` leaves. Returns whether it asks a closed channel: its answer is to
    /// be told.
    pub(super) fn ask(&mut self, now: Duration, channel: ChannelId) -> bool {
        let Some(state) = self.closed.get_mut(&channel) else { return false };
        state.until = state.until.max(now + CIRCUIT_OPEN);
        state.asking = state.asking.saturating_add(1);
        state.asked = state.asked.saturating_add(1);
        if state.asked >= AWAITED_ASKS_AT_ONCE {
            state.awaited_from = now + AWAITED_ASK_SPACING;
        }
        true
    }

    /// The channel refused us.
    pub(super) fn trip(&mut self, now: Duration, channel: ChannelId) {
        if self.closed.len() >= CIRCUITS_MAX && !self.closed.contains_key(&channel) {
            let oldest = self.closed.iter().min_by_key(|(_, state)| state.until);
            if let Some(oldest) = oldest.map(|(id, _)| *id) {
                self.closed.remove(&oldest);
            }
        }
        let asking = self.asking_without_one(channel);
        let before = self.closed.get(&channel).copied().unwrap_or_default();
        self.closed.insert(channel, State { until: now + CIRCUIT_OPEN, asking, ..before });
    }

    /// Who asked learned nothing: another may ask at once.
    pub(super) fn unclear(&mut self, now: Duration, channel: ChannelId) {
        let asking = self.asking_without_one(channel);
        if let Some(state) = self.closed.get_mut(&channel) {
            *state = State { until: now, asking, ..*state };
        }
    }

    fn asking_without_one(&self, channel: ChannelId) -> u32 {
        self.closed.get(&channel).map_or(0, |state| state.asking.saturating_sub(1))
    }

    /// The channel works again, or something has changed that is worth a try.
    pub(super) fn reset(&mut self, channel: ChannelId) {
        self.closed.remove(&channel);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const CHANNEL: ChannelId = ChannelId::new(7);

    #[test]
    fn one_may_ask_after_an_hour_and_the_others_wait_for_its_answer() {
        let mut circuits = Circuits::default();
        let start = Duration::from_secs(100);
        assert_eq!(circuits.turn(start, CHANNEL), Circuit::Open);
        assert!(!circuits.ask(start, CHANNEL), "nothing is in question");
        circuits.trip(start, CHANNEL);
        assert_eq!(circuits.turn(start, CHANNEL), Circuit::Closed(CIRCUIT_OPEN));
        let later = start + CIRCUIT_OPEN;
        assert_eq!(circuits.turn(later, CHANNEL), Circuit::Open, "one may ask");
        assert!(circuits.ask(later, CHANNEL));
        assert_eq!(circuits.turn(later, CHANNEL), Circuit::Asking, "only one");
        circuits.trip(later, CHANNEL);
        assert_eq!(circuits.turn(later, CHANNEL), Circuit::Closed(CIRCUIT_OPEN));
        assert!(circuits.ask(later, CHANNEL), "whom somebody waits for asks at once");
        circuits.reset(CHANNEL);
        assert_eq!(circuits.turn(later, CHANNEL), Circuit::Open);
    }

    #[test]
    fn who_waits_at_the_screen_may_ask_at_once_and_then_now_and_then() {
        let mut circuits = Circuits::default();
        let start = Duration::from_secs(100);
        circuits.trip(start, CHANNEL);
        for _ in 0..AWAITED_ASKS_AT_ONCE {
            assert_eq!(circuits.awaited_turn(start, CHANNEL), Circuit::Open);
            assert!(circuits.ask(start, CHANNEL));
            circuits.trip(start, CHANNEL);
        }
        let closed = Circuit::Closed(AWAITED_ASK_SPACING);
        assert_eq!(circuits.awaited_turn(start, CHANNEL), closed);
        let later = start + AWAITED_ASK_SPACING;
        assert_eq!(circuits.awaited_turn(later, CHANNEL), Circuit::Open);
    }

    #[test]
    fn who_learns_nothing_lets_the_next_one_ask() {
        let mut circuits = Circuits::default();
        circuits.trip(Duration::ZERO, CHANNEL);
        assert!(circuits.ask(CIRCUIT_OPEN, CHANNEL));
        circuits.unclear(CIRCUIT_OPEN, CHANNEL);
        assert_eq!(circuits.turn(CIRCUIT_OPEN, CHANNEL), Circuit::Open);
    }

    #[test]
    fn remembers_a_bounded_number() {
        let mut circuits = Circuits::default();
        for id in 0..5_000 {
            circuits.trip(Duration::from_secs(id), ChannelId::new(id));
        }
        assert_eq!(circuits.closed.len(), CIRCUITS_MAX);
        assert!(circuits.closed.contains_key(&ChannelId::new(4_999)));
    }
}
