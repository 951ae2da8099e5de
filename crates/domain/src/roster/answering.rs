//! What members ask of a roster, and what they are told.

use jiff::Timestamp;

use super::{Guests, Place, Sequence, Signup};
use crate::answer_option::OptionId;
use crate::id::UserId;

/// What a member answers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Answering {
    /// Who answers.
    pub member: UserId,
    /// The option picked.
    pub option: OptionId,
    /// Who comes along.
    pub guests: Guests,
    /// Whether the member stands before others in line.
    pub priority: bool,
    /// The member agrees to lose a place that is held now.
    pub may_lose_place: bool,
}

impl Answering {
    /// A plain tap: alone, without priority, and not willing to lose a place.
    #[must_use]
    pub const fn alone(member: UserId, option: OptionId) -> Self {
        let guests = Guests::NONE;
        Self { member, option, guests, priority: false, may_lose_place: false }
    }
}

/// When something happens to a roster.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Moment {
    /// The wall clock, from which offers count.
    pub now: Timestamp,
    /// Larger than every sequence that the roster has seen.
    pub next: Sequence,
}

/// What became of an answer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Answer {
    /// It was taken.
    Taken {
        /// The answer before, if there was one.
        before: Option<Signup>,
        /// The answer now.
        now: Signup,
        /// Others who moved because of it.
        moved: Moved,
    },
    /// The member had given the same answer already; nothing changed.
    Same(Signup),
    /// It would cost the member the place that this answer holds; nothing changed.
    WouldLosePlace(Signup),
    /// The event does not offer this option.
    NoSuchOption,
}

/// Members who moved as a consequence, each list in the order of the line.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Moved {
    /// Got a place.
    pub promoted: Vec<UserId>,
    /// Are offered a place.
    pub offered: Vec<UserId>,
    /// Lost their place to the line.
    pub unseated: Vec<UserId>,
    /// Let their offer lapse.
    pub passed: Vec<UserId>,
}

impl Moved {
    /// Adds a member who has or is offered a place now.
    pub(super) fn came_up(&mut self, member: UserId, place: Place) {
        match place {
            Place::Offered(_) => self.offered.push(member),
            Place::Seated | Place::Waiting | Place::Passed => self.promoted.push(member),
        }
    }
}
