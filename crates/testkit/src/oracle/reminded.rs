//! Members who want direct messages get one for each instant of which they are reminded, whenever
//! it leaves: spread over a while, or at the end of their quiet hours.

use std::collections::BTreeSet;

use super::database::{KeptDelivery, KeptEvent};
use super::deliveries::{answered, judge_not_early};
use crate::stage::Stage;

/// Nobody is told twice of one instant or who does not come, nothing leaves before it is due, and
/// nothing is due before its instant.
pub(super) fn judge_direct<'a>(
    stage: &Stage,
    event: &KeptEvent,
    reminders: impl Iterator<Item = &'a KeptDelivery>,
) {
    let mut seen = BTreeSet::new();
    let left = reminders.filter(|reminder| {
        reminder.kind == "direct"
            && (reminder.message.is_some() || reminder.outcome.as_deref() == Some("unclear"))
    });
    for reminder in left {
        judge_not_early(stage, reminder);
        if reminder.reminds_ms.is_none_or(|instant_ms| instant_ms > reminder.due_ms) {
            let what = format!("due before what it reminds of: {reminder:?}");
            stage.ledger.violation("I3", what);
        }
        if let Some((member, version)) = reminder.member.zip(reminder.version)
            && !stage.is_erased(member)
            && !answered(event, version).contains(&member)
        {
            let what = format!("event {}: it is not for {member}: {reminder:?}", event.id);
            stage.ledger.violation("I9", what);
        }
        if !seen.insert((reminder.reminds_ms, reminder.member)) {
            let what = format!("event {}: a member is told twice: {reminder:?}", event.id);
            stage.ledger.violation("I2", what);
        }
    }
}
