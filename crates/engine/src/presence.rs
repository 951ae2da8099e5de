//! Who was there: marked by organisers, or by members who check in themselves.

use muster_domain::event::Event;
use muster_domain::id::{EventId, InteractionId, UserId};
use muster_domain::rights::Actor;
use muster_domain::rules::CheckIn;
use muster_domain::settings::Language;
use muster_store::model::{
    MarkOutcome, MarkRequest, Marked, Presence, PresenceList, UnmarkRequest, Window,
};
use muster_store::port::Presences as _;

use crate::app::{App, World};
use crate::limits::ROSTER_ROWS;
use crate::refusal::{CheckInRefusal, Refusal, Stop};

/// How checking in ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CheckedIn {
    /// The member is marked as present.
    Now,
    /// They were before.
    Before,
    /// They are not yet: it takes the code that an organiser shows.
    ByCode,
}

/// Members to be marked.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Mark {
    /// Which.
    pub whom: Marked,
    /// As what; `None` as neither there nor missing.
    pub presence: Option<Presence>,
}

impl<W: World> App<W> {
    /// A page of who was there, counted from 0; for organisers.
    pub async fn presences(
        &self,
        actor: &Actor,
        event: EventId,
        page: usize,
    ) -> Result<PresenceList, Stop> {
        self.organiser_settings(actor).await?;
        let window = Window::page(page, ROSTER_ROWS);
        let found = self.store().presences(actor.guild, event, window).await?;
        let list = found.ok_or(Refusal::NoSuchEvent)?;
        if list.event.deleted_at.is_some() {
            return Err(Refusal::NoSuchEvent.into());
        }
        if !list.event.can_be_marked(self.now()) {
            let from = list.event.check_in_from();
            return Err(Refusal::CheckIn(CheckInRefusal::NotYet(from)).into());
        }
        Ok(list)
    }

    /// Marks whether members were there, once per interaction; returns how many it concerned. For
    /// organisers.
    pub async fn mark(
        &self,
        actor: &Actor,
        event: EventId,
        mark: Mark,
        interaction: InteractionId,
    ) -> Result<usize, Stop> {
        self.presences(actor, event, 0).await?;
        self.make(actor, event, mark, interaction).await
    }

    /// Takes back what an interaction marked, as far as it still stands. For organisers.
    pub async fn unmark(
        &self,
        actor: &Actor,
        event: EventId,
        made_with: InteractionId,
        interaction: InteractionId,
    ) -> Result<usize, Stop> {
        self.presences(actor, event, 0).await?;
        let (guild, by, at) = (actor.guild, actor.user, self.now());
        let request = UnmarkRequest { guild, event, made_with, by, interaction, at };
        Ok(self.store().unmark(request).await?)
    }

    /// A member says that they are there; for those who said that they come and have a place,
    /// while the event's rules let them. Where it takes a code, that is still to be typed. Comes
    /// with what is spoken in the guild.
    pub async fn check_in(
        &self,
        actor: &Actor,
        event: EventId,
        interaction: InteractionId,
    ) -> Result<(CheckedIn, Language), Stop> {
        let posted = self.event(actor, event).await?;
        let event = &posted.sheet.event;
        self.check_in_is_open(event)?;
        let done = match event.rules.check_in {
            CheckIn::Off | CheckIn::Button => self.is_there(actor, event.id, interaction).await?,
            CheckIn::Code => match self.store().presence_of(event.id, actor.user).await? {
                Some(Presence::Present) => CheckedIn::Before,
                Some(Presence::Absent) | None => CheckedIn::ByCode,
            },
        };
        Ok((done, event.language))
    }

    /// Refuses to check somebody in to an event that does not let them now.
    pub(crate) fn check_in_is_open(&self, event: &Event) -> Result<(), Refusal> {
        if event.can_check_in(self.now()) {
            return Ok(());
        }
        let from = event.check_in_from();
        let is_early = event.rules.check_in != CheckIn::Off && self.now() < from;
        let why = if is_early { CheckInRefusal::NotYet(from) } else { CheckInRefusal::Closed };
        Err(Refusal::CheckIn(why))
    }

    /// Marks a member as present who says so.
    pub(crate) async fn is_there(
        &self,
        actor: &Actor,
        event: EventId,
        interaction: InteractionId,
    ) -> Result<CheckedIn, Stop> {
        let whom = Marked::Members(vec![actor.user]);
        let mark = Mark { whom, presence: Some(Presence::Present) };
        let made = self.make(actor, event, mark, interaction).await?;
        if made > 0 {
            return Ok(CheckedIn::Now);
        }
        match self.store().presence_of(event, actor.user).await? {
            Some(Presence::Present) => Ok(CheckedIn::Before),
            Some(Presence::Absent) | None => Err(Refusal::CheckIn(CheckInRefusal::NoPlace).into()),
        }
    }

    async fn make(
        &self,
        actor: &Actor,
        event: EventId,
        mark: Mark,
        interaction: InteractionId,
    ) -> Result<usize, Stop> {
        let (guild, by, at) = (actor.guild, actor.user, self.now());
        let Mark { whom, presence } = mark;
        let request = MarkRequest { guild, event, whom, presence, by, interaction, at };
        match self.store().mark(request).await? {
            MarkOutcome::NoSuchEvent => Err(Refusal::NoSuchEvent.into()),
            MarkOutcome::Made(members) => Ok(members),
        }
    }

    /// How a member is marked at an event.
    pub async fn presence_of(
        &self,
        event: EventId,
        member: UserId,
    ) -> Result<Option<Presence>, Stop> {
        Ok(self.store().presence_of(event, member).await?)
    }
}
