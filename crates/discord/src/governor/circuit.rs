//! Channels that refused us are left alone: asking again every minute helps nobody and counts
//! against us.

use std::collections::HashMap;
use std::time::Duration;

use muster_domain::id::ChannelId;

use super::limits::{CIRCUIT_OPEN, CIRCUITS_MAX};

/// Closed channels, each with the time from which one request may ask again.
#[derive(Debug, Default)]
pub(super) struct Circuits {
    until: HashMap<ChannelId, Duration>,
}

impl Circuits {
    /// How long `channel` should still be left alone; `None` if it may be used.
    pub(super) fn closed_for(&self, now: Duration, channel: ChannelId) -> Option<Duration> {
        let left = self.until.get(&channel)?.saturating_sub(now);
        (!left.is_zero()).then_some(left)
    }

    /// A request to `channel` leaves: if it is a probe, the next one is an hour away.
    pub(super) fn probe(&mut self, now: Duration, channel: ChannelId) {
        if let Some(until) = self.until.get_mut(&channel) {
            *until = (*until).max(now + CIRCUIT_OPEN);
        }
    }

    /// The channel refused us.
    pub(super) fn trip(&mut self, now: Duration, channel: ChannelId) {
        if self.until.len() >= CIRCUITS_MAX && !self.until.contains_key(&channel) {
            let oldest = self.until.iter().min_by_key(|(_, until)| **until).map(|(id, _)| *id);
            if let Some(oldest) = oldest {
                self.until.remove(&oldest);
            }
        }
        self.until.insert(channel, now + CIRCUIT_OPEN);
    }

    /// The channel works again, or something has changed that is worth a try.
    pub(super) fn reset(&mut self, channel: ChannelId) {
        self.until.remove(&channel);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const CHANNEL: ChannelId = ChannelId::new(7);

    #[test]
    fn one_probe_an_hour_until_it_works_again() {
        let mut circuits = Circuits::default();
        let start = Duration::from_secs(100);
        assert_eq!(circuits.closed_for(start, CHANNEL), None);
        circuits.trip(start, CHANNEL);
        assert_eq!(circuits.closed_for(start, CHANNEL), Some(CIRCUIT_OPEN));
        let later = start + CIRCUIT_OPEN;
        assert_eq!(circuits.closed_for(later, CHANNEL), None, "one may ask");
        circuits.probe(later, CHANNEL);
        assert_eq!(circuits.closed_for(later, CHANNEL), Some(CIRCUIT_OPEN), "only one");
        circuits.reset(CHANNEL);
        assert_eq!(circuits.closed_for(later, CHANNEL), None);
    }

    #[test]
    fn remembers_a_bounded_number() {
        let mut circuits = Circuits::default();
        for id in 0..5_000 {
            circuits.trip(Duration::from_secs(id), ChannelId::new(id));
        }
        assert_eq!(circuits.until.len(), CIRCUITS_MAX);
        assert!(circuits.until.contains_key(&ChannelId::new(4_999)));
    }
}
