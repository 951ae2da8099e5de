//! What rate limits look like on the wire: headers on answers, and the answers that say no.

use std::time::Duration;

use axum::http::header::{CONTENT_TYPE, DATE};
use axum::http::{HeaderMap, HeaderName, HeaderValue, StatusCode};
use axum::response::{Html, IntoResponse, Response};
use jiff::{SignedDuration, Timestamp};
use serde_json::{Value, json};

use super::limiter::{Limited, Scope, Standing};
use crate::faults::{BAN_PAGE, whole_seconds};
use crate::world::Refusal;

/// Tells how the request's bucket stands.
pub(super) fn add_headers(headers: &mut HeaderMap, standing: &Standing, wall: Timestamp) {
    let after = whole_millis(standing.reset_after);
    let reset = SignedDuration::try_from(after).ok().and_then(|after| wall.checked_add(after).ok());
    let reset_ms = reset.unwrap_or(wall).as_millisecond();
    for (name, value) in [
        ("x-ratelimit-limit", standing.limit.to_string()),
        ("x-ratelimit-remaining", standing.remaining.to_string()),
        ("x-ratelimit-reset", format!("{}.{:03}", reset_ms / 1000, reset_ms % 1000)),
        ("x-ratelimit-reset-after", format!("{:.3}", after.as_secs_f64())),
        ("x-ratelimit-bucket", format!("{:016x}", standing.bucket)),
    ] {
        set(headers, name, &value);
    }
    set_via(headers);
}

/// The answer to a request that is one too many.
pub(super) fn refuse(no: &Limited, wall: Timestamp) -> Response {
    let retry_after = whole_millis(no.retry_after);
    let mut body = json!({
        "message": no.code.map_or("You are being rate limited.", |(_, message)| message),
        "retry_after": retry_after.as_secs_f64(),
        "global": no.scope == Scope::Global,
    });
    if let Some((code, _)) = no.code {
        crate::json::set(&mut body, "code", code);
    }
    let mut response = (StatusCode::TOO_MANY_REQUESTS, axum::Json(body)).into_response();
    let headers = response.headers_mut();
    set(headers, "retry-after", &whole_seconds(retry_after));
    let scope = match no.scope {
        Scope::User => "user",
        Scope::Global => "global",
        Scope::Shared => "shared",
    };
    set(headers, "x-ratelimit-scope", scope);
    if no.scope == Scope::Global {
        set(headers, "x-ratelimit-global", "true");
    }
    match &no.standing {
        Some(standing) => add_headers(headers, standing, wall),
        None => set_via(headers),
    }
    response
}

/// What a path or a query cannot be read from is a wrong form, too.
pub(super) fn in_discords_words(response: Response) -> Response {
    let kind = response.headers().get(CONTENT_TYPE);
    let is_ours = kind.is_none_or(|kind| !kind.as_bytes().starts_with(b"text/plain"));
    if is_ours || response.status() != StatusCode::BAD_REQUEST {
        return response;
    }
    let mut form = crate::validate::Form::default();
    form.wrong("NUMBER_TYPE_COERCE", "Value is not snowflake.");
    match form.finish(()) {
        Ok(()) => response,
        Err(errors) => Refusal::InvalidForm(errors).into_response(),
    }
}

/// What an address gets that sent too many invalid requests: no JSON, no rate-limit headers.
pub(super) fn banned(left: Duration) -> Response {
    let mut response = (StatusCode::TOO_MANY_REQUESTS, Html(BAN_PAGE)).into_response();
    set(response.headers_mut(), "retry-after", &whole_seconds(left));
    response
}

/// An answer that a script gives. Plain text is HTML and comes from in front of Discord.
pub(super) fn scripted(status: u16, body: &Value, headers: &[(String, String)]) -> Response {
    let status = StatusCode::from_u16(status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    let mut response = match body.as_str() {
        Some(html) => (status, Html(html.to_owned())).into_response(),
        None => (status, axum::Json(body)).into_response(),
    };
    if !body.is_string() {
        set_via(response.headers_mut());
    }
    for (name, value) in headers {
        set(response.headers_mut(), name, value);
    }
    response
}

/// The same answer with the instant at which it was given, unless it has one.
pub(super) fn dated(mut response: Response, wall: Timestamp) -> Response {
    if !response.headers().contains_key(DATE) {
        let date = wall.strftime("%a, %d %b %Y %H:%M:%S GMT").to_string();
        set(response.headers_mut(), DATE.as_str(), &date);
    }
    response
}

/// The proxy that all answers of the API come through. Clients tell by it that an answer is
/// Discord's own.
fn set_via(headers: &mut HeaderMap) {
    set(headers, "via", "1.1 google");
}

/// Sets a header; what cannot be one is left out.
fn set(headers: &mut HeaderMap, name: &str, value: &str) {
    if let (Ok(name), Ok(value)) = (name.parse::<HeaderName>(), HeaderValue::from_str(value)) {
        headers.insert(name, value);
    }
}

/// Rounds up to what headers can tell, so that nobody comes back too early.
fn whole_millis(duration: Duration) -> Duration {
    let more = u64::from(!duration.subsec_nanos().is_multiple_of(1_000_000));
    let ms = u64::try_from(duration.as_millis()).unwrap_or(u64::MAX).saturating_add(more);
    Duration::from_millis(ms)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_are_rounded_up() {
        assert_eq!(whole_millis(Duration::from_micros(1_001)), Duration::from_millis(2));
        assert_eq!(whole_millis(Duration::from_millis(5)), Duration::from_millis(5));
        assert_eq!(whole_seconds(Duration::from_millis(64_570)), "65");
        assert_eq!(whole_seconds(Duration::from_secs(3)), "3");
    }
}
