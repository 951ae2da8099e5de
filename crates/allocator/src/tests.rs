//! What is freed comes back to the system when it is asked for.

use super::*;

/// In blocks that are far too small to be taken from the system one by one.
const BLOCK: usize = 512;
const BLOCKS: usize = 64 * (1 << 20) / BLOCK;

/// Pages of this process that are resident, in bytes.
#[cfg(target_os = "linux")]
fn resident() -> u64 {
    let pages = std::fs::read_to_string("/proc/self/statm").unwrap();
    let pages: u64 = pages.split(' ').nth(1).unwrap().parse().unwrap();
    pages * 4096
}

#[cfg(all(target_os = "linux", target_env = "gnu"))]
#[test]
fn what_is_freed_is_given_back_to_the_system_when_it_is_asked_for() {
    let mib = 1 << 20;
    assert_eq!(use_one_arena(), Some(true));
    let mut blocks: Vec<Vec<u8>> = (0..BLOCKS).map(|_| vec![7; BLOCK]).collect();
    // One that stays, at the end of the heap, so that its end alone gives nothing back.
    let survivor = vec![7_u8; BLOCK];
    let full = account().unwrap();
    assert!(full.allocated >= 64 * mib, "{full:?}");
    assert!(full.active >= full.allocated && full.resident >= full.active, "{full:?}");

    blocks.clear();
    blocks.shrink_to_fit();
    let freed = account().unwrap();
    assert!(freed.allocated + 60 * mib < full.allocated, "{freed:?} after {full:?}");
    assert!(freed.retained >= 60 * mib, "{freed:?}");
    let before = resident();
    assert_eq!(give_back(), Some(true));
    let after = resident();
    assert!(after + 50 * mib < before, "{before} bytes before, {after} after");
    assert_eq!(survivor.len(), BLOCK);
}

#[cfg(not(all(target_os = "linux", target_env = "gnu")))]
#[test]
fn an_allocator_that_cannot_be_asked_is_known_to_be_one() {
    assert_eq!((use_one_arena(), give_back(), account()), (None, None, None));
}
