//! READY and guilds of a realistic size: 30 channels, 15 roles, 60 members each.

use serde_json::{Value, json};

use crate::world::{self, BOT};

const CHANNELS: u64 = 30;
const ROLES: u64 = 15;
const MEMBERS: u64 = 60;

/// READY with the guilds that will come.
pub(super) fn ready(guilds: u64, gateway_url: &str) -> String {
    let stubs: Vec<_> = (0..guilds)
        .map(|number| json!({"id": world::guild(number).to_string(), "unavailable": true}))
        .collect();
    let data = json!({
        "v": 10,
        "user": user(BOT, "muster"),
        "guilds": stubs,
        "session_id": "8f1d2c3b4a5968778695a4b3c2d1e0f9",
        "resume_gateway_url": gateway_url,
        "shard": [0, 1],
        "application": {"id": BOT.to_string(), "flags": 0},
    });
    json!({"t": "READY", "s": 1, "op": 0, "d": data}).to_string()
}

/// A guild becomes available.
pub(super) fn arrived(number: u64, sequence: u64) -> String {
    let id = world::guild(number);
    let mut guild = head(id, number);
    let parts = [
        ("channels", (0..CHANNELS).map(|index| channel(id, index)).collect::<Vec<_>>()),
        ("roles", (0..ROLES).map(|index| role(id, index)).collect()),
        ("members", (0..MEMBERS).map(|index| member(id, index)).collect()),
    ];
    if let Some(fields) = guild.as_object_mut() {
        fields.extend(parts.map(|(name, list)| (name.to_owned(), Value::Array(list))));
    }
    json!({"t": "GUILD_CREATE", "s": sequence, "op": 0, "d": guild}).to_string()
}

fn head(id: u64, number: u64) -> Value {
    json!({
        "id": id.to_string(),
        "name": format!("A guild with the number {number}"),
        "icon": hash(id),
        "owner_id": (id + 1).to_string(),
        "afk_timeout": 300,
        "verification_level": 1,
        "default_message_notifications": 1,
        "explicit_content_filter": 2,
        "emojis": [], "stickers": [], "threads": [], "presences": [], "voice_states": [],
        "stage_instances": [], "guild_scheduled_events": [], "soundboard_sounds": [],
        "features": ["COMMUNITY", "NEWS", "WELCOME_SCREEN_ENABLED"],
        "mfa_level": 0,
        "system_channel_id": (id + 100).to_string(),
        "premium_tier": 1,
        "preferred_locale": "en-US",
        "joined_at": "2025-03-04T05:06:07.000000+00:00",
        "large": false,
        "unavailable": false,
        "member_count": MEMBERS,
    })
}

fn channel(guild: u64, index: u64) -> Value {
    json!({
        "id": (guild + 100 + index).to_string(),
        "type": if index % 6 == 5 { 2 } else { 0 },
        "name": format!("channel-{index}"),
        "position": index,
        "parent_id": (guild + 99).to_string(),
        "topic": "What this channel is for, in about one sentence",
        "nsfw": false,
        "rate_limit_per_user": 0,
        "last_message_id": (guild + 1_000_000 + index * 7_919).to_string(),
        "flags": 0,
        "permission_overwrites": [
            {"id": guild.to_string(), "type": 0, "allow": "0", "deny": "1024"},
            {"id": (guild + 201).to_string(), "type": 0, "allow": "3072", "deny": "0"},
        ],
    })
}

fn role(guild: u64, index: u64) -> Value {
    let id = if index == 0 { guild } else { guild + 200 + index };
    json!({
        "id": id.to_string(),
        "name": if index == 0 { "@everyone".to_owned() } else { format!("Role {index}") },
        "permissions": "2248473465835073",
        "position": index,
        "color": 3_447_003 + index,
        "colors": {"primary_color": 3_447_003, "secondary_color": null, "tertiary_color": null},
        "hoist": index.is_multiple_of(3),
        "managed": false,
        "mentionable": false,
        "icon": null,
        "unicode_emoji": null,
        "flags": 0,
    })
}

fn member(guild: u64, index: u64) -> Value {
    json!({
        "user": user(guild + 10_000 + index * 104_729, &format!("member{index}")),
        "nick": null,
        "avatar": null,
        "roles": [(guild + 201 + index % 14).to_string(), (guild + 202).to_string()],
        "joined_at": "2025-06-07T08:09:10.000000+00:00",
        "premium_since": null,
        "deaf": false,
        "mute": false,
        "pending": false,
        "communication_disabled_until": null,
        "flags": 0,
    })
}

fn user(id: u64, name: &str) -> Value {
    json!({
        "id": id.to_string(),
        "username": name,
        "global_name": name,
        "discriminator": "0",
        "avatar": hash(id),
        "bot": id == BOT,
        "public_flags": 0,
        "clan": null,
        "avatar_decoration_data": null,
    })
}

/// Looks like the hash of a picture, and compresses as badly.
fn hash(id: u64) -> String {
    let low = id.wrapping_mul(0x9e37_79b9_7f4a_7c15);
    let high = low.rotate_left(29).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    format!("{high:016x}{low:016x}")
}
