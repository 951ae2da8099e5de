//! The parts of the store that can let go of memory, behind the port of the memory optimizer.

use std::sync::Arc;
use std::time::Duration;

use muster_allocator::used_by_sqlite;
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

    /// What SQLite counts of itself; a little of it is in use and stays.
    fn holds(&self) -> u64 {
        used_by_sqlite()
    }

    fn reclaim(&self, _: Depth) -> Soon<'_, u64> {
        Box::pin(async move {
            let before = used_by_sqlite();
            let released = within(&self.env, PATIENCE, self.store.release_pages()).await;
            if let Some(Err(error)) = released {
                warn!(%error, "pages of the database could not be let go of");
            }
            before.saturating_sub(used_by_sqlite())
        })
    }
}

#[cfg(test)]
mod tests {
    use muster_domain::id::GuildId;
    use muster_scratch::Scratch;
    use muster_store::port::Guilds as _;

    use super::*;

    /// A store that keeps ten results at hand.
    async fn store() -> Arc<SqliteStore> {
        let store = SqliteStore::open_in_memory().unwrap();
        for guild in 1..=10 {
            store.settings(GuildId::new(guild)).await.unwrap();
        }
        Arc::new(store)
    }

    fn entries(store: &SqliteStore) -> u64 {
        store.caches().iter().map(|kind| kind.entries).sum()
    }

    #[tokio::test]
    async fn how_much_of_the_cache_goes_depends_on_how_short_memory_is() {
        let env = SystemEnv::new();
        for (evict_percent, depth, left) in [
            (30, Depth::Gentle, 7),
            (50, Depth::Gentle, 5),
            (30, Depth::Hard, 3),
            (90, Depth::Hard, 1),
            (30, Depth::All, 0),
        ] {
            let store = store().await;
            let cache = KeptAtHand { env: env.clone(), store: Arc::clone(&store), evict_percent };
            let before = cache.holds();
            assert!(entries(&store) == 10 && before > 0);
            let freed = cache.reclaim(depth).await;
            assert_eq!(entries(&store), left, "{evict_percent} {depth:?}");
            assert_eq!(freed, before - cache.holds());
        }
    }

    #[tokio::test]
    async fn pages_and_statements_are_counted_and_let_go_of() {
        let folder = Scratch::new().unwrap();
        let store = Arc::new(SqliteStore::open(&folder.join("muster.db")).unwrap());
        for guild in 1..=10 {
            store.settings(GuildId::new(guild)).await.unwrap();
        }
        let pages = Pages { env: SystemEnv::new(), store: Arc::clone(&store) };
        assert!(pages.holds() > 100 << 10, "{}", pages.holds());
        // Other tests of this process have databases, too, and SQLite counts them together.
        let mut freed = 0;
        for _ in 0..100 {
            store.settings(GuildId::new(11)).await.unwrap();
            freed += pages.reclaim(Depth::All).await;
        }
        assert!(freed > 0, "of {}", pages.holds());
        drop(pages);
    }
}
