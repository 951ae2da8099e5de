//! The panel where an event's answers are edited: the list of them, and one of them.

use jiff::Timestamp;
use muster_domain::answer_option::{AnswerOption, Colour, OptionId};
use muster_domain::event::Event;
use muster_domain::limits::{OPTIONS_MAX, RULE_ROLES_MAX};
use muster_domain::option_words;
use muster_domain::sheet::{Names, Sheet};
use muster_domain::text::{GroupName, OptionLabel};
use muster_store::model::{Posted, SeenEvent};

use crate::custom_id::{Action, FormAction};
use crate::views::message::{
    Button, Component, EntitySelect, Message, Modal, Select, SelectOption, Style, TextInput,
};
use crate::views::panel::understood;
use crate::views::text::{counted, fitted, length, plain, relative, title_of};
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
    /// All answers in words.
    pub const WORDS: &str = "words";
}

/// The answer to a new event whose answers are to be put together before it is posted.
#[must_use]
pub fn editor(posted: &Posted, post_at: Timestamp) -> Message {
    let event = &posted.sheet.event;
    let text = format!(
        "{}\nIt is posted {}, or at once with *Post it*; `/event cancel` discards it.",
        understood(event),
        relative(post_at)
    );
    let mut parts = parts(posted, Made::Nothing);
    parts.insert(0, Component::text(text));
    Message::panel(vec![Component::container(BLUE, parts)])
}

/// All answers of an event, with what can be done about them.
#[must_use]
pub fn list(posted: &Posted, made: Made) -> Message {
    Message::panel(vec![Component::container(BLUE, parts(posted, made))])
}

fn parts(posted: &Posted, made: Made) -> Vec<Component> {
    let sheet = &posted.sheet;
    let event = &sheet.event;
    let offered: Vec<_> = event.options.offered().collect();
    let removed: Vec<_> = event.options.iter().filter(|option| option.removed).collect();
    let title = title_of(event);
    let is_waiting = posted.post.message.is_none() && posted.post.gone_at.is_none();
    let shows =
        if is_waiting { "It is not posted yet." } else { "Each change shows on the post at once." };
    let mut parts = vec![
        Component::text(format!("## Answers\n{title}\n{shows}{}", made.lines())),
        Component::separator(),
        Component::text(lines(sheet, &offered)),
        Component::row(vec![Component::Select(Select::new(
            Action::AnswerPicked(event.id),
            "Change an answer",
            offered.iter().map(|option| choice(option)).collect(),
        ))]),
    ];
    if !removed.is_empty() {
        parts.push(Component::text(no_longer_offered(sheet, &removed)));
        parts.push(Component::row(vec![Component::Select(Select::new(
            Action::AnswerOfferAgain(event.id),
            "Offer one again",
            removed.iter().take(OPTIONS_MAX).map(|option| choice(option)).collect(),
        ))]));
    }
    let mut buttons = Vec::new();
    if words_form(event).is_some() {
        let words = Action::AnswersInWords(event.id);
        buttons.push(Button::new(Style::Secondary, "Edit as text", words));
    }
    buttons.extend(made.button(Action::AnswersUndo(SeenEvent::of(event))));
    if offered.len() < OPTIONS_MAX {
        buttons
            .insert(0, Button::new(Style::Primary, "Add an answer", Action::AnswerNew(event.id)));
    }
    if is_waiting {
        buttons.push(Button::new(Style::Success, "Post it", Action::PostAgain(event.id)));
    }
    parts.push(Component::buttons(buttons));
    parts
}

/// One answer, with everything that can be said of it; `None` if the event does not offer it.
#[must_use]
pub fn one(sheet: &Sheet, id: OptionId, made: Made) -> Option<Message> {
    let event = &sheet.event;
    let offered: Vec<_> = event.options.offered().collect();
    let index = offered.iter().position(|option| option.id == id)?;
    let option = *offered.get(index)?;
    let emoji = if option.emoji.is_empty() { String::new() } else { format!("{} ", option.emoji) };
    let heading = format!(
        "## {emoji}{}\n{}{}",
        plain(&option.label),
        numbers(sheet, option, OptionLabel::MAX).join(" · "),
        made.lines()
    );
    let face = Button::new(Style::Primary, "Edit", Action::AnswerFace(event.id, id));
    let mut buttons = places(event, option, index, offered.len());
    buttons.extend(made.button(Action::AnswersUndo(SeenEvent::of(event))));
    let mut parts = vec![
        Component::section(heading, face),
        Component::separator(),
        coming(event, option),
        told(event, option),
        Component::row(vec![Component::Select(colours(event, option))]),
        Component::text("**Who may pick it:** everybody, unless you choose roles."),
        Component::row(vec![Component::RoleSelect(EntitySelect::roles(
            Action::AnswerAllowed(event.id, id),
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
        let grant = Action::AnswerGrant(event.id, id);
        let select = EntitySelect::roles(grant, "None", &granted, 1);
        parts.push(Component::row(vec![Component::RoleSelect(select)]));
    }
    parts.extend([Component::separator(), Component::buttons(buttons)]);
    Some(Message::panel(vec![Component::container(BLUE, parts)]))
}

/// The form for another answer.
#[must_use]
pub fn new_form(action: FormAction) -> Modal {
    Modal::new(action, "Another answer", face_fields("", "", "", ""))
}

/// The form for what stands on an answer.
#[must_use]
pub fn face_form(action: FormAction, option: &AnswerOption) -> Modal {
    let places = option.capacity.map(|places| places.to_string()).unwrap_or_default();
    let group = option.group.as_deref().unwrap_or_default();
    Modal::new(action, "The answer", face_fields(&option.label, &option.emoji, &places, group))
}

/// The form for all answers in words; `None` if they are too long for it, as a form that lost some
/// would remove them, or have names that words cannot tell from places and commas: handed in as it
/// is, it changes nothing.
#[must_use]
pub fn words_form(event: &Event) -> Option<Modal> {
    let words = option_words::write(&event.options);
    if length(&words) > WORDS_MAX || !option_words::can_be_words(&event.options) {
        return None;
    }
    let action = FormAction::AnswersInWords(SeenEvent::of(event));
    let input = TextInput::lines(field::WORDS, WORDS_MAX).value(&words);
    let what = "Separated by commas: 🛡 Tank 2, 💚 Healer 3, Bench. An answer that keeps its name keeps \
         its members";
    Some(Modal::new(action, "All answers", vec![Component::field("Answers", what, input)]))
}

fn face_fields(label: &str, emoji: &str, places: &str, group: &str) -> Vec<Component> {
    let line = |name, max, value: &str| TextInput::line(name, max).value(value);
    vec![
        Component::field("Name", "", line(field::LABEL, 2 * OptionLabel::MAX, label)),
        Component::field(
            "Emoji",
            "From your keyboard, or one of this server's as <:name:number>",
            line(field::EMOJI, 100, emoji).optional(),
        ),
        Component::field(
            "Places",
            "The rest goes to a waitlist",
            line(field::PLACES, 10, places).optional().placeholder("no limit"),
        ),
        Component::field(
            "Heading",
            "Answers with the same heading stand together, in one list",
            line(field::GROUP, 2 * GroupName::MAX, group).optional(),
        ),
    ]
}

/// A line for each, whose names are shortened as far as it takes.
fn lines(sheet: &Sheet, offered: &[&AnswerOption]) -> String {
    let with_names_of = |max| {
        let line = |(number, option): (usize, &&AnswerOption)| {
            format!("{number}. {}", summed_up(sheet, option, max))
        };
        (1..).zip(offered).map(line).collect::<Vec<_>>().join("\n")
    };
    let mut fitting = NAMES_MAX.into_iter().map(with_names_of);
    let shortest = || with_names_of(NAMES_MAX.into_iter().min().unwrap_or_default());
    fitting.find(|lines| length(lines) <= LIST_MAX).unwrap_or_else(shortest)
}

/// "🛡 **Tank** · 1 of 2 · coming · for 1 role".
fn summed_up(sheet: &Sheet, option: &AnswerOption, name_max: usize) -> String {
    let name = format!("{} **{}**", option.emoji, fitted(&plain(&option.label), name_max));
    let mut pieces = vec![name.trim().to_owned()];
    pieces.extend(numbers(sheet, option, name_max));
    pieces.join(" · ")
}

/// What there is to say of an answer beside its name, from which nothing but the most important
/// stays where names have to be short.
fn numbers(sheet: &Sheet, option: &AnswerOption, name_max: usize) -> Vec<String> {
    let people = names_of(sheet, option.id).map_or(0, |names| names.people);
    let places = match option.capacity {
        Some(capacity) => format!("{people} of {capacity}"),
        None => counted(people, "person", "people"),
    };
    let mut pieces = vec![places, if option.coming { "coming" } else { "not coming" }.to_owned()];
    if name_max < NAME_OF_SHORT_LINE {
        return pieces;
    }
    if let Some(group) = option.group.as_deref() {
        pieces.push(format!("under {}", fitted(&plain(group), name_max)));
    }
    if !option.allowed.is_empty() {
        pieces.push(format!("for {}", counted(option.allowed.len(), "role", "roles")));
    }
    pieces
}

fn names_of(sheet: &Sheet, id: OptionId) -> Option<&Names> {
    sheet.columns.iter().find(|(option, _)| *option == id).map(|(_, names)| names)
}

fn no_longer_offered(sheet: &Sheet, removed: &[&AnswerOption]) -> String {
    let named = removed.iter().take(REMOVED_NAMED).map(|option| {
        let left = names_of(sheet, option.id).map_or(0, |names| names.total);
        let label = fitted(&plain(&sheet.event.options.name_of(option)), NAME_MAX);
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

fn choice(option: &AnswerOption) -> SelectOption {
    let label = fitted(&option.label, CHOICE_MAX);
    let value = option.id.get().to_string();
    let description = option.group.as_deref().map(|group| fitted(group, CHOICE_MAX));
    let description = description.unwrap_or_default();
    SelectOption { label, value, description, ..SelectOption::default() }.with_emoji(&option.emoji)
}

fn coming(event: &Event, option: &AnswerOption) -> Component {
    let (text, label) = if option.coming {
        ("**Counts as coming**\n-# Whoever picks it takes a place.", "Not coming")
    } else {
        ("**Does not count as coming**\n-# Whoever picks it takes no place.", "Coming")
    };
    let action = Action::AnswerComing(event.id, option.id, !option.coming);
    Component::section(text, Button::new(Style::Secondary, label, action))
}

fn told(event: &Event, option: &AnswerOption) -> Component {
    let (text, label) = if option.told {
        ("**Told of changes**\n-# When the event moves or is cancelled.", "Do not tell")
    } else {
        ("**Not told of changes**\n-# When the event moves or is cancelled.", "Tell")
    };
    let action = Action::AnswerTold(event.id, option.id, !option.told);
    Component::section(text, Button::new(Style::Secondary, label, action))
}

fn colours(event: &Event, option: &AnswerOption) -> Select {
    let name = |colour: Colour| COLOURS.into_iter().find(|(_, one)| *one == colour);
    let present = name(option.colour).map_or("", |(name, _)| name);
    let options = COLOURS.into_iter().map(|(name, _)| SelectOption {
        label: format!("A {name} button"),
        value: name.to_owned(),
        ..SelectOption::default()
    });
    let placeholder = format!("A {present} button");
    Select::new(Action::AnswerColour(event.id, option.id), &placeholder, options.collect())
}

/// Where it can go: up and down the list, out of it, and back to it.
fn places(event: &Event, option: &AnswerOption, index: usize, of: usize) -> Vec<Button> {
    let to = |place: usize| {
        let place = u8::try_from(place).unwrap_or(u8::MAX);
        Action::AnswerMove(event.id, option.id, place)
    };
    let mut buttons =
        vec![Button::new(Style::Secondary, "All answers", Action::AnswersBack(event.id))];
    if let Some(before) = index.checked_sub(1) {
        buttons.push(Button::new(Style::Secondary, "Up", to(before)));
    }
    if index.saturating_add(1) < of {
        buttons.push(Button::new(Style::Secondary, "Down", to(index.saturating_add(1))));
    }
    if of > 1 {
        let remove = Action::AnswerRemove(event.id, option.id);
        buttons.push(Button::new(Style::Danger, "Remove", remove));
    }
    buttons
}

#[cfg(test)]
mod tests;
