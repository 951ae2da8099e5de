//! What members want of reminders: mentions, direct messages, quiet hours.

use muster_domain::reminder::{QuietHours, ReminderChoice};
use muster_domain::rights::Actor;
use muster_domain::zone::Zone;
use muster_store::model::MemberReminders;
use muster_store::port::{Guilds as _, Reminders as _};

use crate::app::{App, World};
use crate::refusal::{Refusal, Stop};

/// What a member wants of reminders.
#[derive(Clone, Debug)]
pub struct MyReminders {
    /// What they chose.
    pub kept: MemberReminders,
    /// The zone of their quiet hours; without one of their own it is each event's.
    pub zone: Option<Zone>,
}

impl<W: World> App<W> {
    /// What the actor wants of this guild's reminders.
    pub async fn my_reminders(&self, actor: &Actor) -> Result<MyReminders, Stop> {
        let kept = self.store().member_reminders(actor.guild, actor.user).await?;
        Ok(MyReminders { kept, zone: self.store().member_zone(actor.user).await? })
    }

    /// The actor wants something else of reminders.
    pub async fn choose_reminders(
        &self,
        actor: &Actor,
        choice: ReminderChoice,
    ) -> Result<MyReminders, Stop> {
        let (guild, member) = (actor.guild, actor.user);
        let kept = self.store().choose_reminders(guild, member, choice, self.now()).await?;
        Ok(MyReminders { kept, zone: self.store().member_zone(member).await? })
    }

    /// The actor chooses quiet hours in words; none without words.
    pub async fn choose_quiet_hours(
        &self,
        actor: &Actor,
        words: &str,
    ) -> Result<MyReminders, Stop> {
        let quiet = match words.trim() {
            "" => None,
            words => Some(QuietHours::parse(words).map_err(Refusal::QuietHours)?),
        };
        self.choose_reminders(actor, ReminderChoice::Quiet(quiet)).await
    }
}
