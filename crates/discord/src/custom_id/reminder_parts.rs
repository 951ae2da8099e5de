//! What buttons say of reminders: whose they are, and which one.

use std::fmt;

use jiff::SignedDuration;
use jiff::civil::Time;
use muster_domain::id::{EventId, RoleId};
use muster_domain::reminder::{Audience, ReminderKey, ReminderPlace, ReminderTime};

use super::parts::{Numbers, Part};

/// Whose reminders are changed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ReminderScope {
    /// Those of all events of the guild without reminders of their own.
    Guild,
    /// Those of an event.
    Event(EventId),
}

/// What no event has as its id stands for the guild.
const OF_GUILD: u64 = 0;

impl ReminderScope {
    /// Of this event, or of the guild.
    #[must_use]
    pub fn of(event: Option<EventId>) -> Self {
        event.map_or(Self::Guild, Self::Event)
    }

    /// The event, if it is of one.
    #[must_use]
    pub const fn event(self) -> Option<EventId> {
        match self {
            Self::Guild => None,
            Self::Event(event) => Some(event),
        }
    }
}

impl Part for ReminderScope {
    fn read(numbers: &mut Numbers<'_>) -> Option<Self> {
        Some(match u64::read(numbers)? {
            OF_GUILD => Self::Guild,
            event => Self::Event(EventId::new(event)),
        })
    }

    fn write(self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.event().map_or(OF_GUILD, EventId::get).write(f)
    }
}

/// What tells a reminder from the others of its list, in numbers: for a button, and written as
/// "#15-0-2-0" for a suggestion.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct WrittenKey {
    /// Minutes: before the start, then from 100,000 on after it, from 200,000 on of the day.
    time: u32,
    /// Whom it is for, in the order of [`Audience`].
    audience: u8,
    /// Where it goes: 0 into the channel, 1 by direct message, 2 into the thread.
    place: u8,
    /// The role, or 0.
    role: u64,
}

const AFTER: u32 = 100_000;
const OF_DAY: u32 = 200_000;

impl WrittenKey {
    /// A key in numbers.
    #[must_use]
    pub fn of(key: ReminderKey) -> Self {
        let minutes = |length: SignedDuration| u32::try_from(length.as_mins()).unwrap_or_default();
        let time = match key.time {
            ReminderTime::Before(ahead) => minutes(ahead),
            ReminderTime::After(later) => AFTER.saturating_add(minutes(later)),
            ReminderTime::OfDay(time) => {
                let minutes = i64::from(time.hour()) * 60 + i64::from(time.minute());
                OF_DAY.saturating_add(u32::try_from(minutes).unwrap_or_default())
            }
        };
        let (audience, role) = match key.audience {
            Audience::Expected => (0, 0),
            Audience::Going => (1, 0),
            Audience::Maybe => (2, 0),
            Audience::Waitlisted => (3, 0),
            Audience::Unanswered => (4, 0),
            Audience::Everyone => (5, 0),
            Audience::Role(role) => (6, role.get()),
            Audience::UnansweredOf(role) => (7, role.get()),
        };
        let place = match key.place {
            ReminderPlace::Channel => 0,
            ReminderPlace::Direct => 1,
            ReminderPlace::Thread => 2,
        };
        Self { time, audience, place, role }
    }

    /// The key; `None` if these numbers are none.
    fn key(self) -> Option<ReminderKey> {
        let minutes = |number: u32| SignedDuration::from_mins(number.into());
        let time = match self.time {
            ..AFTER => ReminderTime::Before(minutes(self.time)),
            AFTER..OF_DAY => ReminderTime::After(minutes(self.time - AFTER)),
            OF_DAY.. => {
                let of_day = self.time - OF_DAY;
                let [hour, minute] = [of_day / 60, of_day % 60].map(i8::try_from);
                ReminderTime::OfDay(Time::new(hour.ok()?, minute.ok()?, 0, 0).ok()?)
            }
        };
        let audience = match self.audience {
            0 => Audience::Expected,
            1 => Audience::Going,
            2 => Audience::Maybe,
            3 => Audience::Waitlisted,
            4 => Audience::Unanswered,
            5 => Audience::Everyone,
            6 => Audience::Role(RoleId::new(self.role)),
            7 => Audience::UnansweredOf(RoleId::new(self.role)),
            _ => return None,
        };
        let place = match self.place {
            0 => ReminderPlace::Channel,
            1 => ReminderPlace::Direct,
            2 => ReminderPlace::Thread,
            _ => return None,
        };
        Some(ReminderKey { time, audience, place })
    }
}

impl fmt::Display for WrittenKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "#{}-{}-{}-{}", self.time, self.audience, self.place, self.role)
    }
}

impl Part for ReminderKey {
    fn read(numbers: &mut Numbers<'_>) -> Option<Self> {
        let (time, audience) = (Part::read(numbers)?, Part::read(numbers)?);
        let (place, role) = (Part::read(numbers)?, Part::read(numbers)?);
        WrittenKey { time, audience, place, role }.key()
    }

    fn write(self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let WrittenKey { time, audience, place, role } = WrittenKey::of(self);
        time.write(f)?;
        audience.write(f)?;
        place.write(f)?;
        role.write(f)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_key_survives_its_writing() {
        let role = Audience::Role(RoleId::new(77));
        let minutes = SignedDuration::from_mins;
        for time in [
            ReminderTime::Before(minutes(0)),
            ReminderTime::Before(minutes(43_200)),
            ReminderTime::After(minutes(1_440)),
            ReminderTime::OfDay(Time::constant(23, 59, 0, 0)),
        ] {
            let unanswered = Audience::UnansweredOf(RoleId::new(78));
            for audience in [Audience::Expected, Audience::Everyone, role, unanswered] {
                for place in [ReminderPlace::Thread, ReminderPlace::Channel, ReminderPlace::Direct]
                {
                    let key = ReminderKey { time, audience, place };
                    assert_eq!(WrittenKey::of(key).key(), Some(key));
                }
            }
        }
        let forged = WrittenKey { time: u32::MAX, audience: 0, place: 0, role: 0 };
        assert_eq!(forged.key(), None);
    }
}
