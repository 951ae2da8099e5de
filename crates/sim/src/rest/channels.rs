//! Routes of channels themselves.

use std::sync::Arc;

use axum::extract::{Path, State};

use super::body::{Bot, Form};
use super::{Answer, Reply};
use crate::ids::{ChannelId, UserId};
use crate::json;
use crate::render;
use crate::shared::Shared;
use crate::world::Refusal;

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
        Ok(Reply::ok(render::channel(world, found)))
    })
}

pub(super) async fn open_dm(State(shared): State<Arc<Shared>>, bot: Bot, form: Form) -> Answer {
    shared.with(|world| {
        let other =
            UserId::read(json::at(&form.json, "recipient_id")).ok_or(Refusal::UnknownUser)?;
        let id = world.open_dm(bot.user, other)?;
        let channel = world.channel(id).ok_or(Refusal::UnknownChannel)?;
        Ok(Reply::ok(render::channel(world, channel)))
    })
}
