//! What is kept about the connection to Discord.

use jiff::Timestamp;
use muster_domain::id::UserId;

use super::Stored;
use crate::model::SavedSession;

/// Sessions of the gateway, kept over restarts.
pub trait Sessions: Send + Sync + 'static {
    /// A shard's session.
    fn session(&self, shard: u32) -> impl Future<Output = Stored<Option<SavedSession>>> + Send;

    /// Keeps a shard's session, or forgets it.
    fn save_session(
        &self,
        shard: u32,
        session: Option<SavedSession>,
    ) -> impl Future<Output = Stored<()>> + Send;

    /// When sessions of all shards were begun since then, oldest first. Older ones are forgotten.
    fn identifies_since(
        &self,
        since: Timestamp,
    ) -> impl Future<Output = Stored<Vec<Timestamp>>> + Send;

    /// A session is about to be begun.
    fn record_identify(&self, at: Timestamp) -> impl Future<Output = Stored<()>> + Send;
}

/// Which commands Discord knows, kept over restarts.
pub trait Registrations: Send + Sync + 'static {
    /// The fingerprint of the commands registered last under this application.
    fn registered_commands(
        &self,
        application: UserId,
    ) -> impl Future<Output = Stored<Option<String>>> + Send;

    /// These commands are registered now.
    fn commands_registered(
        &self,
        application: UserId,
        fingerprint: String,
    ) -> impl Future<Output = Stored<()>> + Send;
}
