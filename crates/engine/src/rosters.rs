//! Rosters in pages, and the answers that organisers give for members.

use muster_domain::answer_option::OptionId;
use muster_domain::id::{EventId, InteractionId, RoleId, UserId};
use muster_domain::rights::Actor;
use muster_domain::roster::Signup;
use muster_store::model::{Ask, Page, Posted, RosterLine, RosterPart, Tap, TapAnswer, Window};
use muster_store::port::Events;

use crate::answer::TapOutcome;
use crate::app::{App, World};
use crate::limits::ROSTER_ROWS;
use crate::refusal::{Refusal, Stop};

/// A page of a roster.
#[derive(Clone, Debug)]
pub struct RosterPage {
    /// The event and its post.
    pub posted: Posted,
    /// The lines.
    pub page: Page<RosterLine>,
}

/// What an organiser asks for a member.
#[derive(Clone, Copy, Debug)]
pub struct AnswerFor<'a> {
    /// The event.
    pub event: EventId,
    /// Whose answer it is.
    pub member: UserId,
    /// The member's roles, as far as they are known: some stand before others in line.
    pub roles: &'a [RoleId],
    /// What is asked.
    pub ask: Ask,
    /// The interaction that it came with.
    pub interaction: InteractionId,
}

/// What became of what an organiser asked for a member.
#[derive(Clone, Debug)]
pub enum AnsweredFor {
    /// It is done.
    Done(Box<ForMember>),
    /// It would cost the place that the member holds by this answer; nothing was changed.
    WouldLosePlace {
        /// The event and its post.
        posted: Box<Posted>,
        /// The answer that holds the place.
        held: Signup,
        /// The answer that they were to have.
        wanted: OptionId,
    },
}

/// What an organiser did for a member.
#[derive(Clone, Debug)]
pub struct ForMember {
    /// The event and its post now.
    pub posted: Posted,
    /// The answer before; `None` without one.
    pub before: Option<Signup>,
    /// The answer now; `None` without one.
    pub now: Option<RosterLine>,
    /// The version of the event that came of it.
    pub version: u64,
}

impl<W: World> App<W> {
    /// A page of a part of a roster, counted from 0. Where names are hidden, for organisers.
    pub async fn roster(
        &self,
        actor: &Actor,
        event: EventId,
        part: RosterPart,
        page: usize,
    ) -> Result<RosterPage, Stop> {
        let posted = self.event_with_names(actor, event).await?;
        let window = Window::page(page, ROSTER_ROWS);
        let page = self.store().roster_page(actor.guild, event, part, window).await?;
        Ok(RosterPage { posted, page: page.ok_or(Refusal::NoSuchEvent)? })
    }

    /// A whole roster, option by option and then those without a place, at most `limit`. Where
    /// names are hidden, for organisers.
    pub async fn whole_roster(
        &self,
        actor: &Actor,
        event: EventId,
        limit: usize,
    ) -> Result<RosterPage, Stop> {
        let posted = self.event_with_names(actor, event).await?;
        let window = Window::first(limit);
        let everyone = RosterPart::Everyone;
        let page = self.store().roster_page(actor.guild, event, everyone, window).await?;
        Ok(RosterPage { posted, page: page.ok_or(Refusal::NoSuchEvent)? })
    }

    async fn event_with_names(&self, actor: &Actor, event: EventId) -> Result<Posted, Stop> {
        let posted = self.event(actor, event).await?;
        if posted.sheet.event.rules.names_hidden && !self.is_organiser(actor).await? {
            return Err(Refusal::NamesHidden.into());
        }
        Ok(posted)
    }

    /// Answers for a member, or takes their answer back; for organisers. Who the member is and
    /// whether answers are closed does not matter; only that the event is not over. Nobody loses a
    /// place by that unless it is asked for.
    pub async fn answer_for(
        &self,
        actor: &Actor,
        asked: AnswerFor<'_>,
    ) -> Result<AnsweredFor, Stop> {
        let AnswerFor { event, member, roles, ask, interaction } = asked;
        self.event_as_organiser(actor, event).await?;
        if member.is_erased() {
            return Err(Refusal::NoSuchMember.into());
        }
        let before = self.store().signup_of(actor.guild, event, member).await?;
        let tap = Tap {
            guild: actor.guild,
            event,
            member,
            by: actor.user,
            ask,
            roles: roles.into(),
            force: true,
            interaction,
            at: self.now(),
        };
        let TapAnswer { tapped, .. } = self.store().tap(tap).await?;
        let version = match self.outcome(ask, tapped) {
            Ok(TapOutcome::Closed(sheet)) => {
                let phase = sheet.event.phase(self.now());
                return Err(Refusal::AnswersClosed(phase).into());
            }
            Err(Stop::Refused(Refusal::NothingToWithdraw)) => {
                return Err(Refusal::NothingOfTheirs(member).into());
            }
            Err(stop) => return Err(stop),
            Ok(TapOutcome::WouldLosePlace(held, wanted, _)) => {
                let posted = Box::new(self.event(actor, event).await?);
                return Ok(AnsweredFor::WouldLosePlace { posted, held, wanted });
            }
            Ok(
                TapOutcome::Taken(sheet)
                | TapOutcome::Same(_, sheet)
                | TapOutcome::NotHeld(sheet)
                | TapOutcome::Withdrawn(sheet),
            ) => sheet.event.version,
        };
        self.wake_reconciler();
        let posted = self.event(actor, event).await?;
        let now = self.store().signup_of(actor.guild, event, member).await?;
        let before = before.map(|line| line.signup);
        Ok(AnsweredFor::Done(Box::new(ForMember { posted, before, now, version })))
    }
}
