//! When each message may be edited next, so that bursts become one edit and Discord's own limits
//! are never met.

use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

use jiff::Timestamp;
use muster_domain::id::{ChannelId, EventId, MessageId};

use crate::limits::{EDIT_GAP, OLD_EDIT_GAP, OLD_MESSAGE};

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

    /// Leaves no post alone for longer than after an edit.
    pub(super) fn resume(&mut self, now: Duration) {
        for until in self.messages.values_mut() {
            *until = (*until).min(now.saturating_add(EDIT_GAP));
        }
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
    message.created_at().duration_until(now) > OLD_MESSAGE
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
    fn who_is_left_alone_is_looked_at_soon_once_that_has_no_reason_any_more() {
        let mut pace = Pace::default();
        let (event, channel) = (EventId::new(1), ChannelId::new(3));
        pace.pause(event, SECOND * 600);
        pace.resume(SECOND);
        assert_eq!(pace.earliest(event, channel, false), SECOND + EDIT_GAP);
        pace.resume(SECOND * 2);
        assert_eq!(pace.earliest(event, channel, false), SECOND + EDIT_GAP, "not again later");
    }

    #[test]
    fn a_message_is_old_after_an_hour() {
        let now: Timestamp = "2026-11-23T13:00:00Z".parse().unwrap();
        let made = |ago: u64| MessageId::earliest_at(now - Duration::from_secs(ago));
        assert!(!is_old(made(3_590), now));
        assert!(is_old(made(3_610), now));
    }
}
