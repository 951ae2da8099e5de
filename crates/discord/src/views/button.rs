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

/// An emoji of Unicode, or one of a server's own. (Discord docs: "Emoji")
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Emoji {
    name: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    id: Option<String>,
}

impl Emoji {
    /// The emoji as it stands in a text: itself, or the mention of a server's own; `None` if
    /// empty.
    #[must_use]
    pub fn of(text: &str) -> Option<Self> {
        let mention = text.strip_prefix('<').and_then(|rest| rest.strip_suffix('>'));
        let Some(inside) = mention else {
            let name = text.to_owned();
            return (!text.is_empty()).then_some(Self { name, id: None });
        };
        let (name, id) = inside.split_once(':')?.1.split_once(':')?;
        Some(Self { name: name.to_owned(), id: Some(id.to_owned()) })
    }
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

    /// The button with an emoji before its words; none if empty.
    #[must_use]
    pub fn emoji(mut self, emoji: &str) -> Self {
        self.emoji = Emoji::of(emoji);
        self
    }

    /// The button, not to be used now.
    #[must_use]
    pub const fn disabled(mut self) -> Self {
        self.disabled = true;
        self
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_emoji_is_itself_or_a_servers_own() {
        let of = |text| serde_json::to_string(&Emoji::of(text)).unwrap();
        assert_eq!(of(""), "null");
        assert_eq!(of("✅"), r#"{"name":"✅"}"#);
        assert_eq!(of("<:tank:13>"), r#"{"name":"tank","id":"13"}"#);
        assert_eq!(of("<a:party_1:13>"), r#"{"name":"party_1","id":"13"}"#);
    }
}
