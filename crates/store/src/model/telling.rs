//! What an organiser tells those who are coming, and how far that is.

use jiff::Timestamp;
use muster_domain::id::{DeliveryId, EventId, GuildId, InteractionId, UserId};
use muster_domain::notice::TOLD;
use muster_domain::reminder::Audience;
use muster_domain::text::Announcement;

/// Something to be told to those who are coming, or may come.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TellRequest {
    /// The guild that it comes from. An event of another guild does not exist for it.
    pub guild: GuildId,
    /// About which event.
    pub event: EventId,
    /// Who tells it.
    pub by: UserId,
    /// What is told.
    pub words: Announcement,
    /// Whom it is for, of [`TOLD`].
    pub audience: Audience,
    /// The interaction; a repeat of it tells nothing again.
    pub interaction: InteractionId,
    /// When it was received.
    pub at: Timestamp,
}

/// What became of it. What is planned is on disk.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Told {
    /// The guild has no such event, or it was deleted.
    NoSuchEvent,
    /// It is for nobody.
    Nobody,
    /// So much was told about this event that there is something new from then on only.
    NotBefore(Timestamp),
    /// It goes out.
    Planned(Telling),
}

/// How many something would reach.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Reach {
    /// All whom it is for.
    pub members: usize,
    /// How many of them have no place.
    pub placeless: usize,
    /// How many of them want direct messages.
    pub direct: usize,
}

/// How many something would reach, for each of [`TOLD`] in that order.
pub type Reaches = [Reach; TOLD.len()];

/// Something that was told, and how far that is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Telling {
    /// Its first message, by which it is known.
    pub first: DeliveryId,
    /// Whom it is for.
    pub audience: Audience,
    /// When it was to go out.
    pub due: Timestamp,
    /// Whether it was taken back before anything left.
    pub is_taken_back: bool,
    /// The messages in the event's channel.
    pub parts: Progress,
    /// The direct messages.
    pub direct: Progress,
}

/// How far a number of messages is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Progress {
    /// All of them.
    pub all: usize,
    /// Those that Discord has.
    pub sent: usize,
    /// Those that it will not have: members may close their messages.
    pub failed: usize,
}

impl Progress {
    /// Those that are still to come.
    #[must_use]
    pub const fn waiting(self) -> usize {
        self.all.saturating_sub(self.sent).saturating_sub(self.failed)
    }
}
