//! Making, changing and deleting native scheduled events, with the rights that each needs, and what
//! happens to them by itself.

use std::collections::BTreeSet;

use super::alarm::Alarm;
use super::model::{ChannelKind, Guild};
use super::scheduled::{ScheduledEvent, ScheduledKind, ScheduledStatus};
use super::scheduled_check::{check_whole, merged};
use super::{Change, Permissions, Refusal, World, permissions};
use crate::ids::{GuildId, ScheduledEventId, UserId};
use crate::validate::scheduled::{EventForm, Said};

/// The most events of a guild that are to come or are on (Discord docs: guild scheduled event).
const MAX_OPEN: usize = 100;
/// The most finished events that a guild keeps; the oldest go first.
const MAX_FINISHED: usize = 100;

impl World {
    /// The scheduled events of a guild that `user` sees: those to come and those that are on.
    pub(crate) fn scheduled_events(
        &self,
        guild: &Guild,
        user: UserId,
    ) -> impl Iterator<Item = &ScheduledEvent> {
        let open = self.guild(guild.id).into_iter().flat_map(|guild| guild.scheduled.values());
        open.filter(move |event| event.status.is_open() && self.sees_event(user, event))
    }

    /// A scheduled event, if `user` sees it.
    pub(crate) fn scheduled_event(
        &self,
        user: UserId,
        (guild, id): (GuildId, ScheduledEventId),
    ) -> Result<&ScheduledEvent, Refusal> {
        let found = self.guild(guild).and_then(|guild| guild.scheduled.get(&id));
        let found = found.ok_or(Refusal::UnknownScheduledEvent)?;
        if self.sees_event(user, found) { Ok(found) } else { Err(Refusal::MissingAccess) }
    }

    fn sees_event(&self, user: UserId, event: &ScheduledEvent) -> bool {
        event.channel.is_none_or(|channel| self.sees(user, channel))
    }

    /// A bot makes a scheduled event.
    pub(crate) fn create_event(
        &mut self,
        bot: UserId,
        guild: GuildId,
        form: &EventForm,
    ) -> Result<ScheduledEventId, Refusal> {
        let found = self.guild(guild).ok_or(Refusal::UnknownGuild)?;
        let blank = ScheduledEvent {
            id: ScheduledEventId::new(0),
            guild,
            creator: bot,
            name: String::new(),
            description: None,
            image: None,
            start: self.now,
            end: None,
            status: ScheduledStatus::Scheduled,
            kind: ScheduledKind::External,
            channel: None,
            location: None,
            rule: None,
            interested: BTreeSet::new(),
        };
        let mut event = merged(blank, form);
        self.check_event(&event, form)?;
        self.check_event_rights(bot, &event, Permissions::CREATE_EVENTS)?;
        if found.scheduled.values().filter(|event| event.status.is_open()).count() >= MAX_OPEN {
            return Err(Refusal::TooManyScheduledEvents);
        }
        event.id = ScheduledEventId::new(self.next_id());
        self.take_image(&mut event, form);
        let id = event.id;
        self.note(Change::ScheduledCreated(Box::new(event.clone())));
        self.put_event(event);
        Ok(id)
    }

    /// A bot changes a scheduled event, or leads it on.
    pub(crate) fn change_event(
        &mut self,
        bot: UserId,
        which: (GuildId, ScheduledEventId),
        form: &EventForm,
    ) -> Result<(), Refusal> {
        let before = self.scheduled_event(bot, which)?.clone();
        self.check_own_event(bot, &before)?;
        if !before.status.is_open() {
            return Err(Refusal::FinishedEvent);
        }
        let mut event = merged(before.clone(), form);
        if before.status == ScheduledStatus::Active && event.kind != before.kind {
            return Err(Refusal::WrongScheduledKind);
        }
        self.check_event(&event, form)?;
        self.check_own_event(bot, &event)?;
        self.take_image(&mut event, form);
        if form.status == Some(ScheduledStatus::Completed) {
            event.complete(self.now);
        } else {
            event.status = form.status.unwrap_or(event.status);
        }
        self.note(Change::ScheduledUpdated(Box::new(event.clone())));
        self.put_event(event);
        Ok(())
    }

    /// A bot deletes a scheduled event.
    pub(crate) fn delete_event(
        &mut self,
        bot: UserId,
        which: (GuildId, ScheduledEventId),
    ) -> Result<(), Refusal> {
        let event = self.scheduled_event(bot, which)?.clone();
        self.check_own_event(bot, &event)?;
        if let Some(guild) = self.guilds.get_mut(&event.guild) {
            guild.scheduled.remove(&event.id);
        }
        self.note(Change::ScheduledDeleted(Box::new(event)));
        Ok(())
    }

    /// Somebody says in a client that an event interests them, or that it does not any more. No
    /// bot can do it for them. Changes nothing if it is so already.
    pub(crate) fn set_interest(
        &mut self,
        user: UserId,
        (guild, id): (GuildId, ScheduledEventId),
        given: bool,
    ) -> Result<(), Refusal> {
        let found = self.guild(guild).filter(|guild| guild.members.contains_key(&user));
        found.ok_or(Refusal::UnknownGuild)?;
        if !self.scheduled_event(user, (guild, id))?.status.is_open() {
            return Err(Refusal::FinishedEvent);
        }
        let event = self.guilds.get_mut(&guild).and_then(|guild| guild.scheduled.get_mut(&id));
        let people = &mut event.ok_or(Refusal::UnknownScheduledEvent)?.interested;
        let changed = if given { people.insert(user) } else { people.remove(&user) };
        if changed {
            self.note(Change::Interest { guild, event: id, user, given });
        }
        Ok(())
    }

    /// Begins, ends or calls off what is due now.
    pub(super) fn move_scheduled_on(&mut self, guild: GuildId, id: ScheduledEventId) {
        let found = self.guild(guild).and_then(|guild| guild.scheduled.get(&id));
        let due = |event: &&ScheduledEvent| event.moves_on_at().is_some_and(|at| at <= self.now);
        let Some(mut event) = found.filter(due).cloned() else {
            return;
        };
        match (event.kind, event.status) {
            (ScheduledKind::External, ScheduledStatus::Scheduled) => {
                event.status = ScheduledStatus::Active;
            }
            (_, ScheduledStatus::Scheduled) => event.status = ScheduledStatus::Canceled,
            (_, ScheduledStatus::Active) => event.complete(self.now),
            (_, ScheduledStatus::Completed | ScheduledStatus::Canceled) => return,
        }
        self.note(Change::ScheduledUpdated(Box::new(event.clone())));
        self.put_event(event);
    }

    fn put_event(&mut self, event: ScheduledEvent) {
        if let Some(at) = event.moves_on_at() {
            self.ring_at(at, Alarm::Scheduled(event.guild, event.id));
        }
        let Some(guild) = self.guilds.get_mut(&event.guild) else {
            return;
        };
        guild.scheduled.insert(event.id, event);
        let finished = guild.scheduled.values().filter(|event| !event.status.is_open());
        let finished: Vec<_> = finished.map(|event| event.id).collect();
        for oldest in finished.iter().take(finished.len().saturating_sub(MAX_FINISHED)) {
            guild.scheduled.remove(oldest);
        }
    }

    fn take_image(&mut self, event: &mut ScheduledEvent, form: &EventForm) {
        event.image = match form.image {
            Said::Nothing => event.image.take(),
            Said::Null => None,
            Said::This(()) => Some(self.secret()),
        };
    }

    /// Whether the event is whole, and its channel one for it.
    fn check_event(&self, event: &ScheduledEvent, form: &EventForm) -> Result<(), Refusal> {
        check_whole(event, form, self.now).map_err(Refusal::InvalidForm)?;
        let wanted = match event.kind {
            ScheduledKind::External => return Ok(()),
            ScheduledKind::Voice => ChannelKind::Voice,
            ScheduledKind::Stage => ChannelKind::Stage,
        };
        let channel = event.channel.and_then(|id| self.channel(id));
        let channel = channel.filter(|channel| channel.guild == Some(event.guild));
        let fits = channel.ok_or(Refusal::UnknownChannel)?.kind == wanted;
        if fits { Ok(()) } else { Err(Refusal::WrongChannelKind) }
    }

    /// Own events need either right, those of others the right to manage.
    fn check_own_event(&self, user: UserId, event: &ScheduledEvent) -> Result<(), Refusal> {
        let manages = self.check_event_rights(user, event, Permissions::MANAGE_EVENTS);
        if manages.is_ok() || event.creator != user {
            return manages;
        }
        self.check_event_rights(user, event, Permissions::CREATE_EVENTS)
    }

    /// Whether `user` has `right` where the event takes place, and what the place itself needs.
    fn check_event_rights(
        &self,
        user: UserId,
        event: &ScheduledEvent,
        right: Permissions,
    ) -> Result<(), Refusal> {
        let guild = self.guild(event.guild).ok_or(Refusal::UnknownGuild)?;
        let may = match event.channel.and_then(|id| self.channel(id)) {
            Some(channel) => self.effective(channel, user),
            None => permissions::in_guild(guild, user),
        };
        if event.channel.is_some() && !may.contains(Permissions::VIEW_CHANNEL) {
            return Err(Refusal::MissingAccess);
        }
        let besides = match event.kind {
            ScheduledKind::External => Permissions::NONE,
            ScheduledKind::Voice => Permissions::VIEW_CHANNEL | Permissions::CONNECT,
            ScheduledKind::Stage => {
                Permissions::MANAGE_CHANNELS | Permissions::MUTE_MEMBERS | Permissions::MOVE_MEMBERS
            }
        };
        if may.contains(right | besides) { Ok(()) } else { Err(Refusal::MissingPermissions) }
    }
}
