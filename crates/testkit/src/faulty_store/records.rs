//! What is kept beside events, with a point before and after every step.

use jiff::Timestamp;
use muster_domain::id::{GuildId, InteractionId, UserId};
use muster_store::model::{Draft, Kept};
use muster_store::port::{Drafts, Stored, Upkeep};

use super::{FaultyStore, READING, WRITING};

impl Upkeep for FaultyStore {
    async fn next_purge(&self, kept: Kept) -> Stored<Option<Timestamp>> {
        step!(self, READING, next_purge(kept))
    }

    async fn purge(&self, kept: Kept, now: Timestamp) -> Stored<bool> {
        step!(self, WRITING, purge(kept, now))
    }
}

impl Drafts for FaultyStore {
    async fn save_draft(&self, id: InteractionId, draft: Draft, at: Timestamp) -> Stored<()> {
        step!(self, WRITING, save_draft(id, draft, at))
    }

    async fn draft(
        &self,
        guild: GuildId,
        member: UserId,
        id: InteractionId,
    ) -> Stored<Option<Draft>> {
        step!(self, READING, draft(guild, member, id))
    }
}
