//! Judges requests and answers by the `OpenAPI` document that Discord publishes, so that tests do
//! not have to believe our own reading of Discord's documentation.
//!
//! The document is not part of this repository. Who has it names its file in the variable
//! `DISCORD_OPENAPI`; without it there is no [`judge`], and tests that would ask one say so and
//! pass. Events on the gateway and interactions are not in the document.

mod amendments;
mod check;
mod document;
mod place;
mod schema;

use std::fmt;
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::sync::OnceLock;

use serde_json::Value;

use check::Check;
use document::{Document, Found, Parameter};
use place::Place;

/// The variable that names the document's file.
pub const VARIABLE: &str = "DISCORD_OPENAPI";

/// What of a request or an answer is not as the document has it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Violation {
    /// Where, for example `request.components.0.components.2.label`.
    pub place: String,
    /// What is wrong there.
    pub what: String,
}

impl Violation {
    fn at(place: &Place<'_>, what: impl Into<String>) -> Self {
        Self { place: place.to_string(), what: what.into() }
    }
}

impl fmt::Display for Violation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.place, self.what)
    }
}

/// Why a document cannot be judged by.
#[derive(Debug, thiserror::Error)]
pub enum DocumentError {
    /// The file cannot be read.
    #[error("{path}: {source}", path = path.display())]
    Unreadable {
        /// The file.
        path: PathBuf,
        /// What the system said.
        source: io::Error,
    },
    /// It is not JSON, or says something that this crate does not understand and would pass over.
    #[error("the document is not understood: {0}")]
    NotUnderstood(#[from] serde_json::Error),
    /// It has changed where it is corrected.
    #[error("a correction does not fit the document any more: {0}")]
    Amendment(String),
}

/// Knows the document.
pub struct Judge {
    document: Document,
}

/// The judge by the document that `DISCORD_OPENAPI` names, read once in a process. None if the
/// variable is not set; this is said once.
///
/// # Panics
/// If the variable is set and the document cannot be used: whoever asks for a judgement gets one.
#[must_use]
pub fn judge() -> Option<&'static Judge> {
    static JUDGE: OnceLock<Option<Judge>> = OnceLock::new();
    let judge = JUDGE.get_or_init(|| {
        let Some(path) = std::env::var_os(VARIABLE).filter(|path| !path.is_empty()) else {
            // Past the test runner, which would keep it to itself. If nobody listens, so be it.
            writeln!(io::stderr(), "{VARIABLE} is not set: nothing is judged by it").ok();
            return None;
        };
        match Judge::load(Path::new(&path)) {
            Ok(judge) => Some(judge),
            Err(error) => stop(&error),
        }
    });
    judge.as_ref()
}

#[expect(clippy::panic, reason = "a test that was told to judge must not pass without judging")]
fn stop(error: &DocumentError) -> ! {
    panic!("{VARIABLE}: {error}")
}

impl Judge {
    /// Reads Discord's document from a file, and corrects it where it is known to be wrong.
    pub fn load(path: &Path) -> Result<Self, DocumentError> {
        let unreadable = |source| DocumentError::Unreadable { path: path.to_owned(), source };
        let json = std::fs::read_to_string(path).map_err(unreadable)?;
        let mut document: Value = serde_json::from_str(&json)?;
        amendments::amend(&mut document).map_err(DocumentError::Amendment)?;
        Ok(Self { document: serde_json::from_value(document)? })
    }

    /// Takes a document as it is.
    pub fn read(json: &str) -> Result<Self, DocumentError> {
        Ok(Self { document: serde_json::from_str(json)? })
    }

    /// What is wrong with a request. `target` is the path behind `/api/v10`, with its query.
    #[must_use]
    pub fn request(&self, method: &str, target: &str, body: Option<&Value>) -> Vec<Violation> {
        let (path, query) = target.split_once('?').unwrap_or((target, ""));
        let Some(found) = self.document.find(method, path) else {
            return vec![no_route(method, path)];
        };
        let mut violations = self.parameters(&found, query);
        let place = Place::Root("request");
        match (found.body().and_then(|taken| Some((taken, taken.schema()?))), body) {
            (Some((_, schema)), Some(body)) => violations.extend(self.check(schema, body, place)),
            (Some((taken, _)), None) if taken.required => {
                violations.push(Violation::at(&place, "has to carry JSON"));
            }
            (None, Some(_)) => violations.push(Violation::at(&place, "carries what nobody reads")),
            (Some(_) | None, None) => {}
        }
        violations
    }

    /// What is wrong with an answer to such a request. What a server in trouble says (statuses
    /// from 500) is not in the document.
    #[must_use]
    pub fn answer(
        &self,
        method: &str,
        target: &str,
        status: u16,
        body: Option<&Value>,
    ) -> Vec<Violation> {
        let path = target.split('?').next().unwrap_or_default();
        let place = Place::Root("answer");
        if status >= 500 {
            return Vec::new();
        }
        let Some(found) = self.document.find(method, path) else {
            return vec![no_route(method, path)];
        };
        let Some(content) = self.document.answer(found.operation, status) else {
            return vec![Violation::at(&place, format!("the route never answers {status}"))];
        };
        match (content.schema(), body) {
            (Some(schema), Some(body)) => self.check(schema, body, place),
            (Some(_), None) => vec![Violation::at(&place, "has to carry JSON")],
            (None, Some(_)) if content.is_empty() => {
                vec![Violation::at(&place, "carries something, where there is nothing to say")]
            }
            (None, Some(_) | None) => Vec::new(),
        }
    }

    fn check(&self, schema: &schema::Schema, value: &Value, place: Place<'_>) -> Vec<Violation> {
        Check::of(&self.document.components.schemas, schema, value, &place)
    }

    fn parameters(&self, found: &Found<'_>, query: &str) -> Vec<Violation> {
        let mut violations = Vec::new();
        for (parameter, value) in found.path() {
            violations.extend(self.parameter(parameter, value, "path"));
        }
        let pairs = query.split('&').filter(|pair| !pair.is_empty());
        for (name, value) in pairs.map(|pair| pair.split_once('=').unwrap_or((pair, ""))) {
            match found.query().find(|parameter| parameter.name == name) {
                Some(parameter) => violations.extend(self.parameter(parameter, value, "query")),
                None => violations.push(Violation::at(
                    &Place::Property(&Place::Root("query"), name),
                    "no such parameter is known",
                )),
            }
        }
        violations
    }

    /// A parameter is text; what it has to be tells whether that text is a number or a switch.
    fn parameter(&self, parameter: &Parameter, value: &str, within: &str) -> Vec<Violation> {
        let place = Place::Root(within);
        let place = Place::Property(&place, &parameter.name);
        let schemas = &self.document.components.schemas;
        let as_text = Check::of(schemas, &parameter.schema, &Value::from(value), &place);
        if as_text.is_empty() {
            return as_text;
        }
        let as_other = serde_json::from_str::<Value>(value);
        let judged = as_other.map(|other| Check::of(schemas, &parameter.schema, &other, &place));
        judged.unwrap_or(as_text)
    }
}

fn no_route(method: &str, path: &str) -> Violation {
    Violation::at(&Place::Root("route"), format!("the document has no {method} {path}"))
}
