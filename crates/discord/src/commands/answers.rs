//! The answers that an event or a series offers, edited: one list, and a panel for each of them.

use jiff::Timestamp;
use muster_domain::answer_option::OptionId;
use muster_domain::change::ChangeRefusal;
use muster_domain::option_edit::OptionEdit;
use muster_engine::World;
use muster_engine::parts::On;
use muster_engine::reading::parts::{FaceWords, read_face, read_options};
use muster_engine::refusal::{PlanRefusal, Refusal, Stop};
use muster_engine::series::SeriesView;
use muster_store::model::{Posted, SeenEvent, SeenSeries};

use crate::commands::Context;
use crate::custom_id::{AnswersOf, FormAction};
use crate::interaction::{Component, Form};
use crate::reply::Reply;
use crate::views::answers::{self, Edited, field};
use crate::views::messages::Words;
use crate::views::undo::Made;

/// Opens the list.
pub async fn open<W: World>(ctx: &Context<'_, W>, of: AnswersOf) -> Result<Reply, Stop> {
    let found = find(ctx, of).await?;
    Ok(Reply::private(answers::list(&found.edited(ctx.app.now()), Made::Nothing)))
}

/// Shows the list in the place of what was there.
pub async fn back<W: World>(ctx: &Context<'_, W>, of: AnswersOf) -> Result<Reply, Stop> {
    all(ctx, of, Made::Nothing).await
}

/// Takes a change back and shows the list.
pub async fn undo<W: World>(
    ctx: &Context<'_, W>,
    of: AnswersOf,
    version: u64,
) -> Result<Reply, Stop> {
    let interaction = ctx.interaction.id;
    match of {
        AnswersOf::Event(event) => {
            ctx.app.undo(ctx.actor, SeenEvent { event, version }, interaction).await?;
        }
        AnswersOf::Series(series) => {
            ctx.app.undo_series(ctx.actor, series, version, interaction).await?;
        }
    }
    back(ctx, of).await
}

/// Opens the form for another answer.
pub async fn open_new<W: World>(ctx: &Context<'_, W>, of: AnswersOf) -> Result<Reply, Stop> {
    let words = find(ctx, of).await?.words();
    Ok(Reply::Form(answers::new_form(words, FormAction::AnswerNew(of))))
}

/// The form for another answer, handed in.
pub async fn new_form<W: World>(
    ctx: &Context<'_, W>,
    of: AnswersOf,
    form: &Form,
) -> Result<Reply, Stop> {
    edit_all(ctx, of, OptionEdit::Add(face(form)?)).await
}

/// An answer was chosen from the list.
pub async fn picked<W: World>(
    ctx: &Context<'_, W>,
    of: AnswersOf,
    component: &Component,
) -> Result<Reply, Stop> {
    one(ctx, of, chosen(component)?, Made::Nothing).await
}

/// Opens the form for what stands on an answer.
pub async fn open_face<W: World>(
    ctx: &Context<'_, W>,
    of: AnswersOf,
    option: OptionId,
) -> Result<Reply, Stop> {
    let found = find(ctx, of).await?;
    let edited = found.edited(ctx.app.now());
    let found = edited.options.get(option).ok_or(Refusal::NoSuchOption)?;
    let action = FormAction::AnswerFace(of, option, edited.version);
    Ok(Reply::Form(answers::face_form(edited.words, action, edited.options, found)))
}

/// The form for what stands on an answer, handed in.
pub async fn face_form<W: World>(
    ctx: &Context<'_, W>,
    (of, option, version): (AnswersOf, OptionId, u64),
    form: &Form,
) -> Result<Reply, Stop> {
    let rewrite = OptionEdit::Rewrite(option, face(form)?);
    let made = make(ctx, (of, Some(version)), rewrite).await?;
    one(ctx, of, option, made).await
}

/// The colour of an answer was chosen.
pub async fn colour<W: World>(
    ctx: &Context<'_, W>,
    of: AnswersOf,
    option: OptionId,
    component: &Component,
) -> Result<Reply, Stop> {
    let colour = answers::COLOURS.into_iter().find(|(name, _)| *name == component.first());
    let (_, colour) = colour.ok_or(Refusal::Unknown)?;
    edit_one(ctx, of, option, OptionEdit::Paint(option, colour)).await
}

/// Whether an answer counts as coming was chosen.
pub async fn coming<W: World>(
    ctx: &Context<'_, W>,
    of: AnswersOf,
    option: OptionId,
    coming: bool,
) -> Result<Reply, Stop> {
    edit_one(ctx, of, option, OptionEdit::Coming(option, coming)).await
}

/// Whether who picked an answer is told of changes was chosen.
pub async fn told<W: World>(
    ctx: &Context<'_, W>,
    of: AnswersOf,
    option: OptionId,
    told: bool,
) -> Result<Reply, Stop> {
    edit_one(ctx, of, option, OptionEdit::Told(option, told)).await
}

/// The roles that may pick an answer were chosen.
pub async fn allowed<W: World>(
    ctx: &Context<'_, W>,
    (of, seen): (AnswersOf, u64),
    option: OptionId,
    component: &Component,
) -> Result<Reply, Stop> {
    let edit = OptionEdit::Allow(option, component.roles());
    let made = make(ctx, (of, Some(seen)), edit).await?;
    one(ctx, of, option, made).await
}

/// The role that comes with an answer was chosen, or none.
pub async fn grant<W: World>(
    ctx: &Context<'_, W>,
    of: AnswersOf,
    option: OptionId,
    component: &Component,
) -> Result<Reply, Stop> {
    edit_one(ctx, of, option, OptionEdit::Grant(option, component.role())).await
}

/// Moves an answer to a place, counted from 0.
pub async fn move_to<W: World>(
    ctx: &Context<'_, W>,
    of: AnswersOf,
    option: OptionId,
    place: u8,
) -> Result<Reply, Stop> {
    edit_one(ctx, of, option, OptionEdit::Move(option, place.into())).await
}

/// Offers an answer no longer.
pub async fn remove<W: World>(
    ctx: &Context<'_, W>,
    of: AnswersOf,
    option: OptionId,
) -> Result<Reply, Stop> {
    edit_all(ctx, of, OptionEdit::Remove(option)).await
}

/// A removed answer was chosen to be offered again.
pub async fn offer_again<W: World>(
    ctx: &Context<'_, W>,
    of: AnswersOf,
    component: &Component,
) -> Result<Reply, Stop> {
    edit_all(ctx, of, OptionEdit::OfferAgain(chosen(component)?)).await
}

/// Opens the form for all answers in words.
pub async fn open_words<W: World>(ctx: &Context<'_, W>, of: AnswersOf) -> Result<Reply, Stop> {
    let found = find(ctx, of).await?;
    let form = answers::words_form(&found.edited(ctx.app.now())).ok_or(Refusal::Unknown)?;
    Ok(Reply::Form(form))
}

/// The form for all answers in words, handed in.
pub async fn words_form<W: World>(
    ctx: &Context<'_, W>,
    (of, version): (AnswersOf, u64),
    form: &Form,
) -> Result<Reply, Stop> {
    let anew = read_options(form.fields.text(field::WORDS))?;
    let made = make(ctx, (of, Some(version)), OptionEdit::Words(anew)).await?;
    all(ctx, of, made).await
}

/// Makes a step and shows the list.
async fn edit_all<W: World>(
    ctx: &Context<'_, W>,
    of: AnswersOf,
    edit: OptionEdit,
) -> Result<Reply, Stop> {
    let made = make(ctx, (of, None), edit).await?;
    all(ctx, of, made).await
}

/// Makes a step and shows the answer that it was about.
async fn edit_one<W: World>(
    ctx: &Context<'_, W>,
    of: AnswersOf,
    option: OptionId,
    edit: OptionEdit,
) -> Result<Reply, Stop> {
    let made = make(ctx, (of, None), edit).await?;
    one(ctx, of, option, made).await
}

/// Makes a step, on top of the version that was seen if one is named. One that changes nothing, or
/// that somebody else overtook, is no reason to show anything else than the panel.
async fn make<W: World>(
    ctx: &Context<'_, W>,
    (of, seen): (AnswersOf, Option<u64>),
    edit: OptionEdit,
) -> Result<Made, Stop> {
    let interaction = ctx.interaction.id;
    let made = match of {
        AnswersOf::Event(event) => {
            let seen = seen.map(|version| On::Seen(SeenEvent { event, version }));
            let on = seen.unwrap_or(On::Present(event));
            let done = ctx.app.edit_options(ctx.actor, on, edit, interaction).await;
            done.map(|done| Made::of(&done.moved))
        }
        AnswersOf::Series(series) => {
            let seen = SeenSeries { series, version: seen };
            let done = ctx.app.edit_series_options(ctx.actor, seen, edit, interaction);
            done.await.map(|()| Made::Change)
        }
    };
    match made {
        Err(Stop::Refused(Refusal::Change(ChangeRefusal::Nothing))) => Ok(Made::Nothing),
        Err(Stop::Refused(
            Refusal::ChangedMeanwhile | Refusal::Planning(PlanRefusal::ChangedMeanwhile),
        )) => Ok(Made::Overtaken),
        made => made,
    }
}

/// An event or series whose answers are edited.
enum Found {
    Event(Box<Posted>),
    Series(Box<SeriesView>),
}

impl Found {
    fn words(&self) -> Words {
        match self {
            Self::Event(posted) => Words::of_event(&posted.sheet.event),
            Self::Series(view) => Words::of(view.settings.language),
        }
    }

    fn edited(&self, now: Timestamp) -> Edited<'_> {
        match self {
            Self::Event(posted) => Edited::of_event(self.words(), posted),
            Self::Series(view) => Edited::of_series(self.words(), view, now),
        }
    }
}

async fn find<W: World>(ctx: &Context<'_, W>, of: AnswersOf) -> Result<Found, Stop> {
    Ok(match of {
        AnswersOf::Event(event) => {
            Found::Event(Box::new(ctx.app.event_as_organiser(ctx.actor, event).await?))
        }
        AnswersOf::Series(series) => {
            Found::Series(Box::new(ctx.app.series(ctx.actor, series).await?))
        }
    })
}

async fn all<W: World>(ctx: &Context<'_, W>, of: AnswersOf, made: Made) -> Result<Reply, Stop> {
    let found = find(ctx, of).await?;
    Ok(Reply::Update(answers::list(&found.edited(ctx.app.now()), made)))
}

async fn one<W: World>(
    ctx: &Context<'_, W>,
    of: AnswersOf,
    option: OptionId,
    made: Made,
) -> Result<Reply, Stop> {
    let found = find(ctx, of).await?;
    let panel =
        answers::one(&found.edited(ctx.app.now()), option, made).ok_or(Refusal::NoSuchOption)?;
    Ok(Reply::Update(panel))
}

fn chosen(component: &Component) -> Result<OptionId, Refusal> {
    component.parsed().map(OptionId::new).ok_or(Refusal::Unknown)
}

fn face(form: &Form) -> Result<muster_domain::option_edit::Face, Refusal> {
    let text = |name| form.fields.text(name);
    read_face(FaceWords {
        label: text(field::LABEL),
        emoji: text(field::EMOJI),
        places: text(field::PLACES),
        group: text(field::GROUP),
        shared: text(field::SHARED),
    })
}
