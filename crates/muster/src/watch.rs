//! Watches the running bot: takes samples, has memory given back, tells of alerts, and says all
//! that is known when the operator asks.

mod disk;
mod heap;
mod monitor;
mod places;
mod reclaimers;

use std::sync::atomic::AtomicBool;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use jiff::Timestamp;
use muster_engine::ports::Clock as _;
use muster_store::port::Samples as _;
use muster_store::sqlite::{FileSizes, SqliteStore};
use muster_vitals::Vitals;
use muster_vitals::memory::{HeapReclaimer, Optimizer, Reclaimer};
use muster_vitals::recommend::recommendations;
use muster_vitals::resources::Monitor;
use muster_vitals::security::At;
use muster_vitals::snapshot::{
    Database, Deliveries, Disk, Sample, SecurityKind, Snapshot, Subject,
};
use muster_vitals::watched::{CleanUp, CoolingDown, Soon, Watched};
use tracing::warn;

use self::disk::DiskLook;
use self::heap::SystemHeap;
pub(crate) use self::places::Places;
use self::reclaimers::{KeptAtHand, Pages};
use crate::env::SystemEnv;

/// What sees the whole running bot.
pub(crate) struct Watch {
    env: SystemEnv,
    store: Arc<SqliteStore>,
    vitals: Arc<Vitals>,
    optimizer: Optimizer,
    monitor: Monitor,
    disk: DiskLook<Disk>,
    files: DiskLook<FileSizes>,
    places: Places,
    /// Whether it was said that the log was emptied.
    has_told_of_log: AtomicBool,
    /// Whether a database that took no writes is being tried.
    is_trying: AtomicBool,
    /// When that began last, on the monotonic clock.
    tried: Mutex<Option<Duration>>,
    /// All that are in force.
    settings: Vec<(&'static str, String)>,
    /// Known to the optimizer as long as they are held here.
    _reclaimers: [Arc<dyn Reclaimer>; 2],
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
        beside_vitals: Vec<(&'static str, String)>,
    ) -> Self {
        let root = &places.kernel;
        let heap = HeapReclaimer::new(Arc::new(SystemHeap), root);
        let settings = &vitals.settings;
        let optimizer = Optimizer::new(settings.memory, root, env.now()).with_heap(heap);
        let monitor = Monitor::new(settings, root);
        let evict_percent = settings.cache.evict_percent;
        let reclaimers: [Arc<dyn Reclaimer>; 2] = [
            Arc::new(Pages { env: env.clone(), store: Arc::clone(&store) }),
            Arc::new(KeptAtHand { env: env.clone(), store: Arc::clone(&store), evict_percent }),
        ];
        for one in &reclaimers {
            optimizer.register(one);
        }
        let mut settings = vitals.settings.in_force();
        settings.extend(beside_vitals);
        let began = env.monotonic();
        Self {
            env,
            store,
            vitals,
            optimizer,
            monitor,
            disk: DiskLook::default(),
            files: DiskLook::default(),
            places,
            has_told_of_log: AtomicBool::new(false),
            is_trying: AtomicBool::new(false),
            tried: Mutex::default(),
            settings,
            _reclaimers: reclaimers,
            began,
        }
    }

    fn known(&self) -> Snapshot {
        let (at, now) = (self.env.now(), self.env.monotonic());
        let mut snapshot = Snapshot {
            at,
            version: env!("CARGO_PKG_VERSION"),
            uptime: now.saturating_sub(self.began),
            memory: self.optimizer.memory(),
            settings: self.settings.clone(),
            ..Snapshot::default()
        };
        self.vitals.fill(&mut snapshot, now);
        self.monitor.fill(&mut snapshot);
        snapshot
    }

    async fn database(&self) -> Database {
        let files = self.files.look(&self.env, self.store.file_sizes()).await;
        let figures = self.store.figures().await;
        Database { size: files.database, log_size: files.log, ..figures }
    }

    /// What only the database knows of deliveries.
    async fn ask_what_waits(&self, deliveries: &mut Deliveries, at: Timestamp) {
        match self.store.waiting(at).await {
            Ok(waiting) => {
                deliveries.due = waiting.due;
                deliveries.broken_targets = waiting.broken_channels;
            }
            Err(error) => warn!(%error, "what is due could not be counted"),
        }
    }
}

impl Watched for Watch {
    fn snapshot(&self) -> Soon<'_, Snapshot> {
        Box::pin(async move {
            let mut snapshot = self.known();
            let at = snapshot.at;
            self.ask_what_waits(&mut snapshot.deliveries, at).await;
            snapshot.database = self.database().await;
            snapshot.cache = self.store.caches();
            snapshot.backups = self.store.backups(at);
            snapshot.recommendations = recommendations(&snapshot);
            snapshot
        })
    }

    fn day(&self) -> Soon<'_, Vec<Sample>> {
        Box::pin(async move {
            let day = self.store.day(self.env.now()).await;
            day.unwrap_or_else(|error| {
                warn!(%error, "the samples of the last day could not be read");
                Vec::new()
            })
        })
    }

    fn clean_up(&self) -> Soon<'_, Result<CleanUp, CoolingDown>> {
        Box::pin(self.optimizer.clean_up(|| self.env.monotonic()))
    }

    fn lift(&self, subject: Subject) -> Soon<'_, bool> {
        Box::pin(std::future::ready(self.vitals.security.lift(subject)))
    }

    fn note(&self, kind: SecurityKind, member: Option<u64>, guild: Option<u64>) {
        let at = At { wall: self.env.now(), monotonic: self.env.monotonic() };
        for blocked in self.vitals.security.note(kind, member, guild, at) {
            warn!(subject = ?blocked.subject, kind = kind.name(), until = %blocked.until, "blocked");
        }
    }
}
