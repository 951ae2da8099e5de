//! What has happened to events: their log, and all of it as files.

use muster_domain::id::EventId;
use muster_engine::World;
use muster_engine::refusal::{Refusal, Stop};

use crate::commands::Context;
use crate::interaction::Command;
use crate::views::export::{self, Format};
use crate::views::history;
use crate::views::message::Message;

/// A page of an event's history, counted from 0.
pub async fn log<W: World>(
    ctx: &Context<'_, W>,
    event: EventId,
    page: u32,
) -> Result<Message, Stop> {
    let log = ctx.app.log(ctx.actor, event, usize::try_from(page).unwrap_or(usize::MAX)).await?;
    Ok(history::log(&log, page))
}

/// All that is known about an event, as files.
pub async fn export<W: World>(
    ctx: &Context<'_, W>,
    event: EventId,
    command: &Command,
) -> Result<Message, Stop> {
    let format = Format::named(command.options.text("format")).ok_or(Refusal::Unknown)?;
    let all = ctx.app.export(ctx.actor, event).await?;
    Ok(export::export(&all, format))
}
