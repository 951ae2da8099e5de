//! Chores: what is to be done about posts beside sending and editing them.

use jiff::Timestamp;
use muster_domain::id::{ChannelId, EventId, GuildId, MessageId};
use muster_domain::text::Title;

use super::FailedCause;

/// Something to be done about an event's post. Doing it twice is as good as doing it once.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Chore {
    /// What is to be done.
    pub kind: ChoreKind,
    /// In which guild.
    pub guild: GuildId,
    /// Because of which event.
    pub event: EventId,
    /// Where: the channel of the message, or the thread.
    pub channel: ChannelId,
    /// The message; of a thread, its number.
    pub message: MessageId,
    /// How often it was tried without an end.
    pub attempts: u32,
}

/// What is to be done.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum ChoreKind {
    /// A thread is opened on the message.
    OpenThread,
    /// The thread is given the title that the event has by then.
    RenameThread,
    /// The message is deleted: the event is over and its guild wants that, or another message is
    /// the event's post by now.
    DeleteMessage,
    /// The thread is archived, for the same reasons.
    ArchiveThread,
}

/// How an attempt ended.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ChoreEnd {
    /// It is done.
    Done,
    /// It is done, and the thread has this name. Where the event has another title by now, that is
    /// still to be done.
    Named(Title),
    /// Nobody wants it any more.
    Unwanted,
    /// It is tried again then.
    Later(Timestamp),
    /// It cannot be done, for this reason; an organiser has to change something.
    GivenUp(GivenUpCause),
}

/// Why a chore cannot be done.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum GivenUpCause {
    /// The bot may not do it there.
    Forbidden,
    /// Something else, in words for whoever looks after the server.
    Other(String),
}

/// A chore that could not be done.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct GivenUp {
    /// Which one.
    pub chore: Chore,
    /// The title of its event.
    pub title: Title,
    /// When it was given up.
    pub at: Timestamp,
    /// Why, as far as somebody can mend it.
    pub cause: FailedCause,
    /// Why, in words for whoever looks after the server.
    pub reason: String,
}
