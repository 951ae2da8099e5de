//! People, guilds, roles, channels, applications and commands as JSON.

use serde_json::{Value, json};

use super::{scheduled_event, thread, time};
use crate::ids::{EmojiId, UserId};
use crate::json::set;
use crate::validate::channel::REQUIRE_TAG;
use crate::world::{
    Application, Channel, ChannelKind, Command, Guild, Member, OverwriteTarget, Person, Role, Tag,
    World,
};

/// A user object.
pub(crate) fn user(person: &Person) -> Value {
    let mut user = json!({
        "id": person.id,
        "username": person.username,
        "global_name": person.global_name,
        "avatar": person.avatar,
        "discriminator": if person.bot { "4242" } else { "0" },
        "public_flags": 0,
        "flags": 0,
        "primary_guild": null,
    });
    if let (true, Some(fields)) = (person.bot, user.as_object_mut()) {
        fields.insert("bot".into(), json!(true));
    }
    user
}

/// The user object that a bot gets of itself.
pub(crate) fn own_user(person: &Person) -> Value {
    let mut own = user(person);
    for (key, value) in [
        ("mfa_enabled", json!(false)),
        ("verified", json!(true)),
        ("email", Value::Null),
        ("locale", json!("en-US")),
    ] {
        set(&mut own, key, value);
    }
    own
}

/// A member object without its user.
pub(crate) fn member(member: &Member) -> Value {
    json!({
        "nick": member.nick,
        "roles": member.roles,
        "joined_at": time(member.joined_at),
        "premium_since": null,
        "communication_disabled_until": null,
        "avatar": null,
        "banner": null,
        "pending": false,
        "deaf": false,
        "mute": false,
        "flags": 0,
    })
}

/// A member object with its user.
pub(crate) fn member_of(world: &World, guild: &Guild, id: UserId) -> Option<Value> {
    let found = guild.members.get(&id)?;
    let mut member = member(found);
    member.as_object_mut()?.insert("user".into(), user(world.user(id)?));
    Some(member)
}

/// A role object.
pub(crate) fn role(role: &Role) -> Value {
    let mut object = json!({
        "id": role.id,
        "name": role.name,
        "permissions": role.permissions,
        "position": role.position,
        "color": role.color,
        "colors": {
            "primary_color": role.color,
            "secondary_color": null,
            "tertiary_color": null,
        },
        "hoist": false,
        "managed": role.bot.is_some(),
        "mentionable": role.mentionable,
        "icon": null,
        "unicode_emoji": null,
        "flags": 0,
    });
    if let (Some(bot), Some(fields)) = (role.bot, object.as_object_mut()) {
        fields.insert("tags".into(), json!({"bot_id": bot}));
    }
    object
}

/// A channel object; of a direct conversation the one that bots get.
pub(crate) fn channel(world: &World, channel: &Channel) -> Value {
    let last = channel.messages.keys().next_back();
    if channel.kind == ChannelKind::Dm {
        let people = channel.recipients.iter().filter_map(|id| world.user(*id));
        let people: Vec<_> = people.filter(|person| !person.bot).map(user).collect();
        return json!({
            "id": channel.id,
            "type": channel.kind.number(),
            "flags": 0,
            "last_message_id": last,
            "recipients": people,
        });
    }
    if channel.thread.is_some() {
        return thread(channel, None);
    }
    let overwrites: Vec<_> = channel.overwrites.iter().map(overwrite).collect();
    let newest_post = || world.posts_of(channel.id).map(|post| post.id.to_string()).last();
    let mut object = json!({
        "id": channel.id,
        "type": channel.kind.number(),
        "flags": 0,
        "guild_id": channel.guild,
        "name": channel.name,
        "topic": channel.topic,
        "parent_id": channel.parent,
        "position": channel.position,
        "nsfw": false,
        "rate_limit_per_user": channel.slowmode_s,
        "last_message_id": last,
        "permission_overwrites": overwrites,
    });
    if let Some(mins) = channel.thread_archive_mins {
        set(&mut object, "default_auto_archive_duration", json!(mins));
    }
    if let Some(forum) = &channel.forum {
        set(&mut object, "flags", json!(if forum.requires_tag { REQUIRE_TAG } else { 0 }));
        set(&mut object, "last_message_id", json!(newest_post()));
        set(&mut object, "available_tags", json!(forum.tags.iter().map(tag).collect::<Vec<_>>()));
        set(&mut object, "default_reaction_emoji", Value::Null);
        set(&mut object, "default_sort_order", Value::Null);
        set(&mut object, "default_forum_layout", json!(0));
    }
    object
}

fn tag(tag: &Tag) -> Value {
    json!({
        "id": tag.id,
        "name": tag.name,
        "moderated": tag.moderated,
        "emoji_id": null,
        "emoji_name": null,
    })
}

fn overwrite(overwrite: &crate::world::Overwrite) -> Value {
    let (id, kind) = match overwrite.target {
        OverwriteTarget::Role(id) => (id.to_string(), 0),
        OverwriteTarget::Member(id) => (id.to_string(), 1),
    };
    json!({"id": id, "type": kind, "allow": overwrite.allow, "deny": overwrite.deny})
}

/// A guild object as over HTTP.
pub(crate) fn guild(guild: &Guild) -> Value {
    json!({
        "id": guild.id,
        "name": guild.name,
        "icon": null,
        "description": null,
        "home_header": null,
        "splash": null,
        "discovery_splash": null,
        "features": [],
        "banner": null,
        "owner_id": guild.owner,
        "application_id": null,
        "region": "deprecated",
        "afk_channel_id": null,
        "afk_timeout": 300,
        "system_channel_id": guild.system_channel,
        "system_channel_flags": 0,
        "widget_enabled": false,
        "widget_channel_id": null,
        "verification_level": 1,
        "roles": guild.roles.values().map(role).collect::<Vec<_>>(),
        "default_message_notifications": 1,
        "mfa_level": 0,
        "explicit_content_filter": 0,
        "max_presences": null,
        "max_members": 500_000,
        "max_stage_video_channel_users": 50,
        "max_video_channel_users": 25,
        "vanity_url_code": null,
        "premium_tier": 0,
        "premium_subscription_count": 0,
        "preferred_locale": guild.locale,
        "rules_channel_id": null,
        "safety_alerts_channel_id": null,
        "public_updates_channel_id": null,
        "premium_progress_bar_enabled": false,
        "nsfw": false,
        "nsfw_level": 0,
        "emojis": emojis(guild),
        "stickers": [],
        "incidents_data": null,
    })
}

fn emojis(guild: &Guild) -> Vec<Value> {
    let one = |(id, name): (&EmojiId, &String)| {
        json!({
            "id": id,
            "name": name,
            "roles": [],
            "require_colons": true,
            "managed": false,
            "animated": false,
            "available": true,
        })
    };
    guild.emojis.iter().map(one).collect()
}

/// A guild as `GUILD_CREATE` carries it. Without the presence intent only the bot is in `members`.
pub(crate) fn gateway_guild(world: &World, found: &Guild, bot: UserId) -> Value {
    let mut object = guild(found);
    let joined = found.members.get(&bot).map(|member| time(member.joined_at));
    let channels = world.channels_of(found.id);
    let channels: Vec<_> = channels.into_iter().map(|c| channel(world, c)).collect();
    let threads = world.active_threads(found.id).filter(|thread| world.sees(bot, thread.id));
    let threads: Vec<_> = threads.map(|found| thread(found, Some(bot))).collect();
    let scheduled = found.scheduled.values().filter(|event| event.status.is_open());
    let scheduled = scheduled.map(scheduled_event);
    if let Some(fields) = object.as_object_mut() {
        let more = json!({
            "joined_at": joined,
            "large": false,
            "unavailable": false,
            "member_count": found.members.len(),
            "voice_states": [],
            "members": member_of(world, found, bot).into_iter().collect::<Vec<_>>(),
            "channels": channels,
            "threads": threads,
            "presences": [],
            "stage_instances": [],
            "guild_scheduled_events": scheduled.collect::<Vec<_>>(),
            "soundboard_sounds": [],
        });
        fields.extend(more.as_object().cloned().unwrap_or_default());
    }
    object
}

/// The application as its own bot reads it.
pub(crate) fn application(world: &World, app: &Application) -> Value {
    let guilds = world.guilds().filter(|guild| guild.members.contains_key(&app.bot)).count();
    json!({
        "id": app.id,
        "name": app.name,
        "icon": null,
        "description": "",
        "type": null,
        "verify_key": "0".repeat(64),
        "flags": app.privileged_flags(),
        "flags_new": app.privileged_flags().to_string(),
        "redirect_uris": [],
        "interactions_endpoint_url": null,
        "role_connections_verification_url": null,
        "owner": world.user(app.owner).map(user),
        "bot": world.user(app.bot).map(user),
        "bot_public": true,
        "bot_require_code_grant": false,
        "approximate_guild_count": guilds,
        "approximate_user_install_count": 0,
        "approximate_user_authorization_count": 0,
        "explicit_content_filter": 0,
        "team": null,
        "eligible_oauth2_scopes": [],
    })
}

/// A registered command.
pub(crate) fn command(app: &Application, command: &Command) -> Value {
    let mut object = command.definition.clone();
    if let Some(fields) = object.as_object_mut() {
        fields.insert("id".into(), json!(command.id));
        fields.insert("application_id".into(), json!(app.id));
        fields.insert("version".into(), json!(command.version.to_string()));
        fields.insert("default_member_permissions".into(), json!(command.needs));
        fields.entry("nsfw").or_insert(json!(false));
        fields.entry("name_localizations").or_insert(Value::Null);
        fields.entry("description_localizations").or_insert(Value::Null);
        if let Some(guild) = command.guild {
            fields.insert("guild_id".into(), json!(guild));
        } else {
            fields.entry("integration_types").or_insert(json!([0]));
            fields.entry("contexts").or_insert(Value::Null);
        }
    }
    object
}
