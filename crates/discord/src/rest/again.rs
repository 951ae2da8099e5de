//! A try that did not work, and whether another may follow.

use std::time::Duration;

use jiff::Timestamp;
use muster_engine::limits::SAME_NONCE;

use super::error::RestErrorKind;

/// Whether a request may be sent again when nobody knows if it was done.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Again {
    /// Doing it twice is as good as doing it once.
    Harmless,
    /// The same, for as long as Discord remembers its nonce.
    ByNonce,
    /// Doing it twice would be seen.
    Harmful,
}

impl Again {
    /// Whether nothing comes of it now, if Discord may have done it since then. Both are by the
    /// clock of this machine and not by the monotonic one, which stands while the machine sleeps:
    /// Discord forgets meanwhile. Where that clock was set ahead, it is not sent again for nothing.
    pub(super) fn is_harmless(self, since: Timestamp, now: Timestamp) -> bool {
        match self {
            Self::Harmless => true,
            Self::ByNonce => now.duration_since(since) < SAME_NONCE,
            Self::Harmful => false,
        }
    }
}

/// A try that did not work.
pub(super) struct Failure {
    pub(super) kind: RestErrorKind,
    /// Another try is of use after this; `None` if none is.
    pub(super) again_after: Option<Duration>,
    /// Discord may have done what was asked.
    pub(super) unclear: bool,
}

impl Failure {
    pub(super) fn is_final(kind: RestErrorKind) -> Self {
        Self { kind, again_after: None, unclear: false }
    }

    pub(super) fn is_unclear(kind: RestErrorKind, pause: Duration) -> Self {
        Self { kind, again_after: Some(pause), unclear: true }
    }
}
