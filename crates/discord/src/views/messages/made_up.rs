//! A language for tests, in which all that we say stands in brackets and all that is filled in
//! does not: what is outside of them is not ours, or was forgotten.

use std::sync::OnceLock;

use muster_domain::settings::Language;
use serde::Serialize;
use serde_json::Value;

use super::{Messages, Words, file, files_of};

const OPEN: char = '⟦';
const CLOSE: char = '⟧';

impl Words {
    /// English, each piece of it in brackets.
    pub(crate) fn made_up() -> Self {
        static MADE_UP: OnceLock<Messages> = OnceLock::new();
        let language = Language::English;
        let read = || Messages {
            language,
            all: file::messages(files_of(language), |words| apart(&words)),
        };
        Self(MADE_UP.get_or_init(read))
    }
}

/// "Hosted by {host}" as "⟦Hosted by ⟧{host}⟦⟧".
fn apart(words: &str) -> String {
    let filled = words.replace('{', &format!("{CLOSE}{{")).replace('}', &format!("}}{OPEN}"));
    format!("{OPEN}{filled}{CLOSE}")
}

/// What a message or form shows that is not ours and has letters, a line for each text, with times
/// and mentions taken out.
pub(crate) fn forgotten(shown: &impl Serialize) -> String {
    let mut texts = Vec::new();
    collect(&serde_json::to_value(shown).unwrap(), &mut texts);
    let outside = texts.iter().map(|text| without_tags(&outside_of(text)));
    let lines = outside.filter(|text| text.chars().any(char::is_alphabetic));
    lines.collect::<Vec<_>>().join("\n")
}

/// Every text that people read.
fn collect(value: &Value, texts: &mut Vec<String>) {
    match value {
        Value::Array(all) => all.iter().for_each(|one| collect(one, texts)),
        Value::Object(fields) => {
            // A choice of a list has a value as well, which nobody reads.
            let is_field = fields.contains_key("inline") || !fields.contains_key("label");
            for (name, inner) in fields {
                match (name.as_str(), inner) {
                    ("custom_id" | "url" | "emoji" | "allowed_mentions" | "type", _) => {}
                    ("value", _) if !is_field => {}
                    (_, Value::String(text)) => texts.push(text.clone()),
                    (_, inner) => collect(inner, texts),
                }
            }
        }
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {}
    }
}

fn outside_of(text: &str) -> String {
    let mut depth = 0_usize;
    let mut outside = String::new();
    for c in text.chars() {
        match c {
            OPEN => depth += 1,
            CLOSE => depth = depth.saturating_sub(1),
            c if depth == 0 => outside.push(c),
            _ => {}
        }
    }
    outside
}

/// Without `<t:1:F>`, `<@1>`, `<#1>` and addresses.
fn without_tags(text: &str) -> String {
    let mut pieces = text.split('<');
    let mut left = pieces.next().unwrap_or_default().to_owned();
    left.extend(pieces.map(|piece| piece.split_once('>').map_or(piece, |(_, after)| after)));
    let words = left.split([' ', '\n', '(', ')']).filter(|word| !word.starts_with("https://"));
    words.collect::<Vec<_>>().join(" ")
}

#[test]
fn what_is_filled_in_stands_outside() {
    let words = Words::made_up();
    let said = words.filled(super::Key::SettingsZoneSet, &[("zone", "home"), ("time", "<t:1:F>")]);
    assert_eq!(said, "⟦⟧home⟦, where it is ⟧<t:1:F>⟦⟧");
    assert_eq!(forgotten(&[serde_json::json!({ "content": said })]), "home");
}
