//! Times of day: "8pm", "20:00", "20h30", "half past eight", "midnight".

use jiff::civil::Time;

use super::amount::counted;
use super::error::{WhenError, shortened};
use super::tokens::{Cursor, Number};
use super::words::{DayPart, Half, Meaning, Unit};

/// A time of day as far as its words settle it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Clock {
    /// 20:00, or 8 pm.
    Fixed {
        time: Time,
        /// am or pm was written.
        has_half: bool,
    },
    /// Eight o'clock, in the morning or in the evening. The hour is 1 to 12.
    Twelve { hour: i8, minute: i8 },
    /// "midnight", which begins one day and ends another.
    Midnight,
    /// 24:00.
    EndOfDay,
}

/// A time of day that a [`Clock`] can mean.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct ClockReading {
    pub(super) time: Time,
    /// The moment lies in the night that follows the named day, so on the next date.
    pub(super) next_date: bool,
}

/// A way to read a time of day at a place, with the place after it.
pub(super) type ClockStep<'t> = (Clock, Cursor<'t>);

/// The time of day that begins here; an error if it has the form of one but does not exist.
pub(super) fn clock(start: Cursor<'_>) -> Result<Option<ClockStep<'_>>, WhenError> {
    if let Some(step) = named(start).or_else(|| minutes_from_hour(start)) {
        return Ok(Some(step));
    }
    let Some(number) = start.number() else {
        return Ok(spelled(start));
    };
    let written = written(number, start);
    let Some((digits, rest)) = written else {
        return Ok(None);
    };
    let (half, end) = half(rest).map_or((None, rest), |(half, end)| (Some(half), end));
    match digits.settle(half) {
        Some(clock) => Ok(Some((clock, end))),
        None if digits.unmistakable || half.is_some() => {
            Err(WhenError::NoSuchTime { part: shortened(start.written_until(end)) })
        }
        None => Ok(None),
    }
}

/// "noon", "12 noon", "midnight".
fn named(start: Cursor<'_>) -> Option<ClockStep<'_>> {
    let twelve = start.number().is_some_and(|n| n.value == 12);
    let word = if twelve { start.skip(1) } else { start };
    if let Some(rest) = word.after(Meaning::Noon) {
        return Some((fixed(12, 0)?, rest));
    }
    let rest = word.after(Meaning::Midnight)?;
    Some((Clock::Midnight, rest))
}

fn fixed(hour: i8, minute: i8) -> Option<Clock> {
    let time = Time::new(hour, minute, 0, 0).ok()?;
    Some(Clock::Fixed { time, has_half: false })
}

/// "half past eight", "quarter to 9 pm", "ten past eight".
fn minutes_from_hour(start: Cursor<'_>) -> Option<ClockStep<'_>> {
    let start = start.after(Meaning::Article).unwrap_or(start);
    let quarter = start.after(Meaning::QuarterOf);
    let (minutes, rest) = match (start.after(Meaning::HalfOf), quarter) {
        (Some(rest), _) => (30, rest),
        (None, Some(rest)) => (15, rest),
        (None, None) => count(start, 29)?,
    };
    let past = rest.after(Meaning::Past).or_else(|| rest.after(Meaning::After));
    let (before, rest) = match past {
        Some(rest) => (false, rest),
        // "ten to eleven" is also a range; only a quarter is never an hour.
        None => (true, rest.after(Meaning::To).filter(|_| quarter.is_some())?),
    };
    let (hour, rest) = count(rest, 12).filter(|(hour, _)| *hour > 0)?;
    let (hour, minute) = match (before, hour) {
        (false, hour) => (hour, minutes),
        (true, 1) => (12, 60 - minutes),
        (true, hour) => (hour - 1, 60 - minutes),
    };
    let (half, rest) = half(rest).map_or((None, rest), |(half, rest)| (Some(half), rest));
    Some((twelve_hour(hour, minute, half)?, rest))
}

fn count(start: Cursor<'_>, most: i8) -> Option<(i8, Cursor<'_>)> {
    let (value, rest) = match start.number() {
        Some(number) => (i8::try_from(number.value).ok()?, start.skip(1)),
        None => counted(start).and_then(|(n, rest)| Some((i8::try_from(n).ok()?, rest)))?,
    };
    (value <= most).then_some((value, rest))
}

fn twelve_hour(hour: i8, minute: i8, half: Option<Half>) -> Option<Clock> {
    let hour24 = match half {
        None => return Some(Clock::Twelve { hour, minute }),
        Some(Half::Am) => hour % 12,
        Some(Half::Pm) => hour % 12 + 12,
    };
    let time = Time::new(hour24, minute, 0, 0).ok()?;
    Some(Clock::Fixed { time, has_half: true })
}

/// "eight", "eight thirty", "eight pm".
fn spelled(start: Cursor<'_>) -> Option<ClockStep<'_>> {
    let (hour, rest) = counted(start).filter(|(hour, _)| (1..=12).contains(hour))?;
    let hour = i8::try_from(hour).ok()?;
    let minutes = counted(rest).filter(|(minute, _)| (10..60).contains(minute));
    let (minute, rest) = minutes.unwrap_or((0, rest));
    let rest = rest.after(Meaning::HourMark).unwrap_or(rest);
    let (half, rest) = half(rest).map_or((None, rest), |(half, rest)| (Some(half), rest));
    let clock = twelve_hour(hour, i8::try_from(minute).ok()?, half)?;
    Some((clock, rest))
}

/// am or pm in one of its spellings: "pm", "p.m.", and "p" where it touches the hour.
fn half(start: Cursor<'_>) -> Option<(Half, Cursor<'_>)> {
    let rest = start.skip(1);
    if let Some(Meaning::Half(half)) = start.meaning() {
        return Some((half, rest));
    }
    let half = match start.word()? {
        "a" => Half::Am,
        "p" => Half::Pm,
        _ => return None,
    };
    let dot = rest.after_sign('.').filter(|_| rest.is_glued());
    let m = dot.filter(|at| at.is_glued() && at.word() == Some("m"));
    if let Some(m) = m {
        let rest = m.skip(1);
        let dot = rest.is_glued().then(|| rest.after_sign('.')).flatten();
        return Some((half, dot.unwrap_or(rest)));
    }
    start.is_glued().then_some((half, rest))
}

/// The digits of a time, before am or pm is looked at.
#[derive(Clone, Copy)]
struct Digits {
    hour: u64,
    minute: u64,
    second: u64,
    /// Nobody on the twelve-hour clock writes it so: "08:00", "20h", "1930".
    is_24_hour: bool,
    /// It can be nothing but a time, so that "25:00" is an error and not a riddle.
    unmistakable: bool,
}

impl Digits {
    fn settle(self, half: Option<Half>) -> Option<Clock> {
        let hour = i8::try_from(self.hour).ok().filter(|hour| *hour <= 24)?;
        let minute = i8::try_from(self.minute).ok()?;
        let second = i8::try_from(self.second).ok()?;
        if hour == 24 {
            let exact = minute == 0 && second == 0 && half.is_none();
            return exact.then_some(Clock::EndOfDay);
        }
        let written_in_full = Time::new(hour, minute, second, 0).ok()?;
        let hour = match half {
            None if self.is_24_hour || hour == 0 || hour > 12 => hour,
            None => return Some(Clock::Twelve { hour, minute }),
            // "20:00 pm" is said twice, "13 am" contradicts itself.
            Some(Half::Am) if hour > 12 => return None,
            Some(Half::Am) => hour % 12,
            Some(Half::Pm) if hour == 0 => return None,
            Some(Half::Pm) => hour % 12 + 12,
        };
        let time = written_in_full.with().hour(hour).build().ok()?;
        let has_half = half.is_some();
        Some(Clock::Fixed { time, has_half })
    }
}

fn written(number: Number, start: Cursor<'_>) -> Option<(Digits, Cursor<'_>)> {
    let rest = start.skip(1);
    match number.digits {
        1 | 2 => with_colon(number, rest).or_else(|| lone_hour(number, rest)),
        3 | 4 => run_of_digits(number, rest),
        6 if start.is_glued() => Some((run_of_six(number), rest)),
        _ => None,
    }
}

/// "20:00", "20:00:00", "20.00", "20h30".
fn with_colon(hour: Number, rest: Cursor<'_>) -> Option<(Digits, Cursor<'_>)> {
    let colon = rest.is_glued() && rest.is_sign(':');
    let dot = rest.is_glued() && rest.is_sign('.');
    let letter = rest.meaning() == Some(Meaning::Unit(Unit::Hour));
    let minute = rest.skip(1).glued_number().filter(|n| n.digits == 2);
    let Some(minute) = minute.filter(|_| colon || dot || (letter && rest.is_glued())) else {
        return hour_letter(hour, rest);
    };
    let after = rest.skip(2);
    // "5.12." and "28.11.2026" are dates, whatever their beginning looks like.
    let second_dot = after.is_glued() && after.is_sign('.');
    let goes_on = after.skip(1).glued_number().is_some();
    if dot && second_dot && (goes_on || (1..=12).contains(&minute.value)) {
        return None;
    }
    let seconds = after.is_glued() && after.is_sign(':');
    let second = after.skip(1).glued_number().filter(|_| colon && seconds);
    let after = if second.is_some() { after.skip(2) } else { after };
    let after = without_fraction(after, second.is_some());
    let digits = Digits {
        hour: hour.value,
        minute: minute.value,
        second: second.map_or(0, |n| n.value),
        is_24_hour: letter || hour.digits == 2 && hour.value != 12,
        unmistakable: colon,
    };
    Some((digits, after_hour_mark(after).unwrap_or(after)))
}

/// "20h", "20 h".
fn hour_letter(hour: Number, rest: Cursor<'_>) -> Option<(Digits, Cursor<'_>)> {
    let after = rest.after(Meaning::Unit(Unit::Hour))?;
    let digits =
        Digits { hour: hour.value, minute: 0, second: 0, is_24_hour: true, unmistakable: false };
    (rest.word() == Some("h")).then_some((digits, after))
}

/// The place after the mark of "20:00h" or "2000 hrs".
fn after_hour_mark(rest: Cursor<'_>) -> Option<Cursor<'_>> {
    rest.after(Meaning::LongHourMark).or_else(|| rest.after(Meaning::Unit(Unit::Hour)))
}

/// Skips ".000" after seconds: what computers write and people copy.
fn without_fraction(rest: Cursor<'_>, after_seconds: bool) -> Cursor<'_> {
    let dot = rest.is_glued() && rest.is_sign('.');
    let fraction = rest.skip(1).glued_number();
    match fraction.filter(|_| after_seconds && dot) {
        Some(_) => rest.skip(2),
        None => rest,
    }
}

/// "8", "8 o'clock", and "8" before am or pm.
fn lone_hour(hour: Number, rest: Cursor<'_>) -> Option<(Digits, Cursor<'_>)> {
    let joined = rest.is_glued() && [':', '.', '/'].iter().any(|&sign| rest.is_sign(sign));
    if joined && rest.skip(1).glued_number().is_some() {
        return None;
    }
    let digits =
        Digits { hour: hour.value, minute: 0, second: 0, is_24_hour: false, unmistakable: false };
    Some((digits, rest.after(Meaning::HourMark).unwrap_or(rest)))
}

/// "1930", "2000 hrs", "830pm". Three digits need am or pm, or they are just a number.
fn run_of_digits(number: Number, rest: Cursor<'_>) -> Option<(Digits, Cursor<'_>)> {
    let marked = after_hour_mark(rest);
    let has_half = half(rest).is_some();
    let dash = rest.is_glued() && rest.is_sign('-');
    let range = rest.skip(1).glued_number().is_some_and(|n| n.digits == 4);
    let date = rest.is_glued() && (rest.is_sign('/') || rest.is_sign('.') || dash && !range);
    if date || number.digits == 3 && !has_half {
        return None;
    }
    let digits = Digits {
        hour: number.value / 100,
        minute: number.value % 100,
        second: 0,
        is_24_hour: number.digits == 4 && !has_half,
        unmistakable: marked.is_some(),
    };
    Some((digits, marked.unwrap_or(rest)))
}

/// The "200000" of "20261128T200000Z".
fn run_of_six(number: Number) -> Digits {
    Digits {
        hour: number.value / 10_000,
        minute: number.value / 100 % 100,
        second: number.value % 100,
        is_24_hour: true,
        unmistakable: false,
    }
}

impl Clock {
    /// Whether am or pm was written, which then also settles the other end of a range.
    pub(super) fn has_half(self) -> bool {
        matches!(self, Self::Fixed { has_half: true, .. })
    }

    /// Whether only am or pm is missing.
    pub(super) fn lacks_half(self) -> bool {
        matches!(self, Self::Twelve { .. })
    }

    /// This time read on the 24-hour clock of an end, if it comes before that: "9:00-17:00".
    pub(super) fn settled_by(self, end: Self) -> Option<Self> {
        let Self::Fixed { time: end, .. } = end else {
            return None;
        };
        let Self::Twelve { hour, minute } = self else {
            return None;
        };
        let time = Time::new(hour, minute, 0, 0).ok()?;
        let has_half = false;
        (time < end).then_some(Self::Fixed { time, has_half })
    }

    /// The times that are meant within a part of the day, at most two.
    ///
    /// `other_day` says that a day other than today is named: the midnight of "friday midnight"
    /// can be the one with which Friday begins or the one with which it ends.
    pub(super) fn readings(
        self,
        part: Option<DayPart>,
        other_day: bool,
    ) -> Result<Vec<ClockReading>, WhenError> {
        let midnight = |next_date| ClockReading { time: Time::midnight(), next_date };
        match self {
            Self::Midnight if other_day && part.is_none() => {
                Ok(vec![midnight(false), midnight(true)])
            }
            Self::Midnight | Self::EndOfDay => Ok(vec![midnight(true)]),
            Self::Fixed { time, .. } => Ok(vec![within(time, part)?]),
            Self::Twelve { hour, minute } => undecided(hour, minute, part),
        }
    }
}

/// Places a settled time in its part of the day.
fn within(time: Time, part: Option<DayPart>) -> Result<ClockReading, WhenError> {
    let hour = time.hour();
    let (fits, next_date) = match part {
        None => (true, false),
        Some(DayPart::Morning) => (hour < 12, false),
        Some(DayPart::Afternoon) => ((12..19).contains(&hour), false),
        Some(DayPart::Evening) => (!(3..16).contains(&hour), hour < 3),
        Some(DayPart::Night) => (!(6..17).contains(&hour), hour < 6),
    };
    let reading = ClockReading { time, next_date };
    fits.then_some(reading).ok_or(WhenError::PartMismatch)
}

/// An hour without am or pm: the part of the day decides, else both are possible. Twelve without
/// more is noon, as on the 24-hour clock.
fn undecided(hour: i8, minute: i8, part: Option<DayPart>) -> Result<Vec<ClockReading>, WhenError> {
    let at = |hour| Time::new(hour, minute, 0, 0).map_err(|_| WhenError::PartMismatch);
    let am = hour % 12;
    let pm = am + 12;
    let hours = match part {
        None if hour == 12 => vec![pm],
        None => vec![am, pm],
        Some(DayPart::Morning) => vec![am],
        Some(DayPart::Evening) if hour == 12 => vec![am],
        Some(DayPart::Night) if hour == 12 || hour < 5 => vec![am],
        Some(DayPart::Afternoon | DayPart::Evening | DayPart::Night) => vec![pm],
    };
    hours.into_iter().map(|hour| within(at(hour)?, part)).collect()
}
