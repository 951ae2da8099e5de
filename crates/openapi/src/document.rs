//! The document: which routes there are, what they take and what they answer.

use std::collections::BTreeMap;

use serde::Deserialize;

use crate::check::Schemas;
use crate::schema::Schema;

/// What of the document is read.
#[derive(Deserialize)]
pub(crate) struct Document {
    paths: BTreeMap<String, PathItem>,
    pub(crate) components: Components,
}

/// What several routes share.
#[derive(Deserialize)]
pub(crate) struct Components {
    pub(crate) schemas: Schemas,
    #[serde(default)]
    responses: BTreeMap<String, Content>,
}

#[derive(Deserialize)]
struct PathItem {
    #[serde(default)]
    parameters: Vec<Parameter>,
    #[serde(flatten)]
    operations: BTreeMap<String, Operation>,
}

/// What one method does at one path.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Operation {
    #[serde(default)]
    parameters: Vec<Parameter>,
    request_body: Option<RequestBody>,
    responses: BTreeMap<String, Response>,
}

/// A part of the path or of the query.
#[derive(Deserialize)]
pub(crate) struct Parameter {
    pub(crate) name: String,
    #[serde(rename = "in")]
    within: Within,
    pub(crate) schema: Schema,
}

#[derive(Deserialize, PartialEq, Eq)]
#[serde(rename_all = "lowercase")]
enum Within {
    Path,
    Query,
}

/// What a request carries.
#[derive(Deserialize)]
pub(crate) struct RequestBody {
    #[serde(default)]
    pub(crate) required: bool,
    content: BTreeMap<String, Media>,
}

#[derive(Deserialize)]
#[serde(untagged)]
enum Response {
    Named {
        #[serde(rename = "$ref")]
        reference: String,
    },
    Here(Content),
}

/// What an answer carries.
#[derive(Deserialize)]
pub(crate) struct Content {
    #[serde(default)]
    content: BTreeMap<String, Media>,
}

#[derive(Deserialize)]
struct Media {
    schema: Schema,
}

/// A route that was found for a path.
pub(crate) struct Found<'d> {
    item: &'d PathItem,
    pub(crate) operation: &'d Operation,
    /// The values of the template's parameters.
    values: Vec<(&'d str, String)>,
}

impl Document {
    /// The route for a path without its query. Where several fit, the one with the most words of
    /// its own is meant: `@original` is no message's number.
    pub(crate) fn find(&self, method: &str, path: &str) -> Option<Found<'_>> {
        let method = method.to_ascii_lowercase();
        let fitting = self.paths.iter().filter_map(|(template, item)| {
            let operation = item.operations.get(&method)?;
            let values = fit(template, path)?;
            Some(Found { item, operation, values })
        });
        fitting.min_by_key(|found| found.values.len())
    }

    /// The answer that belongs to a status: its own, or that of its hundred.
    pub(crate) fn answer<'d>(
        &'d self,
        operation: &'d Operation,
        status: u16,
    ) -> Option<&'d Content> {
        let own = operation.responses.get(&status.to_string());
        let response = own.or_else(|| operation.responses.get(&format!("{}XX", status / 100)))?;
        match response {
            Response::Here(content) => Some(content),
            Response::Named { reference } => {
                self.components.responses.get(reference.rsplit('/').next()?)
            }
        }
    }
}

impl<'d> Found<'d> {
    /// The parameters of the query.
    pub(crate) fn query(&self) -> impl Iterator<Item = &'d Parameter> {
        let all = self.item.parameters.iter().chain(&self.operation.parameters);
        all.filter(|parameter| parameter.within == Within::Query)
    }

    /// The parameters of the path, each with its value.
    pub(crate) fn path(&self) -> impl Iterator<Item = (&'d Parameter, &str)> {
        let all = self.item.parameters.iter().chain(&self.operation.parameters);
        all.filter(|parameter| parameter.within == Within::Path).filter_map(|parameter| {
            let (_, value) = self.values.iter().find(|(name, _)| *name == parameter.name)?;
            Some((parameter, value.as_str()))
        })
    }

    /// What the request carries, if anything.
    pub(crate) fn body(&self) -> Option<&'d RequestBody> {
        self.operation.request_body.as_ref()
    }
}

impl RequestBody {
    /// What its JSON has to be. Forms with files carry the same JSON in one of their parts, and
    /// their schema names the files beside it.
    pub(crate) fn schema(&self) -> Option<&Schema> {
        json(&self.content).or_else(|| Some(&self.content.get("multipart/form-data")?.schema))
    }
}

impl Content {
    /// What its JSON has to be; nothing if it carries none.
    pub(crate) fn schema(&self) -> Option<&Schema> {
        json(&self.content)
    }

    /// Whether it carries nothing at all.
    pub(crate) fn is_empty(&self) -> bool {
        self.content.is_empty()
    }
}

fn json(content: &BTreeMap<String, Media>) -> Option<&Schema> {
    content.get("application/json").map(|media| &media.schema)
}

/// The values of a template's parameters in a path, if it fits.
fn fit<'d>(template: &'d str, path: &str) -> Option<Vec<(&'d str, String)>> {
    let mut values = Vec::new();
    let mut parts = path.split('/');
    for wanted in template.split('/') {
        let part = parts.next()?;
        let name = wanted.strip_prefix('{').and_then(|rest| rest.strip_suffix('}'));
        match name {
            Some(name) if !part.is_empty() => values.push((name, part.to_owned())),
            None if wanted == part => {}
            Some(_) | None => return None,
        }
    }
    parts.next().is_none().then_some(values)
}
