//! Routes of native scheduled events.

use std::sync::Arc;

use axum::extract::{Path, Query, State};
use serde::Deserialize;
use serde_json::Value;

use super::body::{Bot, Form};
use super::guilds::guild_of;
use super::{Answer, Reply};
use crate::ids::{GuildId, ScheduledEventId, UserId};
use crate::render::{self, Told};
use crate::shared::Shared;
use crate::validate::Presence;
use crate::validate::scheduled;
use crate::world::{Refusal, World};

/// Whether a query's text means yes.
fn is_yes(text: Option<&str>) -> bool {
    matches!(text, Some("true" | "True" | "1"))
}

#[derive(Debug, Deserialize)]
pub(super) struct Counted {
    with_user_count: Option<String>,
}

impl Counted {
    fn told(&self) -> Told {
        if is_yes(self.with_user_count.as_deref()) { Told::WithCount } else { Told::Event }
    }
}

fn rendered(
    world: &World,
    bot: Bot,
    which: (GuildId, ScheduledEventId),
    told: Told,
) -> Result<Value, Refusal> {
    let event = world.scheduled_event(bot.user, which)?;
    Ok(render::scheduled_event_for(world, event, told))
}

pub(super) async fn list(
    State(shared): State<Arc<Shared>>,
    bot: Bot,
    Path(guild): Path<GuildId>,
    Query(counted): Query<Counted>,
) -> Answer {
    shared.with(|world| {
        let found = guild_of(world, bot, guild)?;
        let events = world.scheduled_events(found, bot.user);
        let one = |event| render::scheduled_event_for(world, event, counted.told());
        Ok(Reply::ok(events.map(one).collect()))
    })
}

pub(super) async fn create(
    State(shared): State<Arc<Shared>>,
    bot: Bot,
    Path(guild): Path<GuildId>,
    form: Form,
) -> Answer {
    let event = scheduled::read(&form.json, Presence::Required).map_err(Refusal::InvalidForm)?;
    shared.with(|world| {
        guild_of(world, bot, guild)?;
        let id = world.create_event(bot.user, guild, &event)?;
        rendered(world, bot, (guild, id), Told::Event).map(Reply::ok)
    })
}

pub(super) async fn read(
    State(shared): State<Arc<Shared>>,
    bot: Bot,
    Path(which): Path<(GuildId, ScheduledEventId)>,
    Query(counted): Query<Counted>,
) -> Answer {
    shared.with(|world| {
        guild_of(world, bot, which.0)?;
        rendered(world, bot, which, counted.told()).map(Reply::ok)
    })
}

pub(super) async fn change(
    State(shared): State<Arc<Shared>>,
    bot: Bot,
    Path(which): Path<(GuildId, ScheduledEventId)>,
    form: Form,
) -> Answer {
    let change = scheduled::read(&form.json, Presence::Optional).map_err(Refusal::InvalidForm)?;
    shared.with(|world| {
        guild_of(world, bot, which.0)?;
        world.change_event(bot.user, which, &change)?;
        rendered(world, bot, which, Told::Event).map(Reply::ok)
    })
}

pub(super) async fn delete(
    State(shared): State<Arc<Shared>>,
    bot: Bot,
    Path(which): Path<(GuildId, ScheduledEventId)>,
) -> Answer {
    shared.with(|world| {
        guild_of(world, bot, which.0)?;
        world.delete_event(bot.user, which).map(|()| Reply::no_content())
    })
}

#[derive(Debug, Deserialize)]
pub(super) struct UsersPage {
    limit: Option<i64>,
    with_member: Option<String>,
    before: Option<UserId>,
    after: Option<UserId>,
}

/// Who is interested, by id. `before` counts where both are given.
pub(super) async fn users(
    State(shared): State<Arc<Shared>>,
    bot: Bot,
    Path(which): Path<(GuildId, ScheduledEventId)>,
    Query(page): Query<UsersPage>,
) -> Answer {
    let limit = super::page_size(page.limit.unwrap_or(100), 100)?;
    shared.with(|world| {
        let guild = guild_of(world, bot, which.0)?;
        let event = world.scheduled_event(bot.user, which)?;
        let people = event.interested.iter().copied();
        let people: Vec<UserId> = if let Some(before) = page.before {
            let earlier: Vec<_> = people.filter(|user| *user < before).collect();
            earlier.iter().skip(earlier.len().saturating_sub(limit)).copied().collect()
        } else {
            let later = people.filter(|user| page.after.is_none_or(|after| *user > after));
            later.take(limit).collect()
        };
        let with_member = is_yes(page.with_member.as_deref());
        let one = |user| render::scheduled_user(world, (guild, event), user, with_member);
        Ok(Reply::ok(Value::Array(people.into_iter().filter_map(one).collect())))
    })
}
