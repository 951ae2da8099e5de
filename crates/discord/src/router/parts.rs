//! What is used on what an event is made of, on who answered, and on what repeats.

use muster_domain::option_edit::OptionEdit;
use muster_domain::reminder::ReminderChoice;
use muster_domain::rules::{CheckIn, RoleList, RulesEdit};
use muster_domain::series::SeriesStep;
use muster_engine::World;
use muster_engine::background::{EXPORT, REPORT};
use muster_engine::refusal::{Refusal, Stop};
use muster_store::model::{Presence, SeenEvent};

use crate::commands::{
    Context, answers, event_forms, members, own, presence, reminders, report, roster, rules,
    schedule, series, telling, wishes,
};
use crate::custom_id::Action;
use crate::interaction::Component;
use crate::reply::Reply;
use crate::views::reminders::Written;

/// What an event is made of beside its details.
#[expect(clippy::wildcard_enum_match_arm, reason = "the rest is about members")]
pub(super) async fn part_used<W: World>(
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
            rules::edit(ctx, event, RulesEdit::CheckIn(how_to_check_in(open))).await
        }
        Action::RulesUndo(event, version) => rules::undo(ctx, SeenEvent { event, version }).await,
        Action::Picture(event) => event_forms::open_picture(ctx, event).await,
        other => about_members(ctx, other, component).await,
    }
}

/// What stands for it on a button: buttons of before knew only the first two.
const fn how_to_check_in(number: u8) -> CheckIn {
    match number {
        0 => CheckIn::Off,
        1 => CheckIn::Button,
        _ => CheckIn::Code,
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
        Action::CopyList(event) => ctx.app.asked_for(EXPORT, roster::copy(ctx, event)).await,
        Action::Members(event) => members::open(ctx, event).await,
        Action::MemberOption(event) => members::option(ctx, event, component).await,
        Action::MemberPut(event, option) => members::put(ctx, event, option, component).await,
        Action::MemberRemove(event) => members::remove(ctx, event, component).await,
        Action::Reminders(event) => reminders::open(ctx, Some(event)).await,
        Action::ReminderRemove(event, time, audience, place, role) => {
            reminders::remove(ctx, event, Written { time, audience, place, role }).await
        }
        Action::RemindersReset(event) => reminders::reset(ctx, event).await,
        Action::RemindersUndo(event, change) => reminders::undo(ctx, event, change).await,
        Action::MyReminders => wishes::open(ctx).await,
        Action::MyMentions(yes) => wishes::choose(ctx, ReminderChoice::Mentioned(yes != 0)).await,
        Action::MyDirect(yes) => wishes::choose(ctx, ReminderChoice::Direct(yes != 0)).await,
        Action::QuietHours => wishes::open_quiet_hours(ctx).await,
        Action::Tell(event) => telling::open(ctx, event).await,
        Action::TellOpen(event) => telling::open_form(ctx, event).await,
        Action::Telling(event) => telling::progress(ctx, event).await,
        Action::TellBack(event, first) => telling::take_back(ctx, event, first).await,
        Action::MemberUndo(event, member, version) => {
            members::undo(ctx, event, member, version).await
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
        Action::SeriesEditAgain(draft, id) => series::edit_again(ctx, draft, id).await,
        Action::SeriesPostingAgain(draft, id) => series::posting_again(ctx, draft, id).await,
        Action::DayNewAgain(draft, day, setup) => {
            schedule::new_again(ctx, draft, (day, setup)).await
        }
        Action::SeriesDate(_) => series::date(ctx, component).await,
        Action::SeriesSkipped(_) => series::take_back_skip(ctx, component).await,
        Action::SeriesSkip(id, wall) => series::skip(ctx, id, wall).await,
        Action::SeriesUnskip(id, wall) => series::unskip(ctx, id, wall).await,
        Action::SeriesEditOne(id, wall) => series::edit_one(ctx, id, wall).await,
        Action::SeriesPostNow(id, wall) => series::post_now(ctx, id, wall).await,
        Action::SeriesEnd(id) => series::end_or_resume(ctx, id, SeriesStep::End).await,
        Action::SeriesResume(id) => series::end_or_resume(ctx, id, SeriesStep::Resume).await,
        Action::SeriesPlace(id) => series::place(ctx, id).await,
        Action::SeriesChannel(id) => series::choose_channel(ctx, id, component).await,
        Action::SeriesMention(id) => {
            series::choose_mention(ctx, id, component.roles().first().copied()).await
        }
        Action::SeriesMentionNobody(id) => series::choose_mention(ctx, id, None).await,
        Action::SeriesUndo(id, version) => series::undo(ctx, id, version).await,
        Action::SeriesLike(event) => series::go_on_like(ctx, event).await,
        Action::SeriesRemindLike(event) => series::remind_like(ctx, event).await,
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
        Action::CheckInCode(event) => presence::show_code(ctx, event).await.map(Reply::private),
        Action::CheckInCodeNow(event) => presence::show_code(ctx, event).await.map(Reply::Update),
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
        Action::ReportDays(stretch, day) => {
            ctx.app.asked_for(REPORT, report::show_days(ctx, stretch, day)).await
        }
        Action::ReportEvent(event) => {
            ctx.app.asked_for(REPORT, report::show_event(ctx, event)).await
        }
        _ => Err(Refusal::Unknown.into()),
    }
}
