//! The panel where the answers of an event or a series are edited: the list of them, and one of
//! them.

mod edited;
mod held;

use muster_domain::answer_option::{AnswerOption, Colour, OptionId, Options};
use muster_domain::capacity::Capacity;
use muster_domain::limits::{OPTIONS_MAX, RULE_ROLES_MAX};
use muster_domain::option_words;
use muster_domain::text::{GroupName, OptionLabel};
use muster_engine::reading::parts::FaceWords;
use muster_engine::refusal::Number;

pub use self::edited::Edited;
use self::edited::Picked;
pub use self::held::{editor, series_editor};
use crate::custom_id::{Action, AnswersOf, FormAction};
use crate::views::message::{
    Button, Component, EntitySelect, Message, Modal, Select, SelectOption, Style, TextInput,
};
use crate::views::messages::Words;
use crate::views::post::below;
use crate::views::refusal::label;
use crate::views::text::{counted, fitted, grouped, length, plain};
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

/// Characters of all answers in words: what a field takes. (Discord docs: "Text Input")
const WORDS_MAX: usize = 4_000;

/// What the fields are called when a form comes back.
pub mod field {
    /// The words on an answer.
    pub const LABEL: &str = "label";
    /// The emoji before them.
    pub const EMOJI: &str = "emoji";
    /// How many can pick it.
    pub const PLACES: &str = "places";
    /// The heading that it shares.
    pub const GROUP: &str = "group";
    /// How many can pick any answer under that heading.
    pub const SHARED: &str = "shared";
    /// All answers in words.
    pub const WORDS: &str = "words";
}

/// All answers, with what can be done about them.
#[must_use]
pub fn list(edited: &Edited<'_>, made: Made) -> Message {
    Message::panel(vec![Component::container(BLUE, parts(edited, made))])
}

fn parts(edited: &Edited<'_>, made: Made) -> Vec<Component> {
    let offered: Vec<_> = edited.options.offered().collect();
    let mut removed: Vec<_> = edited.options.iter().filter(|option| option.removed).collect();
    // A select does not hold all that there can be; those that somebody still has are missed first.
    removed.sort_by_key(|option| edited.names_of(option.id).is_none_or(|names| names.total == 0));
    let (title, shows) = (plain(edited.title), edited.takes_effect());
    let mut parts = vec![
        Component::text(format!("## Answers\n{title}\n{shows}{}", made.lines())),
        Component::separator(),
        Component::text(lines(edited, &offered)),
        Component::row(vec![Component::Select(Select::new(
            Action::AnswerPicked(edited.of),
            "Change an answer",
            offered.iter().map(|option| choice(edited, option)).collect(),
        ))]),
    ];
    if !removed.is_empty() {
        parts.push(Component::text(no_longer_offered(edited, &removed)));
        parts.push(Component::row(vec![Component::Select(Select::new(
            Action::AnswerOfferAgain(edited.of),
            "Offer one again",
            removed.iter().take(OPTIONS_MAX).map(|option| choice(edited, option)).collect(),
        ))]));
    }
    parts.push(Component::buttons(buttons(edited, offered.len(), made)));
    parts
}

fn buttons(edited: &Edited<'_>, offered: usize, made: Made) -> Vec<Button> {
    let of = edited.of;
    let add = || Button::new(Style::Primary, "Add an answer", Action::AnswerNew(of));
    let words = || Button::new(Style::Secondary, "Edit as text", Action::AnswersInWords(of));
    let mut buttons: Vec<_> = (offered < OPTIONS_MAX).then(add).into_iter().collect();
    buttons.extend(words_form(edited).map(|_| words()));
    buttons.extend(made.button(edited.undo()));
    match (edited.of, edited.picked) {
        (AnswersOf::Event(event), Some(Picked { is_waiting: true, .. })) => {
            buttons.push(Button::new(Style::Success, "Post it", Action::PostAgain(event)));
        }
        (AnswersOf::Series(series), _) => {
            buttons.extend(edited.held_date.map(|date| {
                Button::new(Style::Success, "Post it", Action::SeriesPostNow(series, date))
            }));
            buttons.push(Button::new(Style::Secondary, "Back", Action::Series(series)));
        }
        (AnswersOf::Event(_), _) => {}
    }
    buttons
}

/// One answer, with everything that can be said of it; `None` if it is not offered.
#[must_use]
pub fn one(edited: &Edited<'_>, id: OptionId, made: Made) -> Option<Message> {
    let of = edited.of;
    let offered: Vec<_> = edited.options.offered().collect();
    let index = offered.iter().position(|option| option.id == id)?;
    let option = *offered.get(index)?;
    let emoji = if option.emoji.is_empty() { String::new() } else { format!("{} ", option.emoji) };
    let heading = format!(
        "## {emoji}{}\n{}{}",
        plain(&option.label),
        numbers(edited, option, OptionLabel::MAX).join(" · "),
        made.lines()
    );
    let face = Button::new(Style::Primary, "Edit", Action::AnswerFace(of, id));
    let mut buttons = places(of, option, index, offered.len());
    buttons.extend(made.button(edited.undo()));
    let mut parts = vec![
        Component::section(heading, face),
        Component::separator(),
        coming(of, option),
        told(of, option),
        Component::row(vec![Component::Select(colours(of, option))]),
        Component::text("**Who may pick it:** everybody, unless you choose roles."),
        Component::row(vec![Component::RoleSelect(EntitySelect::roles(
            Action::AnswerAllowed(of, id, edited.version),
            "Everybody",
            &option.allowed,
            RULE_ROLES_MAX,
        ))]),
    ];
    if option.coming {
        parts.push(Component::text(
            "**Role for those who come with this answer,** until the event is over:",
        ));
        let granted: Vec<_> = option.granted.into_iter().collect();
        let grant = Action::AnswerGrant(of, id);
        let select = EntitySelect::roles(grant, "None", &granted, 1);
        parts.push(Component::row(vec![Component::RoleSelect(select)]));
    }
    parts.extend([Component::separator(), Component::buttons(buttons)]);
    Some(Message::panel(vec![Component::container(BLUE, parts)]))
}

/// The form for another answer.
#[must_use]
pub fn new_form(action: FormAction) -> Modal {
    Modal::new(action, "Another answer", face_fields(FaceWords::default()))
}

/// The form for what stands on an answer.
#[must_use]
pub fn face_form(action: FormAction, options: &Options, option: &AnswerOption) -> Modal {
    let number = |places: Option<Capacity>| places.map(|places| places.to_string());
    let shared = options.shared_by(option).map(|(_, shared)| shared.capacity);
    let (places, shared) = (number(option.capacity), number(shared));
    let words = FaceWords {
        label: &option.label,
        emoji: &option.emoji,
        places: places.as_deref().unwrap_or_default(),
        group: option.group.as_deref().unwrap_or_default(),
        shared: shared.as_deref().unwrap_or_default(),
    };
    Modal::new(action, "The answer", face_fields(words))
}

/// The form for all answers in words; `None` if they are too long for it, as a form that lost some
/// would remove them, or have names that words cannot tell from places and commas: handed in as it
/// is, it changes nothing.
#[must_use]
pub fn words_form(edited: &Edited<'_>) -> Option<Modal> {
    let words = option_words::write(edited.options);
    if length(&words) > WORDS_MAX || !option_words::can_be_words(edited.options) {
        return None;
    }
    let action = FormAction::AnswersInWords(edited.of, edited.version);
    let input = TextInput::lines(field::WORDS, WORDS_MAX).value(&words);
    let what = "Separated by commas: 🛡 Tank 2, 💚 Healer 3, Bench. An answer that keeps its name keeps \
         its members";
    Some(Modal::new(action, "All answers", vec![Component::field("Answers", what, input)]))
}

fn face_fields(words: FaceWords<'_>) -> Vec<Component> {
    let FaceWords { label: name, emoji, places, group, shared } = words;
    let line = |id, max, value: &str| TextInput::line(id, max).value(value);
    vec![
        Component::field("Name", "", line(field::LABEL, 2 * OptionLabel::MAX, name)),
        Component::field(
            "Emoji",
            "From your keyboard, or one of this server's as <:name:number>",
            line(field::EMOJI, 100, emoji).optional(),
        ),
        Component::field(
            label(Number::Places),
            "The rest goes to a waitlist",
            line(field::PLACES, 10, places).optional().placeholder("no limit"),
        ),
        Component::field(
            "Heading",
            "Answers with the same heading stand together, in one list",
            line(field::GROUP, 2 * GroupName::MAX, group).optional(),
        ),
        Component::field(
            label(Number::SharedPlaces),
            "For all answers under it together, as 2 tanks of any class",
            line(field::SHARED, 10, shared).optional().placeholder("no limit"),
        ),
    ]
}

/// A line for each, whose names are shortened as far as it takes.
fn lines(edited: &Edited<'_>, offered: &[&AnswerOption]) -> String {
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
    let people = edited.names_of(option.id).map_or(0, |names| names.people);
    let places = match (edited.picked, option.capacity) {
        (Some(picked), Some(capacity)) => {
            format!("{people} of {capacity}{}", held(picked.sheet.held_in(option.id)))
        }
        (Some(_), None) => counted(people, "person", "people"),
        (None, Some(capacity)) => counted(capacity.places(), "place", "places"),
        (None, None) => "no limit".to_owned(),
    };
    let mut pieces = vec![places, if option.coming { "coming" } else { "not coming" }.to_owned()];
    if name_max < NAME_OF_SHORT_LINE {
        return pieces;
    }
    if let Some(group) = option.group.as_deref() {
        let places = edited.options.shared_by(option).map(|(_, shared)| {
            let below = edited.picked.map_or(0, |picked| picked.sheet.held_below(shared));
            let places = counted(shared.capacity.places(), "place", "places");
            format!(" ({places}{})", held(below))
        });
        let group = fitted(&plain(group), name_max);
        pieces.push(format!("under {group}{}", places.unwrap_or_default()));
    }
    if !option.allowed.is_empty() {
        pieces.push(format!("for {}", counted(option.allowed.len(), "role", "roles")));
    }
    pieces
}

/// ", 1 held": a place on offer is nobody's yet.
fn held(people: usize) -> String {
    if people == 0 { String::new() } else { format!(", {} held", grouped(people)) }
}

fn no_longer_offered(edited: &Edited<'_>, removed: &[&AnswerOption]) -> String {
    let named = removed.iter().take(REMOVED_NAMED).map(|option| {
        let left = edited.names_of(option.id).map_or(0, |names| names.total);
        let label = fitted(&plain(&edited.options.name_of(option)), NAME_MAX);
        if left == 0 { label } else { format!("{label} ({left} still there)") }
    });
    let mut named: Vec<_> = named.collect();
    if let Some(more @ 1..) = removed.len().checked_sub(REMOVED_NAMED) {
        named.push(format!("{more} more"));
    }
    format!(
        "No longer offered: {}. Members who picked one keep it until they pick another, or until \
         you move them with *Members*.",
        named.join(", ")
    )
}

fn choice(edited: &Edited<'_>, option: &AnswerOption) -> SelectOption {
    let label = fitted(&option.label, CHOICE_MAX);
    let value = option.id.get().to_string();
    let description = below(Words::usual(), edited.options, option, CHOICE_MAX);
    SelectOption { label, value, description, ..SelectOption::default() }.with_emoji(&option.emoji)
}

fn coming(of: AnswersOf, option: &AnswerOption) -> Component {
    let (text, label) = if option.coming {
        ("**Counts as coming**\n-# Whoever picks it takes a place.", "Not coming")
    } else {
        ("**Does not count as coming**\n-# Whoever picks it takes no place.", "Coming")
    };
    let action = Action::AnswerComing(of, option.id, !option.coming);
    Component::section(text, Button::new(Style::Secondary, label, action))
}

fn told(of: AnswersOf, option: &AnswerOption) -> Component {
    let (text, label) = if option.told {
        ("**Told of changes**\n-# When the event moves or is cancelled.", "Do not tell")
    } else {
        ("**Not told of changes**\n-# When the event moves or is cancelled.", "Tell")
    };
    let action = Action::AnswerTold(of, option.id, !option.told);
    Component::section(text, Button::new(Style::Secondary, label, action))
}

fn colours(of: AnswersOf, option: &AnswerOption) -> Select {
    let name = |colour: Colour| COLOURS.into_iter().find(|(_, one)| *one == colour);
    let present = name(option.colour).map_or("", |(name, _)| name);
    let options = COLOURS.into_iter().map(|(name, _)| SelectOption {
        label: format!("A {name} button"),
        value: name.to_owned(),
        ..SelectOption::default()
    });
    let placeholder = format!("A {present} button");
    Select::new(Action::AnswerColour(of, option.id), &placeholder, options.collect())
}

/// Where it can go: up and down the list, out of it, and back to it.
fn places(of: AnswersOf, option: &AnswerOption, index: usize, offered: usize) -> Vec<Button> {
    let to = |place: usize| {
        let place = u8::try_from(place).unwrap_or(u8::MAX);
        Action::AnswerMove(of, option.id, place)
    };
    let mut buttons = vec![Button::new(Style::Secondary, "All answers", Action::AnswersBack(of))];
    if let Some(before) = index.checked_sub(1) {
        buttons.push(Button::new(Style::Secondary, "Up", to(before)));
    }
    if index.saturating_add(1) < offered {
        buttons.push(Button::new(Style::Secondary, "Down", to(index.saturating_add(1))));
    }
    if offered > 1 {
        let remove = Action::AnswerRemove(of, option.id);
        buttons.push(Button::new(Style::Danger, "Remove", remove));
    }
    buttons
}

#[cfg(test)]
mod tests;
