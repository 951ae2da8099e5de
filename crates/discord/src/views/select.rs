//! Selects: of given texts, of roles, of channels. (Discord docs: "Component Reference", selects)

use muster_domain::id::{ChannelId, RoleId};
use serde::Serialize;

use super::button::Emoji;
use super::component::Kind;
use crate::custom_id::Action;

/// A choice among given texts.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Select {
    #[serde(rename = "type")]
    kind: Kind<3>,
    custom_id: String,
    #[serde(skip_serializing_if = "String::is_empty")]
    placeholder: String,
    options: Vec<SelectOption>,
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    disabled: bool,
}

impl Select {
    /// A choice of one of 1 to 25 options; the placeholder has at most 150 characters.
    #[must_use]
    pub fn new(action: Action, placeholder: &str, options: Vec<SelectOption>) -> Self {
        let placeholder = placeholder.to_owned();
        let custom_id = action.to_string();
        Self { kind: Kind, custom_id, placeholder, options, disabled: false }
    }

    /// A choice of one of 1 to 25 options in a form, by the name under which it comes back.
    #[must_use]
    pub fn in_form(name: &str, options: Vec<SelectOption>) -> Self {
        let (custom_id, placeholder) = (name.to_owned(), String::new());
        Self { kind: Kind, custom_id, placeholder, options, disabled: false }
    }

    /// What it is called when it comes back.
    pub(super) fn name(&self) -> &str {
        &self.custom_id
    }

    /// Has this value be chosen to begin with, if it is one of the options.
    pub(super) fn choose(&mut self, value: &str) {
        if self.options.iter().any(|option| option.value == value) {
            for option in &mut self.options {
                option.default = option.value == value;
            }
        }
    }

    /// The select, not to be used now.
    #[must_use]
    pub const fn disabled(mut self) -> Self {
        self.disabled = true;
        self
    }
}

/// One text to choose.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct SelectOption {
    /// 1 to 100 characters.
    pub label: String,
    /// 1 to 100 characters.
    pub value: String,
    /// What stands below the label, at most 100 characters; none if empty.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub description: String,
    /// Whether it is chosen to begin with.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub default: bool,
    /// The emoji before the label.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub emoji: Option<Emoji>,
}

impl SelectOption {
    /// The option with an emoji before its label; none if empty.
    #[must_use]
    pub fn with_emoji(mut self, emoji: &str) -> Self {
        self.emoji = Emoji::of(emoji);
        self
    }
}

/// A choice among things of the guild: people (`N` = 5), roles (`N` = 6) or channels
/// (`N` = 8).
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct EntitySelect<const N: u8> {
    #[serde(rename = "type")]
    kind: Kind<N>,
    custom_id: String,
    placeholder: String,
    min_values: usize,
    max_values: usize,
    default_values: Vec<DefaultValue>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    channel_types: Vec<u8>,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
struct DefaultValue {
    id: String,
    #[serde(rename = "type")]
    kind: &'static str,
}

impl EntitySelect<5> {
    /// A choice of one person.
    #[must_use]
    pub fn user(action: Action, placeholder: &str) -> Self {
        Self { min_values: 1, ..Self::of(action, placeholder, "user", Vec::new(), 1) }
    }

    /// A choice of up to `max` people, at least one.
    #[must_use]
    pub fn users(action: Action, placeholder: &str, max: usize) -> Self {
        Self { min_values: 1, ..Self::of(action, placeholder, "user", Vec::new(), max) }
    }
}

impl EntitySelect<6> {
    /// A choice of up to `max` roles, or none.
    pub fn roles(action: Action, placeholder: &str, chosen: &[RoleId], max: usize) -> Self {
        let ids = chosen.iter().map(ToString::to_string);
        Self::of(action, placeholder, "role", ids.collect(), max)
    }
}

impl EntitySelect<8> {
    /// A choice of one channel of these types, or none.
    pub fn channel(
        action: Action,
        placeholder: &str,
        chosen: Option<ChannelId>,
        channel_types: Vec<u8>,
    ) -> Self {
        let ids = chosen.iter().map(ToString::to_string).collect();
        Self { channel_types, ..Self::of(action, placeholder, "channel", ids, 1) }
    }
}

impl<const N: u8> EntitySelect<N> {
    fn of(
        action: Action,
        placeholder: &str,
        kind: &'static str,
        chosen: Vec<String>,
        max_values: usize,
    ) -> Self {
        Self {
            kind: Kind,
            custom_id: action.to_string(),
            placeholder: placeholder.to_owned(),
            min_values: 0,
            max_values,
            default_values: chosen.into_iter().map(|id| DefaultValue { id, kind }).collect(),
            channel_types: Vec::new(),
        }
    }
}
