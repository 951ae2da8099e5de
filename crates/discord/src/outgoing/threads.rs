//! Threads on posts, and posts in forums, which are threads that begin with one.

use jiff::Timestamp;
use muster_domain::id::{ChannelId, GuildId, MessageId};
use muster_domain::text::Title;
use muster_engine::discord::{DiscordError, Mark, Outgoing};
use muster_engine::ports::Env;
use serde::Serialize;

use super::looking::CLOCK_SKEW;
use super::{RestDiscord, said};
use crate::rest::model::{Channel, Threads};
use crate::rest::{Body, RestError, Wire};
use crate::views::message::Message;

/// A forum. (Discord docs: "Channel Types")
pub(super) const FORUM: u64 = 15;

/// A channel's flag that says that posts must have a tag. (Discord docs: "Channel Flags")
const REQUIRE_TAG: u64 = 1 << 4;

/// Minutes without a message after which Discord takes a thread out of the list: as many as it
/// knows, a week. People find it again under its message.
const AUTO_ARCHIVE_MINS: u32 = 10_080;

/// Characters of a thread's name. (Discord docs: "Start Thread from Message")
const NAME_MAX: usize = 100;

/// Threads looked into at most for a post of ours: those of ours that were opened since an attempt.
const LOOKED_INTO_MAX: usize = 50;

/// "The thread is archived": nothing in it can be changed. (Discord docs: "JSON Error Codes")
const ARCHIVED: u32 = 50_083;

/// "Cannot execute action on this channel type".
const WRONG_CHANNEL: u32 = 50_024;

/// "A thread has already been created for this message".
const HAS_THREAD: u32 = 160_004;

#[derive(Serialize)]
struct NewThread<'a> {
    name: &'a str,
    auto_archive_duration: u32,
    #[serde(skip_serializing_if = "Option::is_none")]
    message: Option<&'a Message>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    applied_tags: Vec<&'a str>,
}

impl<'a> NewThread<'a> {
    fn named(name: &'a str) -> Self {
        let (message, applied_tags) = (None, Vec::new());
        Self { name, auto_archive_duration: AUTO_ARCHIVE_MINS, message, applied_tags }
    }
}

impl<E: Env, W: Wire> RestDiscord<E, W> {
    pub(super) async fn thread_on(
        &self,
        channel: ChannelId,
        message: MessageId,
        title: &Title,
    ) -> Result<(), DiscordError> {
        let name = name_of(title);
        let body = Body::json(&NewThread::named(&name));
        match self.rest.start_thread(channel, message, body).await {
            Ok(_) => Ok(()),
            Err(error) if error.code() == HAS_THREAD => Ok(()),
            // There is no place for a thread in a thread.
            Err(error) if error.code() == WRONG_CHANNEL => Err(DiscordError::ChannelGone),
            Err(error) => Err(said(&error)),
        }
    }

    pub(super) async fn renamed(
        &self,
        thread: ChannelId,
        title: &Title,
    ) -> Result<(), DiscordError> {
        self.rest.rename(thread, &name_of(title)).await.map_err(|error| said(&error))
    }

    pub(super) async fn archived(&self, thread: ChannelId) -> Result<(), DiscordError> {
        match self.rest.set_archived(thread, true).await {
            Ok(()) => Ok(()),
            Err(error) if error.code() == ARCHIVED => Ok(()),
            Err(error) => Err(said(&error)),
        }
    }

    pub(super) async fn post_in_forum(
        &self,
        forum: ChannelId,
        message: &Outgoing<'_>,
        mark: impl Future<Output = bool> + Send,
    ) -> Result<MessageId, DiscordError> {
        let (Outgoing::Post(sheet) | Outgoing::PostAgain(sheet)) = message else {
            return Err(DiscordError::Refused("a forum takes only posts of events".into()));
        };
        let rest = self.rest.awaited();
        let found = rest.channel(forum).await.map_err(|error| said(&error))?;
        let (name, rendered) = (name_of(&sheet.event.details.title), self.render(message));
        let tags = tags_for(&found);
        let new =
            NewThread { message: Some(&rendered), applied_tags: tags, ..NewThread::named(&name) };
        let made = rest.start_forum_thread(forum, Body::json(&new), mark).await;
        made.map(|thread| MessageId::new(thread.id.get())).map_err(|error| said(&error))
    }

    /// Looks through the threads of a forum that are ours and not older than `since`, archived ones
    /// too, for the one that begins with this mark.
    pub(super) async fn find_in_forum(
        &self,
        (guild, forum): (GuildId, ChannelId),
        mark: Mark,
        since: Timestamp,
    ) -> Result<Option<MessageId>, DiscordError> {
        let active = self.rest.active_threads(guild).await.map_err(|error| said(&error))?;
        let archived = self.rest.archived_threads(forum).await.map_err(|error| said(&error))?;
        let oldest = ChannelId::new(MessageId::earliest_at(since - CLOCK_SKEW).get());
        let is_candidate = |thread: &Channel| {
            let is_ours = thread.owner_id == Some(self.bot);
            is_ours && thread.parent_id == Some(forum) && thread.id >= oldest
        };
        let all: Vec<ChannelId> = [active, archived]
            .into_iter()
            .flat_map(|Threads { threads, .. }| threads)
            .filter(is_candidate)
            .map(|thread| thread.id)
            .collect();
        if all.len() > LOOKED_INTO_MAX {
            return Err(DiscordError::CannotTell);
        }
        for thread in all {
            let first = MessageId::new(thread.get());
            match self.rest.message(thread, first).await.map_err(|error| said(&error)) {
                Ok(message) if self.is_ours(&message, mark) => return Ok(Some(first)),
                // A thread whose first message is gone was none of what is looked for.
                Ok(_) | Err(DiscordError::MessageGone | DiscordError::ChannelGone) => {}
                Err(error) => return Err(error),
            }
        }
        Ok(None)
    }

    /// Whether nothing came of a change because the thread is archived; then it is taken out, so
    /// that the change can be made.
    pub(super) async fn was_in_archive(
        &self,
        thread: ChannelId,
        done: &Result<(), RestError>,
    ) -> Result<bool, DiscordError> {
        if done.as_ref().map_err(RestError::code) != Err(ARCHIVED) {
            return Ok(false);
        }
        self.rest.set_archived(thread, false).await.map_err(|error| said(&error))?;
        Ok(true)
    }
}

/// What the forum demands: the first tag that everybody may give.
fn tags_for(forum: &Channel) -> Vec<&str> {
    let demanded = forum.flags & REQUIRE_TAG != 0;
    let first = forum.available_tags.iter().find(|tag| !tag.moderated);
    let first = first.or_else(|| forum.available_tags.first());
    first.filter(|_| demanded).map(|tag| tag.id.as_str()).into_iter().collect()
}

fn name_of(title: &Title) -> String {
    title.as_str().chars().take(NAME_MAX).collect()
}
