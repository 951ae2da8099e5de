//! Events and reminders are at the time of day that was asked for, also where clocks change.

use std::collections::BTreeSet;

use jiff::civil::time;

use super::database::{Kept, KeptEvent};
use crate::season::{Season, instant_of};
use crate::stage::Stage;

/// The usual reminders before the start, in milliseconds.
const BEFORE_MS: [i64; 2] = [60 * 60_000, 15 * 60_000];

/// Judges the events that were created around a change of clocks.
pub(super) fn judge(stage: &Stage, kept: &Kept) {
    let Some(season) = &stage.season else { return };
    let asked = stage.ledger.lock().starts.clone();
    for event in kept.events.values() {
        let Some(wanted) = asked.get(&event.state.title) else { continue };
        let starts = instant_of(&season.zone, *wanted).map(jiff::Timestamp::as_millisecond);
        if Some(event.state.starts_ms) != starts {
            let what = format!(
                "event {} in {} at {wanted} starts at {}, not {starts:?}",
                event.id,
                season.zone.name(),
                event.state.starts_ms
            );
            stage.ledger.violation("zones", what);
        }
        judge_reminders(stage, season, kept, event);
    }
}

/// Every reminder of an event was due at one of the times that follow from its start and its day.
fn judge_reminders(stage: &Stage, season: &Season, kept: &Kept, event: &KeptEvent) {
    let at = jiff::Timestamp::from_millisecond(event.state.starts_ms).unwrap_or(season.change);
    let day = season.zone.rules().to_datetime(at).date();
    let of_day = |time| instant_of(&season.zone, day.to_datetime(time));
    let asked_for = of_day(season.wanted.time()).map(jiff::Timestamp::as_millisecond);
    let usual = of_day(time(16, 0, 0, 0)).map(jiff::Timestamp::as_millisecond);
    let dues = asked_for
        .into_iter()
        .chain(usual)
        .chain(BEFORE_MS.map(|before| event.state.starts_ms - before));
    let dues: BTreeSet<i64> = dues.filter(|due| *due < event.state.starts_ms).collect();
    let reminders = kept.deliveries.iter().filter(|delivery| {
        delivery.event == Some(event.id) && delivery.news.as_deref() == Some("reminder")
    });
    let known: BTreeSet<i64> = reminders.map(|reminder| reminder.due_ms).collect();
    for other in known.difference(&dues) {
        let what = format!("event {}: a reminder at {other}, none of {dues:?}", event.id);
        stage.ledger.violation("zones", what);
    }
    let now_ms = stage.wall.now().as_millisecond();
    for missing in dues.difference(&known).filter(|due| **due < now_ms) {
        // Whoever was not told that it is added knows that it may not be there.
        let is_added = stage.ledger.lock().has_reminder;
        if Some(*missing) == asked_for && usual != asked_for && !is_added {
            continue;
        }
        if super::deliveries::somebody_comes(event, *missing) {
            let what = format!("event {}: no reminder at {missing}", event.id);
            stage.ledger.violation("zones", what);
        }
    }
}
