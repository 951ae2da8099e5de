//! What organisers tell those who are coming, in their own words.

use muster_domain::id::{DeliveryId, EventId, InteractionId};
use muster_domain::reminder::Audience;
use muster_domain::rights::Actor;
use muster_domain::text::Announcement;
use muster_store::model::{Posted, Reaches, TellRequest, Telling, Told};
use muster_store::port::Events;

use crate::app::{App, World};
use crate::refusal::{Field, Refusal, Stop};

/// What an organiser can tell, and what was told last.
#[derive(Clone, Debug)]
pub struct Tellings {
    /// The event and its post.
    pub posted: Posted,
    /// How many it would reach.
    pub reaches: Reaches,
    /// The latest one, if there was any.
    pub latest: Option<Telling>,
}

impl<W: World> App<W> {
    /// Whom an organiser reaches, and how far the latest telling is.
    pub async fn tellings(&self, actor: &Actor, event: EventId) -> Result<Tellings, Stop> {
        let posted = self.event_as_organiser(actor, event).await?;
        let found = self.store().tellings(actor.guild, event).await?;
        let (reaches, latest) = found.ok_or(Refusal::NoSuchEvent)?;
        Ok(Tellings { posted, reaches, latest })
    }

    /// Has those told whom it is for, of all who are coming or may come: in the event's channel,
    /// and by direct message who wants that. Once per interaction; for organisers.
    pub async fn tell(
        &self,
        actor: &Actor,
        event: EventId,
        (words, audience): (&str, Audience),
        interaction: InteractionId,
    ) -> Result<Tellings, Stop> {
        self.organiser_settings(actor).await?;
        let words =
            Announcement::parse(words).map_err(|e| Refusal::Text(Field::Announcement, e))?;
        let (guild, by, at) = (actor.guild, actor.user, self.now());
        let request = TellRequest { guild, event, by, words, audience, interaction, at };
        match self.store().tell(request).await? {
            Told::NoSuchEvent => return Err(Refusal::NoSuchEvent.into()),
            Told::Nobody => return Err(Refusal::NobodyToTell.into()),
            Told::NotBefore(then) => return Err(Refusal::ToldEnough(then).into()),
            Told::Planned(_) => self.wake_scheduler(),
        }
        self.tellings(actor, event).await
    }

    /// Takes back what was told, as far as it has not left; for organisers.
    pub async fn take_back_telling(
        &self,
        actor: &Actor,
        event: EventId,
        first: DeliveryId,
    ) -> Result<Tellings, Stop> {
        self.organiser_settings(actor).await?;
        let taken = self.store().take_back_telling(actor.guild, event, first, self.now()).await?;
        taken.ok_or(Refusal::Unknown)?;
        self.tellings(actor, event).await
    }
}
