//! What is kept no longer goes, and nothing else does.

use std::collections::BTreeSet;

use super::database::{Kept, KeptEvent};
use super::{deliveries, series};
use crate::stage::Stage;

/// What there was when the last thing had been done.
pub(crate) struct End(Option<Kept>);

impl End {
    /// What there is now.
    pub(crate) fn of(stage: &Stage) -> Self {
        let kept = Kept::read(&stage.disk.database());
        if let Err(error) = &kept {
            stage.ledger.violation("oracle", error.to_string());
        }
        Self(kept.ok())
    }
}

/// Judges what is there more than a month after this end. `is_alone` is whether the guild has been
/// without the bot since.
pub(crate) fn judge(stage: &Stage, end: &End, is_alone: bool) {
    let End(Some(before)) = end else { return };
    let End(Some(now)) = End::of(stage) else { return };
    let is_kept = |event: &&KeptEvent| {
        let called_off = event.state.is_cancelled || event.state.is_deleted;
        let is_orphan = is_alone && event.guild == stage.cast.guild.get();
        !called_off && !is_orphan
    };
    let expected: BTreeSet<u64> = before.events.values().filter(is_kept).map(|e| e.id).collect();
    let found: BTreeSet<u64> = now.events.keys().copied().collect();
    // What repeats has gone on meanwhile.
    let is_new = |id: &u64| !before.events.contains_key(id) && now.plans.made.contains_key(id);
    let new: BTreeSet<u64> = found.iter().copied().filter(is_new).collect();
    let expected: BTreeSet<u64> = expected.union(&new).copied().collect();
    if found != expected {
        stage.ledger.violation("kept", format!("events {found:?} are there, not {expected:?}"));
    }
    let of_none = |event: Option<u64>| event.is_some_and(|event| !found.contains(&event));
    for delivery in now.deliveries.iter().filter(|delivery| of_none(delivery.event)) {
        stage.ledger.violation("kept", format!("{delivery:?} outlives its event"));
    }
    deliveries::judge_once(stage, &now);
    series::judge(stage, &now);
}
