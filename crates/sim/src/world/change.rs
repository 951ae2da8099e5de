//! What an operation changed, for those who have to be told: bots by intent, people by sight.

use serde_json::Value;

use super::model::Message;
use super::scheduled::ScheduledEvent;
use crate::ids::{AppId, ChannelId, GuildId, InteractionId, RoleId, ScheduledEventId, UserId};

/// One change of the world.
#[derive(Debug, Clone)]
pub(crate) enum Change {
    /// A message was written.
    MessageCreated(Box<Message>),
    /// A message was edited.
    MessageUpdated(Box<Message>),
    /// A message was deleted; as it last was.
    MessageDeleted(Box<Message>),
    /// The only reader of an ephemeral message has hidden it.
    MessageDismissed(Box<Message>),
    /// Somebody used a command, component or modal of `app`.
    Asked { app: AppId, guild: Option<GuildId>, payload: Value },
    /// The bot gave its first answer.
    Answered(InteractionId),
    /// The application's commands were changed.
    CommandsChanged(AppId),
    /// The bot was added to a guild.
    BotJoined { app: AppId, guild: GuildId },
    /// The bot was removed from a guild.
    BotLeft { app: AppId, guild: GuildId },
    /// A guild's own data changed.
    GuildUpdated(GuildId),
    /// A channel was made.
    ChannelCreated(ChannelId),
    /// A channel's data or overwrites changed.
    ChannelUpdated(ChannelId),
    /// A channel was deleted; with its object as it last was.
    ChannelDeleted { guild: GuildId, channel: Value },
    /// A role was made.
    RoleCreated { guild: GuildId, role: RoleId },
    /// A role changed.
    RoleUpdated { guild: GuildId, role: RoleId },
    /// A role was deleted.
    RoleDeleted { guild: GuildId, role: RoleId },
    /// Somebody joined.
    MemberJoined { guild: GuildId, user: UserId },
    /// Roles or nickname of somebody changed.
    MemberUpdated { guild: GuildId, user: UserId },
    /// Somebody left.
    MemberLeft { guild: GuildId, user: UserId },
    /// A scheduled event was made.
    ScheduledCreated(Box<ScheduledEvent>),
    /// A scheduled event was changed, or began or ended.
    ScheduledUpdated(Box<ScheduledEvent>),
    /// A scheduled event was deleted; as it last was.
    ScheduledDeleted(Box<ScheduledEvent>),
    /// Somebody is interested in a scheduled event, or is no more.
    Interest { guild: GuildId, event: ScheduledEventId, user: UserId, given: bool },
}
