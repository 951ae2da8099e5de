//! Discord answers a wrong form with a tree of errors that mirrors the form.

use serde_json::{Map, Value, json};

/// All mistakes found in one form.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Errors(Vec<Mistake>);

#[derive(Debug, Clone, PartialEq)]
struct Mistake {
    path: Vec<String>,
    code: &'static str,
    message: String,
}

impl Errors {
    /// Whether the form is right.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// The tree as Discord sends it: keys and indexes down to `_errors`.
    #[must_use]
    pub fn tree(&self) -> Value {
        let mut root = Map::new();
        for mistake in &self.0 {
            let leaf = json!({"code": mistake.code, "message": mistake.message});
            hang(&mut root, &mistake.path, leaf);
        }
        Value::Object(root)
    }

    /// Where and what, one mistake per line: `data.title BASE_TYPE_BAD_LENGTH`.
    #[must_use]
    pub fn lines(&self) -> String {
        let line = |mistake: &Mistake| format!("{} {}", mistake.path.join("."), mistake.code);
        self.0.iter().map(line).collect::<Vec<_>>().join("\n")
    }
}

fn hang(node: &mut Map<String, Value>, path: &[String], leaf: Value) {
    let Some((step, rest)) = path.split_first() else {
        let list = node.entry("_errors").or_insert_with(|| json!([]));
        if let Some(list) = list.as_array_mut() {
            list.push(leaf);
        }
        return;
    };
    let child = node.entry(step.clone()).or_insert_with(|| json!({}));
    if let Some(child) = child.as_object_mut() {
        hang(child, rest, leaf);
    }
}

/// A form being read: remembers where it is and what was wrong.
#[derive(Debug, Default)]
pub(crate) struct Form {
    path: Vec<String>,
    errors: Errors,
}

impl Form {
    /// Does `look` one step further down.
    pub(crate) fn at<T>(&mut self, step: &str, look: impl FnOnce(&mut Self) -> T) -> T {
        self.path.push(step.to_owned());
        let found = look(self);
        self.path.pop();
        found
    }

    /// Does `look` at an element of a list.
    pub(crate) fn nth<T>(&mut self, index: usize, look: impl FnOnce(&mut Self) -> T) -> T {
        self.at(&index.to_string(), look)
    }

    /// Notes a mistake here.
    pub(crate) fn wrong(&mut self, code: &'static str, message: impl Into<String>) {
        let path = self.path.clone();
        self.errors.0.push(Mistake { path, code, message: message.into() });
    }

    /// Notes a mistake one step further down.
    pub(crate) fn wrong_at(&mut self, step: &str, code: &'static str, message: impl Into<String>) {
        self.at(step, |form| form.wrong(code, message));
    }

    /// How many mistakes there are so far.
    pub(crate) fn mistakes(&self) -> usize {
        self.errors.0.len()
    }

    /// `value`, if nothing was wrong.
    pub(crate) fn finish<T>(self, value: T) -> Result<T, Errors> {
        if self.errors.is_empty() { Ok(value) } else { Err(self.errors) }
    }
}
