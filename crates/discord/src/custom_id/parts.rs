//! What follows the verb of a custom id: numbers in base 36, and what they stand for.

use std::fmt::{self, Write as _};

use jiff::civil::{Date, DateTime, Time, Weekday};
use muster_domain::answer_option::OptionId;
use muster_domain::id::{
    ChannelId, DeliveryId, EventId, GuildId, InteractionId, ReminderChangeId, SeriesId, TemplateId,
    UserId,
};
use muster_domain::rules::CheckIn;
use muster_store::model::{RosterPart, SeenEvent};

/// The numbers behind a verb, as they were sent.
pub(super) struct Numbers<'a>(pub(super) std::iter::Peekable<std::str::Split<'a, char>>);

/// A number of an action, or those that belong together.
pub(super) trait Part: Sized {
    /// The next number as this, if it is one, written as we write it.
    fn read(numbers: &mut Numbers<'_>) -> Option<Self>;

    /// Adds the number to a custom id.
    fn write(self, f: &mut fmt::Formatter<'_>) -> fmt::Result;
}

/// A number as we write it.
fn number(text: &str) -> Option<u64> {
    // No sign, no leading zero, lower case: whatever is accepted is written in one way only.
    let canonical = !text.starts_with('+')
        && (text == "0" || !text.starts_with('0'))
        && !text.bytes().any(|b| b.is_ascii_uppercase());
    let number = u64::from_str_radix(text, 36).ok()?;
    // No identity of ours or Discord's has the highest bit.
    (canonical && i64::try_from(number).is_ok()).then_some(number)
}

impl Part for u64 {
    fn read(numbers: &mut Numbers<'_>) -> Option<Self> {
        number(numbers.0.next()?)
    }

    fn write(self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_char(':')?;
        write_base36(f, self)
    }
}

impl Part for i64 {
    fn read(numbers: &mut Numbers<'_>) -> Option<Self> {
        Self::from_str_radix(numbers.0.next()?, 36).ok()
    }

    fn write(self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(if self < 0 { ":-" } else { ":" })?;
        write_base36(f, self.unsigned_abs())
    }
}

/// A number that may be missing, which only the last ones can be.
impl<P: Part> Part for Option<P> {
    fn read(numbers: &mut Numbers<'_>) -> Option<Self> {
        match numbers.0.peek() {
            None => Some(None),
            Some(_) => P::read(numbers).map(Some),
        }
    }

    fn write(self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.map_or(Ok(()), |part| part.write(f))
    }
}

impl Part for SeenEvent {
    fn read(numbers: &mut Numbers<'_>) -> Option<Self> {
        Some(Self { event: Part::read(numbers)?, version: Part::read(numbers)? })
    }

    fn write(self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.event.write(f)?;
        self.version.write(f)
    }
}

/// Of what the answers are edited.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum AnswersOf {
    /// An event.
    Event(EventId),
    /// A series: all its events that are still to be made.
    Series(SeriesId),
}

/// An event is written as such, as it always was, and a series with a minus before it.
impl Part for AnswersOf {
    fn read(numbers: &mut Numbers<'_>) -> Option<Self> {
        let text = numbers.0.next()?;
        match text.strip_prefix('-') {
            Some(series) => number(series).map(SeriesId::new).map(Self::Series),
            None => number(text).map(EventId::new).map(Self::Event),
        }
    }

    fn write(self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Event(event) => event.write(f),
            Self::Series(series) => {
                f.write_str(":-")?;
                write_base36(f, series.get())
            }
        }
    }
}

macro_rules! parts_of_numbers {
    ($($kind:ty: $number:expr, $kind_of:expr;)+) => {
        $(impl Part for $kind {
            fn read(numbers: &mut Numbers<'_>) -> Option<Self> {
                let number = u64::read(numbers)?;
                $kind_of(number)
            }

            fn write(self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                let number: fn(Self) -> u64 = $number;
                number(self).write(f)
            }
        })+
    };
}

parts_of_numbers! {
    bool: u64::from, yes_or_no;
    u8: u64::from, |number| Self::try_from(number).ok();
    u32: u64::from, |number| Self::try_from(number).ok();
    OptionId: |id| id.get().into(), |number| u8::try_from(number).ok().map(Self::new);
    UserId: Self::get, |number| Some(Self::new(number));
    GuildId: Self::get, |number| Some(Self::new(number));
    ChannelId: Self::get, |number| Some(Self::new(number));
    EventId: Self::get, |number| Some(Self::new(number));
    DeliveryId: Self::get, |number| Some(Self::new(number));
    InteractionId: Self::get, |number| Some(Self::new(number));
    TemplateId: Self::get, |number| Some(Self::new(number));
    SeriesId: Self::get, |number| Some(Self::new(number));
    ReminderChangeId: Self::get, |number| Some(Self::new(number));
    RosterPart: |part| number_of_part(part).into(), roster_part;
    CheckIn: number_of_check_in, check_in;
    Weekday: |day| day.to_monday_one_offset().unsigned_abs().into(), weekday;
    Date: days, date;
    DateTime: |wall| days(wall.date()) * DAY_MINUTES + minutes(wall.time()), date_time;
}

/// Yes is 1 and no is 0; we write nothing else.
const fn yes_or_no(number: u64) -> Option<bool> {
    match number {
        0 => Some(false),
        1 => Some(true),
        _ => None,
    }
}

const fn number_of_check_in(way: CheckIn) -> u64 {
    match way {
        CheckIn::Off => 0,
        CheckIn::Button => 1,
        CheckIn::Code => 2,
    }
}

/// Buttons of before knew only the first two.
const fn check_in(number: u64) -> Option<CheckIn> {
    match number {
        0 => Some(CheckIn::Off),
        1 => Some(CheckIn::Button),
        2 => Some(CheckIn::Code),
        _ => None,
    }
}

const EVERYONE: u32 = 0;
const WAITLIST: u32 = 1;
/// The number of the first option, whose id is 0.
const FIRST_OPTION: u32 = 2;

/// What stands for a part of a roster in a custom id and in a select.
#[must_use]
pub fn number_of_part(part: RosterPart) -> u32 {
    match part {
        RosterPart::Everyone => EVERYONE,
        RosterPart::Waitlist => WAITLIST,
        RosterPart::Option(option) => FIRST_OPTION + u32::from(option.get()),
    }
}

/// The part of a roster for which a number stands; `None` if it stands for none.
#[must_use]
pub fn part_of_number(number: u32) -> Option<RosterPart> {
    match number {
        EVERYONE => Some(RosterPart::Everyone),
        WAITLIST => Some(RosterPart::Waitlist),
        option => {
            let option = u8::try_from(option.checked_sub(FIRST_OPTION)?).ok()?;
            Some(RosterPart::Option(OptionId::new(option)))
        }
    }
}

fn roster_part(number: u64) -> Option<RosterPart> {
    part_of_number(u32::try_from(number).ok()?)
}

/// Minutes of a day.
const DAY_MINUTES: u64 = 24 * 60;

/// A day of the week by its number, Monday being 1.
fn weekday(number: u64) -> Option<Weekday> {
    i8::try_from(number).ok().and_then(|number| Weekday::from_monday_one_offset(number).ok())
}

/// Days since the first of January 1970; 0 for what lies before.
fn days(date: Date) -> u64 {
    let span = Date::constant(1970, 1, 1).until(date);
    span.ok().and_then(|span| u64::try_from(span.get_days()).ok()).unwrap_or_default()
}

fn date(days: u64) -> Option<Date> {
    let span = jiff::Span::new().try_days(i64::try_from(days).ok()?).ok()?;
    Date::constant(1970, 1, 1).checked_add(span).ok()
}

fn minutes(time: Time) -> u64 {
    u64::from(time.hour().unsigned_abs()) * 60 + u64::from(time.minute().unsigned_abs())
}

/// A time on the wall by its minutes since the first of January 1970.
fn date_time(number: u64) -> Option<DateTime> {
    let of_day = number % DAY_MINUTES;
    let [hour, minute] = [of_day / 60, of_day % 60].map(|part| i8::try_from(part).unwrap_or(0));
    Some(date(number / DAY_MINUTES)?.at(hour, minute, 0, 0))
}

fn write_base36(f: &mut fmt::Formatter<'_>, mut rest: u64) -> fmt::Result {
    let mut digits = Vec::with_capacity(13);
    loop {
        let digit = u32::try_from(rest % 36).unwrap_or_default();
        digits.push(char::from_digit(digit, 36).unwrap_or('0'));
        rest /= 36;
        if rest == 0 {
            break;
        }
    }
    digits.into_iter().rev().try_for_each(|digit| f.write_char(digit))
}
