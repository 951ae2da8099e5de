//! What waits where it is bounded.

use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

use crate::snapshot::Queue;

/// Queues that can be shown.
const QUEUES_MAX: usize = 64;

/// How much waits in one queue. Its owner keeps it up to date.
#[derive(Debug)]
pub struct QueueGauge {
    name: &'static str,
    depth: AtomicU64,
    depth_max: u64,
}

impl QueueGauge {
    /// One more waits, until what this returns is dropped: also by a panic of whoever has it.
    pub fn enter(self: &Arc<Self>) -> InQueue {
        self.depth.fetch_add(1, Ordering::Relaxed);
        InQueue(Arc::clone(self))
    }

    /// So many wait.
    pub fn is(&self, depth: usize) {
        self.depth.store(u64::try_from(depth).unwrap_or(u64::MAX), Ordering::Relaxed);
    }
}

/// One that waits in a queue, as long as this is kept.
#[derive(Debug)]
#[must_use = "it counts until it is dropped"]
pub struct InQueue(Arc<QueueGauge>);

impl Drop for InQueue {
    fn drop(&mut self) {
        self.0.depth.fetch_sub(1, Ordering::Relaxed);
    }
}

/// All queues that are shown.
#[derive(Debug, Default)]
pub struct QueueMeters {
    gauges: Mutex<Vec<Arc<QueueGauge>>>,
}

impl QueueMeters {
    /// The gauge of the queue of this name, in which so many can wait. Whoever asks twice gets the
    /// same one.
    #[must_use]
    pub fn gauge(&self, name: &'static str, depth_max: usize) -> Arc<QueueGauge> {
        let mut gauges = self.gauges.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(known) = gauges.iter().find(|gauge| gauge.name == name) {
            return Arc::clone(known);
        }
        let depth_max = u64::try_from(depth_max).unwrap_or(u64::MAX);
        let gauge = Arc::new(QueueGauge { name, depth: AtomicU64::new(0), depth_max });
        if gauges.len() < QUEUES_MAX {
            gauges.push(Arc::clone(&gauge));
        }
        gauge
    }

    /// How much waits where.
    #[must_use]
    pub fn snapshot(&self) -> Vec<Queue> {
        let gauges = self.gauges.lock().unwrap_or_else(PoisonError::into_inner);
        let shown = gauges.iter().map(|gauge| Queue {
            name: gauge.name,
            depth: gauge.depth.load(Ordering::Relaxed),
            depth_max: gauge.depth_max,
        });
        shown.collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_queue_shows_what_its_owner_says() {
        let queues = QueueMeters::default();
        let inbox = queues.gauge("inbox", 10);
        let first = inbox.enter();
        let _second = queues.gauge("inbox", 10).enter();
        drop(first);
        queues.gauge("desk", 5).is(4);
        let [inbox, desk] = queues.snapshot()[..] else { panic!("two queues") };
        assert_eq!((inbox.depth, inbox.depth_max), (1, 10));
        assert_eq!((desk.name, desk.depth), ("desk", 4));
    }

    #[test]
    fn what_ends_by_a_panic_waits_no_longer() {
        let queues = QueueMeters::default();
        let waits = queues.gauge("inbox", 10).enter();
        let ended = std::thread::spawn(move || {
            let _waits = waits;
            panic!("on purpose");
        });
        ended.join().unwrap_err();
        assert_eq!(queues.snapshot()[0].depth, 0);
    }
}
