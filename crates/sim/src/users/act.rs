//! From a person's act to an interaction, and from the bot's first answer back to the person.

use std::sync::Arc;

use serde_json::{Value, json};

use super::answer::{Answer, Choice, Modal, Outcome, UserError};
use super::options::{Check, Opt, fill};
use super::resolved::Resolved;
use super::{components, list, modal};
use crate::ids::{ChannelId, CommandId, InteractionId, MessageId, UserId};
use crate::json;
use crate::shared::Shared;
use crate::world::{Application, Asked, Channel, First, InteractionKind, State, World};

/// Somebody runs a command, or types it.
#[derive(Debug, Clone)]
pub(crate) struct CommandUse {
    pub(crate) user: UserId,
    pub(crate) channel: ChannelId,
    pub(crate) command: CommandId,
    pub(crate) options: Vec<Opt>,
    pub(crate) target: Option<u64>,
}

/// Somebody uses a button or select.
#[derive(Debug, Clone)]
pub(crate) struct ComponentUse {
    pub(crate) user: UserId,
    pub(crate) channel: ChannelId,
    pub(crate) message: MessageId,
    pub(crate) custom_id: String,
    pub(crate) values: Vec<String>,
}

/// Somebody sends a form.
#[derive(Debug, Clone)]
pub(crate) struct ModalUse {
    pub(crate) user: UserId,
    pub(crate) modal: InteractionId,
    pub(crate) values: Value,
}

/// Runs a command and waits for the bot's first answer.
pub(crate) async fn run_command(
    shared: &Arc<Shared>,
    used: CommandUse,
) -> Result<Outcome, UserError> {
    let asked = shared.with(|world| ask_command(world, &used, Check::Complete))?;
    let (id, first) = ask(shared, asked).await?;
    Ok(outcome(shared, id, first.as_ref()))
}

/// Asks for suggestions. An empty list is an answer; none in time is an error.
pub(crate) async fn autocomplete(
    shared: &Arc<Shared>,
    used: CommandUse,
) -> Result<Vec<Choice>, UserError> {
    let asked = shared.with(|world| ask_command(world, &used, Check::Partial))?;
    let (_, first) = ask(shared, asked).await?;
    let Some(First::Choices(choices)) = first else {
        return Err(UserError::not_found("loading options failed"));
    };
    let choice = |choice: Value| Choice {
        name: json::text(&choice, "name"),
        value: json::at(&choice, "value").clone(),
    };
    Ok(choices.into_iter().map(choice).collect())
}

/// Taps or chooses, and waits for the bot's first answer.
pub(crate) async fn use_component(
    shared: &Arc<Shared>,
    used: ComponentUse,
) -> Result<Outcome, UserError> {
    let asked = shared.with(|world| ask_component(world, &used))?;
    let (id, first) = ask(shared, asked).await?;
    Ok(outcome(shared, id, first.as_ref()))
}

/// Sends a form and waits for the bot's first answer. It stays open if none comes.
pub(crate) async fn submit_modal(
    shared: &Arc<Shared>,
    used: ModalUse,
) -> Result<Outcome, UserError> {
    let asked = shared.with(|world| ask_modal(world, &used))?;
    let (id, first) = ask(shared, asked).await?;
    if first.is_some() {
        shared.with(|world| world.close_modal(used.modal));
    }
    Ok(outcome(shared, id, first.as_ref()))
}

/// Sends the interaction and waits; `None` if the bot was not in time.
async fn ask(
    shared: &Arc<Shared>,
    asked: Asked,
) -> Result<(InteractionId, Option<First>), UserError> {
    let (id, promise) = shared.with(|world| {
        let id = world.ask(asked)?;
        Ok::<_, UserError>((id, shared.promise(id)))
    })?;
    shared.ledger.note(|counts| counts.interactions += 1);
    let answered = tokio::time::timeout(shared.config.first_answer, promise).await;
    if let Ok(Ok(first)) = answered {
        return Ok((id, Some(first)));
    }
    shared.stop_waiting(id);
    // The answer may have come between the end of the wait and now.
    let late = shared.with(|world| {
        world.expire(id);
        world.interaction(id).map(|known| known.state.clone())
    });
    match late {
        Some(State::Answered(first)) => Ok((id, Some(first))),
        Some(State::Waiting | State::Expired) | None => {
            shared.ledger.note(|counts| counts.missed += 1);
            Ok((id, None))
        }
    }
}

fn outcome(shared: &Shared, id: InteractionId, first: Option<&First>) -> Outcome {
    let answer = match first {
        None | Some(First::Choices(_)) => Answer::Failed,
        Some(First::Message(message)) => Answer::Message(*message),
        Some(First::Deferred(message)) => Answer::Thinking(*message),
        Some(First::Update) => Answer::Updated,
        Some(First::DeferredUpdate) => Answer::Acknowledged,
        Some(First::Modal) => shared.with(|world| open_modal(world, id)),
    };
    Outcome { interaction: id, answer }
}

fn open_modal(world: &World, id: InteractionId) -> Answer {
    world.modal(id).map_or(Answer::Failed, |modal| {
        Answer::Modal(Modal {
            id,
            custom_id: json::text(&modal.data, "custom_id"),
            title: json::text(&modal.data, "title"),
            components: json::list(&modal.data, "components").to_vec(),
        })
    })
}

/// The channel, if the person sees it.
fn seen(world: &World, user: UserId, channel: ChannelId) -> Result<&Channel, UserError> {
    let channel = world.channel(channel).filter(|channel| world.sees(user, channel.id));
    channel.ok_or_else(|| UserError::not_found("there is no such channel"))
}

fn ask_command(world: &World, used: &CommandUse, check: Check) -> Result<Asked, UserError> {
    let channel = seen(world, used.user, used.channel)?;
    let list = list::usable(world, used.user, used.channel);
    let found = list.into_iter().find(|(_, command)| command.id == used.command);
    let (app, command) = found.ok_or_else(|| {
        let exists = world.apps().any(|app| app.commands.contains_key(&used.command));
        if exists {
            UserError::forbidden("you do not have permission to use this command here")
        } else {
            UserError::not_found("there is no such command")
        }
    })?;
    let mut resolved = Resolved::new(world, channel, used.user, app.bot);
    let (options, below) = fill(&command.definition, &used.options, check, &mut resolved)?;
    let mut data = json!({"id": command.id, "name": command.name, "type": command.kind});
    if let Some(fields) = data.as_object_mut() {
        if !options.is_empty() {
            fields.insert("options".into(), Value::Array(options));
        }
        if let Some(guild) = command.guild {
            fields.insert("guild_id".into(), json!(guild));
        }
        if let Some(target) = target_of(command.kind, used.target, &mut resolved)? {
            fields.insert("target_id".into(), json!(target.to_string()));
        }
    }
    resolved.finish(&mut data);
    let name = std::iter::once(command.name.clone()).chain(below).collect::<Vec<_>>().join(" ");
    let kind = match check {
        Check::Complete => InteractionKind::Command(command.kind),
        Check::Partial => InteractionKind::Autocomplete,
    };
    Ok(Asked {
        app: app.id,
        user: used.user,
        channel: used.channel,
        kind,
        data,
        source: None,
        name: Some(name),
        opener: None,
    })
}

fn target_of(
    kind: u8,
    target: Option<u64>,
    resolved: &mut Resolved<'_>,
) -> Result<Option<u64>, UserError> {
    if kind == 1 {
        return Ok(None);
    }
    let target = target.ok_or_else(|| UserError::invalid("this command needs a target"))?;
    if kind == 2 {
        resolved.user(UserId::new(target))?;
    } else {
        resolved.message(MessageId::new(target))?;
    }
    Ok(Some(target))
}

fn ask_component(world: &World, used: &ComponentUse) -> Result<Asked, UserError> {
    let channel = seen(world, used.user, used.channel)?;
    let message = channel.messages.get(&used.message);
    let message = message.filter(|message| message.is_shown_to(used.user));
    let message = message.ok_or_else(|| UserError::not_found("there is no such message"))?;
    let app = app_behind(world, channel, message.author)?;
    let component = components::find(message, &used.custom_id)
        .ok_or_else(|| UserError::not_found("the message has no such component"))?;
    let mut resolved = Resolved::new(world, channel, used.user, app.bot);
    let mut data = components::data(component, &used.values, &mut resolved)?;
    resolved.finish(&mut data);
    Ok(Asked {
        app: app.id,
        user: used.user,
        channel: used.channel,
        kind: InteractionKind::Component,
        data,
        source: Some(used.message),
        name: None,
        opener: None,
    })
}

/// The application of a message's author, while its bot is here.
fn app_behind<'w>(
    world: &'w World,
    channel: &Channel,
    author: UserId,
) -> Result<&'w Application, UserError> {
    let app = world.app_of_bot(author).filter(|app| list::is_here(world, app, channel));
    app.ok_or_else(|| UserError::not_found("the application behind that is not here"))
}

fn ask_modal(world: &World, used: &ModalUse) -> Result<Asked, UserError> {
    let open = world.modal(used.modal).filter(|open| open.user == used.user);
    let open = open.ok_or_else(|| UserError::not_found("there is no such form"))?;
    let channel = seen(world, used.user, open.channel)?;
    let app = world.app(open.app).ok_or_else(|| UserError::not_found("the application is gone"))?;
    let mut resolved = Resolved::new(world, channel, used.user, app.bot);
    let fields = json::list(&open.data, "components");
    let filled = modal::fill(fields, &used.values, &mut resolved)?;
    let mut data = json!({"custom_id": json::at(&open.data, "custom_id"), "components": filled});
    resolved.finish(&mut data);
    Ok(Asked {
        app: open.app,
        user: used.user,
        channel: open.channel,
        kind: InteractionKind::Modal,
        data,
        source: open.source,
        name: open.name.clone(),
        opener: Some(used.modal),
    })
}
