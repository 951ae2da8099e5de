//! The cookies: of this host alone, out of the reach of scripts, and over https only, where there
//! is https.

use axum::http::header::COOKIE;
use axum::http::{HeaderMap, HeaderValue};

use crate::config::Config;
use crate::limits::{SESSION_WHOLE, STATE_KEPT};

/// What a cookie is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Cookie {
    /// Who is signed in.
    Session,
    /// Ties the form for signing in to the browser that got it.
    Form,
    /// Ties a sign-in with Discord to the browser that began it.
    State,
}

impl Cookie {
    /// `__Host-` makes browsers refuse it from other hosts, for other paths, or without https.
    fn name(self, config: &Config) -> &'static str {
        match (self, config.is_https()) {
            (Self::Session, true) => "__Host-muster",
            (Self::Form, true) => "__Host-muster-form",
            (Self::State, true) => "__Host-muster-state",
            (Self::Session, false) => "muster",
            (Self::Form, false) => "muster-form",
            (Self::State, false) => "muster-state",
        }
    }

    fn seconds(self) -> u64 {
        match self {
            Self::Session => SESSION_WHOLE.as_secs(),
            Self::Form | Self::State => STATE_KEPT.as_secs(),
        }
    }

    /// What the browser brings of it.
    pub(crate) fn read<'a>(self, headers: &'a HeaderMap, config: &Config) -> Option<&'a str> {
        value(headers, self.name(config))
    }

    /// Has the browser keep it.
    pub(crate) fn set(self, value: &str, config: &Config) -> Option<HeaderValue> {
        self.header(value, self.seconds(), config)
    }

    /// Has the browser forget it.
    pub(crate) fn clear(self, config: &Config) -> Option<HeaderValue> {
        self.header("", 0, config)
    }

    fn header(self, value: &str, seconds: u64, config: &Config) -> Option<HeaderValue> {
        let secure = if config.is_https() { "; Secure" } else { "" };
        let name = self.name(config);
        let text =
            format!("{name}={value}; Path=/; HttpOnly; SameSite=Lax; Max-Age={seconds}{secure}");
        HeaderValue::from_str(&text).ok()
    }
}

/// The value of a cookie by its name.
pub(crate) fn value<'a>(headers: &'a HeaderMap, name: &str) -> Option<&'a str> {
    let lines = headers.get_all(COOKIE).iter().filter_map(|line| line.to_str().ok());
    let pairs = lines.flat_map(|line| line.split(';')).map(str::trim);
    pairs.filter_map(|pair| pair.split_once('=')).find(|(key, _)| *key == name).map(|pair| pair.1)
}
