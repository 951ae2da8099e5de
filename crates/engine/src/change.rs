//! What organisers do to events: edit, cancel, restore, close, reopen, undo, post again.

use muster_domain::change::{ChangeRefusal, EventChange};
use muster_domain::event::{Event, Phase};
use muster_domain::id::{DeliveryId, EventId, InteractionId};
use muster_domain::rights::Actor;
use muster_domain::roster::Moved;
use muster_domain::sheet::Sheet;
use muster_domain::text::Location;
use muster_domain::when::Moment;
use muster_domain::zone::Zone;
use muster_store::model::{ChangeRequest, Changed, EventForm, Outdated, Posted, SeenEvent};
use muster_store::port::{Deliveries, Events};

use crate::app::{App, World};
use crate::create::Submission;
use crate::reading::{self, FormContext, ReadForm, optional};
use crate::refusal::{Field, Refusal, Stop};

/// How often a new location is tried while others keep editing the same event.
const LOCATION_TRIES: u32 = 3;

/// A change that was made.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Done {
    /// The event before.
    pub before: Box<Sheet>,
    /// The event and its post now.
    pub now: Box<Posted>,
    /// Who moved between places and waitlist.
    pub moved: Moved,
}

/// What became of an edit.
#[derive(Clone, Debug)]
pub enum Edited {
    /// It was made.
    Done(Done),
    /// Somebody else has edited the event since the form was opened. The form is kept: what its
    /// writer left alone as it is now, and what they wrote as they wrote it.
    Outdated {
        /// Where the form is kept.
        draft: InteractionId,
        /// What the other one changed.
        outdated: Box<Outdated>,
    },
    /// Somebody else has set another location since the form for it was opened.
    OtherLocation(Box<Outdated>),
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
        if found.is_none() {
            self.note_if_elsewhere(actor, event).await?;
        }
        found
            .filter(|posted| posted.sheet.event.phase(self.now()) != Phase::Deleted)
            .ok_or_else(|| Refusal::NoSuchEvent.into())
    }

    /// The same, for somebody who may change it.
    pub async fn event_as_organiser(&self, actor: &Actor, event: EventId) -> Result<Posted, Stop> {
        self.organiser_settings(actor).await?;
        self.event(actor, event).await
    }

    /// Changes an event, once per interaction.
    pub async fn change_event(
        &self,
        actor: &Actor,
        event: EventId,
        change: EventChange,
        interaction: InteractionId,
    ) -> Result<Done, Stop> {
        let (guild, by, at) = (actor.guild, actor.user, self.now());
        let request = ChangeRequest { guild, event, by, change, seen: None, interaction, at };
        let made = self.make_change(actor, request).await?;
        made.map_err(|_| Refusal::ChangedMeanwhile.into())
    }

    pub(crate) async fn make_change(
        &self,
        actor: &Actor,
        request: ChangeRequest,
    ) -> Result<Result<Done, Box<Outdated>>, Stop> {
        self.organiser_settings(actor).await?;
        match self.store().change_event(request).await? {
            Changed::NoSuchEvent => Err(Refusal::NoSuchEvent.into()),
            Changed::Refused(refusal, _) => Err(Refusal::Change(refusal).into()),
            Changed::Outdated(outdated) => Ok(Err(outdated)),
            Changed::Repeated(now) => {
                let before = Box::new(now.sheet.clone());
                Ok(Ok(Done { before, now, moved: Moved::default() }))
            }
            Changed::Made { before, now, moved } => {
                self.wake_all();
                Ok(Ok(Done { before, now, moved }))
            }
        }
    }

    /// Changes an event by a form that was filled with the values that it had when it was seen.
    pub async fn edit_event(
        &self,
        seen: SeenEvent,
        submission: Submission<'_>,
    ) -> Result<Edited, Stop> {
        let draft = submission.interaction;
        let posted = self.event_as_organiser(submission.actor, seen.event).await?;
        let question = match self.edit_as_seen(&posted.sheet.event, seen, &submission).await {
            Ok(Edited::Outdated { outdated, .. }) => {
                return self.carry_over(outdated, submission).await;
            }
            Ok(done @ (Edited::Done(_) | Edited::OtherLocation(_))) => return Ok(done),
            Ok(question @ (Edited::WhichMoment { .. } | Edited::TryAgain { .. })) => question,
            Err(Stop::Refused(refusal)) => Edited::TryAgain { draft, refusal },
            Err(failed @ Stop::Failed(_)) => return Err(failed),
        };
        self.keep_draft(&submission, Some(seen)).await?;
        Ok(question)
    }

    async fn edit_as_seen(
        &self,
        event: &Event,
        seen: SeenEvent,
        submission: &Submission<'_>,
    ) -> Result<Edited, Stop> {
        let draft = submission.interaction;
        let guild = submission.actor.guild;
        // First of all: words that were written about something else are not read at all.
        if let Some(outdated) = self.store().edited_since(guild, seen).await? {
            self.refuse_what_has_ended(&outdated.now)?;
            return Ok(Edited::Outdated { draft, outdated: Box::new(outdated) });
        }
        let zone = self.zone_for_editing(submission.actor, event).await?;
        let context = FormContext {
            now: self.now(),
            zone: &zone,
            locale: submission.locale,
            chosen: submission.chosen.as_ref(),
            usual: None,
        };
        let details = match context.read_edit(event, &submission.form)? {
            ReadForm::Ready(details) => *details,
            ReadForm::WhichMoment(moments) => {
                return Ok(Edited::WhichMoment { draft, moments, zone });
            }
        };
        let request = ChangeRequest {
            guild,
            event: event.id,
            by: submission.actor.user,
            change: EventChange::Edit(details),
            seen: Some(seen.version),
            interaction: submission.interaction,
            at: self.now(),
        };
        Ok(match self.make_change(submission.actor, request).await? {
            Ok(done) => Edited::Done(done),
            Err(outdated) => Edited::Outdated { draft, outdated },
        })
    }

    /// An event that takes no edits says so, whatever else happened to it.
    pub(crate) fn refuse_what_has_ended(&self, posted: &Posted) -> Result<(), Refusal> {
        match posted.sheet.event.phase(self.now()) {
            Phase::Open | Phase::Closed | Phase::Running => Ok(()),
            Phase::Over => Err(Refusal::Change(ChangeRefusal::Over)),
            Phase::Cancelled => Err(Refusal::Change(ChangeRefusal::Cancelled)),
            Phase::Deleted => Err(Refusal::NoSuchEvent),
        }
    }

    /// Keeps a form that rests on what the event no longer is, as it would be written now.
    async fn carry_over(
        &self,
        outdated: Box<Outdated>,
        mut submission: Submission<'_>,
    ) -> Result<Edited, Stop> {
        let event = &outdated.now.sheet.event;
        let zone = self.zone_for_editing(submission.actor, event).await?;
        let before = reading::form_of_details(&outdated.seen, &zone);
        let now = reading::form_of(event, &zone);
        submission.form = reading::carried_over(&submission.form, &before, &now);
        let seen = SeenEvent { event: event.id, version: event.version };
        self.keep_draft(&submission, Some(seen)).await?;
        Ok(Edited::Outdated { draft: submission.interaction, outdated })
    }

    /// Changes the location of an event, by a form that was filled with the one that it had when it
    /// was seen. Whatever else was edited since stays as it is.
    pub async fn edit_location(
        &self,
        seen: SeenEvent,
        mut submission: Submission<'_>,
    ) -> Result<Edited, Stop> {
        let actor = submission.actor;
        for _ in 0..LOCATION_TRIES {
            let posted = self.event_as_organiser(actor, seen.event).await?;
            optional(Location::parse(&submission.form.location))
                .map_err(|error| Refusal::Text(Field::LocationAlone, error))?;
            let since = self.store().edited_since(actor.guild, seen).await?;
            let event = &posted.sheet.event;
            if let Some(outdated) = since.filter(Outdated::has_another_location) {
                return Ok(Edited::OtherLocation(Box::new(outdated)));
            }
            let zone = self.zone_for_editing(actor, event).await?;
            let present = reading::form_of(event, &zone);
            let location = submission.form.location.clone();
            submission.form = EventForm { location, ..present };
            let now = SeenEvent { event: event.id, version: event.version };
            match self.edit_event(now, submission.clone()).await? {
                // Somebody was faster between the look and the change.
                Edited::Outdated { .. } => {}
                done @ (Edited::Done(_)
                | Edited::OtherLocation(_)
                | Edited::WhichMoment { .. }
                | Edited::TryAgain { .. }) => return Ok(done),
            }
        }
        Err(Refusal::ChangedMeanwhile.into())
    }

    /// Times in an edit are read as the editor would write them.
    pub(crate) async fn zone_for_editing(
        &self,
        actor: &Actor,
        event: &Event,
    ) -> Result<Zone, Stop> {
        let settings = self.settings(actor.guild).await?;
        let chosen = self.zone_for(actor.user, &settings).await?;
        Ok(chosen.map_or_else(|| event.details.zone.clone(), |zone| zone.zone().clone()))
    }

    /// The form with which an event is edited, filled with its present values, and which values
    /// those are.
    pub async fn form_of(
        &self,
        actor: &Actor,
        event: EventId,
    ) -> Result<(EventForm, SeenEvent), Stop> {
        let posted = self.event_as_organiser(actor, event).await?;
        let event = &posted.sheet.event;
        let zone = self.zone_for_editing(actor, event).await?;
        let seen = SeenEvent { event: event.id, version: event.version };
        Ok((reading::form_of(event, &zone), seen))
    }

    /// Posts an event again whose message was deleted, or never arrived.
    pub async fn post_again(&self, actor: &Actor, event: EventId) -> Result<DeliveryId, Stop> {
        let posted = self.event_as_organiser(actor, event).await?;
        self.refuse_what_has_ended(&posted)?;
        let (guild, by) = (actor.guild, Some(actor.user));
        let delivery = self.store().post_again(guild, event, by, self.now()).await?;
        self.wake_scheduler();
        delivery.ok_or_else(|| Refusal::PostExists(event).into())
    }
}
