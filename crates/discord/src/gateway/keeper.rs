//! What the gateway needs kept over restarts: a session to resume and the count of identifies.

use jiff::Timestamp;
pub use muster_store::model::SavedSession;

/// The keeper could not do it. The gateway logs this and goes on: a lost session costs one
/// identify, nothing more.
#[derive(Debug, thiserror::Error)]
#[error("{0}")]
pub struct KeeperError(pub String);

/// Keeps sessions and identifies durably. Implemented over the store.
pub trait SessionKeeper: Send + Sync + 'static {
    /// The session that was saved last for `shard`, if any.
    fn load(
        &self,
        shard: u32,
    ) -> impl Future<Output = Result<Option<SavedSession>, KeeperError>> + Send;

    /// Replaces the saved session of `shard`. Called at READY and at most once a second.
    fn save(
        &self,
        shard: u32,
        session: &SavedSession,
    ) -> impl Future<Output = Result<(), KeeperError>> + Send;

    /// Drops the saved session of `shard`: Discord does not know it any more.
    fn forget(&self, shard: u32) -> impl Future<Output = Result<(), KeeperError>> + Send;

    /// When identifies were sent, of all shards, since `since`; in any order, at most 1,000.
    fn identifies_since(
        &self,
        since: Timestamp,
    ) -> impl Future<Output = Result<Vec<Timestamp>, KeeperError>> + Send;

    /// Remembers that an identify is about to be sent; what is older than a day may go.
    fn record_identify(
        &self,
        at: Timestamp,
    ) -> impl Future<Output = Result<(), KeeperError>> + Send;
}
