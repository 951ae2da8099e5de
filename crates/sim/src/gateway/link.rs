//! A gateway session without a socket, for bots that live in the simulator's own process.

use std::sync::Arc;

use serde_json::json;

use super::entry::{self, Denied, Identify};
use super::outbox::{Out, Outbox};
use super::{Ending, Greeting};
use crate::ids::AppId;
use crate::shared::Shared;

/// Why no session came about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum LinkError {
    /// The gateway takes no connections at the moment.
    #[error("the gateway refuses connections")]
    Refused,
    /// Closed with this code (Discord docs: gateway close event codes).
    #[error("closed with {0}")]
    Closed(u16),
    /// The connection was cut.
    #[error("the connection was cut")]
    Cut,
    /// Op 9: the session is gone, or this is too soon after the last one.
    #[error("invalid session")]
    Invalid {
        /// Whether the session may still be resumed.
        resumable: bool,
    },
}

/// A connected session. Dropping it is a dropped connection: the session stays for a resume.
pub struct Link {
    shared: Arc<Shared>,
    outbox: Outbox,
    connection: u64,
    closed_with: Option<u16>,
}

impl Link {
    /// Dials and identifies. READY is the first frame.
    pub(crate) fn identify(
        shared: &Arc<Shared>,
        token: &str,
        intents: u64,
        place: (u64, u64),
    ) -> Result<Self, LinkError> {
        let identify = Identify { token: token.to_owned(), intents: Some(intents), shard: place };
        Self::dial(shared, |connection| entry::identify(shared, connection, &identify))
    }

    /// Dials and takes up a session after `seq`. RESUMED is the last of what it has missed.
    pub(crate) fn resume(
        shared: &Arc<Shared>,
        token: &str,
        session: &str,
        seq: u64,
    ) -> Result<Self, LinkError> {
        let data = json!({"token": token, "session_id": session, "seq": seq});
        Self::dial(shared, |connection| entry::resume(shared, connection, &data))
    }

    fn dial(
        shared: &Arc<Shared>,
        enter: impl FnOnce(u64) -> Result<AppId, Denied>,
    ) -> Result<Self, LinkError> {
        shared.ledger.note(|counts| counts.dials += 1);
        if shared.gateway.is_refusing() {
            return Err(LinkError::Refused);
        }
        let (connection, outbox) = shared.gateway.connect();
        let link = Self { shared: Arc::clone(shared), outbox, connection, closed_with: None };
        match shared.gateway.greeting() {
            None => {}
            Some(Greeting::Silence) => return Ok(link),
            Some(Greeting::Close(code)) => return Err(LinkError::Closed(code)),
            Some(Greeting::Cut) => return Err(LinkError::Cut),
        }
        match enter(connection) {
            Ok(_) | Err(Denied::Silence) => Ok(link),
            Err(Denied::Close(code)) => Err(LinkError::Closed(code)),
            Err(Denied::Cut) => Err(LinkError::Cut),
            Err(Denied::Invalid { resumable }) => Err(LinkError::Invalid { resumable }),
        }
    }

    /// The next frame as JSON text; `None` when the connection has ended. Cancel safe.
    pub async fn next(&mut self) -> Option<String> {
        match self.outbox.next().await {
            Out::Frame(frame) => return Some(frame),
            Out::Close(code) => self.closed_with = Some(code),
            Out::Drop => {}
        }
        self.outbox.shut();
        None
    }

    /// The code that the gateway closed with, once [`Link::next`] has returned `None`.
    #[must_use]
    pub fn closed_with(&self) -> Option<u16> {
        self.closed_with
    }
}

impl Drop for Link {
    fn drop(&mut self) {
        let end = self.closed_with.map_or(Ending::SessionStays, Ending::closed_by_us);
        if let Some(app) = self.shared.gateway.disconnect(self.connection, end) {
            self.shared.presence_changed(app);
        }
    }
}
