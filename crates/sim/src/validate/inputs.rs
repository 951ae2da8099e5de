//! The components that take something from a person: selects everywhere, the rest in modals.

use std::collections::HashSet;

use serde_json::Value;

use super::components::{Place, Seen, check_custom_id, check_emoji};
use super::errors::Form;
use super::fields::{self, Object, Presence};
use super::files;
use crate::ids::UserId;

/// Checks a component of one of the input types.
pub(super) fn check(form: &mut Form, object: &Object, what: (i64, Place), seen: &mut Seen) {
    let (kind, place) = what;
    check_custom_id(form, object, seen);
    if place.in_modal() && fields::given(object, "disabled") == Some(&Value::Bool(true)) {
        let message = "Components in modals cannot be disabled";
        form.wrong_at("disabled", "COMPONENT_DISABLED_IN_MODAL", message);
    }
    fields::boolean(form, object, "disabled");
    fields::boolean(form, object, "required");
    match kind {
        3 => check_string_select(form, object, place),
        4 => check_text_input(form, object, place),
        5..=8 => check_entity_select(form, object, (kind, place)),
        19 => {
            check_count(form, object, 10, place);
            files::check_types(form, object);
        }
        21 => check_choices(form, object, 2..=10),
        22 => {
            check_choices(form, object, 1..=10);
            check_count(form, object, 10, place);
        }
        _ => {}
    }
}

fn check_string_select(form: &mut Form, object: &Object, place: Place) {
    fields::text(form, object, "placeholder", 0..=150, Presence::Optional);
    let most = check_count(form, object, 25, place);
    let options = fields::list(form, object, "options", 1..=25, Presence::Required);
    let options = options.unwrap_or_default();
    check_options(form, options);
    let defaults = options.iter().filter(|option| option["default"] == true).count();
    if defaults > most {
        let message = format!("Must be {most} or fewer default options.");
        form.wrong_at("options", "SELECT_COMPONENT_TOO_MANY_DEFAULT_VALUES", message);
    }
}

fn check_entity_select(form: &mut Form, object: &Object, (kind, place): (i64, Place)) {
    fields::text(form, object, "placeholder", 0..=150, Presence::Optional);
    let most = check_count(form, object, 25, place);
    if kind == 8 {
        fields::list(form, object, "channel_types", 0..=25, Presence::Optional);
    }
    let list = fields::list(form, object, "default_values", 0..=most, Presence::Optional);
    let list = list.unwrap_or_default();
    let least = fields::given(object, "min_values").and_then(Value::as_u64).unwrap_or(1);
    form.at("default_values", |form| {
        if !list.is_empty() && u64::try_from(list.len()).is_ok_and(|count| count < least) {
            let message = format!("Must be between {least} and {most} in length.");
            form.wrong("BASE_TYPE_BAD_LENGTH", message);
        }
        for (index, value) in list.iter().enumerate() {
            form.nth(index, |form| check_default(form, value, kind));
        }
    });
}

/// A default value is an id and says what it is of.
fn check_default(form: &mut Form, value: &Value, kind: i64) {
    let Some(value) = fields::object(form, value) else {
        return;
    };
    let of = fields::text(form, value, "type", 1..=10, Presence::Required);
    let fitting: &[&str] = match kind {
        5 => &["user"],
        6 => &["role"],
        7 => &["user", "role"],
        _ => &["channel"],
    };
    if of.is_some_and(|of| !fitting.contains(&of)) {
        let message = format!("Value must be one of {fitting:?}.");
        form.wrong_at("type", "BASE_TYPE_CHOICES", message);
    }
    if UserId::read(value.get("id").unwrap_or(&Value::Null)).is_none() {
        form.wrong_at("id", "NUMBER_TYPE_COERCE", "Value is not snowflake.");
    }
}

/// Checks `min_values` and `max_values`; returns the most that may be chosen.
fn check_count(form: &mut Form, object: &Object, cap: i64, place: Place) -> usize {
    let min = fields::integer(form, object, "min_values", 0..=cap, Presence::Optional);
    let max = fields::integer(form, object, "max_values", 1..=cap, Presence::Optional);
    let most = max.unwrap_or(1);
    if min.unwrap_or(1) > most {
        let message = "max_values must be greater than or equal to min_values";
        form.wrong_at("min_values", "SELECT_COMPONENT_MIN_GREATER_THAN_MAX", message);
    }
    let optional = fields::given(object, "required") == Some(&Value::Bool(false));
    if place.in_modal() && !optional && min == Some(0) {
        let message = "min_values must be at least 1 for a required component";
        form.wrong_at("min_values", "COMPONENT_REQUIRED_MIN_VALUES_INVALID", message);
    }
    usize::try_from(most).unwrap_or(1)
}

fn check_options(form: &mut Form, options: &[Value]) {
    let mut values = HashSet::new();
    form.at("options", |form| {
        for (index, option) in options.iter().enumerate() {
            form.nth(index, |form| {
                let Some(option) = fields::object(form, option) else {
                    return;
                };
                fields::text(form, option, "label", 1..=100, Presence::Required);
                fields::text(form, option, "description", 0..=100, Presence::Optional);
                fields::boolean(form, option, "default");
                check_emoji(form, option);
                let value = fields::text(form, option, "value", 1..=100, Presence::Required);
                if let Some(value) = value
                    && !values.insert(value)
                {
                    let message = "The specified option value is already used";
                    form.wrong_at("value", "SELECT_COMPONENT_OPTION_VALUE_DUPLICATED", message);
                }
            });
        }
    });
}

fn check_choices(form: &mut Form, object: &Object, length: std::ops::RangeInclusive<usize>) {
    let options = fields::list(form, object, "options", length, Presence::Required);
    check_options(form, options.unwrap_or_default());
}

fn check_text_input(form: &mut Form, object: &Object, place: Place) {
    fields::integer(form, object, "style", 1..=2, Presence::Required);
    let min = fields::integer(form, object, "min_length", 0..=4000, Presence::Optional);
    let max = fields::integer(form, object, "max_length", 1..=4000, Presence::Optional);
    let most = usize::try_from(max.unwrap_or(4000)).unwrap_or(4000);
    if min.unwrap_or(0) > max.unwrap_or(4000) {
        let message = "max_length must be greater than or equal to min_length";
        form.wrong_at("min_length", "TEXT_INPUT_MIN_GREATER_THAN_MAX", message);
    }
    fields::text(form, object, "value", 0..=most, Presence::Optional);
    fields::text(form, object, "placeholder", 0..=100, Presence::Optional);
    match (place, fields::given(object, "label")) {
        (Place::Label, Some(_)) => {
            let message = "label cannot be specified within a Label component";
            form.wrong_at("label", "TEXT_INPUT_LABEL_NOT_ALLOWED", message);
        }
        (Place::Label, None) => {}
        _ => {
            fields::text(form, object, "label", 1..=45, Presence::Required);
        }
    }
}
