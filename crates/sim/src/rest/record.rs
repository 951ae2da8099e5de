//! Writes exchanges into the ledger, for tests that read or judge them.

use axum::body::Body;
use axum::extract::Request;
use axum::http::HeaderMap;
use axum::http::header::CONTENT_TYPE;
use axum::response::Response;
use bytes::Bytes;
use serde_json::Value;

use super::{MAX_BODY, multipart};
use crate::ledger::{self, Exchange};
use crate::shared::Shared;
use crate::world::Refusal;

/// Headers of requests that are recorded. The one with the bot's token is not among them.
const REQUEST_HEADERS: [&str; 4] =
    ["content-type", "content-length", "user-agent", "x-audit-log-reason"];

/// What is known of a request before it is answered.
#[derive(Debug, Clone)]
pub(super) struct Told {
    pub(super) method: String,
    /// Under the API, tokens and all.
    pub(super) path: String,
    route: String,
    scripted: bool,
    delivered: bool,
    query: String,
    headers: Vec<(String, String)>,
    request: Value,
    files: usize,
}

impl Told {
    /// Adds what is known once there is an answer.
    pub(super) fn ends(&mut self, route: String, scripted: bool, delivered: bool) {
        self.route = route;
        self.scripted = scripted;
        self.delivered = delivered;
    }
}

/// Reads a request as far as it is recorded.
pub(super) async fn take(shared: &Shared, request: Request) -> Result<(Request, Told), Refusal> {
    let path = request.uri().path();
    let path = path.strip_prefix("/api/v10").unwrap_or(path).to_owned();
    let mut told = Told {
        method: request.method().as_str().to_owned(),
        path,
        route: String::new(),
        scripted: false,
        delivered: true,
        query: request.uri().query().unwrap_or_default().to_owned(),
        headers: Vec::new(),
        request: Value::Null,
        files: 0,
    };
    if !shared.ledger.is_read() {
        return Ok((request, told));
    }
    let (head, body) = request.into_parts();
    let body = axum::body::to_bytes(body, MAX_BODY).await.map_err(|_| Refusal::TooLarge)?;
    told.headers = matter(&head.headers, |name| REQUEST_HEADERS.contains(&name));
    (told.request, told.files) = read(&head.headers, &body);
    Ok((Request::from_parts(head, Body::from(body)), told))
}

/// Keeps the exchange, if anybody reads them, and hands the response on.
pub(super) async fn keep(
    shared: &Shared,
    told: Told,
    response: Option<Response>,
) -> Option<Response> {
    if !shared.ledger.is_read() {
        return response;
    }
    let mut exchange = Exchange {
        at: shared.clock.now(),
        path: ledger::public_path(&told.path),
        method: told.method,
        route: told.route,
        query: told.query,
        request_headers: told.headers,
        request: told.request,
        files: told.files,
        status: 0,
        answer_headers: Vec::new(),
        answer: Value::Null,
        scripted: told.scripted,
        delivered: told.delivered,
    };
    let mut kept = None;
    if let Some(response) = response {
        let (head, body) = response.into_parts();
        // Bodies are made in memory here, so that reading one cannot fail.
        let body = axum::body::to_bytes(body, usize::MAX).await.unwrap_or_default();
        exchange.status = head.status.as_u16();
        exchange.answer_headers = matter(&head.headers, |name| {
            name.starts_with("x-ratelimit-")
                || ["content-type", "retry-after", "via"].contains(&name)
        });
        exchange.answer = json_or_text(&body);
        kept = Some(Response::from_parts(head, Body::from(body)));
    }
    shared.ledger.keep(exchange);
    kept
}

fn matter(headers: &HeaderMap, wanted: impl Fn(&str) -> bool) -> Vec<(String, String)> {
    let kept = headers.iter().filter(|(name, _)| wanted(name.as_str()));
    let text = |value: &[u8]| String::from_utf8_lossy(value).into_owned();
    kept.map(|(name, value)| (name.as_str().to_owned(), text(value.as_bytes()))).collect()
}

/// The JSON of a request, and how many files it carries.
fn read(headers: &HeaderMap, body: &Bytes) -> (Value, usize) {
    let kind = headers.get(CONTENT_TYPE).and_then(|value| value.to_str().ok()).unwrap_or_default();
    match multipart::boundary(kind) {
        Some(boundary) => multipart::read(body, boundary)
            .map_or((Value::Null, 0), |(json, files)| (json, files.len())),
        None => (json_or_text(body), 0),
    }
}

fn json_or_text(body: &Bytes) -> Value {
    if body.is_empty() {
        return Value::Null;
    }
    let text = || Value::String(String::from_utf8_lossy(body).into_owned());
    serde_json::from_slice(body).unwrap_or_else(|_| text())
}
