//! Routes about guilds, their members and roles, and their scheduled events.

use hyper::Method;
use muster_domain::id::{GuildId, RoleId, UserId};
use muster_engine::ports::Env;

use super::model::{AuditLog, Guild, Member, Threads};
use super::{Call, Rest, RestError, Wire};

impl<E: Env, W: Wire> Rest<E, W> {
    /// Reads a guild with its roles.
    pub async fn guild(&self, guild: GuildId) -> Result<Guild, RestError> {
        self.call_json(Call::get("guild.get", format!("/guilds/{guild}")).split_by(guild.get()))
            .await
    }

    /// The newest entries of a guild's audit log for one kind of action (Discord docs: audit log
    /// events). Needs View Audit Log.
    pub async fn audit_log(&self, guild: GuildId, action: u8) -> Result<AuditLog, RestError> {
        let path = format!("/guilds/{guild}/audit-logs?action_type={action}&limit=10");
        self.call_json(Call::get("guild.audit_log", path).split_by(guild.get())).await
    }

    /// The threads of a guild that are not archived and that the bot sees.
    pub async fn active_threads(&self, guild: GuildId) -> Result<Threads, RestError> {
        let path = format!("/guilds/{guild}/threads/active");
        self.call_json(Call::get("thread.active", path).split_by(guild.get())).await
    }

    /// Gives a member a role.
    pub async fn give_role(
        &self,
        guild: GuildId,
        user: UserId,
        role: RoleId,
    ) -> Result<(), RestError> {
        self.set_role(Method::PUT, (guild, user, role)).await
    }

    /// Takes a role from a member.
    pub async fn take_role(
        &self,
        guild: GuildId,
        user: UserId,
        role: RoleId,
    ) -> Result<(), RestError> {
        self.set_role(Method::DELETE, (guild, user, role)).await
    }

    async fn set_role(
        &self,
        method: Method,
        (guild, user, role): (GuildId, UserId, RoleId),
    ) -> Result<(), RestError> {
        let path = format!("/guilds/{guild}/members/{user}/roles/{role}");
        self.call_unit(Call::new("member.role", method, path).split_by(guild.get())).await
    }

    /// A page of the members of a guild, by number, after this one. Needs the members intent to be
    /// switched on in the developer portal.
    pub async fn guild_members(
        &self,
        guild: GuildId,
        after: UserId,
        limit: usize,
    ) -> Result<Vec<Member>, RestError> {
        let path = format!("/guilds/{guild}/members?limit={limit}&after={after}");
        self.call_json(Call::get("member.list", path).split_by(guild.get())).await
    }

    /// One member of a guild.
    pub async fn guild_member(&self, guild: GuildId, user: UserId) -> Result<Member, RestError> {
        let path = format!("/guilds/{guild}/members/{user}");
        self.call_json(Call::get("member.get", path).split_by(guild.get())).await
    }
}
