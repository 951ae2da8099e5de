//! Which form of a message belongs to a number, in each language.

use muster_domain::settings::Language;

/// The categories of the Unicode CLDR. A language uses some of them, and always the last.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Plural {
    Zero,
    One,
    Two,
    Few,
    Many,
    Other,
}

impl Plural {
    /// The category that a file calls so, in brackets behind the name of a message.
    pub(super) fn named(name: &str) -> Option<Self> {
        Some(match name {
            "zero" => Self::Zero,
            "one" => Self::One,
            "two" => Self::Two,
            "few" => Self::Few,
            "many" => Self::Many,
            "other" => Self::Other,
            _ => return None,
        })
    }

    /// The category of a number of things. (Unicode CLDR: "Language Plural Rules")
    pub(super) const fn of(language: Language, number: usize) -> Self {
        match (language, number) {
            (Language::English, 1) => Self::One,
            (Language::English, _) => Self::Other,
        }
    }
}
