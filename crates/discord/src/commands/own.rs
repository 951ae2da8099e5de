//! A member's own answer: a note, guests, late and early, the event for their calendar.

use muster_domain::calendar;
use muster_domain::id::{EventId, GuildId};
use muster_domain::roster::Guests;
use muster_engine::own::{OwnAnswer, TimeWords};
use muster_engine::refusal::{Refusal, Stop};
use muster_engine::{App, World};

use crate::commands::Context;
use crate::interaction::{Component, Form, Interaction};
use crate::reply::Reply;
use crate::rest::File;
use crate::views::message::Message;
use crate::views::messages::Words;
use crate::views::own::{self, field};
use crate::views::panel;

/// Opens the panel.
pub async fn open<W: World>(ctx: &Context<'_, W>, event: EventId) -> Result<Reply, Stop> {
    let answer = ctx.app.own_answer(ctx.actor, event).await?;
    Ok(Reply::private(panel_of(ctx, &answer)))
}

/// Opens the form for the note.
pub async fn open_note<W: World>(ctx: &Context<'_, W>, event: EventId) -> Result<Reply, Stop> {
    let answer = ctx.app.own_answer(ctx.actor, event).await?;
    let words = Words::of_event(&answer.posted.sheet.event);
    Ok(Reply::Form(own::note_form(words, event, &answer.line.details)))
}

/// The form for the note, handed in.
pub async fn note_form<W: World>(
    ctx: &Context<'_, W>,
    event: EventId,
    form: &Form,
) -> Result<Reply, Stop> {
    let words = form.fields.text(field::NOTE);
    let answer = ctx.app.note(ctx.actor, event, words, ctx.interaction.id).await?;
    Ok(Reply::Update(panel_of(ctx, &answer)))
}

/// The number of guests was chosen.
pub async fn guests<W: World>(
    ctx: &Context<'_, W>,
    event: EventId,
    component: &Component,
) -> Result<Reply, Stop> {
    let guests = component.parsed().and_then(|guests| Guests::parse(guests).ok());
    let guests = guests.ok_or(Refusal::Unknown)?;
    let answer = ctx.app.bring(ctx.actor, event, guests, ctx.interaction.id).await?;
    Ok(Reply::Update(panel_of(ctx, &answer)))
}

/// Opens the form for coming late and going early.
pub async fn open_times<W: World>(ctx: &Context<'_, W>, event: EventId) -> Result<Reply, Stop> {
    let answer = ctx.app.own_answer(ctx.actor, event).await?;
    let OwnAnswer { posted, line, .. } = &answer;
    let (words, span) = (Words::of_event(&posted.sheet.event), posted.sheet.event.details.span);
    Ok(Reply::Form(own::times_form(words, event, span, &line.details)))
}

/// The form for coming late and going early, handed in.
pub async fn times_form<W: World>(
    ctx: &Context<'_, W>,
    event: EventId,
    form: &Form,
) -> Result<Reply, Stop> {
    let words = TimeWords {
        arrives: form.fields.text(field::ARRIVES),
        leaves: form.fields.text(field::LEAVES),
        locale: &ctx.interaction.guild_locale,
    };
    let answer = ctx.app.come_and_go(ctx.actor, event, words, ctx.interaction.id).await?;
    Ok(Reply::Update(panel_of(ctx, &answer)))
}

/// Whether the member is told by direct message, too.
pub async fn direct<W: World>(
    ctx: &Context<'_, W>,
    event: EventId,
    direct: bool,
) -> Result<Reply, Stop> {
    let answer = ctx.app.tell_directly(ctx.actor, event, direct, ctx.interaction.id).await?;
    Ok(Reply::Update(panel_of(ctx, &answer)))
}

/// On a direct message: no more of them about this event.
pub async fn no_direct<W: World>(
    app: &App<W>,
    interaction: &Interaction,
    guild: GuildId,
    event: EventId,
) -> Result<Reply, Stop> {
    // Before it is done: nothing is to fail after that.
    let words = Words::of(app.settings(guild).await?.language);
    app.no_direct(guild, interaction.user, event, interaction.id).await?;
    Ok(Reply::private(own::no_direct(words)))
}

/// Gives the event as a file for a calendar.
pub async fn calendar<W: World>(ctx: &Context<'_, W>, event: EventId) -> Result<Reply, Stop> {
    let posted = ctx.app.event(ctx.actor, event).await?;
    let event = &posted.sheet.event;
    let link = match posted.post.message {
        Some(message) => panel::link(event.guild, posted.post.channel, message),
        None => panel::channel_link(event.guild, posted.post.channel),
    };
    let file = calendar::file(event, &link, ctx.app.now());
    let file = File::new("event.ics", "text/calendar", file);
    Ok(Reply::private(own::calendar(Words::of_event(event), file)))
}

fn panel_of<W: World>(ctx: &Context<'_, W>, answer: &OwnAnswer) -> Message {
    let event = &answer.posted.sheet.event;
    own::panel(Words::of_event(event), event, &answer.line, ctx.app.now())
}
