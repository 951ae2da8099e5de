//! Turns what a text says into the rule that it means.

use jiff::Span;
use jiff::civil::{Date, Weekday};

use super::Context;
use super::clause::{Draft, Ending, Numbered, Turn};
use super::rhythm::WORKDAYS;
use crate::limits::REPEAT_INTERVAL_MAX;
use crate::recurrence::change::end_of;
use crate::recurrence::rule::{End, Frequency, NthWeekday, Rule};
use crate::recurrence::{Recurrence, RecurrenceError};
use crate::when::amount::Amount;

/// The series that a draft means.
pub(super) fn series(draft: &Draft, ctx: &Context<'_>) -> Result<Recurrence, RecurrenceError> {
    let mut rule = on_days(draft)?;
    if let Some(weekday) = draft.week_start {
        rule.week_start = weekday;
    }
    leave_out_weekdays(&mut rule, &draft.excluded_weekdays)?;
    rule.end = match draft.ending {
        None | Some(Ending::Forever) => End::Never,
        Some(Ending::Count(count)) => End::Count(count),
        Some(Ending::Until(last)) => End::Until(last),
        Some(Ending::Length(length)) => end_after(&rule, length, ctx)?,
    };
    let mut series = Recurrence::new(rule)?;
    for day in &draft.excluded {
        series = series.without(*day)?;
    }
    for day in &draft.added {
        series = series.with(*day)?;
    }
    Ok(series)
}

/// The rule for the days that the words name.
fn on_days(draft: &Draft) -> Result<Rule, RecurrenceError> {
    let named = [
        draft.day_of_year.is_some(),
        !draft.nth.is_empty(),
        !draft.month_days.is_empty(),
        !draft.weekdays.is_empty(),
    ];
    match named {
        [true, false, false, false] => on_day_of_year(draft),
        [false, true, false, false] => on_numbered(draft),
        [false, false, true, _] => on_month_days(draft),
        [false, false, false, true] => on_weekdays(draft),
        [false, false, false, false] => plain(draft),
        _ => Err(RecurrenceError::Contradiction),
    }
}

fn every(interval: u16, frequency: Frequency) -> Result<Rule, RecurrenceError> {
    if interval > REPEAT_INTERVAL_MAX {
        return Err(RecurrenceError::Interval);
    }
    Ok(Rule { interval, ..Rule::every(frequency) })
}

/// "every year on 29 february".
fn on_day_of_year(draft: &Draft) -> Result<Rule, RecurrenceError> {
    let (month, day) = draft.day_of_year.unwrap_or_default();
    let interval = match draft.every {
        Some((interval, Turn::Year)) => interval,
        None if draft.each => 1,
        Some((_, Turn::Day | Turn::Week | Turn::Month)) | None => {
            return Err(RecurrenceError::HowOften);
        }
    };
    if !draft.months.is_empty() || draft.of_year {
        return Err(RecurrenceError::Contradiction);
    }
    let rule = every(interval, Frequency::Yearly)?;
    Ok(Rule { months: vec![month], month_days: vec![day], ..rule })
}

/// "the first and third monday of the month", "the last sunday in march".
fn on_numbered(draft: &Draft) -> Result<Rule, RecurrenceError> {
    let in_years = draft.of_year == draft.months.is_empty();
    let rule = match draft.every {
        Some((interval, Turn::Year)) if in_years => every(interval, Frequency::Yearly)?,
        None if in_years => every(1, Frequency::Yearly)?,
        Some((interval, Turn::Month)) if !draft.of_year => every(interval, Frequency::Monthly)?,
        None if !draft.of_year => every(1, Frequency::Monthly)?,
        Some(_) | None => return Err(RecurrenceError::Contradiction),
    };
    let rule = Rule { months: draft.months.clone(), ..rule };
    let workdays = draft.nth.iter().filter(|(_, what)| *what == Numbered::Workday).count();
    if workdays == 0 {
        let weekdays = draft.nth.iter().filter_map(|(nth, what)| match what {
            Numbered::Weekday(weekday) => Some(NthWeekday::nth(*nth, *weekday)),
            Numbered::Workday => None,
        });
        return Ok(Rule { weekdays: weekdays.collect(), ..rule });
    }
    if workdays < draft.nth.len() || draft.of_year {
        return Err(RecurrenceError::Contradiction);
    }
    // In a yearly rule the places would be those of the year.
    let is_yearly = rule.frequency == Frequency::Yearly;
    if is_yearly && rule.interval != 1 {
        return Err(RecurrenceError::Contradiction);
    }
    Ok(Rule {
        frequency: Frequency::Monthly,
        weekdays: each(&WORKDAYS),
        positions: draft.nth.iter().map(|(nth, _)| i16::from(*nth)).collect(),
        ..rule
    })
}

/// "the 15th and the last day", "friday the 13th", "the 1st of june and july".
fn on_month_days(draft: &Draft) -> Result<Rule, RecurrenceError> {
    let rule = match draft.every {
        None if draft.months.is_empty() && !draft.of_year => every(1, Frequency::Monthly)?,
        None if !draft.months.is_empty() => every(1, Frequency::Yearly)?,
        Some((interval, Turn::Month)) => every(interval, Frequency::Monthly)?,
        Some((interval, Turn::Year)) if !draft.months.is_empty() => {
            every(interval, Frequency::Yearly)?
        }
        Some(_) | None => return Err(RecurrenceError::Contradiction),
    };
    Ok(Rule {
        months: draft.months.clone(),
        month_days: draft.month_days.clone(),
        weekdays: each(&draft.weekdays),
        ..rule
    })
}

/// "every tuesday and thursday", "every 2 weeks on friday".
fn on_weekdays(draft: &Draft) -> Result<Rule, RecurrenceError> {
    let interval = match draft.every {
        None | Some((1, Turn::Day)) => 1,
        Some((interval, Turn::Week)) => interval,
        Some((_, Turn::Month | Turn::Year)) => return Err(RecurrenceError::WhichOfMonth),
        Some((_, Turn::Day)) => return Err(RecurrenceError::Contradiction),
    };
    if draft.of_year {
        return Err(RecurrenceError::Contradiction);
    }
    let rule = every(interval, Frequency::Weekly)?;
    Ok(Rule { months: draft.months.clone(), weekdays: each(&draft.weekdays), ..rule })
}

/// "every 3 days", "every march".
fn plain(draft: &Draft) -> Result<Rule, RecurrenceError> {
    let (interval, turn) = match draft.every {
        Some(every) => every,
        None if draft.each && !draft.months.is_empty() => (1, Turn::Year),
        None => return Err(RecurrenceError::HowOften),
    };
    let frequency = match turn {
        Turn::Day => Frequency::Daily,
        Turn::Week => Frequency::Weekly,
        Turn::Month => Frequency::Monthly,
        Turn::Year => Frequency::Yearly,
    };
    let rule = every(interval, frequency)?;
    Ok(Rule { months: draft.months.clone(), ..rule })
}

fn each(weekdays: &[Weekday]) -> Vec<NthWeekday> {
    weekdays.iter().copied().map(NthWeekday::every).collect()
}

/// Takes weekdays away from a rule that names them one by one or is about all of them.
fn leave_out_weekdays(rule: &mut Rule, out: &[Weekday]) -> Result<(), RecurrenceError> {
    if out.is_empty() {
        return Ok(());
    }
    let names_all = rule.frequency == Frequency::Daily && rule.weekdays.is_empty();
    if names_all {
        rule.weekdays = each(&Weekday::Monday.cycle_forward().take(7).collect::<Vec<_>>());
    }
    if !names_all && rule.frequency != Frequency::Weekly {
        return Err(RecurrenceError::Contradiction);
    }
    let before = rule.weekdays.len();
    rule.weekdays.retain(|day| !out.contains(&day.weekday));
    if rule.weekdays.is_empty() || rule.weekdays.len() == before {
        return Err(RecurrenceError::Contradiction);
    }
    Ok(())
}

/// The end of a series that lasts so long: so many times where these do not depend on the start,
/// else the last day before the length is over.
fn end_after(rule: &Rule, length: Amount, ctx: &Context<'_>) -> Result<End, RecurrenceError> {
    let by_days = rule.months.is_empty() && length.months == 0;
    let interval = i64::from(rule.interval);
    let turns = match rule.frequency {
        Frequency::Daily if by_days && rule.weekdays.is_empty() => length.days,
        Frequency::Weekly if by_days && length.days % 7 == 0 => length.days / 7,
        Frequency::Daily | Frequency::Weekly | Frequency::Monthly | Frequency::Yearly => 0,
    };
    if turns > 0 {
        let each = i64::try_from(rule.weekdays.len().max(1)).unwrap_or(1);
        let count = (turns.saturating_add(interval - 1) / interval).saturating_mul(each);
        return u16::try_from(count).map(End::Count).map_err(|_| RecurrenceError::Count);
    }
    let span = Span::new().try_months(length.months).and_then(|span| span.try_days(length.days));
    let beyond = span.and_then(|span| ctx.first().checked_add(span));
    let last = beyond.and_then(Date::yesterday);
    last.map(|last| End::Until(end_of(last))).map_err(|_| RecurrenceError::Over)
}
