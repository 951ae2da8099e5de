//! What has happened to events: their log.

use muster_domain::id::EventId;
use muster_engine::World;
use muster_engine::refusal::Stop;

use crate::commands::Context;
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
