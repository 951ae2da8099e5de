//! The port to Discord: what the engine asks of it beyond answering an interaction.

mod sought;

use std::time::Duration;

use jiff::{SignedDuration, Timestamp};
use muster_domain::grant::NotGiven;
use muster_domain::id::{ChannelId, DeliveryId, EventId, GuildId, MessageId, RoleId, UserId};
use muster_domain::notice::{HeldPlace, News};
use muster_domain::reminder::Audience;
use muster_domain::rights::{Actor, Permissions};
use muster_domain::settings::Language;
use muster_domain::sheet::Sheet;
use muster_domain::text::{Announcement, Title};
use muster_store::model::{Breakage, TroubleReport};
use thiserror::Error;

pub use self::sought::Sought;
use crate::create::ChannelKind;

/// By what a message is found again: it carries it in the custom id of a button.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mark {
    /// The post of this event. It keeps this mark through all its edits while it has buttons.
    Post(EventId),
    /// Any other delivery.
    Delivery(DeliveryId),
}

/// By what Discord knows a message again that it was sent before.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Nonce<'a> {
    /// What is sent with the message.
    pub text: &'a str,
    /// Since when Discord may have the message by it, if nobody has looked whether it has. The
    /// message leaves only while that is less than `SAME_NONCE` ago: later it would make a second
    /// one.
    pub since: Option<Timestamp>,
}

/// A message that the engine sends of its own accord.
#[derive(Clone, Debug)]
pub enum Outgoing<'a> {
    /// The post of an event, which notifies its role.
    Post(&'a Sheet),
    /// The post of an event that was posted before: it notifies nobody again.
    PostAgain(&'a Sheet),
    /// News about an event, with its mark.
    Notice(DeliveryId, Notice<'a>),
    /// News about an event, to one member by direct message, with its mark.
    Direct(DeliveryId, Direct<'a>),
    /// The first message to a guild, with its mark.
    Greeting(DeliveryId),
    /// What organisers are told of what went wrong.
    Report {
        /// Its mark.
        delivery: DeliveryId,
        /// The guild that it is about.
        guild: GuildId,
        /// What is spoken there.
        language: Language,
        /// What went wrong.
        report: &'a TroubleReport,
        /// What the bot may do in the channels that it names, as far as is known.
        channels: &'a [(ChannelId, ChannelFound)],
    },
}

/// One message of a piece of news.
#[derive(Clone, Copy, Debug)]
pub struct Notice<'a> {
    /// The event as it is now.
    pub sheet: &'a Sheet,
    /// What happened.
    pub news: News,
    /// What an organiser said, if that is the news.
    pub words: Option<&'a Announcement>,
    /// Members to mention, at most 80, unless the event hides who they are; if there are none, the
    /// role is.
    pub mentions: &'a [UserId],
    /// Of these the ones without a place, if the news is a reminder, or what an organiser says.
    pub waiting: &'a [UserId],
    /// The places that are held for those whom it tells that, whether it mentions them or not.
    pub held: &'a [HeldPlace],
    /// Whom an organiser says it to, if that is the news.
    pub audience: Option<Audience>,
    /// The role to mention; if there is none, the event's is, or nobody.
    pub role: Option<RoleId>,
    /// Which part it is, from 1.
    pub part: usize,
    /// How many parts there are.
    pub parts: usize,
}

impl<'a> Notice<'a> {
    /// One that mentions nobody, to begin with.
    #[must_use]
    pub const fn of(sheet: &'a Sheet, news: News) -> Self {
        let (mentions, waiting): (&[UserId], &[UserId]) = (&[], &[]);
        let (words, audience, role, held) = (None, None, None, &[] as &[HeldPlace]);
        Self { sheet, news, words, mentions, waiting, held, audience, role, part: 1, parts: 1 }
    }
}

/// News for one member, by direct message.
#[derive(Clone, Copy, Debug)]
pub struct Direct<'a> {
    /// The event as it is now.
    pub sheet: &'a Sheet,
    /// The message that is its post, and where it is, if there is one.
    pub post: Option<(ChannelId, MessageId)>,
    /// What happened.
    pub news: News,
    /// What an organiser said, if that is the news.
    pub words: Option<&'a Announcement>,
    /// The place that is held for them, if that is the news.
    pub held: Option<HeldPlace>,
    /// Whether they have no place, if the news is a reminder, or what an organiser says.
    pub is_waiting: bool,
}

/// What Discord says of a channel.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ChannelFound {
    /// There is no such channel.
    Gone,
    /// It is there.
    There {
        /// What the bot may do in it; nothing if it cannot see it.
        permissions: Permissions,
        /// How a post is made in it, which says what that needs.
        kind: ChannelKind,
    },
}

impl ChannelFound {
    /// What the bot needs there to post, and lacks.
    #[must_use]
    pub const fn missing(self) -> Permissions {
        match self {
            Self::Gone => Permissions::TO_POST,
            Self::There { permissions, kind } => permissions.missing(kind.needs()),
        }
    }

    /// What is wrong with it, if anything is.
    #[must_use]
    pub const fn breakage(self) -> Option<Breakage> {
        const TO_WRITE: u64 = Permissions::VIEW_CHANNEL.0
            | Permissions::SEND_MESSAGES.0
            | Permissions::SEND_MESSAGES_IN_THREADS.0;
        let missing = self.missing();
        match self {
            Self::Gone => Some(Breakage::Gone),
            Self::There { .. } if missing.is_empty() => None,
            Self::There { .. } if missing.0 & TO_WRITE == 0 => Some(Breakage::Lacks),
            Self::There { .. } => Some(Breakage::Refuses),
        }
    }
}

/// What Discord says of a role.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct RoleFound {
    /// Whether anybody may mention it.
    pub mentionable: bool,
    /// Whether the bot can give it; [`NotGiven::NoSuchRole`] if it is gone.
    pub given: Result<(), NotGiven>,
}

/// What Discord says of channels and roles, each in the order in which it was asked for.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Examined {
    /// The channels.
    pub channels: Vec<(ChannelId, ChannelFound)>,
    /// The roles.
    pub roles: Vec<(RoleId, RoleFound)>,
}

/// Why Discord did not do something.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum DiscordError {
    /// It may or may not have been done: no answer came, or a server error.
    #[error("no clear answer: {0}")]
    Unclear(String),
    /// It was not done; it can be tried again after so long.
    #[error("to be tried again in {0:?}")]
    Later(Duration),
    /// The message is gone.
    #[error("the message does not exist")]
    MessageGone,
    /// The channel is gone.
    #[error("the channel does not exist")]
    ChannelGone,
    /// The bot may not do it there.
    #[error("the bot lacks a permission there")]
    Forbidden,
    /// Whether a message is there cannot be told, now or later: there is more than can be looked
    /// through.
    #[error("there is more than can be looked through")]
    CannotTell,
    /// Discord refuses it as it is; trying again is useless.
    #[error("refused: {0}")]
    Refused(String),
}

/// What Discord does for the engine. Every call passes the governor.
pub trait Discord: Send + Sync + 'static {
    /// What time it is for Discord, never later than it is; `None` until it has answered once.
    fn time(&self) -> Option<Timestamp>;

    /// Creates a message. Sending the same nonce again within a minute returns the first message.
    /// `mark` is done when the message's turn has come, before its first byte leaves; if it comes
    /// to false, nothing is sent.
    fn create(
        &self,
        channel: ChannelId,
        nonce: Nonce<'_>,
        message: Outgoing<'_>,
        mark: impl Future<Output = bool> + Send,
    ) -> impl Future<Output = Result<MessageId, DiscordError>> + Send;

    /// Creates a thread in a forum that begins with the post of an event, with the first of the
    /// forum's tags if it demands one. The message has the number of the thread. Nothing keeps
    /// Discord from doing it twice: whoever is not sure asks [`Discord::find`] first.
    fn create_in_forum(
        &self,
        forum: ChannelId,
        message: Outgoing<'_>,
        mark: impl Future<Output = bool> + Send,
    ) -> impl Future<Output = Result<MessageId, DiscordError>> + Send;

    /// Opens a thread of this name on a message, or finds that there is one.
    fn open_thread(
        &self,
        channel: ChannelId,
        message: MessageId,
        name: &Title,
    ) -> impl Future<Output = Result<(), DiscordError>> + Send;

    /// Gives a thread this name, and takes it out of the archive if it is there.
    fn rename_thread(
        &self,
        thread: ChannelId,
        name: &Title,
    ) -> impl Future<Output = Result<(), DiscordError>> + Send;

    /// Archives a thread; nothing changes if it is archived.
    fn archive_thread(
        &self,
        thread: ChannelId,
    ) -> impl Future<Output = Result<(), DiscordError>> + Send;

    /// Looks through a channel, from `since` on, for the message with this mark; the newest
    /// messages first, as `since` may be long ago; in a forum through the first messages of its
    /// threads. `Ok(None)` is certain; where the channel cannot be read,
    /// [`DiscordError::Forbidden`] is the answer, and where there is too much in it,
    /// [`DiscordError::CannotTell`].
    fn find(
        &self,
        channel: ChannelId,
        mark: Mark,
        since: Timestamp,
    ) -> impl Future<Output = Result<Option<MessageId>, DiscordError>> + Send;

    /// Makes a post show this.
    fn edit_post(
        &self,
        channel: ChannelId,
        message: MessageId,
        sheet: &Sheet,
    ) -> impl Future<Output = Result<(), DiscordError>> + Send;

    /// Deletes a message; [`DiscordError::MessageGone`] if it is gone already.
    fn delete(
        &self,
        channel: ChannelId,
        message: MessageId,
    ) -> impl Future<Output = Result<(), DiscordError>> + Send;

    /// Whether a message is still there: `Ok(())`, or [`DiscordError::MessageGone`].
    fn look_for(
        &self,
        channel: ChannelId,
        message: MessageId,
    ) -> impl Future<Output = Result<(), DiscordError>> + Send;

    /// What the bot may do in a channel, computed from the guild's roles and the channel's
    /// overwrites.
    fn permissions_in(
        &self,
        guild: GuildId,
        channel: ChannelId,
    ) -> impl Future<Output = Result<Permissions, DiscordError>> + Send;

    /// What there is to know of these channels and roles of a guild.
    fn examine(
        &self,
        guild: GuildId,
        channels: &[ChannelId],
        roles: &[RoleId],
    ) -> impl Future<Output = Result<Examined, DiscordError>> + Send;

    /// A channel that refused us and was left alone since may be used again.
    fn forgive(&self, channel: ChannelId);

    /// The same of all channels that refused us.
    fn forgive_all(&self);

    /// How far Discord's clock was ahead of ours when it answered last; `None` before it did.
    fn clock_ahead(&self) -> Option<SignedDuration>;

    /// The channel for a guild's system messages, if it has one.
    fn system_channel(
        &self,
        guild: GuildId,
    ) -> impl Future<Output = Result<Option<ChannelId>, DiscordError>> + Send;

    /// The direct-message channel with who added the bot to a guild or, where that cannot be read,
    /// with the guild's owner.
    fn direct_channel(
        &self,
        guild: GuildId,
    ) -> impl Future<Output = Result<ChannelId, DiscordError>> + Send;

    /// The roles of a member.
    fn roles_of(
        &self,
        guild: GuildId,
        member: UserId,
    ) -> impl Future<Output = Result<Vec<RoleId>, DiscordError>> + Send;

    /// Gives a member a role; nothing changes if they have it.
    fn give_role(
        &self,
        guild: GuildId,
        member: UserId,
        role: RoleId,
    ) -> impl Future<Output = Result<(), DiscordError>> + Send;

    /// Takes a role from a member; nothing changes if they do not have it.
    fn take_role(
        &self,
        guild: GuildId,
        member: UserId,
        role: RoleId,
    ) -> impl Future<Output = Result<(), DiscordError>> + Send;

    /// Whether each of these roles can be given by an answer, on behalf of this member; in their
    /// order.
    fn may_give(
        &self,
        actor: &Actor,
        roles: &[RoleId],
    ) -> impl Future<Output = Result<Vec<Result<(), NotGiven>>, DiscordError>> + Send;

    /// The people of a guild who may see a channel and are sought, without bots. `Ok(None)` if the
    /// guild has too many members to look at; [`DiscordError::Forbidden`] if the bot may not
    /// read the list.
    fn members_of(
        &self,
        guild: GuildId,
        channel: ChannelId,
        sought: Sought<'_>,
    ) -> impl Future<Output = Result<Option<Vec<UserId>>, DiscordError>> + Send;

    /// Whether the bot may read the list of a guild's members.
    fn may_list_members(
        &self,
        guild: GuildId,
    ) -> impl Future<Output = Result<bool, DiscordError>> + Send;

    /// The direct-message channel with a member. That there is one does not say that the member
    /// takes messages.
    fn direct_channel_with(
        &self,
        member: UserId,
    ) -> impl Future<Output = Result<ChannelId, DiscordError>> + Send;
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_missing_says_how_bad_it_is() {
        let found = |permissions, kind| ChannelFound::There { permissions, kind };
        let (channel, thread) = (ChannelKind::Messages, ChannelKind::Thread);
        let without = |bit: Permissions| Permissions(Permissions::TO_POST.0 & !bit.0);
        assert_eq!(found(Permissions::TO_POST, channel).breakage(), None);
        assert_eq!(found(Permissions::ADMINISTRATOR, thread).breakage(), None);
        let refuses = found(without(Permissions::SEND_MESSAGES), channel);
        assert_eq!(refuses.breakage(), Some(Breakage::Refuses));
        let lacks = found(without(Permissions::EMBED_LINKS), channel);
        assert_eq!(lacks.breakage(), Some(Breakage::Lacks));
        for kind in [thread, ChannelKind::Forum] {
            assert_eq!(found(Permissions::TO_POST, kind).breakage(), Some(Breakage::Refuses));
        }
        assert_eq!(ChannelFound::Gone.breakage(), Some(Breakage::Gone));
    }
}
