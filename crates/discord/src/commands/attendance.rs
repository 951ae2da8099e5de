//! "Attendance" in the context menu of a member: what they answer.

use muster_domain::id::UserId;
use muster_engine::World;
use muster_engine::refusal::{Refusal, Stop};

use crate::commands::{Context, page_index};
use crate::interaction::{Command, Target};
use crate::reply::Reply;
use crate::views::attendance;
use crate::views::message::Message;

/// Shows what the member answered on whom the command was used.
pub async fn open<W: World>(ctx: &Context<'_, W>, command: &Command) -> Result<Reply, Stop> {
    match command.target {
        Some(Target::User(member)) => found(ctx, member, 0).await.map(Reply::private),
        Some(Target::Message(_)) | None => Err(Refusal::Unknown.into()),
    }
}

/// A page of it, counted from 0.
pub async fn page<W: World>(
    ctx: &Context<'_, W>,
    member: UserId,
    page: u32,
) -> Result<Reply, Stop> {
    found(ctx, member, page).await.map(Reply::Update)
}

async fn found<W: World>(ctx: &Context<'_, W>, member: UserId, page: u32) -> Result<Message, Stop> {
    let found = ctx.app.attendance(ctx.actor, member, page_index(page)).await?;
    Ok(attendance::attendance(ctx.words().await?, member, &found, page, ctx.app.now()))
}
