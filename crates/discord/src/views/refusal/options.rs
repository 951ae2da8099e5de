//! What is wrong with the answers that an event is to offer, or with the choice of one.

use muster_domain::answer_option::OptionsError;
use muster_domain::limits::{OPTIONS_EVER_MAX, OPTIONS_MAX, RULE_ROLES_MAX};
use muster_domain::option_edit::OptionEditError;
use muster_domain::option_words::OptionWordsError;
use muster_domain::text::TextError;

use super::of_words;
use crate::views::messages::{Key, Words};
use crate::views::text::{plain, shortened};

/// Characters of what was written for one answer.
const WORDS_MAX: usize = 100;

/// More than one answer fits what was typed.
pub(super) fn several(words: Words, names: &[String]) -> String {
    const NAMED: usize = 3;
    let shown = names.iter().take(NAMED);
    let shown: Vec<_> = shown.map(|name| format!("**{}**", plain(&shortened(name, 50)))).collect();
    let shown = shown.join(", ");
    let values = [("names", shown.as_str())];
    match names.len().saturating_sub(NAMED) {
        0 => words.filled(Key::RefusalAnswerSeveral, &values),
        more => words.counted_with(Key::RefusalAnswerSeveralMore, more, &values),
    }
}

/// Words that are no answers.
pub(super) fn unread(words: Words, error: &OptionWordsError) -> String {
    let (given, key) = match error {
        OptionWordsError::None => return words.plain(Key::RefusalOptionsNone).to_owned(),
        OptionWordsError::TooMany(count) => {
            let most = OPTIONS_MAX.to_string();
            return words.counted_with(Key::RefusalOptionsMany, *count, &[("max", &most)]);
        }
        OptionWordsError::Twice(given) => (given, Key::RefusalOptionsTwice),
        OptionWordsError::Label { words: given, error: TextError::Empty } => {
            (given, Key::RefusalOptionsNameless)
        }
        OptionWordsError::Label { words: given, error: TextError::TooLong { .. } } => {
            (given, Key::RefusalOptionsLong)
        }
        OptionWordsError::Places { words: given, .. } => (given, Key::RefusalOptionsPlaces),
        OptionWordsError::BareHeading(given) => (given, Key::RefusalOptionsHeading),
        OptionWordsError::SharedPlaces { words: given, .. } => (given, Key::RefusalOptionsShared),
    };
    of_words(words, key, &shortened(given, WORDS_MAX))
}

/// Answers that no event can offer.
pub(super) fn not_offered(words: Words, error: OptionsError) -> String {
    let of_number =
        |key, given, most: usize| words.counted_with(key, given, &[("max", &most.to_string())]);
    match error {
        OptionsError::None => words.plain(Key::RefusalOfferNone).to_owned(),
        OptionsError::TooMany(given) => of_number(Key::RefusalOfferMany, given, OPTIONS_MAX),
        // Who picked one keeps it, so it stays with the event for good.
        OptionsError::TooManyEver(given) => {
            of_number(Key::RefusalOfferEver, given, OPTIONS_EVER_MAX)
        }
        OptionsError::Twice => words.plain(Key::RefusalOfferTwice).to_owned(),
    }
}

/// An answer that cannot be changed so.
pub(super) fn not_edited(words: Words, error: &OptionEditError) -> String {
    let just = |key| words.plain(key).to_owned();
    match error {
        OptionEditError::Options(error) => not_offered(words, *error),
        OptionEditError::NoSuchOption => just(Key::RefusalEditGone),
        OptionEditError::Twice(label) => of_words(words, Key::RefusalEditTwice, label),
        OptionEditError::PlacesNeedComing => just(Key::RefusalEditPlaces),
        OptionEditError::GrantNeedsComing => just(Key::RefusalEditRole),
        OptionEditError::SharedPlacesNeedComing(heading) => {
            of_words(words, Key::RefusalEditShared, heading)
        }
        OptionEditError::SharedPlacesNeedHeading => just(Key::RefusalEditHeading),
        OptionEditError::TooManyRoles(given) => {
            let most = RULE_ROLES_MAX.to_string();
            words.counted_with(Key::RefusalEditRoles, *given, &[("max", &most)])
        }
    }
}
