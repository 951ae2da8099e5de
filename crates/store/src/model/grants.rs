//! Roles that follow from rosters.

use jiff::Timestamp;
use muster_domain::id::{EventId, GuildId, RoleId, UserId};

/// A role to be given to a member or taken from them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Grant {
    /// Because of which event.
    pub event: EventId,
    /// In which guild.
    pub guild: GuildId,
    /// Who.
    pub member: UserId,
    /// The role.
    pub role: RoleId,
    /// What is to be done.
    pub step: GrantStep,
}

/// What is to be done with a role.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum GrantStep {
    /// Give it. If it was `asked` for before, who has it may have it from us.
    Give {
        /// Whether Discord may have been asked to give it.
        asked: bool,
    },
    /// Take it away.
    Take,
}

/// How that ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum GrantEnd {
    /// The member has it from us.
    Given,
    /// The member had it before.
    Had,
    /// The member does not have it from us any more, or cannot have it.
    Gone,
    /// It is tried again then.
    Later(Timestamp),
}

/// How far the giving of a role is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RoleState {
    /// It is to be given.
    Wanted,
    /// It was given.
    Given,
    /// The member had it before.
    Had,
    /// It is to be taken away.
    Unwanted,
}
