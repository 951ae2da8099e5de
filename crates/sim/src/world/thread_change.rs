//! Threads as they change: by hand, by writing in them, and by lying quiet; channels too.

use jiff::{SignedDuration, Timestamp};

use super::alarm::Alarm;
use super::forum_store::check_tags;
use super::model::{Channel, Message, Thread};
use super::thread_store::MAX_MEMBERS;
use super::{Accepted, Permissions, Refusal, World};
use crate::ids::{ChannelId, UserId};
use crate::validate::channel::{ChannelChange, PINNED, REQUIRE_TAG};

impl Thread {
    /// When it is archived if nobody does anything in it.
    #[must_use]
    pub fn quiet_at(&self) -> Timestamp {
        let quiet = SignedDuration::from_mins(i64::from(self.auto_archive_mins));
        self.active.checked_add(quiet).unwrap_or(Timestamp::MAX)
    }

    fn set_archived(&mut self, archived: bool, now: Timestamp) {
        self.archived = archived;
        self.archive_changed = now;
        if !archived {
            self.active = now;
        }
    }
}

impl World {
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
        if let Some(wanted) = &change.tags {
            let parent = found.parent.and_then(|parent| self.channel(parent));
            check_tags(parent.ok_or(Refusal::WrongChannelKind)?, wanted, may)?;
        }
        let now = self.now;
        self.edit_channel(id, |channel| apply(channel, change, now));
        self.watch_thread(id);
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
        if let Some(app) = self.app_of_bot(bot).map(|app| app.id) {
            self.accept(app, Accepted::Emptied { channel: id });
        }
        self.remove_channel(id);
        Ok(())
    }

    /// Whether `author` may write in a thread as it is now.
    pub(super) fn check_thread(&self, channel: &Channel, author: UserId) -> Result<(), Refusal> {
        let locked = channel.thread.as_ref().is_some_and(|thread| thread.locked);
        let manages = || self.effective(channel, author).contains(Permissions::MANAGE_THREADS);
        if locked && !manages() { Err(Refusal::ThreadLocked) } else { Ok(()) }
    }

    /// Writing in a thread takes it out of the archive, and lets the author in.
    pub(super) fn wake_thread(&mut self, message: &Message) {
        let (id, author, now) = (message.channel, message.author, self.now);
        // What a post begins with is not counted.
        let begins = message.id.get() == id.get();
        let Some(thread) = self.channel(id).and_then(|channel| channel.thread.as_ref()) else {
            return;
        };
        let (sleeps, new) = (thread.archived, !thread.members.contains_key(&author));
        if sleeps || new {
            self.edit_thread(id, |thread| {
                if thread.archived {
                    thread.set_archived(false, now);
                }
                if thread.members.len() < MAX_MEMBERS {
                    thread.members.entry(author).or_insert(now);
                }
            });
        }
        if let Some(thread) = self.channels.get_mut(&id).and_then(|found| found.thread.as_mut()) {
            thread.active = now;
            thread.sent += u64::from(!begins);
        }
        if sleeps {
            self.watch_thread(id);
        }
    }

    /// Has a thread archived once it was quiet for long enough.
    pub(super) fn watch_thread(&mut self, id: ChannelId) {
        let thread = self.channel(id).and_then(|channel| channel.thread.as_ref());
        if let Some(thread) = thread.filter(|thread| !thread.archived && !thread.post.pinned) {
            let at = thread.quiet_at();
            self.ring_at(at, Alarm::Thread(id));
        }
    }

    /// Archives a thread in which nothing has happened for its time, or looks again later.
    pub(super) fn archive_if_quiet(&mut self, id: ChannelId) {
        let thread = self.channel(id).and_then(|channel| channel.thread.as_ref());
        let Some(thread) = thread.filter(|thread| !thread.archived && !thread.post.pinned) else {
            return;
        };
        let at = thread.quiet_at();
        if at > self.now {
            self.ring_at(at, Alarm::Thread(id));
            return;
        }
        self.edit_thread(id, |thread| thread.set_archived(true, at));
    }

    pub(super) fn edit_thread(&mut self, id: ChannelId, edit: impl FnOnce(&mut Thread)) {
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
    !thread.locked && ((only_wakes && writes) || (thread.owner == bot && change.is_for_owners()))
}

fn apply(channel: &mut Channel, change: &ChannelChange, now: Timestamp) {
    if let Some(name) = &change.name {
        channel.name.clone_from(name);
    }
    if let Some(topic) = &change.topic {
        channel.topic = Some(topic.clone()).filter(|topic| !topic.is_empty());
    }
    channel.slowmode_s = change.slowmode_s.unwrap_or(channel.slowmode_s);
    if channel.thread.is_none() {
        channel.thread_archive_mins = change.thread_archive_mins.or(channel.thread_archive_mins);
    }
    if let (Some(forum), Some(flags)) = (&mut channel.forum, change.flags) {
        forum.requires_tag = flags & REQUIRE_TAG != 0;
    }
    if let Some(thread) = &mut channel.thread {
        apply_to_thread(thread, change, now);
    }
}

fn apply_to_thread(thread: &mut Thread, change: &ChannelChange, now: Timestamp) {
    thread.locked = change.locked.unwrap_or(thread.locked);
    thread.invitable = change.invitable.unwrap_or(thread.invitable);
    if let Some(mins) = change.auto_archive_mins {
        thread.auto_archive_mins = mins;
        thread.active = now;
    }
    if let Some(tags) = &change.tags {
        thread.post.tags = tags.iter().copied().collect();
    }
    if let Some(flags) = change.flags {
        thread.post.pinned = flags & PINNED != 0;
    }
    if let Some(archived) = change.archived {
        thread.set_archived(archived, now);
    }
}
