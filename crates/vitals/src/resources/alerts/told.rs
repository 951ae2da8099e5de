//! Which changes of an alert the operator hears of.
//!
//! What was told last is brought up to date with what is: nothing is told twice, and a flap that is
//! over before its turn is never told. One message about each level, and one of a recovery, in 10
//! min; so a level that is worse than all told in that time is told at once.

use std::time::Duration;

use crate::resources::limits::TOLD_AGAIN;
use crate::snapshot::{Alert, AlertLevel};

/// What was told of one resource.
#[derive(Clone, Debug, Default)]
pub(super) struct Told {
    /// The last change, told or not.
    last: Option<Alert>,
    /// What the operator takes for the level.
    level: Option<AlertLevel>,
    /// Until when each is not told again; at most one for a recovery and each level.
    fresh: Vec<(Option<AlertLevel>, Duration)>,
}

impl Told {
    /// Goes on where the process before ended: with what it told, the oldest first, and how long
    /// ago each was.
    pub(super) fn resume(
        &mut self,
        monotonic: Duration,
        told: impl Iterator<Item = (Option<AlertLevel>, Duration)>,
    ) {
        for (level, ago) in told {
            self.level = level;
            let left = TOLD_AGAIN.saturating_sub(ago);
            self.fresh.push((level, monotonic.saturating_add(left)));
        }
    }

    /// The level changes.
    pub(super) fn becomes(&mut self, alert: Alert) {
        self.last = Some(alert);
    }

    /// The last change, if it is to be told now; it is taken for told then.
    pub(super) fn worth_telling(&mut self, monotonic: Duration) -> Option<Alert> {
        let last = self.last?;
        if last.level == self.level {
            return None;
        }
        self.fresh.retain(|(_, until)| monotonic < *until);
        if self.fresh.iter().any(|(level, _)| *level == last.level) {
            return None;
        }
        self.level = last.level;
        self.fresh.push((last.level, monotonic.saturating_add(TOLD_AGAIN)));
        Some(last)
    }
}
