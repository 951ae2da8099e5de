//! Says a series in words that [`parse_recurrence`](super::parse_recurrence) reads back.

use jiff::civil::{Time, Weekday, time};

use super::rhythm::WORKDAYS;
use crate::recurrence::rule::{End, Frequency, NthWeekday, Rule};
use crate::recurrence::{DayOrTime, Recurrence};
use crate::when::{date_in_words, month_name, weekday_name};

/// The last second of a day: an end without a time of day.
const LAST: Time = time(23, 59, 59, 0);

/// Exceptions that are named; of more only the number is told.
const NAMED_MAX: usize = 10;

impl Recurrence {
    /// The series in words: "every Tuesday and Thursday until 1 June 2027".
    ///
    /// [`parse_recurrence`](super::parse_recurrence) reads them back as the same series. What there
    /// are no words for is said as `by the rule FREQ=…`, and of more than ten exceptions only the
    /// number is told.
    #[must_use]
    pub fn in_words(&self) -> String {
        let said = match rhythm(self.rule()) {
            Some(rhythm) => rhythm + &end(self.rule().end),
            None => format!("by the rule {}", self.rule()),
        };
        let mut parts = vec![said];
        let excluded: Vec<DayOrTime> = self.excluded().collect();
        if !excluded.is_empty() {
            parts.push(format!("except {}", dates(&excluded)));
        }
        let added: Vec<DayOrTime> = self.added().collect();
        if !added.is_empty() {
            parts.push(format!("also on {}", dates(&added)));
        }
        parts.join(", ")
    }
}

/// How often and on which days, if there are words for it.
fn rhythm(rule: &Rule) -> Option<String> {
    let days = match rule.frequency {
        Frequency::Daily => daily(rule)?,
        Frequency::Weekly => weekly(rule)?,
        Frequency::Monthly => monthly(rule)?,
        Frequency::Yearly => return yearly(rule),
    };
    if rule.months.is_empty() { Some(days) } else { Some(days + " in " + &months(rule)) }
}

fn every(interval: u16, unit: &str) -> String {
    if interval == 1 { format!("every {unit}") } else { format!("every {interval} {unit}s") }
}

fn daily(rule: &Rule) -> Option<String> {
    if !rule.month_days.is_empty() || !rule.positions.is_empty() {
        return None;
    }
    let said = every(rule.interval, "day");
    if rule.weekdays.is_empty() {
        return Some(said);
    }
    let named = |day: &Weekday| rule.weekdays.iter().any(|named| named.weekday == *day);
    let week = Weekday::Monday.cycle_forward().take(7);
    let out: Vec<&str> = week.filter(|day| !named(day)).map(weekday_name).collect();
    (!out.is_empty()).then(|| format!("{said} except {}", joined(&out)))
}

fn weekly(rule: &Rule) -> Option<String> {
    if !rule.positions.is_empty() {
        return None;
    }
    let names: Vec<&str> = rule.weekdays.iter().map(|day| weekday_name(day.weekday)).collect();
    let days = if is_workdays(&rule.weekdays) { "weekday".to_owned() } else { joined(&names) };
    let said = match (rule.weekdays.is_empty(), rule.interval) {
        (true, interval) => every(interval, "week"),
        (false, 1) => format!("every {days}"),
        (false, interval) => format!("{} on {}", every(interval, "week"), plural(&days)),
    };
    if rule.week_start == Weekday::Monday {
        return Some(said);
    }
    Some(format!("{said}, weeks beginning on {}", weekday_name(rule.week_start)))
}

/// "every 2 weeks on weekdays".
fn plural(days: &str) -> String {
    if days == "weekday" { "weekdays".to_owned() } else { days.to_owned() }
}

fn monthly(rule: &Rule) -> Option<String> {
    let said = every(rule.interval, "month");
    if rule.month_days.is_empty() && rule.weekdays.is_empty() {
        return rule.positions.is_empty().then_some(said);
    }
    Some(format!("{said} on {}", days_of_month(rule)?))
}

/// "the 15th and the last day", "the first Monday", "the last weekday", "Friday the 13th".
fn days_of_month(rule: &Rule) -> Option<String> {
    let plain = rule.weekdays.iter().all(|day| day.nth.is_none());
    if !rule.positions.is_empty() {
        let workdays = is_workdays(&rule.weekdays) && rule.month_days.is_empty();
        let places = rule.positions.iter().map(|place| i8::try_from(*place).ok().and_then(nth));
        let places = places.collect::<Option<Vec<String>>>().filter(|_| workdays)?;
        let places: Vec<String> = places.iter().map(|place| format!("the {place}")).collect();
        return Some(joined(&places) + " weekday");
    }
    if rule.weekdays.is_empty() {
        return Some(joined(&month_days(rule)?));
    }
    if rule.month_days.is_empty() {
        return numbered(&rule.weekdays);
    }
    let [only] = rule.weekdays.as_slice() else {
        return None;
    };
    let days = month_days(rule).filter(|_| plain)?;
    Some(format!("{} {}", weekday_name(only.weekday), joined(&days)))
}

fn month_days(rule: &Rule) -> Option<Vec<String>> {
    let day = |day: &i8| match *day {
        1.. => Some(format!("the {}", ordinal(day.unsigned_abs()))),
        _ => nth(*day).map(|nth| format!("the {nth} day")),
    };
    rule.month_days.iter().map(day).collect()
}

/// "the first Monday and the last Friday".
fn numbered(weekdays: &[NthWeekday]) -> Option<String> {
    let one =
        |day: &NthWeekday| Some(format!("the {} {}", nth(day.nth?)?, weekday_name(day.weekday)));
    Some(joined(&weekdays.iter().map(one).collect::<Option<Vec<_>>>()?))
}

fn yearly(rule: &Rule) -> Option<String> {
    let said = every(rule.interval, "year");
    if !rule.positions.is_empty() {
        return None;
    }
    let days = match (rule.months.as_slice(), rule.month_days.as_slice()) {
        ([], []) if rule.weekdays.is_empty() => return Some(said),
        ([], []) => return Some(format!("{said} on {} of the year", numbered(&rule.weekdays)?)),
        ([], _) => return None,
        ([month], [day]) if *day > 0 && rule.weekdays.is_empty() => {
            return Some(format!("{said} on {day} {}", month_name(*month)));
        }
        (_, []) if rule.weekdays.is_empty() => String::new(),
        (_, _) => format!(" on {}", days_of_month(rule)?),
    };
    Some(format!("{said}{days} in {}", months(rule)))
}

fn months(rule: &Rule) -> String {
    joined(&rule.months.iter().map(|month| month_name(*month)).collect::<Vec<_>>())
}

fn end(end: End) -> String {
    match end {
        End::Never => String::new(),
        End::Count(1) => " 1 time".to_owned(),
        End::Count(count) => format!(" {count} times"),
        End::Until(last) if last.time() == LAST => format!(" until {}", date_in_words(last.date())),
        End::Until(last) => {
            format!(" until {}, {}", date_in_words(last.date()), clock(last.time()))
        }
    }
}

fn dates(dates: &[DayOrTime]) -> String {
    let named = dates.iter().take(NAMED_MAX).map(|date| match date {
        DayOrTime::Day(day) => date_in_words(*day),
        DayOrTime::Time(wall) => {
            format!("{} {}", date_in_words(wall.date()), clock(wall.time()))
        }
    });
    let mut named: Vec<String> = named.collect();
    match dates.len().saturating_sub(NAMED_MAX) {
        0 => {}
        1 => named.push("1 more date".to_owned()),
        more => named.push(format!("{more} more dates")),
    }
    joined(&named)
}

fn clock(time: Time) -> String {
    let (hour, minute, second) = (time.hour(), time.minute(), time.second());
    match second {
        0 => format!("{hour:02}:{minute:02}"),
        _ => format!("{hour:02}:{minute:02}:{second:02}"),
    }
}

/// "first", "last", "second to last"; in figures from six on, as in "6th to last".
fn nth(nth: i8) -> Option<String> {
    let place = match nth.unsigned_abs() {
        0 => return None,
        1 => "first".to_owned(),
        2 => "second".to_owned(),
        3 => "third".to_owned(),
        4 => "fourth".to_owned(),
        5 => "fifth".to_owned(),
        more => ordinal(more),
    };
    Some(match nth {
        1.. => place,
        -1 => "last".to_owned(),
        _ => format!("{place} to last"),
    })
}

/// "1st", "12th", "23rd".
fn ordinal(number: u8) -> String {
    let end = match (number % 100, number % 10) {
        (11..=13, _) => "th",
        (_, 1) => "st",
        (_, 2) => "nd",
        (_, 3) => "rd",
        (_, _) => "th",
    };
    format!("{number}{end}")
}

fn is_workdays(weekdays: &[NthWeekday]) -> bool {
    weekdays.iter().copied().eq(WORKDAYS.into_iter().map(NthWeekday::every))
}

/// "a", "a and b", "a, b and c".
fn joined<T: AsRef<str>>(items: &[T]) -> String {
    let items: Vec<&str> = items.iter().map(AsRef::as_ref).collect();
    match items.split_last() {
        None => String::new(),
        Some((only, [])) => (*only).to_owned(),
        Some((last, rest)) => format!("{} and {last}", rest.join(", ")),
    }
}
