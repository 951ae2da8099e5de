//! Reads the messages of a language from its files.

use std::collections::HashMap;

use super::keys::NAMES;
use super::plural::Plural;

/// One message, in the forms that it has.
#[derive(Debug, Default)]
pub(super) struct Message {
    /// What holds for every number, and where there is none.
    pub(super) other: String,
    /// What holds for numbers of a category.
    pub(super) forms: Vec<(Plural, String)>,
}

/// One line: which message, for which numbers, and its words as they stand.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Line<'a> {
    pub(super) name: &'a str,
    pub(super) form: Plural,
    pub(super) words: &'a str,
}

/// The messages of these files, in the order of their keys; empty where a file lacks one, against
/// which there is a test.
pub(super) fn messages(files: &[&str], put_on: impl Fn(String) -> String) -> Box<[Message]> {
    let mut found: HashMap<String, Message> = HashMap::new();
    for line in files.iter().flat_map(|file| lines(file)).flatten() {
        let message = found.entry(key_of(line.name)).or_default();
        let words = put_on(line.words.replace("\\n", "\n"));
        match line.form {
            Plural::Other => message.other = words,
            form @ (Plural::Zero | Plural::One | Plural::Two | Plural::Few | Plural::Many) => {
                message.forms.push((form, words));
            }
        }
    }
    NAMES.iter().map(|key| found.remove(*key).unwrap_or_default()).collect()
}

/// The lines of a file that are no comments; `None` for one that is no message.
pub(super) fn lines(file: &str) -> impl Iterator<Item = Option<Line<'_>>> {
    file.lines().filter(|line| !line.starts_with('#') && !line.is_empty()).map(line_of)
}

fn line_of(line: &str) -> Option<Line<'_>> {
    let (name, words) = line.split_once(": ")?;
    let (name, form) = match name.split_once('[') {
        Some((name, form)) => (name, Plural::named(form.strip_suffix(']')?)?),
        None => (name, Plural::Other),
    };
    Some(Line { name, form, words })
}

/// "settings.zone.set" is `SettingsZoneSet`.
pub(super) fn key_of(name: &str) -> String {
    let capital = |part: &str| {
        let mut letters = part.chars();
        letters.next().map(|first| first.to_ascii_uppercase()).into_iter().chain(letters).collect()
    };
    name.split('.').map(capital).collect::<Vec<String>>().concat()
}
