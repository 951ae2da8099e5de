//! What people gave: options of a command, fields of a form.

use std::collections::{BTreeMap, HashMap};

use muster_domain::id::{ChannelId, RoleId, UserId};

/// The value of one option.
#[derive(Clone, Debug, PartialEq)]
pub enum Value {
    /// Text, or the number of a user, role or channel.
    Text(String),
    /// A whole number.
    Integer(i64),
    /// Anything else.
    Other,
}

/// The options of a command, by name.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Options(pub(super) HashMap<String, Value>);

impl Options {
    /// A text; empty if it was not given.
    #[must_use]
    pub fn text(&self, name: &str) -> &str {
        match self.0.get(name) {
            Some(Value::Text(text)) => text,
            Some(Value::Integer(_) | Value::Other) | None => "",
        }
    }

    /// A number as it would be typed into a form; empty if it was not given.
    #[must_use]
    pub fn digits(&self, name: &str) -> String {
        match self.0.get(name) {
            Some(Value::Integer(number)) => number.to_string(),
            Some(Value::Text(text)) => text.clone(),
            Some(Value::Other) | None => String::new(),
        }
    }

    /// A channel, if one was given.
    #[must_use]
    pub fn channel(&self, name: &str) -> Option<ChannelId> {
        self.text(name).parse().ok().map(ChannelId::new)
    }

    /// A role, if one was given.
    #[must_use]
    pub fn role(&self, name: &str) -> Option<RoleId> {
        self.text(name).parse().ok().map(RoleId::new)
    }

    /// A person, if one was given.
    #[must_use]
    pub fn user(&self, name: &str) -> Option<UserId> {
        self.text(name).parse().ok().map(UserId::new)
    }

    /// How many characters the longest text among them has.
    #[must_use]
    pub fn longest_text(&self) -> usize {
        let texts = self.0.values().map(|value| match value {
            Value::Text(text) => text.chars().count(),
            Value::Integer(_) | Value::Other => 0,
        });
        texts.max().unwrap_or_default()
    }

    /// Whether this option was given, even if empty.
    #[must_use]
    pub fn has(&self, name: &str) -> bool {
        self.0.contains_key(name)
    }
}

/// The fields of a form, by what we called them.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Fields(pub(super) BTreeMap<String, String>);

impl Fields {
    /// What was written, or chosen from a select; empty if nothing was.
    #[must_use]
    pub fn text(&self, name: &str) -> &str {
        self.0.get(name).map_or("", String::as_str)
    }

    /// What was written, or chosen from a select; `None` if there was no such field.
    #[must_use]
    pub fn get(&self, name: &str) -> Option<&str> {
        self.0.get(name).map(String::as_str)
    }

    /// All of it as text, for [`Fields::from_json`].
    #[must_use]
    pub fn to_json(&self) -> String {
        // Texts by their names can always be written.
        serde_json::to_string(&self.0).unwrap_or_default()
    }

    /// What [`Fields::to_json`] wrote; no fields if it is something else.
    #[must_use]
    pub fn from_json(text: &str) -> Self {
        Self(serde_json::from_str(text).unwrap_or_default())
    }

    /// How many characters the longest text among them has.
    #[must_use]
    pub fn longest_text(&self) -> usize {
        self.0.values().map(|text| text.chars().count()).max().unwrap_or_default()
    }
}
