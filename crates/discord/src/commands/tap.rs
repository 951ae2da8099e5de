//! The tap: a member answers an event, or takes the answer back.

use muster_domain::answer_option::OptionId;
use muster_domain::id::EventId;
use muster_domain::roster::Place;
use muster_domain::sheet::Sheet;
use muster_engine::World;
use muster_engine::answer::{TapOutcome, TapRequest};
use muster_engine::own::OwnAnswer;
use muster_engine::refusal::{Refusal, Stop};
use muster_store::model::Ask;

use crate::commands::Context;
use crate::interaction::Component;
use crate::reply::Reply;
use crate::views::messages::Words;
use crate::views::{own, post};

/// Answers with the finished post, so that a tap costs no further request.
pub async fn answer<W: World>(
    ctx: &Context<'_, W>,
    event: EventId,
    option: OptionId,
) -> Result<Reply, Stop> {
    let request = TapRequest {
        event,
        ask: Ask::Pick { option, may_lose_place: false },
        interaction: ctx.interaction.id,
        post: ctx.interaction.message,
    };
    match ctx.app.tap(ctx.actor, request).await? {
        TapOutcome::Taken(sheet) | TapOutcome::Withdrawn(sheet) => Ok(updated(ctx, &sheet)),
        unchanged @ (TapOutcome::Same(..)
        | TapOutcome::WouldLosePlace(..)
        | TapOutcome::NotHeld(_)
        | TapOutcome::Closed(_)) => in_private(ctx, unchanged).await,
    }
}

/// The same with the option that was chosen from the post's list.
pub async fn answer_from<W: World>(
    ctx: &Context<'_, W>,
    event: EventId,
    component: &Component,
) -> Result<Reply, Stop> {
    let option = component.parsed().map(OptionId::new).ok_or(Refusal::NoSuchOption)?;
    answer(ctx, event, option).await
}

/// Answers although it costs the member's place, on the private message that asked; the post
/// follows.
pub async fn answer_anyway<W: World>(
    ctx: &Context<'_, W>,
    event: EventId,
    option: OptionId,
) -> Result<Reply, Stop> {
    beside_the_post(ctx, event, Ask::Pick { option, may_lose_place: true }).await
}

/// Takes the place that is held for the member, if it still is; the post follows.
pub async fn accept<W: World>(
    ctx: &Context<'_, W>,
    event: EventId,
    option: OptionId,
) -> Result<Reply, Stop> {
    beside_the_post(ctx, event, Ask::Accept(Some(option))).await
}

/// Answers on the private message from which the answer was withdrawn; the post follows.
pub async fn withdraw<W: World>(ctx: &Context<'_, W>, event: EventId) -> Result<Reply, Stop> {
    beside_the_post(ctx, event, Ask::Withdraw).await
}

async fn beside_the_post<W: World>(
    ctx: &Context<'_, W>,
    event: EventId,
    ask: Ask,
) -> Result<Reply, Stop> {
    let interaction = ctx.interaction.id;
    let request = TapRequest { event, ask, interaction, post: None };
    match ctx.app.tap(ctx.actor, request).await? {
        TapOutcome::Taken(sheet) => {
            ctx.app.wake_reconciler();
            let OwnAnswer { line, .. } = ctx.app.own_answer(ctx.actor, event).await?;
            let (event, words) = (&sheet.event, Words::of_event(&sheet.event));
            Ok(Reply::Update(match (ask, line.signup.place) {
                (Ask::Accept(_), Place::Seated) => {
                    own::accepted(words, event, &line).row(vec![own::withdraw(words, event)])
                }
                _ => own::answered(words, event, &line, ctx.app.now()),
            }))
        }
        TapOutcome::Withdrawn(sheet) => {
            ctx.app.wake_reconciler();
            Ok(Reply::Update(own::withdrawn(Words::of_event(&sheet.event), &sheet.event)))
        }
        unchanged @ (TapOutcome::Same(..)
        | TapOutcome::WouldLosePlace(..)
        | TapOutcome::NotHeld(_)
        | TapOutcome::Closed(_)) => in_private(ctx, unchanged).await,
    }
}

/// What is said to who taps where nothing was changed.
async fn in_private<W: World>(ctx: &Context<'_, W>, outcome: TapOutcome) -> Result<Reply, Stop> {
    match outcome {
        TapOutcome::Same(signup, sheet) => {
            let words = Words::of_event(&sheet.event);
            Ok(Reply::private(own::same(words, &sheet.event, signup)))
        }
        TapOutcome::WouldLosePlace(held, wanted, sheet) => {
            let words = Words::of_event(&sheet.event);
            Ok(Reply::private(own::would_lose_place(words, &sheet.event, held, wanted)))
        }
        TapOutcome::NotHeld(sheet) => {
            let line = ctx.app.own_line(ctx.actor, &sheet).await?;
            let (event, words) = (&sheet.event, Words::of_event(&sheet.event));
            Ok(Reply::Update(own::not_held(words, event, line.as_ref(), ctx.app.now())))
        }
        TapOutcome::Taken(sheet) | TapOutcome::Withdrawn(sheet) | TapOutcome::Closed(sheet) => {
            Err(closed(ctx, &sheet))
        }
    }
}

fn updated<W: World>(ctx: &Context<'_, W>, sheet: &Sheet) -> Reply {
    Reply::Post {
        event: sheet.event.id,
        version: sheet.event.version,
        message: post::post(Words::of_event(&sheet.event), sheet, ctx.app.now()),
    }
}

/// A post that still has its buttons although answers are closed is behind; it is mended.
fn closed<W: World>(ctx: &Context<'_, W>, sheet: &Sheet) -> Stop {
    ctx.app.wake_reconciler();
    Refusal::AnswersClosed(sheet.event.phase(ctx.app.now())).into()
}
