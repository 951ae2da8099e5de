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
use crate::views::text::{full, person, plain, relative, shortened};
use crate::views::when_words::span_in_words;

/// Characters shown of a description that somebody else wrote.
const DESCRIPTION_SHOWN: usize = 300;

/// Characters shown of a location that somebody else wrote, or replaced.
const LOCATION_SHOWN: usize = 150;

/// Asks which of several times was meant.
#[must_use]
pub fn which_moment(
    draft: InteractionId,
    moments: &[Moment],
    zone: &Zone,
    now: Timestamp,
) -> Message {
    let lines = moments
        .iter()
        .map(|moment| format!("• {} ({})", full(moment.start), relative(moment.start)));
    let text = format!(
        "That can be read in more than one way ({zone}). Which one did you mean?\n{}",
        lines.collect::<Vec<_>>().join("\n")
    );
    let pick = |moment: &Moment| {
        let (start, end) = (moment.start.as_second(), moment.end.map(Timestamp::as_second));
        let label = shortened(&label(moment, now, zone.rules()), 80);
        Button::new(Style::Primary, label, Action::Pick(draft, start, end))
    };
    let mut buttons: Vec<_> = moments.iter().take(4).map(pick).collect();
    buttons.push(Button::new(Style::Secondary, "Write it differently", Action::Retry(draft)));
    Message::text(text).row(buttons)
}

/// Says what is wrong with a form, and gives it back to be mended.
#[must_use]
pub fn try_again(draft: InteractionId, words: &str) -> Message {
    let button = Button::new(Style::Primary, "Change it", Action::Retry(draft));
    Message::text(words).row(vec![button])
}

/// Says what is wrong with a form for what repeats, and gives it back to be mended, or leads back
/// to where it was opened.
#[must_use]
pub fn change_it(again: Action, back: Option<Action>, words: &str) -> Message {
    let back = back.map(|back| Button::new(Style::Secondary, "Back", back));
    let again = Button::new(Style::Primary, "Change it", again);
    Message::text(words).row([Some(again), back].into_iter().flatten().collect())
}

/// Says what somebody else changed while a form was open, and gives it back, carried over.
#[must_use]
pub fn outdated(draft: InteractionId, outdated: &Outdated) -> Message {
    let Outdated { seen, by, now } = outdated;
    let now = &now.sheet.event.details;
    let mut lines = vec![format!(
        "While your form was open, {} changed the event, so I have not changed it yet:",
        person(*by)
    )];
    lines.extend(differences(seen, now));
    lines.push("Your form is kept. Look it over and send it again.".to_owned());
    let button = Button::new(Style::Primary, "Open my form again", Action::Retry(draft));
    Message::text(lines.join("\n")).row(vec![button])
}

fn differences(seen: &EventDetails, now: &EventDetails) -> Vec<String> {
    let mut lines = Vec::new();
    if seen.title != now.title {
        let [before, after] = [seen, now].map(|details| plain(details.title.as_str()));
        lines.push(format!("• **Title:** {before} → {after}"));
    }
    if seen.span != now.span || seen.zone != now.zone {
        let [before, after] = [seen, now].map(|details| span_in_words(details.span, &details.zone));
        lines.push(format!("• **Time:** {before} → {after} ({})", now.zone));
    }
    if seen.capacity != now.capacity {
        let [before, after] = [seen, now].map(|details| {
            details.capacity.map_or_else(|| "no limit".to_owned(), |places| places.to_string())
        });
        lines.push(format!("• **Places:** {before} → {after}"));
    }
    if seen.location != now.location {
        let [before, after] = [seen, now].map(|details| place(details.location.as_ref()));
        lines.push(format!("• **Where:** {before} → {after}"));
    }
    if seen.description != now.description {
        let after = now.description.as_ref();
        let after = after.map_or_else(|| "none".to_owned(), |text| plain(text.as_str()));
        lines.push(format!("• **Description:** now {}", shortened(&after, DESCRIPTION_SHOWN)));
    }
    lines
}

/// Says that somebody else set the location while the form for it was open.
#[must_use]
pub fn other_location(outdated: &Outdated) -> Message {
    let event = &outdated.now.sheet.event;
    let text = format!(
        "While your form was open, {} changed the location: {} → {}. Nothing more was changed.",
        person(outdated.by),
        place(outdated.seen.location.as_ref()),
        place(event.details.location.as_ref()),
    );
    let button = Button::new(Style::Primary, "Location", Action::Location(event.id));
    Message::text(text).row(vec![button])
}

fn place(location: Option<&Location>) -> String {
    let shown = |text: &Location| shortened(&plain(text.as_str()), LOCATION_SHOWN);
    location.map_or_else(|| "none".to_owned(), shown)
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
        .assert_eq(&wrapped(&texts(&outdated(DRAFT, &told))));
        expect![[r"
            While your form was open, <@4> changed the location: none → Old \*bridge\*.
                Nothing more was changed."]]
        .assert_eq(&wrapped(&texts(&other_location(&told))));
    }

    #[test]
    fn the_longest_changes_fit() {
        let by = UserId::new(u64::MAX);
        let forth =
            Outdated { seen: event().details, by, now: posted(sheet_of(&longest_event(), 0)) };
        let back =
            Outdated { seen: longest_event().details, by, now: posted(sheet_of(&event(), 0)) };
        for told in [forth, back] {
            assert_eq!(check(&outdated(DRAFT, &told)), Ok(()));
            assert_eq!(check(&other_location(&told)), Ok(()));
        }
    }
}
