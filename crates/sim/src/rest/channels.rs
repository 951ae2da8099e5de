//! Routes of channels themselves.

use std::sync::Arc;

use axum::extract::{Path, State};
use axum::response::{IntoResponse, Response};
use serde_json::Value;
use tokio::time::Instant;

use super::body::{Bot, Form};
use super::{Answer, Reply, limited};
use crate::ids::{ChannelId, UserId};
use crate::json;
use crate::render;
use crate::shared::Shared;
use crate::validate::channel;
use crate::world::{Channel, Refusal, World};

pub(super) async fn channel(
    State(shared): State<Arc<Shared>>,
    bot: Bot,
    Path(id): Path<ChannelId>,
) -> Answer {
    shared.with(|world| {
        let found = world.channel(id).ok_or(Refusal::UnknownChannel)?;
        if !world.sees(bot.user, id) {
            return Err(Refusal::MissingAccess);
        }
        Ok(Reply::ok(rendered(world, bot, found)))
    })
}

fn rendered(world: &World, bot: Bot, found: &Channel) -> Value {
    match found.thread {
        Some(_) => render::thread(found, Some(bot.user)),
        None => render::channel(world, found),
    }
}

pub(super) async fn change(
    State(shared): State<Arc<Shared>>,
    bot: Bot,
    Path(id): Path<ChannelId>,
    form: Form,
) -> Result<Response, Refusal> {
    let change = channel::read_change(&form.json).map_err(Refusal::InvalidForm)?;
    let names = change.name.is_some();
    if let Some(no) = names.then(|| shared.limiter.may_rename(id, shared.clock.now())).flatten() {
        return Ok(limited::refuse(&no, shared.wall()));
    }
    let done: Answer = shared.with(|world| {
        world.change_channel(bot.user, id, &change)?;
        let found = world.channel(id).ok_or(Refusal::UnknownChannel)?;
        Ok(Reply::ok(rendered(world, bot, found)))
    });
    Ok(done?.into_response())
}

pub(super) async fn delete(
    State(shared): State<Arc<Shared>>,
    bot: Bot,
    Path(id): Path<ChannelId>,
) -> Answer {
    shared.with(|world| {
        let found = world.channel(id).ok_or(Refusal::UnknownChannel)?;
        let gone = rendered(world, bot, found);
        world.delete_channel(bot.user, id)?;
        Ok(Reply::ok(gone))
    })
}

pub(super) async fn open_dm(State(shared): State<Arc<Shared>>, bot: Bot, form: Form) -> Answer {
    shared.with(|world| {
        let other =
            UserId::read(json::at(&form.json, "recipient_id")).ok_or(Refusal::UnknownUser)?;
        let known = world.dms_of(bot.user).any(|dm| dm.recipients.contains(&other));
        if !known && !shared.limiter.may_open_dm(bot.app.get(), Instant::now()) {
            return Err(Refusal::OpeningDmsTooFast);
        }
        let id = world.open_dm(bot.user, other)?;
        let channel = world.channel(id).ok_or(Refusal::UnknownChannel)?;
        Ok(Reply::ok(render::channel(world, channel)))
    })
}
