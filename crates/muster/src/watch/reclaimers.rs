//! The parts of the store that can let go of memory, behind the port of the memory optimizer.

use std::sync::Arc;
use std::time::Duration;

use muster_engine::ports::within;
use muster_store::sqlite::SqliteStore;
use muster_vitals::memory::{Cost, Depth, Reclaimer};
use muster_vitals::watched::Soon;
use tracing::warn;

use crate::env::SystemEnv;

/// How long the store is waited for. A disk may hang, and samples and alerts are wanted most then.
const PATIENCE: Duration = Duration::from_secs(2);

/// What the store keeps at hand: it is read again when it is needed.
pub(super) struct KeptAtHand {
    pub(super) env: SystemEnv,
    pub(super) store: Arc<SqliteStore>,
    /// How much goes at the first sign, in percent.
    pub(super) evict_percent: u8,
}

impl Reclaimer for KeptAtHand {
    fn name(&self) -> &'static str {
        "cache"
    }

    fn cost(&self) -> Cost {
        Cost::Reads
    }

    fn holds(&self) -> u64 {
        self.store.caches().iter().map(|kind| kind.bytes).sum()
    }

    fn reclaim(&self, depth: Depth) -> Soon<'_, u64> {
        let percent = match depth {
            Depth::Gentle => self.evict_percent,
            Depth::Hard => self.evict_percent.max(70),
            Depth::All => 100,
        };
        Box::pin(async move {
            match within(&self.env, PATIENCE, self.store.release_cache(percent)).await {
                Some(Ok(freed)) => freed,
                Some(Err(error)) => {
                    warn!(%error, "the cache could not be cut");
                    0
                }
                // It is done when its turn comes, and counted by the kernel alone.
                None => 0,
            }
        })
    }
}

/// Pages of the database and prepared statements: read and prepared again when they are needed.
pub(super) struct Pages {
    pub(super) env: SystemEnv,
    pub(super) store: Arc<SqliteStore>,
}

impl Reclaimer for Pages {
    fn name(&self) -> &'static str {
        "database pages and statements"
    }

    fn cost(&self) -> Cost {
        Cost::Little
    }

    /// SQLite tells nobody on another thread.
    fn holds(&self) -> u64 {
        0
    }

    fn reclaim(&self, _: Depth) -> Soon<'_, u64> {
        Box::pin(async move {
            let before = allocated();
            let released = within(&self.env, PATIENCE, self.store.release_pages()).await;
            if let Some(Err(error)) = released {
                warn!(%error, "pages of the database could not be let go of");
            }
            before.saturating_sub(allocated())
        })
    }
}

/// What the allocator has handed out, which shows what others let go of.
fn allocated() -> u64 {
    muster_allocator::account().map_or(0, |account| account.allocated)
}
