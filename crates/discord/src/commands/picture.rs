//! The picture of an event: given by the command or through a form.

use muster_domain::id::EventId;
use muster_domain::text::ImageUrl;
use muster_engine::World;
use muster_engine::change::Done;
use muster_engine::reading::parts::read_image;
use muster_engine::refusal::Stop;
use muster_store::model::SeenEvent;

use crate::commands::Context;
use crate::custom_id::FormAction;
use crate::interaction::Form;
use crate::reply::Reply;
use crate::views::forms::{self, field};
use crate::views::message::Message;
use crate::views::messages::Words;
use crate::views::panel;

/// Opens the form for the picture of an event.
pub async fn open<W: World>(ctx: &Context<'_, W>, event: EventId) -> Result<Reply, Stop> {
    let posted = ctx.app.event_as_organiser(ctx.actor, event).await?;
    let event = &posted.sheet.event;
    let present = event.image.as_ref().map_or("", ImageUrl::as_str);
    let action = FormAction::Picture(SeenEvent::of(event));
    Ok(Reply::Form(forms::picture_form(Words::of_event(event), action, present)))
}

/// Gives an event the picture of this address.
pub async fn give<W: World>(
    ctx: &Context<'_, W>,
    event: EventId,
    address: &str,
) -> Result<Reply, Stop> {
    let done = set(ctx, event, address).await?;
    Ok(Reply::private(pictured(&done)))
}

/// Gives an event the picture at this address.
pub async fn set<W: World>(
    ctx: &Context<'_, W>,
    event: EventId,
    address: &str,
) -> Result<Done, Stop> {
    let image = read_image(address)?;
    let posted = ctx.app.event_as_organiser(ctx.actor, event).await?;
    let seen = SeenEvent::of(&posted.sheet.event);
    ctx.app.set_image(ctx.actor, seen, image, ctx.interaction.id).await
}

/// The form for the picture of an event, handed in.
pub async fn form<W: World>(
    ctx: &Context<'_, W>,
    seen: SeenEvent,
    handed_in: &Form,
) -> Result<Reply, Stop> {
    let image = read_image(handed_in.fields.text(field::IMAGE))?;
    let done = ctx.app.set_image(ctx.actor, seen, image, ctx.interaction.id).await?;
    Ok(Reply::Update(pictured(&done)))
}

fn pictured(done: &Done) -> Message {
    let event = &done.now.sheet.event;
    panel::pictured(Words::of_event(event), event)
}
