//! Buttons. (Discord docs: "Component Reference", button)

use serde::Serialize;

use super::component::Kind;
use crate::custom_id::Action;

/// How a button looks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Style {
    /// Blue.
    Primary,
    /// Grey.
    Secondary,
    /// Green.
    Success,
    /// Red.
    Danger,
}

/// A button.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Button {
    #[serde(rename = "type")]
    kind: Kind<2>,
    style: u8,
    #[serde(skip_serializing_if = "String::is_empty")]
    label: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    emoji: Option<Emoji>,
    #[serde(skip_serializing_if = "Option::is_none")]
    custom_id: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    url: Option<String>,
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    disabled: bool,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
struct Emoji {
    name: String,
}

impl Button {
    /// A button that does something.
    pub fn new(style: Style, label: impl Into<String>, action: Action) -> Self {
        let style = match style {
            Style::Primary => 1,
            Style::Secondary => 2,
            Style::Success => 3,
            Style::Danger => 4,
        };
        let custom_id = Some(action.to_string());
        Self { style, custom_id, ..Self::blank(label.into()) }
    }

    /// A button that leads to a page.
    pub fn link(label: impl Into<String>, url: String) -> Self {
        Self { style: 5, url: Some(url), ..Self::blank(label.into()) }
    }

    const fn blank(label: String) -> Self {
        Self {
            kind: Kind,
            style: 2,
            label,
            emoji: None,
            custom_id: None,
            url: None,
            disabled: false,
        }
    }

    /// The button with a Unicode emoji before its words; none if empty.
    #[must_use]
    pub fn emoji(mut self, emoji: &str) -> Self {
        self.emoji = (!emoji.is_empty()).then(|| Emoji { name: emoji.to_owned() });
        self
    }

    /// The button, not to be used now.
    #[must_use]
    pub const fn disabled(mut self) -> Self {
        self.disabled = true;
        self
    }
}
