//! Finds out what the bot may do in the channels of a guild, and with its roles.

use muster_domain::grant::{GivenRole, Giver, may_give};
use muster_domain::id::{ChannelId, GuildId, RoleId, UserId};
use muster_domain::rights::Permissions;
use muster_engine::create::ChannelKind;
use muster_engine::discord::{ChannelFound, Examined, RoleFound};
use muster_engine::ports::Env;

use crate::interaction::kind_of;
use crate::permissions;
use crate::rest::model::{Channel, Guild, Member};
use crate::rest::{Rest, RestError, Wire};

/// Discord's code for a channel that does not exist. (Discord docs: "JSON Error Codes")
const UNKNOWN_CHANNEL: u32 = 10_003;

/// What there is to know of these channels and roles of a guild.
pub(crate) async fn examine<E: Env, W: Wire>(
    rest: &Rest<E, W>,
    bot: UserId,
    guild: GuildId,
    (channels, roles): (&[ChannelId], &[RoleId]),
) -> Result<Examined, RestError> {
    let found = rest.guild(guild).await?;
    let member = rest.guild_member(guild, bot).await?;
    let within = Within { guild: &found, member: &member, bot };
    let mut examined = Examined::default();
    for channel in channels {
        examined.channels.push((*channel, within.channel(rest, *channel).await?));
    }
    examined.roles = roles.iter().map(|role| (*role, within.role(*role))).collect();
    Ok(examined)
}

/// The bot within a guild.
struct Within<'a> {
    guild: &'a Guild,
    member: &'a Member,
    bot: UserId,
}

impl Within<'_> {
    async fn channel<E: Env, W: Wire>(
        &self,
        rest: &Rest<E, W>,
        id: ChannelId,
    ) -> Result<ChannelFound, RestError> {
        match self.overwritten(rest, id).await {
            Ok((channel, kind)) => {
                let roles = &self.member.roles;
                let permissions = permissions::in_channel(self.guild, &channel, self.bot, roles);
                Ok(ChannelFound::There { permissions, kind })
            }
            Err(error) if error.code() == UNKNOWN_CHANNEL => Ok(ChannelFound::Gone),
            // Who cannot see a channel is not told of it.
            Err(error) if error.status() == Some(403) => {
                let permissions = Permissions::default();
                Ok(ChannelFound::There { permissions, kind: ChannelKind::Messages })
            }
            Err(error) => Err(error),
        }
    }

    /// The channel whose overwrites hold, and what the one is that was asked for, which can be a
    /// thread of it.
    async fn overwritten<E: Env, W: Wire>(
        &self,
        rest: &Rest<E, W>,
        id: ChannelId,
    ) -> Result<(Channel, ChannelKind), RestError> {
        let channel = rest.channel(id).await?;
        match (kind_of(channel.kind), channel.parent_id) {
            (kind @ ChannelKind::Thread, Some(parent)) => Ok((rest.channel(parent).await?, kind)),
            (kind, _) => Ok((channel, kind)),
        }
    }

    /// A role that answers give already is given by the bot alone: whoever chose it had the right.
    fn role(&self, id: RoleId) -> RoleFound {
        let bot = permissions::giver(self.guild, self.bot, &self.member.roles);
        let given: Option<GivenRole> = permissions::given_role(self.guild, id);
        let found = self.guild.roles.iter().find(|role| role.id == id);
        let whoever = Giver { permissions: Permissions::ADMINISTRATOR, highest: i64::MAX };
        RoleFound {
            mentionable: found.is_some_and(|role| role.mentionable),
            given: may_give(given, whoever, bot),
        }
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use muster_domain::grant::NotGiven;

    use super::*;
    use crate::testing::{Script, TestEnv, answer};

    const GUILD: &str = r#"{"id":"1","owner_id":"2","roles":[{"id":"1","permissions":"1024"},
        {"id":"5","permissions":"268520448","position":2},
        {"id":"6","permissions":"0","position":3,"mentionable":true},
        {"id":"7","permissions":"0","position":1}]}"#;

    #[tokio::test(start_paused = true)]
    async fn channels_and_roles_are_found_as_they_are() {
        let env = TestEnv::new();
        let script = Script::new(&env, Duration::ZERO, |asked, _| match asked.path.as_str() {
            "/guilds/1" => answer(200, &[], GUILD),
            "/guilds/1/members/9" => answer(200, &[], r#"{"user":{"id":"9"},"roles":["5"]}"#),
            "/channels/30" => answer(200, &[], r#"{"id":"30","type":0,"guild_id":"1"}"#),
            "/channels/31" => {
                answer(200, &[], r#"{"id":"31","type":11,"guild_id":"1","parent_id":"30"}"#)
            }
            "/channels/32" => answer(403, &[], r#"{"code":50001,"message":"Missing Access"}"#),
            _ => answer(404, &[], r#"{"code":10003,"message":"Unknown Channel"}"#),
        });
        let rest = Rest::over(env, script);
        let (channels, roles) = ([30, 31, 32, 33].map(ChannelId::new), [6, 7, 8].map(RoleId::new));
        let examined = examine(&rest, UserId::new(9), GuildId::new(1), (&channels, &roles)).await;
        let Examined { channels, roles } = examined.unwrap();
        let permissions = Permissions(268_520_448);
        let found: Vec<_> = channels.into_iter().map(|(_, found)| found).collect();
        assert_eq!(
            found,
            [
                ChannelFound::There { permissions, kind: ChannelKind::Messages },
                ChannelFound::There { permissions, kind: ChannelKind::Thread },
                ChannelFound::There { permissions: Permissions(0), kind: ChannelKind::Messages },
                ChannelFound::Gone,
            ]
        );
        let found: Vec<_> = roles.into_iter().map(|(_, r)| (r.mentionable, r.given)).collect();
        assert_eq!(
            found,
            [(true, Err(NotGiven::AboveBot)), (false, Ok(())), (false, Err(NotGiven::NoSuchRole)),]
        );
    }
}
