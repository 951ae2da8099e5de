//! Sleeps until something is due, and does it. No polling: the cost follows what is due.

use std::time::Duration;

use jiff::Timestamp;
use muster_store::StoreError;
use muster_store::port::Deliveries;
use tracing::warn;

use crate::app::{App, World};
use crate::deliver::delivery::lease_from;
use crate::limits::{LANES_MAX, TURNS_PER_COMMIT};
use crate::ports::{Clock, Tasks};

/// How long to wait when the store fails, or when what is due is held by somebody else.
const PAUSE: Duration = Duration::from_secs(1);

impl<W: World> App<W> {
    /// Does what is due, for ever. Run once per application, on a task of its own.
    pub async fn run_scheduler(self) {
        loop {
            match self.do_what_is_due().await {
                Ok(0) => self.wait_for_due().await,
                Ok(_) => {}
                Err(error) => {
                    warn!(%error, "what is due could not be read");
                    self.note_fault(&error);
                    self.env().sleep(PAUSE).await;
                }
            }
        }
    }

    async fn wait_for_due(&self) {
        let next = match self.store().next_due().await {
            Ok(next) => next,
            Err(error) => {
                warn!(%error, "the next due instant could not be read");
                return self.env().sleep(PAUSE).await;
            }
        };
        tokio::select! {
            biased;
            () = self.due_changed() => {}
            () = self.sleep_until_due(next) => {}
        }
    }

    async fn sleep_until_due(&self, next: Option<Timestamp>) {
        match next {
            None => std::future::pending().await,
            // Due, yet nothing could be claimed: it is under way.
            Some(next) if next <= self.now() => self.env().sleep(PAUSE).await,
            Some(next) => self.env().sleep_until(next).await,
        }
    }

    /// Turns events whose time has come and starts deliveries that are due. Returns how much there
    /// was to do.
    async fn do_what_is_due(&self) -> Result<usize, StoreError> {
        let now = self.now();
        let turned = self.store().turn_events(now, TURNS_PER_COMMIT).await?;
        if turned > 0 {
            self.wake_reconciler();
        }
        let claimed = self.store().claim_due(now, lease_from(now), LANES_MAX).await?;
        let started = claimed.len();
        for delivery in claimed {
            let app = self.clone();
            self.env().spawn("delivery", async move {
                app.attempt(delivery).await;
                app.wake_scheduler();
            });
        }
        Ok(turned.saturating_add(started))
    }
}
