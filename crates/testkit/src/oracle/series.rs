//! What repeats becomes one event for each of its dates, at the time of day that was asked for, and
//! none where that was called off.

use std::collections::BTreeMap;
use std::time::Duration;

use jiff::Timestamp;
use jiff::civil::{Date, DateTime};
use muster_domain::zone::Zone;

use super::database::{Kept, KeptEvent};
use super::plans::{KeptSeries, Made, Plan};
use super::timeline;
use crate::book::Told;
use crate::season::instant_of;
use crate::stage::Stage;

/// A step of the store may take so long to begin: what it decides by is that old by then.
const SLACK_MS: i64 = 15_000;

/// For so long somebody may be told what is no longer so, as all was under way at the same time.
const TOLD_LATE: Duration = Duration::from_secs(75);

/// Judges all series of a run.
pub(super) fn judge(stage: &Stage, kept: &Kept) {
    for series in kept.plans.series.values() {
        judge_asked(stage, series);
        timeline::judge(stage, kept, series);
    }
    judge_once(stage, kept);
    for (id, made) in &kept.plans.made {
        let (Some(event), Some(series)) =
            (kept.events.get(id), kept.plans.series.get(&made.series))
        else {
            continue;
        };
        judge_in_force(stage, event, made, series);
        judge_clock(stage, event, made, series);
        judge_rest(stage, kept, (event, made), series);
        judge_told(stage, event, made, series);
    }
}

/// How far apart times of the bot's clock may be that were taken in order, in milliseconds.
pub(super) fn slack_ms(stage: &Stage) -> i64 {
    SLACK_MS.saturating_add(stage.skew_ms().saturating_mul(2))
}

/// A new series repeats as it was asked for.
fn judge_asked(stage: &Stage, series: &KeptSeries) {
    let Some(first) = series.versions.first() else { return };
    let Some(asked) = stage.ledger.lock().book.planned.get(&first.title).cloned() else { return };
    let is_on_days = first.rhythm.as_ref().is_some_and(|rhythm| rhythm.days == asked.days);
    let is_at_time = asked.time.is_none_or(|time| time == first.starts.time());
    if !is_on_days || !is_at_time {
        let what = format!("series {}: {asked:?} was asked for, not {first:?}", series.id);
        stage.ledger.violation("series", what);
    }
}

/// No occurrence becomes two events, at whatever time of its day; nor do two events that nobody
/// asked for have the same title and start, whatever they are said to be of.
fn judge_once(stage: &Stage, kept: &Kept) {
    let mut of_day: BTreeMap<(u64, Date), Vec<u64>> = BTreeMap::new();
    for (id, made) in &kept.plans.made {
        of_day.entry((made.series, made.wall.date())).or_default().push(*id);
    }
    let mut of_start: BTreeMap<(&str, i64), Vec<u64>> = BTreeMap::new();
    let planned = stage.ledger.lock().book.planned.clone();
    for event in kept.events.values() {
        let Some((_, first)) = event.states.first_key_value() else { continue };
        let is_there = !kept.plans.taken_back.contains(&event.id) && !event.is_asked_for;
        if is_there && planned.contains_key(&first.title) {
            of_start.entry((&first.title, first.starts_ms)).or_default().push(event.id);
        }
    }
    for twice in of_day.values().chain(of_start.values()).filter(|events| events.len() > 1) {
        stage.ledger.violation("series", format!("one occurrence has the events {twice:?}"));
    }
}

/// The versions that can have been in force when this was so.
fn in_force(stage: &Stage, series: &KeptSeries, at_ms: i64) -> Vec<Plan> {
    let slack = slack_ms(stage);
    let ends = series.versions.iter().skip(1).map(|next| next.at_ms.saturating_add(slack));
    let ends = ends.chain([i64::MAX]);
    let all = series.versions.iter().zip(ends);
    let known =
        all.filter(|(plan, end)| plan.at_ms.saturating_sub(slack) <= at_ms && at_ms <= *end);
    known.map(|(plan, _)| plan.clone()).collect()
}

/// When it was made, its series had that occurrence, and looked as the event did.
fn judge_in_force(stage: &Stage, event: &KeptEvent, made: &Made, series: &KeptSeries) {
    let known = in_force(stage, series, made.at_ms);
    let title = event.states.first_key_value().map(|(_, first)| first.title.as_str());
    let is_of_it = |plan: &Plan| plan.has(made.wall) && Some(plan.title.as_str()) == title;
    if !known.iter().any(is_of_it) {
        let what = format!("event {} is of no occurrence: {made:?} of {known:?}", event.id);
        stage.ledger.violation("series", what);
    }
}

/// It begins when the clock on the wall shows its time for the first time, or would have.
fn judge_clock(stage: &Stage, event: &KeptEvent, made: &Made, series: &KeptSeries) {
    let Some((_, first)) = event.states.first_key_value() else { return };
    let Some(zone) = zone_of(stage, series) else { return };
    let starts = instant_of(&zone, made.wall).map(Timestamp::as_millisecond);
    if Some(first.starts_ms) != starts {
        let what = format!(
            "event {} in {} at {} starts at {}, not {starts:?}",
            event.id,
            zone.name(),
            made.wall,
            first.starts_ms
        );
        stage.ledger.violation("zones", what);
    }
}

/// The zone that a series goes by: that of the run, where it is about one.
pub(super) fn zone_of(stage: &Stage, series: &KeptSeries) -> Option<Zone> {
    let season = stage.season.as_ref().map(|season| season.zone.clone());
    season.or_else(|| series.versions.first()?.zone.clone())
}

/// While the week rests nothing of it is made, unless somebody asks for it.
fn judge_rest(stage: &Stage, kept: &Kept, (event, made): (&KeptEvent, &Made), series: &KeptSeries) {
    let day = made.wall.date();
    let rests = |(first, last, at_ms): &(Date, Date, i64)| {
        *first <= day && day <= *last && at_ms.saturating_add(slack_ms(stage)) < made.at_ms
    };
    if series.is_of_week && kept.plans.rests.iter().any(rests) && !was_asked_for(stage, made) {
        let what = format!("event {}: {made:?}, while the week rests", event.id);
        stage.ledger.violation("series", what);
    }
}

/// The true times at which this can have been made.
fn made_between(stage: &Stage, made: &Made) -> (Duration, Duration) {
    let skew = stage.skew_ms();
    let since = |ms: i64| stage.epoch.since_ms(ms);
    (
        since(made.at_ms.saturating_sub(skew)),
        since(made.at_ms.saturating_add(skew).saturating_add(SLACK_MS)),
    )
}

/// Whether somebody had asked for an event ahead of its time when this was made.
pub(super) fn was_asked_for(stage: &Stage, made: &Made) -> bool {
    let (from, to) = made_between(stage, made);
    let from = from.saturating_sub(TOLD_LATE);
    let by_hand = stage.ledger.lock().book.by_hand.clone();
    by_hand.iter().any(|at| *at >= from && *at <= to)
}

/// Nothing is made that somebody was told is not, unless somebody took that back.
fn judge_told(stage: &Stage, event: &KeptEvent, made: &Made, series: &KeptSeries) {
    let (earliest, latest) = made_between(stage, made);
    let denies = |told: &Told| match told {
        Told::Ended(id) => *id == series.id,
        Told::LeftOut(id, wall) => (*id, *wall) == (series.id, made.wall),
        Told::Rests(first, last) => {
            series.is_of_week && (*first..=*last).contains(&made.wall.date())
        }
    };
    let told = stage.ledger.lock().book.told.clone();
    let told = told.into_iter().filter(|(at, told)| *at + TOLD_LATE < earliest && denies(told));
    for (at, told) in told {
        let since = (at.saturating_sub(TOLD_LATE), latest);
        let is_of_week = matches!(told, Told::Rests(..));
        let was_taken_back = stage.ledger.lock().book.was_stirred(series.id, since);
        if !(was_taken_back || is_of_week && was_asked_for(stage, made)) {
            let what = format!("event {}: {made:?} although {told:?} was told", event.id);
            stage.ledger.violation("series", what);
            return;
        }
    }
}

/// Whether an event of this occurrence's day exists.
pub(super) fn is_made(kept: &Kept, series: &KeptSeries, wall: DateTime) -> bool {
    let mut made = kept.plans.made.values();
    made.any(|made| (made.series, made.wall.date()) == (series.id, wall.date()))
}
