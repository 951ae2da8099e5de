//! What is measured of requests, once somebody wants to know.

use std::sync::{Arc, OnceLock};
use std::time::Duration;

use muster_vitals::Vitals;
use muster_vitals::meters::QueueGauge;

use super::limits::{AWAITED_EXTRA, WAITING_MAX};

/// Nothing is measured before [`Self::begin`].
#[derive(Default)]
pub(super) struct Measures(OnceLock<Meters>);

struct Meters {
    vitals: Arc<Vitals>,
    waiting: Arc<QueueGauge>,
}

impl Measures {
    /// Measures from now on; asked twice, it goes on as before.
    pub(super) fn begin(&self, vitals: &Arc<Vitals>) {
        self.0.get_or_init(|| Meters {
            vitals: Arc::clone(vitals),
            waiting: vitals.meters.queues.gauge("requests", WAITING_MAX + AWAITED_EXTRA),
        });
    }

    /// So many wait for their turn.
    pub(super) fn waiting(&self, number: usize) {
        if let Some(meters) = self.0.get() {
            meters.waiting.is(number);
        }
    }

    /// One may leave that came at `since`.
    pub(super) fn leaves(&self, since: Duration, now: Duration) {
        if let Some(meters) = self.0.get() {
            meters.vitals.meters.link.waited(now, now.saturating_sub(since));
        }
    }

    /// One that left at `since` was answered.
    pub(super) fn answered(&self, since: Duration, now: Duration) {
        if let Some(meters) = self.0.get() {
            meters.vitals.meters.link.request(now, now.saturating_sub(since));
        }
    }

    /// How an answer counts.
    pub(super) fn counts(&self, status: u16, is_invalid: bool, now: Duration) {
        let Some(meters) = self.0.get() else { return };
        if status == 429 {
            meters.vitals.meters.link.rate_limited();
        }
        if is_invalid {
            meters.vitals.meters.link.invalid(now);
        }
    }
}
