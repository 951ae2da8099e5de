//! glibc's malloc.
#![expect(clippy::unnecessary_wraps, reason = "another library answers `None`")]

use crate::Account;

pub(crate) fn use_one_arena() -> Option<bool> {
    #[expect(unsafe_code, reason = "glibc has no other door than C functions")]
    // SAFETY: mallopt takes two numbers and no pointers, may be called at any time by any thread,
    // and says 0 to what it does not accept.
    let accepted = unsafe { libc::mallopt(libc::M_ARENA_MAX, 1) };
    Some(accepted == 1)
}

pub(crate) fn give_back() -> Option<bool> {
    #[expect(unsafe_code, reason = "glibc has no other door than C functions")]
    // SAFETY: malloc_trim takes a number and no pointers, is safe to call by any thread, and
    // touches only pages in which no block is in use.
    let given = unsafe { libc::malloc_trim(0) };
    Some(given == 1)
}

pub(crate) fn account() -> Option<Account> {
    #[expect(unsafe_code, reason = "glibc has no other door than C functions")]
    // SAFETY: mallinfo2 takes nothing and returns plain numbers by value; it locks each arena while
    // it adds up.
    let told = unsafe { libc::mallinfo2() };
    // `arena` is what all arenas took from the system, `hblkhd` what large blocks took, each for
    // itself; those are in use. `keepcost` is the free end of the heap.
    let taken = bytes(told.arena).saturating_add(bytes(told.hblkhd));
    Some(Account {
        allocated: bytes(told.uordblks).saturating_add(bytes(told.hblkhd)),
        active: taken.saturating_sub(bytes(told.keepcost)),
        resident: taken,
        retained: bytes(told.fordblks),
    })
}

fn bytes(size: usize) -> u64 {
    u64::try_from(size).unwrap_or(u64::MAX)
}
