//! One edit: a post is made to show its event as it is at that moment, or goes with its event.

use std::time::Duration;

use muster_domain::event::Phase;
use muster_domain::id::{ChannelId, EventId, GuildId, MessageId};
use muster_store::model::{Breakage, Posted};
use muster_store::port::{Deliveries, Events};
use tracing::{info, warn};

use crate::app::{App, World};
use crate::board::{Effect, Write};
use crate::discord::{Discord, DiscordError};
use crate::limits::{CLOCK_DOUBT_PAUSE, STORE_FAILED_PAUSE};

/// How long to leave a post alone that the bot may not edit.
const FORBIDDEN_PAUSE: Duration = Duration::from_hours(1);

/// How long to leave a post alone after an unclear answer.
const UNCLEAR_PAUSE: Duration = Duration::from_secs(5);

/// A post that was found stale.
#[derive(Clone, Copy, Debug)]
pub(super) struct Stale {
    pub(super) guild: GuildId,
    pub(super) event: EventId,
    pub(super) channel: ChannelId,
    pub(super) message: MessageId,
}

impl Stale {
    /// A stale post; `None` for one without a message.
    pub(super) fn of(posted: &Posted) -> Option<Self> {
        let (event, post) = (&posted.sheet.event, &posted.post);
        let (guild, channel) = (event.guild, post.channel);
        post.message.map(|message| Self { guild, event: event.id, channel, message })
    }
}

/// What an edit means for the next one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum EditEnd {
    /// A request was made.
    Asked,
    /// A request was made, and the post is to be left alone for longer than usual.
    Pause(Duration),
    /// No request was made, and the post is to be left alone for so long.
    Later(Duration),
    /// There was nothing to do. It may be otherwise by now.
    Nothing,
}

impl<W: World> App<W> {
    /// Makes one post show its event as it is now, or removes it with its event.
    pub(super) async fn make_true(&self, stale: Stale) -> EditEnd {
        let id = stale.event;
        if !self.can_go_by_the_clock().await {
            // Drawn by that clock it might stay so for good: what is done by now comes first.
            self.wake_scheduler();
            return EditEnd::Later(CLOCK_DOUBT_PAUSE);
        }
        // In this order: a tap that is answered from now on overlaps, and one that was answered
        // before is in what is read here.
        let write = self.board().write(id);
        let read = self.store().event(stale.guild, id).await;
        let found = match &read {
            Ok(found) => found.as_ref().filter(|posted| self.is_stale(posted, stale.message)),
            Err(error) => {
                warn!(event = %id, %error, "a post could not be read");
                let _in_doubt = write.ends(Effect::Untouched);
                return EditEnd::Pause(STORE_FAILED_PAUSE);
            }
        };
        let Some(posted) = found else {
            let _in_doubt = write.ends(Effect::Untouched);
            return EditEnd::Nothing;
        };
        self.edit(stale, posted, write).await
    }

    /// Whether this message is an event's post and may show something older.
    pub(super) fn is_stale(&self, posted: &Posted, message: MessageId) -> bool {
        let (event, post) = (&posted.sheet.event, &posted.post);
        let is_post = post.message == Some(message) && post.gone_at.is_none();
        let shows = post.shown >= event.version;
        is_post && !shows && !self.board().shows(event.id, message, event.version)
    }

    async fn edit(&self, stale: Stale, posted: &Posted, write: Write<'_>) -> EditEnd {
        let Stale { channel, message, .. } = stale;
        let event = &posted.sheet.event;
        let deleted = event.phase(self.now()) == Phase::Deleted;
        let done = if deleted {
            self.discord().delete(channel, message).await
        } else {
            self.discord().edit_post(channel, message, &posted.sheet).await
        };
        let effect = match &done {
            // Drawn by a clock that was set meanwhile.
            Ok(()) if self.is_clock_in_doubt() => Effect::Unclear,
            Ok(()) => Effect::Shown(message, event.version),
            Err(DiscordError::Unclear(_)) => Effect::Unclear,
            Err(
                DiscordError::Later(_)
                | DiscordError::MessageGone
                | DiscordError::ChannelGone
                | DiscordError::Forbidden
                | DiscordError::CannotTell
                | DiscordError::Refused(_),
            ) => Effect::Untouched,
        };
        // Whether in doubt or not: the next look sees from the store what is still stale.
        let _in_doubt = write.ends(effect);
        if done == Ok(()) && !deleted {
            return EditEnd::Asked;
        }
        let end = self.after_edit(posted, done).await;
        if deleted {
            self.post_if_back(posted).await;
        }
        end
    }

    /// Has the post of an event drawn anew by a clock that is in no doubt: it was drawn by one that
    /// is. (For want of a store that works, the next change of the event does it.)
    pub async fn draw_again(&self, guild: GuildId, event: EventId) {
        self.wake_scheduler();
        match self.store().refresh_post(guild, event, self.now()).await {
            Ok(_is_there) => self.wake_reconciler(),
            Err(error) => warn!(%event, %error, "a post could not be marked as stale"),
        }
    }

    /// Posts an event again that was brought back while its post was being removed: then nobody
    /// could know yet that there is no post any more.
    async fn post_if_back(&self, removed: &Posted) {
        let (guild, id) = (removed.sheet.event.guild, removed.sheet.event.id);
        let again = async {
            let found = self.store().event(guild, id).await?;
            let phase = found.map(|posted| posted.sheet.event.phase(self.now()));
            match phase {
                Some(Phase::Open | Phase::Closed | Phase::Running) => {
                    self.store().post_again(guild, id, None, self.now()).await
                }
                Some(Phase::Over | Phase::Cancelled | Phase::Deleted) | None => Ok(None),
            }
        };
        match again.await {
            Ok(Some(_)) => self.wake_scheduler(),
            Ok(None) => {}
            Err(error) => warn!(event = %id, %error, "an event could not be posted again"),
        }
    }

    async fn after_edit(&self, posted: &Posted, done: Result<(), DiscordError>) -> EditEnd {
        let (guild, channel) = (posted.sheet.event.guild, posted.post.channel);
        match done {
            Ok(()) | Err(DiscordError::MessageGone) => {
                self.post_is_gone(posted).await;
                EditEnd::Asked
            }
            Err(DiscordError::ChannelGone) => {
                self.note_channel(guild, channel, Some(Breakage::Gone)).await;
                self.post_is_gone(posted).await;
                EditEnd::Asked
            }
            Err(DiscordError::Later(wait)) => EditEnd::Pause(wait),
            Err(DiscordError::Unclear(_)) => EditEnd::Pause(UNCLEAR_PAUSE),
            Err(
                error @ (DiscordError::Forbidden
                | DiscordError::CannotTell
                | DiscordError::Refused(_)),
            ) => {
                let event = posted.sheet.event.id;
                warn!(%event, %channel, %error, "a post cannot be edited");
                if error == DiscordError::Forbidden {
                    // Messages wait from now on, and somebody has to know why.
                    self.note_channel(guild, channel, Some(Breakage::Refuses)).await;
                }
                EditEnd::Pause(FORBIDDEN_PAUSE)
            }
        }
    }

    /// Notes that somebody deleted a post.
    pub(super) async fn post_is_gone(&self, posted: &Posted) {
        let event = posted.sheet.event.id;
        let Some(message) = posted.post.message else { return };
        info!(%event, %message, "the post of an event is gone");
        match self.store().post_gone(event, message, self.now()).await {
            // The organisers may be told.
            Ok(()) => self.wake_scheduler(),
            Err(error) => warn!(%event, %error, "that a post is gone could not be stored"),
        }
    }
}
