//! A filled-in form as Discord sends it on (Discord docs: modal submit data).

use serde_json::{Value, json};

use super::UserError;
use super::components::check_values;
use super::resolved::Resolved;

/// The payload's `components` for a form filled with `values`.
pub(super) fn fill(
    components: &[Value],
    values: &Value,
    resolved: &mut Resolved<'_>,
) -> Result<Vec<Value>, UserError> {
    components.iter().map(|component| fill_top(component, values, resolved)).collect()
}

fn fill_top(
    component: &Value,
    values: &Value,
    resolved: &mut Resolved<'_>,
) -> Result<Value, UserError> {
    let (kind, id) = (&component["type"], &component["id"]);
    match kind.as_i64() {
        Some(18) => {
            let label = component["label"].as_str().unwrap_or_default();
            let child = fill_field(&component["component"], label, values, resolved)?;
            Ok(json!({"type": kind, "id": id, "component": child}))
        }
        Some(1) => {
            let children = component["components"].as_array().into_iter().flatten();
            let children: Result<Vec<_>, _> = children
                .map(|child| {
                    let label = child["label"].as_str().unwrap_or_default();
                    fill_field(child, label, values, resolved)
                })
                .collect();
            Ok(json!({"type": kind, "id": id, "components": children?}))
        }
        _ => Ok(json!({"type": kind, "id": id})),
    }
}

fn fill_field(
    field: &Value,
    label: &str,
    values: &Value,
    resolved: &mut Resolved<'_>,
) -> Result<Value, UserError> {
    let kind = field["type"].as_i64().unwrap_or(0);
    let custom_id = field["custom_id"].as_str().unwrap_or_default();
    let given = values.get(custom_id);
    let wrong = |why: String| UserError::invalid(format!("\"{label}\" {why}"));
    let mut filled = json!({"type": kind, "id": field["id"], "custom_id": custom_id});
    let (key, value) = match kind {
        4 => ("value", json!(text(field, given).map_err(wrong)?)),
        21 => ("value", radio(field, given, resolved)?),
        23 => {
            let preset = field["default"].as_bool().unwrap_or(false);
            ("value", json!(given.and_then(Value::as_bool).unwrap_or(preset)))
        }
        _ => {
            let chosen = chosen(field, given);
            check_values(field, &chosen, resolved).map_err(|error| wrong(error.to_string()))?;
            ("values", Value::Array(chosen))
        }
    };
    if let Some(fields) = filled.as_object_mut() {
        fields.insert(key.into(), value);
    }
    Ok(filled)
}

fn text(field: &Value, given: Option<&Value>) -> Result<String, String> {
    let preset = field["value"].as_str().unwrap_or_default();
    let text = given.map_or(preset, |given| given.as_str().unwrap_or_default());
    let length = u64::try_from(text.chars().count()).unwrap_or(u64::MAX);
    let required = field["required"] != false;
    let least = field["min_length"].as_u64().unwrap_or(0);
    let most = field["max_length"].as_u64().unwrap_or(4_000);
    match length {
        0 if required => Err("is required".into()),
        0 => Ok(String::new()),
        _ if length < least => Err(format!("must have {least} characters or more")),
        _ if length > most => Err(format!("must have {most} characters or fewer")),
        _ => Ok(text.to_owned()),
    }
}

fn radio(
    field: &Value,
    given: Option<&Value>,
    resolved: &mut Resolved<'_>,
) -> Result<Value, UserError> {
    let preset = presets(field).into_iter().next();
    let value = given.cloned().or(preset).unwrap_or(Value::Null);
    let chosen = if value.is_null() { Vec::new() } else { vec![value.clone()] };
    check_values(field, &chosen, resolved)?;
    Ok(value)
}

fn chosen(field: &Value, given: Option<&Value>) -> Vec<Value> {
    match given {
        None => presets(field),
        Some(Value::Array(list)) => list.clone(),
        Some(Value::Null) => Vec::new(),
        Some(one) => vec![one.clone()],
    }
}

/// What the form was filled with when it was opened.
fn presets(field: &Value) -> Vec<Value> {
    let options = field["options"].as_array().into_iter().flatten();
    let options = options.filter(|option| option["default"] == true).map(|o| o["value"].clone());
    let entities = field["default_values"].as_array().into_iter().flatten();
    options.chain(entities.map(|entity| entity["id"].clone())).collect()
}
