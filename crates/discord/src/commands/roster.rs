//! Everybody who answered an event: in pages, and as text to copy.

use muster_domain::answer_option::OptionId;
use muster_domain::id::EventId;
use muster_engine::World;
use muster_engine::background::EXPORT;
use muster_engine::limits::EXPORTED_SIGNUPS_MAX;
use muster_engine::refusal::{Refusal, Stop};
use muster_store::model::RosterPart;

use crate::commands::Context;
use crate::interaction::Component;
use crate::reply::Reply;
use crate::rest::File;
use crate::views::message::Message;
use crate::views::roster;

const EVERYONE: u32 = 0;
const WAITLIST: u32 = 1;
const FIRST_OPTION: u32 = 2;

/// Opens the first page of everyone.
pub async fn open<W: World>(ctx: &Context<'_, W>, event: EventId) -> Result<Reply, Stop> {
    page_of(ctx, event, EVERYONE, 0).await.map(Reply::private)
}

/// A part was chosen; shows its first page.
pub async fn part<W: World>(
    ctx: &Context<'_, W>,
    event: EventId,
    component: &Component,
) -> Result<Reply, Stop> {
    page(ctx, event, component.parsed().ok_or(Refusal::Unknown)?, 0).await
}

/// A page of a part.
pub async fn page<W: World>(
    ctx: &Context<'_, W>,
    event: EventId,
    part: u32,
    page: u32,
) -> Result<Reply, Stop> {
    page_of(ctx, event, part, page).await.map(Reply::Update)
}

/// The whole roster as text to copy.
pub async fn copy<W: World>(ctx: &Context<'_, W>, event: EventId) -> Result<Reply, Stop> {
    let made = async {
        let found = ctx.app.whole_roster(ctx.actor, event, EXPORTED_SIGNUPS_MAX).await?;
        let sheet = &found.posted.sheet;
        let file = File::new("list.txt", "text/plain", roster::as_text(sheet, &found.page));
        Ok(Reply::private(Message::text(roster::COPIED).file(file)))
    };
    ctx.app.asked_for(EXPORT, made).await
}

/// What stands for a part in a custom id and in a select.
#[must_use]
pub fn number_of(part: RosterPart) -> u32 {
    match part {
        RosterPart::Everyone => EVERYONE,
        RosterPart::Waitlist => WAITLIST,
        RosterPart::Option(option) => FIRST_OPTION + u32::from(option.get()),
    }
}

fn part_of(number: u32) -> Result<RosterPart, Refusal> {
    match number {
        EVERYONE => Ok(RosterPart::Everyone),
        WAITLIST => Ok(RosterPart::Waitlist),
        option => {
            let option = option.checked_sub(FIRST_OPTION).and_then(|o| u8::try_from(o).ok());
            option.map(|o| RosterPart::Option(OptionId::new(o))).ok_or(Refusal::Unknown)
        }
    }
}

async fn page_of<W: World>(
    ctx: &Context<'_, W>,
    event: EventId,
    part: u32,
    page: u32,
) -> Result<Message, Stop> {
    let part = part_of(part)?;
    let number = usize::try_from(page).unwrap_or(usize::MAX);
    let found = ctx.app.roster(ctx.actor, event, part, number).await?;
    Ok(roster::page(&found.posted.sheet, part, &found.page, page))
}
