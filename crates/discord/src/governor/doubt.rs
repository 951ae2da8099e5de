//! Requests of which nobody knows whether Discord will take them: with many refusals behind us,
//! these go one at a time, while what is known to work goes on unhindered.

use std::collections::HashSet;
use std::time::Duration;

use muster_domain::id::ChannelId;

use super::bucket::Turn;
use super::limits::{
    CHANNELS_KNOWN_MAX, DOUBT_AFTER, DOUBT_SPACING, INVALID_WINDOW, TRUST_LOST_AFTER,
};

/// Channels that are known to work, and the doubtful requests that are on their way. Times are on
/// the monotonic clock.
#[derive(Debug, Default)]
pub(super) struct Doubt {
    known: HashSet<ChannelId>,
    in_flight: u32,
    /// Not before this, after a refusal.
    next: Duration,
    /// Known channels that refused us, and since when they are counted.
    lost: u32,
    lost_since: Duration,
}

impl Doubt {
    /// Whether the last request that wrote to the channel was taken.
    pub(super) fn knows(&self, channel: ChannelId) -> bool {
        self.known.contains(&channel)
    }

    /// When the next doubtful request may leave, with so many refused in the last ten minutes.
    pub(super) fn turn(&self, now: Duration, refused: u32) -> Turn {
        if refused.saturating_add(self.in_flight) < DOUBT_AFTER {
            return Turn::Now;
        }
        match self.in_flight {
            0 if now >= self.next => Turn::Now,
            0 => Turn::At(self.next),
            _ => Turn::AfterAnAnswer,
        }
    }

    /// A doubtful request leaves.
    pub(super) fn take(&mut self) {
        self.in_flight += 1;
    }

    /// A doubtful request was answered, or given up.
    pub(super) fn settle(&mut self, now: Duration, refused: bool) {
        self.in_flight = self.in_flight.saturating_sub(1);
        if refused {
            self.next = now + DOUBT_SPACING;
        }
    }

    /// A request that wrote to the channel was taken.
    pub(super) fn trust(&mut self, channel: ChannelId) {
        if self.known.len() >= CHANNELS_KNOWN_MAX && !self.known.contains(&channel) {
            // They become known again by their next requests, which costs nothing in good times.
            self.known.clear();
        }
        self.known.insert(channel);
    }

    /// A request to the channel was refused.
    pub(super) fn distrust(&mut self, now: Duration, channel: ChannelId) {
        if !self.known.remove(&channel) {
            return;
        }
        if now >= self.lost_since + INVALID_WINDOW {
            (self.lost, self.lost_since) = (0, now);
        }
        self.lost += 1;
        if self.lost >= TRUST_LOST_AFTER {
            // Something has happened to many at once: each has to show anew that it works.
            self.known.clear();
            self.lost = 0;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const HOUR: Duration = Duration::from_hours(1);

    #[test]
    fn in_doubt_one_goes_at_a_time_and_rests_only_after_a_refusal() {
        let mut doubt = Doubt::default();
        doubt.take();
        assert_eq!(doubt.turn(HOUR, DOUBT_AFTER), Turn::AfterAnAnswer);
        doubt.settle(HOUR, false);
        assert_eq!(doubt.turn(HOUR, DOUBT_AFTER), Turn::Now);
        doubt.take();
        doubt.settle(HOUR, true);
        assert_eq!(doubt.turn(HOUR, DOUBT_AFTER), Turn::At(HOUR + DOUBT_SPACING));
        assert_eq!(doubt.turn(HOUR, 0), Turn::Now, "no doubt at all");
    }

    #[test]
    fn those_on_their_way_count_as_if_they_were_refused() {
        let mut doubt = Doubt::default();
        for _ in 0..DOUBT_AFTER {
            assert_eq!(doubt.turn(HOUR, 0), Turn::Now);
            doubt.take();
        }
        assert_eq!(doubt.turn(HOUR, 0), Turn::AfterAnAnswer);
    }

    #[test]
    fn when_many_that_worked_refuse_us_none_is_trusted() {
        let mut doubt = Doubt::default();
        (0..100).map(ChannelId::new).for_each(|channel| doubt.trust(channel));
        let many = u64::from(TRUST_LOST_AFTER);
        // One an hour says nothing about the others.
        (0..many).zip(1_u32..).for_each(|(n, hour)| doubt.distrust(HOUR * hour, ChannelId::new(n)));
        assert!(doubt.knows(ChannelId::new(99)));
        (50..50 + many).for_each(|n| doubt.distrust(HOUR * 50, ChannelId::new(n)));
        assert!(!doubt.knows(ChannelId::new(99)));
    }

    #[test]
    fn the_channels_known_to_work_are_bounded() {
        let mut doubt = Doubt::default();
        for id in 0..=2 * CHANNELS_KNOWN_MAX as u64 {
            doubt.trust(ChannelId::new(id));
            assert!(doubt.known.len() <= CHANNELS_KNOWN_MAX);
        }
        let last = ChannelId::new(2 * CHANNELS_KNOWN_MAX as u64);
        assert!(doubt.knows(last));
        doubt.distrust(HOUR, last);
        assert!(!doubt.knows(last));
    }
}
