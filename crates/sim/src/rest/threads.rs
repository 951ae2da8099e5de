//! Routes of threads and of who takes part in them.

use std::sync::Arc;

use axum::extract::{Path, Query, State};
use jiff::Timestamp;
use serde::Deserialize;
use serde_json::{Value, json};

use super::body::{Bot, Form};
use super::{Answer, Reply, guilds};
use crate::ids::{ChannelId, GuildId, MessageId, UserId};
use crate::render;
use crate::shared::Shared;
use crate::validate::channel;
use crate::validate::files::Files;
use crate::world::{Archive, Channel, Refusal, World};

pub(super) async fn start(
    State(shared): State<Arc<Shared>>,
    bot: Bot,
    Path(parent): Path<ChannelId>,
    form: Form,
) -> Answer {
    let posts = shared
        .with(|world| world.channel(parent).is_some_and(|channel| channel.kind.takes_posts()));
    if posts {
        add_post(&shared, bot, parent, form)
    } else {
        make(&shared, bot, (parent, None), &form)
    }
}

/// A post in a forum: a thread with the message that it begins with.
fn add_post(shared: &Shared, bot: Bot, parent: ChannelId, form: Form) -> Answer {
    let files = Files { uploads: &form.uploads, kept: &[] };
    let new = channel::read_post(&form.json, files).map_err(Refusal::InvalidForm)?;
    shared.with(|world| {
        let id = world.start_post(bot.app, parent, new, form.uploads)?;
        let made = world.channel(id).ok_or(Refusal::UnknownChannel)?;
        let mut body = render::thread(made, Some(bot.user));
        let first = world.message(MessageId::new(id.get())).ok_or(Refusal::UnknownMessage)?;
        crate::json::set(&mut body, "message", render::message(world, first));
        Ok(Reply::created(body))
    })
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

#[derive(Debug, Deserialize)]
pub(super) struct ArchivePage {
    before: Option<String>,
    limit: Option<i64>,
}

impl ArchivePage {
    /// The instant before which the threads were archived.
    fn before(&self) -> Result<Option<Timestamp>, Refusal> {
        let before = self.before.as_deref().map(str::parse).transpose();
        before.map_err(|_| {
            let mut form = crate::validate::Form::default();
            form.wrong_at("before", "DATE_TIME_TYPE_PARSE", "Should be ISO8601.");
            form.finish(()).map_or_else(Refusal::InvalidForm, |()| Refusal::NotFound)
        })
    }
}

/// The public threads of a channel that sleep, last archived first.
pub(super) async fn archived(
    State(shared): State<Arc<Shared>>,
    bot: Bot,
    Path(parent): Path<ChannelId>,
    Query(page): Query<ArchivePage>,
) -> Answer {
    list_archived(&shared, bot, (parent, Archive::Public), &page)
}

/// The private ones.
pub(super) async fn archived_privately(
    State(shared): State<Arc<Shared>>,
    bot: Bot,
    Path(parent): Path<ChannelId>,
    Query(page): Query<ArchivePage>,
) -> Answer {
    list_archived(&shared, bot, (parent, Archive::Private), &page)
}

fn list_archived(
    shared: &Shared,
    bot: Bot,
    (parent, archive): (ChannelId, Archive),
    page: &ArchivePage,
) -> Answer {
    let limit = super::page_size(page.limit.unwrap_or(50), 100)?;
    let before = page.before()?;
    shared.with(|world| {
        let mut list = world.archived_threads(bot.user, parent, archive)?;
        list.retain(|channel| {
            let changed = channel.thread.as_ref().map(|thread| thread.archive_changed);
            before.is_none_or(|before| changed < Some(before))
        });
        let more = list.len() > limit;
        list.truncate(limit);
        let threads: Vec<_> = list.iter().map(|thread| render::thread(thread, None)).collect();
        let own = list.iter().filter_map(|thread| render::thread_member(thread, bot.user));
        let members: Vec<_> = own.collect();
        Ok(Reply::ok(json!({"threads": threads, "members": members, "has_more": more})))
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
