//! What the bot may do in a channel, and which roles may be given.

use muster_domain::grant::{NotGiven, may_give};
use muster_domain::id::{GuildId, RoleId};
use muster_domain::rights::{Actor, Permissions};
use muster_engine::discord::DiscordError;
use muster_engine::ports::Env;

use super::{RestDiscord, said};
use crate::permissions;
use crate::rest::Wire;
use crate::rest::model::Channel;

impl<E: Env, W: Wire> RestDiscord<E, W> {
    /// What the bot may do in a channel that was just read.
    pub(super) async fn permissions_here(
        &self,
        guild: GuildId,
        mut channel: Channel,
    ) -> Result<Permissions, DiscordError> {
        let rest = self.rest.awaited();
        // A thread has the permissions of its parent. (Discord docs: "Channel Types")
        if let (10..=12, Some(parent)) = (channel.kind, channel.parent_id) {
            channel = rest.channel(parent).await.map_err(|error| said(&error))?;
        }
        let guild = rest.guild(guild).await.map_err(|error| said(&error))?;
        let member = rest.guild_member(guild.id, self.bot).await.map_err(|error| said(&error))?;
        Ok(permissions::in_channel(&guild, &channel, self.bot, &member.roles))
    }

    /// Whether who asks and the bot may both give each of these roles.
    pub(super) async fn whether_may_give(
        &self,
        actor: &Actor,
        roles: &[RoleId],
    ) -> Result<Vec<Result<(), NotGiven>>, DiscordError> {
        let rest = self.rest.awaited();
        let guild = rest.guild(actor.guild).await.map_err(|error| said(&error))?;
        let bot = rest.guild_member(actor.guild, self.bot).await.map_err(|error| said(&error))?;
        let asks = permissions::giver(&guild, actor.user, &actor.roles);
        let bot = permissions::giver(&guild, self.bot, &bot.roles);
        let whether = |role: &RoleId| may_give(permissions::given_role(&guild, *role), asks, bot);
        Ok(roles.iter().map(whether).collect())
    }
}
