//! Series, the weekly schedule that is made of them, and the days on which it rests.

use jiff::Timestamp;
use jiff::civil::{Date, DateTime, Weekday};
use muster_domain::id::{ChannelId, GuildId, InteractionId, SeriesId, UserId};
use muster_domain::series::{Series, SeriesPlan, SeriesRefusal, SeriesStep};

use super::Posted;

/// A series to be created.
#[derive(Clone, Debug, PartialEq)]
pub struct NewSeries {
    /// The guild that it belongs to.
    pub guild: GuildId,
    /// Who creates it.
    pub host: UserId,
    /// Its day in the weekly schedule; `None` for a series of its own.
    pub day: Option<Weekday>,
    /// What was decided about it.
    pub plan: SeriesPlan,
    /// Before then nothing of it is posted by itself, so that its answers can be put together.
    pub held_until: Option<Timestamp>,
    /// The interaction that asked for it; a repeat of the same one creates nothing more.
    pub interaction: InteractionId,
}

/// What became of a series that was to be created.
#[derive(Clone, Debug, PartialEq)]
pub enum SeriesCreated {
    /// It exists, now or since the same interaction came before.
    Made(Box<Series>),
    /// The guild, or that day of its weekly schedule, has as many as it may have.
    TooMany,
}

/// A change of a series by an organiser.
#[derive(Clone, Debug, PartialEq)]
pub struct SeriesRequest {
    /// The guild that it comes from. A series of another guild does not exist for it.
    pub guild: GuildId,
    /// The series.
    pub series: SeriesId,
    /// Who changes it.
    pub by: UserId,
    /// What is changed.
    pub step: SeriesStep,
    /// The version that who changes it had seen: nothing is changed on top of another one. `None`
    /// changes it in any case.
    pub seen: Option<u64>,
    /// The interaction that asked for it; a repeat of the same one changes nothing more.
    pub interaction: InteractionId,
    /// When.
    pub at: Timestamp,
}

/// What became of a change.
#[derive(Clone, Debug, PartialEq)]
pub enum SeriesChanged {
    /// The guild has no such series.
    NoSuchSeries,
    /// It cannot be made.
    Refused(SeriesRefusal),
    /// Somebody else has changed the series since it was seen; as it is now.
    Outdated(Box<Series>),
    /// It was made, now or when the same interaction came before.
    Made {
        /// The series before.
        before: Box<Series>,
        /// The series now.
        now: Box<Series>,
    },
}

/// A change of a series that whoever made it takes back.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SeriesUndo {
    /// The guild that it comes from.
    pub guild: GuildId,
    /// The series.
    pub series: SeriesId,
    /// The version that came of the change.
    pub version: u64,
    /// Who takes it back.
    pub by: UserId,
    /// The interaction that asked for it; a repeat of the same one changes nothing more.
    pub interaction: InteractionId,
    /// When.
    pub at: Timestamp,
}

/// What became of taking a change back.
#[derive(Clone, Debug, PartialEq)]
pub enum SeriesUndone {
    /// The guild has no such series.
    NoSuchSeries,
    /// It was somebody else, or something else, that changed it last.
    ChangedSince(UserId),
    /// It was changed longer than [`muster_domain::limits::UNDO_WITHIN`] ago.
    TooLate,
    /// It is as it was before; one whose creation was taken back has ended.
    Made(Box<Series>),
}

/// When the post of an occurrence that is made ahead of its time goes out.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PostWhen {
    /// When the series posts it.
    Due,
    /// At once.
    Now,
}

/// An occurrence that is to be made ahead of its time.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct MakeRequest {
    /// The guild that it comes from.
    pub guild: GuildId,
    /// The series.
    pub series: SeriesId,
    /// The occurrence, by the clock on the wall.
    pub occurrence: DateTime,
    /// When it is posted.
    pub post: PostWhen,
    /// Where a new one is posted, if not where its series is.
    pub channel: Option<ChannelId>,
    /// When it is made.
    pub at: Timestamp,
}

/// What became of an occurrence that was to be made.
#[derive(Clone, Debug, PartialEq)]
pub enum OccurrenceMade {
    /// The guild has no such series.
    NoSuchSeries,
    /// The series has no such occurrence, or it is over.
    NoSuchOccurrence,
    /// Its event exists, now or since before.
    Made(Box<Posted>),
}

/// Days on which the weekly schedule of a guild rests, both included.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ScheduleSkip {
    /// The first of them.
    pub first: Date,
    /// The last of them.
    pub last: Date,
    /// Who decided it.
    pub by: UserId,
    /// When.
    pub at: Timestamp,
}

impl ScheduleSkip {
    /// Whether this day is among them.
    #[must_use]
    pub fn has(&self, day: Date) -> bool {
        (self.first..=self.last).contains(&day)
    }
}

/// What became of days that were to be skipped.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SkipKept {
    /// They are kept, now or since before.
    Kept,
    /// The guild has as many as it may have
    /// ([`muster_domain::limits::SKIPS_MAX`]); nothing was changed.
    TooMany,
}

/// How far a guild is in setting up its week.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SetupState {
    /// The day at hand; `None` when it is through.
    pub day: Option<Weekday>,
    /// Who was there last.
    pub by: UserId,
    /// When.
    pub at: Timestamp,
}
