//! Picks the handler for an interaction. Every handler checks rights itself.

use muster_domain::option_edit::OptionEdit;
use muster_domain::rules::{RoleList, RulesEdit};
use muster_domain::series::SeriesStep;
use muster_engine::refusal::{Refusal, Stop};
use muster_engine::{App, World};
use muster_store::model::{EventForm, Presence, SeenEvent};

use crate::commands::{
    Context, answers, attendance, definitions, doctor, event, event_forms, help, history, members,
    own, presence, privacy, reminders, report, roster, rsvp, rules, schedule, series, settings,
    tap, telling, template, timezone, undo,
};
use crate::custom_id::Action;
use crate::interaction::{Body, Command, Component, Form, Interaction};
use crate::reply::Reply;
use crate::views::doctor::IN_THE_SERVER;
use crate::views::message::{COMPONENTS_V2, Message};
use crate::views::reminders::Written;

/// Handles one interaction: returns the one answer to it.
pub async fn handle<W: World>(app: &App<W>, interaction: &Interaction) -> Result<Reply, Stop> {
    if let Some(reply) = everywhere(app, interaction).await? {
        return Ok(reply);
    }
    let Some(actor) = &interaction.actor else {
        return Err(Refusal::GuildOnly.into());
    };
    let ctx = Context { app, actor, interaction };
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

/// What is about a person and not about a guild works in a direct message with the bot as well.
async fn everywhere<W: World>(
    app: &App<W>,
    interaction: &Interaction,
) -> Result<Option<Reply>, Stop> {
    match &interaction.body {
        Body::Command(command) if command.name == "privacy" => {
            privacy::run(app, interaction, command).await.map(Some)
        }
        Body::Component(component)
            if Action::decode(&component.custom_id) == Some(Action::PrivacyErase) =>
        {
            privacy::erase(app, interaction).await.map(Some)
        }
        Body::Component(component) => match Action::decode(&component.custom_id) {
            Some(Action::NoDirect(guild, event, _)) => {
                own::no_direct(app, interaction, guild, event).await.map(Some)
            }
            // A report may have come as a direct message.
            Some(Action::Doctor(_)) if interaction.actor.is_none() => {
                Ok(Some(Reply::say(IN_THE_SERVER)))
            }
            _ => Ok(None),
        },
        Body::Command(_) | Body::Autocomplete(_) | Body::Form(_) | Body::Unknown => Ok(None),
    }
}

async fn command_used<W: World>(ctx: &Context<'_, W>, command: &Command) -> Result<Reply, Stop> {
    match command.name.as_str() {
        "event" => event::run(ctx, command).await,
        "rsvp" => rsvp::run(ctx, command).await,
        "template" => template::run(ctx, command).await,
        "reminders" => reminders::run(ctx, command).await,
        "schedule" => schedule::run(ctx, command).await,
        "report" => report::run(ctx, command).await,
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
        Action::New(_) => event_forms::open(ctx, EventForm::default()).await,
        Action::Retry(draft) => event_forms::retry(ctx, draft).await,
        Action::Pick(draft, start, end) => event_forms::pick(ctx, draft, start, end).await,
        Action::ZonePicked(draft) => event_forms::zone_picked(ctx, draft, component).await,
        Action::ZoneOther(draft) => timezone::open_form(ctx, draft).await,
        Action::ListPage(page) => event::list(ctx, page).await.map(Reply::Update),
        Action::MinePage(page) => rsvp::mine(ctx, page).await.map(Reply::Update),
        Action::TemplatePage(page) => template::list(ctx, page).await.map(Reply::Update),
        Action::TemplateRestore(id) => template::restore(ctx, id).await,
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
        Action::Settings => settings::open(ctx).await,
        Action::SettingsChannel => settings::channel(ctx, component).await,
        Action::SettingsOrganisers => settings::organisers(ctx, component).await,
        Action::SettingsMention => settings::mention(ctx, component).await,
        Action::SettingsAdminChannel => settings::admin_channel(ctx, component).await,
        Action::SettingsNamesHidden(hidden) => settings::names_hidden(ctx, hidden).await,
        Action::SettingsLeaderboards(shown) => settings::leaderboards(ctx, shown).await,
        Action::SettingsRetention => settings::retention(ctx, component).await,
        Action::SettingsLanguage => settings::language(ctx, component).await,
        Action::SettingsZone => settings::open_zone(ctx).await,
        Action::SettingsTimes => settings::open_times(ctx).await,
        Action::SettingsThreads(threads) => settings::threads(ctx, threads).await,
        Action::SettingsCleanUp => settings::clean_up(ctx, component).await,
        part => part_used(ctx, part, component).await,
    }
}

/// What an event is made of beside its details.
#[expect(clippy::wildcard_enum_match_arm, reason = "the rest is about members")]
async fn part_used<W: World>(
    ctx: &Context<'_, W>,
    action: Action,
    component: &Component,
) -> Result<Reply, Stop> {
    match action {
        Action::Answers(event) => answers::open(ctx, event).await,
        Action::AnswersBack(event) => answers::back(ctx, event).await,
        Action::AnswerNew(event) => answers::open_new(ctx, event).await,
        Action::AnswerPicked(event) => answers::picked(ctx, event, component).await,
        Action::AnswerFace(event, option) => answers::open_face(ctx, event, option).await,
        Action::AnswerColour(event, option) => answers::colour(ctx, event, option, component).await,
        Action::AnswerComing(event, option, coming) => {
            answers::edit_one(ctx, event, option, OptionEdit::Coming(option, coming != 0)).await
        }
        Action::AnswerTold(event, option, told) => {
            answers::edit_one(ctx, event, option, OptionEdit::Told(option, told != 0)).await
        }
        Action::AnswerAllowed(event, option) => {
            let roles = component.roles();
            answers::edit_one(ctx, event, option, OptionEdit::Allow(option, roles)).await
        }
        Action::AnswerGrant(event, option) => {
            let role = component.roles().into_iter().next();
            answers::edit_one(ctx, event, option, OptionEdit::Grant(option, role)).await
        }
        Action::AnswerMove(event, option, place) => {
            let step = OptionEdit::Move(option, place.into());
            answers::edit_one(ctx, event, option, step).await
        }
        Action::AnswerRemove(event, option) => {
            answers::edit_all(ctx, event, OptionEdit::Remove(option)).await
        }
        Action::AnswerOfferAgain(event) => answers::offer_again(ctx, event, component).await,
        Action::AnswersInWords(event) => answers::open_words(ctx, event).await,
        Action::AnswersUndo(event, version) => {
            answers::undo(ctx, SeenEvent { event, version }).await
        }
        Action::Rules(event) => rules::open(ctx, event).await,
        Action::RulesNumbers(event) => rules::open_numbers(ctx, event).await,
        Action::RulesAllowed(event) => {
            rules::edit(ctx, event, RulesEdit::Roles(RoleList::Allowed, component.roles())).await
        }
        Action::RulesDenied(event) => {
            rules::edit(ctx, event, RulesEdit::Roles(RoleList::Denied, component.roles())).await
        }
        Action::RulesPriority(event) => {
            rules::edit(ctx, event, RulesEdit::Roles(RoleList::Priority, component.roles())).await
        }
        Action::RulesHidden(event, hidden) => {
            rules::edit(ctx, event, RulesEdit::NamesHidden(hidden != 0)).await
        }
        Action::RulesCheckIn(event, open) => {
            rules::edit(ctx, event, RulesEdit::CheckIn(open != 0)).await
        }
        Action::RulesUndo(event, version) => rules::undo(ctx, SeenEvent { event, version }).await,
        Action::Picture(event) => event_forms::open_picture(ctx, event).await,
        other => about_members(ctx, other, component).await,
    }
}

/// Who answered, and what they say.
#[expect(clippy::wildcard_enum_match_arm, reason = "the rest is about what repeats")]
async fn about_members<W: World>(
    ctx: &Context<'_, W>,
    action: Action,
    component: &Component,
) -> Result<Reply, Stop> {
    match action {
        Action::Own(event) => own::open(ctx, event).await,
        Action::OwnNote(event) => own::open_note(ctx, event).await,
        Action::OwnGuests(event) => own::guests(ctx, event, component).await,
        Action::OwnTimes(event) => own::open_times(ctx, event).await,
        Action::OwnDirect(event, direct) => own::direct(ctx, event, direct != 0).await,
        Action::Calendar(event) => own::calendar(ctx, event).await,
        Action::Everybody(event) => roster::open(ctx, event).await,
        Action::EverybodyPart(event) => roster::part(ctx, event, component).await,
        Action::EverybodyPage(event, part, page) => roster::page(ctx, event, part, page).await,
        Action::CopyList(event) => roster::copy(ctx, event).await,
        Action::Members(event) => members::open(ctx, event).await,
        Action::MemberOption(event) => members::option(ctx, event, component).await,
        Action::MemberPut(event, option) => members::put(ctx, event, option, component).await,
        Action::MemberRemove(event) => members::remove(ctx, event, component).await,
        Action::Reminders(event) => reminders::open(ctx, Some(event)).await,
        Action::ReminderRemove(event, time, audience, place, role) => {
            reminders::remove(ctx, event, Written { time, audience, place, role }).await
        }
        Action::RemindersReset(event) => reminders::reset(ctx, event).await,
        Action::Tell(event) => telling::open(ctx, event).await,
        Action::TellOpen(event) => telling::open_form(ctx, event).await,
        Action::Telling(event) => telling::progress(ctx, event).await,
        Action::TellBack(event, first) => telling::take_back(ctx, event, first).await,
        Action::MemberUndo(event, member, option) => {
            members::undo(ctx, event, member, option).await
        }
        other => about_plans(ctx, other, component).await,
    }
}

/// What repeats.
#[expect(clippy::wildcard_enum_match_arm, reason = "the rest looks back")]
async fn about_plans<W: World>(
    ctx: &Context<'_, W>,
    action: Action,
    component: &Component,
) -> Result<Reply, Stop> {
    match action {
        Action::PickRepeat(draft, reading) => series::pick_repeat(ctx, draft, reading).await,
        Action::Series(id) => series::open(ctx, id).await,
        Action::SeriesFrom => series::open_from(ctx, component).await,
        Action::SeriesOf(event) => series::of_event(ctx, event).await,
        Action::SeriesEdit(id) => series::open_edit(ctx, id).await,
        Action::SeriesPosting(id) => series::open_posting(ctx, id).await,
        Action::SeriesDate(_) => series::date(ctx, component).await,
        Action::SeriesSkipped(_) => series::take_back_skip(ctx, component).await,
        Action::SeriesSkip(id, wall) => series::skip(ctx, id, wall).await,
        Action::SeriesUnskip(id, wall) => series::unskip(ctx, id, wall).await,
        Action::SeriesEditOne(id, wall) => series::edit_one(ctx, id, wall).await,
        Action::SeriesPostNow(id, wall) => series::post_now(ctx, id, wall).await,
        Action::SeriesEnd(id) => series::end_or_resume(ctx, id, SeriesStep::End).await,
        Action::SeriesResume(id) => series::end_or_resume(ctx, id, SeriesStep::Resume).await,
        Action::SeriesUndo(id, version) => series::undo(ctx, id, version).await,
        Action::SeriesLike(event) => series::go_on_like(ctx, event).await,
        Action::Week => schedule::back(ctx).await,
        Action::SetupDay(day) => schedule::go_to(ctx, Some(day)).await,
        Action::SetupEnd => schedule::go_to(ctx, None).await,
        Action::DayNew(day, setup) => schedule::open_new(ctx, day, setup).await,
        Action::DayResume(id) => schedule::resume(ctx, id).await,
        Action::Unskip(first, last) => schedule::unskip(ctx, first, last).await,
        other => looking_back(ctx, other, component).await,
    }
}

/// Who was there, and reports.
#[expect(clippy::wildcard_enum_match_arm, reason = "a component with the id of a form is forged")]
async fn looking_back<W: World>(
    ctx: &Context<'_, W>,
    action: Action,
    component: &Component,
) -> Result<Reply, Stop> {
    match action {
        Action::CheckIn(event) => presence::check_in(ctx, event).await,
        Action::Presence(event) => presence::open(ctx, event).await,
        Action::PresencePage(event, page) => presence::page(ctx, event, page).await,
        Action::PresenceAll(event, page) => presence::all(ctx, event, page).await,
        Action::PresenceThere(event, page) => {
            presence::mark(ctx, (event, page), Presence::Present, component).await
        }
        Action::PresenceMissing(event, page) => {
            presence::mark(ctx, (event, page), Presence::Absent, component).await
        }
        Action::PresenceUndo(event, page, made_with) => {
            presence::undo(ctx, (event, page), made_with).await
        }
        Action::ReportDays(stretch, day) => report::show_days(ctx, stretch, day).await,
        Action::ReportEvent(event) => report::show_event(ctx, event).await,
        _ => Err(Refusal::Unknown.into()),
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
        Some(Action::SeriesPostingForm(id, version)) => {
            series::posting_form(ctx, (id, version), form).await
        }
        Some(Action::DayNewForm(day, setup)) => schedule::new_form(ctx, day, setup, form).await,
        Some(Action::ZoneForm(draft)) => event_forms::zone_form(ctx, draft, form).await,
        Some(Action::SettingsZoneForm) => settings::zone_form(ctx, form).await,
        Some(Action::SettingsTimesForm) => settings::times_form(ctx, form).await,
        Some(Action::SettingsCleanUpForm(deletes)) => {
            settings::clean_up_form(ctx, deletes, form).await
        }
        _ => Err(Refusal::Unknown.into()),
    }
}
