//! Forms that were refused for what is written in them: kept, and opened again as they were filled
//! in.

use muster_domain::change::ChangeRefusal;
use muster_domain::option_edit::OptionEditError;
use muster_engine::World;
use muster_engine::refusal::{CheckInRefusal, Refusal, Stop};
use muster_engine::refused::RefusedForm;

use crate::commands::{
    Context, answers, event, own, picture, presence, rules, settings, telling, timezone, wishes,
};
use crate::custom_id::FormAction;
use crate::interaction::{Fields, Form};
use crate::reply::Reply;
use crate::views::{questions, refusal};

/// Says why a form was refused. If that can be mended by writing something else, the form is kept
/// and can be opened again.
pub async fn given_back<W: World>(
    ctx: &Context<'_, W>,
    action: FormAction,
    form: &Form,
    refused: Refusal,
) -> Result<Reply, Stop> {
    if !is_about_words(&refused) {
        return Err(refused.into());
    }
    let kept = RefusedForm { form: action.to_string(), fields: form.fields.to_json() };
    ctx.app.keep_refused(ctx.actor, ctx.interaction.id, kept).await?;
    let words = ctx.words_or_usual().await;
    let said = refusal::said(words, &refused);
    let said = questions::try_again(words, ctx.interaction.id, &said);
    // What these are opened from stays, also once they are taken.
    let stays =
        matches!(action, FormAction::Tell(_) | FormAction::CheckIn(_) | FormAction::Zone(_));
    Ok(if stays { Reply::private(said) } else { Reply::Update(said) })
}

/// Opens a form as it was filled in, if it is one that was kept by [`given_back`].
pub async fn open<W: World>(
    ctx: &Context<'_, W>,
    kept: &RefusedForm,
) -> Result<Option<Reply>, Stop> {
    let Some(action) = FormAction::decode(&kept.form) else { return Ok(None) };
    let Some(opened) = opened(ctx, action).await? else { return Ok(None) };
    // By now it may be done without a form.
    let Reply::Form(form) = opened else { return Ok(Some(opened)) };
    let fields = Fields::from_json(&kept.fields);
    Ok(Some(Reply::Form(form.filled_again(action, |name| fields.get(name)))))
}

/// The form as it opens for the first time; `None` of those that come back in ways of their own.
async fn opened<W: World>(ctx: &Context<'_, W>, action: FormAction) -> Result<Option<Reply>, Stop> {
    Ok(Some(match action {
        FormAction::Location(seen) => event::open_location(ctx, seen.event).await?,
        FormAction::Picture(seen) => picture::open(ctx, seen.event).await?,
        FormAction::OwnNote(event) => own::open_note(ctx, event).await?,
        FormAction::OwnTimes(event) => own::open_times(ctx, event).await?,
        FormAction::Tell(event) => telling::open_form(ctx, event).await?,
        FormAction::QuietHours => wishes::open_quiet_hours(ctx).await?,
        FormAction::AnswerNew(of) => answers::open_new(ctx, of).await?,
        FormAction::AnswerFace(of, option, _) => answers::open_face(ctx, of, option).await?,
        FormAction::AnswersInWords(of, _) => answers::open_words(ctx, of).await?,
        FormAction::RulesNumbers(seen) => rules::open_numbers(ctx, seen.event).await?,
        FormAction::Zone(draft) => timezone::open_form(ctx, draft).await?,
        FormAction::CheckIn(event) => presence::check_in(ctx, event).await?,
        FormAction::SettingsCleanUp(deletes) => settings::open_clean_up(ctx, deletes).await?,
        FormAction::SettingsTimes => settings::open_times(ctx).await?,
        FormAction::SettingsZone => settings::open_zone(ctx).await?,
        FormAction::Edit(_)
        | FormAction::New(_)
        | FormAction::SeriesEdit(..)
        | FormAction::SeriesPosting(..)
        | FormAction::SeriesOne(..)
        | FormAction::DayNew(..) => return Ok(None),
    }))
}

/// Whether the same form can be taken once something else is written in it, or later.
#[expect(clippy::wildcard_enum_match_arm, reason = "no words change what all others are about")]
const fn is_about_words(refusal: &Refusal) -> bool {
    match refusal {
        Refusal::OptionEdit(error) => !matches!(error, OptionEditError::NoSuchOption),
        Refusal::Change(refusal) => matches!(
            refusal,
            ChangeRefusal::Rules(_)
                | ChangeRefusal::Options(_)
                | ChangeRefusal::ClosesInThePast(_)
                | ChangeRefusal::LooksInThePast(_)
        ),
        Refusal::CheckIn(why) => matches!(why, CheckInRefusal::WrongCode),
        Refusal::In(..)
        | Refusal::Text(..)
        | Refusal::Capacity(_)
        | Refusal::CapacityNotANumber(_)
        | Refusal::Options(_)
        | Refusal::NotAnEmoji(_)
        | Refusal::Image(_)
        | Refusal::Zone(_)
        | Refusal::TimeOfDay(_)
        | Refusal::HoursAfterEnd(_)
        | Refusal::Times(..)
        | Refusal::QuietHours(_)
        | Refusal::ToldEnough(_) => true,
        _ => false,
    }
}
