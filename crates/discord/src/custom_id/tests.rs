//! Every action survives its writing, and nothing else is read.

use jiff::SignedDuration;
use jiff::civil::{Weekday, date, time};
use muster_domain::answer_option::OptionId;
use muster_domain::id::{
    ChannelId, DeliveryId, EventId, GuildId, InteractionId, ReminderChangeId, RoleId, SeriesId,
    TemplateId, UserId,
};
use muster_domain::reminder::{Audience, ReminderKey, ReminderPlace, ReminderTime};
use muster_domain::rules::CheckIn;
use muster_store::model::{RosterPart, SeenEvent};

use super::*;

#[test]
fn what_is_about_reminders_survives_its_writing() {
    let (event, change) = (EventId::new(u64::MAX >> 1), ReminderChangeId::new(u64::MAX >> 1));
    for action in [
        Action::RemindersUndo(ReminderScope::Event(event), change, Some(u32::MAX)),
        Action::RemindersUndo(ReminderScope::Guild, change, None),
        Action::RemindersPage(ReminderScope::Event(event), u32::MAX, Some(change)),
        Action::RemindersPage(ReminderScope::Guild, 0, None),
        Action::MyReminders,
        Action::MyMentions(true),
        Action::MyDirect(false),
        Action::QuietHours,
    ] {
        assert_eq!(Action::decode(&action.to_string()), Some(action));
    }
}

#[test]
fn every_action_survives_its_writing_and_stays_short() {
    let event = EventId::new(u64::MAX >> 1);
    let draft = InteractionId::new(u64::MAX >> 1);
    let mark = Some(DeliveryId::new(u64::MAX >> 1));
    let all = [
        Action::Answer(event, OptionId::new(255)),
        Action::AnswerFrom(event),
        Action::AnswerAnyway(event, OptionId::new(255)),
        Action::AcceptPlace(event, OptionId::new(255)),
        Action::Withdraw(event),
        Action::RulesMention(SeenEvent { event, version: u64::MAX >> 1 }),
        Action::More(event),
        Action::Show(event, mark),
        Action::Show(event, None),
        Action::Edit(event),
        Action::Location(event),
        Action::Close(event),
        Action::Reopen(event),
        Action::Cancel(event),
        Action::Restore(event),
        Action::Undo(SeenEvent { event, version: u64::MAX >> 1 }),
        Action::BringBack(event),
        Action::BringBackFrom,
        Action::CalledOffPage(3),
        Action::PostAgain(event),
        Action::PostBelow(event),
        Action::MoveBack(event, ChannelId::new(event.get()), DeliveryId::new(event.get())),
        Action::New(mark),
        Action::New(None),
        Action::Retry(draft),
        Action::Pick(draft, i64::MAX, Some(i64::MAX)),
        Action::Pick(draft, -5, None),
        Action::ZonePicked(None),
        Action::ZoneOther(Some(draft)),
        Action::ReminderRemove(ReminderScope::Event(event), longest_key()),
        Action::OwnDirect(event, true),
        Action::NoDirect(GuildId::new(u64::MAX >> 1), event, mark),
        Action::OfferAccept(GuildId::new(u64::MAX >> 1), event),
        Action::OfferDecline(GuildId::new(u64::MAX >> 1), event),
        Action::ListPage(u32::MAX),
        Action::MinePage(0),
        Action::LogPage(event, u32::MAX),
        Action::MemberMove(event, UserId::new(u64::MAX >> 1), OptionId::new(255)),
        Action::MemberSwap(event, UserId::new(u64::MAX >> 1), OptionId::new(255)),
        Action::AttendancePage(UserId::new(u64::MAX >> 1), u32::MAX),
        Action::ReportDays(1, 99_991_231),
        Action::ReportEvent(event),
        Action::Presence(event),
        Action::CheckInCode(event),
        Action::CheckInCodeNow(event),
        Action::PresenceAll(event, u32::MAX),
        Action::PresenceNone(event, u32::MAX),
        Action::PresencePage(event, u32::MAX, Some(draft)),
        Action::PresenceThere(event, u32::MAX, None),
        Action::PresenceMissing(event, u32::MAX, Some(draft)),
        Action::PresenceUndo(event, u32::MAX, draft),
        Action::CheckIn(event),
        Action::RulesCheckIn(event, CheckIn::Code),
        Action::SettingsLeaderboards(true),
        Action::SettingsNudges(true),
    ];
    survive(&all);
    assert_eq!(Action::Answer(EventId::new(42), OptionId::new(1)).to_string(), "m1:a:16:1");
}

fn longest_key() -> ReminderKey {
    let time = ReminderTime::OfDay(time(23, 59, 0, 0));
    let audience = Audience::UnansweredOf(RoleId::new(u64::MAX >> 1));
    ReminderKey { time, audience, place: ReminderPlace::Thread }
}

#[test]
fn reminders_and_check_in_are_written_as_ever() {
    let time = ReminderTime::Before(SignedDuration::from_mins(15));
    let (audience, place) = (Audience::Expected, ReminderPlace::Thread);
    let key = ReminderKey { time, audience, place };
    let event = EventId::new(42);
    for (action, written) in [
        (Action::ReminderRemove(ReminderScope::Guild, key), "m1:Zx:0:f:0:2:0"),
        (Action::ReminderRemove(ReminderScope::Event(event), key), "m1:Zx:16:f:0:2:0"),
        (Action::RemindersUndo(ReminderScope::Guild, ReminderChangeId::new(5), None), "m1:Zu:0:5"),
        (Action::RemindersReset(ReminderScope::Guild), "m1:Zr:0"),
        (Action::RemindersReset(ReminderScope::Event(event)), "m1:Zr:16"),
        (Action::RulesCheckIn(event, CheckIn::Off), "m1:Rc:16:0"),
        (Action::RulesCheckIn(event, CheckIn::Button), "m1:Rc:16:1"),
        (Action::RulesCheckIn(event, CheckIn::Code), "m1:Rc:16:2"),
    ] {
        assert_eq!(action.to_string(), written);
        assert_eq!(Action::decode(written), Some(action));
    }
    for forged in ["m1:Zx:0:f:8:2:0", "m1:Zx:0:f:0:3:0", "m1:Zx:0:4bfk:0:2:0", "m1:Rc:16:3"] {
        assert_eq!(Action::decode(forged), None, "{forged}");
    }
}

fn survive(all: &[Action]) {
    for action in all {
        let written = action.to_string();
        assert_eq!(Action::decode(&written), Some(*action), "{written}");
        assert!(written.len() <= 60, "{written}");
    }
}

#[test]
fn settings_and_templates_survive_their_writing_and_stay_short() {
    survive(&[
        Action::Settings,
        Action::SettingsChannel,
        Action::SettingsOrganisers,
        Action::SettingsMention,
        Action::Doctor(None),
        Action::Doctor(Some(DeliveryId::new(u64::MAX >> 1))),
        Action::DoctorPage(u32::MAX),
        Action::DoctorChores,
        Action::DoctorRetry(DeliveryId::new(u64::MAX >> 1), u32::MAX),
        Action::SettingsZone,
        Action::SettingsTimes,
        Action::SettingsThreads(true),
        Action::SettingsCleanUp,
        Action::PrivacyErase,
        Action::SettingsAdminChannel,
        Action::SettingsNamesHidden(true),
        Action::SettingsRetention,
        Action::SettingsLanguage,
        Action::TemplatePage(u32::MAX),
        Action::TemplateRestore(TemplateId::new(u64::MAX >> 1)),
        Action::TemplateTakeBack(TemplateId::new(u64::MAX >> 1)),
        Action::TemplateReplace(EventId::new(u64::MAX >> 1), TemplateId::new(u64::MAX >> 1)),
        Action::TemplatePutBack(TemplateId::new(u64::MAX >> 1), TemplateId::new(u64::MAX >> 1)),
    ]);
}

#[test]
fn what_operators_use_survives_its_writing_and_stays_short() {
    survive(&[
        Action::Health,
        Action::Performance,
        Action::MemoryUse,
        Action::CleanUp,
        Action::SecurityPage(u32::MAX),
        Action::LiftMember(UserId::new(u64::MAX >> 1)),
        Action::LiftGuild(GuildId::new(u64::MAX >> 1)),
    ]);
}

#[test]
fn every_form_survives_its_writing_and_stays_short() {
    let event = EventId::new(u64::MAX >> 1);
    let seen = SeenEvent { event, version: u64::MAX >> 1 };
    let draft = InteractionId::new(u64::MAX >> 1);
    let series = SeriesId::new(u64::MAX >> 1);
    for form in [
        FormAction::Edit(seen),
        FormAction::Location(seen),
        FormAction::OwnNote(event),
        FormAction::OwnTimes(event),
        FormAction::Tell(event),
        FormAction::QuietHours,
        FormAction::AnswerNew(AnswersOf::Event(event)),
        FormAction::AnswerFace(AnswersOf::Event(event), OptionId::new(255), u64::MAX >> 1),
        FormAction::AnswerFace(AnswersOf::Series(series), OptionId::new(255), u64::MAX >> 1),
        FormAction::AnswersInWords(AnswersOf::Event(event), u64::MAX >> 1),
        FormAction::RulesNumbers(seen),
        FormAction::Picture(seen),
        FormAction::New(Some(draft)),
        FormAction::New(None),
        FormAction::SeriesEdit(series, u64::MAX >> 1),
        FormAction::SeriesPosting(series, u64::MAX >> 1),
        FormAction::SeriesOne(series, date(2027, 3, 16).at(20, 0, 0, 0)),
        FormAction::DayNew(Weekday::Monday, true, None),
        FormAction::DayNew(Weekday::Monday, false, Some(draft)),
        FormAction::Zone(Some(draft)),
        FormAction::CheckIn(event),
        FormAction::SettingsCleanUp(true),
        FormAction::SettingsTimes,
        FormAction::SettingsZone,
    ] {
        let written = form.to_string();
        assert_eq!(FormAction::decode(&written), Some(form), "{written}");
        assert_eq!(Action::decode(&written), None, "{written}");
        assert!(written.len() <= 60, "{written}");
    }
    let seen = SeenEvent { event: EventId::new(42), version: 7 };
    assert_eq!(FormAction::Edit(seen).to_string(), "m1:ef:16:7");
    assert_eq!(Action::Undo(seen).to_string(), "m1:u:16:7");
    assert_eq!(Action::SettingsNudges(true).to_string(), "m1:Sw:1");
    assert_eq!(Action::SettingsNudges(false).to_string(), "m1:Sw:0");
}

#[test]
fn a_part_of_the_roster_is_one_number() {
    let event = EventId::new(42);
    for (part, written) in [
        (RosterPart::Everyone, "m1:vp:16:0:3"),
        (RosterPart::Waitlist, "m1:vp:16:1:3"),
        (RosterPart::Option(OptionId::new(0)), "m1:vp:16:2:3"),
        (RosterPart::Option(OptionId::new(255)), "m1:vp:16:75:3"),
    ] {
        let action = Action::EverybodyPage(event, part, 3);
        assert_eq!(action.to_string(), written);
        assert_eq!(Action::decode(written), Some(action));
        assert_eq!(part_of_number(number_of_part(part)), Some(part));
    }
    assert_eq!(Action::decode("m1:vp:16:76:3"), None);
}

#[test]
fn answers_are_of_an_event_as_ever_or_of_a_series() {
    let (event, series) = (EventId::new(42), SeriesId::new(u64::MAX >> 1));
    let (event, series) = (AnswersOf::Event(event), AnswersOf::Series(series));
    survive(&[
        Action::Answers(event),
        Action::Answers(series),
        Action::AnswersUndo(series, u64::MAX >> 1),
        Action::AnswerMove(series, OptionId::new(255), 24),
    ]);
    assert_eq!(Action::Answers(event).to_string(), "m1:O:16");
    assert_eq!(Action::AnswersUndo(event, 7).to_string(), "m1:Ou:16:7");
    let one = AnswersOf::Series(SeriesId::new(42));
    assert_eq!(Action::AnswerRemove(one, OptionId::new(1)).to_string(), "m1:Ox:-16:1");
    for forged in ["m1:O:-", "m1:O:--1", "m1:O:-01", "m1:O:-+1", "m1:O:-A", "m1:O:-3w5e11264sgsf"] {
        assert_eq!(Action::decode(forged), None, "{forged}");
    }
}

#[test]
fn days_and_times_survive_their_writing_and_stay_short() {
    let draft = InteractionId::new(u64::MAX >> 1);
    survive(&[
        Action::PickRepeat(draft, 4),
        Action::SeriesSkip(SeriesId::new(u64::MAX >> 1), date(9999, 12, 31).at(23, 59, 0, 0)),
        Action::SetupDay(Weekday::Sunday),
        Action::DayNewAgain(draft, Weekday::Sunday, true),
        Action::SeriesEditAgain(draft, SeriesId::new(u64::MAX >> 1)),
        Action::SeriesPostingAgain(draft, SeriesId::new(u64::MAX >> 1)),
        Action::Unskip(date(2026, 12, 24), date(9999, 12, 31)),
    ]);
}

#[test]
fn what_is_not_ours_is_not_read() {
    for forged in [
        "",
        "m1",
        "m1:",
        "m2:a:1:1",
        "m1:a:1",
        "m1:a:1:1:1",
        "m1:a:-1:1",
        "m1:a:1:999",
        "m1:a:+1:1",
        "m1:a:01:1",
        "m1:a:ZZ:1",
        "m1:S:1",
        "m1:a:zzzzzzzzzzzzzzzzzzzz:1",
        "m1:a:3w5e11264sgsf:0",
        "m1:s:1:zz:1",
        "m1:s:1:ZZ",
        "m1:Us:0",
        "m1:Sn:2",
        "m1:Us:8",
        "m1:Ws:1:zzzzzzzzzz",
        "x",
    ] {
        assert_eq!(Action::decode(forged), None, "{forged}");
        assert_eq!(FormAction::decode(forged), None, "{forged}");
    }
}
