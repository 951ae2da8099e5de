//! Memory: what is used of how much, how short it is, and what is done about it.
//!
//! [`Optimizer::tick`] is called again and again, as often as [`crate::resources::pace`] says. It
//! reads what the kernel counts ([`Kernel`]), finds the level ([`Levels`]), and when that rises has
//! the [`Reclaimer`]s let go of what they can. [`Gauge`] tells others the level, at no cost.

pub mod cgroup;
mod gauge;
mod heap;
mod kernel;
mod levels;
mod limits;
mod optimizer;
mod reclaimers;

pub use self::gauge::Gauge;
pub use self::heap::{Heap, HeapReclaimer};
pub use self::kernel::{Kernel, Reading};
pub use self::levels::Levels;
pub use self::optimizer::Optimizer;
pub use self::reclaimers::{Cost, Depth, Reclaimer};

#[cfg(test)]
mod kernel_tests;
#[cfg(test)]
mod levels_tests;
#[cfg(test)]
mod optimizer_tests;
