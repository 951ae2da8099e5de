//! Routes of the bot itself: gateway address, identity, application, commands.

use std::sync::Arc;

use axum::extract::{Path, State};
use serde::Deserialize;
use serde_json::{Value, json};

use super::body::{Bot, Form};
use super::{Answer, Reply};
use crate::ids::{AppId, CommandId, GuildId, UserId};
use crate::render;
use crate::shared::Shared;
use crate::world::{Refusal, World};

pub(super) async fn gateway(State(shared): State<Arc<Shared>>) -> Answer {
    Ok(Reply::ok(json!({"url": shared.gateway_url()})))
}

pub(super) async fn gateway_bot(State(shared): State<Arc<Shared>>, bot: Bot) -> Answer {
    let (limits, left) = shared.gateway.starts_left(bot.app);
    Ok(Reply::ok(json!({
        "url": shared.gateway_url(),
        "shards": limits.shards,
        "session_start_limit": {
            "total": limits.sessions_per_day,
            "remaining": left.remaining,
            "reset_after": u64::try_from(left.reset_after.as_millis()).unwrap_or(u64::MAX),
            "max_concurrency": limits.max_concurrency.max(1),
        },
    })))
}

pub(super) async fn me(State(shared): State<Arc<Shared>>, bot: Bot) -> Answer {
    let me = shared.with(|world| world.user(bot.user).map(render::own_user));
    me.map(Reply::ok).ok_or(Refusal::UnknownUser)
}

pub(super) async fn user(
    State(shared): State<Arc<Shared>>,
    _: Bot,
    Path(id): Path<UserId>,
) -> Answer {
    shared.with(|world| {
        world.user(id).map(|user| Reply::ok(render::user(user))).ok_or(Refusal::UnknownUser)
    })
}

pub(super) async fn mine(State(shared): State<Arc<Shared>>, bot: Bot) -> Answer {
    shared.with(|world| {
        let app = world.app(bot.app).ok_or(Refusal::UnknownApplication)?;
        Ok(Reply::ok(render::application(world, app)))
    })
}

/// Application, and the guild whose own commands are meant; global ones without it.
#[derive(Debug, Clone, Copy, Deserialize)]
pub(super) struct Scope {
    app: AppId,
    guild: Option<GuildId>,
    command: Option<CommandId>,
}

impl Scope {
    fn check(self, world: &World, bot: Bot) -> Result<(), Refusal> {
        bot.owns(self.app)?;
        let Some(guild) = self.guild else {
            return Ok(());
        };
        let inside = world.guild(guild).is_some_and(|g| g.members.contains_key(&bot.user));
        if inside { Ok(()) } else { Err(Refusal::MissingAccess) }
    }

    fn command(self) -> Result<CommandId, Refusal> {
        self.command.ok_or(Refusal::UnknownCommand)
    }

    fn render(self, world: &World, id: CommandId) -> Result<Value, Refusal> {
        let app = world.app(self.app).ok_or(Refusal::UnknownApplication)?;
        world.command(self.app, self.guild, id).map(|command| render::command(app, command))
    }
}

pub(super) async fn commands(
    State(shared): State<Arc<Shared>>,
    bot: Bot,
    Path(scope): Path<Scope>,
) -> Answer {
    shared.with(|world| {
        scope.check(world, bot)?;
        let app = world.app(scope.app).ok_or(Refusal::UnknownApplication)?;
        let list = world.commands(scope.app, scope.guild);
        Ok(Reply::ok(list.map(|command| render::command(app, command)).collect()))
    })
}

pub(super) async fn replace_commands(
    State(shared): State<Arc<Shared>>,
    bot: Bot,
    Path(scope): Path<Scope>,
    form: Form,
) -> Answer {
    shared.with(|world| {
        scope.check(world, bot)?;
        let ids = world.replace_commands(scope.app, scope.guild, &form.json)?;
        let list: Result<Vec<_>, _> = ids.into_iter().map(|id| scope.render(world, id)).collect();
        list.map(|list| Reply::ok(Value::Array(list)))
    })
}

pub(super) async fn add_command(
    State(shared): State<Arc<Shared>>,
    bot: Bot,
    Path(scope): Path<Scope>,
    form: Form,
) -> Answer {
    shared.with(|world| {
        scope.check(world, bot)?;
        let (id, new) = world.add_command(scope.app, scope.guild, &form.json)?;
        let body = scope.render(world, id)?;
        Ok(if new { Reply::created(body) } else { Reply::ok(body) })
    })
}

pub(super) async fn command(
    State(shared): State<Arc<Shared>>,
    bot: Bot,
    Path(scope): Path<Scope>,
) -> Answer {
    shared.with(|world| {
        scope.check(world, bot)?;
        scope.render(world, scope.command()?).map(Reply::ok)
    })
}

pub(super) async fn change_command(
    State(shared): State<Arc<Shared>>,
    bot: Bot,
    Path(scope): Path<Scope>,
    form: Form,
) -> Answer {
    shared.with(|world| {
        scope.check(world, bot)?;
        let id = scope.command()?;
        world.change_command(scope.app, scope.guild, id, &form.json)?;
        scope.render(world, id).map(Reply::ok)
    })
}

pub(super) async fn remove_command(
    State(shared): State<Arc<Shared>>,
    bot: Bot,
    Path(scope): Path<Scope>,
) -> Answer {
    shared.with(|world| {
        scope.check(world, bot)?;
        world.remove_command(scope.app, scope.guild, scope.command()?)?;
        Ok(Reply::no_content())
    })
}
