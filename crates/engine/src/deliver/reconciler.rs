//! Makes posts show the newest state of their events: at most one edit per message and gap, only
//! the last state counts.

use std::collections::{HashMap, HashSet};
use std::time::Duration;

use jiff::Timestamp;
use muster_domain::event::Phase;
use muster_domain::id::{ChannelId, EventId, MessageId};
use muster_store::StoreError;
use muster_store::model::Posted;
use muster_store::port::{Deliveries, Events};
use tracing::{info, warn};

use crate::app::{App, World};
use crate::board::Effect;
use crate::discord::{Discord, DiscordError};
use crate::limits::{
    EDIT_GAP, OLD_EDIT_GAP, OLD_MESSAGE, POSTS_CHECKED_AT_START, STALE_POSTS_PER_ROUND,
};
use crate::ports::{Clock, Tasks};

/// How long to leave a post alone that the bot may not edit.
const FORBIDDEN_PAUSE: Duration = Duration::from_hours(1);

/// How long to leave a post alone after an unclear answer, or a failing store.
const PAUSE: Duration = Duration::from_secs(5);

/// Gathers what becomes stale together, so that a burst costs one look into the store.
const ROUND_GAP: Duration = Duration::from_millis(100);

/// Snowflakes count milliseconds from the first second of 2015.
const DISCORD_EPOCH_MS: i64 = 1_420_070_400_000;

/// When each message, and each channel's old messages, may be edited next.
#[derive(Debug, Default)]
struct Pace {
    messages: HashMap<EventId, Duration>,
    old_in_channel: HashMap<ChannelId, Duration>,
}

impl Pace {
    /// When this post may be edited.
    fn earliest(&self, event: EventId, channel: ChannelId, is_old: bool) -> Duration {
        let message = self.messages.get(&event).copied().unwrap_or_default();
        let channel = self.old_in_channel.get(&channel).copied().unwrap_or_default();
        if is_old { message.max(channel) } else { message }
    }

    fn pause(&mut self, event: EventId, until: Duration) {
        self.messages.insert(event, until);
    }

    fn edited(&mut self, event: EventId, channel: ChannelId, is_old: bool, now: Duration) {
        self.messages.insert(event, now.saturating_add(EDIT_GAP));
        if is_old {
            self.old_in_channel.insert(channel, now.saturating_add(OLD_EDIT_GAP));
        }
    }

    /// Events whose posts have to wait still.
    fn waiting(&self, now: Duration) -> HashSet<EventId> {
        self.messages.iter().filter(|(_, until)| **until > now).map(|(event, _)| *event).collect()
    }

    /// When the first of them may be looked at again.
    fn next(&self) -> Option<Duration> {
        self.messages.values().min().copied()
    }

    fn forget_what_is_past(&mut self, now: Duration) {
        self.messages.retain(|_, until| *until > now);
        self.old_in_channel.retain(|_, until| *until > now);
    }
}

/// What a round left to do.
enum Round {
    /// Every post shows the newest state.
    Quiet,
    /// Some posts must wait until then.
    Again(Duration),
}

impl<W: World> App<W> {
    /// Keeps posts true, for ever. Run once per application, on a task of its own.
    pub async fn run_reconciler(self) {
        let mut pace = Pace::default();
        // Beside: it may take long, and nothing else waits for it.
        let beside = self.clone();
        self.env().spawn("look for posts", async move { beside.look_for_posts().await });
        loop {
            let round = self.round(&mut pace).await.unwrap_or_else(|error| {
                warn!(%error, "posts could not be read");
                self.note_fault(&error);
                Round::Again(self.env().monotonic().saturating_add(PAUSE))
            });
            pace.forget_what_is_past(self.env().monotonic());
            match round {
                Round::Quiet => self.stale_changed().await,
                Round::Again(at) => {
                    let wait = at.saturating_sub(self.env().monotonic());
                    tokio::select! {
                        () = self.env().sleep(wait) => {}
                        () = self.stale_changed() => {}
                    }
                }
            }
            self.env().sleep(ROUND_GAP).await;
        }
    }

    /// Writes down what was seen to be shown, so that a restart edits nothing needlessly.
    pub async fn write_down_shown(&self) -> Result<(), StoreError> {
        let shown = self.board().take_shown();
        if shown.is_empty() { Ok(()) } else { self.store().posts_shown(shown).await }
    }

    /// Finds out at start-up which posts were deleted meanwhile.
    async fn look_for_posts(&self) {
        let live = match self.store().live_posts(self.now(), POSTS_CHECKED_AT_START).await {
            Ok(live) => live,
            Err(error) => return warn!(%error, "which posts there are could not be read"),
        };
        for posted in live {
            let Some(message) = posted.post.message else {
                continue;
            };
            let looked = self.discord().look_for(posted.post.channel, message).await;
            if let Err(DiscordError::MessageGone | DiscordError::ChannelGone) = looked {
                self.post_is_gone(&posted).await;
            }
        }
    }

    async fn post_is_gone(&self, posted: &Posted) {
        let event = posted.sheet.event.id;
        info!(%event, "the post of an event is gone");
        if let Err(error) = self.store().post_gone(event, self.now()).await {
            warn!(%event, %error, "that a post is gone could not be stored");
        }
    }

    async fn round(&self, pace: &mut Pace) -> Result<Round, StoreError> {
        self.write_down_shown().await?;
        let but = pace.waiting(self.env().monotonic());
        for posted in self.store().stale_posts(but, STALE_POSTS_PER_ROUND).await? {
            let Some(message) = posted.post.message else { continue };
            let (now, event) = (self.env().monotonic(), posted.sheet.event.id);
            let is_old = is_old(message, self.now());
            let mut at = pace.earliest(event, posted.post.channel, is_old);
            if self.board().is_writing(event) {
                at = at.max(now.saturating_add(EDIT_GAP));
            }
            if at > now {
                pace.pause(event, at);
            } else {
                self.make_true(&posted, message, is_old, pace).await?;
            }
        }
        Ok(pace.next().map_or(Round::Quiet, Round::Again))
    }

    /// Makes one post show its event as it is now, or removes it with its event.
    async fn make_true(
        &self,
        found: &Posted,
        message: MessageId,
        is_old: bool,
        pace: &mut Pace,
    ) -> Result<(), StoreError> {
        let id = found.sheet.event.id;
        // In this order: a tap that is answered from now on overlaps, and one that was answered
        // before is in what is read here.
        self.board().write_begins(id);
        let read = self.store().event(found.sheet.event.guild, id).await;
        let Ok(Some(posted)) = &read else {
            let _in_doubt = self.board().write_ended(id, Effect::Untouched);
            return read.map(drop);
        };
        let (event, channel) = (&posted.sheet.event, posted.post.channel);
        let deleted = event.phase(self.now()) == Phase::Deleted;
        let done = if deleted {
            self.discord().delete(channel, message).await
        } else {
            self.discord().edit_post(channel, message, &posted.sheet).await
        };
        let now = self.env().monotonic();
        pace.edited(event.id, channel, is_old, now);
        let effect = match &done {
            Ok(()) => Effect::Shown(event.version),
            Err(DiscordError::Unclear(_)) => Effect::Unclear,
            Err(_) => Effect::Untouched,
        };
        // Whether in doubt or not: the next round sees from the store what is still stale.
        let _in_doubt = self.board().write_ended(event.id, effect);
        match done {
            Ok(()) if deleted => self.post_is_gone(posted).await,
            Ok(()) => {}
            Err(DiscordError::MessageGone | DiscordError::ChannelGone) => {
                self.post_is_gone(posted).await;
            }
            Err(DiscordError::Later(wait)) => pace.pause(event.id, now.saturating_add(wait)),
            Err(DiscordError::Unclear(_)) => pace.pause(event.id, now.saturating_add(PAUSE)),
            Err(error @ (DiscordError::Forbidden | DiscordError::Refused(_))) => {
                warn!(event = %event.id, %channel, %error, "a post cannot be edited");
                pace.pause(event.id, now.saturating_add(FORBIDDEN_PAUSE));
            }
        }
        Ok(())
    }
}

fn is_old(message: MessageId, now: Timestamp) -> bool {
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
        pace.forget_what_is_past(SECOND * 60);
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
