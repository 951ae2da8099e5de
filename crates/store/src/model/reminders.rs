//! The reminders of a guild and of its events.

use jiff::Timestamp;
use muster_domain::id::{EventId, GuildId};
use muster_domain::reminder::{Reminder, ReminderKey, Reminders, RemindersError};

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
    /// It is done. What is due from now on follows the new list.
    Made(ReminderList, Option<Reminder>),
}
