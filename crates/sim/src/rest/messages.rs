//! Routes of messages in channels.

use std::sync::Arc;

use axum::extract::{Path, Query, State};
use serde::Deserialize;
use serde_json::Value;

use super::body::{Bot, Form};
use super::{Answer, Reply};
use crate::ids::{ChannelId, MessageId};
use crate::render;
use crate::shared::Shared;
use crate::validate::files::Files;
use crate::validate::message::{self, Purpose};
use crate::world::model::flags;
use crate::world::{Refusal, Span, World};

fn rendered(world: &World, id: MessageId) -> Result<Value, Refusal> {
    let found = world.message(id).ok_or(Refusal::UnknownMessage)?;
    Ok(render::message(world, found))
}

#[derive(Debug, Deserialize)]
pub(super) struct Page {
    limit: Option<i64>,
    before: Option<MessageId>,
    after: Option<MessageId>,
    around: Option<MessageId>,
}

impl Page {
    fn span(&self) -> Span {
        let before = self.before.map(Span::Before);
        let after = self.after.map(Span::After);
        self.around.map(Span::Around).or(before).or(after).unwrap_or(Span::Newest)
    }

    fn limit(&self) -> Result<usize, Refusal> {
        super::page_size(self.limit.unwrap_or(50), 100)
    }
}

pub(super) async fn list(
    State(shared): State<Arc<Shared>>,
    bot: Bot,
    Path(channel): Path<ChannelId>,
    Query(page): Query<Page>,
) -> Answer {
    let limit = page.limit()?;
    shared.with(|world| {
        let list = world.read_history(bot.user, channel, page.span(), limit)?;
        Ok(Reply::ok(list.into_iter().map(|found| render::message(world, found)).collect()))
    })
}

pub(super) async fn create(
    State(shared): State<Arc<Shared>>,
    bot: Bot,
    Path(channel): Path<ChannelId>,
    form: Form,
) -> Answer {
    let files = Files { uploads: &form.uploads, kept: &[] };
    let draft = message::read(&form.json, Purpose::Create, files).map_err(Refusal::InvalidForm)?;
    shared.with(|world| {
        let nonce = draft.nonce.clone();
        let id = world.bot_sends(bot.app, channel, draft, form.uploads)?;
        let mut body = rendered(world, id)?;
        if let Some(nonce) = nonce {
            crate::json::set(&mut body, "nonce", nonce);
        }
        Ok(Reply::ok(body))
    })
}

pub(super) async fn read(
    State(shared): State<Arc<Shared>>,
    bot: Bot,
    Path((channel, id)): Path<(ChannelId, MessageId)>,
) -> Answer {
    shared.with(|world| {
        let found = world.read_message(bot.user, channel, id)?;
        Ok(Reply::ok(render::message(world, found)))
    })
}

pub(super) async fn edit(
    State(shared): State<Arc<Shared>>,
    bot: Bot,
    Path((channel, id)): Path<(ChannelId, MessageId)>,
    form: Form,
) -> Answer {
    shared.with(|world| {
        let known = world.message(id);
        let v2 = known.is_some_and(|message| message.flags & flags::COMPONENTS_V2 != 0);
        let kept = known.map_or(&[][..], |message| &message.attachments);
        let purpose = Purpose::Edit { v2, by_token: false };
        let files = Files { uploads: &form.uploads, kept };
        let draft = message::read(&form.json, purpose, files).map_err(Refusal::InvalidForm)?;
        world.bot_edits(bot.app, (channel, id), &draft, form.uploads)?;
        rendered(world, id).map(Reply::ok)
    })
}

pub(super) async fn delete(
    State(shared): State<Arc<Shared>>,
    bot: Bot,
    Path((channel, id)): Path<(ChannelId, MessageId)>,
) -> Answer {
    shared.with(|world| {
        world.delete_message(bot.user, channel, id)?;
        Ok(Reply::no_content())
    })
}
