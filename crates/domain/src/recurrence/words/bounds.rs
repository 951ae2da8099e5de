//! Where a series ends and what is left out or added: "until 1 june", "10 times", "except 24 dec".

use jiff::civil::{Date, DateTime, Time};

use super::Context;
use super::clause::Clause;
use super::english::{Word, after, weekday};
use super::rhythm::{number, separator, weekdays};
use super::search::Step;
use crate::limits::REPEAT_EXCLUDED_MAX;
use crate::recurrence::change::end_of;
use crate::recurrence::{DayOrTime, RecurrenceError};
use crate::when::amount::amount;
use crate::when::tokens::Cursor;
use crate::when::words::{Meaning, Unit};
use crate::when::{READINGS_MAX, days_at, month_at, shortened, year, yearly_at};

/// Every way in which words for an end or an exception can begin here, and what is wrong with a
/// date that could have begun.
pub(super) fn steps<'t>(
    at: Cursor<'t>,
    ctx: &Context<'_>,
) -> (Vec<Step<'t>>, Option<RecurrenceError>) {
    let mut steps: Vec<Step<'t>> = Vec::new();
    steps.extend(count(at));
    steps.extend(length(at));
    steps.extend(week_start(at));
    if let Some(rest) = after(at, Word::Forever) {
        steps.push((vec![Clause::Forever], rest));
    }
    let dated = dated(at, ctx);
    let yearly = yearly_at(at, &ctx.when()).map_err(RecurrenceError::from);
    let mut wrong = None;
    match dated {
        Ok(more) => steps.extend(more),
        Err(error) => wrong = Some(error),
    }
    match yearly {
        Ok(days) => steps.extend(days.into_iter().map(|(month, day, rest)| {
            let clause = Clause::DayOfYear(month, day);
            (vec![clause], rest)
        })),
        Err(error) => wrong = Some(error),
    }
    (steps, wrong)
}

/// "until", "except" or "also", and dates.
fn dated<'t>(at: Cursor<'t>, ctx: &Context<'_>) -> Result<Vec<Step<'t>>, RecurrenceError> {
    if let Some(rest) = at.after(Meaning::Until) {
        return some(until(fillers(rest), ctx)?, rest);
    }
    if let Some(rest) = after(at, Word::Except).or_else(|| after(at, Word::Not)) {
        return some(except(fillers(rest), ctx)?, rest);
    }
    let Some(rest) = after(at, Word::Also) else {
        return Ok(Vec::new());
    };
    let lists = dates(fillers(rest), ctx)?.into_iter();
    some(lists.map(|(dates, rest)| (vec![Clause::Add(dates)], rest)).collect(), rest)
}

/// These steps, if there are any; an error that points at what should have been a date if not.
fn some<'t>(steps: Vec<Step<'t>>, at: Cursor<'t>) -> Result<Vec<Step<'t>>, RecurrenceError> {
    if !steps.is_empty() {
        return Ok(steps);
    }
    Err(RecurrenceError::NotUnderstood { part: shortened(fillers(at).chunk()) })
}

fn fillers(at: Cursor<'_>) -> Cursor<'_> {
    let once = after(at, Word::Filler).unwrap_or(at);
    after(once, Word::Filler).unwrap_or(once)
}

/// "10 times", "for ten times", "10x", "ends after 10 times".
fn count(at: Cursor<'_>) -> Option<Step<'_>> {
    let rest = at.after(Meaning::For).or_else(|| at.after(Meaning::Until)).unwrap_or(at);
    let rest = rest.after(Meaning::After).unwrap_or(rest);
    let (count, rest) = number(rest)?;
    let rest = after(rest, Word::Times)?;
    Some((vec![Clause::Count(count)], rest))
}

/// "for 8 weeks".
fn length(at: Cursor<'_>) -> Option<Step<'_>> {
    let (length, rest) = amount(at.after(Meaning::For)?)?;
    (length.minutes == 0).then(|| (vec![Clause::Length(length)], rest))
}

/// "weeks beginning on sunday".
fn week_start(at: Cursor<'_>) -> Option<Step<'_>> {
    let rest = at.after(Meaning::Unit(Unit::Week))?;
    let rest = after(rest, Word::Begin).or_else(|| after(rest, Word::Start))?;
    let (weekday, rest) = weekday(fillers(rest))?;
    Some((vec![Clause::WeekStart(weekday)], rest))
}

/// "1 june", "1 june 2027, 20:00", "the end of june", "june".
fn until<'t>(at: Cursor<'t>, ctx: &Context<'_>) -> Result<Vec<Step<'t>>, RecurrenceError> {
    let mut steps = Vec::new();
    for (day, rest) in days_at(at, &ctx.when(), ctx.first())? {
        let (last, rest) = match time(rest.after_sign(',').unwrap_or(rest)) {
            Some((time, rest)) => (day.to_datetime(time), rest),
            None => (end_of(day), rest),
        };
        steps.push((vec![Clause::Until(last)], rest));
    }
    let of = after(at, Word::EndOf).map(|rest| {
        let of = if rest.word() == Some("of") { rest.skip(1) } else { rest };
        fillers(of)
    });
    if let Some((_, last, rest)) = stretch(of.unwrap_or(at), ctx) {
        steps.push((vec![Clause::Until(end_of(last))], rest));
    }
    // "until june" may leave June out.
    if let Some((first, _, rest)) = stretch(at, ctx)
        && let Ok(before) = first.yesterday()
        && before >= ctx.first()
    {
        steps.push((vec![Clause::Until(end_of(before))], rest));
    }
    let is_over = |last: DateTime| last.date() < ctx.first();
    let over = steps.iter().any(|(clauses, _)| {
        clauses.iter().any(|clause| matches!(clause, Clause::Until(last) if is_over(*last)))
    });
    if over { Err(RecurrenceError::Over) } else { Ok(steps) }
}

/// The first and the last day of "june", "june 2027", "2027", "the month", "this year".
fn stretch<'t>(at: Cursor<'t>, ctx: &Context<'_>) -> Option<(Date, Date, Cursor<'t>)> {
    let from = ctx.first();
    if let Some((month, rest)) = month_at(at) {
        let said = year(rest);
        let in_year = |year| Date::new(year, month, 1).ok();
        let next = if month < from.month() { from.year() + 1 } else { from.year() };
        let first = in_year(said.map_or(next, |(year, _)| year))?;
        return Some((first, first.last_of_month(), said.map_or(rest, |(_, rest)| rest)));
    }
    if let Some((year, rest)) = year(at).filter(|(year, _)| *year > 1000) {
        let first = Date::new(year, 1, 1).ok()?;
        return Some((first, first.last_of_year(), rest));
    }
    let this = at.after(Meaning::This).unwrap_or(at);
    if let Some(rest) = this.after(Meaning::Unit(Unit::Month)) {
        return Some((from.first_of_month(), from.last_of_month(), rest));
    }
    let rest = this.after(Meaning::Unit(Unit::Year))?;
    Some((from.first_of_year(), from.last_of_year(), rest))
}

/// "mondays", "24 december and 31 december", "24 dec to 2 jan".
fn except<'t>(at: Cursor<'t>, ctx: &Context<'_>) -> Result<Vec<Step<'t>>, RecurrenceError> {
    let by_weekday = weekdays(at);
    let mut steps = Vec::new();
    for (dates, rest) in dates(at, ctx)? {
        // "except friday" leaves out all Fridays; "except friday 25 december" one.
        let longer = |(_, end): &(_, Cursor<'_>)| rest.position() > end.position();
        if by_weekday.as_ref().is_none_or(longer) {
            steps.push((vec![Clause::Exclude(dates)], rest));
        }
    }
    if let Some((days, rest)) = by_weekday {
        steps.push((vec![Clause::ExcludeWeekdays(days)], rest));
    }
    Ok(steps)
}

type List<'t> = (Vec<DayOrTime>, Cursor<'t>);

/// Dates with "and" and commas between, in each of their meanings.
fn dates<'t>(at: Cursor<'t>, ctx: &Context<'_>) -> Result<Vec<List<'t>>, RecurrenceError> {
    let mut open: Vec<List<'t>> = vec![(Vec::new(), at)];
    let mut whole: Vec<List<'t>> = Vec::new();
    while let Some((list, at)) = open.pop() {
        let begin = if list.is_empty() { Some(at) } else { separator(at).map(fillers) };
        let more = match begin {
            Some(begin) => some_dates(begin, ctx).or_else(|error| {
                // What follows a comma need not be a date.
                if list.is_empty() { Err(error) } else { Ok(Vec::new()) }
            })?,
            None => Vec::new(),
        };
        if more.is_empty() && !list.is_empty() {
            whole.push((list, at));
            continue;
        }
        for (dates, rest) in more {
            let joined: Vec<DayOrTime> = list.iter().copied().chain(dates).collect();
            if joined.len() > REPEAT_EXCLUDED_MAX {
                return Err(RecurrenceError::TooManyExcluded);
            }
            open.push((joined, rest));
        }
        if open.len() + whole.len() > READINGS_MAX {
            return Err(RecurrenceError::TooManyReadings);
        }
    }
    Ok(whole)
}

/// One date, perhaps with a time of day, or all from one to another.
fn some_dates<'t>(at: Cursor<'t>, ctx: &Context<'_>) -> Result<Vec<List<'t>>, RecurrenceError> {
    let mut found = Vec::new();
    for (day, rest) in days_at(at, &ctx.when(), ctx.first())? {
        if let Some((time, rest)) = time(rest) {
            found.push((vec![DayOrTime::Time(day.to_datetime(time))], rest));
            continue;
        }
        let to = rest.after_sign('-').or_else(|| rest.after(Meaning::To));
        let to = to.or_else(|| after(rest, Word::Through));
        let ends = match to {
            Some(to) => days_at(fillers(to), &ctx.when(), day)?,
            None => Vec::new(),
        };
        for (last, rest) in &ends {
            let days = day.series(jiff::Span::new().days(1)).take_while(|day| day <= last);
            let days = days.take(REPEAT_EXCLUDED_MAX + 1).map(DayOrTime::Day);
            found.push((days.collect(), *rest));
        }
        if ends.is_empty() {
            found.push((vec![DayOrTime::Day(day)], rest));
        }
    }
    Ok(found)
}

/// "20:00", "20:00:30".
fn time(at: Cursor<'_>) -> Option<(Time, Cursor<'_>)> {
    let hour = at.number()?.value;
    let colon = at.skip(1).after_sign(':')?;
    let minute = colon.glued_number()?.value;
    let rest = colon.skip(1);
    let (second, rest) = match rest.after_sign(':') {
        Some(colon) => (colon.glued_number()?.value, colon.skip(1)),
        None => (0, rest),
    };
    let [hour, minute, second] = [hour, minute, second].map(i8::try_from);
    Some((Time::new(hour.ok()?, minute.ok()?, second.ok()?, 0).ok()?, rest))
}
