//! Forms for events as people filled them in.

use muster_domain::event::Event;
use muster_domain::id::{ChannelId, EventId, GuildId, RoleId, SeriesId, UserId};
use muster_domain::series::Series;

/// A form for an event as a person filled it in: raw words, not read yet.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct EventForm {
    /// What it is called.
    pub title: String,
    /// When it is, in words.
    pub when: String,
    /// How long it lasts, in words; empty for the default.
    pub duration: String,
    /// What it is about; may be empty.
    pub description: String,
    /// Where it is; may be empty.
    pub location: String,
    /// How many can come, in digits; empty for no limit.
    pub capacity: String,
    /// The channel chosen for its post.
    pub channel: Option<ChannelId>,
    /// The role chosen to be mentioned.
    pub mention: Option<RoleId>,
    /// The answers that a new event offers, in words, or the name of a ready-made set; empty for
    /// the usual four.
    pub options: String,
    /// The name of the template that says the rest of a new event; empty for none.
    pub template: String,
    /// How long before the start answers close, in words; empty for what the template or the event
    /// that it is like says.
    pub close: String,
    /// The address of its picture; empty for what the template or the event that it is like says.
    pub image: String,
    /// The event that it is like: its answers, rules and picture, which no words carry.
    pub like: Option<EventId>,
    /// How it repeats, in words or by RFC 5545; empty for one event alone.
    pub repeat: String,
}

/// An event as somebody saw it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SeenEvent {
    /// Which event.
    pub event: EventId,
    /// Its version then.
    pub version: u64,
}

impl SeenEvent {
    /// An event as it is here.
    #[must_use]
    pub const fn of(event: &Event) -> Self {
        Self { event: event.id, version: event.version }
    }
}

/// A series as somebody saw it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SeenSeries {
    /// Which series.
    pub series: SeriesId,
    /// Its version then; `None` where that does not matter.
    pub version: Option<u64>,
}

impl SeenSeries {
    /// A series as it is here.
    #[must_use]
    pub const fn of(series: &Series) -> Self {
        Self { series: series.id, version: Some(series.version) }
    }

    /// A series, whatever has become of it.
    #[must_use]
    pub const fn whatever(series: SeriesId) -> Self {
        Self { series, version: None }
    }
}

/// A form that waits for an answer of the person who filled it in. Kept for a day.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Draft {
    /// The guild that it was filled in for.
    pub guild: GuildId,
    /// Who filled it in; nobody else gets to see it.
    pub member: UserId,
    /// The event to be edited, or `None` for a new one.
    pub edits: Option<SeenEvent>,
    /// What was filled in.
    pub form: EventForm,
}
