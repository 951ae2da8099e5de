//! What a person sees at one moment: guilds, channels, messages, commands.

use std::sync::Arc;

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use serde::Deserialize;
use serde_json::{Value, json};

use super::asked::{Asked, At};
use super::{Problem, threads};
use crate::ids::{ChannelId, MessageId, UserId};
use crate::json;
use crate::render;
use crate::shared::Shared;
use crate::users::usable;
use crate::world::model::flags;
use crate::world::{Attachment, Channel, Guild, Message, Permissions, Person, World};

/// The clock as the page shows it.
pub(super) fn clock(shared: &Shared) -> Value {
    let offset = i64::try_from(shared.clock.offset().as_millis()).unwrap_or(i64::MAX);
    json!({"now_ms": shared.clock.now().as_millisecond(), "offset_ms": offset})
}

#[derive(Debug, Deserialize)]
pub(super) struct Who {
    /// Without it, the owner of the first guild looks.
    user: Option<UserId>,
}

pub(super) async fn view(
    State(shared): State<Arc<Shared>>,
    Asked(who): Asked<Who>,
) -> Result<Json<Value>, Problem> {
    let clock = clock(&shared);
    let online = |app| shared.gateway.is_online(app);
    shared.with(|world| {
        let user = who.user.or_else(|| world.guilds().next().map(|guild| guild.owner));
        let me = user.and_then(|user| world.user(user)).ok_or_else(unknown_user)?;
        let guilds = world.guilds().filter(|guild| guild.members.contains_key(&me.id));
        let guilds: Vec<_> = guilds.map(|found| guild(world, found, me.id)).collect();
        let dms: Vec<_> = world.dms_of(me.id).filter_map(|channel| dm(channel, me.id)).collect();
        let bots = world.apps().map(
            |app| json!({"user_id": app.bot, "application_id": app.id, "online": online(app.id)}),
        );
        Ok(Json(json!({
            "clock": clock,
            "me": person(me),
            "users": world.users().map(person).collect::<Vec<_>>(),
            "guilds": guilds,
            "dms": dms,
            "bots": bots.collect::<Vec<_>>(),
        })))
    })
}

fn unknown_user() -> Problem {
    Problem(StatusCode::NOT_FOUND, "there is no such person".into())
}

fn person(found: &Person) -> Value {
    json!({
        "id": found.id,
        "username": found.username,
        "name": found.name(),
        "bot": found.bot,
        "color": format!("#{:06x}", found.color),
    })
}

fn dm(channel: &Channel, user: UserId) -> Option<Value> {
    let other = channel.recipients.iter().find(|id| **id != user)?;
    Some(json!({"id": channel.id, "recipient_id": other}))
}

fn guild(world: &World, found: &Guild, user: UserId) -> Value {
    let channels = world.channels_of(found.id).into_iter().filter_map(|c| channel(world, c, user));
    let channels = channels.chain(threads::threads(world, found, user));
    let roles = found.roles.values().map(|role| {
        json!({
            "id": role.id, "name": role.name, "color": role.color,
            "mentionable": role.mentionable,
        })
    });
    let members = found
        .members
        .values()
        .map(|member| json!({"user_id": member.user, "nick": member.nick, "roles": member.roles}));
    let initials = found.name.split_whitespace().filter_map(|word| word.chars().next());
    json!({
        "id": found.id,
        "name": found.name,
        "owner_id": found.owner,
        "icon_text": initials.take(3).collect::<String>(),
        "channels": channels.collect::<Vec<_>>(),
        "roles": roles.collect::<Vec<_>>(),
        "members": members.collect::<Vec<_>>(),
    })
}

fn channel(world: &World, found: &Channel, user: UserId) -> Option<Value> {
    let may = world.effective(found, user);
    if !may.contains(Permissions::VIEW_CHANNEL) {
        return None;
    }
    let writable = found.kind.takes_messages() && !found.kind.is_spoken();
    Some(json!({
        "id": found.id,
        "name": found.name,
        "type": found.kind.number(),
        "topic": found.topic,
        "parent_id": found.parent,
        "position": found.position,
        "can_send": writable && may.contains(Permissions::SEND_MESSAGES),
        "can_see": true,
        "can_manage": may.contains(Permissions::MANAGE_MESSAGES),
    }))
}

/// A message as the page shows it: Discord's object and what only the client knows.
pub(super) fn message(world: &World, found: &Message) -> Value {
    let mut object = render::message(world, found);
    let used = found.origin.as_ref().and_then(|origin| {
        let name = origin.name.as_ref()?;
        Some(json!({"name": name, "user_id": origin.user}))
    });
    let ephemeral = found.only_for.is_some();
    let Some(fields) = object.as_object_mut() else {
        return object;
    };
    fields.insert(
        "sim".into(),
        json!({
            "ephemeral": ephemeral,
            "deletable": ephemeral,
            "interaction": used,
            "loading": found.flags & flags::LOADING != 0,
        }),
    );
    for key in ["attachments", "embeds", "components"] {
        if let Some(value) = fields.get_mut(key) {
            make_local(value, world.url());
        }
    }
    object
}

/// A file as the page shows it.
pub(super) fn file(world: &World, found: &Attachment) -> Value {
    let mut object = render::attachment(world, found);
    make_local(&mut object, world.url());
    object
}

/// Takes the host from addresses of files: the page may be open under another name of this
/// machine than the bot uses.
fn make_local(value: &mut Value, host: &str) {
    match value {
        Value::Object(fields) => {
            for (key, value) in fields {
                let path = value.as_str().and_then(|url| url.strip_prefix(host));
                let path = path.filter(|path| path.starts_with("/attachments/"));
                match path.filter(|_| matches!(key.as_str(), "url" | "proxy_url")) {
                    Some(path) => *value = json!(path),
                    None => make_local(value, host),
                }
            }
        }
        Value::Array(list) => list.iter_mut().for_each(|value| make_local(value, host)),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {}
    }
}

#[derive(Debug, Deserialize)]
pub(super) struct Page {
    user: UserId,
    limit: Option<usize>,
    before: Option<MessageId>,
}

pub(super) async fn messages(
    State(shared): State<Arc<Shared>>,
    At(channel): At<ChannelId>,
    Asked(page): Asked<Page>,
) -> Result<Json<Value>, Problem> {
    shared.with(|world| {
        if !world.sees(page.user, channel) {
            return Err(Problem(StatusCode::NOT_FOUND, "there is no such channel".into()));
        }
        let limit = page.limit.unwrap_or(50).clamp(1, 200);
        let older = |message: &&Message| page.before.is_none_or(|before| message.id < before);
        let newest_first = world.visible_messages(page.user, channel).rev().filter(older);
        let mut list: Vec<_> = newest_first.take(limit + 1).collect();
        let more = list.len() > limit;
        list.truncate(limit);
        list.reverse();
        let list: Vec<_> = list.into_iter().map(|found| message(world, found)).collect();
        Ok(Json(json!({"messages": list, "more": more})))
    })
}

#[derive(Debug, Deserialize)]
pub(super) struct Place {
    user: UserId,
    channel: ChannelId,
}

pub(super) async fn commands(
    State(shared): State<Arc<Shared>>,
    Asked(place): Asked<Place>,
) -> Json<Value> {
    let list = shared.with(|world| {
        let list = usable(world, place.user, place.channel).into_iter();
        let commands = list.map(|(app, command)| {
            json!({
                "id": command.id,
                "application_id": app.id,
                "type": command.kind,
                "name": command.name,
                "description": json::at(&command.definition, "description"),
                "options": json::list(&command.definition, "options"),
                "bot": {"user_id": app.bot, "name": app.name},
            })
        });
        commands.collect::<Vec<_>>()
    });
    Json(Value::Array(list))
}
