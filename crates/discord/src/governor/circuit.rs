//! Channels that refused us are left alone: asking again every minute helps nobody and counts
//! against us.

use std::collections::HashMap;
use std::time::Duration;

use muster_domain::id::ChannelId;

use super::limits::{AWAITED_ASK_SPACING, AWAITED_ASKS_AT_ONCE, CIRCUIT_OPEN_FOR, CIRCUITS_MAX};

/// Whether a channel may be used, in the words of electricity: requests flow while it is closed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Circuit {
    /// It may, as far as is known, or else it is time to ask again.
    Closed,
    /// A request is on its way to find out: half open.
    Probing,
    /// It refused us, and is left alone for so long.
    Open(Duration),
}

/// Channels that refused us.
#[derive(Debug, Default)]
pub(super) struct Circuits {
    tripped: HashMap<ChannelId, State>,
}

#[derive(Clone, Copy, Debug, Default)]
struct State {
    /// From when on one request may ask again.
    until: Duration,
    /// Requests on their way that will tell.
    probing: u32,
    /// Requests that have asked since it refused us first.
    probed: u32,
    /// From when on somebody who waits at the screen may ask again.
    awaited_from: Duration,
}

impl Circuits {
    /// Whether `channel` may be used. While somebody asks, others wait for the answer: it may be
    /// that the channel works again.
    pub(super) fn turn(&self, now: Duration, channel: ChannelId) -> Circuit {
        let Some(state) = self.tripped.get(&channel) else { return Circuit::Closed };
        let left = state.until.saturating_sub(now);
        match state.probing {
            0 if left.is_zero() => Circuit::Closed,
            0 => Circuit::Open(left),
            _ => Circuit::Probing,
        }
    }

    /// The same for what somebody waits for at the screen, who has perhaps just repaired the
    /// permissions: may ask now and then, so that one channel cannot use up what Discord bears.
    pub(super) fn awaited_turn(&self, now: Duration, channel: ChannelId) -> Circuit {
        let Some(state) = self.tripped.get(&channel) else { return Circuit::Closed };
        match state.awaited_from.saturating_sub(now) {
            Duration::ZERO => Circuit::Closed,
            left => Circuit::Open(left),
        }
    }

    /// A request to `channel` leaves. Returns whether it asks a channel that refused us: its
    /// answer is to be told.
    pub(super) fn begin_probe(&mut self, now: Duration, channel: ChannelId) -> bool {
        let Some(state) = self.tripped.get_mut(&channel) else { return false };
        state.until = state.until.max(now + CIRCUIT_OPEN_FOR);
        state.probing = state.probing.saturating_add(1);
        state.probed = state.probed.saturating_add(1);
        if state.probed >= AWAITED_ASKS_AT_ONCE {
            state.awaited_from = now + AWAITED_ASK_SPACING;
        }
        true
    }

    /// The channel refused us.
    pub(super) fn trip(&mut self, now: Duration, channel: ChannelId) {
        if self.tripped.len() >= CIRCUITS_MAX && !self.tripped.contains_key(&channel) {
            let oldest = self.tripped.iter().min_by_key(|(_, state)| state.until);
            if let Some(oldest) = oldest.map(|(id, _)| *id) {
                self.tripped.remove(&oldest);
            }
        }
        let probing = self.probing_without_one(channel);
        let before = self.tripped.get(&channel).copied().unwrap_or_default();
        self.tripped.insert(channel, State { until: now + CIRCUIT_OPEN_FOR, probing, ..before });
    }

    /// Who asked learned nothing: another may ask at once.
    pub(super) fn probe_inconclusive(&mut self, now: Duration, channel: ChannelId) {
        let probing = self.probing_without_one(channel);
        if let Some(state) = self.tripped.get_mut(&channel) {
            *state = State { until: now, probing, ..*state };
        }
    }

    fn probing_without_one(&self, channel: ChannelId) -> u32 {
        self.tripped.get(&channel).map_or(0, |state| state.probing.saturating_sub(1))
    }

    /// The channel works again, or something has changed that is worth a try.
    pub(super) fn reset(&mut self, channel: ChannelId) {
        self.tripped.remove(&channel);
    }

    /// The same of all channels.
    pub(super) fn reset_all(&mut self) {
        self.tripped.clear();
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
        assert_eq!(circuits.turn(start, CHANNEL), Circuit::Closed);
        assert!(!circuits.begin_probe(start, CHANNEL), "nothing is in question");
        circuits.trip(start, CHANNEL);
        assert_eq!(circuits.turn(start, CHANNEL), Circuit::Open(CIRCUIT_OPEN_FOR));
        let later = start + CIRCUIT_OPEN_FOR;
        assert_eq!(circuits.turn(later, CHANNEL), Circuit::Closed, "one may ask");
        assert!(circuits.begin_probe(later, CHANNEL));
        assert_eq!(circuits.turn(later, CHANNEL), Circuit::Probing, "only one");
        circuits.trip(later, CHANNEL);
        assert_eq!(circuits.turn(later, CHANNEL), Circuit::Open(CIRCUIT_OPEN_FOR));
        assert!(circuits.begin_probe(later, CHANNEL), "whom somebody waits for asks at once");
        circuits.reset(CHANNEL);
        assert_eq!(circuits.turn(later, CHANNEL), Circuit::Closed);
        circuits.trip(later, CHANNEL);
        circuits.reset_all();
        assert_eq!(circuits.turn(later, CHANNEL), Circuit::Closed);
    }

    #[test]
    fn who_waits_at_the_screen_may_ask_at_once_and_then_now_and_then() {
        let mut circuits = Circuits::default();
        let start = Duration::from_secs(100);
        circuits.trip(start, CHANNEL);
        for _ in 0..AWAITED_ASKS_AT_ONCE {
            assert_eq!(circuits.awaited_turn(start, CHANNEL), Circuit::Closed);
            assert!(circuits.begin_probe(start, CHANNEL));
            circuits.trip(start, CHANNEL);
        }
        let open = Circuit::Open(AWAITED_ASK_SPACING);
        assert_eq!(circuits.awaited_turn(start, CHANNEL), open);
        let later = start + AWAITED_ASK_SPACING;
        assert_eq!(circuits.awaited_turn(later, CHANNEL), Circuit::Closed);
    }

    #[test]
    fn who_learns_nothing_lets_the_next_one_ask() {
        let mut circuits = Circuits::default();
        circuits.trip(Duration::ZERO, CHANNEL);
        assert!(circuits.begin_probe(CIRCUIT_OPEN_FOR, CHANNEL));
        circuits.probe_inconclusive(CIRCUIT_OPEN_FOR, CHANNEL);
        assert_eq!(circuits.turn(CIRCUIT_OPEN_FOR, CHANNEL), Circuit::Closed);
    }

    #[test]
    fn remembers_a_bounded_number() {
        let mut circuits = Circuits::default();
        for id in 0..5_000 {
            circuits.trip(Duration::from_secs(id), ChannelId::new(id));
        }
        assert_eq!(circuits.tripped.len(), CIRCUITS_MAX);
        assert!(circuits.tripped.contains_key(&ChannelId::new(4_999)));
    }
}
