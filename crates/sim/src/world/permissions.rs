//! What a member may do, computed as Discord computes it (Discord docs: permissions).

use std::fmt;
use std::ops::{BitAnd, BitOr, BitOrAssign, Not};

use serde::{Serialize, Serializer};
use serde_json::Value;

use super::model::{Channel, Guild, Overwrite, OverwriteTarget, Thread};
use crate::ids::UserId;

/// A set of permission bits.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub struct Permissions(u64);

impl Permissions {
    /// Nothing.
    pub const NONE: Self = Self(0);
    /// Every bit that exists.
    pub const ALL: Self = Self((1 << 53) - 1);
    /// Bypasses every overwrite.
    pub const ADMINISTRATOR: Self = Self(1 << 3);
    /// Create, edit and delete channels.
    pub const MANAGE_CHANNELS: Self = Self(1 << 4);
    /// Change the guild itself.
    pub const MANAGE_GUILD: Self = Self(1 << 5);
    /// React with a new emoji.
    pub const ADD_REACTIONS: Self = Self(1 << 6);
    /// Read who did what.
    pub const VIEW_AUDIT_LOG: Self = Self(1 << 7);
    /// See a channel at all.
    pub const VIEW_CHANNEL: Self = Self(1 << 10);
    /// Write in a channel.
    pub const SEND_MESSAGES: Self = Self(1 << 11);
    /// Delete other people's messages.
    pub const MANAGE_MESSAGES: Self = Self(1 << 13);
    /// Send embeds.
    pub const EMBED_LINKS: Self = Self(1 << 14);
    /// Send files.
    pub const ATTACH_FILES: Self = Self(1 << 15);
    /// Read what was written before.
    pub const READ_MESSAGE_HISTORY: Self = Self(1 << 16);
    /// Mention everyone, here, and roles that are not mentionable.
    pub const MENTION_EVERYONE: Self = Self(1 << 17);
    /// Use emoji of other guilds.
    pub const USE_EXTERNAL_EMOJIS: Self = Self(1 << 18);
    /// Enter voice channels, which have messages, too.
    pub const CONNECT: Self = Self(1 << 20);
    /// Silence people in voice channels.
    pub const MUTE_MEMBERS: Self = Self(1 << 22);
    /// Take people from one voice channel to another.
    pub const MOVE_MEMBERS: Self = Self(1 << 24);
    /// Give and take roles below one's own.
    pub const MANAGE_ROLES: Self = Self(1 << 28);
    /// Use commands.
    pub const USE_APPLICATION_COMMANDS: Self = Self(1 << 31);
    /// Edit other people's scheduled events.
    pub const MANAGE_EVENTS: Self = Self(1 << 33);
    /// Lock, archive and delete threads, and see all private ones.
    pub const MANAGE_THREADS: Self = Self(1 << 34);
    /// Make threads for everyone.
    pub const CREATE_PUBLIC_THREADS: Self = Self(1 << 35);
    /// Make threads for some.
    pub const CREATE_PRIVATE_THREADS: Self = Self(1 << 36);
    /// Write in threads.
    pub const SEND_MESSAGES_IN_THREADS: Self = Self(1 << 38);
    /// Create scheduled events.
    pub const CREATE_EVENTS: Self = Self(1 << 44);

    /// What a plain member of a new guild may do.
    pub const MEMBER: Self = Self(
        Self::VIEW_CHANNEL.0
            | Self::SEND_MESSAGES.0
            | Self::EMBED_LINKS.0
            | Self::ATTACH_FILES.0
            | Self::READ_MESSAGE_HISTORY.0
            | Self::ADD_REACTIONS.0
            | Self::CONNECT.0
            | Self::CREATE_PUBLIC_THREADS.0
            | Self::CREATE_PRIVATE_THREADS.0
            | Self::USE_APPLICATION_COMMANDS.0
            | Self::SEND_MESSAGES_IN_THREADS.0,
    );

    /// The core set of an events bot's invitation: see, send, embed, attach, read, threads.
    pub const BOT_CORE: Self = Self(274_878_024_704);

    /// The set with these bits.
    #[must_use]
    pub const fn from_bits(bits: u64) -> Self {
        Self(bits)
    }

    /// The bits.
    #[must_use]
    pub const fn bits(self) -> u64 {
        self.0
    }

    /// Whether all of `other` is in this set.
    #[must_use]
    pub const fn contains(self, other: Self) -> bool {
        self.0 & other.0 == other.0
    }

    /// Reads a set out of JSON, as decimal text or as a number.
    pub(crate) fn read(value: &Value) -> Option<Self> {
        match value {
            Value::String(text) => text.parse().ok().map(Self),
            Value::Number(number) => number.as_u64().map(Self),
            Value::Null | Value::Bool(_) | Value::Array(_) | Value::Object(_) => None,
        }
    }

    fn with_overwrite(self, allow: Self, deny: Self) -> Self {
        (self & !deny) | allow
    }
}

impl BitOr for Permissions {
    type Output = Self;

    fn bitor(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }
}

impl BitOrAssign for Permissions {
    fn bitor_assign(&mut self, other: Self) {
        self.0 |= other.0;
    }
}

impl BitAnd for Permissions {
    type Output = Self;

    fn bitand(self, other: Self) -> Self {
        Self(self.0 & other.0)
    }
}

impl Not for Permissions {
    type Output = Self;

    fn not(self) -> Self {
        Self(!self.0)
    }
}

impl fmt::Display for Permissions {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(&self.0, f)
    }
}

impl Serialize for Permissions {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl From<Permissions> for Value {
    fn from(set: Permissions) -> Self {
        Value::String(set.to_string())
    }
}

/// What `user` may do in the guild when no channel is looked at. Nothing for strangers.
#[must_use]
pub fn in_guild(guild: &Guild, user: UserId) -> Permissions {
    if guild.owner == user {
        return Permissions::ALL;
    }
    let Some(member) = guild.members.get(&user) else {
        return Permissions::NONE;
    };
    let everyone = guild.id.everyone();
    let set = std::iter::once(&everyone)
        .chain(&member.roles)
        .filter_map(|role| guild.roles.get(role))
        .fold(Permissions::NONE, |set, role| set | role.permissions);
    if set.contains(Permissions::ADMINISTRATOR) { Permissions::ALL } else { set }
}

/// What `user` may do in `channel`, overwrites applied, as interaction payloads carry it.
///
/// "Implicit" denials are not in it: without the right to see, the other bits may still be set.
#[must_use]
pub fn in_channel(guild: &Guild, channel: &Channel, user: UserId) -> Permissions {
    let base = in_guild(guild, user);
    let Some(member) = guild.members.get(&user) else {
        return base;
    };
    if base.contains(Permissions::ADMINISTRATOR) {
        return Permissions::ALL;
    }
    let everyone = guild.id.everyone();
    let pick = |wanted: &dyn Fn(OverwriteTarget) -> bool| {
        channel
            .overwrites
            .iter()
            .filter(|overwrite| wanted(overwrite.target))
            .fold((Permissions::NONE, Permissions::NONE), |(allow, deny), o: &Overwrite| {
                (allow | o.allow, deny | o.deny)
            })
    };
    let (all_allow, all_deny) = pick(&|target| target == OverwriteTarget::Role(everyone));
    let (roles_allow, roles_deny) = pick(&|target| match target {
        OverwriteTarget::Role(role) => role != everyone && member.roles.contains(&role),
        OverwriteTarget::Member(_) => false,
    });
    let (own_allow, own_deny) = pick(&|target| target == OverwriteTarget::Member(user));
    base.with_overwrite(all_allow, all_deny)
        .with_overwrite(roles_allow, roles_deny)
        .with_overwrite(own_allow, own_deny)
}

/// What really works in `channel`: [`in_channel`] with the implicit denials taken out.
#[must_use]
pub fn effective(guild: &Guild, channel: &Channel, user: UserId) -> Permissions {
    let set = in_channel(guild, channel, user);
    if !set.contains(Permissions::VIEW_CHANNEL) {
        return Permissions::NONE;
    }
    if channel.kind.is_spoken() && !set.contains(Permissions::CONNECT) {
        return Permissions::VIEW_CHANNEL;
    }
    without_silent(set)
}

/// What really works in `thread` of `parent`: the rights of its channel, where the right to write
/// in threads stands for the right to write.
#[must_use]
pub fn effective_in_thread(
    guild: &Guild,
    (parent, thread): (&Channel, &Thread),
    is_private: bool,
    user: UserId,
) -> Permissions {
    let set = in_channel(guild, parent, user);
    let hidden = is_private
        && !thread.members.contains_key(&user)
        && !set.contains(Permissions::MANAGE_THREADS);
    if hidden || !set.contains(Permissions::VIEW_CHANNEL) {
        return Permissions::NONE;
    }
    let writes = set.contains(Permissions::SEND_MESSAGES_IN_THREADS);
    let set = set & !Permissions::SEND_MESSAGES;
    without_silent(if writes { set | Permissions::SEND_MESSAGES } else { set })
}

/// Who may not write may not mention everyone, attach or embed either.
fn without_silent(set: Permissions) -> Permissions {
    if set.contains(Permissions::SEND_MESSAGES) {
        return set;
    }
    set & !(Permissions::MENTION_EVERYONE | Permissions::ATTACH_FILES | Permissions::EMBED_LINKS)
}
