//! Texts that are empty or too long.

use muster_domain::text::TextError;
use muster_engine::refusal::Field;

use crate::views::messages::{Key, Words};
use crate::views::text::grouped;

pub(super) fn said(words: Words, field: Field, error: TextError) -> String {
    match error {
        TextError::Empty => words.plain(empty(field)).to_owned(),
        TextError::TooLong { length, max } => {
            words.counted_with(long(field), length, &[("max", &grouped(max))])
        }
    }
}

const fn empty(field: Field) -> Key {
    match field {
        Field::Title => Key::RefusalEmptyTitle,
        Field::Description => Key::RefusalEmptyDescription,
        Field::Location | Field::LocationAlone => Key::RefusalEmptyLocation,
        Field::TemplateName | Field::Answer => Key::RefusalEmptyName,
        Field::Note => Key::RefusalEmptyNote,
        Field::Announcement => Key::RefusalEmptyMessage,
        Field::Group => Key::RefusalEmptyHeading,
    }
}

const fn long(field: Field) -> Key {
    match field {
        Field::Title => Key::RefusalLongTitle,
        Field::Description => Key::RefusalLongDescription,
        Field::Location => Key::RefusalLongLocationLeft,
        Field::LocationAlone => Key::RefusalLongLocation,
        Field::TemplateName | Field::Answer => Key::RefusalLongName,
        Field::Note => Key::RefusalLongNote,
        Field::Announcement => Key::RefusalLongMessage,
        Field::Group => Key::RefusalLongHeading,
    }
}
