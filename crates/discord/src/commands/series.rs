//! A series, looked at and changed.

mod dates;
mod forms;

use muster_domain::id::{EventId, InteractionId, SeriesId};
use muster_domain::series::SeriesStep;
use muster_engine::World;
use muster_engine::create::can_post;
use muster_engine::refusal::{Refusal, Stop};
use muster_engine::series::SeriesView;

pub use self::dates::{date, edit_one, one_form, post_now, skip, take_back_skip, unskip};
pub use self::forms::{
    edit_again, edit_form, open_edit, open_posting, posting_again, posting_form,
};
pub(in crate::commands) use self::forms::{filled_in, given_back, shaped_as, submission};
use muster_store::model::{SeenEvent, SeenSeries};

use crate::commands::{Context, event_forms};
use crate::custom_id::Action;
use crate::interaction::Component;
use crate::reply::Reply;
use crate::views::messages::Words;
use crate::views::series;
use crate::views::undo::Made;

/// Opens a series.
pub async fn open<W: World>(ctx: &Context<'_, W>, id: SeriesId) -> Result<Reply, Stop> {
    let view = ctx.app.series(ctx.actor, id).await?;
    Ok(Reply::Update(series::panel(words_of(&view), &view, Made::Nothing)))
}

/// Opens the series that is chosen from a list.
pub async fn open_from<W: World>(
    ctx: &Context<'_, W>,
    component: &Component,
) -> Result<Reply, Stop> {
    match chosen(component) {
        Some(Action::Series(id)) => open(ctx, id).await,
        _ => Err(Refusal::Unknown.into()),
    }
}

fn chosen(component: &Component) -> Option<Action> {
    Action::decode(component.first())
}

/// Opens the series of an event.
pub async fn of_event<W: World>(ctx: &Context<'_, W>, event: EventId) -> Result<Reply, Stop> {
    let view = ctx.app.series_of(ctx.actor, event).await?;
    Ok(Reply::private(series::panel(words_of(&view), &view, Made::Nothing)))
}

/// What is spoken where the series is.
fn words_of(view: &SeriesView) -> Words {
    Words::of(view.settings.language)
}

async fn changed<W: World>(ctx: &Context<'_, W>, id: SeriesId) -> Result<Reply, Stop> {
    let view = ctx.app.series(ctx.actor, id).await?;
    Ok(Reply::Update(series::panel(words_of(&view), &view, Made::Change)))
}

async fn step<W: World>(
    ctx: &Context<'_, W>,
    id: SeriesId,
    step: SeriesStep,
) -> Result<SeriesView, Stop> {
    ctx.app.change_series(ctx.actor, SeenSeries::whatever(id), step, ctx.interaction.id).await?;
    ctx.app.series(ctx.actor, id).await
}

/// Ends a series.
pub async fn end<W: World>(ctx: &Context<'_, W>, id: SeriesId) -> Result<Reply, Stop> {
    stepped(ctx, id, SeriesStep::End).await
}

/// Has an ended series go on.
pub async fn resume<W: World>(ctx: &Context<'_, W>, id: SeriesId) -> Result<Reply, Stop> {
    stepped(ctx, id, SeriesStep::Resume).await
}

async fn stepped<W: World>(
    ctx: &Context<'_, W>,
    id: SeriesId,
    what: SeriesStep,
) -> Result<Reply, Stop> {
    let view = step(ctx, id, what).await?;
    Ok(Reply::Update(series::panel(words_of(&view), &view, Made::Change)))
}

/// Opens the choice of where a series is posted, and whom that mentions.
pub async fn place<W: World>(ctx: &Context<'_, W>, id: SeriesId) -> Result<Reply, Stop> {
    let view = ctx.app.series(ctx.actor, id).await?;
    Ok(Reply::Update(series::place(words_of(&view), &view.series)))
}

/// Has a series be posted in the channel that was chosen.
pub async fn choose_channel<W: World>(
    ctx: &Context<'_, W>,
    id: SeriesId,
    component: &Component,
) -> Result<Reply, Stop> {
    let Some(channel) = component.channel() else { return place(ctx, id).await };
    can_post(channel, &ctx.interaction.channels)?;
    stepped(ctx, id, SeriesStep::Channel(channel)).await
}

/// Has a series mention the role that was chosen.
pub async fn choose_mention<W: World>(
    ctx: &Context<'_, W>,
    id: SeriesId,
    component: &Component,
) -> Result<Reply, Stop> {
    let Some(role) = component.role() else {
        return mention_nobody(ctx, id).await;
    };
    let mentionable = ctx.interaction.mentionable_roles.contains(&role);
    ctx.app.check_mention(ctx.actor, role, mentionable).await?;
    stepped(ctx, id, SeriesStep::Mention(Some(role))).await
}

/// Has a series mention nobody.
pub async fn mention_nobody<W: World>(ctx: &Context<'_, W>, id: SeriesId) -> Result<Reply, Stop> {
    stepped(ctx, id, SeriesStep::Mention(None)).await
}

/// Takes back a change of a series.
pub async fn undo<W: World>(
    ctx: &Context<'_, W>,
    id: SeriesId,
    version: u64,
) -> Result<Reply, Stop> {
    ctx.app.undo_series(ctx.actor, id, version, ctx.interaction.id).await?;
    open(ctx, id).await
}

/// Has all that follows in a series be as this event was changed since `before`, up to the version
/// `after`.
pub async fn go_on_like<W: World>(
    ctx: &Context<'_, W>,
    before: SeenEvent,
    after: u64,
) -> Result<Reply, Stop> {
    let done = ctx.app.go_on_like(ctx.actor, before, after, ctx.interaction.id).await?;
    changed(ctx, done.now.id).await
}

/// Has all that follows in a series be reminded of like this event.
pub async fn remind_like<W: World>(ctx: &Context<'_, W>, event: EventId) -> Result<Reply, Stop> {
    let done = ctx.app.remind_like(ctx.actor, event, ctx.interaction.id).await?;
    changed(ctx, done.now.id).await
}

/// Has all that follows in a series have the rules of this event.
pub async fn rules_like<W: World>(ctx: &Context<'_, W>, event: EventId) -> Result<Reply, Stop> {
    let done = ctx.app.rules_like(ctx.actor, event, ctx.interaction.id).await?;
    changed(ctx, done.now.id).await
}

/// Chooses one reading of words for how an event repeats, and goes on with its form.
pub async fn pick_repeat<W: World>(
    ctx: &Context<'_, W>,
    draft: InteractionId,
    reading: u8,
) -> Result<Reply, Stop> {
    let mut form = ctx.app.draft(ctx.actor, draft).await?.form;
    let words = (form.repeat.as_str(), form.when.as_str());
    let read = ctx.app.repeats(ctx.actor, words, &ctx.interaction.guild_locale).await?;
    let rule = read.rules.get(usize::from(reading)).ok_or(Refusal::DraftGone)?;
    form.repeat = rule.to_text();
    event_forms::submit_new(ctx, draft, form, None).await.map(Reply::Update)
}
