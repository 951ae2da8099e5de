//! Only the page itself, on this machine, may act for the people of the world.

use axum::extract::Request;
use axum::http::header::{HOST, ORIGIN};
use axum::http::{HeaderMap, HeaderName, HeaderValue, StatusCode};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};

use super::Problem;

/// Nothing inline, nothing from elsewhere, no framing.
const POLICY: &str = "default-src 'none'; script-src 'self'; style-src 'self'; \
                      img-src 'self' data:; connect-src 'self'; base-uri 'none'; \
                      form-action 'none'; frame-ancestors 'none'";

/// Refuses other hosts and origins; adds the security headers.
pub(super) async fn pass(request: Request, next: Next) -> Response {
    let mut response = match check(request.headers()) {
        Ok(()) => next.run(request).await,
        Err(why) => Problem(StatusCode::FORBIDDEN, why.into()).into_response(),
    };
    for (name, value) in [
        ("content-security-policy", POLICY),
        ("x-content-type-options", "nosniff"),
        ("referrer-policy", "no-referrer"),
        ("cache-control", "no-store"),
    ] {
        let name = HeaderName::from_static(name);
        response.headers_mut().insert(name, HeaderValue::from_static(value));
    }
    response
}

fn check(headers: &HeaderMap) -> Result<(), &'static str> {
    let text = |name| headers.get(name).map(|value: &HeaderValue| value.to_str().unwrap_or("?"));
    let host = text(HOST).filter(|host| is_loopback(host));
    let host = host.ok_or("this page is served to its own machine only")?;
    match text(ORIGIN) {
        None => Ok(()),
        Some(origin) if same_machine(origin, host) => Ok(()),
        Some(_) => Err("another site may not use this page"),
    }
}

fn same_machine(origin: &str, host: &str) -> bool {
    let bare = origin.strip_prefix("http://").or_else(|| origin.strip_prefix("https://"));
    bare == Some(host)
}

fn is_loopback(host: &str) -> bool {
    let name = match host.rsplit_once(':') {
        Some((name, port)) if port.bytes().all(|b| b.is_ascii_digit()) => name,
        _ => host,
    };
    matches!(name, "localhost" | "127.0.0.1" | "[::1]")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_own_page_gets_through() {
        for (host, origin, allowed) in [
            ("127.0.0.1:4000", None, true),
            ("localhost:4000", Some("http://localhost:4000"), true),
            ("[::1]:4000", Some("http://[::1]:4000"), true),
            ("127.0.0.1:4000", Some("http://127.0.0.1:5000"), false),
            ("127.0.0.1:4000", Some("null"), false),
            ("rebound.example:4000", None, false),
            ("127.0.0.1.example", None, false),
        ] {
            let mut headers = HeaderMap::new();
            headers.insert(HOST, HeaderValue::from_static(host));
            if let Some(origin) = origin {
                headers.insert(ORIGIN, HeaderValue::from_static(origin));
            }
            assert_eq!(check(&headers).is_ok(), allowed, "{host} {origin:?}");
        }
    }
}
