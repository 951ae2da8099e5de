//! Makes guilds, channels, roles, people and bots: before the start, and while a test runs.

use std::collections::{BTreeMap, BTreeSet, VecDeque};

use super::model::{
    Application, Channel, ChannelKind, Forum, Guild, Member, Overwrite, OverwriteTarget, Person,
    Role, Tag,
};
use super::{Change, Permissions, World};
use crate::ids::{AppId, ChannelId, GuildId, RoleId, TagId, UserId};
use crate::render;

/// Somebody added a bot (Discord docs: audit log events).
const BOT_ADD: u8 = 28;

/// A role to be made.
#[derive(Debug, Clone)]
pub struct NewRole {
    /// Name.
    pub name: String,
    /// What it grants.
    pub permissions: Permissions,
    /// Colour, `0xRRGGBB`.
    pub color: u32,
    /// Whether anyone may mention it.
    pub mentionable: bool,
}

impl NewRole {
    /// A role that grants `permissions`, without colour, not mentionable.
    #[must_use]
    pub fn named(name: &str, permissions: Permissions) -> Self {
        Self { name: name.into(), permissions, color: 0, mentionable: false }
    }
}

/// A channel to be made.
#[derive(Debug, Clone)]
pub struct NewChannel {
    /// Name.
    pub name: String,
    /// Kind.
    pub kind: ChannelKind,
    /// What it is for.
    pub topic: Option<String>,
    /// Its category.
    pub parent: Option<ChannelId>,
    /// Permission overwrites.
    pub overwrites: Vec<Overwrite>,
    /// Names of the tags that its posts can have, if it is a forum.
    pub tags: Vec<String>,
    /// Whether every post needs one.
    pub requires_tag: bool,
}

impl NewChannel {
    /// A text channel for everyone.
    #[must_use]
    pub fn text(name: &str) -> Self {
        Self {
            name: name.into(),
            kind: ChannelKind::Text,
            topic: None,
            parent: None,
            overwrites: Vec::new(),
            tags: Vec::new(),
            requires_tag: false,
        }
    }

    /// A forum for everyone, whose posts can have these tags.
    #[must_use]
    pub fn forum(name: &str, tags: &[&str]) -> Self {
        let tags = tags.iter().map(|tag| (*tag).to_owned()).collect();
        Self { tags, ..Self::text(name).kind(ChannelKind::Forum) }
    }

    /// The same where every post needs a tag.
    #[must_use]
    pub fn requiring_tag(mut self) -> Self {
        self.requires_tag = true;
        self
    }

    /// The same as another kind.
    #[must_use]
    pub fn kind(mut self, kind: ChannelKind) -> Self {
        self.kind = kind;
        self
    }

    /// The same with a topic.
    #[must_use]
    pub fn topic(mut self, topic: &str) -> Self {
        self.topic = Some(topic.into());
        self
    }

    /// The same within a category.
    #[must_use]
    pub fn under(mut self, category: ChannelId) -> Self {
        self.parent = Some(category);
        self
    }

    /// The same with one more overwrite.
    #[must_use]
    pub fn overwrite(
        mut self,
        target: OverwriteTarget,
        allow: Permissions,
        deny: Permissions,
    ) -> Self {
        self.overwrites.push(Overwrite { target, allow, deny });
        self
    }
}

impl World {
    /// Makes a person. `username` should be unique.
    pub fn add_user(&mut self, username: &str) -> UserId {
        let id = UserId::new(self.next_id());
        let avatar = Some(self.secret());
        let color = u32::try_from(self.ids.random() & 0x00ff_ffff).unwrap_or_default();
        let person = Person {
            id,
            username: username.into(),
            global_name: None,
            avatar,
            bot: false,
            color,
            locale: "en-US".into(),
            dms_open: true,
        };
        self.users.insert(id, person);
        id
    }

    /// Changes a person: name, language, whether direct messages are taken.
    pub fn edit_user(&mut self, id: UserId, edit: impl FnOnce(&mut Person)) {
        self.users.get_mut(&id).map(edit);
    }

    /// Makes a guild with its `@everyone` role and its owner as first member.
    pub fn add_guild(&mut self, name: &str, owner: UserId) -> GuildId {
        let id = GuildId::new(self.next_id());
        let everyone = Role {
            id: id.everyone(),
            name: "@everyone".into(),
            permissions: Permissions::MEMBER,
            position: 0,
            color: 0,
            mentionable: false,
            bot: None,
        };
        let guild = Guild {
            id,
            name: name.into(),
            owner,
            locale: "en-US".into(),
            roles: BTreeMap::from([(everyone.id, everyone)]),
            members: BTreeMap::new(),
            emojis: BTreeMap::new(),
            system_channel: None,
            audit: VecDeque::new(),
            scheduled: BTreeMap::new(),
        };
        self.guilds.insert(id, guild);
        self.join(id, owner, &[]);
        id
    }

    /// Changes a guild's own data.
    pub fn edit_guild(&mut self, id: GuildId, edit: impl FnOnce(&mut Guild)) {
        if self.guilds.get_mut(&id).map(edit).is_some() {
            self.note(Change::GuildUpdated(id));
        }
    }

    /// Makes a role, above those that exist.
    pub fn add_role(&mut self, guild: GuildId, new: NewRole) -> RoleId {
        let id = RoleId::new(self.next_id());
        if let Some(guild) = self.guilds.get_mut(&guild) {
            let position = u32::try_from(guild.roles.len()).unwrap_or(u32::MAX);
            let NewRole { name, permissions, color, mentionable } = new;
            let role = Role { id, name, permissions, position, color, mentionable, bot: None };
            guild.roles.insert(id, role);
        }
        self.note(Change::RoleCreated { guild, role: id });
        id
    }

    /// Changes a role, `@everyone` too.
    pub fn edit_role(&mut self, guild: GuildId, role: RoleId, edit: impl FnOnce(&mut Role)) {
        let found = self.guilds.get_mut(&guild).and_then(|guild| guild.roles.get_mut(&role));
        if found.map(edit).is_some() {
            self.note(Change::RoleUpdated { guild, role });
        }
    }

    /// Deletes a role and takes it from all members.
    pub fn remove_role(&mut self, guild: GuildId, role: RoleId) {
        let Some(found) = self.guilds.get_mut(&guild) else {
            return;
        };
        found.roles.remove(&role);
        for member in found.members.values_mut() {
            member.roles.remove(&role);
        }
        self.note(Change::RoleDeleted { guild, role });
    }

    /// Makes a channel, below those that exist.
    pub fn add_channel(&mut self, guild: GuildId, new: NewChannel) -> ChannelId {
        let id = ChannelId::new(self.next_id());
        let position = self.channels_of(guild).len();
        let NewChannel { name, kind, topic, parent, overwrites, tags, requires_tag } = new;
        let tags = tags.into_iter().map(|name| {
            let id = TagId::new(self.next_id());
            Tag { id, name, moderated: false }
        });
        let tags: Vec<Tag> = tags.collect();
        let channel = Channel {
            id,
            kind,
            guild: Some(guild),
            name,
            topic,
            parent,
            position: u32::try_from(position).unwrap_or(u32::MAX),
            overwrites,
            recipients: Vec::new(),
            slowmode_s: 0,
            thread_archive_mins: None,
            forum: kind.takes_posts().then_some(Forum { tags, requires_tag }),
            thread: None,
            messages: BTreeMap::new(),
        };
        self.channels.insert(id, channel);
        self.note(Change::ChannelCreated(id));
        id
    }

    /// Changes a channel: name, topic, overwrites.
    pub fn edit_channel(&mut self, id: ChannelId, edit: impl FnOnce(&mut Channel)) {
        if self.channels.get_mut(&id).map(edit).is_some() {
            self.note(Change::ChannelUpdated(id));
        }
    }

    /// Deletes a channel with its messages.
    pub fn remove_channel(&mut self, id: ChannelId) {
        let Some(channel) = self.channels.remove(&id) else {
            return;
        };
        let threads = self.channels.values().filter(|thread| thread.is_thread_of(id));
        for thread in threads.map(|thread| thread.id).collect::<Vec<_>>() {
            self.remove_channel(thread);
        }
        if let Some(guild) = channel.guild {
            let channel = render::channel(self, &channel);
            self.note(Change::ChannelDeleted { guild, channel });
        }
    }

    /// Makes somebody a member with these roles, or gives a member these roles besides.
    pub fn join(&mut self, guild: GuildId, user: UserId, roles: &[RoleId]) {
        let now = self.now;
        let Some(found) = self.guilds.get_mut(&guild) else {
            return;
        };
        let known = found.members.contains_key(&user);
        let member = found.members.entry(user).or_insert_with(|| Member {
            user,
            nick: None,
            roles: BTreeSet::new(),
            joined_at: now,
        });
        member.roles.extend(roles);
        self.note(if known {
            Change::MemberUpdated { guild, user }
        } else {
            Change::MemberJoined { guild, user }
        });
    }

    /// Changes a member: nickname, roles.
    pub fn edit_member(&mut self, guild: GuildId, user: UserId, edit: impl FnOnce(&mut Member)) {
        let found = self.guilds.get_mut(&guild).and_then(|guild| guild.members.get_mut(&user));
        if found.map(edit).is_some() {
            self.note(Change::MemberUpdated { guild, user });
        }
    }

    /// Takes somebody out of a guild; a bot too.
    pub fn kick(&mut self, guild: GuildId, user: UserId) {
        let Some(found) = self.guilds.get_mut(&guild) else {
            return;
        };
        if found.members.remove(&user).is_none() {
            return;
        }
        found.roles.retain(|_, role| role.bot != Some(user));
        self.note(Change::MemberLeft { guild, user });
        if let Some(app) = self.app_of_bot(user).map(|app| app.id) {
            self.note(Change::BotLeft { app, guild });
        }
    }

    /// Makes an application with a bot that answers to `token`.
    pub fn add_application(&mut self, name: &str, token: &str, owner: UserId) -> AppId {
        let bot = self.add_user(name);
        self.edit_user(bot, |person| person.bot = true);
        let id = AppId::new(bot.get());
        let app = Application {
            id,
            name: name.into(),
            bot,
            owner,
            token: token.into(),
            privileged: 0,
            commands: BTreeMap::new(),
            nonces: VecDeque::new(),
            command_creates: VecDeque::new(),
        };
        self.apps.insert(id, app);
        id
    }

    /// Changes an application: token, privileged intents.
    pub fn edit_application(&mut self, id: AppId, edit: impl FnOnce(&mut Application)) {
        self.apps.get_mut(&id).map(edit);
    }

    /// The guild's owner adds the application's bot, with a role of its own that grants
    /// `permissions`.
    pub fn install(&mut self, app: AppId, guild: GuildId, permissions: Permissions) {
        if let Some(owner) = self.guild(guild).map(|guild| guild.owner) {
            self.install_by(owner, app, guild, permissions);
        }
    }

    /// The same by somebody else.
    pub fn install_by(
        &mut self,
        user: UserId,
        app: AppId,
        guild: GuildId,
        permissions: Permissions,
    ) {
        let Some((bot, name)) = self.apps.get(&app).map(|app| (app.bot, app.name.clone())) else {
            return;
        };
        let role = self.add_role(guild, NewRole::named(&name, permissions));
        self.edit_role(guild, role, |role| role.bot = Some(bot));
        self.join(guild, bot, &[role]);
        self.log(guild, (user, BOT_ADD), bot.get());
        self.note(Change::BotJoined { app, guild });
    }

    /// Changes what the role of the application's bot grants, as an administrator would.
    pub fn permit(&mut self, app: AppId, guild: GuildId, permissions: Permissions) {
        let bot = self.apps.get(&app).map(|app| app.bot);
        let own = self.guild(guild).and_then(|guild| {
            let mut roles = guild.roles.values();
            roles.find(|role| role.bot.is_some() && role.bot == bot).map(|role| role.id)
        });
        if let Some(role) = own {
            self.edit_role(guild, role, |role| role.permissions = permissions);
        }
    }
}
