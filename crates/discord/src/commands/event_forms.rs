//! Forms for events: opened, handed in, asked back about, mended, handed in again.

use jiff::Timestamp;
use muster_domain::id::InteractionId;
use muster_domain::when::{self, Moment};
use muster_domain::zone::Zone;
use muster_engine::World;
use muster_engine::change::Edited;
use muster_engine::create::{Submission, Submitted};
use muster_engine::refusal::{Refusal, Stop};
use muster_store::model::{EventForm, SeenEvent};

use crate::commands::{Context, again};
use crate::custom_id::FormAction;
use crate::interaction::{Command, Component, Fields, Form};
use crate::reply::Reply;
use crate::views::forms::{self, For, field};
use crate::views::message::Message;
use crate::views::messages::Words;
use crate::views::undo::Made;
use crate::views::{answers, panel, questions, refusal, series, timezone};

/// `/event create`: at once if title and time were given, else through the form.
pub async fn create<W: World>(ctx: &Context<'_, W>, command: &Command) -> Result<Reply, Stop> {
    let options = &command.options;
    let form = EventForm {
        title: options.text("title").to_owned(),
        when: options.text("when").to_owned(),
        duration: options.text("duration").to_owned(),
        description: options.text("description").to_owned(),
        location: options.text("location").to_owned(),
        capacity: options.digits("capacity"),
        channel: options.channel("channel"),
        mention: options.role("mention"),
        options: options.text("options").to_owned(),
        template: options.text("template").to_owned(),
        close: options.text("close").to_owned(),
        image: options.text("image").to_owned(),
        like: None,
        repeat: options.text("repeat").to_owned(),
    };
    if let Some(role) = form.mention {
        let mentionable = ctx.interaction.mentionable_roles.contains(&role);
        ctx.app.check_mention(ctx.actor, role, mentionable).await?;
    }
    let form = ctx.app.filled_from_template(ctx.actor, form).await?;
    let missing = ["title", "when"].into_iter().any(|name| !options.has(name));
    if missing {
        return open(ctx, form).await;
    }
    submit_new(ctx, ctx.interaction.id, form, None).await.map(Reply::private)
}

/// Opens the form for a new event. What the form cannot carry is kept meanwhile.
pub async fn open<W: World>(ctx: &Context<'_, W>, form: EventForm) -> Result<Reply, Stop> {
    ctx.app.organiser_settings(ctx.actor).await?;
    let carried = EventForm {
        title: form.title.clone(),
        when: form.when.clone(),
        duration: form.duration.clone(),
        description: form.description.clone(),
        capacity: form.capacity.clone(),
        ..EventForm::default()
    };
    let draft = (form != carried).then_some(ctx.interaction.id);
    if draft.is_some() {
        ctx.app.keep_form(ctx.actor, ctx.interaction.id, form.clone()).await?;
    }
    let words = ctx.words().await?;
    Ok(Reply::Form(forms::event_form(words, FormAction::New(draft), For::New, &form)))
}

/// The form for a new event, handed in.
pub async fn new_form<W: World>(
    ctx: &Context<'_, W>,
    kept: Option<InteractionId>,
    handed_in: &Form,
) -> Result<Reply, Stop> {
    let kept = match kept {
        Some(id) => ctx.app.draft(ctx.actor, id).await?.form,
        None => EventForm::default(),
    };
    let form = filled_in(kept, &handed_in.fields);
    submit_new(ctx, ctx.interaction.id, form, None).await.map(Reply::Update)
}

/// The form to edit an event, handed in.
pub async fn edit_form<W: World>(
    ctx: &Context<'_, W>,
    seen: SeenEvent,
    handed_in: &Form,
) -> Result<Reply, Stop> {
    let (present, _) = ctx.app.form_of(ctx.actor, seen.event).await?;
    let form = filled_in(present, &handed_in.fields);
    submit_edit(ctx, seen, form, None).await.map(Reply::Update)
}

/// The form for the location of an event, handed in.
pub async fn location_form<W: World>(
    ctx: &Context<'_, W>,
    seen: SeenEvent,
    handed_in: &Form,
) -> Result<Reply, Stop> {
    let location = handed_in.fields.text(field::LOCATION).to_owned();
    let form = EventForm { location, ..EventForm::default() };
    let submission = submission(ctx, ctx.interaction.id, form, None);
    let edited = ctx.app.edit_location(seen, submission).await?;
    in_words(ctx, edited).await.map(Reply::Update)
}

/// Opens a form again that was not taken as it was.
pub async fn retry<W: World>(ctx: &Context<'_, W>, draft: InteractionId) -> Result<Reply, Stop> {
    let kept = ctx.app.draft(ctx.actor, draft).await?;
    if let Some(reply) = again::open(ctx, &kept.form.clone().into()).await? {
        return Ok(reply);
    }
    let (words, form) = (ctx.words().await?, &kept.form);
    Ok(Reply::Form(match kept.edits {
        Some(seen) => forms::event_form(words, FormAction::Edit(seen), For::Edit, form),
        None => forms::event_form(words, FormAction::New(Some(draft)), For::New, form),
    }))
}

/// One reading of ambiguous words was chosen.
pub async fn pick<W: World>(
    ctx: &Context<'_, W>,
    draft: InteractionId,
    start: i64,
    end: Option<i64>,
) -> Result<Reply, Stop> {
    let kept = ctx.app.draft(ctx.actor, draft).await?;
    let instant = |second| Timestamp::from_second(second).map_err(|_| Refusal::Unknown);
    let end = end.map(instant).transpose()?;
    let moment = Moment { start: instant(start)?, end, note: None };
    if moment.start <= ctx.app.now() {
        let past = Refusal::When(when::WhenError::Past { at: moment.start });
        return Ok(Reply::Update(try_again(ctx, draft, &past).await?));
    }
    let message = match kept.edits {
        Some(seen) => submit_edit(ctx, seen, kept.form, Some(moment)).await?,
        None => submit_new(ctx, draft, kept.form, Some(moment)).await?,
    };
    Ok(Reply::Update(message))
}

/// A zone was chosen; goes on with the form that waited for it.
pub async fn zone_picked<W: World>(
    ctx: &Context<'_, W>,
    draft: Option<InteractionId>,
    component: &Component,
) -> Result<Reply, Stop> {
    zone_named(ctx, draft, component.first()).await
}

/// The form for a zone, handed in; goes on with the form that waited for it.
pub async fn zone_form<W: World>(
    ctx: &Context<'_, W>,
    draft: Option<InteractionId>,
    handed_in: &Form,
) -> Result<Reply, Stop> {
    zone_named(ctx, draft, handed_in.fields.text(timezone::ZONE)).await
}

async fn zone_named<W: World>(
    ctx: &Context<'_, W>,
    draft: Option<InteractionId>,
    name: &str,
) -> Result<Reply, Stop> {
    let zone = Zone::parse(name).map_err(Refusal::Zone)?;
    // Before it is done: nothing is to fail after that.
    let words = ctx.words().await?;
    ctx.app.choose_zone(ctx.actor.user, Some(zone.clone())).await?;
    let Some(draft) = draft else {
        return Ok(Reply::Update(timezone::zone_chosen(words, &zone, ctx.app.now())));
    };
    let kept = ctx.app.draft(ctx.actor, draft).await?;
    submit_new(ctx, draft, kept.form, None).await.map(Reply::Update)
}

/// Hands in a form for a new event, under the interaction that it came with first.
pub async fn submit_new<W: World>(
    ctx: &Context<'_, W>,
    id: InteractionId,
    form: EventForm,
    chosen: Option<Moment>,
) -> Result<Message, Stop> {
    let submission = submission(ctx, id, form, chosen);
    Ok(match ctx.app.create_event(submission).await? {
        Submitted::Created { sheet, post, not_given } => {
            panel::created(Words::of_event(&sheet.event), &sheet, post, &not_given, ctx.app.now())
        }
        // Chosen again after it was posted.
        Submitted::Held { posted, .. } if posted.post.message.is_some() => {
            let words = Words::of_event(&posted.sheet.event);
            answers::list(&answers::Edited::of_event(words, &posted), Made::Nothing)
        }
        Submitted::Held { posted, post_at, not_given } => {
            let words = Words::of_event(&posted.sheet.event);
            answers::editor(words, &posted, post_at, &not_given)
        }
        Submitted::Series { view, not_given } => {
            series::created(Words::of(view.settings.language), &view, &not_given)
        }
        Submitted::SeriesHeld { view, not_given } => {
            let words = Words::of(view.settings.language);
            answers::series_editor(words, &view, &not_given, ctx.app.now())
        }
        Submitted::WhichRepeat { draft, rules, .. } => {
            series::which_repeat(ctx.words().await?, draft, &rules)
        }
        Submitted::WhichMoment { draft, moments, zone } => {
            questions::which_moment(ctx.words().await?, draft, &moments, &zone, ctx.app.now())
        }
        Submitted::WhichZone { draft } => {
            let words = ctx.words().await?;
            timezone::which_zone(words, Some(draft), &ctx.interaction.locale, ctx.app.now())
        }
        Submitted::TryAgain { draft, refusal } => try_again(ctx, draft, &refusal).await?,
    })
}

async fn submit_edit<W: World>(
    ctx: &Context<'_, W>,
    seen: SeenEvent,
    form: EventForm,
    chosen: Option<Moment>,
) -> Result<Message, Stop> {
    let submission = submission(ctx, ctx.interaction.id, form, chosen);
    in_words(ctx, ctx.app.edit_event(seen, submission).await?).await
}

async fn in_words<W: World>(ctx: &Context<'_, W>, edited: Edited) -> Result<Message, Stop> {
    Ok(match edited {
        Edited::Done(done) => {
            let (before, words) = (&done.before.event, Words::of_event(&done.now.sheet.event));
            panel::edited(words, before, &done.now, &done.moved, ctx.app.now())
        }
        Edited::WhichMoment { draft, moments, zone } => {
            questions::which_moment(ctx.words().await?, draft, &moments, &zone, ctx.app.now())
        }
        Edited::TryAgain { draft, refusal } => try_again(ctx, draft, &refusal).await?,
        Edited::Outdated { draft, outdated } => {
            questions::outdated(Words::of_event(&outdated.now.sheet.event), draft, &outdated)
        }
        Edited::OtherLocation(outdated) => {
            questions::other_location(Words::of_event(&outdated.now.sheet.event), &outdated)
        }
    })
}

/// Says why a form was not taken, and gives it back.
async fn try_again<W: World>(
    ctx: &Context<'_, W>,
    draft: InteractionId,
    refused: &Refusal,
) -> Result<Message, Stop> {
    let words = ctx.words().await?;
    Ok(questions::try_again(words, draft, &refusal::said(words, refused)))
}

fn submission<'a, W: World>(
    ctx: &Context<'a, W>,
    interaction: InteractionId,
    form: EventForm,
    chosen: Option<Moment>,
) -> Submission<'a> {
    Submission {
        actor: ctx.actor,
        interaction,
        form,
        chosen,
        channels: &ctx.interaction.channels,
        locale: &ctx.interaction.guild_locale,
    }
}

/// The form with what was written in its fields.
fn filled_in(form: EventForm, fields: &Fields) -> EventForm {
    let text = |name| fields.text(name).to_owned();
    EventForm {
        title: text(field::TITLE),
        when: text(field::WHEN),
        duration: text(field::DURATION),
        description: text(field::DESCRIPTION),
        capacity: text(field::CAPACITY),
        ..form
    }
}
