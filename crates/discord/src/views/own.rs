//! A member's own answer, with what can be said beside it.

use jiff::Timestamp;
use muster_domain::answer_option::OptionId;
use muster_domain::duration::duration_in_words;
use muster_domain::event::{Event, Phase, Span};
use muster_domain::id::EventId;
use muster_domain::roster::{Place, Signup};
use muster_domain::signup_details::SignupDetails;
use muster_domain::text::{Note, OptionLabel};
use muster_store::model::RosterLine;

use crate::custom_id::{Action, FormAction};
use crate::rest::File;
use crate::views::message::{
    Button, Component, Message, Modal, Select, SelectOption, Style, TextInput,
};
use crate::views::messages::{Key, Words};
use crate::views::text::{fitted, full, grouped, plain, relative, time, title_of};
use crate::views::wishes;

const BLUE: u32 = 0x58_65_F2;

/// The file for a calendar, with what is said beside it.
#[must_use]
pub fn calendar(words: Words, file: File) -> Message {
    Message::text(words.plain(Key::OwnCalendar)).file(file)
}

/// What is said to whom wants no more messages about an event.
#[must_use]
pub fn no_direct(words: Words) -> Message {
    Message::text(words.plain(Key::OwnUndirect))
}

/// What the fields are called when a form comes back.
pub mod field {
    /// The note.
    pub const NOTE: &str = "note";
    /// When they come.
    pub const ARRIVES: &str = "arrives";
    /// When they go.
    pub const LEAVES: &str = "leaves";
}

/// The answer, with everything that can be said beside it while the event takes it.
#[must_use]
pub fn panel(words: Words, event: &Event, line: &RosterLine, now: Timestamp) -> Message {
    let RosterLine { signup, details, .. } = line;
    let heading = format!("## {}\n{}", title_of(event), standing(words, event, line, now));
    let mut parts = vec![Component::text(heading)];
    let accept = accept(words, event, line, now);
    parts.extend(accept.map(|button| Component::buttons(vec![button])));
    parts.push(Component::separator());
    let is_open = matches!(event.phase(now), Phase::Open | Phase::Closed | Phase::Running);
    let section = |text, label, action| section(is_open, text, words.plain(label), action);
    let (direct, turn) = direct(details);
    let other = Action::OwnDirect(event.id, !details.direct);
    parts.push(section(note(words, details), Key::OwnNoteChange, Action::OwnNote(event.id)));
    parts.push(section(times(words, details), Key::OwnTimesChange, Action::OwnTimes(event.id)));
    parts.push(section(words.plain(direct).to_owned(), turn, other));
    if is_open {
        let reminders = words.plain(Key::OwnReminders);
        parts.push(Component::section(reminders, wishes::button(words)));
    }
    parts.push(Component::text(guests(words, event, *signup)));
    if let Some(most) = guests_possible(event, *signup, now) {
        parts.push(Component::row(vec![Component::Select(guests_select(words, event, most))]));
    }
    Message::panel(vec![Component::container(BLUE, parts)])
}

/// The form for the note.
#[must_use]
pub fn note_form(words: Words, event: EventId, details: &SignupDetails) -> Modal {
    let present = details.note.as_ref().map_or("", Note::as_str);
    let input = TextInput::line(field::NOTE, 2 * Note::MAX).optional().value(present);
    let [label, hint] = [Key::OwnNoteChange, Key::OwnNoteHint].map(|key| words.plain(key));
    let fields = vec![Component::field(label, hint, input)];
    Modal::new(FormAction::OwnNote(event), words.plain(Key::OwnNoteTitle), fields)
}

/// The form for coming late and going early. What is said of it is filled in as it is read again:
/// in English.
#[must_use]
pub fn times_form(words: Words, event: EventId, span: Span, details: &SignupDetails) -> Modal {
    let late = details.arrives.map(|at| at.duration_since(span.start()));
    let early = details.leaves.map(|at| span.end().duration_since(at));
    let line = |name, present: Option<jiff::SignedDuration>, none| {
        let present = present.map(duration_in_words).unwrap_or_default();
        TextInput::line(name, 60).optional().value(&present).placeholder(words.plain(none))
    };
    let field = |label, hint, input| {
        let [label, hint] = [label, hint].map(|key| words.plain(key));
        Component::field(label, hint, input)
    };
    let arrives = line(field::ARRIVES, late, Key::OwnArrivesNone);
    let leaves = line(field::LEAVES, early, Key::OwnLeavesNone);
    let fields = vec![
        field(Key::OwnArrives, Key::OwnArrivesHint, arrives),
        field(Key::OwnLeaves, Key::OwnLeavesHint, leaves),
    ];
    Modal::new(FormAction::OwnTimes(event), words.plain(Key::OwnTimesChange), fields)
}

/// What a member answered, and where they stand by that.
#[must_use]
pub fn standing(words: Words, event: &Event, line: &RosterLine, now: Timestamp) -> String {
    let signup = line.signup;
    let label = label(words, event, signup.option);
    // One key for who comes alone, and one for who brings guests.
    let answered_at = |[alone, with_guests]: [Key; 2], place: &str| {
        let values = [("answer", label.as_str()), ("place", place)];
        match usize::from(signup.guests.get()) {
            0 => words.filled(alone, &values),
            guests => words.counted_with(with_guests, guests, &values),
        }
    };
    let answered = |keys| answered_at(keys, "");
    let seated = [Key::OwnSeated, Key::OwnSeatedGuests];
    match signup.place {
        Place::Seated => answered(seated),
        Place::Waiting => {
            let place = on_the_waitlist(words, event, line);
            let waits = answered_at([Key::OwnWaiting, Key::OwnWaitingGuests], &place);
            with(waits, never_room(words, event, signup).as_deref())
        }
        Place::Offered(until) => {
            let under = which(event, signup.option, OptionLabel::MAX);
            let key = if under.is_some() { Key::OwnHeldUnder } else { Key::OwnHeld };
            let under = under.unwrap_or_default();
            let held = words.filled(key, &[("answer", &under), ("away", &relative(until))]);
            with(answered(seated), Some(&held))
        }
        Place::Passed => {
            let open = event.phase(now) == Phase::Open;
            let again = open.then(|| words.plain(Key::OwnPassedAgain));
            with(answered([Key::OwnPassed, Key::OwnPassedGuests]), again)
        }
    }
}

/// A text, and another sentence if there is one.
fn with(mut text: String, sentence: Option<&str>) -> String {
    if let Some(sentence) = sentence {
        text.push(' ');
        text.push_str(sentence);
    }
    text
}

/// What an answer is called.
pub(super) fn label(words: Words, event: &Event, option: OptionId) -> String {
    let option = event.options.get(option);
    let that = || words.plain(Key::OwnThat).to_owned();
    option.map_or_else(that, |option| plain(&event.options.name_of(option)))
}

/// "Tank": which place something is about, if more than one answer counts as coming. The name has
/// at most `name_max` characters.
#[must_use]
pub fn which(event: &Event, option: OptionId, name_max: usize) -> Option<String> {
    let ways_to_come = event.options.offered().filter(|option| option.coming).count();
    let option = event.options.get(option).filter(|_| ways_to_come > 1)?;
    Some(plain(&fitted(&event.options.name_of(option), name_max)))
}

/// Where somebody stands who waits.
#[must_use]
pub fn on_the_waitlist(words: Words, event: &Event, line: &RosterLine) -> String {
    let lines = event.lines();
    let heading = lines.heading_of(line.signup.option).map(plain);
    let key = match heading {
        Some(_) => Key::OwnRankHeading,
        None if lines.are_apart() => Key::OwnRankAnswer,
        None => Key::OwnRank,
    };
    let heading = heading.unwrap_or_default();
    words.filled(key, &[("rank", &grouped(line.rank)), ("heading", &heading)])
}

/// What who waits has to know if they are more than there will ever be room for.
fn never_room(words: Words, event: &Event, signup: Signup) -> Option<String> {
    let seating = event.seating();
    let has_room = seating.could_seat(signup.option, signup.guests);
    (!has_room).then(|| words.counted(Key::OwnRoom, seating.most_in(signup.option)))
}

/// The answer to an answer that was given in private, where the post is not seen.
#[must_use]
pub fn answered(words: Words, event: &Event, line: &RosterLine, now: Timestamp) -> Message {
    let shown = words.filled(Key::OwnAnswered, &[("title", &title_of(event))]);
    Message::text(format!("{}\n{shown}", standing(words, event, line, now)))
}

/// The answer to who accepts the place that was held for them.
#[must_use]
pub fn accepted(words: Words, event: &Event, line: &RosterLine) -> Message {
    let under = which(event, line.signup.option, OptionLabel::MAX);
    let key = if under.is_some() { Key::OwnAcceptedUnder } else { Key::OwnAccepted };
    let (title, answer) = (title_of(event), under.unwrap_or_default());
    let start = event.details.span.start();
    let (when, away) = (full(start), relative(start));
    let values = [("title", title.as_str()), ("answer", &answer), ("when", &when), ("away", &away)];
    Message::text(words.filled(key, &values))
}

/// The answer to a withdrawal.
#[must_use]
pub fn withdrawn(words: Words, event: &Event) -> Message {
    Message::text(words.filled(Key::OwnWithdrawn, &[("title", &title_of(event))]))
}

/// What takes a member's answer back, in the server of the event.
#[must_use]
pub fn withdraw(words: Words, event: &Event) -> Button {
    let label = words.plain(Key::OwnWithdraw);
    Button::new(Style::Danger, label, Action::Withdraw(event.id))
}

/// The answer to a tap that changes nothing.
#[must_use]
pub fn same(words: Words, event: &Event, signup: Signup) -> Message {
    let key = match signup.place {
        Place::Seated => Key::OwnSame,
        Place::Waiting => Key::OwnSameWaiting,
        Place::Offered(_) => Key::OwnSameOffered,
        Place::Passed => Key::OwnSamePassed,
    };
    let text = words.filled(key, &[("answer", &label(words, event, signup.option))]);
    let withdraw = words.plain(Key::OwnSameWithdraw);
    let withdraw = Button::new(Style::Danger, withdraw, Action::Withdraw(event.id));
    Message::text(text).row(vec![withdraw])
}

/// The question before an answer that would cost the place which another one holds.
#[must_use]
pub fn would_lose_place(words: Words, event: &Event, held: Signup, wanted: OptionId) -> Message {
    let [now, then] = [held.option, wanted].map(|option| label(words, event, option));
    let heading = event.lines().heading_of(wanted);
    let full = heading.map_or_else(|| then.clone(), plain);
    let values = [("full", full.as_str()), ("now", &now), ("then", &then)];
    let anyway = Action::AnswerAnyway(event.id, wanted);
    let anyway = Button::new(Style::Danger, words.plain(Key::OwnLoseAnyway), anyway);
    Message::text(words.filled(Key::OwnLose, &values)).row(vec![anyway])
}

/// The answer to who accepts or declines a place that is not held for them any more, that they have
/// already, or that was never theirs.
#[must_use]
pub fn not_held(words: Words, event: &Event, line: Option<&RosterLine>, now: Timestamp) -> Message {
    let Some(line) = line else {
        // Without the title: in a direct message anybody may say that they were asked.
        return Message::text(words.plain(Key::OwnUnheldStranger));
    };
    // One that has expired a moment ago is held no more, though the next one was not asked yet.
    let place = match line.signup.place {
        Place::Offered(until) if until <= now => Place::Passed,
        place @ (Place::Seated | Place::Waiting | Place::Offered(_) | Place::Passed) => place,
    };
    let line = &RosterLine { signup: Signup { place, ..line.signup }, ..line.clone() };
    let why = match place {
        Place::Seated => Key::OwnUnchanged,
        Place::Waiting | Place::Offered(_) | Place::Passed => Key::OwnUnheld,
    };
    Message::text(with(standing(words, event, line, now), Some(words.plain(why))))
}

/// What takes the place that is held for a member, if one is and answers are open.
#[must_use]
pub fn accept(words: Words, event: &Event, line: &RosterLine, now: Timestamp) -> Option<Button> {
    let Signup { place, option, .. } = line.signup;
    let is_held = matches!(place, Place::Offered(until) if until > now);
    let action = Action::AcceptPlace(event.id, option);
    let button = || Button::new(Style::Success, words.plain(Key::OwnAccept), action);
    (is_held && event.phase(now) == Phase::Open).then(button)
}

fn section(is_open: bool, text: String, label: &str, action: Action) -> Component {
    if !is_open {
        return Component::text(text);
    }
    Component::section(text, Button::new(Style::Secondary, label, action))
}

fn note(words: Words, details: &SignupDetails) -> String {
    match &details.note {
        Some(note) => words.filled(Key::OwnNote, &[("note", &plain(note.as_str()))]),
        None => words.plain(Key::OwnNoteNone).to_owned(),
    }
}

fn times(words: Words, details: &SignupDetails) -> String {
    let key = match (details.arrives, details.leaves) {
        (None, None) => Key::OwnTimes,
        (Some(_), None) => Key::OwnTimesLate,
        (None, Some(_)) => Key::OwnTimesEarly,
        (Some(_), Some(_)) => Key::OwnTimesBoth,
    };
    let [arrives, leaves] =
        [details.arrives, details.leaves].map(|at| at.map(time).unwrap_or_default());
    words.filled(key, &[("arrives", &arrives), ("leaves", &leaves)])
}

/// How the member is told, and what turns that round.
const fn direct(details: &SignupDetails) -> (Key, Key) {
    if details.direct {
        (Key::OwnDirect, Key::OwnDirectStop)
    } else {
        (Key::OwnDirectNone, Key::OwnDirectStart)
    }
}

fn guests(words: Words, event: &Event, signup: Signup) -> String {
    match (usize::from(signup.guests.get()), usize::from(event.rules.guests_max.get())) {
        (0, 0) => words.plain(Key::OwnGuestsNone).to_owned(),
        (0, max) => words.counted(Key::OwnGuestsMost, max),
        (guests, _) => words.counted(Key::OwnGuests, guests),
    }
}

/// The most guests that a member can choose to bring, if there is a choice: once answers have
/// closed fewer than before.
fn guests_possible(event: &Event, signup: Signup, now: Timestamp) -> Option<u8> {
    let is_coming = event.options.get(signup.option).is_some_and(|option| option.coming);
    let most = event.rules.guests_max.get();
    match event.phase(now) {
        Phase::Open => Some(most).filter(|most| *most > 0),
        Phase::Closed => signup.guests.get().checked_sub(1).map(|fewer| fewer.min(most)),
        Phase::Running | Phase::Over | Phase::Cancelled | Phase::Deleted => None,
    }
    .filter(|_| is_coming)
}

fn guests_select(words: Words, event: &Event, most: u8) -> Select {
    let option = |guests: u8| SelectOption {
        label: match guests {
            0 => words.plain(Key::OwnGuestsAlone).to_owned(),
            guests => words.counted(Key::OwnGuestsBring, guests.into()),
        },
        value: guests.to_string(),
        ..SelectOption::default()
    };
    let options = (0..=most).map(option).collect();
    Select::new(Action::OwnGuests(event.id), words.plain(Key::OwnGuestsPick), options)
}

#[cfg(test)]
mod tests {
    use expect_test::expect;
    use muster_domain::capacity::Capacity;

    use super::*;
    use crate::views::judged::{check, check_form};
    use crate::views::samples::{
        NOW, event, fullest_event, late_and_early, signup, texts, wrapped,
    };
    use muster_domain::id::UserId;
    use muster_domain::option_words;
    use muster_domain::roster::Guests;

    fn line(guests: i64, details: SignupDetails) -> RosterLine {
        let guests = Guests::parse(guests).unwrap();
        let signup = signup(Place::Waiting, guests);
        RosterLine { member: UserId::new(7), signup, details, rank: 3 }
    }

    #[test]
    fn an_answer_without_anything_beside_it_says_what_could_be() {
        let panel = panel(Words::usual(), &event(), &line(0, SignupDetails::default()), NOW);
        check(&panel).unwrap();
        expect![[r"
            ## Raid \*night\*
            You answered **Yes**, number 3 on the waitlist.
            **Note:** none
            **You come on time** and stay until the end.
            **Direct messages:** none; you are told in the server.
            **Reminders:** whether they mention you, and your quiet hours.
            **Guests:** this event takes none."]]
        .assert_eq(&wrapped(&texts(&panel)));
    }

    #[test]
    fn the_number_on_the_waitlist_is_that_of_the_answer_where_answers_have_places() {
        let mut raid = event();
        raid.options = option_words::read("Tank 1, Healer 1").unwrap();
        let waits = standing(Words::usual(), &raid, &line(0, SignupDetails::default()), NOW);
        assert_eq!(waits, "You answered **Tank**, number 3 on the waitlist for it.");
        raid.options = option_words::read("Tank 1: Bear, Ox; Healer 1: Owl").unwrap();
        let waits = standing(Words::usual(), &raid, &line(0, SignupDetails::default()), NOW);
        assert_eq!(waits, "You answered **Bear**, number 3 on the waitlist for **Tank**.");
    }

    #[test]
    fn who_is_more_than_there_will_ever_be_room_for_is_told_so() {
        let mut small = event();
        small.details.capacity = Capacity::parse(2).ok();
        let waits =
            |guests| standing(Words::usual(), &small, &line(guests, SignupDetails::default()), NOW);
        assert_eq!(waits(1), "You answered **Yes** with 1 guest, number 3 on the waitlist.");
        expect![[r#"
            You answered **Yes** with 2 guests, number 3 on the waitlist. There is room for
                2 people at most, so bring fewer guests, with *My answer* under "⋯", or
                pick another answer."#]]
        .assert_eq(&wrapped(&waits(2)));
    }

    #[test]
    fn everything_that_was_said_is_shown_and_fits() {
        let mut event = fullest_event();
        event.rules.guests_max = Guests::parse(10).unwrap();
        let note = Note::parse(&"𝕏".repeat(Note::MAX)).unwrap();
        let details = SignupDetails { note: Some(note), ..late_and_early() };
        check(&panel(Words::usual(), &event, &line(10, details.clone()), NOW)).unwrap();
        check_form(&note_form(Words::usual(), event.id, &details)).unwrap();
        check_form(&times_form(Words::usual(), event.id, event.details.span, &details)).unwrap();
    }

    #[test]
    fn once_answers_have_closed_there_is_only_a_choice_of_fewer_guests() {
        let mut event = event();
        event.rules.guests_max = Guests::parse(3).unwrap();
        event.closed_at = Some(NOW);
        let most = |guests, event: &Event| {
            guests_possible(event, line(guests, SignupDetails::default()).signup, NOW)
        };
        assert_eq!([0, 1, 2].map(|guests| most(guests, &event)), [None, Some(0), Some(1)]);
        event.rules.guests_max = Guests::NONE;
        assert_eq!(most(2, &event), Some(0), "by the rules none is brought any more");
        event.closed_at = None;
        assert_eq!(most(2, &event), None);
        event.rules.guests_max = Guests::parse(3).unwrap();
        assert_eq!(most(0, &event), Some(3));
        assert_eq!(most(2, &Event { cancelled_at: Some(NOW), ..event }), None);
    }

    #[test]
    fn of_an_event_that_is_over_nothing_can_be_changed() {
        let over = event().details.span.end();
        let panel = panel(Words::usual(), &event(), &line(0, SignupDetails::default()), over);
        assert!(!serde_json::to_string(&panel).unwrap().contains("custom_id"));
    }
}
