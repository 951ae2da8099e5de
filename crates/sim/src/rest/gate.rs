//! What every request passes: scripted faults, the ledger, rate-limit headers.

use std::hash::{DefaultHasher, Hash, Hasher};
use std::sync::Arc;

use axum::extract::{Request, State};
use axum::http::{HeaderMap, HeaderName, HeaderValue, StatusCode};
use axum::middleware::Next;
use axum::response::{Html, IntoResponse, Response};

use crate::faults::ScriptedAnswer;
use crate::ledger;
use crate::shared::Shared;

/// How many requests a bucket takes per second. Generous: limits are not simulated yet.
const BUCKET_LIMIT: u32 = 1_000;

/// Lets one request through, or answers it by script.
pub(super) async fn pass(
    State(shared): State<Arc<Shared>>,
    request: Request,
    next: Next,
) -> Response {
    let _busy = shared.clock.request();
    let method = request.method().as_str().to_owned();
    let path = request.uri().path().to_owned();
    let path = path.strip_prefix("/api/v10").unwrap_or(&path);
    let route = ledger::route(&method, path);
    let scripted = shared.script.take(&method, path);
    let mut response = match scripted {
        None => next.run(request).await,
        Some(answer) => {
            tokio::time::sleep(answer.delay).await;
            by_script(answer, request, next).await
        }
    };
    add_limits(&shared, &route, response.headers_mut());
    let status = response.status().as_u16();
    shared.ledger.note(|counts| *counts.requests.entry((route, status)).or_default() += 1);
    response
}

async fn by_script(answer: ScriptedAnswer, request: Request, next: Next) -> Response {
    let Some(status) = answer.status else {
        return next.run(request).await;
    };
    if answer.after_effect {
        drop(next.run(request).await);
    }
    let status = StatusCode::from_u16(status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    let mut response = match answer.body.as_str() {
        Some(html) => (status, Html(html.to_owned())).into_response(),
        None => (status, axum::Json(&answer.body)).into_response(),
    };
    for (name, value) in answer.headers {
        let name = name.parse::<HeaderName>();
        if let (Ok(name), Ok(value)) = (name, HeaderValue::from_str(&value)) {
            response.headers_mut().insert(name, value);
        }
    }
    response
}

fn add_limits(shared: &Shared, route: &str, headers: &mut HeaderMap) {
    if headers.contains_key("x-ratelimit-limit") || headers.contains_key("retry-after") {
        return;
    }
    let mut hasher = DefaultHasher::new();
    route.hash(&mut hasher);
    let reset = shared.clock.now().as_second() + 1;
    for (name, value) in [
        ("x-ratelimit-limit", BUCKET_LIMIT.to_string()),
        ("x-ratelimit-remaining", (BUCKET_LIMIT - 1).to_string()),
        ("x-ratelimit-reset", format!("{reset}.000")),
        ("x-ratelimit-reset-after", "1.000".to_owned()),
        ("x-ratelimit-bucket", format!("{:016x}", hasher.finish())),
    ] {
        if let Ok(value) = HeaderValue::from_str(&value) {
            headers.insert(HeaderName::from_static(name), value);
        }
    }
}
