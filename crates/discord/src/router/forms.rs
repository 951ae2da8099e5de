//! Picks the handler for a form that was handed in.

use muster_engine::World;
use muster_engine::refusal::{Refusal, Stop};
use muster_store::model::SeenSeries;

use crate::commands::{
    Context, again, answers, event_forms, own, picture, presence, rules, schedule, series,
    settings, telling, wishes,
};
use crate::custom_id::FormAction;
use crate::interaction::Form;
use crate::reply::Reply;

/// One that is refused for what is written in it can be opened again, so that nobody has to write
/// all of it anew.
pub(super) async fn handed_in<W: World>(ctx: &Context<'_, W>, form: &Form) -> Result<Reply, Stop> {
    let action = form.action.ok_or(Refusal::Unknown)?;
    match taken(ctx, action, form).await {
        Err(Stop::Refused(refused)) => again::given_back(ctx, action, form, refused).await,
        taken => taken,
    }
}

async fn taken<W: World>(
    ctx: &Context<'_, W>,
    action: FormAction,
    form: &Form,
) -> Result<Reply, Stop> {
    match action {
        FormAction::New(kept) => event_forms::new_form(ctx, kept, form).await,
        FormAction::Edit(seen) => event_forms::edit_form(ctx, seen, form).await,
        FormAction::Location(seen) => event_forms::location_form(ctx, seen, form).await,
        FormAction::Picture(seen) => picture::form(ctx, seen, form).await,
        FormAction::Zone(draft) => event_forms::zone_form(ctx, draft, form).await,
        FormAction::OwnNote(event) => own::note_form(ctx, event, form).await,
        FormAction::OwnTimes(event) => own::times_form(ctx, event, form).await,
        FormAction::QuietHours => wishes::quiet_hours_form(ctx, form).await,
        FormAction::CheckIn(event) => presence::code_form(ctx, event, form).await,
        FormAction::Tell(event) => telling::form(ctx, event, form).await,
        FormAction::AnswerNew(of) => answers::new_form(ctx, of, form).await,
        FormAction::AnswerFace(of, option, version) => {
            answers::face_form(ctx, (of, option, version), form).await
        }
        FormAction::AnswersInWords(of, version) => {
            answers::words_form(ctx, (of, version), form).await
        }
        FormAction::RulesNumbers(seen) => rules::numbers_form(ctx, seen, form).await,
        FormAction::SeriesEdit(series, version) => {
            series::edit_form(ctx, SeenSeries { series, version: Some(version) }, form).await
        }
        FormAction::SeriesPosting(series, version) => {
            series::posting_form(ctx, SeenSeries { series, version: Some(version) }, form).await
        }
        FormAction::SeriesOne(id, wall) => series::one_form(ctx, (id, wall), form).await,
        FormAction::DayNew(day, setup, kept) => {
            schedule::new_form(ctx, (day, setup, kept), form).await
        }
        FormAction::SettingsZone => settings::zone_form(ctx, form).await,
        FormAction::SettingsTimes => settings::times_form(ctx, form).await,
        FormAction::SettingsCleanUp(deletes) => settings::clean_up_form(ctx, deletes, form).await,
    }
}
