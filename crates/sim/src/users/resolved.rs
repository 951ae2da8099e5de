//! The things that an interaction names by id, as whole objects beside them.

use serde_json::{Map, Value, json};

use super::UserError;
use crate::ids::{AttachmentId, ChannelId, GuildId, MessageId, RoleId, UserId};
use crate::json;
use crate::render;
use crate::validate::files;
use crate::world::{Channel, World};

/// Collects what goes into `data.resolved`.
pub(super) struct Resolved<'w> {
    world: &'w World,
    guild: Option<GuildId>,
    channel: ChannelId,
    user: UserId,
    bot: UserId,
    maps: Map<String, Value>,
}

impl<'w> Resolved<'w> {
    /// For an interaction of `user` with `bot` in `channel`.
    pub(super) fn new(world: &'w World, channel: &Channel, user: UserId, bot: UserId) -> Self {
        let (guild, channel) = (channel.guild, channel.id);
        Self { world, guild, channel, user, bot, maps: Map::new() }
    }

    /// Puts what was collected into `data`.
    pub(super) fn finish(self, data: &mut Value) {
        if let (false, Some(fields)) = (self.maps.is_empty(), data.as_object_mut()) {
            fields.insert("resolved".into(), Value::Object(self.maps));
        }
    }

    fn put(&mut self, map: &str, id: u64, object: Value) {
        let map = self.maps.entry(map).or_insert_with(|| json!({}));
        if let Some(map) = map.as_object_mut() {
            map.insert(id.to_string(), object);
        }
    }

    /// A person, with their membership.
    pub(super) fn user(&mut self, id: UserId) -> Result<(), UserError> {
        let unknown = || UserError::invalid("that person is not here");
        let person = self.world.user(id).ok_or_else(unknown)?;
        self.put("users", id.get(), render::user(person));
        let guild = self.guild.and_then(|guild| self.world.guild(guild));
        let member = guild.and_then(|guild| guild.members.get(&id));
        if let (Some(member), Some(channel)) = (member, self.world.channel(self.channel)) {
            let mut object = render::member(member);
            if let Some(fields) = object.as_object_mut() {
                fields.remove("deaf");
                fields.remove("mute");
                let may = self.world.permissions(channel, id);
                fields.insert("permissions".into(), json!(may));
            }
            self.put("members", id.get(), object);
        }
        Ok(())
    }

    /// A role of the guild.
    pub(super) fn role(&mut self, id: RoleId) -> Result<(), UserError> {
        let guild = self.guild.and_then(|guild| self.world.guild(guild));
        let role = guild.and_then(|guild| guild.roles.get(&id));
        let role = role.ok_or_else(|| UserError::invalid("there is no such role here"))?;
        self.put("roles", id.get(), render::role(role));
        Ok(())
    }

    /// A channel of the guild that the person sees; of one of these types, if there are any.
    pub(super) fn channel(&mut self, id: ChannelId, types: &Value) -> Result<(), UserError> {
        let found = self.world.channel(id).filter(|found| found.guild == self.guild);
        let found = found.filter(|found| self.world.sees(self.user, found.id));
        let found = found.ok_or_else(|| UserError::invalid("there is no such channel here"))?;
        let fits = types
            .as_array()
            .is_none_or(|types| types.is_empty() || types.contains(&json!(found.kind.number())));
        if !fits {
            return Err(UserError::invalid("that kind of channel cannot be chosen"));
        }
        let mut object = render::channel(self.world, found);
        if let Some(fields) = object.as_object_mut() {
            fields.remove("permission_overwrites");
            let own = self.world.permissions(found, self.user);
            let bots = self.world.permissions(found, self.bot);
            fields.insert("permissions".into(), json!(own));
            fields.insert("app_permissions".into(), json!(bots));
        }
        self.put("channels", id.get(), object);
        Ok(())
    }

    /// A message of the channel.
    pub(super) fn message(&mut self, id: MessageId) -> Result<(), UserError> {
        let found = self.world.message(id).filter(|found| found.channel == self.channel);
        // Clients offer no commands on what only one person sees.
        let found = found.filter(|found| found.only_for.is_none());
        let found = found.ok_or_else(|| UserError::not_found("there is no such message"))?;
        self.put("messages", id.get(), render::message(self.world, found));
        Ok(())
    }

    /// A file that this person gave, if its name is of one of these types.
    pub(super) fn attachment(&mut self, value: &Value, types: &Value) -> Result<(), UserError> {
        let file = AttachmentId::read(value).and_then(|id| self.world.file(id));
        let file = file.filter(|file| file.giver == Some(self.user));
        let file = file.ok_or_else(|| UserError::not_found("that file is not there any more"))?;
        if !files::fits(types, &file.about.filename) {
            return Err(UserError::invalid("files of that type are not taken here"));
        }
        let mut object = render::attachment(self.world, &file.about);
        json::set(&mut object, "ephemeral", json!(true));
        self.put("attachments", file.about.id.get(), object);
        Ok(())
    }

    /// Something that may be a person or a role.
    pub(super) fn mentionable(&mut self, value: &Value) -> Result<(), UserError> {
        match (UserId::read(value), RoleId::read(value)) {
            (Some(user), _) if self.world.user(user).is_some() => self.user(user),
            (_, Some(role)) => self.role(role),
            _ => Err(UserError::invalid("that is neither a person nor a role")),
        }
    }

    /// Resolves a value of an entity select or a file upload.
    pub(super) fn select(&mut self, component: &Value, value: &Value) -> Result<(), UserError> {
        let unknown = || UserError::invalid("a choice is no id");
        match component["type"].as_i64().unwrap_or(0) {
            5 => self.user(UserId::read(value).ok_or_else(unknown)?),
            6 => self.role(RoleId::read(value).ok_or_else(unknown)?),
            7 => self.mentionable(value),
            8 => {
                let id = ChannelId::read(value).ok_or_else(unknown)?;
                self.channel(id, &component["channel_types"])
            }
            19 => self.attachment(value, &component["file_types"]),
            _ => Ok(()),
        }
    }
}
