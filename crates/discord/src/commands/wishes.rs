//! What a member wants of reminders: mentions, direct messages, quiet hours.

use muster_domain::reminder::ReminderChoice;
use muster_engine::World;
use muster_engine::refusal::Stop;

use crate::commands::Context;
use crate::interaction::Form;
use crate::reply::Reply;
use crate::views::wishes;

/// Opens the panel.
pub async fn open<W: World>(ctx: &Context<'_, W>) -> Result<Reply, Stop> {
    let mine = ctx.app.my_reminders(ctx.actor).await?;
    Ok(Reply::private(wishes::panel(ctx.words().await?, &mine)))
}

/// The member wants something else.
pub async fn choose<W: World>(ctx: &Context<'_, W>, choice: ReminderChoice) -> Result<Reply, Stop> {
    // Before it is chosen: nothing is to fail after that.
    let words = ctx.words().await?;
    let mine = ctx.app.choose_reminders(ctx.actor, choice).await?;
    Ok(Reply::Update(wishes::panel(words, &mine)))
}

/// Opens the form for quiet hours.
pub async fn open_quiet_hours<W: World>(ctx: &Context<'_, W>) -> Result<Reply, Stop> {
    let mine = ctx.app.my_reminders(ctx.actor).await?;
    Ok(Reply::Form(wishes::quiet_hours_form(ctx.words().await?, mine.kept.quiet)))
}

/// The form for quiet hours, handed in.
pub async fn quiet_hours_form<W: World>(ctx: &Context<'_, W>, form: &Form) -> Result<Reply, Stop> {
    let said = form.fields.text(wishes::QUIET);
    let words = ctx.words().await?;
    let mine = ctx.app.choose_quiet_hours(ctx.actor, said).await?;
    Ok(Reply::Update(wishes::panel(words, &mine)))
}
