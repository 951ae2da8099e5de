//! What buttons and selects ask for, by what it is about.

use jiff::civil::{Date, DateTime, Weekday};
use muster_domain::answer_option::OptionId;
use muster_domain::id::{
    ChannelId, DeliveryId, EventId, GuildId, InteractionId, ReminderChangeId, SeriesId, TemplateId,
    UserId,
};
use muster_domain::{reminder::ReminderKey, rules::CheckIn};
use muster_store::model::{RosterPart, SeenEvent};

use super::{parts::AnswersOf, reminder_parts::ReminderScope, table::actions_by_subject};

actions_by_subject! {
    /// What a component asks for.
    Action by Subject;
    /// A member answers.
    Tap TapAction {
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
    }

    /// One event, and what organisers do with it.
    Event EventAction {
        /// Everything else about an event ("⋯").
        "m" More(event: EventId);
        /// Looks at an event. On a message of our own accord it carries the delivery, as its mark.
        "s" Show(event: EventId, mark: Option<DeliveryId>);
        /// Opens the form to edit an event.
        "e" Edit(event: EventId);
        /// Opens the form for the location of an event.
        "l" Location(event: EventId);
        /// Closes the answers.
        "c" Close(event: EventId);
        /// Takes answers again.
        "o" Reopen(event: EventId);
        /// Calls an event off.
        "x" Cancel(event: EventId);
        /// Takes back that it was called off.
        "r" Restore(event: EventId);
        /// Takes back a change of an event; with the version that came of it.
        "u" Undo(changed: SeenEvent);
        /// Brings back an event that was called off.
        "b" BringBack(event: EventId);
        /// Opens the form for the picture of an event.
        "i" Picture(event: EventId);
        /// Posts an event again whose post was deleted.
        "p" PostAgain(event: EventId);
        /// Posts an event again at the bottom of its channel, in the place of its post there.
        "pb" PostBelow(event: EventId);
        /// Posts an event again in the channel where it was before this delivery moved it.
        "pu" MoveBack(event: EventId, channel: ChannelId, moved: DeliveryId);
        /// A page of an event's history.
        "hp" LogPage(event: EventId, page: u32);
    }

    /// Pages of lists, and what is chosen from them.
    List ListAction {
        /// The same with the event that is chosen from a list.
        "bf" BringBackFrom;
        /// A page of the events that were called off.
        "bp" CalledOffPage(page: u32);
        /// A page of the events that are coming up.
        "lp" ListPage(page: u32);
        /// A page of a member's own answers.
        "mp" MinePage(page: u32);
        /// A page of what a member answered.
        "ap" AttendancePage(member: UserId, page: u32);
        /// A page of the guild's templates.
        "tp" TemplatePage(page: u32);
        /// Brings a deleted template back.
        "tr" TemplateRestore(template: TemplateId);
        /// Takes the saving of a template back.
        "tu" TemplateTakeBack(template: TemplateId);
        /// Saves an event in the place of a template, under its name.
        "tv" TemplateReplace(event: EventId, template: TemplateId);
        /// Takes it back that the first template took the place of the second.
        "tw" TemplatePutBack(template: TemplateId, replaced: TemplateId);
    }

    /// A new event, and a form that goes on when something was chosen.
    Draft DraftAction {
        /// Opens an empty form for a new event. On a greeting it carries the delivery, as its mark.
        "n" New(mark: Option<DeliveryId>);
        /// Opens the form again that was not taken as it was.
        "t" Retry(draft: InteractionId);
        /// Chooses one reading of ambiguous words: seconds of the start and, if said, of the end.
        "k" Pick(draft: InteractionId, start: i64, end: Option<i64>);
        /// Chooses one reading of words for how an event repeats, counted from 0.
        "kr" PickRepeat(draft: InteractionId, reading: u8);
        /// A zone chosen from a list, to go on with a form.
        "z" ZonePicked(draft: Option<InteractionId>);
        /// Opens the form for a zone that is not in the list.
        "zo" ZoneOther(draft: Option<InteractionId>);
    }

    /// A member's own answer, and what a member wants of reminders.
    Own OwnAction {
        /// Opens a member's own answer, with what can be said beside it.
        "y" Own(event: EventId);
        /// Opens the form for a member's note.
        "yn" OwnNote(event: EventId);
        /// How many guests a member brings, chosen.
        "yg" OwnGuests(event: EventId);
        /// Opens the form for coming late and going early.
        "yt" OwnTimes(event: EventId);
        /// Whether the member is told by direct message, too.
        "yd" OwnDirect(event: EventId, direct: bool);
        /// The event as a file for a calendar.
        "yc" Calendar(event: EventId);
        /// Opens what a member wants of reminders.
        "zr" MyReminders;
        /// Whether reminders mention the member.
        "zrm" MyMentions(mentioned: bool);
        /// Whether the member gets reminders by direct message.
        "zrd" MyDirect(direct: bool);
        /// Opens the form for a member's quiet hours.
        "zrq" QuietHours;
    }

    /// Who answered, and what organisers do for members.
    Roster RosterAction {
        /// Opens the whole roster of an event, in pages.
        "v" Everybody(event: EventId);
        /// The part of the roster that is chosen.
        "vs" EverybodyPart(event: EventId);
        /// The same in a further select, where one does not hold all parts.
        "vsm" EverybodyPartMore(event: EventId, number: u8);
        /// A page of a part of the roster.
        "vp" EverybodyPage(event: EventId, part: RosterPart, page: u32);
        /// The whole roster as text to copy.
        "vc" CopyList(event: EventId);
        /// Opens what organisers do for members.
        "q" Members(event: EventId);
        /// The answer is chosen that somebody is to have.
        "qo" MemberOption(event: EventId);
        /// The member is chosen who is to have this answer.
        "qa" MemberPut(event: EventId, option: OptionId);
        /// Gives a member this answer although it costs the place that they hold.
        "qw" MemberMove(event: EventId, member: UserId, option: OptionId);
        /// The member is chosen with whom this one swaps: this answer with its place is theirs.
        "qs" MemberSwap(event: EventId, member: UserId, option: OptionId);
        /// The member is chosen whose answer is taken back.
        "qx" MemberRemove(event: EventId);
        /// Takes back what was done for a member, by which this version of the event came about.
        "qu" MemberUndo(event: EventId, member: UserId, version: u64);
    }

    /// What members are told, and when they are reminded.
    Told ToldAction {
        /// Opens what is told to those who are coming: the form for it, or how far it is.
        "T" Tell(event: EventId);
        /// Opens the form for it.
        "To" TellOpen(event: EventId);
        /// How far it is.
        "Tp" Telling(event: EventId);
        /// Takes it back, named by its first message.
        "Tb" TellBack(event: EventId, first: DeliveryId);
        /// Opens the reminders of an event.
        "Z" Reminders(event: EventId);
        /// A page of reminders, with the change that can still be taken back.
        "Zp" RemindersPage(scope: ReminderScope, page: u32, undo: Option<ReminderChangeId>);
        /// Removes a reminder.
        "Zx" ReminderRemove(scope: ReminderScope, key: ReminderKey);
        /// Has an event, or all of the guild, no reminders of its own any more.
        "Zr" RemindersReset(scope: ReminderScope);
        /// Takes back a change of reminders, and shows that page then; older buttons have none.
        "Zu" RemindersUndo(scope: ReminderScope, change: ReminderChangeId, page: Option<u32>);
    }

    /// The answers that an event, or each of a series, offers.
    Answers AnswersAction {
        /// Opens the answers that an event or series offers, to edit them.
        "O" Answers(of: AnswersOf);
        /// The same, in the place of what was there.
        "Ob" AnswersBack(of: AnswersOf);
        /// Opens the form for another answer.
        "On" AnswerNew(of: AnswersOf);
        /// Edits the answer that is chosen from the list.
        "Op" AnswerPicked(of: AnswersOf);
        /// Opens the form for what stands on an answer.
        "Oe" AnswerFace(of: AnswersOf, option: OptionId);
        /// The colour of an answer, chosen.
        "Oc" AnswerColour(of: AnswersOf, option: OptionId);
        /// Whether an answer counts as coming.
        "Oy" AnswerComing(of: AnswersOf, option: OptionId, coming: bool);
        /// Whether who picked an answer is told of changes.
        "Ot" AnswerTold(of: AnswersOf, option: OptionId, told: bool);
        /// The roles that may pick an answer, chosen; with the version that was seen.
        "Oa" AnswerAllowed(of: AnswersOf, option: OptionId, version: u64);
        /// The role that those have who are coming by an answer, chosen; none chosen is none.
        "Og" AnswerGrant(of: AnswersOf, option: OptionId);
        /// Moves an answer to a place, counted from 0.
        "Om" AnswerMove(of: AnswersOf, option: OptionId, place: u8);
        /// Offers an answer no longer.
        "Ox" AnswerRemove(of: AnswersOf, option: OptionId);
        /// Offers the removed answer again that is chosen from the list.
        "Or" AnswerOfferAgain(of: AnswersOf);
        /// Opens the form for all answers in words.
        "Ow" AnswersInWords(of: AnswersOf);
        /// Takes back a change of the answers; with the version that came of it.
        "Ou" AnswersUndo(of: AnswersOf, version: u64);
    }

    /// The rules of an event.
    Rules RulesAction {
        /// Opens the rules of an event, to edit them.
        "R" Rules(event: EventId);
        /// Opens the form for the numbers of the rules.
        "Rn" RulesNumbers(event: EventId);
        /// The roles that may answer, chosen on top of those that were seen.
        "Ra" RulesAllowed(seen: SeenEvent);
        /// The roles that may not answer, chosen.
        "Rd" RulesDenied(seen: SeenEvent);
        /// The roles that stand before others on the waitlist, chosen.
        "Rp" RulesPriority(seen: SeenEvent);
        /// The role that an event mentions, chosen; none chosen is none.
        "Rm" RulesMention(seen: SeenEvent);
        /// Whether names are hidden.
        "Rh" RulesHidden(event: EventId, hidden: bool);
        /// How members check in.
        "Rc" RulesCheckIn(event: EventId, way: CheckIn);
        /// Takes back a change of the rules; with the version that came of it.
        "Ru" RulesUndo(changed: SeenEvent);
    }

    /// A series.
    Series SeriesAction {
        /// Opens a series.
        "W" Series(series: SeriesId);
        /// Opens the series that is chosen from a list.
        "Wf" SeriesFrom;
        /// Opens the series of an event.
        "Wv" SeriesOf(event: EventId);
        /// Opens the form for a series.
        "We" SeriesEdit(series: SeriesId);
        /// Opens the form for when a series is posted.
        "Wp" SeriesPosting(series: SeriesId);
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
        /// Has all that follows in a series change as this event did, from a version to another.
        "Wl" SeriesLike(event: EventId, before: u64, after: u64);
        /// Has all that follows in a series be reminded of like this event.
        "Wi" SeriesRemindLike(event: EventId);
        /// Has all that follows in a series have the rules of this event.
        "Wy" SeriesRulesLike(event: EventId);
    }

    /// The weekly schedule.
    Week WeekAction {
        /// Opens the weekly schedule.
        "U" Week;
        /// Goes to a day in setting up the week.
        "Us" SetupDay(day: Weekday);
        /// Ends setting up the week.
        "Ue" SetupEnd;
        /// Opens the form for one more event on a day of the week; perhaps from setting it up.
        "Un" DayNew(day: Weekday, setup: bool);
        /// Opens a form for one more event on a day again that was not taken as it was.
        "Unj" DayNewAgain(draft: InteractionId, day: Weekday, setup: bool);
        /// Plans again what was ended on a day.
        "Ur" DayResume(series: SeriesId);
        /// Has the schedule go on on days that were to be skipped.
        "Uk" Unskip(first: Date, last: Date);
    }

    /// Who was there, and reports.
    Past PastAction {
        /// Shows the report on some days to all: which days, and the first one as 20261123.
        "Pw" ReportDays(stretch: u8, day: u32);
        /// Shows the report on an event to all.
        "Pe" ReportEvent(event: EventId);
        /// Opens the panel where it is marked who was there.
        "B" Presence(event: EventId);
        /// A page of it; like what follows with what can be taken back.
        "Bp" PresencePage(event: EventId, page: u32, undo: Option<InteractionId>);
        /// All were there who are not marked yet; with the page that is shown.
        "Ba" PresenceAll(event: EventId, page: u32);
        /// All were absent who are not marked yet; with the page that is shown.
        "Bx" PresenceNone(event: EventId, page: u32);
        /// Those who were there, chosen.
        "By" PresenceThere(event: EventId, page: u32, undo: Option<InteractionId>);
        /// Those who were missing, chosen.
        "Bn" PresenceMissing(event: EventId, page: u32, undo: Option<InteractionId>);
        /// Takes back what an interaction marked.
        "Bu" PresenceUndo(event: EventId, page: u32, made_with: InteractionId);
        /// A member checks in.
        "Bc" CheckIn(event: EventId);
        /// Shows organisers the code with which members check in.
        "Bk" CheckInCode(event: EventId);
        /// The same in the place of the one that was shown.
        "Bkn" CheckInCodeNow(event: EventId);
    }

    /// What a guild chooses, and what it needs.
    Guild GuildAction {
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
        /// Whether new events hide names, chosen in the settings.
        "Sn" SettingsNamesHidden(hidden: bool);
        /// Whether a report that all see names those who come most often.
        "Sb" SettingsLeaderboards(shown: bool);
        /// Whether organisers are told on Mondays that nothing is planned.
        "Sw" SettingsNudges(nudges: bool);
        /// How long events are kept that are over, chosen in the settings.
        "Sr" SettingsRetention;
        /// The language, chosen in the settings.
        "Sl" SettingsLanguage;
        /// Whether new events get a thread, chosen in the settings.
        "Sh" SettingsThreads(threads: bool);
        /// What becomes of posts of events that are over, chosen in the settings.
        "Sk" SettingsCleanUp;
        /// Opens the form for the usual times of day of events and posts.
        "St" SettingsTimes;
        /// Opens the form for the guild's zone.
        "Sz" SettingsZone;
    }

    /// What is about a person and not about a guild: it works in direct messages.
    Person PersonAction {
        /// On a direct message, with its mark: no more of them about this event.
        "yx" NoDirect(guild: GuildId, event: EventId, mark: Option<DeliveryId>);
        /// On a message about it: takes the place that is held for who taps, if one is.
        "yh" OfferAccept(guild: GuildId, event: EventId);
        /// On a direct message about it: lets the place go that is held for who taps, if one is.
        "yl" OfferDecline(guild: GuildId, event: EventId);
        /// Erases everything on who taps.
        "pe" PrivacyErase;
    }

    /// What only who runs the bot sees and does.
    Operator OperatorAction {
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
}
