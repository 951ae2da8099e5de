//! Texts that people write, valid by construction: trimmed, bounded, without control characters.

use std::fmt;

use thiserror::Error;

use crate::limits::{IMAGE_URL_MAX, QUOTED_MAX};

/// Why a text was not taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
pub enum TextError {
    /// Nothing but white space.
    #[error("it is empty")]
    Empty,
    /// More characters than the text may have.
    #[error("it has {length} characters, {max} are allowed")]
    TooLong {
        /// Characters given, after trimming.
        length: usize,
        /// Characters allowed.
        max: usize,
    },
}

/// Keeps one line: control characters and line breaks become spaces, runs of spaces one.
fn single_line(raw: &str) -> String {
    let spaced: String = raw.chars().map(|c| if is_unprintable(c) { ' ' } else { c }).collect();
    spaced.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// Keeps line breaks; other control characters go, trailing space of each line too.
fn multi_line(raw: &str) -> String {
    let unified = raw.replace("\r\n", "\n").replace('\r', "\n");
    let lines = unified.lines().map(|line| {
        let kept: String = line.chars().filter(|c| !is_unprintable(*c)).collect();
        kept.trim_end().to_owned()
    });
    lines.collect::<Vec<_>>().join("\n").trim().to_owned()
}

/// Control characters, and the marks that turn the direction of the text that follows.
fn is_unprintable(c: char) -> bool {
    c.is_control() || matches!(c, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' | '\u{feff}')
}

macro_rules! text_types {
    ($($(#[$doc:meta])* $name:ident, $max:literal, $clean:ident;)*) => {$(
        $(#[$doc])*
        #[derive(Clone, Debug, PartialEq, Eq, Hash)]
        pub struct $name(Box<str>);

        impl $name {
            /// The most characters that it may have.
            pub const MAX: usize = $max;

            /// Cleans and checks what a person wrote.
            pub fn parse(raw: &str) -> Result<Self, TextError> {
                let clean = $clean(raw);
                let length = clean.chars().count();
                match length {
                    0 => Err(TextError::Empty),
                    _ if length > Self::MAX => Err(TextError::TooLong { length, max: Self::MAX }),
                    _ => Ok(Self(clean.into())),
                }
            }

            /// The text itself.
            #[must_use]
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(&self.0)
            }
        }
    )*};
}

text_types! {
    /// What an event is called: one line.
    Title, 100, single_line;
    /// What an event is about: several lines, Discord markdown.
    Description, 2000, multi_line;
    /// Where an event is: one line, a place or a link.
    Location, 200, single_line;
    /// The words on an option's button: one line.
    OptionLabel, 80, single_line;
    /// The heading that several options share: one line.
    GroupName, 40, single_line;
    /// What a template is called: one line.
    TemplateName, 50, single_line;
    /// What members say beside their answers: one line.
    Note, 100, single_line;
    /// What an organiser tells those who are coming: several lines, Discord markdown.
    Announcement, 1000, multi_line;
}

/// The beginning of what somebody typed, at most [`QUOTED_MAX`] characters: enough to be shown
/// beside what is wrong with it.
#[must_use]
pub fn quoted(typed: &str) -> String {
    typed.trim().chars().take(QUOTED_MAX).collect()
}

/// The address of an image on the web: `https`, at most [`IMAGE_URL_MAX`] bytes, in the characters
/// that an address can have.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct ImageUrl(Box<str>);

/// Why an address was not taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
pub enum ImageUrlError {
    /// It is not `https://`, a name of a host with a dot, and what follows.
    #[error("it is not an address that begins with https://")]
    NotAnAddress,
    /// It has a space, a quotation mark or another character that belongs into no address.
    #[error("it has characters that no address can have")]
    Characters,
    /// It is too long for Discord.
    #[error("it has {length} characters, {max} are allowed", max = IMAGE_URL_MAX)]
    TooLong {
        /// Bytes given, after trimming.
        length: usize,
    },
}

impl ImageUrl {
    /// Checks an address that a person gave. Whether there is an image is not known.
    pub fn parse(raw: &str) -> Result<Self, ImageUrlError> {
        let address = raw.trim();
        let rest = address.get(.."https://".len()).filter(|s| s.eq_ignore_ascii_case("https://"));
        let rest = rest.and_then(|scheme| address.get(scheme.len()..));
        let host = rest.and_then(|rest| rest.split(['/', '?', '#']).next()).unwrap_or_default();
        let is_name = |b: u8| b.is_ascii_alphanumeric() || matches!(b, b'.' | b'-' | b':');
        let named = host.trim_matches('.').contains('.') && host.bytes().all(is_name);
        let strange = |b: u8| !b.is_ascii_graphic() || b"\"<>\\^`{|}".contains(&b);
        if address.len() > IMAGE_URL_MAX {
            return Err(ImageUrlError::TooLong { length: address.len() });
        }
        if address.bytes().any(strange) {
            return Err(ImageUrlError::Characters);
        }
        if !named {
            return Err(ImageUrlError::NotAnAddress);
        }
        Ok(Self(address.into()))
    }

    /// The address.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_title_is_one_trimmed_line() {
        assert_eq!(Title::parse("  Raid \n\t night ").unwrap().as_str(), "Raid night");
        assert_eq!(Title::parse("a\u{202e}b\u{0}c").unwrap().as_str(), "a b c");
    }

    #[test]
    fn an_empty_title_and_one_of_200_characters_are_refused() {
        assert_eq!(Title::parse(" \n "), Err(TextError::Empty));
        let long = "ä".repeat(200);
        assert_eq!(Title::parse(&long), Err(TextError::TooLong { length: 200, max: 100 }));
        assert!(Title::parse(&"ä".repeat(100)).is_ok());
    }

    #[test]
    fn a_note_is_one_line_of_up_to_a_hundred_characters() {
        assert_eq!(Note::parse(" late\nby bus ").unwrap().as_str(), "late by bus");
        assert!(Note::parse(&"ä".repeat(100)).is_ok() && Note::parse(&"ä".repeat(101)).is_err());
    }

    #[test]
    fn an_image_has_an_address_on_the_web() {
        let taken =
            ImageUrl::parse(" HTTPS://cdn.example.org:443/a%20b.png?x=1&y=(2)#top ").unwrap();
        assert_eq!(taken.as_str(), "HTTPS://cdn.example.org:443/a%20b.png?x=1&y=(2)#top");
        for bad in [
            "",
            "https://",
            "https://host/a.png",
            "http://example.org/a.png",
            "example.org",
            "ftp://example.org",
            "https://./a.png",
            "https://me@example.org/a.png",
            "httpsä://a.b",
        ] {
            ImageUrl::parse(bad).unwrap_err();
        }
        for strange in ["https://example.org/a b", "https://example.org/<a>", "https://ä.org/a"] {
            assert_eq!(ImageUrl::parse(strange), Err(ImageUrlError::Characters));
        }
        let long = |n: usize| format!("https://example.org/{}", "a".repeat(n - 20));
        assert!(ImageUrl::parse(&long(2_048)).is_ok());
        assert_eq!(ImageUrl::parse(&long(2_049)), Err(ImageUrlError::TooLong { length: 2_049 }));
    }

    #[test]
    fn a_description_keeps_its_lines() {
        let text = Description::parse("\r\nfirst  \r\nsecond\u{7}\n\n").unwrap();
        assert_eq!(text.as_str(), "first\nsecond");
    }
}
