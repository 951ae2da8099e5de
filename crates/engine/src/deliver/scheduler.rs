//! Sleeps until something is due, and does it. No polling: the cost follows what is due.

use std::sync::Arc;
use std::time::Duration;

use jiff::{SignedDuration, Timestamp};
use muster_store::StoreError;
use muster_store::model::Delivery;
use muster_store::port::{Deliveries, Schedules};
use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use tracing::warn;

use crate::app::{App, World};
use crate::background::DUE;
use crate::deliver::delivery::lease_from;
use crate::limits::{CLOCK_LOOKED_AT, LANES_MAX, LEASE, TURNS_PER_COMMIT, WAIT_MAX};
use crate::ports::{Clock, Tasks};

/// How long to wait when the store fails, or when what is due is held by somebody else.
const PAUSE: Duration = Duration::from_secs(1);

/// How many failures in a row the clock stays in doubt for want of events that were turned by it.
/// Posts that may look as before an event began are better than posts that are never edited.
const DOUBTED_FOR: u32 = 120;

impl<W: World> App<W> {
    /// Does what is due, until the end comes. Run once per application, on a task of its own.
    pub async fn run_scheduler(self) {
        let _under_way = self.begin_work();
        let lanes = Arc::new(Semaphore::new(LANES_MAX));
        // What an earlier process took for the time is known to the store alone.
        let mut waits_max = Some(WAIT_MAX);
        let mut failed: u32 = 0;
        while !self.is_closing() {
            let now = self.env().now();
            if self.clocks().was_set_back(now) {
                waits_max = Some(LEASE);
            }
            let done = match waits_max {
                Some(longest) => self.task(DUE, || self.mend_times(now, longest)).await,
                None => self.task(DUE, || self.do_what_is_due(&lanes)).await,
            };
            if done.is_ok() {
                failed = 0;
            }
            match done.map(Option::unwrap_or_default) {
                Ok(0) if waits_max.is_some() => waits_max = None,
                Ok(0) => self.wait_for_due().await,
                Ok(_) => {}
                Err(error) => {
                    warn!(%error, "what is due could not be read");
                    failed = failed.saturating_add(1);
                    if failed >= DOUBTED_FOR {
                        self.clocks().turned(now, self.env().monotonic());
                    }
                    self.until_closing(self.env().sleep(PAUSE)).await;
                }
            }
        }
    }

    async fn wait_for_due(&self) {
        let next = match self.store().next_due().await {
            Ok(next) => {
                self.vitals().meters.deliveries.next_due(next);
                next
            }
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
            () = self.clock_set_back() => {}
        }
    }

    /// Waits until the clock of this machine shows an earlier time than it has shown. That costs a
    /// look at the clock, and none into the store.
    async fn clock_set_back(&self) {
        while !self.clocks().was_set_back(self.env().now()) {
            self.env().sleep(CLOCK_LOOKED_AT).await;
        }
    }

    /// Puts right what was planned or done by a clock that was ahead: events look as they do now,
    /// and nothing waits for longer than `longest`. Returns how much there was to do.
    async fn mend_times(
        &self,
        now: Timestamp,
        longest: SignedDuration,
    ) -> Result<usize, StoreError> {
        let latest = now.saturating_add(longest).unwrap_or(Timestamp::MAX);
        let mended = self.store().mend_times(now, latest, TURNS_PER_COMMIT).await?;
        if mended == 0 {
            let looked_at = self.store().keep_wall_clocks(now, TURNS_PER_COMMIT).await?;
            if looked_at == 0 {
                self.clocks().begin_at(now);
            } else {
                // Posts of events that moved are edited.
                self.wake_what_follows();
            }
            return Ok(looked_at);
        }
        warn!(%now, mended, "the clock was ahead; what it brought about is put right");
        self.wake_what_follows();
        Ok(mended)
    }

    async fn sleep_until_due(&self, next: Option<Timestamp>) {
        match next {
            None => std::future::pending().await,
            // Due, yet nothing could be claimed: it is under way, or all lanes are taken.
            Some(next) if next <= self.now() => self.env().sleep(PAUSE).await,
            Some(next) => self.env().sleep_until(next).await,
        }
    }

    /// Makes occurrences of series and turns events whose time has come, and starts deliveries that
    /// are due, as many as there are lanes for. What fails of it holds up none of the rest. Returns
    /// how much there was to do.
    async fn do_what_is_due(&self, lanes: &Arc<Semaphore>) -> Result<usize, StoreError> {
        let now = self.now();
        let made = self.store().make_due(now, TURNS_PER_COMMIT).await;
        let turned = self.turn_events(now).await;
        if [&made, &turned].into_iter().flatten().any(|count| *count > 0) {
            self.wake_what_follows();
        }
        let started = self.start_what_is_due(lanes, now).await;
        let counts = [made?, turned?, started?];
        Ok(counts.into_iter().fold(0, usize::saturating_add))
    }

    /// Turns events whose time has come by a clock that shows `now`; returns how many.
    async fn turn_events(&self, now: Timestamp) -> Result<usize, StoreError> {
        let monotonic = self.env().monotonic();
        let turned = self.store().turn_events(now, TURNS_PER_COMMIT).await?;
        if turned < TURNS_PER_COMMIT {
            self.clocks().turned(now, monotonic);
        }
        Ok(turned)
    }

    /// Whether the clock is in no doubt, after events were turned if that is all that is missing.
    pub(super) async fn can_go_by_the_clock(&self) -> bool {
        let now = self.now();
        if self.is_clock_in_doubt() && self.clocks().wants_turning(now) {
            match self.turn_events(now).await {
                Ok(0) => {}
                Ok(_) => self.wake_what_follows(),
                Err(error) => warn!(%error, "events could not be turned"),
            }
        }
        !self.is_clock_in_doubt()
    }

    async fn start_what_is_due(
        &self,
        lanes: &Arc<Semaphore>,
        now: Timestamp,
    ) -> Result<usize, StoreError> {
        let free = lanes.available_permits();
        if free == 0 || self.is_closing() {
            return Ok(0);
        }
        let claimed = self.store().claim_due(now, lease_from(now), free).await?;
        let started = claimed.len();
        for delivery in claimed {
            // Nobody else takes a lane, and a lease that is not used ends by itself.
            let Ok(lane) = Arc::clone(lanes).try_acquire_owned() else { break };
            self.start(delivery, lane);
        }
        Ok(started)
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
