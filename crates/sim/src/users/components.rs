//! Which component a person used, and whether it could be used so.

use serde_json::{Value, json};

use super::UserError;
use super::resolved::Resolved;
use crate::world::Message;

/// The component of `message` with this custom id.
pub(super) fn find<'m>(message: &'m Message, custom_id: &str) -> Option<&'m Value> {
    message.components.iter().find_map(|component| find_in(component, custom_id))
}

fn find_in<'m>(component: &'m Value, custom_id: &str) -> Option<&'m Value> {
    if component["custom_id"] == custom_id {
        return Some(component);
    }
    let accessory = component.get("accessory").into_iter();
    let inner = component["components"].as_array().into_iter().flatten();
    inner.chain(accessory).find_map(|inner| find_in(inner, custom_id))
}

/// The payload's `data` for a use of `component`.
pub(super) fn data(
    component: &Value,
    values: &[String],
    resolved: &mut Resolved<'_>,
) -> Result<Value, UserError> {
    if component["disabled"] == true {
        return Err(UserError::forbidden("that component is disabled"));
    }
    let kind = component["type"].as_i64().unwrap_or(0);
    let mut data = json!({
        "component_type": kind,
        "custom_id": component["custom_id"],
        "id": component["id"],
    });
    if kind == 2 {
        return Ok(data);
    }
    let values: Vec<Value> = values.iter().map(|value| json!(value)).collect();
    check_values(component, &values, resolved)?;
    if let Some(fields) = data.as_object_mut() {
        fields.insert("values".into(), Value::Array(values));
    }
    Ok(data)
}

/// Checks the choices of a select, in a message or in a modal.
pub(super) fn check_values(
    component: &Value,
    values: &[Value],
    resolved: &mut Resolved<'_>,
) -> Result<(), UserError> {
    let kind = component["type"].as_i64().unwrap_or(0);
    let count = u64::try_from(values.len()).unwrap_or(u64::MAX);
    let least = component["min_values"].as_u64().unwrap_or(1);
    let most = component["max_values"].as_u64().unwrap_or(1);
    let may_be_empty = component["required"] == false && values.is_empty();
    if !may_be_empty && !(least..=most).contains(&count) {
        let why = format!("between {least} and {most} choices are needed");
        return Err(UserError::invalid(why));
    }
    for value in values {
        if matches!(kind, 3 | 21 | 22) {
            let options = component["options"].as_array().into_iter().flatten();
            let known = options.into_iter().any(|option| option["value"] == *value);
            if !known {
                return Err(UserError::invalid("that is none of the choices"));
            }
        } else {
            resolved.select(component, value)?;
        }
    }
    Ok(())
}
