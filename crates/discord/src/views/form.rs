//! What people fill in: forms with their text fields, and suggestions while typing.
//! (Discord docs: "Modal", "Autocomplete")

use serde::Serialize;

use super::component::{Component, Kind};
use crate::custom_id::FormAction;

/// A text to be written in a form.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct TextInput {
    #[serde(rename = "type")]
    kind: Kind<4>,
    custom_id: &'static str,
    style: u8,
    required: bool,
    max_length: usize,
    #[serde(skip_serializing_if = "String::is_empty")]
    value: String,
    #[serde(skip_serializing_if = "String::is_empty")]
    placeholder: String,
}

impl TextInput {
    /// One line, at most `max_length` characters.
    #[must_use]
    pub const fn line(custom_id: &'static str, max_length: usize) -> Self {
        Self {
            kind: Kind,
            custom_id,
            style: 1,
            required: true,
            max_length,
            value: String::new(),
            placeholder: String::new(),
        }
    }

    /// Several lines, at most `max_length` characters.
    #[must_use]
    pub fn lines(custom_id: &'static str, max_length: usize) -> Self {
        Self { style: 2, ..Self::line(custom_id, max_length) }
    }

    /// The field, which may stay empty.
    #[must_use]
    pub const fn optional(mut self) -> Self {
        self.required = false;
        self
    }

    /// The field with this in it, shortened to its length.
    #[must_use]
    pub fn value(mut self, value: &str) -> Self {
        self.value = value.chars().take(self.max_length).collect();
        self
    }

    /// The field with an example of at most 100 characters.
    #[must_use]
    pub fn placeholder(mut self, placeholder: &str) -> Self {
        placeholder.clone_into(&mut self.placeholder);
        self
    }
}

/// A form.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Modal {
    custom_id: String,
    title: String,
    components: Vec<Component>,
}

impl Modal {
    /// A form with a title of at most 45 characters and one to five fields.
    #[must_use]
    pub fn new(action: FormAction, title: &str, components: Vec<Component>) -> Self {
        Self { custom_id: action.to_string(), title: title.chars().take(45).collect(), components }
    }

    /// The form as it was handed in as `action`: with what `written` says of each of its fields, by
    /// what that is called. One of which it says nothing stays as it is.
    #[must_use]
    pub fn filled_again<'a>(
        mut self,
        action: FormAction,
        written: impl Fn(&str) -> Option<&'a str>,
    ) -> Self {
        self.custom_id = action.to_string();
        for part in &mut self.components {
            let Component::Label { component, .. } = part else { continue };
            if let Component::Input(input) = &mut **component
                && let Some(text) = written(input.custom_id)
            {
                text.clone_into(&mut input.value);
            } else if let Component::Select(select) = &mut **component
                && let Some(chosen) = written(select.name())
            {
                select.choose(chosen);
            }
        }
        self
    }
}

/// A suggestion while typing.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Choice {
    /// What is shown, 1 to 100 characters.
    pub name: String,
    /// What is filled in, 1 to 100 characters.
    pub value: String,
}

#[cfg(test)]
mod tests {
    use muster_domain::id::EventId;

    use super::*;
    use crate::views::select::{Select, SelectOption};

    #[test]
    fn a_form_opens_again_with_what_was_written_and_chosen() {
        let option = |value: &str, default| SelectOption {
            label: value.to_owned(),
            value: value.to_owned(),
            default,
            ..SelectOption::default()
        };
        let options = vec![option("a", true), option("b", false)];
        let fields = vec![
            Component::text("Beside the fields"),
            Component::choice("Which", Select::in_form("which", options)),
            Component::field("One", "", TextInput::line("one", 10).value("before")),
            Component::field("Other", "", TextInput::line("other", 10).value("kept")),
        ];
        let form = Modal::new(FormAction::QuietHours, "A form", fields);
        let action = FormAction::Tell(EventId::new(7));
        let again = form.filled_again(action, |name| match name {
            "which" => Some("b"),
            "one" => Some(""),
            _ => None,
        });
        let json = serde_json::to_value(&again).unwrap();
        assert_eq!(json["custom_id"], action.to_string());
        let field = |index: usize| &json["components"][index]["component"];
        assert_eq!(field(1)["options"][0].get("default"), None);
        assert_eq!(field(1)["options"][1]["default"], true);
        assert_eq!(field(2).get("value"), None);
        assert_eq!(field(3)["value"], "kept");
    }
}
