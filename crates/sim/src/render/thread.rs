//! Threads and those in them as JSON (Discord docs: channel object, thread metadata).

use serde_json::{Value, json};

use super::time;
use crate::ids::UserId;
use crate::json::set;
use crate::validate::channel::PINNED;
use crate::world::{Channel, ChannelKind, Message};

/// A thread; with the membership of `reader`, if there is one. Null for other channels.
pub(crate) fn thread(channel: &Channel, reader: Option<UserId>) -> Value {
    let Some(thread) = &channel.thread else {
        return Value::Null;
    };
    // What a post begins with does not count.
    let counts =
        |message: &&Message| message.only_for.is_none() && message.id.get() != channel.id.get();
    let count = channel.messages.values().filter(counts).count();
    let mut metadata = json!({
        "archived": thread.archived,
        "archive_timestamp": time(thread.archive_changed),
        "auto_archive_duration": thread.auto_archive_mins,
        "locked": thread.locked,
        "create_timestamp": time(thread.created),
    });
    if channel.kind == ChannelKind::PrivateThread {
        set(&mut metadata, "invitable", thread.invitable);
    }
    let last = channel.messages.values().rfind(|message| message.only_for.is_none());
    let mut object = json!({
        "id": channel.id,
        "type": channel.kind.number(),
        "flags": if thread.post.pinned { PINNED } else { 0 },
        "guild_id": channel.guild,
        "name": channel.name,
        "parent_id": channel.parent,
        "owner_id": thread.owner,
        "last_message_id": last.map(|message| message.id),
        "rate_limit_per_user": channel.slowmode_s,
        "message_count": count,
        "member_count": thread.members.len().min(50),
        "total_message_sent": thread.sent,
        "thread_metadata": metadata,
    });
    if !thread.post.tags.is_empty() {
        set(&mut object, "applied_tags", json!(thread.post.tags));
    }
    // Whoever reads the thread as a part of something else is not told of memberships.
    if let Some(member) = reader.and_then(|reader| thread_member(channel, reader)) {
        set(&mut object, "member", member);
    }
    object
}

/// Somebody's membership in a thread.
pub(crate) fn thread_member(channel: &Channel, user: UserId) -> Option<Value> {
    let since = channel.thread.as_ref()?.members.get(&user)?;
    Some(json!({
        "id": channel.id,
        "user_id": user,
        "join_timestamp": time(*since),
        "flags": 0,
    }))
}
