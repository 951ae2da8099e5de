//! What is said, in each language, from files by subject: whoever translates changes no code.
//!
//! A line of a file is the name of a message, a colon, and its words. `\n` begins a new line, and
//! `{name}` is filled in; what stands before the colon and in braces stays as it is. A message that
//! counts has a line for each form that its language has, `post.free[one]` and `post.free[other]`,
//! named as in the Unicode CLDR: zero, one, two, few, many and other. Which form belongs to which
//! number says `plural.rs`. A line that begins with `#` is a comment.

mod file;
mod keys;
mod plural;

use std::sync::OnceLock;

use muster_domain::event::Event;
use muster_domain::settings::Language;

use self::file::Message;
pub(crate) use self::keys::Key;
use self::plural::Plural;
use crate::views::text::grouped;

/// The messages of one language.
#[derive(Clone, Copy, Debug)]
pub struct Words(&'static Messages);

/// Read from the files once for each language, and found by their place.
#[derive(Debug)]
struct Messages {
    language: Language,
    all: Box<[Message]>,
}

static NOTHING: Message = Message { other: String::new(), forms: Vec::new() };

impl Words {
    /// The messages of this language.
    #[must_use]
    pub fn of(language: Language) -> Self {
        static ENGLISH: OnceLock<Messages> = OnceLock::new();
        let read = match language {
            Language::English => &ENGLISH,
        };
        Self(read.get_or_init(|| Messages {
            language,
            all: file::messages(files_of(language), |words| words),
        }))
    }

    /// The messages of what is spoken in the guild of this event.
    #[must_use]
    pub fn of_event(event: &Event) -> Self {
        Self::of(event.language)
    }

    /// The messages of the usual language, for what is not said in the language of a guild.
    #[must_use]
    pub fn usual() -> Self {
        Self::of(Language::default())
    }

    /// A message in which nothing is filled in.
    #[must_use]
    pub(crate) fn plain(self, key: Key) -> &'static str {
        &self.message(key).other
    }

    /// A message with each `{name}` replaced by its value. What stands in a value stays as it is.
    #[must_use]
    pub(crate) fn filled(self, key: Key, values: &[(&str, &str)]) -> String {
        let mut text = String::new();
        self.push(&mut text, key, values);
        text
    }

    /// The same, put behind a text.
    pub(crate) fn push(self, text: &mut String, key: Key, values: &[(&str, &str)]) {
        fill(text, self.plain(key), |name| value_of(values, name));
    }

    /// A message in the form that belongs to a number, which is its `{count}`.
    #[must_use]
    pub(crate) fn counted(self, key: Key, number: usize) -> String {
        self.counted_with(key, number, &[])
    }

    /// The same with other values beside the number.
    #[must_use]
    pub(crate) fn counted_with(self, key: Key, number: usize, values: &[(&str, &str)]) -> String {
        let message = self.message(key);
        let plural = Plural::of(self.0.language, number);
        let form = message.forms.iter().find(|(of, _)| *of == plural);
        let words = form.map_or(&message.other, |(_, words)| words);
        let count = grouped(number);
        let mut text = String::new();
        fill(
            &mut text,
            words,
            |name| if name == "count" { &count } else { value_of(values, name) },
        );
        text
    }

    fn message(self, key: Key) -> &'static Message {
        // A test sees to it that every language has every message.
        self.0.all.get(key.index()).unwrap_or(&NOTHING)
    }
}

/// Puts a message behind a text.
fn fill<'a>(text: &mut String, message: &str, value_of: impl Fn(&str) -> &'a str) {
    // Most values are shorter than their blanks, or not much longer.
    text.reserve(message.len());
    let mut rest = message;
    while let Some((before, (name, after))) =
        rest.split_once('{').and_then(|(before, open)| Some((before, open.split_once('}')?)))
    {
        text.push_str(before);
        text.push_str(value_of(name));
        rest = after;
    }
    text.push_str(rest);
}

fn value_of<'a>(values: &[(&str, &'a str)], name: &str) -> &'a str {
    values.iter().find(|(known, _)| *known == name).map_or("", |(_, value)| value)
}

/// The files of a language, one for each subject.
const fn files_of(language: Language) -> &'static [&'static str] {
    match language {
        Language::English => &[
            include_str!("messages/en/answers.txt"),
            include_str!("messages/en/attendance.txt"),
            include_str!("messages/en/changed.txt"),
            include_str!("messages/en/date.txt"),
            include_str!("messages/en/day.txt"),
            include_str!("messages/en/doctor.txt"),
            include_str!("messages/en/door.txt"),
            include_str!("messages/en/export.txt"),
            include_str!("messages/en/form.txt"),
            include_str!("messages/en/greeting.txt"),
            include_str!("messages/en/help.txt"),
            include_str!("messages/en/list.txt"),
            include_str!("messages/en/log.txt"),
            include_str!("messages/en/members.txt"),
            include_str!("messages/en/notice.txt"),
            include_str!("messages/en/number.txt"),
            include_str!("messages/en/own.txt"),
            include_str!("messages/en/panel.txt"),
            include_str!("messages/en/permission.txt"),
            include_str!("messages/en/planning.txt"),
            include_str!("messages/en/post.txt"),
            include_str!("messages/en/presence.txt"),
            include_str!("messages/en/privacy.txt"),
            include_str!("messages/en/question.txt"),
            include_str!("messages/en/refusal.txt"),
            include_str!("messages/en/reminders.txt"),
            include_str!("messages/en/report.txt"),
            include_str!("messages/en/roster.txt"),
            include_str!("messages/en/rules.txt"),
            include_str!("messages/en/schedule.txt"),
            include_str!("messages/en/series.txt"),
            include_str!("messages/en/settings.txt"),
            include_str!("messages/en/span.txt"),
            include_str!("messages/en/telling.txt"),
            include_str!("messages/en/template.txt"),
            include_str!("messages/en/trouble.txt"),
            include_str!("messages/en/undo.txt"),
            include_str!("messages/en/when.txt"),
            include_str!("messages/en/wishes.txt"),
            include_str!("messages/en/zone.txt"),
        ],
    }
}

#[cfg(test)]
pub(crate) mod made_up;
#[cfg(test)]
mod tests;
