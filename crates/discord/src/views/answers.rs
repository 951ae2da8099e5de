//! The panel where the answers of an event or a series are edited: the list of them, and one of
//! them.

mod edited;
mod forms;
mod held;

use muster_domain::answer_option::{AnswerOption, Colour, OptionId};
use muster_domain::limits::{OPTIONS_MAX, RULE_ROLES_MAX};
use muster_domain::text::OptionLabel;

pub use self::edited::Edited;
use self::edited::Picked;
pub use self::forms::{face_form, field, new_form, words_form};
pub use self::held::{editor, series_editor};
use crate::custom_id::{Action, AnswersOf};
use crate::views::message::{
    Button, Component, EntitySelect, Message, Select, SelectOption, Style,
};
use crate::views::messages::Key;
use crate::views::post::below;
use crate::views::text::{fitted, grouped, length, plain};
use crate::views::undo::Made;

const BLUE: u32 = 0x58_65_F2;

/// The colours by what stands for them in the select.
pub const COLOURS: [(&str, Colour); 4] = [
    ("green", Colour::Green),
    ("red", Colour::Red),
    ("blue", Colour::Blue),
    ("grey", Colour::Grey),
];

/// Characters of an answer's name in the list: fewer the more answers have long ones.
const NAMES_MAX: [usize; 4] = [80, 40, 20, 8];

/// Below this many, a line says no more than the name, the places and whether it is coming.
const NAME_OF_SHORT_LINE: usize = 20;

/// Characters of the list, beside which the rest of the panel has room.
const LIST_MAX: usize = 3_200;

/// Characters of the name of an answer that is no longer offered.
const NAME_MAX: usize = 40;

/// Characters of an option of a select. (Discord docs: "Select Option Structure")
const CHOICE_MAX: usize = 100;

/// Removed answers that are named.
const REMOVED_NAMED: usize = 5;

/// All answers, with what can be done about them.
#[must_use]
pub fn list(edited: &Edited<'_>, made: Made) -> Message {
    Message::panel(vec![Component::container(BLUE, parts(edited, made))])
}

fn parts(edited: &Edited<'_>, made: Made) -> Vec<Component> {
    let words = edited.words;
    let offered: Vec<_> = edited.options.offered().collect();
    let mut removed: Vec<_> = edited.options.iter().filter(|option| option.removed).collect();
    // A select does not hold all that there can be; those that somebody still has are missed first.
    removed.sort_by_key(|option| edited.names_of(option.id).is_none_or(|names| names.total == 0));
    let (heading, title) = (words.plain(Key::AnswersTitle), plain(edited.title));
    let (shows, lines) = (words.plain(edited.takes_effect()), made.lines(words));
    let mut parts = vec![
        Component::text(format!("## {heading}\n{title}\n{shows}{lines}")),
        Component::separator(),
        Component::text(all_in_lines(edited, &offered)),
        Component::row(vec![Component::Select(Select::new(
            Action::AnswerPicked(edited.of),
            words.plain(Key::AnswersChange),
            offered.iter().map(|option| choice(edited, option)).collect(),
        ))]),
    ];
    if !removed.is_empty() {
        parts.push(Component::text(no_longer_offered(edited, &removed)));
        parts.push(Component::row(vec![Component::Select(Select::new(
            Action::AnswerOfferAgain(edited.of),
            words.plain(Key::AnswersAgain),
            removed.iter().take(OPTIONS_MAX).map(|option| choice(edited, option)).collect(),
        ))]));
    }
    parts.push(Component::buttons(buttons(edited, offered.len(), made)));
    parts
}

fn buttons(edited: &Edited<'_>, offered: usize, made: Made) -> Vec<Button> {
    let (of, words) = (edited.of, edited.words);
    let button = |style, label, action| Button::new(style, words.plain(label), action);
    let add = || button(Style::Primary, Key::AnswersAdd, Action::AnswerNew(of));
    let as_text = || button(Style::Secondary, Key::AnswersAsText, Action::AnswersInWords(of));
    let post_it = |action| button(Style::Success, Key::PanelPostIt, action);
    let mut buttons: Vec<_> = (offered < OPTIONS_MAX).then(add).into_iter().collect();
    buttons.extend(words_form(edited).map(|_| as_text()));
    buttons.extend(made.button(words, edited.undo()));
    match (edited.of, edited.picked) {
        (AnswersOf::Event(event), Some(Picked { is_waiting: true, .. })) => {
            buttons.push(post_it(Action::PostAgain(event)));
        }
        (AnswersOf::Series(series), _) => {
            let date = edited.held_date;
            buttons.extend(date.map(|date| post_it(Action::SeriesPostNow(series, date))));
            buttons.push(button(Style::Secondary, Key::AnswersBack, Action::Series(series)));
        }
        (AnswersOf::Event(_), _) => {}
    }
    buttons
}

/// One answer, with everything that can be said of it; `None` if it is not offered.
#[must_use]
pub fn one(edited: &Edited<'_>, id: OptionId, made: Made) -> Option<Message> {
    let (of, words) = (edited.of, edited.words);
    let offered: Vec<_> = edited.options.offered().collect();
    let index = offered.iter().position(|option| option.id == id)?;
    let option = *offered.get(index)?;
    let emoji = if option.emoji.is_empty() { String::new() } else { format!("{} ", option.emoji) };
    let heading = format!(
        "## {emoji}{}\n{}{}",
        plain(&option.label),
        numbers(edited, option, OptionLabel::MAX).join(" · "),
        made.lines(words)
    );
    let edit = words.plain(Key::AnswersEdit);
    let face = Button::new(Style::Primary, edit, Action::AnswerFace(of, id));
    let mut buttons = places(edited, option, index, offered.len());
    buttons.extend(made.button(words, edited.undo()));
    let mut parts = vec![
        Component::section(heading, face),
        Component::separator(),
        coming(edited, option),
        told(edited, option),
        Component::row(vec![Component::Select(colours(edited, option))]),
        Component::text(words.plain(Key::AnswersAllowed)),
        Component::row(vec![Component::RoleSelect(EntitySelect::roles(
            Action::AnswerAllowed(of, id, edited.version),
            words.plain(Key::AnswersAllowedNone),
            &option.allowed,
            RULE_ROLES_MAX,
        ))]),
    ];
    if option.coming {
        parts.push(Component::text(words.plain(Key::AnswersGranted)));
        let granted: Vec<_> = option.granted.into_iter().collect();
        let (grant, none) = (Action::AnswerGrant(of, id), words.plain(Key::AnswersGrantedNone));
        let select = EntitySelect::roles(grant, none, &granted, 1);
        parts.push(Component::row(vec![Component::RoleSelect(select)]));
    }
    parts.extend([Component::separator(), Component::buttons(buttons)]);
    Some(Message::panel(vec![Component::container(BLUE, parts)]))
}

/// A line for each, whose names are shortened as far as it takes.
fn all_in_lines(edited: &Edited<'_>, offered: &[&AnswerOption]) -> String {
    let with_names_of = |max| {
        let line = |(number, option): (usize, &&AnswerOption)| {
            format!("{number}. {}", summed_up(edited, option, max))
        };
        (1..).zip(offered).map(line).collect::<Vec<_>>().join("\n")
    };
    let mut fitting = NAMES_MAX.into_iter().map(with_names_of);
    let shortest = || with_names_of(NAMES_MAX.into_iter().min().unwrap_or_default());
    fitting.find(|lines| length(lines) <= LIST_MAX).unwrap_or_else(shortest)
}

/// "🛡 **Tank** · 1 of 2 · coming · for 1 role".
fn summed_up(edited: &Edited<'_>, option: &AnswerOption, name_max: usize) -> String {
    let name = format!("{} **{}**", option.emoji, fitted(&plain(&option.label), name_max));
    let mut pieces = vec![name.trim().to_owned()];
    pieces.extend(numbers(edited, option, name_max));
    pieces.join(" · ")
}

/// What there is to say of an answer beside its name, from which nothing but the most important
/// stays where names have to be short.
fn numbers(edited: &Edited<'_>, option: &AnswerOption, name_max: usize) -> Vec<String> {
    let words = edited.words;
    let coming = if option.coming { Key::AnswersComing } else { Key::AnswersComingNot };
    let mut pieces = vec![taken(edited, option), words.plain(coming).to_owned()];
    if name_max < NAME_OF_SHORT_LINE {
        return pieces;
    }
    pieces.extend(option.group.as_deref().map(|group| {
        let group = fitted(&plain(group), name_max);
        under(edited, option, &group)
    }));
    if !option.allowed.is_empty() {
        pieces.push(words.counted(Key::AnswersRoles, option.allowed.len()));
    }
    pieces
}

/// How many picked an answer, or could; a place on offer is nobody's yet.
fn taken(edited: &Edited<'_>, option: &AnswerOption) -> String {
    let words = edited.words;
    let people = edited.names_of(option.id).map_or(0, |names| names.people);
    match (edited.picked, option.capacity) {
        (Some(picked), Some(capacity)) => {
            let held = picked.sheet.held_in(option.id);
            let key = if held == 0 { Key::AnswersTaken } else { Key::AnswersTakenHeld };
            let (people, places) = (people.to_string(), capacity.to_string());
            let held = grouped(held);
            words.filled(key, &[("people", &people), ("places", &places), ("held", &held)])
        }
        (Some(_), None) => words.counted(Key::AnswersPeople, people),
        (None, Some(capacity)) => words.counted(Key::AnswersPlaces, capacity.places()),
        (None, None) => words.plain(Key::AnswersUnlimited).to_owned(),
    }
}

/// "under 🛡 Tank (2 places, 1 held)".
fn under(edited: &Edited<'_>, option: &AnswerOption, group: &str) -> String {
    let words = edited.words;
    let Some((_, shared)) = edited.options.shared_by(option) else {
        return words.filled(Key::AnswersUnder, &[("heading", group)]);
    };
    let held = edited.picked.map_or(0, |picked| picked.sheet.held_below(shared));
    let key = if held == 0 { Key::AnswersUnderPlaces } else { Key::AnswersUnderHeld };
    let values = [("heading", group), ("held", &grouped(held))];
    words.counted_with(key, shared.capacity.places(), &values)
}

fn no_longer_offered(edited: &Edited<'_>, removed: &[&AnswerOption]) -> String {
    let words = edited.words;
    let named = removed.iter().take(REMOVED_NAMED).map(|option| {
        let left = edited.names_of(option.id).map_or(0, |names| names.total);
        let label = fitted(&plain(&edited.options.name_of(option)), NAME_MAX);
        match left {
            0 => label,
            left => words.counted_with(Key::AnswersRemovedLeft, left, &[("answer", &label)]),
        }
    });
    let mut named: Vec<_> = named.collect();
    if let Some(more @ 1..) = removed.len().checked_sub(REMOVED_NAMED) {
        named.push(words.counted(Key::AnswersRemovedMore, more));
    }
    words.filled(Key::AnswersRemoved, &[("answers", &named.join(", "))])
}

fn choice(edited: &Edited<'_>, option: &AnswerOption) -> SelectOption {
    let label = fitted(&option.label, CHOICE_MAX);
    let value = option.id.get().to_string();
    let description = below(edited.words, edited.options, option, CHOICE_MAX);
    SelectOption { label, value, description, ..SelectOption::default() }.with_emoji(&option.emoji)
}

fn coming(edited: &Edited<'_>, option: &AnswerOption) -> Component {
    let keys = if option.coming {
        [Key::AnswersCounts, Key::AnswersCountsStop]
    } else {
        [Key::AnswersCountsNot, Key::AnswersCountsStart]
    };
    switch(edited, keys, Action::AnswerComing(edited.of, option.id, !option.coming))
}

fn told(edited: &Edited<'_>, option: &AnswerOption) -> Component {
    let keys = if option.told {
        [Key::AnswersTold, Key::AnswersToldStop]
    } else {
        [Key::AnswersToldNot, Key::AnswersToldStart]
    };
    switch(edited, keys, Action::AnswerTold(edited.of, option.id, !option.told))
}

/// How something is, with the button that turns it round.
fn switch(edited: &Edited<'_>, keys: [Key; 2], action: Action) -> Component {
    let [text, label] = keys.map(|key| edited.words.plain(key));
    Component::section(text, Button::new(Style::Secondary, label, action))
}

fn colours(edited: &Edited<'_>, option: &AnswerOption) -> Select {
    let button = |colour| {
        edited.words.plain(match colour {
            Colour::Green => Key::AnswersGreen,
            Colour::Red => Key::AnswersRed,
            Colour::Blue => Key::AnswersBlue,
            Colour::Grey => Key::AnswersGrey,
        })
    };
    let options = COLOURS.into_iter().map(|(name, colour)| SelectOption {
        label: button(colour).to_owned(),
        value: name.to_owned(),
        ..SelectOption::default()
    });
    let action = Action::AnswerColour(edited.of, option.id);
    Select::new(action, button(option.colour), options.collect())
}

/// Where it can go: up and down the list, out of it, and back to it.
fn places(edited: &Edited<'_>, option: &AnswerOption, index: usize, offered: usize) -> Vec<Button> {
    let (of, words) = (edited.of, edited.words);
    let button = |style, label, action| Button::new(style, words.plain(label), action);
    let to = |label, place: usize| {
        let place = u8::try_from(place).unwrap_or(u8::MAX);
        button(Style::Secondary, label, Action::AnswerMove(of, option.id, place))
    };
    let mut buttons = vec![button(Style::Secondary, Key::AnswersAll, Action::AnswersBack(of))];
    if let Some(before) = index.checked_sub(1) {
        buttons.push(to(Key::AnswersUp, before));
    }
    if index.saturating_add(1) < offered {
        buttons.push(to(Key::AnswersDown, index.saturating_add(1)));
    }
    if offered > 1 {
        let remove = Action::AnswerRemove(of, option.id);
        buttons.push(button(Style::Danger, Key::AnswersRemove, remove));
    }
    buttons
}

#[cfg(test)]
mod tests;
