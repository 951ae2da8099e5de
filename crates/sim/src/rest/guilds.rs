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
pub(super) fn guild_of(world: &World, bot: Bot, id: GuildId) -> Result<&Guild, Refusal> {
    let guild = world.guild(id).ok_or(Refusal::UnknownGuild)?;
    let inside = guild.members.contains_key(&bot.user);
    if inside { Ok(guild) } else { Err(Refusal::MissingAccess) }
}

/// Refuses bots for which the members intent is not switched on in the portal.
pub(super) fn check_members_intent(world: &World, bot: Bot) -> Result<(), Refusal> {
    let privileged = world.app(bot.app).map_or(0, |app| app.privileged);
    if privileged & (1 << 1) == 0 { Err(Refusal::MissingAccess) } else { Ok(()) }
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

pub(super) async fn role(
    State(shared): State<Arc<Shared>>,
    bot: Bot,
    Path((id, role)): Path<(GuildId, RoleId)>,
) -> Answer {
    shared.with(|world| {
        let found = guild_of(world, bot, id)?.roles.get(&role);
        found.map(|role| Reply::ok(render::role(role))).ok_or(Refusal::UnknownRole)
    })
}

#[derive(Debug, Deserialize)]
pub(super) struct Search {
    query: String,
    limit: Option<i64>,
}

/// Members whose name or nickname begins so; no intent is needed.
pub(super) async fn search(
    State(shared): State<Arc<Shared>>,
    bot: Bot,
    Path(id): Path<GuildId>,
    Query(search): Query<Search>,
) -> Answer {
    let limit = super::page_size(search.limit.unwrap_or(1), 1_000)?;
    let wanted = search.query.to_lowercase();
    let fits = |name: &str| name.to_lowercase().starts_with(&wanted);
    shared.with(|world| {
        let found = guild_of(world, bot, id)?;
        let named = found.members.values().filter(|member| {
            let person = world.user(member.user);
            member.nick.as_deref().is_some_and(fits)
                || person.is_some_and(|person| fits(&person.username) || fits(person.name()))
        });
        let list = named.take(limit);
        let list = list.filter_map(|member| render::member_of(world, found, member.user));
        Ok(Reply::ok(Value::Array(list.collect())))
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
    limit: Option<i64>,
    after: Option<UserId>,
}

/// The member list, which needs the members intent in the portal.
pub(super) async fn members(
    State(shared): State<Arc<Shared>>,
    bot: Bot,
    Path(id): Path<GuildId>,
    Query(page): Query<MembersPage>,
) -> Answer {
    let limit = super::page_size(page.limit.unwrap_or(1), 1_000)?;
    shared.with(|world| {
        let found = guild_of(world, bot, id)?;
        check_members_intent(world, bot)?;
        let after = page.after.unwrap_or(UserId::new(0));
        let later = found.members.keys().filter(|user| **user > after);
        let list = later.take(limit).filter_map(|user| render::member_of(world, found, *user));
        Ok(Reply::ok(Value::Array(list.collect())))
    })
}
