//! Native scheduled events of guilds as plain data (Discord docs: guild scheduled event).

use std::collections::BTreeSet;

use jiff::{SignedDuration, Timestamp};

use super::recurrence::Recurrence;
use crate::ids::{ChannelId, GuildId, ScheduledEventId, UserId};

/// How long after its start an event that nobody began is called off. Discord says "some hours".
const NOT_BEGUN: SignedDuration = SignedDuration::from_hours(6);

/// Where a scheduled event takes place.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ScheduledKind {
    /// On a stage.
    Stage,
    /// In a voice channel.
    Voice,
    /// Somewhere else, told in words.
    External,
}

impl ScheduledKind {
    /// The number on the wire.
    #[must_use]
    pub const fn number(self) -> u8 {
        match self {
            Self::Stage => 1,
            Self::Voice => 2,
            Self::External => 3,
        }
    }
}

/// How far a scheduled event is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ScheduledStatus {
    /// It is to come.
    Scheduled,
    /// It is on.
    Active,
    /// It took place.
    Completed,
    /// It was called off.
    Canceled,
}

impl ScheduledStatus {
    /// The number on the wire.
    #[must_use]
    pub const fn number(self) -> u8 {
        match self {
            Self::Scheduled => 1,
            Self::Active => 2,
            Self::Completed => 3,
            Self::Canceled => 4,
        }
    }

    /// Whether it is to come or is on.
    #[must_use]
    pub const fn is_open(self) -> bool {
        matches!(self, Self::Scheduled | Self::Active)
    }

    /// Whether somebody may lead it from here to `next`.
    #[must_use]
    pub const fn leads_to(self, next: Self) -> bool {
        matches!(
            (self, next),
            (Self::Scheduled, Self::Scheduled | Self::Active | Self::Canceled)
                | (Self::Active, Self::Active | Self::Completed)
        )
    }
}

/// A native scheduled event.
#[derive(Debug, Clone, PartialEq)]
pub struct ScheduledEvent {
    /// Id.
    pub id: ScheduledEventId,
    /// The guild.
    pub guild: GuildId,
    /// Who made it.
    pub creator: UserId,
    /// Name.
    pub name: String,
    /// What it is about.
    pub description: Option<String>,
    /// Hash of its picture.
    pub image: Option<String>,
    /// When it is to begin.
    pub start: Timestamp,
    /// When it is to end; always told if it takes place somewhere else.
    pub end: Option<Timestamp>,
    /// How far it is.
    pub status: ScheduledStatus,
    /// Where it takes place.
    pub kind: ScheduledKind,
    /// The voice channel or stage.
    pub channel: Option<ChannelId>,
    /// The place in words, if it is somewhere else.
    pub location: Option<String>,
    /// How it repeats.
    pub rule: Option<Recurrence>,
    /// Who has said so in a client.
    pub interested: BTreeSet<UserId>,
}

impl ScheduledEvent {
    /// When something happens to it by itself next. What takes place in a channel is ended by
    /// hand, as nobody speaks here.
    #[must_use]
    pub fn moves_on_at(&self) -> Option<Timestamp> {
        match (self.kind, self.status) {
            (ScheduledKind::External, ScheduledStatus::Scheduled) => Some(self.start),
            (ScheduledKind::External, ScheduledStatus::Active) => self.end,
            (ScheduledKind::Stage | ScheduledKind::Voice, ScheduledStatus::Scheduled) => {
                self.start.checked_add(NOT_BEGUN).ok()
            }
            (
                _,
                ScheduledStatus::Active | ScheduledStatus::Completed | ScheduledStatus::Canceled,
            ) => None,
        }
    }

    /// Ends this occurrence: what repeats waits for its next one after `now`.
    pub(super) fn complete(&mut self, now: Timestamp) {
        let lasts = self.end.map(|end| end.duration_since(self.start));
        let next = self.rule.as_ref().and_then(|rule| {
            std::iter::successors(rule.after(self.start), |start| rule.after(*start))
                .find(|start| *start > now)
        });
        let Some(start) = next else {
            self.status = ScheduledStatus::Completed;
            return;
        };
        self.start = start;
        self.end = lasts.and_then(|lasts| start.checked_add(lasts).ok());
        self.status = ScheduledStatus::Scheduled;
    }
}
