//! Who may do what in a guild.

use crate::id::{ChannelId, GuildId, RoleId, UserId};

/// Discord's permission bits, as computed for somebody in one channel.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Permissions(pub u64);

impl Permissions {
    /// Everything, whatever the channel says.
    pub const ADMINISTRATOR: Self = Self(1 << 3);
    /// Change the server's settings ("Manage Server").
    pub const MANAGE_GUILD: Self = Self(1 << 5);
    /// See the channel.
    pub const VIEW_CHANNEL: Self = Self(1 << 10);
    /// Write into the channel.
    pub const SEND_MESSAGES: Self = Self(1 << 11);
    /// Send embeds.
    pub const EMBED_LINKS: Self = Self(1 << 14);
    /// Attach files.
    pub const ATTACH_FILES: Self = Self(1 << 15);
    /// Read earlier messages.
    pub const READ_MESSAGE_HISTORY: Self = Self(1 << 16);
    /// Mention roles that not everybody may mention.
    pub const MENTION_EVERYONE: Self = Self(1 << 17);
    /// Hand out roles ("Manage Roles").
    pub const MANAGE_ROLES: Self = Self(1 << 28);
    /// Change others' scheduled events ("Manage Events").
    pub const MANAGE_EVENTS: Self = Self(1 << 33);
    /// Change, archive and unlock others' threads, and write into locked ones ("Manage Threads").
    pub const MANAGE_THREADS: Self = Self(1 << 34);
    /// Open threads that everybody sees ("Create Public Threads").
    pub const CREATE_PUBLIC_THREADS: Self = Self(1 << 35);
    /// Write into threads.
    pub const SEND_MESSAGES_IN_THREADS: Self = Self(1 << 38);

    /// What gives somebody a say over others or over the server. (Discord docs: "Permissions")
    pub const POWER: Self = Self(
        Self::ADMINISTRATOR.0
            | Self::MANAGE_GUILD.0
            | Self::MANAGE_ROLES.0
            | Self::MANAGE_EVENTS.0
            | Self::MENTION_EVERYONE.0
            // Kick, ban, manage channels, see the audit log.
            | 1 << 1 | 1 << 2 | 1 << 4 | 1 << 7
            // Manage messages; mute, deafen and move others.
            | 1 << 13 | 1 << 22 | 1 << 23 | 1 << 24
            // Manage nicknames, webhooks, emojis, threads; time others out.
            | 1 << 27 | 1 << 29 | 1 << 30 | 1 << 34 | 1 << 40,
    );

    /// What the bot needs in a channel to post an event there and to keep the post true.
    pub const TO_POST: Self = Self(
        Self::VIEW_CHANNEL.0
            | Self::SEND_MESSAGES.0
            | Self::EMBED_LINKS.0
            | Self::READ_MESSAGE_HISTORY.0,
    );

    /// What the bot needs in a channel, beside that, to open threads and to write into them.
    pub const FOR_THREADS: Self =
        Self(Self::CREATE_PUBLIC_THREADS.0 | Self::SEND_MESSAGES_IN_THREADS.0);

    /// The same in a thread, where writing has a permission of its own.
    pub const TO_POST_IN_THREAD: Self =
        Self((Self::TO_POST.0 & !Self::SEND_MESSAGES.0) | Self::SEND_MESSAGES_IN_THREADS.0);

    /// The same in a forum, where a post is a message of the forum and what follows in its thread.
    pub const TO_POST_IN_FORUM: Self = Self(Self::TO_POST.0 | Self::SEND_MESSAGES_IN_THREADS.0);

    /// Whether all of `wanted` are given; an administrator has all.
    #[must_use]
    pub const fn allow(self, wanted: Self) -> bool {
        self.0 & Self::ADMINISTRATOR.0 != 0 || self.0 & wanted.0 == wanted.0
    }

    /// Those of `wanted` that are not given.
    #[must_use]
    pub const fn missing(self, wanted: Self) -> Self {
        if self.0 & Self::ADMINISTRATOR.0 == 0 { Self(wanted.0 & !self.0) } else { Self(0) }
    }

    /// Whether no bit is set.
    #[must_use]
    pub const fn is_empty(self) -> bool {
        self.0 == 0
    }

    /// The names under which Discord's settings show those of the set that Muster ever needs.
    pub fn names(self) -> impl Iterator<Item = &'static str> {
        const NAMES: [(Permissions, &str); 11] = [
            (Permissions::VIEW_CHANNEL, "View Channel"),
            (Permissions::SEND_MESSAGES, "Send Messages"),
            (Permissions::SEND_MESSAGES_IN_THREADS, "Send Messages in Threads"),
            (Permissions::EMBED_LINKS, "Embed Links"),
            (Permissions::ATTACH_FILES, "Attach Files"),
            (Permissions::READ_MESSAGE_HISTORY, "Read Message History"),
            (Permissions::MENTION_EVERYONE, "Mention Everyone"),
            (Permissions::CREATE_PUBLIC_THREADS, "Create Public Threads"),
            (Permissions::MANAGE_THREADS, "Manage Threads"),
            (Permissions::MANAGE_EVENTS, "Manage Events"),
            (Permissions::MANAGE_GUILD, "Manage Server"),
        ];
        NAMES.into_iter().filter(move |(bit, _)| self.0 & bit.0 != 0).map(|(_, name)| name)
    }
}

/// Somebody who acts in a guild, as Discord vouches for them with each interaction.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Actor {
    /// Who.
    pub user: UserId,
    /// In which guild.
    pub guild: GuildId,
    /// From which channel.
    pub channel: ChannelId,
    /// Their roles in the guild, without `@everyone`.
    pub roles: Vec<RoleId>,
    /// Their permissions in the channel.
    pub permissions: Permissions,
}

impl Actor {
    /// Whether they may create and change events: Manage Events, Manage Server, or a role that the
    /// guild named.
    #[must_use]
    pub fn is_organiser(&self, organiser_roles: &[RoleId]) -> bool {
        self.permissions.allow(Permissions::MANAGE_EVENTS)
            || self.is_manager()
            || self.roles.iter().any(|role| organiser_roles.contains(role))
    }

    /// Whether they may change the guild's settings: Manage Server.
    #[must_use]
    pub const fn is_manager(&self) -> bool {
        self.permissions.allow(Permissions::MANAGE_GUILD)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn member(permissions: Permissions, roles: &[u64]) -> Actor {
        Actor {
            user: UserId::new(1),
            guild: GuildId::new(2),
            channel: ChannelId::new(3),
            roles: roles.iter().copied().map(RoleId::new).collect(),
            permissions,
        }
    }

    #[test]
    fn organisers_have_a_permission_or_a_named_role() {
        let named = [RoleId::new(7)];
        assert!(!member(Permissions::default(), &[8]).is_organiser(&named));
        assert!(member(Permissions::default(), &[8, 7]).is_organiser(&named));
        for granted in
            [Permissions::MANAGE_EVENTS, Permissions::MANAGE_GUILD, Permissions::ADMINISTRATOR]
        {
            assert!(member(granted, &[]).is_organiser(&[]));
        }
    }

    #[test]
    fn settings_need_manage_server() {
        assert!(!member(Permissions::MANAGE_EVENTS, &[]).is_manager());
        assert!(member(Permissions::MANAGE_GUILD, &[]).is_manager());
        assert!(member(Permissions::ADMINISTRATOR, &[]).is_manager());
    }

    #[test]
    fn what_is_missing_is_named_as_discord_names_it() {
        let missing = Permissions::VIEW_CHANNEL.missing(Permissions::TO_POST);
        let names: Vec<_> = missing.names().collect();
        assert_eq!(names, ["Send Messages", "Embed Links", "Read Message History"]);
        assert!(Permissions::ADMINISTRATOR.missing(Permissions::TO_POST).is_empty());
    }
}
