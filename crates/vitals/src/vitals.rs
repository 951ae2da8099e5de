//! What the parts of one running bot share.

use std::time::Duration;

use crate::limiter::Limiter;
use crate::meters::Meters;
use crate::security::Security;
use crate::settings::Settings;
use crate::snapshot::{Component, Snapshot, Thresholds};
use crate::tasks::Tasks;

/// Events that a snapshot shows; the dashboard pages through no more.
const SECURITY_SHOWN: usize = 100;

/// What is measured, limited and kept in order in one running bot.
#[derive(Debug)]
pub struct Vitals {
    /// What the operator decided.
    pub settings: Settings,
    /// What is measured.
    pub meters: Meters,
    /// The gate before background work.
    pub tasks: Tasks,
    /// The limits of what comes in.
    pub limiter: Limiter,
    /// What should not happen.
    pub security: Security,
}

impl Vitals {
    /// Nothing measured yet.
    #[must_use]
    pub fn new(settings: Settings) -> Self {
        Self {
            meters: Meters::new(settings.measuring),
            tasks: Tasks::recording(settings.tasks, settings.measuring),
            limiter: Limiter::new(settings.limiter),
            security: Security::default(),
            settings,
        }
    }
}

impl Vitals {
    /// Writes into a snapshot what is known here at `now`, on the monotonic clock: tasks, limits,
    /// security, answers, deliveries, Discord and queues. Of deliveries, what only the database
    /// knows is left as it is; what the limiter holds joins what else holds memory.
    pub fn fill(&self, snapshot: &mut Snapshot, now: Duration) {
        let (due, broken_targets) = (snapshot.deliveries.due, snapshot.deliveries.broken_targets);
        snapshot.thresholds = Thresholds::from(&self.settings);
        snapshot.tasks = self.tasks.snapshot(now);
        snapshot.limiter = self.limiter.snapshot();
        let limiter = Component { name: "limiter", bytes: snapshot.limiter.bytes };
        let parts = &mut snapshot.memory.components;
        parts.insert(parts.partition_point(|part| part.bytes >= limiter.bytes), limiter);
        snapshot.security = self.security.snapshot(now, SECURITY_SHOWN);
        snapshot.answers = self.meters.answers.snapshot(now);
        snapshot.deliveries = self.meters.deliveries.snapshot(now);
        snapshot.deliveries.due = due;
        snapshot.deliveries.broken_targets = broken_targets;
        snapshot.discord = self.meters.link.snapshot(now);
        snapshot.queues = self.meters.queues.snapshot();
    }
}

impl Default for Vitals {
    fn default() -> Self {
        Self::new(Settings::default())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::limiter::{Admission, Rate};
    use crate::meters::{AnswerEnd, DeliveryEnd};
    use crate::snapshot::Queue;

    #[test]
    fn a_snapshot_shows_what_was_measured_and_keeps_what_others_know() {
        let (vitals, now) = (Vitals::default(), Duration::from_secs(7));
        vitals.meters.answers.tap(1, now, now, AnswerEnd::Taken);
        vitals.meters.deliveries.ended(DeliveryEnd::Sent);
        vitals.meters.queues.gauge("desk", 9).is(3);
        let mut seen = Snapshot::default();
        seen.deliveries.due = 12;
        vitals.fill(&mut seen, now);
        assert_eq!((seen.answers.taps.count, seen.answers.members_each_minute), (1, 1));
        assert_eq!((seen.deliveries.sent, seen.deliveries.due), (1, 12));
        assert_eq!(seen.queues, [Queue { name: "desk", depth: 3, depth_max: 9 }]);
        assert_eq!((seen.tasks.concurrent_max, seen.limiter.entries_max), (3, 1_000));
        assert!(!seen.security.rules.is_empty());
    }

    #[test]
    fn what_the_limiter_holds_stands_among_what_holds_memory_by_size() {
        let (vitals, now) = (Vitals::default(), Duration::from_secs(7));
        let parts = |bytes: [u64; 2]| bytes.map(|bytes| Component { name: "cache", bytes }).into();
        let mut seen = Snapshot::default();
        seen.memory.components = parts([1 << 40, 0]);
        for member in 0..100 {
            assert_eq!(vitals.limiter.tap(member, Rate::DEFAULT, now), Admission::Taken);
        }
        vitals.fill(&mut seen, now);
        let names: Vec<_> = seen.memory.components.iter().map(|part| part.name).collect();
        assert_eq!(names, ["cache", "limiter", "cache"]);
        assert!(seen.memory.components[1].bytes > 100 * 8, "{:?}", seen.memory.components);
    }
}
