//! What organisers asked of series and of the week, and what they were told of them.

use std::collections::BTreeMap;
use std::time::Duration;

use jiff::Span;
use jiff::civil::{Date, DateTime, date};
use serde_json::Value;

use crate::rhythm::Rhythm;
use crate::words::{at, custom_ids, text, verb};

/// What somebody was told, and can rely on until somebody else changes it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Told {
    /// No more events of this series are made.
    Ended(u64),
    /// This occurrence of this series does not take place.
    LeftOut(u64, DateTime),
    /// The week rests from this day to that one.
    Rests(Date, Date),
}

/// All of it, with the time since the beginning.
#[derive(Debug, Default)]
pub(crate) struct Book {
    /// How series were asked for to repeat, by title.
    pub(crate) planned: BTreeMap<String, Rhythm>,
    /// What was told.
    pub(crate) told: Vec<(Duration, Told)>,
    /// When somebody asked for what may take it back; of which series, if it is about one alone.
    pub(crate) stirred: Vec<(Duration, Option<u64>)>,
    /// When somebody asked for an event ahead of its time.
    pub(crate) by_hand: Vec<Duration>,
}

impl Book {
    /// The bot is told of this interaction.
    pub(crate) fn handed(&mut self, payload: &Value, now: Duration) {
        let subcommand = text(payload, "/data/options/0/name");
        if text(payload, "/data/name") == "schedule" && subcommand == "post" {
            self.by_hand.push(now);
        }
        let Some((verb, numbers)) = verb(text(payload, "/data/custom_id")) else { return };
        match verb {
            "Wn" | "Wo" => self.by_hand.push(now),
            "Wr" | "Ur" | "Wu" | "Wk" | "Wef" => {
                self.stirred.push((now, numbers.first().copied()));
            }
            // The number is an event's, or is chosen from a list, or it is about the week.
            "Wl" | "Wt" | "Uk" => self.stirred.push((now, None)),
            _ => {}
        }
    }

    /// Somebody is told this, with these buttons beneath.
    pub(crate) fn told(&mut self, components: &Value, now: Duration) {
        for id in custom_ids(components) {
            self.told.extend(told(&id).map(|told| (now, told)));
        }
    }

    /// Whether somebody may have taken it back that was told then, by this time.
    pub(crate) fn was_stirred(&self, series: u64, (from, to): (Duration, Duration)) -> bool {
        let mut stirred = self.stirred.iter();
        stirred.any(|(at, of)| *at >= from && *at <= to && of.is_none_or(|of| of == series))
    }

    /// Whether the week was told to rest on this day at any time.
    pub(crate) fn may_rest(&self, day: Date) -> bool {
        let rests = |(_, told): &(Duration, Told)| match told {
            Told::Rests(first, last) => *first <= day && day <= *last,
            Told::Ended(_) | Told::LeftOut(..) => false,
        };
        self.told.iter().any(rests)
    }
}

/// What a button says that takes it back.
fn told(id: &str) -> Option<Told> {
    let (verb, numbers) = verb(id)?;
    match (verb, numbers.as_slice()) {
        ("Wr" | "Ur", [series]) => Some(Told::Ended(*series)),
        ("Wk", [series, wall]) => Some(Told::LeftOut(*series, wall_of(*wall)?)),
        ("Uk", [first, last]) => Some(Told::Rests(day_of(*first)?, day_of(*last)?)),
        _ => None,
    }
}

/// A day by its number since 1970.
fn day_of(number: u64) -> Option<Date> {
    let days = Span::new().try_days(i64::try_from(number).ok()?).ok()?;
    date(1970, 1, 1).checked_add(days).ok()
}

/// What a clock shows, by the minutes since 1970 that it counts.
fn wall_of(number: u64) -> Option<DateTime> {
    let of_day = number % 1_440;
    let [hour, minute] = [of_day / 60, of_day % 60].map(|part| i8::try_from(part).unwrap_or(0));
    Some(day_of(number / 1_440)?.at(hour, minute, 0, 0))
}

/// Whether an answer offers to take back the change of a series that it answers.
pub(crate) fn offers_undo(components: &Value) -> bool {
    custom_ids(components).iter().any(|id| verb(id).is_some_and(|(verb, _)| verb == "Wu"))
}

/// What a callback says: its components.
pub(crate) fn components(callback: &Value) -> &Value {
    at(callback, "/data/components")
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn what_is_told_is_read_off_the_buttons() {
        let ids = ["m1:Wr:7", "m1:Wk:7:h2no", "m1:Uk:g7u:g7v", "m1:We:7"];
        let buttons: Vec<_> = ids.iter().map(|id| json!({"type": 2, "custom_id": id})).collect();
        let mut book = Book::default();
        book.told(&json!([{"type": 1, "components": buttons}]), Duration::ZERO);
        assert_eq!(book.told.len(), 3, "{book:?}");
        assert_eq!(wall_of(24 * 60 + 61), Some(date(1970, 1, 2).at(1, 1, 0, 0)));
        assert!(book.may_rest(day_of(21_018).unwrap()));
    }
}
