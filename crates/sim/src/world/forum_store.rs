//! Posts in forums: threads that begin with a message of their own (Discord docs: start thread in
//! forum or media channel).

use std::collections::{BTreeMap, BTreeSet};

use super::message_store::Writing;
use super::model::{Channel, ChannelKind, Thread};
use super::{Permissions, Refusal, Upload, World};
use crate::ids::{AppId, ChannelId, MessageId, TagId};
use crate::validate::channel::NewThread;
use crate::validate::message::Draft;

/// The most tags of a post (Discord docs: channel object).
const MAX_TAGS: usize = 5;

impl World {
    /// A bot makes a post. Its first message has the id of the post.
    pub(crate) fn start_post(
        &mut self,
        app: AppId,
        forum: ChannelId,
        (new, draft): (NewThread, Draft),
        uploads: Vec<Upload>,
    ) -> Result<ChannelId, Refusal> {
        let bot = self.app(app).ok_or(Refusal::UnknownApplication)?.bot;
        let found = self.channel(forum).ok_or(Refusal::UnknownChannel)?;
        let guild = found.guild.ok_or(Refusal::WrongChannelKind)?;
        let may = self.check_writing(found, bot, &draft, &uploads)?;
        let tags = check_tags(found, &new.tags, may)?;
        if found.forum.as_ref().is_some_and(|forum| forum.requires_tag) && tags.is_empty() {
            return Err(Refusal::TagRequired);
        }
        if draft.is_empty() && uploads.is_empty() {
            return Err(Refusal::EmptyMessage);
        }
        self.check_room_for_thread(guild)?;
        let mut thread = Thread::new(bot, self.now, new.archive_mins(found.thread_archive_mins));
        thread.post.tags = tags;
        let id = self.next_id();
        let post = Channel {
            id: ChannelId::new(id),
            kind: ChannelKind::PublicThread,
            guild: Some(guild),
            name: new.name,
            topic: None,
            parent: Some(forum),
            position: 0,
            overwrites: Vec::new(),
            recipients: Vec::new(),
            slowmode_s: new.slowmode_s,
            thread_archive_mins: None,
            forum: None,
            thread: Some(thread),
            messages: BTreeMap::new(),
        };
        let post = self.open_thread(post);
        let writing = Writing {
            author: bot,
            app: Some(app),
            channel: post,
            kind: 0,
            origin: None,
            only_for: None,
        };
        self.write_as(MessageId::new(id), writing, draft, uploads)?;
        Ok(post)
    }
}

/// The tags that a post gets, if they exist and may be given.
pub(super) fn check_tags(
    forum: &Channel,
    wanted: &[TagId],
    may: Permissions,
) -> Result<BTreeSet<TagId>, Refusal> {
    let known = forum.forum.as_ref().map(|forum| forum.tags.as_slice()).unwrap_or_default();
    for id in wanted {
        let tag = known.iter().find(|tag| tag.id == *id).ok_or(Refusal::UnknownTag)?;
        if tag.moderated && !may.contains(Permissions::MANAGE_THREADS) {
            return Err(Refusal::MissingPermissions);
        }
    }
    Ok(wanted.iter().copied().take(MAX_TAGS).collect())
}
