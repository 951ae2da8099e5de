//! Answers that are not what was asked for: a status, one sentence, and the number of the request.

use axum::body::Body;
use axum::http::header::{CONTENT_LENGTH, CONTENT_TYPE, RETRY_AFTER, WWW_AUTHENTICATE};
use axum::http::{HeaderValue, StatusCode};
use axum::response::{IntoResponse, Response};
use serde_json::json;

use crate::page::frame;

/// An answer that is not what was asked for. The guard turns it into a page, as it knows the
/// number of the request.
#[derive(Clone, Debug)]
pub(crate) struct Problem {
    status: StatusCode,
    words: String,
}

/// Marks an answer whose words stay as they are, though its status is an error's.
#[derive(Clone, Copy, Debug)]
pub(crate) struct AsItIs;

impl Problem {
    pub(crate) fn new(status: StatusCode, words: impl Into<String>) -> Self {
        Self { status, words: words.into() }
    }

    pub(crate) fn not_found() -> Self {
        Self::new(StatusCode::NOT_FOUND, "There is no such page.")
    }

    pub(crate) fn wrong_method() -> Self {
        Self::new(StatusCode::METHOD_NOT_ALLOWED, "That is not possible with this page.")
    }

    pub(crate) fn forbidden(words: &'static str) -> Self {
        Self::new(StatusCode::FORBIDDEN, words)
    }

    pub(crate) fn sign_in_first() -> Self {
        Self::new(StatusCode::UNAUTHORIZED, "Sign in first.")
    }

    pub(crate) fn too_many() -> Self {
        let words = "That was too often. Wait a minute, then try again.";
        Self::new(StatusCode::TOO_MANY_REQUESTS, words)
    }

    /// What nobody may learn more about; the log has it under the request's number.
    pub(crate) fn internal() -> Self {
        let words = "Something went wrong here. The log says more under the number below.";
        Self::new(StatusCode::INTERNAL_SERVER_ERROR, words)
    }

    /// Of an answer that something else refused with: the status says enough.
    fn of(status: StatusCode) -> Self {
        if status == StatusCode::PAYLOAD_TOO_LARGE {
            return Self::new(status, "That is more than fits here.");
        }
        if status.is_server_error() {
            return Self { status, ..Self::internal() };
        }
        Self::new(status, "The request makes no sense.")
    }
}

impl IntoResponse for Problem {
    fn into_response(self) -> Response {
        let mut response = self.status.into_response();
        response.extensions_mut().insert(self);
        response
    }
}

/// In which form whoever asked reads a problem.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Reader {
    /// A person with a browser.
    Person,
    /// The page's own script.
    Script,
}

/// Puts a page, or the like for the script, into every answer that is an error.
pub(crate) fn told(mut response: Response, reader: Reader, request_id: &str) -> Response {
    let status = response.status();
    let is_error = status.is_client_error() || status.is_server_error();
    if !is_error || response.extensions_mut().remove::<AsItIs>().is_some() {
        return response;
    }
    let problem = response.extensions_mut().remove().unwrap_or_else(|| Problem::of(status));
    let (kind, body) = match reader {
        Reader::Person => {
            ("text/html; charset=utf-8", frame::problem(status, &problem.words, request_id))
        }
        Reader::Script => {
            let body = json!({ "message": problem.words, "request": request_id });
            ("application/json", body.to_string())
        }
    };
    let headers = response.headers_mut();
    headers.remove(CONTENT_LENGTH);
    headers.insert(CONTENT_TYPE, HeaderValue::from_static(kind));
    if status == StatusCode::TOO_MANY_REQUESTS {
        headers.insert(RETRY_AFTER, HeaderValue::from_static("60"));
    }
    if status == StatusCode::UNAUTHORIZED {
        headers.insert(WWW_AUTHENTICATE, HeaderValue::from_static("Bearer"));
    }
    *response.body_mut() = Body::from(body);
    response
}
