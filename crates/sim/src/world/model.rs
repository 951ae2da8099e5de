//! The things of the simulated Discord as plain data.

use std::collections::{BTreeMap, BTreeSet, VecDeque};

use jiff::Timestamp;
use serde_json::Value;

pub use super::channel::{
    Channel, ChannelKind, Forum, Overwrite, OverwriteTarget, Post, Tag, Thread,
};
use super::permissions::Permissions;
use super::scheduled::ScheduledEvent;
use crate::ids::{
    AppId, AttachmentId, AuditEntryId, ChannelId, CommandId, EmojiId, GuildId, InteractionId,
    MessageId, RoleId, ScheduledEventId, UserId,
};

/// A person or a bot.
#[derive(Debug, Clone)]
pub struct Person {
    /// Id.
    pub id: UserId,
    /// The unique lower-case name.
    pub username: String,
    /// The name shown, if it differs.
    pub global_name: Option<String>,
    /// Hash of the picture, if any.
    pub avatar: Option<String>,
    /// Whether it is a bot.
    pub bot: bool,
    /// Colour of the stand-in picture on the page, `0xRRGGBB`.
    pub color: u32,
    /// Language of the client, for example `en-US`.
    pub locale: String,
    /// Whether bots may write to this person directly.
    pub dms_open: bool,
}

impl Person {
    /// The name that others read when no guild gives another.
    #[must_use]
    pub fn name(&self) -> &str {
        self.global_name.as_deref().unwrap_or(&self.username)
    }
}

/// A guild.
#[derive(Debug, Clone)]
pub struct Guild {
    /// Id.
    pub id: GuildId,
    /// Name.
    pub name: String,
    /// Who may do everything.
    pub owner: UserId,
    /// The guild's language.
    pub locale: String,
    /// All roles, `@everyone` among them.
    pub roles: BTreeMap<RoleId, Role>,
    /// All members, bots among them.
    pub members: BTreeMap<UserId, Member>,
    /// Names of its own emoji.
    pub emojis: BTreeMap<EmojiId, String>,
    /// Where Discord itself writes: who joined, for example.
    pub system_channel: Option<ChannelId>,
    /// Who did what that concerns the guild, oldest first.
    pub audit: VecDeque<AuditEntry>,
    /// Native scheduled events, the newest finished ones among them.
    pub scheduled: BTreeMap<ScheduledEventId, ScheduledEvent>,
}

/// One line of a guild's audit log.
#[derive(Debug, Clone)]
pub struct AuditEntry {
    /// Id; tells the time.
    pub id: AuditEntryId,
    /// What was done: 28 is "a bot was added" (Discord docs: audit log events).
    pub action: u8,
    /// By whom.
    pub user: UserId,
    /// To whom or what.
    pub target: u64,
    /// The reason that was given.
    pub reason: Option<String>,
}

/// A role.
#[derive(Debug, Clone)]
pub struct Role {
    /// Id.
    pub id: RoleId,
    /// Name.
    pub name: String,
    /// What it grants.
    pub permissions: Permissions,
    /// Rank; `@everyone` is 0.
    pub position: u32,
    /// Colour, `0xRRGGBB`; 0 is none.
    pub color: u32,
    /// Whether anyone may mention it.
    pub mentionable: bool,
    /// The bot that the role belongs to, if an installation made it.
    pub bot: Option<UserId>,
}

/// Membership of one person in one guild.
#[derive(Debug, Clone)]
pub struct Member {
    /// Who.
    pub user: UserId,
    /// Name in this guild only.
    pub nick: Option<String>,
    /// Roles without `@everyone`.
    pub roles: BTreeSet<RoleId>,
    /// Since when.
    pub joined_at: Timestamp,
}

/// A file of a message.
#[derive(Debug, Clone)]
pub struct Attachment {
    /// Id.
    pub id: AttachmentId,
    /// Name with its ending.
    pub filename: String,
    /// What a screen reader says.
    pub description: Option<String>,
    /// MIME type.
    pub content_type: String,
    /// Length in bytes. The content is [`super::World::file_content`].
    pub size: usize,
}

/// From which interaction a message comes.
#[derive(Debug, Clone)]
pub struct Origin {
    /// The interaction.
    pub interaction: InteractionId,
    /// Type number of the interaction.
    pub kind: u8,
    /// Who used it.
    pub user: UserId,
    /// Name of the command with its subcommands, for commands only.
    pub name: Option<String>,
    /// The object that messages carry as `interaction_metadata`.
    pub metadata: Value,
}

/// A message.
#[derive(Debug, Clone)]
pub struct Message {
    /// Id.
    pub id: MessageId,
    /// Where.
    pub channel: ChannelId,
    /// By whom.
    pub author: UserId,
    /// The application behind the author, if it is a bot.
    pub application: Option<AppId>,
    /// Type number: 0 plain, 19 reply, 20 slash command, 23 context menu.
    pub kind: u8,
    /// Text.
    pub content: String,
    /// Embeds as accepted.
    pub embeds: Vec<Value>,
    /// Components as accepted, with their ids and defaults filled in.
    pub components: Vec<Value>,
    /// Flag bits.
    pub flags: u64,
    /// Files.
    pub attachments: Vec<Attachment>,
    /// When it was written.
    pub timestamp: Timestamp,
    /// When it was last edited.
    pub edited: Option<Timestamp>,
    /// Read aloud.
    pub tts: bool,
    /// The sender's own mark, as sent.
    pub nonce: Option<Value>,
    /// Whom it pings.
    pub pings: Pings,
    /// The message that it answers.
    pub reference: Option<MessageId>,
    /// The interaction that it comes from.
    pub origin: Option<Origin>,
    /// The only person who sees it, if it is ephemeral.
    pub only_for: Option<UserId>,
    /// That person has hidden it. The bot does not learn of it.
    pub dismissed: bool,
}

/// Whom a message pings, after `allowed_mentions` and permissions.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Pings {
    /// People.
    pub users: BTreeSet<UserId>,
    /// Roles.
    pub roles: BTreeSet<RoleId>,
    /// Everyone or everyone here.
    pub everyone: bool,
}

/// Flag bits of messages (Discord docs: message flags).
pub mod flags {
    /// Embeds are not shown.
    pub const SUPPRESS_EMBEDS: u64 = 1 << 2;
    /// A thread begins with it.
    pub const HAS_THREAD: u64 = 1 << 5;
    /// Only one person sees it.
    pub const EPHEMERAL: u64 = 1 << 6;
    /// "… is thinking".
    pub const LOADING: u64 = 1 << 7;
    /// Sent silently.
    pub const SUPPRESS_NOTIFICATIONS: u64 = 1 << 12;
    /// Made of components only.
    pub const COMPONENTS_V2: u64 = 1 << 15;
}

/// An application with its bot.
#[derive(Debug, Clone)]
pub struct Application {
    /// Id.
    pub id: AppId,
    /// Name.
    pub name: String,
    /// Its bot.
    pub bot: UserId,
    /// Who made it.
    pub owner: UserId,
    /// The bot's secret.
    pub token: String,
    /// Privileged intents switched on in the portal, as intent bits.
    pub privileged: u64,
    /// Registered commands.
    pub commands: BTreeMap<CommandId, Command>,
    /// Nonces of recent messages, oldest first.
    pub nonces: VecDeque<UsedNonce>,
    /// When commands were made lately, oldest first, and in which scope.
    pub command_creates: VecDeque<(Timestamp, Option<GuildId>)>,
}

/// A nonce that a bot used with `enforce_nonce`.
#[derive(Debug, Clone)]
pub struct UsedNonce {
    /// The mark.
    pub nonce: String,
    /// When it was used.
    pub at: Timestamp,
    /// Where.
    pub channel: ChannelId,
    /// What it made.
    pub message: MessageId,
}

/// A registered command.
#[derive(Debug, Clone)]
pub struct Command {
    /// Id.
    pub id: CommandId,
    /// The one guild that has it, or `None` when it is global.
    pub guild: Option<GuildId>,
    /// Changes with every edit.
    pub version: u64,
    /// Type number: 1 slash, 2 on a user, 3 on a message.
    pub kind: u8,
    /// Name.
    pub name: String,
    /// The definition as accepted.
    pub definition: Value,
    /// What a member needs; `None` is nothing, the empty set means administrators only.
    pub needs: Option<Permissions>,
}

impl Application {
    /// The flag bits that tell which privileged intents are switched on, for small bots
    /// (Discord docs: application flags).
    #[must_use]
    pub const fn privileged_flags(&self) -> u64 {
        let presence = if self.privileged & (1 << 8) != 0 { 1 << 13 } else { 0 };
        let members = if self.privileged & (1 << 1) != 0 { 1 << 15 } else { 0 };
        let content = if self.privileged & (1 << 15) != 0 { 1 << 19 } else { 0 };
        presence | members | content
    }
}
