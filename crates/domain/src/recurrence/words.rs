//! Words for series: "every Tuesday and Thursday until 1 June", or a rule of RFC 5545.
//!
//! As with [words for times](crate::when), every way to read a text is found, and where more than
//! one is left all are returned; nothing is guessed. "every 2nd Friday" is every two weeks, or the
//! second Friday of each month.

mod bounds;
mod clause;
mod english;
mod finish;
mod numbered;
mod rhythm;
mod say;
mod search;

use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::TimeZone;

use super::text::is_calendar_text;
use super::{Recurrence, RecurrenceError};
use crate::limits::REPEAT_WORDS_MAX;
use crate::when::tokens::Text;
use crate::when::{self, DateOrder, READINGS_MAX};

/// What the meaning of words for a series depends on.
#[derive(Clone, Copy, Debug)]
pub struct Context<'a> {
    /// The present.
    pub now: Timestamp,
    /// The zone of the series.
    pub zone: &'a TimeZone,
    /// How the person writes numeric dates.
    pub date_order: DateOrder,
    /// The date of the start, if it is known: "for three months" and dates without a year count
    /// from it, else from today.
    pub first: Option<Date>,
}

/// What a text means.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Understood {
    /// One thing only.
    One(Recurrence),
    /// 2 to [`READINGS_MAX`] things: ask which, each [in words](Recurrence::in_words).
    Several(Vec<Recurrence>),
}

impl Context<'_> {
    fn first(&self) -> Date {
        self.first.unwrap_or_else(|| self.zone.to_datetime(self.now).date())
    }

    fn when(&self) -> when::Context<'_> {
        when::Context { now: self.now, zone: self.zone, date_order: self.date_order }
    }
}

/// Understands a text as a rule by which something repeats: words of at most
/// [`REPEAT_WORDS_MAX`] characters, or lines of RFC 5545 as
/// [`from_calendar`](Recurrence::from_calendar) takes them. Never panics, whatever the text.
///
/// ```
/// use jiff::tz::TimeZone;
/// use muster_domain::recurrence::{Context, Understood, parse_recurrence};
/// use muster_domain::when::DateOrder;
///
/// let zone = TimeZone::get("Europe/Berlin")?;
/// let now = "2026-11-23T12:00:00Z".parse()?;
/// let ctx = Context { now, zone: &zone, date_order: DateOrder::DayFirst, first: None };
/// let Understood::One(series) = parse_recurrence("tue & thu until 1 june", &ctx)? else {
///     return Err("ask which one is meant".into());
/// };
/// assert_eq!(series.in_words(), "every Tuesday and Thursday until 1 June 2027");
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub fn parse_recurrence(text: &str, ctx: &Context<'_>) -> Result<Understood, RecurrenceError> {
    let text = text.strip_prefix("by the rule ").unwrap_or(text);
    if is_calendar_text(text) {
        return Recurrence::from_calendar(text, ctx.zone).map(Understood::One);
    }
    if text.chars().count() > REPEAT_WORDS_MAX {
        return Err(RecurrenceError::TooLong);
    }
    let text = Text::read(text);
    if text.cursor().is_end() {
        return Err(RecurrenceError::Empty);
    }
    let mut found: Vec<Recurrence> = Vec::new();
    let mut wrong = None;
    for draft in search::drafts(&text, ctx)? {
        match finish::series(&draft, ctx) {
            Ok(series) if found.contains(&series) => {}
            Ok(series) => found.push(series),
            Err(error) => wrong = Some(error),
        }
    }
    match (found.pop(), found.len()) {
        (None, _) => Err(wrong.unwrap_or(RecurrenceError::HowOften)),
        (Some(only), 0) => Ok(Understood::One(only)),
        (Some(_), READINGS_MAX..) => Err(RecurrenceError::TooManyReadings),
        (Some(last), _) => {
            found.push(last);
            Ok(Understood::Several(found))
        }
    }
}
