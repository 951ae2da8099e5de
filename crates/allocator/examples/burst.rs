//! Measures what comes back after a burst: `cargo run --release -p muster-allocator --example
//! burst`, with `-- one` for one arena.
#![expect(clippy::print_stdout, clippy::disallowed_methods, reason = "it measures and tells")]

use std::sync::mpsc;
use std::thread;
use std::time::Instant;

const MIB: usize = 1 << 20;
/// As many as the program has that allocate much: Discord, and two of the store.
const THREADS: u64 = 3;
const EACH: usize = 48 * MIB;

fn main() {
    if std::env::args().any(|word| word == "one") {
        println!("one arena: {:?}", muster_allocator::use_one_arena());
    }
    println!("at the start: {:.1} MiB", resident());
    let (sender, receiver) = mpsc::channel();
    for number in 1..=THREADS {
        let sender = sender.clone();
        thread::spawn(move || {
            drop(sender.send(survivors(number * 7_919)));
            // An arena lives as long as its thread.
            thread::park();
        });
    }
    drop(sender);
    let kept: Vec<_> = receiver.iter().take(usize::try_from(THREADS).unwrap_or(0)).collect();
    let bytes: usize = kept.iter().flatten().map(Vec::len).sum();
    println!("after the burst: {:.1} MiB, {} KiB in use", resident(), bytes / 1024);
    let start = Instant::now();
    let given = muster_allocator::give_back();
    println!("asked ({given:?}): {:.1} MiB, took {:?}", resident(), start.elapsed());
    println!("{:?}", muster_allocator::account());
}

/// Small blocks of many sizes, of which one in twenty stays, anywhere.
fn survivors(seed: u64) -> Vec<Vec<u8>> {
    let mut state = seed;
    let mut random = move |below: usize| {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        usize::try_from(state % 1_000_000).unwrap_or(0) % below
    };
    let (mut blocks, mut bytes) = (Vec::new(), 0);
    while bytes < EACH {
        let size = 16 + random(1_000);
        blocks.push(vec![1_u8; size]);
        bytes += size;
    }
    let mut kept = Vec::new();
    for block in blocks {
        if random(20) == 0 {
            kept.push(block);
        }
    }
    kept
}

/// In MiB; 0 where the kernel does not tell.
fn resident() -> f64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:"));
    let kib = line.and_then(|line| line.split_whitespace().next()?.parse().ok());
    kib.unwrap_or(0.0) / 1024.0
}
