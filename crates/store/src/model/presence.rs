//! Who was there, of those who had said that they come or came without a place.

use std::fmt;

use jiff::Timestamp;
use muster_domain::event::Event;
use muster_domain::id::{EventId, GuildId, InteractionId, UserId};

/// Whether somebody was there who had said that they come.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Presence {
    /// They were.
    Present,
    /// They were not.
    Absent,
}

/// From what the codes are derived with which members check in to an event. It cannot be printed.
#[derive(Clone, PartialEq, Eq)]
pub struct CheckInSecret([u8; 32]);

impl CheckInSecret {
    /// These bytes, which nobody can guess.
    #[must_use]
    pub const fn new(bytes: [u8; 32]) -> Self {
        Self(bytes)
    }

    /// The secret itself, to derive codes from it and to keep it.
    #[must_use]
    pub const fn expose(&self) -> &[u8; 32] {
        &self.0
    }
}

impl fmt::Debug for CheckInSecret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("CheckInSecret(…)")
    }
}

/// Whom a mark is for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Marked {
    /// These, as far as they have a place.
    Members(Vec<UserId>),
    /// These, as far as they have answered: also who came without a place. Without one somebody is
    /// present or not marked at all, and never absent.
    Answered(Vec<UserId>),
    /// All who have a place.
    Everybody,
    /// All who have a place and are not marked yet.
    TheRest,
}

/// A mark to be made, or taken away.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MarkRequest {
    /// The guild that it comes from. An event of another guild does not exist for it.
    pub guild: GuildId,
    /// The event.
    pub event: EventId,
    /// Whom it is for.
    pub whom: Marked,
    /// What they are marked as; `None` for not known.
    pub presence: Option<Presence>,
    /// Who makes it: a member who checks in, or an organiser.
    pub by: UserId,
    /// The interaction that it comes with; a repeat of the same one changes nothing.
    pub interaction: InteractionId,
    /// When.
    pub at: Timestamp,
}

/// Marks to be taken back.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct UnmarkRequest {
    /// The guild that it comes from.
    pub guild: GuildId,
    /// The event.
    pub event: EventId,
    /// The interaction that made them.
    pub made_with: InteractionId,
    /// Who takes them back.
    pub by: UserId,
    /// The interaction that asks for it; a repeat of the same one changes nothing.
    pub interaction: InteractionId,
    /// When.
    pub at: Timestamp,
}

/// What became of a mark. What is reported here is on disk.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum MarkOutcome {
    /// The guild has no such event.
    NoSuchEvent,
    /// It is made, for so many members; the same mark as before counts as none.
    Made(usize),
}

/// An event with who was there.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PresenceList {
    /// The event.
    pub event: Event,
    /// How many are marked as present.
    pub present: usize,
    /// How many are marked as absent.
    pub absent: usize,
    /// Who has a place, option by option in order, and then who came without one, as far as asked
    /// for.
    pub rows: Vec<(UserId, Option<Presence>)>,
    /// How many have a place, or came without one.
    pub total: usize,
}
