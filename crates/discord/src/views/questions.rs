//! Answers to a form that ask back: which time was meant, and what to mend.

use jiff::Timestamp;
use muster_domain::event::EventDetails;
use muster_domain::id::InteractionId;
use muster_domain::text::Location;
use muster_domain::when::{Moment, label};
use muster_domain::zone::Zone;
use muster_store::model::Outdated;

use crate::custom_id::Action;
use crate::views::message::{Button, Message, Style};
use crate::views::messages::{Key, Words};
use crate::views::text::{full, person_in, plain, relative, shortened};
use crate::views::when_words::span_in_words;

/// Characters shown of a description that somebody else wrote.
const DESCRIPTION_SHOWN: usize = 300;

/// Characters shown of a location that somebody else wrote, or replaced.
const LOCATION_SHOWN: usize = 150;

/// Asks which of several times was meant.
#[must_use]
pub fn which_moment(
    words: Words,
    draft: InteractionId,
    moments: &[Moment],
    zone: &Zone,
    now: Timestamp,
) -> Message {
    let lines = moments
        .iter()
        .map(|moment| format!("• {} ({})", full(moment.start), relative(moment.start)));
    let question = words.filled(Key::QuestionMoment, &[("zone", zone.name())]);
    let text = format!("{question}\n{}", lines.collect::<Vec<_>>().join("\n"));
    let pick = |moment: &Moment| {
        let (start, end) = (moment.start.as_second(), moment.end.map(Timestamp::as_second));
        let label = shortened(&label(moment, now, zone.rules()), 80);
        Button::new(Style::Primary, label, Action::Pick(draft, start, end))
    };
    let mut buttons: Vec<_> = moments.iter().take(4).map(pick).collect();
    let none = words.plain(Key::QuestionMomentNone);
    buttons.push(Button::new(Style::Secondary, none, Action::Retry(draft)));
    Message::text(text).row(buttons)
}

/// Says what is wrong with a form, and gives it back to be mended.
#[must_use]
pub fn try_again(words: Words, draft: InteractionId, why: &str) -> Message {
    let again = words.plain(Key::QuestionChange);
    Message::text(why).row(vec![Button::new(Style::Primary, again, Action::Retry(draft))])
}

/// Says what is wrong with a form for what repeats, and gives it back to be mended, or leads back
/// to where it was opened.
#[must_use]
pub fn change_it(words: Words, again: Action, back: Option<Action>, why: &str) -> Message {
    let back = back.map(|back| Button::new(Style::Secondary, words.plain(Key::QuestionBack), back));
    let again = Button::new(Style::Primary, words.plain(Key::QuestionChange), again);
    Message::text(why).row([Some(again), back].into_iter().flatten().collect())
}

/// Says what somebody else changed while a form was open, and gives it back, carried over.
#[must_use]
pub fn outdated(words: Words, draft: InteractionId, outdated: &Outdated) -> Message {
    let Outdated { seen, by, now } = outdated;
    let now = &now.sheet.event.details;
    let member = person_in(words, *by);
    let mut lines = vec![words.filled(Key::QuestionOutdated, &[("member", &member)])];
    lines.extend(differences(words, seen, now));
    lines.push(words.plain(Key::QuestionOutdatedKept).to_owned());
    let open = words.plain(Key::QuestionOutdatedOpen);
    let button = Button::new(Style::Primary, open, Action::Retry(draft));
    Message::text(lines.join("\n")).row(vec![button])
}

fn differences(words: Words, seen: &EventDetails, now: &EventDetails) -> Vec<String> {
    let mut lines = Vec::new();
    let of_both = |key, say: &dyn Fn(&EventDetails) -> String| {
        let [before, after] = [seen, now].map(say);
        let zone = now.zone.name();
        words.filled(key, &[("before", &before), ("after", &after), ("zone", zone)])
    };
    if seen.title != now.title {
        let title = |details: &EventDetails| plain(details.title.as_str());
        lines.push(of_both(Key::QuestionOutdatedTitle, &title));
    }
    if seen.span != now.span || seen.zone != now.zone {
        let time = |details: &EventDetails| span_in_words(details.span, &details.zone);
        lines.push(of_both(Key::QuestionOutdatedTime, &time));
    }
    if seen.capacity != now.capacity {
        let unlimited = || words.plain(Key::QuestionUnlimited).to_owned();
        let places = |details: &EventDetails| {
            details.capacity.map_or_else(unlimited, |places| places.to_string())
        };
        lines.push(of_both(Key::QuestionOutdatedPlaces, &places));
    }
    if seen.location != now.location {
        let place = |details: &EventDetails| place(words, details.location.as_ref());
        lines.push(of_both(Key::QuestionOutdatedWhere, &place));
    }
    if seen.description != now.description {
        let none = || words.plain(Key::QuestionNone).to_owned();
        let after = now.description.as_ref().map_or_else(none, |text| plain(text.as_str()));
        let after = shortened(&after, DESCRIPTION_SHOWN);
        lines.push(words.filled(Key::QuestionOutdatedDescription, &[("after", &after)]));
    }
    lines
}

/// Says that somebody else set the location while the form for it was open.
#[must_use]
pub fn other_location(words: Words, outdated: &Outdated) -> Message {
    let event = &outdated.now.sheet.event;
    let [before, after] =
        [&outdated.seen, &event.details].map(|details| place(words, details.location.as_ref()));
    let member = person_in(words, outdated.by);
    let values = [("member", member.as_str()), ("before", &before), ("after", &after)];
    let again = words.plain(Key::PanelLocation);
    let button = Button::new(Style::Primary, again, Action::Location(event.id));
    Message::text(words.filled(Key::QuestionLocation, &values)).row(vec![button])
}

fn place(words: Words, location: Option<&Location>) -> String {
    let none = || words.plain(Key::QuestionNone).to_owned();
    location.map_or_else(none, |text| shortened(&plain(text.as_str()), LOCATION_SHOWN))
}

#[cfg(test)]
mod tests {
    use expect_test::expect;
    use muster_domain::capacity::Capacity;
    use muster_domain::id::UserId;

    use super::*;
    use crate::views::judged::check;
    use crate::views::samples::{event, longest_event, posted, sheet_of, texts, wrapped};

    const DRAFT: InteractionId = InteractionId::new(7);

    #[test]
    fn what_somebody_else_changed_is_named_and_the_form_is_kept() {
        let seen = event().details;
        let mut now = event();
        now.details.capacity = Some(Capacity::parse(12).unwrap());
        now.details.location = Some(Location::parse("Old *bridge*").unwrap());
        let now = posted(sheet_of(&now, 0));
        let told = Outdated { seen, by: UserId::new(4), now };
        expect![[r"
            While your form was open, <@4> changed the event, so I have not changed it yet:
            • **Places:** no limit → 12
            • **Where:** none → Old \*bridge\*
            Your form is kept. Look it over and send it again."]]
        .assert_eq(&wrapped(&texts(&outdated(Words::usual(), DRAFT, &told))));
        expect![[r"
            While your form was open, <@4> changed the location: none → Old \*bridge\*.
                Nothing more was changed."]]
        .assert_eq(&wrapped(&texts(&other_location(Words::usual(), &told))));
    }

    #[test]
    fn the_longest_changes_fit() {
        let by = UserId::new(u64::MAX);
        let forth =
            Outdated { seen: event().details, by, now: posted(sheet_of(&longest_event(), 0)) };
        let back =
            Outdated { seen: longest_event().details, by, now: posted(sheet_of(&event(), 0)) };
        for told in [forth, back] {
            assert_eq!(check(&outdated(Words::usual(), DRAFT, &told)), Ok(()));
            assert_eq!(check(&other_location(Words::usual(), &told)), Ok(()));
        }
    }
}
