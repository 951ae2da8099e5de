//! Reads command definitions (Discord docs: application commands).

use std::collections::HashSet;
use std::ops::RangeInclusive;

use serde_json::Value;

use super::errors::{Errors, Form};
use super::fields::{self, Object, Presence};
use super::files;

/// The most characters over a command and everything in it.
const MAX_SIZE: usize = 8000;

/// Checks one command definition, of a guild or global.
pub(crate) fn read(body: &Value, of_guild: bool) -> Result<(), Errors> {
    let mut form = Form::default();
    check(&mut form, body, of_guild);
    form.finish(())
}

/// Checks a list that is to replace all commands of a scope.
pub(crate) fn read_all(body: &Value, of_guild: bool) -> Result<Vec<Value>, Errors> {
    let mut form = Form::default();
    let Some(list) = body.as_array() else {
        form.wrong("LIST_TYPE_CONVERT", "Only iterables may be used in a ListType");
        return form.finish(Vec::new());
    };
    let mut names = HashSet::new();
    for (index, command) in list.iter().enumerate() {
        form.nth(index, |form| {
            check(form, command, of_guild);
            if !names.insert((kind_of(command), command["name"].as_str())) {
                let message = "Application command names must be unique";
                form.wrong_at("name", "APPLICATION_COMMANDS_DUPLICATE_NAME", message);
            }
        });
    }
    form.finish(list.clone())
}

/// The type number of a definition; slash commands may leave it out.
pub(crate) fn kind_of(command: &Value) -> u8 {
    command["type"].as_u64().and_then(|kind| u8::try_from(kind).ok()).unwrap_or(1)
}

fn check(form: &mut Form, body: &Value, of_guild: bool) {
    let Some(object) = fields::object(form, body) else {
        return;
    };
    // The primary entry point exists once and for all guilds.
    let kinds = if of_guild { 1..=3 } else { 1..=4 };
    let kind = fields::integer(form, object, "type", kinds, Presence::Optional).unwrap_or(1);
    if kind == 1 {
        check_name(form, object);
        fields::text(form, object, "description", 1..=100, Presence::Required);
    } else {
        fields::text(form, object, "name", 1..=32, Presence::Required);
        fields::text(form, object, "description", 0..=0, Presence::Optional);
    }
    check_locales(form, object);
    check_permissions(form, object);
    check_numbers(form, object, "contexts", 0..=2);
    check_numbers(form, object, "integration_types", 0..=1);
    if kind == 1 {
        check_options(form, object, 0);
    } else if fields::given(object, "options").is_some_and(|list| *list != Value::Array(vec![])) {
        let message = "Context menu commands cannot have options";
        form.wrong_at("options", "APPLICATION_COMMAND_INVALID_OPTIONS", message);
    }
    if size(body) > MAX_SIZE {
        let message = format!("Command exceeds maximum size ({MAX_SIZE})");
        form.wrong("APPLICATION_COMMAND_TOO_LARGE", message);
    }
}

/// A list of different numbers, not empty, each within `range`.
fn check_numbers(form: &mut Form, object: &Object, key: &str, range: RangeInclusive<u64>) {
    let Some(list) = fields::list(form, object, key, 1..=10, Presence::Optional) else {
        return;
    };
    let mut seen = HashSet::new();
    form.at(key, |form| {
        for (index, value) in list.iter().enumerate() {
            let known = value.as_u64().filter(|number| range.contains(number));
            if known.is_none() {
                let message = format!("Value must be one of {range:?}.");
                form.nth(index, |form| form.wrong("BASE_TYPE_CHOICES", message));
            } else if !seen.insert(known) {
                let message = "The set already contains this value";
                form.nth(index, |form| form.wrong("SET_TYPE_ALREADY_CONTAINS_VALUE", message));
            }
        }
    });
}

fn check_permissions(form: &mut Form, object: &Object) {
    let Some(value) = fields::given(object, "default_member_permissions") else {
        return;
    };
    let readable = value.is_u64() || value.as_str().is_some_and(|t| t.parse::<u64>().is_ok());
    if !readable {
        let message = format!("Value \"{value}\" is not int.");
        form.wrong_at("default_member_permissions", "NUMBER_TYPE_COERCE", message);
    }
}

fn check_name(form: &mut Form, object: &Object) {
    let Some(name) = fields::text(form, object, "name", 1..=32, Presence::Required) else {
        return;
    };
    if !plain(name) {
        form.wrong_at("name", "APPLICATION_COMMAND_INVALID_NAME", "Command name is invalid");
    }
}

/// Letters, digits, `-`, `_` and `'`, lower case where there is one.
fn plain(name: &str) -> bool {
    let allowed = |c: char| c.is_alphanumeric() || matches!(c, '-' | '_' | '\'');
    name.chars().all(allowed) && name.to_lowercase() == name
}

fn check_locales(form: &mut Form, object: &Object) {
    for (key, length) in [("name_localizations", 32), ("description_localizations", 100)] {
        let Some(map) = fields::given(object, key) else {
            continue;
        };
        form.at(key, |form| {
            let Some(map) = fields::object(form, map) else {
                return;
            };
            for locale in map.keys() {
                if LOCALES.contains(&locale.as_str()) {
                    fields::text(form, map, locale, 1..=length, Presence::Optional);
                } else {
                    form.wrong_at(locale, "ENUM_TYPE_COERCE", "Value is not a valid locale.");
                }
            }
        });
    }
}

const LOCALES: [&str; 32] = [
    "id", "da", "de", "en-GB", "en-US", "es-ES", "es-419", "fr", "hr", "it", "lt", "hu", "nl",
    "no", "pl", "pt-BR", "ro", "fi", "sv-SE", "vi", "tr", "cs", "el", "bg", "ru", "uk", "hi", "th",
    "zh-CN", "ja", "zh-TW", "ko",
];

/// `depth` counts the groups above: 0 in a command, 1 in a subcommand or group, 2 below a group.
fn check_options(form: &mut Form, object: &Object, depth: usize) {
    let Some(list) = fields::list(form, object, "options", 0..=25, Presence::Optional) else {
        return;
    };
    let mut names = HashSet::new();
    let mut optional_seen = false;
    let mut kinds = HashSet::new();
    form.at("options", |form| {
        for (index, option) in list.iter().enumerate() {
            form.nth(index, |form| check_option(form, option, depth));
            kinds.insert(matches!(option["type"].as_i64(), Some(1 | 2)));
            let required = option["required"] == true;
            if required && optional_seen {
                let message = "Required options must be placed before non-required options";
                form.nth(index, |form| {
                    form.wrong("APPLICATION_COMMAND_OPTIONS_REQUIRED_INVALID", message);
                });
            }
            optional_seen |= !required;
            if !names.insert(option["name"].as_str()) {
                let message = "Option name already used";
                form.nth(index, |form| {
                    form.wrong_at("name", "APPLICATION_COMMAND_OPTIONS_NAME_INVALID", message);
                });
            }
        }
        if kinds.len() > 1 {
            let message = "Sub-command and sub-command group option types are mutually exclusive";
            form.wrong("APPLICATION_COMMAND_OPTIONS_TYPE_INVALID", message);
        }
    });
}

fn check_option(form: &mut Form, option: &Value, depth: usize) {
    let Some(object) = fields::object(form, option) else {
        return;
    };
    let kind = fields::integer(form, object, "type", 1..=11, Presence::Required).unwrap_or(3);
    check_name(form, object);
    fields::text(form, object, "description", 1..=100, Presence::Required);
    check_locales(form, object);
    let too_deep = match kind {
        1 => depth > 1,
        2 => depth > 0,
        _ => false,
    };
    if too_deep {
        let message = "This option type cannot be nested here";
        form.wrong_at("type", "APPLICATION_COMMAND_OPTIONS_TYPE_INVALID", message);
    }
    match kind {
        1 => check_options(form, object, 2),
        2 => check_options(form, object, 1),
        _ => check_value_option(form, object, kind),
    }
}

fn check_value_option(form: &mut Form, object: &Object, kind: i64) {
    fields::boolean(form, object, "required");
    let completes = fields::boolean(form, object, "autocomplete").unwrap_or(false);
    if completes && !matches!(kind, 3 | 4 | 10) {
        let message = "Autocomplete is only for string, integer and number options";
        form.wrong_at("autocomplete", "APPLICATION_COMMAND_OPTIONS_TYPE_INVALID", message);
    }
    if kind == 3 {
        let min = fields::integer(form, object, "min_length", 0..=6000, Presence::Optional);
        let max = fields::integer(form, object, "max_length", 1..=6000, Presence::Optional);
        if min.zip(max).is_some_and(|(min, max)| min > max) {
            let message = "min_length must not be above max_length";
            form.wrong_at("max_length", "APPLICATION_COMMAND_OPTION_BAD_RANGE", message);
        }
    }
    check_range(form, object, kind);
    if kind == 11 {
        files::check_types(form, object);
    }
    if kind == 7 {
        check_numbers(form, object, "channel_types", 0..=16);
    }
    let Some(choices) = fields::list(form, object, "choices", 0..=25, Presence::Optional) else {
        return;
    };
    if completes && !choices.is_empty() {
        let message = "Autocomplete cannot be used with choices";
        form.wrong_at("choices", "APPLICATION_COMMAND_AUTOCOMPLETE_WITH_CHOICES", message);
    }
    form.at("choices", |form| check_choices(form, choices, kind));
}

/// The bounds of a number's option.
fn check_range(form: &mut Form, object: &Object, kind: i64) {
    let [min, max] = ["min_value", "max_value"].map(|key| {
        let value = fields::given(object, key)?;
        let fits = match kind {
            4 => value.is_i64() || value.is_u64(),
            10 => value.is_number(),
            _ => false,
        };
        if !fits {
            form.wrong_at(key, "NUMBER_TYPE_COERCE", format!("Value \"{value}\" is not a number."));
        }
        value.as_f64()
    });
    if min.zip(max).is_some_and(|(min, max)| min > max) {
        let message = "min_value must not be above max_value";
        form.wrong_at("max_value", "APPLICATION_COMMAND_OPTION_BAD_RANGE", message);
    }
}

/// Checks choices of an option, or those that a bot offers while somebody types.
pub(crate) fn check_choices(form: &mut Form, choices: &[Value], kind: i64) {
    for (index, choice) in choices.iter().enumerate() {
        form.nth(index, |form| {
            let Some(choice) = fields::object(form, choice) else {
                return;
            };
            fields::text(form, choice, "name", 1..=100, Presence::Required);
            match (kind, fields::given(choice, "value")) {
                (_, None) => {
                    form.wrong_at("value", "BASE_TYPE_REQUIRED", "This field is required");
                }
                (3, Some(_)) => {
                    fields::text(form, choice, "value", 1..=100, Presence::Required);
                }
                (_, Some(value)) if !value.is_number() => {
                    let message = format!("Value \"{value}\" is not a number.");
                    form.wrong_at("value", "NUMBER_TYPE_COERCE", message);
                }
                (_, Some(_)) => {}
            }
        });
    }
}

/// Characters of name, description and values; of translations only the longest counts.
fn size(node: &Value) -> usize {
    let longest = |key: &str, map: &str| {
        let own = node[key].as_str().map_or(0, |text| text.chars().count());
        let others = node[map].as_object().into_iter().flatten();
        others
            .filter_map(|(_, text)| text.as_str())
            .map(|t| t.chars().count())
            .fold(own, usize::max)
    };
    let value = node["value"].as_str().map_or(0, |text| text.chars().count());
    let below = ["options", "choices"].iter().filter_map(|key| node[*key].as_array()).flatten();
    longest("name", "name_localizations")
        + longest("description", "description_localizations")
        + value
        + below.map(size).sum::<usize>()
}
