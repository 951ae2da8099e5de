//! The forms for an answer, and for all of them in words. What is filled in is read again: in
//! English.

use muster_domain::answer_option::{AnswerOption, Options};
use muster_domain::capacity::Capacity;
use muster_domain::option_words;
use muster_domain::text::{GroupName, OptionLabel};
use muster_engine::reading::parts::FaceWords;
use muster_engine::refusal::Number;

use super::Edited;
use crate::custom_id::FormAction;
use crate::views::message::{Component, Modal, TextInput};
use crate::views::messages::{Key, Words};
use crate::views::refusal::label;
use crate::views::text::length;

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

/// The form for another answer.
#[must_use]
pub fn new_form(words: Words, action: FormAction) -> Modal {
    let title = words.plain(Key::AnswersFormNew);
    Modal::new(action, title, face_fields(words, FaceWords::default()))
}

/// The form for what stands on an answer.
#[must_use]
pub fn face_form(
    words: Words,
    action: FormAction,
    options: &Options,
    option: &AnswerOption,
) -> Modal {
    let number = |places: Option<Capacity>| places.map(|places| places.to_string());
    let shared = options.shared_by(option).map(|(_, shared)| shared.capacity);
    let (places, shared) = (number(option.capacity), number(shared));
    let face = FaceWords {
        label: &option.label,
        emoji: &option.emoji,
        places: places.as_deref().unwrap_or_default(),
        group: option.group.as_deref().unwrap_or_default(),
        shared: shared.as_deref().unwrap_or_default(),
    };
    Modal::new(action, words.plain(Key::AnswersFormOne), face_fields(words, face))
}

/// The form for all answers in words; `None` if they are too long for it, as a form that lost some
/// would remove them, or have names that words cannot tell from places and commas: handed in as it
/// is, it changes nothing.
#[must_use]
pub fn words_form(edited: &Edited<'_>) -> Option<Modal> {
    let written = option_words::write(edited.options);
    if length(&written) > WORDS_MAX || !option_words::can_be_words(edited.options) {
        return None;
    }
    let action = FormAction::AnswersInWords(edited.of, edited.version);
    let input = TextInput::lines(field::WORDS, WORDS_MAX).value(&written);
    let [title, label, hint] = [Key::AnswersAll, Key::AnswersTitle, Key::AnswersFormTextHint]
        .map(|key| edited.words.plain(key));
    Some(Modal::new(action, title, vec![Component::field(label, hint, input)]))
}

fn face_fields(words: Words, face: FaceWords<'_>) -> Vec<Component> {
    let FaceWords { label: name, emoji, places, group, shared } = face;
    let line = |id, max, value: &str| TextInput::line(id, max).value(value);
    let said = |key| words.plain(key);
    let unlimited = said(Key::AnswersFormPlacesNone);
    vec![
        Component::field(
            said(Key::AnswersFormName),
            "",
            line(field::LABEL, 2 * OptionLabel::MAX, name),
        ),
        Component::field(
            said(Key::AnswersFormEmoji),
            said(Key::AnswersFormEmojiHint),
            line(field::EMOJI, 100, emoji).optional(),
        ),
        Component::field(
            label(words, Number::Places),
            said(Key::AnswersFormPlacesHint),
            line(field::PLACES, 10, places).optional().placeholder(unlimited),
        ),
        Component::field(
            said(Key::AnswersFormHeading),
            said(Key::AnswersFormHeadingHint),
            line(field::GROUP, 2 * GroupName::MAX, group).optional(),
        ),
        Component::field(
            label(words, Number::SharedPlaces),
            said(Key::AnswersFormSharedHint),
            line(field::SHARED, 10, shared).optional().placeholder(unlimited),
        ),
    ]
}
