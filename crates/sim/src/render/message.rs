//! Messages as JSON, for bots over HTTP, for bots over the gateway, and for people.

use serde_json::{Value, json};

use super::{member, thread, time, user};
use crate::ids::ChannelId;
use crate::json::set;
use crate::world::model::flags;
use crate::world::{Attachment, Message, World};

/// Who reads the message: bots without the content intent get other people's messages blank.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Reader {
    /// Everything is shown.
    Full,
    /// Content, embeds, attachments and components are blank.
    Blank,
}

/// A message object as over HTTP.
pub(crate) fn message(world: &World, found: &Message) -> Value {
    let mut object = body(world, found);
    if let Some(id) = found.reference {
        let referenced = world.message(id).map(|message| body(world, message));
        set(&mut object, "referenced_message", json!(referenced));
    }
    object
}

/// A message object as `MESSAGE_CREATE` and `MESSAGE_UPDATE` carry it.
pub(crate) fn gateway_message(world: &World, found: &Message, reader: Reader) -> Value {
    let mut object = message(world, found);
    if reader == Reader::Blank {
        set(&mut object, "content", json!(""));
        for key in ["embeds", "attachments", "components"] {
            set(&mut object, key, json!([]));
        }
    }
    let channel = world.channel(found.channel);
    let kind = channel.map(|channel| channel.kind.number());
    set(&mut object, "channel_type", json!(kind));
    // Ephemeral messages come without guild and member.
    let guild = channel.and_then(|channel| channel.guild).filter(|_| found.only_for.is_none());
    if let Some(guild) = guild.and_then(|guild| world.guild(guild)) {
        set(&mut object, "guild_id", json!(guild.id));
        if let Some(author) = guild.members.get(&found.author) {
            set(&mut object, "member", member(author));
        }
    }
    if let Some(nonce) = &found.nonce {
        set(&mut object, "nonce", nonce.clone());
    }
    object
}

fn body(world: &World, found: &Message) -> Value {
    let mentioned = found.pings.users.iter().filter_map(|id| world.user(*id));
    let mut object = json!({
        "id": found.id,
        "type": found.kind,
        "channel_id": found.channel,
        "author": world.user(found.author).map(user),
        "content": found.content,
        "timestamp": time(found.timestamp),
        "edited_timestamp": found.edited.map(time),
        "tts": found.tts,
        "mention_everyone": found.pings.everyone,
        "mentions": mentioned.map(user).collect::<Vec<_>>(),
        "mention_roles": found.pings.roles,
        "attachments": found.attachments.iter().map(|f| attachment(world, f)).collect::<Vec<_>>(),
        "embeds": if found.flags & flags::SUPPRESS_EMBEDS == 0 { json!(found.embeds) }
            else { json!([]) },
        "components": found.components,
        "flags": found.flags,
        "pinned": false,
    });
    let begun = world.channel(ChannelId::new(found.id.get()));
    if let Some(begun) = begun.filter(|_| found.flags & flags::HAS_THREAD != 0) {
        set(&mut object, "thread", thread(begun, None));
    }
    if let Some(app) = found.application {
        set(&mut object, "application_id", json!(app));
    }
    if let Some(origin) = &found.origin {
        set(&mut object, "webhook_id", json!(found.application));
        set(&mut object, "interaction_metadata", origin.metadata.clone());
    }
    if let Some(id) = found.reference {
        let reference = json!({"type": 0, "message_id": id, "channel_id": found.channel});
        set(&mut object, "message_reference", reference);
    }
    object
}

/// A file as messages and `resolved` carry it.
pub(crate) fn attachment(world: &World, file: &Attachment) -> Value {
    let url = world.file_url(file);
    let mut object = json!({
        "id": file.id,
        "filename": file.filename,
        "content_type": file.content_type,
        "size": file.size,
        "url": url,
        "proxy_url": url,
    });
    if let Some(description) = &file.description {
        set(&mut object, "description", json!(description));
    }
    object
}
