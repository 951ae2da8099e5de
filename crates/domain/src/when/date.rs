//! Dates as people write them: "5 december", "dec 5, 2026", "28/11", "28.11.", "2026-11-28".

use super::amount::counted;
use super::date_order::DateOrder;
use super::day::{MonthName, dotted, fillers, month_name, of_month, ordinal};
use super::tokens::{Cursor, Number};
use super::words::Meaning;

/// What the readings of a date depend on.
#[derive(Clone, Copy, Debug)]
pub(super) struct Almanac {
    pub(super) order: DateOrder,
    /// The present year, to tell years from times of day ("dec 5 2026", "dec 5 1930").
    pub(super) year: i16,
}

/// A day, its month and what follows.
pub(super) type Written<'t> = (i8, MonthName, Cursor<'t>);

/// "5 december", "the 5th of december 2026", "dec 5, 2026", "the 5th", "the 5th of next month".
pub(super) fn with_month_name(start: Cursor<'_>, almanac: Almanac) -> Vec<Written<'_>> {
    let Some((day, month, rest)) = day_then_month(start).or_else(|| month_then_day(start)) else {
        // "first friday" is neither the 1st nor one Friday that we could name.
        let is_day = |(_, rest): &(i8, Cursor<'_>)| {
            !matches!(rest.meaning(), Some(Meaning::Weekday(_) | Meaning::Unit(_)))
        };
        let alone = ordinal(start).filter(is_day).map(|(day, rest)| {
            let of = of_month(rest).filter(|(month, _)| !is_named(*month));
            let (month, rest) = of.unwrap_or((MonthName::Any, rest));
            (day, month, rest)
        });
        return alone.into_iter().collect();
    };
    let without = (day, MonthName::Named { month, year: None }, rest);
    let comma = rest.after_sign(',').unwrap_or(rest);
    let Some((year, after)) = year(comma) else {
        return vec![without];
    };
    let dated = MonthName::Named { month, year: Some(year) };
    // "dec 5 1930" is half past seven in the evening; "dec 5 2026" is no time of day. In a list
    // such as "24 dec, 31 dec" the number is the next day.
    let is_full = comma.number().is_some_and(|number| number.digits == 4);
    if is_full && (almanac.year - 1..=almanac.year + 10).contains(&year) {
        vec![(day, dated, after)]
    } else {
        vec![(day, dated, after), without]
    }
}

fn is_named(month: MonthName) -> bool {
    matches!(month, MonthName::Named { .. })
}

fn day_then_month(start: Cursor<'_>) -> Option<(i8, i8, Cursor<'_>)> {
    let (day, rest) = ordinal(start).or_else(|| plain_day(start))?;
    let dash = rest.after_sign('-').filter(|_| rest.is_glued());
    let (month, rest) = month_name(dash.unwrap_or_else(|| fillers(dotted(rest))))?;
    // "5-Dec-2026"
    let dash = rest.after_sign('-').filter(|at| at.glued_number().is_some());
    let rest = dash.filter(|_| rest.is_glued()).unwrap_or(rest);
    Some((day, month, rest))
}

fn month_then_day(start: Cursor<'_>) -> Option<(i8, i8, Cursor<'_>)> {
    let (month, rest) = month_name(start)?;
    let rest = rest.after(Meaning::Filler).unwrap_or(rest);
    let (day, after) = ordinal(rest).or_else(|| plain_day(rest))?;
    // "dec 5:30" and "dec 5pm" have no day.
    let goes_on = after.is_glued() && (after.is_sign(':') || after.meaning().is_some());
    let settled = after.position() > rest.position() + 1;
    (settled || !goes_on).then_some((day, month, after))
}

fn plain_day(start: Cursor<'_>) -> Option<(i8, Cursor<'_>)> {
    let number = start.number().filter(|n| n.digits <= 2);
    if let Some(number) = number {
        return Some((i8::try_from(number.value).ok()?, start.skip(1)));
    }
    let (day, rest) = counted(start)?;
    Some((i8::try_from(day).ok()?, rest))
}

/// "28/11", "28.11.2026", "2026-11-28", "20261128".
pub(super) fn numeric(start: Cursor<'_>, order: DateOrder) -> Vec<Written<'_>> {
    let Some(first) = start.number() else {
        return Vec::new();
    };
    if first.digits == 8 {
        return run_of_digits(first, start.skip(1)).into_iter().collect();
    }
    let separator = start.skip(1);
    let Some(sign) = separator.sign().filter(|c| ['/', '-', '.'].contains(c)) else {
        return Vec::new();
    };
    let Some(second) = separator.skip(1).glued_number().filter(|_| separator.is_glued()) else {
        return Vec::new();
    };
    let rest = separator.skip(2);
    let third = rest.skip(1).glued_number().filter(|_| rest.is_glued() && rest.is_sign(sign));
    match third {
        Some(third) => three_numbers([first, second, third], sign, order)
            .into_iter()
            .map(|(day, month)| (day, month, rest.skip(2)))
            .collect(),
        None => two_numbers([first, second], sign, order)
            .into_iter()
            .map(|(day, month)| (day, named(month, None), trailing_dot(sign, rest)))
            .collect(),
    }
}

fn named(month: i8, year: Option<i16>) -> MonthName {
    MonthName::Named { month, year }
}

/// The second dot of "28.11.".
fn trailing_dot(sign: char, rest: Cursor<'_>) -> Cursor<'_> {
    if sign == '.' { dotted(rest) } else { rest }
}

fn run_of_digits(number: Number, rest: Cursor<'_>) -> Option<Written<'_>> {
    let day = i8::try_from(number.value % 100).ok()?;
    let month = i8::try_from(number.value / 100 % 100).ok()?;
    let year = i16::try_from(number.value / 10_000).ok()?;
    let sound = (1970..=2199).contains(&year);
    sound.then(|| (day, named(month, Some(year)), rest))
}

fn three_numbers(numbers: [Number; 3], sign: char, order: DateOrder) -> Vec<(i8, MonthName)> {
    let [first, second, third] = numbers;
    let dated = |year: Option<i16>, pairs: Vec<(i8, i8)>| match year {
        Some(year) => {
            pairs.into_iter().map(|(day, month)| (day, named(month, Some(year)))).collect()
        }
        None => Vec::new(),
    };
    if first.digits == 4 {
        let pair = small(third).zip(small(second));
        return dated(i16::try_from(first.value).ok(), pair.into_iter().collect());
    }
    let year = match third.digits {
        4 => i16::try_from(third.value).ok(),
        2 => i16::try_from(third.value + 2000).ok(),
        _ => None,
    };
    dated(year, two_numbers([first, second], sign, order))
}

/// Day and month, in each order that is possible; in the likelier order if none is.
fn two_numbers(numbers: [Number; 2], sign: char, order: DateOrder) -> Vec<(i8, i8)> {
    let [Some(first), Some(second)] = numbers.map(small) else {
        return Vec::new();
    };
    let day_first = (first, second);
    let month_first = (second, first);
    if sign == '.' || first == second {
        return vec![day_first];
    }
    match (first > 12, second > 12) {
        (true, _) => vec![day_first],
        (false, true) => vec![month_first],
        (false, false) => match order {
            DateOrder::DayFirst => vec![day_first],
            DateOrder::MonthFirst => vec![month_first],
            DateOrder::Ask => vec![day_first, month_first],
        },
    }
}

fn small(number: Number) -> Option<i8> {
    let short = number.digits <= 2;
    i8::try_from(number.value).ok().filter(|_| short)
}

/// A four-digit year, or a two-digit one too large for an hour.
pub(crate) fn year(start: Cursor<'_>) -> Option<(i16, Cursor<'_>)> {
    let number = start.number()?;
    let value = i16::try_from(number.value).ok()?;
    // "dec 5 20:00" and "dec 5 2000-2200" have no year.
    let rest = start.skip(1);
    let closes = [',', '.', ')'].iter().any(|&sign| rest.is_sign(sign));
    let is_time = rest.meaning() == Some(Meaning::LongHourMark);
    let goes_on = is_time || rest.is_glued() && !closes;
    let year = match number.digits {
        4 if (1970..=2199).contains(&value) => value,
        2 if value > 24 => 2000 + value,
        _ => return None,
    };
    (!goes_on || rest.word() == Some("t")).then_some((year, rest))
}
