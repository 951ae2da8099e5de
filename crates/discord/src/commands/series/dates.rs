//! One occurrence of a series: left out, edited alone, posted at once.

use jiff::civil::DateTime;
use muster_domain::id::SeriesId;
use muster_domain::series::{SeriesRefusal, SeriesStep};
use muster_engine::World;
use muster_engine::reading;
use muster_engine::refusal::{PlanRefusal, Refusal, Stop};
use muster_store::model::{PostWhen, SeenEvent};

use super::{chosen, step, words_of};
use crate::commands::{Context, event, event_forms};
use crate::custom_id::{Action, FormAction};
use crate::interaction::{Component, Form};
use crate::reply::Reply;
use crate::views::messages::Words;
use crate::views::{forms, series};

/// The version of an event that nobody has changed since it was made.
const AS_MADE: u64 = 1;

/// Opens the occurrence that is chosen from the list.
pub async fn date<W: World>(ctx: &Context<'_, W>, component: &Component) -> Result<Reply, Stop> {
    let Some(Action::SeriesSkip(id, wall)) = chosen(component) else {
        return Err(Refusal::Unknown.into());
    };
    let view = ctx.app.series(ctx.actor, id).await?;
    let found = &view.series;
    let coming = found.upcoming(series::DATES_SHOWN);
    let occurrence = coming.into_iter().find(|next| next.wall == wall);
    let occurrence = occurrence.ok_or_else(no_such_occurrence)?;
    Ok(Reply::Update(series::one(words_of(&view), found, occurrence)))
}

/// Has the occurrence take place that is chosen from the list of those left out.
pub async fn take_back_skip<W: World>(
    ctx: &Context<'_, W>,
    component: &Component,
) -> Result<Reply, Stop> {
    match chosen(component) {
        Some(Action::SeriesUnskip(id, wall)) => unskip(ctx, id, wall).await,
        _ => Err(Refusal::Unknown.into()),
    }
}

/// Leaves an occurrence out.
pub async fn skip<W: World>(
    ctx: &Context<'_, W>,
    id: SeriesId,
    wall: DateTime,
) -> Result<Reply, Stop> {
    let view = step(ctx, id, SeriesStep::Skip(wall)).await?;
    Ok(Reply::Update(series::skipped(words_of(&view), &view, wall)))
}

/// Has an occurrence take place that was left out.
pub async fn unskip<W: World>(
    ctx: &Context<'_, W>,
    id: SeriesId,
    wall: DateTime,
) -> Result<Reply, Stop> {
    let view = step(ctx, id, SeriesStep::Unskip(wall)).await?;
    Ok(Reply::Update(series::unskipped(words_of(&view), &view, wall)))
}

/// Opens the form for one occurrence alone. Its event is made when that is handed in: who thinks
/// better of it has changed nothing.
pub async fn edit_one<W: World>(
    ctx: &Context<'_, W>,
    id: SeriesId,
    wall: DateTime,
) -> Result<Reply, Stop> {
    let view = ctx.app.series(ctx.actor, id).await?;
    if let Some(event) = view.made_at(wall) {
        return event::open_edit(ctx, event).await;
    }
    let plan = &view.series.plan;
    let occurrence = plan.at(wall).filter(|_| view.series.ended_at.is_none());
    let details = plan.details(occurrence.ok_or_else(no_such_occurrence)?);
    let details = details.map_err(PlanRefusal::Plan)?;
    let form = reading::form_of_details(&details, &plan.zone);
    let action = FormAction::SeriesOne(id, wall);
    Ok(Reply::Form(forms::event_form(ctx.words().await?, action, forms::For::Edit, &form)))
}

/// The form for one occurrence alone, handed in.
pub async fn one_form<W: World>(
    ctx: &Context<'_, W>,
    (id, wall): (SeriesId, DateTime),
    handed_in: &Form,
) -> Result<Reply, Stop> {
    let posted = ctx.app.make_ahead(ctx.actor, id, wall, (PostWhen::Due, None)).await?;
    // Whoever handed it in has seen nothing that was changed since it was made.
    let seen = SeenEvent { event: posted.sheet.event.id, version: AS_MADE };
    event_forms::edit_form(ctx, seen, handed_in).await
}

fn no_such_occurrence() -> PlanRefusal {
    PlanRefusal::Step(SeriesRefusal::NoSuchOccurrence)
}

/// Posts an occurrence at once.
pub async fn post_now<W: World>(
    ctx: &Context<'_, W>,
    id: SeriesId,
    wall: DateTime,
) -> Result<Reply, Stop> {
    let posted = ctx.app.make_ahead(ctx.actor, id, wall, (PostWhen::Now, None)).await?;
    let words = Words::of_event(&posted.sheet.event);
    Ok(Reply::Update(series::posting_now(words, &posted)))
}
