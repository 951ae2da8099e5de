//! Series: what repeats, and the events that follow from it.
//!
//! A series makes one event for each of its occurrences, when that is to be posted. What it makes
//! is an event like any other; what becomes of it no longer concerns the series. The weekly
//! schedule is made of series, each of one day of the week.

mod fields;
mod posting;
mod step;

use jiff::civil::{DateTime, Time, Weekday};
use jiff::{SignedDuration, Timestamp};
use thiserror::Error;

pub use self::fields::{ExtraFields, ExtraFieldsError};
pub use self::posting::{Posting, PostingError};
pub use self::step::{SeriesRefusal, SeriesStep};
use crate::event::{Event, EventDetails, Span};
use crate::id::{ChannelId, GuildId, SeriesId, UserId};
use crate::recurrence::{Occurrence, Recurrence};
use crate::template::Template;
use crate::text::Title;
use crate::zone::Zone;

/// What an organiser decided about a series.
#[derive(Clone, Debug, PartialEq)]
pub struct SeriesPlan {
    /// What its events are called.
    pub title: Title,
    /// All else that they are made of.
    pub made_of: Template,
    /// What a day of the weekly schedule says beside its description.
    pub fields: ExtraFields,
    /// Where they are posted.
    pub channel: ChannelId,
    /// The zone whose clocks it goes by, whatever zone people choose later.
    pub zone: Zone,
    /// From when on it goes, by the clock on the wall; its time of day is that of all occurrences.
    pub start: DateTime,
    /// On which days.
    pub recurrence: Recurrence,
    /// When each is posted.
    pub posting: Posting,
}

/// A series of a guild.
#[derive(Clone, Debug, PartialEq)]
pub struct Series {
    /// Its identity.
    pub id: SeriesId,
    /// The guild that it belongs to.
    pub guild: GuildId,
    /// Who made it: the host of its events.
    pub host: UserId,
    /// Its day in the weekly schedule; `None` for a series of its own.
    pub day: Option<Weekday>,
    /// What was decided about it.
    pub plan: SeriesPlan,
    /// Grows with every change by an organiser.
    pub version: u64,
    /// The latest occurrence that was made or passed over, in the order of occurrences.
    pub made_to: Option<DateTime>,
    /// When an organiser ended it.
    pub ended_at: Option<Timestamp>,
    /// Before then nothing of it is posted by itself, so that its answers can be put together.
    pub held_until: Option<Timestamp>,
}

/// A series makes events that cannot be.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
pub enum SeriesPlanError {
    /// Description and extra fields together are too long.
    #[error("the description and the extra fields together are too long")]
    TextTooLong,
    /// Events of this length cannot be.
    #[error("events of this length cannot be")]
    Length,
}

impl SeriesPlan {
    /// Checks that events can be made of it.
    pub fn checked(self) -> Result<Self, SeriesPlanError> {
        let probe = Occurrence { wall: self.start, at: Timestamp::UNIX_EPOCH };
        self.details(probe)?;
        Ok(self)
    }

    /// What its event is at an occurrence.
    pub fn details(&self, occurrence: Occurrence) -> Result<EventDetails, SeriesPlanError> {
        let made_of = &self.made_of;
        let description = self.fields.beneath(made_of.description.as_ref());
        let end = occurrence.at.checked_add(made_of.duration);
        let end = end.map_err(|_| SeriesPlanError::Length)?;
        Ok(EventDetails {
            title: self.title.clone(),
            span: Span::new(occurrence.at, end).map_err(|_| SeriesPlanError::Length)?,
            zone: self.zone.clone(),
            description: description.map_err(|_| SeriesPlanError::TextTooLong)?,
            location: made_of.location.clone(),
            capacity: made_of.capacity,
        })
    }

    /// Its occurrences from the first one on.
    pub fn occurrences(&self) -> impl Iterator<Item = Occurrence> {
        self.recurrence.occurrences(self.start, self.zone.rules())
    }

    /// The first occurrence after this one; the first of all after none.
    #[must_use]
    pub fn after(&self, wall: Option<DateTime>) -> Option<Occurrence> {
        match wall {
            Some(wall) => self.recurrence.next_after(self.start, self.zone.rules(), wall),
            None => self.occurrences().next(),
        }
    }

    /// The occurrence of this wall-clock time, if it is one.
    #[must_use]
    pub fn at(&self, wall: DateTime) -> Option<Occurrence> {
        let moment_before = wall.checked_sub(SignedDuration::from_secs(1)).ok();
        self.after(moment_before).filter(|found| found.wall == wall)
    }

    /// Whether it has an occurrence at this wall-clock time.
    #[must_use]
    pub fn has(&self, wall: DateTime) -> bool {
        self.at(wall).is_some()
    }

    /// The first occurrence that begins after this instant.
    #[must_use]
    pub fn beginning_after(&self, now: Timestamp) -> Option<Occurrence> {
        let wall = self.zone.rules().to_datetime(now);
        // What daylight saving moves on begins later than its clock says, so that one is looked at
        // which seems to have begun.
        let before = wall.checked_sub(SignedDuration::from_hours(24)).ok();
        let mut next = self.after(before);
        while let Some(occurrence) = next.filter(|occurrence| occurrence.at <= now) {
            next = self.after(Some(occurrence.wall));
        }
        next
    }

    /// Up to `count` occurrences after this one.
    #[must_use]
    pub fn following(&self, wall: Option<DateTime>, count: usize) -> Vec<Occurrence> {
        let next = |occurrence: &Occurrence| self.after(Some(occurrence.wall));
        std::iter::successors(self.after(wall), next).take(count).collect()
    }

    /// When this occurrence is posted, where the guild's posting time is `usual`.
    #[must_use]
    pub fn post_at(&self, occurrence: Occurrence, usual: Time) -> Timestamp {
        self.posting.due(occurrence.at, &self.zone, usual)
    }

    /// The plan that goes on as one of its events was changed: with what differs after from before,
    /// and with all else as it is. The date stays that event's own; a new time of day becomes that
    /// of all occurrences.
    #[must_use]
    pub fn changed_like(mut self, before: &Event, after: &Event) -> Self {
        let (was, is) = (Template::of(before, None), Template::of(after, None));
        let made_of = &mut self.made_of;
        take_change(&mut self.title, &before.details.title, &after.details.title);
        take_change(&mut made_of.duration, &was.duration, &is.duration);
        take_change(&mut made_of.location, &was.location, &is.location);
        take_change(&mut made_of.capacity, &was.capacity, &is.capacity);
        take_change(&mut made_of.options, &was.options, &is.options);
        take_change(&mut made_of.rules, &was.rules, &is.rules);
        take_change(&mut made_of.image, &was.image, &is.image);
        take_change(&mut made_of.mention, &was.mention, &is.mention);
        if was.description != is.description {
            made_of.description = is.description;
            // They stand in the description that was changed.
            self.fields = ExtraFields::default();
        }
        self.timed_like(before.details.span.start(), after.details.span.start())
    }

    /// The plan at the time of day to which one of its events was moved.
    fn timed_like(self, before: Timestamp, after: Timestamp) -> Self {
        let rules = self.zone.rules();
        let begins = rules.to_datetime(after);
        if rules.to_datetime(before).time() == begins.time() {
            return self;
        }
        // Where daylight saving moved it on, it was at its time.
        let own = rules.to_timestamp(begins.date().to_datetime(self.start.time()));
        let is_at_its_time = own.is_ok_and(|own| own == after);
        if is_at_its_time { self } else { self.at_time(begins.time()) }
    }

    /// The same at another time of day.
    #[must_use]
    pub fn at_time(mut self, time: Time) -> Self {
        self.recurrence = self.recurrence.at_time(self.start.time(), time);
        self.start = self.start.date().to_datetime(time);
        self
    }
}

/// Takes over what was changed, and nothing if nothing was.
fn take_change<T: Clone + PartialEq>(own: &mut T, before: &T, after: &T) {
    if before != after {
        own.clone_from(after);
    }
}

impl Series {
    /// The next occurrence that was neither made nor passed over; `None` if none is left.
    #[must_use]
    pub fn next(&self) -> Option<Occurrence> {
        if self.ended_at.is_some() {
            return None;
        }
        self.plan.after(self.made_to)
    }

    /// When this occurrence is posted by itself, where the guild's posting time is `usual`.
    #[must_use]
    pub fn post_at(&self, occurrence: Occurrence, usual: Time) -> Timestamp {
        let planned = self.plan.post_at(occurrence, usual);
        self.held_until.map_or(planned, |held| planned.max(held))
    }

    /// Up to `count` of the occurrences that are still to be made.
    #[must_use]
    pub fn upcoming(&self, count: usize) -> Vec<Occurrence> {
        if self.ended_at.is_some() {
            return Vec::new();
        }
        self.plan.following(self.made_to, count)
    }
}

#[cfg(test)]
mod tests;
