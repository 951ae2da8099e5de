//! Why a request to Discord did not do what it should, in terms that callers can decide by.

use std::time::Duration;

use serde::Deserialize;

use crate::governor::Refused;

/// Characters kept of Discord's message and of its tree of details.
const TEXT_CHARS_MAX: usize = 400;

/// What went wrong.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum RestErrorKind {
    /// Discord said no.
    #[error("status {status}, code {code}: {message}")]
    Status {
        /// HTTP status.
        status: u16,
        /// Discord's own code, 0 if there is none (Discord docs: JSON error codes).
        code: u32,
        /// Discord's message with its details, shortened. For logs only.
        message: Box<str>,
    },
    /// Something before Discord said no, such as a proxy: nothing that Discord says of itself.
    #[error("status {status}, and not from Discord")]
    NotDiscord {
        /// HTTP status.
        status: u16,
    },
    /// Whoever asked for the request called it off before it left.
    #[error("called off")]
    CalledOff,
    /// Too many requests: told by Discord after our retries, or known before sending.
    #[error("rate limited for another {retry_after:?}")]
    RateLimited {
        /// When it is worth another try.
        retry_after: Duration,
    },
    /// No answer within the time allowed.
    #[error("no answer in time")]
    TimedOut,
    /// The connection failed before or after sending; the text says how.
    #[error("connection failed: {0}")]
    Unreachable(Box<str>),
    /// The answer is larger than 8 MiB.
    #[error("the answer is too large")]
    TooLarge,
    /// The answer is not the JSON that was expected.
    #[error("the answer cannot be read: {0}")]
    Unreadable(Box<str>),
    /// What should be sent cannot be written as JSON.
    #[error("the request cannot be written: {0}")]
    Unwritable(Box<str>),
    /// Too many requests are waiting.
    #[error("too many requests are waiting")]
    Busy,
    /// The channel refused us lately and is left alone.
    #[error("the channel is left alone for another {retry_after:?}")]
    CircuitOpen {
        /// When one request may ask again.
        retry_after: Duration,
    },
    /// Too many of our requests were refused lately; only answers to interactions go out.
    #[error("too many requests were refused lately")]
    TooManyInvalid {
        /// When it eases.
        retry_after: Duration,
    },
    /// Discord has refused the bot's token: nothing will work any more.
    #[error("Discord refused the bot token")]
    TokenRefused,
}

/// A failed request.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{route}: {kind}")]
pub struct RestError {
    /// Name of the route, without ids and tokens.
    pub route: &'static str,
    /// What went wrong.
    pub kind: RestErrorKind,
    /// Discord may have done it all the same: the request left, and no clear answer came.
    pub may_have_happened: bool,
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct ErrorBody {
    code: Option<u32>,
    message: Option<String>,
    errors: Option<Box<serde_json::value::RawValue>>,
}

/// Whether an answer that is no success is Discord's own: it says everything in JSON objects.
pub(crate) fn is_discords(body: &[u8]) -> bool {
    body.trim_ascii_start().first() == Some(&b'{')
}

/// Discord's own code in an answer that is no success; 0 if there is none.
pub(super) fn code_of(body: &[u8]) -> u32 {
    let read: ErrorBody = serde_json::from_slice(body).unwrap_or_default();
    read.code.unwrap_or_default()
}

impl RestErrorKind {
    /// Reads an answer that is no success.
    pub(super) fn from_answer(status: u16, body: &[u8]) -> Self {
        if status < 500 && !is_discords(body) {
            return Self::NotDiscord { status };
        }
        let read: ErrorBody = serde_json::from_slice(body).unwrap_or_default();
        let mut message = read.message.unwrap_or_default();
        if let Some(errors) = read.errors {
            message.push(' ');
            message.push_str(errors.get());
        }
        let message = message.chars().filter(|c| !c.is_control()).take(TEXT_CHARS_MAX).collect();
        Self::Status { status, code: read.code.unwrap_or_default(), message }
    }
}

impl From<Refused> for RestErrorKind {
    fn from(refused: Refused) -> Self {
        match refused {
            Refused::BadToken => Self::TokenRefused,
            Refused::TooManyInvalid(retry_after) => Self::TooManyInvalid { retry_after },
            Refused::CircuitOpen(retry_after) => Self::CircuitOpen { retry_after },
            Refused::NotInTime(retry_after) => Self::RateLimited { retry_after },
            Refused::Busy => Self::Busy,
        }
    }
}

impl RestError {
    /// HTTP status, if Discord answered.
    #[must_use]
    pub const fn status(&self) -> Option<u16> {
        let RestErrorKind::Status { status, .. } = self.kind else { return None };
        Some(status)
    }

    /// Discord's own code; 0 if there is none.
    #[must_use]
    pub const fn code(&self) -> u32 {
        let RestErrorKind::Status { code, .. } = self.kind else { return 0 };
        code
    }

    /// How long to wait before another try is worth it, where that is known.
    #[must_use]
    pub const fn retry_after(&self) -> Option<Duration> {
        let (RestErrorKind::RateLimited { retry_after }
        | RestErrorKind::CircuitOpen { retry_after }
        | RestErrorKind::TooManyInvalid { retry_after }) = self.kind
        else {
            return None;
        };
        Some(retry_after)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn refused(status: u16, body: &str) -> RestError {
        let kind = RestErrorKind::from_answer(status, body.as_bytes());
        RestError { route: "message.get", kind, may_have_happened: false }
    }

    #[test]
    fn status_and_code_are_read() {
        let told = |status, body| {
            let refused = refused(status, body);
            (refused.status(), refused.code())
        };
        let gone = r#"{"code":10008,"message":"Unknown Message"}"#;
        assert_eq!(told(404, gone), (Some(404), 10_008));
        assert_eq!(told(403, r#"{"code":0,"message":"403: Forbidden"}"#), (Some(403), 0));
        assert_eq!(told(502, "Bad Gateway"), (Some(502), 0));
    }

    #[test]
    fn what_a_box_before_discord_says_is_nothing_that_discord_says() {
        for page in ["<html>403 Forbidden</html>", "", "error code: 1015"] {
            let said = refused(403, page);
            assert_eq!(said.kind, RestErrorKind::NotDiscord { status: 403 }, "{page}");
        }
    }

    #[test]
    fn details_are_kept_short_and_on_one_line() {
        let body = format!(
            r#"{{"code":50035,"message":"Invalid\nForm Body","errors":{{"content":"{}"}}}}"#,
            "x".repeat(9_000)
        );
        let text = refused(400, &body).to_string();
        assert!(text.starts_with("message.get: status 400, code 50035: InvalidForm Body {"));
        assert!(text.len() < 500 && !text.contains('\n'));
    }
}
