//! The only place with `unsafe` code: asks the C library's allocator what it holds, and to give
//! memory back; and SQLite what it holds.
//!
//! The first is possible with glibc. Elsewhere every question is answered with `None`: nothing is
//! known and nothing was done.

#[cfg(all(target_os = "linux", target_env = "gnu"))]
mod glibc;
#[cfg(all(target_os = "linux", target_env = "gnu"))]
use self::glibc as library;

#[cfg(not(all(target_os = "linux", target_env = "gnu")))]
mod unknown;
#[cfg(not(all(target_os = "linux", target_env = "gnu")))]
use self::unknown as library;

/// What the allocator holds, in bytes.
///
/// glibc keeps counting pages that it gave back from the middle of its heap. Whoever knows how much
/// of the process is resident should therefore let `resident` be no more than that.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Account {
    /// Asked for and not returned.
    pub allocated: u64,
    /// All up to the last block in use: what is allocated, and the gaps between.
    pub active: u64,
    /// Taken from the system.
    pub resident: u64,
    /// Of that, free.
    pub retained: u64,
}

/// Lets all threads share one arena, so that what one frees another can use, and fragments stay
/// few. Works only for threads that have not asked for memory yet: call it first in `main`.
///
/// Whether the allocator agreed; `None` if it knows no arenas.
#[must_use]
pub fn use_one_arena() -> Option<bool> {
    library::use_one_arena()
}

/// Gives every page that is wholly free back to the system. Takes a lock that allocations need:
/// for tens of milliseconds after a burst of 150 MiB, for microseconds if there is little.
///
/// Whether anything was given back; `None` if the allocator cannot be asked.
#[must_use]
pub fn give_back() -> Option<bool> {
    library::give_back()
}

/// What the allocator holds; `None` if it does not tell.
#[must_use]
pub fn account() -> Option<Account> {
    library::account()
}

mod sqlite;
pub use self::sqlite::used_by_sqlite;

#[cfg(test)]
mod tests;
