//! `/doctor`: tests what the bot needs in a server, and has failed messages tried again.

use muster_domain::id::DeliveryId;
use muster_engine::World;
use muster_engine::refusal::Stop;

use crate::commands::{Context, page_index};
use crate::reply::Reply;
use crate::views::doctor;

/// Tests everything, for the command and for the button of a report.
pub async fn open<W: World>(ctx: &Context<'_, W>) -> Result<Reply, Stop> {
    let checkup = ctx.app.checkup(ctx.actor, 0).await?;
    let panel = doctor::panel(ctx.words().await?, &checkup, None);
    // In its own panel, the button tests again.
    Ok(if ctx.interaction.from_private_message {
        Reply::Update(panel)
    } else {
        Reply::private(panel)
    })
}

/// A page of the messages that failed.
pub async fn page<W: World>(ctx: &Context<'_, W>, page: u32) -> Result<Reply, Stop> {
    let checkup = ctx.app.checkup(ctx.actor, page_index(page)).await?;
    Ok(Reply::Update(doctor::panel(ctx.words().await?, &checkup, None)))
}

/// Has all that was given up about posts done again.
pub async fn retry_chores<W: World>(ctx: &Context<'_, W>) -> Result<Reply, Stop> {
    let words = ctx.words().await?;
    let end = ctx.app.retry_chores(ctx.actor).await?;
    let checkup = ctx.app.checkup(ctx.actor, 0).await?;
    Ok(Reply::Update(doctor::panel(words, &checkup, Some(end))))
}

/// Has a message that failed tried again, and shows how all is then.
pub async fn retry<W: World>(
    ctx: &Context<'_, W>,
    delivery: DeliveryId,
    page: u32,
) -> Result<Reply, Stop> {
    let words = ctx.words().await?;
    let end = ctx.app.retry_failed(ctx.actor, delivery).await?;
    let checkup = ctx.app.checkup(ctx.actor, page_index(page)).await?;
    Ok(Reply::Update(doctor::panel(words, &checkup, Some(end))))
}
