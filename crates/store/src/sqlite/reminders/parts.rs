//! A reminder as what is stored of it, in columns and in the JSON of templates.

use jiff::SignedDuration;
use jiff::civil::Time;
use muster_domain::id::RoleId;
use muster_domain::reminder::{Audience, Reminder, ReminderPlace, ReminderTime};
use muster_domain::text::Announcement;
use serde::{Deserialize, Serialize};

use crate::error::StoreError;
use crate::port::Stored;

/// One reminder, in plain values.
#[derive(Serialize, Deserialize)]
pub(in crate::sqlite) struct ReminderParts {
    /// Minutes from the start, before it if negative.
    pub(in crate::sqlite) from_start: Option<i64>,
    /// Minutes of the day.
    pub(in crate::sqlite) of_day: Option<i64>,
    pub(in crate::sqlite) audience: Box<str>,
    pub(in crate::sqlite) role: Option<u64>,
    pub(in crate::sqlite) place: Box<str>,
    pub(in crate::sqlite) words: Option<Box<str>>,
}

impl ReminderParts {
    /// The parts of a reminder.
    pub(in crate::sqlite) fn of(reminder: &Reminder) -> Self {
        let (from_start, of_day) = match &reminder.time {
            ReminderTime::Before(ahead) => (Some(ahead.as_mins().saturating_neg()), None),
            ReminderTime::After(later) => (Some(later.as_mins()), None),
            ReminderTime::OfDay(time) => {
                (None, Some(i64::from(time.hour()) * 60 + i64::from(time.minute())))
            }
        };
        let (audience, role) = audience(reminder.audience);
        let place = match reminder.place {
            ReminderPlace::Thread => "thread",
            ReminderPlace::Channel => "channel",
            ReminderPlace::Direct => "direct",
        };
        Self {
            from_start,
            of_day,
            audience: audience.into(),
            role: role.map(RoleId::get),
            place: place.into(),
            words: reminder.text.as_ref().map(|text| text.as_str().into()),
        }
    }

    /// The reminder of these parts.
    pub(in crate::sqlite) fn read(self) -> Stored<Reminder> {
        let audience = match (self.audience.as_ref(), self.role.map(RoleId::new)) {
            ("expected", None) => Audience::Expected,
            ("going", None) => Audience::Going,
            ("maybe", None) => Audience::Maybe,
            ("waitlisted", None) => Audience::Waitlisted,
            ("unanswered", None) => Audience::Unanswered,
            ("unanswered", Some(role)) => Audience::UnansweredOf(role),
            ("everyone", None) => Audience::Everyone,
            ("role", Some(role)) => Audience::Role(role),
            _ => return Err(unsound()),
        };
        let place = match self.place.as_ref() {
            "thread" => ReminderPlace::Thread,
            "channel" => ReminderPlace::Channel,
            "direct" => ReminderPlace::Direct,
            _ => return Err(unsound()),
        };
        let text = self.words.as_deref().map(Announcement::parse).transpose();
        let time = time_of(self.from_start, self.of_day)?;
        Ok(Reminder { time, audience, place, text: text.map_err(|_| unsound())? })
    }
}

/// How an audience is written, and the role that it names.
pub(in crate::sqlite) const fn audience(audience: Audience) -> (&'static str, Option<RoleId>) {
    match audience {
        Audience::Expected => ("expected", None),
        Audience::Going => ("going", None),
        Audience::Maybe => ("maybe", None),
        Audience::Waitlisted => ("waitlisted", None),
        Audience::Unanswered => ("unanswered", None),
        Audience::UnansweredOf(role) => ("unanswered", Some(role)),
        Audience::Everyone => ("everyone", None),
        Audience::Role(role) => ("role", Some(role)),
    }
}

fn time_of(from_start: Option<i64>, of_day: Option<i64>) -> Stored<ReminderTime> {
    match (from_start, of_day) {
        (Some(minutes @ ..=0), None) => {
            Ok(ReminderTime::Before(SignedDuration::from_mins(minutes.saturating_neg())))
        }
        (Some(minutes), None) => Ok(ReminderTime::After(SignedDuration::from_mins(minutes))),
        (None, Some(minutes)) => {
            let part = |number: i64| i8::try_from(number).map_err(|_| unsound());
            let time = Time::new(part(minutes / 60)?, part(minutes % 60)?, 0, 0);
            time.map(ReminderTime::OfDay).map_err(|_| unsound())
        }
        (Some(_), Some(_)) | (None, None) => Err(unsound()),
    }
}

fn unsound() -> StoreError {
    StoreError::Corrupt("a reminder is not sound".into())
}
