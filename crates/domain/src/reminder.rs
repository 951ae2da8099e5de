//! Reminders: when they are due, whom they are for, and when they are too late.
//!
//! An event has reminders of its own, or those of its guild, or the usual ones. What is due follows
//! from the event alone: nothing is planned beside it that a move or a cancellation could forget.

mod choices;
mod placeholder;
mod words;

use jiff::civil::Time;
use jiff::{SignedDuration, Timestamp};
use thiserror::Error;

pub use self::choices::{QuietHours, QuietHoursError, ReminderChoice, ReminderChoices};
pub use self::placeholder::{Placeholder, UnknownPlaceholder, check_placeholders, filled};
pub use self::words::{ReminderTimeError, parse_reminder_time, time_in_words};
use crate::event::Event;
use crate::id::{RoleId, UserId};
use crate::limits::{REMINDED_AFTER_START, REMINDED_AT_START, REMINDERS_MAX};
use crate::notice::is_told;
use crate::roster::Roster;
use crate::text::Announcement;

/// When a reminder goes out, seen from its event.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum ReminderTime {
    /// So long before the start, in whole minutes; 0 at the start. At most
    /// [`crate::limits::REMINDER_BEFORE_MAX`].
    Before(SignedDuration),
    /// So long after the start, in whole minutes; at most [`crate::limits::REMINDER_AFTER_MAX`].
    After(SignedDuration),
    /// At that time of day, on the day of the start in the event's zone, if that is before the
    /// start.
    OfDay(Time),
}

/// Whom a reminder is for.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Audience {
    /// All who said that they come or may come.
    #[default]
    Expected,
    /// Those who come and have a place, or are offered one.
    Going,
    /// Those who may come.
    Maybe,
    /// Those without a place.
    Waitlisted,
    /// Those who have not answered: all who may see the channel, where the members of the guild are
    /// known, else those who came to its events lately.
    Unanswered,
    /// Those with this role who have not answered; only where the members of the guild are known.
    UnansweredOf(RoleId),
    /// A role.
    Role(RoleId),
    /// Everyone in the channel.
    Everyone,
}

impl Audience {
    /// The role that it names, if it names one.
    #[must_use]
    pub const fn role(self) -> Option<RoleId> {
        match self {
            Self::UnansweredOf(role) | Self::Role(role) => Some(role),
            Self::Expected
            | Self::Going
            | Self::Maybe
            | Self::Waitlisted
            | Self::Unanswered
            | Self::Everyone => None,
        }
    }

    /// Whether it is for those who answered, rather than for others.
    #[must_use]
    pub const fn has_answered(self) -> bool {
        match self {
            Self::Expected | Self::Going | Self::Maybe | Self::Waitlisted => true,
            Self::Unanswered | Self::UnansweredOf(_) | Self::Role(_) | Self::Everyone => false,
        }
    }
}

/// Where a reminder goes.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum ReminderPlace {
    /// Into the event's thread, or where there is none into the channel of the post, and by direct
    /// message as well to those who asked for that.
    #[default]
    Thread,
    /// Into the channel of the post, and by direct message as well to those who asked for that.
    Channel,
    /// By direct message to those who asked for that, and to nobody else.
    Direct,
}

/// One reminder.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reminder {
    /// When.
    pub time: ReminderTime,
    /// For whom.
    pub audience: Audience,
    /// Where.
    pub place: ReminderPlace,
    /// What it says beside the event, if anything.
    pub text: Option<Announcement>,
}

/// What tells a reminder from the others of its list.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ReminderKey {
    /// When.
    pub time: ReminderTime,
    /// For whom.
    pub audience: Audience,
    /// Where.
    pub place: ReminderPlace,
}

impl Reminder {
    /// A reminder in the event's thread or channel for all who come or may come.
    #[must_use]
    pub const fn at(time: ReminderTime) -> Self {
        let (audience, place) = (Audience::Expected, ReminderPlace::Thread);
        Self { time, audience, place, text: None }
    }

    /// What tells it from the others of its list.
    #[must_use]
    pub const fn key(&self) -> ReminderKey {
        ReminderKey { time: self.time, audience: self.audience, place: self.place }
    }

    /// When it is due for this event; `None` if it never is.
    #[must_use]
    pub fn due(&self, event: &Event) -> Option<Timestamp> {
        let start = event.details.span.start();
        match self.time {
            ReminderTime::Before(ahead) => start.checked_sub(ahead).ok(),
            ReminderTime::After(later) => start.checked_add(later).ok(),
            ReminderTime::OfDay(time) => {
                let rules = event.details.zone.rules();
                // What daylight saving skips moves on by the gap; of what it repeats, the first.
                let day = rules.to_datetime(start).date();
                let due = rules.to_timestamp(day.to_datetime(time)).ok()?;
                (due < start).then_some(due)
            }
        }
    }

    /// Where it stands in a list that shows the earliest first.
    fn rank(&self, event: Option<&Event>) -> impl Ord + use<> {
        let due = event.map(|event| self.due(event));
        // What is never due stands behind all that is.
        let is_never = due == Some(None);
        (is_never, due.flatten(), self.time.usual_place(), self.key())
    }
}

impl ReminderTime {
    /// Where it stands among others if nothing is known of the event: a time of day on the day of
    /// the start comes after what is a day or longer before, and before all that is shorter.
    fn usual_place(self) -> (u8, SignedDuration) {
        match self {
            Self::Before(ahead) if ahead.as_hours() >= 24 => (0, -ahead),
            Self::OfDay(time) => (1, time.duration_since(Time::MIN)),
            Self::Before(ahead) => (2, -ahead),
            Self::After(later) => (3, later),
        }
    }
}

/// The reminders of an event: at most [`REMINDERS_MAX`], no two at the same time for the same
/// people in the same place.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reminders(Vec<Reminder>);

/// Why a reminder was not added.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
pub enum RemindersError {
    /// There is one for the same people at the same time already.
    #[error("there is such a reminder already")]
    Twice,
    /// Only those who answered can ask for direct messages.
    #[error("direct messages reach only members who answered and asked for them")]
    Unreachable,
    /// There are as many as there may be.
    #[error("there are {max} reminders already", max = REMINDERS_MAX)]
    Full,
}

impl Default for Reminders {
    /// The usual ones: at 16:00 on the day, one hour and a quarter of an hour before.
    fn default() -> Self {
        let before = |minutes| ReminderTime::Before(SignedDuration::from_mins(minutes));
        let times = [ReminderTime::OfDay(Time::constant(16, 0, 0, 0)), before(60), before(15)];
        Self(times.map(Reminder::at).into())
    }
}

impl Reminders {
    /// None at all.
    #[must_use]
    pub const fn none() -> Self {
        Self(Vec::new())
    }

    /// These, as far as they may be.
    #[must_use]
    pub fn from_stored(stored: impl IntoIterator<Item = Reminder>) -> Self {
        let mut kept = Self::none();
        for reminder in stored {
            if kept.check(&reminder).is_ok() {
                kept.0.push(reminder);
            }
        }
        kept
    }

    /// All of them, in the order in which they were added.
    #[must_use]
    pub fn iter(&self) -> impl ExactSizeIterator<Item = &Reminder> {
        self.0.iter()
    }

    /// Whether there are none.
    #[must_use]
    pub const fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// All of them, earliest first: for an event as they are due, those that never are at the end;
    /// for none, as they are due for most.
    #[must_use]
    pub fn in_order(&self, event: Option<&Event>) -> Vec<&Reminder> {
        let mut all: Vec<_> = self.0.iter().collect();
        all.sort_by_cached_key(|reminder| reminder.rank(event));
        all
    }

    /// How many of [`Self::in_order`] come before this one, which need not be among them.
    #[must_use]
    pub fn ahead_of(&self, reminder: &Reminder, event: Option<&Event>) -> usize {
        let rank = reminder.rank(event);
        self.0.iter().filter(|one| one.rank(event) < rank).count()
    }

    /// These and one more.
    pub fn with(mut self, reminder: Reminder) -> Result<Self, RemindersError> {
        self.check(&reminder)?;
        self.0.push(reminder);
        Ok(self)
    }

    /// Whether this one can be added.
    fn check(&self, reminder: &Reminder) -> Result<(), RemindersError> {
        if self.0.iter().any(|known| known.key() == reminder.key()) {
            return Err(RemindersError::Twice);
        }
        if reminder.place == ReminderPlace::Direct && !reminder.audience.has_answered() {
            return Err(RemindersError::Unreachable);
        }
        if self.0.len() >= REMINDERS_MAX {
            return Err(RemindersError::Full);
        }
        Ok(())
    }

    /// These without the one at this time for these people in this place, and that one; `None` if
    /// it is not among them.
    #[must_use]
    pub fn without(mut self, key: ReminderKey) -> Option<(Self, Reminder)> {
        let index = self.0.iter().position(|known| known.key() == key)?;
        let removed = self.0.remove(index);
        Some((self, removed))
    }

    /// When the next one is due after this instant, if the event takes place.
    #[must_use]
    pub fn next(&self, event: &Event, after: Timestamp) -> Option<Timestamp> {
        let dues = self.0.iter().filter_map(|reminder| reminder.due(event));
        dues.filter(|due| takes_place(event) && *due > after).min()
    }

    /// Those that became due after `after` and by `now`, earliest first, with when; at the same
    /// instant those with words of their own first.
    #[must_use]
    pub fn due(
        &self,
        event: &Event,
        after: Timestamp,
        now: Timestamp,
    ) -> Vec<(&Reminder, Timestamp)> {
        let dues = self.0.iter().filter_map(|reminder| Some((reminder, reminder.due(event)?)));
        let mut due: Vec<_> =
            dues.filter(|(_, due)| takes_place(event) && after < *due && *due <= now).collect();
        due.sort_by_key(|(reminder, due)| (*due, reminder.text.is_none()));
        due
    }
}

const fn takes_place(event: &Event) -> bool {
    event.cancelled_at.is_none() && event.deleted_at.is_none()
}

/// Whether a reminder that was due then is still worth sending: one before the start until the
/// start, the one at the start for a quarter of an hour, one after it for two hours.
#[must_use]
pub fn is_worth_it(event: &Event, due: Timestamp, now: Timestamp) -> bool {
    let start = event.details.span.start();
    let late = now.duration_since(due);
    match due.cmp(&start) {
        std::cmp::Ordering::Less => now < start,
        std::cmp::Ordering::Equal => late <= REMINDED_AT_START,
        std::cmp::Ordering::Greater => late <= REMINDED_AFTER_START,
    }
}

/// The members of the roster whom a reminder is for, in order; none for those that are for others.
#[must_use]
pub fn reminded(audience: Audience, event: &Event, roster: &Roster) -> Vec<UserId> {
    let columns = |wanted: fn(&crate::answer_option::AnswerOption) -> bool| {
        let options = event.options.iter().filter(move |option| wanted(option));
        options.flat_map(|option| roster.column(option.id))
    };
    let line = || roster.waitlist().chain(roster.passed());
    let mut members: Vec<UserId> = match audience {
        Audience::Expected => {
            let placeless = roster.offered().chain(line());
            let told = placeless.filter(|member| is_told(event, roster, *member));
            columns(|option| option.told).chain(told).collect()
        }
        Audience::Going => columns(|option| option.coming).chain(roster.offered()).collect(),
        Audience::Maybe => columns(|option| option.told && !option.coming).collect(),
        Audience::Waitlisted => line().collect(),
        Audience::Unanswered
        | Audience::UnansweredOf(_)
        | Audience::Role(_)
        | Audience::Everyone => Vec::new(),
    };
    members.retain(|member| !member.is_erased());
    members
}

#[cfg(test)]
mod tests;
