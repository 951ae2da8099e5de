//! Sleeps until something is due, and does it. No polling: the cost follows what is due.

use std::sync::Arc;
use std::time::Duration;

use jiff::Timestamp;
use muster_store::StoreError;
use muster_store::model::Delivery;
use muster_store::port::Deliveries;
use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use tracing::warn;

use crate::app::{App, World};
use crate::deliver::delivery::lease_from;
use crate::limits::{LANES_MAX, TURNS_PER_COMMIT};
use crate::ports::{Clock, Tasks};

/// How long to wait when the store fails, or when what is due is held by somebody else.
const PAUSE: Duration = Duration::from_secs(1);

impl<W: World> App<W> {
    /// Does what is due, until the end comes. Run once per application, on a task of its own.
    pub async fn run_scheduler(self) {
        let _under_way = self.begin_work();
        let lanes = Arc::new(Semaphore::new(LANES_MAX));
        while !self.is_closing() {
            match self.do_what_is_due(&lanes).await {
                Ok(0) => self.wait_for_due().await,
                Ok(_) => {}
                Err(error) => {
                    warn!(%error, "what is due could not be read");
                    self.note_fault(&error);
                    self.until_closing(self.env().sleep(PAUSE)).await;
                }
            }
        }
    }

    async fn wait_for_due(&self) {
        let next = match self.store().next_due().await {
            Ok(next) => next,
            Err(error) => {
                warn!(%error, "the next due instant could not be read");
                return self.until_closing(self.env().sleep(PAUSE)).await;
            }
        };
        tokio::select! {
            biased;
            () = self.closing() => {}
            () = self.due_changed() => {}
            () = self.sleep_until_due(next) => {}
        }
    }

    async fn sleep_until_due(&self, next: Option<Timestamp>) {
        match next {
            None => std::future::pending().await,
            // Due, yet nothing could be claimed: it is under way, or all lanes are taken.
            Some(next) if next <= self.now() => self.env().sleep(PAUSE).await,
            Some(next) => self.env().sleep_until(next).await,
        }
    }

    /// Turns events whose time has come and starts deliveries that are due, as many as there are
    /// lanes for. Returns how much there was to do.
    async fn do_what_is_due(&self, lanes: &Arc<Semaphore>) -> Result<usize, StoreError> {
        let now = self.now();
        let turned = self.store().turn_events(now, TURNS_PER_COMMIT).await?;
        if turned > 0 {
            self.wake_reconciler();
            self.wake_granter();
            self.wake_chores();
        }
        let free = lanes.available_permits();
        if free == 0 || self.is_closing() {
            return Ok(turned);
        }
        let claimed = self.store().claim_due(now, lease_from(now), free).await?;
        let started = claimed.len();
        for delivery in claimed {
            // Nobody else takes a lane, and a lease that is not used ends by itself.
            let Ok(lane) = Arc::clone(lanes).try_acquire_owned() else { break };
            self.start(delivery, lane);
        }
        Ok(turned.saturating_add(started))
    }

    fn start(&self, delivery: Delivery, lane: OwnedSemaphorePermit) {
        let (app, under_way) = (self.clone(), self.begin_work());
        self.env().spawn("delivery", async move {
            app.attempt(delivery).await;
            drop(lane);
            app.wake_scheduler();
            drop(under_way);
        });
    }
}
