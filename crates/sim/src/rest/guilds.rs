//! Routes of guilds, their channels, roles and members.

use std::sync::Arc;

use axum::extract::{Path, Query, State};
use serde::Deserialize;
use serde_json::{Value, json};

use super::body::Bot;
use super::{Answer, Reply};
use crate::ids::{GuildId, RoleId, UserId};
use crate::render;
use crate::shared::Shared;
use crate::world::{Guild, Refusal, World};

/// The guild, if the bot is in it.
fn guild_of(world: &World, bot: Bot, id: GuildId) -> Result<&Guild, Refusal> {
    let guild = world.guild(id).filter(|guild| guild.members.contains_key(&bot.user));
    guild.ok_or(Refusal::UnknownGuild)
}

#[derive(Debug, Deserialize)]
pub(super) struct WithCounts {
    with_counts: Option<String>,
}

pub(super) async fn guild(
    State(shared): State<Arc<Shared>>,
    bot: Bot,
    Path(id): Path<GuildId>,
    Query(wanted): Query<WithCounts>,
) -> Answer {
    shared.with(|world| {
        let found = guild_of(world, bot, id)?;
        let mut object = render::guild(found);
        let counts = matches!(wanted.with_counts.as_deref(), Some("true" | "True" | "1"));
        if let (true, Some(fields)) = (counts, object.as_object_mut()) {
            fields.insert("approximate_member_count".into(), json!(found.members.len()));
            fields.insert("approximate_presence_count".into(), json!(found.members.len()));
        }
        Ok(Reply::ok(object))
    })
}

pub(super) async fn channels(
    State(shared): State<Arc<Shared>>,
    bot: Bot,
    Path(id): Path<GuildId>,
) -> Answer {
    shared.with(|world| {
        guild_of(world, bot, id)?;
        let list = world.channels_of(id).into_iter();
        Ok(Reply::ok(list.map(|channel| render::channel(world, channel)).collect()))
    })
}

pub(super) async fn roles(
    State(shared): State<Arc<Shared>>,
    bot: Bot,
    Path(id): Path<GuildId>,
) -> Answer {
    shared.with(|world| {
        let found = guild_of(world, bot, id)?;
        Ok(Reply::ok(found.roles.values().map(render::role).collect()))
    })
}

pub(super) async fn member(
    State(shared): State<Arc<Shared>>,
    bot: Bot,
    Path((id, user)): Path<(GuildId, UserId)>,
) -> Answer {
    shared.with(|world| {
        let found = guild_of(world, bot, id)?;
        world.user(user).ok_or(Refusal::UnknownUser)?;
        let member = render::member_of(world, found, user);
        member.map(Reply::ok).ok_or(Refusal::UnknownMember)
    })
}

pub(super) async fn give_role(
    State(shared): State<Arc<Shared>>,
    bot: Bot,
    Path(which): Path<(GuildId, UserId, RoleId)>,
) -> Answer {
    shared.with(|world| world.set_role(bot.user, which, true)).map(|()| Reply::no_content())
}

pub(super) async fn take_role(
    State(shared): State<Arc<Shared>>,
    bot: Bot,
    Path(which): Path<(GuildId, UserId, RoleId)>,
) -> Answer {
    shared.with(|world| world.set_role(bot.user, which, false)).map(|()| Reply::no_content())
}

#[derive(Debug, Deserialize)]
pub(super) struct MembersPage {
    limit: Option<usize>,
    after: Option<UserId>,
}

/// The member list, which needs the members intent in the portal.
pub(super) async fn members(
    State(shared): State<Arc<Shared>>,
    bot: Bot,
    Path(id): Path<GuildId>,
    Query(page): Query<MembersPage>,
) -> Answer {
    shared.with(|world| {
        let found = guild_of(world, bot, id)?;
        let privileged = world.app(bot.app).map_or(0, |app| app.privileged);
        if privileged & (1 << 1) == 0 {
            return Err(Refusal::MissingAccess);
        }
        let after = page.after.unwrap_or(UserId::new(0));
        let later = found.members.keys().filter(|user| **user > after);
        let limited = later.take(page.limit.unwrap_or(1).clamp(1, 1_000));
        let list = limited.filter_map(|user| render::member_of(world, found, *user));
        Ok(Reply::ok(Value::Array(list.collect())))
    })
}
