//! One HTTP exchange as a port, so that everything above it can be tested without sockets.

use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use bytes::Bytes;
use hyper::header::HeaderValue;
use hyper::{HeaderMap, Method};

/// What is sent.
#[derive(Clone)]
pub struct Outgoing {
    /// HTTP method.
    pub method: Method,
    /// Path below `/api/v10`, with query, beginning with a slash. May hold an interaction token:
    /// never log it.
    pub path: String,
    /// Whether the bot's token goes along.
    pub access: Access,
    /// Content and its type.
    pub body: Option<(HeaderValue, Bytes)>,
    /// Name of the route for logs.
    pub route: &'static str,
}

/// Whose authority a request has.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Access {
    /// The bot's token in a header.
    Bot,
    /// The interaction's token in the path, and nothing else.
    Interaction,
}

/// What came back.
#[derive(Clone, Debug)]
pub struct Answer {
    /// HTTP status.
    pub status: u16,
    /// All headers.
    pub headers: HeaderMap,
    /// The whole body.
    pub body: Bytes,
}

/// Why nothing came back.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum WireError {
    /// The request did not leave; Discord has not seen it.
    #[error("{0}")]
    NotSent(Box<str>),
    /// The connection broke after the request may have left.
    #[error("{0}")]
    Lost(Box<str>),
    /// The answer is larger than is taken.
    #[error("the answer is too large")]
    TooLarge,
}

/// Whether a request's first byte may have left. What has not left was not done, whatever becomes
/// of the wait for its answer.
#[derive(Debug, Default)]
pub struct Departure(AtomicBool);

impl Departure {
    /// The first byte leaves now.
    pub fn begins(&self) {
        self.0.store(true, Ordering::Relaxed);
    }

    fn has_begun(&self) -> bool {
        self.0.load(Ordering::Relaxed)
    }

    /// The error of a request that was given up.
    pub(super) fn given_up(&self) -> WireError {
        let text = "no answer in time".into();
        if self.has_begun() { WireError::Lost(text) } else { WireError::NotSent(text) }
    }
}

/// Sends requests to Discord. One implementation speaks HTTP, others speak from a script.
pub trait Wire: Send + Sync + 'static {
    /// Sends one request and waits for the whole answer. The caller limits the time; being
    /// dropped closes the connection. `departure` begins before the first byte leaves.
    fn exchange(
        &self,
        outgoing: &Outgoing,
        departure: &Departure,
    ) -> impl Future<Output = Result<Answer, WireError>> + Send;
}

/// Longest wait for the whole answer to one request.
pub(super) const EXCHANGE_LIMIT: Duration = Duration::from_secs(15);
