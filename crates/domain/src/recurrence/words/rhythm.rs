//! How often, and on which days: "every 2 weeks", "mon, wed & fri", "in june and july".

use jiff::civil::Weekday;

use super::clause::{Clause, Turn};
use super::english::{Word, after, weekday, word};
use super::numbered;
use super::search::Step;
use crate::limits::REPEAT_INTERVAL_MAX;
use crate::when::amount::counted;
use crate::when::tokens::Cursor;
use crate::when::words::{Meaning, Unit};
use crate::when::{month_at, ordinal};

pub(super) const WORKDAYS: [Weekday; 5] =
    [Weekday::Monday, Weekday::Tuesday, Weekday::Wednesday, Weekday::Thursday, Weekday::Friday];

const WEEKEND: [Weekday; 2] = [Weekday::Saturday, Weekday::Sunday];

/// Weekdays that one list may name: each twice, as nobody writes more.
const LIST_MAX: usize = 14;

/// Every way in which words for how often can begin here.
pub(super) fn steps(at: Cursor<'_>) -> Vec<Step<'_>> {
    let mut steps = Vec::new();
    if let Some((clause, rest)) = adverb(at) {
        steps.push((vec![clause], rest));
    }
    if let Some(rest) = after(at, Word::Every) {
        steps.extend(after_every(rest));
        if let Some((months, rest)) = months(rest) {
            steps.push((vec![Clause::EveryOne, Clause::Months(months)], rest));
        }
        steps.push((vec![Clause::EveryOne], rest));
    }
    if let Some(rest) = after(at, Word::Other) {
        steps.extend(every_so_many(2, rest));
    }
    if let Some((days, rest)) = weekdays(at) {
        steps.push((vec![Clause::Weekdays(days)], rest));
    }
    if let Some((months, rest)) = at.after(Meaning::In).and_then(months) {
        steps.push((vec![Clause::Months(months)], rest));
    }
    steps.extend(numbered::steps(at));
    steps
}

/// "weekly", "fortnightly", "once a week".
fn adverb(at: Cursor<'_>) -> Option<(Clause, Cursor<'_>)> {
    if let Some(rest) = after(at, Word::Once) {
        let rest = rest.after(Meaning::Article).or_else(|| after(rest, Word::Every))?;
        return turn(rest).map(|(interval, turn, rest)| (Clause::Every(interval, turn), rest));
    }
    let Some(Word::Adverb(interval, unit)) = word(at) else {
        return None;
    };
    Some((Clause::Every(interval, turn_of(unit)?.1), at.skip(1)))
}

/// "week", "2 weeks", "other friday", "2nd friday", after "every".
fn after_every(at: Cursor<'_>) -> Vec<Step<'_>> {
    if let Some((interval, turn, rest)) = turn(at) {
        return vec![(vec![Clause::Every(interval, turn)], rest)];
    }
    if let Some(rest) = after(at, Word::Other) {
        return every_so_many(2, rest);
    }
    if let Some((count, rest)) = number(at) {
        return every_so_many(count, rest);
    }
    match ordinal(at) {
        Some((nth @ 2.., rest)) => every_so_many(nth.unsigned_abs().into(), rest),
        Some(_) | None => Vec::new(),
    }
}

/// "weeks", "fridays", after "every 2" or "every other".
fn every_so_many(count: u16, at: Cursor<'_>) -> Vec<Step<'_>> {
    if let Some((of_turn, turn, rest)) = turn(at) {
        let interval = count.saturating_mul(of_turn);
        return vec![(vec![Clause::Every(interval, turn)], rest)];
    }
    let Some((days, rest)) = weekdays(at) else {
        return Vec::new();
    };
    vec![(vec![Clause::Every(count, Turn::Week), Clause::Weekdays(days)], rest)]
}

/// "week", "fortnight", "months".
pub(super) fn turn(at: Cursor<'_>) -> Option<(u16, Turn, Cursor<'_>)> {
    let Some(Meaning::Unit(unit)) = at.meaning() else {
        return None;
    };
    let (count, turn) = turn_of(unit)?;
    Some((count, turn, at.skip(1)))
}

fn turn_of(unit: Unit) -> Option<(u16, Turn)> {
    match unit {
        Unit::Minute | Unit::Hour => None,
        Unit::Day => Some((1, Turn::Day)),
        Unit::Week => Some((1, Turn::Week)),
        Unit::Fortnight => Some((2, Turn::Week)),
        Unit::Month => Some((1, Turn::Month)),
        Unit::Year => Some((1, Turn::Year)),
    }
}

/// "3", "three"; a larger one than any rule can have counts as just too large.
pub(super) fn number(at: Cursor<'_>) -> Option<(u16, Cursor<'_>)> {
    if let Some((count, rest)) = counted(at) {
        return Some((count.into(), rest));
    }
    let value = u16::try_from(at.number()?.value).unwrap_or(u16::MAX);
    let rest = at.skip(1);
    // "2nd" and "20:00" are no numbers of anything.
    let is_more = rest.meaning() == Some(Meaning::OrdinalEnd) || rest.is_sign(':');
    (!is_more).then_some((value, rest))
}

/// The number before a unit that "every" may have; used where there may be none.
pub(super) fn interval_of_months(at: Cursor<'_>) -> Option<(u16, Cursor<'_>)> {
    let (count, rest) = match after(at, Word::Other) {
        Some(rest) => (2, rest),
        None => number(at).or_else(|| {
            let (nth, rest) = ordinal(at)?;
            Some((nth.unsigned_abs().into(), rest))
        })?,
    };
    let rest = rest.after(Meaning::Unit(Unit::Month))?;
    (count <= REPEAT_INTERVAL_MAX).then_some((count, rest))
}

/// "tuesday and thursday", "mon-fri", "weekdays", "weekends".
pub(super) fn weekdays(at: Cursor<'_>) -> Option<(Vec<Weekday>, Cursor<'_>)> {
    let (mut days, mut rest) = some_weekdays(at)?;
    for _ in 1..LIST_MAX {
        let next = separator(rest).unwrap_or(rest);
        let next = after(next, Word::Every).or_else(|| after(next, Word::Filler)).unwrap_or(next);
        let Some((more, after)) = some_weekdays(next) else {
            break;
        };
        days.extend(more);
        rest = after;
    }
    Some((days, rest))
}

fn some_weekdays(at: Cursor<'_>) -> Option<(Vec<Weekday>, Cursor<'_>)> {
    if let Some(rest) = workday(at) {
        return Some((WORKDAYS.to_vec(), rest));
    }
    if let Some(rest) = at.after(Meaning::Weekend).or_else(|| after(at, Word::Weekends)) {
        return Some((WEEKEND.to_vec(), rest));
    }
    let (first, rest) = weekday(at)?;
    let to = rest.after_sign('-').or_else(|| rest.after(Meaning::To));
    let to = to.or_else(|| after(rest, Word::Through));
    let Some((last, rest)) = to.and_then(weekday) else {
        return Some((vec![first], rest));
    };
    let all = std::iter::successors(Some(first), |day| Some(day.next()));
    let count = usize::try_from(last.since(first)).unwrap_or_default() + 1;
    Some((all.take(count).collect(), rest))
}

/// "weekday", "workdays", "business days".
pub(super) fn workday(at: Cursor<'_>) -> Option<Cursor<'_>> {
    let day = |rest: Cursor<'_>| rest.meaning() == Some(Meaning::Unit(Unit::Day));
    let two = after(at, Word::Work).filter(|rest| day(*rest)).map(|rest| rest.skip(1));
    two.or_else(|| after(at, Word::Workday))
}

/// "june", "june, july and august".
pub(super) fn months(at: Cursor<'_>) -> Option<(Vec<i8>, Cursor<'_>)> {
    let (first, mut rest) = month_at(at)?;
    let mut months = vec![first];
    for _ in 1..12 {
        let next = separator(rest);
        let Some((more, after)) = next.and_then(month_at) else {
            break;
        };
        months.push(more);
        rest = after;
    }
    Some((months, rest))
}

/// "and", "&", ",", "/", "+", ", and".
pub(super) fn separator(at: Cursor<'_>) -> Option<Cursor<'_>> {
    if let Some(rest) = at.after(Meaning::And) {
        return Some(rest);
    }
    let sign = at.sign().filter(|sign| [',', '&', '/', '+'].contains(sign));
    let rest = sign.map(|_| at.skip(1))?;
    Some(rest.after(Meaning::And).unwrap_or(rest))
}
