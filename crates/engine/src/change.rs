//! What organisers do to events: edit, cancel, restore, close, reopen, undo, post again.

use muster_domain::change::{ChangeRefusal, EventChange};
use muster_domain::event::{Event, Phase};
use muster_domain::id::{DeliveryId, EventId};
use muster_domain::rights::Actor;
use muster_domain::roster::Reseated;
use muster_domain::sheet::Sheet;
use muster_domain::when::Moment;
use muster_domain::zone::Zone;
use muster_store::model::{ChangeRequest, Changed, EventForm, Posted};
use muster_store::port::{Deliveries, Events};

use crate::app::{App, World};
use crate::create::Submission;
use crate::reading::{self, FormContext, ReadForm};
use crate::refusal::{Refusal, Stop};
use muster_domain::id::InteractionId;

/// A change that was made.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Done {
    /// The event before.
    pub before: Box<Sheet>,
    /// The event and its post now.
    pub now: Box<Posted>,
    /// Who moved between places and waitlist.
    pub reseated: Reseated,
}

/// What became of an edit.
#[derive(Clone, Debug)]
pub enum Edited {
    /// It was made.
    Done(Done),
    /// The words for the time have several readings; the form is kept.
    WhichMoment {
        /// Where the form is kept.
        draft: InteractionId,
        /// The readings, soonest first.
        moments: Vec<Moment>,
        /// The zone in which they were read.
        zone: Zone,
    },
    /// Something in the form is not possible; it is kept, to be mended.
    TryAgain {
        /// Where the form is kept.
        draft: InteractionId,
        /// What is not possible.
        refusal: Refusal,
    },
}

impl<W: World> App<W> {
    /// An event of the actor's guild that was not deleted; everyone may look at it.
    pub async fn event(&self, actor: &Actor, event: EventId) -> Result<Posted, Stop> {
        let found = self.store().event(actor.guild, event).await?;
        found
            .filter(|posted| posted.sheet.event.phase(self.now()) != Phase::Deleted)
            .ok_or_else(|| Refusal::NoSuchEvent.into())
    }

    /// The same, for somebody who may change it.
    pub async fn event_as_organiser(&self, actor: &Actor, event: EventId) -> Result<Posted, Stop> {
        self.organiser_settings(actor).await?;
        self.event(actor, event).await
    }

    /// Changes an event.
    pub async fn change_event(
        &self,
        actor: &Actor,
        event: EventId,
        change: EventChange,
    ) -> Result<Done, Stop> {
        self.organiser_settings(actor).await?;
        let request =
            ChangeRequest { guild: actor.guild, event, by: actor.user, change, at: self.now() };
        match self.store().change_event(request).await? {
            Changed::NoSuchEvent => Err(Refusal::NoSuchEvent.into()),
            Changed::Refused(refusal, _) => Err(Refusal::Change(refusal).into()),
            Changed::Made { before, now, reseated } => {
                self.wake_scheduler();
                self.wake_reconciler();
                Ok(Done { before, now, reseated })
            }
        }
    }

    /// Changes an event by a form that was filled with its present values.
    pub async fn edit_event(
        &self,
        event: EventId,
        submission: Submission<'_>,
    ) -> Result<Edited, Stop> {
        let posted = self.event_as_organiser(submission.actor, event).await?;
        let draft = submission.interaction;
        let question = match self.try_edit(&posted.sheet.event, &submission).await {
            Ok(Ok(done)) => return Ok(Edited::Done(done)),
            Ok(Err(question)) => question,
            Err(Stop::Refused(refusal)) => Edited::TryAgain { draft, refusal },
            Err(failed @ Stop::Failed(_)) => return Err(failed),
        };
        self.keep_draft(&submission, Some(event)).await?;
        Ok(question)
    }

    async fn try_edit(
        &self,
        event: &Event,
        submission: &Submission<'_>,
    ) -> Result<Result<Done, Edited>, Stop> {
        let zone = self.zone_for_editing(submission.actor, event).await?;
        let context = FormContext {
            now: self.now(),
            zone: &zone,
            locale: submission.locale,
            chosen: submission.chosen.as_ref(),
        };
        let details = match context.read_edit(event, &submission.form)? {
            ReadForm::Ready(details) => *details,
            ReadForm::WhichMoment(moments) => {
                let draft = submission.interaction;
                return Ok(Err(Edited::WhichMoment { draft, moments, zone }));
            }
        };
        let change = EventChange::Edit(details);
        self.change_event(submission.actor, event.id, change).await.map(Ok)
    }

    /// Times in an edit are read as the editor would write them.
    async fn zone_for_editing(&self, actor: &Actor, event: &Event) -> Result<Zone, Stop> {
        let settings = self.settings(actor.guild).await?;
        let chosen = self.zone_for(actor.user, &settings).await?;
        Ok(chosen.map_or_else(|| event.details.zone.clone(), |zone| zone.zone().clone()))
    }

    /// The form with which an event is edited, filled with its present values.
    pub async fn form_of(&self, actor: &Actor, event: EventId) -> Result<EventForm, Stop> {
        let posted = self.event_as_organiser(actor, event).await?;
        let zone = self.zone_for_editing(actor, &posted.sheet.event).await?;
        Ok(reading::form_of(&posted.sheet.event, &zone))
    }

    /// Posts an event again whose message was deleted, or never arrived.
    pub async fn post_again(&self, actor: &Actor, event: EventId) -> Result<DeliveryId, Stop> {
        let posted = self.event_as_organiser(actor, event).await?;
        match posted.sheet.event.phase(self.now()) {
            Phase::Open | Phase::Closed | Phase::Running => {}
            Phase::Over => return Err(Refusal::Change(ChangeRefusal::Over).into()),
            Phase::Cancelled => return Err(Refusal::Change(ChangeRefusal::Cancelled).into()),
            Phase::Deleted => return Err(Refusal::NoSuchEvent.into()),
        }
        let delivery = self.store().post_again(actor.guild, event, self.now()).await?;
        self.wake_scheduler();
        delivery.ok_or_else(|| Refusal::PostExists(event).into())
    }
}
