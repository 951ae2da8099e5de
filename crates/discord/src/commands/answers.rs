//! The answers that an event offers, edited: one list, and a panel for each of them.

use muster_domain::answer_option::OptionId;
use muster_domain::change::ChangeRefusal;
use muster_domain::id::EventId;
use muster_domain::option_edit::OptionEdit;
use muster_engine::World;
use muster_engine::parts::On;
use muster_engine::reading::parts::{read_face, read_options};
use muster_engine::refusal::{Refusal, Stop};
use muster_store::model::SeenEvent;

use crate::commands::Context;
use crate::custom_id::FormAction;
use crate::interaction::{Component, Form};
use crate::reply::Reply;
use crate::views::answers::{self, field};
use crate::views::undo::Made;

/// Opens the list.
pub async fn open<W: World>(ctx: &Context<'_, W>, event: EventId) -> Result<Reply, Stop> {
    let posted = ctx.app.event_as_organiser(ctx.actor, event).await?;
    Ok(Reply::private(answers::list(&posted, Made::Nothing)))
}

/// Shows the list in the place of what was there.
pub async fn back<W: World>(ctx: &Context<'_, W>, event: EventId) -> Result<Reply, Stop> {
    all(ctx, event, Made::Nothing).await
}

/// Takes a change back and shows the list.
pub async fn undo<W: World>(ctx: &Context<'_, W>, changed: SeenEvent) -> Result<Reply, Stop> {
    ctx.app.undo(ctx.actor, changed, ctx.interaction.id).await?;
    back(ctx, changed.event).await
}

/// Opens the form for another answer.
pub async fn open_new<W: World>(ctx: &Context<'_, W>, event: EventId) -> Result<Reply, Stop> {
    ctx.app.event_as_organiser(ctx.actor, event).await?;
    Ok(Reply::Form(answers::new_form(FormAction::AnswerNew(event))))
}

/// The form for another answer, handed in.
pub async fn new_form<W: World>(
    ctx: &Context<'_, W>,
    event: EventId,
    form: &Form,
) -> Result<Reply, Stop> {
    edit_all(ctx, event, OptionEdit::Add(face(form)?)).await
}

/// An answer was chosen from the list.
pub async fn picked<W: World>(
    ctx: &Context<'_, W>,
    event: EventId,
    component: &Component,
) -> Result<Reply, Stop> {
    one(ctx, event, chosen(component)?, Made::Nothing).await
}

/// Opens the form for what stands on an answer.
pub async fn open_face<W: World>(
    ctx: &Context<'_, W>,
    event: EventId,
    option: OptionId,
) -> Result<Reply, Stop> {
    let posted = ctx.app.event_as_organiser(ctx.actor, event).await?;
    let event = &posted.sheet.event;
    let found = event.options.get(option).ok_or(Refusal::NoSuchOption)?;
    let action = FormAction::AnswerFace(event.id, option, event.version);
    Ok(Reply::Form(answers::face_form(action, found)))
}

/// The form for what stands on an answer, handed in.
pub async fn face_form<W: World>(
    ctx: &Context<'_, W>,
    (event, option, version): (EventId, OptionId, u64),
    form: &Form,
) -> Result<Reply, Stop> {
    let seen = SeenEvent { event, version };
    let made = make(ctx, On::Seen(seen), OptionEdit::Rewrite(option, face(form)?)).await?;
    one(ctx, event, option, made).await
}

/// The colour of an answer was chosen.
pub async fn colour<W: World>(
    ctx: &Context<'_, W>,
    event: EventId,
    option: OptionId,
    component: &Component,
) -> Result<Reply, Stop> {
    let colour = answers::COLOURS.into_iter().find(|(name, _)| *name == component.first());
    let (_, colour) = colour.ok_or(Refusal::Unknown)?;
    edit_one(ctx, event, option, OptionEdit::Paint(option, colour)).await
}

/// Whether an answer counts as coming was chosen.
pub async fn coming<W: World>(
    ctx: &Context<'_, W>,
    event: EventId,
    option: OptionId,
    coming: bool,
) -> Result<Reply, Stop> {
    edit_one(ctx, event, option, OptionEdit::Coming(option, coming)).await
}

/// Whether who picked an answer is told of changes was chosen.
pub async fn told<W: World>(
    ctx: &Context<'_, W>,
    event: EventId,
    option: OptionId,
    told: bool,
) -> Result<Reply, Stop> {
    edit_one(ctx, event, option, OptionEdit::Told(option, told)).await
}

/// The roles that may pick an answer were chosen.
pub async fn allowed<W: World>(
    ctx: &Context<'_, W>,
    event: EventId,
    option: OptionId,
    component: &Component,
) -> Result<Reply, Stop> {
    edit_one(ctx, event, option, OptionEdit::Allow(option, component.roles())).await
}

/// The role that comes with an answer was chosen, or none.
pub async fn grant<W: World>(
    ctx: &Context<'_, W>,
    event: EventId,
    option: OptionId,
    component: &Component,
) -> Result<Reply, Stop> {
    edit_one(ctx, event, option, OptionEdit::Grant(option, component.role())).await
}

/// Moves an answer to a place, counted from 0.
pub async fn move_to<W: World>(
    ctx: &Context<'_, W>,
    event: EventId,
    option: OptionId,
    place: u8,
) -> Result<Reply, Stop> {
    edit_one(ctx, event, option, OptionEdit::Move(option, place.into())).await
}

/// Offers an answer no longer.
pub async fn remove<W: World>(
    ctx: &Context<'_, W>,
    event: EventId,
    option: OptionId,
) -> Result<Reply, Stop> {
    edit_all(ctx, event, OptionEdit::Remove(option)).await
}

/// A removed answer was chosen to be offered again.
pub async fn offer_again<W: World>(
    ctx: &Context<'_, W>,
    event: EventId,
    component: &Component,
) -> Result<Reply, Stop> {
    edit_all(ctx, event, OptionEdit::OfferAgain(chosen(component)?)).await
}

/// Opens the form for all answers in words.
pub async fn open_words<W: World>(ctx: &Context<'_, W>, event: EventId) -> Result<Reply, Stop> {
    let posted = ctx.app.event_as_organiser(ctx.actor, event).await?;
    let form = answers::words_form(&posted.sheet.event).ok_or(Refusal::Unknown)?;
    Ok(Reply::Form(form))
}

/// The form for all answers in words, handed in.
pub async fn words_form<W: World>(
    ctx: &Context<'_, W>,
    seen: SeenEvent,
    form: &Form,
) -> Result<Reply, Stop> {
    let anew = read_options(form.fields.text(field::WORDS))?;
    let made = make(ctx, On::Seen(seen), OptionEdit::Words(anew)).await?;
    all(ctx, seen.event, made).await
}

/// Makes a step and shows the list.
async fn edit_all<W: World>(
    ctx: &Context<'_, W>,
    event: EventId,
    edit: OptionEdit,
) -> Result<Reply, Stop> {
    let made = make(ctx, On::Present(event), edit).await?;
    all(ctx, event, made).await
}

/// Makes a step and shows the answer that it was about.
async fn edit_one<W: World>(
    ctx: &Context<'_, W>,
    event: EventId,
    option: OptionId,
    edit: OptionEdit,
) -> Result<Reply, Stop> {
    let made = make(ctx, On::Present(event), edit).await?;
    one(ctx, event, option, made).await
}

/// A step that changes nothing is no reason to show anything else than the panel.
async fn make<W: World>(ctx: &Context<'_, W>, on: On, edit: OptionEdit) -> Result<Made, Stop> {
    match ctx.app.edit_options(ctx.actor, on, edit, ctx.interaction.id).await {
        Ok(done) => Ok(Made::of(&done.moved)),
        Err(Stop::Refused(Refusal::Change(ChangeRefusal::Nothing))) => Ok(Made::Nothing),
        Err(stop) => Err(stop),
    }
}

async fn all<W: World>(ctx: &Context<'_, W>, event: EventId, made: Made) -> Result<Reply, Stop> {
    let posted = ctx.app.event_as_organiser(ctx.actor, event).await?;
    Ok(Reply::Update(answers::list(&posted, made)))
}

async fn one<W: World>(
    ctx: &Context<'_, W>,
    event: EventId,
    option: OptionId,
    made: Made,
) -> Result<Reply, Stop> {
    let posted = ctx.app.event_as_organiser(ctx.actor, event).await?;
    let panel = answers::one(&posted.sheet, option, made).ok_or(Refusal::NoSuchOption)?;
    Ok(Reply::Update(panel))
}

fn chosen(component: &Component) -> Result<OptionId, Refusal> {
    component.parsed().map(OptionId::new).ok_or(Refusal::Unknown)
}

fn face(form: &Form) -> Result<muster_domain::option_edit::Face, Refusal> {
    let text = |name| form.fields.text(name);
    read_face(text(field::LABEL), text(field::EMOJI), text(field::PLACES), text(field::GROUP))
}
