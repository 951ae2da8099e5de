//! The reminders of a guild and of its events.

use jiff::Timestamp;
use muster_domain::id::{EventId, GuildId, ReminderChangeId, UserId};
use muster_domain::reminder::{
    QuietHours, Reminder, ReminderChoices, ReminderKey, Reminders, RemindersError,
};

/// Reminders, and whose they are.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ReminderList {
    /// The reminders.
    pub reminders: Reminders,
    /// Whose they are.
    pub whose: Whose,
}

/// Whose reminders they are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Whose {
    /// The event's own.
    Event,
    /// The guild's own.
    Guild,
    /// Those that every guild has until it chooses.
    Usual,
}

/// A change of the reminders of a guild, or of one event.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ReminderRequest {
    /// The guild.
    pub guild: GuildId,
    /// The event; `None` for all events of the guild that have none of their own.
    pub event: Option<EventId>,
    /// The change.
    pub change: ReminderChange,
    /// Who asks for it.
    pub by: UserId,
    /// When it was received.
    pub at: Timestamp,
}

/// What is to become of a list of reminders. Its first change makes it one of its own, with what
/// held before.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ReminderChange {
    /// One more.
    Add(Reminder),
    /// That one no more.
    Remove(ReminderKey),
    /// None of its own any more: an event has the guild's, a guild the usual ones.
    Reset,
    /// What it was before this change, if nobody has changed it since.
    Undo(ReminderChangeId),
}

/// What became of a change.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum RemindersChanged {
    /// The guild has no such event, or it was deleted.
    NoSuchEvent,
    /// One more is not possible.
    Refused(RemindersError),
    /// There is no such reminder.
    NotThere,
    /// The list was changed since, so that the change is not taken back.
    ChangedSince,
    /// It was changed longer than [`muster_domain::limits::UNDO_WITHIN`] ago.
    TooLate,
    /// It is done: the list as it is, what was removed, and by what it can be taken back. What is
    /// due from now on follows the new list.
    Made(ReminderList, Option<Reminder>, ReminderChangeId),
}

/// What a member chose about reminders.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct MemberReminders {
    /// In one guild.
    pub choices: ReminderChoices,
    /// In which hours they are left in peace, in all guilds.
    pub quiet: Option<QuietHours>,
}
