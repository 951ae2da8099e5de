//! Walks through the stretches of time that a rule counts, from any of them on.

use std::vec;

use jiff::civil::{Date, DateTime};
use jiff::{Span, Unit};

use super::pattern::{Pattern, week_of};
use super::rule::{End, Frequency, Rule};
use crate::limits::REPEAT_SEARCH_YEARS;

/// The dates that a rule gives, in order, each once.
#[derive(Clone, Debug)]
pub(super) struct Dates {
    pattern: Pattern,
    interval: i64,
    /// The date of the start: nothing is before it.
    start: Date,
    /// What comes before this is counted but not given.
    from: Date,
    /// Where the first stretch begins.
    origin: Date,
    /// Which stretch is looked at next.
    next: i64,
    found: vec::IntoIter<Date>,
    /// The last date that the end allows.
    last: Date,
    left: Option<u16>,
    /// Nothing is looked for after this.
    horizon: Date,
}

impl Dates {
    /// The dates of a rule that begins at `start`, those from `from` on.
    pub(super) fn new(rule: &Rule, start: DateTime, from: Date) -> Self {
        let pattern = Pattern::new(rule, start);
        let origin = origin(rule, start.date());
        let from = from.max(start.date());
        let (last, left) = match rule.end {
            End::Never => (Date::MAX, None),
            End::Count(count) => (Date::MAX, Some(count)),
            End::Until(last) => (last_date(last, start), None),
        };
        // To count is to begin with the first.
        let search = if left.is_some() { start.date() } else { from };
        let mut dates = Self {
            pattern,
            interval: rule.interval.into(),
            start: start.date(),
            from,
            origin,
            next: 0,
            found: Vec::new().into_iter(),
            last,
            left,
            horizon: horizon(search),
        };
        dates.next = dates.stretch_of(search);
        dates
    }

    /// The number of the last stretch that begins on this date or before.
    fn stretch_of(&self, date: Date) -> i64 {
        let months = |date: Date| i64::from(date.year()) * 12 + i64::from(date.month());
        let away = match self.pattern.frequency {
            Frequency::Daily => days_between(self.origin, date),
            Frequency::Weekly => days_between(self.origin, date) / 7,
            Frequency::Monthly => months(date) - months(self.origin),
            Frequency::Yearly => i64::from(date.year() - self.origin.year()),
        };
        away.max(0) / self.interval
    }

    /// Where a stretch begins; none beyond the calendar.
    fn begin_of(&self, stretch: i64) -> Option<Date> {
        let count = stretch.checked_mul(self.interval)?;
        let span = match self.pattern.frequency {
            Frequency::Daily => Span::new().try_days(count),
            Frequency::Weekly => Span::new().try_weeks(count),
            Frequency::Monthly => Span::new().try_months(count),
            Frequency::Yearly => Span::new().try_years(count),
        };
        self.origin.checked_add(span.ok()?).ok()
    }

    /// Looks at the next stretch; none if there can be nothing more.
    fn look_on(&mut self) -> Option<()> {
        let begin = self.begin_of(self.next)?;
        if begin > self.last || begin > self.horizon {
            return None;
        }
        self.next = self.next.checked_add(1)?;
        if self.pattern.frequency == Frequency::Daily && !self.pattern.has_month(begin.month()) {
            // No day of this month counts, so that the rest of it need not be looked at.
            let stretch = self.stretch_of(begin.last_of_month());
            self.next = self.next.max(stretch);
            return Some(());
        }
        self.found = self.pattern.days_of(begin).into_iter();
        Some(())
    }
}

impl Iterator for Dates {
    type Item = Date;

    fn next(&mut self) -> Option<Date> {
        loop {
            let Some(date) = self.found.next() else {
                self.look_on()?;
                continue;
            };
            if date < self.start {
                continue;
            }
            if date > self.last {
                return None;
            }
            if let Some(left) = &mut self.left {
                *left = left.checked_sub(1)?;
            }
            self.horizon = horizon(date);
            if date >= self.from {
                return Some(date);
            }
        }
    }
}

fn origin(rule: &Rule, start: Date) -> Date {
    match rule.frequency {
        Frequency::Daily => start,
        Frequency::Weekly => week_of(start, rule.week_start).unwrap_or(start),
        Frequency::Monthly => start.first_of_month(),
        Frequency::Yearly => start.first_of_year(),
    }
}

/// The last date whose time of day, which is the start's, is not after an end.
fn last_date(end: DateTime, start: DateTime) -> Date {
    if start.time() <= end.time() {
        end.date()
    } else {
        end.date().yesterday().unwrap_or(Date::MIN)
    }
}

fn horizon(from: Date) -> Date {
    from.checked_add(Span::new().years(REPEAT_SEARCH_YEARS)).unwrap_or(Date::MAX)
}

fn days_between(from: Date, to: Date) -> i64 {
    from.until((Unit::Day, to)).map_or(0, |span| i64::from(span.get_days()))
}
