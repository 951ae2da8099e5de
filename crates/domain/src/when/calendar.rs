//! Turns a named day into dates: the one that is meant, or those to choose the next from.

use jiff::Span;
use jiff::civil::{Date, Weekday};

use super::amount::Amount;
use super::day::{Day, DayOfMonth, MonthName, Which};
use super::error::{WhenError, YEARS_AHEAD_MAX};
use super::reading::{Point, Shift};

/// Months that are searched for a day ("the 31st", "friday the 13th"); no weekday and day of the
/// month stay apart for longer than fourteen months.
const MONTHS_SEARCHED: i32 = 15;

/// Dates in rising order, of which the first one whose moment is still to come is meant.
pub(super) type Dates = Vec<Date>;

/// What a named day can mean.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Choice {
    /// One list of dates for each meaning.
    pub(super) meanings: Vec<Dates>,
    /// If the words contradict each other, what is wrong; then no meaning may stand alone.
    pub(super) doubt: Option<WhenError>,
}

impl Choice {
    fn sure(dates: Dates) -> Self {
        Self { meanings: vec![dates], doubt: None }
    }
}

/// From where days are counted.
#[derive(Clone, Copy, Debug)]
pub(super) struct Origin {
    /// The present date.
    pub(super) today: Date,
    /// The first date that can be meant: today, or for an end the date of the start.
    pub(super) base: Date,
}

/// The dates that the words for a point can mean, before the time of day is looked at.
pub(super) fn dates(point: &Point, origin: Origin) -> Result<Choice, WhenError> {
    let choice = named(point, origin)?;
    let Some(shift) = point.shift else {
        return Ok(choice);
    };
    if shift.amount.minutes != 0 {
        return Err(WhenError::NoTime);
    }
    shifted(point, shift, origin, choice)
}

fn named(point: &Point, origin: Origin) -> Result<Choice, WhenError> {
    let day = with_month(point)?;
    match (day, point.weekday) {
        (Some(day), None) => of_day(day, origin),
        (Some(day), Some((weekday, _))) => checked(of_day(day, origin)?, day, weekday),
        (None, Some((weekday, which))) => match point.week {
            Some(weeks) => of_weekday(weekday, Which::OfWeek(weeks), origin),
            None => of_weekday(weekday, which, origin),
        },
        (None, None) if point.week.is_some() => Err(WhenError::NoDay),
        (None, None) => Ok(Choice::sure(from(origin.base, -1, 4)?)),
    }
}

/// Joins "next month" with the day beside it.
fn with_month(point: &Point) -> Result<Option<Day>, WhenError> {
    let Some(ahead) = point.month else {
        return Ok(point.day);
    };
    match point.day {
        Some(Day::InMonth { day, month: MonthName::Any }) => {
            Ok(Some(Day::InMonth { day, month: MonthName::Ahead(ahead) }))
        }
        Some(Day::InMonth { .. } | Day::Relative(_) | Day::Weekend(_)) | None => {
            Err(WhenError::NoDay)
        }
    }
}

fn of_day(day: Day, origin: Origin) -> Result<Choice, WhenError> {
    match day {
        Day::Relative(days) => Ok(Choice::sure(vec![plus(origin.today, days.into())?])),
        Day::InMonth { day, month } => in_month(day, month, origin).map(Choice::sure),
        Day::Weekend(weeks) => {
            let monday = monday(origin.base, weeks)?;
            let meanings = vec![vec![plus(monday, 5)?], vec![plus(monday, 6)?]];
            let doubt = None;
            Ok(Choice { meanings, doubt })
        }
    }
}

fn of_weekday(weekday: Weekday, which: Which, origin: Origin) -> Result<Choice, WhenError> {
    let ahead = i64::from(weekday.since(origin.base.weekday()));
    let first = plus(origin.base, ahead)?;
    let dates = match which {
        // Last week's too: "friday night at 1am" on a Saturday just after midnight.
        Which::Coming => vec![plus(first, -7)?, first, plus(first, 7)?],
        Which::WeekAfter => vec![plus(first, 7)?, plus(first, 14)?],
        Which::OfWeek(weeks) => vec![in_week(origin.base, weeks, weekday)?],
    };
    Ok(Choice::sure(dates))
}

/// A weekday beside a date: they agree, or both are offered.
fn checked(choice: Choice, day: Day, weekday: Weekday) -> Result<Choice, WhenError> {
    let named: Dates = choice.meanings.into_iter().flatten().collect();
    let is_any = matches!(day, Day::InMonth { month: MonthName::Any, .. });
    // "friday the 13th" looks for the month, "friday 5 december" for the nearest Friday.
    let by_weekday: Dates = if is_any {
        let fits = |date: &&Date| date.weekday() == weekday;
        named.iter().filter(fits).copied().collect()
    } else {
        let near = named.iter().map(|&date| nearest(date, weekday));
        near.collect::<Result<_, _>>()?
    };
    let mismatch = named.iter().find(|date| date.weekday() != weekday);
    let doubt = mismatch.map(|&date| WhenError::WeekdayMismatch { date, said: weekday });
    let meanings = vec![named, by_weekday];
    Ok(Choice { meanings, doubt })
}

fn nearest(date: Date, weekday: Weekday) -> Result<Date, WhenError> {
    let ahead = i64::from(weekday.since(date.weekday()));
    plus(date, if ahead > 3 { ahead - 7 } else { ahead })
}

/// Moves dates by "in two weeks" or "a week from".
fn shifted(
    point: &Point,
    shift: Shift,
    origin: Origin,
    choice: Choice,
) -> Result<Choice, WhenError> {
    let names_day = point.day.is_some() || point.weekday.is_some() || point.week.is_some();
    if !names_day {
        if shift.from_day {
            return Err(WhenError::NoDay);
        }
        return Ok(Choice::sure(vec![move_date(origin.base, shift.amount)?]));
    }
    let mut meanings = Vec::new();
    // "a week from friday" is counted from a Friday to come.
    for dates in choice.meanings {
        let ahead = dates.into_iter().filter(|date| *date >= origin.base);
        let moved = ahead.map(|date| move_date(date, shift.amount));
        let mut moved = moved.collect::<Result<Dates, _>>()?;
        // On a Friday "a week from friday" may count from today or from the next one.
        let is_today = point.weekday.is_some_and(|(day, _)| day == origin.base.weekday());
        if shift.from_day && is_today && moved.len() > 1 {
            meanings.push(vec![moved.remove(0)]);
        }
        meanings.push(moved);
    }
    // "friday in two weeks" may also be the Friday of that week.
    let weeks = shift.amount.days / 7;
    let whole_weeks = shift.amount.days % 7 == 0 && shift.amount.months == 0;
    if let Some((weekday, _)) = point.weekday.filter(|_| whole_weeks && !shift.from_day) {
        let weeks = i32::try_from(weeks).map_err(|_| WhenError::OutOfRange)?;
        meanings.push(vec![in_week(origin.base, weeks, weekday)?]);
    }
    let doubt = choice.doubt;
    Ok(Choice { meanings, doubt })
}

/// Every date that a day of a month can mean, from a month ago on.
fn in_month(day: DayOfMonth, month: MonthName, origin: Origin) -> Result<Dates, WhenError> {
    let base = origin.base;
    let ahead = |months: i32| -> Result<Date, WhenError> {
        let span = Span::new().try_months(months);
        let first = span.and_then(|span| base.first_of_month().checked_add(span));
        first.map_err(|_| WhenError::OutOfRange)
    };
    let months: Vec<Date> = match month {
        MonthName::Any => (-1..MONTHS_SEARCHED).map(ahead).collect::<Result<_, _>>()?,
        MonthName::Ahead(months) => vec![ahead(months)?],
        MonthName::Named { month, year } => {
            let years = match year {
                Some(year) => year..=year,
                None => base.year() - 1..=base.year() + YEARS_AHEAD_MAX,
            };
            let firsts = years.map(|year| Date::new(year, month, 1));
            firsts.collect::<Result<_, _>>().map_err(|_| WhenError::OutOfRange)?
        }
    };
    let dates: Dates = months.into_iter().filter_map(|first| in_one_month(day, first)).collect();
    if dates.is_empty() {
        let part = day_in_words(day, month);
        return Err(WhenError::NoSuchDate { part });
    }
    Ok(dates)
}

fn in_one_month(day: DayOfMonth, first: Date) -> Option<Date> {
    match day {
        DayOfMonth::Number(day) => Date::new(first.year(), first.month(), day).ok(),
        DayOfMonth::Nth { nth, weekday } => first.nth_weekday_of_month(nth, weekday).ok(),
        DayOfMonth::Last => Some(first.last_of_month()),
    }
}

fn day_in_words(day: DayOfMonth, month: MonthName) -> String {
    use super::describe::{month_name, weekday_name};

    let day = match day {
        DayOfMonth::Number(day) => day.to_string(),
        DayOfMonth::Nth { nth, weekday } => format!("{} no. {nth}", weekday_name(weekday)),
        DayOfMonth::Last => "last day".to_owned(),
    };
    match month {
        MonthName::Any | MonthName::Ahead(_) => format!("{day} of that month"),
        MonthName::Named { month, year: None } => format!("{day} {}", month_name(month)),
        MonthName::Named { month, year: Some(year) } => {
            format!("{day} {} {year}", month_name(month))
        }
    }
}

fn in_week(base: Date, weeks: i32, weekday: Weekday) -> Result<Date, WhenError> {
    plus(monday(base, weeks)?, weekday.to_monday_zero_offset().into())
}

/// The Monday of the week so many weeks from that of a date.
fn monday(date: Date, weeks: i32) -> Result<Date, WhenError> {
    let into_week = i64::from(date.weekday().to_monday_zero_offset());
    plus(date, i64::from(weeks) * 7 - into_week)
}

fn from(base: Date, first: i64, count: i64) -> Result<Dates, WhenError> {
    (first..first + count).map(|days| plus(base, days)).collect()
}

/// A date so many days away.
pub(super) fn plus(date: Date, days: i64) -> Result<Date, WhenError> {
    let span = Span::new().try_days(days);
    let moved = span.and_then(|span| date.checked_add(span));
    moved.map_err(|_| WhenError::OutOfRange)
}

/// A date so many months and days away. Where the month is too short, its last day.
fn move_date(date: Date, amount: Amount) -> Result<Date, WhenError> {
    let span = Span::new().try_months(amount.months);
    let moved = span.and_then(|span| date.checked_add(span));
    plus(moved.map_err(|_| WhenError::OutOfRange)?, amount.days)
}
