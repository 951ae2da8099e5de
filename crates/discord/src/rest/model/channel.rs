//! Channels, forums and threads.

use muster_domain::id::{ChannelId, GuildId, UserId};
use muster_domain::rights::Permissions;
use serde::Deserialize;

use super::snowflake::{self, bits, channel};

/// A channel or thread.
#[derive(Clone, Debug, Deserialize)]
pub struct Channel {
    /// Its number.
    #[serde(deserialize_with = "channel")]
    pub id: ChannelId,
    /// Its type (Discord docs: channel types): 0 text, 1 direct message, 5 announcement …
    #[serde(rename = "type", default)]
    pub kind: u64,
    /// The guild that it belongs to.
    #[serde(default, deserialize_with = "snowflake::optional_guild")]
    pub guild_id: Option<GuildId>,
    /// The channel of a thread, or the category of a channel.
    #[serde(default, deserialize_with = "snowflake::optional_channel")]
    pub parent_id: Option<ChannelId>,
    /// Of a thread, who opened it.
    #[serde(default, deserialize_with = "snowflake::optional_user")]
    pub owner_id: Option<UserId>,
    /// The tags that posts in a forum can have.
    #[serde(default)]
    pub available_tags: Vec<ForumTag>,
    /// Flags; one says that posts in a forum must have a tag.
    #[serde(default)]
    pub flags: u64,
    /// Its name.
    #[serde(default)]
    pub name: Option<String>,
    /// Its place in the list.
    #[serde(default)]
    pub position: Option<i64>,
    /// Who may do more or less here than in the guild.
    #[serde(default)]
    pub permission_overwrites: Vec<Overwrite>,
}

/// A tag of a forum.
#[derive(Clone, Debug, Deserialize)]
pub struct ForumTag {
    /// Its number.
    pub id: String,
    /// Whether only those who manage threads may give it.
    #[serde(default)]
    pub moderated: bool,
}

/// A list of threads.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub struct Threads {
    /// The threads.
    pub threads: Vec<Channel>,
    /// Whether there are more.
    pub has_more: bool,
}

/// What a role or member may do more or less in a channel.
#[derive(Clone, Debug, Deserialize)]
pub struct Overwrite {
    /// Number of the role or member.
    #[serde(deserialize_with = "snowflake::number")]
    pub id: u64,
    /// 0 for a role, 1 for a member.
    #[serde(rename = "type", default)]
    pub kind: u64,
    /// What is allowed.
    #[serde(default = "super::none", deserialize_with = "bits")]
    pub allow: Permissions,
    /// What is forbidden.
    #[serde(default = "super::none", deserialize_with = "bits")]
    pub deny: Permissions,
}
