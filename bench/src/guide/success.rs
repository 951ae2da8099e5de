//! What came of the bot's own work on the bad day: tasks, and what was sent beside them.

use muster_vitals::targets::TASKS_DONE;

use crate::figures::grouped;

/// What a task is, for whoever reads how many of them succeeded.
const WHAT_A_TASK_IS: &str = "a task is a piece of background work: looking for what is due or \
     shows an old state, a role, a thread, a clean-up. It fails if the database does, or if Discord \
     refuses a role or a thread; what Discord puts off is counted as tried again. Messages are sent \
     beside the tasks, so they are judged as well";

/// Of tasks and deliveries, how many.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(super) struct Success {
    /// Tasks that did what they should, and those that failed or took too long.
    pub(super) done: f64,
    pub(super) undone: f64,
    /// Posts and reminders that were due.
    pub(super) due: usize,
    /// Deliveries by the bot's own account: taken by Discord, refused for good or with an unclear
    /// end, and left out as too late or no longer wanted.
    pub(super) sent: f64,
    pub(super) failed: f64,
    pub(super) skipped: f64,
    /// Deliveries that were begun more than once.
    pub(super) retried: u64,
    /// By comparing what Discord took with what was due.
    pub(super) lost: usize,
    pub(super) twice: usize,
}

impl Success {
    /// Tasks that succeeded, in percent of those that ended but were not cancelled.
    fn percent(&self) -> f64 {
        let all = self.done + self.undone;
        if all > 0.0 { self.done / all * 100.0 } else { 0.0 }
    }

    /// Whether nothing that was due is missing: neither lost, nor given up.
    fn all_arrived(&self) -> bool {
        self.due > 0 && self.lost == 0 && self.failed < 1.0 && self.sent > 0.0
    }

    /// In words. Tasks alone would never say that a message is missing.
    pub(super) fn verdict(&self) -> String {
        let (percent, arrived) = (self.percent(), self.all_arrived());
        let count = |value| grouped(value, 0);
        format!(
            "{}: on the bad day {} % of {} tasks; our own aim of > {} % {}. Of {} deliveries that \
             were due, {} were sent, {} of them in more than one go, {} failed for good or with an \
             unclear end, {} were left out for a reason; {} lost, {} twice. Here {WHAT_A_TASK_IS}",
            super::lines::word(percent > TASKS_DONE.floor && arrived),
            grouped(percent, 3),
            count(self.done + self.undone),
            TASKS_DONE.ours,
            super::lines::word(percent > TASKS_DONE.ours && arrived),
            self.due,
            count(self.sent),
            self.retried,
            count(self.failed),
            count(self.skipped),
            self.lost,
            self.twice,
        )
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn good() -> Success {
        Success { done: 1_000.0, due: 48, sent: 48.0, retried: 7, ..Success::default() }
    }

    #[test]
    fn a_message_that_is_missing_is_a_failure_whatever_became_of_the_tasks() {
        let told = good().verdict();
        assert!(told.starts_with("held: on the bad day 100.000 % of 1,000 tasks;"), "{told}");
        assert!(told.contains("Of 48 deliveries that were due, 48 were sent, 7 of them"), "{told}");
        for bad in [
            Success { lost: 1, ..good() },
            Success { failed: 1.0, ..good() },
            Success { due: 0, ..good() },
            Success { sent: 0.0, ..good() },
        ] {
            let told = bad.verdict();
            assert!(told.starts_with("missed: on the bad day 100.000 %"), "{told}");
            assert!(told.contains("our own aim of > 99.9 % missed"), "{told}");
        }
    }

    #[test]
    fn tasks_that_fail_are_judged_by_the_guide_and_by_our_own_aim() {
        let told = Success { undone: 10.0, ..good() }.verdict();
        assert!(told.starts_with("held: on the bad day 99.010 % of 1,010 tasks;"), "{told}");
        assert!(told.contains("our own aim of > 99.9 % missed"), "{told}");
        assert!(Success { undone: 100.0, ..good() }.verdict().starts_with("missed"));
    }
}
