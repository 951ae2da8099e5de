//! Emoji as Discord takes them on buttons: one of Unicode's, or one of a server's own.
//!
//! Discord refuses a whole message for one emoji that is none, so it is checked when it is given.

use std::fmt;

use unicode_properties::UnicodeEmoji as _;

use crate::limits::EMOJI_MAX;

const ZERO_WIDTH_JOINER: char = '\u{200d}';
const EMOJI_PRESENTATION: char = '\u{fe0f}';
const KEYCAP: char = '\u{20e3}';

/// One emoji: a sequence of Unicode's (Unicode Technical Standard 51, section 1.4), or the mention
/// of a server's own, `<:name:id>` or `<a:name:id>`.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Emoji(Box<str>);

impl Emoji {
    /// Takes a text that is one emoji and nothing else.
    #[must_use]
    pub fn parse(raw: &str) -> Option<Self> {
        let (emoji, rest) = Self::split_from(raw.trim());
        emoji.filter(|_| rest.is_empty())
    }

    /// Takes the emoji that a text begins with, if it does, from what follows it.
    #[must_use]
    pub fn split_from(text: &str) -> (Option<Self>, &str) {
        let length = length_of_mention(text).or_else(|| length_of_sequence(text));
        match length.and_then(|length| text.split_at_checked(length)) {
            Some((emoji, rest)) => (Some(Self(emoji.into())), rest),
            None => (None, text),
        }
    }

    /// The emoji as it stands in a text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for Emoji {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// Bytes of the mention of a server's own emoji at the beginning (Discord docs: message
/// formatting).
fn length_of_mention(text: &str) -> Option<usize> {
    let end = text.find('>')?;
    let inside = text.get(..end)?.strip_prefix('<')?;
    let inside = inside.strip_prefix('a').unwrap_or(inside).strip_prefix(':')?;
    let (name, id) = inside.split_once(':')?;
    let named = (2..=32).contains(&name.len())
        && name.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_');
    let numbered = id.bytes().all(|byte| byte.is_ascii_digit())
        && id.parse::<u64>().is_ok_and(|number| number > 0);
    (named && numbered).then_some(end + 1)
}

/// Bytes of the Unicode emoji at the beginning.
fn length_of_sequence(text: &str) -> Option<usize> {
    let mut rest = Rest(text);
    let first = rest.take()?;
    if is_regional(first) {
        rest.take().filter(|second| is_regional(*second))?;
    } else if matches!(first, '0'..='9' | '#' | '*') {
        rest.skip(|c| c == EMOJI_PRESENTATION);
        rest.take().filter(|c| *c == KEYCAP)?;
    } else {
        rest.finish_element(first)?;
        while rest.0.starts_with(ZERO_WIDTH_JOINER) {
            rest.take();
            let next = rest.take()?;
            rest.finish_element(next)?;
        }
    }
    let length = text.len() - rest.0.len();
    (length <= EMOJI_MAX).then_some(length)
}

/// What is left of a text.
struct Rest<'a>(&'a str);

impl Rest<'_> {
    fn take(&mut self) -> Option<char> {
        let mut chars = self.0.chars();
        let first = chars.next();
        self.0 = chars.as_str();
        first
    }

    fn skip(&mut self, unwanted: impl Fn(char) -> bool) -> bool {
        let found = self.0.starts_with(&unwanted);
        if found {
            self.take();
        }
        found
    }

    /// Takes what may follow one picture: how it is shown, its skin, the tags of a region's flag.
    fn finish_element(&mut self, first: char) -> Option<()> {
        (first.is_emoji_char() && !first.is_ascii() && !is_regional(first)).then_some(())?;
        if !self.skip(|c| c == EMOJI_PRESENTATION) {
            self.skip(|c| matches!(c, '\u{1f3fb}'..='\u{1f3ff}'));
        }
        while self.skip(|c| matches!(c, '\u{e0020}'..='\u{e007f}')) {}
        Some(())
    }
}

/// Half of a country's flag.
const fn is_regional(c: char) -> bool {
    matches!(c, '\u{1f1e6}'..='\u{1f1ff}')
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn split(text: &str) -> (Option<String>, &str) {
        let (emoji, rest) = Emoji::split_from(text);
        (emoji.map(|emoji| emoji.to_string()), rest)
    }

    #[test]
    fn emoji_of_every_make_are_taken_whole() {
        for emoji in [
            "✅",
            "⚔",
            "⚔️",
            "🛡️",
            "💚",
            "👍🏽",
            "👨‍👩‍👧‍👦",
            "🏳️‍🌈",
            "🇩🇪",
            "1️⃣",
            "#⃣",
            "🏴󠁧󠁢󠁥󠁮󠁧󠁿",
            "©",
            "<:tank:1300000000000000000>",
            "<a:party_1:1300000000000000000>",
        ] {
            assert_eq!(split(&format!("{emoji}Tank")), (Some(emoji.to_owned()), "Tank"));
            assert_eq!(Emoji::parse(emoji).unwrap().as_str(), emoji);
        }
    }

    #[test]
    fn what_is_no_emoji_is_left_in_the_text() {
        for text in [
            "",
            "Tank",
            "2 Tanks",
            "1",
            "#1",
            "*",
            "é",
            "→",
            "🇩",
            "<:tank>",
            "<:t:1>",
            "<:tank:x>",
            "<:tank:0>",
            "<b:tank:1>",
            "<@1300000000000000000>",
            "\u{fe0f}",
            "\u{200d}",
            "日本",
        ] {
            assert_eq!(split(text), (None, text), "{text:?}");
        }
    }

    #[test]
    fn a_text_with_more_than_one_emoji_is_not_one() {
        assert_eq!(Emoji::parse("✅✅"), None);
        assert_eq!(Emoji::parse(" ✅ ").unwrap().as_str(), "✅");
        let endless = "👍\u{200d}".repeat(60) + "👍";
        assert_eq!(Emoji::parse(&endless), None);
    }

    proptest! {
        #[test]
        fn any_text_is_cut_without_loss(text in "\\PC{0,12}") {
            let (emoji, rest) = Emoji::split_from(&text);
            prop_assert_eq!(emoji.map_or(String::new(), |e| e.to_string()) + rest, text);
        }
    }
}
