//! Threads in channels: made, changed, entered and left (Discord docs: threads).

use std::collections::BTreeMap;

use super::model::{Channel, ChannelKind, Thread, flags};
use super::{Change, Permissions, Refusal, World};
use crate::ids::{ChannelId, GuildId, MessageId, UserId};
use crate::validate::channel::{ChannelChange, NewThread};

/// The most active threads of a guild (Discord docs: JSON error code 160006).
const MAX_ACTIVE: usize = 1_000;
/// The most people in a thread (Discord docs: JSON error code 30033).
const MAX_MEMBERS: usize = 1_000;

impl Channel {
    /// Whether it is a thread in the channel `parent`.
    #[must_use]
    pub fn is_thread_of(&self, parent: ChannelId) -> bool {
        self.thread.is_some() && self.parent == Some(parent)
    }
}

impl World {
    /// The threads of a guild that are not archived, oldest first.
    pub fn active_threads(&self, guild: GuildId) -> impl Iterator<Item = &Channel> {
        let here = self.channels.values().filter(move |channel| channel.guild == Some(guild));
        here.filter(|channel| channel.thread.as_ref().is_some_and(|thread| !thread.archived))
    }

    /// A bot makes a thread, from a message or on its own.
    pub(crate) fn start_thread(
        &mut self,
        bot: UserId,
        parent: ChannelId,
        message: Option<MessageId>,
        new: NewThread,
    ) -> Result<ChannelId, Refusal> {
        let found = self.channel(parent).ok_or(Refusal::UnknownChannel)?;
        let kind = self.kind_of_thread(found, bot, message, &new)?;
        let guild = found.guild.ok_or(Refusal::WrongChannelKind)?;
        if let Some(message) = message {
            if self.channel(ChannelId::new(message.get())).is_some() {
                return Err(Refusal::HasThread);
            }
            self.mark_with_thread(parent, message)?;
        }
        if self.active_threads(guild).count() >= MAX_ACTIVE {
            return Err(Refusal::TooManyThreads);
        }
        let id = ChannelId::new(message.map_or_else(|| self.next_id(), MessageId::get));
        let thread = Thread {
            owner: bot,
            created: self.now,
            archived: false,
            locked: false,
            archive_changed: self.now,
            auto_archive_mins: new.auto_archive_mins,
            invitable: new.invitable,
            members: BTreeMap::from([(bot, self.now)]),
        };
        let channel = Channel {
            id,
            kind,
            guild: Some(guild),
            name: new.name,
            topic: None,
            parent: Some(parent),
            position: 0,
            overwrites: Vec::new(),
            recipients: Vec::new(),
            slowmode_s: new.slowmode_s,
            thread: Some(thread),
            messages: BTreeMap::new(),
        };
        self.channels.insert(id, channel);
        self.note(Change::ChannelCreated(id));
        Ok(id)
    }

    /// The kind that the thread will have, if the bot may make it.
    fn kind_of_thread(
        &self,
        parent: &Channel,
        bot: UserId,
        message: Option<MessageId>,
        new: &NewThread,
    ) -> Result<ChannelKind, Refusal> {
        let kind = match (parent.kind, message, new.kind) {
            (ChannelKind::Announcement, Some(_), _)
            | (ChannelKind::Announcement, None, ChannelKind::AnnouncementThread) => {
                ChannelKind::AnnouncementThread
            }
            (ChannelKind::Text, Some(_), _)
            | (ChannelKind::Text, None, ChannelKind::PublicThread) => ChannelKind::PublicThread,
            (ChannelKind::Text, None, ChannelKind::PrivateThread) => ChannelKind::PrivateThread,
            _ => return Err(Refusal::WrongChannelKind),
        };
        let may = self.effective(parent, bot);
        if !may.contains(Permissions::VIEW_CHANNEL) {
            return Err(Refusal::MissingAccess);
        }
        let mut needs = if kind == ChannelKind::PrivateThread {
            Permissions::CREATE_PRIVATE_THREADS
        } else {
            Permissions::CREATE_PUBLIC_THREADS
        };
        if message.is_some() {
            needs |= Permissions::READ_MESSAGE_HISTORY;
        }
        if may.contains(needs) { Ok(kind) } else { Err(Refusal::MissingPermissions) }
    }

    fn mark_with_thread(&mut self, channel: ChannelId, message: MessageId) -> Result<(), Refusal> {
        let channel = self.channels.get_mut(&channel).ok_or(Refusal::UnknownChannel)?;
        let found = channel.messages.get_mut(&message);
        let found = found.filter(|message| message.only_for.is_none());
        let found = found.ok_or(Refusal::UnknownMessage)?;
        found.flags |= flags::HAS_THREAD;
        let found = found.clone();
        self.note(Change::MessageUpdated(Box::new(found)));
        Ok(())
    }

    /// A bot changes a channel or a thread.
    pub(crate) fn change_channel(
        &mut self,
        bot: UserId,
        id: ChannelId,
        change: &ChannelChange,
    ) -> Result<(), Refusal> {
        let found = self.channel(id).ok_or(Refusal::UnknownChannel)?;
        if found.guild.is_none() {
            return Err(Refusal::WrongChannelKind);
        }
        let may = self.effective(found, bot);
        if !may.contains(Permissions::VIEW_CHANNEL) {
            return Err(Refusal::MissingAccess);
        }
        let allowed = match &found.thread {
            None => may.contains(Permissions::MANAGE_CHANNELS),
            Some(thread) => may_change(thread, bot, may, change),
        };
        if !allowed {
            return Err(Refusal::MissingPermissions);
        }
        let stays = found.thread.as_ref().is_some_and(|thread| thread.archived)
            && change.archived != Some(false);
        if stays {
            return Err(Refusal::ThreadArchived);
        }
        let now = self.now;
        self.edit_channel(id, |channel| {
            apply(channel, change);
            if let (Some(thread), Some(archived)) = (&mut channel.thread, change.archived) {
                thread.archived = archived;
                thread.archive_changed = now;
            }
        });
        Ok(())
    }

    /// A bot deletes a channel or a thread.
    pub(crate) fn delete_channel(&mut self, bot: UserId, id: ChannelId) -> Result<(), Refusal> {
        let found = self.channel(id).ok_or(Refusal::UnknownChannel)?;
        let may = self.effective(found, bot);
        if !may.contains(Permissions::VIEW_CHANNEL) {
            return Err(Refusal::MissingAccess);
        }
        let needs = match (&found.thread, found.guild) {
            (_, None) => return Err(Refusal::WrongChannelKind),
            (Some(_), _) => Permissions::MANAGE_THREADS,
            (None, _) => Permissions::MANAGE_CHANNELS,
        };
        if !may.contains(needs) {
            return Err(Refusal::MissingPermissions);
        }
        self.remove_channel(id);
        Ok(())
    }

    /// A bot adds somebody to a thread, or takes somebody out. Changes nothing if it is so.
    pub(crate) fn set_thread_member(
        &mut self,
        bot: UserId,
        (id, user): (ChannelId, UserId),
        inside: bool,
    ) -> Result<(), Refusal> {
        let found = self.channel(id).ok_or(Refusal::UnknownChannel)?;
        let may = self.effective(found, bot);
        let thread = found.thread.as_ref().ok_or(Refusal::WrongChannelKind)?;
        if !may.contains(Permissions::VIEW_CHANNEL) {
            return Err(Refusal::MissingAccess);
        }
        if thread.archived {
            return Err(Refusal::ThreadArchived);
        }
        let guild = found.guild.and_then(|guild| self.guild(guild));
        if !guild.is_some_and(|guild| guild.members.contains_key(&user)) {
            return Err(Refusal::UnknownMember);
        }
        let manages = may.contains(Permissions::MANAGE_THREADS);
        let is_private = found.kind == ChannelKind::PrivateThread;
        let allowed = user == bot
            || manages
            || if inside {
                may.contains(Permissions::SEND_MESSAGES) && (!is_private || thread.invitable)
            } else {
                is_private && thread.owner == bot
            };
        if !allowed {
            return Err(Refusal::MissingPermissions);
        }
        if inside && thread.members.len() >= MAX_MEMBERS && !thread.members.contains_key(&user) {
            return Err(Refusal::TooManyThreadMembers);
        }
        if thread.members.contains_key(&user) != inside {
            let now = self.now;
            self.edit_thread(id, |thread| {
                if inside {
                    thread.members.insert(user, now);
                } else {
                    thread.members.remove(&user);
                }
            });
        }
        Ok(())
    }

    /// Whether `author` may write in a thread as it is now.
    pub(super) fn check_thread(&self, channel: &Channel, author: UserId) -> Result<(), Refusal> {
        let locked = channel.thread.as_ref().is_some_and(|thread| thread.locked);
        let manages = || self.effective(channel, author).contains(Permissions::MANAGE_THREADS);
        if locked && !manages() { Err(Refusal::ThreadLocked) } else { Ok(()) }
    }

    /// Writing in a thread takes it out of the archive, and lets the author in.
    pub(super) fn wake_thread(&mut self, id: ChannelId, author: UserId) {
        let now = self.now;
        let Some(thread) = self.channel(id).and_then(|channel| channel.thread.as_ref()) else {
            return;
        };
        if !thread.archived && thread.members.contains_key(&author) {
            return;
        }
        self.edit_thread(id, |thread| {
            if thread.archived {
                thread.archived = false;
                thread.archive_changed = now;
            }
            if thread.members.len() < MAX_MEMBERS {
                thread.members.entry(author).or_insert(now);
            }
        });
    }

    fn edit_thread(&mut self, id: ChannelId, edit: impl FnOnce(&mut Thread)) {
        self.edit_channel(id, |channel| {
            channel.thread.as_mut().map(edit);
        });
    }
}

/// Anybody who may write takes a thread out of the archive; its owner may name and archive it;
/// locking is for those who manage threads.
fn may_change(thread: &Thread, bot: UserId, may: Permissions, change: &ChannelChange) -> bool {
    if may.contains(Permissions::MANAGE_THREADS) {
        return true;
    }
    let only_wakes = *change == ChannelChange { archived: Some(false), ..ChannelChange::default() };
    let writes = may.contains(Permissions::SEND_MESSAGES);
    !thread.locked
        && ((only_wakes && writes)
            || (thread.owner == bot && change.locked.is_none() && change.slowmode_s.is_none()))
}

fn apply(channel: &mut Channel, change: &ChannelChange) {
    if let Some(name) = &change.name {
        channel.name.clone_from(name);
    }
    if let Some(topic) = &change.topic {
        channel.topic = Some(topic.clone()).filter(|topic| !topic.is_empty());
    }
    channel.slowmode_s = change.slowmode_s.unwrap_or(channel.slowmode_s);
    if let Some(thread) = &mut channel.thread {
        thread.locked = change.locked.unwrap_or(thread.locked);
        thread.auto_archive_mins = change.auto_archive_mins.unwrap_or(thread.auto_archive_mins);
        thread.invitable = change.invitable.unwrap_or(thread.invitable);
    }
}
