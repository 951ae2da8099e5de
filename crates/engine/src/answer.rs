//! A member's tap: rights, the store's decision, and what follows from it.

use muster_domain::answer_option::OptionId;
use muster_domain::id::{EventId, InteractionId, MessageId};
use muster_domain::rights::Actor;
use muster_domain::roster::{Answer, Signup};
use muster_domain::sheet::Sheet;
use muster_store::model::{Tap, TapAnswer, Tapped};
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
    /// The answer was taken back.
    Withdrawn(Box<Sheet>),
    /// The event takes no answers now.
    Closed(Box<Sheet>),
}

/// What a member taps.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TapRequest {
    /// The event.
    pub event: EventId,
    /// The answer, or `None` to take it back.
    pub pick: Option<OptionId>,
    /// The interaction that it came with.
    pub interaction: InteractionId,
    /// The message that the answer will change, if it is a post.
    pub post: Option<MessageId>,
}

impl<W: World> App<W> {
    /// Takes a member's answer to an event, or takes it back. Returns once it is on disk.
    pub async fn tap(&self, actor: &Actor, request: TapRequest) -> Result<TapOutcome, Stop> {
        let TapRequest { event, pick, interaction, post: tapped_on } = request;
        let tap = Tap {
            guild: actor.guild,
            event,
            member: actor.user,
            pick,
            interaction,
            at: self.now(),
        };
        let TapAnswer { tapped, post } = self.store().tap(tap).await?;
        if let (Some(post), Some(tapped_on)) = (post, tapped_on)
            && post != tapped_on
        {
            self.board().writes_a_copy(event);
        }
        match tapped {
            Tapped::NoSuchEvent => Err(Refusal::NoSuchEvent.into()),
            Tapped::Closed(_, sheet) => Ok(TapOutcome::Closed(sheet)),
            Tapped::Answered(answer, sheet) => self.answered(answer, sheet),
            Tapped::Withdrawn { promoted, sheet, .. } => {
                self.tell_promoted(promoted.len());
                Ok(TapOutcome::Withdrawn(sheet))
            }
            Tapped::NothingToWithdraw(_) => Err(Refusal::NothingToWithdraw.into()),
            Tapped::Repeated(sheet) => Ok(TapOutcome::Taken(sheet)),
        }
    }

    fn answered(&self, answer: Answer, sheet: Box<Sheet>) -> Result<TapOutcome, Stop> {
        match answer {
            Answer::Taken { promoted, .. } => {
                self.tell_promoted(promoted.len());
                Ok(TapOutcome::Taken(sheet))
            }
            Answer::Same(signup) => Ok(TapOutcome::Same(signup, sheet)),
            Answer::NoSuchOption => Err(Refusal::NoSuchOption.into()),
        }
    }

    /// The store has put the news for promoted members among the deliveries.
    fn tell_promoted(&self, promoted: usize) {
        if promoted > 0 {
            self.wake_scheduler();
        }
    }
}
