//! Turns a reading into moments: the next ones that are still to come, in the zone that is meant.

use jiff::civil::{Date, DateTime};
use jiff::tz::{AmbiguousOffset, TimeZone};
use jiff::{SignedDuration, Span, Timestamp};

use super::amount::Amount;
use super::calendar::{Choice, Origin, dates, plus};
use super::clock::{Clock, ClockReading};
use super::day::{Day, MonthName};
use super::error::{WhenError, YEARS_AHEAD_MAX};
use super::reading::{Point, Reading};
use super::words::DayPart;
use super::{Context, Moment, Note};
use crate::limits::DURATION_MAX;

/// Before this hour the night of the day before still goes on.
const NIGHT_ENDS: i8 = 5;

/// The mean length of a year in the Gregorian calendar.
const YEAR: SignedDuration = SignedDuration::from_secs(31_556_952);

/// An event from one time of day to another lasts longer than this only if its end lies just
/// before its start; no daylight saving moves the clocks by more than three hours.
const OVERTAKEN: SignedDuration = SignedDuration::from_hours(21);

/// From where and in which zone a point is looked for.
#[derive(Clone, Copy)]
struct Frame<'a> {
    zone: &'a TimeZone,
    origin: Origin,
    /// The point lies after this.
    after: Timestamp,
    /// And not after this.
    latest: Timestamp,
}

/// A point in time that was found.
#[derive(Clone, Copy, PartialEq, Eq)]
struct Found {
    at: Timestamp,
    /// The date that the words name, which is the one before for the small hours of a night.
    date: Date,
    note: Option<Note>,
}

/// Every moment that a reading can mean.
pub(super) fn moments(reading: &Reading, ctx: &Context<'_>) -> Result<Vec<Moment>, WhenError> {
    let zones = match &reading.zone {
        Some(named) => named.readings(),
        None => vec![ctx.zone],
    };
    let results = zones.into_iter().map(|zone| in_zone(reading, zone, ctx.now));
    let mut moments: Vec<Moment> = Vec::new();
    for moment in any(results)?.into_iter().flatten() {
        if !moments.contains(&moment) {
            moments.push(moment);
        }
    }
    Ok(moments)
}

fn in_zone(reading: &Reading, zone: &TimeZone, now: Timestamp) -> Result<Vec<Moment>, WhenError> {
    let today = zone.to_datetime(now).date();
    let ahead = YEAR.checked_mul(YEARS_AHEAD_MAX.into());
    let latest = ahead.and_then(|ahead| now.checked_add(ahead).ok());
    let frame = Frame {
        zone,
        origin: Origin { today, base: today },
        after: now,
        latest: latest.ok_or(WhenError::OutOfRange)?,
    };
    let starts = points(&as_written(reading), frame)?;
    let with_end = starts.into_iter().map(|start| {
        let end = end_after(start, reading, frame)?;
        Ok(Moment::new(start.at, end, start.note))
    });
    let moments = any(with_end)?;
    Ok(if end_settles_start(reading) { shortest(moments) } else { moments })
}

/// The start, on the 24-hour clock if the end is written so: "9:00-17:00".
fn as_written(reading: &Reading) -> Point {
    let end = reading.end.as_ref().and_then(|end| end.clock);
    let clock = match (reading.start.clock, end) {
        (Some(start), Some(end)) if !end.has_half() => start.settled_by(end).or(Some(start)),
        (start, _) => start,
    };
    Point {
        clock: clock.filter(|_| reading.start.part.is_none()).or(reading.start.clock),
        ..reading.start.clone()
    }
}

/// In "8 to 10pm" the end says that eight is in the evening too.
fn end_settles_start(reading: &Reading) -> bool {
    let open = reading.start.clock.is_some_and(Clock::lacks_half) && reading.start.part.is_none();
    let settled = reading.end.as_ref().is_some_and(|end| {
        let has_half = end.clock.is_some_and(Clock::has_half) || end.part.is_some();
        has_half && !end.names_day()
    });
    open && settled
}

fn shortest(moments: Vec<Moment>) -> Vec<Moment> {
    let length = |moment: &Moment| moment.end.map(|end| end.duration_since(moment.start));
    let least = moments.iter().filter_map(length).min();
    let fits = |moment: &Moment| length(moment) == least;
    moments.into_iter().filter(fits).collect()
}

/// The results that are good; the first error if none is.
fn any<T>(results: impl Iterator<Item = Result<T, WhenError>>) -> Result<Vec<T>, WhenError> {
    let mut good = Vec::new();
    let mut wrong = None;
    for result in results {
        match result {
            Ok(value) => good.push(value),
            Err(error) => {
                wrong.get_or_insert(error);
            }
        }
    }
    match wrong {
        Some(error) if good.is_empty() => Err(error),
        Some(_) | None => Ok(good),
    }
}

/// When an event that starts then is over, if the text says so.
fn end_after(
    found: Found,
    reading: &Reading,
    frame: Frame<'_>,
) -> Result<Option<Timestamp>, WhenError> {
    let start = found.at;
    let end = match (&reading.end, reading.length) {
        (None, None) => return Ok(None),
        (_, Some(length)) => moved(start, length, frame.zone)?,
        (Some(point), None) => {
            let base = frame.zone.to_datetime(start).date();
            let today = frame.origin.today;
            let ends =
                points(point, Frame { origin: Origin { today, base }, after: start, ..frame });
            let is_past = matches!(ends, Err(WhenError::Past { .. }));
            let ends = if is_past { Err(WhenError::BadEnd) } else { ends }?;
            let soonest = ends.into_iter().map(|found| found.at).min();
            soonest.ok_or(WhenError::BadEnd)?
        }
    };
    let lasts = end.duration_since(start);
    // A start that daylight saving moved may overtake its end, which is then not tomorrow's.
    let names_day = reading.end.as_ref().is_none_or(Point::names_day);
    let overtaken = found.note == Some(Note::Skipped) && !names_day && lasts > OVERTAKEN;
    let in_range = lasts >= SignedDuration::from_mins(1) && lasts <= DURATION_MAX;
    let sound = in_range && !overtaken;
    sound.then_some(Some(end)).ok_or(WhenError::BadEnd)
}

/// Every point that the words can mean.
fn points(point: &Point, frame: Frame<'_>) -> Result<Vec<Found>, WhenError> {
    if let Some(at) = point.instant {
        let date = frame.zone.to_datetime(at).date();
        let note = None;
        return in_bounds(Found { at, date, note }, frame).map(|found| vec![found]);
    }
    if let Some(shift) = point.shift.filter(|shift| shift.amount.minutes != 0) {
        return exactly(shift.amount, frame).map(|found| vec![found]);
    }
    if *point == Point::default() {
        return Err(WhenError::Empty);
    }
    let choice = with_last_night(point, dates(point, frame.origin)?, frame)?;
    let clock = point.clock.ok_or(WhenError::NoTime)?;
    let today = point.day == Some(Day::Relative(0)) && point.weekday.is_none();
    let other_day = point.names_day() && !today;
    let readings = clock.readings(point.part, other_day)?;
    let found = readings.into_iter().map(|reading| by_clock(point, &choice, reading, frame));
    let found = any(found)?;
    Ok(found.into_iter().flatten().collect())
}

/// "tonight" said after midnight can still be the night that began yesterday.
fn with_last_night(
    point: &Point,
    mut choice: Choice,
    frame: Frame<'_>,
) -> Result<Choice, WhenError> {
    let tonight = point.day == Some(Day::Relative(0)) && point.part == Some(DayPart::Night);
    let small_hours = frame.zone.to_datetime(frame.after).hour() < NIGHT_ENDS;
    if tonight && small_hours && choice.doubt.is_none() {
        choice.meanings.push(vec![plus(frame.origin.today, -1)?]);
    }
    Ok(choice)
}

/// The next point at one time of day, for each meaning of the day.
fn by_clock(
    point: &Point,
    choice: &Choice,
    clock: ClockReading,
    frame: Frame<'_>,
) -> Result<Vec<Found>, WhenError> {
    let picked: Vec<_> =
        choice.meanings.iter().map(|dates| next_of(point, dates, clock, frame)).collect();
    if let Some(doubt) = &choice.doubt {
        return agreed(point, picked, doubt);
    }
    any(picked.into_iter())
}

/// Words that contradict each other give every meaning or none, unless the next date fits both.
fn agreed(
    point: &Point,
    picked: Vec<Result<Found, WhenError>>,
    doubt: &WhenError,
) -> Result<Vec<Found>, WhenError> {
    let said = point.weekday.map(|(weekday, _)| weekday);
    if let Some(Ok(by_date)) = picked.first()
        && Some(by_date.date.weekday()) == said
    {
        return Ok(vec![*by_date]);
    }
    // Where neither the date nor the weekday lies ahead, that is what is wrong.
    let all_wrong = picked.iter().all(Result::is_err);
    let all: Result<Vec<Found>, WhenError> = picked.into_iter().collect();
    all.map_err(|error| if all_wrong { error } else { doubt.clone() })
}

/// The first of some dates whose moment is still to come.
fn next_of(
    point: &Point,
    dates: &[Date],
    clock: ClockReading,
    frame: Frame<'_>,
) -> Result<Found, WhenError> {
    let mut over = None;
    for &date in dates {
        let (at, note) = instant(date, clock, frame.zone)?;
        if at <= frame.after {
            over = Some(at);
            continue;
        }
        let rolled = date.year() > frame.origin.today.year() && is_yearly(point);
        let settled = point.part.is_some() && clock.next_date && !is_midnight(point);
        let note =
            note.or(settled.then_some(Note::AfterMidnight)).or(rolled.then_some(Note::LaterYear));
        return in_bounds(Found { at, date, note }, frame);
    }
    Err(over.map_or(WhenError::OutOfRange, |at| WhenError::Past { at }))
}

fn is_midnight(point: &Point) -> bool {
    matches!(point.clock, Some(Clock::Midnight | Clock::EndOfDay))
}

/// Whether the words name a date that comes once a year.
fn is_yearly(point: &Point) -> bool {
    matches!(point.day, Some(Day::InMonth { month: MonthName::Named { year: None, .. }, .. }))
}

fn in_bounds(found: Found, frame: Frame<'_>) -> Result<Found, WhenError> {
    if found.at <= frame.after {
        return Err(WhenError::Past { at: found.at });
    }
    let near = found.at <= frame.latest;
    near.then_some(found).ok_or(WhenError::OutOfRange)
}

/// The moment of a date and time. A time that the clocks skip moves on by the length of the gap,
/// one that they show twice is the first.
fn instant(
    date: Date,
    clock: ClockReading,
    zone: &TimeZone,
) -> Result<(Timestamp, Option<Note>), WhenError> {
    let date = if clock.next_date { plus(date, 1)? } else { date };
    on_clocks(date.to_datetime(clock.time), zone)
}

fn on_clocks(local: DateTime, zone: &TimeZone) -> Result<(Timestamp, Option<Note>), WhenError> {
    let found = zone.to_ambiguous_timestamp(local);
    let note = match found.offset() {
        AmbiguousOffset::Unambiguous { .. } => None,
        AmbiguousOffset::Gap { .. } => Some(Note::Skipped),
        AmbiguousOffset::Fold { .. } => Some(Note::Repeated),
    };
    let at = found.compatible().map_err(|_| WhenError::OutOfRange)?;
    Ok((at, note))
}

/// "in 2 hours": counted from now, to the whole minute.
fn exactly(amount: Amount, frame: Frame<'_>) -> Result<Found, WhenError> {
    let at = moved(frame.after, amount, frame.zone)?;
    let second = at.as_second();
    let whole = Timestamp::from_second(second - second.rem_euclid(60));
    let at = whole.map_err(|_| WhenError::OutOfRange)?;
    let date = frame.zone.to_datetime(at).date();
    let note = None;
    in_bounds(Found { at, date, note }, frame)
}

/// Months and days on the calendar, then minutes by the stopwatch.
fn moved(from: Timestamp, amount: Amount, zone: &TimeZone) -> Result<Timestamp, WhenError> {
    let too_far = |_| WhenError::OutOfRange;
    let mut at = from;
    if amount.months != 0 || amount.days != 0 {
        let span = Span::new().try_months(amount.months).map_err(too_far)?;
        let span = span.try_days(amount.days).map_err(too_far)?;
        let local = zone.to_datetime(from).checked_add(span).map_err(too_far)?;
        (at, _) = on_clocks(local, zone)?;
    }
    let seconds = amount.minutes.checked_mul(60).ok_or(WhenError::OutOfRange)?;
    at.checked_add(SignedDuration::from_secs(seconds)).map_err(too_far)
}
