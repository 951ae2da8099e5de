//! What one reading of a text says, and which of its pieces contradict each other.

use jiff::Timestamp;
use jiff::civil::{Time, Weekday};

use super::amount::Amount;
use super::clock::Clock;
use super::day::{Day, DayWord, Which};
use super::words::DayPart;
use super::zones::NamedZone;

/// How far ahead of another point: "in two weeks", "a week from friday".
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Shift {
    pub(super) amount: Amount,
    /// Counted from the named day, not from now.
    pub(super) from_day: bool,
}

/// What a text says about one point in time.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Point {
    pub(super) instant: Option<Timestamp>,
    pub(super) day: Option<Day>,
    pub(super) weekday: Option<(Weekday, Which)>,
    pub(super) week: Option<i32>,
    pub(super) month: Option<i32>,
    pub(super) shift: Option<Shift>,
    pub(super) clock: Option<Clock>,
    pub(super) part: Option<DayPart>,
}

impl Point {
    /// Whether any word says on which day it is.
    pub(super) fn names_day(&self) -> bool {
        self.instant.is_some()
            || self.day.is_some()
            || self.weekday.is_some()
            || self.week.is_some()
            || self.month.is_some()
            || self.shift.is_some()
    }
}

/// One way to read a text.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Reading {
    pub(super) start: Point,
    pub(super) end: Option<Point>,
    pub(super) length: Option<Amount>,
    pub(super) zone: Option<NamedZone>,
    /// How far-fetched it is; only the least far-fetched readings count.
    pub(super) cost: u8,
}

/// A piece of a text.
#[derive(Clone, Debug)]
pub(super) enum Item {
    /// Adds nothing.
    Filler,
    Day(DayWord),
    Clock(Clock),
    Part(DayPart),
    Shift(Shift),
    Length(Amount),
    /// A length without "for", which only makes sense after a time.
    BareLength(Amount),
    Zone(NamedZone),
    Instant(Timestamp),
    /// What follows is the end.
    Until,
}

impl Reading {
    /// This reading with more pieces; none if they contradict what it says already.
    pub(super) fn with(&self, items: &[Item], cost: u8) -> Option<Self> {
        let mut reading = self.clone();
        reading.cost = reading.cost.saturating_add(cost);
        for item in items {
            reading.add(item)?;
        }
        let sound = reading.start.is_sound() && reading.end.as_ref().is_none_or(Point::is_sound);
        sound.then_some(reading)
    }

    /// Puts the start at this time of day if the text names its day and says no more of it.
    pub(super) fn take_place_at(&mut self, time: Time) {
        let start = &mut self.start;
        let open = start.clock.is_none() && start.part.is_none() && start.instant.is_none();
        if open && start.names_day() && self.end.is_none() {
            start.clock = Some(Clock::Fixed { time, has_half: false });
        }
    }

    fn add(&mut self, item: &Item) -> Option<()> {
        match item {
            Item::Filler => Some(()),
            Item::Day(day) => self.day_side().add_day(*day),
            Item::Shift(shift) => self.day_side().add_shift(*shift),
            Item::Instant(instant) => self.side().add_instant(*instant),
            Item::Clock(clock) => {
                let side = self.side();
                let free = side.clock.is_none() && side.instant.is_none();
                set(&mut side.clock, *clock).filter(|()| free)
            }
            Item::Part(part) => set(&mut self.side().part, *part),
            Item::Length(length) => {
                let free = self.end.is_none();
                set(&mut self.length, *length).filter(|()| free)
            }
            Item::BareLength(length) => {
                let timed = self.start.clock.is_some() || self.start.instant.is_some();
                self.add(&Item::Length(*length)).filter(|()| timed)
            }
            Item::Zone(zone) => set(&mut self.zone, zone.clone()),
            Item::Until => {
                let timed = self.start != Point::default() && self.length.is_none();
                set(&mut self.end, Point::default()).filter(|()| timed)
            }
        }
    }

    /// The point of which the text speaks at present.
    fn side(&mut self) -> &mut Point {
        match &mut self.end {
            Some(end) => end,
            None => &mut self.start,
        }
    }

    /// The point to which a day belongs: in "8pm to 10pm friday" it is the start.
    fn day_side(&mut self) -> &mut Point {
        let start_has_day = self.start.names_day();
        match &mut self.end {
            Some(end) if start_has_day => end,
            Some(_) | None => &mut self.start,
        }
    }
}

impl Point {
    /// "in 2 hours" leaves nothing more to say about a day or a time.
    fn is_sound(&self) -> bool {
        let by_stopwatch = |shift: &Shift| shift.amount.minutes != 0;
        if !self.shift.as_ref().is_some_and(by_stopwatch) {
            return true;
        }
        let shift = self.shift.filter(|shift| !shift.from_day);
        let alone = Self { shift, ..Self::default() };
        *self == alone
    }

    fn add_day(&mut self, word: DayWord) -> Option<()> {
        if self.instant.is_some() {
            return None;
        }
        match word {
            DayWord::Day(day) => set(&mut self.day, day)?,
            DayWord::Weekday { weekday, which } => set(&mut self.weekday, (weekday, which))?,
            DayWord::Week(weeks) => set(&mut self.week, weeks)?,
            DayWord::Month(months) => set(&mut self.month, months)?,
        }
        let week_and_day = self.week.is_some() && (self.day.is_some() || self.month.is_some());
        (!week_and_day).then_some(())
    }

    fn add_shift(&mut self, shift: Shift) -> Option<()> {
        if self.instant.is_some() {
            return None;
        }
        set(&mut self.shift, shift)
    }

    fn add_instant(&mut self, instant: Timestamp) -> Option<()> {
        if *self != Self::default() {
            return None;
        }
        set(&mut self.instant, instant)
    }
}

/// Fills a place that is still empty.
fn set<T>(place: &mut Option<T>, value: T) -> Option<()> {
    if place.is_some() {
        return None;
    }
    *place = Some(value);
    Some(())
}
