//! Reminders as organisers see and change them: of all events of a guild, or of one.

use muster_domain::id::{EventId, RoleId};
use muster_domain::reminder::{
    Audience, Reminder, ReminderKey, ReminderPlace, parse_reminder_time,
};
use muster_domain::rights::Actor;
use muster_domain::text::Announcement;
use muster_store::model::{
    Posted, ReminderChange, ReminderList, ReminderRequest, RemindersChanged,
};
use muster_store::port::Reminders as _;

use crate::app::{App, World};
use crate::reading::optional;
use crate::refusal::{Field, Refusal, Stop};

/// Reminders, with the event that they are of.
#[derive(Clone, Debug)]
pub struct RemindersOf {
    /// The event; `None` for all events of the guild that have none of their own.
    pub event: Option<Box<Posted>>,
    /// The reminders.
    pub list: ReminderList,
}

/// A reminder in words.
#[derive(Clone, Copy, Debug)]
pub struct ReminderWords<'a> {
    /// When.
    pub time: &'a str,
    /// For whom.
    pub audience: Audience,
    /// Where.
    pub place: ReminderPlace,
    /// What it says beside the event; empty for nothing.
    pub text: &'a str,
}

impl<W: World> App<W> {
    /// The reminders of an event, or of all; for organisers.
    pub async fn reminders(
        &self,
        actor: &Actor,
        event: Option<EventId>,
    ) -> Result<RemindersOf, Stop> {
        self.organiser_settings(actor).await?;
        let list = self.store().reminders(actor.guild, event).await?;
        self.reminders_of(actor, event, list.ok_or(Refusal::NoSuchEvent)?).await
    }

    async fn reminders_of(
        &self,
        actor: &Actor,
        event: Option<EventId>,
        list: ReminderList,
    ) -> Result<RemindersOf, Stop> {
        let event = match event {
            Some(event) => Some(Box::new(self.event(actor, event).await?)),
            None => None,
        };
        Ok(RemindersOf { event, list })
    }

    /// Adds a reminder; for organisers, who can have reminded whom they may mention.
    pub async fn add_reminder(
        &self,
        actor: &Actor,
        event: Option<EventId>,
        words: ReminderWords<'_>,
        is_mentionable: impl Fn(RoleId) -> bool,
    ) -> Result<RemindersOf, Stop> {
        let ReminderWords { audience, place, .. } = words;
        let role = match audience {
            Audience::Role(role) => Some(role),
            Audience::Everyone => Some(RoleId::new(actor.guild.get())),
            Audience::Expected
            | Audience::Going
            | Audience::Maybe
            | Audience::Waitlisted
            | Audience::Unanswered => None,
        };
        self.organiser_settings(actor).await?;
        if let Some(role) = role {
            self.check_mention(actor, role, is_mentionable(role)).await?;
        }
        let time = parse_reminder_time(words.time).map_err(Refusal::ReminderTime)?;
        let text = optional(Announcement::parse(words.text));
        let text = text.map_err(|error| Refusal::Text(Field::Announcement, error))?;
        let reminder = Reminder { time, audience, place, text };
        let made = self.change_reminders(actor, event, ReminderChange::Add(reminder)).await?;
        Ok(made.0)
    }

    /// Removes a reminder; returns it, too. For organisers.
    pub async fn remove_reminder(
        &self,
        actor: &Actor,
        event: Option<EventId>,
        key: ReminderKey,
    ) -> Result<(RemindersOf, Option<Reminder>), Stop> {
        self.change_reminders(actor, event, ReminderChange::Remove(key)).await
    }

    /// Has an event follow its guild again, or a guild have the usual reminders; for organisers.
    pub async fn reset_reminders(
        &self,
        actor: &Actor,
        event: Option<EventId>,
    ) -> Result<RemindersOf, Stop> {
        Ok(self.change_reminders(actor, event, ReminderChange::Reset).await?.0)
    }

    async fn change_reminders(
        &self,
        actor: &Actor,
        event: Option<EventId>,
        change: ReminderChange,
    ) -> Result<(RemindersOf, Option<Reminder>), Stop> {
        self.organiser_settings(actor).await?;
        let request = ReminderRequest { guild: actor.guild, event, change, at: self.now() };
        match self.store().change_reminders(request).await? {
            RemindersChanged::NoSuchEvent => Err(Refusal::NoSuchEvent.into()),
            RemindersChanged::Refused(error) => Err(Refusal::Reminders(error).into()),
            RemindersChanged::NotThere => Err(Refusal::NoSuchReminder.into()),
            RemindersChanged::Made(list, removed) => {
                self.wake_scheduler();
                Ok((self.reminders_of(actor, event, list).await?, removed))
            }
        }
    }
}
