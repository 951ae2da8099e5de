//! Everybody who answered an event: in pages, and as text to copy.

use muster_domain::id::EventId;
use muster_engine::World;
use muster_engine::background::EXPORT;
use muster_engine::limits::EXPORTED_SIGNUPS_MAX;
use muster_engine::refusal::{Refusal, Stop};
use muster_store::model::RosterPart;

use crate::commands::{Context, page_index};
use crate::custom_id::part_of_number;
use crate::interaction::Component;
use crate::reply::Reply;
use crate::views::message::Message;
use crate::views::messages::Words;
use crate::views::roster;

/// Opens the first page of everyone.
pub async fn open<W: World>(ctx: &Context<'_, W>, event: EventId) -> Result<Reply, Stop> {
    page_of(ctx, event, RosterPart::Everyone, 0).await.map(Reply::private)
}

/// A part was chosen; shows its first page.
pub async fn part<W: World>(
    ctx: &Context<'_, W>,
    event: EventId,
    component: &Component,
) -> Result<Reply, Stop> {
    let part = component.parsed().and_then(part_of_number).ok_or(Refusal::Unknown)?;
    page(ctx, event, part, 0).await
}

/// A page of a part.
pub async fn page<W: World>(
    ctx: &Context<'_, W>,
    event: EventId,
    part: RosterPart,
    page: u32,
) -> Result<Reply, Stop> {
    page_of(ctx, event, part, page).await.map(Reply::Update)
}

/// The whole roster as text to copy.
pub async fn copy<W: World>(ctx: &Context<'_, W>, event: EventId) -> Result<Reply, Stop> {
    let made = async {
        let found = ctx.app.whole_roster(ctx.actor, event, EXPORTED_SIGNUPS_MAX).await?;
        let sheet = &found.posted.sheet;
        let words = Words::of_event(&sheet.event);
        Ok(Reply::private(roster::copied(words, sheet, &found.page)))
    };
    ctx.app.asked_for(EXPORT, made).await
}

async fn page_of<W: World>(
    ctx: &Context<'_, W>,
    event: EventId,
    part: RosterPart,
    page: u32,
) -> Result<Message, Stop> {
    let found = ctx.app.roster(ctx.actor, event, part, page_index(page)).await?;
    let sheet = &found.posted.sheet;
    let words = Words::of_event(&sheet.event);
    Ok(roster::page(words, sheet, (part, page), &found.page))
}
