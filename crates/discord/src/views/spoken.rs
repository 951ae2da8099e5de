//! That what members read is said in the language of their guild, to the last word: in a made-up
//! one, no letter is left that does not come from it.

mod changes;
mod editors;
mod lists;
mod log;
mod members;
mod news;
mod panels;
mod posts;
mod refusals;
mod reminders;
mod reports;
mod series;
mod troubles;

use muster_domain::answer_option::{AnswerOption, Options};
use muster_domain::event::{AnswersClose, Event};
use muster_domain::id::UserId;
use muster_domain::roster::{Answering, Guests, Moment, Roster, Sequence};
use muster_domain::sheet::Sheet;
use muster_domain::signup_details::SignupDetails;
use muster_domain::text::{Description, Location, Note, Title};
use muster_domain::{capacity::Capacity, option_words};

use crate::views::messages::Words;
use crate::views::messages::made_up::forgotten;
use crate::views::samples::{NOW, event};

/// An event of which all that people wrote has no letters: answers 1 to 4, of which the first two
/// have one place each, and some are below a heading.
fn without_letters() -> Event {
    let mut event = event();
    event.details.title = Title::parse("1*").unwrap();
    event.details.description = Description::parse("2 + 2").ok();
    event.details.location = Location::parse("3").ok();
    event.options = numbered(&option_words::read("A 1, B 1, C, ❌ D").unwrap());
    event
}

/// The same answers, called by their numbers.
fn numbered(options: &Options) -> Options {
    let all = options.iter().enumerate().map(|(number, option)| AnswerOption {
        label: format!("{number}").into(),
        group: option.group.as_ref().map(|_| "9".into()),
        ..option.clone()
    });
    Options::new(all.collect()).unwrap()
}

/// The event after so many members picked these answers, one after the other.
fn answered(event: &Event, picked: &[usize]) -> Roster {
    let mut roster = Roster::new(event.seating());
    for (number, option) in (1..).zip(picked) {
        let option = event.options.iter().nth(*option).unwrap().id;
        let guests = Guests::parse(i64::from(number == 1)).unwrap();
        let guests = if event.rules.guests_max == Guests::NONE { Guests::NONE } else { guests };
        let answering = Answering { guests, ..Answering::alone(UserId::new(number), option) };
        roster.answer(answering, Moment { now: NOW, next: Sequence(number) });
    }
    roster
}

/// What everybody says beside their answers.
fn details(event: &Event) -> SignupDetails {
    SignupDetails {
        arrives: Some(event.details.span.start() + jiff::SignedDuration::from_mins(5)),
        leaves: Some(event.details.span.end() - jiff::SignedDuration::from_mins(5)),
        note: Note::parse("4").ok(),
        ..SignupDetails::default()
    }
}

/// Events with what members gave for answers: each thing that a post can say is in one of them.
fn sheets() -> Vec<Sheet> {
    let plain = without_letters();
    let mut offering = plain.clone();
    offering.rules.offer = Some(jiff::SignedDuration::from_mins(30));
    offering.rules.close_before = jiff::SignedDuration::from_hours(1);
    offering.details.capacity = Capacity::parse(4).ok();
    offering.host = UserId::erased(7);
    let mut offers = answered(&offering, &[0, 1, 2, 0, 1, 0, 0, 3]);
    offers.withdraw(UserId::new(1), NOW);
    offers.lapse(NOW + jiff::SignedDuration::from_mins(30));
    offers.withdraw(UserId::new(2), NOW);
    let roomy = |places| {
        let mut event = plain.clone();
        event.details.capacity = Capacity::parse(places).ok();
        event
    };
    let mut hidden = plain.clone();
    hidden.rules.names_hidden = true;
    let mut shared = plain.clone();
    shared.options = option_words::read("1 1: 2, 3; 4").unwrap();
    let mut many = plain.clone();
    let yes = plain.options.iter().nth(2).cloned().unwrap();
    let all = (0..30).map(|id| AnswerOption {
        id: muster_domain::answer_option::OptionId::new(id),
        label: id.to_string().into(),
        ..yes.clone()
    });
    many.options = Options::new(all.take(25).collect()).unwrap();
    let mut removed = plain.clone();
    let kept = plain.options.iter().take(2).cloned().collect();
    removed.options = plain.options.edited(&Options::new(kept).unwrap()).unwrap();
    let mut many_removed = many.clone();
    let kept = many.options.iter().skip(1).cloned().collect();
    many_removed.options = many.options.edited(&Options::new(kept).unwrap()).unwrap();
    let said = details(&plain);
    let of = |event: &Event, roster: &Roster| Sheet::of(event, roster, |_| Some(&said));
    let crowd: Vec<_> = std::iter::repeat_n(2, 60).collect();
    vec![
        of(&offering, &offers),
        of(&plain, &answered(&plain, &[])),
        of(&plain, &answered(&plain, &crowd)),
        of(&roomy(50), &answered(&plain, &crowd[..10])),
        of(&roomy(10), &answered(&plain, &crowd[..10])),
        of(&hidden, &answered(&hidden, &[0, 0, 2])),
        of(&shared, &answered(&shared, &[0, 1, 2])),
        of(&many, &answered(&many, &crowd)),
        of(&removed, &answered(&plain, &[2, 3])),
        of(&many_removed, &answered(&many, &[0, 0, 1])),
    ]
}

/// The event in each of its phases, and with answers reopened.
fn in_phases(event: &Event) -> [(Event, jiff::Timestamp); 7] {
    let span = event.details.span;
    let closed = Event { closed_at: Some(NOW), ..event.clone() };
    let reopened = Event { answers_close: AnswersClose::AtEnd, ..event.clone() };
    let cancelled = Event { cancelled_at: Some(NOW), ..event.clone() };
    let deleted = Event { deleted_at: Some(NOW), ..event.clone() };
    [
        (event.clone(), NOW),
        (closed, NOW),
        (event.clone(), span.start()),
        (reopened, span.start()),
        (event.clone(), span.end()),
        (cancelled, NOW),
        (deleted, NOW),
    ]
}

/// Fails if something of what is shown is not said in the made-up language.
#[track_caller]
fn is_all_made_up(shown: &impl serde::Serialize) {
    assert_eq!(forgotten(shown), "");
}

fn words() -> Words {
    Words::made_up()
}
