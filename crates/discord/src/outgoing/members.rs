//! Who may see a channel: what `MEMBER_LISTS` allows to ask.

use muster_domain::id::{ChannelId, GuildId, UserId};
use muster_domain::rights::Permissions;
use muster_engine::discord::{DiscordError, Sought};
use muster_engine::ports::Env;

use super::{RestDiscord, said};
use crate::permissions;
use crate::rest::model::{Channel, Member};
use crate::rest::{Rest, RestError, Wire};

/// Members asked for at once: the most that Discord takes. (Discord docs: "List Guild Members")
const MEMBERS_AT_ONCE: usize = 1_000;

/// Pages of members looked through at most, fifty thousand members: that takes less than the lease
/// of a delivery, and more than [`muster_domain::limits::MENTIONS_MAX`] of them are not mentioned.
const MEMBER_PAGES_MAX: u32 = 50;

impl<E: Env, W: Wire> RestDiscord<E, W> {
    /// Whether Discord lets us read who is in the server.
    pub(super) async fn lists_members(&self, guild: GuildId) -> Result<bool, DiscordError> {
        match self.rest.guild_members(guild, UserId::new(0), 1).await {
            Ok(_) => Ok(true),
            Err(error) => match said(&error) {
                DiscordError::Forbidden => Ok(false),
                other @ (DiscordError::Unclear(_)
                | DiscordError::Later(_)
                | DiscordError::MessageGone
                | DiscordError::ChannelGone
                | DiscordError::CannotTell
                | DiscordError::Refused(_)) => Err(other),
            },
        }
    }

    /// The members, without bots, who may see the channel, are eligible and have the role; `None`
    /// if the server has more members than can be looked through.
    pub(super) async fn who_sees(
        &self,
        guild: GuildId,
        channel: ChannelId,
        Sought { role, eligible }: Sought<'_>,
    ) -> Result<Option<Vec<UserId>>, DiscordError> {
        let channel = with_permissions(&self.rest, channel).await.map_err(|error| said(&error))?;
        let guild = self.rest.guild(guild).await.map_err(|error| said(&error))?;
        let sees = |member: &Member| {
            let person = member.user.as_ref().filter(|user| !user.bot)?;
            let has_role = role.is_none_or(|role| member.roles.contains(&role));
            let permissions = permissions::in_channel(&guild, &channel, person.id, &member.roles);
            let sees = permissions.allow(Permissions::VIEW_CHANNEL);
            (has_role && eligible.has(&member.roles) && sees).then_some(person.id)
        };
        let (mut found, mut after) = (Vec::new(), UserId::new(0));
        for _ in 0..MEMBER_PAGES_MAX {
            let page = self.rest.guild_members(guild.id, after, MEMBERS_AT_ONCE).await;
            let page = page.map_err(|error| said(&error))?;
            found.extend(page.iter().filter_map(sees));
            let last = page.iter().filter_map(|member| Some(member.user.as_ref()?.id)).max();
            match last {
                Some(last) if page.len() >= MEMBERS_AT_ONCE && last > after => after = last,
                Some(_) | None => return Ok(Some(found)),
            }
        }
        Ok(None)
    }
}

/// The channel whose overwrites hold there: a thread has the permissions of its parent.
/// (Discord docs: "Channel Types")
async fn with_permissions<E: Env, W: Wire>(
    rest: &Rest<E, W>,
    channel: ChannelId,
) -> Result<Channel, RestError> {
    let channel = rest.channel(channel).await?;
    match (channel.kind, channel.parent_id) {
        (10..=12, Some(parent)) => rest.channel(parent).await,
        _ => Ok(channel),
    }
}
