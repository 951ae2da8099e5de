//! The rules of an event: one panel, of which every part answers with the panel as it is then.

use muster_domain::change::ChangeRefusal;
use muster_domain::event::Event;
use muster_domain::id::EventId;
use muster_domain::rules::{CheckIn, RoleList, RulesEdit};
use muster_engine::World;
use muster_engine::change::Done;
use muster_engine::parts::{ChosenRole, On};
use muster_engine::reading::parts::{NumberWords, read_numbers};
use muster_engine::refusal::{Refusal, Stop};
use muster_store::model::SeenEvent;

use crate::commands::Context;
use crate::interaction::{Component, Form};
use crate::reply::Reply;
use crate::views::message::Message;
use crate::views::messages::Words;
use crate::views::rules::{self, field};
use crate::views::undo::Made;

/// Opens the panel.
pub async fn open<W: World>(ctx: &Context<'_, W>, event: EventId) -> Result<Reply, Stop> {
    let posted = ctx.app.event_as_organiser(ctx.actor, event).await?;
    Ok(Reply::private(shown(ctx, &posted.sheet.event, Made::Nothing)))
}

/// Takes a change back and shows the panel.
pub async fn undo<W: World>(ctx: &Context<'_, W>, changed: SeenEvent) -> Result<Reply, Stop> {
    let done = ctx.app.undo(ctx.actor, changed, ctx.interaction.id).await?;
    Ok(Reply::Update(shown(ctx, &done.now.sheet.event, Made::Nothing)))
}

/// Opens the form for the numbers.
pub async fn open_numbers<W: World>(ctx: &Context<'_, W>, event: EventId) -> Result<Reply, Stop> {
    let posted = ctx.app.event_as_organiser(ctx.actor, event).await?;
    let event = &posted.sheet.event;
    Ok(Reply::Form(rules::numbers_form(Words::of_event(event), event)))
}

/// The form for the numbers, handed in.
pub async fn numbers_form<W: World>(
    ctx: &Context<'_, W>,
    seen: SeenEvent,
    form: &Form,
) -> Result<Reply, Stop> {
    let text = |name| form.fields.text(name);
    let words = NumberWords {
        guests: text(field::GUESTS),
        offer: text(field::OFFER),
        close: text(field::CLOSE),
        minimum: text(field::MINIMUM),
        minimum_before: text(field::MINIMUM_BEFORE),
    };
    edit(ctx, On::Seen(seen), read_numbers(words)?, seen.event).await
}

/// The roles that may answer were chosen.
pub async fn allowed<W: World>(
    ctx: &Context<'_, W>,
    seen: SeenEvent,
    component: &Component,
) -> Result<Reply, Stop> {
    let chosen = RulesEdit::Roles(RoleList::Allowed, component.roles());
    edit(ctx, On::Seen(seen), chosen, seen.event).await
}

/// The roles that may not answer were chosen.
pub async fn denied<W: World>(
    ctx: &Context<'_, W>,
    seen: SeenEvent,
    component: &Component,
) -> Result<Reply, Stop> {
    let chosen = RulesEdit::Roles(RoleList::Denied, component.roles());
    edit(ctx, On::Seen(seen), chosen, seen.event).await
}

/// The roles that stand before others on the waitlist were chosen.
pub async fn priority<W: World>(
    ctx: &Context<'_, W>,
    seen: SeenEvent,
    component: &Component,
) -> Result<Reply, Stop> {
    let chosen = RulesEdit::Roles(RoleList::Priority, component.roles());
    edit(ctx, On::Seen(seen), chosen, seen.event).await
}

/// The role that the event mentions was chosen, or none.
pub async fn mention<W: World>(
    ctx: &Context<'_, W>,
    seen: SeenEvent,
    component: &Component,
) -> Result<Reply, Stop> {
    let mentionable = |role| ctx.interaction.mentionable_roles.contains(&role);
    let chosen = component.role();
    let chosen = chosen.map(|role| ChosenRole { role, mentionable: mentionable(role) });
    let done = ctx.app.edit_mention(ctx.actor, seen, chosen, ctx.interaction.id).await;
    made(ctx, done, seen.event).await
}

/// Whether names are hidden was chosen.
pub async fn names_hidden<W: World>(
    ctx: &Context<'_, W>,
    event: EventId,
    hidden: bool,
) -> Result<Reply, Stop> {
    edit(ctx, On::Present(event), RulesEdit::NamesHidden(hidden), event).await
}

/// How members check in was chosen.
pub async fn check_in<W: World>(
    ctx: &Context<'_, W>,
    event: EventId,
    way: CheckIn,
) -> Result<Reply, Stop> {
    edit(ctx, On::Present(event), RulesEdit::CheckIn(way), event).await
}

/// Makes a step and shows the panel.
async fn edit<W: World>(
    ctx: &Context<'_, W>,
    on: On,
    edit: RulesEdit,
    event: EventId,
) -> Result<Reply, Stop> {
    let done = ctx.app.edit_rules(ctx.actor, on, edit, ctx.interaction.id).await;
    made(ctx, done, event).await
}

/// A step that changes nothing, or that somebody else overtook, is no reason to show anything else
/// than the panel.
async fn made<W: World>(
    ctx: &Context<'_, W>,
    done: Result<Done, Stop>,
    event: EventId,
) -> Result<Reply, Stop> {
    let made = match done {
        Ok(done) => {
            let panel = shown(ctx, &done.now.sheet.event, Made::of(&done.moved));
            return Ok(Reply::Update(panel));
        }
        Err(Stop::Refused(Refusal::Change(ChangeRefusal::Nothing))) => Made::Nothing,
        Err(Stop::Refused(Refusal::ChangedMeanwhile)) => Made::Overtaken,
        Err(stop) => return Err(stop),
    };
    let posted = ctx.app.event_as_organiser(ctx.actor, event).await?;
    Ok(Reply::Update(shown(ctx, &posted.sheet.event, made)))
}

fn shown<W: World>(ctx: &Context<'_, W>, event: &Event, made: Made) -> Message {
    rules::panel(Words::of_event(event), event, made, ctx.app.now())
}
