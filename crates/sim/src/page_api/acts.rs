//! What a person does on the page.

use std::sync::Arc;

use axum::Json;
use axum::extract::State;
use axum::extract::rejection::{BytesRejection, JsonRejection};
use axum::http::HeaderMap;
use axum::http::header::CONTENT_TYPE;
use bytes::Bytes;
use jiff::{SignedDuration, Timestamp};
use serde::Deserialize;
use serde_json::{Value, json};

use super::asked::Asked;
use super::{Problem, reads};
use crate::ids::{ChannelId, CommandId, InteractionId, MessageId, UserId};
use crate::json;
use crate::shared::Shared;
use crate::users::{
    self, Answer, CommandUse, ComponentUse, ModalUse, Opt, Outcome, User, UserError,
};

/// The farthest that the clock may be moved at once: ten years.
const MAX_ADVANCE: SignedDuration = SignedDuration::from_hours(24 * 366 * 10);

pub(super) type Body<T> = Result<Json<T>, JsonRejection>;
pub(super) type Answered = Result<Json<Value>, Problem>;

pub(super) fn read<T>(body: Body<T>) -> Result<T, Problem> {
    body.map(|Json(read)| read).map_err(|wrong| Problem::bad_request(wrong.body_text()))
}

#[derive(Debug, Deserialize)]
pub(super) struct Say {
    user: UserId,
    channel: ChannelId,
    content: String,
}

pub(super) async fn say(State(shared): State<Arc<Shared>>, body: Body<Say>) -> Answered {
    let said = read(body)?;
    let user = User { shared: Arc::clone(&shared), id: said.user };
    let id = user.say(said.channel, &said.content)?;
    let message = shared.with(|world| world.message(id).map(|m| reads::message(world, m)));
    Ok(Json(json!({"message": message})))
}

/// A command by its id with options as a client sends them, or by its full name with an object
/// of values.
#[derive(Debug, Deserialize)]
pub(super) struct RunCommand {
    user: UserId,
    channel: ChannelId,
    command_id: Option<CommandId>,
    #[serde(default)]
    options: Vec<Opt>,
    name: Option<String>,
    #[serde(default)]
    values: Value,
    /// The option being typed, for a command by its name.
    focused: Option<String>,
    #[serde(default)]
    target_id: Option<String>,
}

impl RunCommand {
    fn used(self, shared: &Shared) -> Result<CommandUse, Problem> {
        let target = self.target_id.map(|target| target.parse()).transpose();
        let target = target.map_err(|_| Problem::bad_request("the target is no id"))?;
        let place = (self.user, self.channel);
        let used = match (self.command_id, self.name) {
            (Some(command), None) => CommandUse {
                user: self.user,
                channel: self.channel,
                command,
                options: self.options,
                target,
            },
            (None, Some(name)) => {
                let focused = self.focused.as_deref();
                let used = users::resolve(shared, place, &name, &self.values, focused)?;
                CommandUse { target, ..used }
            }
            _ => return Err(Problem::bad_request("give either command_id or name")),
        };
        Ok(used)
    }
}

pub(super) async fn command(State(shared): State<Arc<Shared>>, body: Body<RunCommand>) -> Answered {
    let used = read(body)?.used(&shared)?;
    Ok(Json(outcome(&users::run_command(&shared, used).await?)))
}

pub(super) async fn autocomplete(
    State(shared): State<Arc<Shared>>,
    body: Body<RunCommand>,
) -> Answered {
    let used = read(body)?.used(&shared)?;
    let choices = users::autocomplete(&shared, used).await?;
    let choices = choices.into_iter().map(|c| json!({"name": c.name, "value": c.value}));
    Ok(Json(json!({"choices": choices.collect::<Vec<_>>()})))
}

#[derive(Debug, Deserialize)]
pub(super) struct UseComponent {
    user: UserId,
    channel: ChannelId,
    message_id: MessageId,
    custom_id: String,
    #[serde(default)]
    values: Vec<String>,
}

pub(super) async fn component(
    State(shared): State<Arc<Shared>>,
    body: Body<UseComponent>,
) -> Answered {
    let used = read(body)?;
    let used = ComponentUse {
        user: used.user,
        channel: used.channel,
        message: used.message_id,
        custom_id: used.custom_id,
        values: used.values,
    };
    Ok(Json(outcome(&users::use_component(&shared, used).await?)))
}

#[derive(Debug, Deserialize)]
pub(super) struct SubmitModal {
    user: UserId,
    modal_id: InteractionId,
    #[serde(default)]
    values: Value,
}

pub(super) async fn modal(State(shared): State<Arc<Shared>>, body: Body<SubmitModal>) -> Answered {
    let used = read(body)?;
    let used = ModalUse { user: used.user, modal: used.modal_id, values: used.values };
    Ok(Json(outcome(&users::submit_modal(&shared, used).await?)))
}

fn outcome(outcome: &Outcome) -> Value {
    let id = outcome.interaction;
    match &outcome.answer {
        Answer::Message(message) => {
            json!({"interaction_id": id, "result": "message", "message_id": message})
        }
        Answer::Thinking(message) => {
            json!({"interaction_id": id, "result": "deferred", "message_id": message})
        }
        Answer::Acknowledged => json!({"interaction_id": id, "result": "deferred"}),
        Answer::Updated => json!({"interaction_id": id, "result": "update"}),
        Answer::Modal(modal) => json!({
            "interaction_id": id,
            "result": "modal",
            "modal": {
                "modal_id": modal.id,
                "custom_id": modal.custom_id,
                "title": modal.title,
                "components": modal.components,
            },
        }),
        Answer::Failed => json!({
            "interaction_id": id,
            "result": "failed",
            "reason": "The application did not respond",
        }),
    }
}

#[derive(Debug, Deserialize)]
pub(super) struct MoveClock {
    advance_s: Option<u32>,
    to_ms: Option<i64>,
    until: Option<Until>,
}

/// What ends a move before its time is over.
#[derive(Clone, Copy, Debug, Deserialize)]
#[serde(rename_all = "snake_case")]
enum Until {
    /// The bot writes, edits or deletes something.
    SomethingHappens,
}

/// How far the clock is moved at most until something happens.
const MAX_WAIT: SignedDuration = SignedDuration::from_hours(24 * 7);

pub(super) async fn clock(State(shared): State<Arc<Shared>>, body: Body<MoveClock>) -> Answered {
    let wanted = read(body)?;
    let now = shared.clock.now();
    let by = wanted.advance_s.map(|seconds| SignedDuration::from_secs(i64::from(seconds)));
    let target = match (by, wanted.to_ms, wanted.until) {
        (Some(by), None, None) => now.checked_add(by).ok(),
        (None, Some(ms), None) => Timestamp::from_millisecond(ms).ok(),
        (None, None, Some(Until::SomethingHappens)) => now.checked_add(MAX_WAIT).ok(),
        _ => return Err(Problem::bad_request("give one of advance_s, to_ms and until")),
    };
    let target = target.filter(|target| target.duration_since(now) <= MAX_ADVANCE);
    let target = target.ok_or_else(|| Problem::bad_request("that is too far"))?;
    let moved = match wanted.until {
        None => shared.clock.advance_to(target).await.map(|_| None),
        Some(Until::SomethingHappens) => {
            let done = || shared.with(|world| world.accepted().next_back().map(|last| last.number));
            let before = done();
            shared.clock.advance_until(target, || done() != before).await.map(Some)
        }
    };
    let happened = moved.map_err(|error| Problem::bad_request(error.to_string()))?;
    // What happens by itself until then is noticed at the next look.
    shared.with(|_| ());
    let mut clock = reads::clock(&shared);
    if let Some(happened) = happened {
        json::set(&mut clock, "happened", happened);
    }
    Ok(Json(clock))
}

#[derive(Debug, Deserialize)]
pub(super) struct Dismiss {
    user: UserId,
    message_id: MessageId,
}

pub(super) async fn dismiss(State(shared): State<Arc<Shared>>, body: Body<Dismiss>) -> Answered {
    let wanted = read(body)?;
    let done = shared.with(|world| world.dismiss(wanted.user, wanted.message_id));
    done.map_err(UserError::from)?;
    Ok(Json(json!({})))
}

#[derive(Debug, Deserialize)]
pub(super) struct GivenFile {
    user: UserId,
    name: String,
}

/// Takes the body as a file for a command or form.
pub(super) async fn upload(
    State(shared): State<Arc<Shared>>,
    Asked(given): Asked<GivenFile>,
    headers: HeaderMap,
    body: Result<Bytes, BytesRejection>,
) -> Answered {
    let bytes = body.map_err(|_| Problem::bad_request("a file may have 8 MiB at most"))?;
    let kind = headers.get(CONTENT_TYPE).and_then(|value| value.to_str().ok()).unwrap_or_default();
    let user = User { shared: Arc::clone(&shared), id: given.user };
    let id = user.upload(&given.name, kind, bytes)?;
    let file = shared.with(|world| world.file(id).map(|file| reads::file(world, &file.about)));
    Ok(Json(json!({"file": file})))
}

#[derive(Debug, Deserialize)]
pub(super) struct Delete {
    user: UserId,
    message_id: MessageId,
}

pub(super) async fn delete(State(shared): State<Arc<Shared>>, body: Body<Delete>) -> Answered {
    let wanted = read(body)?;
    User { shared, id: wanted.user }.delete(wanted.message_id)?;
    Ok(Json(json!({})))
}
