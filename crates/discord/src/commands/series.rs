//! A series, looked at and changed.

use jiff::civil::DateTime;
use muster_domain::id::{ChannelId, EventId, InteractionId, RoleId, SeriesId};
use muster_domain::recurrence::{Occurrence, Recurrence};
use muster_domain::series::{Series, SeriesRefusal, SeriesStep};
use muster_domain::when::describe;
use muster_domain::zone::Zone;
use muster_engine::World;
use muster_engine::create::{Submission, can_post};
use muster_engine::reading;
use muster_engine::refusal::{PlanRefusal, Refusal, Stop};
use muster_engine::schedule::SeriesForm;
use muster_engine::series::SeriesView;
use muster_store::model::{EventForm, PostWhen, SeenEvent};

use crate::commands::{Context, event, event_forms};
use crate::custom_id::Action;
use crate::interaction::{Component, Fields, Form, Options};
use crate::reply::Reply;
use crate::views::forms;
use crate::views::message::{Choice, Message};
use crate::views::series::{self, field};
use crate::views::text::shortened;
use crate::views::undo::Made;
use crate::views::{questions, refusal};

/// Characters of a suggestion: of what is shown, and of what comes back. (Discord's limit)
const CHOICE_MAX: usize = 100;

/// The version of an event that nobody has changed since it was made.
const AS_MADE: u64 = 1;

/// Opens a series.
pub async fn open<W: World>(ctx: &Context<'_, W>, id: SeriesId) -> Result<Reply, Stop> {
    let view = ctx.app.series(ctx.actor, id).await?;
    Ok(Reply::Update(series::panel(&view, Made::Nothing)))
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
    component.values.first().and_then(|value| Action::decode(value))
}

/// Opens the series of an event.
pub async fn of_event<W: World>(ctx: &Context<'_, W>, event: EventId) -> Result<Reply, Stop> {
    let view = ctx.app.series_of(ctx.actor, event).await?;
    Ok(Reply::private(series::panel(&view, Made::Nothing)))
}

/// Opens the form for a series.
pub async fn open_edit<W: World>(ctx: &Context<'_, W>, id: SeriesId) -> Result<Reply, Stop> {
    let found = ctx.app.series(ctx.actor, id).await?.series;
    let action = Action::SeriesEditForm(id, found.version);
    Ok(Reply::Form(series::form(action, &title_of(&found), &series::form_of(&found))))
}

/// The form for a series, handed in.
pub async fn edit_form<W: World>(
    ctx: &Context<'_, W>,
    (id, version): (SeriesId, u64),
    handed_in: &Form,
) -> Result<Reply, Stop> {
    let found = ctx.app.series(ctx.actor, id).await?.series;
    let form = filled_in(&series::form_of(&found), &handed_in.fields);
    let submission = submission(ctx, EventForm::default());
    match ctx.app.edit_series(&submission, (id, version), &form).await {
        Ok(done) => changed(ctx, done.now.id).await,
        Err(stop) => {
            let again = Action::SeriesEditAgain(ctx.interaction.id, id);
            let back = Some(Action::Series(id));
            given_back(ctx, stop, (&form, None), (again, back)).await.map(Reply::Update)
        }
    }
}

/// Opens a form for a series again, as it was filled in, on top of what the series is now.
pub async fn edit_again<W: World>(
    ctx: &Context<'_, W>,
    draft: InteractionId,
    id: SeriesId,
) -> Result<Reply, Stop> {
    let found = ctx.app.series(ctx.actor, id).await?.series;
    let (kept, _) = ctx.app.kept_series_form(ctx.actor, draft).await?;
    let form = shaped_as(&series::form_of(&found), kept);
    let action = Action::SeriesEditForm(id, found.version);
    Ok(Reply::Form(series::form(action, &title_of(&found), &form)))
}

fn title_of(found: &Series) -> String {
    found.day.map_or_else(|| "Edit the series".to_owned(), series::day_title)
}

/// The same form without the fields that this one does not have.
pub(super) fn shaped_as(present: &SeriesForm, kept: SeriesForm) -> SeriesForm {
    SeriesForm {
        repeat: kept.repeat.filter(|_| present.repeat.is_some()),
        fields: kept.fields.filter(|_| present.fields.is_some()),
        ..kept
    }
}

/// Says why a form was not taken and keeps it, so that nobody has to write it again.
pub(super) async fn given_back<W: World>(
    ctx: &Context<'_, W>,
    stop: Stop,
    form: (&SeriesForm, Option<ChannelId>),
    (again, back): (Action, Option<Action>),
) -> Result<Message, Stop> {
    match stop {
        Stop::Refused(refused) => {
            ctx.app.keep_series_form(ctx.actor, ctx.interaction.id, form).await?;
            Ok(questions::change_it(again, back, &refusal::words(&refused)))
        }
        failed @ Stop::Failed(_) => Err(failed),
    }
}

/// What was written in the fields that this form has.
pub(super) fn filled_in(present: &SeriesForm, fields: &Fields) -> SeriesForm {
    let text = |name| fields.text(name).to_owned();
    SeriesForm {
        title: text(field::TITLE),
        time: text(field::TIME),
        duration: text(field::DURATION),
        description: text(field::DESCRIPTION),
        repeat: present.repeat.as_ref().map(|_| text(field::REPEAT)),
        fields: present.fields.as_ref().map(|_| text(field::FIELDS)),
    }
}

pub(super) fn submission<'a, W: World>(ctx: &Context<'a, W>, form: EventForm) -> Submission<'a> {
    Submission {
        actor: ctx.actor,
        interaction: ctx.interaction.id,
        form,
        chosen: None,
        channels: &ctx.interaction.channels,
        locale: &ctx.interaction.guild_locale,
    }
}

async fn changed<W: World>(ctx: &Context<'_, W>, id: SeriesId) -> Result<Reply, Stop> {
    let view = ctx.app.series(ctx.actor, id).await?;
    Ok(Reply::Update(series::panel(&view, Made::Change)))
}

/// Opens the form for when a series is posted.
pub async fn open_posting<W: World>(ctx: &Context<'_, W>, id: SeriesId) -> Result<Reply, Stop> {
    let found = ctx.app.series(ctx.actor, id).await?.series;
    Ok(Reply::Form(series::posting_form(&found, &found.plan.posting.in_words())))
}

/// The form for when a series is posted, handed in.
pub async fn posting_form<W: World>(
    ctx: &Context<'_, W>,
    seen: (SeriesId, u64),
    handed_in: &Form,
) -> Result<Reply, Stop> {
    let words = handed_in.fields.text(field::POSTING);
    match ctx.app.set_posting(ctx.actor, seen, words, ctx.interaction.id).await {
        Ok(done) => changed(ctx, done.now.id).await,
        Err(stop) => {
            let form = SeriesForm { time: words.to_owned(), ..SeriesForm::default() };
            let again = Action::SeriesPostingAgain(ctx.interaction.id, seen.0);
            let back = Some(Action::Series(seen.0));
            given_back(ctx, stop, (&form, None), (again, back)).await.map(Reply::Update)
        }
    }
}

/// Opens the form for when a series is posted again, as it was filled in.
pub async fn posting_again<W: World>(
    ctx: &Context<'_, W>,
    draft: InteractionId,
    id: SeriesId,
) -> Result<Reply, Stop> {
    let found = ctx.app.series(ctx.actor, id).await?.series;
    let (kept, _) = ctx.app.kept_series_form(ctx.actor, draft).await?;
    Ok(Reply::Form(series::posting_form(&found, &kept.time)))
}

/// Opens the occurrence that is chosen from the list.
pub async fn date<W: World>(ctx: &Context<'_, W>, component: &Component) -> Result<Reply, Stop> {
    let Some(Action::SeriesSkip(id, wall)) = chosen(component) else {
        return Err(Refusal::Unknown.into());
    };
    let found = ctx.app.series(ctx.actor, id).await?.series;
    let coming = found.upcoming(series::DATES_SHOWN);
    let occurrence = coming.into_iter().find(|next| next.wall == wall);
    Ok(Reply::Update(series::one(&found, occurrence.ok_or_else(no_such_occurrence)?)))
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

async fn step<W: World>(
    ctx: &Context<'_, W>,
    id: SeriesId,
    step: SeriesStep,
) -> Result<SeriesView, Stop> {
    ctx.app.change_series(ctx.actor, (id, None), step, ctx.interaction.id).await?;
    ctx.app.series(ctx.actor, id).await
}

/// Leaves an occurrence out.
pub async fn skip<W: World>(
    ctx: &Context<'_, W>,
    id: SeriesId,
    wall: DateTime,
) -> Result<Reply, Stop> {
    let view = step(ctx, id, SeriesStep::Skip(wall)).await?;
    Ok(Reply::Update(series::skipped(&view, wall)))
}

/// Has an occurrence take place that was left out.
pub async fn unskip<W: World>(
    ctx: &Context<'_, W>,
    id: SeriesId,
    wall: DateTime,
) -> Result<Reply, Stop> {
    let view = step(ctx, id, SeriesStep::Unskip(wall)).await?;
    Ok(Reply::Update(series::unskipped(&view, wall)))
}

/// Ends a series, or has it go on.
pub async fn end_or_resume<W: World>(
    ctx: &Context<'_, W>,
    id: SeriesId,
    what: SeriesStep,
) -> Result<Reply, Stop> {
    let view = step(ctx, id, what).await?;
    Ok(Reply::Update(series::panel(&view, Made::Change)))
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
    let action = Action::SeriesOneForm(id, wall);
    Ok(Reply::Form(forms::event_form(action, "Edit the event", &form)))
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
    Ok(Reply::Update(series::posting_now(&posted)))
}

/// Opens the choice of where a series is posted, and whom that mentions.
pub async fn place<W: World>(ctx: &Context<'_, W>, id: SeriesId) -> Result<Reply, Stop> {
    let found = ctx.app.series(ctx.actor, id).await?.series;
    Ok(Reply::Update(series::place(&found)))
}

/// Has a series be posted in the channel that was chosen.
pub async fn choose_channel<W: World>(
    ctx: &Context<'_, W>,
    id: SeriesId,
    component: &Component,
) -> Result<Reply, Stop> {
    let Some(channel) = component.channel() else { return place(ctx, id).await };
    can_post(channel, &ctx.interaction.channels)?;
    let view = step(ctx, id, SeriesStep::Channel(channel)).await?;
    Ok(Reply::Update(series::panel(&view, Made::Change)))
}

/// Has a series mention this role, or nobody.
pub async fn choose_mention<W: World>(
    ctx: &Context<'_, W>,
    id: SeriesId,
    role: Option<RoleId>,
) -> Result<Reply, Stop> {
    if let Some(role) = role {
        let mentionable = ctx.interaction.mentionable_roles.contains(&role);
        ctx.app.check_mention(ctx.actor, role, mentionable).await?;
    }
    let view = step(ctx, id, SeriesStep::Mention(role)).await?;
    Ok(Reply::Update(series::panel(&view, Made::Change)))
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

/// Has all that follows in a series be like this event.
pub async fn go_on_like<W: World>(ctx: &Context<'_, W>, event: EventId) -> Result<Reply, Stop> {
    let done = ctx.app.go_on_like(ctx.actor, event, ctx.interaction.id).await?;
    changed(ctx, done.now.id).await
}

/// Has all that follows in a series be reminded of like this event.
pub async fn remind_like<W: World>(ctx: &Context<'_, W>, event: EventId) -> Result<Reply, Stop> {
    let done = ctx.app.remind_like(ctx.actor, event, ctx.interaction.id).await?;
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

/// How words for a series that are being typed will be understood, with its first dates if it is
/// clear when it begins.
pub async fn suggest_repeat<W: World>(
    ctx: &Context<'_, W>,
    options: &Options,
) -> Result<Vec<Choice>, Stop> {
    let (typed, when) = (options.text("repeat"), options.text("when"));
    let locale = &ctx.interaction.guild_locale;
    let read = ctx.app.repeats(ctx.actor, (typed, when), locale).await?;
    let Some(zone) = read.zone else { return Ok(Vec::new()) };
    let suggested = read.rules.iter().zip(&read.dates);
    Ok(suggested.filter_map(|(rule, dates)| suggestion(rule, dates, (&zone, typed))).collect())
}

/// One suggestion; none where all words for it are longer than Discord takes, as they would come
/// back cut off.
fn suggestion(
    rule: &Recurrence,
    dates: &[Occurrence],
    (zone, typed): (&Zone, &str),
) -> Option<Choice> {
    let words = rule.in_words();
    let fits = |words: &str| words.chars().count() <= CHOICE_MAX;
    let value = [words.as_str(), typed].into_iter().find(|words| fits(words))?.to_owned();
    let day = |next: &Occurrence| {
        let day = describe(next.at, zone.rules());
        day.split(',').next().unwrap_or_default().to_owned()
    };
    let dates: Vec<_> = dates.iter().map(day).collect();
    // The dates first: long words are cut.
    let name = if dates.is_empty() { words } else { format!("{}: {words}", dates.join(", ")) };
    Some(Choice { name: shortened(&name, CHOICE_MAX), value })
}
