//! A date of a series that is moved in time is posted before it begins there, when posts of its
//! series are due.

use std::time::Duration;

use jiff::Timestamp;

use super::database::{Kept, KeptDelivery, KeptEvent};
use super::plans::{KeptSeries, Made};
use super::series::zone_of;
use crate::faults::{Injected, Layer};
use crate::stage::Stage;

/// For so long after it was due a post may be under way, in milliseconds: less than the least time
/// before the start that posts are due.
const GRACE_MS: i64 = 50_000;

/// For so long a channel that refused is left alone, and a while.
const LEFT_ALONE_MS: i64 = 70 * 60_000;

/// A move is counted from when it was asked for.
const ABOUT_MS: i64 = 60_000;

/// Judges all dates that were moved.
pub(super) fn judge(stage: &Stage, kept: &Kept) {
    for (id, made) in &kept.plans.made {
        let (event, series) = (kept.events.get(id), kept.plans.series.get(&made.series));
        if let Some((event, series)) = event.zip(series) {
            judge_one(stage, kept, (event, made), series);
        }
    }
}

/// Whether an event of a series begins at another time than it did first, or did meanwhile.
pub(super) fn was_moved(event: &KeptEvent) -> bool {
    event.states.values().any(|state| state.starts_ms != event.state.starts_ms)
}

/// Since when it begins when it does.
fn moved_ms(event: &KeptEvent) -> Option<i64> {
    let since = event.states.iter().rev();
    let since = since.take_while(|(_, state)| state.starts_ms == event.state.starts_ms).last();
    event.decided_ms.get(since?.0).copied()
}

fn judge_one(stage: &Stage, kept: &Kept, (event, made): (&KeptEvent, &Made), series: &KeptSeries) {
    let called_off = |event: &KeptEvent| {
        // What was missed is deleted, and by nobody.
        event.states.values().any(|state| state.is_cancelled || state.is_deleted)
    };
    if !was_moved(event) || called_off(event) || kept.plans.taken_back.contains(&event.id) {
        return;
    }
    let (Some(moved_ms), Some(zone)) = (moved_ms(event), zone_of(stage, series)) else { return };
    let starts = Timestamp::from_millisecond(event.state.starts_ms).unwrap_or(Timestamp::MAX);
    let dues = series.versions.iter().filter_map(|plan| plan.posted.due_ms(starts, &zone));
    let Some(due_ms) = dues.max() else { return };
    let limit_ms = due_ms.max(moved_ms) + GRACE_MS + 2 * stage.skew_ms();
    let is_post = |one: &&KeptDelivery| one.kind == "post" && one.event == Some(event.id);
    let first = kept.deliveries.iter().find(is_post);
    // Another judge asks why.
    if first.is_some_and(|first| matches!(first.outcome.as_deref(), Some("dead" | "unclear"))) {
        return;
    }
    let message = first.and_then(|first| first.message);
    let posted_ms = message.map(|message| stage.epoch.ms_at(stage.epoch.since(message)));
    // It was there when it was moved, or nobody could have posted it in time.
    let was_there = posted_ms.is_some_and(|posted_ms| posted_ms < moved_ms);
    let is_late = posted_ms.is_none_or(|posted_ms| posted_ms > limit_ms);
    let now_ms = stage.epoch.ms_at(stage.ledger.now());
    if was_there || !is_late || limit_ms >= now_ms || limit_ms >= event.state.ends_ms {
        return;
    }
    let span = (due_ms.max(moved_ms) - ABOUT_MS, limit_ms);
    if !was_hindered(stage, event, span) {
        let what = format!(
            "event {} of {made:?} was moved at {moved_ms} to {starts}, and its post was due at \
             {due_ms}: posted {posted_ms:?}, {first:?}",
            event.id
        );
        stage.ledger.violation("I3", what);
    }
}

/// Whether the bot was away, or kept from the channel, or anything went wrong in between.
fn was_hindered(stage: &Stage, event: &KeptEvent, (from_ms, to_ms): (i64, i64)) -> bool {
    let span: (Duration, Duration) = (stage.epoch.since_ms(from_ms), stage.epoch.since_ms(to_ms));
    let any = |fault: &Injected| matches!(fault.point.0, Layer::Store | Layer::Wire);
    let long = (stage.epoch.since_ms(from_ms - LEFT_ALONE_MS), span.1);
    stage.ledger.was_away(span)
        || stage.ledger.was_kept_from(event.channel, long)
        || stage.faults.explain(span, any)
}
