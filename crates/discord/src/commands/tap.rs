//! The tap: a member answers an event, or takes the answer back.

use muster_domain::answer_option::OptionId;
use muster_domain::id::EventId;
use muster_domain::sheet::Sheet;
use muster_engine::World;
use muster_engine::answer::{TapOutcome, TapRequest};
use muster_engine::refusal::{Refusal, Stop};

use crate::commands::Context;
use crate::reply::Reply;
use crate::views::{panel, post};

/// Answers with the finished post, so that a tap costs no further request.
pub async fn answer<W: World>(
    ctx: &Context<'_, W>,
    event: EventId,
    option: OptionId,
) -> Result<Reply, Stop> {
    let request = TapRequest {
        event,
        pick: Some(option),
        interaction: ctx.interaction.id,
        post: ctx.interaction.message,
    };
    match ctx.app.tap(ctx.actor, request).await? {
        TapOutcome::Taken(sheet) | TapOutcome::Withdrawn(sheet) => Ok(updated(ctx, &sheet)),
        TapOutcome::Same(signup, sheet) => Ok(Reply::private(panel::same_answer(&sheet, signup))),
        TapOutcome::Closed(sheet) => Err(closed(ctx, &sheet)),
    }
}

/// Answers on the private message from which the answer was withdrawn; the post follows.
pub async fn withdraw<W: World>(ctx: &Context<'_, W>, event: EventId) -> Result<Reply, Stop> {
    let interaction = ctx.interaction.id;
    let request = TapRequest { event, pick: None, interaction, post: None };
    match ctx.app.tap(ctx.actor, request).await? {
        TapOutcome::Taken(sheet) | TapOutcome::Withdrawn(sheet) => {
            ctx.app.wake_reconciler();
            Ok(Reply::Update(panel::withdrawn(&sheet.event)))
        }
        TapOutcome::Same(signup, sheet) => Ok(Reply::private(panel::same_answer(&sheet, signup))),
        TapOutcome::Closed(sheet) => Err(closed(ctx, &sheet)),
    }
}

fn updated<W: World>(ctx: &Context<'_, W>, sheet: &Sheet) -> Reply {
    Reply::Post {
        event: sheet.event.id,
        version: sheet.event.version,
        message: post::post(sheet, ctx.app.now()),
    }
}

/// A post that still has its buttons although answers are closed is behind; it is mended.
fn closed<W: World>(ctx: &Context<'_, W>, sheet: &Sheet) -> Stop {
    ctx.app.wake_reconciler();
    Refusal::AnswersClosed(sheet.event.phase(ctx.app.now())).into()
}
