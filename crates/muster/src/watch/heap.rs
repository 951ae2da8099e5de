//! The system's allocator behind the port of the memory optimizer.

use muster_vitals::memory::Heap;
use muster_vitals::snapshot::Allocator;

/// The allocator of the C library.
pub(super) struct SystemHeap;

impl Heap for SystemHeap {
    fn account(&self) -> Option<Allocator> {
        let told = muster_allocator::account()?;
        Some(Allocator {
            allocated: told.allocated,
            active: told.active,
            resident: told.resident,
            retained: told.retained,
        })
    }

    fn give_back(&self) -> Option<bool> {
        muster_allocator::give_back()
    }
}
