//! Who did what in a guild (Discord docs: audit log).

use jiff::SignedDuration;

use super::model::AuditEntry;
use super::{Guild, Permissions, Refusal, World, permissions};
use crate::ids::{AuditEntryId, GuildId, UserId};

/// How long an entry is kept (Discord docs: audit log).
const KEPT: SignedDuration = SignedDuration::from_hours(45 * 24);
/// The most entries of a guild; the oldest go first.
const MAX_ENTRIES: usize = 1_000;

/// Which entries are asked for.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct AuditQuery {
    pub(crate) user: Option<UserId>,
    pub(crate) action: Option<u8>,
    pub(crate) before: Option<AuditEntryId>,
    pub(crate) after: Option<AuditEntryId>,
}

impl AuditQuery {
    fn takes(&self, entry: &AuditEntry) -> bool {
        self.user.is_none_or(|user| user == entry.user)
            && self.action.is_none_or(|action| action == entry.action)
            && self.before.is_none_or(|before| entry.id < before)
            && self.after.is_none_or(|after| entry.id > after)
    }
}

impl World {
    pub(super) fn log(&mut self, guild: GuildId, (user, action): (UserId, u8), target: u64) {
        let id = AuditEntryId::new(self.next_id());
        let oldest = self.now.checked_sub(KEPT).unwrap_or(self.now);
        let Some(guild) = self.guilds.get_mut(&guild) else {
            return;
        };
        let is_over = |entry: &AuditEntry| super::snowflake::made_at(entry.id.get()) < Some(oldest);
        while guild.audit.len() >= MAX_ENTRIES || guild.audit.front().is_some_and(is_over) {
            guild.audit.pop_front();
        }
        guild.audit.push_back(AuditEntry { id, action, user, target, reason: None });
    }

    /// Entries as `user` may read them, newest first; after an id, oldest first.
    pub(crate) fn read_audit<'g>(
        &self,
        user: UserId,
        guild: &'g Guild,
        query: &AuditQuery,
        limit: usize,
    ) -> Result<Vec<&'g AuditEntry>, Refusal> {
        if !permissions::in_guild(guild, user).contains(Permissions::VIEW_AUDIT_LOG) {
            return Err(Refusal::MissingPermissions);
        }
        let oldest = self.now.checked_sub(KEPT).ok();
        let kept = guild.audit.iter().filter(|entry| {
            query.takes(entry) && super::snowflake::made_at(entry.id.get()) >= oldest
        });
        Ok(match query.after {
            Some(_) => kept.take(limit).collect(),
            None => kept.rev().take(limit).collect(),
        })
    }
}
