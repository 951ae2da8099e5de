//! What organisers do to a series.

use jiff::civil::{DateTime, Time};
use jiff::{SignedDuration, Timestamp};
use thiserror::Error;

use super::{Posting, Series, SeriesPlan};
use crate::answer_option::Options;
use crate::id::{ChannelId, RoleId};
use crate::recurrence::{Occurrence, RecurrenceError};
use crate::reminder::Reminders;

/// One change of a series.
#[derive(Clone, Debug, PartialEq)]
pub enum SeriesStep {
    /// It is like this from now on.
    Plan(Box<SeriesPlan>),
    /// It is posted at another time.
    Posting(Posting),
    /// It is posted in another channel.
    Channel(ChannelId),
    /// Its posts mention this role once, or none.
    Mention(Option<RoleId>),
    /// Its events offer these answers.
    Options(Options),
    /// Its events begin with these reminders, or with those of its guild.
    Reminders(Option<Reminders>),
    /// One occurrence does not take place.
    Skip(DateTime),
    /// It does after all.
    Unskip(DateTime),
    /// No more occurrences are made.
    End,
    /// They are made again.
    Resume,
}

/// Why a series was not changed.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum SeriesRefusal {
    /// It was ended.
    #[error("the series has ended")]
    Ended,
    /// It goes on already.
    #[error("the series goes on already")]
    GoesOn,
    /// It has no such occurrence that is still to come.
    #[error("the series has no such occurrence that is still to come")]
    NoSuchOccurrence,
    /// Its rule cannot be changed so.
    #[error("{0}")]
    Rule(RecurrenceError),
}

impl Series {
    /// The series after a step at this instant.
    pub fn stepped(&self, step: SeriesStep, now: Timestamp) -> Result<Self, SeriesRefusal> {
        match (&step, self.ended_at) {
            (SeriesStep::Resume, None) => return Err(SeriesRefusal::GoesOn),
            (SeriesStep::Resume, Some(_)) | (_, None) => {}
            (_, Some(_)) => return Err(SeriesRefusal::Ended),
        }
        let mut after = self.clone();
        match step {
            SeriesStep::Plan(plan) => {
                // What was made at one time of a day is not made again at another.
                after.made_to = after.made_to.map(|made| made.date().to_datetime(Time::MAX));
                after.plan = *plan;
            }
            SeriesStep::Posting(posting) => after.plan.posting = posting,
            SeriesStep::Channel(channel) => after.plan.channel = channel,
            SeriesStep::Mention(role) => after.plan.made_of.mention = role,
            SeriesStep::Options(options) => after.plan.made_of.options = options,
            SeriesStep::Reminders(own) => after.plan.made_of.reminders = own,
            SeriesStep::Skip(wall) => {
                self.check_to_come(wall)?;
                let rule = after.plan.recurrence.with_excluded(wall);
                after.plan.recurrence = rule.map_err(SeriesRefusal::Rule)?;
            }
            SeriesStep::Unskip(wall) => {
                after.plan.recurrence = after.plan.recurrence.without_excluded(wall);
                after.check_to_come(wall)?;
                if after.plan.at(wall).is_none_or(|found| after.is_over(found, now)) {
                    return Err(SeriesRefusal::NoSuchOccurrence);
                }
            }
            SeriesStep::End => after.ended_at = Some(now),
            SeriesStep::Resume => after = after.resumed(now),
        }
        Ok(after)
    }

    /// The series as it goes on at this instant: what was over by then was not to be made, so that
    /// nobody missed it.
    #[must_use]
    pub fn resumed(self, now: Timestamp) -> Self {
        let made_to = self.made_to.max(self.over_by(now));
        Self { made_to, ended_at: None, ..self }
    }

    /// What comes after this is not over at this instant, whether it was made or not.
    #[must_use]
    pub fn over_by(&self, now: Timestamp) -> Option<DateTime> {
        let rules = self.plan.zone.rules();
        let begun = now.checked_sub(self.plan.made_of.duration).unwrap_or(Timestamp::MIN);
        // What daylight saving moves on begins later than its clock says.
        let mut to = rules.to_datetime(begun).checked_sub(SignedDuration::from_hours(24)).ok();
        while let Some(over) = self.plan.after(to).filter(|next| self.is_over(*next, now)) {
            to = Some(over.wall);
        }
        to
    }

    /// Whether an event of this occurrence has ended by this instant.
    fn is_over(&self, occurrence: Occurrence, now: Timestamp) -> bool {
        let end = occurrence.at.checked_add(self.plan.made_of.duration);
        end.is_ok_and(|end| end <= now)
    }

    /// Whether it has this occurrence, and has neither made it nor passed it over.
    fn check_to_come(&self, wall: DateTime) -> Result<(), SeriesRefusal> {
        let is_open = self.made_to.is_none_or(|made| made < wall);
        (is_open && self.plan.has(wall)).then_some(()).ok_or(SeriesRefusal::NoSuchOccurrence)
    }
}
