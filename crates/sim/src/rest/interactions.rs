//! Routes that an interaction's token opens; none of them needs the bot's own token.

use std::sync::Arc;

use axum::extract::{Path, Query, State};
use serde::Deserialize;
use serde_json::{Value, json};

use super::body::Form;
use super::{Answer, Reply};
use crate::ids::{AppId, InteractionId, MessageId};
use crate::render;
use crate::shared::Shared;
use crate::world::model::flags;
use crate::world::{Answered, Refusal, Which, World};

#[derive(Debug, Deserialize)]
pub(super) struct Wanted {
    with_response: Option<String>,
}

impl Wanted {
    fn with_response(&self) -> bool {
        matches!(self.with_response.as_deref(), Some("true" | "True" | "1"))
    }
}

pub(super) async fn callback(
    State(shared): State<Arc<Shared>>,
    Path((id, token)): Path<(InteractionId, String)>,
    Query(wanted): Query<Wanted>,
    form: Form,
) -> Answer {
    shared.with(|world| {
        let answered = world.answer(id, &token, &form.json, form.uploads)?;
        if !wanted.with_response() {
            return Ok(Reply::no_content());
        }
        Ok(Reply::ok(response(world, id, &answered)))
    })
}

/// What `with_response` gives back.
fn response(world: &World, id: InteractionId, answered: &Answered) -> Value {
    let kind = world.interaction(id).map(|known| known.asked.kind.number());
    let mut interaction = json!({"id": id, "type": kind});
    let message = answered.message.and_then(|id| world.message(id));
    if let (Some(message), Some(fields)) = (message, interaction.as_object_mut()) {
        let has = |flag: u64| json!(message.flags & flag != 0);
        fields.insert("response_message_id".into(), json!(message.id));
        fields.insert("response_message_loading".into(), has(flags::LOADING));
        fields.insert("response_message_ephemeral".into(), has(flags::EPHEMERAL));
    }
    let mut resource = json!({"type": answered.callback});
    if let (4 | 7, Some(message), Some(fields)) =
        (answered.callback, message, resource.as_object_mut())
    {
        fields.insert("message".into(), render::message(world, message));
    }
    json!({"interaction": interaction, "resource": resource})
}

/// `@original` or an id.
fn which(text: &str) -> Result<Which, Refusal> {
    if text == "@original" {
        return Ok(Which::Original);
    }
    text.parse().map(Which::Id).map_err(|_| Refusal::UnknownMessage)
}

fn rendered(world: &World, id: MessageId) -> Answer {
    let found = world.message(id).ok_or(Refusal::UnknownMessage)?;
    Ok(Reply::ok(render::message(world, found)))
}

pub(super) async fn follow_up(
    State(shared): State<Arc<Shared>>,
    Path((app, token)): Path<(AppId, String)>,
    form: Form,
) -> Answer {
    shared.with(|world| {
        let id = world.token_follows_up((app, &token), &form.json, form.uploads)?;
        rendered(world, id)
    })
}

pub(super) async fn read(
    State(shared): State<Arc<Shared>>,
    Path((app, token, message)): Path<(AppId, String, String)>,
) -> Answer {
    shared.with(|world| {
        let found = world.token_message(app, &token, which(&message)?)?;
        Ok(Reply::ok(render::message(world, found)))
    })
}

pub(super) async fn edit(
    State(shared): State<Arc<Shared>>,
    Path((app, token, message)): Path<(AppId, String, String)>,
    form: Form,
) -> Answer {
    shared.with(|world| {
        let which = which(&message)?;
        let id = world.token_edits((app, &token), which, &form.json, form.uploads)?;
        rendered(world, id)
    })
}

pub(super) async fn delete(
    State(shared): State<Arc<Shared>>,
    Path((app, token, message)): Path<(AppId, String, String)>,
) -> Answer {
    shared.with(|world| {
        world.token_deletes(app, &token, which(&message)?)?;
        Ok(Reply::no_content())
    })
}
