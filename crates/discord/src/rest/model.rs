//! What we read of Discord's answers: few fields, all forgiving, because Discord adds and drops
//! fields without notice.

mod channel;

use muster_domain::id::{ChannelId, GuildId, MessageId, RoleId, UserId};
use muster_domain::rights::Permissions;
use serde::Deserialize;
use serde_json::value::RawValue;

pub use self::channel::{Channel, ForumTag, Overwrite, Threads};
use self::snowflake::{bits, channel, guild, message, role, roles, user};

/// An application: the number that stands in the addresses of commands and answers.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct ApplicationId(pub u64);

/// `GET /gateway/bot`.
#[derive(Clone, Debug, Deserialize)]
pub struct GatewayBot {
    /// Where to connect.
    pub url: String,
    /// Number of shards that Discord recommends.
    #[serde(default = "one")]
    pub shards: u32,
    /// How many sessions may be begun.
    #[serde(default)]
    pub session_start_limit: SessionStartLimit,
}

/// Part of [`GatewayBot`].
#[derive(Clone, Copy, Debug, Deserialize)]
#[serde(default)]
pub struct SessionStartLimit {
    /// Sessions that may be begun between two resets.
    pub total: u32,
    /// Left until the reset.
    pub remaining: u32,
    /// Milliseconds until the reset.
    pub reset_after: u64,
    /// Shards that may identify within the same 5 s.
    pub max_concurrency: u32,
}

impl Default for SessionStartLimit {
    fn default() -> Self {
        Self { total: 1_000, remaining: 1_000, reset_after: 0, max_concurrency: 1 }
    }
}

fn one() -> u32 {
    1
}

/// `GET /applications/@me`.
#[derive(Clone, Debug, Deserialize)]
pub struct Application {
    /// Its number.
    #[serde(deserialize_with = "snowflake::application")]
    pub id: ApplicationId,
    /// Its name.
    #[serde(default)]
    pub name: String,
    /// Who owns it, unless a team does.
    #[serde(default)]
    pub owner: Option<User>,
    /// The team that owns it.
    #[serde(default)]
    pub team: Option<Team>,
    /// Flags; tell which privileged intents are switched on.
    #[serde(default)]
    pub flags: u64,
    /// Where Discord sends interactions over HTTP; then none come over the gateway.
    #[serde(default)]
    pub interactions_endpoint_url: Option<String>,
}

impl Application {
    /// The owner, or the members of the owning team. Who is only invited to it has no say yet.
    #[must_use]
    pub fn owners(&self) -> Vec<UserId> {
        match &self.team {
            Some(team) => {
                let joined = team.members.iter().filter(|member| member.state != INVITED);
                joined.map(|member| member.user.id).collect()
            }
            None => self.owner.iter().map(|owner| owner.id).collect(),
        }
    }
}

/// A team of developers.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub struct Team {
    /// Who belongs to it.
    pub members: Vec<TeamMember>,
}

/// One of a team.
#[derive(Clone, Debug, Deserialize)]
pub struct TeamMember {
    /// Who it is.
    pub user: User,
    /// Whether they have joined; 0 if Discord does not say.
    #[serde(default, rename = "membership_state")]
    pub state: u8,
}

/// Somebody who has not accepted yet. (Discord docs: "Teams", Membership State Enum)
const INVITED: u8 = 1;

/// A command as Discord has it.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Deserialize)]
#[serde(default)]
pub struct RegisteredCommand {
    /// Its number.
    pub id: String,
    /// Grows with each change of it, whoever makes it.
    pub version: String,
}

/// A person or bot.
#[derive(Clone, Debug, Deserialize)]
pub struct User {
    /// Its number.
    #[serde(deserialize_with = "user")]
    pub id: UserId,
    /// Unique name.
    #[serde(default)]
    pub username: String,
    /// Name to show, if one is set.
    #[serde(default)]
    pub global_name: Option<String>,
    /// Whether it is a bot.
    #[serde(default)]
    pub bot: bool,
}

/// A message, as far as we look for our own.
#[derive(Clone, Debug, Deserialize)]
pub struct Message {
    /// Its number.
    #[serde(deserialize_with = "message")]
    pub id: MessageId,
    /// Where it is.
    #[serde(deserialize_with = "channel")]
    pub channel_id: ChannelId,
    /// Who wrote it.
    #[serde(default)]
    pub author: Option<User>,
    /// Its flags.
    #[serde(default)]
    pub flags: u64,
    /// Its components as JSON text; own custom ids can be found in it.
    #[serde(default)]
    pub components: Option<Box<RawValue>>,
}

fn none() -> Permissions {
    Permissions(0)
}

/// A guild.
#[derive(Clone, Debug, Deserialize)]
pub struct Guild {
    /// Its number.
    #[serde(deserialize_with = "guild")]
    pub id: GuildId,
    /// Its name.
    #[serde(default)]
    pub name: String,
    /// Who may do everything.
    #[serde(deserialize_with = "user")]
    pub owner_id: UserId,
    /// Its language.
    #[serde(default)]
    pub preferred_locale: Option<String>,
    /// Where system messages go.
    #[serde(default, deserialize_with = "snowflake::optional_channel")]
    pub system_channel_id: Option<ChannelId>,
    /// Its roles.
    #[serde(default)]
    pub roles: Vec<Role>,
}

/// A role.
#[derive(Clone, Debug, Deserialize)]
pub struct Role {
    /// Its number.
    #[serde(deserialize_with = "role")]
    pub id: RoleId,
    /// Its name.
    #[serde(default)]
    pub name: String,
    /// What it allows.
    #[serde(default = "none", deserialize_with = "bits")]
    pub permissions: Permissions,
    /// Its rank; 0 is the lowest.
    #[serde(default)]
    pub position: i64,
    /// Whether something other than people hands it out.
    #[serde(default)]
    pub managed: bool,
    /// Whether anybody may mention it.
    #[serde(default)]
    pub mentionable: bool,
}

/// A member of a guild.
#[derive(Clone, Debug, Deserialize)]
pub struct Member {
    /// Who it is.
    #[serde(default)]
    pub user: Option<User>,
    /// Name in this guild.
    #[serde(default)]
    pub nick: Option<String>,
    /// Its roles, without `@everyone`.
    #[serde(default, deserialize_with = "roles")]
    pub roles: Vec<RoleId>,
}

/// Part of a guild's audit log.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub struct AuditLog {
    audit_log_entries: Vec<AuditEntry>,
}

#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
struct AuditEntry {
    user_id: Option<String>,
    target_id: Option<String>,
}

impl AuditLog {
    /// Who did it last to `target`.
    #[must_use]
    pub fn who_did_it_to(&self, target: UserId) -> Option<UserId> {
        let target = target.to_string();
        let entry = self
            .audit_log_entries
            .iter()
            .find(|entry| entry.target_id.as_deref() == Some(&*target))?;
        entry.user_id.as_deref()?.parse().ok().map(UserId::new)
    }
}

/// Reads Discord's ids, which are numbers in strings, and sometimes bare numbers.
mod snowflake {
    use std::borrow::Cow;

    use serde::de::{Deserializer, Error};

    use super::{
        ApplicationId, ChannelId, Deserialize, GuildId, MessageId, Permissions, RoleId, UserId,
    };

    #[derive(Deserialize)]
    #[serde(untagged)]
    enum Raw<'a> {
        Number(u64),
        Text(#[serde(borrow)] Cow<'a, str>),
    }

    impl Raw<'_> {
        fn get<E: Error>(&self) -> Result<u64, E> {
            match self {
                Self::Number(number) => Ok(*number),
                Self::Text(text) => text.parse().map_err(|_| E::custom("an id is no number")),
            }
        }
    }

    pub(super) fn number<'de, D: Deserializer<'de>>(from: D) -> Result<u64, D::Error> {
        Raw::deserialize(from)?.get()
    }

    fn optional<'de, D: Deserializer<'de>>(from: D) -> Result<Option<u64>, D::Error> {
        Option::<Raw<'de>>::deserialize(from)?.map(|raw| raw.get()).transpose()
    }

    pub(super) fn application<'de, D: Deserializer<'de>>(
        from: D,
    ) -> Result<ApplicationId, D::Error> {
        number(from).map(ApplicationId)
    }

    pub(super) fn channel<'de, D: Deserializer<'de>>(from: D) -> Result<ChannelId, D::Error> {
        number(from).map(ChannelId::new)
    }

    pub(super) fn optional_channel<'de, D: Deserializer<'de>>(
        from: D,
    ) -> Result<Option<ChannelId>, D::Error> {
        Ok(optional(from)?.map(ChannelId::new))
    }

    pub(super) fn optional_user<'de, D: Deserializer<'de>>(
        from: D,
    ) -> Result<Option<UserId>, D::Error> {
        Ok(optional(from)?.map(UserId::new))
    }

    pub(super) fn guild<'de, D: Deserializer<'de>>(from: D) -> Result<GuildId, D::Error> {
        number(from).map(GuildId::new)
    }

    pub(super) fn optional_guild<'de, D: Deserializer<'de>>(
        from: D,
    ) -> Result<Option<GuildId>, D::Error> {
        Ok(optional(from)?.map(GuildId::new))
    }

    pub(super) fn message<'de, D: Deserializer<'de>>(from: D) -> Result<MessageId, D::Error> {
        number(from).map(MessageId::new)
    }

    pub(super) fn user<'de, D: Deserializer<'de>>(from: D) -> Result<UserId, D::Error> {
        number(from).map(UserId::new)
    }

    pub(super) fn role<'de, D: Deserializer<'de>>(from: D) -> Result<RoleId, D::Error> {
        number(from).map(RoleId::new)
    }

    pub(super) fn roles<'de, D: Deserializer<'de>>(from: D) -> Result<Vec<RoleId>, D::Error> {
        let raw = Vec::<Raw<'de>>::deserialize(from)?;
        raw.iter().map(|raw| raw.get().map(RoleId::new)).collect()
    }

    pub(super) fn bits<'de, D: Deserializer<'de>>(from: D) -> Result<Permissions, D::Error> {
        number(from).map(Permissions)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_bare_message_is_enough() {
        let read: Message =
            serde_json::from_str(r#"{"id":"7","channel_id":"8","surprise":[]}"#).unwrap();
        assert_eq!((read.id.get(), read.channel_id.get()), (7, 8));
    }

    #[test]
    fn ids_may_be_text_or_numbers_and_some_may_be_null() {
        let text = r#"{"id":12,"type":11,"parent_id":"9","guild_id":null,
            "permission_overwrites":[{"id":"3","type":0,"allow":"1024","deny":"0"}]}"#;
        let read: Channel = serde_json::from_str(text).unwrap();
        assert_eq!((read.id.get(), read.guild_id), (12, None));
        assert_eq!(read.parent_id, Some(ChannelId::new(9)));
        assert_eq!(read.permission_overwrites.first().map(|o| o.allow.0), Some(1_024));
    }

    #[test]
    fn a_team_owns_before_its_owner_and_who_is_only_invited_does_not() {
        let text = r#"{"id":"1","owner":{"id":"2"},
            "team":{"members":[{"user":{"id":"3"}},{"user":{"id":"4"},"membership_state":2},
            {"user":{"id":"5"},"membership_state":1}]}}"#;
        let read: Application = serde_json::from_str(text).unwrap();
        assert_eq!(read.owners(), [UserId::new(3), UserId::new(4)]);
    }

    #[test]
    fn a_gateway_without_limits_gets_cautious_ones() {
        let read: GatewayBot = serde_json::from_str(r#"{"url":"wss://x"}"#).unwrap();
        assert_eq!((read.shards, read.session_start_limit.max_concurrency), (1, 1));
    }
}
