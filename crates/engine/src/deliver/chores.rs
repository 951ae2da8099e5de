//! Does what is to be done about posts beside sending and editing them: opens threads, names and
//! archives them, deletes messages. Each is the same however often it is done, so that a crash
//! costs nothing but doing the last one once more.

use std::time::Duration;

use jiff::Timestamp;
use muster_domain::event::Phase;
use muster_domain::id::{ChannelId, GuildId};
use muster_domain::text::Title;
use muster_store::StoreError;
use muster_store::model::{Chore, ChoreEnd, ChoreKind, GivenUpCause, Posted};
use muster_store::port::{Chores as _, Events as _};
use tracing::{info, warn};

use crate::app::{App, World};
use crate::background::{CHORE, Step};
use crate::discord::{Discord, DiscordError};
use crate::limits::{
    CHORE_RETRY, CHORE_TRIES_MAX, CHORES_AT_ONCE, RENAME_UNCLEAR_PAUSE, STORE_FAILED_PAUSE,
    UNREADABLE_PAUSE,
};
use crate::ports::Clock as _;
use crate::refusal::Stop;

/// How long a thread waits for the edit of the post in it.
const EDITED_FIRST: Duration = Duration::from_secs(10);

/// How often it does.
const EDITED_FIRST_TRIES: u32 = 6;

impl<W: World> App<W> {
    /// Does chores until the end comes. Run once per application, on a task of its own.
    pub async fn run_chores(self) {
        let _under_way = self.begin_work();
        while !self.is_closing() {
            match self.do_chores().await {
                Ok(0) => {
                    let next = self.store().next_chore().await;
                    self.wait_for_next("chore", next, self.chores_changed()).await;
                }
                Ok(_) => {}
                Err(error) => {
                    warn!(%error, "chores could not be read or stored");
                    self.until_closing(self.env().sleep(STORE_FAILED_PAUSE)).await;
                }
            }
        }
    }

    /// Returns how much there was to do.
    async fn do_chores(&self) -> Result<usize, StoreError> {
        let due = self.store().due_chores(self.now(), CHORES_AT_ONCE).await?;
        let done = due.len();
        for chore in due {
            if self.is_closing() {
                break;
            }
            self.step(CHORE, self.do_chore(chore)).await?;
        }
        Ok(done)
    }

    async fn do_chore(&self, chore: Chore) -> Result<Step, StoreError> {
        let posted = match self.store().event(chore.guild, chore.event).await {
            // It holds up no other.
            Err(StoreError::Corrupt(why)) => {
                warn!(event = %chore.event, %why, "an event cannot be read; a chore about it waits");
                Err(ChoreEnd::Later(self.after(UNREADABLE_PAUSE)))
            }
            read => Ok(read?.filter(|posted| is_wanted(chore, posted, self.now()))),
        };
        let end = match posted {
            Err(later) => later,
            Ok(None) => ChoreEnd::Unwanted,
            Ok(Some(posted)) if self.is_edited_first(chore, &posted) => {
                ChoreEnd::Later(self.after(EDITED_FIRST))
            }
            Ok(Some(posted)) => self.ask_discord(chore, &posted).await,
        };
        let came = match end {
            ChoreEnd::Done | ChoreEnd::Named(_) | ChoreEnd::Unwanted => Step::Done,
            ChoreEnd::Later(_) => Step::PutOff,
            ChoreEnd::GivenUp(_) => Step::GivenUp,
        };
        self.store().chore_ended(chore, end, self.now()).await?;
        Ok(came)
    }

    async fn ask_discord(&self, chore: Chore, posted: &Posted) -> ChoreEnd {
        let title = &posted.sheet.event.details.title;
        let done = match chore.kind {
            ChoreKind::OpenThread => {
                self.discord().open_thread(chore.channel, chore.message, title).await
            }
            ChoreKind::RenameThread => self.discord().rename_thread(chore.channel, title).await,
            ChoreKind::DeleteMessage => self.discord().delete(chore.channel, chore.message).await,
            ChoreKind::ArchiveThread => self.discord().archive_thread(chore.channel).await,
        };
        self.end_of(chore, done, title)
    }

    /// Whether a post is to show its event's end before the thread that it is in is archived: it
    /// could not be edited then without taking the thread out again.
    fn is_edited_first(&self, chore: Chore, posted: &Posted) -> bool {
        let post = &posted.post;
        chore.kind == ChoreKind::ArchiveThread
            && post.channel == chore.channel
            && chore.attempts < EDITED_FIRST_TRIES
            && post.message.is_some_and(|message| self.is_stale(posted, message))
    }

    fn end_of(&self, chore: Chore, done: Result<(), DiscordError>, title: &Title) -> ChoreEnd {
        let wait = match done {
            Ok(()) => {
                return match chore.kind {
                    ChoreKind::OpenThread | ChoreKind::RenameThread => {
                        ChoreEnd::Named(title.clone())
                    }
                    ChoreKind::DeleteMessage | ChoreKind::ArchiveThread => ChoreEnd::Done,
                };
            }
            Err(DiscordError::MessageGone | DiscordError::ChannelGone) => {
                // Whoever deleted it did what was wanted, and without a message there is no thread.
                return match chore.kind {
                    ChoreKind::OpenThread | ChoreKind::RenameThread => ChoreEnd::Unwanted,
                    ChoreKind::DeleteMessage | ChoreKind::ArchiveThread => ChoreEnd::Done,
                };
            }
            Err(
                error @ (DiscordError::Forbidden
                | DiscordError::CannotTell
                | DiscordError::Refused(_)),
            ) => {
                return given_up(chore, &error);
            }
            Err(error) if chore.attempts >= CHORE_TRIES_MAX => return given_up(chore, &error),
            Err(DiscordError::Later(wait)) => wait.max(CHORE_RETRY.full(chore.attempts)),
            // It may have been done, and Discord takes few new names of a thread.
            Err(DiscordError::Unclear(_)) if chore.kind == ChoreKind::RenameThread => {
                CHORE_RETRY.full(chore.attempts).max(RENAME_UNCLEAR_PAUSE)
            }
            Err(DiscordError::Unclear(_)) => CHORE_RETRY.full(chore.attempts),
        };
        ChoreEnd::Later(self.after(wait))
    }

    /// Remembers which of a guild's channels are forums, as Discord told with an interaction.
    pub async fn note_forums(&self, guild: GuildId, forums: Vec<ChannelId>) -> Result<(), Stop> {
        if forums.is_empty() {
            return Ok(());
        }
        Ok(self.store().note_forums(guild, forums).await?)
    }
}

fn given_up(chore: Chore, error: &DiscordError) -> ChoreEnd {
    let Chore { guild, event, channel, .. } = chore;
    let what = match chore.kind {
        ChoreKind::OpenThread => "a thread could not be opened",
        ChoreKind::RenameThread => "a thread could not be renamed",
        ChoreKind::DeleteMessage => "a post could not be deleted",
        ChoreKind::ArchiveThread => "a thread could not be archived",
    };
    warn!(%guild, %event, %channel, %error, "{what}");
    ChoreEnd::GivenUp(match error {
        DiscordError::Forbidden => GivenUpCause::Forbidden,
        DiscordError::Unclear(_)
        | DiscordError::Later(_)
        | DiscordError::MessageGone
        | DiscordError::ChannelGone
        | DiscordError::CannotTell
        | DiscordError::Refused(_) => GivenUpCause::Other(error.to_string()),
    })
}

/// Whether a chore is still to be done. What is about the event's present post has its time in the
/// life of the event: the end may have moved since it was planned.
fn is_wanted(chore: Chore, posted: &Posted, now: Timestamp) -> bool {
    let (event, post) = (&posted.sheet.event, &posted.post);
    let is_over = event.details.span.end() <= now || event.phase(now) == Phase::Deleted;
    let is_present = post.thread == Some(chore.channel) || post.channel == chore.channel;
    let wanted = match chore.kind {
        ChoreKind::OpenThread => {
            let phase = event.phase(now);
            post.message == Some(chore.message)
                && post.gone_at.is_none()
                && matches!(phase, Phase::Open | Phase::Closed | Phase::Running)
        }
        ChoreKind::DeleteMessage => post.message != Some(chore.message) || is_over,
        // What is over may be in the archive for good.
        ChoreKind::RenameThread => is_present && post.gone_at.is_none() && !is_over,
        ChoreKind::ArchiveThread => !is_present || is_over,
    };
    if !wanted {
        info!(event = %event.id, kind = ?chore.kind, "a chore about a post is not wanted any more");
    }
    wanted
}
