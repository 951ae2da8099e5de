//! What our buttons, selects and forms carry: a version, what to do, and for which event.
//!
//! Written as `m1:<verb>[:<number in base 36>]…`, so that every one stays far below Discord's 100
//! characters. Anybody can send any custom id, so that a decoded one says nothing about rights.

use std::fmt;

use jiff::civil::{Date, DateTime, Weekday};
use muster_domain::answer_option::OptionId;
use muster_domain::id::{
    ChannelId, DeliveryId, EventId, GuildId, InteractionId, ReminderChangeId, SeriesId, TemplateId,
    UserId,
};

mod parts;
mod text;

use self::parts::{Numbers, Part};

/// Makes [`Action`] and both directions of its writing from one table: a verb, what it is called
/// in the code, and the numbers that follow the verb.
macro_rules! actions {
    ($($(#[$doc:meta])* $verb:literal $name:ident $(($($part:ident: $kind:ty),+))?;)+) => {
        /// What a component or form asks for.
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        pub enum Action {
            $($(#[$doc])* $name $(($($kind),+))?,)+
        }

        impl Action {
            fn read(verb: &str, numbers: &mut Numbers<'_>) -> Option<Self> {
                Some(match verb {
                    $($verb => Self::$name $(($(<$kind>::read(numbers)?),+))?,)+
                    _ => return None,
                })
            }

            fn write(self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                match self {
                    $(Self::$name $(($($part),+))? => {
                        f.write_str($verb)?;
                        $($($part.write(f)?;)+)?
                    })+
                }
                Ok(())
            }
        }
    };
}

actions! {
    /// A member answers an event.
    "a" Answer(event: EventId, option: OptionId);
    /// A member answers an event with the option that is chosen from its list.
    "af" AnswerFrom(event: EventId);
    /// A member answers an event although it costs the place held now.
    "aa" AnswerAnyway(event: EventId, option: OptionId);
    /// Takes the place that is held for the member.
    "ah" AcceptPlace(event: EventId, option: OptionId);
    /// A member takes the answer back.
    "w" Withdraw(event: EventId);
    /// Everything else about an event ("⋯").
    "m" More(event: EventId);
    /// Looks at an event. On a message of our own accord it carries the delivery, as its mark.
    "s" Show(event: EventId, mark: Option<DeliveryId>);
    /// Opens the form to edit an event.
    "e" Edit(event: EventId);
    /// The form to edit an event, handed in; with the version that it was filled with.
    "ef" EditForm(event: EventId, version: u64);
    /// Opens the form for the location of an event.
    "l" Location(event: EventId);
    /// The form for the location, handed in; with the version that it was filled with.
    "lf" LocationForm(event: EventId, version: u64);
    /// Closes the answers.
    "c" Close(event: EventId);
    /// Takes answers again.
    "o" Reopen(event: EventId);
    /// Calls an event off.
    "x" Cancel(event: EventId);
    /// Takes back that it was called off.
    "r" Restore(event: EventId);
    /// Takes back a change of an event; with the version that came of it.
    "u" Undo(event: EventId, version: u64);
    /// Brings back an event that was called off.
    "b" BringBack(event: EventId);
    /// The same with the event that is chosen from a list.
    "bf" BringBackFrom;
    /// A page of the events that were called off.
    "bp" CalledOffPage(page: u32);
    /// Opens a member's own answer, with what can be said beside it.
    "y" Own(event: EventId);
    /// Opens the form for a member's note.
    "yn" OwnNote(event: EventId);
    /// The form for a member's note, handed in.
    "ynf" OwnNoteForm(event: EventId);
    /// How many guests a member brings, chosen.
    "yg" OwnGuests(event: EventId);
    /// Opens the form for coming late and going early.
    "yt" OwnTimes(event: EventId);
    /// The form for coming late and going early, handed in.
    "ytf" OwnTimesForm(event: EventId);
    /// Whether the member is told by direct message, too (1), or not (0).
    "yd" OwnDirect(event: EventId, direct: u8);
    /// On a direct message: no more of them about this event. It carries the delivery, as its mark.
    "yx" NoDirect(guild: GuildId, event: EventId, mark: Option<DeliveryId>);
    /// The event as a file for a calendar.
    "yc" Calendar(event: EventId);
    /// Opens the whole roster of an event, in pages.
    "v" Everybody(event: EventId);
    /// The part of the roster that is chosen.
    "vs" EverybodyPart(event: EventId);
    /// A page of a part of the roster: 0 for everyone, 1 for the waitlist, else an option and 2.
    "vp" EverybodyPage(event: EventId, part: u32, page: u32);
    /// The whole roster as text to copy.
    "vc" CopyList(event: EventId);
    /// Opens what organisers do for members.
    "q" Members(event: EventId);
    /// The answer is chosen that somebody is to have.
    "qo" MemberOption(event: EventId);
    /// The member is chosen who is to have this answer.
    "qa" MemberPut(event: EventId, option: OptionId);
    /// The member is chosen whose answer is taken back.
    "qx" MemberRemove(event: EventId);
    /// Takes back what was done for a member, by which this version of the event came about.
    "qu" MemberUndo(event: EventId, member: UserId, version: u64);
    /// Opens what is told to those who are coming: the form for it, or how far it is.
    "T" Tell(event: EventId);
    /// Opens the form for it.
    "To" TellOpen(event: EventId);
    /// The form for it, handed in.
    "Tf" TellForm(event: EventId);
    /// How far it is.
    "Tp" Telling(event: EventId);
    /// Takes it back, named by its first message.
    "Tb" TellBack(event: EventId, first: DeliveryId);
    /// Opens the reminders of an event.
    "Z" Reminders(event: EventId);
    /// Removes a reminder of an event, or of all of the guild (0): its time, audience, place and
    /// role in the numbers of the view.
    "Zx" ReminderRemove(event: EventId, time: u32, audience: u8, place: u8, role: u64);
    /// Has an event, or all of the guild (0), no reminders of its own any more.
    "Zr" RemindersReset(event: EventId);
    /// Takes back a change of the reminders of an event, or of all of the guild (0).
    "Zu" RemindersUndo(event: EventId, change: ReminderChangeId);
    /// Opens what a member wants of reminders.
    "zr" MyReminders;
    /// Whether reminders mention the member (1) or not (0).
    "zrm" MyMentions(mentioned: u8);
    /// Whether the member gets reminders by direct message (1) or not (0).
    "zrd" MyDirect(direct: u8);
    /// Opens the form for a member's quiet hours.
    "zrq" QuietHours;
    /// The form for a member's quiet hours, handed in.
    "zrf" QuietHoursForm;
    /// Opens the answers that an event offers, to edit them.
    "O" Answers(event: EventId);
    /// The same, in the place of what was there.
    "Ob" AnswersBack(event: EventId);
    /// Opens the form for another answer.
    "On" AnswerNew(event: EventId);
    /// The form for another answer, handed in.
    "Onf" AnswerNewForm(event: EventId);
    /// Edits the answer that is chosen from the list.
    "Op" AnswerPicked(event: EventId);
    /// Opens the form for what stands on an answer.
    "Oe" AnswerFace(event: EventId, option: OptionId);
    /// The form for what stands on an answer, handed in; with the version that it was filled with.
    "Oef" AnswerFaceForm(event: EventId, option: OptionId, version: u64);
    /// The colour of an answer, chosen.
    "Oc" AnswerColour(event: EventId, option: OptionId);
    /// Whether an answer counts as coming (1) or not (0).
    "Oy" AnswerComing(event: EventId, option: OptionId, coming: u8);
    /// Whether who picked an answer is told of changes (1) or not (0).
    "Ot" AnswerTold(event: EventId, option: OptionId, told: u8);
    /// The roles that may pick an answer, chosen.
    "Oa" AnswerAllowed(event: EventId, option: OptionId);
    /// The role that those have who are coming by an answer, chosen; none chosen is none.
    "Og" AnswerGrant(event: EventId, option: OptionId);
    /// Moves an answer to a place, counted from 0.
    "Om" AnswerMove(event: EventId, option: OptionId, place: u8);
    /// Offers an answer no longer.
    "Ox" AnswerRemove(event: EventId, option: OptionId);
    /// Offers the removed answer again that is chosen from the list.
    "Or" AnswerOfferAgain(event: EventId);
    /// Opens the form for all answers in words.
    "Ow" AnswersInWords(event: EventId);
    /// The form for all answers in words, handed in; with the version that it was filled with.
    "Owf" AnswersInWordsForm(event: EventId, version: u64);
    /// Takes back a change of the answers; with the version that came of it.
    "Ou" AnswersUndo(event: EventId, version: u64);
    /// Opens the rules of an event, to edit them.
    "R" Rules(event: EventId);
    /// Opens the form for the numbers of the rules.
    "Rn" RulesNumbers(event: EventId);
    /// The form for the numbers of the rules, handed in; with the version that it was filled with.
    "Rnf" RulesNumbersForm(event: EventId, version: u64);
    /// The roles that may answer, chosen.
    "Ra" RulesAllowed(event: EventId);
    /// The roles that may not answer, chosen.
    "Rd" RulesDenied(event: EventId);
    /// The roles that stand before others on the waitlist, chosen.
    "Rp" RulesPriority(event: EventId);
    /// Whether names are hidden (1) or not (0).
    "Rh" RulesHidden(event: EventId, hidden: u8);
    /// How members check in: not at all (0), by a button (1), or with a code (2).
    "Rc" RulesCheckIn(event: EventId, open: u8);
    /// Takes back a change of the rules; with the version that came of it.
    "Ru" RulesUndo(event: EventId, version: u64);
    /// Opens the form for the picture of an event.
    "i" Picture(event: EventId);
    /// The form for the picture, handed in; with the version that it was filled with.
    "if" PictureForm(event: EventId, version: u64);
    /// Posts an event again whose post was deleted.
    "p" PostAgain(event: EventId);
    /// Posts an event again at the bottom of its channel, in the place of its post there.
    "pb" PostBelow(event: EventId);
    /// Posts an event again in the channel where it was before this delivery moved it.
    "pu" MoveBack(event: EventId, channel: ChannelId, moved: DeliveryId);
    /// Opens an empty form for a new event. On a greeting it carries the delivery, as its mark.
    "n" New(mark: Option<DeliveryId>);
    /// The form for a new event, handed in; with what the form itself cannot carry.
    "nf" NewForm(draft: Option<InteractionId>);
    /// Opens the form again that was not taken as it was.
    "t" Retry(draft: InteractionId);
    /// Chooses one reading of ambiguous words: seconds of the start and, if said, of the end.
    "k" Pick(draft: InteractionId, start: i64, end: Option<i64>);
    /// Chooses one reading of words for how an event repeats, counted from 0.
    "kr" PickRepeat(draft: InteractionId, reading: u8);
    /// Opens a series.
    "W" Series(series: SeriesId);
    /// Opens the series that is chosen from a list.
    "Wf" SeriesFrom;
    /// Opens the series of an event.
    "Wv" SeriesOf(event: EventId);
    /// Opens the form for a series.
    "We" SeriesEdit(series: SeriesId);
    /// The form for a series, handed in; with the version that it was filled with.
    "Wef" SeriesEditForm(series: SeriesId, version: u64);
    /// Opens the form for when a series is posted.
    "Wp" SeriesPosting(series: SeriesId);
    /// The form for when a series is posted, handed in; with the version that it was filled with.
    "Wpf" SeriesPostingForm(series: SeriesId, version: u64);
    /// Opens a form for a series again that was not taken as it was.
    "Wej" SeriesEditAgain(draft: InteractionId, series: SeriesId);
    /// Opens the form for when a series is posted again that was not taken as it was.
    "Wpj" SeriesPostingAgain(draft: InteractionId, series: SeriesId);
    /// Opens the occurrence of a series that is chosen from the list.
    "Wd" SeriesDate(series: SeriesId);
    /// Has the occurrence take place that is chosen from the list of those left out.
    "Wt" SeriesSkipped(series: SeriesId);
    /// Leaves an occurrence out.
    "Ws" SeriesSkip(series: SeriesId, occurrence: DateTime);
    /// Has an occurrence take place that was left out.
    "Wk" SeriesUnskip(series: SeriesId, occurrence: DateTime);
    /// Opens the form for one occurrence alone.
    "Wo" SeriesEditOne(series: SeriesId, occurrence: DateTime);
    /// The form for one occurrence alone, whose event is made when it is handed in.
    "Wof" SeriesOneForm(series: SeriesId, occurrence: DateTime);
    /// Posts an occurrence at once.
    "Wn" SeriesPostNow(series: SeriesId, occurrence: DateTime);
    /// Ends a series.
    "Wx" SeriesEnd(series: SeriesId);
    /// Has an ended series go on.
    "Wr" SeriesResume(series: SeriesId);
    /// Opens the choice of where a series is posted, and whom that mentions.
    "Wq" SeriesPlace(series: SeriesId);
    /// Has a series be posted in the channel that is chosen from the list.
    "Wc" SeriesChannel(series: SeriesId);
    /// Has a series mention the role that is chosen from the list.
    "Wm" SeriesMention(series: SeriesId);
    /// Has a series mention nobody.
    "Wz" SeriesMentionNobody(series: SeriesId);
    /// Takes back a change of a series; with the version that came of it.
    "Wu" SeriesUndo(series: SeriesId, version: u64);
    /// Has all that follows in a series be like this event.
    "Wl" SeriesLike(event: EventId);
    /// Has all that follows in a series be reminded of like this event.
    "Wi" SeriesRemindLike(event: EventId);
    /// Opens the weekly schedule.
    "U" Week;
    /// Goes to a day in setting up the week.
    "Us" SetupDay(day: Weekday);
    /// Ends setting up the week.
    "Ue" SetupEnd;
    /// Opens the form for one more event on a day of the week; from setting it up, if 1.
    "Un" DayNew(day: Weekday, setup: u8);
    /// The form for one more event on a day, handed in.
    "Unf" DayNewForm(day: Weekday, setup: u8, kept: Option<InteractionId>);
    /// Opens a form for one more event on a day again that was not taken as it was.
    "Unj" DayNewAgain(draft: InteractionId, day: Weekday, setup: u8);
    /// Plans again what was ended on a day.
    "Ur" DayResume(series: SeriesId);
    /// Has the schedule go on on days that were to be skipped.
    "Uk" Unskip(first: Date, last: Date);
    /// A zone chosen from a list, to go on with a form.
    "z" ZonePicked(draft: Option<InteractionId>);
    /// Opens the form for a zone that is not in the list.
    "zo" ZoneOther(draft: Option<InteractionId>);
    /// The form for a zone, handed in.
    "zf" ZoneForm(draft: Option<InteractionId>);
    /// A page of the events that are coming up.
    "lp" ListPage(page: u32);
    /// A page of a member's own answers.
    "mp" MinePage(page: u32);
    /// A page of the guild's templates.
    "tp" TemplatePage(page: u32);
    /// Brings a deleted template back.
    "tr" TemplateRestore(template: TemplateId);
    /// Takes the saving of a template back.
    "tu" TemplateTakeBack(template: TemplateId);
    /// Erases everything on who taps.
    "pe" PrivacyErase;
    /// A page of an event's history.
    "hp" LogPage(event: EventId, page: u32);
    /// A page of what a member answered.
    "ap" AttendancePage(member: UserId, page: u32);
    /// Shows the report on some days to all: which days, and the first one as 20261123.
    "Pw" ReportDays(stretch: u8, day: u32);
    /// Shows the report on an event to all.
    "Pe" ReportEvent(event: EventId);
    /// Opens the panel where it is marked who was there.
    "B" Presence(event: EventId);
    /// A page of it.
    "Bp" PresencePage(event: EventId, page: u32);
    /// All were there who are not marked yet; with the page that is shown.
    "Ba" PresenceAll(event: EventId, page: u32);
    /// Those who were there, chosen.
    "By" PresenceThere(event: EventId, page: u32);
    /// Those who were missing, chosen.
    "Bn" PresenceMissing(event: EventId, page: u32);
    /// Takes back what an interaction marked.
    "Bu" PresenceUndo(event: EventId, page: u32, made_with: InteractionId);
    /// A member checks in.
    "Bc" CheckIn(event: EventId);
    /// The code, typed by a member who checks in.
    "Bcf" CheckInForm(event: EventId);
    /// Shows organisers the code with which members check in.
    "Bk" CheckInCode(event: EventId);
    /// The same in the place of the one that was shown.
    "Bkn" CheckInCodeNow(event: EventId);
    /// Tests what the bot needs in the guild. On a report it carries the delivery, as its mark.
    "D" Doctor(mark: Option<DeliveryId>);
    /// A page of the messages that failed.
    "Dp" DoctorPage(page: u32);
    /// Has a message that failed tried again, on this page of them.
    "Dr" DoctorRetry(delivery: DeliveryId, page: u32);
    /// Has all that was given up about posts done again.
    "Dc" DoctorChores;
    /// Opens the guild's settings.
    "S" Settings;
    /// The channel for posts, chosen in the settings.
    "Sc" SettingsChannel;
    /// The organiser roles, chosen in the settings.
    "So" SettingsOrganisers;
    /// The role to mention, chosen in the settings.
    "Sm" SettingsMention;
    /// The channel for organisers, chosen in the settings.
    "Sa" SettingsAdminChannel;
    /// Whether new events hide names (1) or not (0), chosen in the settings.
    "Sn" SettingsNamesHidden(hidden: u8);
    /// Whether a report that all see names those who come most often (1) or not (0).
    "Sb" SettingsLeaderboards(shown: u8);
    /// Whether organisers are told on Mondays that nothing is planned (1) or not (0).
    "Sw" SettingsNudges(nudges: u8);
    /// How long events are kept that are over, chosen in the settings.
    "Sr" SettingsRetention;
    /// The language, chosen in the settings.
    "Sl" SettingsLanguage;
    /// Whether new events get a thread (1) or not (0), chosen in the settings.
    "Sh" SettingsThreads(threads: u8);
    /// What becomes of posts of events that are over, chosen in the settings.
    "Sk" SettingsCleanUp;
    /// The form for after how many hours that happens, handed in; 0 to archive, 1 to delete.
    "Skf" SettingsCleanUpForm(deletes: u8);
    /// Opens the form for the usual times of day of events and posts.
    "St" SettingsTimes;
    /// The form for the usual times of day, handed in.
    "Stf" SettingsTimesForm;
    /// Opens the form for the guild's zone.
    "Sz" SettingsZone;
    /// The form for the guild's zone, handed in.
    "Sf" SettingsZoneForm;
    /// An operator looks at the overview of the running bot.
    "Vh" Health;
    /// At how fast it is.
    "Vp" Performance;
    /// At its memory.
    "Vm" MemoryUse;
    /// Has it clean its memory up.
    "Vc" CleanUp;
    /// At a page of who is kept out, with what should not happen.
    "Vs" SecurityPage(page: u32);
    /// Lets a member in again.
    "Vl" LiftMember(member: UserId);
    /// Lets a guild in again.
    "Vg" LiftGuild(guild: GuildId);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_about_reminders_survives_its_writing() {
        let (event, change) = (EventId::new(u64::MAX >> 1), ReminderChangeId::new(u64::MAX >> 1));
        for action in [
            Action::RemindersUndo(event, change),
            Action::MyReminders,
            Action::MyMentions(1),
            Action::MyDirect(0),
            Action::QuietHours,
            Action::QuietHoursForm,
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
            Action::More(event),
            Action::Show(event, mark),
            Action::Show(event, None),
            Action::Edit(event),
            Action::EditForm(event, u64::MAX >> 1),
            Action::Location(event),
            Action::LocationForm(event, 1),
            Action::Close(event),
            Action::Reopen(event),
            Action::Cancel(event),
            Action::Restore(event),
            Action::Undo(event, u64::MAX >> 1),
            Action::BringBack(event),
            Action::BringBackFrom,
            Action::CalledOffPage(3),
            Action::PostAgain(event),
            Action::PostBelow(event),
            Action::MoveBack(event, ChannelId::new(event.get()), DeliveryId::new(event.get())),
            Action::New(mark),
            Action::New(None),
            Action::NewForm(Some(draft)),
            Action::Retry(draft),
            Action::Pick(draft, i64::MAX, Some(i64::MAX)),
            Action::Pick(draft, -5, None),
            Action::ZonePicked(None),
            Action::ZoneOther(Some(draft)),
            Action::ZoneForm(Some(draft)),
            Action::ReminderRemove(event, u32::MAX, 255, 255, u64::MAX >> 1),
            Action::OwnDirect(event, 1),
            Action::NoDirect(GuildId::new(u64::MAX >> 1), event, mark),
            Action::ListPage(u32::MAX),
            Action::MinePage(0),
            Action::LogPage(event, u32::MAX),
            Action::AttendancePage(UserId::new(u64::MAX >> 1), u32::MAX),
            Action::ReportDays(1, 99_991_231),
            Action::ReportEvent(event),
            Action::Presence(event),
            Action::CheckInForm(event),
            Action::CheckInCode(event),
            Action::CheckInCodeNow(event),
            Action::PresenceAll(event, u32::MAX),
            Action::PresenceThere(event, u32::MAX),
            Action::PresenceMissing(event, u32::MAX),
            Action::PresenceUndo(event, u32::MAX, draft),
            Action::CheckIn(event),
            Action::RulesCheckIn(event, 1),
            Action::SettingsLeaderboards(1),
            Action::SettingsNudges(1),
        ];
        survive(&all);
        assert_eq!(Action::Answer(EventId::new(42), OptionId::new(1)).to_string(), "m1:a:16:1");
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
            Action::SettingsZoneForm,
            Action::SettingsTimes,
            Action::SettingsTimesForm,
            Action::SettingsThreads(1),
            Action::SettingsCleanUp,
            Action::SettingsCleanUpForm(1),
            Action::PrivacyErase,
            Action::SettingsAdminChannel,
            Action::SettingsNamesHidden(1),
            Action::SettingsRetention,
            Action::SettingsLanguage,
            Action::TemplatePage(u32::MAX),
            Action::TemplateRestore(TemplateId::new(u64::MAX >> 1)),
            Action::TemplateTakeBack(TemplateId::new(u64::MAX >> 1)),
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
    fn days_and_times_survive_their_writing_and_stay_short() {
        let draft = InteractionId::new(u64::MAX >> 1);
        survive(&[
            Action::PickRepeat(draft, 4),
            Action::SeriesOneForm(
                SeriesId::new(u64::MAX >> 1),
                jiff::civil::date(2027, 3, 16).at(20, 0, 0, 0),
            ),
            Action::SeriesEditForm(SeriesId::new(u64::MAX >> 1), u64::MAX >> 1),
            Action::SeriesSkip(
                SeriesId::new(u64::MAX >> 1),
                jiff::civil::date(9999, 12, 31).at(23, 59, 0, 0),
            ),
            Action::SetupDay(Weekday::Sunday),
            Action::DayNewForm(Weekday::Monday, 1, None),
            Action::DayNewForm(Weekday::Monday, 0, Some(draft)),
            Action::DayNewAgain(draft, Weekday::Sunday, 1),
            Action::SeriesEditAgain(draft, SeriesId::new(u64::MAX >> 1)),
            Action::SeriesPostingAgain(draft, SeriesId::new(u64::MAX >> 1)),
            Action::Unskip(jiff::civil::date(2026, 12, 24), jiff::civil::date(9999, 12, 31)),
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
            "m1:Us:8",
            "m1:Ws:1:zzzzzzzzzz",
            "x",
        ] {
            assert_eq!(Action::decode(forged), None, "{forged}");
        }
    }
}
