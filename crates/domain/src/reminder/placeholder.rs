//! Placeholders in the text of a reminder: what stands in braces and is filled in when it goes out.

use thiserror::Error;

use crate::limits::PLACEHOLDER_MAX;
use crate::text::Announcement;

/// Something of an event that a reminder's text can name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Placeholder {
    /// What the event is called.
    Title,
    /// When it begins.
    Start,
    /// How long it is until then.
    Relative,
    /// Who organises it.
    Host,
    /// Where it is.
    Location,
    /// How many are coming.
    Count,
}

/// Braces around what is no placeholder.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
#[error("{{{0}}} is not a placeholder: use {known}", known = known())]
pub struct UnknownPlaceholder(pub String);

impl Placeholder {
    /// All of them.
    pub const ALL: [Self; 6] =
        [Self::Title, Self::Start, Self::Relative, Self::Host, Self::Location, Self::Count];

    /// What stands in the braces.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Title => "title",
            Self::Start => "start",
            Self::Relative => "relative",
            Self::Host => "host",
            Self::Location => "location",
            Self::Count => "count",
        }
    }

    fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|known| name.eq_ignore_ascii_case(known.name()))
    }
}

/// "{title}, {start}, … and {count}".
fn known() -> String {
    let names: Vec<_> =
        Placeholder::ALL.into_iter().map(|known| format!("{{{}}}", known.name())).collect();
    match names.split_last() {
        Some((last, others)) => format!("{} or {last}", others.join(", ")),
        None => String::new(),
    }
}

/// Checks that a text names nothing but what can be filled in.
pub fn check_placeholders(text: &Announcement) -> Result<(), UnknownPlaceholder> {
    let mut unknown = pieces(text.as_str()).filter_map(|piece| match piece {
        Piece::Braced { name, .. } if Placeholder::named(name).is_none() => Some(name),
        Piece::Braced { .. } | Piece::Plain(_) => None,
    });
    unknown.next().map_or(Ok(()), |name| Err(UnknownPlaceholder(name.to_owned())))
}

/// The text with the placeholders filled in. What is none stays as it is.
#[must_use]
pub fn filled(text: &str, value: impl Fn(Placeholder) -> String) -> String {
    let piece = |piece: Piece<'_>| match piece {
        Piece::Plain(text) => text.to_owned(),
        Piece::Braced { name, whole } => {
            Placeholder::named(name).map_or_else(|| whole.to_owned(), &value)
        }
    };
    pieces(text).map(piece).collect()
}

/// A part of a text.
enum Piece<'a> {
    Plain(&'a str),
    /// A single word in braces.
    Braced {
        name: &'a str,
        whole: &'a str,
    },
}

fn pieces(text: &str) -> impl Iterator<Item = Piece<'_>> {
    let mut left = text;
    std::iter::from_fn(move || {
        if left.is_empty() {
            return None;
        }
        if let Some((name, after)) = braced(left) {
            let (whole, _) = left.split_at(left.len().saturating_sub(after.len()));
            left = after;
            return Some(Piece::Braced { name, whole });
        }
        // The brace at the beginning, if there is one, is none of a placeholder.
        let mut later = left.char_indices().skip(1);
        let end = later.find(|(_, c)| *c == '{').map_or(left.len(), |(index, _)| index);
        let (plain, after) = left.split_at(end);
        left = after;
        Some(Piece::Plain(plain))
    })
}

/// The word in braces with which a text begins, and what follows.
fn braced(text: &str) -> Option<(&str, &str)> {
    let (name, after) = text.strip_prefix('{')?.split_once('}')?;
    let is_word = name.chars().all(|c| c.is_alphanumeric() || c == '_' || c == '-');
    let fits = !name.is_empty() && name.chars().count() <= PLACEHOLDER_MAX;
    (is_word && fits).then_some((name, after))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn checked(text: &str) -> Result<(), UnknownPlaceholder> {
        check_placeholders(&Announcement::parse(text).unwrap())
    }

    #[test]
    fn what_is_in_braces_is_filled_in() {
        let value = |placeholder: Placeholder| placeholder.name().to_uppercase();
        let all = Placeholder::ALL.map(|known| format!("{{{}}}", known.name())).join(" ");
        assert_eq!(checked(&all), Ok(()));
        assert_eq!(filled(&all, value), "TITLE START RELATIVE HOST LOCATION COUNT");
        assert_eq!(filled("🛡 {Title}: {count}!", value), "🛡 TITLE: COUNT!");
    }

    #[test]
    fn a_value_is_not_filled_in_again() {
        assert_eq!(filled("{title}", |_| "{host}".to_owned()), "{host}");
    }

    #[test]
    fn other_words_in_braces_are_refused_by_name() {
        let refused = checked("Hello {title}, {name}").unwrap_err();
        assert_eq!(
            refused.to_string(),
            "{name} is not a placeholder: use {title}, {start}, {relative}, {host}, {location} or \
             {count}"
        );
    }

    #[test]
    fn braces_that_hold_no_word_are_text() {
        for text in ["{", "}", "{}", "{{}}", "{ title }", "a {b c} d", "{\"a\": 1}", "{{ {"] {
            assert_eq!(checked(text), Ok(()), "{text}");
            assert_eq!(filled(text, |_| panic!("{text}")), text);
        }
        assert_eq!(filled("{{title}}", |_| "x".to_owned()), "{x}");
    }
}
