//! Who and what is on the stage: people, events, channels, roles, forgeries.

use std::sync::Arc;

use muster_sim::ids::{ChannelId, MessageId, RoleId, UserId};
use muster_sim::world::{
    ChannelKind, Message, NewChannel, Overwrite, OverwriteTarget, Permissions,
};
use serde_json::{Value, json};

use crate::people::{Person, Seen};
use crate::stage::Stage;
use crate::words;

impl Stage {
    fn person(&self, id: UserId) -> Person {
        Person { sim: Arc::clone(&self.sim), user: self.sim.user(id), at: self.demo.events }
    }

    /// The owner of both clubs.
    pub(crate) fn ada(&self) -> Person {
        self.person(self.demo.owner)
    }

    /// An organiser of the first club, by a role with Manage Events.
    pub(crate) fn joao(&self) -> Person {
        self.person(self.demo.organiser)
    }

    /// A plain member of the first club.
    pub(crate) fn zofia(&self) -> Person {
        self.person(self.demo.members[0])
    }

    /// Another.
    pub(crate) fn mikko(&self) -> Person {
        self.person(self.demo.members[1])
    }

    /// And another.
    pub(crate) fn bea(&self) -> Person {
        self.person(self.demo.members[3])
    }

    /// Somebody new in the first club.
    pub(crate) fn newcomer(&self, name: &str) -> Person {
        let id = self.sim.world(|world| {
            let id = world.add_user(name);
            world.join(self.demo.guild, id, &[]);
            id
        });
        self.person(id)
    }

    /// Creates an event in `#events`; returns its post.
    pub(crate) async fn event(&self, title: &str, when: &str) -> MessageId {
        self.event_with(title, when, json!({})).await
    }

    /// The same with further options.
    pub(crate) async fn event_with(&self, title: &str, when: &str, more: Value) -> MessageId {
        let mut options = more;
        options["title"] = json!(title);
        options["when"] = json!(when);
        let seen = self.ada().runs("event create", options).await;
        self.posted(&seen).await
    }

    /// The post of the event of which an answer says that it is planned.
    pub(crate) async fn posted(&self, seen: &Seen) -> MessageId {
        let title = seen.says("is planned.").text().split("**").nth(1).unwrap();
        self.post_of(&title.replace('\\', "")).await
    }

    /// Waits for the post of an event, the newest if there are several.
    pub(crate) async fn post_of(&self, title: &str) -> MessageId {
        self.until(&format!("a post of {title}"), |world| {
            let guilds = world.guilds().map(|guild| guild.id);
            let channels = guilds.flat_map(|guild| {
                world.channels_of(guild).into_iter().chain(world.active_threads(guild))
            });
            let posts = channels.flat_map(|channel| channel.messages.values());
            let posts = posts.filter(|post| post.only_for.is_none());
            let ours = posts.filter(|post| post.embeds.iter().any(|card| card["title"] == title));
            ours.map(|post| post.id).max()
        })
        .await
    }

    /// How Muster writes the event of a post into custom ids.
    pub(crate) fn key(&self, post: MessageId) -> String {
        let id = self.sim.world(|world| words::button(world.message(post).unwrap(), "⋯"));
        id.unwrap().strip_prefix("m1:m:").unwrap().to_owned()
    }

    /// A message of the bot with a component that the bot never put there.
    pub(crate) fn forges(&self, channel: ChannelId, component: &Value) -> MessageId {
        let row = json!({"type": 1, "id": 1, "components": [component]});
        self.sim.world(|world| {
            let bot = UserId::new(self.demo.app.get());
            let id = world.seed_message(channel, bot, "A forgery").unwrap();
            world.edit_channel(channel, |channel| {
                channel.messages.get_mut(&id).unwrap().components = vec![row];
            });
            id
        })
    }

    /// The same with a button; whoever taps it sends this custom id.
    pub(crate) async fn forged_tap(&self, who: &Person, custom_id: &str) -> Seen {
        let button = json!({"type": 2, "id": 2, "style": 2, "label": "x", "custom_id": custom_id});
        let message = self.forges(who.at, &button);
        let seen = who.uses(message, custom_id).await;
        self.sim.world(|world| {
            world.edit_channel(who.at, |channel| drop(channel.messages.remove(&message)));
        });
        seen
    }

    /// The messages in a channel that are for everybody, without those of people.
    pub(crate) fn messages(&self, channel: ChannelId) -> Vec<Message> {
        let bot = UserId::new(self.demo.app.get());
        self.sim.world(|world| {
            let all = world.messages(channel).filter(|message| message.only_for.is_none());
            all.filter(|message| message.author == bot).cloned().collect()
        })
    }

    /// Everything that all members of the first club can read, and the list of events: what a
    /// refused act must leave as it is.
    pub(crate) async fn everything(&self) -> String {
        let list = self.ada().runs("event list", json!({})).await;
        // Whether a post is known already is not what these stories are about.
        let lines = list.text().lines().map(|line| line.split(" · [post]").next());
        let mut all: String = lines.flatten().collect();
        let channels: Vec<ChannelId> = self.sim.world(|world| {
            world.channels_of(self.demo.guild).iter().map(|channel| channel.id).collect()
        });
        for message in channels.into_iter().flat_map(|channel| self.messages(channel)) {
            all.push_str(&self.reads(message.id));
        }
        all
    }

    /// The second club's only channel.
    pub(crate) fn boathouse(&self) -> ChannelId {
        let guild = self.demo.second_guild;
        self.sim.world(|world| world.channel_named(guild, "boathouse").unwrap().id)
    }

    /// A voice channel of the first club, where people also write.
    pub(crate) fn voice_channel(&self) -> ChannelId {
        let voice = NewChannel::text("lounge").kind(ChannelKind::Voice);
        self.sim.world(|world| world.add_channel(self.demo.guild, voice))
    }

    /// The role of the first club with this name.
    pub(crate) fn role(&self, name: &str) -> RoleId {
        self.sim.world(|world| {
            let roles = &world.guild(self.demo.guild).unwrap().roles;
            roles.values().find(|role| role.name == name).unwrap().id
        })
    }

    /// Gives somebody a role in the first club.
    pub(crate) fn gives(&self, who: &Person, role: RoleId) {
        self.sim.world(|world| world.join(self.demo.guild, who.id(), &[role]));
    }

    /// Deletes a message by hand.
    pub(crate) fn deletes(&self, message: MessageId) {
        self.sim.world(|world| {
            let channel = world.message(message).unwrap().channel;
            world.edit_channel(channel, |channel| drop(channel.messages.remove(&message)));
        });
    }

    /// How many direct messages the bot has written.
    pub(crate) fn greetings(&self) -> usize {
        let bot = UserId::new(self.demo.app.get());
        self.sim.world(|world| world.dms_of(bot).map(|dm| dm.messages.len()).sum())
    }

    /// The name under which somebody appears on a post.
    pub(crate) fn name(&self, who: &Person) -> String {
        self.sim.world(|world| world.user(who.id()).unwrap().name().to_owned())
    }

    /// Takes a permission from somebody in one channel.
    pub(crate) fn denies(&self, channel: ChannelId, target: OverwriteTarget, what: Permissions) {
        let overwrite = Overwrite { target, allow: Permissions::NONE, deny: what };
        self.sim.world(|world| {
            world.edit_channel(channel, |channel| {
                channel.overwrites.retain(|known| known.target != target);
                channel.overwrites.push(overwrite);
            });
        });
    }
}
