//! Watches the running bot: takes samples, has memory given back, tells of alerts, and says all
//! that is known when the operator asks.

mod heap;
mod monitor;
mod places;

use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use jiff::Timestamp;
use muster_engine::ports::Clock as _;
use muster_store::sqlite::SqliteStore;
use muster_vitals::Vitals;
use muster_vitals::memory::{HeapReclaimer, Optimizer};
use muster_vitals::recommend::recommendations;
use muster_vitals::resources::Monitor;
use muster_vitals::security::At;
use muster_vitals::snapshot::{Sample, SecurityKind, Snapshot, Subject};
use muster_vitals::watched::{CleanUp, CoolingDown, Soon, Watched};
use tracing::warn;

use self::heap::SystemHeap;
pub(crate) use self::places::Places;
use crate::env::SystemEnv;

/// Security events that are shown at most.
const SECURITY_EVENTS_SHOWN: usize = 50;

/// What sees the whole running bot.
pub(crate) struct Watch {
    env: SystemEnv,
    store: Arc<SqliteStore>,
    vitals: Arc<Vitals>,
    optimizer: Optimizer,
    monitor: Monitor,
    places: Places,
    /// When the process began, on the monotonic clock.
    began: Duration,
}

impl Watch {
    /// Begins to watch; [`Watch::run`] goes on.
    pub(crate) fn new(
        env: SystemEnv,
        store: Arc<SqliteStore>,
        vitals: Arc<Vitals>,
        places: Places,
    ) -> Self {
        let root = Path::new("/");
        let heap = HeapReclaimer::new(Arc::new(SystemHeap), root);
        let settings = &vitals.settings;
        let optimizer = Optimizer::new(settings.memory, root, env.now()).with_heap(heap);
        let monitor = Monitor::new(settings, root, &places.data);
        let began = env.monotonic();
        Self { env, store, vitals, optimizer, monitor, places, began }
    }

    fn known(&self) -> Snapshot {
        let (at, now) = (self.env.now(), self.env.monotonic());
        let meters = &self.vitals.meters;
        let mut snapshot = Snapshot {
            at,
            version: env!("CARGO_PKG_VERSION"),
            uptime: now.saturating_sub(self.began),
            memory: self.optimizer.memory(),
            tasks: self.vitals.tasks.snapshot(now),
            queues: meters.queues.snapshot(),
            deliveries: meters.deliveries.snapshot(now),
            answers: meters.answers.snapshot(now),
            discord: meters.link.snapshot(now),
            limiter: self.vitals.limiter.snapshot(),
            security: self.vitals.security.snapshot(now, SECURITY_EVENTS_SHOWN),
            settings: self.vitals.settings.in_force(),
            ..Snapshot::default()
        };
        self.monitor.fill(&mut snapshot);
        snapshot
    }
}
