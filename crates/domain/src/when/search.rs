//! Finds every way in which a whole text can be put together from days, times and zones.

use super::amount::{Amount, amount};
use super::clock::clock;
use super::date::Almanac;
use super::day::{Day, DayWord, days};
use super::error::{WhenError, shortened};
use super::reading::{Item, Reading, Shift};
use super::stamp::stamp;
use super::tokens::{Cursor, Text};
use super::words::{DayPart, Meaning};
use super::zones::{NamedZone, offset, zones};

/// Partial readings that are looked at; an honest text needs fewer than a hundred.
const VISITS_MAX: usize = 4_000;

/// A way to go on from a place.
struct Step<'t> {
    items: Vec<Item>,
    rest: Cursor<'t>,
    cost: u8,
}

impl<'t> Step<'t> {
    fn one(item: Item, rest: Cursor<'t>) -> Self {
        Self { items: vec![item], rest, cost: 0 }
    }
}

/// Every reading of a text, the far-fetched ones too; an error if there is none.
pub(super) fn readings(text: &Text, almanac: Almanac) -> Result<Vec<Reading>, WhenError> {
    let mut search = Search {
        almanac,
        visits_left: VISITS_MAX,
        found: Vec::new(),
        stuck: text.cursor(),
        wrong: None,
    };
    search.explore(text.cursor(), &Reading::default());
    let complete = search.visits_left > 0;
    if complete && !search.found.is_empty() {
        return Ok(search.found);
    }
    let stuck = search.stuck;
    Err(search.wrong.unwrap_or_else(|| {
        let part = match stuck.after(Meaning::In) {
            Some(rest) => stuck.written_until(rest.skip(1)),
            None => stuck.chunk(),
        };
        let part = shortened(part);
        WhenError::NotUnderstood { part }
    }))
}

struct Search<'t> {
    almanac: Almanac,
    visits_left: usize,
    found: Vec<Reading>,
    /// The furthest place at which no word fitted.
    stuck: Cursor<'t>,
    /// What has the form of a date, a time or a zone but is none.
    wrong: Option<WhenError>,
}

impl<'t> Search<'t> {
    fn explore(&mut self, at: Cursor<'t>, so_far: &Reading) {
        if at.is_end() {
            self.found.push(so_far.clone());
            return;
        }
        let Some(left) = self.visits_left.checked_sub(1) else {
            return;
        };
        self.visits_left = left;
        let mut fits = false;
        for step in self.steps(at) {
            let Some(reading) = so_far.with(&step.items, step.cost) else {
                continue;
            };
            fits = true;
            self.explore(step.rest, &reading);
        }
        if !fits && at.position() >= self.stuck.position() {
            self.stuck = at;
        }
    }

    /// Every piece that can begin here.
    fn steps(&mut self, at: Cursor<'t>) -> Vec<Step<'t>> {
        if let Some((instant, rest)) = stamp(at) {
            return vec![Step::one(Item::Instant(instant), rest)];
        }
        let mut steps = Vec::new();
        let days = self.noted(days(at, self.almanac)).unwrap_or_default();
        for (day, rest) in days {
            steps.extend(self.with_iso_time(day, rest));
            steps.push(Step::one(Item::Day(day), rest));
        }
        if let Some((clock, rest)) = self.noted(clock(at)).flatten() {
            // "8 dec 10" is the 8th at ten, not the 10th at eight.
            let before_month = matches!(rest.meaning(), Some(Meaning::Month(_)));
            steps.push(Step { cost: before_month.into(), ..Step::one(Item::Clock(clock), rest) });
        }
        let zones = self.noted(zones(at)).unwrap_or_default();
        steps.extend(
            zones
                .into_iter()
                .map(|(zone, rest, cost)| Step { cost, ..Step::one(Item::Zone(zone), rest) }),
        );
        let amounts = amounts(at);
        // "in 2h" is not two in the morning.
        let settled = at.number().is_none() && !amounts.is_empty();
        steps.extend(amounts);
        if !settled {
            steps.extend(joints(at));
        }
        steps
    }

    /// Remembers an error, which matters only if no reading is found at all.
    fn noted<T>(&mut self, result: Result<T, WhenError>) -> Option<T> {
        match result {
            Ok(found) => Some(found),
            Err(error) => {
                self.wrong.get_or_insert(error);
                None
            }
        }
    }

    /// "2026-11-28T20:00+01:00": the letter joins a date with a time and perhaps an offset.
    fn with_iso_time(&mut self, day: DayWord, rest: Cursor<'t>) -> Option<Step<'t>> {
        let joined = rest.is_glued() && rest.word() == Some("t");
        let after = rest.skip(1);
        if !joined || after.glued_number().is_none() {
            return None;
        }
        let (clock, rest) = self.noted(clock(after)).flatten()?;
        let mut items = vec![Item::Day(day), Item::Clock(clock)];
        let zone = offset(rest).filter(|_| rest.is_glued());
        let rest = match zone {
            Some((zone, rest)) => {
                items.push(Item::Zone(NamedZone::Plain(zone)));
                rest
            }
            None => rest,
        };
        Some(Step { items, rest, cost: 0 })
    }
}

/// "in 2 hours", "2 hours from now", "a week from friday", "for 2 hours", "2h" after a time.
fn amounts(at: Cursor<'_>) -> Vec<Step<'_>> {
    let shift = |amount, from_day| Item::Shift(Shift { amount, from_day });
    let ahead = at.after(Meaning::In).or_else(|| at.after_sign('+'));
    let nothing = Amount::default();
    if let Some((amount, rest)) = ahead.and_then(amount).filter(|(a, _)| *a != nothing) {
        // "in a week from friday" is not said, "in 3 hours from now" is.
        return vec![Step::one(shift(amount, false), from_now(rest).unwrap_or(rest))];
    }
    if let Some((amount, rest)) = at.after(Meaning::For).and_then(amount) {
        return vec![Step::one(Item::Length(amount), rest)];
    }
    let Some((amount, rest)) = amount(at) else {
        return Vec::new();
    };
    if let Some(rest) = from_now(rest) {
        return vec![Step::one(shift(amount, false), rest)];
    }
    if let Some(rest) = rest.after(Meaning::After) {
        return vec![Step::one(shift(amount, true), rest)];
    }
    // "20h - 22h30" is a range and not a start with a length.
    let dashed = at.before().is_some_and(|before| before.is_sign('-'));
    let length = Step::one(Item::BareLength(amount), rest);
    (!dashed).then_some(length).into_iter().collect()
}

fn from_now(rest: Cursor<'_>) -> Option<Cursor<'_>> {
    rest.after(Meaning::After)?.after(Meaning::Now)
}

/// The words and signs between days and times.
fn joints(at: Cursor<'_>) -> Vec<Step<'_>> {
    let rest = at.skip(1);
    if let Some(sign) = at.sign() {
        return match sign {
            '-' => vec![Step::one(Item::Until, rest), Step::one(Item::Filler, rest)],
            ',' | ';' | '(' | ')' | '@' | '.' | '|' | '⋅' | '•' | '!' => {
                vec![Step::one(Item::Filler, rest)]
            }
            _ => Vec::new(),
        };
    }
    let Some(meaning) = at.meaning() else {
        return Vec::new();
    };
    if let Meaning::Part(part) = meaning {
        return vec![Step::one(Item::Part(part), rest)];
    }
    if meaning == Meaning::Tonight {
        let today = Item::Day(DayWord::Day(Day::Relative(0)));
        return vec![Step { items: vec![today, Item::Part(DayPart::Night)], rest, cost: 0 }];
    }
    if meaning == Meaning::This {
        // "this evening" is today; "this friday" is read as a day.
        let Some(Meaning::Part(part)) = rest.meaning() else {
            return Vec::new();
        };
        let today = Item::Day(DayWord::Day(Day::Relative(0)));
        return vec![Step { items: vec![today, Item::Part(part)], rest: rest.skip(1), cost: 0 }];
    }
    let mut steps = Vec::new();
    if matches!(meaning, Meaning::To | Meaning::Until | Meaning::And) {
        steps.push(Step::one(Item::Until, rest));
    }
    // "in 10" would be ten minutes as likely as ten o'clock.
    let counts = rest.number().is_some() || matches!(rest.meaning(), Some(Meaning::Count(_)));
    let in_filler = meaning == Meaning::In && !counts;
    let filler = matches!(meaning, Meaning::Filler | Meaning::And | Meaning::After | Meaning::For);
    if in_filler || filler {
        steps.push(Step::one(Item::Filler, rest));
    }
    steps
}
