//! A world with the real store and a Discord that takes everything at once.

use std::path::Path;
use std::sync::Arc;

use bytes::Bytes;
use jiff::Timestamp;
use muster::SystemEnv;
use muster_discord::bot::{AnswerError, Answers};
use muster_discord::interaction::ReplyToken;
use muster_domain::id::{ChannelId, GuildId, InteractionId, MessageId};
use muster_domain::rights::Permissions;
use muster_domain::sheet::Sheet;
use muster_engine::World;
use muster_engine::discord::{Discord, DiscordError, Mark, Outgoing};
use muster_store::sqlite::SqliteStore;

/// The world.
pub(crate) struct BenchWorld {
    env: SystemEnv,
    store: Arc<SqliteStore>,
}

impl BenchWorld {
    /// A world on a new database at `path`.
    pub(crate) fn on(path: &Path) -> Result<Self, muster_store::StoreError> {
        Ok(Self { env: SystemEnv::new(), store: Arc::new(SqliteStore::open(path)?) })
    }
}

impl World for BenchWorld {
    type Env = SystemEnv;
    type Store = SqliteStore;
    type Discord = Willing;

    fn env(&self) -> &SystemEnv {
        &self.env
    }

    fn store(&self) -> &SqliteStore {
        &self.store
    }

    fn discord(&self) -> &Willing {
        &Willing
    }
}

/// A Discord that takes everything at once and shows nothing.
pub(crate) struct Willing;

impl Answers for Willing {
    async fn answer(&self, _: InteractionId, _: &ReplyToken, _: Bytes) -> Result<(), AnswerError> {
        Ok(())
    }
}

impl Discord for Willing {
    async fn create(
        &self,
        _: ChannelId,
        _: &str,
        _: Outgoing<'_>,
    ) -> Result<MessageId, DiscordError> {
        Ok(MessageId::new(1))
    }

    async fn find(
        &self,
        _: ChannelId,
        _: Mark,
        _: Timestamp,
    ) -> Result<Option<MessageId>, DiscordError> {
        Ok(None)
    }

    async fn edit_post(&self, _: ChannelId, _: MessageId, _: &Sheet) -> Result<(), DiscordError> {
        Ok(())
    }

    async fn delete(&self, _: ChannelId, _: MessageId) -> Result<(), DiscordError> {
        Ok(())
    }

    async fn look_for(&self, _: ChannelId, _: MessageId) -> Result<(), DiscordError> {
        Ok(())
    }

    async fn permissions_in(&self, _: GuildId, _: ChannelId) -> Result<Permissions, DiscordError> {
        Ok(Permissions::ADMINISTRATOR)
    }

    async fn system_channel(&self, _: GuildId) -> Result<Option<ChannelId>, DiscordError> {
        Ok(None)
    }

    async fn direct_channel(&self, _: GuildId) -> Result<ChannelId, DiscordError> {
        Ok(ChannelId::new(1))
    }
}
