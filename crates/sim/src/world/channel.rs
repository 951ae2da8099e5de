//! Channels, threads and forums as plain data.

use std::collections::{BTreeMap, BTreeSet};

use jiff::Timestamp;

use super::model::Message;
use super::permissions::Permissions;
use crate::ids::{ChannelId, GuildId, MessageId, RoleId, TagId, UserId};

/// Kinds of channel that exist here.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ChannelKind {
    /// A text channel of a guild.
    Text,
    /// A direct conversation of two.
    Dm,
    /// A voice channel of a guild.
    Voice,
    /// A folder of channels.
    Category,
    /// A text channel whose messages other guilds may follow.
    Announcement,
    /// A thread in an announcement channel.
    AnnouncementThread,
    /// A thread for everyone who sees its channel.
    PublicThread,
    /// A thread for those who were added.
    PrivateThread,
    /// A voice channel with speakers and listeners.
    Stage,
    /// A channel of nothing but threads, which are called posts.
    Forum,
    /// A forum for pictures and films.
    Media,
}

impl ChannelKind {
    /// The number on the wire.
    #[must_use]
    pub const fn number(self) -> u8 {
        match self {
            Self::Text => 0,
            Self::Dm => 1,
            Self::Voice => 2,
            Self::Category => 4,
            Self::Announcement => 5,
            Self::AnnouncementThread => 10,
            Self::PublicThread => 11,
            Self::PrivateThread => 12,
            Self::Stage => 13,
            Self::Forum => 15,
            Self::Media => 16,
        }
    }

    /// Whether messages can be written into it.
    #[must_use]
    pub const fn takes_messages(self) -> bool {
        match self {
            Self::Text
            | Self::Dm
            | Self::Voice
            | Self::Announcement
            | Self::AnnouncementThread
            | Self::PublicThread
            | Self::PrivateThread
            | Self::Stage => true,
            Self::Category | Self::Forum | Self::Media => false,
        }
    }

    /// Whether it holds posts, each a thread that begins with its own message.
    #[must_use]
    pub const fn takes_posts(self) -> bool {
        matches!(self, Self::Forum | Self::Media)
    }

    /// Whether people talk in it, which takes the right to connect.
    #[must_use]
    pub const fn is_spoken(self) -> bool {
        matches!(self, Self::Voice | Self::Stage)
    }
}

/// For whom an overwrite counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum OverwriteTarget {
    /// Members with this role.
    Role(RoleId),
    /// One member.
    Member(UserId),
}

/// A change of permissions in one channel.
#[derive(Debug, Clone, Copy)]
pub struct Overwrite {
    /// For whom.
    pub target: OverwriteTarget,
    /// Granted here.
    pub allow: Permissions,
    /// Denied here.
    pub deny: Permissions,
}

/// A channel with its messages.
#[derive(Debug, Clone)]
pub struct Channel {
    /// Id.
    pub id: ChannelId,
    /// Kind.
    pub kind: ChannelKind,
    /// The guild, or `None` for a direct conversation.
    pub guild: Option<GuildId>,
    /// Name; empty for a direct conversation.
    pub name: String,
    /// What it is for.
    pub topic: Option<String>,
    /// Its category.
    pub parent: Option<ChannelId>,
    /// Rank within the guild.
    pub position: u32,
    /// Permission overwrites.
    pub overwrites: Vec<Overwrite>,
    /// The two of a direct conversation.
    pub recipients: Vec<UserId>,
    /// Seconds that people have to wait between messages; bots do not.
    pub slowmode_s: u32,
    /// After how many quiet minutes threads in it are archived, where their maker says nothing.
    pub thread_archive_mins: Option<u32>,
    /// What makes it a forum, if it is one.
    pub forum: Option<Forum>,
    /// What makes it a thread, if it is one; its channel is `parent`.
    pub thread: Option<Thread>,
    /// Messages that exist, ephemeral ones among them, oldest first.
    pub messages: BTreeMap<MessageId, Message>,
}

/// What a thread has beside other channels.
#[derive(Debug, Clone)]
pub struct Thread {
    /// Who made it.
    pub owner: UserId,
    /// When it was made.
    pub created: Timestamp,
    /// Hidden from the list of active ones until somebody writes again.
    pub archived: bool,
    /// Only those who manage threads may write.
    pub locked: bool,
    /// When it was last archived or taken out of the archive.
    pub archive_changed: Timestamp,
    /// After how many quiet minutes it is archived.
    pub auto_archive_mins: u32,
    /// When somebody last wrote in it, woke it, or changed after how long it is archived.
    pub active: Timestamp,
    /// How many messages were ever written in it, the one that a post begins with apart.
    pub sent: u64,
    /// What it has as a post in a forum.
    pub post: Post,
    /// Whether its members may add others, in a private one.
    pub invitable: bool,
    /// Who takes part, and since when.
    pub members: BTreeMap<UserId, Timestamp>,
}

impl Thread {
    /// A thread that `owner` makes at `now`, who is the first in it.
    #[must_use]
    pub fn new(owner: UserId, now: Timestamp, auto_archive_mins: u32) -> Self {
        Self {
            owner,
            created: now,
            archived: false,
            locked: false,
            archive_changed: now,
            auto_archive_mins,
            active: now,
            sent: 0,
            post: Post::default(),
            invitable: true,
            members: BTreeMap::from([(owner, now)]),
        }
    }
}

/// What a post in a forum has beside other threads.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Post {
    /// Its tags.
    pub tags: BTreeSet<TagId>,
    /// Whether it stands above all others, and is never archived by itself.
    pub pinned: bool,
}

/// What a forum has beside other channels.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Forum {
    /// The tags that posts can have; 20 at most at Discord.
    pub tags: Vec<Tag>,
    /// Whether every post needs one.
    pub requires_tag: bool,
}

/// A tag of a forum.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Tag {
    /// Id.
    pub id: TagId,
    /// Name.
    pub name: String,
    /// Whether it is for those who manage threads to give.
    pub moderated: bool,
}
