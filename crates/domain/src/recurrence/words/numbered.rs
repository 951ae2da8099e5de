//! What is numbered within a month or a year: "first and third monday", "the 15th", "29 february".

use super::clause::{Clause, Numbered, Turn};
use super::english::{Word, after, weekday};
use super::rhythm::{interval_of_months, months, number, separator, workday};
use super::search::Step;
use crate::when::ordinal;
use crate::when::tokens::Cursor;
use crate::when::words::{Meaning, Unit};

/// Things that one list may number: every day of a month.
const LIST_MAX: usize = 31;

/// What stands after a number in a row.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Kind {
    Numbered(Numbered),
    /// "day", or nothing: a day of the month.
    Day,
}

/// Every way in which something numbered can begin here.
pub(super) fn steps(at: Cursor<'_>) -> Vec<Step<'_>> {
    let Some((clause, said, rest)) = list(at).or_else(|| day_numbers(at)) else {
        return Vec::new();
    };
    if let Some((scope, rest)) = scope(rest) {
        let mut clauses = vec![clause];
        clauses.extend(scope);
        return vec![(clauses, rest)];
    }
    // "every 2nd day" does not speak of the 2nd.
    let is_every = |at: Cursor<'_>| after(at, Word::Every).is_some();
    let after_every = is_every(at) || at.before().is_some_and(is_every);
    if after_every && said == Said::TheDay {
        return Vec::new();
    }
    vec![(vec![clause], rest)]
}

/// Whether the word "day" stood beside a number.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Said {
    TheDay,
    Other,
}

/// "the first and third monday", "first monday and last friday", "1st and 15th", "last day".
fn list(at: Cursor<'_>) -> Option<(Clause, Said, Cursor<'_>)> {
    let mut found: Vec<(i8, Kind)> = Vec::new();
    let mut waiting: Vec<i8> = Vec::new();
    let mut said = Said::Other;
    let (mut next, mut rest) = (Some(at), at);
    while let Some((nth, after)) = next.and_then(place) {
        waiting.push(nth);
        rest = after;
        if let Some((kinds, after)) = kinds(rest) {
            found.extend(waiting.drain(..).flat_map(|nth| kinds.iter().map(move |k| (nth, *k))));
            rest = after;
        } else if let Some(after) = rest.after(Meaning::Unit(Unit::Day)) {
            found.extend(waiting.drain(..).map(|nth| (nth, Kind::Day)));
            said = Said::TheDay;
            rest = after;
        }
        if found.len() + waiting.len() > LIST_MAX {
            return None;
        }
        next = separator(rest);
    }
    found.extend(waiting.into_iter().map(|nth| (nth, Kind::Day)));
    Some((clause(&found)?, said, rest))
}

fn clause(found: &[(i8, Kind)]) -> Option<Clause> {
    let days = found.iter().map(|(nth, kind)| (*kind == Kind::Day).then_some(*nth));
    if let Some(days) = days.collect::<Option<Vec<i8>>>() {
        return (!days.is_empty()).then_some(Clause::MonthDays(days));
    }
    let numbered = found.iter().map(|(nth, kind)| match kind {
        Kind::Numbered(what) => Some((*nth, *what)),
        Kind::Day => None,
    });
    Some(Clause::Nth(numbered.collect::<Option<_>>()?))
}

/// "first", "3rd", "last", "second to last", "penultimate", perhaps after "the" or "every".
fn place(at: Cursor<'_>) -> Option<(i8, Cursor<'_>)> {
    let at = after(at, Word::Filler).unwrap_or(at);
    let at = after(at, Word::Every).unwrap_or(at);
    let at = after(at, Word::Filler).unwrap_or(at);
    if let Some(rest) = after(at, Word::Penultimate) {
        return Some((-2, rest));
    }
    if let Some(rest) = at.after(Meaning::Last) {
        return Some((-1, rest));
    }
    let (nth, rest) = ordinal(at)?;
    let dash = rest.after_sign('-').unwrap_or(rest);
    let to = dash.after(Meaning::To).unwrap_or(dash);
    let to = to.after_sign('-').unwrap_or(to);
    match to.after(Meaning::Last) {
        Some(rest) => Some((nth.checked_neg()?, rest)),
        None => Some((nth, rest)),
    }
}

/// "monday", "monday and wednesday", "weekday".
fn kinds(at: Cursor<'_>) -> Option<(Vec<Kind>, Cursor<'_>)> {
    if let Some(rest) = workday(at) {
        return Some((vec![Kind::Numbered(Numbered::Workday)], rest));
    }
    let (first, mut rest) = weekday(at)?;
    let mut kinds = vec![Kind::Numbered(Numbered::Weekday(first))];
    while let Some((more, after)) = separator(rest).and_then(weekday) {
        kinds.push(Kind::Numbered(Numbered::Weekday(more)));
        rest = after;
        if kinds.len() > LIST_MAX {
            return None;
        }
    }
    Some((kinds, rest))
}

/// "day 15", "days 1 and 15".
fn day_numbers(at: Cursor<'_>) -> Option<(Clause, Said, Cursor<'_>)> {
    let (first, mut rest) = number(at.after(Meaning::Unit(Unit::Day))?)?;
    let mut days = vec![i8::try_from(first).ok()?];
    while let Some((more, after)) = separator(rest).and_then(number) {
        days.push(i8::try_from(more).ok()?);
        rest = after;
        if days.len() > LIST_MAX {
            return None;
        }
    }
    Some((Clause::MonthDays(days), Said::Other, rest))
}

/// "of the month", "of every other month", "in march", "of the year".
fn scope(at: Cursor<'_>) -> Option<(Vec<Clause>, Cursor<'_>)> {
    let of = at.after(Meaning::In).or_else(|| (at.word() == Some("of")).then(|| at.skip(1)))?;
    let rest = after(of, Word::Filler).unwrap_or(of);
    let rest = after(rest, Word::Every).unwrap_or(rest);
    let rest = rest.after(Meaning::Article).unwrap_or(rest);
    if let Some((months, rest)) = months(rest) {
        return Some((vec![Clause::Months(months)], rest));
    }
    if let Some((interval, rest)) = interval_of_months(rest) {
        return Some((vec![Clause::Every(interval, Turn::Month)], rest));
    }
    if let Some(rest) = rest.after(Meaning::Unit(Unit::Year)) {
        return Some((vec![Clause::OfYear], rest));
    }
    let rest = rest.after(Meaning::Unit(Unit::Month))?;
    Some((Vec::new(), rest))
}
