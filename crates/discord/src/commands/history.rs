//! What has happened to events: their log, and all of it as files.

use muster_domain::id::EventId;
use muster_engine::World;
use muster_engine::background::EXPORT;
use muster_engine::refusal::{Refusal, Stop};

use crate::commands::{Context, page_index};
use crate::custom_id::Action;
use crate::interaction::{Command, Target};
use crate::reply::Reply;
use crate::views::export::{self, Format};
use crate::views::history;
use crate::views::message::Message;
use crate::views::messages::Words;

/// A page of an event's history, counted from 0.
pub async fn log<W: World>(
    ctx: &Context<'_, W>,
    event: EventId,
    page: u32,
) -> Result<Message, Stop> {
    let log = ctx.app.log(ctx.actor, event, page_index(page)).await?;
    Ok(history::log(Words::of_event(&log.event), &log, page))
}

/// The log of the event that the message is about on which the command was used.
pub async fn log_of_message<W: World>(
    ctx: &Context<'_, W>,
    command: &Command,
) -> Result<Reply, Stop> {
    let Some(Target::Message(message)) = command.target else {
        return Err(Refusal::Unknown.into());
    };
    let event = match command.marks.iter().find_map(|mark| event_of_mark(mark)) {
        Some(event) => Some(event),
        None => ctx.app.event_of_post(ctx.actor, message).await?,
    };
    log(ctx, event.ok_or(Refusal::NoEventThere)?, 0).await.map(Reply::private)
}

/// The event of a post or of news, by the custom id that marks them.
fn event_of_mark(mark: &str) -> Option<EventId> {
    let action = Action::decode(mark)?;
    if let Action::More(event) | Action::Show(event, Some(_)) = action { Some(event) } else { None }
}

/// All that is known about an event, as files.
pub async fn export<W: World>(
    ctx: &Context<'_, W>,
    event: EventId,
    command: &Command,
) -> Result<Message, Stop> {
    let format = Format::named(command.options.text("format")).ok_or(Refusal::Unknown)?;
    let made = async {
        let all = ctx.app.export(ctx.actor, event).await?;
        Ok(export::export(Words::of_event(&all.posted.sheet.event), all, format))
    };
    ctx.app.asked_for(EXPORT, made).await
}
