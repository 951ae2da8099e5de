//! What can be chosen as an answer on a post: by a button for each, or from one list where answers
//! stand under headings.

use serde_json::Value;

use crate::asked::Pick;
use crate::words::{each, text, verb};

/// An answer that can be chosen.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Choice {
    /// As it is written there.
    pub(crate) label: String,
    /// The custom id of the button or the list.
    pub(crate) custom_id: String,
    /// What is chosen from the list, if it is one.
    pub(crate) value: Option<String>,
    /// Of which event.
    pub(crate) event: u64,
    /// Which answer.
    pub(crate) option: u8,
}

/// The answers that can be chosen now.
pub(crate) fn choices(components: &[Value]) -> Vec<Choice> {
    let mut found = Vec::new();
    each(components, &mut |component| {
        let custom_id = text(component, "/custom_id");
        if component["disabled"] == true {
            return;
        }
        let (label, custom_id) = (text(component, "/label"), custom_id.to_owned());
        let Some((verb, numbers)) = verb(&custom_id) else { return };
        match (verb, numbers.as_slice()) {
            ("a", [event, option]) => {
                let option = u8::try_from(*option).unwrap_or_default();
                let (label, event) = (label.to_owned(), *event);
                let custom_id = custom_id.clone();
                found.push(Choice { label, custom_id, value: None, event, option });
            }
            ("af", [event]) => found.extend(listed(component, &custom_id, *event)),
            _ => {}
        }
    });
    found
}

/// The lines of a list.
fn listed(list: &Value, custom_id: &str, event: u64) -> Vec<Choice> {
    let lines = list["options"].as_array().into_iter().flatten();
    let choice = |line: &Value| {
        let value = text(line, "/value").to_owned();
        let (label, option) = (text(line, "/label").to_owned(), value.parse().ok()?);
        Some(Choice { label, custom_id: custom_id.to_owned(), value: Some(value), event, option })
    };
    lines.filter_map(choice).collect()
}

/// What somebody wants who chose from the list of a post.
pub(crate) fn picked_from_list(payload: &Value) -> Option<Pick> {
    let (verb, numbers) = verb(text(payload, "/data/custom_id"))?;
    let option = text(payload, "/data/values/0").parse().ok()?;
    match (verb, numbers.as_slice()) {
        ("af", [event]) => Some(Pick { event: *event, option: Some(option) }),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn answers_are_found_on_buttons_and_in_a_list() {
        let button = json!({"type": 2, "label": "Yes", "custom_id": "m1:a:16:1"});
        let more = json!({"type": 2, "label": "⋯", "custom_id": "m1:m:16"});
        let lines = json!([{"label": "Warrior", "value": "3"}]);
        let list = json!({"type": 3, "custom_id": "m1:af:16", "options": lines});
        let found = choices(&[json!({"type": 1, "components": [button, list, more]})]);
        let told: Vec<_> = found.iter().map(|one| (&*one.label, one.event, one.option)).collect();
        assert_eq!(told, [("Yes", 42, 1), ("Warrior", 42, 3)]);
        let mut closed = list;
        closed["disabled"] = true.into();
        assert!(choices(&[closed]).is_empty());
        let chosen = json!({"data": {"custom_id": "m1:af:16", "values": ["3"]}});
        assert_eq!(picked_from_list(&chosen), Some(Pick { event: 42, option: Some(3) }));
    }
}
