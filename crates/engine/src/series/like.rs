//! Has what follows in a series be like one of its events.

use muster_domain::event::Event;
use muster_domain::id::{EventId, InteractionId};
use muster_domain::rights::Actor;
use muster_domain::series::SeriesStep;
use muster_store::model::{SeenEvent, SeenSeries};
use muster_store::port::{Events as _, Schedules as _};

use super::SeriesDone;
use crate::app::{App, World};
use crate::refusal::{PlanRefusal, Refusal, Stop};

impl<W: World> App<W> {
    /// Has all events to come of a series be as this one was changed since `before`, up to the
    /// version `after`: all that this changed, but its date.
    pub async fn go_on_like(
        &self,
        actor: &Actor,
        before: SeenEvent,
        after: u64,
        interaction: InteractionId,
    ) -> Result<SeriesDone, Stop> {
        self.event_as_organiser(actor, before.event).await?;
        let found = self.store().series_of(actor.guild, before.event).await?;
        let series = found.ok_or(PlanRefusal::NoSuchSeries)?;
        let as_of =
            |version| self.store().event_as_of(actor.guild, SeenEvent { version, ..before });
        let before = as_of(before.version).await?.ok_or(Refusal::NoSuchEvent)?;
        let after = as_of(after).await?.ok_or(Refusal::NoSuchEvent)?;
        let seen = SeenSeries::of(&series);
        let plan = series.plan.changed_like(&before, &after);
        let plan = plan.checked().map_err(PlanRefusal::Plan)?;
        let step = SeriesStep::Plan(Box::new(plan));
        self.change_series(actor, seen, step, interaction).await
    }

    /// Has all events of a series that are still to be posted begin with the reminders of this one.
    pub async fn remind_like(
        &self,
        actor: &Actor,
        event: EventId,
        interaction: InteractionId,
    ) -> Result<SeriesDone, Stop> {
        self.event_as_organiser(actor, event).await?;
        let found = self.store().series_of(actor.guild, event).await?;
        let series = found.ok_or(PlanRefusal::NoSuchSeries)?;
        let step = SeriesStep::Reminders(self.own_reminders(actor.guild, event).await?);
        self.change_series(actor, SeenSeries::of(&series), step, interaction).await
    }

    /// Has all events of a series that are still to be posted begin with the rules of this one, all
    /// of them, and mention its role; for those who may mention that themselves.
    pub async fn rules_like(
        &self,
        actor: &Actor,
        event: EventId,
        interaction: InteractionId,
    ) -> Result<SeriesDone, Stop> {
        let posted = self.event_as_organiser(actor, event).await?;
        let found = self.store().series_of(actor.guild, event).await?;
        let series = found.ok_or(PlanRefusal::NoSuchSeries)?;
        let (seen, mut plan) = (SeenSeries::of(&series), series.plan);
        let Event { rules, mention, .. } = posted.sheet.event;
        if let Some(role) = mention.filter(|role| plan.made_of.mention != Some(*role)) {
            let mentionable = self.is_mentionable(actor.guild, role).await;
            self.check_mention(actor, role, mentionable).await?;
        }
        plan.made_of.rules = rules;
        plan.made_of.mention = mention;
        let plan = plan.checked().map_err(PlanRefusal::Plan)?;
        let step = SeriesStep::Plan(Box::new(plan));
        self.change_series(actor, seen, step, interaction).await
    }
}
