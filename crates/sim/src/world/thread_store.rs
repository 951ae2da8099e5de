//! Threads in channels: made, changed, entered and left (Discord docs: threads).

use std::collections::BTreeMap;

use super::model::{Channel, ChannelKind, Thread, flags};
use super::{Change, Permissions, Refusal, World};
use crate::ids::{ChannelId, GuildId, MessageId, UserId};
use crate::validate::channel::NewThread;

/// The most active threads of a guild (Discord docs: JSON error code 160006).
const MAX_ACTIVE: usize = 1_000;
/// The most people in a thread (Discord docs: JSON error code 30033).
pub(super) const MAX_MEMBERS: usize = 1_000;

/// Which archived threads of a channel are listed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Archive {
    Public,
    Private,
}

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

    /// The threads of a guild, archived ones too, oldest first.
    #[must_use]
    pub fn threads_of(&self, guild: GuildId) -> impl DoubleEndedIterator<Item = &Channel> {
        let here = self.channels.values().filter(move |channel| channel.guild == Some(guild));
        here.filter(|channel| channel.thread.is_some())
    }

    /// The threads of a channel or the posts of a forum, oldest first, archived ones too.
    pub fn posts_of(&self, parent: ChannelId) -> impl Iterator<Item = &Channel> {
        self.channels.values().filter(move |channel| channel.is_thread_of(parent))
    }

    /// The archived threads of a channel that `user` may list, last archived first.
    pub(crate) fn archived_threads(
        &self,
        user: UserId,
        parent: ChannelId,
        archive: Archive,
    ) -> Result<Vec<&Channel>, Refusal> {
        let found = self.channel(parent).ok_or(Refusal::UnknownChannel)?;
        let may = self.effective(found, user);
        let mut needs = Permissions::READ_MESSAGE_HISTORY;
        if archive == Archive::Private {
            needs |= Permissions::MANAGE_THREADS;
        }
        if !may.contains(Permissions::VIEW_CHANNEL) {
            return Err(Refusal::MissingAccess);
        }
        if !may.contains(needs) {
            return Err(Refusal::MissingPermissions);
        }
        let is_archived =
            |channel: &&Channel| channel.thread.as_ref().is_some_and(|thread| thread.archived);
        let here = self.posts_of(parent);
        let wanted = archive == Archive::Private;
        let fits = |channel: &&Channel| (channel.kind == ChannelKind::PrivateThread) == wanted;
        let mut list: Vec<_> = here.filter(is_archived).filter(fits).collect();
        list.sort_by_key(|channel| channel.thread.as_ref().map(|thread| thread.archive_changed));
        list.reverse();
        Ok(list)
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
        let begun = message.and_then(|message| self.channel(ChannelId::new(message.get())));
        if begun.is_some() {
            return Err(Refusal::HasThread);
        }
        self.check_room_for_thread(guild)?;
        let mins = new.archive_mins(found.thread_archive_mins);
        if let Some(message) = message {
            self.mark_with_thread(parent, message)?;
        }
        let id = ChannelId::new(message.map_or_else(|| self.next_id(), MessageId::get));
        let mut thread = Thread::new(bot, self.now, mins);
        thread.invitable = new.invitable;
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
            thread_archive_mins: None,
            forum: None,
            thread: Some(thread),
            messages: BTreeMap::new(),
        };
        Ok(self.open_thread(channel))
    }

    /// Puts a new thread into the world.
    pub(super) fn open_thread(&mut self, thread: Channel) -> ChannelId {
        let id = thread.id;
        self.channels.insert(id, thread);
        self.watch_thread(id);
        self.note(Change::ChannelCreated(id));
        id
    }

    pub(super) fn check_room_for_thread(&self, guild: GuildId) -> Result<(), Refusal> {
        let full = self.active_threads(guild).count() >= MAX_ACTIVE;
        if full { Err(Refusal::TooManyThreads) } else { Ok(()) }
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
}
