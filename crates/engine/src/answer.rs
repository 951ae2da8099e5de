//! A member's tap: rights, the store's decision, and what follows from it.

use muster_domain::answer_option::OptionId;
use muster_domain::id::{EventId, InteractionId};
use muster_domain::rights::Actor;
use muster_domain::roster::{Answer, Signup};
use muster_domain::sheet::Sheet;
use muster_store::model::{Tap, Tapped};
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

impl<W: World> App<W> {
    /// Takes a member's answer to an event; with `pick` `None`, takes it back. Returns once it is
    /// on disk.
    pub async fn tap(
        &self,
        actor: &Actor,
        event: EventId,
        pick: Option<OptionId>,
        interaction: InteractionId,
    ) -> Result<TapOutcome, Stop> {
        let tap = Tap {
            guild: actor.guild,
            event,
            member: actor.user,
            pick,
            interaction,
            at: self.now(),
        };
        match self.store().tap(tap).await? {
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
