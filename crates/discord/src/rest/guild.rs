//! Routes about guilds, their members and roles, and their scheduled events.

use bytes::Bytes;
use hyper::Method;
use muster_domain::id::{GuildId, RoleId, UserId};
use muster_engine::ports::Env;

use super::model::{AuditLog, Channel, Guild, Member, Role};
use super::{Again, Body, Call, Rest, RestError, Wire};

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

    /// The roles of a guild.
    pub async fn guild_roles(&self, guild: GuildId) -> Result<Vec<Role>, RestError> {
        let path = format!("/guilds/{guild}/roles");
        self.call_json(Call::get("guild.roles", path).split_by(guild.get())).await
    }

    /// The channels of a guild, without its threads.
    pub async fn guild_channels(&self, guild: GuildId) -> Result<Vec<Channel>, RestError> {
        let path = format!("/guilds/{guild}/channels");
        self.call_json(Call::get("guild.channels", path).split_by(guild.get())).await
    }

    /// One member of a guild.
    pub async fn guild_member(&self, guild: GuildId, user: UserId) -> Result<Member, RestError> {
        let path = format!("/guilds/{guild}/members/{user}");
        self.call_json(Call::get("member.get", path).split_by(guild.get())).await
    }

    /// Gives a member a role.
    pub async fn add_member_role(
        &self,
        guild: GuildId,
        user: UserId,
        role: RoleId,
    ) -> Result<(), RestError> {
        let path = format!("/guilds/{guild}/members/{user}/roles/{role}");
        self.call_unit(Call::new("member.role.add", Method::PUT, path).split_by(guild.get())).await
    }

    /// Takes a role from a member.
    pub async fn remove_member_role(
        &self,
        guild: GuildId,
        user: UserId,
        role: RoleId,
    ) -> Result<(), RestError> {
        let path = format!("/guilds/{guild}/members/{user}/roles/{role}");
        let call = Call::new("member.role.remove", Method::DELETE, path).split_by(guild.get());
        self.call_unit(call).await
    }

    /// Leaves a guild.
    pub async fn leave_guild(&self, guild: GuildId) -> Result<(), RestError> {
        let path = format!("/users/@me/guilds/{guild}");
        self.call_unit(Call::new("guild.leave", Method::DELETE, path)).await
    }

    /// Creates one of Discord's own scheduled events; gives it as JSON text. Not repeated when
    /// in doubt.
    pub async fn create_scheduled_event(
        &self,
        guild: GuildId,
        body: Body,
    ) -> Result<Bytes, RestError> {
        let path = format!("/guilds/{guild}/scheduled-events");
        let mut call = Call::new("scheduled_event.create", Method::POST, path);
        call.again = Again::Harmful;
        self.call(call.split_by(guild.get()).with(body)?).await
    }

    /// Changes a scheduled event; `event` is Discord's number of it.
    pub async fn edit_scheduled_event(
        &self,
        guild: GuildId,
        event: u64,
        body: Body,
    ) -> Result<Bytes, RestError> {
        let path = format!("/guilds/{guild}/scheduled-events/{event}");
        let call = Call::new("scheduled_event.edit", Method::PATCH, path).split_by(guild.get());
        self.call(call.with(body)?).await
    }

    /// Deletes a scheduled event; `event` is Discord's number of it.
    pub async fn delete_scheduled_event(
        &self,
        guild: GuildId,
        event: u64,
    ) -> Result<(), RestError> {
        let path = format!("/guilds/{guild}/scheduled-events/{event}");
        let call = Call::new("scheduled_event.delete", Method::DELETE, path);
        self.call_unit(call.split_by(guild.get())).await
    }
}
