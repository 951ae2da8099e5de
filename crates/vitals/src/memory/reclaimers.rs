//! What can give memory back, and what came of asking it.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError, Weak};

use super::limits::RECLAIMERS_MAX;
use crate::snapshot;
use crate::watched::Soon;

/// A part of the program that holds memory which it can do without.
pub trait Reclaimer: Send + Sync + 'static {
    /// What it is called, in the words of the operator's guide.
    fn name(&self) -> &'static str;

    /// What it costs to fill again what it lets go of.
    fn cost(&self) -> Cost;

    /// What it holds that it could let go of, in bytes. Cheap: it is asked at every look.
    fn holds(&self) -> u64;

    /// Lets go of memory and says how much, in bytes. Never drops what is stored nowhere else, and
    /// ends within a moment: nothing else is reclaimed meanwhile.
    fn reclaim(&self, depth: Depth) -> Soon<'_, u64>;
}

/// What letting go costs later; the cheapest is asked first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Cost {
    /// A little work of the processor.
    Little,
    /// Reads from the database.
    Reads,
    /// Only passes on what the others let go of: the allocator.
    PassesOn,
}

/// How much is to be let go of.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Depth {
    /// At Medium, or above the threshold: what is expired, idle or spare, and a share of the rest.
    Gentle,
    /// At High: all that is not in use lately.
    Hard,
    /// At Critical, or when the operator asks: all.
    All,
}

/// Those that are known. Each is held weakly: whoever made it may drop it at any time.
#[derive(Default)]
pub(super) struct Reclaimers {
    known: Mutex<Vec<Known>>,
}

struct Known {
    reclaimer: Weak<dyn Reclaimer>,
    runs: u64,
    freed: u64,
}

impl Reclaimers {
    /// Adds one; nothing if there are too many already.
    pub(super) fn add(&self, reclaimer: Weak<dyn Reclaimer>) {
        let mut known = self.lock();
        known.retain(|one| one.reclaimer.strong_count() > 0);
        if known.len() < RECLAIMERS_MAX {
            known.push(Known { reclaimer, runs: 0, freed: 0 });
        } else {
            tracing::warn!(max = RECLAIMERS_MAX, "too many reclaimers; one is left out");
        }
    }

    /// Those that still live, the cheapest first; of equal cost in the order of their coming.
    pub(super) fn living(&self) -> Vec<Arc<dyn Reclaimer>> {
        let mut known = self.lock();
        known.retain(|one| one.reclaimer.strong_count() > 0);
        let mut living: Vec<_> = known.iter().filter_map(|one| one.reclaimer.upgrade()).collect();
        drop(known);
        living.sort_by_key(|one| one.cost());
        living
    }

    /// Notes what one let go of.
    pub(super) fn note(&self, reclaimer: &Arc<dyn Reclaimer>, freed: u64) {
        let mut known = self.lock();
        let one = known.iter_mut().find(|one| is_same(&one.reclaimer, reclaimer));
        if let Some(one) = one {
            one.runs = one.runs.saturating_add(1);
            one.freed = one.freed.saturating_add(freed);
        }
    }

    /// What each has done and holds, in the order in which they run.
    pub(super) fn told(&self) -> Vec<(Cost, snapshot::Reclaimer)> {
        let tell = |one: Arc<dyn Reclaimer>| {
            let (runs, freed) = self.account(&one);
            let told = snapshot::Reclaimer { name: one.name(), runs, freed, holds: one.holds() };
            (one.cost(), told)
        };
        self.living().into_iter().map(tell).collect()
    }

    fn account(&self, reclaimer: &Arc<dyn Reclaimer>) -> (u64, u64) {
        let known = self.lock();
        let one = known.iter().find(|one| is_same(&one.reclaimer, reclaimer));
        one.map_or((0, 0), |one| (one.runs, one.freed))
    }

    fn lock(&self) -> MutexGuard<'_, Vec<Known>> {
        // What is under the lock is whole after every step.
        self.known.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn is_same(weak: &Weak<dyn Reclaimer>, strong: &Arc<dyn Reclaimer>) -> bool {
    std::ptr::addr_eq(weak.as_ptr(), Arc::as_ptr(strong))
}
