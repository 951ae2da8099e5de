//! The gateway's memory over restarts, kept in the store.

use std::sync::Arc;

use jiff::Timestamp;
use muster_discord::gateway::{KeeperError, SavedSession, SessionKeeper};
use muster_store::StoreError;
use muster_store::port::Connections;

/// Sessions and identifies in the store.
pub(crate) struct Keeper<S>(pub(crate) Arc<S>);

#[expect(clippy::needless_pass_by_value, reason = "the shape that map_err asks for")]
fn failed(error: StoreError) -> KeeperError {
    KeeperError(error.to_string())
}

impl<S: Connections> SessionKeeper for Keeper<S> {
    async fn load(&self, shard: u32) -> Result<Option<SavedSession>, KeeperError> {
        self.0.session(shard).await.map_err(failed)
    }

    async fn save(&self, shard: u32, session: &SavedSession) -> Result<(), KeeperError> {
        self.0.save_session(shard, Some(session.clone())).await.map_err(failed)
    }

    async fn forget(&self, shard: u32) -> Result<(), KeeperError> {
        self.0.save_session(shard, None).await.map_err(failed)
    }

    async fn identifies_since(&self, since: Timestamp) -> Result<Vec<Timestamp>, KeeperError> {
        self.0.identifies_since(since).await.map_err(failed)
    }

    async fn record_identify(&self, at: Timestamp) -> Result<(), KeeperError> {
        self.0.record_identify(at).await.map_err(failed)
    }
}
