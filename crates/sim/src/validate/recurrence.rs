//! Reads how a native scheduled event repeats: less than the form seems to allow (Discord docs:
//! guild scheduled event recurrence rule).

use std::collections::BTreeSet;

use serde_json::Value;

use super::errors::Form;
use super::fields::{self, Object, Presence};
use super::scheduled::instant;
use crate::world::{Frequency, Recurrence};

/// The sets of weekdays that a daily rule may name; Monday is 0.
const DAILY_SETS: [&[i8]; 6] =
    [&[0, 1, 2, 3, 4], &[1, 2, 3, 4, 5], &[0, 1, 2, 3, 6], &[4, 5], &[5, 6], &[0, 6]];

/// The rule of an event, if it has one that Discord takes.
pub(super) fn read(form: &mut Form, event: &Object) -> Option<Recurrence> {
    let rule = fields::given(event, "recurrence_rule")?;
    form.at("recurrence_rule", |form| {
        let object = fields::object(form, rule)?;
        let before = form.mistakes();
        for key in ["count", "end", "by_year_day"] {
            if fields::given(object, key).is_some() {
                form.wrong_at(key, "GUILD_SCHEDULED_EVENT_RECURRENCE", "This cannot be set.");
            }
        }
        let frequency = fields::integer(form, object, "frequency", 0..=3, Presence::Required);
        let interval = fields::integer(form, object, "interval", 1..=2, Presence::Optional);
        let rule = Recurrence {
            start: instant(form, object, "start", Presence::Required)?,
            frequency: match frequency? {
                0 => Frequency::Yearly,
                1 => Frequency::Monthly,
                2 => Frequency::Weekly,
                _ => Frequency::Daily,
            },
            interval: interval.and_then(|interval| u8::try_from(interval).ok()).unwrap_or(1),
            by_weekday: numbers(form, object, ("by_weekday", 7), 0..=6),
            by_n_weekday: read_n_weekday(form, object),
            by_month: numbers(form, object, ("by_month", 1), 1..=12).first().copied(),
            by_month_day: numbers(form, object, ("by_month_day", 1), 1..=31).first().copied(),
        };
        // Discord tells what is wrong with the whole where nothing is with its parts.
        if form.mistakes() == before && !is_taken(&rule) {
            let message = "Discord knows no rule of this shape.";
            form.wrong("GUILD_SCHEDULED_EVENT_RECURRENCE", message);
        }
        Some(rule)
    })
}

/// Whether the parts go together as Discord wants them.
fn is_taken(rule: &Recurrence) -> bool {
    let days: BTreeSet<i8> = rule.by_weekday.iter().copied().collect();
    let of_year = (rule.by_month.is_some(), rule.by_month_day.is_some());
    let shape = (rule.by_weekday.len(), rule.by_n_weekday.is_some(), of_year);
    match (rule.frequency, shape) {
        (Frequency::Weekly, (1, false, (false, false))) => true,
        (Frequency::Daily, (0, false, (false, false)))
        | (Frequency::Monthly, (0, true, (false, false)))
        | (Frequency::Yearly, (0, false, (true, true))) => rule.interval == 1,
        (Frequency::Daily, (_, false, (false, false))) => {
            rule.interval == 1 && DAILY_SETS.iter().any(|set| set.iter().eq(&days))
        }
        _ => false,
    }
}

/// The whole numbers of a list within a range.
fn numbers(
    form: &mut Form,
    object: &Object,
    (key, most): (&str, usize),
    range: std::ops::RangeInclusive<i64>,
) -> Vec<i8> {
    let listed = fields::list(form, object, key, 0..=most, Presence::Optional).unwrap_or_default();
    let mut found = Vec::new();
    for (index, value) in listed.iter().enumerate() {
        match value.as_i64().filter(|number| range.contains(number)) {
            Some(number) => found.extend(i8::try_from(number)),
            None => form.at(key, |form| {
                let message = format!("Value must be one of {}-{}.", range.start(), range.end());
                form.nth(index, |form| form.wrong("BASE_TYPE_CHOICES", message));
            }),
        }
    }
    found
}

fn read_n_weekday(form: &mut Form, object: &Object) -> Option<(i8, i8)> {
    let listed = fields::list(form, object, "by_n_weekday", 0..=1, Presence::Optional)?;
    let day = listed.first().and_then(Value::as_object)?;
    form.at("by_n_weekday", |form| {
        let nth = fields::integer(form, day, "n", 1..=5, Presence::Required)?;
        let day = fields::integer(form, day, "day", 0..=6, Presence::Required)?;
        Some((i8::try_from(nth).ok()?, i8::try_from(day).ok()?))
    })
}
