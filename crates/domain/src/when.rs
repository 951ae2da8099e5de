//! Words for times: "fri 8pm", "tomorrow 19:30", "the 5th at 8pm to 10pm".
//!
//! A text goes through three rooms and never back: `tokens` cuts it into numbers, words and
//! signs, `search` finds every way to put these together, and `resolve` turns each way into
//! the next moment that is still to come. Where more than one moment remains, all are returned so
//! that the member can choose; nothing is guessed.
//!
//! # Rules
//! - The next future moment is meant: "10am" after ten is tomorrow's, "jan 5" in November is next
//!   year's ([`Note::LaterYear`]). A moment that is named in full and over is [`WhenError::Past`].
//! - "friday" is the next Friday, today included. "this friday" and "next friday" are those of
//!   this and of the next week, and weeks begin on Monday.
//! - An hour from 1 to 11 without am or pm has two readings. "08:00" and "10:00" with two digits,
//!   "20h" and hours from 13 on are on the 24-hour clock, and twelve is noon. "morning",
//!   "afternoon", "evening" and "tonight" settle the hour.
//! - The small hours of a named night are those after it: "friday night at 1am" is on Saturday
//!   ([`Note::AfterMidnight`]).
//! - "midnight" is the coming one, "24:00" ends its day and "00:00" begins it; "friday midnight"
//!   has both readings.
//! - Numeric dates follow [`DateOrder`]; with dots they are always day first.
//! - A named zone holds for the whole text, "today" included. "8pm EST" in summer has two
//!   readings, five hours behind UTC and what the clocks in New York show.
//! - A weekday that contradicts its date has two readings.

pub(crate) mod amount;
mod calendar;
mod clock;
mod date;
mod date_order;
mod day;
mod describe;
mod english;
mod error;
mod lone_day;
mod reading;
mod resolve;
mod search;
mod stamp;
mod time_of_day;
pub(crate) mod tokens;
pub(crate) mod words;
mod zones;

use jiff::Timestamp;
use jiff::civil::Time;
use jiff::tz::TimeZone;

pub(crate) use date::year;
pub use date_order::DateOrder;
pub(crate) use day::{month_name as month_at, ordinal};
pub use describe::{canonical, describe, label, relative, weekday_name};
pub(crate) use describe::{date_in_words, month_name};
pub(crate) use error::shortened;
pub use error::{READINGS_MAX, TEXT_MAX, WhenError, YEARS_AHEAD_MAX};
pub(crate) use lone_day::{days_at, yearly_at};
pub use time_of_day::{TimeOfDayError, TimesOfDay, parse_time_of_day, parse_times_of_day};

use date::Almanac;
use reading::Reading;
use tokens::Text;

/// What the meaning of a text depends on.
#[derive(Clone, Copy, Debug)]
pub struct Context<'a> {
    /// The present.
    pub now: Timestamp,
    /// The clocks of the person who wrote the text.
    pub zone: &'a TimeZone,
    /// How that person writes numeric dates.
    pub date_order: DateOrder,
}

/// What a text means.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Understood {
    /// One thing only.
    One(Moment),
    /// 2 to [`READINGS_MAX`] things, the soonest first: ask which.
    Several(Vec<Moment>),
}

/// A start, perhaps with an end.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Moment {
    /// When it starts: after the present, by at most [`YEARS_AHEAD_MAX`] years.
    pub start: Timestamp,
    /// When it ends, if the text says so: 1 minute to 30 days after the start.
    pub end: Option<Timestamp>,
    /// What the member should know about the start.
    pub note: Option<Note>,
}

impl Moment {
    pub(crate) const fn new(start: Timestamp, end: Option<Timestamp>, note: Option<Note>) -> Self {
        Self { start, end, note }
    }
}

/// What is worth saying about how a text was understood.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Note {
    /// Daylight saving skips that time of day; it was moved on by the length of the gap.
    Skipped,
    /// The clocks show that time of day twice; the first is meant.
    Repeated,
    /// It lies after midnight, so on the date after the named night.
    AfterMidnight,
    /// No year was named and this one has no such day left, so it is a later year's.
    LaterYear,
}

impl Note {
    /// One sentence for the member.
    #[must_use]
    pub const fn sentence(self) -> &'static str {
        match self {
            Self::Skipped => "The clocks skip that time on this day, so it is a little later.",
            Self::Repeated => "The clocks show that time twice on this day; this is the first.",
            Self::AfterMidnight => "That is after midnight, so the date is the next day.",
            Self::LaterYear => "This year has no such day left, so it is in a later year.",
        }
    }
}

/// Understands a text of at most [`TEXT_MAX`] characters as a moment still to come.
///
/// The module's documentation has the rules. Never panics, whatever the text.
///
/// ```
/// use jiff::tz::TimeZone;
/// use muster_domain::when::{Context, DateOrder, Understood, label, understand};
///
/// let zone = TimeZone::get("Europe/Berlin")?;
/// let now = "2026-11-23T12:00:00Z".parse()?;
/// let date_order = DateOrder::DayFirst;
/// let ctx = Context { now, zone: &zone, date_order };
/// let Understood::One(moment) = understand("fri 8-10pm", &ctx)? else {
///     return Err("ask which one is meant".into());
/// };
/// let said = label(&moment, now, &zone);
/// assert_eq!(said, "Fri 27 Nov 2026, 20:00 to 22:00 · in 4 days");
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub fn understand(text: &str, ctx: &Context<'_>) -> Result<Understood, WhenError> {
    understood(&readings(text, ctx)?, ctx)
}

/// Understands a text that names a day and no time of day, like "friday" or "12 March", as `time`
/// on that day. What says more than a day is no better understood than by [`understand`].
pub fn understand_day(text: &str, time: Time, ctx: &Context<'_>) -> Result<Understood, WhenError> {
    let mut readings = readings(text, ctx)?;
    for reading in &mut readings {
        reading.take_place_at(time);
    }
    understood(&readings, ctx)
}

/// Every way to read a text.
fn readings(text: &str, ctx: &Context<'_>) -> Result<Vec<Reading>, WhenError> {
    if text.chars().count() > TEXT_MAX {
        return Err(WhenError::TooLong);
    }
    // What follows a middle dot is our own remark: "Fri 12 Mar 2027, 20:00 · in 3 days".
    let text = Text::read(text.split('·').next().unwrap_or_default());
    if text.cursor().is_end() {
        return Err(WhenError::Empty);
    }
    let almanac = Almanac { order: ctx.date_order, year: ctx.zone.to_datetime(ctx.now).year() };
    search::readings(&text, almanac)
}

/// What remains of the readings.
fn understood(readings: &[Reading], ctx: &Context<'_>) -> Result<Understood, WhenError> {
    let mut moments = likeliest(readings, ctx)?;
    moments.sort_by_key(|moment| (moment.start, moment.end));
    moments.dedup_by_key(|moment| (moment.start, moment.end));
    match moments.as_slice() {
        [moment] => Ok(Understood::One(*moment)),
        [_, ..] if moments.len() <= READINGS_MAX => Ok(Understood::Several(moments)),
        _ => Err(WhenError::TooManyReadings),
    }
}

/// The moments of the least far-fetched readings that give any; the most telling error if none.
fn likeliest(readings: &[Reading], ctx: &Context<'_>) -> Result<Vec<Moment>, WhenError> {
    let mut best: Option<(u8, Vec<Moment>)> = None;
    let mut wrong: Option<WhenError> = None;
    for reading in readings {
        match resolve::moments(reading, ctx) {
            Ok(moments) => match &mut best {
                Some((cost, _)) if *cost < reading.cost => {}
                Some((cost, found)) if *cost == reading.cost => found.extend(moments),
                Some(_) | None => best = Some((reading.cost, moments)),
            },
            Err(error) => {
                let told = wrong.as_ref().map_or(0, tells);
                if tells(&error) > told {
                    wrong = Some(error);
                }
            }
        }
    }
    let found = best.map(|(_, moments)| moments);
    found.ok_or_else(|| wrong.unwrap_or(WhenError::Empty))
}

/// How much an error tells, to choose between those of several readings.
fn tells(error: &WhenError) -> u8 {
    match error {
        WhenError::NoSuchDate { .. } => 7,
        WhenError::WeekdayMismatch { .. } | WhenError::BadEnd => 6,
        WhenError::Past { .. } => 5,
        WhenError::OutOfRange | WhenError::TooManyReadings => 4,
        WhenError::PartMismatch | WhenError::NoSuchTime { .. } => 3,
        WhenError::NoTime | WhenError::NoDay => 2,
        WhenError::Empty
        | WhenError::TooLong
        | WhenError::NotUnderstood { .. }
        | WhenError::AmbiguousZone { .. }
        | WhenError::UnknownZone { .. } => 1,
    }
}

#[cfg(test)]
mod tests;
