//! The forms of a series: for what it is, and for when it is posted.

use muster_domain::id::{InteractionId, SeriesId};
use muster_engine::World;
use muster_engine::create::Submission;
use muster_engine::refusal::Stop;
use muster_engine::schedule::SeriesForm;
use muster_engine::series::SeriesView;
use muster_store::model::{EventForm, SeenSeries};

use super::{changed, words_of};
use crate::commands::Context;
use crate::custom_id::{Action, FormAction};
use crate::interaction::{Fields, Form};
use crate::reply::Reply;
use crate::views::message::{Message, Modal};
use crate::views::series::{self, field};
use crate::views::{questions, refusal};

/// Opens the form for a series.
pub async fn open_edit<W: World>(ctx: &Context<'_, W>, id: SeriesId) -> Result<Reply, Stop> {
    let view = ctx.app.series(ctx.actor, id).await?;
    Ok(Reply::Form(filled_form(&view, &series::form_of(&view.series))))
}

/// The form for a series, handed in.
pub async fn edit_form<W: World>(
    ctx: &Context<'_, W>,
    seen: SeenSeries,
    handed_in: &Form,
) -> Result<Reply, Stop> {
    let id = seen.series;
    let found = ctx.app.series(ctx.actor, id).await?.series;
    let form = filled_in(&series::form_of(&found), &handed_in.fields);
    let submission = submission(ctx, EventForm::default());
    match ctx.app.edit_series(&submission, seen, &form).await {
        Ok(done) => changed(ctx, done.now.id).await,
        Err(stop) => {
            let again = Action::SeriesEditAgain(ctx.interaction.id, id);
            let back = Some(Action::Series(id));
            given_back(ctx, stop, &form, (again, back)).await.map(Reply::Update)
        }
    }
}

/// Opens a form for a series again, as it was filled in, on top of what the series is now.
pub async fn edit_again<W: World>(
    ctx: &Context<'_, W>,
    draft: InteractionId,
    id: SeriesId,
) -> Result<Reply, Stop> {
    let view = ctx.app.series(ctx.actor, id).await?;
    let kept = ctx.app.kept_series_form(ctx.actor, draft).await?;
    let form = shaped_as(&series::form_of(&view.series), kept);
    Ok(Reply::Form(filled_form(&view, &form)))
}

fn filled_form(view: &SeriesView, form: &SeriesForm) -> Modal {
    let (words, found) = (words_of(view), &view.series);
    let action = FormAction::SeriesEdit(found.id, found.version);
    series::form(words, action, &series::edit_title(words, found), form)
}

/// The same form without the fields that this one does not have.
pub(in crate::commands) fn shaped_as(present: &SeriesForm, kept: SeriesForm) -> SeriesForm {
    SeriesForm {
        repeat: kept.repeat.filter(|_| present.repeat.is_some()),
        fields: kept.fields.filter(|_| present.fields.is_some()),
        ..kept
    }
}

/// Says why a form was not taken and keeps it, so that nobody has to write it again.
pub(in crate::commands) async fn given_back<W: World>(
    ctx: &Context<'_, W>,
    stop: Stop,
    form: &SeriesForm,
    (again, back): (Action, Option<Action>),
) -> Result<Message, Stop> {
    match stop {
        Stop::Refused(refused) => {
            ctx.app.keep_series_form(ctx.actor, ctx.interaction.id, form).await?;
            let words = ctx.words_or_usual().await;
            Ok(questions::change_it(words, again, back, &refusal::said(words, &refused)))
        }
        failed @ Stop::Failed(_) => Err(failed),
    }
}

/// What was written in the fields that this form has.
pub(in crate::commands) fn filled_in(present: &SeriesForm, fields: &Fields) -> SeriesForm {
    let text = |name| fields.text(name).to_owned();
    SeriesForm {
        title: text(field::TITLE),
        time: text(field::TIME),
        duration: text(field::DURATION),
        description: text(field::DESCRIPTION),
        repeat: present.repeat.as_ref().map(|_| text(field::REPEAT)),
        fields: present.fields.as_ref().map(|_| text(field::FIELDS)),
        channel: present.channel,
    }
}

pub(in crate::commands) fn submission<'a, W: World>(
    ctx: &Context<'a, W>,
    form: EventForm,
) -> Submission<'a> {
    Submission {
        actor: ctx.actor,
        interaction: ctx.interaction.id,
        form,
        chosen: None,
        channels: &ctx.interaction.channels,
        locale: &ctx.interaction.guild_locale,
    }
}

/// Opens the form for when a series is posted.
pub async fn open_posting<W: World>(ctx: &Context<'_, W>, id: SeriesId) -> Result<Reply, Stop> {
    let view = ctx.app.series(ctx.actor, id).await?;
    let typed = view.series.plan.posting.in_words();
    Ok(Reply::Form(series::posting_form(words_of(&view), &view.series, &typed)))
}

/// The form for when a series is posted, handed in.
pub async fn posting_form<W: World>(
    ctx: &Context<'_, W>,
    seen: SeenSeries,
    handed_in: &Form,
) -> Result<Reply, Stop> {
    let words = handed_in.fields.text(field::POSTING);
    match ctx.app.set_posting(ctx.actor, seen, words, ctx.interaction.id).await {
        Ok(done) => changed(ctx, done.now.id).await,
        Err(stop) => {
            let form = SeriesForm { time: words.to_owned(), ..SeriesForm::default() };
            let again = Action::SeriesPostingAgain(ctx.interaction.id, seen.series);
            let back = Some(Action::Series(seen.series));
            given_back(ctx, stop, &form, (again, back)).await.map(Reply::Update)
        }
    }
}

/// Opens the form for when a series is posted again, as it was filled in.
pub async fn posting_again<W: World>(
    ctx: &Context<'_, W>,
    draft: InteractionId,
    id: SeriesId,
) -> Result<Reply, Stop> {
    let view = ctx.app.series(ctx.actor, id).await?;
    let kept = ctx.app.kept_series_form(ctx.actor, draft).await?;
    Ok(Reply::Form(series::posting_form(words_of(&view), &view.series, &kept.time)))
}
