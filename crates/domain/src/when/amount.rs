//! How long and how far: "90 min", "1h30", "an hour and a half", "two weeks".

use super::tokens::Cursor;
use super::words::{Meaning, Unit};

/// Terms in one amount ("1 week 2 days 3 hours" has three); more is not a way to say a time.
const TERMS_MAX: usize = 6;

/// The largest number of units in a term; larger ones are not times for people.
const COUNT_MAX: u64 = 1_000_000;

/// A stretch of time in the units of the calendar, because a day is not always 24 hours.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Amount {
    pub(crate) months: i64,
    pub(crate) days: i64,
    pub(crate) minutes: i64,
}

impl Amount {
    fn plus(self, other: Self) -> Self {
        Self {
            months: self.months.saturating_add(other.months),
            days: self.days.saturating_add(other.days),
            minutes: self.minutes.saturating_add(other.minutes),
        }
    }

    /// So many thousandths of a unit, to the nearest minute; months only whole.
    fn of(thousandths: u64, unit: Unit) -> Option<Self> {
        let count = i64::try_from(thousandths).ok()?;
        let whole = |months: i64| {
            let months = count.checked_mul(months)?;
            (months % 1000 == 0).then(|| Self { months: months / 1000, ..Self::default() })
        };
        let days = |days: i64| {
            let days = count.saturating_mul(days);
            Self {
                days: days / 1000,
                minutes: (days % 1000 * 24 * 60 + 500) / 1000,
                ..Self::default()
            }
        };
        let minutes = |minutes: i64| Self {
            minutes: (count.saturating_mul(minutes).saturating_add(500)) / 1000,
            ..Self::default()
        };
        match unit {
            Unit::Minute => Some(minutes(1)),
            Unit::Hour => Some(minutes(60)),
            Unit::Day => Some(days(1)),
            Unit::Week => Some(days(7)),
            Unit::Fortnight => Some(days(14)),
            Unit::Month => whole(1),
            Unit::Year => whole(12),
        }
    }
}

/// Reads one or more terms: "2 days", "1h 30m", "an hour and a half".
pub(crate) fn amount(start: Cursor<'_>) -> Option<(Amount, Cursor<'_>)> {
    let (mut sum, mut rest) = term(start)?;
    for _ in 1..TERMS_MAX {
        let joined = rest.after(Meaning::And).or_else(|| rest.after_sign(','));
        let Some((more, after)) = term(joined.unwrap_or(rest)) else {
            break;
        };
        sum = sum.plus(more);
        rest = after;
    }
    Some((sum, rest))
}

/// Reads a number and its unit, with what may trail: "2 days", "1h30", "an hour and a half".
fn term(start: Cursor<'_>) -> Option<(Amount, Cursor<'_>)> {
    let (thousandths, rest) = quantity(start)?;
    let (unit, rest) = unit(rest)?;
    let (thousandths, rest) = match and_a_fraction(rest) {
        Some((fraction, rest)) => (thousandths + fraction, rest),
        None => (thousandths, rest),
    };
    let amount = Amount::of(thousandths, unit)?;
    let Some((minutes, rest)) = trailing_minutes(unit, rest) else {
        return Some((amount, rest));
    };
    Some((amount.plus(minutes), rest))
}

/// The 30 of "1h30", and of "1h 30" where nothing follows.
fn trailing_minutes(unit: Unit, start: Cursor<'_>) -> Option<(Amount, Cursor<'_>)> {
    let number = start.number().filter(|n| n.value < 60 && n.digits == 2)?;
    let rest = start.skip(1);
    let ends = start.is_glued() || rest.is_end();
    if unit != Unit::Hour || !ends || self::unit(rest).is_some() {
        return None;
    }
    let minutes = i64::try_from(number.value).ok()?;
    let amount = Amount { minutes, ..Amount::default() };
    Some((amount, rest))
}

fn unit(start: Cursor<'_>) -> Option<(Unit, Cursor<'_>)> {
    let meaning = start.meaning()?;
    let unit = if let Meaning::Unit(unit) = meaning {
        unit
    } else {
        (meaning == Meaning::LongHourMark).then_some(Unit::Hour)?
    };
    // People write "hrs." and "min.".
    let rest = start.skip(1);
    let dotted = rest.is_glued().then(|| rest.after_sign('.')).flatten();
    Some((unit, dotted.unwrap_or(rest)))
}

/// How many, in thousandths: "2", "1.5", "an", "half a", "two and a half", "a couple of".
fn quantity(start: Cursor<'_>) -> Option<(u64, Cursor<'_>)> {
    if let Some((count, rest)) = number(start) {
        return Some(match and_a_fraction(rest) {
            Some((fraction, rest)) => (count + fraction, rest),
            None => (count, rest),
        });
    }
    let bare = start.after(Meaning::Article).unwrap_or(start);
    if let Some(rest) = bare.after(Meaning::Couple) {
        return Some((2000, rest.after(Meaning::Filler).unwrap_or(rest)));
    }
    if let Some((fraction, rest)) = fraction(bare) {
        // "half of an hour", "half an hour", "quarter hour".
        let rest = rest.after(Meaning::Filler).unwrap_or(rest);
        return Some((fraction, rest.after(Meaning::Article).unwrap_or(rest)));
    }
    (bare.position() != start.position()).then_some((1000, bare))
}

fn number(start: Cursor<'_>) -> Option<(u64, Cursor<'_>)> {
    let Some(written) = start.number() else {
        let (count, rest) = counted(start)?;
        return Some((u64::from(count) * 1000, rest));
    };
    let whole = (written.value <= COUNT_MAX).then(|| written.value * 1000)?;
    let rest = start.skip(1);
    let point = rest.after_sign('.').or_else(|| rest.after_sign(','));
    let decimals = point.filter(|_| rest.is_glued());
    let Some((place, decimal)) = decimals.and_then(|at| Some((at, at.glued_number()?))) else {
        return Some((whole, rest));
    };
    let scale = match decimal.digits {
        1 => 100,
        2 => 10,
        3 => 1,
        _ => return None,
    };
    Some((whole + decimal.value * scale, place.skip(1)))
}

/// A number written out: "two", "forty five", "forty-five".
pub(crate) fn counted(start: Cursor<'_>) -> Option<(u8, Cursor<'_>)> {
    let Some(Meaning::Count(first)) = start.meaning() else {
        return None;
    };
    let rest = start.skip(1);
    let joined = rest.after_sign('-').unwrap_or(rest);
    match joined.meaning() {
        Some(Meaning::Count(ones @ 1..=9)) if first >= 20 => Some((first + ones, joined.skip(1))),
        _ => Some((first, rest)),
    }
}

fn fraction(start: Cursor<'_>) -> Option<(u64, Cursor<'_>)> {
    let half = start.after(Meaning::HalfOf).map(|rest| (500, rest));
    half.or_else(|| start.after(Meaning::QuarterOf).map(|rest| (250, rest)))
}

/// "and a half", "and a quarter".
fn and_a_fraction(start: Cursor<'_>) -> Option<(u64, Cursor<'_>)> {
    let rest = start.after(Meaning::And)?;
    let (fraction, rest) = fraction(rest.after(Meaning::Article).unwrap_or(rest))?;
    // "an hour and half an hour" is two terms.
    let ends = rest.after(Meaning::Article).is_none();
    ends.then_some((fraction, rest))
}
