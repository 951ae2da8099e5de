//! Stories in which things go wrong, told by seeds: whatever happens, the promises hold.

use std::sync::atomic::{AtomicU64, Ordering};

use muster_testkit::{Report, Run};

/// Seeds that every test run tells; any number more by command.
const SEEDS: u64 = 200;

/// Threads that share them.
const THREADS: u64 = 2;

#[test]
fn whatever_goes_wrong_the_promises_hold() {
    let next = AtomicU64::new(0);
    let tell = || {
        let seeds = std::iter::repeat_with(|| next.fetch_add(1, Ordering::Relaxed));
        let runs = seeds.take_while(|seed| *seed < SEEDS).map(|seed| Run::of(seed).go().unwrap());
        runs.collect::<Vec<Report>>()
    };
    let reports: Vec<Report> = std::thread::scope(|scope| {
        let threads: Vec<_> = (0..THREADS).map(|_| scope.spawn(tell)).collect();
        threads.into_iter().flat_map(|thread| thread.join().unwrap()).collect()
    });
    assert_eq!(u64::try_from(reports.len()), Ok(SEEDS));
    for report in &reports {
        let again = "cargo run --release -p muster-testkit -- --trace --seed";
        let Report { seed, violations, tail, .. } = report;
        assert!(violations.is_empty(), "{again} {seed}\n{violations:#?}\n{}", tail.join("\n"));
    }
    let faults: u64 = reports.iter().map(|r| r.coverage.injected.values().sum::<u64>()).sum();
    assert!(faults > 10 * SEEDS, "only {faults} faults came");
}
