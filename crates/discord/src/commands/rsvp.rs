//! `/rsvp …`: who is coming today, who was yesterday, and what I have answered.

use jiff::Span;
use muster_engine::World;
use muster_engine::refusal::{Refusal, Stop};

use crate::commands::{Context, page_index};
use crate::interaction::Command;
use crate::reply::Reply;
use crate::views::day::{self, Day, Name};
use crate::views::lists;
use crate::views::message::Message;
use crate::views::messages::Words;

/// Runs a subcommand.
pub async fn run<W: World>(ctx: &Context<'_, W>, command: &Command) -> Result<Reply, Stop> {
    let message = match command.subcommand.as_str() {
        "today" => day(ctx, Name::Today, 0).await,
        "yesterday" => day(ctx, Name::Yesterday, -1).await,
        "mine" => mine(ctx, 0).await,
        _ => Err(Refusal::Unknown.into()),
    };
    message.map(Reply::private)
}

/// The events of the day that lies `days` after today, where the guild is.
async fn day<W: World>(ctx: &Context<'_, W>, name: Name, days: i32) -> Result<Message, Stop> {
    let settings = ctx.app.settings(ctx.actor.guild).await?;
    let zone = ctx.app.zone_of_guild(&settings);
    let events = ctx.app.day(ctx.actor, days).await?;
    let silent = ctx.app.silent(&events).await?;
    let now = ctx.app.now();
    let today = now.to_zoned_datetime(zone.clone()).date();
    let date = today.saturating_add(Span::new().days(days));
    let words = Words::of(settings.language);
    let day = Day { words, name, date, zone: &zone, silent: &silent };
    Ok(day::day(&day, &events, now))
}

/// A page of the member's own answers, counted from 0.
pub async fn mine<W: World>(ctx: &Context<'_, W>, page: u32) -> Result<Message, Stop> {
    let rows = ctx.app.mine(ctx.actor, page_index(page)).await?;
    Ok(lists::mine(ctx.words().await?, &rows, page, ctx.app.now()))
}
