//! The history of an event: what organisers did to it, and what became of answers.

use jiff::Timestamp;
use muster_domain::answer_option::OptionId;
use muster_domain::id::{ChannelId, UserId};
use muster_domain::roster::{Guests, Place, Signup};

use super::Presence;

/// Who does something, and when.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Cause {
    /// Who.
    pub by: UserId,
    /// When.
    pub at: Timestamp,
}

/// One line of the history.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct HistoryLine {
    /// The version of the event that came of it, or stood when it happened.
    pub version: u64,
    /// When.
    pub at: Timestamp,
    /// Who did it.
    pub by: UserId,
    /// What.
    pub what: Happened,
}

/// What happened.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Happened {
    /// Something was done to the event.
    Event(EventStep),
    /// An organiser took back what they had done to the event, which amounts to this.
    Undone(EventStep),
    /// An answer changed.
    Signup {
        /// Whose.
        member: UserId,
        /// In which way.
        way: SignupWay,
        /// What it was; `None` if there was none.
        before: Option<LoggedAnswer>,
        /// What it is; `None` if it was taken back.
        now: Option<LoggedAnswer>,
    },
    /// Somebody was marked as having been there or not.
    Presence {
        /// Who.
        member: UserId,
        /// What they were marked as; `None` for not known.
        before: Option<Presence>,
        /// What they are marked as.
        now: Option<Presence>,
    },
    /// Something was done to what goes with the event.
    Deed(Deed),
}

/// What was done to what goes with an event.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Deed {
    /// Its reminders were changed.
    Reminders,
    /// It was to be posted again, in this channel.
    Reposted(ChannelId),
    /// Those who are coming were told something.
    Told,
}

/// What was done to an event.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum EventStep {
    /// It was created.
    Created,
    /// Its details were edited.
    Edited,
    /// It was called off.
    Cancelled,
    /// It takes place after all.
    Restored,
    /// Its answers were closed.
    Closed,
    /// Its answers were opened again.
    Reopened,
    /// It was taken back.
    Deleted,
    /// It got other rules.
    Rules,
    /// It offers other answers.
    Options,
    /// It got another picture, or none.
    Image,
}

/// In which way an answer changed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SignupWay {
    /// By the member.
    Tap,
    /// A place became free.
    Promoted,
    /// There are fewer places.
    Unseated,
    /// A place became free and is held for the member to accept.
    Offered,
    /// The member let that time pass.
    Passed,
    /// By an organiser.
    Organiser,
    /// Its option means something else now, or is another one.
    Reassigned,
    /// The member said something beside it.
    Details,
    /// The member had everything about them erased.
    Erased,
}

/// An answer as the history has it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct LoggedAnswer {
    /// The option.
    pub option: OptionId,
    /// Whether it had a place.
    pub place: LoggedPlace,
    /// Who came along.
    pub guests: Guests,
}

/// Whether an answer had a place.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LoggedPlace {
    /// It had.
    Seated,
    /// It waited.
    Waiting,
    /// A place was held.
    Offered,
    /// An offer had lapsed.
    Passed,
}

impl LoggedPlace {
    /// The place; an offer, whose end the history does not have, is open until this instant.
    pub(crate) const fn until(self, end: Timestamp) -> Place {
        match self {
            Self::Seated => Place::Seated,
            Self::Waiting => Place::Waiting,
            Self::Offered => Place::Offered(end),
            Self::Passed => Place::Passed,
        }
    }
}

impl From<Place> for LoggedPlace {
    fn from(place: Place) -> Self {
        match place {
            Place::Seated => Self::Seated,
            Place::Waiting => Self::Waiting,
            Place::Offered(_) => Self::Offered,
            Place::Passed => Self::Passed,
        }
    }
}

impl From<Signup> for LoggedAnswer {
    fn from(signup: Signup) -> Self {
        let Signup { option, place, guests, .. } = signup;
        Self { option, place: place.into(), guests }
    }
}
