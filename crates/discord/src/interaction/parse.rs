//! From JSON to an interaction.

use std::collections::{BTreeMap, HashMap};

use muster_domain::id::{ChannelId, GuildId, InteractionId, MessageId, RoleId, UserId};
use muster_domain::rights::{Actor, Permissions};
use muster_engine::create::{ChannelKind, KnownChannel};
use serde::{Deserialize, Deserializer};
use serde_json::Value as Json;
use thiserror::Error;

use crate::custom_id::{Action, FormAction};
use crate::rest::model::ApplicationId;
use crate::views::message::{COMPONENTS_V2, EPHEMERAL};

use super::values::{Fields, Options, Value};
use super::{Body, Command, Component, Form, Interaction, ReplyToken, Target};

/// An interaction that lacks what every interaction has. With its identity and token, if those
/// could be read: then it can still be answered.
#[derive(Debug, Error)]
#[error("an interaction could not be read: {reason}")]
pub struct Unreadable {
    /// What is wrong with it.
    pub reason: String,
    /// What an answer needs.
    pub answerable: Option<(InteractionId, ReplyToken)>,
}

/// Reads an interaction.
pub fn parse(raw: &str) -> Result<Interaction, Box<Unreadable>> {
    let unreadable = |reason: String, answerable| Box::new(Unreadable { reason, answerable });
    let wire: Wire = serde_json::from_str(raw).map_err(|error| {
        let answerable = serde_json::from_str::<Envelope>(raw)
            .ok()
            .map(|envelope| (InteractionId::new(envelope.id), ReplyToken::new(envelope.token)));
        unreadable(error.to_string(), answerable)
    })?;
    let Some(user) = wire.member.as_ref().map_or(wire.user.as_ref(), |m| m.user.as_ref()) else {
        let answerable = Some((InteractionId::new(wire.id), ReplyToken::new(wire.token)));
        return Err(unreadable("nobody acts in it".into(), answerable));
    };
    let user = UserId::new(user.id);
    Ok(Interaction {
        id: InteractionId::new(wire.id),
        actor: actor(&wire, user),
        user,
        channels: channels(&wire),
        mentionable_roles: mentionable_roles(&wire),
        members: members(&wire),
        message: wire.message.as_ref().map(|message| MessageId::new(message.id)),
        from_private_message: wire.message.as_ref().is_some_and(|m| m.flags & EPHEMERAL != 0),
        from_panel: wire.message.as_ref().is_some_and(|m| m.flags & COMPONENTS_V2 != 0),
        body: body(wire.kind, wire.data.unwrap_or_default()),
        token: ReplyToken::new(wire.token),
        application: ApplicationId(wire.application_id.unwrap_or_default()),
        locale: wire.locale,
        guild_locale: wire.guild_locale,
    })
}

fn actor(wire: &Wire, user: UserId) -> Option<Actor> {
    let member = wire.member.as_ref()?;
    Some(Actor {
        user,
        guild: GuildId::new(wire.guild_id?),
        channel: ChannelId::new(
            wire.channel.as_ref().map(|channel| channel.id).or(wire.channel_id)?,
        ),
        roles: roles(&member.roles),
        permissions: Permissions(member.permissions),
    })
}

fn channels(wire: &Wire) -> Vec<KnownChannel> {
    let here = wire.channel.as_ref().map(|channel| known(channel, wire.app_permissions));
    let resolved = wire.data.iter().flat_map(|data| data.resolved.channels.values());
    let chosen = resolved.filter_map(|channel| Some(known(channel, channel.app_permissions?)));
    here.into_iter().chain(chosen).collect()
}

fn mentionable_roles(wire: &Wire) -> Vec<RoleId> {
    let roles = wire.data.iter().flat_map(|data| data.resolved.roles.values());
    roles.filter(|role| role.mentionable).map(|role| RoleId::new(role.id)).collect()
}

fn members(wire: &Wire) -> HashMap<UserId, Vec<RoleId>> {
    let resolved = wire.data.iter().flat_map(|data| &data.resolved.members);
    let member = |(id, member): (&String, &WireMember)| {
        Some((UserId::new(id.parse().ok()?), roles(&member.roles)))
    };
    resolved.filter_map(member).collect()
}

fn roles(ids: &[String]) -> Vec<RoleId> {
    ids.iter().filter_map(|id| id.parse().ok().map(RoleId::new)).collect()
}

/// Text, voice, announcement and stage channels and threads take messages, forums take threads that
/// begin with one; categories take neither, and media channels want a file. (Discord docs: "Channel
/// Types")
pub(crate) const fn kind_of(channel: u64) -> ChannelKind {
    match channel {
        0 | 1 | 2 | 5 | 13 => ChannelKind::Messages,
        10..=12 => ChannelKind::Thread,
        15 => ChannelKind::Forum,
        _ => ChannelKind::Other,
    }
}

fn known(channel: &WireChannel, permissions: u64) -> KnownChannel {
    KnownChannel {
        id: ChannelId::new(channel.id),
        kind: kind_of(channel.kind.into()),
        permissions: Permissions(permissions),
    }
}

fn body(kind: u8, data: WireData) -> Body {
    match kind {
        2 => Body::Command(command(data)),
        3 => Body::Component(Component {
            action: Action::decode(&data.custom_id),
            custom_id: data.custom_id,
            values: data.values,
        }),
        4 => Body::Autocomplete(command(data)),
        5 => Body::Form(form(data)),
        _ => Body::Unknown,
    }
}

/// Commands have at most one level of subcommands with us; a group would be a second one.
fn command(data: WireData) -> Command {
    let mut options = data.options;
    let mut subcommand = String::new();
    while let Some(index) = options.iter().position(|option| matches!(option.kind, 1 | 2)) {
        let level = options.swap_remove(index);
        if !subcommand.is_empty() {
            subcommand.push(' ');
        }
        subcommand.push_str(&level.name);
        options = level.options;
    }
    let target = data.target_id.and_then(|id| match data.kind {
        2 => Some(Target::User(UserId::new(id))),
        3 => Some(Target::Message(MessageId::new(id))),
        _ => None,
    });
    let marks = match target {
        Some(Target::Message(id)) => marks(&data.resolved, id),
        Some(Target::User(_)) | None => Vec::new(),
    };
    let focused = options.iter().find(|option| option.focused).map(|option| option.name.clone());
    let options = options.into_iter().map(|option| (option.name, value(option.value))).collect();
    Command { name: data.name, subcommand, options: Options(options), focused, target, marks }
}

/// The custom ids on a message that came along.
fn marks(resolved: &WireResolved, message: MessageId) -> Vec<String> {
    let mut marks = Vec::new();
    if let Some(found) = resolved.messages.get(&message.to_string()) {
        collect_custom_ids(&found.components, &mut marks);
    }
    marks
}

fn collect_custom_ids(components: &[Json], found: &mut Vec<String>) {
    for component in components {
        if let Some(id) = component.get("custom_id").and_then(Json::as_str) {
            found.push(id.to_owned());
        }
        if let Some(inside) = component.get("components").and_then(Json::as_array) {
            collect_custom_ids(inside, found);
        }
    }
}

fn value(json: Json) -> Value {
    match json {
        Json::String(text) => Value::Text(text),
        Json::Number(number) => number.as_i64().map_or(Value::Other, Value::Integer),
        Json::Null | Json::Bool(_) | Json::Array(_) | Json::Object(_) => Value::Other,
    }
}

/// Inputs stand in labels, or in rows in forms of old. Of a select the first choice counts.
fn form(data: WireData) -> Form {
    let mut fields = BTreeMap::new();
    for part in data.components {
        let inputs = part.component.into_iter().map(|input| *input).chain(part.components);
        for input in inputs {
            let chosen = input.values.into_iter().next().unwrap_or_default();
            let given = [input.value, chosen].into_iter().find_map(|given| match given {
                Json::String(text) => Some(text),
                Json::Null | Json::Bool(_) | Json::Number(_) | Json::Array(_) | Json::Object(_) => {
                    None
                }
            });
            fields.extend(input.custom_id.zip(given));
        }
    }
    let action = FormAction::decode(&data.custom_id);
    Form { action, custom_id: data.custom_id, fields: Fields(fields) }
}

#[derive(Deserialize)]
struct Envelope {
    #[serde(deserialize_with = "snowflake")]
    id: u64,
    token: String,
}

#[derive(Deserialize)]
struct Wire {
    #[serde(deserialize_with = "snowflake")]
    id: u64,
    token: String,
    #[serde(default, deserialize_with = "maybe_snowflake")]
    application_id: Option<u64>,
    #[serde(rename = "type")]
    kind: u8,
    #[serde(default, deserialize_with = "maybe_snowflake")]
    guild_id: Option<u64>,
    #[serde(default, deserialize_with = "maybe_snowflake")]
    channel_id: Option<u64>,
    #[serde(default)]
    channel: Option<WireChannel>,
    #[serde(default)]
    member: Option<WireMember>,
    #[serde(default)]
    user: Option<WireUser>,
    #[serde(default)]
    message: Option<WireMessage>,
    #[serde(default, deserialize_with = "bits")]
    app_permissions: u64,
    #[serde(default)]
    locale: String,
    #[serde(default)]
    guild_locale: String,
    #[serde(default)]
    data: Option<WireData>,
}

#[derive(Deserialize)]
struct WireUser {
    #[serde(deserialize_with = "snowflake")]
    id: u64,
}

#[derive(Deserialize)]
struct WireMessage {
    #[serde(deserialize_with = "snowflake")]
    id: u64,
    #[serde(default)]
    flags: u32,
}

#[derive(Deserialize)]
struct WireMember {
    #[serde(default)]
    user: Option<WireUser>,
    #[serde(default)]
    roles: Vec<String>,
    #[serde(default, deserialize_with = "bits")]
    permissions: u64,
}

#[derive(Deserialize)]
struct WireChannel {
    #[serde(deserialize_with = "snowflake")]
    id: u64,
    #[serde(default, rename = "type")]
    kind: u8,
    #[serde(default, deserialize_with = "maybe_snowflake")]
    app_permissions: Option<u64>,
}

#[derive(Default, Deserialize)]
struct WireData {
    #[serde(default)]
    name: String,
    #[serde(default, rename = "type")]
    kind: u8,
    #[serde(default, deserialize_with = "maybe_snowflake")]
    target_id: Option<u64>,
    #[serde(default)]
    options: Vec<WireOption>,
    #[serde(default)]
    custom_id: String,
    #[serde(default)]
    values: Vec<String>,
    #[serde(default)]
    components: Vec<WireInput>,
    #[serde(default)]
    resolved: WireResolved,
}

#[derive(Default, Deserialize)]
struct WireResolved {
    #[serde(default)]
    channels: HashMap<String, WireChannel>,
    #[serde(default)]
    roles: HashMap<String, WireRole>,
    #[serde(default)]
    members: HashMap<String, WireMember>,
    #[serde(default)]
    messages: HashMap<String, WireTarget>,
}

/// A message on which a command was used.
#[derive(Deserialize)]
struct WireTarget {
    #[serde(default)]
    components: Vec<Json>,
}

#[derive(Deserialize)]
struct WireRole {
    #[serde(deserialize_with = "snowflake")]
    id: u64,
    #[serde(default)]
    mentionable: bool,
}

#[derive(Deserialize)]
struct WireOption {
    name: String,
    #[serde(default, rename = "type")]
    kind: u8,
    #[serde(default)]
    value: Json,
    #[serde(default)]
    focused: bool,
    #[serde(default)]
    options: Vec<Self>,
}

#[derive(Deserialize)]
struct WireInput {
    #[serde(default)]
    custom_id: Option<String>,
    #[serde(default)]
    value: Json,
    #[serde(default)]
    values: Vec<Json>,
    #[serde(default)]
    component: Option<Box<Self>>,
    #[serde(default)]
    components: Vec<Self>,
}

/// A number written as text, or as a number.
fn snowflake<'de, D: Deserializer<'de>>(deserializer: D) -> Result<u64, D::Error> {
    maybe_snowflake(deserializer)?.ok_or_else(|| serde::de::Error::custom("an id is missing"))
}

fn maybe_snowflake<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<u64>, D::Error> {
    Ok(match Json::deserialize(deserializer)? {
        Json::String(text) => text.parse().ok(),
        Json::Number(number) => number.as_u64(),
        Json::Null | Json::Bool(_) | Json::Array(_) | Json::Object(_) => None,
    })
}

/// Permission bits, none if they cannot be read.
fn bits<'de, D: Deserializer<'de>>(deserializer: D) -> Result<u64, D::Error> {
    Ok(maybe_snowflake(deserializer)?.unwrap_or_default())
}

#[cfg(test)]
mod tests;
