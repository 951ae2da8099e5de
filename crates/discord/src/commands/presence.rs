//! Who was there: the panel where organisers mark it, and how members check in: by a button, or by
//! the code that an organiser shows.

use muster_domain::id::{EventId, InteractionId};
use muster_domain::settings::Language;
use muster_engine::World;
use muster_engine::presence::{CheckedIn, Mark};
use muster_engine::refusal::Stop;
use muster_store::model::{Marked, Presence};

use crate::commands::{Context, page_index};
use crate::interaction::{Component, Form};
use crate::reply::Reply;
use crate::views::message::Message;
use crate::views::messages::Words;
use crate::views::presence::{self, Done};

/// What is shown of an event.
#[derive(Clone, Copy)]
pub struct Shown {
    /// The event.
    pub event: EventId,
    /// The page of the panel, counted from 0.
    pub page: u32,
    /// The interaction that marked somebody before, which can be taken back.
    pub undo: Option<InteractionId>,
}

/// Opens the panel.
pub async fn open<W: World>(ctx: &Context<'_, W>, event: EventId) -> Result<Reply, Stop> {
    panel(ctx, Shown { event, page: 0, undo: None }, Done::Nothing).await.map(Reply::private)
}

/// Another page of it.
pub async fn page<W: World>(ctx: &Context<'_, W>, shown: Shown) -> Result<Reply, Stop> {
    panel(ctx, shown, Done::Nothing).await.map(Reply::Update)
}

/// The members were chosen who were there.
pub async fn there<W: World>(
    ctx: &Context<'_, W>,
    shown: Shown,
    component: &Component,
) -> Result<Reply, Stop> {
    made(ctx, shown, Marked::Answered(component.users()), Presence::Present).await
}

/// The members were chosen who were missing.
pub async fn missing<W: World>(
    ctx: &Context<'_, W>,
    shown: Shown,
    component: &Component,
) -> Result<Reply, Stop> {
    made(ctx, shown, Marked::Answered(component.users()), Presence::Absent).await
}

/// All were there who are not marked yet.
pub async fn all<W: World>(ctx: &Context<'_, W>, event: EventId, page: u32) -> Result<Reply, Stop> {
    made(ctx, Shown { event, page, undo: None }, Marked::TheRest, Presence::Present).await
}

/// None were there who are not marked yet: those who are have checked in, or were seen.
pub async fn no_others<W: World>(
    ctx: &Context<'_, W>,
    event: EventId,
    page: u32,
) -> Result<Reply, Stop> {
    made(ctx, Shown { event, page, undo: None }, Marked::TheRest, Presence::Absent).await
}

/// What marks nobody leaves what was marked before to be taken back.
async fn made<W: World>(
    ctx: &Context<'_, W>,
    shown: Shown,
    whom: Marked,
    state: Presence,
) -> Result<Reply, Stop> {
    let (event, made_with) = (shown.event, ctx.interaction.id);
    let mark = Mark { whom, presence: Some(state) };
    let count = ctx.app.mark(ctx.actor, event, mark, made_with).await?;
    let undo = if count > 0 { Some(made_with) } else { shown.undo };
    panel(ctx, Shown { undo, ..shown }, Done::Marked(count, state)).await.map(Reply::Update)
}

/// Takes marks back.
pub async fn undo<W: World>(
    ctx: &Context<'_, W>,
    event: EventId,
    page: u32,
    made_with: InteractionId,
) -> Result<Reply, Stop> {
    let undone = ctx.app.unmark(ctx.actor, event, made_with, ctx.interaction.id).await?;
    panel(ctx, Shown { event, page, undo: None }, Done::TakenBack(undone)).await.map(Reply::Update)
}

async fn panel<W: World>(
    ctx: &Context<'_, W>,
    Shown { event, page, undo }: Shown,
    done: Done,
) -> Result<Message, Stop> {
    let list = ctx.app.presences(ctx.actor, event, page_index(page)).await?;
    Ok(presence::panel(Words::of_event(&list.event), &list, page, done, undo))
}

/// A member checks in.
pub async fn check_in<W: World>(ctx: &Context<'_, W>, event: EventId) -> Result<Reply, Stop> {
    let done = ctx.app.check_in(ctx.actor, event, ctx.interaction.id).await?;
    Ok(checked_in(event, done))
}

/// A member has typed the code.
pub async fn code_form<W: World>(
    ctx: &Context<'_, W>,
    event: EventId,
    form: &Form,
) -> Result<Reply, Stop> {
    let typed = form.fields.text(presence::CODE);
    let done = ctx.app.check_in_by_code(ctx.actor, event, typed, ctx.interaction.id).await?;
    Ok(checked_in(event, done))
}

fn checked_in(event: EventId, (done, language): (CheckedIn, Language)) -> Reply {
    let words = Words::of(language);
    match done {
        CheckedIn::Now => Reply::private(presence::here(words)),
        CheckedIn::Before => Reply::private(presence::here_already(words)),
        CheckedIn::ByCode => Reply::Form(presence::code_form(words, event)),
    }
}

/// Shows organisers the code of this moment.
pub async fn show_code<W: World>(ctx: &Context<'_, W>, event: EventId) -> Result<Reply, Stop> {
    code(ctx, event).await.map(Reply::private)
}

/// The same in the place of the one that was shown.
pub async fn next_code<W: World>(ctx: &Context<'_, W>, event: EventId) -> Result<Reply, Stop> {
    code(ctx, event).await.map(Reply::Update)
}

async fn code<W: World>(ctx: &Context<'_, W>, event: EventId) -> Result<Message, Stop> {
    let shown = ctx.app.shown_code(ctx.actor, event).await?;
    Ok(presence::code(Words::of_event(&shown.event), &shown))
}
