//! The options of a command as a client sends them, checked as Discord checks them.

use serde::Deserialize;
use serde_json::{Value, json};

use super::UserError;
use super::list::options_of;
use super::resolved::Resolved;
use crate::ids::{ChannelId, RoleId, UserId};

/// An option with its value, or a subcommand with its options.
#[derive(Debug, Clone, Default, Deserialize)]
pub(crate) struct Opt {
    pub(crate) name: String,
    #[serde(default)]
    pub(crate) value: Option<Value>,
    #[serde(default)]
    pub(crate) focused: bool,
    #[serde(default)]
    pub(crate) options: Vec<Opt>,
}

/// How strictly options are checked.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Check {
    /// The command is sent.
    Complete,
    /// The command is still being typed.
    Partial,
}

/// The payload's `options`, and the names of the subcommands on the way.
pub(super) fn fill(
    definition: &Value,
    given: &[Opt],
    check: Check,
    resolved: &mut Resolved<'_>,
) -> Result<(Vec<Value>, Vec<String>), UserError> {
    let known = options_of(definition);
    if known.iter().any(is_subcommand) {
        return fill_subcommand(known, given, check, resolved);
    }
    let mut filled = Vec::with_capacity(given.len());
    for option in given {
        let found = known.iter().find(|known| known["name"] == option.name.as_str());
        let name = &option.name;
        let found =
            found.ok_or_else(|| UserError::invalid(format!("there is no option \"{name}\"")))?;
        filled.push(fill_value(found, option, check, resolved)?);
    }
    let missing = known.iter().find(|known| {
        let there = given.iter().any(|option| known["name"] == option.name.as_str());
        known["required"] == true && !there
    });
    match missing {
        Some(known) if check == Check::Complete => {
            let name = known["name"].as_str().unwrap_or_default();
            Err(UserError::invalid(format!("the option \"{name}\" is required")))
        }
        _ => Ok((filled, Vec::new())),
    }
}

fn is_subcommand(option: &Value) -> bool {
    matches!(option["type"].as_i64(), Some(1 | 2))
}

fn fill_subcommand(
    known: &[Value],
    given: &[Opt],
    check: Check,
    resolved: &mut Resolved<'_>,
) -> Result<(Vec<Value>, Vec<String>), UserError> {
    let [option] = given else {
        return Err(UserError::invalid("one subcommand has to be chosen"));
    };
    let name = &option.name;
    let found = known.iter().find(|known| known["name"] == name.as_str());
    let found =
        found.ok_or_else(|| UserError::invalid(format!("there is no subcommand \"{name}\"")))?;
    let (inner, below) = fill(found, &option.options, check, resolved)?;
    let filled = json!({"name": name, "type": found["type"], "options": inner});
    let names = std::iter::once(name.clone()).chain(below).collect();
    Ok((vec![filled], names))
}

fn fill_value(
    known: &Value,
    option: &Opt,
    check: Check,
    resolved: &mut Resolved<'_>,
) -> Result<Value, UserError> {
    let value = option.value.clone().unwrap_or(Value::Null);
    let mut filled = json!({"name": option.name, "type": known["type"], "value": value});
    if check == Check::Partial {
        if let (true, Some(fields)) = (option.focused, filled.as_object_mut()) {
            fields.insert("focused".into(), json!(true));
        }
        return Ok(filled);
    }
    let wrong = |why: &str| UserError::invalid(format!("the option \"{}\" {why}", option.name));
    match known["type"].as_i64() {
        Some(3) => check_text(known, &value).map_err(|why| wrong(&why))?,
        Some(kind @ (4 | 10)) => check_number(known, &value, kind).map_err(|why| wrong(&why))?,
        Some(5) if value.is_boolean() => {}
        Some(5) => return Err(wrong("must be true or false")),
        Some(6) => resolved.user(UserId::read(&value).ok_or_else(|| wrong("is no id"))?)?,
        Some(7) => {
            let id = ChannelId::read(&value).ok_or_else(|| wrong("is no id"))?;
            resolved.channel(id, &known["channel_types"])?;
        }
        Some(8) => resolved.role(RoleId::read(&value).ok_or_else(|| wrong("is no id"))?)?,
        Some(9) => resolved.mentionable(&value)?,
        Some(11) => resolved.attachment(&value, &known["file_types"])?,
        _ => return Err(wrong("cannot be given here")),
    }
    check_choice(known, &value).map_err(wrong)?;
    Ok(filled)
}

fn check_text(known: &Value, value: &Value) -> Result<(), String> {
    let text = value.as_str().ok_or("must be text")?;
    let length = u64::try_from(text.chars().count()).unwrap_or(u64::MAX);
    let min = known["min_length"].as_u64().unwrap_or(0);
    let max = known["max_length"].as_u64().unwrap_or(6_000);
    match length {
        0 => Err("must not be empty".into()),
        _ if length < min => Err(format!("must have {min} characters or more")),
        _ if length > max => Err(format!("must have {max} characters or fewer")),
        _ => Ok(()),
    }
}

fn check_number(known: &Value, value: &Value, kind: i64) -> Result<(), String> {
    if kind == 4 && value.as_i64().is_none() {
        return Err("must be a whole number".into());
    }
    let number = value.as_f64().ok_or("must be a number")?;
    let min = known["min_value"].as_f64().unwrap_or(f64::NEG_INFINITY);
    let max = known["max_value"].as_f64().unwrap_or(f64::INFINITY);
    if number < min {
        return Err(format!("must be {min} or more"));
    }
    if number > max {
        return Err(format!("must be {max} or less"));
    }
    Ok(())
}

fn check_choice(known: &Value, value: &Value) -> Result<(), &'static str> {
    let choices = known["choices"].as_array().filter(|choices| !choices.is_empty());
    let fits = choices.is_none_or(|list| list.iter().any(|choice| choice["value"] == *value));
    if fits { Ok(()) } else { Err("must be one of the choices") }
}
