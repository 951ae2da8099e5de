//! Measures what a sample costs: `cargo run --release -p muster-vitals --example sample_cost`.
#![expect(clippy::print_stdout, clippy::disallowed_methods, reason = "it measures and tells")]

use std::path::Path;
use std::time::{Duration, Instant};

use jiff::Timestamp;
use muster_vitals::memory::Kernel;
use muster_vitals::resources::{Activity, Moment, Monitor, Sizes, disk};
use muster_vitals::settings::Settings;

const SAMPLES: u32 = 2_000;

fn main() {
    let root = Path::new("/");
    let kernel = Kernel::new(root);
    let monitor = Monitor::new(&Settings::default(), root);
    let began = Instant::now();
    let (mut reading, mut observing) = (Vec::new(), Vec::new());
    for _ in 0..SAMPLES {
        let start = Instant::now();
        let memory = kernel.read();
        reading.push(start.elapsed());
        let now = Moment { at: Timestamp::now(), monotonic: began.elapsed() };
        let start = Instant::now();
        let disk = disk(&std::env::temp_dir(), Sizes::default(), None);
        monitor.observe(now, &memory, disk, Activity::default());
        observing.push(start.elapsed());
    }
    tell("memory", reading);
    tell("the others", observing);
}

fn tell(what: &str, mut took: Vec<Duration>) {
    took.sort_unstable();
    let at = |share: usize| took.get(took.len() * share / 100).copied().unwrap_or_default();
    println!("{what}: p50 {:?}, p99 {:?}", at(50), at(99));
}
