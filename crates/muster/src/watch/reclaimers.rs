//! The parts of the store that can let go of memory, behind the port of the memory optimizer.

use std::sync::Arc;

use muster_store::sqlite::SqliteStore;
use muster_vitals::memory::{Cost, Depth, Reclaimer};
use muster_vitals::watched::Soon;
use tracing::warn;

/// What the store keeps at hand: it is read again when it is needed.
pub(super) struct KeptAtHand {
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
            let released = self.store.release_cache(percent).await;
            released.unwrap_or_else(|error| {
                warn!(%error, "the cache could not be cut");
                0
            })
        })
    }
}

/// Pages of the database and prepared statements: read and prepared again when they are needed.
pub(super) struct Pages {
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
            if let Err(error) = self.store.release_pages().await {
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
