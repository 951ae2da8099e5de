//! The route of a guild's audit log.

use std::sync::Arc;

use axum::extract::{Path, Query, State};
use serde::Deserialize;

use super::body::Bot;
use super::{Answer, Reply, guilds};
use crate::ids::{AuditEntryId, GuildId, UserId};
use crate::render;
use crate::shared::Shared;
use crate::world::AuditQuery;

#[derive(Debug, Deserialize)]
pub(super) struct Wanted {
    user_id: Option<UserId>,
    action_type: Option<u8>,
    before: Option<AuditEntryId>,
    after: Option<AuditEntryId>,
    limit: Option<i64>,
}

pub(super) async fn read(
    State(shared): State<Arc<Shared>>,
    bot: Bot,
    Path(guild): Path<GuildId>,
    Query(wanted): Query<Wanted>,
) -> Answer {
    let limit = super::page_size(wanted.limit.unwrap_or(50), 100)?;
    let query = AuditQuery {
        user: wanted.user_id,
        action: wanted.action_type,
        before: wanted.before,
        after: wanted.after,
    };
    shared.with(|world| {
        let found = guilds::guild_of(world, bot, guild)?;
        let entries = world.read_audit(bot.user, found, &query, limit)?;
        Ok(Reply::ok(render::audit_log(world, &entries)))
    })
}
