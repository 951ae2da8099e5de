//! A member's own answer, with what can be said beside it.

use jiff::Timestamp;
use muster_domain::answer_option::OptionId;
use muster_domain::duration::duration_in_words;
use muster_domain::event::{Event, Phase, Span};
use muster_domain::id::EventId;
use muster_domain::roster::{Place, Signup};
use muster_domain::signup_details::SignupDetails;
use muster_domain::text::{Note, OptionLabel};
use muster_engine::refusal::Number;
use muster_store::model::RosterLine;

use crate::custom_id::{Action, FormAction};
use crate::views::message::{
    Button, Component, Message, Modal, Select, SelectOption, Style, TextInput,
};
use crate::views::refusal::label as label_of;
use crate::views::text::{counted, fitted, full, grouped, plain, relative, time, title_of};
use crate::views::wishes;

const BLUE: u32 = 0x58_65_F2;

/// What is said beside the file for a calendar.
pub const CALENDAR: &str = "Open the file to add the event to your calendar. A later file of the \
                            same event brings it up to date there.";

const REMINDERS: &str = "**Reminders:** whether they mention you, and your quiet hours.";

/// What is said to whom wants no more messages about an event.
pub const NO_DIRECT: &str = "You get no more direct messages about this event. *My answer* at its \
                             post, under \"⋯\", turns them on again.";

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
pub fn panel(event: &Event, line: &RosterLine, now: Timestamp) -> Message {
    let RosterLine { signup, details, .. } = line;
    let title = title_of(event);
    let mut parts = vec![Component::text(format!("## {}\n{}", title, standing(event, line, now)))];
    parts.extend(accept(event, line, now).map(|button| Component::buttons(vec![button])));
    parts.push(Component::separator());
    let is_open = matches!(event.phase(now), Phase::Open | Phase::Closed | Phase::Running);
    parts.push(section(is_open, note(details), "Note", Action::OwnNote(event.id)));
    parts.push(section(is_open, times(details), "Late or early", Action::OwnTimes(event.id)));
    let (text, label) = direct(details);
    let other = Action::OwnDirect(event.id, !details.direct);
    parts.push(section(is_open, text.to_owned(), label, other));
    if is_open {
        parts.push(Component::section(REMINDERS, wishes::button()));
    }
    parts.push(Component::text(guests(event, *signup)));
    if let Some(most) = guests_possible(event, *signup, now) {
        parts.push(Component::row(vec![Component::Select(guests_select(event, most))]));
    }
    Message::panel(vec![Component::container(BLUE, parts)])
}

/// The form for the note.
#[must_use]
pub fn note_form(event: EventId, details: &SignupDetails) -> Modal {
    let present = details.note.as_ref().map_or("", Note::as_str);
    let input = TextInput::line(field::NOTE, 2 * Note::MAX).optional().value(present);
    let what = "Seen by organisers, and in the whole list; empty for none";
    let fields = vec![Component::field("Note", what, input)];
    Modal::new(FormAction::OwnNote(event), "My note", fields)
}

/// The form for coming late and going early.
#[must_use]
pub fn times_form(event: EventId, span: Span, details: &SignupDetails) -> Modal {
    let late = details.arrives.map(|at| at.duration_since(span.start()));
    let early = details.leaves.map(|at| span.end().duration_since(at));
    let line = |name, present: Option<jiff::SignedDuration>, none: &str| {
        let present = present.map(duration_in_words).unwrap_or_default();
        TextInput::line(name, 60).optional().value(&present).placeholder(none)
    };
    let fields = vec![
        Component::field(
            label_of(Number::Arrives),
            "15m · 20:30; leave empty if you are on time",
            line(field::ARRIVES, late, "on time"),
        ),
        Component::field(
            label_of(Number::Leaves),
            "30m before the end · 21:30; leave empty to stay to the end",
            line(field::LEAVES, early, "at the end"),
        ),
    ];
    Modal::new(FormAction::OwnTimes(event), "Late or early", fields)
}

/// What a member answered, and where they stand by that.
#[must_use]
pub fn standing(event: &Event, line: &RosterLine, now: Timestamp) -> String {
    let signup = line.signup;
    let option = event.options.get(signup.option);
    let label = option.map_or_else(|| "that".into(), |option| event.options.name_of(option));
    let guests = match usize::from(signup.guests.get()) {
        0 => String::new(),
        guests => format!(" with {}", counted(guests, "guest", "guests")),
    };
    let answered = format!("You answered **{}**{guests}", plain(&label));
    match signup.place {
        Place::Seated => format!("{answered}."),
        Place::Waiting => {
            let place = on_the_waitlist(event, line);
            format!("{answered}, {place}.{}", never_room(event, signup))
        }
        Place::Offered(until) => {
            let under = under(event, signup.option, OptionLabel::MAX);
            let until = relative(until);
            format!("{answered}. A place{under} is held for you; the offer expires {until}.")
        }
        Place::Passed => {
            let open = event.phase(now) == Phase::Open;
            let again = if open { " Answer again to rejoin the waitlist." } else { "" };
            format!("{answered}, and did not accept a place in time.{again}")
        }
    }
}

/// "Tank": which place something is about, if more than one answer counts as coming. The name has at
/// most `name_max` characters.
#[must_use]
pub fn which(event: &Event, option: OptionId, name_max: usize) -> Option<String> {
    let ways_to_come = event.options.offered().filter(|option| option.coming).count();
    let option = event.options.get(option).filter(|_| ways_to_come > 1)?;
    Some(plain(&fitted(&event.options.name_of(option), name_max)))
}

fn under(event: &Event, option: OptionId, name_max: usize) -> String {
    which(event, option, name_max).map_or_else(String::new, |name| format!(" under **{name}**"))
}

/// Where somebody stands who waits.
#[must_use]
pub fn on_the_waitlist(event: &Event, line: &RosterLine) -> String {
    let lines = event.lines();
    let whose = match lines.heading_of(line.signup.option) {
        Some(heading) => format!(" for **{}**", plain(heading)),
        None if lines.are_apart() => " for it".to_owned(),
        None => String::new(),
    };
    format!("number {} on the waitlist{whose}", grouped(line.rank))
}

/// What who waits has to know if they are more than there will ever be room for.
fn never_room(event: &Event, signup: Signup) -> String {
    let seating = event.seating();
    if seating.could_seat(signup.option, signup.guests) {
        return String::new();
    }
    let most = counted(seating.most_in(signup.option), "person", "people");
    format!(
        " There is room for {most} at most, so bring fewer guests, with *My answer* under \"⋯\", or \
         pick another answer."
    )
}

/// The answer to an answer that was given in private, where the post is not seen.
#[must_use]
pub fn answered(event: &Event, line: &RosterLine, now: Timestamp) -> Message {
    let title = title_of(event);
    let standing = standing(event, line, now);
    Message::text(format!("{standing}\nThe post of **{title}** shows it in a moment."))
}

/// The answer to who accepts the place that was held for them.
#[must_use]
pub fn accepted(event: &Event, line: &RosterLine) -> Message {
    let title = title_of(event);
    let under = under(event, line.signup.option, OptionLabel::MAX);
    let start = event.details.span.start();
    Message::text(format!(
        "The place is yours: you have one{under} at **{title}** on {}, {}. If you cannot come after \
         all, *Withdraw my answer*, under \"⋯\" at its post, lets the next one have it.",
        full(start),
        relative(start)
    ))
}

/// What takes a member's answer back, in the server of the event.
#[must_use]
pub fn withdraw(event: &Event) -> Button {
    Button::new(Style::Danger, "Withdraw my answer", Action::Withdraw(event.id))
}

/// The answer to who accepts or declines a place that is not held for them any more, that they have
/// already, or that was never theirs.
#[must_use]
pub fn not_held(event: &Event, line: Option<&RosterLine>, now: Timestamp) -> Message {
    let Some(line) = line else {
        // Without the title: in a direct message anybody may say that they were asked.
        let words = "No place is held for you there: you have not answered. Nothing was changed.";
        return Message::text(words.to_owned());
    };
    // One that has expired a moment ago is held no more, though the next one was not asked yet.
    let place = match line.signup.place {
        Place::Offered(until) if until <= now => Place::Passed,
        place @ (Place::Seated | Place::Waiting | Place::Offered(_) | Place::Passed) => place,
    };
    let line = &RosterLine { signup: Signup { place, ..line.signup }, ..line.clone() };
    let standing = standing(event, line, now);
    Message::text(match place {
        Place::Seated => format!("{standing} Nothing was changed."),
        Place::Waiting | Place::Offered(_) | Place::Passed => {
            format!("{standing} No place is held for you now, and nothing was changed.")
        }
    })
}

/// What takes the place that is held for a member, if one is and answers are open.
#[must_use]
pub fn accept(event: &Event, line: &RosterLine, now: Timestamp) -> Option<Button> {
    let Signup { place, option, .. } = line.signup;
    let is_held = matches!(place, Place::Offered(until) if until > now);
    let action = Action::AcceptPlace(event.id, option);
    let button = || Button::new(Style::Success, "Accept the place", action);
    (is_held && event.phase(now) == Phase::Open).then(button)
}

fn section(is_open: bool, text: String, label: &str, action: Action) -> Component {
    if !is_open {
        return Component::text(text);
    }
    Component::section(text, Button::new(Style::Secondary, label, action))
}

fn note(details: &SignupDetails) -> String {
    match &details.note {
        Some(note) => format!("**Note:** {}", plain(note.as_str())),
        None => "**Note:** none".to_owned(),
    }
}

fn times(details: &SignupDetails) -> String {
    match (details.arrives, details.leaves) {
        (None, None) => "**You come on time** and stay until the end.".to_owned(),
        (Some(arrives), None) => format!("**You come late,** at {}.", time(arrives)),
        (None, Some(leaves)) => format!("**You leave early,** at {}.", time(leaves)),
        (Some(arrives), Some(leaves)) => {
            format!(
                "**You come late,** at {}, **and leave early,** at {}.",
                time(arrives),
                time(leaves)
            )
        }
    }
}

/// How the member is told, and what turns that round.
const fn direct(details: &SignupDetails) -> (&'static str, &'static str) {
    if details.direct {
        ("**Direct messages:** you are told by direct message, too.", "No direct messages")
    } else {
        ("**Direct messages:** none; you are told in the server.", "Message me, too")
    }
}

fn guests(event: &Event, signup: Signup) -> String {
    match (usize::from(signup.guests.get()), usize::from(event.rules.guests_max.get())) {
        (0, 0) => "**Guests:** this event takes none.".to_owned(),
        (0, max) => format!("**Guests:** none; you may bring {}.", counted(max, "guest", "guests")),
        (guests, _) => format!("**Guests:** you bring {}.", counted(guests, "guest", "guests")),
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

fn guests_select(event: &Event, most: u8) -> Select {
    let option = |guests: u8| SelectOption {
        label: match guests {
            0 => "I come alone".to_owned(),
            guests => format!("I bring {}", counted(guests.into(), "guest", "guests")),
        },
        value: guests.to_string(),
        ..SelectOption::default()
    };
    let options = (0..=most).map(option).collect();
    Select::new(Action::OwnGuests(event.id), "How many guests do you bring?", options)
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
        let panel = panel(&event(), &line(0, SignupDetails::default()), NOW);
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
        let waits = standing(&raid, &line(0, SignupDetails::default()), NOW);
        assert_eq!(waits, "You answered **Tank**, number 3 on the waitlist for it.");
        raid.options = option_words::read("Tank 1: Bear, Ox; Healer 1: Owl").unwrap();
        let waits = standing(&raid, &line(0, SignupDetails::default()), NOW);
        assert_eq!(waits, "You answered **Bear**, number 3 on the waitlist for **Tank**.");
    }

    #[test]
    fn who_is_more_than_there_will_ever_be_room_for_is_told_so() {
        let mut small = event();
        small.details.capacity = Capacity::parse(2).ok();
        let waits = |guests| standing(&small, &line(guests, SignupDetails::default()), NOW);
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
        check(&panel(&event, &line(10, details.clone()), NOW)).unwrap();
        check_form(&note_form(event.id, &details)).unwrap();
        check_form(&times_form(event.id, event.details.span, &details)).unwrap();
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
        let panel = panel(&event(), &line(0, SignupDetails::default()), over);
        assert!(!serde_json::to_string(&panel).unwrap().contains("custom_id"));
    }
}
