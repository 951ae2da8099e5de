//! Routes of threads and of who takes part in them.

use std::sync::Arc;

use axum::extract::{Path, State};
use serde_json::{Value, json};

use super::body::{Bot, Form};
use super::{Answer, Reply, guilds};
use crate::ids::{ChannelId, GuildId, MessageId, UserId};
use crate::render;
use crate::shared::Shared;
use crate::validate::channel;
use crate::world::{Channel, Refusal, World};

pub(super) async fn start(
    State(shared): State<Arc<Shared>>,
    bot: Bot,
    Path(parent): Path<ChannelId>,
    form: Form,
) -> Answer {
    make(&shared, bot, (parent, None), &form)
}

pub(super) async fn start_from(
    State(shared): State<Arc<Shared>>,
    bot: Bot,
    Path((parent, message)): Path<(ChannelId, MessageId)>,
    form: Form,
) -> Answer {
    make(&shared, bot, (parent, Some(message)), &form)
}

fn make(
    shared: &Shared,
    bot: Bot,
    (parent, message): (ChannelId, Option<MessageId>),
    form: &Form,
) -> Answer {
    let new = channel::read_thread(&form.json).map_err(Refusal::InvalidForm)?;
    shared.with(|world| {
        let id = world.start_thread(bot.user, parent, message, new)?;
        let made = world.channel(id).ok_or(Refusal::UnknownChannel)?;
        Ok(Reply::created(render::thread(made, Some(bot.user))))
    })
}

/// All threads of a guild that are not archived and that the bot sees.
pub(super) async fn active(
    State(shared): State<Arc<Shared>>,
    bot: Bot,
    Path(guild): Path<GuildId>,
) -> Answer {
    shared.with(|world| {
        guilds::guild_of(world, bot, guild)?;
        let seen: Vec<_> =
            world.active_threads(guild).filter(|thread| world.sees(bot.user, thread.id)).collect();
        let threads: Vec<_> = seen.iter().map(|thread| render::thread(thread, None)).collect();
        let own = seen.iter().filter_map(|thread| render::thread_member(thread, bot.user));
        let members: Vec<_> = own.collect();
        Ok(Reply::ok(json!({"threads": threads, "members": members, "has_more": false})))
    })
}

/// The user that a path names, `@me` too.
fn whom(bot: Bot, text: &str) -> Result<UserId, Refusal> {
    if text == "@me" {
        return Ok(bot.user);
    }
    text.parse().map_err(|_| Refusal::UnknownUser)
}

pub(super) async fn add_member(
    State(shared): State<Arc<Shared>>,
    bot: Bot,
    Path((id, user)): Path<(ChannelId, String)>,
) -> Answer {
    let user = whom(bot, &user)?;
    shared.with(|world| world.set_thread_member(bot.user, (id, user), true))?;
    Ok(Reply::no_content())
}

pub(super) async fn remove_member(
    State(shared): State<Arc<Shared>>,
    bot: Bot,
    Path((id, user)): Path<(ChannelId, String)>,
) -> Answer {
    let user = whom(bot, &user)?;
    shared.with(|world| world.set_thread_member(bot.user, (id, user), false))?;
    Ok(Reply::no_content())
}

/// The thread, if the bot sees it.
fn seen(world: &World, bot: Bot, id: ChannelId) -> Result<&Channel, Refusal> {
    let found = world.channel(id).ok_or(Refusal::UnknownChannel)?;
    if !world.sees(bot.user, id) {
        return Err(Refusal::MissingAccess);
    }
    found.thread.as_ref().map(|_| found).ok_or(Refusal::WrongChannelKind)
}

pub(super) async fn member(
    State(shared): State<Arc<Shared>>,
    bot: Bot,
    Path((id, user)): Path<(ChannelId, String)>,
) -> Answer {
    let user = whom(bot, &user)?;
    shared.with(|world| {
        let member = render::thread_member(seen(world, bot, id)?, user);
        member.map(Reply::ok).ok_or(Refusal::UnknownMember)
    })
}

/// Everybody in a thread, which needs the members intent in the portal.
pub(super) async fn members(
    State(shared): State<Arc<Shared>>,
    bot: Bot,
    Path(id): Path<ChannelId>,
) -> Answer {
    shared.with(|world| {
        let found = seen(world, bot, id)?;
        guilds::check_members_intent(world, bot)?;
        let people = found.thread.iter().flat_map(|thread| thread.members.keys());
        let list = people.filter_map(|user| render::thread_member(found, *user));
        Ok(Reply::ok(Value::Array(list.collect())))
    })
}
