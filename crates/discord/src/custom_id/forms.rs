//! What forms ask for that are handed in.

use jiff::civil::{DateTime, Weekday};
use muster_domain::answer_option::OptionId;
use muster_domain::id::{EventId, InteractionId, SeriesId};
use muster_store::model::SeenEvent;

use super::parts::AnswersOf;
use super::table::actions;

actions! {
    /// What a form asks for. One that edits what others may edit meanwhile carries the version that
    /// it was filled with.
    FormAction;

    /// The form to edit an event.
    "ef" Edit(seen: SeenEvent);
    /// The form for the location.
    "lf" Location(seen: SeenEvent);
    /// The form for a member's note.
    "ynf" OwnNote(event: EventId);
    /// The form for coming late and going early.
    "ytf" OwnTimes(event: EventId);
    /// The form for what is told to those who are coming.
    "Tf" Tell(event: EventId);
    /// The form for a member's quiet hours.
    "zrf" QuietHours;
    /// The form for another answer.
    "Onf" AnswerNew(of: AnswersOf);
    /// The form for what stands on an answer.
    "Oef" AnswerFace(of: AnswersOf, option: OptionId, version: u64);
    /// The form for all answers in words.
    "Owf" AnswersInWords(of: AnswersOf, version: u64);
    /// The form for the numbers of the rules.
    "Rnf" RulesNumbers(seen: SeenEvent);
    /// The form for the picture.
    "if" Picture(seen: SeenEvent);
    /// The form for a new event, with what the form itself cannot carry.
    "nf" New(draft: Option<InteractionId>);
    /// The form for a series.
    "Wef" SeriesEdit(series: SeriesId, version: u64);
    /// The form for when a series is posted.
    "Wpf" SeriesPosting(series: SeriesId, version: u64);
    /// The form for one occurrence alone, whose event is made when it is handed in.
    "Wof" SeriesOne(series: SeriesId, occurrence: DateTime);
    /// The form for one more event on a day.
    "Unf" DayNew(day: Weekday, setup: bool, kept: Option<InteractionId>);
    /// The form for a zone.
    "zf" Zone(draft: Option<InteractionId>);
    /// The code, typed by a member who checks in.
    "Bcf" CheckIn(event: EventId);
    /// The form for after how many hours posts are deleted, or else their threads archived.
    "Skf" SettingsCleanUp(deletes: bool);
    /// The form for the usual times of day.
    "Stf" SettingsTimes;
    /// The form for the guild's zone.
    "Sf" SettingsZone;
}
