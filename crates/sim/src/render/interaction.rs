//! The payload of `INTERACTION_CREATE` (Discord docs: interaction object).

use serde_json::{Value, json};

use super::{member_of, message, user};
use crate::json::set;
use crate::world::{Interaction, InteractionKind, Permissions, World};

/// The most bytes of one file that an answer may carry.
const ATTACHMENT_LIMIT: u64 = 10 * 1024 * 1024;

/// The full payload of an interaction, token included.
pub(crate) fn interaction(world: &World, found: &Interaction) -> Value {
    let asked = &found.asked;
    let person = world.user(asked.user);
    let mut payload = json!({
        "id": found.id,
        "application_id": asked.app,
        "type": asked.kind.number(),
        "token": found.token,
        "version": 1,
        "data": asked.data,
        "channel_id": asked.channel,
        "locale": person.map_or("en-US", |person| person.locale.as_str()),
        "entitlements": [],
        "attachment_size_limit": ATTACHMENT_LIMIT,
    });
    add_place(world, found, &mut payload);
    let has_message = match asked.kind {
        InteractionKind::Component | InteractionKind::Modal => true,
        InteractionKind::Command(_) | InteractionKind::Autocomplete => false,
    };
    if let Some(source) = asked.source.filter(|_| has_message)
        && let Some(source) = world.message(source)
    {
        set(&mut payload, "message", message(world, source));
    }
    payload
}

fn add_place(world: &World, found: &Interaction, payload: &mut Value) {
    let asked = &found.asked;
    let bot = world.app(asked.app).map(|app| app.bot);
    let Some(channel) = world.channel(asked.channel) else {
        return;
    };
    let own = world.permissions(channel, asked.user);
    let bots = bot.map_or(Permissions::NONE, |bot| world.permissions(channel, bot));
    let mut partial = super::channel(world, channel);
    set(&mut partial, "permissions", json!(own));
    set(payload, "channel", partial);
    let guild = found.guild.and_then(|guild| world.guild(guild));
    let Some(guild) = guild else {
        let set_of_dm = Permissions::ATTACH_FILES
            | Permissions::EMBED_LINKS
            | Permissions::MENTION_EVERYONE
            | Permissions::USE_EXTERNAL_EMOJIS;
        set(payload, "app_permissions", json!(set_of_dm));
        set(payload, "context", json!(1));
        set(payload, "authorizing_integration_owners", json!({"0": "0"}));
        set(payload, "user", json!(world.user(asked.user).map(user)));
        return;
    };
    set(payload, "app_permissions", json!(bots));
    set(payload, "context", json!(0));
    set(payload, "authorizing_integration_owners", json!({"0": guild.id}));
    set(payload, "guild_id", json!(guild.id));
    set(payload, "guild_locale", json!(guild.locale));
    let partial = json!({"id": guild.id, "locale": guild.locale, "features": []});
    set(payload, "guild", partial);
    let mut member = member_of(world, guild, asked.user).unwrap_or(Value::Null);
    set(&mut member, "permissions", json!(own));
    set(payload, "member", member);
}
