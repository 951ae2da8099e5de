//! Giving and taking roles, with the ranks that it needs (Discord docs: permission hierarchy).

use super::model::Guild;
use super::permissions::{self, Permissions};
use super::{Refusal, World};
use crate::ids::{GuildId, RoleId, UserId};

impl World {
    /// A bot gives a member a role, or takes it away. Changes nothing if it is so already.
    pub(crate) fn set_role(
        &mut self,
        bot: UserId,
        (guild, user, role): (GuildId, UserId, RoleId),
        given: bool,
    ) -> Result<(), Refusal> {
        let found = self.guild(guild).filter(|guild| guild.members.contains_key(&bot));
        let found = found.ok_or(Refusal::UnknownGuild)?;
        let wanted = found.roles.get(&role).ok_or(Refusal::UnknownRole)?;
        let member = found.members.get(&user).ok_or(Refusal::UnknownMember)?;
        let may = permissions::in_guild(found, bot).contains(Permissions::MANAGE_ROLES);
        let fixed = wanted.bot.is_some() || role == guild.everyone();
        if !may || fixed || highest(found, bot) <= wanted.position {
            return Err(Refusal::MissingPermissions);
        }
        if member.roles.contains(&role) != given {
            self.edit_member(guild, user, |member| {
                if given {
                    member.roles.insert(role);
                } else {
                    member.roles.remove(&role);
                }
            });
        }
        Ok(())
    }
}

/// The position of the highest role of a member; 0 is `@everyone`.
fn highest(guild: &Guild, user: UserId) -> u32 {
    let roles = guild.members.get(&user).into_iter().flat_map(|member| &member.roles);
    roles.filter_map(|role| guild.roles.get(role)).map(|role| role.position).max().unwrap_or(0)
}
