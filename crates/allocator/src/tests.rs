//! What is freed comes back to the system when it is asked for.

#[cfg(all(target_os = "linux", target_env = "gnu"))]
mod glibc {
    use crate::{account, give_back, use_one_arena};

    /// In blocks that are far too small to be taken from the system one by one.
    const BLOCK: usize = 512;
    const BLOCKS: usize = 64 * (1 << 20) / BLOCK;

    /// Pages of this process that are resident, in bytes.
    fn resident() -> u64 {
        let status = std::fs::read_to_string("/proc/self/status").unwrap();
        let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:")).unwrap();
        let kib: u64 = line.split_whitespace().next().unwrap().parse().unwrap();
        kib * 1024
    }

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
}

#[cfg(not(all(target_os = "linux", target_env = "gnu")))]
#[test]
fn an_allocator_that_cannot_be_asked_is_known_to_be_one() {
    use crate::{account, give_back, use_one_arena};

    assert_eq!((use_one_arena(), give_back(), account()), (None, None, None));
}
