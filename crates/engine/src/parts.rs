//! What organisers decide about an event beside its details: its answers, its rules,
//! its picture, the role that it mentions.

use std::time::Duration;

use muster_domain::change::EventChange;
use muster_domain::event::Event;
use muster_domain::grant::NotGiven;
use muster_domain::id::{EventId, GuildId, InteractionId, RoleId};
use muster_domain::option_edit::OptionEdit;
use muster_domain::rights::Actor;
use muster_domain::rules::RulesEdit;
use muster_domain::text::ImageUrl;
use muster_store::model::{ChangeRequest, SeenEvent};

use crate::app::{App, World};
use crate::change::Done;
use crate::discord::Discord as _;
use crate::limits::ROLE_WAIT;
use crate::ports::within;
use crate::refusal::{Refusal, Stop};

/// How often a step is made anew while others keep changing the same event.
const TRIES: u32 = 3;

/// Which event a step is about, and what it rests on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum On {
    /// On the event as it is by now.
    Present(EventId),
    /// On the event as it was seen, as with a form that was filled then. If somebody else has
    /// changed the same part since, nothing is changed.
    Seen(SeenEvent),
}

impl On {
    const fn event(self) -> EventId {
        match self {
            Self::Present(event) | Self::Seen(SeenEvent { event, .. }) => event,
        }
    }
}

/// A role that an event is to mention.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ChosenRole {
    /// The role.
    pub role: RoleId,
    /// Whether everybody may mention it.
    pub mentionable: bool,
}

impl<W: World> App<W> {
    /// Changes the answers that an event offers by one step; for organisers.
    pub async fn edit_options(
        &self,
        actor: &Actor,
        on: On,
        edit: OptionEdit,
        interaction: InteractionId,
    ) -> Result<Done, Stop> {
        if let OptionEdit::Grant(_, Some(role)) = edit {
            self.check_grant(actor, role).await?;
        }
        let made = |event: &Event| {
            let wanted = edit.clone().made_on(&event.options);
            wanted.map(EventChange::Options).map_err(Refusal::OptionEdit)
        };
        self.edit_part(actor, on, interaction, made).await
    }

    /// Refuses a role that this organiser or the bot could not hand out, or that gives power.
    pub(crate) async fn check_grant(&self, actor: &Actor, role: RoleId) -> Result<(), Stop> {
        self.organiser_settings(actor).await?;
        let refused = self.not_given(actor, &[role], ROLE_WAIT).await?;
        match refused.first() {
            None => Ok(()),
            Some((role, why)) => Err(Refusal::NotGiven(*role, *why).into()),
        }
    }

    /// Which of these roles this member or the bot could not hand out, with why.
    pub(crate) async fn not_given(
        &self,
        actor: &Actor,
        roles: &[RoleId],
        wait: Duration,
    ) -> Result<Vec<(RoleId, NotGiven)>, Refusal> {
        let asked = within(self.env(), wait, self.discord().may_give(actor, roles)).await;
        let Some(Ok(said)) = asked else {
            return Err(Refusal::RoleUnknown);
        };
        let of_each = roles.iter().zip(said);
        Ok(of_each.filter_map(|(role, said)| Some((*role, said.err()?))).collect())
    }

    /// Changes the rules of an event by one step; for organisers.
    pub async fn edit_rules(
        &self,
        actor: &Actor,
        on: On,
        edit: RulesEdit,
        interaction: InteractionId,
    ) -> Result<Done, Stop> {
        let made = |event: &Event| Ok(EventChange::Rules(edit.clone().made_on(&event.rules)));
        self.edit_part(actor, on, interaction, made).await
    }

    /// Has an event mention a role, or nobody; for organisers. They need the right to mention it
    /// themselves; `mentionable` says whether everybody has it.
    pub async fn edit_mention(
        &self,
        actor: &Actor,
        seen: SeenEvent,
        chosen: Option<ChosenRole>,
        interaction: InteractionId,
    ) -> Result<Done, Stop> {
        if let Some(ChosenRole { role, mentionable }) = chosen {
            self.check_mention(actor, role, mentionable).await?;
        }
        let made = |_: &Event| Ok(EventChange::Mention(chosen.map(|chosen| chosen.role)));
        self.edit_part(actor, On::Seen(seen), interaction, made).await
    }

    /// Whether everybody may mention a role, as far as Discord says in time.
    pub(crate) async fn is_mentionable(&self, guild: GuildId, role: RoleId) -> bool {
        let roles = [role];
        let asked = self.discord().examine(guild, &[], &roles);
        let found = within(self.env(), ROLE_WAIT, asked).await;
        found.is_some_and(|found| found.is_ok_and(|it| it.roles.iter().any(|(_, r)| r.mentionable)))
    }

    /// Gives an event a picture, or none; for organisers.
    pub async fn set_image(
        &self,
        actor: &Actor,
        seen: SeenEvent,
        image: Option<ImageUrl>,
        interaction: InteractionId,
    ) -> Result<Done, Stop> {
        let made = |_: &Event| Ok(EventChange::Image(image.clone()));
        self.edit_part(actor, On::Seen(seen), interaction, made).await
    }

    async fn edit_part(
        &self,
        actor: &Actor,
        on: On,
        interaction: InteractionId,
        made: impl Fn(&Event) -> Result<EventChange, Refusal> + Send + Sync,
    ) -> Result<Done, Stop> {
        let tries = if matches!(on, On::Present(_)) { TRIES } else { 1 };
        for _ in 0..tries {
            let posted = self.event_as_organiser(actor, on.event()).await?;
            let event = &posted.sheet.event;
            let seen = match on {
                On::Present(_) => event.version,
                On::Seen(seen) => seen.version,
            };
            let request = ChangeRequest {
                guild: actor.guild,
                event: event.id,
                by: actor.user,
                change: made(event)?,
                seen: Some(seen),
                interaction,
                at: self.now(),
            };
            if let Ok(done) = self.make_change(actor, request).await? {
                return Ok(done);
            }
        }
        Err(Refusal::ChangedMeanwhile.into())
    }
}
