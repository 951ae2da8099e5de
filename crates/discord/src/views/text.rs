//! Words and numbers in messages: escaped, counted, shortened.

use jiff::Timestamp;
use muster_domain::event::Event;
use muster_domain::id::UserId;
use muster_vitals::figures;

use crate::views::messages::{Key, Words};

/// A text by a person, so that none of it is read as markdown, a mention or a link.
#[must_use]
pub fn plain(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for c in text.chars() {
        if matches!(
            c,
            '\\' | '*'
                | '_'
                | '~'
                | '`'
                | '|'
                | '>'
                | '<'
                | '#'
                | '['
                | ']'
                | '('
                | ')'
                | '@'
                | ':'
        ) {
            escaped.push('\\');
        }
        escaped.push(c);
    }
    escaped
}

/// The title of an event, as [`plain`] has it: whole, as it has at most a hundred characters.
#[must_use]
pub fn title_of(event: &Event) -> String {
    plain(event.details.title.as_str())
}

/// At most `max` characters, the last one "…" if some were cut.
#[must_use]
pub fn shortened(text: &str, max: usize) -> String {
    if text.chars().count() <= max {
        return text.to_owned();
    }
    text.chars().take(max.saturating_sub(1)).chain(['…']).collect()
}

/// At most `max` characters as [`length`] counts them, the last one "…" if some were cut.
#[must_use]
pub fn fitted(text: &str, max: usize) -> String {
    if length(text) <= max {
        return text.to_owned();
    }
    let mut fitted = String::new();
    let mut left = max.saturating_sub(1);
    for c in text.chars() {
        let Some(rest) = left.checked_sub(c.len_utf16()) else { break };
        fitted.push(c);
        left = rest;
    }
    fitted.push('…');
    fitted
}

/// A length as Discord counts it. Its unit is not documented; UTF-16 is the largest it could be.
#[must_use]
pub fn length(text: &str) -> usize {
    // Every character begins with one byte that is no continuation; from U+10000 on, which take
    // four bytes, it is two units. Counted by bytes, as a post is measured with every tap.
    let characters = text.bytes().filter(|byte| byte & 0xC0 != 0x80).count();
    characters + text.bytes().filter(|byte| *byte >= 0xF0).count()
}

/// The mention of a member; without a name for one who was erased. For what is not said in the
/// language of the guild: see [`person_in`].
#[must_use]
pub fn person(member: UserId) -> String {
    person_in(Words::usual(), member)
}

/// The same in this language.
#[must_use]
pub fn person_in(words: Words, member: UserId) -> String {
    let mut text = String::new();
    push_mention(&mut text, words, member);
    text
}

/// Adds the mention of a member. Without the machinery of `format!`, as a post has up to 160.
pub fn push_mention(text: &mut String, words: Words, member: UserId) {
    if member.is_erased() {
        text.push_str(words.plain(Key::PostErased));
        return;
    }
    text.push_str("<@");
    text.push_str(itoa::Buffer::new().format(member.get()));
    text.push('>');
}

/// An instant that each reader sees in their own zone, with weekday.
#[must_use]
pub fn full(at: Timestamp) -> String {
    format!("<t:{}:F>", at.as_second())
}

/// An instant as time of day.
#[must_use]
pub fn time(at: Timestamp) -> String {
    format!("<t:{}:t>", at.as_second())
}

/// An instant as "in 3 days".
#[must_use]
pub fn relative(at: Timestamp) -> String {
    format!("<t:{}:R>", at.as_second())
}

/// "1 place", "2 places".
#[must_use]
pub fn counted(number: usize, one: &str, many: &str) -> String {
    let word = if number == 1 { one } else { many };
    format!("{} {word}", grouped(number))
}

/// 4,960
#[must_use]
pub fn grouped(number: usize) -> String {
    figures::number(u64::try_from(number).unwrap_or(u64::MAX))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_title_cannot_format_mention_or_link() {
        assert_eq!(plain("**@here** <@1> [x](y)"), "\\*\\*\\@here\\*\\* \\<\\@1\\> \\[x\\]\\(y\\)");
    }

    #[test]
    fn numbers_are_grouped_and_counted() {
        assert_eq!([grouped(7), grouped(4_960), grouped(1_000_000)], ["7", "4,960", "1,000,000"]);
        assert_eq!(counted(1, "place", "places"), "1 place");
        assert_eq!(counted(0, "place", "places"), "0 places");
    }

    #[test]
    fn fitting_counts_as_discord_may_count() {
        assert_eq!([fitted("𝕏𝕏", 4), fitted("𝕏𝕏𝕏", 4), fitted("abc", 2)], ["𝕏𝕏", "𝕏…", "a…"]);
    }

    #[test]
    fn shortening_counts_characters() {
        assert_eq!(shortened("äöü", 3), "äöü");
        assert_eq!(shortened("äöüß", 3), "äö…");
    }
}
