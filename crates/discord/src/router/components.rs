//! Picks the handler for a button or select. Each subject is matched to the last of its actions.

use muster_domain::reminder::ReminderChoice;
use muster_engine::World;
use muster_engine::refusal::{Refusal, Stop};
use muster_store::model::{EventForm, SeenEvent};

use crate::commands::presence::Shown;
use crate::commands::{
    Context, answers, attendance, doctor, event, event_forms, history, members, own, picture,
    presence, reminders, report, roster, rsvp, rules, schedule, series, settings, tap, telling,
    template, timezone, undo, wishes,
};
use crate::custom_id::{
    AnswersAction, DraftAction, EventAction, GuildAction, ListAction, OwnAction, PastAction,
    RosterAction, RulesAction, SeriesAction, Subject, TapAction, ToldAction, WeekAction,
};
use crate::interaction::Component;
use crate::reply::Reply;

pub(super) async fn used<W: World>(
    ctx: &Context<'_, W>,
    component: &Component,
) -> Result<Reply, Stop> {
    let action = component.action.ok_or(Refusal::Unknown)?;
    // What is no tap goes beside it, so that a tap carries nothing of it along.
    match action.subject() {
        Subject::Tap(action) => match action {
            TapAction::Answer(event, option) => tap::answer(ctx, event, option).await,
            TapAction::AnswerFrom(event) => tap::answer_from(ctx, event, component).await,
            TapAction::AnswerAnyway(event, option) => tap::answer_anyway(ctx, event, option).await,
            TapAction::AcceptPlace(event, option) => tap::accept(ctx, event, option).await,
            TapAction::Withdraw(event) => tap::withdraw(ctx, event).await,
        },
        Subject::Event(action) => Box::pin(on_event(ctx, action)).await,
        Subject::List(action) => Box::pin(in_list(ctx, action, component)).await,
        Subject::Draft(action) => Box::pin(on_draft(ctx, action, component)).await,
        Subject::Own(action) => Box::pin(on_own(ctx, action, component)).await,
        Subject::Roster(action) => Box::pin(on_roster(ctx, action, component)).await,
        Subject::Told(action) => Box::pin(on_told(ctx, action)).await,
        Subject::Answers(action) => Box::pin(on_answers(ctx, action, component)).await,
        Subject::Rules(action) => Box::pin(on_rules(ctx, action, component)).await,
        Subject::Series(action) => Box::pin(on_series(ctx, action, component)).await,
        Subject::Week(action) => Box::pin(on_week(ctx, action)).await,
        Subject::Past(action) => Box::pin(on_past(ctx, action, component)).await,
        Subject::Guild(action) => Box::pin(on_guild(ctx, action, component)).await,
        // Handled before, wherever they are used.
        Subject::Person(_) | Subject::Operator(_) => Err(Refusal::Unknown.into()),
    }
}

async fn on_event<W: World>(ctx: &Context<'_, W>, action: EventAction) -> Result<Reply, Stop> {
    match action {
        EventAction::More(event) | EventAction::Show(event, _) => event::show(ctx, event).await,
        EventAction::Edit(event) => event::open_edit(ctx, event).await,
        EventAction::Location(event) => event::open_location(ctx, event).await,
        EventAction::Close(event) => event::close(ctx, event).await.map(Reply::Update),
        EventAction::Reopen(event) => event::reopen(ctx, event).await.map(Reply::Update),
        EventAction::Cancel(event) => event::cancel(ctx, event).await.map(Reply::Update),
        EventAction::Restore(event) => event::restore(ctx, event).await.map(Reply::Update),
        EventAction::Undo(changed) => undo::undo(ctx, changed).await,
        EventAction::BringBack(event) => undo::bring_back(ctx, event).await,
        EventAction::Picture(event) => picture::open(ctx, event).await,
        EventAction::PostAgain(event) => event::post_again(ctx, event).await,
        EventAction::PostBelow(event) => event::post_below(ctx, event).await,
        EventAction::MoveBack(event, channel, moved) => {
            event::move_back(ctx, event, channel, moved).await
        }
        EventAction::LogPage(event, page) => {
            history::log(ctx, event, page).await.map(Reply::Update)
        }
    }
}

async fn in_list<W: World>(
    ctx: &Context<'_, W>,
    action: ListAction,
    component: &Component,
) -> Result<Reply, Stop> {
    match action {
        ListAction::BringBackFrom => undo::bring_back_from(ctx, component).await,
        ListAction::CalledOffPage(page) => undo::called_off(ctx, page).await,
        ListAction::ListPage(page) => event::list(ctx, page).await.map(Reply::Update),
        ListAction::MinePage(page) => rsvp::mine(ctx, page).await.map(Reply::Update),
        ListAction::AttendancePage(member, page) => attendance::page(ctx, member, page).await,
        ListAction::TemplatePage(page) => template::list(ctx, page).await.map(Reply::Update),
        ListAction::TemplateRestore(id) => template::restore(ctx, id).await,
        ListAction::TemplateTakeBack(id) => template::take_back(ctx, id).await,
        ListAction::TemplateReplace(event, id) => template::replace(ctx, event, id).await,
        ListAction::TemplatePutBack(id, replaced) => template::put_back(ctx, id, replaced).await,
    }
}

async fn on_draft<W: World>(
    ctx: &Context<'_, W>,
    action: DraftAction,
    component: &Component,
) -> Result<Reply, Stop> {
    match action {
        DraftAction::New(_) => event_forms::open(ctx, EventForm::default()).await,
        DraftAction::Retry(draft) => event_forms::retry(ctx, draft).await,
        DraftAction::Pick(draft, start, end) => event_forms::pick(ctx, draft, start, end).await,
        DraftAction::PickRepeat(draft, reading) => series::pick_repeat(ctx, draft, reading).await,
        DraftAction::ZonePicked(draft) => event_forms::zone_picked(ctx, draft, component).await,
        DraftAction::ZoneOther(draft) => timezone::open_form(ctx, draft).await,
    }
}

async fn on_own<W: World>(
    ctx: &Context<'_, W>,
    action: OwnAction,
    component: &Component,
) -> Result<Reply, Stop> {
    match action {
        OwnAction::Own(event) => own::open(ctx, event).await,
        OwnAction::OwnNote(event) => own::open_note(ctx, event).await,
        OwnAction::OwnGuests(event) => own::guests(ctx, event, component).await,
        OwnAction::OwnTimes(event) => own::open_times(ctx, event).await,
        OwnAction::OwnDirect(event, direct) => own::direct(ctx, event, direct).await,
        OwnAction::Calendar(event) => own::calendar(ctx, event).await,
        OwnAction::MyReminders => wishes::open(ctx).await,
        OwnAction::MyMentions(yes) => wishes::choose(ctx, ReminderChoice::Mentioned(yes)).await,
        OwnAction::MyDirect(yes) => wishes::choose(ctx, ReminderChoice::Direct(yes)).await,
        OwnAction::QuietHours => wishes::open_quiet_hours(ctx).await,
    }
}

async fn on_roster<W: World>(
    ctx: &Context<'_, W>,
    action: RosterAction,
    component: &Component,
) -> Result<Reply, Stop> {
    match action {
        RosterAction::Everybody(event) => roster::open(ctx, event).await,
        RosterAction::EverybodyPart(event) | RosterAction::EverybodyPartMore(event, _) => {
            roster::part(ctx, event, component).await
        }
        RosterAction::EverybodyPage(event, part, page) => {
            roster::page(ctx, event, part, page).await
        }
        RosterAction::CopyList(event) => roster::copy(ctx, event).await,
        RosterAction::Members(event) => members::open(ctx, event).await,
        RosterAction::MemberOption(event) => members::option(ctx, event, component).await,
        RosterAction::MemberPut(event, option) => members::put(ctx, event, option, component).await,
        RosterAction::MemberMove(event, member, option) => {
            members::move_to(ctx, event, member, option).await
        }
        RosterAction::MemberSwap(event, member, option) => {
            members::swap(ctx, event, (member, option), component).await
        }
        RosterAction::MemberRemove(event) => members::remove(ctx, event, component).await,
        RosterAction::MemberUndo(event, member, version) => {
            members::undo(ctx, event, member, version).await
        }
    }
}

async fn on_told<W: World>(ctx: &Context<'_, W>, action: ToldAction) -> Result<Reply, Stop> {
    match action {
        ToldAction::Tell(event) => telling::open(ctx, event).await,
        ToldAction::TellOpen(event) => telling::open_form(ctx, event).await,
        ToldAction::Telling(event) => telling::progress(ctx, event).await,
        ToldAction::TellBack(event, first) => telling::take_back(ctx, event, first).await,
        ToldAction::Reminders(event) => reminders::open(ctx, Some(event)).await,
        ToldAction::RemindersPage(scope, page, undo) => {
            reminders::turn(ctx, scope, page, undo).await
        }
        ToldAction::ReminderRemove(scope, key) => reminders::remove(ctx, scope, key).await,
        ToldAction::RemindersReset(scope) => reminders::reset(ctx, scope).await,
        ToldAction::RemindersUndo(scope, change, page) => {
            reminders::undo(ctx, scope, change, page).await
        }
    }
}

async fn on_answers<W: World>(
    ctx: &Context<'_, W>,
    action: AnswersAction,
    component: &Component,
) -> Result<Reply, Stop> {
    use AnswersAction as A;
    match action {
        A::Answers(of) => answers::open(ctx, of).await,
        A::AnswersBack(of) => answers::back(ctx, of).await,
        A::AnswerNew(of) => answers::open_new(ctx, of).await,
        A::AnswerPicked(of) => answers::picked(ctx, of, component).await,
        A::AnswerFace(of, option) => answers::open_face(ctx, of, option).await,
        A::AnswerColour(of, option) => answers::colour(ctx, of, option, component).await,
        A::AnswerComing(of, option, coming) => answers::coming(ctx, of, option, coming).await,
        A::AnswerTold(of, option, told) => answers::told(ctx, of, option, told).await,
        A::AnswerAllowed(of, option, seen) => {
            answers::allowed(ctx, (of, seen), option, component).await
        }
        A::AnswerGrant(of, option) => answers::grant(ctx, of, option, component).await,
        A::AnswerMove(of, option, place) => answers::move_to(ctx, of, option, place).await,
        A::AnswerRemove(of, option) => answers::remove(ctx, of, option).await,
        A::AnswerOfferAgain(of) => answers::offer_again(ctx, of, component).await,
        A::AnswersInWords(of) => answers::open_words(ctx, of).await,
        A::AnswersUndo(of, version) => answers::undo(ctx, of, version).await,
    }
}

async fn on_rules<W: World>(
    ctx: &Context<'_, W>,
    action: RulesAction,
    component: &Component,
) -> Result<Reply, Stop> {
    match action {
        RulesAction::Rules(event) => rules::open(ctx, event).await,
        RulesAction::RulesNumbers(event) => rules::open_numbers(ctx, event).await,
        RulesAction::RulesAllowed(seen) => rules::allowed(ctx, seen, component).await,
        RulesAction::RulesDenied(seen) => rules::denied(ctx, seen, component).await,
        RulesAction::RulesPriority(seen) => rules::priority(ctx, seen, component).await,
        RulesAction::RulesMention(seen) => rules::mention(ctx, seen, component).await,
        RulesAction::RulesHidden(event, hidden) => rules::names_hidden(ctx, event, hidden).await,
        RulesAction::RulesCheckIn(event, way) => rules::check_in(ctx, event, way).await,
        RulesAction::RulesUndo(changed) => rules::undo(ctx, changed).await,
    }
}

async fn on_series<W: World>(
    ctx: &Context<'_, W>,
    action: SeriesAction,
    component: &Component,
) -> Result<Reply, Stop> {
    use SeriesAction as S;
    match action {
        S::Series(id) => series::open(ctx, id).await,
        S::SeriesFrom => series::open_from(ctx, component).await,
        S::SeriesOf(event) => series::of_event(ctx, event).await,
        S::SeriesEdit(id) => series::open_edit(ctx, id).await,
        S::SeriesPosting(id) => series::open_posting(ctx, id).await,
        S::SeriesEditAgain(draft, id) => series::edit_again(ctx, draft, id).await,
        S::SeriesPostingAgain(draft, id) => series::posting_again(ctx, draft, id).await,
        S::SeriesDate(_) => series::date(ctx, component).await,
        S::SeriesSkipped(_) => series::take_back_skip(ctx, component).await,
        S::SeriesSkip(id, wall) => series::skip(ctx, id, wall).await,
        S::SeriesUnskip(id, wall) => series::unskip(ctx, id, wall).await,
        S::SeriesEditOne(id, wall) => series::edit_one(ctx, id, wall).await,
        S::SeriesPostNow(id, wall) => series::post_now(ctx, id, wall).await,
        S::SeriesEnd(id) => series::end(ctx, id).await,
        S::SeriesResume(id) => series::resume(ctx, id).await,
        S::SeriesPlace(id) => series::place(ctx, id).await,
        S::SeriesChannel(id) => series::choose_channel(ctx, id, component).await,
        S::SeriesMention(id) => series::choose_mention(ctx, id, component).await,
        S::SeriesMentionNobody(id) => series::mention_nobody(ctx, id).await,
        S::SeriesUndo(id, version) => series::undo(ctx, id, version).await,
        S::SeriesLike(event, before, after) => {
            series::go_on_like(ctx, SeenEvent { event, version: before }, after).await
        }
        S::SeriesRemindLike(event) => series::remind_like(ctx, event).await,
        S::SeriesRulesLike(event) => series::rules_like(ctx, event).await,
    }
}

async fn on_week<W: World>(ctx: &Context<'_, W>, action: WeekAction) -> Result<Reply, Stop> {
    match action {
        WeekAction::Week => schedule::back(ctx).await,
        WeekAction::SetupDay(day) => schedule::go_to(ctx, Some(day)).await,
        WeekAction::SetupEnd => schedule::go_to(ctx, None).await,
        WeekAction::DayNew(day, setup) => schedule::open_new(ctx, day, setup).await,
        WeekAction::DayNewAgain(draft, day, setup) => {
            schedule::new_again(ctx, draft, (day, setup)).await
        }
        WeekAction::DayResume(id) => schedule::resume(ctx, id).await,
        WeekAction::Unskip(first, last) => schedule::unskip(ctx, first, last).await,
    }
}

async fn on_past<W: World>(
    ctx: &Context<'_, W>,
    action: PastAction,
    component: &Component,
) -> Result<Reply, Stop> {
    use PastAction as P;
    match action {
        P::ReportDays(stretch, day) => report::show_days(ctx, stretch, day).await,
        P::ReportEvent(event) => report::show_event(ctx, event).await,
        P::Presence(event) => presence::open(ctx, event).await,
        P::PresencePage(event, page, undo) => {
            presence::page(ctx, Shown { event, page, undo }).await
        }
        P::PresenceAll(event, page) => presence::all(ctx, event, page).await,
        P::PresenceNone(event, page) => presence::no_others(ctx, event, page).await,
        P::PresenceThere(event, page, undo) => {
            presence::there(ctx, Shown { event, page, undo }, component).await
        }
        P::PresenceMissing(event, page, undo) => {
            presence::missing(ctx, Shown { event, page, undo }, component).await
        }
        P::PresenceUndo(event, page, made_with) => {
            presence::undo(ctx, event, page, made_with).await
        }
        P::CheckIn(event) => presence::check_in(ctx, event).await,
        P::CheckInCode(event) => presence::show_code(ctx, event).await,
        P::CheckInCodeNow(event) => presence::next_code(ctx, event).await,
    }
}

async fn on_guild<W: World>(
    ctx: &Context<'_, W>,
    action: GuildAction,
    component: &Component,
) -> Result<Reply, Stop> {
    use GuildAction as G;
    match action {
        G::Doctor(_) => doctor::open(ctx).await,
        G::DoctorPage(page) => doctor::page(ctx, page).await,
        G::DoctorRetry(delivery, page) => doctor::retry(ctx, delivery, page).await,
        G::DoctorChores => doctor::retry_chores(ctx).await,
        G::Settings => settings::open(ctx).await,
        G::SettingsChannel => settings::channel(ctx, component).await,
        G::SettingsOrganisers => settings::organisers(ctx, component).await,
        G::SettingsMention => settings::mention(ctx, component).await,
        G::SettingsAdminChannel => settings::admin_channel(ctx, component).await,
        G::SettingsNamesHidden(hidden) => settings::names_hidden(ctx, hidden).await,
        G::SettingsLeaderboards(shown) => settings::leaderboards(ctx, shown).await,
        G::SettingsNudges(nudges) => settings::nudges(ctx, nudges).await,
        G::SettingsRetention => settings::retention(ctx, component).await,
        G::SettingsLanguage => settings::language(ctx, component).await,
        G::SettingsThreads(threads) => settings::threads(ctx, threads).await,
        G::SettingsCleanUp => settings::clean_up(ctx, component).await,
        G::SettingsTimes => settings::open_times(ctx).await,
        G::SettingsZone => settings::open_zone(ctx).await,
    }
}
