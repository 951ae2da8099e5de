//! An event and its life: open, closed, over, cancelled.

use jiff::{SignedDuration, Timestamp};
use thiserror::Error;

use crate::answer_option::{AnswerOption, Options};
use crate::capacity::Capacity;
use crate::id::{ChannelId, EventId, GuildId, RoleId, SeriesId, UserId};
use crate::limits::DURATION_MAX;
use crate::roster::{HeadingId, OptionSeats, Seating};
use crate::rules::EventRules;
use crate::settings::Language;
use crate::text::{Description, ImageUrl, Location, Title};
use crate::zone::Zone;

/// From when to when an event goes: the end is after the start, by at most [`DURATION_MAX`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Span {
    start: Timestamp,
    end: Timestamp,
}

/// The end is not after the start, or too long after it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
#[error("an event lasts from 1 minute to {} days", DURATION_MAX.as_hours() / 24)]
pub struct SpanError;

impl Span {
    /// Checks a start and an end.
    pub fn new(start: Timestamp, end: Timestamp) -> Result<Self, SpanError> {
        let lasts = end.duration_since(start);
        let sound = lasts >= SignedDuration::from_mins(1) && lasts <= DURATION_MAX;
        sound.then_some(Self { start, end }).ok_or(SpanError)
    }

    /// When the event begins.
    #[must_use]
    pub const fn start(self) -> Timestamp {
        self.start
    }

    /// When the event is over.
    #[must_use]
    pub const fn end(self) -> Timestamp {
        self.end
    }

    /// How long it lasts.
    #[must_use]
    pub fn duration(self) -> SignedDuration {
        self.end.duration_since(self.start)
    }
}

/// When answers close by themselves.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum AnswersClose {
    /// At the start, or as long before it as the event's rules say: what every event does unless
    /// told otherwise.
    AtStart,
    /// At the end: the organiser re-opened a running event.
    AtEnd,
}

/// What an organiser decides about an event.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct EventDetails {
    /// What it is called.
    pub title: Title,
    /// From when to when.
    pub span: Span,
    /// The zone in which the organiser gave the times.
    pub zone: Zone,
    /// What it is about.
    pub description: Option<Description>,
    /// Where it is.
    pub location: Option<Location>,
    /// How many can come.
    pub capacity: Option<Capacity>,
}

/// One occurrence that members can sign up for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Event {
    /// Its identity.
    pub id: EventId,
    /// The guild that it belongs to.
    pub guild: GuildId,
    /// What is spoken in that guild, and so on its post and in what is told of it.
    pub language: Language,
    /// The channel of its post.
    pub channel: ChannelId,
    /// Who created it.
    pub host: UserId,
    /// What its organiser decided.
    pub details: EventDetails,
    /// The answers that it offers.
    pub options: Options,
    /// What it demands of those who answer.
    pub rules: EventRules,
    /// The picture on its post.
    pub image: Option<ImageUrl>,
    /// The role that its post and its news mention.
    pub mention: Option<RoleId>,
    /// When answers close by themselves.
    pub answers_close: AnswersClose,
    /// When an organiser closed the answers.
    pub closed_at: Option<Timestamp>,
    /// When an organiser cancelled it.
    pub cancelled_at: Option<Timestamp>,
    /// When its creation was undone.
    pub deleted_at: Option<Timestamp>,
    /// When it was looked at, or passed over, whether enough are coming.
    pub minimum_asked_at: Option<Timestamp>,
    /// The series that it is an occurrence of.
    pub series: Option<SeriesId>,
    /// Grows with every change that the post shows; the post is true once it showed this one.
    pub version: u64,
}

/// Where an event is in its life.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Phase {
    /// Members can answer.
    Open,
    /// An organiser closed the answers before the event began.
    Closed,
    /// The event has begun and answers are closed.
    Running,
    /// The event is over.
    Over,
    /// An organiser called it off.
    Cancelled,
    /// Its creation was undone.
    Deleted,
}

impl Event {
    /// Where the event is in its life at `now`.
    #[must_use]
    pub fn phase(&self, now: Timestamp) -> Phase {
        let span = self.details.span;
        if self.deleted_at.is_some() {
            Phase::Deleted
        } else if self.cancelled_at.is_some() {
            Phase::Cancelled
        } else if now >= span.end() {
            Phase::Over
        } else if self.closed_at.is_none() && now < self.answers_until() {
            Phase::Open
        } else if now >= span.start() {
            Phase::Running
        } else {
            Phase::Closed
        }
    }

    /// Whether members can take their answers back, or bring fewer guests, at `now`. Once answers
    /// have closed they still can until the start: who cannot come leaves the place to others.
    #[must_use]
    pub fn takes_withdrawals(&self, now: Timestamp) -> bool {
        matches!(self.phase(now), Phase::Open | Phase::Closed)
    }

    /// How much room there is, and for whom.
    #[must_use]
    pub fn seating(&self) -> Seating {
        let seats = |option: &AnswerOption| OptionSeats {
            id: option.id,
            offered: !option.removed,
            coming: option.coming,
            capacity: option.capacity,
            heading: self.options.shared_by(option).and_then(|(at, _)| HeadingId::of(at)),
        };
        Seating {
            capacity: self.details.capacity,
            options: self.options.iter().map(seats).collect(),
            shared: self.options.shared().iter().map(|places| places.capacity).collect(),
            offer: self.rules.offer,
        }
    }

    /// How much room there is, and for whom, at this instant: while answers are closed nobody can
    /// accept an offer, so that whoever comes up has the place at once. An offer ends when they
    /// close.
    #[must_use]
    pub fn seating_at(&self, now: Timestamp) -> Seating {
        Seating { offer: self.offer_at(now), ..self.seating() }
    }

    /// How long whoever comes up at this instant has to accept, as [`Self::seating_at`] has it.
    #[must_use]
    pub fn offer_at(&self, now: Timestamp) -> Option<SignedDuration> {
        let offer = self.rules.offer.filter(|_| self.phase(now) == Phase::Open);
        let left = self.answers_until().duration_since(now);
        offer.map(|time| time.min(left))
    }

    /// Until when the offers that there are at this instant last at most, if the event takes
    /// place: as long as they can be accepted.
    #[must_use]
    pub fn offers_until(&self, now: Timestamp) -> Option<Timestamp> {
        match self.phase(now) {
            Phase::Open => Some(self.answers_until()),
            Phase::Closed | Phase::Running => Some(now),
            Phase::Over | Phase::Cancelled | Phase::Deleted => None,
        }
    }

    /// When answers close by themselves.
    #[must_use]
    pub fn answers_until(&self) -> Timestamp {
        let start = self.details.span.start();
        match self.answers_close {
            AnswersClose::AtStart => {
                start.checked_sub(self.rules.close_before).unwrap_or(Timestamp::MIN)
            }
            AnswersClose::AtEnd => self.details.span.end(),
        }
    }

    /// When it is to be looked at whether enough are coming, if that was not done yet.
    #[must_use]
    pub fn minimum_due(&self) -> Option<Timestamp> {
        let minimum = self.rules.minimum.filter(|_| self.minimum_asked_at.is_none())?;
        self.details.span.start().checked_sub(minimum.before_start).ok()
    }

    /// The instant at which it is looked at whether enough are coming, if that has passed although
    /// the event has not begun.
    #[must_use]
    pub fn minimum_passed(&self, now: Timestamp) -> Option<Timestamp> {
        let start = self.details.span.start();
        let due = start.checked_sub(self.rules.minimum?.before_start).ok();
        due.filter(|due| *due <= now && now < start)
    }

    /// Whether answers have closed by themselves before the start.
    #[must_use]
    pub fn closed_by_time(&self, now: Timestamp) -> bool {
        self.phase(now) == Phase::Closed && self.closed_at.is_none()
    }

    /// Fewer people than must be, if it is time to say so.
    #[must_use]
    pub fn lacks_people(&self, coming: usize, now: Timestamp) -> bool {
        let few = self.rules.minimum.is_some_and(|minimum| coming < minimum.people.places());
        let begins = matches!(self.phase(now), Phase::Open | Phase::Closed);
        few && begins && self.minimum_due().is_some_and(|due| due <= now)
    }

    /// The event with the look at its minimum planned anew. What would have been due already is
    /// passed over: who plans at the last moment knows.
    #[must_use]
    pub fn with_minimum_planned(mut self, now: Timestamp) -> Self {
        self.minimum_asked_at = None;
        self.minimum_asked_at = self.minimum_due().filter(|due| *due <= now).map(|_| now);
        self
    }

    /// The next instant at which something is to be done because time passes, if any is left: the
    /// post looks otherwise, or it is to be looked at whether enough are coming.
    #[must_use]
    pub fn next_turn(&self, now: Timestamp) -> Option<Timestamp> {
        let turn = match self.phase(now) {
            Phase::Open => self.answers_until(),
            Phase::Closed => self.details.span.start(),
            Phase::Running => self.details.span.end(),
            Phase::Over | Phase::Cancelled | Phase::Deleted => return None,
        };
        Some(self.minimum_due().map_or(turn, |due| due.min(turn)))
    }
}

#[cfg(test)]
pub(crate) mod tests;
