//! Days as people name them: "tomorrow", "next friday", "the 5th", "28/11", "last sunday of march".

use jiff::civil::Weekday;

use super::date::{Almanac, numeric, with_month_name, year};
use super::error::{WhenError, shortened};
use super::tokens::Cursor;
use super::words::{LANGUAGES, Meaning, Unit};

/// Which of the coming weekdays of one name is meant.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Which {
    /// "friday": the very next.
    Coming,
    /// "this friday" and "next friday": that of the week so many weeks from this one, where weeks
    /// begin on Monday.
    OfWeek(i32),
    /// "friday week": seven days after the very next.
    WeekAfter,
}

/// A month as people name it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum MonthName {
    /// None is named: the next that fits.
    Any,
    /// "this month", "next month": months from now.
    Ahead(i32),
    /// "december", "december 2026".
    Named { month: i8, year: Option<i16> },
}

/// A day within a month.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum DayOfMonth {
    /// The 5th.
    Number(i8),
    /// The first Friday is 1, the last one -1.
    Nth { nth: i8, weekday: Weekday },
    /// The last day.
    Last,
}

/// A day as far as its words settle it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Day {
    /// Days from today.
    Relative(i32),
    /// A day of a month.
    InMonth { day: DayOfMonth, month: MonthName },
    /// Saturday and Sunday, so many weeks from this one.
    Weekend(i32),
}

/// What a text can say about the day.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum DayWord {
    Day(Day),
    Weekday {
        weekday: Weekday,
        which: Which,
    },
    /// "next week", which needs a weekday beside it.
    Week(i32),
    /// "next month", which needs a day beside it.
    Month(i32),
}

/// A way to read a day at a place, with the place after it.
pub(super) type DayStep<'t> = (DayWord, Cursor<'t>);

/// Every day that can begin here; an error if it has the form of a date but is in no calendar.
pub(super) fn days(start: Cursor<'_>, almanac: Almanac) -> Result<Vec<DayStep<'_>>, WhenError> {
    let single = named_day(start)
        .or_else(|| relative(start))
        .or_else(|| nth_of_month(start))
        .or_else(|| weekday(start))
        .or_else(|| week_or_month(start));
    if let Some(step) = single {
        return Ok(vec![step]);
    }
    let written = with_month_name(start, almanac);
    let found = if written.is_empty() { numeric(start, almanac.order) } else { written };
    let found: Vec<DayStep<'_>> = found
        .into_iter()
        .map(|(day, month, rest)| (in_month(DayOfMonth::Number(day), month), rest))
        .collect();
    let impossible = |(word, _): &&DayStep<'_>| !exists(*word);
    let sound: Vec<_> = found.iter().filter(|step| !impossible(step)).copied().collect();
    match found.iter().find(impossible) {
        Some((_, end)) if sound.is_empty() => {
            Err(WhenError::NoSuchDate { part: shortened(start.written_until(*end)) })
        }
        Some(_) | None => Ok(sound),
    }
}

fn in_month(day: DayOfMonth, month: MonthName) -> DayWord {
    DayWord::Day(Day::InMonth { day, month })
}

/// Whether a day of a month can exist in any year.
fn exists(word: DayWord) -> bool {
    let DayWord::Day(Day::InMonth { day: DayOfMonth::Number(day), month }) = word else {
        return true;
    };
    let longest = match month {
        MonthName::Named { month: 2, .. } => 29,
        MonthName::Named { month: 4 | 6 | 9 | 11, .. } => 30,
        MonthName::Named { month, .. } if !(1..=12).contains(&month) => 0,
        MonthName::Named { .. } | MonthName::Any | MonthName::Ahead(_) => 31,
    };
    (1..=longest).contains(&day)
}

/// "christmas", "new year's eve".
fn named_day(start: Cursor<'_>) -> Option<DayStep<'_>> {
    let mut names = LANGUAGES.iter().flat_map(|language| language.named_days);
    names.find_map(|(words, month, day)| {
        let fits = (0..).zip(*words).all(|(i, word)| start.skip(i).word() == Some(word));
        let month = MonthName::Named { month: *month, year: None };
        let rest = start.skip(words.len());
        fits.then(|| (in_month(DayOfMonth::Number(*day), month), rest))
    })
}

/// "today", "the day after tomorrow".
fn relative(start: Cursor<'_>) -> Option<DayStep<'_>> {
    let day_after =
        start.after(Meaning::Unit(Unit::Day)).and_then(|rest| rest.after(Meaning::After));
    let Some(Meaning::Day(days)) = day_after.unwrap_or(start).meaning() else {
        return None;
    };
    let (days, rest) = match day_after {
        Some(rest) => (days + 1, rest.skip(1)),
        None => (days, start.skip(1)),
    };
    Some((DayWord::Day(Day::Relative(days)), rest))
}

/// "friday", "this friday", "next friday", "this coming friday", "friday week", "next weekend".
fn weekday(start: Cursor<'_>) -> Option<DayStep<'_>> {
    let (which, rest) = which(start);
    if let Some(rest) = rest.after(Meaning::Weekend) {
        let weeks = match which {
            Which::OfWeek(weeks) => weeks,
            Which::Coming | Which::WeekAfter => 0,
        };
        return Some((DayWord::Day(Day::Weekend(weeks)), rest));
    }
    let Some(Meaning::Weekday(weekday)) = rest.meaning() else {
        return None;
    };
    let rest = dotted(rest.skip(1));
    if which == Which::Coming {
        let week = rest.after(Meaning::Unit(Unit::Week));
        if let Some(rest) = week {
            let which = Which::WeekAfter;
            return Some((DayWord::Weekday { weekday, which }, rest));
        }
    }
    Some((DayWord::Weekday { weekday, which }, rest))
}

fn which(start: Cursor<'_>) -> (Which, Cursor<'_>) {
    let this = start.after(Meaning::This);
    if let Some(rest) = this.unwrap_or(start).after(Meaning::Coming) {
        return (Which::Coming, rest);
    }
    if let Some(rest) = this {
        return (Which::OfWeek(0), rest);
    }
    if let Some(rest) = start.after(Meaning::Next) {
        return (Which::OfWeek(1), rest);
    }
    match start.after(Meaning::Last) {
        Some(rest) => (Which::OfWeek(-1), rest),
        None => (Which::Coming, start),
    }
}

/// "next week", "the week after next", "next month".
fn week_or_month(start: Cursor<'_>) -> Option<DayStep<'_>> {
    let after_next = start
        .after(Meaning::Unit(Unit::Week))
        .and_then(|rest| rest.after(Meaning::After))
        .and_then(|rest| rest.after(Meaning::Next));
    if let Some(rest) = after_next {
        return Some((DayWord::Week(2), rest));
    }
    let (ahead, rest) = ahead(start)?;
    if let Some(rest) = rest.after(Meaning::Unit(Unit::Week)) {
        return Some((DayWord::Week(ahead), rest));
    }
    let rest = rest.after(Meaning::Unit(Unit::Month))?;
    Some((DayWord::Month(ahead), rest))
}

fn ahead(start: Cursor<'_>) -> Option<(i32, Cursor<'_>)> {
    let this = start.after(Meaning::This).map(|rest| (0, rest));
    this.or_else(|| start.after(Meaning::Next).map(|rest| (1, rest)))
}

/// "first friday of december", "the last day of the month".
fn nth_of_month(start: Cursor<'_>) -> Option<DayStep<'_>> {
    let (nth, rest) = match start.after(Meaning::Last) {
        Some(rest) => (-1, rest),
        None => ordinal(start).filter(|(nth, _)| *nth <= 5)?,
    };
    if let Some(Meaning::Weekday(weekday)) = rest.meaning() {
        let (month, rest) = of_month(rest.skip(1))?;
        return Some((in_month(DayOfMonth::Nth { nth, weekday }, month), rest));
    }
    let day = match nth {
        1 => DayOfMonth::Number(1),
        -1 => DayOfMonth::Last,
        _ => return None,
    };
    let (month, rest) = of_month(rest.after(Meaning::Unit(Unit::Day))?)?;
    Some((in_month(day, month), rest))
}

/// "of december 2026", "in march", "of the month", "of next month".
pub(super) fn of_month(start: Cursor<'_>) -> Option<(MonthName, Cursor<'_>)> {
    let rest = fillers(start);
    if let Some((month, rest)) = month_name(rest) {
        let (year, rest) = year(rest).map_or((None, rest), |(y, rest)| (Some(y), rest));
        return Some((MonthName::Named { month, year }, rest));
    }
    if let Some((ahead, after)) = ahead(rest) {
        let rest = after.after(Meaning::Unit(Unit::Month))?;
        return Some((MonthName::Ahead(ahead), rest));
    }
    let rest = rest.after(Meaning::Unit(Unit::Month))?;
    (rest.position() > start.position() + 1).then_some((MonthName::Any, rest))
}

/// Skips "of", "of the", "in".
pub(super) fn fillers(start: Cursor<'_>) -> Cursor<'_> {
    let mut rest = start;
    for _ in 0..2 {
        let of = rest.after(Meaning::Filler);
        rest = of.or_else(|| rest.after(Meaning::In)).unwrap_or(rest);
    }
    rest
}

/// "december", "dec.".
pub(crate) fn month_name(start: Cursor<'_>) -> Option<(i8, Cursor<'_>)> {
    let Some(Meaning::Month(month)) = start.meaning() else {
        return None;
    };
    Some((month, dotted(start.skip(1))))
}

/// Skips the dot of a shortened word.
pub(super) fn dotted(rest: Cursor<'_>) -> Cursor<'_> {
    let dot = rest.is_glued().then(|| rest.after_sign('.')).flatten();
    dot.unwrap_or(rest)
}

/// "5th", "fifth", "twenty-first". Words only up to 31.
pub(crate) fn ordinal(start: Cursor<'_>) -> Option<(i8, Cursor<'_>)> {
    if let Some(number) = start.number() {
        let rest = start.skip(1).after(Meaning::OrdinalEnd)?;
        let day = i8::try_from(number.value).ok()?;
        return start.skip(1).is_glued().then_some((day, rest));
    }
    if let Some(Meaning::Ordinal(day)) = start.meaning() {
        return Some((i8::try_from(day).ok()?, start.skip(1)));
    }
    let Some(Meaning::Count(tens @ (20 | 30))) = start.meaning() else {
        return None;
    };
    let rest = start.skip(1);
    let ones = rest.after_sign('-').unwrap_or(rest);
    let Some(Meaning::Ordinal(one @ 1..=9)) = ones.meaning() else {
        return None;
    };
    Some((i8::try_from(tens + one).ok()?, ones.skip(1)))
}
