//! Days without a time of day, for what is planned by the day: ends and exceptions of series.

use jiff::civil::{Date, Weekday};

use super::Context;
use super::calendar::{self, Origin};
use super::date::Almanac;
use super::day::{Day, DayOfMonth, DayWord, MonthName, days};
use super::error::WhenError;
use super::reading::Point;
use super::tokens::Cursor;

/// Every date that the words at a place can mean, the next from `base` on, each with the place
/// after it: "1 June", "5 June 2027", "friday", "fri 25 december", "tomorrow".
pub(crate) fn days_at<'t>(
    start: Cursor<'t>,
    ctx: &Context<'_>,
    base: Date,
) -> Result<Vec<(Date, Cursor<'t>)>, WhenError> {
    let mut found = Vec::new();
    for (point, said, rest) in points(start, ctx)? {
        let today = ctx.zone.to_datetime(ctx.now).date();
        for dates in calendar::dates(&point, Origin { today, base })?.meanings {
            // A date that is named in full may be over.
            let next = dates.iter().find(|date| **date >= base).or(dates.last());
            let Some(&date) = next else {
                continue;
            };
            if let Some(said) = said.filter(|said| *said != date.weekday()) {
                return Err(WhenError::WeekdayMismatch { date, said });
            }
            found.push((date, rest));
        }
    }
    Ok(found)
}

/// A day, the weekday that stood before it, and the place after it.
type Said<'t> = (Point, Option<Weekday>, Cursor<'t>);

fn points<'t>(start: Cursor<'t>, ctx: &Context<'_>) -> Result<Vec<Said<'t>>, WhenError> {
    let almanac = almanac(ctx);
    let mut points = Vec::new();
    for (word, rest) in days(start, almanac)? {
        match word {
            DayWord::Day(day) => points.push((point(day), None, rest)),
            DayWord::Weekday { weekday, which } => {
                let comma = rest.after_sign(',').unwrap_or(rest);
                for (word, rest) in days(comma, almanac)? {
                    if let DayWord::Day(day @ Day::InMonth { .. }) = word {
                        points.push((point(day), Some(weekday), rest));
                    }
                }
                let weekday = Some((weekday, which));
                points.push((Point { weekday, ..Point::default() }, None, rest));
            }
            DayWord::Week(_) | DayWord::Month(_) => {}
        }
    }
    Ok(points)
}

fn point(day: Day) -> Point {
    Point { day: Some(day), ..Point::default() }
}

/// Every day of the year, as month and day, that the words at a place can mean: "29 February",
/// "5/12", "christmas".
pub(crate) fn yearly_at<'t>(
    start: Cursor<'t>,
    ctx: &Context<'_>,
) -> Result<Vec<(i8, i8, Cursor<'t>)>, WhenError> {
    let found = days(start, almanac(ctx))?;
    let yearly = found.into_iter().filter_map(|(word, rest)| match word {
        DayWord::Day(Day::InMonth {
            day: DayOfMonth::Number(day),
            month: MonthName::Named { month, year: None },
        }) => Some((month, day, rest)),
        DayWord::Day(_) | DayWord::Weekday { .. } | DayWord::Week(_) | DayWord::Month(_) => None,
    });
    Ok(yearly.collect())
}

fn almanac(ctx: &Context<'_>) -> Almanac {
    Almanac { order: ctx.date_order, year: ctx.zone.to_datetime(ctx.now).year() }
}
