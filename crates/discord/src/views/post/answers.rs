//! What members tap on a post: a button for each answer, or a list of them, and "⋯".

use muster_domain::answer_option::{AnswerOption, Colour, Options};
use muster_domain::event::{Event, Phase};
use muster_domain::rules::CheckIn;

use crate::custom_id::Action;
use crate::views::message::{Button, Component, Select, SelectOption, Style};
use crate::views::messages::{Key, Words};
use crate::views::text::{fitted, length};

/// Buttons in one row.
const ROW_BUTTONS: usize = 5;

/// Answers that are buttons; more are a list. With "⋯" they are two rows.
const BUTTONS_MAX: usize = 9;

/// Characters on a button. (Discord docs: "Component Reference")
const LABEL_MAX: usize = 80;

/// Characters of a line of a list, and of what stands below it.
const LINE_MAX: usize = 100;

/// The rows below a post; none once nothing can be done any more.
pub(super) fn rows(words: Words, event: &Event, phase: Phase) -> Vec<Component> {
    let open = match phase {
        Phase::Open => true,
        Phase::Closed | Phase::Running => false,
        Phase::Over | Phase::Cancelled | Phase::Deleted => return Vec::new(),
    };
    let more = Button::new(Style::Secondary, "⋯", Action::More(event.id));
    if phase == Phase::Running && event.rules.check_in != CheckIn::Off {
        // Answers are closed, and what counts now is who is there.
        let here =
            Button::new(Style::Success, words.plain(Key::PostCheckIn), Action::CheckIn(event.id));
        return vec![Component::buttons(vec![here, more])];
    }
    if event.options.offered().count() > BUTTONS_MAX || event.options.has_groups() {
        return vec![list(words, event, open), Component::buttons(vec![more])];
    }
    let mut buttons: Vec<_> =
        event.options.offered().map(|option| button(event, option, open)).collect();
    buttons.push(more);
    buttons.chunks(ROW_BUTTONS).map(|row| Component::buttons(row.to_vec())).collect()
}

fn button(event: &Event, option: &AnswerOption, open: bool) -> Button {
    let action = Action::Answer(event.id, option.id);
    let button = Button::new(style(option.colour), fitted(&option.label, LABEL_MAX), action)
        .emoji(&option.emoji);
    if open { button } else { button.disabled() }
}

const fn style(colour: Colour) -> Style {
    match colour {
        Colour::Blue => Style::Primary,
        Colour::Grey => Style::Secondary,
        Colour::Green => Style::Success,
        Colour::Red => Style::Danger,
    }
}

/// What an answer stands below: "🛡 Tank", or "🛡 Tank · 2 places" where all below it share them.
pub(in crate::views) fn below(
    words: Words,
    options: &Options,
    option: &AnswerOption,
    max: usize,
) -> String {
    let Some(group) = option.group.as_deref() else { return String::new() };
    let Some((_, shared)) = options.shared_by(option) else { return fitted(group, max) };
    let places = format!(" · {}", words.counted(Key::PostShared, shared.capacity.places()));
    format!("{}{places}", fitted(group, max.saturating_sub(length(&places))))
}

fn list(words: Words, event: &Event, open: bool) -> Component {
    let lines = event.options.offered().map(|option| {
        SelectOption {
            label: fitted(&option.label, LINE_MAX),
            value: option.id.get().to_string(),
            description: below(words, &event.options, option, LINE_MAX),
            ..SelectOption::default()
        }
        .with_emoji(&option.emoji)
    });
    let placeholder = words.plain(if open { Key::PostPick } else { Key::PostClosed });
    let select = Select::new(Action::AnswerFrom(event.id), placeholder, lines.collect());
    let select = if open { select } else { select.disabled() };
    Component::row(vec![Component::Select(select)])
}
