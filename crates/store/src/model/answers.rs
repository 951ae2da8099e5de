//! What members ask of an event, by themselves or through an organiser, and what became of it.

use jiff::Timestamp;
use muster_domain::answer_option::OptionId;
use muster_domain::event::Phase;
use muster_domain::id::{EventId, GuildId, InteractionId, MessageId, RoleId, UserId};
use muster_domain::roster::{Answer, Guests, Moved, NotSwapped, Signup};
use muster_domain::rules::NotEligible;
use muster_domain::sheet::Sheet;
use muster_domain::signup_details::DetailsChange;

use super::Cause;

/// What is asked for a member.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Ask {
    /// To answer so. Guests of an answer that is coming come along to another one that is.
    Pick {
        /// The option.
        option: OptionId,
        /// Whether the place that the present answer holds may be lost.
        may_lose_place: bool,
    },
    /// To answer so although that may cost the place which the present answer holds, as an
    /// organiser who was asked insists. The member stands before others in line if they did until
    /// now.
    Move(OptionId),
    /// To have this answer with the place of another member, who has it and gets what this one had
    /// instead; as an organiser wants it.
    Swap {
        /// With whom.
        with: UserId,
        /// The answer that the other one has.
        option: OptionId,
    },
    /// To bring so many guests, with the present answer. Fewer than that has can be brought until
    /// the event begins, also once answers have closed.
    Guests(Guests),
    /// To take the place that is held for the member: under this option, or whichever it is.
    Accept(Option<OptionId>),
    /// To take the answer back for which a place is held.
    Decline,
    /// To take the answer back; until the event begins also once answers have closed.
    Withdraw,
    /// To have the answer as it was before the change for the member that made this version of
    /// the event, if who asks made it, a moment ago, and nobody has answered since. What was
    /// swapped is put back for both.
    PutBack(u64),
}

/// Why an answer was not put back.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NotPutBack {
    /// This member has given or changed the answer since.
    AnsweredSince(UserId),
    /// The time in which it can be has passed, or nothing is known of it any more.
    TooLate,
}

/// One member's answer, given by themselves or by an organiser.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Tap {
    /// The guild that it comes from. An event of another guild does not exist for it.
    pub guild: GuildId,
    /// The event.
    pub event: EventId,
    /// Whose answer it is.
    pub member: UserId,
    /// Who gives it.
    pub by: UserId,
    /// What is asked.
    pub ask: Ask,
    /// The member's roles, on which the event's rules look.
    pub roles: Box<[RoleId]>,
    /// Whether an organiser insists: then an event takes it until it is over, whoever the member
    /// is and however many guests they bring.
    pub force: bool,
    /// The interaction. One of the member's own that is not newer than their last one changes
    /// nothing, so that a repeat after a restart cannot undo a later answer. One of somebody else's
    /// changes nothing the second time, and leaves the member's own alone.
    pub interaction: InteractionId,
    /// When it was received.
    pub at: Timestamp,
}

impl Tap {
    /// Whether the member acts themselves.
    #[must_use]
    pub fn is_own(&self) -> bool {
        self.by == self.member
    }

    /// Who gives the answer, and when.
    #[must_use]
    pub const fn cause(&self) -> Cause {
        Cause { by: self.by, at: self.at }
    }
}

/// What became of a tap, and where the event's post is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TapAnswer {
    /// What became of the tap.
    pub tapped: Tapped,
    /// The message that is the event's post, as far as is known here; `None` without a post.
    pub post: Option<MessageId>,
}

/// What became of a tap. Everything reported here is on disk.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Tapped {
    /// The guild has no such event, or it was deleted.
    NoSuchEvent,
    /// The event takes no answers now.
    Closed(Phase, Box<Sheet>),
    /// The event's rules do not let the member answer so.
    NotEligible(NotEligible, Box<Sheet>),
    /// It would cost the place that this answer holds, and nobody agreed to that.
    WouldLosePlace(Signup, Box<Sheet>),
    /// It would cost any hope of a place, as with this option there will never be room for so many
    /// guests: so many people at most can pick it together.
    NeverRoom(OptionId, usize, Box<Sheet>),
    /// The member has not said that they are coming, so nobody can come along.
    NoAnswerYet(Box<Sheet>),
    /// The roster decided.
    Answered(Answer, Box<Sheet>),
    /// The answer was taken back.
    Withdrawn {
        /// The answer that was taken back.
        before: Signup,
        /// Members who moved because of it.
        moved: Moved,
        /// What the post shows now.
        sheet: Box<Sheet>,
    },
    /// No place is held for the member so, which is neither taken nor let go.
    NotHeld(Box<Sheet>),
    /// There was no answer to take back.
    NothingToWithdraw(Box<Sheet>),
    /// The two did not swap; nothing changed.
    NotSwapped(NotSwapped, Box<Sheet>),
    /// The answer was not put back; nothing changed.
    NotPutBack(NotPutBack, Box<Sheet>),
    /// This tap, or a later one of the member, was handled before; nothing changed.
    Repeated(Box<Sheet>),
}

/// What a member says beside an answer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DescribeRequest {
    /// The guild that it comes from. An event of another guild does not exist for it.
    pub guild: GuildId,
    /// The event.
    pub event: EventId,
    /// Whose answer it is.
    pub member: UserId,
    /// Who says it.
    pub by: UserId,
    /// What is said.
    pub change: DetailsChange,
    /// The interaction. One that is not newer than the last one that said something about this
    /// answer changes nothing.
    pub interaction: InteractionId,
    /// When it was received.
    pub at: Timestamp,
}

/// What became of it. Everything reported here is on disk.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Described {
    /// The guild has no such event, or it was deleted.
    NoSuchEvent,
    /// The event is over or cancelled.
    Closed(Phase, Box<Sheet>),
    /// The member has not answered.
    NoAnswerYet(Box<Sheet>),
    /// The event was moved meanwhile, and the member would not come and go during it.
    Moved(Box<Sheet>),
    /// It had been said already, or something newer had.
    Repeated(Box<Sheet>),
    /// It is kept; what the post shows now.
    Kept(Box<Sheet>),
}
