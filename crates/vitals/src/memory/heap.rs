//! The allocator, as one that gives memory back.

use std::path::Path;
use std::sync::Arc;

use super::kernel::Kernel;
use super::reclaimers::{Cost, Depth, Reclaimer};
use crate::snapshot::Allocator;
use crate::watched::Soon;

/// An allocator that may be asked.
pub trait Heap: Send + Sync + 'static {
    /// What it holds; `None` if it does not tell.
    fn account(&self) -> Option<Allocator>;

    /// Gives back whole pages. Whether there were any; `None` if it cannot be asked.
    fn give_back(&self) -> Option<bool>;
}

/// Has the allocator give back to the system what the others let go of.
pub struct HeapReclaimer {
    heap: Arc<dyn Heap>,
    kernel: Kernel,
}

impl HeapReclaimer {
    /// An allocator whose success is seen below `root`; `/` but in tests.
    #[must_use]
    pub fn new(heap: Arc<dyn Heap>, root: &Path) -> Self {
        Self { heap, kernel: Kernel::new(root) }
    }

    /// What the allocator holds, without pages that it counts although it gave them back: no more
    /// than what of this process is resident can be its.
    #[must_use]
    pub fn account(&self) -> Option<Allocator> {
        let told = self.heap.account()?;
        let (_, anonymous) = self.kernel.resident();
        let resident = match anonymous {
            0 => told.resident,
            most => told.resident.min(most),
        };
        // Untouched pages of large blocks are allocated without being resident.
        let retained = told.retained.min(resident.saturating_sub(told.allocated));
        Some(Allocator { resident, retained, ..told })
    }
}

impl Reclaimer for HeapReclaimer {
    fn name(&self) -> &'static str {
        "allocator"
    }

    fn cost(&self) -> Cost {
        Cost::PassesOn
    }

    fn holds(&self) -> u64 {
        self.account().map_or(0, |account| account.retained)
    }

    fn reclaim(&self, _depth: Depth) -> Soon<'_, u64> {
        Box::pin(async {
            let before = self.kernel.resident_now();
            match self.heap.give_back() {
                // The system's word, not the allocator's, counts.
                Some(true) => before.saturating_sub(self.kernel.resident_now()),
                Some(false) | None => 0,
            }
        })
    }
}
