//! Which bot hears of which change: by guild, by shard, by intent, by what it can see.

use serde_json::{Value, json};

use crate::ids::{AppId, ChannelId, GuildId, UserId};
use crate::json;
use crate::render::{self, Reader};
use crate::world::{Change, Message, ScheduledEvent, World};

/// Intent bits (Discord docs: gateway intents).
pub(super) mod intents {
    pub(in crate::gateway) const GUILDS: u64 = 1;
    pub(in crate::gateway) const GUILD_MEMBERS: u64 = 1 << 1;
    pub(in crate::gateway) const GUILD_PRESENCES: u64 = 1 << 8;
    pub(in crate::gateway) const GUILD_MESSAGES: u64 = 1 << 9;
    pub(in crate::gateway) const DIRECT_MESSAGES: u64 = 1 << 12;
    pub(in crate::gateway) const GUILD_SCHEDULED_EVENTS: u64 = 1 << 16;
    pub(in crate::gateway) const MESSAGE_CONTENT: u64 = 1 << 15;
    /// All bits that mean something.
    pub(in crate::gateway) const KNOWN: u64 =
        0x1_ffff | (1 << 20) | (1 << 21) | (1 << 24) | (1 << 25);
    /// Bits that the portal must have switched on.
    pub(in crate::gateway) const PRIVILEGED: u64 =
        GUILD_MEMBERS | GUILD_PRESENCES | MESSAGE_CONTENT;
}

/// What decides which events a session gets.
#[derive(Debug, Clone, Copy)]
pub(super) struct Listener {
    pub(super) app: AppId,
    pub(super) bot: UserId,
    pub(super) intents: u64,
    /// Shard number and count.
    pub(super) shard: (u64, u64),
}

impl Listener {
    /// Whether events of `guild`, or of no guild, go to this shard.
    pub(super) fn covers(&self, guild: Option<GuildId>) -> bool {
        let (own, count) = self.shard;
        guild.map_or(own == 0, |guild| (guild.get() >> 22) % count.max(1) == own)
    }

    fn wants(&self, intent: u64) -> bool {
        self.intents & intent != 0
    }

    fn is_in(&self, world: &World, guild: GuildId) -> bool {
        world.guild(guild).is_some_and(|guild| guild.members.contains_key(&self.bot))
    }
}

/// The event that `listener` gets for `change`, if any: its name and its data.
pub(super) fn event(
    world: &World,
    change: &Change,
    listener: &Listener,
) -> Option<(&'static str, Value)> {
    match change {
        Change::Asked { app, guild, payload } => {
            let ours = *app == listener.app && listener.covers(*guild);
            ours.then(|| ("INTERACTION_CREATE", payload.clone()))
        }
        Change::MessageCreated(message) => message_event(world, message, listener)
            .map(|reader| ("MESSAGE_CREATE", render::gateway_message(world, message, reader))),
        Change::MessageUpdated(message) => message_event(world, message, listener)
            .map(|reader| ("MESSAGE_UPDATE", render::gateway_message(world, message, reader))),
        Change::MessageDeleted(message) => {
            message_event(world, message, listener)?;
            let guild = world.channel(message.channel).and_then(|channel| channel.guild);
            let mut data = json!({"id": message.id, "channel_id": message.channel});
            if let (Some(guild), Some(fields)) = (guild, data.as_object_mut()) {
                fields.insert("guild_id".into(), json!(guild));
            }
            Some(("MESSAGE_DELETE", data))
        }
        Change::BotJoined { app, guild } => {
            let ours = *app == listener.app && listener.wants(intents::GUILDS);
            let found = world.guild(*guild).filter(|_| ours && listener.covers(Some(*guild)))?;
            Some(("GUILD_CREATE", render::gateway_guild(world, found, listener.bot)))
        }
        Change::BotLeft { app, guild } => {
            let ours = *app == listener.app && listener.wants(intents::GUILDS);
            let ours = ours && listener.covers(Some(*guild));
            ours.then(|| ("GUILD_DELETE", json!({"id": guild})))
        }
        Change::Answered(_) | Change::CommandsChanged(_) | Change::MessageDismissed(_) => None,
        Change::GuildUpdated(_)
        | Change::ChannelCreated(_)
        | Change::ChannelUpdated(_)
        | Change::ChannelDeleted { .. }
        | Change::RoleCreated { .. }
        | Change::RoleUpdated { .. }
        | Change::RoleDeleted { .. } => guild_event(world, change, listener),
        Change::MemberJoined { guild, user }
        | Change::MemberUpdated { guild, user }
        | Change::MemberLeft { guild, user } => {
            member_event(world, change, (*guild, *user), listener)
        }
        Change::ScheduledCreated(event) => scheduled_event(world, event, listener)
            .then(|| ("GUILD_SCHEDULED_EVENT_CREATE", render::scheduled_event(event))),
        Change::ScheduledUpdated(event) => scheduled_event(world, event, listener)
            .then(|| ("GUILD_SCHEDULED_EVENT_UPDATE", render::scheduled_event(event))),
        Change::ScheduledDeleted(event) => scheduled_event(world, event, listener)
            .then(|| ("GUILD_SCHEDULED_EVENT_DELETE", render::scheduled_event(event))),
        Change::Interest { guild, event, user, given } => {
            let found = world.guild(*guild)?.scheduled.get(event)?;
            let data =
                json!({"guild_scheduled_event_id": event, "user_id": user, "guild_id": guild});
            let name = if *given {
                "GUILD_SCHEDULED_EVENT_USER_ADD"
            } else {
                "GUILD_SCHEDULED_EVENT_USER_REMOVE"
            };
            scheduled_event(world, found, listener).then_some((name, data))
        }
    }
}

/// How the listener may read the message, or `None` if it does not hear of it.
fn message_event(world: &World, message: &Message, listener: &Listener) -> Option<Reader> {
    let channel = world.channel(message.channel)?;
    let own = message.author == listener.bot;
    if message.only_for.is_some() {
        let hears = own && listener.wants(intents::DIRECT_MESSAGES);
        return (hears && listener.covers(channel.guild)).then_some(Reader::Full);
    }
    let intent = match channel.guild {
        Some(_) => intents::GUILD_MESSAGES,
        None => intents::DIRECT_MESSAGES,
    };
    let hears = listener.wants(intent)
        && listener.covers(channel.guild)
        && world.sees(listener.bot, channel.id);
    let full = own
        || channel.guild.is_none()
        || message.pings.users.contains(&listener.bot)
        || listener.wants(intents::MESSAGE_CONTENT);
    hears.then_some(if full { Reader::Full } else { Reader::Blank })
}

/// Whether the listener hears of a scheduled event.
fn scheduled_event(world: &World, event: &ScheduledEvent, listener: &Listener) -> bool {
    listener.wants(intents::GUILD_SCHEDULED_EVENTS)
        && listener.covers(Some(event.guild))
        && listener.is_in(world, event.guild)
        && event.channel.is_none_or(|channel| world.sees(listener.bot, channel))
}

fn guild_event(
    world: &World,
    change: &Change,
    listener: &Listener,
) -> Option<(&'static str, Value)> {
    if !listener.wants(intents::GUILDS) {
        return None;
    }
    let hears = |guild: GuildId| listener.covers(Some(guild)) && listener.is_in(world, guild);
    let channel = |id: ChannelId, plain, of_thread| {
        let found = world.channel(id)?;
        let hears = hears(found.guild?) && (found.thread.is_none() || world.sees(listener.bot, id));
        let name = if found.thread.is_some() { of_thread } else { plain };
        hears.then(|| (name, render::channel(world, found)))
    };
    let made = |(name, mut data): (&'static str, Value)| {
        if name == "THREAD_CREATE" {
            json::set(&mut data, "newly_created", true);
        }
        (name, data)
    };
    let role = |guild: GuildId, role| {
        let found = world.guild(guild).filter(|_| hears(guild))?.roles.get(&role)?;
        Some(json!({"guild_id": guild, "role": render::role(found)}))
    };
    match change {
        Change::GuildUpdated(id) => {
            let found = world.guild(*id).filter(|_| hears(*id))?;
            Some(("GUILD_UPDATE", render::guild(found)))
        }
        Change::ChannelCreated(id) => channel(*id, "CHANNEL_CREATE", "THREAD_CREATE").map(made),
        Change::ChannelUpdated(id) => channel(*id, "CHANNEL_UPDATE", "THREAD_UPDATE"),
        Change::ChannelDeleted { guild, channel } => {
            let is_thread = channel.get("thread_metadata").is_some();
            hears(*guild).then(|| {
                if is_thread {
                    ("THREAD_DELETE", gone_thread(channel))
                } else {
                    ("CHANNEL_DELETE", channel.clone())
                }
            })
        }
        Change::RoleCreated { guild, role: id } => {
            role(*guild, *id).map(|data| ("GUILD_ROLE_CREATE", data))
        }
        Change::RoleUpdated { guild, role: id } => {
            role(*guild, *id).map(|data| ("GUILD_ROLE_UPDATE", data))
        }
        Change::RoleDeleted { guild, role } => {
            let data = json!({"guild_id": guild, "role_id": role});
            hears(*guild).then_some(("GUILD_ROLE_DELETE", data))
        }
        Change::MessageCreated(_)
        | Change::MessageUpdated(_)
        | Change::MessageDeleted(_)
        | Change::MessageDismissed(_)
        | Change::Asked { .. }
        | Change::Answered(_)
        | Change::CommandsChanged(_)
        | Change::BotJoined { .. }
        | Change::BotLeft { .. }
        | Change::MemberJoined { .. }
        | Change::MemberUpdated { .. }
        | Change::MemberLeft { .. }
        | Change::ScheduledCreated(_)
        | Change::ScheduledUpdated(_)
        | Change::ScheduledDeleted(_)
        | Change::Interest { .. } => None,
    }
}

/// What of a deleted thread is told (Discord docs: thread delete).
fn gone_thread(thread: &Value) -> Value {
    let mut told = json!({});
    for key in ["id", "guild_id", "parent_id", "type"] {
        json::set(&mut told, key, json::at(thread, key).clone());
    }
    told
}

fn member_event(
    world: &World,
    change: &Change,
    (guild, user): (GuildId, UserId),
    listener: &Listener,
) -> Option<(&'static str, Value)> {
    let own = user == listener.bot;
    let left = matches!(change, Change::MemberLeft { .. });
    let updated = matches!(change, Change::MemberUpdated { .. });
    let hears = listener.wants(intents::GUILD_MEMBERS) || (own && updated);
    let found = world.guild(guild)?;
    if !hears || !listener.covers(Some(guild)) || !listener.is_in(world, guild) {
        return None;
    }
    if left {
        let person = render::user(world.user(user)?);
        return Some(("GUILD_MEMBER_REMOVE", json!({"guild_id": guild, "user": person})));
    }
    let mut data = render::member_of(world, found, user)?;
    data.as_object_mut()?.insert("guild_id".into(), json!(guild));
    Some((if updated { "GUILD_MEMBER_UPDATE" } else { "GUILD_MEMBER_ADD" }, data))
}
