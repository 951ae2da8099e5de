//! The pieces of which words for a series consist, and how several of them make one draft.

use jiff::civil::{DateTime, Weekday};

use crate::recurrence::DayOrTime;
use crate::when::amount::Amount;

/// A unit in which series count.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Turn {
    Day,
    Week,
    Month,
    Year,
}

/// What is numbered in "the first Monday", "the last weekday".
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Numbered {
    Weekday(Weekday),
    /// Monday to Friday taken together.
    Workday,
}

/// A piece of a text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Clause {
    Filler,
    /// A comma: what stands on both sides are different things.
    Comma,
    /// "every 2 weeks"
    Every(u16, Turn),
    /// "every" before what says itself how often.
    EveryOne,
    /// "tuesday and thursday"
    Weekdays(Vec<Weekday>),
    /// "first and third monday"
    Nth(Vec<(i8, Numbered)>),
    /// "of the year": what numbered weekdays are counted in.
    OfYear,
    /// "the 15th and the last day"
    MonthDays(Vec<i8>),
    /// "in june and july"
    Months(Vec<i8>),
    /// "29 february": month and day.
    DayOfYear(i8, i8),
    /// "10 times"
    Count(u16),
    /// "for 8 weeks"
    Length(Amount),
    /// "until 1 june"
    Until(DateTime),
    /// "forever"
    Forever,
    /// "except 24 december"
    Exclude(Vec<DayOrTime>),
    /// "except mondays"
    ExcludeWeekdays(Vec<Weekday>),
    /// "also on 26 december"
    Add(Vec<DayOrTime>),
    /// "weeks beginning on sunday"
    WeekStart(Weekday),
}

/// When a draft ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Ending {
    Count(u16),
    Length(Amount),
    Until(DateTime),
    Forever,
}

/// What the words up to some place say.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Draft {
    pub(super) every: Option<(u16, Turn)>,
    pub(super) each: bool,
    pub(super) weekdays: Vec<Weekday>,
    pub(super) nth: Vec<(i8, Numbered)>,
    pub(super) of_year: bool,
    pub(super) month_days: Vec<i8>,
    pub(super) months: Vec<i8>,
    pub(super) day_of_year: Option<(i8, i8)>,
    pub(super) ending: Option<Ending>,
    pub(super) excluded: Vec<DayOrTime>,
    pub(super) excluded_weekdays: Vec<Weekday>,
    pub(super) added: Vec<DayOrTime>,
    pub(super) week_start: Option<Weekday>,
    /// A comma stands before the next piece.
    parted: bool,
}

impl Draft {
    /// This draft with more pieces; none if they contradict what it says already.
    pub(super) fn with(&self, clauses: &[Clause]) -> Option<Self> {
        let mut draft = self.clone();
        for clause in clauses {
            draft.add(clause)?;
            let is_parted = draft.parted && *clause == Clause::Filler;
            draft.parted = is_parted || *clause == Clause::Comma;
        }
        Some(draft)
    }

    fn add(&mut self, clause: &Clause) -> Option<()> {
        match clause {
            Clause::Filler | Clause::Comma => Some(()),
            Clause::Every(interval, turn) => set(&mut self.every, (*interval, *turn)),
            Clause::EveryOne => set_flag(&mut self.each),
            Clause::Weekdays(days) => fill(&mut self.weekdays, days),
            Clause::Nth(nth) => fill(&mut self.nth, nth),
            Clause::OfYear => set_flag(&mut self.of_year),
            Clause::MonthDays(days) => {
                // "friday the 13th" is one day; "friday, the 13th" is two.
                let clash = self.parted && !self.weekdays.is_empty();
                fill(&mut self.month_days, days).filter(|()| !clash)
            }
            Clause::Months(months) => fill(&mut self.months, months),
            Clause::DayOfYear(month, day) => set(&mut self.day_of_year, (*month, *day)),
            Clause::Count(count) => set(&mut self.ending, Ending::Count(*count)),
            Clause::Length(length) => set(&mut self.ending, Ending::Length(*length)),
            Clause::Until(last) => set(&mut self.ending, Ending::Until(*last)),
            Clause::Forever => set(&mut self.ending, Ending::Forever),
            Clause::Exclude(dates) => fill(&mut self.excluded, dates),
            Clause::ExcludeWeekdays(days) => fill(&mut self.excluded_weekdays, days),
            Clause::Add(dates) => fill(&mut self.added, dates),
            Clause::WeekStart(weekday) => set(&mut self.week_start, *weekday),
        }
    }
}

fn set<T>(place: &mut Option<T>, value: T) -> Option<()> {
    if place.is_some() {
        return None;
    }
    *place = Some(value);
    Some(())
}

fn set_flag(flag: &mut bool) -> Option<()> {
    let is_new = !*flag;
    *flag = true;
    is_new.then_some(())
}

fn fill<T: Clone>(place: &mut Vec<T>, values: &[T]) -> Option<()> {
    if !place.is_empty() {
        return None;
    }
    place.extend_from_slice(values);
    Some(())
}
