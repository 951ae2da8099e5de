//! The part of JSON Schema 2020-12 that Discord's document uses, and no more: a word that is not
//! here stops the document from being read, so that nothing in it goes unjudged unnoticed.

use std::collections::BTreeMap;

use serde::Deserialize;
use serde::de::IgnoredAny;
use serde_json::Value;

/// What a value has to be.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub(crate) struct Schema {
    #[serde(rename = "$ref")]
    pub(crate) reference: Option<Reference>,
    #[serde(rename = "type")]
    pub(crate) kinds: Option<Kinds>,
    #[serde(default)]
    pub(crate) all_of: Vec<Schema>,
    #[serde(default)]
    pub(crate) any_of: Vec<Schema>,
    #[serde(default)]
    pub(crate) one_of: Vec<Schema>,
    #[serde(rename = "const")]
    pub(crate) constant: Option<Value>,
    #[serde(rename = "enum")]
    pub(crate) allowed: Option<Vec<Value>>,
    pub(crate) format: Option<Format>,
    pub(crate) pattern: Option<Pattern>,
    pub(crate) min_length: Option<usize>,
    pub(crate) max_length: Option<usize>,
    pub(crate) minimum: Option<f64>,
    pub(crate) maximum: Option<f64>,
    pub(crate) items: Option<Box<Schema>>,
    pub(crate) min_items: Option<usize>,
    pub(crate) max_items: Option<usize>,
    #[serde(default)]
    pub(crate) unique_items: bool,
    pub(crate) properties: Option<BTreeMap<String, Schema>>,
    #[serde(default)]
    pub(crate) required: Vec<String>,
    pub(crate) additional_properties: Option<Additional>,
    pub(crate) min_properties: Option<usize>,
    pub(crate) max_properties: Option<usize>,

    // Words for people, which judge nothing.
    #[serde(rename = "title")]
    _title: Option<IgnoredAny>,
    #[serde(rename = "description")]
    _description: Option<IgnoredAny>,
    #[serde(rename = "contentEncoding")]
    _content_encoding: Option<IgnoredAny>,
    #[serde(rename = "x-discord-union")]
    _union: Option<IgnoredAny>,
}

/// The name of another schema of the document.
#[derive(Debug, Deserialize)]
#[serde(try_from = "String")]
pub(crate) struct Reference(pub(crate) String);

impl TryFrom<String> for Reference {
    type Error = String;

    fn try_from(path: String) -> Result<Self, String> {
        let name = path.strip_prefix("#/components/schemas/");
        name.map(|name| Self(name.to_owned())).ok_or_else(|| format!("no schema: {path}"))
    }
}

/// One kind of value, or several.
#[derive(Debug, Deserialize)]
#[serde(untagged)]
pub(crate) enum Kinds {
    One(Kind),
    Many(Vec<Kind>),
}

impl Kinds {
    pub(crate) fn as_slice(&self) -> &[Kind] {
        match self {
            Self::One(kind) => std::slice::from_ref(kind),
            Self::Many(kinds) => kinds,
        }
    }
}

/// A kind of value.
#[derive(Clone, Copy, Debug, Deserialize, PartialEq, Eq)]
#[serde(rename_all = "lowercase")]
pub(crate) enum Kind {
    Array,
    Boolean,
    Integer,
    Null,
    Number,
    Object,
    String,
}

impl Kind {
    pub(crate) fn fits(self, value: &Value) -> bool {
        match (self, value) {
            (Self::Array, Value::Array(_))
            | (Self::Boolean, Value::Bool(_))
            | (Self::Null, Value::Null)
            | (Self::Number, Value::Number(_))
            | (Self::Object, Value::Object(_))
            | (Self::String, Value::String(_)) => true,
            (Self::Integer, Value::Number(number)) => {
                number.is_i64() || number.is_u64() || number.as_f64().is_some_and(is_whole)
            }
            (
                Self::Array
                | Self::Boolean
                | Self::Integer
                | Self::Null
                | Self::Number
                | Self::Object
                | Self::String,
                _,
            ) => false,
        }
    }
}

fn is_whole(number: f64) -> bool {
    number.fract() == 0.0
}

/// What a text or number stands for.
#[derive(Clone, Copy, Debug, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum Format {
    DateTime,
    Double,
    Int32,
    Int64,
    Nonce,
    Snowflake,
    Uri,
}

/// The patterns that occur. Two are too few to need a language of patterns.
#[derive(Clone, Copy, Debug, Deserialize)]
pub(crate) enum Pattern {
    #[serde(rename = "^(0|[1-9][0-9]*)$")]
    WholeNumber,
    #[serde(rename = "^#(([0-9a-fA-F]{2}){3}|([0-9a-fA-F]){3})$")]
    Colour,
}

impl Pattern {
    pub(crate) fn fits(self, text: &str) -> bool {
        match self {
            Self::WholeNumber => {
                let digits = !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
                digits && (text == "0" || !text.starts_with('0'))
            }
            Self::Colour => text.strip_prefix('#').is_some_and(|digits| {
                let whole = digits.bytes().all(|byte| byte.is_ascii_hexdigit());
                whole && matches!(digits.len(), 3 | 6)
            }),
        }
    }
}

/// What is to be thought of properties that are not named.
#[derive(Debug, Deserialize)]
#[serde(untagged)]
pub(crate) enum Additional {
    Allowed(bool),
    Of(Box<Schema>),
}
