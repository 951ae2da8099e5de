//! A member's tap: the store's decision, and what follows from it.

use muster_domain::answer_option::OptionId;
use muster_domain::event::Event;
use muster_domain::id::{EventId, GuildId, InteractionId, MessageId, RoleId, UserId};
use muster_domain::rights::Actor;
use muster_domain::roster::{Answer, Moved, Signup};
use muster_domain::rules::NotEligible;
use muster_domain::sheet::Sheet;
use muster_store::model::{Ask, NotPutBack, RosterLine, Tap, TapAnswer, Tapped};
use muster_store::port::Events;

use crate::app::{App, World};
use crate::refusal::{Refusal, Stop};

/// What a tap led to. The sheet is the newest committed one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum TapOutcome {
    /// The answer was taken, now or by an earlier delivery of the same tap.
    Taken(Box<Sheet>),
    /// The member had given this answer before.
    Same(Signup, Box<Sheet>),
    /// This option would cost the place that the answer holds; nothing was changed.
    WouldLosePlace(Signup, OptionId, Box<Sheet>),
    /// The answer was taken back.
    Withdrawn(Box<Sheet>),
    /// No place is held for the member so; nothing was changed.
    NotHeld(Box<Sheet>),
    /// The event takes no answers now.
    Closed(Box<Sheet>),
}

/// What a member taps.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TapRequest {
    /// The event.
    pub event: EventId,
    /// What the member asks for.
    pub ask: Ask,
    /// The interaction that it came with.
    pub interaction: InteractionId,
    /// The message that the answer will change, if it is a post.
    pub post: Option<MessageId>,
}

/// What a member for whom a place is held says to that.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum OfferReply {
    /// Takes it.
    Accept,
    /// Takes the answer back, so that the next one gets it.
    Decline,
}

/// What came of a reply to the offer of a place.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OfferAnswered {
    /// What became of the reply.
    pub outcome: TapOutcome,
    /// What the member has answered now, if anything.
    pub line: Option<RosterLine>,
}

impl<W: World> App<W> {
    /// Takes a member's answer to an event, or takes it back. Returns once it is on disk.
    pub async fn tap(&self, actor: &Actor, request: TapRequest) -> Result<TapOutcome, Stop> {
        let TapRequest { event, ask, interaction, post: tapped_on } = request;
        let tap = Tap {
            guild: actor.guild,
            event,
            member: actor.user,
            by: actor.user,
            ask,
            roles: actor.roles.clone().into(),
            force: false,
            interaction,
            at: self.now(),
        };
        let TapAnswer { tapped, post } = self.store().tap(tap).await?;
        if let (Some(post), Some(tapped_on)) = (post, tapped_on)
            && post != tapped_on
        {
            self.board().writes_a_copy(event);
        }
        if tapped == Tapped::NoSuchEvent {
            self.note_if_elsewhere(actor, event).await?;
        }
        self.outcome(ask, tapped)
    }

    /// Takes a member's reply to the offer of a place, from wherever it comes: it needs nothing of
    /// the member but who they are. Returns once it is on disk, with what they have answered now.
    pub async fn reply_to_offer(
        &self,
        (guild, member): (GuildId, UserId),
        event: EventId,
        reply: OfferReply,
        interaction: InteractionId,
    ) -> Result<OfferAnswered, Stop> {
        let ask = match reply {
            OfferReply::Accept => Ask::Accept(None),
            OfferReply::Decline => Ask::Decline,
        };
        let (by, at, roles) = (member, self.now(), Box::default());
        let tap = Tap { guild, event, member, by, ask, roles, force: false, interaction, at };
        let TapAnswer { tapped, .. } = self.store().tap(tap).await?;
        let outcome = self.outcome(ask, tapped)?;
        self.wake_reconciler();
        let line = self.store().signup_of(guild, event, member).await?;
        Ok(OfferAnswered { outcome, line })
    }

    pub(crate) fn outcome(&self, ask: Ask, tapped: Tapped) -> Result<TapOutcome, Stop> {
        match tapped {
            Tapped::NoSuchEvent => Err(Refusal::NoSuchEvent.into()),
            Tapped::Closed(_, sheet) => Ok(TapOutcome::Closed(sheet)),
            Tapped::NotEligible(why, sheet) => {
                let roles = roles_asked_for(why, &sheet.event, ask);
                Err(Refusal::NotEligible(why, roles).into())
            }
            Tapped::WouldLosePlace(signup, sheet) => would_lose_place(ask, signup, sheet),
            Tapped::NeverRoom(option, most, sheet) => {
                let options = &sheet.event.options;
                let name = options.get(option).map(|option| options.name_of(option).into_owned());
                Err(Refusal::NeverRoom(name.unwrap_or_default(), most).into())
            }
            Tapped::NoAnswerYet(_) => Err(Refusal::NotComing.into()),
            Tapped::Answered(answer, sheet) => self.answered(ask, answer, sheet),
            Tapped::Withdrawn { moved, sheet, .. } => {
                self.tell_moved(&moved);
                self.give_roles(&sheet.event);
                Ok(TapOutcome::Withdrawn(sheet))
            }
            Tapped::NotHeld(sheet) => Ok(TapOutcome::NotHeld(sheet)),
            Tapped::NothingToWithdraw(_) => Err(Refusal::NothingToWithdraw.into()),
            Tapped::NotSwapped(why, _) => Err(Refusal::NotSwapped(why).into()),
            Tapped::NotPutBack(why, _) => Err(not_put_back(why).into()),
            Tapped::Repeated(sheet) => Ok(TapOutcome::Taken(sheet)),
        }
    }

    fn answered(&self, ask: Ask, answer: Answer, sheet: Box<Sheet>) -> Result<TapOutcome, Stop> {
        match answer {
            Answer::Taken { moved, .. } => {
                self.tell_moved(&moved);
                self.give_roles(&sheet.event);
                Ok(TapOutcome::Taken(sheet))
            }
            Answer::Same(signup) => Ok(TapOutcome::Same(signup, sheet)),
            Answer::WouldLosePlace(signup) => would_lose_place(ask, signup, sheet),
            Answer::NoSuchOption => Err(Refusal::NoSuchOption.into()),
        }
    }

    /// The store has put the news for those who moved among the deliveries, and offers have an end.
    fn tell_moved(&self, moved: &Moved) {
        if *moved != Moved::default() {
            self.wake_scheduler();
        }
    }
}

impl<W: World> App<W> {
    /// Has the roles follow the roster of an event that gives any.
    fn give_roles(&self, event: &Event) {
        if event.options.iter().any(|option| option.granted.is_some()) {
            self.wake_granter();
        }
    }
}

/// Another option can be agreed to; more guests than there is room for cannot.
fn would_lose_place(ask: Ask, signup: Signup, sheet: Box<Sheet>) -> Result<TapOutcome, Stop> {
    match ask {
        Ask::Pick { option, .. } => Ok(TapOutcome::WouldLosePlace(signup, option, sheet)),
        Ask::Guests(_)
        | Ask::Move(_)
        | Ask::Swap { .. }
        | Ask::Accept(_)
        | Ask::Decline
        | Ask::Withdraw
        | Ask::PutBack(_) => Err(Refusal::NoRoomForGuests.into()),
    }
}

const fn not_put_back(why: NotPutBack) -> Refusal {
    match why {
        NotPutBack::AnsweredSince(by) => Refusal::AnsweredSince(by),
        NotPutBack::TooLate => Refusal::TooLateToUndo,
    }
}

/// The roles of which one would be needed.
fn roles_asked_for(why: NotEligible, event: &Event, ask: Ask) -> Vec<RoleId> {
    match (why, ask) {
        (NotEligible::Event, _) => event.rules.allowed.clone(),
        (NotEligible::Option, Ask::Pick { option, .. }) => {
            event.options.get(option).map(|option| option.allowed.to_vec()).unwrap_or_default()
        }
        (NotEligible::Option | NotEligible::Denied | NotEligible::Guests(_), _) => Vec::new(),
    }
}
