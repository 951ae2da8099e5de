//! A guild's audit log as JSON, with everybody it speaks of.

use std::collections::BTreeSet;

use serde_json::{Value, json};

use super::user;
use crate::ids::UserId;
use crate::json::set;
use crate::world::{AuditEntry, World};

/// The answer of the audit log's route (Discord docs: audit log object).
pub(crate) fn audit_log(world: &World, entries: &[&AuditEntry]) -> Value {
    let both = entries.iter().flat_map(|entry| [entry.user, UserId::new(entry.target)]);
    let people: BTreeSet<UserId> = both.collect();
    let people: Vec<_> = people.iter().filter_map(|id| world.user(*id)).map(user).collect();
    json!({
        "audit_log_entries": entries.iter().map(|found| entry(found)).collect::<Vec<_>>(),
        "users": people,
        "integrations": [],
        "webhooks": [],
        "guild_scheduled_events": [],
        "threads": [],
        "application_commands": [],
        "auto_moderation_rules": [],
    })
}

fn entry(found: &AuditEntry) -> Value {
    let mut object = json!({
        "id": found.id,
        "action_type": found.action,
        "user_id": found.user,
        "target_id": found.target.to_string(),
    });
    if let Some(reason) = &found.reason {
        set(&mut object, "reason", reason.as_str());
    }
    object
}
