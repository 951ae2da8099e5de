//! When each message may be edited next, so that bursts become one edit and Discord's own limits
//! are never met.

use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

use jiff::Timestamp;
use muster_domain::id::{ChannelId, EventId, MessageId};

use crate::limits::{EDIT_GAP, OLD_EDIT_GAP, OLD_MESSAGE};

/// Snowflakes count milliseconds from the first second of 2015.
const DISCORD_EPOCH_MS: i64 = 1_420_070_400_000;

/// When each message, and each channel's old messages, may be edited next. Times are on the
/// monotonic clock.
#[derive(Debug, Default)]
pub(super) struct Pace {
    messages: BTreeMap<EventId, Duration>,
    old_in_channel: BTreeMap<ChannelId, Duration>,
}

impl Pace {
    /// When this post may be edited.
    pub(super) fn earliest(&self, event: EventId, channel: ChannelId, is_old: bool) -> Duration {
        let message = self.messages.get(&event).copied().unwrap_or_default();
        let channel = self.old_in_channel.get(&channel).copied().unwrap_or_default();
        if is_old { message.max(channel) } else { message }
    }

    /// Leaves a post alone until then.
    pub(super) fn pause(&mut self, event: EventId, until: Duration) {
        self.messages.insert(event, until);
    }

    /// A post was edited, or at least a request was made for it.
    pub(super) fn edited(
        &mut self,
        event: EventId,
        channel: ChannelId,
        is_old: bool,
        now: Duration,
    ) {
        self.messages.insert(event, now.saturating_add(EDIT_GAP));
        if is_old {
            self.old_in_channel.insert(channel, now.saturating_add(OLD_EDIT_GAP));
        }
    }

    /// Events whose posts have to wait still.
    pub(super) fn waiting(&self) -> BTreeSet<EventId> {
        self.messages.keys().copied().collect()
    }

    /// When the first of them may be looked at again.
    pub(super) fn next(&self) -> Option<Duration> {
        self.messages.values().min().copied()
    }

    /// Forgets waits that are over. Returns whether a post's was among them.
    pub(super) fn forget_what_is_past(&mut self, now: Duration) -> bool {
        let before = self.messages.len();
        self.messages.retain(|_, until| *until > now);
        self.old_in_channel.retain(|_, until| *until > now);
        self.messages.len() < before
    }
}

/// Whether Discord counts edits of this message as edits of an old one.
pub(super) fn is_old(message: MessageId, now: Timestamp) -> bool {
    let created_ms = i64::try_from(message.get() >> 22).unwrap_or(i64::MAX);
    let age_ms = now.as_millisecond().saturating_sub(created_ms.saturating_add(DISCORD_EPOCH_MS));
    age_ms > i64::try_from(OLD_MESSAGE.as_millis()).unwrap_or(i64::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    const SECOND: Duration = Duration::from_secs(1);

    #[test]
    fn a_message_rests_after_an_edit_and_old_ones_share_their_channels_rest() {
        let mut pace = Pace::default();
        let (event, other, channel) = (EventId::new(1), EventId::new(2), ChannelId::new(3));
        pace.edited(event, channel, true, SECOND);
        assert_eq!(pace.earliest(event, channel, false), SECOND + EDIT_GAP);
        assert_eq!(pace.earliest(other, channel, true), SECOND + OLD_EDIT_GAP);
        assert_eq!(pace.earliest(other, channel, false), Duration::ZERO);
        assert!(!pace.forget_what_is_past(SECOND));
        assert!(pace.forget_what_is_past(SECOND * 60));
        assert_eq!(pace.earliest(event, channel, true), Duration::ZERO);
    }

    #[test]
    fn a_message_is_old_after_an_hour() {
        let now: Timestamp = "2026-11-23T13:00:00Z".parse().unwrap();
        let made_at = |seconds_ago: i64| {
            let ms = now.as_millisecond() - seconds_ago * 1_000 - DISCORD_EPOCH_MS;
            MessageId::new(u64::try_from(ms).unwrap() << 22)
        };
        assert!(!is_old(made_at(3_590), now));
        assert!(is_old(made_at(3_610), now));
    }
}
