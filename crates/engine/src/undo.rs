//! Second thoughts of organisers: taking back the latest change, bringing back what was called off.

use muster_domain::change::EventChange;
use muster_domain::id::{EventId, InteractionId};
use muster_domain::limits::KEPT_AFTER_CANCEL;
use muster_domain::rights::Actor;
use muster_domain::roster::Moved;
use muster_store::model::{Listing, Page, Posted, SeenEvent, UndoRequest, Undone, Window};
use muster_store::port::Events;

use crate::app::{App, World};
use crate::change::Done;
use crate::limits::LIST_ROWS;
use crate::refusal::{Refusal, Stop};

impl<W: World> App<W> {
    /// Takes back a change that the actor made to an event, once per interaction; `changed` is the
    /// version that came of it. Nobody can have changed the event since.
    pub async fn undo(
        &self,
        actor: &Actor,
        changed: SeenEvent,
        interaction: InteractionId,
    ) -> Result<Done, Stop> {
        self.organiser_settings(actor).await?;
        let (guild, by, at) = (actor.guild, actor.user, self.now());
        let SeenEvent { event, version } = changed;
        let request = UndoRequest { guild, event, version, by, interaction, at };
        match self.store().undo(request).await? {
            Undone::NoSuchEvent => Err(Refusal::NoSuchEvent.into()),
            Undone::ChangedSince(by) => Err(Refusal::ChangedSince(by).into()),
            Undone::TooLate => Err(Refusal::TooLateToUndo.into()),
            Undone::Refused(refusal) => Err(Refusal::Change(refusal).into()),
            Undone::Repeated(now) => {
                let before = Box::new(now.sheet.clone());
                Ok(Done { before, now, moved: Moved::default() })
            }
            Undone::Made { before, now, moved } => {
                self.wake_all();
                Ok(Done { before, now, moved })
            }
        }
    }

    /// Lets an event take place after all that was cancelled or deleted.
    pub async fn bring_back(
        &self,
        actor: &Actor,
        event: EventId,
        interaction: InteractionId,
    ) -> Result<Done, Stop> {
        self.organiser_settings(actor).await?;
        let found = self.store().event(actor.guild, event).await?;
        let posted = found.ok_or(Refusal::NoSuchEvent)?;
        let change = match posted.sheet.event.deleted_at {
            Some(_) => EventChange::BringBack,
            None => EventChange::Restore,
        };
        self.change_event(actor, event, change, interaction).await
    }

    /// A page of the events that can be brought back, counted from 0; for organisers.
    pub async fn called_off(&self, actor: &Actor, page: usize) -> Result<Page<Posted>, Stop> {
        self.organiser_settings(actor).await?;
        let since = self.now().saturating_sub(KEPT_AFTER_CANCEL);
        let listing = Listing::CalledOffSince(since.unwrap_or(jiff::Timestamp::MIN));
        let window = Window::page(page, LIST_ROWS);
        Ok(self.store().list(actor.guild, listing, "", window).await?)
    }
}
