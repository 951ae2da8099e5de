//! What organisers tell those who are coming, in their own words.

use muster_domain::id::{DeliveryId, EventId};
use muster_engine::World;
use muster_engine::refusal::{Refusal, Stop};
use muster_engine::telling::Tellings;

use crate::commands::Context;
use crate::interaction::Form;
use crate::reply::Reply;
use crate::views::messages::Words;
use crate::views::telling;

/// Opens the form; while something is still on its way, how far that is.
pub async fn open<W: World>(ctx: &Context<'_, W>, event: EventId) -> Result<Reply, Stop> {
    let tellings = ctx.app.tellings(ctx.actor, event).await?;
    if telling::is_under_way(&tellings) {
        return Ok(Reply::private(telling::progress(words(&tellings), &tellings)));
    }
    open_form(ctx, event).await
}

/// Opens the form.
pub async fn open_form<W: World>(ctx: &Context<'_, W>, event: EventId) -> Result<Reply, Stop> {
    let tellings = ctx.app.tellings(ctx.actor, event).await?;
    if tellings.reaches.iter().all(|reach| reach.members == 0) {
        return Err(Refusal::NobodyToTell.into());
    }
    Ok(Reply::Form(telling::form(words(&tellings), &tellings)))
}

/// The form, handed in.
pub async fn form<W: World>(
    ctx: &Context<'_, W>,
    event: EventId,
    form: &Form,
) -> Result<Reply, Stop> {
    let said = form.fields.text(telling::WORDS);
    let audience = telling::audience_of(form.fields.text(telling::WHOM));
    let told = ctx.app.tell(ctx.actor, event, (said, audience), ctx.interaction.id).await?;
    Ok(Reply::private(telling::progress(words(&told), &told)))
}

/// How far it is.
pub async fn progress<W: World>(ctx: &Context<'_, W>, event: EventId) -> Result<Reply, Stop> {
    let tellings = ctx.app.tellings(ctx.actor, event).await?;
    Ok(Reply::Update(telling::progress(words(&tellings), &tellings)))
}

/// Takes it back.
pub async fn take_back<W: World>(
    ctx: &Context<'_, W>,
    event: EventId,
    first: DeliveryId,
) -> Result<Reply, Stop> {
    let tellings = ctx.app.take_back_telling(ctx.actor, event, first).await?;
    Ok(Reply::Update(telling::progress(words(&tellings), &tellings)))
}

fn words(tellings: &Tellings) -> Words {
    Words::of_event(&tellings.posted.sheet.event)
}
