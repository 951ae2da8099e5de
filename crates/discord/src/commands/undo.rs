//! Second thoughts of organisers: taking back the latest change, bringing back what was called off.

use muster_domain::id::EventId;
use muster_engine::World;
use muster_engine::refusal::{Refusal, Stop};
use muster_store::model::SeenEvent;

use crate::commands::{Context, page_index};
use crate::interaction::Component;
use crate::reply::Reply;
use crate::views::messages::Words;
use crate::views::undo;

/// Takes back a change of an event.
pub async fn undo<W: World>(ctx: &Context<'_, W>, changed: SeenEvent) -> Result<Reply, Stop> {
    let done = ctx.app.undo(ctx.actor, changed, ctx.interaction.id).await?;
    Ok(Reply::Update(undo::undone(Words::of_event(&done.now.sheet.event), &done)))
}

/// Lets an event take place after all.
pub async fn bring_back<W: World>(ctx: &Context<'_, W>, event: EventId) -> Result<Reply, Stop> {
    let done = ctx.app.bring_back(ctx.actor, event, ctx.interaction.id).await?;
    Ok(Reply::Update(undo::undone(Words::of_event(&done.now.sheet.event), &done)))
}

/// The same with the event that was chosen from the list.
pub async fn bring_back_from<W: World>(
    ctx: &Context<'_, W>,
    component: &Component,
) -> Result<Reply, Stop> {
    let event = component.parsed().map(EventId::new).ok_or(Refusal::NoSuchEvent)?;
    bring_back(ctx, event).await
}

/// A page of the events that can be brought back, counted from 0.
pub async fn called_off<W: World>(ctx: &Context<'_, W>, page: u32) -> Result<Reply, Stop> {
    let rows = ctx.app.called_off(ctx.actor, page_index(page)).await?;
    Ok(Reply::Update(undo::called_off(ctx.words().await?, &rows, page, ctx.app.now())))
}
