//! Reminders as organisers see and change them: of all events of a guild, or of one.

use muster_domain::id::{EventId, GuildId, ReminderChangeId, RoleId};
use muster_domain::reminder::{
    Audience, Reminder, ReminderKey, ReminderPlace, Reminders, check_placeholders,
    parse_reminder_time,
};
use muster_domain::rights::Actor;
use muster_domain::text::Announcement;
use muster_store::model::{
    Posted, ReminderChange, ReminderList, ReminderRequest, RemindersChanged, Whose,
};
use muster_store::port::Reminders as _;

use crate::app::{App, MemberLists, World};
use crate::reading::optional;
use crate::refusal::{Field, Refusal, Stop};

/// Reminders, with the event that they are of.
#[derive(Clone, Debug)]
pub struct RemindersOf {
    /// The event; `None` for all events of the guild that have none of their own.
    pub event: Option<Box<Posted>>,
    /// The reminders.
    pub list: ReminderList,
    /// Whether those who have not answered are all who may see the channel, or those who came
    /// before.
    pub members: MemberLists,
}

/// A list that was changed.
#[derive(Clone, Debug)]
pub struct ListChanged {
    /// The list as it is now.
    pub now: RemindersOf,
    /// What was removed from it, if that was it.
    pub removed: Option<Reminder>,
    /// By what the change is taken back.
    pub change: ReminderChangeId,
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
        Ok(RemindersOf { event, list, members: self.config().member_lists })
    }

    /// Adds a reminder; for organisers, who can have reminded whom they may mention.
    pub async fn add_reminder(
        &self,
        actor: &Actor,
        event: Option<EventId>,
        words: ReminderWords<'_>,
        is_mentionable: impl Fn(RoleId) -> bool,
    ) -> Result<ListChanged, Stop> {
        let ReminderWords { audience, place, .. } = words;
        let everyone = RoleId::new(actor.guild.get());
        let is_everyone = audience == Audience::Everyone;
        self.organiser_settings(actor).await?;
        if let Some(role) = if is_everyone { Some(everyone) } else { audience.role() } {
            self.check_mention(actor, role, is_mentionable(role)).await?;
        }
        let lists = self.config().member_lists;
        if matches!(audience, Audience::UnansweredOf(_)) && lists == MemberLists::Off {
            return Err(Refusal::NeedsMemberLists.into());
        }
        let time = parse_reminder_time(words.time).map_err(Refusal::ReminderTime)?;
        let text = optional(Announcement::parse(words.text));
        let text = text.map_err(|error| Refusal::Text(Field::Announcement, error))?;
        text.as_ref().map_or(Ok(()), check_placeholders).map_err(Refusal::Placeholder)?;
        let reminder = Reminder { time, audience, place, text };
        self.change_reminders(actor, event, ReminderChange::Add(reminder)).await
    }

    /// Removes a reminder; for organisers.
    pub async fn remove_reminder(
        &self,
        actor: &Actor,
        event: Option<EventId>,
        key: ReminderKey,
    ) -> Result<ListChanged, Stop> {
        self.change_reminders(actor, event, ReminderChange::Remove(key)).await
    }

    /// Has an event follow its guild again, or a guild have the usual reminders; for organisers.
    pub async fn reset_reminders(
        &self,
        actor: &Actor,
        event: Option<EventId>,
    ) -> Result<ListChanged, Stop> {
        self.change_reminders(actor, event, ReminderChange::Reset).await
    }

    /// Takes a change of the reminders back, if nobody has changed them since; for organisers.
    pub async fn undo_reminders(
        &self,
        actor: &Actor,
        event: Option<EventId>,
        change: ReminderChangeId,
    ) -> Result<ListChanged, Stop> {
        self.change_reminders(actor, event, ReminderChange::Undo(change)).await
    }

    /// The reminders that an event has of its own; `None` if it follows its guild.
    pub(crate) async fn own_reminders(
        &self,
        guild: GuildId,
        event: EventId,
    ) -> Result<Option<Reminders>, Stop> {
        let found = self.store().reminders(guild, Some(event)).await?;
        Ok(found.filter(|list| list.whose == Whose::Event).map(|list| list.reminders))
    }

    async fn change_reminders(
        &self,
        actor: &Actor,
        event: Option<EventId>,
        change: ReminderChange,
    ) -> Result<ListChanged, Stop> {
        self.organiser_settings(actor).await?;
        let (guild, by, at) = (actor.guild, actor.user, self.now());
        let request = ReminderRequest { guild, event, change, by, at };
        match self.store().change_reminders(request).await? {
            RemindersChanged::NoSuchEvent => Err(Refusal::NoSuchEvent.into()),
            RemindersChanged::Refused(error) => Err(Refusal::Reminders(error).into()),
            RemindersChanged::NotThere => Err(Refusal::NoSuchReminder.into()),
            RemindersChanged::ChangedSince => Err(Refusal::RemindersChangedSince.into()),
            RemindersChanged::TooLate => Err(Refusal::RemindersTooLate.into()),
            RemindersChanged::Made(list, removed, change) => {
                self.wake_scheduler();
                let now = self.reminders_of(actor, event, list).await?;
                Ok(ListChanged { now, removed, change })
            }
        }
    }
}
