//! Picks the handler for an interaction. Every handler checks rights itself.

mod parts;

use muster_engine::background::REPORT;
use muster_engine::refusal::{Refusal, Stop};
use muster_engine::{App, World};
use muster_store::model::{EventForm, SeenEvent};

use self::parts::part_used;
use crate::commands::operating::{Asked, Operating};
use crate::commands::{
    Context, answers, attendance, definitions, doctor, event, event_forms, help, history,
    operating, own, presence, privacy, reminders, report, rsvp, rules, schedule, series, settings,
    tap, telling, template, timezone, undo, wishes,
};
use crate::custom_id::Action;
use crate::interaction::{Body, Command, Component, Form, Interaction};
use crate::reply::Reply;
use crate::views::doctor::IN_THE_SERVER;
use crate::views::message::{COMPONENTS_V2, Message};

/// Handles one interaction: returns the one answer to it.
pub async fn handle<W: World>(
    app: &App<W>,
    operating: Option<&Operating>,
    interaction: &Interaction,
) -> Result<Reply, Stop> {
    if let Some(reply) = everywhere(app, operating, interaction).await? {
        return Ok(reply);
    }
    let Some(actor) = &interaction.actor else {
        return Err(Refusal::GuildOnly.into());
    };
    let operates = operating.is_some_and(|operating| operating.is_operator(interaction.user));
    let ctx = Context { app, actor, interaction, operates };
    app.note_forums(actor.guild, interaction.forums()).await?;
    let reply = match &interaction.body {
        Body::Component(component) => component_used(&ctx, component).await,
        // What is no tap goes beside it, so that a tap carries nothing of it along.
        Body::Command(command) => Box::pin(command_used(&ctx, command)).await,
        Body::Autocomplete(command) => Box::pin(typing(&ctx, command)).await,
        Body::Form(form) => Box::pin(form_handed_in(&ctx, form)).await,
        Body::Unknown => Err(Refusal::Unknown.into()),
    }?;
    Ok(match reply {
        Reply::Update(message) if !can_take_the_place(&message, interaction) => {
            Reply::private(message)
        }
        kept @ (Reply::Private(_)
        | Reply::Public(_)
        | Reply::Update(_)
        | Reply::Post { .. }
        | Reply::Form(_)
        | Reply::Choices(_)
        | Reply::Thinking
        | Reply::ChangesLater
        | Reply::Nothing) => kept,
    })
}

/// What is for one person never takes the place of what is for all, and a message of components
/// alone and one with text never take each other's.
fn can_take_the_place(message: &Message, interaction: &Interaction) -> bool {
    let is_panel = message.flags & COMPONENTS_V2 != 0;
    interaction.from_private_message && interaction.from_panel == is_panel
}

/// What is about a person or about the running bot, and not about a guild, works in a direct
/// message with the bot as well.
async fn everywhere<W: World>(
    app: &App<W>,
    operating: Option<&Operating>,
    interaction: &Interaction,
) -> Result<Option<Reply>, Stop> {
    let asked = match &interaction.body {
        Body::Command(command) if command.name == "privacy" => {
            return privacy::run(app, interaction, command).await.map(Some);
        }
        Body::Command(command) => Asked::by_command(&command.name),
        Body::Component(component) => match Action::decode(&component.custom_id) {
            Some(Action::PrivacyErase) => return privacy::erase(app, interaction).await.map(Some),
            Some(Action::NoDirect(guild, event, _)) => {
                return own::no_direct(app, interaction, guild, event).await.map(Some);
            }
            // A report may have come as a direct message.
            Some(Action::Doctor(_)) if interaction.actor.is_none() => {
                return Ok(Some(Reply::say(IN_THE_SERVER)));
            }
            action => action.and_then(Asked::by_action),
        },
        Body::Autocomplete(_) | Body::Form(_) | Body::Unknown => None,
    };
    Ok(match asked {
        Some(asked) => Some(Box::pin(operating::answer(app, operating, interaction, asked)).await),
        None => None,
    })
}

async fn command_used<W: World>(ctx: &Context<'_, W>, command: &Command) -> Result<Reply, Stop> {
    match command.name.as_str() {
        "event" => event::run(ctx, command).await,
        "rsvp" => rsvp::run(ctx, command).await,
        "template" => template::run(ctx, command).await,
        "reminders" => reminders::run(ctx, command).await,
        "schedule" => schedule::run(ctx, command).await,
        "report" => ctx.app.asked_for(REPORT, report::run(ctx, command)).await,
        "timezone" => timezone::run(ctx, command).await,
        "settings" => settings::open(ctx).await,
        "doctor" => doctor::open(ctx).await,
        "help" => help::run(ctx).await,
        definitions::EVENT_LOG => history::log_of_message(ctx, command).await,
        definitions::ATTENDANCE => attendance::open(ctx, command).await,
        _ => Err(Refusal::Unknown.into()),
    }
}

async fn typing<W: World>(ctx: &Context<'_, W>, command: &Command) -> Result<Reply, Stop> {
    let choices = match command.name.as_str() {
        "event" => event::suggest(ctx, command).await?,
        "template" => template::suggest(ctx, command).await?,
        "reminders" => reminders::suggest(ctx, command).await?,
        "report" => report::suggest(ctx, command).await?,
        "timezone" => timezone::suggest(ctx, command),
        _ => Vec::new(),
    };
    Ok(Reply::Choices(choices))
}

#[expect(clippy::wildcard_enum_match_arm, reason = "the rest is no tap")]
async fn component_used<W: World>(
    ctx: &Context<'_, W>,
    component: &Component,
) -> Result<Reply, Stop> {
    let action = Action::decode(&component.custom_id).ok_or(Refusal::Unknown)?;
    match action {
        Action::Answer(event, option) => tap::answer(ctx, event, option).await,
        Action::AnswerFrom(event) => tap::answer_from(ctx, event, component).await,
        Action::AnswerAnyway(event, option) => tap::answer_anyway(ctx, event, option).await,
        Action::AcceptPlace(event, option) => tap::accept(ctx, event, option).await,
        Action::Withdraw(event) => tap::withdraw(ctx, event).await,
        other => Box::pin(panel_used(ctx, other, component)).await,
    }
}

/// What is done in panels and lists.
#[expect(clippy::wildcard_enum_match_arm, reason = "the rest is about settings and parts")]
async fn panel_used<W: World>(
    ctx: &Context<'_, W>,
    action: Action,
    component: &Component,
) -> Result<Reply, Stop> {
    match action {
        Action::More(event) | Action::Show(event, _) => event::show(ctx, event).await,
        Action::Edit(event) => event::open_edit(ctx, event).await,
        Action::Location(event) => event::open_location(ctx, event).await,
        Action::Close(event) => event::close(ctx, event).await.map(Reply::Update),
        Action::Reopen(event) => event::reopen(ctx, event).await.map(Reply::Update),
        Action::Cancel(event) => event::cancel(ctx, event).await.map(Reply::Update),
        Action::Restore(event) => event::restore(ctx, event).await.map(Reply::Update),
        Action::Undo(event, version) => {
            undo::undo(ctx, SeenEvent { event, version }).await.map(Reply::Update)
        }
        Action::BringBack(event) => undo::bring_back(ctx, event).await.map(Reply::Update),
        Action::BringBackFrom => undo::bring_back_from(ctx, component).await.map(Reply::Update),
        Action::CalledOffPage(page) => undo::called_off(ctx, page).await.map(Reply::Update),
        Action::PostAgain(event) => event::post_again(ctx, event).await,
        Action::PostBelow(event) => event::post_below(ctx, event).await,
        Action::MoveBack(event, channel, moved) => {
            event::move_back(ctx, event, (channel, moved)).await
        }
        Action::New(_) => event_forms::open(ctx, EventForm::default()).await,
        Action::Retry(draft) => event_forms::retry(ctx, draft).await,
        Action::Pick(draft, start, end) => event_forms::pick(ctx, draft, start, end).await,
        Action::ZonePicked(draft) => event_forms::zone_picked(ctx, draft, component).await,
        Action::ZoneOther(draft) => timezone::open_form(ctx, draft).await,
        Action::ListPage(page) => event::list(ctx, page).await.map(Reply::Update),
        Action::MinePage(page) => rsvp::mine(ctx, page).await.map(Reply::Update),
        Action::TemplatePage(page) => template::list(ctx, page).await.map(Reply::Update),
        Action::TemplateRestore(id) => template::restore(ctx, id).await,
        Action::TemplateTakeBack(id) => template::take_back(ctx, id).await,
        Action::LogPage(event, page) => history::log(ctx, event, page).await.map(Reply::Update),
        Action::AttendancePage(member, page) => {
            attendance::page(ctx, member, page).await.map(Reply::Update)
        }
        setting => setting_used(ctx, setting, component).await,
    }
}

/// What a guild chooses.
#[expect(clippy::wildcard_enum_match_arm, reason = "the rest is about the parts of an event")]
async fn setting_used<W: World>(
    ctx: &Context<'_, W>,
    action: Action,
    component: &Component,
) -> Result<Reply, Stop> {
    match action {
        Action::Doctor(_) => doctor::open(ctx).await,
        Action::DoctorPage(page) => doctor::page(ctx, page).await,
        Action::DoctorRetry(delivery, page) => doctor::retry(ctx, delivery, page).await,
        Action::DoctorChores => doctor::retry_chores(ctx).await,
        Action::Settings => settings::open(ctx).await,
        Action::SettingsChannel => settings::channel(ctx, component).await,
        Action::SettingsOrganisers => settings::organisers(ctx, component).await,
        Action::SettingsMention => settings::mention(ctx, component).await,
        Action::SettingsAdminChannel => settings::admin_channel(ctx, component).await,
        Action::SettingsNamesHidden(hidden) => settings::names_hidden(ctx, hidden).await,
        Action::SettingsLeaderboards(shown) => settings::leaderboards(ctx, shown).await,
        Action::SettingsNudges(nudges) => settings::nudges(ctx, nudges).await,
        Action::SettingsRetention => settings::retention(ctx, component).await,
        Action::SettingsLanguage => settings::language(ctx, component).await,
        Action::SettingsZone => settings::open_zone(ctx).await,
        Action::SettingsTimes => settings::open_times(ctx).await,
        Action::SettingsThreads(threads) => settings::threads(ctx, threads).await,
        Action::SettingsCleanUp => settings::clean_up(ctx, component).await,
        part => part_used(ctx, part, component).await,
    }
}

async fn form_handed_in<W: World>(ctx: &Context<'_, W>, form: &Form) -> Result<Reply, Stop> {
    match Action::decode(&form.custom_id) {
        Some(Action::NewForm(kept)) => event_forms::new_form(ctx, kept, form).await,
        Some(Action::EditForm(event, version)) => {
            event_forms::edit_form(ctx, SeenEvent { event, version }, form).await
        }
        Some(Action::LocationForm(event, version)) => {
            event_forms::location_form(ctx, SeenEvent { event, version }, form).await
        }
        Some(Action::OwnNoteForm(event)) => own::note_form(ctx, event, form).await,
        Some(Action::OwnTimesForm(event)) => own::times_form(ctx, event, form).await,
        Some(Action::QuietHoursForm) => wishes::quiet_hours_form(ctx, form).await,
        Some(Action::CheckInForm(event)) => presence::code_form(ctx, event, form).await,
        Some(Action::TellForm(event)) => telling::form(ctx, event, form).await,
        Some(Action::AnswerNewForm(event)) => answers::new_form(ctx, event, form).await,
        Some(Action::AnswerFaceForm(event, option, version)) => {
            answers::face_form(ctx, SeenEvent { event, version }, option, form).await
        }
        Some(Action::AnswersInWordsForm(event, version)) => {
            answers::words_form(ctx, SeenEvent { event, version }, form).await
        }
        Some(Action::RulesNumbersForm(event, version)) => {
            rules::numbers_form(ctx, SeenEvent { event, version }, form).await
        }
        Some(Action::PictureForm(event, version)) => {
            event_forms::picture_form(ctx, SeenEvent { event, version }, form).await
        }
        Some(Action::SeriesEditForm(id, version)) => {
            series::edit_form(ctx, (id, version), form).await
        }
        Some(Action::SeriesOneForm(id, wall)) => series::one_form(ctx, (id, wall), form).await,
        Some(Action::SeriesPostingForm(id, version)) => {
            series::posting_form(ctx, (id, version), form).await
        }
        Some(Action::DayNewForm(day, setup, kept)) => {
            schedule::new_form(ctx, (day, setup, kept), form).await
        }
        Some(Action::ZoneForm(draft)) => event_forms::zone_form(ctx, draft, form).await,
        Some(Action::SettingsZoneForm) => settings::zone_form(ctx, form).await,
        Some(Action::SettingsTimesForm) => settings::times_form(ctx, form).await,
        Some(Action::SettingsCleanUpForm(deletes)) => {
            settings::clean_up_form(ctx, deletes, form).await
        }
        _ => Err(Refusal::Unknown.into()),
    }
}
