//! Every date of a series is posted when that is due, or kept as missed because the bot was away
//! until it was over.

use std::time::Duration;

use jiff::civil::{Date, DateTime};
use jiff::{Timestamp, ToSpan};

use super::database::{Kept, KeptEvent};
use super::moved::was_moved;
use super::plans::{KeptSeries, Made, Plan};
use super::series::{is_made, slack_ms, was_asked_for, zone_of};
use crate::faults::{Injected, Layer};
use crate::season::instant_of;
use crate::stage::Stage;

/// For so long after it was due it may not be made yet, in milliseconds.
const GRACE_MS: i64 = 5 * 60_000;

/// What was called off longer ago may be gone.
const KEPT_MS: i64 = 10 * 24 * 3_600_000;

/// What is posted furthest ahead is so many days.
const DAYS_AHEAD: i32 = 4;

/// An occurrence with its times, in milliseconds since 1970.
#[derive(Debug)]
struct Owed {
    wall: DateTime,
    starts_ms: i64,
    due_ms: i64,
}

/// Judges a series from its first version to its last.
pub(super) fn judge(stage: &Stage, kept: &Kept, series: &KeptSeries) {
    let ends = series.versions.iter().skip(1).map(|next| Some(next.at_ms)).chain([None]);
    for (plan, end) in series.versions.iter().zip(ends) {
        let all = occurrences(stage, series, plan).into_iter();
        for due in all.filter(|due| !is_made(kept, series, due.wall)) {
            judge_unmade(stage, kept, series, (plan, end), &due);
        }
    }
    let of_it = kept.plans.made.iter().filter(|(_, made)| made.series == series.id);
    for (event, made) in of_it.filter_map(|(id, made)| Some((kept.events.get(id)?, made))) {
        judge_called_off(stage, series, event, made);
        judge_missed(stage, series, event, made);
        judge_early(stage, kept, series, (event, made));
    }
}

/// The occurrences of a plan that can have been due lately.
fn occurrences(stage: &Stage, series: &KeptSeries, plan: &Plan) -> Vec<Owed> {
    let now = stage.wall.now();
    let Some(zone) = zone_of(stage, series) else { return Vec::new() };
    if plan.has_ended || plan.rhythm.is_none() {
        return Vec::new();
    }
    let day = |at: Timestamp| zone.rules().to_datetime(at).date();
    let oldest = Timestamp::from_millisecond(now.as_millisecond() - KEPT_MS).unwrap_or(now);
    let first = day(oldest).max(plan.starts.date());
    let last = day(now).checked_add(DAYS_AHEAD.days()).unwrap_or(Date::MAX);
    let days = first.series(1.day()).take_while(|day| *day <= last);
    let walls = days.map(|day| day.to_datetime(plan.starts.time()));
    let due = |wall: DateTime| {
        let starts = instant_of(&zone, wall)?;
        let due_ms = plan.posted.due_ms(starts, &zone)?;
        Some(Owed { wall, starts_ms: starts.as_millisecond(), due_ms })
    };
    walls.filter(|wall| plan.has(*wall)).filter_map(due).collect()
}

/// An occurrence without an event was not due while its plan was in force, or something hindered
/// the bot all that time.
fn judge_unmade(
    stage: &Stage,
    kept: &Kept,
    series: &KeptSeries,
    (plan, end): (&Plan, Option<i64>),
    due: &Owed,
) {
    let now_ms = stage.wall.now().as_millisecond();
    // What begins when the clock is right for good is judged by the second, however wrong that was.
    let slack = if end.is_none() && is_calm(stage, due.starts_ms) { 0 } else { slack_ms(stage) };
    let from_ms = due.due_ms.max(plan.at_ms);
    let had_time = from_ms + GRACE_MS + slack < end.unwrap_or(now_ms).min(now_ms);
    let was_over = due.starts_ms < plan.at_ms + slack;
    let may_rest = series.is_of_week && stage.ledger.lock().book.may_rest(due.wall.date());
    let rests = |(first, last, _): &(Date, Date, i64)| (*first..=*last).contains(&due.wall.date());
    let rests = series.is_of_week && kept.plans.rests.iter().any(rests);
    if !had_time || was_over || may_rest || rests || stage.ledger.is_removed() {
        return;
    }
    let since = |ms: i64| stage.epoch.since_ms(ms);
    if was_passed_over(kept, series, (plan, slack), due) {
        return;
    }
    let about = (since(from_ms - slack), since(from_ms + GRACE_MS + slack));
    if end.is_some() && was_hindered(stage, about) {
        return;
    }
    let what = format!("series {}: {due:?} of {plan:?} was never made", series.id);
    stage.ledger.violation("I3", what);
}

/// Whether the clock had been right for a while at this true time, and was set no more.
fn is_calm(stage: &Stage, at_ms: i64) -> bool {
    let since = stage.right_since().saturating_add(Duration::from_mins(10));
    stage.epoch.since_ms(at_ms) > since
}

/// Whether a later occurrence had been made when the plan came into force, which then goes on from
/// there.
fn was_passed_over(
    kept: &Kept,
    series: &KeptSeries,
    (plan, slack): (&Plan, i64),
    due: &Owed,
) -> bool {
    let mut made = kept.plans.made.values().filter(|made| made.series == series.id);
    let is_first = series.versions.first().is_some_and(|first| first.at_ms == plan.at_ms);
    !is_first && made.any(|made| made.wall >= due.wall && made.at_ms <= plan.at_ms + slack)
}

/// Whether the bot was away, or the store had a fault, at some time in between.
fn was_hindered(stage: &Stage, span: (Duration, Duration)) -> bool {
    let in_store = |fault: &Injected| fault.point.0 == Layer::Store;
    stage.ledger.was_away(span) || stage.faults.explain(span, in_store)
}

/// Whether an event was kept as missed: deleted, and by nobody.
fn is_missed(event: &KeptEvent) -> bool {
    event.state.is_deleted && event.states.values().all(|state| !state.is_deleted)
}

/// What was missed was over before the bot came back.
fn judge_missed(stage: &Stage, series: &KeptSeries, event: &KeptEvent, made: &Made) {
    // Of those that were moved another judge knows when they were due.
    let is_judged = is_missed(event) && !was_moved(event);
    let Some((_, first)) = event.states.first_key_value().filter(|_| is_judged) else {
        return;
    };
    let slack = if is_calm(stage, first.starts_ms) { 0 } else { slack_ms(stage) };
    let since = |ms: i64| stage.epoch.since_ms(ms);
    let last_minutes = (since(first.ends_ms - 2 * GRACE_MS), since(first.ends_ms));
    let Some(due) = due_of(stage, series, made) else { return };
    let was_in_time = due.due_ms.max(due.planned_ms) + slack < first.ends_ms - 2 * GRACE_MS;
    let is_past = last_minutes.1 < stage.ledger.now();
    let was_clock_right = stage.was_clock_right(last_minutes);
    if was_in_time && is_past && was_clock_right && !was_hindered(stage, last_minutes) {
        let what = format!("event {}: {made:?} counts as missed, and nothing was wrong", event.id);
        stage.ledger.violation("I3", what);
    }
}

/// When an event that was made was to be posted, by the latest plan that has it, and since when it
/// is so.
struct DueOf {
    due_ms: i64,
    planned_ms: i64,
}

fn due_of(stage: &Stage, series: &KeptSeries, made: &Made) -> Option<DueOf> {
    let zone = zone_of(stage, series)?;
    let starts = instant_of(&zone, made.wall)?;
    let planned_ms = series.versions.iter().map(|plan| plan.at_ms).max()?;
    let dues = series.versions.iter().filter_map(|plan| plan.posted.due_ms(starts, &zone));
    Some(DueOf { due_ms: dues.max()?, planned_ms })
}

/// Of what took place, from its posting to its end, while its series had ended nothing is made
/// when that goes on.
fn judge_called_off(stage: &Stage, series: &KeptSeries, event: &KeptEvent, made: &Made) {
    let Some((_, first)) = event.states.first_key_value() else { return };
    let slack = slack_ms(stage);
    let ends = series.versions.iter().skip(1).map(|next| next.at_ms).chain([i64::MAX]);
    let rested = series.versions.iter().zip(ends).any(|(plan, end_ms)| {
        let is_called_off = plan.has_ended || plan.left_out.contains(&made.wall);
        is_called_off
            && plan.at_ms.saturating_add(slack) < first.starts_ms
            && first.ends_ms < end_ms.saturating_sub(slack)
            && plan.at_ms.saturating_add(slack) < made.at_ms
    });
    if rested {
        let what = format!("event {}: {made:?}, which was called off until it was over", event.id);
        stage.ledger.violation("series", what);
    }
}

/// While the clock was right, nothing was posted more than a second before it was due by any plan,
/// unless somebody asked for it.
fn judge_early(
    stage: &Stage,
    kept: &Kept,
    series: &KeptSeries,
    (event, made): (&KeptEvent, &Made),
) {
    let posts = kept.deliveries.iter();
    let mut posts = posts.filter(|one| one.kind == "post" && one.event == Some(event.id));
    let Some(message) = posts.next().and_then(|first| first.message) else { return };
    let left = stage.epoch.since(message);
    let Some(zone) = zone_of(stage, series) else { return };
    // Also as it was moved.
    let moved =
        event.states.values().filter_map(|state| Timestamp::from_millisecond(state.starts_ms).ok());
    let starts: Vec<Timestamp> = instant_of(&zone, made.wall).into_iter().chain(moved).collect();
    let all = series.versions.iter().flat_map(|plan| starts.iter().map(move |start| (plan, start)));
    let dues = all.filter_map(|(plan, start)| plan.posted.due_ms(*start, &zone));
    let is_early = dues.min().is_some_and(|due_ms| stage.epoch.ms_at(left) < due_ms - 1_000);
    let by_hand = !stage.ledger.lock().book.by_hand.is_empty();
    let was_clock_right = stage.was_clock_right((Duration::ZERO, left));
    if is_early && was_clock_right && !by_hand && !was_asked_for(stage, made) {
        let what = format!("event {}: {made:?} was posted at {left:?}, too early", event.id);
        stage.ledger.violation("I3", what);
    }
}
