//! Waits until there is something to do again.

use std::time::Duration;

use jiff::Timestamp;
use muster_store::StoreError;
use tracing::warn;

use crate::app::{App, World};
use crate::limits::STORE_FAILED_PAUSE;
use crate::ports::Clock as _;

impl<W: World> App<W> {
    /// Waits until the instant that the store told for the next of `what`, until something is
    /// `changed` about it, or until the end comes.
    pub(super) async fn wait_for_next(
        &self,
        what: &'static str,
        next: Result<Option<Timestamp>, StoreError>,
        changed: impl Future<Output = ()>,
    ) {
        let due = async {
            match next {
                Ok(Some(next)) => self.env().sleep_until(next).await,
                Ok(None) => std::future::pending().await,
                Err(error) => {
                    warn!(%error, "when the next {what} is due could not be read");
                    self.env().sleep(STORE_FAILED_PAUSE).await;
                }
            }
        };
        tokio::select! {
            biased;
            () = self.closing() => {}
            () = changed => {}
            () = due => {}
        }
    }

    /// The instant after `wait`, by the clock of this moment.
    pub(super) fn after(&self, wait: Duration) -> Timestamp {
        let now = self.now();
        now.checked_add(wait).unwrap_or(now)
    }
}
