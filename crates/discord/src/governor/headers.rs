//! What an answer says about rates, read so that nothing a server sends can hurt: missing,
//! negative, huge or not even a number.

use std::hash::{DefaultHasher, Hash, Hasher};
use std::time::Duration;

use hyper::HeaderMap;
use serde::Deserialize;

use super::limits::RETRY_AFTER_MAX;

/// The state of a bucket as the server sees it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct RateInfo {
    /// Which routes share the bucket; absent on some answers.
    pub(crate) bucket: Option<u64>,
    pub(crate) limit: u32,
    pub(crate) remaining: u32,
    pub(crate) reset_after: Duration,
}

/// Whom a 429 concerns.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Scope {
    /// Every request of the bot.
    Global,
    /// This bot in this bucket.
    User,
    /// This resource, whoever asks; not our fault.
    Shared,
    /// Not said by Discord: some box in front of it refuses us altogether.
    Edge,
}

/// A 429.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct TooMany {
    pub(crate) scope: Scope,
    /// How long to wait, if that could be read.
    pub(crate) retry_after: Option<Duration>,
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct TooManyBody {
    retry_after: Option<f64>,
    global: Option<bool>,
}

/// Reads the bucket's state from any answer; `None` if the route has no bucket.
pub(crate) fn rate_info(headers: &HeaderMap) -> Option<RateInfo> {
    let number = |name| text(headers, name)?.parse::<u32>().ok();
    Some(RateInfo {
        bucket: text(headers, "x-ratelimit-bucket").map(hash),
        limit: number("x-ratelimit-limit")?.max(1),
        remaining: number("x-ratelimit-remaining")?,
        reset_after: text(headers, "x-ratelimit-reset-after").and_then(seconds)?,
    })
}

/// Reads a 429 from its headers and, where these are silent, from its body.
pub(crate) fn too_many(headers: &HeaderMap, body: &[u8]) -> TooMany {
    let body: TooManyBody = serde_json::from_slice(body).unwrap_or_default();
    let said_global = text(headers, "x-ratelimit-global") == Some("true");
    let scope = match text(headers, "x-ratelimit-scope") {
        Some("shared") => Scope::Shared,
        Some("global") => Scope::Global,
        _ if said_global || body.global == Some(true) => Scope::Global,
        Some("user") => Scope::User,
        _ if rate_info(headers).is_some() || body.retry_after.is_some() => Scope::User,
        _ => Scope::Edge,
    };
    let in_header = text(headers, "retry-after").and_then(seconds);
    let in_body = body.retry_after.and_then(bounded);
    TooMany { scope, retry_after: in_header.max(in_body) }
}

fn text<'a>(headers: &'a HeaderMap, name: &str) -> Option<&'a str> {
    headers.get(name)?.to_str().ok()
}

fn seconds(text: &str) -> Option<Duration> {
    bounded(text.trim().parse().ok()?)
}

/// Seconds that are a number and not negative, at most an hour.
fn bounded(seconds: f64) -> Option<Duration> {
    if seconds.is_nan() || seconds < 0.0 {
        return None;
    }
    Some(Duration::from_secs_f64(seconds.min(RETRY_AFTER_MAX.as_secs_f64())))
}

fn hash(name: &str) -> u64 {
    let mut hasher = DefaultHasher::new();
    name.hash(&mut hasher);
    hasher.finish()
}

#[cfg(test)]
mod tests {
    use hyper::header::{HeaderName, HeaderValue};

    use super::*;

    fn headers(pairs: &[(&'static str, &'static str)]) -> HeaderMap {
        let pair = |(name, value): &(&'static str, &'static str)| {
            (HeaderName::from_static(name), HeaderValue::from_static(value))
        };
        pairs.iter().map(pair).collect()
    }

    #[test]
    fn an_ordinary_answer_tells_its_bucket() {
        let info = rate_info(&headers(&[
            ("x-ratelimit-bucket", "abcd"),
            ("x-ratelimit-limit", "5"),
            ("x-ratelimit-remaining", "4"),
            ("x-ratelimit-reset-after", "1.25"),
        ]));
        let info = info.unwrap();
        assert_eq!((info.limit, info.remaining), (5, 4));
        assert_eq!(info.reset_after, Duration::from_millis(1_250));
        assert_eq!(info.bucket, Some(hash("abcd")));
        assert_eq!(rate_info(&headers(&[("x-ratelimit-limit", "5")])), None);
    }

    #[test]
    fn whom_a_429_concerns() {
        let table = [
            ("x-ratelimit-scope", "global", "", Scope::Global),
            ("x-ratelimit-global", "true", "", Scope::Global),
            ("x-ratelimit-scope", "shared", "", Scope::Shared),
            ("x-ratelimit-scope", "user", "", Scope::User),
            ("via", "1.1 x", r#"{"retry_after":1.0,"global":true}"#, Scope::Global),
            ("via", "1.1 x", r#"{"retry_after":1.0,"code":30046}"#, Scope::User),
            ("retry-after", "3600", "<html>banned</html>", Scope::Edge),
        ];
        for (name, value, body, scope) in table {
            let read = too_many(&headers(&[(name, value)]), body.as_bytes());
            assert_eq!(read.scope, scope, "{name}: {value} {body}");
        }
    }

    #[test]
    fn any_retry_after_is_survived() {
        let hour = Some(Duration::from_hours(1));
        let table = [
            ("65", Some(Duration::from_secs(65))),
            ("0.25", Some(Duration::from_millis(250))),
            ("1000000000", hour),
            ("inf", hour),
            ("1e308", hour),
            ("NaN", None),
            ("-5", None),
            ("soon", None),
            ("Wed, 21 Oct 2026 07:28:00 GMT", None),
        ];
        for (text, expected) in table {
            let read = too_many(&headers(&[("retry-after", text)]), b"");
            assert_eq!(read.retry_after, expected, "{text}");
        }
        let body = br#"{"retry_after":64.57,"global":true}"#;
        let read = too_many(&headers(&[("retry-after", "65")]), body);
        assert_eq!(read.retry_after, Some(Duration::from_secs(65)), "the longer one counts");
    }
}
