//! What reports are made of: numbers by day, by week, by answer and by member.

use std::ops::Range;

use jiff::Timestamp;
use muster_domain::id::{EventId, GuildId, UserId};

use super::{LoggedAnswer, Page, Posted, Presence};

/// Whose names may be in a report.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NamesOf {
    /// Of all events: an organiser reads it.
    AllEvents,
    /// Of those events alone that do not hide names: all read it.
    OpenEvents,
}

/// How many rows of each list are wanted at most.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ReportLimits {
    /// Events.
    pub events: usize,
    /// Answers by what they are called.
    pub options: usize,
    /// Those who come most often.
    pub consistent: usize,
    /// Members in each of the other lists.
    pub members: usize,
}

/// Some days of a guild to be reported on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ReportRequest {
    /// The guild.
    pub guild: GuildId,
    /// From when to when.
    pub time: Range<Timestamp>,
    /// Its days.
    pub days: Vec<Range<Timestamp>>,
    /// The weeks to look back on, oldest first, its own included.
    pub weeks: Vec<Range<Timestamp>>,
    /// From when to when one counts who comes most often.
    pub consistency: Range<Timestamp>,
    /// Since when who came counts as seen.
    pub seen_since: Timestamp,
    /// Whose names may be in it.
    pub names: NamesOf,
    /// At most so many rows.
    pub limits: ReportLimits,
    /// The present: what has not begun yet, nobody came to.
    pub now: Timestamp,
}

/// One member to be reported on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MemberReportRequest {
    /// The guild.
    pub guild: GuildId,
    /// Who.
    pub member: UserId,
    /// The weeks to look back on, oldest first.
    pub weeks: Vec<Range<Timestamp>>,
    /// At most so many events.
    pub events: usize,
    /// The present: what has not begun yet, nobody came to.
    pub now: Timestamp,
}

/// How many took part within some time. Members are counted once, however often they answer.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Turnout {
    /// Events that begin in it and are not called off.
    pub events: usize,
    /// Members who answered.
    pub answered: usize,
    /// Members who say that they come, and have a place.
    pub coming: usize,
    /// Members who were marked as having been there.
    pub present: usize,
    /// Members who had said that they come and were marked as not having been there.
    pub absent: usize,
}

/// One event in numbers.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct EventTurnout {
    /// Which one.
    pub event: EventId,
    /// What it is called.
    pub title: Box<str>,
    /// When it begins.
    pub starts: Timestamp,
    /// Who took part.
    pub turnout: Turnout,
}

/// An answer of some events, by what it is called.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OptionTotal {
    /// Its emoji; may be empty.
    pub emoji: Box<str>,
    /// What it is called.
    pub label: Box<str>,
    /// How many answers there were.
    pub answers: usize,
}

/// One member in numbers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct MemberTally {
    /// Who.
    pub member: UserId,
    /// Events that they answered.
    pub answered: usize,
    /// Events at which they say that they come, or said so, with a place.
    pub coming: usize,
    /// Of those, events that have begun and from which they were not marked as missing.
    pub came: usize,
    /// Events at which they were marked as having been there.
    pub present: usize,
    /// Events from which they were missing, though they had said that they come.
    pub absent: usize,
}

/// Some days of a guild in numbers.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Report {
    /// Members who came since then or answered within its time.
    pub seen: usize,
    /// Each day.
    pub days: Vec<Turnout>,
    /// Each week.
    pub weeks: Vec<Turnout>,
    /// All of it together.
    pub whole: Turnout,
    /// Its events, soonest first.
    pub events: Page<EventTurnout>,
    /// The answers, those given most often first.
    pub options: Vec<OptionTotal>,
    /// Those who came most often within [`ReportRequest::consistency`], most often first.
    pub consistent: Vec<MemberTally>,
    /// Events that began in that time.
    pub begun: usize,
    /// Each member who answered within its time.
    pub members: Page<MemberTally>,
    /// Those who came since then and answered nothing, those who came last first.
    pub unanswered: Page<UserId>,
}

/// One event in numbers, with its answers.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct EventReport {
    /// The event with its counts.
    pub posted: Posted,
    /// Members who came to an event of the guild lately or answered this one.
    pub seen: usize,
    /// Who took part.
    pub turnout: Turnout,
    /// Who said that they come and were missing.
    pub absent: Page<UserId>,
    /// Those who came lately and have not answered, those who came last first.
    pub unanswered: Page<UserId>,
}

/// One member over some weeks.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MemberReport {
    /// Each week, as far as this member is concerned: each number but the first counts events.
    pub weeks: Vec<MemberWeek>,
    /// Events of that time, the latest first, with the member's answer.
    pub events: Page<MemberEvent>,
}

/// One week of a member.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct MemberWeek {
    /// Events that have begun.
    pub begun: usize,
    /// Of those, events that they answered.
    pub answered: usize,
    /// Of those, events to which they came: they had said so, had a place, and were not marked as
    /// missing.
    pub came: usize,
    /// Events from which they were missing.
    pub absent: usize,
}

/// An event as one member answered it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MemberEvent {
    /// Which one.
    pub event: EventId,
    /// What it is called.
    pub title: Box<str>,
    /// When it begins.
    pub starts: Timestamp,
    /// The answer, with what it is called; `None` without one.
    pub answer: Option<(Box<str>, LoggedAnswer)>,
    /// Whether they were there, as far as that is known.
    pub presence: Option<Presence>,
}
