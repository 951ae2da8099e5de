//! What a guild has chosen.

use crate::id::{ChannelId, RoleId};
use crate::zone::Zone;

/// A guild's settings; everything unset is Muster's default.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct GuildSettings {
    /// Where events are posted when the organiser names no channel.
    pub channel: Option<ChannelId>,
    /// The zone in which "today" and words for time are read, unless a member has their own.
    pub zone: Option<Zone>,
    /// Roles whose members are organisers, beside those with Manage Events or Manage Server.
    /// At most [`crate::limits::ORGANISER_ROLES_MAX`].
    pub organiser_roles: Vec<RoleId>,
    /// The role that new posts mention when the organiser names none.
    pub mention_role: Option<RoleId>,
}

/// One change to a guild's settings.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum SettingsChange {
    /// Post there, or where the command is used.
    Channel(Option<ChannelId>),
    /// Read times so, or ask.
    Zone(Option<Zone>),
    /// These roles are organisers.
    OrganiserRoles(Vec<RoleId>),
    /// Mention this role, or nobody.
    MentionRole(Option<RoleId>),
}

impl GuildSettings {
    /// The settings with one change made.
    #[must_use]
    pub fn changed(mut self, change: SettingsChange) -> Self {
        match change {
            SettingsChange::Channel(channel) => self.channel = channel,
            SettingsChange::Zone(zone) => self.zone = zone,
            SettingsChange::OrganiserRoles(roles) => self.organiser_roles = roles,
            SettingsChange::MentionRole(role) => self.mention_role = role,
        }
        self
    }
}
