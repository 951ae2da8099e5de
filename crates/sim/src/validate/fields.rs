//! The checks that every form is made of: presence, kind, length and range.

use std::ops::RangeInclusive;

use serde_json::{Map, Value};

use super::errors::Form;

/// A JSON object.
pub(crate) type Object = Map<String, Value>;

/// Whether a field must be there.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Presence {
    Required,
    Optional,
}

/// A field that counts as given: there, and not null.
pub(crate) fn given<'a>(object: &'a Object, key: &str) -> Option<&'a Value> {
    object.get(key).filter(|value| !value.is_null())
}

fn missing(form: &mut Form, key: &str, presence: Presence) {
    if presence == Presence::Required {
        form.wrong_at(key, "BASE_TYPE_REQUIRED", "This field is required");
    }
}

/// The value as an object, or a mistake here.
pub(crate) fn object<'a>(form: &mut Form, value: &'a Value) -> Option<&'a Object> {
    let object = value.as_object();
    if object.is_none() {
        form.wrong("DICT_TYPE_CONVERT", "Only dictionaries may be used in a DictType");
    }
    object
}

/// A text of so many characters.
pub(crate) fn text<'a>(
    form: &mut Form,
    object: &'a Object,
    key: &str,
    length: RangeInclusive<usize>,
    presence: Presence,
) -> Option<&'a str> {
    let Some(value) = given(object, key) else {
        missing(form, key, presence);
        return None;
    };
    let Some(text) = value.as_str() else {
        let message = format!("Could not interpret \"{value}\" as string.");
        form.wrong_at(key, "STRING_TYPE_CONVERT", message);
        return None;
    };
    form.at(key, |form| check_length(form, text.chars().count(), length));
    Some(text)
}

/// Notes a mistake here if `count` is not within `length`.
pub(crate) fn check_length(form: &mut Form, count: usize, length: RangeInclusive<usize>) {
    let (min, max) = (*length.start(), *length.end());
    if length.contains(&count) {
        return;
    }
    if min == 0 {
        let message = format!("Must be {max} or fewer in length.");
        form.wrong("BASE_TYPE_MAX_LENGTH", message);
    } else if count == 0 {
        form.wrong("BASE_TYPE_REQUIRED", "This field is required");
    } else {
        let message = format!("Must be between {min} and {max} in length.");
        form.wrong("BASE_TYPE_BAD_LENGTH", message);
    }
}

/// A whole number within a range. Text that is a number counts.
pub(crate) fn integer(
    form: &mut Form,
    object: &Object,
    key: &str,
    range: RangeInclusive<i64>,
    presence: Presence,
) -> Option<i64> {
    let Some(value) = given(object, key) else {
        missing(form, key, presence);
        return None;
    };
    let number = value.as_i64().or_else(|| value.as_str().and_then(|text| text.parse().ok()));
    let Some(number) = number else {
        form.wrong_at(key, "NUMBER_TYPE_COERCE", format!("Value \"{value}\" is not int."));
        return None;
    };
    if number < *range.start() {
        let message = format!("int value should be greater than or equal to {}.", range.start());
        form.wrong_at(key, "NUMBER_TYPE_MIN", message);
    } else if number > *range.end() {
        let message = format!("int value should be less than or equal to {}.", range.end());
        form.wrong_at(key, "NUMBER_TYPE_MAX", message);
    }
    Some(number)
}

/// True or false; anything else is a mistake.
pub(crate) fn boolean(form: &mut Form, object: &Object, key: &str) -> Option<bool> {
    let value = given(object, key)?;
    if value.as_bool().is_none() {
        form.wrong_at(key, "BOOLEAN_TYPE_CONVERT", "Must be either true or false.");
    }
    value.as_bool()
}

/// A list of so many elements.
pub(crate) fn list<'a>(
    form: &mut Form,
    object: &'a Object,
    key: &str,
    length: RangeInclusive<usize>,
    presence: Presence,
) -> Option<&'a [Value]> {
    let Some(value) = given(object, key) else {
        missing(form, key, presence);
        return None;
    };
    let Some(list) = value.as_array() else {
        let message = "Only iterables may be used in a ListType";
        form.wrong_at(key, "LIST_TYPE_CONVERT", message);
        return None;
    };
    form.at(key, |form| check_length(form, list.len(), length));
    Some(list)
}

/// A web address or, where `attachments` says so, a reference to a file of the same message.
pub(crate) fn url(form: &mut Form, object: &Object, key: &str, presence: Presence) {
    let Some(text) = text(form, object, key, 1..=2048, presence) else {
        return;
    };
    let known = ["http://", "https://", "attachment://"];
    let rest = known.iter().find_map(|scheme| text.strip_prefix(scheme));
    match rest {
        None => {
            let message = "Scheme \"\" is not supported. Scheme must be one of ('http', 'https').";
            form.wrong_at(key, "URL_TYPE_INVALID_SCHEME", message);
        }
        Some(rest) if rest.is_empty() || rest.contains(char::is_whitespace) => {
            form.wrong_at(key, "URL_TYPE_INVALID_URL", "Not a well formed URL.");
        }
        Some(_) => {}
    }
}
