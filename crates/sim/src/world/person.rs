//! What people do in channels, and the direct conversations of bots with them.

use serde_json::json;

use super::message_store::Writing;
use super::model::{Channel, ChannelKind};
use super::{Change, Guild, Message, Refusal, World};
use crate::ids::{ChannelId, MessageId, UserId};
use crate::validate::files::Files;
use crate::validate::message::{self, Draft, Purpose};

impl World {
    /// A person writes plain text.
    pub(crate) fn person_sends(
        &mut self,
        user: UserId,
        channel: ChannelId,
        draft: Draft,
    ) -> Result<MessageId, Refusal> {
        let found = self.channel(channel).ok_or(Refusal::UnknownChannel)?;
        self.check_sending(found, user, &draft, &[])?;
        let writing =
            Writing { author: user, app: None, channel, kind: 0, origin: None, only_for: None };
        self.write(writing, draft, Vec::new())
    }

    /// Puts a person's message into a channel without asking for rights.
    pub fn seed_message(
        &mut self,
        channel: ChannelId,
        author: UserId,
        text: &str,
    ) -> Option<MessageId> {
        let body = json!({"content": text});
        let draft = message::read(&body, Purpose::Create, Files::default()).ok()?;
        let writing = Writing { author, app: None, channel, kind: 0, origin: None, only_for: None };
        self.write(writing, draft, Vec::new()).ok()
    }

    /// The only reader of an ephemeral message hides it.
    pub(crate) fn dismiss(&mut self, user: UserId, id: MessageId) -> Result<(), Refusal> {
        let channel = self.message(id).ok_or(Refusal::UnknownMessage)?.channel;
        let channel = self.channels.get_mut(&channel).ok_or(Refusal::UnknownChannel)?;
        let message = channel.messages.get_mut(&id).ok_or(Refusal::UnknownMessage)?;
        if message.only_for != Some(user) {
            return Err(Refusal::MissingPermissions);
        }
        message.dismissed = true;
        let message = message.clone();
        self.note(Change::MessageDismissed(Box::new(message)));
        Ok(())
    }

    /// The messages of a channel that `user` sees, own ephemeral ones among them, oldest first.
    #[must_use]
    pub fn visible_messages(
        &self,
        user: UserId,
        channel: ChannelId,
    ) -> impl DoubleEndedIterator<Item = &Message> {
        let channel = self.channels.get(&channel).filter(|_| self.sees(user, channel));
        let all = channel.into_iter().flat_map(|channel| channel.messages.values());
        all.filter(move |message| message.is_shown_to(user))
    }

    pub(super) fn check_dm(&self, channel: &Channel, author: UserId) -> Result<(), Refusal> {
        let is_bot = self.user(author).is_some_and(|person| person.bot);
        let others = channel.recipients.iter().filter(|id| **id != author);
        for other in others.filter(|_| is_bot) {
            let person = self.user(*other).ok_or(Refusal::UnknownUser)?;
            if !person.dms_open {
                return Err(Refusal::DmsClosed);
            }
            let shares = |guild: &Guild| {
                guild.members.contains_key(other) && guild.members.contains_key(&author)
            };
            if !self.guilds.values().any(shares) {
                return Err(Refusal::NoMutualGuild);
            }
        }
        Ok(())
    }

    /// The direct conversation of a bot and a person; made when there is none.
    pub fn open_dm(&mut self, bot: UserId, other: UserId) -> Result<ChannelId, Refusal> {
        if self.user(other).is_none() || bot == other {
            return Err(Refusal::UnknownUser);
        }
        let known = self.dms_of(bot).find(|channel| channel.recipients.contains(&other));
        if let Some(channel) = known {
            return Ok(channel.id);
        }
        let id = ChannelId::new(self.next_id());
        let channel = Channel {
            id,
            kind: ChannelKind::Dm,
            guild: None,
            name: String::new(),
            topic: None,
            parent: None,
            position: 0,
            overwrites: Vec::new(),
            recipients: vec![bot, other],
            slowmode_s: 0,
            thread_archive_mins: None,
            forum: None,
            thread: None,
            messages: std::collections::BTreeMap::new(),
        };
        self.channels.insert(id, channel);
        self.note(Change::ChannelCreated(id));
        Ok(id)
    }
}

impl Message {
    /// Whether `user`, who sees the channel, sees this message in it.
    #[must_use]
    pub fn is_shown_to(&self, user: UserId) -> bool {
        self.only_for.is_none_or(|only| only == user) && !self.dismissed
    }
}
