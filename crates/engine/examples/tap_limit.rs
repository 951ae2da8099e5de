//! How long the members' limit takes per tap:
//! `cargo run --release -p muster-engine --example tap_limit`.

use std::hint::black_box;
use std::time::{Duration, Instant};

use muster_domain::id::UserId;
use muster_engine::tap_limit::{TapLimit, TapRate};

const TAPS: u32 = 2_000_000;
const RUNS: usize = 5;

fn main() {
    say("taken, 1,000 members at 1,000 taps/s", |tap| (tap % 1_000, u64::from(tap)));
    say("taken, 50,000 members at 10,000 taps/s", |tap| (tap % 50_000, u64::from(tap) / 10));
    say("refused, one member at 1,000 taps/s", |tap| (1, u64::from(tap)));
}

/// Measures taps, each of a member at a millisecond; the median of some runs, lowest to highest.
fn say(what: &str, tap: impl Fn(u32) -> (u32, u64)) {
    let mut runs: Vec<_> = (0..RUNS).map(|_| run(&tap)).collect();
    runs.sort_unstable();
    if let [low, _, median, _, high] = runs[..] {
        print(&format!("{what}: {median} ns ({low} to {high})"));
    }
}

fn run(tap: impl Fn(u32) -> (u32, u64)) -> u128 {
    let limit = TapLimit::new(TapRate::DEFAULT);
    let began = now();
    for number in 0..TAPS {
        let (member, ms) = tap(number);
        // Numbers of Discord's, far apart.
        let member = UserId::new(400_000_000_000_000_000 + u64::from(member) * 4_194_304);
        black_box(limit.admit(member, Duration::from_millis(ms)));
    }
    began.elapsed().as_nanos() / u128::from(TAPS)
}

#[expect(clippy::disallowed_methods, reason = "a measurement needs the real clock")]
fn now() -> Instant {
    Instant::now()
}

#[expect(clippy::print_stdout, reason = "the figure is what the person came for")]
fn print(text: &str) {
    println!("{text}");
}
