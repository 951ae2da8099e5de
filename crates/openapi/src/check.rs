//! Holds a value against a schema and says, place by place, what is wrong with it.

use std::collections::BTreeMap;

use serde_json::{Map, Value};

use crate::Violation;
use crate::place::Place;
use crate::schema::{Additional, Format, Kind, Schema};

/// The schemas of a document, by name.
pub(crate) type Schemas = BTreeMap<String, Schema>;

/// One look at one value.
pub(crate) struct Check<'d> {
    schemas: &'d Schemas,
    found: Vec<Violation>,
}

/// The properties of one object that some schema has a say in.
#[derive(Default)]
struct Known<'d> {
    names: Vec<&'d str>,
    /// Whether a schema leaves the names to whoever writes the object.
    any: bool,
}

impl<'d> Check<'d> {
    /// What is wrong with `value`. Properties that no schema names are wrong as well, although
    /// JSON Schema lets them pass: nobody at Discord reads them.
    pub(crate) fn of(
        schemas: &'d Schemas,
        schema: &'d Schema,
        value: &Value,
        place: &Place<'_>,
    ) -> Vec<Violation> {
        let mut check = Self { schemas, found: Vec::new() };
        check.value(schema, value, place);
        check.found
    }

    fn value(&mut self, schema: &'d Schema, value: &Value, place: &Place<'_>) {
        let mut known = Known::default();
        self.apply(schema, value, place, &mut known);
        let Value::Object(object) = value else {
            return;
        };
        let unknown = object.keys().filter(|name| !known.names.contains(&name.as_str()));
        if !known.any {
            let found = unknown.map(|name| {
                Violation::at(&Place::Property(place, name), "no such property is known")
            });
            self.found.extend(found);
        }
    }

    fn apply(
        &mut self,
        schema: &'d Schema,
        value: &Value,
        place: &Place<'_>,
        known: &mut Known<'d>,
    ) {
        if let Some(reference) = &schema.reference {
            match self.schemas.get(&reference.0) {
                Some(schema) => self.apply(schema, value, place, known),
                None => self.wrong(place, format!("the document has no schema {}", reference.0)),
            }
        }
        if !self.is_kind(schema, value, place) {
            return;
        }
        for part in &schema.all_of {
            self.apply(part, value, place, known);
        }
        for branches in [&schema.any_of, &schema.one_of] {
            if !branches.is_empty() {
                self.union(branches, value, place, known);
            }
        }
        self.one_of_the_allowed(schema, value, place);
        match value {
            Value::Null | Value::Bool(_) => {}
            Value::Number(number) => self.number(schema, number.as_f64(), place),
            Value::String(text) => self.text(schema, text, place),
            Value::Array(items) => self.list(schema, items, place),
            Value::Object(object) => self.object(schema, object, place, known),
        }
    }

    fn wrong(&mut self, place: &Place<'_>, what: String) {
        self.found.push(Violation::at(place, what));
    }

    fn is_kind(&mut self, schema: &Schema, value: &Value, place: &Place<'_>) -> bool {
        let Some(kinds) = &schema.kinds else {
            return true;
        };
        let fits = kinds.as_slice().iter().any(|kind| kind.fits(value));
        if !fits {
            self.wrong(place, format!("{} is not {:?}", shortened(value), kinds.as_slice()));
        }
        fits
    }

    /// The branches of Discord's unions overlap and mean one all the same (its own mark on them
    /// says so), therefore one that fits is enough. If none does, the one that was meant tells
    /// why not.
    fn union(
        &mut self,
        branches: &'d [Schema],
        value: &Value,
        place: &Place<'_>,
        known: &mut Known<'d>,
    ) {
        let mut fits = false;
        let mut closest: Option<(Vec<Violation>, Known<'d>)> = None;
        let schemas = self.schemas;
        for branch in branches.iter().filter(|branch| is_meant(schemas, branch, value)) {
            let mut own = Known::default();
            let before = std::mem::take(&mut self.found);
            self.apply(branch, value, place, &mut own);
            let found = std::mem::replace(&mut self.found, before);
            if found.is_empty() {
                fits = true;
                known.add(own);
            } else if closest.as_ref().is_none_or(|(least, _)| found.len() < least.len()) {
                closest = Some((found, own));
            }
        }
        if fits {
            return;
        }
        if let Some((found, own)) = closest {
            self.found.extend(found);
            known.add(own);
        } else {
            let names: Vec<_> = branches.iter().map(describe).collect();
            known.any = true;
            let what = format!("{} is none of {}", shortened(value), names.join(", "));
            self.wrong(place, what);
        }
    }

    fn one_of_the_allowed(&mut self, schema: &Schema, value: &Value, place: &Place<'_>) {
        if schema.constant.as_ref().is_some_and(|constant| constant != value) {
            self.wrong(place, format!("{} is not {}", shortened(value), describe(schema)));
        }
        if let Some(allowed) = &schema.allowed
            && !allowed.contains(value)
        {
            let allowed = Value::from(allowed.clone());
            self.wrong(place, format!("{} is none of {allowed}", shortened(value)));
        }
    }

    fn number(&mut self, schema: &Schema, number: Option<f64>, place: &Place<'_>) {
        let Some(number) = number else {
            return self.wrong(place, "no number that can be judged".to_owned());
        };
        let (least, most) = match schema.format {
            Some(Format::Int32) => (Some(f64::from(i32::MIN)), Some(f64::from(i32::MAX))),
            Some(
                Format::DateTime
                | Format::Double
                | Format::Int64
                | Format::Nonce
                | Format::Snowflake
                | Format::Uri,
            )
            | None => (None, None),
        };
        for least in [schema.minimum, least].into_iter().flatten() {
            if number < least {
                self.wrong(place, format!("{number} is less than {least}"));
            }
        }
        for most in [schema.maximum, most].into_iter().flatten() {
            if number > most {
                self.wrong(place, format!("{number} is more than {most}"));
            }
        }
    }

    fn text(&mut self, schema: &Schema, text: &str, place: &Place<'_>) {
        let length = text.chars().count();
        self.count("characters", length, (schema.min_length, schema.max_length), place);
        if schema.pattern.is_some_and(|pattern| !pattern.fits(text)) {
            self.wrong(place, format!("{text:?} does not fit {:?}", schema.pattern));
        }
        let sound = match schema.format {
            Some(Format::DateTime) => text.parse::<jiff::Timestamp>().is_ok(),
            Some(Format::Uri) => text.split_once("://").is_some_and(|(scheme, rest)| {
                !scheme.is_empty() && !rest.is_empty() && !text.contains(char::is_whitespace)
            }),
            Some(Format::Snowflake) => text.parse::<u64>().is_ok(),
            Some(Format::Double | Format::Int32 | Format::Int64 | Format::Nonce) | None => true,
        };
        if !sound {
            self.wrong(place, format!("{text:?} is no {:?}", schema.format));
        }
    }

    fn list(&mut self, schema: &'d Schema, items: &[Value], place: &Place<'_>) {
        self.count("items", items.len(), (schema.min_items, schema.max_items), place);
        if schema.unique_items {
            let repeated = items.iter().enumerate().find(|(index, item)| {
                let mut before = items.iter().take(*index);
                before.any(|other| other == *item)
            });
            if let Some((index, _)) = repeated {
                self.wrong(&Place::Item(place, index), "stands there twice".to_owned());
            }
        }
        if let Some(each) = &schema.items {
            for (index, item) in items.iter().enumerate() {
                self.value(each, item, &Place::Item(place, index));
            }
        }
    }

    fn object(
        &mut self,
        schema: &'d Schema,
        object: &Map<String, Value>,
        place: &Place<'_>,
        known: &mut Known<'d>,
    ) {
        let count = (schema.min_properties, schema.max_properties);
        self.count("properties", object.len(), count, place);
        for name in schema.required.iter().filter(|name| !object.contains_key(*name)) {
            self.wrong(&Place::Property(place, name), "is missing".to_owned());
        }
        for (name, property) in schema.properties.iter().flatten() {
            known.names.push(name);
            if let Some(value) = object.get(name) {
                self.value(property, value, &Place::Property(place, name));
            }
        }
        let named = |name: &str| schema.properties.iter().any(|named| named.contains_key(name));
        match &schema.additional_properties {
            None => {}
            Some(Additional::Allowed(true)) => known.any = true,
            Some(Additional::Allowed(false)) => {
                for name in object.keys().filter(|name| !named(name)) {
                    self.wrong(&Place::Property(place, name), "is not allowed".to_owned());
                }
            }
            Some(Additional::Of(each)) => {
                known.any = true;
                for (name, value) in object.iter().filter(|(name, _)| !named(name)) {
                    self.value(each, value, &Place::Property(place, name));
                }
            }
        }
    }

    fn count(
        &mut self,
        unit: &str,
        count: usize,
        (least, most): (Option<usize>, Option<usize>),
        place: &Place<'_>,
    ) {
        if let Some(least) = least.filter(|least| count < *least) {
            self.wrong(place, format!("{count} {unit} are less than {least}"));
        }
        if let Some(most) = most.filter(|most| count > *most) {
            self.wrong(place, format!("{count} {unit} are more than {most}"));
        }
    }
}

impl<'d> Known<'d> {
    fn add(&mut self, other: Known<'d>) {
        self.names.extend(other.names);
        self.any |= other.any;
    }
}

/// Whether somebody who wrote `value` can have meant this branch of a union: its kind is
/// right, and so is what tells components and callbacks apart, their `type`.
fn is_meant(schemas: &Schemas, branch: &Schema, value: &Value) -> bool {
    let target = branch.reference.as_ref().and_then(|name| schemas.get(&name.0));
    let branch = target.unwrap_or(branch);
    if let Some(constant) = &branch.constant {
        return constant == value;
    }
    if let Some(kinds) = &branch.kinds
        && !kinds.as_slice().iter().any(|kind| kind.fits(value))
    {
        return false;
    }
    let kind = value.get("type");
    let named = branch.properties.as_ref().and_then(|properties| properties.get("type"));
    match (kind, named.and_then(|schema| schema.allowed.as_ref())) {
        (Some(kind), Some(allowed)) => allowed.contains(kind),
        (_, None) | (None, Some(_)) => true,
    }
}

/// What a branch is called in a sentence.
fn describe(schema: &Schema) -> String {
    if let Some(reference) = &schema.reference {
        return reference.0.clone();
    }
    if let Some(constant) = &schema.constant {
        return constant.to_string();
    }
    let kinds = schema.kinds.as_ref().map_or::<&[Kind], _>(&[], |kinds| kinds.as_slice());
    format!("{kinds:?}")
}

/// Enough of a value to know it again.
fn shortened(value: &Value) -> String {
    const CHARACTERS_MAX: usize = 60;
    let whole = value.to_string();
    match whole.char_indices().nth(CHARACTERS_MAX) {
        Some((end, _)) => format!("{}…", whole.get(..end).unwrap_or_default()),
        None => whole,
    }
}
